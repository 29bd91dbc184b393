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
 * NULL is a clock that reaches nothing.  Who hands a clock on freezes it; from
 * then on it is shared, and whoever adds to it gets a copy.  So what one actor
 * learns from another costs nothing while neither knows more.
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

#define CDMA_GRANULE_BITS 40

static inline cdma_place_t cdma_place(uint32_t region, uint64_t granule,
				      uint8_t mask)
{
	return ((uint64_t)region << CDMA_GRANULE_BITS ^ granule) << 8 | mask;
}

static inline uint64_t cdma_place_granule(cdma_place_t place)
{
	return place >> 8 & (((uint64_t)1 << CDMA_GRANULE_BITS) - 1);
}

struct cdma_dot {
	cdma_place_t place;
	uint32_t epoch;
	uint16_t lane;
	uint16_t side;
};

struct cdma_clock {
	uint32_t lanes; /* how many at[] holds; beyond it is 0 */
	uint32_t nr_dots, room_dots;
	bool frozen; /* others hold it, too */
	struct cdma_dot *dots;
	uint32_t at[][2]; /* by lane and side */
};

/* @clock as it is now: nobody changes it any more.  May be NULL. */
static inline const struct cdma_clock *
cdma_clock_freeze(struct cdma_clock *clock)
{
	if (clock)
		clock->frozen = true;
	return clock;
}

/* Whether the vectors of @clock reach @epoch. */
static inline bool cdma_clock_reaches(const struct cdma_clock *clock,
				      uint32_t lane, uint32_t side,
				      uint32_t epoch)
{
	return lane < clock->lanes && epoch <= clock->at[lane][side];
}

/* For the inline functions below alone: when there may be, and when there is,
 * something to add. */
bool cdma_clock_join_slow(struct cdma_arena *arena, struct cdma_clock **clock,
			  const struct cdma_clock *other);
void cdma_clock_raise_slow(struct cdma_arena *arena, struct cdma_clock **clock,
			   uint32_t lane, enum cdma_side side, uint32_t epoch);

/*
 * *@clock comes after all that @other comes after.  May replace *@clock by a
 * copy, or by @other.
 *
 * Returns whether anything changed.
 */
static inline bool cdma_clock_join(struct cdma_arena *arena,
				   struct cdma_clock **clock,
				   const struct cdma_clock *other)
{
	if (!other || other == *clock)
		return false;
	return cdma_clock_join_slow(arena, clock, other);
}

/* The same for the writes, or the reads, of @other alone. */
bool cdma_clock_join_side_slow(struct cdma_arena *arena,
			       struct cdma_clock **clock,
			       const struct cdma_clock *other,
			       enum cdma_side side);

static inline bool cdma_clock_join_writes(struct cdma_arena *arena,
					  struct cdma_clock **clock,
					  const struct cdma_clock *other)
{
	if (!other || other == *clock)
		return false;
	return cdma_clock_join_side_slow(arena, clock, other, CDMA_WRITES);
}

static inline bool cdma_clock_join_reads(struct cdma_arena *arena,
					 struct cdma_clock **clock,
					 const struct cdma_clock *other)
{
	if (!other || other == *clock)
		return false;
	return cdma_clock_join_side_slow(arena, clock, other, CDMA_READS);
}

/* Whether @clock comes after all that @other does, but for writes in @lane, and
 * reads there up to @epoch; either may be NULL. */
bool cdma_clock_covers_but(const struct cdma_clock *clock,
			   const struct cdma_clock *other, uint32_t lane,
			   uint32_t epoch);

/* Whether @clock comes after all reads that @other does; either may be NULL. */
bool cdma_clock_covers_reads(const struct cdma_clock *clock,
			     const struct cdma_clock *other);

/* *@clock reaches the accesses of @side in @lane up to @epoch. */
static inline bool cdma_clock_raise(struct cdma_arena *arena,
				    struct cdma_clock **clock, uint32_t lane,
				    enum cdma_side side, uint32_t epoch)
{
	if (!epoch || (*clock && cdma_clock_reaches(*clock, lane, side, epoch)))
		return false;
	cdma_clock_raise_slow(arena, clock, lane, side, epoch);
	return true;
}

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
	if (!clock)
		return false;
	if (cdma_clock_reaches(clock, dot->lane, dot->side, dot->epoch))
		return true;
	return clock->nr_dots && cdma_clock_has_dot(clock, dot);
}

#endif /* CDMA_ORDER_CLOCK_H */
