/* SPDX-License-Identifier: MIT */
#include "order/state.h"

/*
 * What comes before an access, by the reads that it depends on: what they saw,
 * what that told, and what they came after themselves.
 */

bool cdma_order_join_message(struct cdma_order *order,
			     struct cdma_clock **clock,
			     const struct cdma_record *store,
			     enum cdma_towards reader)
{
	const struct cdma_order_actor *writer = &order->actors.at[store->actor];
	const struct cdma_message *message =
		reader == CDMA_TO_CPU ? &store->to_cpu : &store->to_device;
	struct cdma_arena *arena = &order->arena;
	bool changed;

	changed = cdma_clock_join(arena, clock, message->base);
	changed |= cdma_clock_raise(arena, clock, writer->lane, CDMA_WRITES,
				    message->own_writes);
	changed |= cdma_clock_raise(arena, clock, writer->lane, CDMA_READS,
				    message->own_reads);
	changed |= cdma_clock_join_reads(arena, clock, store->behind);
	changed |= cdma_clock_join_reads(arena, clock, store->after);
	/* A register is no memory: nothing comes after "the register". */
	if (store->how != CDMA_MMIO)
		changed |= cdma_clock_add_dot(arena, clock, &store->dot);
	return changed;
}

static void raise_own(struct cdma_past *past, int to, uint32_t epoch)
{
	if (past->own[to] < epoch)
		past->own[to] = epoch;
}

/* What @store tells @actor.  One of its own tells nothing but that it was made
 * after the reads that it was computed from (LKMM: dep ; rfi). */
static void add_store(struct cdma_order *order,
		      const struct cdma_order_actor *actor,
		      const struct cdma_record *store,
		      struct cdma_clock **clock, struct cdma_past *past)
{
	const struct cdma_order_actor *writer = &order->actors.at[store->actor];

	if (writer != actor) {
		past->of_device |= !cdma_is_cpu(writer);
		cdma_order_join_message(order, clock, store,
					cdma_is_cpu(actor) ? CDMA_TO_CPU
							   : CDMA_TO_DEV);
		return;
	}
	if (!store->from)
		return;
	past->of_device |= store->from->of_device;
	cdma_clock_join(&order->arena, clock, store->from->clock);
	for (int to = 0; to < CDMA_TOWARDS_NR; to++)
		raise_own(past, to, store->from->own[to]);
}

void cdma_order_add_read(struct cdma_order *order,
			 struct cdma_order_actor *actor,
			 const struct cdma_record *record, uint32_t epoch,
			 struct cdma_past *past)
{
	struct cdma_clock *clock = (struct cdma_clock *)past->clock;
	struct cdma_dot dot = record->dot;

	dot.epoch = epoch;
	cdma_clock_join(&order->arena, &clock, record->before);
	for (int to = 0; to < CDMA_TOWARDS_NR; to++)
		raise_own(past, to, record->own_before[to]);
	if (record->overtaken) {
		cdma_clock_join(&order->arena, &clock,
				record->overtaken->clock);
		for (int to = 0; to < CDMA_TOWARDS_NR; to++)
			raise_own(past, to, record->overtaken->own[to]);
		past->of_device |= record->overtaken->of_device;
	}
	for (const struct cdma_saw *saw = &record->saw; saw; saw = saw->next)
		if (saw->store)
			add_store(order, actor, saw->store, &clock, past);
	past->of_device |= record->how == CDMA_MMIO || record->of_device;
	cdma_clock_join(&order->arena, &clock, record->pushed);
	cdma_clock_add_dot(&order->arena, &clock, &dot);
	past->clock = clock;
}

struct walk {
	struct cdma_order *order;
	struct cdma_order_actor *actor;
	struct cdma_past *past;
	uint64_t seq; /* of what is done */
};

static void add_read(void *aux, uint64_t seq, uint8_t bytes)
{
	const struct walk *w = aux;
	const struct cdma_read *read = cdma_order_actor_read(w->actor, seq);

	(void)bytes;
	if (read)
		cdma_order_add_read(w->order, w->actor, read->record,
				    read->epoch, w->past);
}

void cdma_order_add_past(struct cdma_order *order,
			 struct cdma_order_actor *actor, cdma_dep_t dep,
			 struct cdma_past *past)
{
	struct walk w = {order, actor, past, 0};

	cdma_order_each_read(order, dep, add_read, &w);
}

void cdma_order_keep_own(struct cdma_order_actor *actor,
			 const struct cdma_past *past)
{
	for (int way = 0; way < CDMA_WAYS_NR; way++) {
		uint32_t own = past->own[way == CDMA_BY_CPU ? CDMA_TO_CPU
							    : CDMA_TO_DEV];

		if (actor->own_reads[way] < own)
			actor->own_reads[way] = own;
	}
}

static void note_branch(void *aux, uint64_t seq, uint8_t bytes)
{
	const struct walk *w = aux;
	const struct cdma_read *read = cdma_order_actor_read(w->actor, seq);

	if (!read)
		return;
	cdma_order_look(w->order, w->actor, read, bytes, w->seq);
	if (w->actor->branched < seq)
		w->actor->branched = seq;
}

void cdma_order_note_branch(struct cdma_order *order,
			    struct cdma_order_actor *actor,
			    const struct cdma_event *ev)
{
	struct walk w = {order, actor, NULL, ev->seq};

	cdma_order_each_read(order, ev->data_dep, note_branch, &w);
}

/* The register writes before it come first, and what those came after. */
static void follow_registers(struct cdma_step *step)
{
	struct cdma_past *past = &step->past;
	struct cdma_stored *stored = &step->actor->stored[CDMA_BY_REG];
	struct cdma_clock *clock = (struct cdma_clock *)past->clock;

	cdma_clock_join(&step->order->arena, &clock,
			cdma_clock_freeze(stored->past));
	past->clock = cdma_clock_freeze(clock);
	for (int to = 0; to < CDMA_TOWARDS_NR; to++)
		raise_own(past, to, stored->own_reads);
}

void cdma_order_read_past(struct cdma_step *step)
{
	struct cdma_order_actor *actor = step->actor;
	struct cdma_past *past = &step->past;
	const uint32_t *own = actor->reads_done;
	bool is_reg = step->ev->how == CDMA_MMIO;

	past->clock = is_reg ? actor->kr_reg : cdma_clock_freeze(actor->kr);
	/* No read barrier is for what nobody gets; the store that follows comes
	 * after what stores do. */
	if (step->ev->flags & CDMA_EVF_UNSEEN) {
		past->clock = cdma_clock_freeze(actor->kw);
		own = actor->own_reads;
	} else if (!is_reg) {
		actor->kr_read = past->clock;
	}
	for (int to = 0; to < CDMA_TOWARDS_NR; to++)
		past->own[to] = own[is_reg ? CDMA_BY_REG : to];
	if (is_reg)
		follow_registers(step);
	if (!step->ev->addr_dep)
		return;
	cdma_order_add_past(step->order, actor, step->ev->addr_dep, past);
	cdma_clock_freeze((struct cdma_clock *)past->clock);
	/* dma_rmb() is for this read, also where its address is a register's.
	 */
	if (past->of_device && !is_reg)
		cdma_clock_join(&step->order->arena,
				&actor->pending[CDMA_BY_DEV], past->clock);
}
