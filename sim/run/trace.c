/* SPDX-License-Identifier: MIT */
#include "run/trace.h"

#include "run/machine.h"

static void keep_event(void *aux, const struct cdma_event *ev)
{
	struct trace *trace = aux;

	*cdma_vec_push(&trace->events) = (struct trace_event){
		.ev = *ev,
		.step = machine_step(trace->machine),
	};
}

struct cdma_observer trace_observer(struct trace *trace)
{
	return (struct cdma_observer){.event = keep_event, .aux = trace};
}

void trace_fini(struct trace *trace)
{
	cdma_vec_free(&trace->events);
}

const struct trace_event *trace_at(const struct trace *trace, uint64_t seq)
{
	return seq && seq <= trace->events.nr ? &trace->events.at[seq - 1]
					      : NULL;
}

static bool overlaps(const struct cdma_event *ev, const struct cdma_party *read)
{
	return ev->kind == CDMA_EV_WRITE && ev->object == read->object &&
	       ev->offset < read->offset + read->size &&
	       read->offset < ev->offset + ev->size;
}

const struct trace_event *trace_saw(const struct trace *trace,
				    const struct cdma_party *read)
{
	const struct trace_event *it = trace_at(trace, read->seq);
	uint64_t seq = it && it->ev.rf ? it->ev.rf + 1 : read->seq;

	if (read->kind != CDMA_EV_READ || !read->object)
		return NULL;
	for (; seq > 1; seq--) {
		const struct trace_event *t = trace_at(trace, seq - 1);

		if (t && overlaps(&t->ev, read))
			return t;
	}
	return NULL;
}
