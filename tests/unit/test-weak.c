/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <cdma/actor.h>
#include <cdma/order.h>

#include "base/macros.h"
#include "base/vec.h"

#include <stdio.h>
#include <string.h>

/*
 * What reads of weak memory see, by litmus tests.
 *
 * Every execution of a row is made: all schedules of its threads, and in each
 * all that each read may see.  Between CPUs the verdicts are those of the Linux
 * kernel memory model (tools/memory-model/litmus-tests where the shape is
 * there), but for what comes of stores that take effect early, which is
 * outside of our model and marked so.
 *
 * A thread is a name (C C1 C2 C3: CPUs; D D1: engines of two devices) and its
 * steps; threads are separated by '|'.
 *
 *	W x 1   R x      store and load
 *	Wr x 1  Ra x     smp_store_release(), smp_load_acquire()
 *	W~ x 1           relaxed device write
 *	R x[]            address from the last read of the thread
 *	W x= 1           value from it
 *	br               a branch on it
 *	lh x 1  l x 1    the high half of x, then the low one, of one store
 *	give take        a release, and the acquire that waits for it
 *	MSI INTX irq     an interrupt, and its handler's start
 *	writel writel_relaxed db   the doorbell, and the engine that waits for
 *it readl            of the device's status
 *
 * An outcome is the values of all reads in the order of the text, then that of
 * x in the end where the row says "x=".
 */

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

static const struct row rows[] = {
	/* One word. */
	{"CoRR", "C: W x 1 | C1: R x; R x", "1 0", COHERENT},
	{"CoRR, two writers", "C: W x 1 | C1: W x 2 | C2: R x; R x; R x",
	 "1 2 1", COHERENT},
	{"CoRR, across threads",
	 "C: W x 1 | C1: R x; mb; W y 1 | C2: R y;"
	 "mb; R x",
	 "1 1 0", NEVER},
	{"CoWR", "C: W x 1; R x | C1: W x 2", "0", COHERENT},
	{"CoRW", "C: R x; W x 1 | C1: W x 2", "1", COHERENT},
	{"CoWW", "C: W x 1; W x 2 | C1: R x; R x", "2 1", COHERENT},
	{"CoRR of a device", "C: W x 1 | D: R x; R x", "1 0", COHERENT},

	/* Message passing. */
	{"MP", "C: W x 1; W y 1 | C1: R y; R x", "1 0", SOMETIMES},
	{"MP+wmb", "C: W x 1; smp_wmb; W y 1 | C1: R y; R x", "1 0", SOMETIMES},
	{"MP+rmb", "C: W x 1; W y 1 | C1: R y; smp_rmb; R x", "1 0", SOMETIMES},
	{"MP+wmb+rmb", "C: W x 1; smp_wmb; W y 1 | C1: R y; smp_rmb; R x",
	 "1 0", NEVER},
	{"MP+rel+acq", "C: W x 1; Wr y 1 | C1: Ra y; R x", "1 0", NEVER},
	{"MP+rel+rmb", "C: W x 1; Wr y 1 | C1: R y; smp_rmb; R x", "1 0",
	 NEVER},
	{"MP+mb+mb", "C: W x 1; mb; W y 1 | C1: R y; mb; R x", "1 0", NEVER},
	{"MP+wmb+addr", "C: W x 1; smp_wmb; W y 1 | C1: R y; R x[]", "1 0",
	 NEVER},
	{"MP+wmb+ctrl", "C: W x 1; smp_wmb; W y 1 | C1: R y; br; R x", "1 0",
	 SOMETIMES},
	{"MP, lock", "C: W x 1; give | C1: take; R x", "0", NEVER},

	/* Store buffering. */
	{"SB", "C: W x 1; R y | C1: W y 1; R x", "0 0", SOMETIMES},
	{"SB+mb+po", "C: W x 1; mb; R y | C1: W y 1; R x", "0 0", SOMETIMES},
	{"SB+wmb+wmb", "C: W x 1; wmb; R y | C1: W y 1; wmb; R x", "0 0",
	 SOMETIMES},
	{"SB+rmb+rmb", "C: W x 1; rmb; R y | C1: W y 1; rmb; R x", "0 0",
	 SOMETIMES},
	{"SB+rel+acq", "C: Wr x 1; Ra y | C1: Wr y 1; Ra x", "0 0", SOMETIMES},
	{"SB+mb+mb", "C: W x 1; mb; R y | C1: W y 1; mb; R x", "0 0", NEVER},
	{"SB+smp_mb+smp_mb", "C: W x 1; smp_mb; R y | C1: W y 1; smp_mb; R x",
	 "0 0", NEVER},
	{"SB+rfi", "C: W x 1; R x; R y | C1: W y 1; R y; R x", "1 0 1 0",
	 SOMETIMES},

	/* Three and four threads. */
	{"WRC", "C: W x 1 | C1: R x; W y 1 | C2: R y; R x", "1 1 0", SOMETIMES},
	{"WRC+rel+rmb", "C: W x 1 | C1: R x; Wr y 1 | C2: R y; smp_rmb; R x",
	 "1 1 0", NEVER},
	{"WRC+mb+rmb", "C: W x 1 | C1: R x; mb; W y 1 | C2: R y; smp_rmb; R x",
	 "1 1 0", NEVER},
	{"WRC+wmb+rmb", "C: W x 1 | C1: R x; wmb; W y 1 | C2: R y; rmb; R x",
	 "1 1 0", SOMETIMES},
	{"WRC+data+addr", "C: W x 1 | C1: R x; W y= 1 | C2: R y; R x[]",
	 "1 1 0", SOMETIMES},
	{"ISA2", "C: W x 1; W y 1 | C1: R y; W z 1 | C2: R z; R x", "1 1 0",
	 SOMETIMES},
	{"ISA2+rel+acq-rel+acq",
	 "C: W x 1; Wr y 1 | C1: Ra y; Wr z 1 | C2: Ra z; R x", "1 1 0", NEVER},
	{"ISA2+mb+data+rmb",
	 "C: W x 1; mb; W y 1 | C1: R y; W z= 1 | C2: R z; rmb; R x", "1 1 0",
	 NEVER},
	{"ISA2+mb+ctrl+addr",
	 "C: W x 1; mb; W y 1 | C1: R y; br; W z 1 | C2: R z; R x[]", "1 1 0",
	 NEVER},
	{"ISA2+wmb+data+rmb",
	 "C: W x 1; wmb; W y 1 | C1: R y; W z= 1 | C2: R z; rmb; R x", "1 1 0",
	 SOMETIMES},
	{"ISA2+mb+po+rmb",
	 "C: W x 1; mb; W y 1 | C1: R y; W z 1 | C2: R z; rmb; R x", "1 1 0",
	 SOMETIMES},
	{"IRIW", "C: W x 1 | C1: W y 1 | C2: R x; R y | C3: R y; R x",
	 "1 0 1 0", SOMETIMES},
	{"IRIW+rmb+rmb",
	 "C: W x 1 | C1: W y 1 | C2: R x; rmb; R y | C3: R y; rmb; R x",
	 "1 0 1 0", SOMETIMES},
	{"IRIW+mb+rmb",
	 "C: W x 1 | C1: W y 1 | C2: R x; mb; R y | C3: R y; rmb; R x",
	 "1 0 1 0", SOMETIMES},
	{"IRIW+acq+acq", "C: W x 1 | C1: W y 1 | C2: Ra x; R y | C3: Ra y; R x",
	 "1 0 1 0", SOMETIMES},
	{"IRIW+mb+mb",
	 "C: W x 1 | C1: W y 1 | C2: R x; mb; R y | C3: R y; mb; R x",
	 "1 0 1 0", NEVER},
	{"RWC+mb+mb", "C: W x 1 | C1: R x; mb; R y | C2: W y 1; mb; R x",
	 "1 0 0", NEVER},
	{"RWC+rmb+mb", "C: W x 1 | C1: R x; rmb; R y | C2: W y 1; mb; R x",
	 "1 0 0", SOMETIMES},
	{"W+RWC+rel+mb+mb",
	 "C: W x 1; Wr y 1 | C1: R y; mb; R z | C2: W z 1; mb; R x", "1 0 0",
	 NEVER},
	{"Z6.0+rel+acq-rel+mb",
	 "C: W x 1; Wr y 1 | C1: Ra y; Wr z 1 | C2: W z 2; mb; R x", "1 0 z=2",
	 SOMETIMES},

	/* The final state tells the order of stores. */
	{"R", "C: W x 1; W y 1 | C1: W y 2; R x", "0 y=2", SOMETIMES},
	{"R+wmb+mb", "C: W x 1; wmb; W y 1 | C1: W y 2; mb; R x", "0 y=2",
	 SOMETIMES},
	{"R+mb+mb", "C: W x 1; mb; W y 1 | C1: W y 2; mb; R x", "0 y=2", NEVER},
	{"S", "C: W x 2; W y 1 | C1: R y; W x 1", "1 x=2", OUTSIDE},
	{"2+2W", "C: W x 1; W y 2 | C1: W y 1; W x 2", "x=1 y=1", OUTSIDE},
	{"LB", "C: R x; W y 1 | C1: R y; W x 1", "1 1", OUTSIDE},
	{"LB+mb+mb", "C: R x; mb; W y 1 | C1: R y; mb; W x 1", "1 1", COHERENT},

	/* A device reads. */
	{"publish", "C: W x 1; W y 1 | D: R y; R x", "1 0", SOMETIMES},
	{"publish+dma_wmb", "C: W x 1; dma_wmb; W y 1 | D: R y; R x", "1 0",
	 NEVER},
	{"publish+smp_wmb", "C: W x 1; smp_wmb; W y 1 | D: R y; R x", "1 0",
	 SOMETIMES},
	{"publish+release", "C: W x 1; Wr y 1 | D: R y; R x", "1 0", SOMETIMES},
	{"publish+smp_mb", "C: W x 1; smp_mb; W y 1 | D: R y; R x", "1 0",
	 SOMETIMES},
	{"publish, dma_wmb too late", "C: W x 1; W y 1; dma_wmb | D: R y; R x",
	 "1 0", SOMETIMES},
	{"publish, second-hand",
	 "C: W x 1 | C1: R x; dma_wmb; W y 1 | D: R y; R x", "1 1 0",
	 SOMETIMES},
	{"publish, second-hand, dma_mb",
	 "C: W x 1 | C1: R x; dma_mb; W y 1 | D: R y; R x", "1 1 0", NEVER},
	{"doorbell", "C: W x 1; writel | D: db; R x", "0", NEVER},
	{"relaxed doorbell", "C: W x 1; writel_relaxed | D: db; R x", "0",
	 SOMETIMES},
	{"wmb, relaxed doorbell", "C: W x 1; wmb; writel_relaxed | D: db; R x",
	 "0", NEVER},
	{"lock, then a doorbell",
	 "C: W x 1; give | C1: take; writel |"
	 "D: db; R x",
	 "0", NEVER},

	/* A device writes. */
	{"complete", "D: W x 1; W y 1 | C: R y; R x", "1 0", SOMETIMES},
	{"complete+dma_rmb", "D: W x 1; W y 1 | C: R y; dma_rmb; R x", "1 0",
	 NEVER},
	{"complete+smp_rmb", "D: W x 1; W y 1 | C: R y; smp_rmb; R x", "1 0",
	 SOMETIMES},
	{"complete+acquire", "D: W x 1; W y 1 | C: Ra y; R x", "1 0",
	 SOMETIMES},
	{"complete+ctrl", "D: W x 1; W y 1 | C: R y; br; R x", "1 0",
	 SOMETIMES},
	{"complete+addr", "D: W x 1; W y 1 | C: R y; R x[]", "1 0", NEVER},
	{"relaxed payload", "D: W~ x 1; W y 1 | C: R y; dma_rmb; R x", "1 0",
	 SOMETIMES},
	{"relaxed payload, fence",
	 "D: W~ x 1; fence; W y 1 | C: R y; dma_rmb; R x", "1 0", NEVER},
	{"readl", "D: W~ x 1; W y 1 | C: R y; readl; R x", "1 0", NEVER},
	{"MSI", "D: W x 1; MSI | C: irq; R x", "0", NEVER},
	{"INTx", "D: W x 1; INTX | C: irq; R x", "0", SOMETIMES},
	{"INTx+readl", "D: W x 1; INTX | C: irq; readl; R x", "0", NEVER},
	{"SB of two devices", "D: W x 1; R y | D1: W y 1; R x", "0 0",
	 COHERENT},
	{"relaxed write, another device", "D: W~ x 1; W y 1 | D1: R y; R x",
	 "1 0", SOMETIMES},
	{"device to device", "D: W x 1; W y 1 | D1: R y; R x", "1 0", COHERENT},
	{"through a CPU, dma_wmb",
	 "D: W x 1; W y 1 | C: R y; dma_rmb; dma_wmb; W z 1 | D1: R z; R x",
	 "1 1 0", SOMETIMES},
	{"through a CPU, dma_mb",
	 "D: W x 1; W y 1 | C: R y; dma_mb; W z 1 | D1: R z; R x", "1 1 0",
	 NEVER},

	/* The lost doorbell: an index and a wish to be told of it. */
	{"kick", "C: W x 1; R y | D: W y 1; R x", "0 0", SOMETIMES},
	{"kick+wmb", "C: W x 1; wmb; R y | D: W y 1; R x", "0 0", SOMETIMES},
	{"kick+rmb", "C: W x 1; rmb; R y | D: W y 1; R x", "0 0", SOMETIMES},
	{"kick+smp_mb", "C: W x 1; smp_mb; R y | D: W y 1; R x", "0 0",
	 SOMETIMES},
	{"kick+mb", "C: W x 1; mb; R y | D: W y 1; R x", "0 0", NEVER},
	{"kick+dma_mb", "C: W x 1; dma_mb; R y | D: W y 1; R x", "0 0", NEVER},
	{"kick+mb, relaxed wish", "C: W x 1; mb; R y | D: W~ y 1; R x", "0 0",
	 SOMETIMES},

	/* A store in halves is two stores. */
	{"split, seen one by one", "D: lh x 1; l x 1 | C: R x; R x",
	 "4294967297 4294967296", COHERENT},
	{"split, low half late", "D: lh x 1; l x 1; W y 1 | C: R y; R x",
	 "1 4294967296", SOMETIMES},
	{"split, dma_rmb", "D: lh x 1; l x 1; W y 1 | C: R y; dma_rmb; R x",
	 "1 4294967296", NEVER},
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
	if (arg[1] == '=' && !l->bare)
		ev.data_dep = cdma_dep_read(t->last_read);
	*at = ev.value;
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

/* What is no access and no barrier; false: it is one. */
static bool do_other(struct litmus *l, struct thread *t, const char *step)
{
	uint32_t relaxed =
		l->bare || is(step, "writel_relaxed") ? CDMA_EVF_RELAXED : 0;

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

/* In how many executions the outcome is. */
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

START_TEST(litmus)
{
	const struct row *row = &rows[_i];
	uint64_t seen = enumerate(row, false, false);

	if (row->verdict == SOMETIMES)
		ck_assert_msg(seen, "%s: never seen", row->name);
	else
		ck_assert_msg(!seen, "%s: seen %llu times", row->name,
			      (unsigned long long)seen);
	/* It is what orders that forbids it. */
	if (row->verdict == NEVER)
		ck_assert_msg(enumerate(row, true, false),
			      "%s: forbidden without", row->name);
}
END_TEST

/* None of it without late reads. */
START_TEST(strong)
{
	ck_assert_uint_eq(enumerate(&rows[_i], false, true), 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("weak");

	unit_add_rows(suite, litmus, ARRAY_SIZE(rows));
	unit_add_rows(suite, strong, ARRAY_SIZE(rows));
	return suite;
}
