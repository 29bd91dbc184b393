/* SPDX-License-Identifier: MIT */
#include "order/clock.h"

#include <stddef.h>
#include <string.h>

/* Clocks have a multiple of this many lanes. */
#define LANES_STEP 2

struct cdma_clock *cdma_clock_new(struct cdma_arena *arena, uint32_t lanes)
{
	struct cdma_clock *clock;

	lanes = (lanes + LANES_STEP - 1) & ~(uint32_t)(LANES_STEP - 1);
	clock = cdma_arena_alloc(arena,
				 sizeof(*clock) + lanes * sizeof(clock->at[0]));

	clock->lanes = lanes;
	clock->nr_dots = clock->room_dots = 0;
	clock->reaches = false;
	clock->dots = NULL;
	memset(clock->at, 0, lanes * sizeof(clock->at[0]));
	return clock;
}

struct cdma_clock *cdma_clock_copy(struct cdma_arena *arena,
				   const struct cdma_clock *clock,
				   uint32_t lanes)
{
	struct cdma_clock *copy;

	if (lanes < clock->lanes)
		lanes = clock->lanes;
	copy = cdma_clock_new(arena, lanes);
	copy->reaches = clock->reaches;
	memcpy(copy->at, clock->at, clock->lanes * sizeof(clock->at[0]));
	if (clock->nr_dots) {
		copy->nr_dots = copy->room_dots = clock->nr_dots;
		copy->dots = cdma_arena_alloc(
			arena, clock->nr_dots * sizeof(*clock->dots));
		memcpy(copy->dots, clock->dots,
		       clock->nr_dots * sizeof(*clock->dots));
	}
	return copy;
}

static void grow(struct cdma_arena *arena, struct cdma_clock **clock,
		 uint32_t lanes)
{
	if ((*clock)->lanes < lanes)
		*clock = cdma_clock_copy(arena, *clock, lanes);
}

/* Drop the dots that the prefix has come to reach. */
static void drop_reached(struct cdma_clock *clock)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < clock->nr_dots; i++) {
		const struct cdma_dot *dot = &clock->dots[i];

		if (dot->lane >= clock->lanes ||
		    dot->epoch > clock->at[dot->lane][dot->side])
			clock->dots[kept++] = *dot;
	}
	clock->nr_dots = kept;
}

bool cdma_clock_raise(struct cdma_arena *arena, struct cdma_clock **clock,
		      uint32_t lane, enum cdma_side side, uint32_t epoch)
{
	if (!epoch)
		return false;
	grow(arena, clock, lane + 1);
	if ((*clock)->at[lane][side] >= epoch)
		return false;
	(*clock)->at[lane][side] = epoch;
	(*clock)->reaches = true;
	drop_reached(*clock);
	return true;
}

static bool same_place(const struct cdma_dot *a, const struct cdma_dot *b)
{
	return a->place == b->place && a->lane == b->lane && a->side == b->side;
}

bool cdma_clock_has_dot(const struct cdma_clock *clock,
			const struct cdma_dot *dot)
{
	for (uint32_t i = 0; i < clock->nr_dots; i++)
		if (same_place(&clock->dots[i], dot))
			return clock->dots[i].epoch >= dot->epoch;
	return false;
}

bool cdma_clock_add_dot(struct cdma_arena *arena, struct cdma_clock **clock,
			const struct cdma_dot *dot)
{
	struct cdma_clock *c = *clock;

	if (dot->lane < c->lanes && dot->epoch <= c->at[dot->lane][dot->side])
		return false;
	for (uint32_t i = 0; i < c->nr_dots; i++) {
		if (!same_place(&c->dots[i], dot))
			continue;
		if (c->dots[i].epoch >= dot->epoch)
			return false;
		c->dots[i].epoch = dot->epoch;
		return true;
	}
	if (c->nr_dots == c->room_dots) {
		uint32_t room = c->room_dots ? 2 * c->room_dots : 4;
		struct cdma_dot *dots =
			cdma_arena_alloc(arena, room * sizeof(*dots));

		if (c->nr_dots)
			memcpy(dots, c->dots, c->nr_dots * sizeof(*dots));
		c->dots = dots;
		c->room_dots = room;
	}
	c->dots[c->nr_dots++] = *dot;
	c->reaches = true;
	return true;
}

/* The dots of @other, of the sides below @sides. */
static bool join_dots(struct cdma_arena *arena, struct cdma_clock **clock,
		      const struct cdma_clock *other, int sides)
{
	bool changed = false;

	for (uint32_t i = 0; i < other->nr_dots; i++)
		if (other->dots[i].side < sides)
			changed |= cdma_clock_add_dot(arena, clock,
						      &other->dots[i]);
	return changed;
}

/* Two lanes at once.  Epochs stay below 2^31, and signed numbers are what the
 * vector units of common machines compare. */
typedef int32_t pair_t __attribute__((vector_size(16), aligned(8), may_alias));

bool cdma_clock_join(struct cdma_arena *arena, struct cdma_clock **clock,
		     const struct cdma_clock *other)
{
	pair_t any = {0};
	bool changed;

	if (!other || !other->reaches || other == *clock)
		return false;
	grow(arena, clock, other->lanes);
	for (uint32_t lane = 0; lane < other->lanes; lane += LANES_STEP) {
		pair_t *to = (pair_t *)(*clock)->at[lane];
		pair_t from = *(const pair_t *)other->at[lane];
		pair_t more = from > *to;

		any |= more;
		*to = (from & more) | (*to & ~more);
	}
	changed = any[0] | any[1] | any[2] | any[3];
	(*clock)->reaches = true;
	if (changed && (*clock)->nr_dots)
		drop_reached(*clock);
	if (other->nr_dots)
		changed |= join_dots(arena, clock, other, 2);
	return changed;
}

bool cdma_clock_join_writes(struct cdma_arena *arena, struct cdma_clock **clock,
			    const struct cdma_clock *other)
{
	bool changed = false;

	if (!other->reaches)
		return false;
	(*clock)->reaches = true;
	grow(arena, clock, other->lanes);
	for (uint32_t lane = 0; lane < other->lanes; lane++)
		if ((*clock)->at[lane][CDMA_WRITES] <
		    other->at[lane][CDMA_WRITES]) {
			(*clock)->at[lane][CDMA_WRITES] =
				other->at[lane][CDMA_WRITES];
			changed = true;
		}
	if (changed && (*clock)->nr_dots)
		drop_reached(*clock);
	return changed | join_dots(arena, clock, other, 1);
}
