/* SPDX-License-Identifier: MIT */
#ifndef AXIOM_EXECUTION_H
#define AXIOM_EXECUTION_H

/*
 * Execution: a path for each thread, which store each read sees (rf), and in
 * which order the stores to each location take effect (co).
 *
 * Its events are numbered: first the initial value of each location, in their
 * order, then the events of each thread, in program order.  What follows from
 * the paths alone is made when the execution is; rf and co are filled in by the
 * search (search.h), step by step, and at each step what is there only grows.
 */

#include "axiom/path.h"
#include "axiom/rel.h"

#define NO_THREAD UINT32_MAX

struct event {
	uint64_t tags;
	bool reads, writes;
	uint32_t thread; /* NO_THREAD: an initial value */
	uint32_t loc;    /* NO_LOC: a fence */
	uint32_t pair;   /* of an operation's write: its read, and back */
	const struct value *stored;
	uint32_t base; /* the first event of its thread */
};

struct execution {
	const struct litmus *test;
	const struct path **paths; /* owned array: of each thread */
	uint32_t *bases;           /* owned: the first event of each thread */
	struct event *events;      /* owned */
	unsigned int nr, room;
	struct rel_space space; /* owned: all that follows, and the model's */
	struct set tagged[TAG_NR], all, reads, writes, memory;
	struct rel po, loc, internal; /* internal: of one thread */
	struct rel addr, data, ctrl, rmw;
	struct rel rf; /* from the store to the read */
	struct rel co; /* transitive */
	/* Beside what is read, an engine's access that is known to come before
	 * a CPU's read of a register: for who knows more than the axioms. */
	struct rel timed;
	/* Of each read: the store that it sees, or NO_EVENT while unknown. */
	uint32_t *sees; /* owned */
	/* Of each store: that of the operation that sees it, or NO_EVENT. */
	uint32_t *behind; /* owned */
	struct set asked; /* stores whose value is being computed */
};

/* An execution that is all zero bytes is ready for execution_begin(). */
void execution_fini(struct execution *x);

/* Begin with @paths, one for each thread of @test; nothing is read or ordered
 * yet.  What was made of x->space is gone. */
void execution_begin(struct execution *x, const struct litmus *test,
		     const struct path *const *paths);

/*
 * What @value of thread @thread is, by what has been read so far.
 *
 * Returns: whether that is known.
 */
bool execution_value(const struct execution *x, uint32_t thread,
		     const struct value *value, int64_t *out);

/* What the write @event stores. */
bool execution_stored(const struct execution *x, uint32_t event, int64_t *out);

/* The final value of @place, of execution @aux: of a register as above, of a
 * location once all stores to it are in order; for litmus_holds(). */
bool execution_shown(const void *aux, struct litmus_shown place, int64_t *out);

#endif /* AXIOM_EXECUTION_H */
