/* SPDX-License-Identifier: MIT */
#ifndef AXIOM_PATH_H
#define AXIOM_PATH_H

/*
 * Path: one way through a thread, and the events on it.
 *
 * What a thread does next may depend on what it reads, and that is not known
 * while it is walked.  So wherever the way parts (a condition, an operation
 * that can fail, an address that was read) each side is a path of its own, with
 * a demand: a value that has to come out in the end.  Values are trees over
 * what the reads will be.
 *
 * Dependencies are syntactic, as herd7 has them: a value depends on the reads
 * that it is computed from, whatever is computed; control reaches what is done
 * under a condition, and not what comes after it.  The operands of one
 * expression are not in program order with each other.
 */

#include "base/arena.h"
#include "base/vec.h"
#include "litmus/litmus.h"

/* In one thread: the events of a path are bits of a word. */
#define PATH_EVENTS_MAX 64
#define PATHS_MAX       (1u << 16)
#define NO_EVENT        UINT32_MAX
#define NO_LOC          UINT32_MAX

enum value_kind { VALUE_NUMBER, VALUE_READ, VALUE_OP };

struct value {
	enum value_kind kind;
	enum litmus_op op;
	int64_t number;
	uint32_t read; /* event of the path */
	const struct value *a, *b;
};

struct path_event {
	uint64_t tags;
	bool reads, writes;         /* neither: a fence */
	uint32_t loc;               /* NO_LOC: it has none */
	uint32_t pair;              /* of a write: the read of its operation */
	const struct value *stored; /* of a write; NULL: of a lock */
	uint64_t before;            /* what is earlier in program order */
	uint64_t addr, data, ctrl;  /* reads that it depends on */
	struct span span;
};

/* @value is @number, or is not. */
struct demand {
	const struct value *value;
	int64_t number;
	bool differs;
};

struct path {
	struct path_event *events;
	unsigned int nr_events;
	struct demand *demands;
	unsigned int nr_demands;
	const struct value **regs; /* in the end; of the thread's registers */
	bool is_lost; /* it follows what may be no address, to nowhere */
};

struct path_list {
	CDMA_VEC(struct path) all;
	struct cdma_arena arena; /* owned: all that is in them */
	struct span overflow;    /* see paths_find() */
};

/*
 * Find all paths of thread @thread of @test.
 *
 * Returns: whether they were found.  Else there are more than PATHS_MAX, or one
 * has more than PATH_EVENTS_MAX events, the first of those at paths->overflow.
 */
bool paths_find(struct path_list *paths, const struct litmus *test,
		unsigned int thread);
void paths_fini(struct path_list *paths);

/*
 * Compute @op, as 64 bits that wrap around.
 *
 * Returns: whether it has a value: a division by 0 has none.
 */
bool value_compute(enum litmus_op op, int64_t a, int64_t b, int64_t *out);

#endif /* AXIOM_PATH_H */
