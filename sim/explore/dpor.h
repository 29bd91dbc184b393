/* SPDX-License-Identifier: MIT */
#ifndef EXPLORE_DPOR_H
#define EXPLORE_DPOR_H

/*
 * Dpor: one execution of each equivalence class, and no other.
 *
 * Two executions are equivalent when they order all pairs of steps that depend
 * on each other alike (Mazurkiewicz traces; footprint.h says what depends).
 * This is optimal dynamic partial-order reduction: source sets, sleep sets and
 * wakeup trees (Abdulla, Aronis, Jonsson, Sagonas, JACM 2017).
 *
 * It knows nothing of programs.  Somebody runs one, and asks who is next; the
 * steps that were done are told by their events.
 *
 * Usage
 * -----
 *	struct dpor *d = dpor_new();
 *
 *	do {
 *		dpor_begin(d);
 *		while ((who = who_can_run())) {
 *			actor = dpor_next(d, who);
 *			if (actor == DPOR_STOP)
 *				break;
 *			… do the step; each event: dpor_event(d, ev) …
 *		}
 *	} while (dpor_end(d));
 *
 * Waits
 * -----
 * An actor that waits for memory to change is not among who can run until it
 * can; turning a poll makes no executions.  Reversing a race against the store
 * that let it go on may lead to where it cannot run: such an execution is
 * stopped and counted as blocked.
 *
 * Values
 * ------
 * What a step can do in several ways, dpor_value() decides: all are explored,
 * each as a branch of its own.
 *
 * Threads: a dpor belongs to one thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cdma/event.h>
#include <cdma/memory.h>

#define DPOR_STOP UINT32_MAX

#define DPOR_ACTORS_MAX 64

/* The way of a step that ends a row, when it goes all ways that it can where it
 * comes to be: dpor_own_value(). */
#define DPOR_ANY_WAY UINT32_MAX

struct dpor;

struct dpor *dpor_new(void);
void dpor_free(struct dpor *dpor);

/* Begin anew, with plain accesses that depend on each other like others when
 * @plain.  Keeps the counts. */
void dpor_restart(struct dpor *dpor, bool plain);

/* Whether memory is weak.  Before the first execution; it is strong else. */
void dpor_set_weak(struct dpor *dpor, bool weak);

/* How many bytes a line of the cache has, where what is written to it matters
 * to all of them; 0, as at first: it does not.  Before the first execution. */
void dpor_set_line(struct dpor *dpor, uint32_t line);

/* Two plain accesses, or one and another step, met without an order that the
 * steps around them have, in an execution that did not count them: what comes
 * of the other order is not explored.  Or a read of weak memory saw a part of a
 * store, and another part of its bytes may be of another. */
bool dpor_met(const struct dpor *dpor);

/* An execution begins. */
void dpor_begin(struct dpor *dpor);

/*
 * Who does the next step.
 *
 * @who: bit i is set when actor i can run; not 0.
 *
 * DPOR_STOP: what can be reached from here has been explored elsewhere.
 */
uint32_t dpor_next(struct dpor *dpor, uint64_t who);

/* The current step was done before anybody else was there: it comes before all
 * that others do, in any order. */
void dpor_alone(struct dpor *dpor);

/* Which of @nr ways the current step goes: 0 to @nr - 1. */
uint32_t dpor_value(struct dpor *dpor, uint32_t nr);

/* The same where the ways are those of this point, and others when the step
 * comes before one that it depends on: what a read may see.  All are tried. */
uint32_t dpor_own_value(struct dpor *dpor, uint32_t nr);

/*
 * The same for the read @ev, which is about to be made in weak memory and sees
 * one of @sights, the newest first.  An old value that it would also see, being
 * the newest, if its step came earlier, is left out: it is seen there.
 */
uint32_t dpor_read_value(struct dpor *dpor, const struct cdma_event *ev,
			 const struct cdma_sight *sights, uint32_t nr);

/* The current step did this.  Before the first step, only START matters. */
void dpor_event(struct dpor *dpor, const struct cdma_event *ev);

/* The current step depends on what @ev would touch, too, though it did not do
 * it. */
void dpor_looks(struct dpor *dpor, const struct cdma_event *ev);

/* The current step is a wait for one word.  Event @seq stored to all of that,
 * and right before it, it is known, the step would have had to go on waiting
 * (@goes_on): so it is not tried there.  From the newest to the oldest. */
void dpor_waited(struct dpor *dpor, uint64_t seq, bool goes_on);

/* What the current step is about is done; what comes now is private.  A step
 * that said nothing of what it did, or does something that events do not tell
 * (@opaque), may have done anything. */
void dpor_acted(struct dpor *dpor, bool opaque);

/* The current step is a wait that ended because nobody else could run. */
void dpor_ran_out(struct dpor *dpor);

/* The current step is the last one: what follows is not of the threads. */
void dpor_close(struct dpor *dpor);

/* @actor waits, and nobody is left who could help it, or the execution was
 * stopped: @ev is what its step would have done.  Before dpor_end(). */
void dpor_waits(struct dpor *dpor, uint32_t actor, const struct cdma_event *ev);

/* The execution has ended.  False: all have been explored. */
bool dpor_end(struct dpor *dpor);

/* Executions that ran to their end, and that were stopped. */
uint64_t dpor_executions(const struct dpor *dpor);
uint64_t dpor_blocked(const struct dpor *dpor);

#endif /* EXPLORE_DPOR_H */
