/* SPDX-License-Identifier: MIT */
#include "order/actor.h"

#include <string.h>

struct cdma_belief *cdma_belief_new(struct cdma_arena *arena, uint32_t actors)
{
	struct cdma_belief *belief = cdma_arena_alloc(
		arena, sizeof(*belief) + actors * sizeof(belief->at[0]));

	belief->actors = actors;
	memset(belief->at, 0, actors * sizeof(belief->at[0]));
	return belief;
}

struct cdma_belief *cdma_belief_copy(struct cdma_arena *arena,
				     const struct cdma_belief *belief,
				     uint32_t actors)
{
	struct cdma_belief *copy = cdma_belief_new(
		arena, actors > belief->actors ? actors : belief->actors);

	memcpy(copy->at, belief->at, belief->actors * sizeof(belief->at[0]));
	return copy;
}

void cdma_order_actor_reset(struct cdma_order_actor *actor,
			    struct cdma_arena *arena, uint32_t lanes)
{
	struct cdma_order_actor old = *actor;

	*actor = (struct cdma_order_actor){0};
	actor->reads.at = old.reads.at;
	actor->reads.room = old.reads.room;
	actor->gains.at = old.gains.at;
	actor->gains.room = old.gains.room;

	actor->kr = cdma_clock_new(arena, lanes);
	actor->kw = cdma_clock_new(arena, lanes);
	actor->handed = cdma_clock_new(arena, lanes);
	for (int to = 0; to < CDMA_TOWARDS_NR; to++) {
		actor->pending[to] = cdma_clock_new(arena, lanes);
		actor->publish[to] = cdma_clock_new(arena, lanes);
	}
	actor->belief = cdma_belief_new(arena, lanes);
}

void cdma_order_actor_fini(struct cdma_order_actor *actor)
{
	cdma_vec_free(&actor->reads);
	cdma_vec_free(&actor->gains);
}

/* Most dependencies are on a read that was made just now. */
struct cdma_read *cdma_order_actor_read(struct cdma_order_actor *actor,
					uint64_t seq)
{
	size_t low = 0, high = actor->reads.nr;

	while (low < high) {
		size_t mid =
			high - low <= 4 ? high - 1 : low + (high - low) / 2;

		if (actor->reads.at[mid].seq == seq)
			return &actor->reads.at[mid];
		if (actor->reads.at[mid].seq < seq)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

bool cdma_order_believes(const struct cdma_order_actor *actor,
			 cdma_actor_id other, uint32_t epoch)
{
	return other < actor->belief->actors &&
	       epoch <= actor->belief->at[other];
}

static bool raise(struct cdma_order_actor *actor, struct cdma_arena *arena,
		  uint32_t who, uint32_t epoch)
{
	if (who >= actor->belief->actors)
		actor->belief = cdma_belief_copy(arena, actor->belief, who + 1);
	if (epoch <= actor->belief->at[who])
		return false;
	actor->belief->at[who] = epoch;
	return true;
}

bool cdma_order_believe(struct cdma_order_actor *actor,
			struct cdma_arena *arena,
			const struct cdma_belief *other, cdma_actor_id from,
			uint32_t epoch)
{
	bool news = raise(actor, arena, from, epoch);
	uint32_t *at;

	if (other && other->actors > actor->belief->actors)
		actor->belief =
			cdma_belief_copy(arena, actor->belief, other->actors);
	at = actor->belief->at;
	for (uint32_t i = 0; other && i < other->actors; i++) {
		news |= at[i] < other->at[i];
		at[i] = at[i] < other->at[i] ? other->at[i] : at[i];
	}
	if (news)
		actor->belief_copy = NULL;
	return news;
}

const struct cdma_gain *cdma_order_gain(const struct cdma_order_actor *actor,
					cdma_actor_id other, uint32_t epoch)
{
	for (size_t i = 0; i < actor->gains.nr; i++) {
		const struct cdma_gain *gain = &actor->gains.at[i];

		if (gain->from == other && gain->epoch >= epoch)
			return gain;
		if (gain->belief && other < gain->belief->actors &&
		    gain->belief->at[other] >= epoch)
			return gain;
	}
	return NULL;
}

const struct cdma_clock *cdma_order_known(struct cdma_order_actor *actor,
					  struct cdma_arena *arena)
{
	struct cdma_clock *copy;

	if (!actor->known_copy) {
		copy = cdma_clock_copy(arena, actor->kr, actor->kw->lanes);
		cdma_clock_join(arena, &copy, actor->kw);
		actor->known_copy = copy;
	}
	return actor->known_copy;
}

const struct cdma_clock *cdma_order_published(struct cdma_order_actor *actor,
					      struct cdma_arena *arena,
					      enum cdma_towards to)
{
	if (!actor->publish_copy[to])
		actor->publish_copy[to] =
			cdma_clock_copy(arena, actor->publish[to], 0);
	return actor->publish_copy[to];
}

const struct cdma_belief *cdma_order_belief(struct cdma_order_actor *actor,
					    struct cdma_arena *arena)
{
	if (!actor->belief_copy)
		actor->belief_copy = cdma_belief_copy(arena, actor->belief, 0);
	return actor->belief_copy;
}
