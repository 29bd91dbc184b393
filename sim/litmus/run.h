/* SPDX-License-Identifier: MIT */
#ifndef LITMUS_RUN_H
#define LITMUS_RUN_H

/*
 * Run: all executions of a litmus test, and what herd7 would print of them.
 *
 * Two executions are one when each read sees the same store and the stores to
 * each location, and the locks, are in the same order.
 */

#include "litmus/litmus.h"
#include "run/machine.h"

enum litmus_end {
	LITMUS_AGREES, /* with the test's Result, if it has one */
	LITMUS_DIFFERS,
	LITMUS_UNDECIDED, /* "Never" where LKMM may know more; or cut */
	LITMUS_WRONG,     /* it used what is no address */
	LITMUS_ENDS_NR,
};

struct litmus_options {
	uint64_t executions; /* at most, repetitions included */
};

/*
 * Explore @program, which was made of @test->text, and append the report to
 * @out.
 */
enum litmus_end litmus_run(const struct litmus *test,
			   const struct program *program,
			   const struct litmus_options *options,
			   struct cdma_text *out);

#endif /* LITMUS_RUN_H */
