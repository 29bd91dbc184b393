/* SPDX-License-Identifier: MIT */
#include "model/world.h"

#include "model/actor.h"
#include "model/mapping.h"
#include "model/region.h"

#include <cdma/sync.h>

#include <stdlib.h>
#include <string.h>

#define DEFAULT_MEMORY ((uint64_t)16 << 30)
#define MOST_MEMORY    ((uint64_t)1 << 40)

static void start_run(struct cdma_world *world)
{
	world->actor = cdma_actor_make(world, CDMA_CPU, NULL, "main");
	world->actor->state = CDMA_ACTOR_RUNNING;
}

struct cdma_world *cdma_world_new(const struct cdma_config *config)
{
	struct cdma_world *world = cdma_xcalloc(1, sizeof(*world));

	if (config)
		world->config = *config;
	CDMA_REQUIRE(world->config.memory <= MOST_MEMORY);
	if (!world->config.memory)
		world->config.memory = DEFAULT_MEMORY;
	cdma_stream_init(&world->stream);
	world->deps = cdma_deps_new();
	world->faults = cdma_faults_new();
	world->armed = cdma_faults_armed(world->faults);
	start_run(world);
	return world;
}

void cdma_world_put_blocks(struct cdma_world *world)
{
	for (size_t i = 0; i < world->regions.nr; i++)
		cdma_block_put(&world->blocks, world->regions.at[i]->block);
}

void cdma_world_free(struct cdma_world *world)
{
	if (!world)
		return;
	cdma_world_put_blocks(world);
	cdma_block_pool_fini(&world->blocks);
	cdma_iova_fini(&world->iova);
	cdma_deps_free(world->deps);
	cdma_faults_free(world->faults);
	cdma_arena_fini(&world->arena);
	cdma_vec_free(&world->actors);
	cdma_vec_free(&world->devices);
	cdma_vec_free(&world->regions);
	cdma_vec_free(&world->objects);
	cdma_vec_free(&world->mark.chunks);
	cdma_image_fini(&world->mark.image);
	free(world);
}

void cdma_world_reset(struct cdma_world *world)
{
	cdma_world_put_blocks(world);
	world->stream.seq = 0;
	world->ambient = (struct cdma_ambient){0};
	world->last_dep = 0;
	world->ctx = 0;
	world->name = NULL;
	world->pools = NULL;
	world->handlers = NULL;
	world->nr_handlers = 0;
	world->memory = 0;
	world->panics = 0;
	cdma_iova_reset(&world->iova);
	cdma_deps_reset(world->deps);
	cdma_faults_restart(world->faults);
	cdma_arena_reset(&world->arena);
	world->actors.nr = 0;
	world->devices.nr = 0;
	world->is_shut = false;
	world->regions.nr = 0;
	world->objects.nr = 0;
	start_run(world);
}

static bool is_leaked(const struct cdma_region *region)
{
	switch (region->state) {
	case CDMA_REGION_BOX:
	case CDMA_REGION_COHERENT:
	case CDMA_REGION_HANDLE:
	case CDMA_REGION_KMEM:
		return !region->said;
	default:
		return false;
	}
}

static void report_leak(struct cdma_world *world,
			const struct cdma_region *region)
{
	struct cdma_finding finding = {
		.id = CDMA_FINDING_LEAK,
		.region = region->id,
		.at = region->alloc,
		.arg = {region->size},
	};

	cdma_found(&world->sink, &finding);
}

void cdma_world_finish(struct cdma_world *world)
{
	if (world->is_shut)
		return;
	for (size_t i = 0; i < world->regions.nr; i++)
		if (is_leaked(world->regions.at[i]))
			report_leak(world, world->regions.at[i]);
	for (size_t i = 0; i < world->devices.nr; i++)
		cdma_mappings_finish(world->devices.at[i]);
	cdma_pools_finish(world);
}

struct cdma_stream *cdma_world_stream(struct cdma_world *world)
{
	return &world->stream;
}

void cdma_world_set_memory(struct cdma_world *world, struct cdma_memory memory)
{
	world->shows = memory;
}

void cdma_world_set_sink(struct cdma_world *world,
			 struct cdma_finding_sink sink)
{
	world->sink = sink;
}

struct cdma_faults *cdma_world_faults(struct cdma_world *world)
{
	return world->faults;
}

struct cdma_deps *cdma_world_deps(struct cdma_world *world)
{
	return world->deps;
}

void cdma_world_enter(struct cdma_world *world, struct cdma_actor *actor)
{
	CDMA_REQUIRE(actor && actor->world == world);
	CDMA_REQUIRE(actor->state == CDMA_ACTOR_RUNNING);
	world->actor = actor;
}

void cdma_world_share(struct cdma_world *world, bool on)
{
	cdma_deps_share(world->deps, on);
	cdma_iova_share(&world->iova, on);
}

struct cdma_actor *cdma_world_actor(const struct cdma_world *world)
{
	return world->actor;
}

uint64_t cdma_world_panics(const struct cdma_world *world)
{
	return world->panics;
}

void cdma_set_deps(struct cdma_world *world, cdma_dep_t addr, cdma_dep_t data)
{
	world->ambient.addr_dep = addr;
	world->ambient.data_dep = data;
}

void cdma_set_flags(struct cdma_world *world, uint32_t flags)
{
	CDMA_REQUIRE(!(flags & ~(uint32_t)(CDMA_EVF_RACE_OK | CDMA_EVF_POLL |
					   CDMA_EVF_TRY | CDMA_EVF_RELAXED |
					   CDMA_EVF_UNORDERED)));
	world->ambient.flags = flags;
}

void cdma_set_undef(struct cdma_world *world, cdma_undef_t *undef)
{
	world->ambient.undef = undef;
}

void cdma_set_sources(struct cdma_world *world, struct cdma_source *sources)
{
	world->ambient.sources = sources;
}

void cdma_set_name(struct cdma_world *world, const char *name)
{
	world->name = name;
}

void cdma_set_ctx(struct cdma_world *world, uint32_t ctx)
{
	world->ctx = ctx;
}

cdma_dep_t cdma_last_dep(const struct cdma_world *world)
{
	return world->last_dep;
}

void cdma_branch_at(struct cdma_world *world, cdma_dep_t dep,
		    const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(world, CDMA_EV_BRANCH, site);

	ev.data_dep = dep;
	cdma_world_emit(world, &ev);
}

void cdma_note_at(struct cdma_world *world, const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(world, CDMA_EV_NOTE, site);

	cdma_world_emit(world, &ev);
}

void *cdma_world_zalloc(struct cdma_world *world, size_t size)
{
	return memset(cdma_arena_alloc(&world->arena, size), 0, size);
}

char *cdma_world_strdup(struct cdma_world *world, const char *s)
{
	size_t size;

	if (!s)
		return NULL;
	size = strlen(s) + 1;
	return memcpy(cdma_arena_alloc(&world->arena, size), s, size);
}

cdma_object_id cdma_world_object(struct cdma_world *world, const char *name)
{
	*cdma_vec_push(&world->objects) = name;
	return (cdma_object_id)world->objects.nr;
}

const char *cdma_object_name(const struct cdma_world *world, cdma_object_id id)
{
	return id && id <= world->objects.nr ? world->objects.at[id - 1] : NULL;
}

const char *cdma_world_take_name(struct cdma_world *world)
{
	const char *name = world->name;

	world->name = NULL;
	return name;
}
