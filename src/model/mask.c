/* SPDX-License-Identifier: MIT */
#include "model/device.h"

#include "model/actor.h"
#include "model/bus.h"
#include "model/step.h"
#include "model/world.h"

#include <errno.h>

int cdma_mask_try_new(unsigned int n, struct cdma_mask *out)
{
	if (n > 64)
		return -EINVAL;
	out->bits = n ? UINT64_MAX >> (64 - n) : 0;
	return 0;
}

/* Report that allocations which have begun overlap with @dev's setter. */
static void race_with_allocs(struct cdma_device *dev, struct cdma_event *ev)
{
	struct cdma_world *world = dev->world;

	for (size_t i = 0; i < world->actors.nr; i++) {
		struct cdma_actor *actor = world->actors.at[i];

		if (actor == world->actor || actor->allocating != dev)
			continue;
		actor->alloc_raced = true;
		cdma_report(world, CDMA_FINDING_MASK_RACE, ev, NULL,
			    &actor->alloc_begin, NULL);
	}
}

static bool has_no_setter(const void *dev)
{
	return !((const struct cdma_device *)dev)->setter.actor;
}

void cdma_set_mask_begin_at(struct cdma_device *dev, enum cdma_mask_kind kind,
			    uint64_t value, const struct cdma_site *site)
{
	struct cdma_world *world = dev->world;
	struct cdma_event ev = cdma_event_new(world, CDMA_EV_MASK, site);

	cdma_step_until(world, has_no_setter, dev, 0, site);
	CDMA_REQUIRE(!dev->setter.actor, "%s has a setter already", dev->name);
	ev.value = dev->id;
	ev.iova = value;
	ev.op_size = kind;
	if (!world->config.any_context && cdma_device_ctx(dev) != CDMA_CTX_CORE)
		cdma_report(world, CDMA_FINDING_WRONG_CONTEXT, &ev, NULL, NULL,
			    "DMA masks are set in probe()");
	race_with_allocs(dev, &ev);
	dev->setter = (struct cdma_setter){
		.actor = world->actor,
		.kind = kind,
		.value = value,
		.begin = cdma_party_next(world, &ev),
	};
	cdma_world_emit(world, &ev);
}

static int set_streaming(struct cdma_device *dev, uint64_t mask,
			 const struct cdma_site *site)
{
	int err;

	if (dev->config.no_mask || !cdma_bus_serves(dev, mask))
		return -EIO;
	err = cdma_world_fault(dev->world, CDMA_FAULT_SET_MASK, NULL, 1, false,
			       site);
	if (!err)
		dev->mask = mask;
	return err;
}

static int set_coherent(struct cdma_device *dev, uint64_t mask,
			const struct cdma_site *site)
{
	int err;

	if (!cdma_bus_serves(dev, mask))
		return -EIO;
	err = cdma_world_fault(dev->world, CDMA_FAULT_SET_COHERENT_MASK, NULL,
			       1, false, site);
	if (!err)
		dev->coherent_mask = mask;
	return err;
}

static int set(struct cdma_device *dev, const struct cdma_site *site)
{
	uint64_t value = dev->setter.value;
	int err = 0;

	switch (dev->setter.kind) {
	case CDMA_MASK_STREAMING:
		return set_streaming(dev, value, site);
	case CDMA_MASK_COHERENT:
		return set_coherent(dev, value, site);
	case CDMA_MASK_BOTH:
		/* What the streaming mask can be, the coherent one can. */
		err = set_streaming(dev, value, site);
		if (!err)
			dev->coherent_mask = value;
		return err;
	case CDMA_MASK_SEG_SIZE:
		if (!dev->config.no_parms)
			dev->max_seg_size = (uint32_t)value;
		return 0;
	case CDMA_MASK_SEG_BOUNDARY:
		if (!dev->config.no_parms)
			dev->seg_boundary = value;
		return 0;
	}
	return -EINVAL;
}

int cdma_set_mask_end_at(struct cdma_device *dev, const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(dev->world, CDMA_EV_MASK, site);
	int err;

	CDMA_REQUIRE(dev->setter.actor == dev->world->actor,
		     "%s has no setter of this actor", dev->name);
	cdma_step(dev->world, site);
	err = set(dev, site);
	ev.value = dev->id;
	ev.iova = dev->setter.value;
	ev.offset = 1;
	ev.op_size = dev->setter.kind;
	ev.op_offset = (uint64_t)-err;
	dev->setter.actor = NULL;
	cdma_world_emit(dev->world, &ev);
	return err;
}

static int set_at_once(struct cdma_device *dev, enum cdma_mask_kind kind,
		       uint64_t value, const struct cdma_site *site)
{
	CDMA_REQUIRE(dev);
	cdma_set_mask_begin_at(dev, kind, value, site);
	return cdma_set_mask_end_at(dev, site);
}

int cdma_set_mask_at(struct cdma_device *dev, struct cdma_mask mask,
		     const struct cdma_site *site)
{
	return set_at_once(dev, CDMA_MASK_STREAMING, mask.bits, site);
}

int cdma_set_coherent_mask_at(struct cdma_device *dev, struct cdma_mask mask,
			      const struct cdma_site *site)
{
	return set_at_once(dev, CDMA_MASK_COHERENT, mask.bits, site);
}

int cdma_set_mask_and_coherent_at(struct cdma_device *dev,
				  struct cdma_mask mask,
				  const struct cdma_site *site)
{
	return set_at_once(dev, CDMA_MASK_BOTH, mask.bits, site);
}

void cdma_set_max_seg_size_at(struct cdma_device *dev, uint32_t size,
			      const struct cdma_site *site)
{
	set_at_once(dev, CDMA_MASK_SEG_SIZE, size, site);
}

void cdma_set_seg_boundary_at(struct cdma_device *dev, uint64_t mask,
			      const struct cdma_site *site)
{
	set_at_once(dev, CDMA_MASK_SEG_BOUNDARY, mask, site);
}

void cdma_alloc_begin_at(struct cdma_device *dev, const struct cdma_site *site)
{
	struct cdma_world *world = dev->world;
	struct cdma_actor *actor = world->actor;
	struct cdma_event ev = cdma_event_new(world, CDMA_EV_NOTE, site);

	CDMA_REQUIRE(!actor->allocating, "%s is allocating already",
		     actor->name);
	cdma_step(world, site);
	actor->allocating = dev;
	actor->alloc_begin = cdma_party_next(world, &ev);
	actor->alloc_raced = false;
	if (dev->setter.actor && dev->setter.actor != actor) {
		actor->alloc_raced = true;
		cdma_report(world, CDMA_FINDING_MASK_RACE, &ev, NULL,
			    &dev->setter.begin, NULL);
	}
	cdma_world_emit(world, &ev);
}

void cdma_device_alloc_now(struct cdma_device *dev,
			   const struct cdma_site *site)
{
	struct cdma_world *world = dev->world;
	struct cdma_actor *actor = world->actor;
	bool raced = actor->allocating && actor->alloc_raced;

	if (dev->setter.actor && dev->setter.actor != actor && !raced)
		cdma_report_note(world, CDMA_FINDING_MASK_RACE, NULL,
				 &dev->setter.begin, NULL, site);
	if (!dev->coherent_mask)
		cdma_report_note(world, CDMA_FINDING_MASK_UNSET, NULL, NULL,
				 NULL, site);
}
