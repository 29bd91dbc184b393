/* SPDX-License-Identifier: MIT */
#include "order/belief.h"

#include <string.h>

/* *@belief, with room for at least @actors, for the caller to change. */
static struct cdma_belief *own(struct cdma_arena *arena,
			       struct cdma_belief **belief, uint32_t actors)
{
	const struct cdma_belief *old = *belief;
	uint32_t had = old ? old->actors : 0;
	struct cdma_belief *copy;

	if (old && !old->frozen && had >= actors)
		return *belief;
	actors = had > actors ? had : actors;
	copy = cdma_arena_alloc(arena,
				sizeof(*copy) + actors * sizeof(copy->at[0]));
	copy->actors = actors;
	copy->frozen = false;
	if (had)
		memcpy(copy->at, old->at, had * sizeof(copy->at[0]));
	memset(copy->at + had, 0, (actors - had) * sizeof(copy->at[0]));
	*belief = copy;
	return copy;
}

static bool covers(const struct cdma_belief *belief,
		   const struct cdma_belief *other)
{
	for (uint32_t i = 0; i < other->actors; i++)
		if (other->at[i] &&
		    !cdma_belief_has(belief, (cdma_actor_id)i, other->at[i]))
			return false;
	return true;
}

bool cdma_belief_join(struct cdma_arena *arena, struct cdma_belief **belief,
		      const struct cdma_belief *other)
{
	struct cdma_belief *b = *belief;

	if (!other || other == b || covers(b, other))
		return false;
	/* Where a copy would be made anyway, the same belief serves both. */
	if (other->frozen && (!b || (b->frozen && covers(other, b)))) {
		*belief = (struct cdma_belief *)other;
		return true;
	}
	b = own(arena, belief, other->actors);
	for (uint32_t i = 0; i < other->actors; i++)
		b->at[i] = b->at[i] < other->at[i] ? other->at[i] : b->at[i];
	return true;
}

bool cdma_belief_raise(struct cdma_arena *arena, struct cdma_belief **belief,
		       cdma_actor_id actor, uint32_t epoch)
{
	if (!epoch || cdma_belief_has(*belief, actor, epoch))
		return false;
	own(arena, belief, actor + 1u)->at[actor] = epoch;
	return true;
}
