/* SPDX-License-Identifier: MIT */
#include "order/state.h"

/*
 * Lifetimes: an end of memory is judged like a write to all of its bytes.
 *
 * What comes after a free, or an unbind, in this run is wrong by state, and the
 * model says so.  What came before it may have been lucky: unless something
 * orders it before, it may as well still be under way.  A free is a call, and
 * comes after all that its actor knows of, by whatever kind of order.
 */

/* The device has done what it did: kr and kw reach all of it. */
static void rest(struct cdma_order *order, cdma_device_id device,
		 struct cdma_clock **clock)
{
	struct cdma_arena *arena = &order->arena;

	for (size_t i = 0; i < order->actors.nr; i++) {
		struct cdma_order_actor *engine = &order->actors.at[i];

		if (!engine->started || engine->kind != CDMA_DEVICE ||
		    engine->device != device)
			continue;
		for (int side = 0; side < 2; side++) {
			cdma_clock_raise(arena, clock, engine->lane,
					 (enum cdma_side)side, engine->epoch);
			if (engine->unordered)
				cdma_clock_raise(
					arena, clock, engine->unordered,
					(enum cdma_side)side, engine->epoch);
		}
	}
}

void cdma_order_master(struct cdma_order *order, const struct cdma_event *ev)
{
	struct cdma_order_actor *actor = cdma_order_acting(order, ev);
	struct cdma_clock *clock = NULL;

	if (ev->offset || !cdma_is_cpu(actor))
		return;
	rest(order, (cdma_device_id)ev->value, &clock);
	cdma_clock_join(&order->arena, &actor->kr, cdma_clock_freeze(clock));
	cdma_clock_join(&order->arena, &actor->kw, clock);
	cdma_order_known_changed(actor);
}

void cdma_order_join(struct cdma_order *order, const struct cdma_event *ev)
{
	struct cdma_order_actor *actor = cdma_order_acting(order, ev);

	rest(order, (cdma_device_id)ev->value, &actor->resting);
}

/* One end of memory on its way through the cells. */
struct ending {
	struct cdma_order *order;
	struct cdma_order_actor *actor;
	const struct cdma_event *ev;
	const struct cdma_clock *known;
};

static void report(const struct ending *e, const struct cdma_record *record)
{
	const struct cdma_order_actor *owner =
		&e->order->actors.at[record->actor];
	struct cdma_finding finding = {
		.id = cdma_is_cpu(owner) ? CDMA_FINDING_CPU_UAF
					 : CDMA_FINDING_DEVICE_UAF,
		.region = record->object,
		.at = cdma_record_party(record),
		.against = cdma_party_of(e->ev),
		.detail = "it may still be under way",
	};

	cdma_found(&e->order->config.sink, &finding);
}

/* Whether anything says that it comes before: what the actor's reads come
 * after, or its writes, or what readl() has brought. */
static bool is_over(const struct ending *e, const struct cdma_record *record)
{
	const struct cdma_order_actor *actor = e->actor;
	const struct cdma_clock *const clocks[] = {
		e->known,
		actor->pulled,
		actor->resting,
		actor->late[CDMA_TO_CPU],
		actor->late[CDMA_TO_DEV],
	};

	for (size_t i = 0; i < ARRAY_SIZE(clocks); i++)
		if (cdma_clock_has(clocks[i], &record->dot))
			return true;
	return false;
}

static bool comes_after(const void *aux, const struct cdma_record *as)
{
	return is_over(aux, as);
}

/* It was given back before: by an unmap, say. */
static bool is_handed(const struct ending *e, const struct cdma_cell *cell,
		      const struct cdma_record *record)
{
	return cell->handovers &&
	       cdma_order_is_handed(e->order, cell, e->ev->actor, record,
				    record->mask, comes_after, e);
}

/* Of an atomic operation whose value nobody gets, the store is judged. */
static bool is_judged(const struct cdma_record *record)
{
	return !(record->flags & (CDMA_EVF_MISSED | CDMA_EVF_REPORTED)) &&
	       !(record->kind == CDMA_EV_READ &&
		 record->flags & CDMA_EVF_UNSEEN);
}

/* The newest one that reached memory decides: those before it come before it,
 * or are as unordered. */
static void judge_list(const struct ending *e, const struct cdma_cell *cell,
		       const struct cdma_record *record)
{
	while (record && !is_judged(record))
		record = record->older;
	if (record && !is_over(e, record) && !is_handed(e, cell, record))
		*cdma_vec_push(&e->order->late) = record;
}

/* Any that is left tells; of a device that was unbound none is. */
static bool is_memory(const struct cdma_cell *cell)
{
	const struct cdma_column *column = cell->columns;
	const struct cdma_record *record = NULL;

	for (; column && !record; column = column->next)
		record = column->stores ? column->stores : column->reads;
	return record && record->how != CDMA_MMIO;
}

static void judge_cell(void *aux, struct cdma_cell *cell)
{
	const struct ending *e = aux;
	bool is_unbind = e->ev->kind == CDMA_EV_UNBIND;
	struct cdma_column *column;

	if (!is_memory(cell))
		return;
	for (column = cell->columns; column; column = column->next) {
		const struct cdma_order_actor *owner =
			&e->order->actors.at[column->actor];

		if (column->actor == e->ev->actor)
			continue;
		if (is_unbind &&
		    (cdma_is_cpu(owner) || owner->device != e->ev->value))
			continue;
		judge_list(e, cell, column->stores);
		judge_list(e, cell, column->reads);
		/* What it has lost is lost once. */
		if (is_unbind)
			column->stores = column->reads = NULL;
	}
	/* What comes now touches other memory, or none. */
	if (is_unbind)
		return;
	cell->columns = NULL;
	cell->handovers = NULL;
}

static int by_age(const void *a, const void *b)
{
	const struct cdma_record *x = *(const struct cdma_record *const *)a;
	const struct cdma_record *y = *(const struct cdma_record *const *)b;

	return (x->seq > y->seq) - (x->seq < y->seq);
}

/* Oldest first, and one for all pieces of an access. */
static void report_all(const struct ending *e)
{
	struct cdma_order *order = e->order;

	if (order->late.nr)
		qsort(order->late.at, order->late.nr, sizeof(*order->late.at),
		      by_age);
	for (size_t i = 0; i < order->late.nr; i++)
		if (!i || order->late.at[i]->op != order->late.at[i - 1]->op)
			report(e, order->late.at[i]);
}

void cdma_order_end_of_memory(struct cdma_order *order,
			      const struct cdma_event *ev)
{
	struct cdma_order_actor *actor = cdma_order_acting(order, ev);
	bool is_unbind = ev->kind == CDMA_EV_UNBIND;
	struct ending e = {
		.order = order,
		.actor = actor,
		.ev = ev,
		.known = cdma_order_known(actor, &order->arena),
	};

	order->late.nr = 0;
	cdma_shadow_each(&order->shadow, is_unbind ? 0 : ev->object, judge_cell,
			 &e);
	report_all(&e);
}
