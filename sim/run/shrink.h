/* SPDX-License-Identifier: MIT */
#ifndef RUN_SHRINK_H
#define RUN_SHRINK_H

/*
 * Shrink: a simpler schedule that shows the same finding.
 *
 * Simpler is: fewer switches between actors; then fewer ways that are not the
 * first (of split stores, say); then fewer steps up to the finding.  What has
 * to be switched for the bug to show is what a person wants to know.
 *
 * How: a schedule is a row of runs, each some steps of one actor.  Tried in
 * turn, as long as anything helps: the actors one after the other; to leave
 * out runs, first half of them, then a quarter and so on (delta debugging:
 * Zeller, Hildebrandt, Simplifying and Isolating Failure-Inducing Input, TSE
 * 2002; of thread switches: Choi, Zeller, ISSTA 2002); to join two runs of one
 * actor; to shorten a run; to go the first way.  A step that its actor cannot
 * do any more is left out, and after the last one the run goes on as strategy
 * first would; what was really done is the next schedule to be simplified.
 *
 * The result is a schedule that a replay follows exactly, and that ends with
 * the step that is wrong; unless what is wrong is only known at the end of the
 * run, like a leak.  It is the same for the same finding and schedule: there
 * is a limit of runs and steps, none of time.
 *
 * Threads: a shrinker belongs to one thread.
 */

#include <cdma/finding.h>

#include "run/machine.h"
#include "sched/schedule.h"

#define SHRINK_RUNS  2000
#define SHRINK_STEPS 2000000

struct shrinker;

/* What came of it; of the steps up to the finding. */
struct shrunk {
	uint64_t steps_before, switches_before;
	uint64_t steps, switches;
	uint32_t runs; /* that were tried */
	bool capped;   /* there was more to try */
};

/* @options: its strategy is not looked at.  Owns: the caller. */
struct shrinker *shrinker_new(const struct program *program,
			      const struct machine_options *options);
void shrinker_free(struct shrinker *shrinker);

/*
 * Simplify @schedule, which shows @finding.
 *
 * Two findings are the same as in cdma_finding_same(), when they are also both
 * expected or both not.
 *
 * Returns: false when the schedule does not show it; then it stays as it is,
 * and @out is all zero.
 */
bool shrinker_run(struct shrinker *shrinker, const struct cdma_finding *finding,
		  struct schedule *schedule, struct shrunk *out);

#endif /* RUN_SHRINK_H */
