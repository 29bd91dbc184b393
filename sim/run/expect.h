/* SPDX-License-Identifier: MIT */
#ifndef RUN_EXPECT_H
#define RUN_EXPECT_H

/*
 * Expect: what a scenario promised, against what was found.
 *
 * Each schedule is compared for itself, since the names of memory are known
 * then; what counts in the end is in how many schedules each expectation had a
 * finding that it names.
 *
 *	expect X            in at least one schedule
 *	expect always X     in every one
 *	expect never X      in none; it is also a finding that nobody expects
 *	expect nothing      no finding at all
 *	expect unreached L  no run came to the label L
 *	expect setup -E     setup returned that error in every one
 *
 * One that is for `explore' is not missed when random schedules are run.  One
 * that takes anything takes, too, what is found later in a run that has what
 * it names.
 */

#include "run/machine.h"

struct expects {
	const struct program *program; /* borrowed */
	uint64_t *seen;                /* owned; schedules, by expectation */
	uint64_t schedules;
};

void expects_init(struct expects *expects, const struct program *program);
void expects_fini(struct expects *expects);

/*
 * Whether @expect names @finding of the last run of @machine: by its kind, by
 * any name that the memory had, by the labels of its two sides and the turns
 * of the loops that they are in.
 */
bool expect_names(const struct program_expect *expect,
		  const struct machine *machine,
		  const struct cdma_finding *finding);

/* Whether something of the program expects @finding to be there. */
bool expects_allow(const struct program *program, const struct machine *machine,
		   const struct cdma_finding *finding);

/* Whether it is about findings of some kind. */
bool expect_is_finding(const struct program_expect *expect);

/* Take the last run of @machine, whose setup returned @setup, into account. */
void expects_count(struct expects *expects, const struct machine *machine,
		   int setup);

/* Whether expectation @i holds, over all schedules that were counted; of a
 * search of all that can be told apart, or of random ones. */
bool expects_met(const struct expects *expects, size_t i, bool is_search);

#endif /* RUN_EXPECT_H */
