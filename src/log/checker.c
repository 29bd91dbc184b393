/* SPDX-License-Identifier: MIT */
#include <cdma/checker.h>

#include "base/macros.h"
#include "base/xalloc.h"
#include "log/queue.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

/* What one parcel of the queue carries: to wake a thread costs as much as to
 * check some events, so they travel together. */
#define LOAD 32

#define ROOM 4096

struct message {
	struct cdma_finding *finding; /* owned; NULL: it is an event */
	struct cdma_event event;
};

struct parcel {
	size_t nr;
	struct message at[LOAD];
};

struct cdma_checker {
	struct cdma_stream to; /* who is shown events; its number is not used */
	struct cdma_finding_sink sink;
	struct cdma_queue *queue;
	struct parcel *open; /* being filled; NULL: none */
	bool is_apart;       /* between begin and end */
	atomic_uint_fast64_t events, checked;
	pthread_t thread;
};

static void show(const struct cdma_checker *c, const struct cdma_event *ev)
{
	for (unsigned int i = 0; i < c->to.nr; i++)
		c->to.to[i].event(c->to.to[i].aux, ev);
}

static void look_at(struct cdma_checker *c, struct message *m)
{
	if (!m->finding) {
		show(c, &m->event);
		atomic_fetch_add_explicit(&c->checked, 1, memory_order_relaxed);
		return;
	}
	cdma_found(&c->sink, m->finding);
	free(m->finding);
	m->finding = NULL;
}

static void *check(void *aux)
{
	struct cdma_checker *c = aux;
	struct parcel *p;

	while ((p = cdma_queue_take(c->queue))) {
		for (size_t i = 0; i < p->nr; i++)
			look_at(c, &p->at[i]);
		p->nr = 0;
		cdma_queue_done(c->queue, p);
	}
	return NULL;
}

struct cdma_checker *cdma_checker_new(struct cdma_finding_sink sink,
				      size_t room)
{
	struct cdma_checker *c = cdma_xcalloc(1, sizeof(*c));
	size_t nr = ((room ? room : ROOM) + LOAD - 1) / LOAD;

	c->sink = sink;
	cdma_stream_init(&c->to);
	/* One more is being filled. */
	c->queue = cdma_queue_new(nr + 1, sizeof(struct parcel));
	CDMA_REQUIRE(!pthread_create(&c->thread, NULL, check, c));
	return c;
}

void cdma_checker_free(struct cdma_checker *c)
{
	if (!c)
		return;
	cdma_checker_end(c);
	cdma_queue_close(c->queue);
	pthread_join(c->thread, NULL);
	cdma_queue_free(c->queue);
	free(c);
}

void cdma_checker_observe(struct cdma_checker *c, struct cdma_observer observer)
{
	cdma_stream_observe(&c->to, observer);
}

/* ---- what comes in ---- */

static void send(struct cdma_checker *c)
{
	if (c->open)
		cdma_queue_put(c->queue, c->open);
	c->open = NULL;
}

static struct message *next(struct cdma_checker *c)
{
	if (c->open && c->open->nr == LOAD)
		send(c);
	if (!c->open)
		c->open = cdma_queue_get(c->queue);
	return &c->open->at[c->open->nr++];
}

static void take_event(void *aux, const struct cdma_event *ev)
{
	struct cdma_checker *c = aux;

	if (!c->is_apart) {
		show(c, ev);
		return;
	}
	next(c)->event = *ev;
	atomic_fetch_add_explicit(&c->events, 1, memory_order_relaxed);
}

static void take_finding(void *aux, const struct cdma_finding *finding)
{
	struct cdma_checker *c = aux;
	struct cdma_finding *copy;

	if (!c->is_apart) {
		cdma_found(&c->sink, finding);
		return;
	}
	copy = cdma_xcalloc(1, sizeof(*copy));
	*copy = *finding;
	next(c)->finding = copy;
}

struct cdma_observer cdma_checker_observer(struct cdma_checker *c)
{
	return (struct cdma_observer){take_event, c};
}

struct cdma_finding_sink cdma_checker_sink(struct cdma_checker *c)
{
	return (struct cdma_finding_sink){take_finding, c};
}

/* ---- apart, and together again ---- */

void cdma_checker_begin(struct cdma_checker *c)
{
	c->is_apart = true;
}

void cdma_checker_sync(struct cdma_checker *c)
{
	if (!c->is_apart)
		return;
	send(c);
	cdma_queue_drain(c->queue);
}

void cdma_checker_end(struct cdma_checker *c)
{
	cdma_checker_sync(c);
	c->is_apart = false;
	CDMA_REQUIRE(atomic_load(&c->events) == atomic_load(&c->checked));
}

struct cdma_checker_stats cdma_checker_stats(const struct cdma_checker *c)
{
	struct cdma_checker *it = (struct cdma_checker *)(uintptr_t)c;

	return (struct cdma_checker_stats){
		.events = atomic_load(&it->events),
		.checked = atomic_load(&it->checked),
		.waits = cdma_queue_waits(c->queue),
	};
}
