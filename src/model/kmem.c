/* SPDX-License-Identifier: MIT */
#include <cdma/call.h>
#include <cdma/kmem.h>

#include "model/actor.h"
#include "model/region.h"
#include "model/step.h"
#include "model/world.h"

#include <cdma/context.h>

#include <errno.h>

static int try_alloc(struct cdma_world *world, size_t elem_size, size_t count,
		     cdma_gfp_t gfp, const char *name, struct cdma_region **out,
		     const struct cdma_site *site)
{
	size_t size;
	int err;

	if (!elem_size || !count)
		return -EINVAL;
	if (__builtin_mul_overflow(elem_size, count, &size) ||
	    size > world->config.memory - world->memory)
		return -ENOMEM;
	if (gfp & CDMA_GFP_KERNEL)
		cdma_might_sleep_at(world, site);
	err = cdma_world_fault(world, CDMA_FAULT_KMALLOC, name, size,
			       gfp & CDMA_GFP_NOWARN, site);
	if (err)
		return err;
	world->memory += size;
	cdma_set_name(world, name);
	*out = cdma_region_new(world, NULL, CDMA_REGION_KMEM, elem_size, count,
			       gfp & CDMA_GFP_ZERO, site);
	(*out)->gfp = gfp;
	return 0;
}

int cdma_kmalloc_at(struct cdma_world *world, size_t elem_size, size_t count,
		    cdma_gfp_t gfp, struct cdma_view *out,
		    const struct cdma_site *site)
{
	struct cdma_region *region;
	int err;

	CDMA_REQUIRE(out);
	cdma_step(world, site);
	err = try_alloc(world, elem_size, count, gfp,
			cdma_world_take_name(world), &region, site);
	if (err) {
		cdma_called_at(world,
			       &(struct cdma_called){
				       .call = CDMA_CALL_KMALLOC,
				       .size = elem_size * count,
				       .gfp = gfp,
				       .quiet = gfp & CDMA_GFP_NOWARN,
				       .result = err,
			       },
			       site);
		return err;
	}
	*out = (struct cdma_view){
		.region = region,
		.size = region->size,
		.elem_size = elem_size,
		.backend = CDMA_BACKEND_SYSMEM,
	};
	return 0;
}

void cdma_kfree_at(struct cdma_view mem, const struct cdma_site *site)
{
	CDMA_REQUIRE(mem.region && mem.region->born == CDMA_REGION_KMEM);
	cdma_region_free(mem.region, false, site);
}
