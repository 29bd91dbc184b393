/* SPDX-License-Identifier: MIT */
#ifndef EXPLORE_SUBTREE_H
#define EXPLORE_SUBTREE_H

/*
 * Subtree: what a worker knows while it explores a unit.
 *
 * The unit's branch has been explored in part, as the list of what is below it
 * says.  What is left is many small units, which are explored one after the
 * other; rows that are found stay here when they begin below the branch.
 *
 * Usage
 * -----
 *	struct subtree *s = subtree_begin(d, &unit);
 *
 *	do {
 *		dpor_begin(d);
 *		… as in dpor.h …
 *	} while (subtree_next(s));
 *	subtree_end(s, &result);
 *
 * Threads: a subtree belongs to the thread of its dpor.
 */

#include "explore/dpor-unit.h"

struct subtree;

/* @unit and @dpor: borrowed until subtree_end(). */
struct subtree *subtree_begin(struct dpor *dpor, const struct dpor_unit *unit);

/* The execution has ended; instead of dpor_end().  False: the unit is done, or
 * its budget is. */
bool subtree_next(struct subtree *subtree);

/*
 * Say what came of it, once subtree_next() returned false.  Frees @subtree.
 *
 * @out: what was in it is freed; all zero bytes is fine.
 */
void subtree_end(struct subtree *subtree, struct dpor_result *out);

#endif /* EXPLORE_SUBTREE_H */
