/* SPDX-License-Identifier: MIT */
#include "order/state.h"

#include <cdma/attrs.h>

/*
 * Handovers: streaming memory goes from the CPU to a device, or back.
 *
 * A map is as if the device had been handed the bytes by an ordered store, and
 * an unmap as if the caller had stored there itself what the device did: it
 * comes after the device's accesses of which the caller has heard.  It has
 * heard of what its reads have brought, though no barrier has ordered that yet:
 * a cache is invalidated by a call, which no processor does early.
 *
 * What is done there and not over is judged like the end of memory: it may
 * still be under way, whichever of the two came first in this run.  Where the
 * caller believes that it is over, and nothing on the way orders it, nothing is
 * handed over, and whoever uses the bytes is judged as anywhere.
 */

/* One handover on its way through the cells. */
struct passing {
	struct cdma_order *order;
	struct cdma_order_actor *actor;
	const struct cdma_event *ev;
	const struct cdma_clock *over; /* what has come to an end */
	uint32_t epoch;
	bool to_device;
};

static bool is_of(const struct cdma_order_actor *actor, cdma_device_id device)
{
	return actor->kind == CDMA_DEVICE && actor->device == device;
}

/* All that comes before the call. */
static const struct cdma_clock *over_at(const struct passing *p)
{
	struct cdma_order_actor *actor = p->actor;
	struct cdma_arena *arena = &p->order->arena;
	struct cdma_clock *over = NULL;

	cdma_clock_join(arena, &over, cdma_order_known(actor, arena));
	cdma_clock_join(arena, &over, cdma_clock_freeze(actor->pulled));
	cdma_clock_join(arena, &over, cdma_clock_freeze(actor->resting));
	for (int to = 0; to < CDMA_TOWARDS_NR; to++)
		cdma_clock_join(arena, &over,
				cdma_clock_freeze(actor->late[to]));
	for (int way = 0; way < CDMA_WAYS_NR && !p->to_device; way++)
		cdma_clock_join(arena, &over,
				cdma_clock_freeze(actor->pending[way]));
	cdma_clock_raise(arena, &over, actor->lane, CDMA_WRITES, p->epoch);
	cdma_clock_raise(arena, &over, actor->lane, CDMA_READS, p->epoch);
	return cdma_clock_freeze(over);
}

static bool comes_after(const void *aux, const struct cdma_record *as)
{
	const struct passing *p = aux;

	return cdma_clock_has(p->over, &as->dot);
}

/* Whether it may still be under way, and nobody believes otherwise. */
static bool is_late(const struct passing *p, const struct cdma_cell *cell,
		    const struct cdma_record *record, uint8_t mask)
{
	return !cdma_clock_has(p->over, &record->dot) &&
	       !cdma_belief_has(p->actor->belief, record->actor,
				record->dot.epoch) &&
	       !cdma_order_is_handed(p->order, cell, p->ev->actor, record, mask,
				     comes_after, p);
}

static void report(const struct passing *p, struct cdma_record *record)
{
	bool is_unmap = p->ev->kind == CDMA_EV_UNMAP;
	struct cdma_finding finding = {
		.id = is_unmap ? CDMA_FINDING_DEVICE_UAF
			       : CDMA_FINDING_MISSING_SYNC,
		.region = record->object,
		.at = cdma_record_party(record),
		.against = cdma_party_of(p->ev),
		.detail = "it may still be under way",
	};

	record->flags |= CDMA_EVF_REPORTED;
	cdma_found(&p->order->config.sink, &finding);
}

static void judge_list(const struct passing *p, const struct cdma_cell *cell,
		       struct cdma_record *record, uint8_t mask)
{
	const uint32_t skipped =
		CDMA_EVF_MISSED | CDMA_EVF_REPORTED | CDMA_EVF_RACE_OK;

	for (; record; record = record->older)
		if (record->mask & mask && !(record->flags & skipped) &&
		    is_late(p, cell, record, record->mask & mask))
			report(p, record);
}

static void judge_cell(const struct passing *p, struct cdma_cell *cell,
		       uint8_t mask)
{
	/* What the device only reads, other CPUs may go on reading. */
	bool may_read = p->to_device && p->ev->order == CDMA_TO_DEVICE;
	cdma_device_id device = (cdma_device_id)p->ev->value;
	struct cdma_column *column;

	for (column = cell->columns; column; column = column->next) {
		const struct cdma_order_actor *owner =
			&p->order->actors.at[column->actor];

		if (column->actor == p->ev->actor ||
		    (p->to_device ? !cdma_is_cpu(owner)
				  : !is_of(owner, device)))
			continue;
		judge_list(p, cell, column->stores, mask);
		if (!may_read)
			judge_list(p, cell, column->reads, mask);
	}
}

/* An older one of the same kind that says nothing beside @new. */
static bool is_replaced(const struct cdma_handover *old,
			const struct cdma_handover *new)
{
	return old && old->to_device == new->to_device &&
	       old->device == new->device && old->as.actor == new->as.actor &&
	       !(old->as.mask & ~new->as.mask);
}

static void hand_over(const struct passing *p, struct cdma_cell *cell,
		      uint8_t mask)
{
	struct cdma_handover *h =
		cdma_arena_alloc(&p->order->arena, sizeof(*h));

	*h = (struct cdma_handover){
		.older = cell->handovers,
		.over = p->over,
		.device = (cdma_device_id)p->ev->value,
		.to_device = p->to_device,
	};
	cdma_record_fill(&h->as, p->ev);
	h->as.kind = CDMA_EV_WRITE;
	h->as.actor = p->ev->actor;
	h->as.mask = mask;
	h->as.dot = (struct cdma_dot){
		.place = cdma_place(p->ev->object, cdma_cell_offset(cell) >> 3,
				    mask),
		.epoch = p->epoch,
		.lane = p->actor->lane,
		.side = CDMA_WRITES,
	};
	while (is_replaced(h->older, h))
		h->older = h->older->older;
	cell->handovers = h;
}

/* Where the handover ends.  The model has said it when the memory ends before,
 * so any number may come here. */
static uint64_t end_of(const struct cdma_event *ev)
{
	return ev->op_size > UINT64_MAX - ev->offset ? UINT64_MAX
						     : ev->offset + ev->op_size;
}

static uint8_t mask_of(const struct cdma_event *ev, uint64_t first)
{
	uint64_t stop = end_of(ev), end = first + 8;
	uint8_t mask = 0xff;

	if (ev->offset > first)
		mask &= (uint8_t)(0xff << (ev->offset - first));
	if (stop < end)
		mask &= (uint8_t)(0xff >> (end - stop));
	return mask;
}

static void pass(void *aux, struct cdma_cell *cell)
{
	const struct passing *p = aux;
	uint8_t mask = mask_of(p->ev, cdma_cell_offset(cell));

	if (!(p->ev->flags & CDMA_EVF_IDLE))
		judge_cell(p, cell, mask);
	if (p->ev->domain)
		hand_over(p, cell, mask);
}

void cdma_order_handover(struct cdma_order *order, const struct cdma_event *ev)
{
	struct passing p = {
		.order = order,
		.actor = cdma_order_acting(order, ev),
		.ev = ev,
		.to_device = ev->kind == CDMA_EV_MAP ||
			     ev->kind == CDMA_EV_SYNC_DEVICE,
	};

	/* A map that moves nothing leaves the memory as it is. */
	if (!ev->domain && p.to_device)
		return;
	p.epoch = ++p.actor->epoch;
	p.over = over_at(&p);
	cdma_shadow_each_in(&order->shadow, ev->object, ev->offset, end_of(ev),
			    pass, &p);
}

bool cdma_order_is_handed(const struct cdma_order *order,
			  const struct cdma_cell *cell, cdma_actor_id id,
			  const struct cdma_record *record, uint8_t mask,
			  bool (*after)(const void *aux,
					const struct cdma_record *as),
			  const void *aux)
{
	const struct cdma_order_actor *actor = &order->actors.at[id];
	const struct cdma_order_actor *owner = &order->actors.at[record->actor];
	const struct cdma_handover *h;

	for (h = cell->handovers; h && mask; h = h->older) {
		if (h->as.seq < record->seq)
			return false;
		if (!(h->as.mask & mask) ||
		    !is_of(h->to_device ? actor : owner, h->device) ||
		    !cdma_is_cpu(h->to_device ? owner : actor) ||
		    !cdma_clock_has(h->over, &record->dot))
			continue;
		if (h->to_device || h->as.actor == id || after(aux, &h->as))
			mask &= (uint8_t)~h->as.mask;
	}
	return !mask;
}
