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
 *	struct fault_cases cases = {.mode = FAULTS_EACH};
 *	bool struck = false;
 *
 *	while (fault_cases_next(&cases, struck))
 *		struck = run_with(&cases.at);
 *	fault_cases_fini(&cases);
 */

#include <cdma/fault.h>

#include "base/vec.h"
#include "script/ast.h"

/* One pass of a site, counted from 1. */
struct fault_point {
	enum cdma_fault_site site;
	uint64_t nth;
};

struct fault_case {
	struct fault_point at[2];
	unsigned int nr; /* of at: 1 or 2 */
};

struct fault_cases {
	enum fault_mode mode;
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

/* Add "dma_alloc #2" for each of its faults, with ", " between them. */
struct cdma_text;
void fault_case_add(struct cdma_text *out, const struct fault_case *at);

#endif /* RUN_FAULT_CASES_H */
