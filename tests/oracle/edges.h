/* SPDX-License-Identifier: MIT */
#ifndef TESTS_ORACLE_EDGES_H
#define TESTS_ORACLE_EDGES_H

/*
 * Edges: what comes before what, as doc/memory-model.md has it, announced to
 * ThreadSanitizer.
 *
 * The events of a run are walked once for each kind of thing that travels:
 *
 *	WRITES   where barriers, locks and the like carry them
 *	READS    a store tells of every read that it comes after
 *	BELIEFS  as if every access were ordered
 *
 * for one clock cannot say "of the reads, not of the writes".  The last is what
 * the author goes by: one fiber for each actor, as in any other use of TSan.
 *
 * What is asked are pairs of accesses.  Of each, the earlier one is made by a
 * fiber of its own, so that it can be told of alone; the later one by a fiber
 * that has acquired all that the access comes after.  TSan says whether they
 * race.
 */

#include "log.h"

enum travels { WRITES, READS, BELIEFS, TRAVELS_NR };

/* Whether the access @b comes after the earlier access @a, or a map, unmap or
 * sync in the place of either. */
struct question {
	uint32_t a, b;
	unsigned int how_a, how_b; /* FIBER_PLAIN, FIBER_WRITE */
	bool raced[TRAVELS_NR];
};

/*
 * Ask about questions @from to @to, of which each is about an @a that
 * @travels.  Of an earlier access that raced with what a read saw, BELIEFS are
 * not told: @proves says of a read and a store whether it proves anything.
 *
 * Returns false when TSan has too few fibers for that many.
 */
bool edges_ask(const struct log *log, enum travels travels,
	       struct question *from, struct question *to,
	       bool (*proves)(void *aux, uint32_t read, uint32_t store),
	       void *aux);

#endif /* TESTS_ORACLE_EDGES_H */
