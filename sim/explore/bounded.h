/* SPDX-License-Identifier: MIT */
#ifndef EXPLORE_BOUNDED_H
#define EXPLORE_BOUNDED_H

/*
 * Bounded: every schedule with at most so many preemptions.
 *
 * A preemption is a switch away from an actor that could have gone on.  One
 * away from an actor that waits or has ended is free, and so are all answers
 * to other questions than who is next.  Most bugs need one or two preemptions,
 * and while the number of all schedules is exponential in their length, that of
 * those with K is a polynomial of degree K (Musuvathi, Qadeer: Iterative
 * Context Bounding for Systematic Testing of Multithreaded Programs, PLDI
 * 2007).
 *
 * First come the schedules without a preemption, then those with one, and so
 * on to the bound: what is found first needs no fewer.
 *
 * What is guaranteed
 * ------------------
 * Every schedule with at most K preemptions is run, and none is run twice.
 * Schedules are told apart by their answers, not by what comes of them: this is
 * not dpor.h with a limit, which would lose some, since what the limit keeps it
 * from trying it would take for tried (Coons, Musuvathi, McKinley: Bounded
 * Partial-Order Reduction, OOPSLA 2013).  So it is for programs that are too
 * large for dpor.h; on small ones that is faster, and sees everything.
 *
 * Switches are possible before each step of the machine, so accesses that
 * nobody else can see are no places for one.  A poll is a wait, which can go
 * on when its condition holds.
 *
 * When bounded_left() is 0 after the last run, no schedule needs more
 * preemptions: all have been run.
 *
 * How
 * ---
 * A run goes on with whoever did the last step while it can, and branches,
 *depth first, where nobody has to be preempted.  Places where somebody could be
 *are put off: with the run they are work for the next round, which preempts
 *there and then goes on in the same way.  Each run sees to the places after the
 *one where it left the path of the run before it, so each is seen to once.
 *
 * The memory it takes is two bytes a step for each run of the round before the
 * last, of which there are far fewer than in the last one.
 *
 * Usage
 * -----
 *	struct bounded *b = bounded_new(2);
 *	struct campaign_options options = {.source = bounded_source(b), …};
 *
 *	campaign_run(program, &options);
 *	bounded_free(b);
 *
 * Threads: it belongs to one machine.
 */

#include "run/campaign.h"
#include "sched/schedule.h"
#include "sched/strategy.h"

struct bounded;

/* @preemptions: so many at most. */
struct bounded *bounded_new(uint64_t preemptions);
void bounded_free(struct bounded *bounded);

extern const struct strategy_ops strategy_bounded;

/* All of it for a campaign.  Borrowed from @bounded. */
const struct campaign_source *bounded_source(struct bounded *bounded);

/* The run that the machine did is over.  False: there are no more. */
bool bounded_next(struct bounded *bounded);

/* Its schedule; before bounded_next(). */
void bounded_schedule(const struct bounded *bounded, struct schedule *out);

/* How many preemptions it had; before bounded_next(). */
uint64_t bounded_preemptions(const struct bounded *bounded);

/* Preemptions that were possible and not tried, since they are one too many:
 * each leads to a run of its own at least.  Once there are no more runs. */
uint64_t bounded_left(const struct bounded *bounded);

#endif /* EXPLORE_BOUNDED_H */
