/* SPDX-License-Identifier: MIT */
#ifndef RUN_TRACE_H
#define RUN_TRACE_H

/*
 * Trace: all events of one run, in host memory, and the step of each.
 *
 * Kept for the few runs that a report tells about, to say what a run itself
 * does not remember: whose store a read saw.
 */

#include <cdma/event.h>
#include <cdma/finding.h>

#include "base/vec.h"

struct machine;

struct trace_event {
	struct cdma_event ev;
	uint64_t step;
};

struct trace {
	const struct machine *machine; /* borrowed; whose steps are counted */
	CDMA_VEC(struct trace_event) events; /* number i has seq i + 1 */
};

/* An observer that adds to @trace. */
struct cdma_observer trace_observer(struct trace *trace);
void trace_fini(struct trace *trace);

/* The event of sequence number @seq; NULL when there is none. */
const struct trace_event *trace_at(const struct trace *trace, uint64_t seq);

/* The last store to one of the bytes of @read that it could see; NULL: they
 * are as they were at first. */
const struct trace_event *trace_saw(const struct trace *trace,
				    const struct cdma_party *read);

#endif /* RUN_TRACE_H */
