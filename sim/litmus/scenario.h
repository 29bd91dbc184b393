/* SPDX-License-Identifier: MIT */
#ifndef LITMUS_SCENARIO_H
#define LITMUS_SCENARIO_H

/*
 * Scenario: a litmus test as the text of a scenario, which means what the
 * manual says.  So the rules of src/order can be asked about a test, beside the
 * axioms.
 *
 * The locations are words of kernel memory, `mem', or of coherent memory where
 * there is a device; each is a granule of its own, so location i is mem[2 * i].
 * Each function is a thread, which in the end stores its registers to `fin', a
 * device to `told': register i is at [2 * i].  An address is a number that
 * stands for a place in mem.
 */

#include "litmus/litmus.h"

/*
 * Append the scenario that @test is to @out.
 *
 * @memory: "strong" or "weak".
 *
 * Returns: NULL, or what in it the language of scenarios does not have, such as
 * "spin_trylock"; then what was appended is of no use.
 */
const char *litmus_scenario(struct cdma_text *out, const struct litmus *test,
			    const char *memory);

#endif /* LITMUS_SCENARIO_H */
