/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <cdma/order.h>

#include "base/rng.h"

#include <stdio.h>
#include <string.h>

/*
 * The rules a second time, written as doc/memory-model.md says them: with sets
 * of events instead of vectors, dots and copies that are shared.  On thousands
 * of small random executions both must find the same.
 *
 * An execution has at most 64 events, so a set is a word.
 */

#define EVENTS  48
#define PLACES  4
#define ENGINES 2 /* actors 1 and 2; the others are CPUs */
#define ACTORS  4
#define LOCKS   2

typedef uint64_t set_t;

enum { DOORBELL = PLACES, REGISTER };

struct act {
	struct cdma_event ev;
	set_t to_cpu, to_dev, belief; /* of a store */
	set_t seen;                   /* of a read: what it brought */
	int addr, data;               /* the read that it depends on, or -1 */
};

struct actor {
	set_t kr, kw, pending[2], publish[2], handed, belief;
	set_t own_reads, own_writes, relaxed, own;
	int last_read;
};

struct model {
	struct act act[EVENTS];
	int nr;
	struct actor actor[ACTORS + 1];
	set_t lock[LOCKS + 1], lock_belief[LOCKS + 1], fence[2];
	set_t irq, irq_belief;
	char found[4096];
};

static bool is_dev(cdma_actor_id actor)
{
	return actor <= ENGINES;
}

static bool is_access(const struct cdma_event *ev)
{
	return ev->kind <= CDMA_EV_WRITE;
}

static bool same_lane(const struct cdma_event *a, const struct cdma_event *b)
{
	return a->actor == b->actor &&
	       (a->kind == CDMA_EV_WRITE && (a->flags & CDMA_EVF_RELAXED)) ==
		       (b->kind == CDMA_EV_WRITE &&
			(b->flags & CDMA_EVF_RELAXED));
}

static bool same_place(const struct cdma_event *a, const struct cdma_event *b)
{
	return is_access(a) && is_access(b) && a->how != CDMA_MMIO &&
	       b->how != CDMA_MMIO && a->offset == b->offset;
}

static set_t bit(int i)
{
	return (set_t)1 << i;
}

/* @known reaches event @i: itself, or a later one of its lane and kind to the
 * same place, since those two are ordered by coherence. */
static bool reaches(const struct model *m, set_t known, int i)
{
	for (int j = i; j < m->nr; j++)
		if ((known & bit(j)) &&
		    m->act[j].ev.kind == m->act[i].ev.kind &&
		    same_place(&m->act[i].ev, &m->act[j].ev) &&
		    same_lane(&m->act[i].ev, &m->act[j].ev))
			return true;
	return false;
}

/* @b's actor has looked at the place after the store; or after a store of the
 * reader's own lane that came after the read, or comes after that store. */
static bool seen(const struct model *m, const struct cdma_event *b, set_t known,
		 int a)
{
	int looked = -1;

	for (int i = 0; i < m->nr; i++)
		if (m->act[i].ev.actor == b->actor &&
		    same_place(&m->act[i].ev, b) &&
		    !(m->act[i].ev.kind == CDMA_EV_WRITE &&
		      (m->act[i].ev.flags & CDMA_EVF_RELAXED)))
			looked = i;
	if (m->act[a].ev.kind == CDMA_EV_WRITE)
		return looked > a;
	for (int i = a + 1; i < m->nr; i++)
		if (m->act[i].ev.kind == CDMA_EV_WRITE &&
		    same_place(&m->act[i].ev, b) &&
		    same_lane(&m->act[i].ev, &m->act[a].ev) &&
		    (i < looked || reaches(m, known, i)))
			return true;
	return false;
}

static void found(struct model *m, enum cdma_finding_id id, int a)
{
	size_t len = strlen(m->found);

	snprintf(m->found + len, sizeof(m->found) - len, "%s %d/%d\n",
		 cdma_finding_name(id), m->nr, a);
}

static set_t seen_by(const struct model *m, int read)
{
	return read < 0 ? 0 : m->act[read].seen;
}

/* True when @a settles its lane. */
static bool judge_one(struct model *m, const struct act *b, int a)
{
	const struct cdma_event *x = &m->act[a].ev, *y = &b->ev;
	const struct actor *self = &m->actor[y->actor];
	set_t known = (y->kind == CDMA_EV_READ ? self->kr : self->kw) |
		      seen_by(m, b->addr) |
		      (y->kind == CDMA_EV_WRITE ? seen_by(m, b->data) : 0);
	bool cpus = !is_dev(x->actor) && !is_dev(y->actor);

	if (reaches(m, known, a) || seen(m, y, known, a))
		return true;
	if (x->how == CDMA_PLAIN || y->how == CDMA_PLAIN) {
		found(m, CDMA_FINDING_DATA_RACE, a);
		return true;
	}
	if (cpus && (x->how == CDMA_BULK || y->how == CDMA_BULK)) {
		found(m, CDMA_FINDING_DATA_RACE, a);
		return true;
	}
	if ((y->flags & CDMA_EVF_POLL) || !(self->belief & bit(a)))
		return false;
	if (reaches(m, self->pending[0] | self->pending[1], a))
		found(m,
		      y->kind == CDMA_EV_READ ? CDMA_FINDING_UNORDERED_READ
					      : CDMA_FINDING_UNORDERED_WRITE,
		      a);
	else if (x->kind == CDMA_EV_WRITE && (x->flags & CDMA_EVF_RELAXED))
		found(m, CDMA_FINDING_DEVICE_ORDER, a);
	else if (x->kind == CDMA_EV_READ)
		found(m, CDMA_FINDING_UNORDERED_GIVEBACK, a);
	else
		found(m, CDMA_FINDING_UNORDERED_PUBLISH, a);
	return true;
}

static void judge_lane(struct model *m, const struct act *b,
		       cdma_actor_id actor, enum cdma_event_kind kind,
		       bool relaxed)
{
	for (int i = m->nr - 1; i >= 0; i--) {
		const struct cdma_event *x = &m->act[i].ev;

		if (x->actor == actor && x->kind == kind &&
		    same_place(x, &b->ev) &&
		    (kind == CDMA_EV_READ ||
		     !(x->flags & CDMA_EVF_RELAXED) == !relaxed) &&
		    judge_one(m, b, i))
			return;
	}
}

static void judge(struct model *m, const struct act *b)
{
	for (cdma_actor_id actor = 1; actor <= ACTORS; actor++) {
		if (actor == b->ev.actor)
			continue;
		judge_lane(m, b, actor, CDMA_EV_WRITE, false);
		judge_lane(m, b, actor, CDMA_EV_WRITE, true);
		if (b->ev.kind == CDMA_EV_WRITE)
			judge_lane(m, b, actor, CDMA_EV_READ, false);
	}
}

static int newest_store(const struct model *m, const struct cdma_event *ev)
{
	for (int i = m->nr - 1; i >= 0; i--)
		if (m->act[i].ev.kind == CDMA_EV_WRITE &&
		    m->act[i].ev.object == ev->object &&
		    m->act[i].ev.offset == ev->offset)
			return i;
	return -1;
}

static void do_read(struct model *m, struct act *b)
{
	struct actor *self = &m->actor[b->ev.actor];
	int s = newest_store(m, &b->ev);

	if (s >= 0) {
		const struct act *store = &m->act[s];
		bool from_dev = is_dev(store->ev.actor);

		b->seen = is_dev(b->ev.actor) ? store->to_dev : store->to_cpu;
		if (store->ev.how != CDMA_MMIO)
			b->seen |= bit(s);
		if (store->ev.actor != b->ev.actor) {
			if (is_dev(b->ev.actor)) {
				self->kr |= b->seen;
				self->kw |= b->seen;
			} else {
				self->pending[from_dev] |= b->seen;
				if ((b->ev.flags & CDMA_EVF_ACQUIRE) &&
				    !from_dev) {
					self->kr |= b->seen;
					self->kw |= b->seen;
				}
			}
			self->belief |= store->belief | bit(s);
		}
	}
	if (b->ev.how == CDMA_MMIO && !is_dev(b->ev.actor)) {
		const struct actor *dev = &m->actor[1];
		set_t pushed = dev->kr | dev->kw | dev->own;

		b->seen |= pushed;
		self->pending[1] |= pushed;
		if (!(b->ev.flags & CDMA_EVF_RELAXED))
			self->kr |= pushed;
		self->belief |= dev->belief | dev->own;
	}
	self->own_reads |= bit(m->nr);
	self->own |= bit(m->nr);
	self->last_read = m->nr;
}

static set_t everything(const struct actor *self)
{
	return self->kr | self->kw | self->own_reads | self->own_writes;
}

static void do_write(struct model *m, struct act *b)
{
	struct actor *self = &m->actor[b->ev.actor];
	bool relaxed = b->ev.flags & CDMA_EVF_RELAXED;
	set_t carried = (b->addr < 0 ? 0 : bit(b->addr)) |
			(b->data < 0 ? 0 : bit(b->data));

	self->own |= bit(m->nr);
	if (is_dev(b->ev.actor)) {
		if (b->ev.how == CDMA_DMA && relaxed)
			self->relaxed |= bit(m->nr);
		else
			self->own_writes |= bit(m->nr);
		b->to_cpu = self->kr | self->kw | self->own_reads;
		if (!relaxed)
			b->to_cpu |= self->own_writes;
		b->to_dev = b->to_cpu;
	} else {
		self->own_writes |= bit(m->nr);
		b->to_cpu = self->publish[0];
		b->to_dev = self->publish[1];
		if (b->ev.how == CDMA_MMIO && !relaxed) {
			set_t writes = 0;

			for (int i = 0; i < m->nr; i++)
				if (m->act[i].ev.kind == CDMA_EV_WRITE)
					writes |= bit(i);
			b->to_dev |= self->kr | self->kw | self->own_writes |
				     ((self->pending[0] | self->pending[1]) &
				      writes);
		}
		if (b->ev.flags & CDMA_EVF_RELEASE)
			b->to_cpu = everything(self) | self->pending[0] |
				    self->pending[1];
	}
	b->to_cpu |= carried;
	b->to_dev |= carried;
	b->belief = self->belief | self->own;
}

static void barrier(struct model *m, const struct cdma_event *ev)
{
	struct actor *self = &m->actor[ev->actor];
	int nr = ev->domain == CDMA_DOMAIN_SMP ? 1 : 2;
	set_t all, writes = 0;

	for (int i = 0; i < m->nr; i++)
		if (m->act[i].ev.kind == CDMA_EV_WRITE)
			writes |= bit(i);
	for (int i = 0; i < nr; i++) {
		if (ev->order == CDMA_ORDER_READ)
			self->kr |= self->pending[i];
		if (ev->order == CDMA_ORDER_WRITE)
			self->publish[i] |=
				self->own_writes | (self->handed & writes);
		if (ev->order == CDMA_ORDER_FULL) {
			self->kr |= self->pending[i] | m->fence[i];
			self->kw |= self->pending[i] | m->fence[i];
		}
	}
	all = everything(self);
	for (int i = 0; i < nr && ev->order == CDMA_ORDER_FULL; i++) {
		m->fence[i] |= all;
		self->publish[i] |= all;
	}
}

static void do_sync(struct model *m, const struct act *b)
{
	const struct cdma_event *ev = &b->ev;
	struct actor *self = &m->actor[ev->actor];
	set_t *lock = &m->lock[ev->object],
	      *belief = &m->lock_belief[ev->object];

	if (ev->kind == CDMA_EV_BRANCH) {
		self->kw |= seen_by(m, b->data);
		self->publish[0] |= bit(b->data);
		self->publish[1] |= bit(b->data);
	} else if (ev->kind == CDMA_EV_RELEASE) {
		*lock |= everything(self) | self->pending[0] | self->pending[1];
		*belief |= self->belief | self->own;
	} else if (ev->kind == CDMA_EV_ACQUIRE) {
		self->kr |= *lock;
		self->kw |= *lock;
		self->handed |= *lock;
		self->publish[0] |= *lock;
		self->belief |= *belief;
	} else {
		barrier(m, ev);
	}
}

static void apply(struct model *m, struct act *b)
{
	m->act[m->nr] = *b;
	if (is_access(&b->ev)) {
		if (b->ev.how != CDMA_MMIO)
			judge(m, b);
		if (b->ev.kind == CDMA_EV_READ)
			do_read(m, &m->act[m->nr]);
		else
			do_write(m, &m->act[m->nr]);
	} else {
		do_sync(m, b);
	}
	m->nr++;
}

/* The same step as an event for the real thing. */
static uint32_t below(struct cdma_rng *rng, uint32_t limit)
{
	return cdma_rng_below(rng, limit);
}

static void draw_access(struct cdma_rng *rng, struct act *b, bool dev)
{
	struct cdma_event *ev = &b->ev;
	uint32_t dice = below(rng, 12);

	ev->kind = below(rng, 2) ? CDMA_EV_WRITE : CDMA_EV_READ;
	ev->how = dev ? CDMA_DMA : CDMA_MARKED;
	ev->object = 1;
	ev->offset = (uint64_t)below(rng, PLACES) * 8;
	ev->size = 8;
	if (dice == 4 && ev->kind == CDMA_EV_READ)
		ev->flags = CDMA_EVF_POLL;
	if (dev && dice < 3 && ev->kind == CDMA_EV_WRITE)
		ev->flags = CDMA_EVF_RELAXED;
	if (!dev && dice == 0)
		ev->how = CDMA_PLAIN;
	if (!dev && dice == 1)
		ev->how = CDMA_BULK;
	if (!dev && dice == 2)
		ev->flags = ev->kind == CDMA_EV_READ ? CDMA_EVF_ACQUIRE
						     : CDMA_EVF_RELEASE;
	if (dice != 3)
		return;
	/* A register: a doorbell, or the status of engine 1. */
	ev->how = CDMA_MMIO;
	ev->flags = below(rng, 2) ? CDMA_EVF_RELAXED : 0;
	ev->object =
		(dev ? ev->kind == CDMA_EV_READ : ev->kind == CDMA_EV_WRITE)
			? 10 + DOORBELL
			: 10 + REGISTER;
	ev->offset = 0;
	ev->iova = 1;
	if (dev)
		ev->flags = 0;
}

static void draw_sync(struct cdma_rng *rng, const struct model *m,
		      struct act *b)
{
	struct cdma_event *ev = &b->ev;
	int last = m->actor[ev->actor].last_read;

	switch (below(rng, 5)) {
	case 0:
		ev->kind = last < 0 ? CDMA_EV_RELEASE : CDMA_EV_BRANCH;
		b->data = last;
		ev->object = 1;
		break;
	case 1:
		ev->kind = below(rng, 2) ? CDMA_EV_RELEASE : CDMA_EV_ACQUIRE;
		ev->object = 1 + below(rng, LOCKS);
		break;
	default:
		ev->kind = CDMA_EV_BARRIER;
		ev->order = (uint8_t)below(rng, 3);
		ev->domain = (uint8_t)below(rng, 3);
	}
}

static struct act draw(struct cdma_rng *rng, const struct model *m)
{
	struct act b = {.addr = -1, .data = -1};

	b.ev.actor = (cdma_actor_id)(1 + below(rng, ACTORS));
	if (is_dev(b.ev.actor) || below(rng, 3))
		draw_access(rng, &b, is_dev(b.ev.actor));
	else
		draw_sync(rng, m, &b);
	if (is_access(&b.ev) && b.ev.how != CDMA_MMIO && !below(rng, 6))
		*(below(rng, 2) ? &b.addr : &b.data) =
			m->actor[b.ev.actor].last_read;
	return b;
}

struct both {
	struct cdma_site sites[EVENTS + 1];
	char found[4096];
};

static void real_found(void *aux, const struct cdma_finding *finding)
{
	struct both *both = aux;
	size_t len = strlen(both->found);

	snprintf(both->found + len, sizeof(both->found) - len, "%s %d/%d\n",
		 cdma_finding_name(finding->id),
		 (int)(finding->at.site - both->sites),
		 (int)(finding->against.site - both->sites));
}

#define STARTS ACTORS

static void start(struct cdma_stream *stream, const struct cdma_site *site)
{
	for (cdma_actor_id id = 1; id <= ACTORS; id++) {
		struct cdma_event ev = {
			.kind = CDMA_EV_START,
			.actor = id,
			.site = site,
			.value = is_dev(id) ? CDMA_DEVICE : CDMA_CPU,
			.iova = is_dev(id) ? id : 0,
		};

		cdma_emit(stream, &ev);
	}
}

static cdma_dep_t dep(int read)
{
	return read < 0 ? 0 : cdma_dep_read((uint64_t)read + 1 + STARTS);
}

/* Findings of one step may come in either order. */
static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_lines(char *text)
{
	char copy[4096], *lines[256];
	size_t nr = 0;

	strcpy(copy, text);
	for (char *line = strtok(copy, "\n"); line; line = strtok(NULL, "\n"))
		lines[nr++] = line;
	qsort(lines, nr, sizeof(*lines), by_text);
	*text = '\0';
	for (size_t i = 0; i < nr; i++)
		strcat(strcat(text, lines[i]), "\n");
}

static void describe(const struct model *m)
{
	for (int i = 0; i < m->nr; i++) {
		const struct cdma_event *ev = &m->act[i].ev;

		printf("# %2d actor %u %s how %u obj %u off %u flags %x "
		       "order %u domain %u addr %d data %d\n",
		       i, ev->actor, cdma_event_kind_name(ev->kind), ev->how,
		       ev->object, (unsigned int)ev->offset, ev->flags,
		       ev->order, ev->domain, m->act[i].addr, m->act[i].data);
	}
	fflush(stdout);
}

static void emit(struct cdma_stream *stream, const struct both *both,
		 const struct act *act, int i)
{
	struct cdma_event ev = act->ev;

	ev.site = &both->sites[i];
	ev.addr_dep = dep(act->addr);
	ev.data_dep = dep(act->data);
	ev.op_offset = ev.offset;
	ev.op_size = ev.size;
	cdma_emit(stream, &ev);
}

/* Half of each execution is judged twice: the order goes back to the middle. */
static void compare(uint64_t seed)
{
	static struct model m;
	static struct both both;
	struct cdma_rng rng = cdma_rng_case(20261121, seed);
	struct cdma_order_config config = {.sink = {real_found, &both}};
	struct cdma_order *order = cdma_order_new(&config);
	struct cdma_stream stream;
	struct act acts[EVENTS];
	size_t found = 0;

	memset(&m, 0, sizeof(m));
	memset(&both, 0, sizeof(both));
	for (int i = 0; i <= ACTORS; i++)
		m.actor[i].last_read = -1;
	cdma_stream_init(&stream);
	cdma_stream_observe(&stream, cdma_order_observer(order));
	start(&stream, &both.sites[EVENTS]);
	for (int i = 0; i < EVENTS; i++) {
		acts[i] = draw(&rng, &m);
		if (i == EVENTS / 2) {
			cdma_order_mark(order);
			found = strlen(both.found);
		}
		emit(&stream, &both, &acts[i], i);
		apply(&m, &acts[i]);
	}
	cdma_order_rewind(order);
	both.found[found] = '\0';
	stream.seq = STARTS + EVENTS / 2;
	for (int i = EVENTS / 2; i < EVENTS; i++)
		emit(&stream, &both, &acts[i], i);
	cdma_order_free(order);
	for (char *line; (line = strstr(both.found, "double_fetch"));) {
		char *end = strchr(line, '\n') + 1;

		memmove(line, end, strlen(end) + 1);
	}
	sort_lines(m.found);
	sort_lines(both.found);
	if (strcmp(m.found, both.found))
		describe(&m);
	ck_assert_msg(!strcmp(m.found, both.found),
		      "seed %llu\nthe model finds:\n%sorder finds:\n%s",
		      (unsigned long long)seed, m.found, both.found);
}

#define SEEDS 4000

START_TEST(random_executions)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++)
		compare(seed);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("order-model");

	unit_add(suite, random_executions);
	return suite;
}
