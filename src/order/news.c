/* SPDX-License-Identifier: MIT */
#include "order/state.h"

/*
 * What an actor has not heard of in any way, by clock or belief, it may meet:
 * nobody relied on anything, and it hides nothing.  Where two sides poll or
 * count in one word, that is most of what was ever done there, so all of it is
 * passed at once.
 */

static uint32_t larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* The newest access of @lane to the place of @step that @clock may reach. */
static uint32_t reach(const struct cdma_step *step,
		      const struct cdma_clock *clock, uint16_t lane)
{
	cdma_place_t granule = step->dot.place >> 8;
	uint32_t most = 0;

	if (!clock)
		return 0;
	if (lane < clock->lanes)
		most = larger(clock->at[lane][CDMA_WRITES],
			      clock->at[lane][CDMA_READS]);
	for (uint32_t i = 0; i < clock->nr_dots; i++)
		if (clock->dots[i].lane == lane &&
		    clock->dots[i].place >> 8 == granule)
			most = larger(most, clock->dots[i].epoch);
	return most;
}

/* The newest access in the lane of @record that the actor may have heard of. */
static uint32_t heard(const struct cdma_step *step,
		      const struct cdma_record *record)
{
	const struct cdma_order_actor *actor = step->actor;
	const struct cdma_clock *const clocks[] = {
		step->known,
		step->past.clock,
		actor->kr,
		actor->unseen,
		actor->late[CDMA_TO_CPU],
		actor->late[CDMA_TO_DEV],
		actor->publish[CDMA_BY_CPU],
		actor->publish[CDMA_BY_DEV],
		actor->pending[CDMA_BY_CPU],
		actor->pending[CDMA_BY_DEV],
		actor->pending[CDMA_BY_REG],
		step->last ? step->last->to_cpu.base : NULL,
	};
	uint32_t most = 0;

	if (step->belief && record->actor < step->belief->actors)
		most = step->belief->at[record->actor];
	for (size_t i = 0; i < ARRAY_SIZE(clocks); i++)
		most = larger(most, reach(step, clocks[i], record->dot.lane));
	/* Who knows the read of a read-modify-write knows what came of it. */
	return most + 1;
}

/* When the actor last had to do with the granule itself. */
static uint64_t last_here(const struct cdma_step *step)
{
	const struct cdma_column *own =
		cdma_cell_find(step->cell, step->actor->lane);
	uint64_t read = own && own->reads ? own->reads->seq : 0;
	uint64_t store = own && own->stores ? own->stores->seq : 0;

	return read > store ? read : store;
}

/* When @actor stored to the granule last. */
static uint64_t last_store(const struct cdma_step *step, cdma_actor_id actor)
{
	const struct cdma_column *column = step->cell->columns;
	uint64_t last = 0;

	for (; column; column = column->next)
		if (column->actor == actor && column->stores &&
		    column->stores->seq > last)
			last = column->stores->seq;
	return last;
}

const struct cdma_record *cdma_order_pass_news(const struct cdma_step *step,
					       const struct cdma_record *record)
{
	uint32_t epoch;
	uint64_t seen;

	if (step->cell->odd || step->cell->handovers ||
	    cdma_order_is_odd(step->order, step->ev) ||
	    (step->ev->kind == CDMA_EV_READ && step->ev->addr_dep))
		return record;
	/* Coherence: a store that was seen, a read behind which its actor
	 * stored. */
	if (record->kind == CDMA_EV_WRITE)
		seen = last_here(step);
	else
		seen = last_store(step, record->actor);
	epoch = heard(step, record);
	while (record && record->dot.epoch > epoch && record->seq > seen) {
		const struct cdma_record *jump = record->jump;

		record = jump && jump->dot.epoch > epoch && jump->seq > seen
				 ? jump
				 : record->older;
	}
	return record;
}
