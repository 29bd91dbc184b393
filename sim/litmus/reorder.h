/* SPDX-License-Identifier: MIT */
#ifndef LITMUS_REORDER_H
#define LITMUS_REORDER_H

/*
 * Reorder: whether stores that pass what stands before them could matter.
 *
 * In weak memory here a read may be late, but a store is never early: it takes
 * effect where it stands. LKMM lets it pass earlier accesses that nothing
 * orders before it. The executions that are missed for that have a cycle of
 * program order, reads-from and coherence. Whether a test can have such a cycle
 * that LKMM does not forbid is seen from its text: here by looking at all
 * cycles that pass each thread once.
 *
 * With RCU there is more to time: what a grace period waited for has happened,
 * so a read behind it that missed a store comes before the section of that
 * store.  Then from-reads counts as well.
 *
 * It errs to one side only. When it says no, no execution is missed; when it
 * says yes, "Never" is not to be relied upon.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "script/span.h"

#define REORDER_LOC_ANY     UINT32_MAX /* through a pointer that was read */
#define REORDER_LOC_IRQ     (UINT32_MAX - 1) /* the interrupt of a device */
#define REORDER_EVENTS_MAX  64               /* in one thread */
#define REORDER_THREADS_MAX 16

enum reorder_kind {
	REORDER_READ,
	REORDER_WRITE,
	REORDER_LOCK,
	REORDER_UNLOCK,
	REORDER_MB,
	REORDER_WMB,
	REORDER_RMB,
	REORDER_SECTION, /* of RCU */
	REORDER_SECTION_END,
	REORDER_GRACE,
};

struct reorder_event {
	enum reorder_kind kind;
	unsigned int thread;
	uint32_t loc;
	bool is_plain;     /* LKMM lets it depend on nothing */
	bool ordered;      /* acquire or release */
	bool is_atomic;    /* of an atomic operation */
	bool is_smp;       /* what is ordered about it is between CPUs */
	bool late_fence;   /* it makes its full barrier itself: cmpxchg() */
	unsigned int side; /* of a condition; 0: it is done always */
	uint64_t after;    /* reads of its thread that it depends on */
	bool is_data;      /* ... by its value or its address */
	struct span span;
};

/* Events in the order of the text; a thread's are together. */
struct reorder {
	CDMA_VEC(struct reorder_event) events;
	unsigned int nr_threads;
};

/*
 * Whether there may be such an execution.
 *
 * @early: the store that passes; may be that of several.
 */
bool reorder_matters(const struct reorder *reorder,
		     const struct reorder_event **early);

/*
 * Whether the full barrier before a cmpxchg() could matter: ours is made in one
 * step with it, when it is known that it does not fail, while in LKMM others
 * may act between the two.  That shows only where another thread passes a full
 * barrier and then stores to the word, and a third one stores over that.
 *
 * Returns: the read of the operation, or NULL.
 */
const struct reorder_event *reorder_late_fence(const struct reorder *reorder);

/*
 * Whether a thread reads back a store that depended on an earlier read, and
 * reads on: LKMM orders the second read behind the first ("dep ; rfi"), and
 * here it may be late.
 *
 * Returns: that read, or NULL.
 */
const struct reorder_event *reorder_reads_back(const struct reorder *reorder);

#endif /* LITMUS_REORDER_H */
