/* SPDX-License-Identifier: MIT */
#include <cdma/barrier.h>
#include <cdma/rcu.h>

#include "model/actor.h"
#include "model/step.h"
#include "model/world.h"

static void emit(struct cdma_world *world, enum cdma_event_kind kind,
		 const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(world, kind, site);

	cdma_world_emit(world, &ev);
}

void cdma_rcu_read_lock_at(struct cdma_world *world,
			   const struct cdma_site *site)
{
	cdma_step(world, site);
	world->actor->sections++;
	emit(world, CDMA_EV_SECTION_BEGIN, site);
}

void cdma_rcu_read_unlock_at(struct cdma_world *world,
			     const struct cdma_site *site)
{
	cdma_step(world, site);
	world->actor->sections -= world->actor->sections != 0;
	emit(world, CDMA_EV_SECTION_END, site);
}

void cdma_grace_begin_at(struct cdma_world *world, const struct cdma_site *site)
{
	cdma_barrier_at(world, CDMA_DOMAIN_SMP, CDMA_ORDER_FULL, site);
	emit(world, CDMA_EV_GRACE_BEGIN, site);
}

void cdma_grace_end_at(struct cdma_world *world, const struct cdma_site *site)
{
	cdma_step(world, site);
	emit(world, CDMA_EV_GRACE_END, site);
	cdma_barrier_at(world, CDMA_DOMAIN_SMP, CDMA_ORDER_FULL, site);
}
