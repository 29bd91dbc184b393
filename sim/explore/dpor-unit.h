/* SPDX-License-Identifier: MIT */
#ifndef EXPLORE_DPOR_UNIT_H
#define EXPLORE_DPOR_UNIT_H

/*
 * Unit: a part of the tree of executions, for one worker to explore.
 *
 * A unit is the way from the root to a branch, what sleeps beside that way, and
 * what is known below the branch.  The worker explores all that is below it, or
 * as many executions of it as its budget allows, and reports: what came of the
 *branch, and the rows that reverse races at points of the way, which others may
 *explore, too.  tree.h deals out the units and puts together what comes back.
 *
 * Usage
 * -----
 * What a worker does, subtree.h; here is a unit whose branch is ready:
 *
 *	dpor_unit_begin(d, &unit);
 *	do {
 *		dpor_begin(d);
 *		… as in dpor.h …
 *	} while (dpor_end(d));
 *	dpor_unit_end(d, &result);
 *
 * The structs here are plain data: integers, flags and arrays of them.  Copied
 * field by field to another process they mean the same there.
 */

#include "base/vec.h"
#include "explore/dpor.h"
#include "explore/footprint.h"

/* One step of the way to the branch: @actor went @way. */
struct dpor_unit_step {
	uint32_t actor, way; /* the way of the last may be DPOR_ANY_WAY */
	/* The sleepers of this step's point, next in unit.before. */
	uint32_t nr_before;
};

/* A step that has been tried at a point: others need not begin with it. */
struct dpor_sleeper {
	uint32_t actor, way;
	uint32_t nr_ways; /* in which the step can go; at least 1 */
	struct footprint fp;
};

/* What is known of a branch. */
enum dpor_branch_state {
	DPOR_DONE, /* all that is below has been explored */
	DPOR_OPEN, /* its children say what is below */
	DPOR_READY /* nothing that is below has been explored */
};

/* A branch of the tree, in a list of them in preorder. */
struct dpor_branch {
	/* 0: a branch that the list is of.  Else a child of the last one before
	 * it that has one less. */
	uint32_t level;
	uint8_t state; /* enum dpor_branch_state */
	bool known;    /* the step was done here: nr_ways and fp are right */
	bool unforced; /* ready: it goes way `way' and the further ways */
	bool raced;    /* ready: it is the end of a row */
	bool inner;    /* open: rows from the left may be added below */
	uint32_t actor, way; /* ready and raced: DPOR_ANY_WAY is possible */
	uint32_t nr_ways;    /* at least 1 */
	struct footprint fp;
};

struct dpor_unit {
	uint32_t number; /* from 0, in the order in which they are given out */
	uint32_t first;  /* of the path, whose races nobody has looked for */
	uint64_t budget; /* of executions; 0: all that there are */
	bool plain;      /* the order of plain accesses counts */
	bool closed; /* no row will be added below the branch from its left */
	/* The way from the root to the branch, with its own step the last;
	 * empty when it is the root. */
	CDMA_VEC(struct dpor_unit_step) path;
	/* Earlier siblings of the path's steps: those of path step 0, then
	 * those of step 1, and so on. */
	CDMA_VEC(struct dpor_sleeper) before;
	/* The branch, with level 0, and what is below it.  Ready and alone:
	 * nothing of it has been explored. */
	CDMA_VEC(struct dpor_branch) branches;
};

/* Like free(): nothing is left of what it holds. */
void dpor_unit_fini(struct dpor_unit *unit);

/* What a step of the path did that had not been known. */
struct dpor_done {
	uint32_t way;     /* it went; not the one asked for if it has fewer */
	uint32_t nr_ways; /* at least 1 */
	/* It has a further way, that is tried from the same point. */
	bool has_next;
	uint32_t next;
	struct footprint fp;
};

/* A step of a row. */
struct dpor_row_step {
	uint32_t point;      /* path step before which the row begins */
	bool last;           /* of its row */
	uint32_t actor, way; /* the way of the last may be DPOR_ANY_WAY */
	uint32_t nr_ways;    /* at least 1 */
	struct footprint fp;
};

#define DPOR_POSSIBLE UINT32_MAX

struct dpor_result {
	uint32_t number; /* of the unit */
	/* Of the path, the step whose actor cannot run there: the branch that
	 * begins with it is none.  DPOR_POSSIBLE: all could.  Else nothing
	 * follows in the lists below. */
	uint32_t impossible;
	uint64_t executions, blocked; /* of this unit alone */
	/* A data race was found.  Not set by dpor_unit_end(), which knows
	 * nothing of them. */
	bool data_race;
	/* Path steps from unit.first to the last but one, in this order. */
	CDMA_VEC(struct dpor_done) done;
	/* What takes the place of the unit's branch: itself and the other ways
	 * of its step have level 0.  The root, which is no step: its actor,
	 * way and footprint mean nothing. */
	CDMA_VEC(struct dpor_branch) branches;
	/* One row after the other, in the order in which they are inserted. */
	CDMA_VEC(struct dpor_row_step) rows;
};

/* Nothing is left of what it holds. */
void dpor_result_fini(struct dpor_result *result);

/*
 * Explore @unit: what dpor_begin() to dpor_end() do until dpor_end() returns
 * false is about that unit.
 *
 * @unit: its branch is ready; borrowed until dpor_unit_end().
 */
void dpor_unit_begin(struct dpor *dpor, const struct dpor_unit *unit);

/*
 * The unit is over: dpor_end() returned false.
 *
 * @out: overwritten; its arrays are used again, and all zero bytes is fine.
 */
void dpor_unit_end(struct dpor *dpor, struct dpor_result *out);

#endif /* EXPLORE_DPOR_UNIT_H */
