/* SPDX-License-Identifier: MIT */
#include "model/region.h"

#include "model/actor.h"
#include "model/device.h"
#include "model/lease.h"
#include "model/mapping.h"
#include "model/step.h"
#include "model/window.h"
#include "model/world.h"

#include <cdma/context.h>

#include <stdio.h>
#include <string.h>

static const char *const state_names[] = {
	[CDMA_REGION_BOX] = "box",       [CDMA_REGION_COHERENT] = "coherent",
	[CDMA_REGION_HANDLE] = "handle", [CDMA_REGION_SYSMEM] = "memory",
	[CDMA_REGION_KMEM] = "buffer",   [CDMA_REGION_REGISTERS] = "registers",
	[CDMA_REGION_FREED] = "freed",
};

const char *cdma_region_state_name(enum cdma_region_state state)
{
	CDMA_REQUIRE(state < CDMA_REGION_STATES);
	return state_names[state];
}

static struct cdma_region *find(const struct cdma_world *world,
				cdma_region_id id)
{
	return id && id <= world->regions.nr ? world->regions.at[id - 1] : NULL;
}

/* A name for a report; made up, once, where none was given. */
static const char *shown_name(struct cdma_region *region)
{
	char buf[32];

	if (region->name)
		return region->name;
	if (!region->shown) {
		snprintf(buf, sizeof(buf), "%s#%u", state_names[region->born],
			 (unsigned int)region->id);
		region->shown = cdma_world_strdup(region->world, buf);
	}
	return region->shown;
}

bool cdma_region_info(const struct cdma_world *world, cdma_region_id id,
		      struct cdma_region_info *out)
{
	struct cdma_region *region = find(world, id);

	if (!region)
		return false;
	*out = (struct cdma_region_info){
		.id = id,
		.name = shown_name(region),
		.born = region->born,
		.state = region->state,
		.device = region->dev ? region->dev->id : 0,
		.unmapped = region->unmapped != NULL,
		.size = region->size,
		.elem_size = region->elem_size,
		.iova = region->iova,
		.attrs = region->attrs,
		.gfp = region->gfp,
		.alloc = region->alloc,
		.expose = region->expose,
		.free = region->free,
	};
	return true;
}

size_t cdma_regions_nr(const struct cdma_world *world)
{
	return world->regions.nr;
}

void cdma_region_set_name(struct cdma_world *world, cdma_region_id id,
			  const char *name)
{
	struct cdma_region *region = find(world, id);

	CDMA_REQUIRE(region && name);
	region->name = cdma_world_strdup(world, name);
}

static unsigned char peek_byte(const struct cdma_region *region,
			       uint64_t offset)
{
	if (!region || offset >= region->size)
		return CDMA_POISON_BUS;
	if (!cdma_region_is_live(region))
		return CDMA_POISON_DEAD;
	return (unsigned char)cdma_block_load(region->block, offset, 1);
}

/* Whether it can be looked at as one piece. */
static bool is_piece(const struct cdma_region *region, uint64_t offset,
		     size_t size)
{
	return size && region && cdma_region_is_live(region) &&
	       offset % 8 + size <= 8 && offset < region->size &&
	       size <= region->size - offset;
}

void cdma_region_peek(const struct cdma_world *world, cdma_region_id id,
		      uint64_t offset, void *dst, size_t size)
{
	const struct cdma_region *region = find(world, id);
	unsigned char *bytes = dst;

	if (is_piece(region, offset, size)) {
		cdma_value_put(cdma_block_load(region->block, offset,
					       (unsigned int)size),
			       bytes, (unsigned int)size);
		return;
	}
	for (size_t i = 0; i < size; i++)
		bytes[i] = peek_byte(region, offset + i);
}

void cdma_region_poke(struct cdma_world *world, cdma_region_id id,
		      uint64_t offset, const void *src, size_t size)
{
	const struct cdma_region *region = find(world, id);
	const unsigned char *bytes = src;

	CDMA_REQUIRE(region && cdma_region_is_live(region) &&
		     offset <= region->size && size <= region->size - offset);
	while (size) {
		size_t room = 8 - offset % 8, nr = size < room ? size : room;

		cdma_block_store(region->block, offset, (unsigned int)nr,
				 cdma_value_get(bytes, (unsigned int)nr));
		offset += nr;
		bytes += nr;
		size -= nr;
	}
}

bool cdma_region_is_init(const struct cdma_world *world, cdma_region_id id,
			 uint64_t offset, size_t size)
{
	const struct cdma_region *region = find(world, id);

	if (!region || !cdma_region_is_live(region) || offset > region->size ||
	    region->size - offset < size)
		return false;
	for (size_t i = 0; i < size; i++)
		if (!cdma_block_is_init(region->block, offset + i, 1))
			return false;
	return true;
}

void cdma_region_expose(struct cdma_region *region,
			const struct cdma_site *site)
{
	struct cdma_world *world = region->world;
	struct cdma_event ev = cdma_event_new(world, CDMA_EV_EXPOSE, site);

	ev.object = region->id;
	region->state = CDMA_REGION_COHERENT;
	region->box.consumed = true;
	region->expose = cdma_party_next(world, &ev);
	cdma_world_emit(world, &ev);
}

const struct cdma_party *cdma_region_loss(const struct cdma_region *region)
{
	return region->free.seq ? &region->free : &region->expose;
}

/* What is wrong with freeing @region now. */
static void judge_free(struct cdma_region *region, struct cdma_event *ev)
{
	struct cdma_world *world = region->world;

	if (region->dev && cdma_irqs_are_off(world->actor))
		cdma_report(world, CDMA_FINDING_WRONG_CONTEXT, ev, region,
			    &region->alloc,
			    "dma_free_attrs() with interrupts disabled");
	if (region->unmapped)
		cdma_report(world, CDMA_FINDING_FREE_AFTER_UNBIND, ev, region,
			    region->unmapped, NULL);
	for (struct cdma_lease *l = region->leases; l; l = l->next)
		cdma_report(world, CDMA_FINDING_FREE_WHILE_LEASED, ev, region,
			    &l->begin, NULL);
	for (struct cdma_window *w = region->windows; w; w = w->next)
		cdma_report(world, CDMA_FINDING_WINDOW_CONFLICT, ev, region,
			    &w->begin, "the memory is freed while it is open");
	cdma_mappings_free(region, ev);
}

/* Its room, and its addresses if it has any. */
static void release(struct cdma_region *region)
{
	struct cdma_world *world = region->world;
	uint64_t pages = region->size + (CDMA_PAGE_SIZE - 1);

	if (!region->dev) {
		world->memory -= region->size;
		return;
	}
	world->memory -= pages & ~(CDMA_PAGE_SIZE - 1);
	cdma_iova_free(&world->iova, region->iova);
	cdma_device_del_region(region->dev, region);
}

void cdma_region_free(struct cdma_region *region, bool consumed,
		      const struct cdma_site *site)
{
	struct cdma_world *world = region->world;
	struct cdma_event ev = cdma_event_new(world, CDMA_EV_FREE, site);

	cdma_step(world, site);
	if (consumed || !cdma_region_is_live(region)) {
		cdma_report_note(world, CDMA_FINDING_DOUBLE_FREE, region,
				 cdma_region_loss(region),
				 region->free.seq ? NULL
						  : "the box was converted",
				 site);
		return;
	}
	ev.object = region->id;
	judge_free(region, &ev);
	region->free = cdma_party_next(world, &ev);
	region->state = CDMA_REGION_FREED;
	region->box.consumed = true;
	/* A raw pointer may still be followed: it must not meet others. */
	if (!region->escaped) {
		cdma_block_put(&world->blocks, region->block);
		region->block = NULL;
	}
	release(region);
	cdma_world_emit(world, &ev);
}

void *cdma_region_ptr(struct cdma_region *region, size_t offset, size_t size,
		      bool written)
{
	region->escaped = true;
	/* A stale pointer gets memory of its own: the finding is enough. */
	if (!region->block)
		region->block = cdma_block_get(&region->world->blocks,
					       region->size, true);
	cdma_block_materialise(region->block, offset, size, written);
	return region->block->bytes + offset;
}
