/* SPDX-License-Identifier: MIT */
#ifndef RUN_CURE_H
#define RUN_CURE_H

/*
 * Cure: a barrier that was tried, and helps.
 *
 * The rules know what is not ordered; which barrier orders it, and where, they
 * can only guess: another thread may lack it, or a second one be needed.  So
 * barriers are tried.  Each kind, the weakest first, is put into the program
 * at each place that the finding names, as long as a CPU does what is there
 * (no barrier can be written into a device); and so is writel() for
 * writel_relaxed().  When none helps alone, a pair may: one for the side that
 * writes, one for the side that reads.
 *
 * One helps when the finding is not there any more, and none that was not there
 * before: in the schedule that shows it, done step for step, and in so many at
 * random.  It is the same for the same program, finding and schedule: what is
 * tried is limited in steps, not in time.
 */

#include <cdma/finding.h>

#include "base/arena.h"
#include "run/campaign.h"

/* Schedules at random that a cure has to stand; fewer when they are long. */
#define CURE_SCHEDULES     200
#define CURE_SCHEDULES_MIN 20

/* Steps of all that is tried for one finding. */
#define CURE_STEPS 4000000

/* Whether barriers can be the cure of such a finding. */
bool cure_is_tried(const struct campaign_finding *finding);

/*
 * Look for a cure of @finding, whose details are filled in.
 *
 * @machine: its strategy is not looked at.
 * @options: compiles the program that is tried.
 * @max_steps: CURE_STEPS, or less.
 * @is_over: asked now and then; true: give up.
 * @arena:   what comes of it lives there.
 */
struct cure cure_find(const struct campaign_finding *finding,
		      const struct machine_options *machine,
		      const struct simplify_options *options,
		      uint64_t max_steps, bool (*is_over)(void *aux), void *aux,
		      struct cdma_arena *arena);

#endif /* RUN_CURE_H */
