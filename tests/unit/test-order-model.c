/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <cdma/order.h>

#include "base/rng.h"

#include <stdio.h>
#include <string.h>

/*
 * Random executions, which the rules by clocks and the rules by sets must judge
 * alike.
 */

#include "order-model.h"

static uint32_t below(struct cdma_rng *rng, uint32_t limit)
{
	return cdma_rng_below(rng, limit);
}

static void draw_access(struct cdma_rng *rng, const struct model *m,
			struct act *b, bool dev)
{
	struct cdma_event *ev = &b->ev;
	uint32_t dice = below(rng, 14);

	ev->kind = below(rng, 2) ? CDMA_EV_WRITE : CDMA_EV_READ;
	ev->how = dev ? CDMA_DMA : CDMA_MARKED;
	ev->object = 1;
	ev->offset = (uint64_t)below(rng, PLACES) * 8;
	ev->size = 8;
	if (dice == 4 && ev->kind == CDMA_EV_READ) {
		ev->flags = CDMA_EVF_POLL;
		ev->ends = below(rng, 2) ? below(rng, (uint32_t)m->nr + 1) : 0;
	}
	if (dev && dice < 3 && ev->kind == CDMA_EV_WRITE)
		ev->flags = dice ? CDMA_EVF_RELAXED : CDMA_EVF_UNORDERED;
	if (!dev && dice == 0)
		ev->how = CDMA_PLAIN;
	if (!dev && dice == 1)
		ev->how = CDMA_BULK;
	if (!dev && dice == 5)
		ev->flags = CDMA_EVF_PLAIN;
	if (!dev && dice == 2)
		ev->flags = ev->kind == CDMA_EV_READ ? CDMA_EVF_ACQUIRE
						     : CDMA_EVF_RELEASE;
	if (!dev && dice >= 12) {
		ev->kind = CDMA_EV_READ;
		ev->flags = dice == 12      ? CDMA_EVF_UNSEEN
			    : below(rng, 2) ? CDMA_EVF_UNUSED
					    : 0;
		b->opens = true;
	}
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

/* What the actor read last; of two pieces one. */
static int some_read(struct cdma_rng *rng, const struct model *m,
		     cdma_actor_id actor)
{
	int last = m->actor[actor].last_read;

	return last >= 0 && m->act[last].op >= 0 && below(rng, 2)
		       ? m->act[last].op
		       : last;
}

/* A copy of two places, in two pieces; and the other piece. */
static void draw_copy(struct cdma_rng *rng, const struct model *m,
		      struct act *b, bool dev)
{
	b->ev.kind = CDMA_EV_READ;
	b->ev.how = dev ? CDMA_DMA : below(rng, 3) ? CDMA_MARKED : CDMA_BULK;
	b->ev.object = 1;
	b->ev.offset = (uint64_t)below(rng, PLACES / 2) * 16;
	b->ev.size = 8;
	b->op = m->nr;
	b->more = true;
}

static bool draw_piece(const struct model *m, struct act *b)
{
	const struct act *last = m->nr ? &m->act[m->nr - 1] : NULL;

	if (!last || !last->more)
		return false;
	b->ev = last->ev;
	b->ev.offset += 8;
	b->addr = last->addr;
	b->op = last->op;
	return true;
}

static void draw_sync(struct cdma_rng *rng, const struct model *m,
		      struct act *b)
{
	struct cdma_event *ev = &b->ev;
	int last = some_read(rng, m, ev->actor);

	switch (below(rng, 6)) {
	case 5:
		ev->kind = below(rng, 2) ? CDMA_EV_MASTER : CDMA_EV_JOIN;
		ev->value = 1 + below(rng, ENGINES);
		break;
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

/* The store of a read-modify-write, after its read. */
static bool draw_rest(const struct model *m, struct act *b)
{
	const struct act *last = m->nr ? &m->act[m->nr - 1] : NULL;

	if (!last || !is_read(last) || !last->opens)
		return false;
	b->ev = last->ev;
	b->ev.kind = CDMA_EV_WRITE;
	b->ev.flags = 0;
	b->rmw = m->nr - 1;
	return true;
}

/* An acquire that reads again. */
static bool draw_acquire(const struct model *m, struct act *b)
{
	int last = m->actor[b->ev.actor].last_read;

	if (last < 0 || !(m->act[last].ev.flags & CDMA_EVF_ACQUIRE))
		return false;
	b->ev = m->act[last].ev;
	return true;
}

/* The actor has just made a copy. */
static bool is_copied(const struct model *m, cdma_actor_id actor)
{
	int last = m->actor[actor].last_read;

	return last >= 0 && m->act[last].op >= 0;
}

/* The same read once more: what there is to learn from it was learnt. */
static bool draw_again(struct cdma_rng *rng, const struct model *m,
		       struct act *b)
{
	const struct act *last = m->nr ? &m->act[m->nr - 1] : NULL;

	if (!last || !is_read(last) || last->opens || below(rng, 6))
		return false;
	b->ev = last->ev;
	return true;
}

/* What ends it all. */
static void draw_end(struct cdma_rng *rng, struct act *b)
{
	b->ev.kind = below(rng, 3) ? CDMA_EV_FREE : CDMA_EV_UNBIND;
	b->ev.actor =
		(cdma_actor_id)(ENGINES + 1 + below(rng, ACTORS - ENGINES));
	b->ev.object = 1;
	b->ev.value = 1 + below(rng, ENGINES);
}

static struct act draw(struct cdma_rng *rng, const struct model *m)
{
	struct act b = {.addr = -1, .data = -1, .rmw = -1, .op = -1, .saw = -1};

	if (m->nr == EVENTS) {
		draw_end(rng, &b);
		return b;
	}
	if (draw_rest(m, &b) || draw_piece(m, &b) || draw_again(rng, m, &b))
		return b;
	b.ev.actor = (cdma_actor_id)(1 + below(rng, ACTORS));
	if (!below(rng, 12) && draw_acquire(m, &b))
		return b;
	if (is_dev(b.ev.actor) && !below(rng, 12)) {
		b.ev.kind = CDMA_EV_BARRIER;
		b.ev.order = (uint8_t)below(rng, 3);
		b.ev.domain = CDMA_DOMAIN_FULL;
	} else if (!below(rng, 12)) {
		draw_copy(rng, m, &b, is_dev(b.ev.actor));
	} else if (below(rng, 3) && is_copied(m, b.ev.actor)) {
		b.ev.kind = CDMA_EV_BRANCH;
		b.data = some_read(rng, m, b.ev.actor);
	} else if (is_dev(b.ev.actor) || below(rng, 3)) {
		draw_access(rng, m, &b, is_dev(b.ev.actor));
	} else {
		draw_sync(rng, m, &b);
	}
	if (is_access(&b.ev) && b.ev.how != CDMA_MMIO && !below(rng, 6))
		*(below(rng, 2) ? &b.addr : &b.data) =
			some_read(rng, m, b.ev.actor);
	return b;
}

struct both {
	struct cdma_site sites[EVENTS + 2];
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
		       "order %u domain %u addr %d data %d op %d\n",
		       i, ev->actor, cdma_event_kind_name(ev->kind), ev->how,
		       ev->object, (unsigned int)ev->offset, ev->flags,
		       ev->order, ev->domain, m->act[i].addr, m->act[i].data,
		       m->act[i].op);
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
	ev.rf = act->rmw < 0 ? 0 : (uint64_t)act->rmw + 1 + STARTS;
	ev.ends += ev.ends ? STARTS : 0;
	ev.op_offset = ev.offset;
	ev.op_size = ev.size;
	if (act->op >= 0) {
		ev.op_offset &= ~(uint64_t)15;
		ev.op_size = 16;
		ev.op = (uint64_t)act->op + 1 + STARTS;
	}
	cdma_emit(stream, &ev);
}

/* Of findings that the model does not know. */
static void leave_out(char *found, const char *name)
{
	for (char *line; (line = strstr(found, name));) {
		char *end = strchr(line, '\n') + 1;

		memmove(line, end, strlen(end) + 1);
	}
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
	struct act acts[EVENTS + 1];
	size_t found = 0;

	memset(&m, 0, sizeof(m));
	memset(&both, 0, sizeof(both));
	for (int i = 0; i <= ACTORS; i++)
		m.actor[i].last_read = -1;
	cdma_stream_init(&stream);
	cdma_stream_observe(&stream, cdma_order_observer(order));
	start(&stream, &both.sites[EVENTS + 1]);
	for (int i = 0; i <= EVENTS; i++) {
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
	for (int i = EVENTS / 2; i <= EVENTS; i++)
		emit(&stream, &both, &acts[i], i);
	cdma_order_free(order);
	leave_out(both.found, "double_fetch");
	leave_out(both.found, "stale_value");
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
