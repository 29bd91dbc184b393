/* SPDX-License-Identifier: MIT */
#ifndef EXPLORE_BRANCH_H
#define EXPLORE_BRANCH_H

/*
 * Branch: a step at a point of the tree of executions, and what is below it.
 *
 * Siblings are in the order in which they are explored; each sleeps while those
 * to its right are.  What is below a branch goes when all of it is explored;
 * the branch stays, to sleep, until all of its siblings are done, too.
 *
 * Rows
 * ----
 * The last step of a row is a leaf: all that sleeps where the row begins is
 * woken by it, or it would not have been added.  So what is below has no need
 * of rows that are found elsewhere.  The steps before the last are inner ones.
 * What sleeps there need not be woken by each of its children, and rows that
 * are found below what sleeps may have to be added, even when all that was
 * there has been explored.
 *
 * Lifetime: branches belong to the pool that they were taken from.
 */

#include "base/arena.h"
#include "explore/dpor-unit.h"

struct branch {
	struct branch *up;    /* NULL: the root, which is no step */
	struct branch *child; /* the leftmost; only when open */
	struct branch *next;  /* sibling to the right */
	struct footprint fp;
	uint32_t actor, way, nr_ways;
	uint8_t state;               /* enum dpor_branch_state */
	bool known, unforced, raced; /* as in struct dpor_branch */
	bool inner; /* rows from the left may be added below, while it is open
		     */
	bool idle;  /* all that is below has been explored; rows may come */
	bool out;   /* a unit explores it */
};

struct branch_pool {
	struct cdma_arena arena;
	struct branch *unused; /* linked by next */
	size_t nr;             /* in use */
};

void branch_pool_fini(struct branch_pool *pool);

/* A branch below @up that is not linked there yet, as @what says; NULL: a root.
 */
struct branch *branch_new(struct branch_pool *pool, struct branch *up,
			  const struct dpor_branch *what);

/* Give back @branch, which is not linked, with all that is below it. */
void branch_free(struct branch_pool *pool, struct branch *branch);

/* Branches from @branch on, itself included; more than @max: @max + 1. */
size_t branch_size(const struct branch *branch, size_t max);

/* Write @branch, as one of level 0, and what is below it to @out, which has
 * room for all. */
void branch_list(const struct branch *branch, struct dpor_branch *out);

/* Make what @list says.  Returns the first of those of level 0, which are
 * linked by next, below @up. */
struct branch *branch_grow(struct branch_pool *pool, struct branch *up,
			   const struct dpor_branch *list, size_t nr);

/* Put @list, siblings linked by next, in the place of @branch, and give that
 * back.  The list may be empty. */
void branch_replace(struct branch_pool *pool, struct branch *branch,
		    struct branch *list);

/* What is below @branch will not be explored. */
void branch_lose(struct branch_pool *pool, struct branch *branch);

/* The step of @branch was done. */
void branch_learn(struct branch_pool *pool, struct branch *branch,
		  const struct dpor_done *done);

/*
 * Add a row below @up unless what is there covers it.
 *
 * @row: changed by the call.
 * @nr:  its steps; those that are left of it.
 *
 * Returns a branch that is out, below which the rest of the row belongs, or
 * NULL: the row is settled.
 */
struct branch *branch_add_row(struct branch_pool *pool, struct branch *up,
			      struct dpor_row_step *row, size_t *nr);

/*
 * Find what has been explored, of @branch and what is below it.
 *
 * @closed: no row will be added below @branch from its left.
 *
 * Returns whether all of it has been.
 */
bool branch_settle(struct branch_pool *pool, struct branch *branch,
		   bool closed);

/* Whether all that is below it has been explored, as far as is known. */
static inline bool branch_is_explored(const struct branch *branch)
{
	return branch->state == DPOR_DONE || branch->idle;
}

/* The first that is ready and may be explored, of @branch and what is below it;
 * NULL: none. */
struct branch *branch_first(struct branch *branch);

/* Steps from the root to @branch. */
uint32_t branch_depth(const struct branch *branch);

/* What @branch is below of at @depth. */
struct branch *branch_above(struct branch *branch, uint32_t depth);

/* Add the way to @branch, below the root, and what sleeps beside it. */
void branch_path(const struct branch *branch, struct dpor_unit *unit);

#endif /* EXPLORE_BRANCH_H */
