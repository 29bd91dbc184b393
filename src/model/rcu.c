/* SPDX-License-Identifier: MIT */
#include "model/rcu.h"

#include <cdma/barrier.h>

#include "model/actor.h"
#include "model/step.h"
#include "model/world.h"

static struct cdma_party emit(struct cdma_world *world,
			      enum cdma_event_kind kind,
			      const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(world, kind, site);

	cdma_world_emit(world, &ev);
	return cdma_party_of(&ev);
}

/* ---- sections ---- */

void cdma_section_begin(struct cdma_world *world, const struct cdma_site *site)
{
	struct cdma_actor *actor = world->actor;

	if (!actor->sections++)
		actor->section = emit(world, CDMA_EV_SECTION_BEGIN, site);
}

void cdma_section_end(struct cdma_world *world, const struct cdma_site *site)
{
	struct cdma_actor *actor = world->actor;

	if (actor->sections && !--actor->sections)
		emit(world, CDMA_EV_SECTION_END, site);
}

void cdma_rcu_read_lock_at(struct cdma_world *world,
			   const struct cdma_site *site)
{
	cdma_step(world, site);
	cdma_section_begin(world, site);
}

void cdma_rcu_read_unlock_at(struct cdma_world *world,
			     const struct cdma_site *site)
{
	cdma_step(world, site);
	cdma_section_end(world, site);
}

bool cdma_rcu_is_read_locked(const struct cdma_world *world)
{
	return world->actor->sections;
}

/* ---- grace periods ---- */

void cdma_grace_open(struct cdma_world *world, const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(world, CDMA_EV_BARRIER, site);

	ev.domain = CDMA_DOMAIN_SMP;
	ev.order = CDMA_ORDER_FULL;
	cdma_world_emit(world, &ev);
	world->actor->grace = emit(world, CDMA_EV_GRACE_BEGIN, site).seq;
}

void cdma_grace_begin_at(struct cdma_world *world, const struct cdma_site *site)
{
	cdma_step(world, site);
	cdma_grace_open(world, site);
}

bool cdma_grace_awaits(const struct cdma_actor *actor,
		       const struct cdma_actor *reader)
{
	return actor->grace && reader->sections &&
	       reader->section.seq < actor->grace;
}

struct cdma_party cdma_grace_holder(const struct cdma_actor *actor)
{
	const struct cdma_world *world = actor->world;

	for (size_t i = 0; i < world->actors.nr; i++)
		if (cdma_grace_awaits(actor, world->actors.at[i]))
			return world->actors.at[i]->section;
	return (struct cdma_party){0};
}

bool cdma_grace_is_over(const struct cdma_actor *actor)
{
	return !cdma_grace_holder(actor).seq;
}

static bool is_over(const void *actor)
{
	return cdma_grace_is_over(actor);
}

void cdma_grace_end_at(struct cdma_world *world, const struct cdma_site *site)
{
	cdma_step_until(world, is_over, world->actor, 0, site);
	CDMA_REQUIRE(cdma_grace_is_over(world->actor),
		     "a section is not over that has begun before");
	world->actor->grace = 0;
	emit(world, CDMA_EV_GRACE_END, site);
	cdma_barrier_at(world, CDMA_DOMAIN_SMP, CDMA_ORDER_FULL, site);
}
