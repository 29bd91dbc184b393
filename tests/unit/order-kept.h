/* SPDX-License-Identifier: MIT */
/* What the accesses of one actor come after, by sets: for order-model.h alone.
 */

/*
 * The rules a second time, written as doc/memory-model.md says them: with sets
 * of events and the pairs of one actor that stay in order, instead of vectors,
 * dots and copies that are shared.  On thousands of small random executions
 * both must find the same.
 *
 * An execution has at most 64 events, so a set is a word.
 */

#define EVENTS  48 /* and one end of memory */
#define PLACES  4
#define ENGINES 2 /* actors 1 and 2; the others are CPUs */
#define ACTORS  5
#define LOCKS   2

typedef uint64_t set_t;

enum { DOORBELL = PLACES, REGISTER };

/* As CPUs see it, and as devices do. */
enum { CPUS, DEVS, VIEWS };

struct act {
	struct cdma_event ev;
	int addr, data;      /* the read that it depends on, or -1 */
	int rmw;             /* of a write: the read that it belongs to */
	int op;              /* of a piece: the first piece, or -1 */
	bool more;           /* the other piece follows */
	bool looked;         /* of a read: at by a condition */
	bool opens;          /* of a read: a store follows in one step */
	bool imagined;       /* a read that is not made */
	bool raced;          /* of a read: with the store that it saw */
	int saw;             /* of a read: a store, or -1 */
	set_t before[VIEWS]; /* what it comes after */
	set_t brought;       /* of a read and an acquire: what it brought */
	set_t told[VIEWS];   /* of a store: the writes that it tells of */
	set_t fence;         /* of a device's fence: those before it */
	set_t arrived;       /* of a device's store to a register: of those
				that it knows and has done */
	set_t belief;        /* of a store */
};

struct actor {
	set_t publish[3]; /* writes, towards CPUs, devices, by register */
	set_t handed[VIEWS], belief, own;
	/* What its releases told CPUs, and those whose locks it took; and what
	 * its last one makes its own stores tell them, when it takes a lock. */
	set_t released, unlocked;
	set_t answered;  /* by registers, before it wrote to one */
	set_t pushed;    /* writes of engine 1, by its register reads */
	set_t rung;      /* what its register writes told */
	set_t asked;     /* what its register reads brought, and others' */
	set_t resting;   /* what devices did that have ended */
	set_t op_belief; /* when its access in pieces began */
	int last_read;
};

/* All that was given, and of that what is told on; and the same without what
 * its last giver gave since another one did. */
struct lock {
	set_t all, told[VIEWS], others, others_told[VIEWS], belief;
	set_t rung, asked, others_rung, others_asked;
	cdma_actor_id giver;
};

struct model {
	struct act act[EVENTS + 1];
	int nr;
	struct actor actor[ACTORS + 1];
	struct lock lock[LOCKS + 1];
	set_t writes; /* all of them */
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

static bool is_read(const struct act *a)
{
	return a->ev.kind == CDMA_EV_READ;
}

static bool is_write(const struct act *a)
{
	return a->ev.kind == CDMA_EV_WRITE;
}

/* Nobody gets its value, or uses it. */
static bool is_dropped(const struct cdma_event *ev)
{
	return ev->flags & (CDMA_EVF_UNSEEN | CDMA_EVF_UNUSED);
}

static bool is_reg(const struct act *a)
{
	return is_access(&a->ev) && a->ev.how == CDMA_MMIO;
}

static bool same_lane(const struct cdma_event *a, const struct cdma_event *b)
{
	return a->actor == b->actor && (a->flags & CDMA_EVF_UNORDERED) ==
					       (b->flags & CDMA_EVF_UNORDERED);
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

/* Events of the actor of @e before event @e, which is event @nr. */
static bool is_earlier(const struct model *m, const struct act *e, int p)
{
	return m->act[p].ev.actor == e->ev.actor;
}

static bool saw_cpu(const struct model *m, const struct act *p)
{
	return is_read(p) && !is_reg(p) && p->saw >= 0 &&
	       m->act[p->saw].ev.actor != p->ev.actor &&
	       !is_dev(m->act[p->saw].ev.actor);
}

/* Whether the barrier @k keeps @p before @e, by what they are. */
static bool keeps(const struct act *k, const struct act *p, const struct act *e)
{
	const struct cdma_event *b = &k->ev;

	if (b->kind != CDMA_EV_BARRIER)
		return false;
	if ((is_reg(p) || is_reg(e)) && b->domain != CDMA_DOMAIN_FULL)
		return false;
	if (b->order == CDMA_ORDER_READ)
		return is_read(p) && is_read(e) &&
		       !((p->ev.flags | e->ev.flags) & CDMA_EVF_UNSEEN);
	if (b->order == CDMA_ORDER_WRITE)
		return is_write(p) && is_write(e);
	return true;
}

static bool is_readl(const struct act *a)
{
	return is_reg(a) && is_read(a) && !(a->ev.flags & CDMA_EVF_RELAXED);
}

/* Whether the barrier @k keeps the read @p before later reads of memory. */
static bool is_read_barrier_for(const struct act *k, const struct act *p)
{
	return k->ev.kind == CDMA_EV_BARRIER &&
	       k->ev.order == CDMA_ORDER_READ && is_read(p) &&
	       !(p->ev.flags & CDMA_EVF_UNSEEN) &&
	       (!is_reg(p) || k->ev.domain == CDMA_DOMAIN_FULL);
}

/* A read that is made finds what the register pushed, and its actor has it. */
static bool has_read_since(const struct model *m, int p, const struct act *e)
{
	for (int k = p + 1; k < m->nr; k++)
		if (is_earlier(m, e, k) && is_read(&m->act[k]) &&
		    !is_reg(&m->act[k]) &&
		    !(m->act[k].ev.flags & CDMA_EVF_UNSEEN))
			return true;
	return false;
}

/* How two accesses of one CPU, event @p and later @e, stay in order. */
enum how_kept { NOT, ITS_PAST, BY_SMP, FOR_CPUS, ALWAYS };

static enum how_kept kept(const struct model *m, int p, const struct act *e)
{
	const struct act *a = &m->act[p];
	enum how_kept how = NOT;
	enum how_kept before_reads = is_readl(a) ? ALWAYS : NOT;
	bool released = false;
	int unlocked = -1;

	if (e->addr == p || ((e->data == p || e->rmw == p) && is_write(e)))
		return ALWAYS;
	if (is_write(e) && same_place(&a->ev, &e->ev))
		return ALWAYS;
	/* readl() before reads of memory, writel() behind writes to it. */
	if (is_reg(e) && is_write(e) && !(e->ev.flags & CDMA_EVF_RELAXED) &&
	    is_write(a) && !is_reg(a))
		return ALWAYS;
	if (is_readl(a) && is_read(e) && !is_reg(e) &&
	    !(e->ev.flags & CDMA_EVF_UNSEEN) &&
	    (!e->imagined || has_read_since(m, p, e)))
		return ALWAYS;
	if (is_read(a) && (a->ev.flags & CDMA_EVF_ACQUIRE)) {
		if (saw_cpu(m, a))
			return ALWAYS;
		how = FOR_CPUS;
	}
	if (e->ev.flags & CDMA_EVF_RELEASE)
		how = FOR_CPUS;
	for (int k = p + 1; k < m->nr; k++) {
		const struct act *b = &m->act[k];

		if (!is_earlier(m, e, k))
			continue;
		/* A write barrier hands on what a release told (po-rel ; wmb).
		 */
		released |= b->ev.kind == CDMA_EV_RELEASE;
		if (released && is_write(e) && !is_reg(e) &&
		    b->ev.kind == CDMA_EV_BARRIER &&
		    b->ev.order == CDMA_ORDER_WRITE)
			how = FOR_CPUS;
		/* Unlock, then lock, of whatever. */
		if (b->ev.kind == CDMA_EV_RELEASE)
			unlocked = k;
		if (b->ev.kind == CDMA_EV_ACQUIRE && unlocked >= 0) {
			if (is_write(e) && !is_reg(e))
				how = FOR_CPUS;
			else if (is_read(e) && is_read(a) && !is_reg(a) &&
				 how == NOT)
				how = BY_SMP;
			else if (is_read(e) && is_write(a) && !is_reg(a) &&
				 how == NOT)
				how = ITS_PAST;
		}
		/* To lock is to read, by an acquire. */
		if (b->ev.kind == CDMA_EV_ACQUIRE && before_reads == ALWAYS)
			return ALWAYS;
		if (b->ev.kind == CDMA_EV_ACQUIRE && how == NOT)
			how = before_reads;
		if (is_read_barrier_for(b, a) && before_reads != ALWAYS)
			before_reads = b->ev.domain == CDMA_DOMAIN_SMP ? BY_SMP
								       : ALWAYS;
		/* What nobody gets was only read to be stored. */
		if (b->ev.kind == CDMA_EV_BRANCH && b->data == p &&
		    (is_write(e) || (e->ev.flags & CDMA_EVF_UNSEEN)))
			return ALWAYS;
		if (!keeps(b, a, e))
			continue;
		if (b->ev.domain != CDMA_DOMAIN_SMP)
			return ALWAYS;
		if (b->ev.order == CDMA_ORDER_READ && how == NOT)
			how = BY_SMP;
		if (b->ev.order != CDMA_ORDER_READ)
			how = FOR_CPUS;
	}
	return how;
}

/* Whether smp_mb() stands between, which is for what CPUs stored. */
static bool smp_mb_between(const struct model *m, int p, const struct act *e)
{
	for (int k = p + 1; k < m->nr; k++)
		if (is_earlier(m, e, k) &&
		    m->act[k].ev.kind == CDMA_EV_BARRIER &&
		    m->act[k].ev.domain == CDMA_DOMAIN_SMP &&
		    m->act[k].ev.order == CDMA_ORDER_FULL &&
		    !is_reg(&m->act[p]) && !is_reg(e))
			return true;
	return false;
}

/* Nobody gets what it read of another's. */
static bool added_blindly(const struct model *m, const struct act *p)
{
	return (p->ev.flags & CDMA_EVF_UNSEEN) && p->saw >= 0 &&
	       m->act[p->saw].ev.actor != p->ev.actor;
}

/* Whether a release behind @p stands before dma_wmb() or wmb(), and @e behind
 * that: writes that it told of are overwritten by @e. */
static bool release_between(const struct model *m, int p, const struct act *e)
{
	bool released = false;

	for (int k = p; k < m->nr; k++) {
		const struct cdma_event *b = &m->act[k].ev;

		if (!is_earlier(m, e, k))
			continue;
		released |=
			(k > p && b->kind == CDMA_EV_RELEASE) ||
			(is_write(&m->act[k]) && b->flags & CDMA_EVF_RELEASE);
		if (released && b->kind == CDMA_EV_BARRIER &&
		    b->order == CDMA_ORDER_WRITE &&
		    b->domain != CDMA_DOMAIN_SMP)
			return is_write(e) && !is_reg(e);
	}
	return false;
}

/* Whether a device stored what read @p saw, or what that was computed from. */
static bool is_of_device(const struct model *m, const struct act *p)
{
	const struct act *store = p->saw < 0 ? NULL : &m->act[p->saw];
	bool is_own = store && store->ev.actor == p->ev.actor;

	if (is_reg(p) || !is_own)
		return is_reg(p) || (store && is_dev(store->ev.actor));
	return (store->addr >= 0 && is_of_device(m, &m->act[store->addr])) ||
	       (store->data >= 0 && is_of_device(m, &m->act[store->data])) ||
	       (store->rmw >= 0 && is_of_device(m, &m->act[store->rmw]));
}

/* What the CPU's access @e comes after because of its earlier access @p. */
static void add_kept(const struct model *m, int p, struct act *e)
{
	const struct act *a = &m->act[p];

	/* Registers are accessed in order, and a store to one waits for the
	 * answers to the reads before it. */
	if (is_reg(a) && is_reg(e))
		for (int v = 0; v < VIEWS; v++)
			e->before[v] |=
				a->before[v] | (is_write(e) ? a->brought : 0);
	if (release_between(m, p, e))
		e->before[DEVS] |= (a->before[CPUS] | a->brought) & m->writes;
	switch (kept(m, p, e)) {
	case ALWAYS:
		for (int v = 0; v < VIEWS; v++)
			e->before[v] |= a->before[v] | a->brought | bit(p);
		break;
	case FOR_CPUS:
		e->before[CPUS] |= a->before[CPUS] | a->brought | bit(p);
		if (smp_mb_between(m, p, e) &&
		    (saw_cpu(m, a) || added_blindly(m, a)))
			e->before[DEVS] |= a->brought;
		break;
	case BY_SMP:
		e->before[CPUS] |= bit(p);
		if (!is_of_device(m, a))
			for (int v = 0; v < VIEWS; v++)
				e->before[v] |= a->brought;
		break;
	case ITS_PAST:
		for (int v = 0; v < VIEWS; v++)
			e->before[v] |= a->before[DEVS];
		break;
	case NOT:
		break;
	}
}

/* What an engine was told by another's register has arrived when it reads
 * memory, or waits; before that a write that may overtake is not behind it. */
static bool has_arrived(const struct model *m, int p, const struct act *e)
{
	const struct act *a = &m->act[p];

	if (!is_write(e) || is_reg(e) || !is_reg(a) || a->saw < 0 ||
	    !is_dev(m->act[a->saw].ev.actor) ||
	    !(e->ev.flags & (CDMA_EVF_RELAXED | CDMA_EVF_UNORDERED)))
		return true;
	for (int k = p + 1; k < m->nr; k++)
		if (is_earlier(m, e, k) &&
		    ((is_read(&m->act[k]) && !is_reg(&m->act[k])) ||
		     (m->act[k].ev.kind == CDMA_EV_BARRIER &&
		      m->act[k].ev.order != CDMA_ORDER_READ)))
			return true;
	return false;
}

/* To lock and to unlock is to store. */
static bool is_handled(const struct act *a)
{
	return !is_dev(a->ev.actor) &&
	       (a->ev.kind == CDMA_EV_ACQUIRE || a->ev.kind == CDMA_EV_RELEASE);
}

/* What that store @p comes after, @e does: writel() behind it, or any store by
 * a write barrier. */
static bool is_handed_on(const struct model *m, int p, const struct act *e)
{
	if (!is_write(e))
		return false;
	if (is_reg(e) && !(e->ev.flags & CDMA_EVF_RELAXED))
		return true;
	for (int k = p + 1; k < m->nr; k++)
		if (is_earlier(m, e, k) &&
		    m->act[k].ev.kind == CDMA_EV_BARRIER &&
		    m->act[k].ev.order != CDMA_ORDER_READ &&
		    m->act[k].ev.domain != CDMA_DOMAIN_SMP &&
		    (!is_reg(e) || m->act[k].ev.domain == CDMA_DOMAIN_FULL))
			return true;
	return false;
}

/* Fills in what @e, which is made next, comes after. */
static void find_before(const struct model *m, struct act *e)
{
	for (int p = 0; p < m->nr; p++) {
		const struct act *a = &m->act[p];

		if (!is_earlier(m, e, p) || (a->op >= 0 && a->op == e->op))
			continue;
		for (int v = 0; v < VIEWS; v++)
			if (a->ev.kind == CDMA_EV_ACQUIRE ||
			    a->ev.kind == CDMA_EV_MASTER)
				e->before[v] |= a->brought;
			else if (a->ev.kind == CDMA_EV_BARRIER &&
				 (!is_reg(e) ||
				  a->ev.domain == CDMA_DOMAIN_FULL))
				e->before[v] |= a->fence;
		if (is_handled(a) && is_handed_on(m, p, e))
			for (int v = 0; v < VIEWS; v++)
				e->before[v] |= a->before[DEVS];
		if (!is_access(&a->ev))
			continue;
		if (!is_dev(e->ev.actor))
			add_kept(m, p, e);
		else if (is_read(a))
			for (int v = 0; v < VIEWS; v++)
				e->before[v] |=
					(has_arrived(m, p, e)
						 ? a->brought
						 : (a->brought & ~m->writes) |
							   m->act[a->saw]
								   .arrived) |
					bit(p);
	}
}
