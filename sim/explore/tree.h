/* SPDX-License-Identifier: MIT */
#ifndef EXPLORE_TREE_H
#define EXPLORE_TREE_H

/*
 * Tree: what is left of one program's executions, for many to explore.
 *
 * It deals out units (dpor-unit.h) and takes in their results.  Each class of
 * executions is run once: a unit does not begin with what is explored to its
 * left.  Units are from the left of the tree.
 *
 * Usage
 * -----
 *	struct tree *t = tree_new(budget);
 *
 *	while ((nr = tree_round(t, units, max))) {
 *		… have each explored by somebody …
 *		for (size_t i = 0; i < nr; i++)
 *			tree_apply(t, units[i].number, &results[i]);
 *	}
 *	tree_free(t);
 *
 * Which units there are and what is in them depends on @max and on the order of
 * the calls, and on nothing else: apply results in the order of their numbers
 * and it is the same for any number of workers.  tree_round() may be called
 * while units are out, to get some more; for the same units each time let the
 * moment depend on the results that have been applied, as in: after each
 * result, as many as have come back.
 *
 * Data races
 * ----------
 * Plain accesses make no classes of their own at first (explore.h).  When all
 * is explored and a result said that there is a data race, the tree begins
 * anew with units whose `plain' is set.
 *
 * Threads: a tree belongs to one thread.
 */

#include "explore/dpor-unit.h"

struct tree;

/* @budget: executions after which a unit gives something away; 0: the first
 * unit explores everything. */
struct tree *tree_new(uint64_t budget);
void tree_free(struct tree *tree);

/*
 * Give out units that can be explored now.
 *
 * @out: @max units; what was in them is overwritten, not freed.
 *
 * Returns how many.  0 while none is out: everything is explored.
 * Owns: dpor_unit_fini() each.
 */
size_t tree_round(struct tree *tree, struct dpor_unit *out, size_t max);

/* Unit @number came to @result. */
void tree_apply(struct tree *tree, uint32_t number,
		const struct dpor_result *result);

/* Unit @number came to nothing, and will not be tried again: what is below its
 * branch is not explored, nor the further ways of its step. */
void tree_lost(struct tree *tree, uint32_t number);

/* Sums of all results. */
uint64_t tree_executions(const struct tree *tree);
uint64_t tree_blocked(const struct tree *tree);

/* Units that were lost; and that are out. */
uint32_t tree_nr_lost(const struct tree *tree);
uint32_t tree_nr_out(const struct tree *tree);

/* Plain accesses have met; and the order of plain accesses counts by now. */
bool tree_met(const struct tree *tree);
bool tree_plain(const struct tree *tree);

/* Branches in memory. */
size_t tree_size(const struct tree *tree);

#endif /* EXPLORE_TREE_H */
