/* SPDX-License-Identifier: MIT */
#include "actor.h"

/* What stores tell. */

/* writel() waits for all writes that were issued by, or had reached, its CPU.
 */
static void doorbell(struct walk *w, uint32_t i)
{
	struct actor *a = &w->actor[w->log->entries.at[i].ev.actor];
	struct made *m = &w->made[i];
	const struct tale *all = tales(m->before[DEV], tell(&a->stored[DEV]));

	all = tales(all, tell(&a->tells[REG]));
	if (w->travels == WRITES)
		all = tales(all, tales(all_known(a), tell(&a->own)));
	m->tells[CPU] = m->tells[DEV] = all;
	hear(&a->stored[REG], tell(&a->stored[DEV]));
	hear(&a->tells[REG], all);
	if (w->travels == READS)
		hear(&a->sees[REG], all);
}

static void release(struct walk *w, uint32_t i)
{
	struct actor *a = &w->actor[w->log->entries.at[i].ev.actor];
	struct made *m = &w->made[i];

	m->tells[CPU] =
		tales(m->tells[CPU], tales(all_heard(a), tell(&a->own)));
	hear(&a->released, m->tells[CPU]);
	hear(&a->stored[CPU], m->tells[CPU]);
}

void hand_on(struct walk *w, uint32_t i)
{
	const struct entry *e = &w->log->entries.at[i];
	const struct few *saw =
		e->rmw == NOBODY ? NULL : w->log->entries.at[e->rmw].saw;

	for (uint32_t k = 0; saw && k < saw->nr; k++)
		for (int view = CPU; view <= DEV; view++)
			w->made[i].tells[view] =
				tales(w->made[i].tells[view],
				      w->made[saw->at[k]].tells[view]);
}

void cpu_store(struct walk *w, uint32_t i)
{
	const struct entry *e = &w->log->entries.at[i];
	struct actor *a = &w->actor[e->ev.actor];
	struct made *m = &w->made[i];
	bool is_reg = e->ev.how == CDMA_MMIO;
	uint32_t last = is_reg ? NOBODY : last_there(w, i);

	m->brought = computed_from(w, i, DEV);
	for (int k = 0; k < 2; k++) {
		const struct few *from = k ? e->addr : e->data;

		for (uint32_t j = 0; from && j < from->nr; j++)
			m->of_device |= w->made[from->at[j]].of_device;
	}
	if (e->rmw != NOBODY)
		m->of_device |= w->made[e->rmw].of_device;
	for (int view = CPU; view <= DEV; view++) {
		m->from[view] = store_after(w, i, view);
		m->before[view] = before_store(w, i, view);
	}
	if (!is_reg)
		a->behind = tell(&a->stores);
	if (is_reg) {
		hear(&a->tells[REG], tell(&a->heard[REG]));
		hear(&a->answered, tell(&a->heard[REG]));
	}
	for (int view = CPU; view <= DEV; view++)
		m->tells[view] =
			tales(tell(&a->tells[is_reg ? REG : view]),
			      w->travels == READS ? m->before[view] : NULL);
	if (last != NOBODY && w->travels == READS &&
	    w->log->entries.at[last].ev.flags & CDMA_EVF_RELEASE)
		m->tells[CPU] = tales(m->tells[CPU], w->made[last].tells[CPU]);
	if (is_reg && !(e->ev.flags & CDMA_EVF_RELAXED))
		doorbell(w, i);
	if (is_reg && w->travels == WRITES)
		hear(&a->rung, m->tells[DEV]);
	for (int view = CPU; view <= DEV; view++)
		hear(&a->stored[is_reg ? REG : view], m->from[view]);
	if (w->travels == READS && !is_reg)
		hear(&a->stored[DEV], tell(&a->sees[DEV]));
	if (e->ev.flags & CDMA_EVF_RELEASE)
		release(w, i);
}

/* Posted, in order: behind all that its engine wrote, and read, before. */
void device_store(struct walk *w, uint32_t i)
{
	const struct entry *e = &w->log->entries.at[i];
	struct actor *a = &w->actor[e->ev.actor];
	const struct tale *own = tell(&a->own);
	const struct tale *all = tell(&a->knows);

	if (may_overtake(e)) {
		all = tell(&a->arrived);
		if (w->travels == WRITES)
			own = e->ev.flags & CDMA_EVF_UNORDERED ? a->fenced
							       : a->settled;
	}
	for (int view = CPU; view <= DEV; view++)
		w->made[i].tells[view] = tales(all, own);
	if (e->ev.how == CDMA_MMIO && w->travels == WRITES)
		w->made[i].arrived = tales(tell(&a->arrived), a->settled);
}

void store_belief(struct walk *w, uint32_t i)
{
	const struct entry *e = &w->log->entries.at[i];
	struct actor *a = &w->actor[e->ev.actor];
	const struct entry *read =
		e->rmw == NOBODY ? NULL : &w->log->entries.at[e->rmw];
	const struct tale *all = tell(&a->belief);

	/* Who adds and does not look hands on what others conclude. */
	if (read && (read->ev.flags & CDMA_EVF_UNSEEN ||
		     (read->ev.flags & CDMA_EVF_UNUSED && e->data)))
		for (uint32_t k = 0; read->saw && k < read->saw->nr; k++)
			all = tales(all, w->made[read->saw->at[k]].belief);
	w->made[i].belief = all;
}
