/* SPDX-License-Identifier: MIT */
#include "model/actor.h"

#include "model/device.h"
#include "model/step.h"
#include "model/world.h"

struct cdma_actor *cdma_actor_make(struct cdma_world *world,
				   enum cdma_actor_kind kind,
				   struct cdma_device *dev, const char *name)
{
	struct cdma_actor *actor = cdma_world_zalloc(world, sizeof(*actor));

	CDMA_REQUIRE(world->actors.nr < UINT16_MAX, "too many actors");
	*cdma_vec_push(&world->actors) = actor;
	actor->world = world;
	actor->dev = dev;
	actor->kind = kind;
	actor->name = cdma_world_strdup(world, name);
	actor->id = (cdma_actor_id)world->actors.nr;
	actor->object = cdma_world_object(world, actor->name);
	return actor;
}

struct cdma_actor *cdma_actor_new(struct cdma_world *world,
				  enum cdma_actor_kind kind, const char *name)
{
	CDMA_REQUIRE(world && name);
	CDMA_REQUIRE(kind != CDMA_DEVICE);
	return cdma_actor_make(world, kind, NULL, name);
}

void cdma_actor_set_core(struct cdma_actor *actor, struct cdma_device *dev)
{
	CDMA_REQUIRE(actor->kind == CDMA_CPU);
	actor->core = dev;
}

struct cdma_actor *cdma_world_main(const struct cdma_world *world)
{
	return world->actors.at[0];
}

static void emit_as(struct cdma_actor *actor, struct cdma_actor *by,
		    enum cdma_event_kind kind, uint32_t flags,
		    const struct cdma_site *site)
{
	struct cdma_world *world = actor->world;
	struct cdma_event ev = cdma_event_by(world, by, kind, site);

	ev.object = actor->object;
	ev.flags = flags;
	cdma_world_emit(world, &ev);
}

/* Emit a step of @actor's own sync object, by @by. */
static void emit_sync(struct cdma_actor *actor, struct cdma_actor *by,
		      enum cdma_event_kind kind, const struct cdma_site *site)
{
	emit_as(actor, by, kind, 0, site);
}

static void emit_life(struct cdma_actor *actor, enum cdma_event_kind kind,
		      const struct cdma_site *site)
{
	struct cdma_world *world = actor->world;
	struct cdma_event ev = cdma_event_by(world, actor, kind, site);

	ev.value = actor->kind;
	ev.iova = actor->dev ? actor->dev->id : 0;
	ev.offset = actor->is_port;
	ev.object = actor->object;
	cdma_world_emit(world, &ev);
}

void cdma_actor_start_at(struct cdma_actor *actor, const struct cdma_site *site)
{
	CDMA_REQUIRE(actor && actor->state == CDMA_ACTOR_NEW);
	cdma_step(actor->world, site);
	actor->state = CDMA_ACTOR_RUNNING;
	if (actor->kind == CDMA_DEVICE) {
		emit_life(actor, CDMA_EV_START, site);
		return;
	}
	emit_sync(actor, actor->world->actor, CDMA_EV_RELEASE, site);
	emit_life(actor, CDMA_EV_START, site);
	emit_sync(actor, actor, CDMA_EV_ACQUIRE, site);
}

void cdma_actor_exit_at(struct cdma_actor *actor, const struct cdma_site *site)
{
	CDMA_REQUIRE(actor && actor->state == CDMA_ACTOR_RUNNING);
	CDMA_REQUIRE(actor->id != 1, "the main thread does not end");
	if (actor->kind != CDMA_DEVICE)
		emit_sync(actor, actor, CDMA_EV_RELEASE, site);
	emit_life(actor, CDMA_EV_EXIT, site);
	actor->state = CDMA_ACTOR_DONE;
}

static bool actor_is_done(const void *actor)
{
	return cdma_actor_is_done(actor);
}

void cdma_actor_join_at(struct cdma_actor *actor, const struct cdma_site *site)
{
	struct cdma_world *world = actor->world;
	struct cdma_event ev;

	cdma_step_until(world, actor_is_done, actor, actor->object, site);
	CDMA_REQUIRE(actor->state == CDMA_ACTOR_DONE);
	if (actor->kind != CDMA_DEVICE) {
		emit_sync(actor, world->actor, CDMA_EV_ACQUIRE, site);
		return;
	}
	ev = cdma_event_new(world, CDMA_EV_JOIN, site);
	ev.value = actor->dev->id;
	cdma_world_emit(world, &ev);
}

void cdma_actor_wait_at(struct cdma_actor *actor, const struct cdma_site *site)
{
	cdma_step_until(actor->world, actor_is_done, actor, actor->object,
			site);
	CDMA_REQUIRE(actor->state == CDMA_ACTOR_DONE);
	emit_as(actor, actor->world->actor, CDMA_EV_ACQUIRE, CDMA_EVF_POLL,
		site);
}

static void emit_told(struct cdma_actor *actor, bool changed, uint32_t flags,
		      const struct cdma_site *site)
{
	struct cdma_event ev =
		cdma_event_new(actor->world, CDMA_EV_STATE, site);

	ev.object = actor->object;
	ev.flags = flags;
	ev.value = changed;
	cdma_world_emit(actor->world, &ev);
}

void cdma_actor_tell_at(struct cdma_actor *actor, const struct cdma_site *site)
{
	cdma_step(actor->world, site);
	actor->told = true;
	emit_told(actor, true, 0, site);
}

bool cdma_actor_told_at(struct cdma_actor *actor, uint32_t flags,
			const struct cdma_site *site)
{
	if (cdma_step_look(actor->world, site))
		return actor->told;
	emit_told(actor, false, flags, site);
	return actor->told;
}

bool cdma_actor_is_told(const struct cdma_actor *actor)
{
	return actor->told;
}

cdma_object_id cdma_actor_object(const struct cdma_actor *actor)
{
	return actor->object;
}

bool cdma_actor_is_running(const struct cdma_actor *actor)
{
	return actor->state == CDMA_ACTOR_RUNNING;
}

bool cdma_actor_is_done(const struct cdma_actor *actor)
{
	return actor->state == CDMA_ACTOR_DONE;
}

cdma_actor_id cdma_actor_id_of(const struct cdma_actor *actor)
{
	return actor->id;
}

enum cdma_actor_kind cdma_actor_kind_of(const struct cdma_actor *actor)
{
	return actor->kind;
}

const char *cdma_actor_name(const struct cdma_actor *actor)
{
	return actor->name;
}

struct cdma_device *cdma_actor_device(const struct cdma_actor *actor)
{
	return actor->dev;
}

struct cdma_actor *cdma_actor_find(const struct cdma_world *world,
				   cdma_actor_id id)
{
	return id && id <= world->actors.nr ? world->actors.at[id - 1] : NULL;
}
