/* SPDX-License-Identifier: MIT */
#ifndef EXPLORE_EXPLORE_H
#define EXPLORE_EXPLORE_H

/*
 * Explore: the strategy that leaves no schedule out.
 *
 * It drives a machine with dpor.h: one run for each class of schedules that
 * differ in something that can be noticed. A run that leads to where another
 * has been is given up.
 *
 * Usage
 * -----
 *	struct explorer *e = explorer_new();
 *	struct machine_options options = {
 *		.strategy = &strategy_explore, .strategy_state = e,
 *	};
 *	struct machine *m = machine_new(program, &options);
 *
 *	machine_observe_threads(m, explorer_observer(e));
 *	do
 *		machine_run(m, 0, 0, &result);
 *	while (explorer_next(e));
 *
 * Threads: an explorer belongs to one machine.
 */

#include <cdma/finding.h>

#include "sched/schedule.h"
#include "sched/strategy.h"

struct campaign_source;
struct dpor_unit;
struct dpor_result;
struct explorer;

struct explorer *explorer_new(void);
void explorer_free(struct explorer *explorer);

extern const struct strategy_ops strategy_explore;

struct cdma_observer explorer_observer(struct explorer *explorer);

/*
 * The run that the machine did is over. False: there are no more.
 *
 * Plain accesses are in order, or they meet; so they make no classes of their
 * own at first. Once two of them have met, everything is explored again with
 * their order, to show what comes of it.
 */
bool explorer_next(struct explorer *explorer);

/*
 * Explore a part of the tree alone: what explorer_next() does until it returns
 * false is about @unit (dpor-unit.h), which is borrowed until
 * explorer_unit_end().
 *
 * @out: what came of it; what was in it is freed, all zero bytes is fine.
 */
void explorer_unit_begin(struct explorer *explorer,
			 const struct dpor_unit *unit);
void explorer_unit_end(struct explorer *explorer, struct dpor_result *out);

/* The schedule of the run that was done last; before explorer_next(). */
void explorer_schedule(const struct explorer *explorer, struct schedule *out);

/* Runs that came to their end, and that were given up or impossible. */
uint64_t explorer_executions(const struct explorer *explorer);
uint64_t explorer_blocked(const struct explorer *explorer);

/* All runs of a campaign.  Owns: the caller; explorer_source_free(), after the
 * campaign. */
struct campaign_source *explorer_source_new(void);
void explorer_source_free(struct campaign_source *source);

#endif /* EXPLORE_EXPLORE_H */
