/* SPDX-License-Identifier: MIT */
#ifndef RUN_FREE_H
#define RUN_FREE_H

/*
 * Free: the actors of a run as threads of the host.
 *
 * Lockstep asks a strategy who is next.  Here nobody is asked: every thread of
 * a CPU, every engine and every handler is a pthread, and which of them comes
 * first is up to the host.
 *
 * What is in order, and what is not
 * ---------------------------------
 * A step takes its place in the order of all steps together with what it does:
 * both under one lock, that of the machine.  So one thread at a time is in the
 * simulated machine, as one access at a time is in a coherent memory, and the
 * bytes, the state of the model and the numbers of events are its own while it
 * is there.  Not under the lock are:
 *
 *   - what an actor computes from the end of one step to the next, where that
 *     is all that it does (alone.h);
 *   - the detectors: events go through a queue to a thread that judges them in
 *     their order (cdma/checker.h).
 *
 * A step of a thread that waits is done when what it waits for is there.  When
 * nobody can go on any more, the first wait that can run out does, as in
 * lockstep.
 *
 * Before each step a thread may let others pass, or turn a few times; else the
 * short ones would be over before the next has begun.
 *
 * The same events in lockstep
 * ---------------------------
 * Each step is told to the strategy as the only one that there was to choose,
 * so &strategy_record writes down what happened.  What a run leaves open
 * besides, how a store is split and how late a read is, the strategy is asked
 * as ever.  Replayed in lockstep, the schedule gives the same events with the
 * same numbers and the same findings; test-free.c holds one against the other.
 *
 * Threads: the machine belongs to whoever calls free_run(), which returns when
 * all threads have ended.
 */

struct free;
struct machine;

/* Before anything observes the world of @machine: its checker. */
void free_prepare(struct machine *machine);

/* Owns: the caller; free_free(). */
struct free *free_new(struct machine *machine);
void free_free(struct free *free);

/* Run all actors that are live, up to where none can go on. */
void free_run(struct free *free);

#endif /* RUN_FREE_H */
