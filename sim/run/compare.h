/* SPDX-License-Identifier: MIT */
#ifndef RUN_COMPARE_H
#define RUN_COMPARE_H

/*
 * Compare: two programs of one scenario, which differ in params or faults.
 *
 * Each has sites of its own; what they have in common is the text.
 */

#include <cdma/finding.h>

#include "run/shrink.h"
#include "script/program.h"

/* Whether both have the same threads and code, but for numbers. */
bool compare_code(const struct program *a, const struct program *b);

/*
 * What @from, of another program, would be in @to: its kind and its places.
 *
 * Returns: false when @to has no such places.
 */
bool compare_finding(const struct cdma_finding *from, const struct program *to,
		     struct cdma_finding *out);

/* Whether two findings, of different programs, are the same: as in
 * cdma_finding_same(), but with the places of the text. */
bool compare_same(const struct cdma_finding *a, const struct cdma_finding *b);

/* Whether @all has all places of @some. */
bool compare_places(const shrinker_sites *all, const shrinker_sites *some);

#endif /* RUN_COMPARE_H */
