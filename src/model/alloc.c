/* SPDX-License-Identifier: MIT */
#include "model/region.h"

#include "model/actor.h"
#include "model/bus.h"
#include "model/device.h"
#include "model/step.h"
#include "model/world.h"

#include <cdma/context.h>
#include <cdma/call.h>

#include <errno.h>

/* Bytes that @size takes in whole pages; 0 when that overflows. */
static uint64_t whole_pages(size_t size)
{
	uint64_t pages = size + (CDMA_PAGE_SIZE - 1);

	return pages < size ? 0 : pages & ~(CDMA_PAGE_SIZE - 1);
}

static int check_attrs(struct cdma_world *world, const struct cdma_alloc *want,
		       const struct cdma_site *site)
{
	cdma_attrs_t known = CDMA_ATTRS_PUBLIC;
	const char *detail = "an attribute that does not exist";

	if (want->state == CDMA_REGION_HANDLE)
		known |= CDMA_ATTR_NO_KERNEL_MAPPING;
	if (cdma_attrs_contains(known, want->attrs))
		return 0;
	if (want->attrs & ~known & CDMA_ATTR_NO_KERNEL_MAPPING)
		detail = "without a kernel mapping the pointer is a cookie";
	cdma_report_note(world, CDMA_FINDING_BAD_ATTRS, NULL, NULL, detail,
			 site);
	return -EINVAL;
}

/* What makes the call fail before anything is tried, in the order of box.h. */
static int check(struct cdma_device *dev, const struct cdma_alloc *want,
		 const struct cdma_site *site)
{
	size_t size;
	int err;

	if (!dev->bound) {
		cdma_report_note(dev->world, CDMA_FINDING_UNBOUND_ALLOC, NULL,
				 dev->unbind, NULL, site);
		return -ENODEV;
	}
	if (!want->elem_size || !want->count)
		return -EINVAL;
	if (__builtin_mul_overflow(want->elem_size, want->count, &size) ||
	    !whole_pages(size))
		return -ENOMEM;
	err = check_attrs(dev->world, want, site);
	if (err)
		return err;
	if (want->gfp & CDMA_GFP_COMP) {
		cdma_report_note(dev->world, CDMA_FINDING_BAD_ATTRS, NULL, NULL,
				 "__GFP_COMP is refused", site);
		return -ENOMEM;
	}
	return 0;
}

/* Find addresses, and count the memory. */
static int place(struct cdma_device *dev, struct cdma_region *region)
{
	struct cdma_world *world = dev->world;
	uint64_t size = whole_pages(region->size);

	if (size > world->config.memory - world->memory ||
	    !cdma_bus_alloc(dev, region, size))
		return -ENOMEM;
	world->memory += size;
	return 0;
}

static struct cdma_region *make(struct cdma_world *world,
				struct cdma_device *dev,
				enum cdma_region_state state, size_t elem_size,
				size_t count)
{
	struct cdma_region *region = cdma_world_zalloc(world, sizeof(*region));

	region->world = world;
	region->dev = dev;
	region->born = region->state = state;
	region->elem_size = elem_size;
	region->size = elem_size * count;
	region->box.region = region;
	region->coherent.region = region;
	region->handle.region = region;
	region->mmio.region = region;
	return region;
}

/* By which contract the memory is used. */
static bool is_c(const struct cdma_world *world, const struct cdma_alloc *want)
{
	enum cdma_contract contract = world->config.contract;

	if (contract == CDMA_CONTRACT_CALLS)
		contract = want->contract;
	return contract == CDMA_CONTRACT_C;
}

/* Number it, and let the world know. */
static void announce(struct cdma_region *region, const struct cdma_site *site)
{
	struct cdma_world *world = region->world;
	struct cdma_event ev = cdma_event_new(world, CDMA_EV_ALLOC, site);

	*cdma_vec_push(&world->regions) = region;
	region->id = (cdma_region_id)world->regions.nr;
	ev.object = region->id;
	ev.op_size = region->size;
	ev.iova = region->iova;
	ev.value = region->attrs;
	ev.offset = region->dev ? region->dev->id : 0;
	if (region->state == CDMA_REGION_BOX)
		ev.flags |= CDMA_EVF_BOX;
	if (region->state == CDMA_REGION_REGISTERS)
		ev.how = CDMA_MMIO;
	region->alloc = cdma_party_next(world, &ev);
	cdma_world_emit(world, &ev);
}

/* Whether the kernel prints nothing when it fails. */
static bool is_quiet(const struct cdma_alloc *want)
{
	return want->gfp & CDMA_GFP_NOWARN || want->attrs & CDMA_ATTR_NO_WARN;
}

static int try_alloc(struct cdma_device *dev, const struct cdma_alloc *want,
		     const char *name, struct cdma_region **out,
		     const struct cdma_site *site)
{
	struct cdma_world *world = dev->world;
	struct cdma_region *region;
	int err;

	err = check(dev, want, site);
	if (err)
		return err;
	if (want->gfp & CDMA_GFP_KERNEL)
		cdma_might_sleep_at(world, site);
	cdma_device_alloc_now(dev, site);
	err = cdma_world_fault(world, CDMA_FAULT_DMA_ALLOC, name,
			       want->elem_size * want->count, is_quiet(want),
			       site);
	if (err)
		return err;

	region = make(world, dev, want->state, want->elem_size, want->count);
	err = place(dev, region);
	if (err)
		return err;
	region->attrs = want->attrs;
	region->gfp = want->gfp;
	region->name = cdma_world_strdup(world, name);
	region->zeroed = want->zeroed;
	region->is_c = is_c(world, want);
	region->block =
		cdma_block_get(&world->blocks, region->size, !want->zeroed);
	cdma_device_add_region(dev, region);
	announce(region, site);
	*out = region;
	return 0;
}

int cdma_region_alloc(struct cdma_device *dev, const struct cdma_alloc *want,
		      struct cdma_region **out, const struct cdma_site *site)
{
	struct cdma_actor *actor = dev->world->actor;
	int err;

	cdma_step(dev->world, site);
	err = try_alloc(dev, want, cdma_world_take_name(dev->world), out, site);
	actor->allocating = NULL;
	if (err)
		cdma_called_at(dev->world,
			       &(struct cdma_called){
				       .call = CDMA_CALL_DMA_ALLOC,
				       .device = dev->id,
				       .size = want->elem_size * want->count,
				       .gfp = want->gfp,
				       .quiet = is_quiet(want),
				       .result = err,
			       },
			       site);
	return err;
}

struct cdma_region *cdma_region_new(struct cdma_world *world,
				    struct cdma_device *dev,
				    enum cdma_region_state state,
				    size_t elem_size, size_t count, bool zeroed,
				    const struct cdma_site *site)
{
	struct cdma_region *region;
	size_t size;

	CDMA_REQUIRE(!__builtin_mul_overflow(elem_size, count, &size) && size);
	region = make(world, dev, state, elem_size, count);
	region->name = cdma_world_strdup(world, cdma_world_take_name(world));
	region->zeroed = zeroed;
	region->block = cdma_block_get(&world->blocks, region->size, !zeroed);
	announce(region, site);
	return region;
}
