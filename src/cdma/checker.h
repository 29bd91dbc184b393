/* SPDX-License-Identifier: MIT */
#ifndef CDMA_CHECKER_H
#define CDMA_CHECKER_H

/*
 * Checker: a thread that looks at the events while others go on acting.
 *
 * Detectors see events in sequence order, one at a time, and belong to one
 * thread.  In a world whose actors are threads of the host they would be most
 * of what these wait for.  So the stream hands each event to a checker, which
 * keeps it in its place in a queue, and the checker's own thread shows it to
 * the detectors: the same events, in the same order.  Findings of the model go
 * the same way, so that those of both come in the order of a single thread.
 *
 * Nothing is dropped.  The queue has a bound; who finds it full waits, and that
 * is counted.
 *
 * Usage
 * -----
 *	struct cdma_checker *c = cdma_checker_new(&sink, 0);
 *
 *	cdma_checker_observe(c, cdma_order_observer(order));
 *	cdma_stream_observe(cdma_world_stream(world), cdma_checker_observer(c));
 *	cdma_world_set_sink(world, cdma_checker_sink(c));
 *	cdma_checker_begin(c);
 *	... threads act, each alone in the world while it does ...
 *	cdma_checker_end(c);            // all that they did is checked
 *
 * Outside of begin and end everything is passed on at once, by whoever calls.
 *
 * Threads: calls exclude each other, as those of the world do.  Observers and
 * sink are called by one thread at a time; between begin and end, by that of
 * the checker, so what they look at belongs to it until end or sync.  The table
 * of dependencies is one such thing: see cdma_deps_share().
 */

#include <cdma/event.h>
#include <cdma/finding.h>

#include <stddef.h>

struct cdma_checker;

/*
 * Make one, and its thread, which sleeps while there is nothing to check.
 *
 * @sink: who is told of the findings of the model.
 * @room: how many events may be waiting at least; 0: some thousands.
 * Owns: the caller; cdma_checker_free().
 */
struct cdma_checker *cdma_checker_new(struct cdma_finding_sink sink,
				      size_t room);
void cdma_checker_free(struct cdma_checker *checker);

/* Show all later events to @observer, after those added before it. */
void cdma_checker_observe(struct cdma_checker *checker,
			  struct cdma_observer observer);

/* For the stream and the world that it is the checker of. */
struct cdma_observer cdma_checker_observer(struct cdma_checker *checker);
struct cdma_finding_sink cdma_checker_sink(struct cdma_checker *checker);

/* From now on by the thread; until all that came is checked. */
void cdma_checker_begin(struct cdma_checker *checker);
void cdma_checker_end(struct cdma_checker *checker);

/* Wait until all that came so far is checked: to look at what the detectors
 * know, and go on. */
void cdma_checker_sync(struct cdma_checker *checker);

/* Since it was made; between begin and end, as far as it has come.  May be
 * asked by any thread at any time. */
struct cdma_checker_stats {
	uint64_t events;  /* that came between begin and end */
	uint64_t checked; /* of them, by the thread */
	uint64_t waits;   /* for room in the queue */
};

struct cdma_checker_stats
cdma_checker_stats(const struct cdma_checker *checker);

#endif /* CDMA_CHECKER_H */
