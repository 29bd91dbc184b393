/* SPDX-License-Identifier: MIT */
#include "litmus/execution.h"

#include <stdlib.h>

static const struct execution_access *newest(const struct execution *x,
					     const struct cdma_event *ev)
{
	for (size_t i = x->accesses.nr; i > 0; i--) {
		const struct execution_access *a = &x->accesses.at[i - 1];

		if (a->kind == CDMA_EV_WRITE && a->object == ev->object &&
		    a->offset == ev->offset && (!ev->rf || a->seq <= ev->rf))
			return a;
	}
	return NULL;
}

static uint64_t number(const struct execution *x, cdma_actor_id actor)
{
	uint64_t n = 0;

	for (size_t i = 0; i < x->accesses.nr; i++)
		n += x->accesses.at[i].actor == actor;
	return n;
}

static void event(void *aux, const struct cdma_event *ev)
{
	struct execution *x = aux;
	struct execution_access access = {
		.seq = ev->seq,
		.offset = ev->offset,
		.object = ev->object,
		.actor = ev->actor,
		.kind = ev->kind,
	};
	const struct execution_access *rf;

	if (!cdma_event_is_access(ev) && ev->kind != CDMA_EV_ACQUIRE)
		return;
	rf = ev->kind == CDMA_EV_READ ? newest(x, ev) : NULL;
	access.rf = rf ? rf->seq : 0;
	access.n = number(x, ev->actor);
	*cdma_vec_push(&x->accesses) = access;
}

struct cdma_observer execution_observer(struct execution *execution)
{
	return (struct cdma_observer){.event = event, .aux = execution};
}

/* Reads by who they are; stores and locks by what they are to, in order. */
static int compare(const void *pa, const void *pb)
{
	const struct execution_access *a = pa, *b = pb;
	bool read = a->kind == CDMA_EV_READ;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (read && a->actor != b->actor)
		return a->actor < b->actor ? -1 : 1;
	if (!read && a->object != b->object)
		return a->object < b->object ? -1 : 1;
	if (!read && a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	return a->seq < b->seq ? -1 : a->seq > b->seq;
}

static const struct execution_access *find(const struct execution *x,
					   uint64_t seq)
{
	for (size_t i = 0; i < x->accesses.nr; i++)
		if (x->accesses.at[i].seq == seq)
			return &x->accesses.at[i];
	return NULL;
}

void execution_name(struct execution *x, struct cdma_text *out)
{
	if (x->accesses.nr)
		qsort(x->accesses.at, x->accesses.nr, sizeof(*x->accesses.at),
		      compare);
	for (size_t i = 0; i < x->accesses.nr; i++) {
		const struct execution_access *a = &x->accesses.at[i];
		const struct execution_access *rf =
			a->rf ? find(x, a->rf) : NULL;

		cdma_text_addf(out, "%u.%llu", a->actor,
			       (unsigned long long)a->n);
		if (rf)
			cdma_text_addf(out, "<%u.%llu", rf->actor,
				       (unsigned long long)rf->n);
		cdma_text_addc(out, ' ');
	}
	x->accesses.nr = 0;
}

void execution_fini(struct execution *execution)
{
	cdma_vec_free(&execution->accesses);
}
