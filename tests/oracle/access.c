/* SPDX-License-Identifier: MIT */
#include "actor.h"

/* Accesses: what they come after, and what reads bring. */

const struct tale *node(const struct walk *w, uint32_t i, int view)
{
	const struct made *m = &w->made[i];

	return tales(tales(m->before[view], m->brought), m->dot);
}

const struct tale *nodes(const struct walk *w, const struct few *reads,
			 int view)
{
	const struct tale *all = NULL;

	for (uint32_t i = 0; reads && i < reads->nr; i++)
		all = tales(all, node(w, reads->at[i], view));
	return all;
}

const struct tale *all_known(struct actor *actor)
{
	return tales(tales(tell(&actor->loads[DEV]), tell(&actor->stores)),
		     tell(&actor->knows));
}

const struct tale *all_done(struct walk *w, cdma_device_id device,
			    bool and_known)
{
	const struct tale *all = NULL;

	for (int id = 0; id < LOG_ACTORS; id++) {
		struct actor *a = &w->actor[id];

		if (w->log->actor[id].kind != CDMA_DEVICE ||
		    w->log->actor[id].device != device)
			continue;
		all = tales(all, tales(tell(&a->own), tell(&a->unordered)));
		if (and_known)
			all = tales(all, tell(&a->knows));
	}
	return all;
}

/* ---- what an access comes after ---- */

/* Of a CPU's read: reads of others travel with smp_rmb() to CPUs alone. */
static const struct tale *before_read(struct walk *w, uint32_t i, int view)
{
	const struct entry *e = &w->log->entries.at[i];
	struct actor *a = &w->actor[e->ev.actor];
	const struct tale *all;

	/* What nobody gets was only read to be stored. */
	if (e->ev.flags & CDMA_EVF_UNSEEN)
		all = tales(tell(&a->stores),
			    w->travels == READS ? tell(&a->sees[view]) : NULL);
	else if (e->ev.how == CDMA_MMIO)
		all = tales(tell(&a->loads[REG]), tell(&a->stored[REG]));
	else
		all = tales(tell(&a->loads[view]), a->pulled);
	return tales(all, nodes(w, e->addr, view));
}

/* What a CPU's store was computed from. */
const struct tale *computed_from(struct walk *w, uint32_t i, int view)
{
	const struct entry *e = &w->log->entries.at[i];
	const struct tale *all =
		tales(nodes(w, e->addr, view), nodes(w, e->data, view));

	return e->rmw == NOBODY ? all : tales(all, node(w, e->rmw, view));
}

uint32_t last_there(const struct walk *w, uint32_t i)
{
	const struct entry *e = &w->log->entries.at[i];

	for (uint32_t j = i; j--;) {
		const struct entry *p = &w->log->entries.at[j];

		if (p->ev.kind == CDMA_EV_WRITE && p->ev.actor == e->ev.actor &&
		    entries_meet(p, e))
			return j;
	}
	return NOBODY;
}

/* A store comes after its actor's earlier accesses to these bytes. */
static const struct tale *overwritten(struct walk *w, uint32_t i, int view)
{
	const struct entry *e = &w->log->entries.at[i];
	uint32_t last = last_there(w, i);
	const struct tale *all =
		last == NOBODY ? NULL : w->made[last].from[view];

	for (uint32_t j = last == NOBODY ? 0 : last + 1; j < i; j++) {
		const struct entry *p = &w->log->entries.at[j];

		if (p->ev.kind == CDMA_EV_READ && j != e->rmw &&
		    p->ev.actor == e->ev.actor && entries_meet(p, e))
			all = tales(all, node(w, j, view));
	}
	return all;
}

/* A store to a register waits for the answers to the reads before it. */
static const struct tale *after_registers(struct actor *a)
{
	return tales(tell(&a->heard[REG]), tell(&a->stored[REG]));
}

/* What comes before a CPU's store @i beside what comes before all of them. */
const struct tale *store_after(struct walk *w, uint32_t i, int view)
{
	const struct entry *e = &w->log->entries.at[i];
	const struct tale *all = computed_from(w, i, view);

	return tales(all, e->ev.how == CDMA_MMIO
				  ? after_registers(&w->actor[e->ev.actor])
				  : overwritten(w, i, view));
}

const struct tale *before_store(struct walk *w, uint32_t i, int view)
{
	const struct entry *e = &w->log->entries.at[i];
	struct actor *a = &w->actor[e->ev.actor];
	bool is_reg = e->ev.how == CDMA_MMIO;

	return tales(tell(is_reg && a->is_apart ? &a->reg_stores : &a->stores),
		     tales(tell(&a->sees[is_reg ? REG : view]),
			   store_after(w, i, view)));
}

const struct tale *all_heard(struct actor *a)
{
	const struct tale *all = tales(all_known(a), tell(&a->blind));

	for (int way = 0; way < WAYS; way++)
		all = tales(all, tell(&a->heard[way]));
	return all;
}

bool may_overtake(const struct entry *e)
{
	return e->ev.how == CDMA_DMA && e->ev.kind == CDMA_EV_WRITE &&
	       (e->ev.flags & (CDMA_EVF_RELAXED | CDMA_EVF_UNORDERED));
}

/* A release comes after all that its actor has seen, as CPUs see it, and a
 * store behind what the one before it there told. */
static const struct tale *before_release(struct walk *w, uint32_t i)
{
	const struct entry *e = &w->log->entries.at[i];
	uint32_t last = last_there(w, i);
	const struct tale *all =
		last == NOBODY ? NULL : w->made[last].tells[CPU];

	return e->ev.flags & CDMA_EVF_RELEASE
		       ? tales(all, all_heard(&w->actor[e->ev.actor]))
		       : all;
}

const struct tale *before_access(struct walk *w, uint32_t i, uint32_t of)
{
	const struct entry *e = &w->log->entries.at[i];
	struct actor *a = &w->actor[e->ev.actor];
	int view = is_device(w, &w->log->entries.at[of]) ? DEV : CPU;
	const struct tale *all;

	if (w->travels == BELIEFS)
		return tell(&a->belief);
	if (!entry_is_access(e))
		return over_at(w, i);
	if (is_device(w, e))
		return tell(may_overtake(e) ? &a->arrived : &a->knows);
	if (e->ev.kind == CDMA_EV_READ)
		return before_read(w, i, DEV);
	all = before_store(w, i, view);
	return view == CPU ? tales(all, before_release(w, i)) : all;
}

/* ---- reads ---- */

static enum way way_of(const struct walk *w, const struct entry *read,
		       uint32_t store)
{
	if (read->ev.how == CDMA_MMIO)
		return REG;
	return is_device(w, &w->log->entries.at[store]) ? DEV : CPU;
}

static bool is_own(const struct walk *w, const struct entry *e, uint32_t store)
{
	return w->log->entries.at[store].ev.actor == e->ev.actor;
}

/* The last piece of an access. */
static bool is_last(const struct entry *e)
{
	return e->ev.op_size == e->ev.size || e->ev.flags & CDMA_EVF_LAST;
}

static void believe(struct walk *w, uint32_t i)
{
	const struct entry *e = &w->log->entries.at[i];
	struct actor *a = &w->actor[e->ev.actor];
	const struct tale *all = NULL;

	if (e->ev.flags & (CDMA_EVF_UNSEEN | CDMA_EVF_UNUSED))
		return;
	for (uint32_t k = 0; e->saw && k < e->saw->nr; k++)
		if (w->proves(w->aux, i, e->saw->at[k]))
			all = tales(all, w->made[e->saw->at[k]].belief);
	/* Parts of one access do not rely on each other. */
	a->deferred = tales(a->deferred, all);
	if (!is_last(e))
		return;
	hear(&a->belief, a->deferred);
	a->deferred = NULL;
}

/* The answer pushes all that the device has done. */
static const struct tale *read_register(struct walk *w, uint32_t i)
{
	const struct entry *e = &w->log->entries.at[i];
	struct actor *a = &w->actor[e->ev.actor];
	const struct tale *pushed =
		all_done(w, (cdma_device_id)e->ev.iova, true);
	const struct tale *all = tales(pushed, tell(&a->stored[REG]));

	hear(&a->heard[REG], all);
	if (w->travels == WRITES)
		hear(&a->pushed,
		     all_done(w, (cdma_device_id)e->ev.iova, false));
	if (w->travels == READS)
		hear(&a->sees[REG], tell(&a->loads[REG]));
	if (e->ev.flags & CDMA_EVF_RELAXED)
		return pushed;
	for (uint32_t k = 0; e->saw && k < e->saw->nr; k++)
		if (!is_own(w, e, e->saw->at[k]))
			all = tales(all, w->made[e->saw->at[k]].tells[CPU]);
	a->pulled = tales(a->pulled, all);
	return pushed;
}

/* What an own store was computed from, a read of it comes after. */
static void learn_own(struct walk *w, uint32_t i, uint32_t store)
{
	const struct entry *e = &w->log->entries.at[i];
	struct actor *a = &w->actor[e->ev.actor];
	const struct tale *from = w->made[store].brought;

	if (e->ev.flags & CDMA_EVF_UNSEEN)
		hear(&a->blind, from);
	else if (w->made[store].of_device)
		hear(&a->heard[DEV], from);
	else
		hear(&a->computed, from);
	w->made[i].of_device |= w->made[store].of_device;
}

static void acquire(struct walk *w, uint32_t i, bool saw_cpu)
{
	struct actor *a = &w->actor[w->log->entries.at[i].ev.actor];

	hear(&a->sees[CPU], node(w, i, CPU));
	if (!saw_cpu)
		return;
	hear(&a->sees[DEV], node(w, i, DEV));
	hear(&a->sees[REG], node(w, i, DEV));
	hear(&a->loads[CPU], node(w, i, DEV));
	hear(&a->loads[DEV], node(w, i, DEV));
	hear(&a->loads[REG], tell(&a->loads[DEV]));
	hear(&a->stores, node(w, i, DEV));
	hear(&a->reg_stores, node(w, i, DEV));
}

/* What its actor did before, and others have been there since. */
static void follow(struct walk *w, uint32_t i, bool is_blind)
{
	const struct entry *e = &w->log->entries.at[i];
	struct actor *a = &w->actor[e->ev.actor];
	struct made *m = &w->made[i];
	const struct tale *told = NULL;
	enum way way = e->ev.how == CDMA_MMIO ? REG : CPU;

	for (uint32_t k = 0; e->saw && k < e->saw->nr; k++) {
		uint32_t s = e->saw->at[k];

		if (is_own(w, e, s))
			continue;
		told = tales(told, w->made[s].tells[CPU]);
		way = way_of(w, e, s);
	}
	if (w->travels == WRITES)
		find_overtaken(w, i, told);
	told = after_overtaken(w, i, DEV);
	for (int view = CPU; view <= DEV; view++)
		m->before[view] =
			tales(m->before[view], after_overtaken(w, i, view));
	hear(is_blind ? &a->blind : &a->heard[way], told);
	if (e->ev.how == CDMA_MMIO && !(e->ev.flags & CDMA_EVF_RELAXED))
		a->pulled = tales(a->pulled, told);
}

static void cpu_read(struct walk *w, uint32_t i)
{
	const struct entry *e = &w->log->entries.at[i];
	struct actor *a = &w->actor[e->ev.actor];
	struct made *m = &w->made[i];
	bool is_blind = e->ev.flags & CDMA_EVF_UNSEEN, saw_cpu = false;

	if (a->pulled && e->ev.how != CDMA_MMIO && !is_blind) {
		hear(&a->loads[CPU], a->pulled);
		hear(&a->loads[DEV], a->pulled);
		a->pulled = NULL;
	}
	for (int view = CPU; view <= DEV; view++)
		m->before[view] = before_read(w, i, view);
	m->of_device = e->ev.how == CDMA_MMIO;
	for (uint32_t k = 0; e->addr && k < e->addr->nr; k++)
		m->of_device |= w->made[e->addr->at[k]].of_device;
	if (e->addr && m->of_device && e->ev.how != CDMA_MMIO)
		hear(&a->heard[DEV], m->before[DEV]);
	for (uint32_t k = 0; e->saw && k < e->saw->nr; k++) {
		uint32_t s = e->saw->at[k];
		enum way way = way_of(w, e, s);

		if (is_own(w, e, s)) {
			learn_own(w, i, s);
			m->brought = tales(m->brought, w->made[s].brought);
			continue;
		}
		m->brought = tales(m->brought, w->made[s].tells[CPU]);
		hear(is_blind ? &a->blind : &a->heard[way],
		     w->made[s].tells[CPU]);
		m->of_device |= way != CPU;
		saw_cpu |= way == CPU;
	}
	if (e->ev.how == CDMA_MMIO)
		m->brought = tales(m->brought, read_register(w, i));
	else if (!is_blind)
		a->read_after = tell(&a->loads[DEV]);
	follow(w, i, is_blind);
	if (e->ev.flags & CDMA_EVF_ACQUIRE)
		acquire(w, i, saw_cpu);
}

/* A read of memory by a device pushes what it wrote. */
static void device_read(struct walk *w, uint32_t i)
{
	const struct entry *e = &w->log->entries.at[i];
	struct actor *a = &w->actor[e->ev.actor];
	bool is_reg = e->ev.how == CDMA_MMIO;
	const struct tale *all = NULL;

	for (uint32_t k = 0; e->saw && k < e->saw->nr; k++) {
		uint32_t s = e->saw->at[k];

		if (is_own(w, e, s))
			continue;
		all = tales(all, w->made[s].tells[DEV]);
		/* What another engine told by a register was issued. */
		if (!is_reg || !is_device(w, &w->log->entries.at[s]) ||
		    w->travels == READS)
			hear(&a->arrived, w->made[s].tells[DEV]);
		if (is_reg)
			hear(&a->arrived, w->made[s].arrived);
	}
	/* Parts of one access may be read in any order. */
	a->deferred = tales(a->deferred, all);
	if (!is_last(e))
		return;
	hear(&a->knows, a->deferred);
	a->deferred = NULL;
	if (is_reg)
		return;
	a->settled = tell(&a->own);
	hear(&a->arrived, tell(&a->knows));
}

/* ---- */

/* It is made by now, and its actor has done it. */
static void did(struct walk *w, uint32_t i)
{
	const struct entry *e = &w->log->entries.at[i];
	struct actor *a = &w->actor[e->ev.actor];

	if (w->travels == BELIEFS)
		hear(&a->belief, w->made[i].dot);
	else if (may_overtake(e) && e->ev.flags & CDMA_EVF_UNORDERED)
		hear(&a->unordered, w->made[i].dot);
	else
		hear(&a->own, w->made[i].dot);
}

void do_access(struct walk *w, uint32_t i)
{
	const struct entry *e = &w->log->entries.at[i];
	struct made *m = &w->made[i];
	bool is_store = e->ev.kind == CDMA_EV_WRITE;

	if (w->travels == BELIEFS) {
		did(w, i);
		if (is_store)
			store_belief(w, i);
		else
			believe(w, i);
		return;
	}
	if (!is_store && is_device(w, e))
		device_read(w, i);
	else if (!is_store)
		cpu_read(w, i);
	else if (is_device(w, e))
		device_store(w, i);
	else
		cpu_store(w, i);
	/* A register is no memory: nothing comes after "the register". */
	if (is_store && w->travels == WRITES && e->ev.how != CDMA_MMIO)
		for (int view = CPU; view <= DEV; view++)
			m->tells[view] = tales(m->tells[view], m->dot);
	if (is_store)
		hand_on(w, i);
	if (is_store && w->travels == WRITES && e->ev.how != CDMA_MMIO)
		note_overtaken(w, i);
	did(w, i);
}
