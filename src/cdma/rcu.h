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
 * Nobody waits here, and nobody counts: a scheduler lets an actor end its grace
 * period when the sections that had begun by its begin have ended.  Of sections
 * that nest, the outermost is the one that is told.
 */

#include <cdma/site.h>

struct cdma_world;

/* The acting actor begins, or ends, a section.  Emits: SECTION_BEGIN,
 * SECTION_END. */
void cdma_rcu_read_lock_at(struct cdma_world *world,
			   const struct cdma_site *site);
#define cdma_rcu_read_lock(world) cdma_rcu_read_lock_at(world, CDMA_HERE)
void cdma_rcu_read_unlock_at(struct cdma_world *world,
			     const struct cdma_site *site);
#define cdma_rcu_read_unlock(world) cdma_rcu_read_unlock_at(world, CDMA_HERE)

/* synchronize_rcu(), in two parts.  Emits: GRACE_BEGIN, GRACE_END. */
void cdma_grace_begin_at(struct cdma_world *world,
			 const struct cdma_site *site);
#define cdma_grace_begin(world) cdma_grace_begin_at(world, CDMA_HERE)
void cdma_grace_end_at(struct cdma_world *world, const struct cdma_site *site);
#define cdma_grace_end(world) cdma_grace_end_at(world, CDMA_HERE)

#endif /* CDMA_RCU_H */
