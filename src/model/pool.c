/* SPDX-License-Identifier: MIT */
#include <cdma/pool.h>

#include "model/device.h"
#include "model/mapping.h"
#include "model/region.h"
#include "model/step.h"
#include "model/world.h"

struct cdma_pool {
	cdma_object_id object;
	struct cdma_device *dev; /* borrowed */
	struct cdma_pool *next;  /* of the world */
	size_t size;
	struct cdma_party create, destroy;
};

/* Its state is looked at, or changed. */
static struct cdma_event state(const struct cdma_pool *pool, bool changes,
			       const struct cdma_site *site)
{
	struct cdma_event ev =
		cdma_event_new(pool->dev->world, CDMA_EV_STATE, site);

	ev.object = pool->object;
	ev.value = changes;
	return ev;
}

static void look(const struct cdma_pool *pool, const struct cdma_site *site)
{
	struct cdma_event ev = state(pool, false, site);

	cdma_world_emit(pool->dev->world, &ev);
}

static bool is_power(size_t n)
{
	return !(n & (n - 1));
}

struct cdma_pool *cdma_pool_create_at(struct cdma_device *dev, size_t size,
				      size_t align, size_t boundary,
				      const struct cdma_site *site)
{
	struct cdma_world *world = dev->world;
	struct cdma_pool *pool;
	struct cdma_event ev;

	if (!size || !is_power(align) || align > CDMA_PAGE_SIZE ||
	    !is_power(boundary) || (boundary && boundary < size))
		return NULL;
	cdma_step(world, site);
	pool = cdma_world_zalloc(world, sizeof(*pool));
	pool->dev = dev;
	pool->size = size;
	pool->object = cdma_world_object(world, "pool");
	ev = state(pool, true, site);
	pool->create = cdma_party_next(world, &ev);
	pool->next = world->pools;
	world->pools = pool;
	cdma_world_emit(world, &ev);
	return pool;
}

static bool is_destroyed(const struct cdma_pool *pool)
{
	return pool->destroy.seq;
}

int cdma_pool_alloc_at(struct cdma_pool *pool, cdma_gfp_t gfp,
		       struct cdma_coherent **out, const struct cdma_site *site)
{
	struct cdma_alloc want = {
		.elem_size = pool->size,
		.count = 1,
		.gfp = gfp,
		.state = CDMA_REGION_COHERENT,
		.contract = CDMA_CONTRACT_C,
		.zeroed = gfp & CDMA_GFP_ZERO,
	};
	struct cdma_region *region;
	int err;

	cdma_step(pool->dev->world, site);
	look(pool, site);
	if (is_destroyed(pool))
		cdma_report_note(pool->dev->world, CDMA_FINDING_CPU_UAF, NULL,
				 &pool->destroy, "the pool was destroyed",
				 site);
	err = cdma_region_alloc(pool->dev, &want, &region, site);
	if (err)
		return err;
	region->pool = pool;
	*out = &region->coherent;
	return 0;
}

void cdma_pool_free_at(struct cdma_pool *pool, struct cdma_coherent **block,
		       const struct cdma_site *site)
{
	struct cdma_world *world = pool->dev->world;
	struct cdma_region *region = (*block)->region;
	struct cdma_event ev;

	cdma_step(world, site);
	look(pool, site);
	*block = NULL;
	if (region->pool != pool && cdma_region_is_live(region)) {
		ev = cdma_event_new(world, CDMA_EV_NOTE, site);
		ev.iova = region->iova;
		ev.object = region->id;
		cdma_map_say(world, CDMA_FINDING_BAD_UNMAP, &ev, region,
			     &region->alloc, CDMA_CHECK_FREE_POOL);
		cdma_world_emit(world, &ev);
	}
	cdma_region_free(region, false, site);
}

static void report_block(struct cdma_region *region,
			 const struct cdma_party *against)
{
	struct cdma_finding finding = {
		.id = CDMA_FINDING_LEAK,
		.region = region->id,
		.at = region->alloc,
		.against = *against,
		.arg = {region->size},
		.detail = "its pool is destroyed",
	};

	region->said = true;
	cdma_found(&region->world->sink, &finding);
}

void cdma_pool_destroy_at(struct cdma_pool *pool, const struct cdma_site *site)
{
	struct cdma_world *world = pool->dev->world;
	struct cdma_event ev = state(pool, true, site);

	cdma_step(world, site);
	if (is_destroyed(pool)) {
		cdma_report_note(world, CDMA_FINDING_DOUBLE_FREE, NULL,
				 &pool->destroy, "a pool", site);
		return;
	}
	pool->destroy = cdma_party_next(world, &ev);
	for (struct cdma_region *r = pool->dev->first; r; r = r->next)
		if (r->pool == pool && !r->said)
			report_block(r, &pool->destroy);
	cdma_world_emit(world, &ev);
}

void cdma_pools_finish(struct cdma_world *world)
{
	for (struct cdma_pool *p = world->pools; p; p = p->next) {
		struct cdma_finding finding = {
			.id = CDMA_FINDING_LEAK,
			.at = p->create,
			.detail = "a pool was not destroyed",
		};

		if (!is_destroyed(p))
			cdma_found(&world->sink, &finding);
	}
}
