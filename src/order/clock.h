/* SPDX-License-Identifier: MIT */
#ifndef CDMA_ORDER_CLOCK_H
#define CDMA_ORDER_CLOCK_H

/*
 * Clock: which accesses of every actor something comes after.
 *
 * An actor numbers its own accesses, reads and writes in one sequence: the
 * epoch.  A clock holds for each lane up to which write and up to which read
 * it reaches.  A lane is one stream of accesses that stays in order: each
 * actor has one, and a device that makes relaxed writes has a second.
 *
 * Two vectors, because the barriers are one-sided: dma_wmb() orders earlier
 * writes and no reads.  And beside them dots, single accesses that the prefix
 * does not reach: a WRITE_ONCE() without a fence is known to who reads it, but
 * the store before it is not, and must not slip in under its number.  A dot is
 * kept for each place only in its newest form: older accesses of one actor to
 * one place are ordered by coherence.
 *
 * Lifetime: clocks live in the arena of their run.
 */

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Which of the two vectors. */
enum cdma_side { CDMA_WRITES, CDMA_READS };

/* A place: eight bytes of a region and which of them.  Never 0. */
typedef uint64_t cdma_place_t;

struct cdma_dot {
	cdma_place_t place;
	uint32_t epoch;
	uint16_t lane;
	uint16_t side;
};

struct cdma_clock {
	uint32_t lanes; /* how many at[] holds; beyond it is 0 */
	uint32_t nr_dots, room_dots;
	bool reaches; /* anything at all */
	struct cdma_dot *dots;
	uint32_t at[][2]; /* by lane and side */
};

/* A clock that reaches nothing. */
struct cdma_clock *cdma_clock_new(struct cdma_arena *arena, uint32_t lanes);

/* A copy with at least @lanes lanes. */
struct cdma_clock *cdma_clock_copy(struct cdma_arena *arena,
				   const struct cdma_clock *clock,
				   uint32_t lanes);

/*
 * *@clock comes after all that @other comes after.  May replace *@clock by a
 * larger one.  @other may be NULL: nothing.
 *
 * Returns whether anything changed.
 */
bool cdma_clock_join(struct cdma_arena *arena, struct cdma_clock **clock,
		     const struct cdma_clock *other);

/* The same for the writes of @other alone. */
bool cdma_clock_join_writes(struct cdma_arena *arena, struct cdma_clock **clock,
			    const struct cdma_clock *other);

/* *@clock reaches the accesses of @side in @lane up to @epoch. */
bool cdma_clock_raise(struct cdma_arena *arena, struct cdma_clock **clock,
		      uint32_t lane, enum cdma_side side, uint32_t epoch);

/* *@clock reaches this one access. */
bool cdma_clock_add_dot(struct cdma_arena *arena, struct cdma_clock **clock,
			const struct cdma_dot *dot);

/* Whether a dot of @clock reaches @dot or a later access there. */
bool cdma_clock_has_dot(const struct cdma_clock *clock,
			const struct cdma_dot *dot);

/* Whether @clock reaches the access that @dot names, by either way. */
static inline bool cdma_clock_has(const struct cdma_clock *clock,
				  const struct cdma_dot *dot)
{
	if (!clock->reaches)
		return false;
	if (dot->lane < clock->lanes &&
	    dot->epoch <= clock->at[dot->lane][dot->side])
		return true;
	return clock->nr_dots && cdma_clock_has_dot(clock, dot);
}

#endif /* CDMA_ORDER_CLOCK_H */
