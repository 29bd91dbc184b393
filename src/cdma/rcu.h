/* SPDX-License-Identifier: MIT */
#ifndef CDMA_RCU_H
#define CDMA_RCU_H

/*
 * RCU: read-side sections, and grace periods that wait for them.
 *
 * A section and a grace period are never interleaved: all that an actor did
 * before its grace period comes before a section that begins later, and all
 * that was done in a section that had begun before comes before what follows
 * the grace period.  At both ends a grace period is a full barrier between
 * CPUs.
 *
 * Nobody waits here: a scheduler lets an actor end its grace period when
 * cdma_grace_is_over(), which is when the sections that had begun by its begin
 * have ended.  Sections nest, those of guards included (revocable.h), and the
 * outermost is the one that is told.
 *
 * Threads: of one world, one at a time (world.h). Sections and grace periods
 * are those of the simulated machine.
 */

#include <cdma/finding.h>
#include <cdma/site.h>

struct cdma_actor;
struct cdma_world;

/* The acting actor begins, or ends, a section; an end too many does nothing.
 * Emits: SECTION_BEGIN, SECTION_END, of the outermost. */
void cdma_rcu_read_lock_at(struct cdma_world *world,
			   const struct cdma_site *site);
#define cdma_rcu_read_lock(world) cdma_rcu_read_lock_at(world, CDMA_HERE)
void cdma_rcu_read_unlock_at(struct cdma_world *world,
			     const struct cdma_site *site);
#define cdma_rcu_read_unlock(world) cdma_rcu_read_unlock_at(world, CDMA_HERE)

/* Whether the acting actor is in a section. */
bool cdma_rcu_is_read_locked(const struct cdma_world *world);

/* synchronize_rcu(), in two parts.  Emits: GRACE_BEGIN, GRACE_END. */
void cdma_grace_begin_at(struct cdma_world *world,
			 const struct cdma_site *site);
#define cdma_grace_begin(world) cdma_grace_begin_at(world, CDMA_HERE)
void cdma_grace_end_at(struct cdma_world *world, const struct cdma_site *site);
#define cdma_grace_end(world) cdma_grace_end_at(world, CDMA_HERE)

/* Whether the grace period that @actor began may end. */
bool cdma_grace_is_over(const struct cdma_actor *actor);

/* Whether it waits for a section of @reader, which may be @actor itself, and
 * where that section began: an event of no number when it does not. */
bool cdma_grace_awaits(const struct cdma_actor *actor,
		       const struct cdma_actor *reader);
struct cdma_party cdma_grace_holder(const struct cdma_actor *actor);

#endif /* CDMA_RCU_H */
