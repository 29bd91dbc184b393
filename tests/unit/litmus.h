/* SPDX-License-Identifier: MIT */
#ifndef TESTS_LITMUS_H
#define TESTS_LITMUS_H

/*
 * Litmus: all executions of a few threads in weak memory.
 *
 * Every schedule, and in each all that each read may see; without reduction, so
 * that nothing can be left out.
 *
 * A thread is a name (C C1 C2 C3: CPUs; D D1: engines of two devices) and its
 * steps; threads are separated by '|'.
 *
 *	W x 1   R x      store and load
 *	Wr x 1  Ra x     smp_store_release(), smp_load_acquire()
 *	X x 1            xchg_relaxed(); Xa Xr: _acquire, _release
 *	I x              atomic_inc()
 *	rl ru gb ge      rcu_read_lock(), rcu_read_unlock(), and the two ends of
 *	                 a grace period
 *	W~ x 1           relaxed device write; Wu: unordered
 *	R x[]            address from the last read of the thread
 *	W x= 1           value from it
 *	br               a branch on it
 *	lh x 1  l x 1    the high half of x, then the low one, of one store
 *	give take        a release, and the acquire that waits for it
 *	MSI INTX irq     an interrupt, and its handler's start
 *	writel db        the doorbell, and the engine that waits for it
 *	writel_relaxed   the same doorbell
 *	readl            of the device's status
 *
 * An outcome is the values of all reads in the order of the text, then that of
 * x in the end where the row says "x=".
 */

#include "unit.h"

#include <cdma/actor.h>
#include <cdma/order.h>

#include <stdio.h>
#include <string.h>

enum verdict {
	/* Never; without barriers, dependencies and orderings, sometimes. */
	NEVER,
	SOMETIMES,
	/* Never, whatever is there: the order of one word. */
	COHERENT,
	/* Never, though LKMM allows it: a store would have to be early. */
	OUTSIDE,
};

struct row {
	const char *name, *threads, *outcome;
	enum verdict verdict;
};

#define is(step, op) (!strcmp(step, op))

#define THREADS   4
#define STEPS     8
#define PLACES    4
#define CHOICES   32
#define MEMORY    1
#define DOORBELL  2
#define STATUS    3
#define LOCK      1
#define INTERRUPT 2

struct thread {
	cdma_actor_id id;
	enum cdma_actor_kind kind;
	char steps[STEPS][24];
	unsigned int nr;
	/* Of the run: */
	unsigned int at;
	uint64_t last_read;
	uint64_t op; /* of which one half is done */
	uint64_t got[STEPS];
	unsigned int nr_got;
	bool reads;     /* it is in a read-side section */
	unsigned waits; /* threads whose section its grace period waits for */
};

/* A row, and its executions one after the other. */
struct litmus {
	const struct row *row;
	bool bare;   /* leave out what orders */
	bool strong; /* show every read the newest store */
	struct thread threads[THREADS];
	unsigned int nr;
	struct cdma_order *order;
	struct cdma_stream stream;
	struct cdma_site site;
	uint64_t memory[PLACES];
	bool given, raised, rung, wired;
	struct {
		uint32_t answer, nr;
	} choices[CHOICES];
	unsigned int asked, depth; /* in this run, and in the one before */
	uint64_t seen;
};

/* ---- the text ---- */

static const char *token(char *out, size_t size, const char *text, char end)
{
	size_t len;

	text += strspn(text, " ");
	len = strcspn(text, (const char[]){end, '|', '\0'});
	ck_assert_uint_lt(len, size);
	memcpy(out, text, len);
	out[len] = '\0';
	while (len && out[len - 1] == ' ')
		out[--len] = '\0';
	text += strcspn(text, (const char[]){end, '|', '\0'});
	return *text == end ? text + 1 : text;
}

static void parse(struct litmus *l, const struct row *row)
{
	static const char *const names[] = {"C", "C1", "C2", "C3", "D", "D1"};
	const char *text = row->threads;

	l->row = row;
	for (l->nr = 0; *text; l->nr++) {
		struct thread *t = &l->threads[l->nr];
		char name[8];

		ck_assert_uint_lt(l->nr, THREADS);
		*t = (struct thread){0};
		text = token(name, sizeof(name), text, ':');
		for (unsigned int i = 0; i < ARRAY_SIZE(names); i++)
			if (!strcmp(names[i], name))
				t->id = (cdma_actor_id)(i + 1);
		ck_assert_uint_ne(t->id, 0);
		t->kind = *name == 'D' ? CDMA_DEVICE : CDMA_CPU;
		while (*text && *text != '|')
			text = token(t->steps[t->nr++], sizeof(t->steps[0]),
				     text, ';');
		text += *text == '|';
	}
}

/* ---- one step ---- */

static uint32_t choose(struct litmus *l, uint32_t nr)
{
	unsigned int i = l->asked++;

	if (nr == 1) {
		l->asked--;
		return 0;
	}
	ck_assert_uint_lt(i, CHOICES);
	if (i >= l->depth) {
		l->choices[i].answer = 0;
		l->depth = i + 1;
	}
	l->choices[i].nr = nr;
	return l->choices[i].answer;
}

static uint64_t *place(struct litmus *l, struct cdma_event *ev, char name)
{
	unsigned int i = (unsigned int)(name - 'x') % PLACES;

	ev->object = MEMORY;
	ev->offset = ev->op_offset = (uint64_t)i * 8;
	ev->size = 8;
	ev->op_size = 8;
	return &l->memory[i];
}

static void emit(struct litmus *l, struct thread *t, struct cdma_event *ev)
{
	ev->actor = t->id;
	ev->site = &l->site;
	if (!ev->op)
		ev->op = l->stream.seq + 1;
	cdma_emit(&l->stream, ev);
	if (ev->kind == CDMA_EV_READ)
		t->last_read = ev->seq;
}

static void do_read(struct litmus *l, struct thread *t, const char *op,
		    const char *arg)
{
	struct cdma_event ev = {.kind = CDMA_EV_READ, .actor = t->id};
	const struct cdma_sight first = {.rf = 1, .value = 0};
	struct cdma_sight sights[CDMA_SIGHTS_MAX];
	size_t i = 0;

	ev.value = *place(l, &ev, *arg);
	ev.how = t->kind == CDMA_DEVICE ? CDMA_DMA : CDMA_MARKED;
	if (op[1] == 'a' && !l->bare)
		ev.flags = CDMA_EVF_ACQUIRE;
	if (arg[1] == '[' && !l->bare)
		ev.addr_dep = cdma_dep_read(t->last_read);
	if (!l->strong)
		i = choose(l, (uint32_t)cdma_order_visible(l->order, &ev,
							   &first, sights));
	if (i) {
		ev.rf = sights[i].rf;
		ev.value = sights[i].value;
	}
	t->got[t->nr_got++] = ev.value;
	emit(l, t, &ev);
}

static void do_write(struct litmus *l, struct thread *t, const char *op,
		     const char *arg)
{
	struct cdma_event ev = {.kind = CDMA_EV_WRITE};
	uint64_t *at = place(l, &ev, *arg);

	ev.how = t->kind == CDMA_DEVICE ? CDMA_DMA : CDMA_MARKED;
	ev.value = (uint64_t)(arg[strlen(arg) - 1] - '0');
	if (op[1] == 'r' && !l->bare)
		ev.flags = CDMA_EVF_RELEASE;
	if (op[1] == '~')
		ev.flags = CDMA_EVF_RELAXED;
	if (op[1] == 'u')
		ev.flags = CDMA_EVF_UNORDERED;
	if (arg[1] == '=' && !l->bare)
		ev.data_dep = cdma_dep_read(t->last_read);
	*at = ev.value;
	emit(l, t, &ev);
}

/* A read, which nobody gets when it is an addition, and a store, in one step.
 */
static void do_rmw(struct litmus *l, struct thread *t, const char *op,
		   const char *arg)
{
	struct cdma_event ev = {.kind = CDMA_EV_READ, .how = CDMA_MARKED};
	uint64_t *at = place(l, &ev, *arg);
	bool adds = *op == 'I';

	ev.value = *at;
	if (!l->bare)
		ev.flags = adds           ? CDMA_EVF_UNSEEN
			   : op[1] == 'a' ? CDMA_EVF_ACQUIRE
					  : 0;
	emit(l, t, &ev);
	if (!adds)
		t->got[t->nr_got++] = *at;
	*at = adds ? *at + 1 : (uint64_t)(arg[strlen(arg) - 1] - '0');
	ev.kind = CDMA_EV_WRITE;
	ev.op = 0;
	ev.value = *at;
	ev.rf = l->bare ? 0 : ev.seq;
	ev.flags = op[1] == 'r' && !l->bare ? CDMA_EVF_RELEASE : 0;
	emit(l, t, &ev);
}

/* A half of a store of eight bytes, high or low; the low one is the last. */
static void do_half(struct litmus *l, struct thread *t, const char *arg,
		    bool high)
{
	struct cdma_event ev = {.kind = CDMA_EV_WRITE, .how = CDMA_DMA};
	uint64_t *at = place(l, &ev, *arg);
	unsigned int shift = high ? 32 : 0;

	ev.op = t->op;
	t->op = high ? l->stream.seq + 1 : 0;
	ev.flags = high ? 0 : CDMA_EVF_LAST;
	ev.offset += high ? 4 : 0;
	ev.size = 4;
	ev.value = 1;
	*at = (*at & ~((uint64_t)UINT32_MAX << shift)) | ev.value << shift;
	emit(l, t, &ev);
}

static void do_register(struct litmus *l, struct thread *t,
			enum cdma_event_kind kind, uint32_t reg, uint32_t flags)
{
	struct cdma_event ev = {
		.kind = (uint8_t)kind,
		.how = CDMA_MMIO,
		.object = reg,
		.size = 4,
		.op_size = 4,
		.iova = 1,
		.flags = flags,
	};

	emit(l, t, &ev);
}

static void do_sync(struct litmus *l, struct thread *t,
		    enum cdma_event_kind kind, uint32_t object)
{
	struct cdma_event ev = {
		.kind = (uint8_t)kind,
		.object = object,
		.flags = l->wired ? CDMA_EVF_RELAXED : 0,
	};

	if (!l->bare || l->wired)
		emit(l, t, &ev);
}

static void do_barrier(struct litmus *l, struct thread *t, const char *op)
{
	struct cdma_event ev = {.kind = CDMA_EV_BARRIER};
	const char *side = strrchr(op, '_');

	side = side ? side + 1 : op;
	ev.domain = !strncmp(op, "smp_", 4)   ? CDMA_DOMAIN_SMP
		    : !strncmp(op, "dma_", 4) ? CDMA_DOMAIN_DMA
					      : CDMA_DOMAIN_FULL;
	ev.order = !strcmp(side, "rmb")   ? CDMA_ORDER_READ
		   : !strcmp(side, "wmb") ? CDMA_ORDER_WRITE
					  : CDMA_ORDER_FULL;
	ck_assert_msg(!strcmp(side, "rmb") || !strcmp(side, "wmb") ||
			      !strcmp(side, "mb") || !strcmp(side, "fence"),
		      "no such step: %s", op);
	if (!l->bare)
		emit(l, t, &ev);
}

static void do_branch(struct litmus *l, struct thread *t)
{
	struct cdma_event ev = {.kind = CDMA_EV_BRANCH};

	ev.data_dep = cdma_dep_read(t->last_read);
	if (!l->bare)
		emit(l, t, &ev);
}

static unsigned int number_of(const struct litmus *l, const struct thread *t)
{
	return (unsigned int)(t - l->threads);
}

/* A section of RCU or a grace period; false: it is none. */
static bool do_rcu(struct litmus *l, struct thread *t, const char *step)
{
	static const char *const steps[] = {"rl", "ru", "gb", "ge"};
	static const uint8_t kinds[] = {CDMA_EV_SECTION_BEGIN,
					CDMA_EV_SECTION_END,
					CDMA_EV_GRACE_BEGIN, CDMA_EV_GRACE_END};
	unsigned int i = 0;

	while (i < ARRAY_SIZE(steps) && !is(step, steps[i]))
		i++;
	if (i == ARRAY_SIZE(steps))
		return false;
	if (i < 2)
		t->reads = !i;
	for (unsigned int k = 0; k < l->nr; k++) {
		if (i == 1)
			l->threads[k].waits &= ~(1u << number_of(l, t));
		if (i == 2)
			t->waits |= (unsigned)l->threads[k].reads << k;
	}
	if (i == 2)
		do_barrier(l, t, "smp_mb");
	if (!l->bare)
		emit(l, t, &(struct cdma_event){.kind = kinds[i]});
	if (i == 3)
		do_barrier(l, t, "smp_mb");
	return true;
}

/* What is no access and no barrier; false: it is one. */
static bool do_other(struct litmus *l, struct thread *t, const char *step)
{
	uint32_t relaxed =
		l->bare || is(step, "writel_relaxed") ? CDMA_EVF_RELAXED : 0;

	if (do_rcu(l, t, step))
		return true;
	if (is(step, "br")) {
		do_branch(l, t);
	} else if (is(step, "give")) {
		l->given = true;
		do_sync(l, t, CDMA_EV_RELEASE, LOCK);
	} else if (is(step, "take")) {
		do_sync(l, t, CDMA_EV_ACQUIRE, LOCK);
	} else if (is(step, "MSI") || is(step, "INTX")) {
		l->raised = true;
		l->wired = *step == 'I';
		do_sync(l, t, CDMA_EV_IRQ_RAISE, INTERRUPT);
	} else if (is(step, "irq")) {
		do_sync(l, t, CDMA_EV_IRQ_ENTER, INTERRUPT);
	} else if (is(step, "writel") || is(step, "writel_relaxed")) {
		l->rung = true;
		do_register(l, t, CDMA_EV_WRITE, DOORBELL, relaxed);
	} else if (is(step, "db")) {
		do_register(l, t, CDMA_EV_READ, DOORBELL, 0);
	} else if (is(step, "readl")) {
		if (!l->bare)
			do_register(l, t, CDMA_EV_READ, STATUS, 0);
	} else {
		return false;
	}
	return true;
}

static void do_step(struct litmus *l, struct thread *t)
{
	const char *step = t->steps[t->at++];
	const char *arg = strchr(step, ' ');

	if (!arg) {
		if (!do_other(l, t, step))
			do_barrier(l, t, step);
	} else if (*step == 'R') {
		do_read(l, t, step, arg + 1);
	} else if (*step == 'X' || *step == 'I') {
		do_rmw(l, t, step, arg + 1);
	} else if (*step == 'W') {
		do_write(l, t, step, arg + 1);
	} else {
		do_half(l, t, arg + 1, step[1] == 'h');
	}
}

/* ---- one execution, and all ---- */

static bool is_ready(const struct litmus *l, const struct thread *t)
{
	const char *step = t->steps[t->at];

	if (t->at == t->nr)
		return false;
	if (is(step, "ge") && t->waits && !l->bare)
		return false;
	return (!is(step, "take") || l->given) &&
	       (!is(step, "irq") || l->raised) && (!is(step, "db") || l->rung);
}

static struct thread *next(struct litmus *l)
{
	struct thread *ready[THREADS];
	uint32_t nr = 0;

	for (unsigned int i = 0; i < l->nr; i++)
		if (is_ready(l, &l->threads[i]))
			ready[nr++] = &l->threads[i];
	return nr ? ready[choose(l, nr)] : NULL;
}

static void begin(struct litmus *l)
{
	struct cdma_event alloc = {
		.kind = CDMA_EV_ALLOC, .object = MEMORY, .site = &l->site};

	cdma_order_reset(l->order);
	cdma_stream_init(&l->stream);
	cdma_stream_observe(&l->stream, cdma_order_observer(l->order));
	memset(l->memory, 0, sizeof(l->memory));
	l->given = l->raised = l->rung = l->wired = false;
	l->asked = 0;
	cdma_emit(&l->stream, &alloc);
	for (unsigned int i = 0; i < l->nr; i++) {
		struct thread *t = &l->threads[i];
		struct cdma_event start = {.kind = CDMA_EV_START,
					   .value = t->kind};

		t->reads = false;
		t->waits = 0;
		t->at = t->nr_got = 0;
		t->last_read = t->op = 0;
		if (t->kind == CDMA_DEVICE)
			start.iova = t->id == 5 ? 1 : 2;
		emit(l, t, &start);
	}
}

static bool has_outcome(const struct litmus *l)
{
	char text[128] = "";
	const char *want = l->row->outcome;
	size_t len = 0;

	for (unsigned int i = 0; i < l->nr; i++)
		for (unsigned int k = 0; k < l->threads[i].nr_got; k++)
			len += (size_t)snprintf(
				text + len, sizeof(text) - len, "%s%llu",
				len ? " " : "",
				(unsigned long long)l->threads[i].got[k]);
	for (const char *eq = strchr(want, '='); eq; eq = strchr(eq + 1, '='))
		len += (size_t)snprintf(
			text + len, sizeof(text) - len, "%s%c=%llu",
			len ? " " : "", eq[-1],
			(unsigned long long)
				l->memory[(unsigned int)(eq[-1] - 'x') %
					  PLACES]);
	return !strcmp(text, want);
}

/* Go on to the next execution; false: that was the last. */
static bool advance(struct litmus *l)
{
	for (l->depth = l->asked; l->depth; l->depth--)
		if (++l->choices[l->depth - 1].answer <
		    l->choices[l->depth - 1].nr)
			return true;
	return false;
}

/* In how many executions the outcome of @row is. */
static uint64_t enumerate(const struct row *row, bool bare, bool strong)
{
	struct cdma_order_config config = {.weak = true};
	struct litmus l = {.bare = bare, .strong = strong};
	struct thread *t;

	parse(&l, row);
	l.order = cdma_order_new(&config);
	do {
		begin(&l);
		while ((t = next(&l)))
			do_step(&l, t);
		l.seen += has_outcome(&l);
	} while (advance(&l));
	cdma_order_free(l.order);
	return l.seen;
}

#endif /* TESTS_LITMUS_H */
