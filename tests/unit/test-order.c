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
 *	Rp Wp       plain; Wbox: into a box; W~: relaxed device write
 *	Rb Wb       a piece of a bulk access
 *	Ra Wr       smp_load_acquire, smp_store_release
 *	Rok         a read inside data_race(); Rpoll: the last look of a poll
 *	br          a branch on the last read of the actor
 *	R x[i]      the address comes from the last read of the actor
 *	W x=        the value comes from it
 *	x.lo x.hi   halves of x, which has eight bytes; x.b3: one byte
 *	Wl Wh Rl Rh one op of eight bytes in two pieces, either first
 *	writel db   the doorbell, and the engine that sees it
 *	readl       of the device's status register
 *	MSI INTX    D interrupts, and C is the handler
 *	unlock lock, D fence: waits for its relaxed writes
 *
 * want is the list of findings, each with the number of its step from 1.
 */
struct row {
	const char *name, *steps, *want;
};

static const struct row rows[] = {
	/* The table of doc/memory-model.md, by its numbers. */
	{"1", "D W ret; D W flags; C R flags; C br; C R ret",
	 "unordered_read@5"},
	{"2", "D W ret; D W flags; C R flags; C br; C dma_rmb; C R ret", ""},
	{"3", "D W len; D W valid; C dma_rmb; C R valid; C br; C R len",
	 "unordered_read@6"},
	{"4",
	 "D W l1; D W v1; D W l2; D W v2; C R v1; C br; C dma_rmb; C R l1;"
	 "C R v2; C br; C R l2",
	 "unordered_read@11"},
	{"5",
	 "D W l1; D W v1; D W l2; D W v2; C R v1; C R v2; C dma_rmb; C R l1;"
	 "C R l2",
	 ""},
	{"6",
	 "D W l1; D W l2; D W head; C R head; C br; C dma_rmb; C R l1; C R l2",
	 ""},
	{"7",
	 "D W~ payload; D W index; C R index; C br; C dma_rmb; C R payload",
	 "device_order@6"},
	{"8", "D W st; C R st; D W st; C R st", ""},
	{"9", "C W addr; C W own; D R own; D R addr", "unordered_publish@4"},
	{"10", "C W addr; C dma_wmb; C W own; D R own; D R addr", ""},
	{"11", "C W addr; C smp_wmb; C W own; D R own; D R addr",
	 "unordered_publish@5"},
	{"12", "C W addr; C W own; C dma_wmb; D R own; D R addr",
	 "unordered_publish@5"},
	{"13", "C W desc; C writel_relaxed; D db; D R desc",
	 "unordered_publish@4"},
	{"14", "C W desc; C wmb; C writel_relaxed; D db; D R desc", ""},
	{"15", "C W desc; C writel; D db; D R desc", ""},
	{"16",
	 "D W p; D W wp; C R wp; C br; C dma_rmb; C R p; C W rp; D R rp; D W p",
	 "unordered_giveback@9"},
	{"17",
	 "D W p; D W wp; C R wp; C br; C dma_rmb; C R p; C dma_mb; C W rp;"
	 "D R rp; D W p",
	 ""},
	{"18",
	 "D W p; D W wp; C R wp; C br; C dma_rmb; C R p; C br; C W rp; D R rp;"
	 "D W p",
	 ""},
	{"19",
	 "D W p; D W phase; C R phase; C br; C dma_rmb; C R p; C br; C writel;"
	 "D db; D W p",
	 ""},
	{"20", "D W x; C Rp x", "data_race@2"},
	{"21", "D W x; C readl; C Rp x", ""},
	{"22", "D W x; C readl_relaxed; C Rp x", "data_race@3"},
	{"23", "D W x; D MSI; C Rp x", ""},
	{"24", "C Wbox d; C writel; D db; D R d", ""},
	{"25", "C Wbox d; C writel_relaxed; D db; D R d",
	 "unordered_publish@4"},
	{"26", "C Wbox d; D R d", "unordered_publish@2"},
	{"27", "D W ring; D W idx; C R idx; C R ring[i]", ""},
	{"28", "D W len; D W st; C R st; C br; C W len; C W st", ""},
	{"29", "D W len; D W st; C R st; C W len", "unordered_write@4"},
	{"30", "C Wp x; C W f; C1 R f; C1 Rp x", "data_race@4"},
	{"31", "C Wp x; C smp_wmb; C W f; C1 R f; C1 smp_rmb; C1 Rp x", ""},
	{"32", "D W x; D W f; C R f; C smp_rmb; C R x", "unordered_read@5"},
	{"33",
	 "D W x; D W f; C R f; C br; C dma_rmb; C R x; C W g0; C dma_wmb;"
	 "C W g; D1 R g; D1 R x",
	 "unordered_publish@11"},
	{"34", "D W x; D W f; C R f; C br; C dma_mb; C W g; D1 R g; D1 R x",
	 ""},
	{"35", "D W x; D W f; C R f; C br; C dma_mb; C W g; D1 R g; D1 R f",
	 ""},
	{"36", "C W y; C W f; C1 R f; C1 mb; C1 W g; D R g; D R f; D R y",
	 "unordered_publish@8"},

	/* Detection does not depend on luck: a newer store hides nothing. */
	{"newer store", "D W x; D W f; D W x; C R f; C R x",
	 "unordered_read@5"},
	{"newer read",
	 "D W p; D W wp; C R wp; C dma_rmb; C R p; C W rp; C R p; D R rp;"
	 "D W p",
	 "unordered_giveback@9"},
	{"poll leaves one read",
	 "C R st; C R st; D W st; C R st; C br; C W st; D R st; D W st", ""},

	/* Coherence: what was seen once stays seen. */
	{"seen", "D W x; C R x; D W f; C R f; C R x", ""},
	{"seen, then newer", "D W x; C R x; D W x; D W f; C R f; C R x",
	 "unordered_read@6"},
	{"seen in halves",
	 "D W x.lo; D W x.hi; C R x.lo; C R x.hi; D W f;"
	 "C R f; C W x.lo; C W x.hi",
	 ""},
	{"whole over halves",
	 "D W x.lo; D W x.hi; D W f; C R x.lo; C R x.hi; C R f; C W x", ""},
	{"other half", "D W x; C R x.lo; C R x.hi", "unordered_read@3"},
	{"other half, ordered", "D W x; C R x.lo; C dma_rmb; C R x.hi", ""},
	{"two devices' bytes", "D W x.lo; D1 W x.hi; D1 W f; C R f; C R x.lo",
	 ""},

	{"read, then own store", "C R st; C W st; C writel; D db; D W st", ""},
	{"read, then own store elsewhere",
	 "C R st; C W other; C writel; D db; D W st", "unordered_giveback@5"},

	/* A poll looks again. */
	{"two flags, polled", "D W b; D W a; C Rpoll a; C Rpoll b", ""},
	{"two flags, read", "D W b; D W a; C R a; C R b", "unordered_read@4"},
	{"what a poll brought", "D W x; D W f; C Rpoll f; C R x",
	 "unordered_read@4"},

	/* Release and acquire are between CPUs. */
	{"release", "C Wp x; C Wr f; C1 Ra f; C1 Rp x", ""},
	{"release, no acquire", "C Wp x; C Wr f; C1 R f; C1 Rp x",
	 "data_race@4"},
	{"acquire, no release", "C Wp x; C W f; C1 Ra f; C1 Rp x",
	 "data_race@4"},
	{"release is cumulative",
	 "C W x; C Wr f; C1 Ra f; C1 Wr g; C2 Ra g; C2 Rp x", ""},
	{"wmb is not",
	 "C W x; C smp_wmb; C W f; C1 R f; C1 smp_rmb; C1 smp_wmb; C1 W g;"
	 "C2 R g; C2 smp_rmb; C2 R x",
	 "unordered_publish@10"},
	{"acquire of a device's flag", "D W x; D W f; C Ra f; C R x",
	 "unordered_read@4"},
	{"release towards a device", "C W x; C Wr f; D R f; D R x",
	 "unordered_publish@4"},
	{"release before a plain read", "C R x; C Wr f; C1 Ra f; C1 Wp x", ""},
	{"read before a plain store",
	 "C Rp x; C smp_wmb; C W f; C1 R f; C1 mb; C1 Wp x", "data_race@6"},

	/* Locks, and what is handed over by them. */
	{"lock", "C Wp x; C unlock; C1 lock; C1 Rp x", ""},
	{"no lock", "C unlock; C Wp x; C1 lock; C1 Rp x", "data_race@4"},
	{"lock, then a doorbell by another CPU",
	 "C W desc; C unlock; C1 lock; C1 writel; D db; D R desc", ""},
	{"lock, then dma_wmb by another CPU",
	 "C W desc; C unlock; C1 lock; C1 dma_wmb; C1 W own; D R own; D R desc",
	 ""},
	{"lock is no dma_wmb",
	 "C W desc; C unlock; C1 lock; C1 W own; D R own; D R desc",
	 "unordered_publish@6"},
	{"doorbell covers what was read",
	 "C W desc; C smp_wmb; C W f; C1 R f; C1 writel; D db; D R desc", ""},
	{"lock hands over what a device wrote",
	 "D W x; D W f; C R f; C dma_rmb; C unlock; C1 lock; C1 Rp x", ""},
	{"lock hands over the read itself",
	 "D W x; D W f; C R f; C unlock; C1 lock; C1 Rp x", ""},
	{"third CPU sees it through a lock",
	 "C W x; C unlock; C1 lock; C1 W g; C2 R g; C2 smp_rmb; C2 R x", ""},

	/* Dependencies. */
	{"data dependency carries the read",
	 "D W p; D W wp; C R wp; C dma_rmb; C R p; C W rp=; D R rp; D W p", ""},
	{"address dependency orders one access only",
	 "D W a; D W b; D W idx; C R idx; C R a[i]; C R b", "unordered_read@6"},
	{"control dependency orders no reads",
	 "D W x; D W f; C R f; C br; C R x", "unordered_read@5"},
	{"branch carries its read alone",
	 "C R p; C R q; C br; C W rp; D R rp; D W q; D W p",
	 "unordered_giveback@7"},

	/* Registers and interrupts. */
	{"readl brings relaxed writes", "D W~ x; C readl; C R x", ""},
	{"readl orders no store", "D W x; C readl; C W x", "unordered_write@3"},
	{"readl and a branch", "D W x; C readl; C br; C W x", ""},
	{"readl_relaxed and rmb", "D W x; C readl_relaxed; C rmb; C R x", ""},
	{"readl_relaxed", "D W x; C readl_relaxed; C R x", "unordered_read@3"},
	{"wired interrupt", "D W x; D INTX; C R x", "unordered_read@3"},
	{"wired interrupt, rmb does not help", "D W x; D INTX; C rmb; C R x",
	 "unordered_read@4"},
	{"wired interrupt, readl", "D W x; D INTX; C readl; C Rp x", ""},
	{"MSI and relaxed writes", "D W~ x; D MSI; C R x", "device_order@3"},
	{"fence, then MSI", "D W~ x; D fence; D MSI; C Rp x", ""},
	{"smp_mb and a relaxed doorbell",
	 "C W desc; C smp_mb; C writel_relaxed; D db; D R desc",
	 "unordered_publish@5"},
	{"reads are not in a doorbell",
	 "D W p; D W wp; C R wp; C dma_rmb; C R p; C writel; D db; D W p",
	 "unordered_giveback@8"},

	/* Devices. */
	{"device over device's unpublished store", "D W x; D1 W x", ""},
	{"device hands on what it read",
	 "C W desc; C dma_wmb; C W own; D R own; D R desc; D W done; C1 R done;"
	 "C1 br; C1 dma_rmb; C1 R desc",
	 ""},
	{"device's completed reads travel",
	 "C W own; D R own; D R p; D W done; C R done; C br; C W p", ""},
	{"without a branch",
	 "C W own; D R own; D R p; D W done; C R done; C W p",
	 "unordered_write@6"},
	{"relaxed index after ordered payload",
	 "D W p; D W~ idx; C R idx; C dma_rmb; C R p", "unordered_publish@5"},

	/* One store seen in part. */
	{"torn across a bulk read", "C Rl x; D W x; C Rh x", "torn_read@3"},
	{"torn store, whole read", "D W x; D Wl x; C R x; D Wh x",
	 "torn_read@3"},
	{"torn store, whole read, the other half first",
	 "D W x; D Wh x; C R x; D Wl x", "torn_read@3"},
	{"torn store over nothing", "D Wl x; C R x; D Wh x", "torn_read@2"},
	{"all of it landed", "D W x; D Wl x; D Wh x; C R x", ""},
	{"none of it landed", "D W x; C R x; D Wl x; D Wh x", ""},
	{"a store amid an older one", "D W x; D W x.b3; C R x", ""},
	{"two stores side by side", "D W x.lo; D W x.hi; C R x", ""},
	{"bulk read of two stores", "D W x.lo; C Rl x; D W x.hi; C Rh x", ""},
	{"bulk read, store in between ended", "D Wl x; C Rl x; D Wh x; C Rh x",
	 ""},
	{"bulk read, second half first", "C Rh x; D Wl x; D Wh x; C Rl x",
	 "torn_read@4"},
	{"two reads, used as an address",
	 "D Wh x; C R x.hi; C R x.lo; C R y[i]; D Wl x", "torn_read@3"},
	{"two reads, used as a value",
	 "D Wh x; C R x.hi; C R x.lo; C W y=; D Wl x", "torn_read@3"},
	{"two reads, looked at and put off",
	 "D Wh x; C R x.hi; C R x.lo; C br; D Wl x", ""},
	{"two reads of a whole store",
	 "D Wh x; D Wl x; C R x.hi; C dma_rmb; C R x.lo; C R y[i]", ""},
	{"data_race() may tear", "D Wl x; C Rok x; D Wh x", ""},

	/* Checked, fetched again, used unchecked. */
	{"double fetch", "D W n; C R n; C br; D W n; C R n; C R t[i]",
	 "double_fetch@5"},
	{"double fetch of the same store",
	 "D W n; C R n; C br; C R n; C R t[i]", ""},
	{"checked again", "D W n; C R n; C br; D W n; C R n; C br; C R t[i]",
	 ""},
	{"never checked", "D W n; C R n; D W n; C R n; C R t[i]", ""},
	{"given back in between",
	 "D W n; C R n; C br; C writel; D db; D W n; C R n; C R t[i]", ""},
	{"another CPU changed it",
	 "C1 W n; C R n; C br; C1 W n; C R n; C R t[i]", ""},
	{"value, not an address",
	 "D W n; C R n; C br; D W n; C R n; C W t=", ""},

	/* Kinds of access. */
	{"two CPUs, marked", "C W x; C1 R x; C1 W x; C R x", ""},
	{"two CPUs, bulk", "C Wb x; C1 R x", "data_race@2"},
	{"bulk against a device", "D W x; C Rb x; D W x", ""},
	{"data_race()", "D W x; D W f; C R f; C Rok x", ""},
	{"box of another CPU", "C Wbox x; C1 Rp x", "data_race@2"},
	{"device over a box", "C Wbox x; D W x", ""},
	{"plain window against a later device store", "C Wp x; D W x",
	 "data_race@2"},
	{"plain window, then the doorbell", "C Wp x; C writel; D db; D W x",
	 ""},
};

#define ACTORS   6
#define LOCK     1
#define IRQ      2
#define MEMORY   1
#define DOORBELL 2
#define STATUS   3

struct run {
	struct cdma_stream stream;
	struct cdma_site sites[32];
	unsigned int step;
	uint64_t last_read[ACTORS];
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
	if (!strcmp(op, "b"))
		ev->how = CDMA_BULK;
	if (!strcmp(op, "box"))
		ev->flags |= CDMA_EVF_BOX;
	if (!strcmp(op, "~"))
		ev->flags |= CDMA_EVF_RELAXED;
	if (!strcmp(op, "a"))
		ev->flags |= CDMA_EVF_ACQUIRE;
	if (!strcmp(op, "r"))
		ev->flags |= CDMA_EVF_RELEASE;
	if (!strcmp(op, "poll"))
		ev->flags |= CDMA_EVF_POLL;
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
	if (*part == '=')
		ev->data_dep = cdma_dep_read(run->last_read[ev->actor]);
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
		ev.data_dep = cdma_dep_read(run->last_read[ev.actor]);
	} else if (*arg) {
		add_access(run, &ev, op, arg);
	} else if (!strncmp(op, "writel", 6)) {
		mmio(&ev, false, DOORBELL, op[6]);
	} else if (!strncmp(op, "readl", 5)) {
		mmio(&ev, true, STATUS, op[5]);
	} else if (!strcmp(op, "db")) {
		mmio(&ev, true, DOORBELL, false);
	} else if (!strcmp(op, "MSI") || !strcmp(op, "INTX")) {
		interrupt(run, &ev, *op == 'I');
	} else if (!strcmp(op, "lock") || !strcmp(op, "unlock")) {
		ev.kind = *op == 'l' ? CDMA_EV_ACQUIRE : CDMA_EV_RELEASE;
		ev.object = LOCK;
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

START_TEST(execution)
{
	const struct row *row = &rows[_i];
	struct run run = {.step = 0};
	struct cdma_order_config config = {.sink = {found, &run}};
	struct cdma_order *order = cdma_order_new(&config);

	judge(order, &run, row->steps);
	ck_assert_msg(!strcmp(run.found, row->want),
		      "%s: %s\n  want: %s\n  got:  %s", row->name, row->steps,
		      row->want, run.found);
	cdma_order_free(order);
}
END_TEST

/* A run leaves nothing behind for the next. */
START_TEST(reset)
{
	struct run run;
	struct cdma_order_config config = {.sink = {found, &run}};
	struct cdma_order *order = cdma_order_new(&config);

	for (int round = 0; round < 3; round++)
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
			memset(&run, 0, sizeof(run));
			judge(order, &run, rows[i].steps);
			ck_assert_str_eq(run.found, rows[i].want);
			cdma_order_reset(order);
		}
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
	unit_add(suite, reset);
	unit_add(suite, strict_volatile);
	unit_add(suite, main_thread);
	return suite;
}
