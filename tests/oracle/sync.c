/* SPDX-License-Identifier: MIT */
#include "actor.h"

/* What orders without being an access. */

/* The actor, a CPU, comes after it with all that it does. */
static void come_after(struct actor *a, const struct tale *tale)
{
	hear(&a->loads[CPU], tale);
	hear(&a->loads[DEV], tale);
	hear(&a->stores, tale);
}

/* ---- barriers ---- */

static int ways_of(const struct cdma_event *ev)
{
	return ev->domain == CDMA_DOMAIN_SMP   ? CPU + 1
	       : ev->domain == CDMA_DOMAIN_DMA ? DEV + 1
					       : WAYS;
}

static void read_barrier(struct walk *w, struct actor *a, int ways)
{
	for (int way = 0; way < ways; way++) {
		hear(&a->loads[CPU], tell(&a->heard[way]));
		hear(&a->loads[DEV], tell(&a->heard[way]));
	}
	hear(&a->loads[CPU], tell(&a->computed));
	hear(&a->loads[DEV], tell(&a->computed));
	for (int way = 0; way < ways && w->travels == READS; way++)
		hear(&a->loads[way], tell(&a->own));
	if (ways == WAYS)
		hear(&a->loads[REG], tell(&a->loads[DEV]));
}

/* What its earlier stores come after, the later ones do. */
static void keep_stored(struct walk *w, struct actor *a, int ways)
{
	for (int way = 0; way < ways; way++) {
		if (way == REG && w->travels != READS)
			continue;
		hear(&a->sees[way], tell(&a->stored[way == CPU ? CPU : DEV]));
		if (ways == WAYS)
			hear(&a->sees[way], tell(&a->stored[REG]));
	}
	if (ways == WAYS && w->travels == READS)
		hear(&a->sees[REG], tell(&a->sees[DEV]));
}

static void write_barrier(struct walk *w, struct actor *a, int ways)
{
	for (int way = 0; way < ways && w->travels == WRITES; way++) {
		hear(&a->tells[way], tell(&a->own));
		hear(&a->tells[way], tell(&a->handed[way == CPU ? CPU : DEV]));
	}
	for (int way = 0; way < ways && ways == WAYS; way++)
		hear(&a->tells[way], tales(tell(&a->answered), tell(&a->rung)));
	hear(&a->tells[CPU], tell(&a->released));
	hear(&a->sees[CPU], tell(&a->released));
	if (ways > DEV && w->travels == WRITES)
		hear(&a->sees[DEV], tell(&a->released));
	keep_stored(w, a, ways);
}

static void full_barrier(struct walk *w, struct actor *a, int ways)
{
	const struct tale *past, *all;

	if (!a->is_apart)
		hear(&a->reg_stores, tell(&a->stores));
	a->is_apart = ways < WAYS;
	come_after(a, tell(&a->blind));
	for (int way = 0; way < ways; way++)
		come_after(a, tell(&a->heard[way]));
	hear(&a->loads[CPU], tell(&a->computed));
	hear(&a->loads[DEV], tell(&a->computed));
	for (int way = DEV; way < ways; way++) {
		come_after(a, tell(&a->computed));
		come_after(a, a->behind);
		come_after(a, tell(&a->stored[way]));
	}
	keep_stored(w, a, ways);
	/* Two barriers are no access: what rmb() put before reads that were
	 * not made, another kind does not take up. */
	past = ways == WAYS ? all_known(a)
			    : tales(a->read_after, tell(&a->stores));
	all = tales(past, tell(&a->own));
	for (int way = 0; way < ways; way++) {
		hear(&a->tells[way], all);
		if (w->travels != READS)
			continue;
		hear(&a->sees[way], all);
		hear(&a->loads[way], tell(&a->own));
	}
	hear(&a->tells[CPU], tell(&a->heard[DEV]));
	hear(&a->sees[CPU], tales(past, tell(&a->heard[DEV])));
	if (ways > DEV)
		hear(&a->stores, past);
	if (ways == WAYS)
		hear(&a->loads[REG], tell(&a->loads[DEV]));
}

static void device_fence(struct actor *a)
{
	hear(&a->arrived, tales(tell(&a->knows), tell(&a->unordered)));
	hear(&a->knows, tell(&a->unordered));
	a->settled = a->fenced = tell(&a->own);
}

static void barrier(struct walk *w, const struct entry *e)
{
	struct actor *a = &w->actor[e->ev.actor];

	if (is_device(w, e)) {
		if (e->ev.order != CDMA_ORDER_READ)
			device_fence(a);
	} else if (e->ev.order == CDMA_ORDER_READ) {
		read_barrier(w, a, ways_of(&e->ev));
	} else if (e->ev.order == CDMA_ORDER_WRITE) {
		write_barrier(w, a, ways_of(&e->ev));
	} else {
		full_barrier(w, a, ways_of(&e->ev));
	}
}

/* Later stores come after the reads that a condition looked at. */
static void branch(struct walk *w, const struct entry *e)
{
	struct actor *a = &w->actor[e->ev.actor];

	if (is_device(w, e))
		return;
	hear(&a->stores, nodes(w, e->data, DEV));
	hear(&a->reg_stores, nodes(w, e->data, DEV));
	hear(&a->sees[CPU], nodes(w, e->data, CPU));
	hear(&a->sees[DEV], nodes(w, e->data, DEV));
	hear(&a->sees[REG], nodes(w, e->data, DEV));
}

/* ---- from one actor to another ---- */

static struct meeting *object(struct walk *w, uint32_t id)
{
	struct meeting *o;

	for (size_t i = 0; i < w->objects.nr; i++)
		if (w->objects.at[i].id == id)
			return &w->objects.at[i];
	o = cdma_vec_push(&w->objects);
	*o = (struct meeting){.id = id};
	return o;
}

/* All that comes before a release. */
static const struct tale *gift(struct actor *a)
{
	const struct tale *all = tales(all_known(a), tell(&a->own));

	all = tales(all, tell(&a->blind));
	for (int way = 0; way < WAYS; way++)
		all = tales(all, tell(&a->heard[way]));
	return all;
}

/* What the next holder's stores tell: what was stored, and told before. */
static const struct tale *handed_on(struct walk *w, struct actor *a, int view)
{
	const struct tale *all = NULL;

	if (w->travels != WRITES)
		return NULL;
	all = tales(tell(&a->tells[view]), tell(&a->handed[view]));
	all = tales(all, tales(tell(&a->own),
			       tales(tell(&a->answered), tell(&a->rung))));
	return view == CPU
		       ? tales(all, tales(tell(&a->released), tell(&a->pushed)))
		       : all;
}

/* What its stores came after, and its reads brought from CPUs. */
static const struct tale *what_cpus_told(struct actor *a)
{
	const struct tale *all = tales(a->unlock_behind, tell(&a->stored[DEV]));

	all = tales(all, tales(tell(&a->blind), tell(&a->computed)));
	return tales(all, tell(&a->heard[CPU]));
}

/* To lock and to unlock is to store. */
static void store_to_object(struct walk *w, struct actor *a)
{
	a->behind = tell(&a->stores);
	if (w->travels == READS)
		hear(&a->stored[DEV], tell(&a->sees[DEV]));
}

/* To lock is to read first, by an acquire. */
static void read_object(struct actor *a)
{
	come_after(a, a->pulled);
	a->pulled = NULL;
	hear(&a->stores, tell(&a->loads[DEV]));
	hear(&a->reg_stores, tell(&a->loads[DEV]));
	for (int way = 0; way < WAYS; way++)
		hear(&a->sees[way], tell(&a->loads[way]));
}

/* What its actor did last was to release, too. */
static bool has_just_given(const struct walk *w, const struct entry *e)
{
	for (const struct entry *p = e; p-- > w->log->entries.at;)
		if (p->ev.actor == e->ev.actor)
			return p->ev.kind == CDMA_EV_RELEASE;
	return false;
}

static void give(struct walk *w, const struct entry *e, struct meeting *to)
{
	struct actor *a = &w->actor[e->ev.actor];
	const struct tale *all = gift(a);

	if (!has_just_given(w, e))
		a->unlock_behind = a->behind;
	to->belief = tales(to->belief, tell(&a->belief));
	to->all[e->ev.actor] = tales(to->all[e->ev.actor], all);
	for (int view = CPU; view <= DEV; view++)
		to->told[view][e->ev.actor] = tales(to->told[view][e->ev.actor],
						    handed_on(w, a, view));
	if (w->travels == WRITES) {
		to->rung[e->ev.actor] =
			tales(to->rung[e->ev.actor], tell(&a->rung));
		to->asked[e->ev.actor] =
			tales(to->asked[e->ev.actor], tell(&a->heard[REG]));
	}
	if (is_device(w, e))
		return;
	a->unlocked = (struct unlocked){
		.all = all,
		.by_cpus = what_cpus_told(a),
		.told = handed_on(w, a, CPU),
		.own = tell(&a->own),
		.is_any = true,
	};
	hear(&a->released, all);
}

/* A wire waits for nothing that is on its way, nor that for it. */
static void give_by_wire(struct walk *w, const struct entry *e,
			 struct meeting *to)
{
	struct actor *a = &w->actor[e->ev.actor];

	to->is_full = true;
	to->belief = tales(to->belief, tell(&a->belief));
	to->all[e->ev.actor] =
		tales(to->all[e->ev.actor],
		      tales(tell(&a->arrived),
			    w->travels == READS ? tell(&a->own) : a->settled));
}

/* Unlock, then lock, on one CPU, as CPUs see it. */
static void lock_again(struct walk *w, struct actor *a)
{
	const struct unlocked *u = &a->unlocked;

	hear(&a->loads[CPU], u->by_cpus);
	hear(&a->loads[DEV], u->by_cpus);
	hear(&a->sees[CPU], u->all);
	hear(&a->tells[CPU], u->told);
	if (w->travels == READS)
		hear(&a->loads[CPU], u->own);
}

/* What its accesses came after that others have overtaken. */
static void follow(struct walk *w, const struct entry *e,
		   const struct tale *told)
{
	struct actor *a = &w->actor[e->ev.actor];
	uint32_t i = (uint32_t)(e - w->log->entries.at);

	if (w->travels == WRITES)
		find_overtaken(w, i, told);
	come_after(a, after_overtaken(w, i, DEV));
	hear(&a->reg_stores, after_overtaken(w, i, DEV));
	hear(&a->sees[CPU], after_overtaken(w, i, CPU));
	hear(&a->sees[DEV], after_overtaken(w, i, DEV));
	hear(&a->sees[REG], after_overtaken(w, i, DEV));
}

/* What one gave oneself is no news. */
static void take(struct walk *w, const struct entry *e,
		 const struct meeting *from)
{
	struct actor *a = &w->actor[e->ev.actor];
	const struct tale *all = NULL, *told[DEV + 1] = {NULL};

	hear(&a->belief, from->belief);
	for (int id = 0; id < LOG_ACTORS; id++) {
		if (id == e->ev.actor)
			continue;
		all = tales(all, from->all[id]);
		hear(&a->rung, from->rung[id]);
		hear(&a->tells[REG], from->rung[id]);
		hear(&a->heard[REG], from->asked[id]);
		for (int view = CPU; view <= DEV; view++)
			told[view] = tales(told[view], from->told[view][id]);
	}
	come_after(a, all);
	hear(&a->reg_stores, all);
	if (!from->is_full && a->unlocked.is_any)
		lock_again(w, a);
	follow(w, e, from->is_full ? all : told[CPU]);
	hear(&a->loads[REG], tell(&a->loads[DEV]));
	for (int view = CPU; view <= DEV; view++)
		hear(&a->handed[view], from->is_full ? all : told[view]);
	hear(&a->tells[CPU], tell(&a->handed[CPU]));
	hear(&a->released, all);
}

/* ---- read-side sections and grace periods ---- */

static void end_section(struct walk *w, const struct entry *e)
{
	struct actor *a = &w->actor[e->ev.actor];

	*cdma_vec_push(&w->sections) = (struct reading){
		.begin = a->section,
		.all = gift(a),
		.belief = tell(&a->belief),
	};
	hear(&a->released, gift(a));
}

static void end_grace(struct walk *w, const struct entry *e)
{
	struct actor *a = &w->actor[e->ev.actor];
	struct meeting over = {.is_full = true};

	for (size_t i = 0; i < w->sections.nr; i++) {
		const struct reading *s = &w->sections.at[i];

		if (s->begin >= a->grace)
			continue;
		over.all[0] = tales(over.all[0], s->all);
		over.belief = tales(over.belief, s->belief);
	}
	take(w, e, &over);
}

static void rcu(struct walk *w, const struct entry *e)
{
	struct actor *a = &w->actor[e->ev.actor];

	w->graces.is_full = true;
	switch (e->ev.kind) {
	case CDMA_EV_SECTION_BEGIN:
		a->section = e->ev.seq;
		take(w, e, &w->graces);
		break;
	case CDMA_EV_SECTION_END:
		end_section(w, e);
		break;
	case CDMA_EV_GRACE_BEGIN:
		a->grace = e->ev.seq;
		give(w, e, &w->graces);
		break;
	default:
		end_grace(w, e);
	}
}

/* ---- */

const struct tale *over_at(struct walk *w, uint32_t i)
{
	const struct entry *e = &w->log->entries.at[i];
	struct actor *a = &w->actor[e->ev.actor];
	bool to_device =
		e->ev.kind == CDMA_EV_MAP || e->ev.kind == CDMA_EV_SYNC_DEVICE;
	const struct tale *all = tales(all_known(a), a->pulled);

	all = tales(all, tell(&a->resting));
	all = tales(all, tales(tell(&a->sees[CPU]), tell(&a->sees[DEV])));
	all = tales(all, tell(&a->own));
	for (int way = 0; way < WAYS && !to_device; way++)
		all = tales(all, tell(&a->heard[way]));
	return all;
}

void do_other(struct walk *w, uint32_t i)
{
	const struct entry *e = &w->log->entries.at[i];
	struct actor *a = &w->actor[e->ev.actor];

	switch (e->ev.kind) {
	case CDMA_EV_BARRIER:
		barrier(w, e);
		break;
	case CDMA_EV_BRANCH:
		branch(w, e);
		break;
	case CDMA_EV_START:
		if (e->ev.value != CDMA_DEVICE)
			object(w, e->ev.object)->is_full = true;
		break;
	case CDMA_EV_RELEASE:
	case CDMA_EV_IRQ_RAISE:
		object(w, e->ev.object)->is_full |=
			e->ev.kind == CDMA_EV_IRQ_RAISE;
		if (e->ev.flags & CDMA_EVF_RELAXED)
			give_by_wire(w, e, object(w, e->ev.object));
		else
			give(w, e, object(w, e->ev.object));
		if (!is_device(w, e))
			store_to_object(w, a);
		break;
	case CDMA_EV_ACQUIRE:
	case CDMA_EV_IRQ_ENTER:
		if (e->ev.kind == CDMA_EV_ACQUIRE && !is_device(w, e))
			read_object(a);
		take(w, e, object(w, e->ev.object));
		if (e->ev.kind == CDMA_EV_ACQUIRE && !is_device(w, e))
			store_to_object(w, a);
		break;
	case CDMA_EV_SECTION_BEGIN:
	case CDMA_EV_SECTION_END:
	case CDMA_EV_GRACE_BEGIN:
	case CDMA_EV_GRACE_END:
		rcu(w, e);
		break;
	case CDMA_EV_MASTER:
		if (!e->ev.offset && !is_device(w, e))
			come_after(a, all_done(w, (cdma_device_id)e->ev.value,
					       false));
		break;
	case CDMA_EV_JOIN:
		hear(&a->resting,
		     all_done(w, (cdma_device_id)e->ev.value, false));
		break;
	default:
		break;
	}
	/* A map, an unmap or a sync is as if it stored. */
	if (w->travels == WRITES)
		hear(&a->own, w->made[i].dot);
}
