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
 * unordered_giveback, device_order, torn_read, double_fetch.
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
};

struct cdma_order *cdma_order_new(const struct cdma_order_config *config);
void cdma_order_free(struct cdma_order *order);

/* Forget the run.  Steady state makes no allocation. */
void cdma_order_reset(struct cdma_order *order);

struct cdma_observer cdma_order_observer(struct cdma_order *order);

#endif /* CDMA_ORDER_H */
