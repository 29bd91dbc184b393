/* SPDX-License-Identifier: MIT */
#ifndef EXPLORE_DPOR_UNIT_H
#define EXPLORE_DPOR_UNIT_H

/*
 * Unit: a part of the tree of executions, for one worker to explore.
 *
 * A unit is the way from the root to a branch, and what has been or will be
 * tried beside that way.  The worker explores all that begins with the branch.
 * tree.h deals out the units and puts together what comes back.
 *
 * Sources
 * -------
 * Points of the way belong to others as well, and nobody knows all the rows
 * that are tried from there.  So races are reversed there by source sets
 * (Abdulla, Aronis, Jonsson, Sagonas, JACM 2017), which need no rows: a race
 * asks for one more branch at the point, unless one of the steps that its row
 * could begin with is a branch there already.  Behind the way the worker goes
 *on with rows, as one dpor does.  Nothing is explored twice for all that, but
 * some executions are begun that end because all who could go on sleep.
 *
 * Budget
 * ------
 * A unit that has used up its budget gives away the first point that it has to
 * itself: what was still to be tried there becomes branches for others, and it
 * goes on with where it is, for a small part of the budget; and so on.  So it
 * comes to its end soon, it gives away what is large, and nothing is done
 * twice.
 *
 * Usage
 * -----
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

/* A step that has been tried at a point: others need not begin with it. */
struct dpor_sleeper {
	uint32_t actor, way;
	uint32_t nr_ways; /* in which the step can go; at least 1 */
	/* It stands only for what begins with it, and not for what it does not
	 * depend on: somebody else explores that, or it may not be woken. */
	bool foreign;
	struct footprint fp;
};

/* One step of the way to the branch: @actor went @way. */
struct dpor_unit_step {
	uint32_t actor, way; /* the way of the last may be DPOR_ANY_WAY */
	uint32_t nr_beside;  /* other branches of its point, next in beside */
};

/* A branch beside the way. */
struct dpor_beside {
	bool sleeps;         /* it is to the left of the way */
	uint32_t actor, way; /* the way: may be DPOR_ANY_WAY unless it sleeps */
	uint32_t nr_ways;    /* at least 1 */
	struct footprint fp;
};

struct dpor_unit {
	uint32_t number; /* from 0, in the order in which they are given out */
	uint64_t budget; /* of executions; 0: all that there are */
	bool plain;      /* the order of plain accesses counts */
	bool unforced;   /* the last step goes its way and the further ones */
	bool raced;      /* the last step ends the row that it was made for */
	/* The way from the root to the branch, with its own step the last;
	 * empty when it is the root. */
	CDMA_VEC(struct dpor_unit_step) path;
	/* Those of path step 0, then those of step 1, and so on. */
	CDMA_VEC(struct dpor_beside) beside;
};

/* Like free(): nothing is left of what it holds. */
void dpor_unit_fini(struct dpor_unit *unit);

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
	uint8_t state;       /* enum dpor_branch_state */
	bool unforced;       /* ready: it goes its way and the further ones */
	bool raced;          /* ready: as in struct dpor_unit */
	uint32_t actor, way; /* ready and raced: DPOR_ANY_WAY is possible */
	uint32_t nr_ways;    /* at least 1 */
	struct footprint fp;
};

/* A step that a row could begin with.  One of them has to be a branch at the
 * point; when none is, the first one becomes one. */
struct dpor_initial {
	uint32_t point;      /* the path step before which the row begins */
	bool last;           /* of its row */
	bool raced;          /* the row has no other step */
	uint32_t actor, way; /* raced: DPOR_ANY_WAY is possible */
	uint32_t nr_ways;    /* at least 1 */
	struct footprint fp;
};

struct dpor_result {
	uint32_t number;              /* of the unit */
	uint64_t executions, blocked; /* of this unit alone */
	bool met;                     /* dpor_met() */
	/* What takes the place of the unit's branch: itself and the other ways
	 * of its step have level 0.  The root, which is no step: its actor,
	 * way and footprint mean nothing.  None: its step sleeps where it
	 * should be done. */
	CDMA_VEC(struct dpor_branch) branches;
	/* One row after the other.  Points count from the root; those of the
	 * branches above are among them. */
	CDMA_VEC(struct dpor_initial) initials;
};

/* Nothing is left of what it holds. */
void dpor_result_fini(struct dpor_result *result);

/* Explore @unit: what dpor_begin() to dpor_end() do until dpor_end() returns
 * false is about that unit.  Borrowed until dpor_unit_end(). */
void dpor_unit_begin(struct dpor *dpor, const struct dpor_unit *unit);

/*
 * The unit is over: dpor_end() returned false.
 *
 * @out: overwritten; its arrays are used again, and all zero bytes is fine.
 */
void dpor_unit_end(struct dpor *dpor, struct dpor_result *out);

#endif /* EXPLORE_DPOR_UNIT_H */
