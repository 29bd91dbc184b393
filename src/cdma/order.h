/* SPDX-License-Identifier: MIT */
#ifndef CDMA_ORDER_H
#define CDMA_ORDER_H

/*
 * Order: judges every access of a run by what the machine guarantees.
 *
 * A finding is an access that was ordered as the author believed (by program
 * order and by who read whose store) but not as the machine guarantees.  The
 * rules are in doc/memory-model.md.  They are applied to events alone, so a
 * saved log can be judged again, and a test can write its events by hand.
 *
 * Usage
 * -----
 *	struct cdma_order_config config = {.deps = deps, .sink = sink};
 *	struct cdma_order *order = cdma_order_new(&config);
 *
 *	cdma_stream_observe(stream, cdma_order_observer(order));
 *	… run …
 *	cdma_order_reset(order);        // ready for the next run
 *	cdma_order_free(order);
 *
 * Findings: data_race, unordered_read, unordered_write, unordered_publish,
 * unordered_giveback, device_order, torn_read, double_fetch, untrusted_value,
 * stale_value.
 *
 * Cost: an access is a hash lookup and a walk over those earlier accesses to
 * the same eight bytes that are not yet known to be ordered.  Memory is in
 * proportion to the bytes that were touched and to how often their accesses
 * were published; a reset keeps it for the next run.
 *
 * Threads: one at a time, as the events come.
 */

#include <cdma/event.h>
#include <cdma/finding.h>
#include <cdma/memory.h>

#include <stddef.h>

struct cdma_order;

struct cdma_order_config {
	/* Resolves the dependencies of events; borrowed.  May be NULL when all
	 * of them are single reads. */
	struct cdma_deps *deps;
	struct cdma_finding_sink sink;
	/* Two marked accesses of two CPUs race, too.  The Rust API's own texts
	 * disagree: volatile "cannot be used to prevent the UB caused by racing
	 * between two kernel functions" against "allowed per LKMM". */
	bool strict_volatile;
	/* Report a plain read by the contract of C whose value is checked and
	 * then an address: the compiler may read twice. */
	bool strict_plain;
	/* Keep what cdma_order_visible() needs; memory.h. */
	bool weak;
};

struct cdma_order *cdma_order_new(const struct cdma_order_config *config);
void cdma_order_free(struct cdma_order *order);

/* Forget the run.  Steady state makes no allocation. */
void cdma_order_reset(struct cdma_order *order);

/*
 * Remember the run as it is now, and go back to there: to judge many ways in
 * which a run can go on.  A reset forgets the mark.
 */
void cdma_order_mark(struct cdma_order *order);
void cdma_order_rewind(struct cdma_order *order);

struct cdma_observer cdma_order_observer(struct cdma_order *order);

/*
 * What the read @ev, which is about to be made, can see in weak memory.  What
 * is left out is hidden: the machine guarantees that the read comes after a
 * newer store there, or its actor has seen or made one.
 *
 * @ev: as for struct cdma_memory's read().
 * @first: what was there before any store.
 * @out: room for CDMA_SIGHTS_MAX; the first is the newest.
 *
 * Returns how many there are, at least 1; just 1 for registers and plain reads,
 * which see the newest.  In time at most quadratic in their number.
 */
size_t cdma_order_visible(struct cdma_order *order, const struct cdma_event *ev,
			  const struct cdma_sight *first,
			  struct cdma_sight *out);

/*
 * What was there before: the stores that the bytes of the read @ev have seen,
 * from the newest, each with what they were after it.  Ends where a store was
 * to some of the bytes alone, or when @out is full.
 *
 * @whole: whether @out has all of them.
 *
 * Returns how many there are.
 */
size_t cdma_order_history(const struct cdma_order *order,
			  const struct cdma_event *ev, struct cdma_sight *out,
			  bool *whole);

/*
 * The newest read of @region among those in @dep, which @actor made.
 *
 * Returns false when there is none.
 */
bool cdma_order_read_of(struct cdma_order *order, cdma_actor_id actor,
			cdma_dep_t dep, cdma_region_id region,
			struct cdma_party *out);

#endif /* CDMA_ORDER_H */
