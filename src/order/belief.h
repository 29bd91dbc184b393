/* SPDX-License-Identifier: MIT */
#ifndef CDMA_ORDER_BELIEF_H
#define CDMA_ORDER_BELIEF_H

/*
 * Belief: the last epoch of each actor that somebody has heard of, as if every
 * access were ordered.
 *
 * NULL is the belief of who has heard nothing.  Who hands a belief on freezes
 * it; from then on it is shared, and whoever adds to it gets a copy.
 *
 * Lifetime: beliefs live in the arena of their run.
 */

#include "base/arena.h"

#include <cdma/types.h>

#include <stdbool.h>
#include <stdint.h>

struct cdma_belief {
	uint32_t actors; /* how many at[] holds; beyond it is 0 */
	bool frozen;     /* others hold it, too */
	uint32_t at[];
};

/* @belief as it is now: nobody changes it any more.  May be NULL. */
static inline const struct cdma_belief *
cdma_belief_freeze(struct cdma_belief *belief)
{
	if (belief)
		belief->frozen = true;
	return belief;
}

/* Whether @belief includes @epoch of @actor. */
static inline bool cdma_belief_has(const struct cdma_belief *belief,
				   cdma_actor_id actor, uint32_t epoch)
{
	return belief && actor < belief->actors && epoch <= belief->at[actor];
}

/* *@belief includes all of @other; may replace *@belief by a copy, or by
 * @other.  Returns whether anything changed. */
bool cdma_belief_join(struct cdma_arena *arena, struct cdma_belief **belief,
		      const struct cdma_belief *other);

/* *@belief includes @epoch of @actor.  Returns whether that is news. */
bool cdma_belief_raise(struct cdma_arena *arena, struct cdma_belief **belief,
		       cdma_actor_id actor, uint32_t epoch);

#endif /* CDMA_ORDER_BELIEF_H */
