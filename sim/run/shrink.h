/* SPDX-License-Identifier: MIT */
#ifndef RUN_SHRINK_H
#define RUN_SHRINK_H

/*
 * Shrink: a simpler schedule that shows the same finding.
 *
 * Simpler is: fewer faults; then fewer switches between actors; then fewer ways
 * that are not the first (of split stores, say); then fewer steps up to the
 * finding.  What has to be switched for the bug to show is what a person wants
 * to know.
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

#include "base/vec.h"
#include "run/machine.h"
#include "sched/schedule.h"

#define SHRINK_RUNS  2000
#define SHRINK_STEPS 2000000

/* When nothing simple shows what another program showed, so many schedules at
 * random are tried. */
#define SHRINK_RANDOM 16

struct shrinker;

typedef CDMA_VEC(const struct cdma_site *) shrinker_sites;

/* What came of it; of the steps up to the finding. */
struct shrunk {
	uint64_t steps_before, switches_before;
	uint64_t steps, switches;
	uint64_t ways;      /* steps that go another way than the first */
	uint32_t runs;      /* that were tried */
	uint64_t all_steps; /* of those runs */
	bool capped;        /* there was more to try */
	bool expected;      /* the finding, in these runs */
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

/*
 * Find @finding, which is one of another program, and simplify what shows it.
 *
 * @finding:  with the sites of this program.
 * @expected: whether an expectation has to name it, or none may.
 * @schedule: of the other program, for threads of the same numbers: tried
 *            first, then simple ones, then some at random.  The simplest that
 *            shows it, when there is one.
 *
 * Returns: false when none does; @out says how many were tried.
 */
bool shrinker_find(struct shrinker *shrinker,
		   const struct cdma_finding *finding, bool expected,
		   struct schedule *schedule, struct shrunk *out);

/* Whether something simple in this program shows @finding, expected or not;
 * otherwise as shrinker_find(). */
bool shrinker_shows(struct shrinker *shrinker,
		    const struct cdma_finding *finding,
		    const struct schedule *schedule, struct shrunk *out);

/* Allow each later search @runs runs and @steps steps, instead of SHRINK_RUNS
 * and SHRINK_STEPS. */
void shrinker_limit(struct shrinker *shrinker, uint32_t runs, uint64_t steps);

/*
 * Replay @schedule and see how it comes to @finding.
 *
 * @sites: emptied; then the sites of all events up to the finding, each once,
 *         in the order in which they came.
 *
 * Returns: how many findings the whole run shows; 0 when not that one.
 */
size_t shrinker_look(struct shrinker *shrinker,
		     const struct cdma_finding *finding, bool expected,
		     const struct schedule *schedule, shrinker_sites *sites);

#endif /* RUN_SHRINK_H */
