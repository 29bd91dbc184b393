/* SPDX-License-Identifier: MIT */
#ifndef EXPLORE_WAKEUP_H
#define EXPLORE_WAKEUP_H

/*
 * Wakeup tree: the beginnings that must still be explored from one point.
 *
 * Each path from the root is a row of steps that reverses a race.  With them,
 * instead of single steps to try, no execution is begun that turns out to be
 * one that was seen (Abdulla, Aronis, Jonsson, Sagonas: Source Sets, JACM 2017;
 * insert() below is theirs).
 *
 * Lifetime: nodes belong to the pool that they were taken from.
 */

#include "base/arena.h"
#include "explore/footprint.h"

struct wakeup {
	struct wakeup *child; /* the first; they are tried in this order */
	struct wakeup *next;  /* sibling */
	const struct footprint *fp; /* what the step touched when it was seen */
	uint32_t actor;
	uint32_t way; /* of the ways the step can go, see dpor_value() */
	uint32_t nr_ways;
	bool raced; /* it is the step that was raced with */
	bool maybe; /* a wait of which nobody knows whether it can go on there
		     */
	bool doubt; /* it need not wake a wait that sleeps beside it */
	bool ends;  /* a row that was collected ends here */
};

/* Trees can be large, and few steps touch anything new: nodes share their
 * footprints. */
struct wakeup_pool {
	struct cdma_arena arena;
	struct wakeup *unused;          /* linked by next */
	const struct footprint **known; /* owned; open addressing */
	uint32_t nr, room;              /* of known; room: a power of two */
};

void wakeup_pool_fini(struct wakeup_pool *pool);

/* One step of a row that is to be inserted. */
struct wakeup_step {
	uint32_t actor, way, nr_ways;
	bool raced, maybe;          /* as in struct wakeup */
	const struct footprint *fp; /* borrowed for the call */
};

/* Whether a step could as well come first in a row. */
enum initial {
	INITIAL_NO,
	INITIAL_WEAK, /* it is not in the row, and nothing there conflicts */
	INITIAL_YES,  /* it is, and nothing before it conflicts */
};

enum initial wakeup_initial(const struct wakeup_step *row, size_t nr,
			    const struct wakeup_step *step);

/*
 * Add @row below @children unless what is there covers it.
 *
 * @whole: nothing that could come first in it is left out of the row.
 * @row:   changed by the call.
 *
 * False: not known, as it is not whole.
 */
bool wakeup_insert(struct wakeup_pool *pool, struct wakeup **children,
		   struct wakeup_step *row, size_t nr, bool whole);

/* Whether a row at @children begins with a step that @row could begin with. */
bool wakeup_has_initial(const struct wakeup *children,
			const struct wakeup_step *row, size_t nr);

/* Add a row of the one step to those below @children, whatever is there. */
void wakeup_add(struct wakeup_pool *pool, struct wakeup **children,
		const struct wakeup_step *step);

/* Give back @node with all that is below it. */
void wakeup_free(struct wakeup_pool *pool, struct wakeup *node);

#endif /* EXPLORE_WAKEUP_H */
