/* SPDX-License-Identifier: MIT */
#include "order/clock.h"

#include <stddef.h>
#include <string.h>

/* Clocks have a multiple of this many lanes. */
#define LANES_STEP 2

static struct cdma_clock *clock_new(struct cdma_arena *arena, uint32_t lanes)
{
	struct cdma_clock *clock;

	lanes = (lanes + LANES_STEP - 1) & ~(uint32_t)(LANES_STEP - 1);
	clock = cdma_arena_alloc(arena,
				 sizeof(*clock) + lanes * sizeof(clock->at[0]));

	clock->lanes = lanes;
	clock->nr_dots = clock->room_dots = 0;
	clock->frozen = false;
	clock->dots = NULL;
	memset(clock->at, 0, lanes * sizeof(clock->at[0]));
	return clock;
}

static struct cdma_clock *clock_copy(struct cdma_arena *arena,
				     const struct cdma_clock *clock,
				     uint32_t lanes)
{
	struct cdma_clock *copy =
		clock_new(arena, lanes > clock->lanes ? lanes : clock->lanes);

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

/* *@clock, with at least @lanes lanes, for the caller to change. */
static struct cdma_clock *own(struct cdma_arena *arena,
			      struct cdma_clock **clock, uint32_t lanes)
{
	if (!*clock)
		*clock = clock_new(arena, lanes);
	else if ((*clock)->frozen || (*clock)->lanes < lanes)
		*clock = clock_copy(arena, *clock, lanes);
	return *clock;
}

/* Drop the dots that the prefix has come to reach. */
static void drop_reached(struct cdma_clock *clock)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < clock->nr_dots; i++) {
		const struct cdma_dot *dot = &clock->dots[i];

		if (!cdma_clock_reaches(clock, dot->lane, dot->side,
					dot->epoch))
			clock->dots[kept++] = *dot;
	}
	clock->nr_dots = kept;
}

void cdma_clock_raise_slow(struct cdma_arena *arena, struct cdma_clock **clock,
			   uint32_t lane, enum cdma_side side, uint32_t epoch)
{
	struct cdma_clock *c = own(arena, clock, lane + 1);

	c->at[lane][side] = epoch;
	if (c->nr_dots)
		drop_reached(c);
}

/* Dots lie in this order: less than 0, 0, more than 0. */
static int compare(const struct cdma_dot *a, const struct cdma_dot *b)
{
	if (a->lane != b->lane)
		return a->lane < b->lane ? -1 : 1;
	if (a->side != b->side)
		return a->side < b->side ? -1 : 1;
	return a->place < b->place ? -1 : a->place > b->place;
}

/* The first dot of @clock that is not before @dot; nr_dots: there is none. */
static uint32_t find_place(const struct cdma_clock *clock,
			   const struct cdma_dot *dot)
{
	uint32_t first = 0, nr = clock->nr_dots;

	while (nr) {
		uint32_t half = nr / 2;

		if (compare(&clock->dots[first + half], dot) < 0) {
			first += half + 1;
			nr -= half + 1;
		} else {
			nr = half;
		}
	}
	return first;
}

static bool is_at(const struct cdma_clock *clock, uint32_t i,
		  const struct cdma_dot *dot)
{
	return i < clock->nr_dots && !compare(&clock->dots[i], dot);
}

bool cdma_clock_has_dot(const struct cdma_clock *clock,
			const struct cdma_dot *dot)
{
	uint32_t i = find_place(clock, dot);

	return is_at(clock, i, dot) && clock->dots[i].epoch >= dot->epoch;
}

/* Room for @more dots. */
static void make_room(struct cdma_arena *arena, struct cdma_clock *clock,
		      uint32_t more)
{
	uint32_t room = clock->room_dots ? 2 * clock->room_dots : 4;
	struct cdma_dot *dots;

	if (clock->nr_dots + more <= clock->room_dots)
		return;
	if (room < clock->nr_dots + more)
		room = clock->nr_dots + more;
	dots = cdma_arena_alloc(arena, room * sizeof(*dots));
	if (clock->nr_dots)
		memcpy(dots, clock->dots, clock->nr_dots * sizeof(*dots));
	clock->dots = dots;
	clock->room_dots = room;
}

bool cdma_clock_add_dot(struct cdma_arena *arena, struct cdma_clock **clock,
			const struct cdma_dot *dot)
{
	struct cdma_clock *c = *clock;
	uint32_t i = c ? find_place(c, dot) : 0;

	if (c && (cdma_clock_reaches(c, dot->lane, dot->side, dot->epoch) ||
		  (is_at(c, i, dot) && c->dots[i].epoch >= dot->epoch)))
		return false;
	c = own(arena, clock, 0);
	if (!is_at(c, i, dot)) {
		make_room(arena, c, 1);
		memmove(c->dots + i + 1, c->dots + i,
			(c->nr_dots - i) * sizeof(*c->dots));
		c->nr_dots++;
	}
	c->dots[i] = *dot;
	return true;
}

/* Two lanes at once.  Epochs stay below 2^31, and signed numbers are what the
 * vector units of common machines compare. */
typedef int32_t pair_t __attribute__((vector_size(16), aligned(8), may_alias));

/* What counts of two lanes: all, or one side alone. */
static const pair_t both_sides = {-1, -1, -1, -1};
static const pair_t one_side[] = {{-1, 0, -1, 0}, {0, -1, 0, -1}};

static pair_t pair_of(const struct cdma_clock *clock, uint32_t lane)
{
	return *(const pair_t *)clock->at[lane];
}

/* The same of the dots of @other alone. */
static bool covers_dots(const struct cdma_clock *clock,
			const struct cdma_clock *other, pair_t sides)
{
	uint32_t at = 0;

	for (uint32_t i = 0; i < other->nr_dots; i++) {
		const struct cdma_dot *dot = &other->dots[i];

		if (!sides[dot->side] ||
		    cdma_clock_reaches(clock, dot->lane, dot->side, dot->epoch))
			continue;
		while (at < clock->nr_dots &&
		       compare(&clock->dots[at], dot) < 0)
			at++;
		if (!is_at(clock, at, dot) ||
		    clock->dots[at].epoch < dot->epoch)
			return false;
	}
	return true;
}

/* Whether @clock comes after all that @other does, of those @sides. */
static bool covers(const struct cdma_clock *clock,
		   const struct cdma_clock *other, pair_t sides)
{
	pair_t any = {0};

	for (uint32_t lane = 0; lane < other->lanes; lane += LANES_STEP) {
		pair_t from = pair_of(other, lane), none = {0};

		any |= from >
		       (lane < clock->lanes ? pair_of(clock, lane) : none);
	}
	any &= sides;
	if (any[0] | any[1] | any[2] | any[3])
		return false;
	return covers_dots(clock, other, sides);
}

/* Whether @dot of another clock is to be added, with those @sides. */
static bool is_wanted(const struct cdma_clock *clock,
		      const struct cdma_dot *dot, pair_t sides)
{
	return sides[dot->side] &&
	       !cdma_clock_reaches(clock, dot->lane, dot->side, dot->epoch);
}

/* Raise the dots that both have; returns how many are missing. */
static uint32_t raise_dots(struct cdma_clock *c, const struct cdma_clock *other,
			   pair_t sides)
{
	uint32_t missing = 0, at = 0;

	for (uint32_t i = 0; i < other->nr_dots; i++) {
		const struct cdma_dot *dot = &other->dots[i];

		if (!is_wanted(c, dot, sides))
			continue;
		while (at < c->nr_dots && compare(&c->dots[at], dot) < 0)
			at++;
		if (!is_at(c, at, dot))
			missing++;
		else if (c->dots[at].epoch < dot->epoch)
			c->dots[at].epoch = dot->epoch;
	}
	return missing;
}

/* Two rows become one, from the end, so that nothing is in the way. */
static void add_dots(struct cdma_arena *arena, struct cdma_clock *c,
		     const struct cdma_clock *other, pair_t sides)
{
	uint32_t missing = raise_dots(c, other, sides);
	uint32_t from = c->nr_dots, i = other->nr_dots;

	if (!missing)
		return;
	make_room(arena, c, missing);
	for (c->nr_dots += missing; missing; i--) {
		const struct cdma_dot *dot = &other->dots[i - 1];

		if (!is_wanted(c, dot, sides))
			continue;
		while (from && compare(&c->dots[from - 1], dot) > 0) {
			c->dots[from + missing - 1] = c->dots[from - 1];
			from--;
		}
		if (from && !compare(&c->dots[from - 1], dot))
			continue;
		c->dots[from + --missing] = *dot;
	}
}

/* Add what @other has of those @sides. */
static void add(struct cdma_arena *arena, struct cdma_clock **clock,
		const struct cdma_clock *other, pair_t sides)
{
	struct cdma_clock *c = own(arena, clock, other->lanes);

	for (uint32_t lane = 0; lane < other->lanes; lane += LANES_STEP) {
		pair_t *to = (pair_t *)c->at[lane];
		pair_t from = pair_of(other, lane);
		pair_t more = (from > *to) & sides;

		*to = (from & more) | (*to & ~more);
	}
	if (c->nr_dots)
		drop_reached(c);
	if (other->nr_dots)
		add_dots(arena, c, other, sides);
}

bool cdma_clock_join_slow(struct cdma_arena *arena, struct cdma_clock **clock,
			  const struct cdma_clock *other)
{
	const struct cdma_clock *c = *clock;

	if (c && covers(c, other, both_sides))
		return false;
	/* Where a copy would be made anyway, the same clock serves both. */
	if (other->frozen &&
	    (!c || (c->frozen && covers(other, c, both_sides))))
		*clock = (struct cdma_clock *)other;
	else
		add(arena, clock, other, both_sides);
	return true;
}

/* Whether @clock comes after nothing of those @sides: an empty clock covers. */
static bool is_empty(const struct cdma_clock *clock, pair_t sides)
{
	pair_t any = {0};

	for (uint32_t lane = 0; lane < clock->lanes; lane += LANES_STEP)
		any |= pair_of(clock, lane);
	any &= sides;
	if (any[0] | any[1] | any[2] | any[3])
		return false;
	for (uint32_t i = 0; i < clock->nr_dots; i++)
		if (sides[clock->dots[i].side])
			return false;
	return true;
}

static bool covers_side(const struct cdma_clock *clock,
			const struct cdma_clock *other, pair_t sides)
{
	return clock ? covers(clock, other, sides) : is_empty(other, sides);
}

bool cdma_clock_covers_but(const struct cdma_clock *clock,
			   const struct cdma_clock *other, uint32_t lane,
			   uint32_t epoch)
{
	static const uint32_t none[2];

	if (!other || other == clock)
		return true;
	for (uint32_t i = 0; i < other->lanes; i++) {
		const uint32_t *at =
			clock && i < clock->lanes ? clock->at[i] : none;

		if ((i != lane &&
		     other->at[i][CDMA_WRITES] > at[CDMA_WRITES]) ||
		    (other->at[i][CDMA_READS] > at[CDMA_READS] &&
		     (i != lane || other->at[i][CDMA_READS] > epoch)))
			return false;
	}
	for (uint32_t i = 0; i < other->nr_dots; i++) {
		const struct cdma_dot *dot = &other->dots[i];

		if (!cdma_clock_has(clock, dot) &&
		    (dot->lane != lane ||
		     (dot->side == CDMA_READS && dot->epoch > epoch)))
			return false;
	}
	return true;
}

bool cdma_clock_covers_reads(const struct cdma_clock *clock,
			     const struct cdma_clock *other)
{
	return !other || covers_side(clock, other, one_side[CDMA_READS]);
}

bool cdma_clock_join_side_slow(struct cdma_arena *arena,
			       struct cdma_clock **clock,
			       const struct cdma_clock *other,
			       enum cdma_side side)
{
	const pair_t sides = one_side[side];

	if (covers_side(*clock, other, sides))
		return false;
	add(arena, clock, other, sides);
	return true;
}
