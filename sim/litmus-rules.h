/* SPDX-License-Identifier: MIT */
#ifndef SIM_LITMUS_RULES_H
#define SIM_LITMUS_RULES_H

/*
 * Litmus rules: what a scenario would be told about a litmus test.
 *
 * The axioms say which states there are; the rules of src/order say where an
 * author relied on an order that the machine does not guarantee, whatever was
 * read.  Where a device takes part both are printed.
 */

#include <cdma/finding.h>

#include "axiom/verdict.h"

/*
 * The findings about order in any execution of @test, in strong memory: a bit
 * for each enum cdma_finding_id.
 *
 * @options: how many executions to look at, and who may end that; *is_cut:
 *           there are more.
 *
 * Returns: 0 also for a test that cannot be said as a scenario.
 */
uint64_t litmus_rules_findings(const struct litmus *test,
			       const struct verdict_options *options,
			       bool *is_cut);

/* Append "Flag unordered_read" for each of @findings that is about order. */
void litmus_rules_add_flags(struct cdma_text *out, uint64_t findings);

#endif /* SIM_LITMUS_RULES_H */
