/* SPDX-License-Identifier: MIT */
#include "order/actor.h"

#include <stddef.h>
#include <string.h>

void cdma_order_actor_reset(struct cdma_order_actor *actor)
{
	memset(actor, 0, offsetof(struct cdma_order_actor, reads));
	actor->reads.nr = actor->gains.nr = 0;
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

bool cdma_order_believe(struct cdma_order_actor *actor,
			struct cdma_arena *arena,
			const struct cdma_belief *belief, cdma_actor_id other,
			uint32_t epoch)
{
	bool news = cdma_belief_join(arena, &actor->belief, belief);

	return cdma_belief_raise(arena, &actor->belief, other, epoch) || news;
}

const struct cdma_gain *cdma_order_gain(struct cdma_order_actor *actor,
					cdma_actor_id other, uint32_t epoch)
{
	struct cdma_asked *asked = &actor->asked[other % CDMA_ASKED_NR];
	size_t i = 0;

	if (asked->other == other && asked->epoch <= epoch)
		i = asked->gain;
	for (; i < actor->gains.nr; i++) {
		const struct cdma_gain *gain = &actor->gains.at[i];

		if ((gain->from == other && gain->epoch >= epoch) ||
		    cdma_belief_has(gain->belief, other, epoch)) {
			*asked = (struct cdma_asked){epoch, other, i};
			return gain;
		}
	}
	return NULL;
}

const struct cdma_clock *cdma_order_known(struct cdma_order_actor *actor,
					  struct cdma_arena *arena)
{
	if (!actor->known) {
		struct cdma_clock *known = actor->kr;

		cdma_clock_freeze(actor->kr);
		cdma_clock_freeze(actor->kw);
		cdma_clock_join(arena, &known, actor->kw);
		actor->known = cdma_clock_freeze(known);
	}
	return actor->known;
}
