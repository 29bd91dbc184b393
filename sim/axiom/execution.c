/* SPDX-License-Identifier: MIT */
#include "axiom/execution.h"

#include <string.h>

void execution_fini(struct execution *x)
{
	free(x->paths);
	free(x->bases);
	free(x->events);
	free(x->sees);
	free(x->behind);
	rel_space_fini(&x->space);
}

/* ---- the events ---- */

static void make_room(struct execution *x, unsigned int nr)
{
	if (!x->paths) {
		unsigned int threads = x->test->threads.nr;

		x->paths = cdma_xcalloc(threads + 1, sizeof(*x->paths));
		x->bases = cdma_xcalloc(threads + 1, sizeof(*x->bases));
	}
	if (nr <= x->room)
		return;
	x->room = nr;
	x->events = cdma_xrealloc(x->events, nr, sizeof(*x->events));
	x->sees = cdma_xrealloc(x->sees, nr, sizeof(*x->sees));
	x->behind = cdma_xrealloc(x->behind, nr, sizeof(*x->behind));
}

static void add_initial(struct execution *x)
{
	for (uint32_t i = 0; i < x->test->locs.nr; i++)
		x->events[i] = (struct event){
			.tags = TAGGED(INIT),
			.writes = true,
			.thread = NO_THREAD,
			.loc = i,
			.pair = NO_EVENT,
			.base = i,
		};
	x->nr = (unsigned int)x->test->locs.nr;
}

static void add_thread(struct execution *x, uint32_t thread)
{
	const struct path *path = x->paths[thread];
	uint32_t base = x->nr;

	x->bases[thread] = base;
	for (unsigned int i = 0; i < path->nr_events; i++) {
		const struct path_event *ev = &path->events[i];

		x->events[x->nr++] = (struct event){
			.tags = ev->tags,
			.reads = ev->reads,
			.writes = ev->writes,
			.thread = thread,
			.loc = ev->loc,
			.pair = ev->pair == NO_EVENT ? NO_EVENT
						     : base + ev->pair,
			.stored = ev->stored,
			.base = base,
		};
		if (ev->pair != NO_EVENT)
			x->events[base + ev->pair].pair = x->nr - 1;
	}
}

/* ---- what follows from the paths ---- */

static void add_sets(struct execution *x)
{
	for (unsigned int tag = 0; tag < TAG_NR; tag++)
		x->tagged[tag] = set_new(&x->space);
	x->all = set_new(&x->space);
	x->reads = set_new(&x->space);
	x->writes = set_new(&x->space);
	x->memory = set_new(&x->space);
	for (unsigned int i = 0; i < x->nr; i++) {
		const struct event *ev = &x->events[i];

		for (uint64_t tags = ev->tags; tags; tags &= tags - 1)
			set_add(x->tagged[__builtin_ctzll(tags)], i);
		set_add(x->all, i);
		if (ev->reads)
			set_add(x->reads, i);
		if (ev->writes)
			set_add(x->writes, i);
	}
	set_or(x->memory, x->reads);
	set_or(x->memory, x->writes);
	x->asked = set_new(&x->space);
}

/* Bit i of @events is event base + i: a pair (that, @to) for each. */
static void add_from(struct rel r, uint64_t events, uint32_t base, uint32_t to)
{
	for (; events; events &= events - 1)
		rel_add(r, base + (uint32_t)__builtin_ctzll(events), to);
}

static void add_relations(struct execution *x)
{
	struct rel *all[] = {&x->po,   &x->loc,  &x->internal, &x->addr,
			     &x->data, &x->ctrl, &x->rmw,      &x->rf,
			     &x->co,   &x->timed};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		*all[i] = rel_new(&x->space);
	for (uint32_t a = 0; a < x->nr; a++) {
		const struct event *ev = &x->events[a];
		const struct path_event *is;

		for (uint32_t b = 0; b < x->nr; b++) {
			if (ev->loc != NO_LOC && ev->loc == x->events[b].loc)
				rel_add(x->loc, a, b);
			if (ev->thread != NO_THREAD &&
			    ev->thread == x->events[b].thread)
				rel_add(x->internal, a, b);
		}
		if (ev->thread == NO_THREAD)
			continue;
		is = &x->paths[ev->thread]->events[a - ev->base];
		add_from(x->po, is->before, ev->base, a);
		add_from(x->addr, is->addr, ev->base, a);
		add_from(x->data, is->data, ev->base, a);
		add_from(x->ctrl, is->ctrl, ev->base, a);
		if (ev->writes && ev->pair != NO_EVENT)
			rel_add(x->rmw, ev->pair, a);
	}
}

void execution_begin(struct execution *x, const struct litmus *test,
		     const struct path *const *paths)
{
	unsigned int nr = (unsigned int)test->locs.nr;

	x->test = test;
	for (unsigned int i = 0; i < test->threads.nr; i++)
		nr += paths[i]->nr_events;
	make_room(x, nr);
	memcpy(x->paths, paths, test->threads.nr * sizeof(*paths));
	add_initial(x);
	for (unsigned int i = 0; i < test->threads.nr; i++)
		add_thread(x, i);
	for (unsigned int i = 0; i < x->nr; i++)
		x->sees[i] = x->behind[i] = NO_EVENT;
	rel_space_init(&x->space, x->nr);
	add_sets(x);
	add_relations(x);
}

/* ---- values ---- */

static bool known(const struct execution *x, uint32_t thread,
		  const struct value *v, int64_t *out);

/* A value that comes from itself never is known: it is out of thin air. */
static bool stored(const struct execution *x, uint32_t event, int64_t *out)
{
	const struct event *ev = &x->events[event];
	bool is_known;

	if (ev->thread == NO_THREAD) {
		*out = x->test->locs.at[ev->loc].init;
		return true;
	}
	if (!ev->stored || set_has(x->asked, event))
		return false;
	set_add(x->asked, event);
	is_known = known(x, ev->thread, ev->stored, out);
	set_remove(x->asked, event);
	return is_known;
}

static bool known(const struct execution *x, uint32_t thread,
		  const struct value *v, int64_t *out)
{
	int64_t a, b;
	uint32_t from;

	switch (v->kind) {
	case VALUE_NUMBER:
		*out = v->number;
		return true;
	case VALUE_READ:
		from = x->sees[x->bases[thread] + v->read];
		return from != NO_EVENT && stored(x, from, out);
	case VALUE_OP:
		break;
	}
	return known(x, thread, v->a, &a) && known(x, thread, v->b, &b) &&
	       value_compute(v->op, a, b, out);
}

bool execution_value(const struct execution *x, uint32_t thread,
		     const struct value *value, int64_t *out)
{
	return known(x, thread, value, out);
}

bool execution_stored(const struct execution *x, uint32_t event, int64_t *out)
{
	return stored(x, event, out);
}

/* The store to @loc that all others come before, or NO_EVENT. */
static uint32_t last_store(const struct execution *x, size_t loc)
{
	uint32_t last = (uint32_t)loc;

	for (uint32_t e = 0; e < x->nr; e++)
		if (x->events[e].writes && x->events[e].loc == loc &&
		    rel_has(x->co, last, e))
			last = e;
	for (uint32_t e = 0; e < x->nr; e++)
		if (x->events[e].writes && x->events[e].loc == loc &&
		    e != last && !rel_has(x->co, e, last))
			return NO_EVENT;
	return last;
}

bool execution_shown(const void *aux, struct litmus_shown place, int64_t *out)
{
	const struct execution *x = aux;
	uint32_t thread, last;

	*out = 0;
	if (!place.is_reg) {
		last = last_store(x, place.at);
		return last != NO_EVENT && execution_stored(x, last, out);
	}
	thread = x->test->regs.at[place.at].thread;
	return execution_value(x, thread, x->paths[thread]->regs[place.at],
			       out);
}
