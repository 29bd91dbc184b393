/* SPDX-License-Identifier: MIT */
#include <cdma/call.h>
#include <cdma/context.h>
#include <cdma/noncoherent.h>

#include "model/bus.h"
#include "model/device.h"
#include "model/mapping.h"
#include "model/region.h"
#include "model/step.h"
#include "model/world.h"

#include <errno.h>

/* ---- allocation ---- */

/* What makes it fail before anything is tried. */
static bool is_refused(struct cdma_device *dev, cdma_gfp_t gfp,
		       const struct cdma_site *site)
{
	if (!dev->bound)
		cdma_report_note(dev->world, CDMA_FINDING_UNBOUND_ALLOC, NULL,
				 dev->unbind, NULL, site);
	else if (!dev->coherent_mask)
		cdma_report_note(dev->world, CDMA_FINDING_MASK_UNSET, NULL,
				 NULL, "the device has no coherent mask", site);
	else if (gfp & (CDMA_GFP_DMA | CDMA_GFP_DMA32))
		cdma_report_note(dev->world, CDMA_FINDING_BAD_MAP, NULL, NULL,
				 "the mask says where it lies, not a zone",
				 site);
	else
		return false;
	return true;
}

/* The memory and its mapping, or neither. */
static struct cdma_mapping *make(struct cdma_device *dev, size_t elem_size,
				 size_t count, enum cdma_direction dir,
				 cdma_gfp_t gfp, const char *name,
				 const struct cdma_site *site)
{
	struct cdma_world *world = dev->world;
	struct cdma_mapping *m = cdma_world_zalloc(world, sizeof(*m));

	*m = (struct cdma_mapping){
		.dev = dev,
		.size = elem_size * count,
		.dir = dir,
		.attrs = CDMA_ATTR_SKIP_CPU_SYNC,
		.kind = CDMA_MAP_NONCOHERENT,
		.checked = true,
	};
	cdma_set_name(world, name);
	m->region = cdma_region_new(world, NULL, CDMA_REGION_KMEM, elem_size,
				    count, true, site);
	m->region->gfp = gfp;
	world->memory += m->size;
	if (cdma_bus_map(m))
		return m;
	cdma_region_free(m->region, false, site);
	return NULL;
}

static int try_alloc(struct cdma_device *dev, size_t elem_size, size_t count,
		     enum cdma_direction dir, cdma_gfp_t gfp, const char *name,
		     struct cdma_mapping **out, const struct cdma_site *site)
{
	struct cdma_world *world = dev->world;
	size_t size;
	int err;

	if (!elem_size || !count || dir >= CDMA_NONE ||
	    is_refused(dev, gfp, site))
		return -EINVAL;
	if (__builtin_mul_overflow(elem_size, count, &size) ||
	    size > world->config.memory - world->memory)
		return -ENOMEM;
	cdma_device_alloc_now(dev, site);
	if (gfp & CDMA_GFP_KERNEL)
		cdma_might_sleep_at(world, site);
	err = cdma_world_fault(world, CDMA_FAULT_DMA_ALLOC, name, size,
			       gfp & CDMA_GFP_NOWARN, site);
	if (err)
		return err;
	*out = make(dev, elem_size, count, dir, gfp, name, site);
	if (!*out)
		return -ENOMEM;
	cdma_mapping_announce(*out, CDMA_CHECK_NONE, site);
	return 0;
}

int cdma_dma_alloc_noncoherent_at(struct cdma_device *dev, size_t elem_size,
				  size_t count, enum cdma_direction dir,
				  cdma_gfp_t gfp, struct cdma_view *out,
				  cdma_addr_t *addr,
				  const struct cdma_site *site)
{
	struct cdma_world *world = dev->world;
	struct cdma_mapping *m = NULL;
	int err;

	CDMA_REQUIRE(out && addr);
	cdma_step(world, site);
	err = try_alloc(dev, elem_size, count, dir, gfp,
			cdma_world_take_name(world), &m, site);
	if (err) {
		cdma_called_at(world,
			       &(struct cdma_called){
				       .call = CDMA_CALL_DMA_ALLOC,
				       .device = dev->id,
				       .size = elem_size * count,
				       .gfp = gfp,
				       .quiet = gfp & CDMA_GFP_NOWARN,
				       .result = err,
			       },
			       site);
		return err;
	}
	*addr = m->iova;
	*out = (struct cdma_view){
		.region = m->region,
		.size = m->region->size,
		.elem_size = elem_size,
		.backend = CDMA_BACKEND_SYSMEM,
	};
	return 0;
}

/* ---- free ---- */

void cdma_dma_free_noncoherent_at(struct cdma_device *dev, size_t size,
				  struct cdma_view mem, cdma_addr_t addr,
				  enum cdma_direction dir,
				  const struct cdma_site *site)
{
	struct cdma_unmap u = {
		.dev = dev,
		.addr = addr,
		.size = size,
		.kind = CDMA_MAP_NONCOHERENT,
		.dir = dir,
		.attrs = CDMA_ATTR_SKIP_CPU_SYNC,
		.cpu = mem.region,
		.cpu_offset = mem.offset,
	};
	struct cdma_mapping *m;

	cdma_step(dev->world, site);
	m = cdma_mapping_find(dev, addr);
	if (!m || !cdma_mapping_is_live(m)) {
		cdma_unmap_nothing(dev, addr, site);
		return;
	}
	cdma_mapping_undo(m, &u, site);
	/* What was mapped by another call is somebody else's to free. */
	if (m->kind == CDMA_MAP_NONCOHERENT)
		cdma_region_free(m->region, false, site);
}
