/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <cdma/order.h>

#include <stdio.h>
#include <string.h>

/*
 * The ordering rules on hand-written executions.
 *
 * A row is one execution, in the order in which it happened, in a notation
 * close to what is said aloud:
 *
 *	D D1        device engines (of two devices)
 *	C C1 C2     CPU threads
 *	R W x       read, write: marked by a CPU, DMA by a device
 *	Rp Wp       plain; Wbox: into a box
 *	W~ Wu       relaxed, unordered device write
 *	Ru R! W!    a read that nobody gets; what was said to be wrong
 *	Rc Wc       plain, by the contract of C
 *	Rb Wb       a piece of a bulk access
 *	Ra Wr       smp_load_acquire, smp_store_release
 *	Rok         a read inside data_race(); Rpoll: the last look of a poll
 *	Rearly      ... of one that what was first there would have ended
 *	br          a branch on the last read of the actor
 *	R x[i]      the address comes from the last read of the actor
 *	R x[%]      the same, within bounds
 *	W x=        the value comes from it
 *	br hi W x=lo   the same of a half of what the actor read last there
 *	x.lo x.hi   halves of x, which has eight bytes; x.b3: one byte
 *	Wl Wh Rl Rh one op of eight bytes in two pieces, either first
 *	writel db   the doorbell, and the engine that sees it
 *	readl       of the device's status register; status: D writes it
 *	MSI INTX    D interrupts, and C is the handler
 *	unlock lock, D fence: waits for its relaxed writes; lock2: another lock
 *	free unbind join off  all memory is freed; D is unbound; D has ended and
 *	            is at rest; D may not use the bus any more; on: it may
 *
 * want is the list of findings, each with the number of its step from 1.
 */
struct row {
	const char *name, *steps, *want;
};

#include "order-rows.h"

#define ACTORS   6
#define LOCK     1
#define IRQ      2
#define LOCK2    3
#define MEMORY   1
#define DOORBELL 2
#define STATUS   3

struct run {
	struct cdma_stream stream;
	struct cdma_site sites[32];
	unsigned int step;
	struct cdma_deps *deps;
	uint64_t last_read[ACTORS];
	uint64_t last_half[ACTORS][2];
	uint64_t op[ACTORS]; /* of which half is done */
	char names[16][16];
	unsigned int nr_names;
	char found[256];
};

static const char *const actor_names[ACTORS] = {NULL, "D",  "D1",
						"C",  "C1", "C2"};

static void found(void *aux, const struct cdma_finding *finding)
{
	struct run *run = aux;
	size_t len = strlen(run->found);
	long step = finding->at.site - run->sites;

	snprintf(run->found + len, sizeof(run->found) - len, "%s%s@%ld",
		 len ? " " : "", cdma_finding_name(finding->id), step);
}

/* Each name is a granule of its own. */
static uint64_t place(struct run *run, const char *name, size_t len)
{
	unsigned int i = 0;

	while (i < run->nr_names && (strlen(run->names[i]) != len ||
				     memcmp(run->names[i], name, len)))
		i++;
	if (i == run->nr_names) {
		ck_assert(i < ARRAY_SIZE(run->names) && len < 16);
		memcpy(run->names[run->nr_names++], name, len);
	}
	return (uint64_t)i * 8;
}

/* The half of an op that is @ev; the first to come begins it. */
static void half(struct run *run, struct cdma_event *ev, bool high)
{
	uint64_t *op = &run->op[ev->actor];

	ev->size = 4;
	ev->offset += high ? 4 : 0;
	ev->op = *op;
	ev->flags |= *op ? CDMA_EVF_LAST : 0;
	*op = *op ? 0 : run->stream.seq + 1;
	if (ev->kind == CDMA_EV_READ)
		ev->how = CDMA_BULK;
}

/* The last read of that half of anything. */
static cdma_dep_t half_read(const struct run *run, cdma_actor_id actor,
			    const char *which)
{
	bool high = !strcmp(which, "hi");

	ck_assert_msg(high || !strcmp(which, "lo"), "no such half: %s", which);
	return cdma_dep_part(run->deps,
			     cdma_dep_read(run->last_half[actor][high]),
			     high ? 0xf0 : 0x0f);
}

static void add_access(struct run *run, struct cdma_event *ev, const char *op,
		       const char *arg)
{
	size_t len = strcspn(arg, "[=.");
	const char *part = arg + len;
	bool device = ev->actor <= 2;

	ev->kind = *op == 'R' ? CDMA_EV_READ : CDMA_EV_WRITE;
	ev->how = device ? CDMA_DMA : CDMA_MARKED;
	op++;
	if (!strcmp(op, "p") || !strcmp(op, "box"))
		ev->how = CDMA_PLAIN;
	if (!strcmp(op, "c"))
		ev->flags |= CDMA_EVF_PLAIN;
	if (!strcmp(op, "b"))
		ev->how = CDMA_BULK;
	if (!strcmp(op, "box"))
		ev->flags |= CDMA_EVF_BOX;
	if (!strcmp(op, "~"))
		ev->flags |= CDMA_EVF_RELAXED;
	if (!strcmp(op, "u"))
		ev->flags |= ev->kind == CDMA_EV_READ ? CDMA_EVF_UNSEEN
						      : CDMA_EVF_UNORDERED;
	if (!strcmp(op, "!"))
		ev->flags |= CDMA_EVF_REPORTED;
	if (!strcmp(op, "a"))
		ev->flags |= CDMA_EVF_ACQUIRE;
	if (!strcmp(op, "r"))
		ev->flags |= CDMA_EVF_RELEASE;
	if (!strcmp(op, "poll") || !strcmp(op, "early"))
		ev->flags |= CDMA_EVF_POLL;
	if (!strcmp(op, "early"))
		ev->ends = 1;
	if (!strcmp(op, "ok"))
		ev->flags |= CDMA_EVF_RACE_OK;
	ev->object = MEMORY;
	ev->offset = place(run, arg, len) + (!strcmp(part, ".hi") ? 4 : 0);
	ev->size = *part == '.' ? 4 : 8;
	if (!strcmp(part, ".b3")) {
		ev->offset += 3;
		ev->size = 1;
	}
	if (!strcmp(op, "l") || !strcmp(op, "h"))
		half(run, ev, *op == 'h');
	if (*part == '[')
		ev->addr_dep = cdma_dep_read(run->last_read[ev->actor]);
	if (part[0] == '[' && part[1] == '%')
		ev->addr_dep = cdma_dep_bound(run->deps, ev->addr_dep);
	if (*part == '=')
		ev->data_dep =
			part[1] ? half_read(run, ev->actor, part + 1)
				: cdma_dep_read(run->last_read[ev->actor]);
}

static void mmio(struct cdma_event *ev, bool is_read, uint32_t reg,
		 bool relaxed)
{
	ev->kind = is_read ? CDMA_EV_READ : CDMA_EV_WRITE;
	ev->how = CDMA_MMIO;
	ev->object = reg;
	ev->size = 4;
	ev->iova = 1;
	if (relaxed)
		ev->flags |= CDMA_EVF_RELAXED;
}

static void barrier(struct cdma_event *ev, const char *op)
{
	const char *side = strrchr(op, '_');

	ev->kind = CDMA_EV_BARRIER;
	ev->domain = !strncmp(op, "smp_", 4)   ? CDMA_DOMAIN_SMP
		     : !strncmp(op, "dma_", 4) ? CDMA_DOMAIN_DMA
					       : CDMA_DOMAIN_FULL;
	side = side ? side + 1 : op;
	ck_assert_msg(!strcmp(side, "rmb") || !strcmp(side, "wmb") ||
			      !strcmp(side, "mb"),
		      "no such step: %s", op);
	ev->order = *side == 'r'   ? CDMA_ORDER_READ
		    : *side == 'w' ? CDMA_ORDER_WRITE
				   : CDMA_ORDER_FULL;
}

static void emit(struct run *run, struct cdma_event *ev)
{
	bool is_half = ev->op || run->op[ev->actor];

	ev->op_offset = is_half ? ev->offset & ~(uint64_t)7 : ev->offset;
	ev->op_size = is_half ? 8 : ev->size;
	cdma_emit(&run->stream, ev);
	if (ev->kind == CDMA_EV_READ)
		run->last_read[ev->actor] = ev->seq;
	for (int high = 0; high < 2; high++)
		if (ev->kind == CDMA_EV_READ && ev->size &&
		    (high ? ev->offset % 8 + ev->size > 4 : ev->offset % 8 < 4))
			run->last_half[ev->actor][high] = ev->seq;
}

static void interrupt(struct run *run, struct cdma_event *ev, bool wire)
{
	ev->kind = CDMA_EV_IRQ_RAISE;
	ev->object = IRQ;
	ev->flags = wire ? CDMA_EVF_RELAXED : 0;
	emit(run, ev);
	ev->kind = CDMA_EV_IRQ_ENTER;
	ev->op = 0;
	ev->actor = 3;
}

/* Whether @op is what ends memory, or a device's use of it. */
static bool end_of(struct cdma_event *ev, const char *op)
{
	static const struct {
		const char *op;
		enum cdma_event_kind kind;
	} ends[] = {
		{"free", CDMA_EV_FREE}, {"unbind", CDMA_EV_UNBIND},
		{"join", CDMA_EV_JOIN}, {"off", CDMA_EV_MASTER},
		{"on", CDMA_EV_MASTER},
	};

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (!strcmp(op, ends[i].op)) {
			ev->kind = (uint8_t)ends[i].kind;
			ev->offset = !strcmp(op, "on");
			return true;
		}
	return false;
}

static void step(struct run *run, const char *actor, const char *op,
		 const char *arg)
{
	struct cdma_event ev = {.site = &run->sites[++run->step]};

	for (cdma_actor_id id = 1; id < ACTORS; id++)
		if (!strcmp(actor, actor_names[id]))
			ev.actor = id;
	ck_assert_msg(ev.actor, "no such actor: %s", actor);

	if (!strcmp(op, "br")) {
		ev.kind = CDMA_EV_BRANCH;
		ev.data_dep = *arg ? half_read(run, ev.actor, arg)
				   : cdma_dep_read(run->last_read[ev.actor]);
	} else if (*arg) {
		add_access(run, &ev, op, arg);
	} else if (!strncmp(op, "writel", 6)) {
		mmio(&ev, false, DOORBELL, op[6]);
	} else if (!strncmp(op, "readl", 5)) {
		mmio(&ev, true, STATUS, op[5]);
	} else if (!strcmp(op, "status")) {
		mmio(&ev, false, STATUS, false);
	} else if (!strcmp(op, "db")) {
		mmio(&ev, true, DOORBELL, false);
	} else if (!strcmp(op, "MSI") || !strcmp(op, "INTX")) {
		interrupt(run, &ev, *op == 'I');
	} else if (strstr(op, "lock")) {
		ev.kind = *op == 'l' ? CDMA_EV_ACQUIRE : CDMA_EV_RELEASE;
		ev.object = strchr(op, '2') ? LOCK2 : LOCK;
	} else if (end_of(&ev, op)) {
		ev.object = MEMORY;
		ev.value = 1;
	} else {
		barrier(&ev, strcmp(op, "fence") ? op : "mb");
	}
	emit(run, &ev);
}

static void start(struct run *run)
{
	for (cdma_actor_id id = 1; id < ACTORS; id++) {
		struct cdma_event ev = {
			.kind = CDMA_EV_START,
			.actor = id,
			.site = &run->sites[0],
			.value = id <= 2 ? CDMA_DEVICE : CDMA_CPU,
			.iova = id <= 2 ? id : 0,
		};

		emit(run, &ev);
	}
}

static void play(struct run *run, const char *steps)
{
	start(run);
	while (*steps) {
		char actor[8] = "", op[24] = "", arg[24] = "", one[64];
		size_t len = strcspn(steps, ";");

		ck_assert(len < sizeof(one));
		memcpy(one, steps, len);
		one[len] = '\0';
		sscanf(one, "%7s %23s %23s", actor, op, arg);
		step(run, actor, op, arg);
		steps += len + (steps[len] == ';');
	}
}

static void judge(struct cdma_order *order, struct run *run, const char *steps)
{
	cdma_stream_init(&run->stream);
	cdma_stream_observe(&run->stream, cdma_order_observer(order));
	play(run, steps);
}

static void check_row(const struct row *row)
{
	struct run run = {.deps = cdma_deps_new()};
	struct cdma_order_config config = {
		.sink = {found, &run},
		.deps = run.deps,
	};
	struct cdma_order *order = cdma_order_new(&config);

	judge(order, &run, row->steps);
	ck_assert_msg(!strcmp(run.found, row->want),
		      "%s: %s\n  want: %s\n  got:  %s", row->name, row->steps,
		      row->want, run.found);
	cdma_order_free(order);
	cdma_deps_free(run.deps);
}

START_TEST(execution)
{
	check_row(&rows[_i]);
}
END_TEST

/* What proves that a value is too old: a flag that tells of the store. */
static const struct row stale_rows[] = {
	{"a flag that tells",
	 "C R x.lo; D W x.lo; D W y.hi; C R y.hi; C br hi; C W g=lo",
	 "stale_value@6"},
	{"nobody stored there",
	 "C R x.lo; D W x.lo; C R y.hi; C br hi; C W g=lo", ""},
	{"an older flag",
	 "D W y.hi; C R x.lo; D W x.lo; C R y.hi; C br hi; C W g=lo", ""},
	{"another device's flag",
	 "C R x.lo; D W x.lo; D1 W y.hi; C R y.hi; C br hi; C W g=lo", ""},
	{"nobody looks at it",
	 "C R x.lo; D W x.lo; D W y.hi; C R y.hi; C W g=lo", ""},
	{"fetched after it",
	 "D W x.lo; D W y.hi; C R y.hi; C br hi; C dma_rmb; C R x.lo; C W g=lo",
	 ""},
	{"looked at before",
	 "C R x.lo; C br lo; D W x.lo; D W y.hi; C R y.hi; C br hi; C W g=lo",
	 ""},
	{"given back before",
	 "C R x.lo; C dma_mb; C W g; D R g; D W x.lo; D W y.hi; C R y.hi; C br "
	 "hi;"
	 "C W h=lo",
	 ""},
};

START_TEST(stale)
{
	check_row(&stale_rows[_i]);
}
END_TEST

/* A run leaves nothing behind for the next. */
START_TEST(reset)
{
	struct run run;
	struct cdma_deps *deps = cdma_deps_new();
	struct cdma_order_config config = {
		.sink = {found, &run},
		.deps = deps,
	};
	struct cdma_order *order = cdma_order_new(&config);

	for (int round = 0; round < 3; round++)
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
			memset(&run, 0, sizeof(run));
			run.deps = deps;
			judge(order, &run, rows[i].steps);
			ck_assert_str_eq(run.found, rows[i].want);
			cdma_order_reset(order);
			cdma_deps_reset(deps);
		}
	cdma_order_free(order);
	cdma_deps_free(deps);
}
END_TEST

/* Which read a finding names as the one that proved ownership, and which store
 * as the one that it saw. */
static void proved(void *aux, const struct cdma_finding *finding)
{
	struct run *run = aux;

	snprintf(run->found, sizeof(run->found), "%ld %ld",
		 (long)(finding->proof.site ? finding->proof.site - run->sites
					    : 0),
		 (long)(finding->publish.site
				? finding->publish.site - run->sites
				: 0));
}

static const struct row proofs[] = {
	{"the flag", "D W x; D W f; C R f; C R x", "3 2"},
	{"the first of two", "D W x; D W f; D W g; C R g; C R f; C R x", "4 3"},
	{"the first that is late enough",
	 "D W f; D W x; D W g; C R f; C R g; C R x", "5 3"},
	{"the other half of the same store", "D W x; C R x.lo; C R x.hi",
	 "2 1"},
	{"by way of another CPU", "D W x; D W f; C R f; C W g; C1 R g; C1 R x",
	 "5 4"},
	{"an interrupt", "D Wu x; D MSI; C R x", "2 0"},
};

START_TEST(proof)
{
	struct run run = {.step = 0};
	struct cdma_order_config config = {.sink = {proved, &run}};
	struct cdma_order *order = cdma_order_new(&config);

	judge(order, &run, proofs[_i].steps);
	ck_assert_msg(!strcmp(run.found, proofs[_i].want),
		      "%s: want %s, got %s", proofs[_i].name, proofs[_i].want,
		      run.found);
	cdma_order_free(order);
}
END_TEST

/* With the other reading of the Rust API, marked accesses of CPUs race. */
START_TEST(strict_volatile)
{
	struct run run = {.step = 0};
	struct cdma_order_config config = {
		.sink = {found, &run},
		.strict_volatile = true,
	};
	struct cdma_order *order = cdma_order_new(&config);

	judge(order, &run, "C W x; C1 R x; D W y; C R y");
	ck_assert_str_eq(run.found, "data_race@2");
	cdma_order_free(order);
}
END_TEST

static const struct row plain_rows[] = {
	{"checked, then an address", "D W x; C Rc x; C br; C R y[i]",
	 "exposed_access@2"},
	{"not checked", "D W x; C Rc x; C R y[i]", ""},
	{"within bounds", "D W x; C Rc x; C br; C R y[%]", ""},
	{"no address", "D W x; C Rc x; C br; C W y=", ""},
	{"marked", "D W x; C R x; C br; C R y[i]", ""},
};

START_TEST(strict_plain)
{
	struct run run = {.deps = cdma_deps_new()};
	struct cdma_order_config config = {
		.sink = {found, &run},
		.deps = run.deps,
		.strict_plain = true,
	};
	struct cdma_order *order = cdma_order_new(&config);

	judge(order, &run, plain_rows[_i].steps);
	ck_assert_msg(!strcmp(run.found, plain_rows[_i].want), "%s: %s",
		      plain_rows[_i].name, run.found);
	cdma_order_free(order);
	cdma_deps_free(run.deps);
}
END_TEST

/* The main thread has no START: it is a CPU. */
START_TEST(main_thread)
{
	struct run run = {.step = 0};
	struct cdma_order_config config = {.sink = {found, &run}};
	struct cdma_order *order = cdma_order_new(&config);
	struct cdma_event ev = {
		.kind = CDMA_EV_WRITE,
		.how = CDMA_BULK,
		.object = MEMORY,
		.actor = 1,
		.size = 4,
		.site = &run.sites[1],
	};

	cdma_stream_init(&run.stream);
	cdma_stream_observe(&run.stream, cdma_order_observer(order));
	cdma_emit(&run.stream, &ev);
	ev.actor = 2;
	ev.site = &run.sites[2];
	cdma_emit(&run.stream, &ev);
	ck_assert_str_eq(run.found, "data_race@2");
	cdma_order_free(order);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("order");

	unit_add_rows(suite, execution, ARRAY_SIZE(rows));
	unit_add_rows(suite, stale, ARRAY_SIZE(stale_rows));
	unit_add_rows(suite, proof, ARRAY_SIZE(proofs));
	unit_add(suite, reset);
	unit_add(suite, strict_volatile);
	unit_add_rows(suite, strict_plain, ARRAY_SIZE(plain_rows));
	unit_add(suite, main_thread);
	return suite;
}
