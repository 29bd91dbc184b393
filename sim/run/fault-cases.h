/* SPDX-License-Identifier: MIT */
#ifndef RUN_FAULT_CASES_H
#define RUN_FAULT_CASES_H

/*
 * Fault cases: which faults to try, one after the other.
 *
 * The loop is that of the kernel's fail-nth: a site is failed at its 1st pass,
 * then at its 2nd, and so on, until a pass is not reached.  What comes next
 * depends on that alone, so the cases are the same wherever they are run.
 * Pairs are tried when all single faults have been: each with all that are
 * reached while it strikes.
 *
 * Usage
 * -----
 *	struct fault_cases cases = {
 *		.mode = FAULTS_EACH, .passed = sites, .sites = sites};
 *	bool struck = false;
 *
 *	while (fault_cases_next(&cases, struck))
 *		struck = run_with(&cases.at);
 *	fault_cases_fini(&cases);
 */

#include <cdma/fault.h>

#include "base/vec.h"
#include "script/ast.h"

/* Where an initialiser may stop, other than before its first byte. */
struct fault_stop {
	const char *field; /* borrowed; NULL: the name alone does not tell */
	uint64_t byte;
};

/* One pass of a site, counted from 1. */
struct fault_point {
	enum cdma_fault_site site;
	uint64_t nth;
	size_t stop; /* 0: at the start; else, of stops, from 1 */
};

struct fault_case {
	struct fault_point at[2];
	unsigned int nr; /* of at: 1 or 2 */
};

struct fault_cases {
	enum fault_mode mode;
	/* Sites, as bits, that are passed when nothing is failed, and that are
	 * passed at all: no other is tried, first or second. */
	uint32_t passed, sites;
	/* By site; each pass is failed at the start, and at each of them. */
	CDMA_VEC(struct fault_stop) stops[CDMA_FAULT_CALLS];
	struct fault_case at; /* the one in hand; nr 0: before the first */
	CDMA_VEC(struct fault_point) reached; /* single ones that struck */
	size_t first;                         /* of a pair, in reached */
};

/*
 * Go on to the next case.
 *
 * @struck: the last fault of the one in hand did, in some run.
 *
 * Returns: false when there are no more.
 */
bool fault_cases_next(struct fault_cases *cases, bool struck);
void fault_cases_fini(struct fault_cases *cases);

/* Add "dma_alloc #2", or "init_at #1 at field len". */
struct cdma_text;
void fault_point_add(struct cdma_text *out, const struct fault_cases *cases,
		     const struct fault_point *at);
/* The same of each fault of the case in hand, with ", " between them. */
void fault_cases_add(struct cdma_text *out, const struct fault_cases *cases);

#endif /* RUN_FAULT_CASES_H */
