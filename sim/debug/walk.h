/* SPDX-License-Identifier: MIT */
#ifndef DEBUG_WALK_H
#define DEBUG_WALK_H

/*
 * Walk: one schedule, and a place in it that can be moved both ways.
 *
 * A run is a function of its schedule, so a step back is a run from the start
 * that stops one step earlier.  What is shown of it comes from two runs: one
 * of the whole schedule, which is only remembered, and one that stands at the
 * place, whose machine can be asked.
 *
 * Usage
 * -----
 *	struct walk *walk = walk_new(program, &options);
 *
 *	walk_take(walk, &schedule);
 *	walk_go(walk, 12);
 *	... walk_machine(walk) stands before step 12, counted from 0 ...
 *	walk_free(walk);
 *
 * Threads: a walk belongs to one thread; it borrows its program.
 */

#include "run/machine.h"
#include "run/trace.h"
#include "sched/schedule.h"

struct walk;

/* @options: of its runs; the strategy in them is not looked at.
 * Owns: the caller; walk_free(). */
struct walk *walk_new(const struct program *program,
		      const struct machine_options *options);
void walk_free(struct walk *walk);

/* Where a schedule does not fit. */
struct walk_misfit {
	size_t step;    /* from 0 */
	bool is_way;    /* somebody goes on there, but not that way */
	uint64_t could; /* else who could have, as bits */
};

/*
 * Walk @schedule from now on, from its beginning; where it ends before the run
 * does, it goes on as strategy first would.
 *
 * Returns: false when it does not fit the program; *out says where, and the
 * walk is as it was.
 */
bool walk_take(struct walk *walk, const struct schedule *schedule,
	       struct walk_misfit *out);

/* Stand before step @at, at most walk_length(). */
void walk_go(struct walk *walk, size_t at);
size_t walk_at(const struct walk *walk);

/* Steps of the schedule: standing there, the run is over. */
size_t walk_length(const struct walk *walk);

/* All of it, also what strategy first has added. */
const struct schedule *walk_schedule(const struct walk *walk);

/* How it ended. */
const struct run_result *walk_result(const struct walk *walk);

/* Whether step number @step is in the schedule as it was taken. */
bool walk_is_given(const struct walk *walk, size_t step);

/* All events of it.  Their steps are counted from 1; 0 is setup, and one more
 * than walk_length() what comes after the threads. */
const struct trace *walk_trace(const struct walk *walk);

/* Number @i of what is found in it, and the step, counted as those of events
 * are; NULL after the last. */
const struct cdma_finding *walk_found(const struct walk *walk, size_t i,
				      size_t *step);

/* The run that stands at the place, and that of all of it, which stands at the
 * end; to be looked at only. */
struct machine *walk_machine(const struct walk *walk);
struct machine *walk_whole(const struct walk *walk);
const struct program *walk_program(const struct walk *walk);

/* Who can do the next step, as bits; 0: the run is over. */
uint64_t walk_could(const struct walk *walk);

/* How many ways there were for question number @i of step @step, and what it
 * is about; 0: it was not asked so many. */
uint32_t walk_ways(const struct walk *walk, size_t step, uint32_t i,
		   enum choice_kind *kind);

#endif /* DEBUG_WALK_H */
