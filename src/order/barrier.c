/* SPDX-License-Identifier: MIT */
#include "order/state.h"

/* Barriers and branches, and how what an actor knows grows by them. */

struct cdma_clock *cdma_order_with_own(struct cdma_order *order,
				       const struct cdma_order_actor *actor,
				       const struct cdma_clock *known)
{
	struct cdma_arena *arena = &order->arena;
	struct cdma_clock *all = NULL;

	cdma_clock_join(arena, &all, known);
	cdma_clock_raise(arena, &all, actor->lane, CDMA_WRITES, actor->epoch);
	cdma_clock_raise(arena, &all, actor->lane, CDMA_READS, actor->epoch);
	return all;
}

void cdma_order_know(struct cdma_order *order, struct cdma_order_actor *actor,
		     const struct cdma_clock *clock)
{
	bool changed = cdma_clock_join(&order->arena, &actor->kr, clock);

	changed |= cdma_clock_join(&order->arena, &actor->kw, clock);
	if (changed)
		cdma_order_known_changed(actor);
}

void cdma_order_publish(struct cdma_order *order,
			struct cdma_order_actor *actor, enum cdma_way way,
			const struct cdma_clock *clock)
{
	cdma_clock_join(&order->arena, &actor->publish[way], clock);
}

/* The ways that a barrier is for are those below this one. */
static int ways_nr(const struct cdma_event *ev)
{
	return ev->domain == CDMA_DOMAIN_SMP   ? CDMA_BY_CPU + 1
	       : ev->domain == CDMA_DOMAIN_DMA ? CDMA_BY_DEV + 1
					       : CDMA_WAYS_NR;
}

static void read_barrier(struct cdma_order *order,
			 struct cdma_order_actor *actor, int ways)
{
	for (int way = 0; way < ways; way++) {
		actor->reads_done[way] = actor->epoch;
		if (cdma_clock_join(&order->arena, &actor->kr,
				    cdma_clock_freeze(actor->pending[way])))
			cdma_order_known_changed(actor);
	}
	if (cdma_clock_join(&order->arena, &actor->kr,
			    cdma_clock_freeze(actor->computed)))
		cdma_order_known_changed(actor);
	if (ways == CDMA_WAYS_NR)
		cdma_order_reach_registers(actor);
}

/* The reads that came before its stores, come before the next as well. */
static void tell_stored(struct cdma_order *order,
			struct cdma_order_actor *actor, int way, int stored)
{
	const struct cdma_stored *from = &actor->stored[stored];

	cdma_clock_join_reads(&order->arena, &actor->publish[way], from->past);
	if (way < CDMA_TOWARDS_NR)
		cdma_clock_join(&order->arena, &actor->late[way],
				cdma_clock_freeze(from->past));
	if (actor->own_reads[way] < from->own_reads)
		actor->own_reads[way] = from->own_reads;
}

static void tell_all_stored(struct cdma_order *order,
			    struct cdma_order_actor *actor, int ways)
{
	for (int way = 0; way < ways; way++) {
		tell_stored(order, actor, way,
			    way == CDMA_BY_CPU ? CDMA_BY_CPU : CDMA_BY_DEV);
		if (ways == CDMA_WAYS_NR)
			tell_stored(order, actor, way, CDMA_BY_REG);
	}
	if (ways == CDMA_WAYS_NR)
		cdma_clock_join_reads(&order->arena,
				      &actor->publish[CDMA_BY_REG],
				      actor->told);
}

/* Own writes, and what was handed over; not what was merely read, unless a
 * release has told it before (LKMM: po-rel ; wmb). */
static void write_barrier(struct cdma_order *order,
			  struct cdma_order_actor *actor, int ways)
{
	for (int way = 0; way < ways; way++) {
		actor->own_writes[way] = actor->epoch;
		cdma_clock_join_writes(
			&order->arena, &actor->publish[way],
			actor->handed[way == CDMA_BY_CPU ? CDMA_TO_CPU
							 : CDMA_TO_DEV]);
	}
	if (ways == CDMA_WAYS_NR) {
		/* A register write is one of the stores before it. */
		cdma_clock_freeze(actor->answered);
		cdma_clock_freeze(actor->rung);
		for (int way = 0; way < ways; way++) {
			cdma_order_publish(order, actor, (enum cdma_way)way,
					   actor->answered);
			cdma_clock_join_writes(&order->arena,
					       &actor->publish[way],
					       actor->rung);
		}
	}
	cdma_order_publish(order, actor, CDMA_BY_CPU,
			   cdma_clock_freeze(actor->released));
	cdma_clock_join(&order->arena, &actor->late[CDMA_TO_CPU],
			actor->released);
	/* CPUs see those writes before the release, and everybody sees that
	 * before what comes now, which thus overwrites them. */
	if (ways > CDMA_BY_DEV)
		cdma_clock_join_writes(&order->arena, &actor->late[CDMA_TO_DEV],
				       actor->released);
	tell_all_stored(order, actor, ways);
}

/*
 * What its accesses before a full barrier come after.  One that is not for
 * registers does not take up what rmb() has put before later reads when none
 * was made since: two barriers are no access.
 */
static const struct cdma_clock *done(struct cdma_order *order,
				     struct cdma_order_actor *actor, int ways)
{
	struct cdma_clock *clock = (struct cdma_clock *)actor->kr_read;

	if (ways == CDMA_WAYS_NR)
		return cdma_order_known(actor, &order->arena);
	cdma_clock_freeze(actor->kw);
	cdma_clock_join(&order->arena, &clock, actor->kw);
	return cdma_clock_freeze(clock);
}

/* Returns all that comes before the barrier. */
static const struct cdma_clock *
full_barrier(struct cdma_order *order, struct cdma_order_actor *actor, int ways)
{
	const struct cdma_clock *all, *past;

	actor->kw_reg = cdma_order_kw_reg(actor);
	actor->is_apart = ways < CDMA_WAYS_NR;
	cdma_clock_freeze(actor->kw_reg);
	cdma_order_know(order, actor, cdma_clock_freeze(actor->unseen));
	for (int way = 0; way < ways; way++)
		cdma_order_know(order, actor,
				cdma_clock_freeze(actor->pending[way]));
	if (cdma_clock_join(&order->arena, &actor->kr,
			    cdma_clock_freeze(actor->computed)))
		cdma_order_known_changed(actor);
	for (int way = CDMA_BY_DEV; way < ways; way++) {
		cdma_order_know(order, actor, actor->computed);
		cdma_order_know(order, actor, actor->behind);
		cdma_order_know(order, actor,
				cdma_clock_freeze(actor->stored[way].past));
	}
	tell_all_stored(order, actor, ways);
	past = done(order, actor, ways);
	all = cdma_clock_freeze(cdma_order_with_own(order, actor, past));
	for (int way = 0; way < ways; way++) {
		cdma_order_publish(order, actor, (enum cdma_way)way, all);
		actor->own_writes[way] = actor->own_reads[way] = actor->epoch;
		actor->reads_done[way] = actor->epoch;
	}
	/* What a device stored and this CPU read, other CPUs see after
	 * smp_mb() as well. */
	cdma_clock_freeze(actor->pending[CDMA_BY_DEV]);
	cdma_order_publish(order, actor, CDMA_BY_CPU,
			   actor->pending[CDMA_BY_DEV]);
	cdma_clock_join(&order->arena, &actor->late[CDMA_TO_CPU],
			actor->pending[CDMA_BY_DEV]);
	cdma_clock_join(&order->arena, &actor->late[CDMA_TO_CPU], past);
	if (ways > CDMA_BY_DEV &&
	    cdma_clock_join(&order->arena, &actor->kw, past))
		cdma_order_known_changed(actor);
	if (ways == CDMA_WAYS_NR)
		cdma_order_reach_registers(actor);
	return all;
}

void cdma_order_settle_writes(struct cdma_order *order,
			      struct cdma_order_actor *actor)
{
	actor->settled = actor->epoch;
	cdma_clock_join(&order->arena, &actor->arrived,
			cdma_order_known(actor, &order->arena));
}

/* A device waits until its writes have landed. */
static void device_fence(struct cdma_order *order,
			 struct cdma_order_actor *actor)
{
	struct cdma_clock *own = NULL;

	actor->fenced = actor->epoch;
	cdma_order_settle_writes(order, actor);
	if (!actor->unordered)
		return;
	cdma_clock_raise(&order->arena, &own, actor->unordered, CDMA_WRITES,
			 actor->epoch);
	cdma_order_know(order, actor, cdma_clock_freeze(own));
	cdma_clock_join(&order->arena, &actor->arrived, own);
}

void cdma_order_barrier(struct cdma_order *order, const struct cdma_event *ev)
{
	struct cdma_order_actor *actor = cdma_order_acting(order, ev);
	const struct cdma_clock *all = NULL;

	if (!cdma_is_cpu(actor)) {
		if (ev->order != CDMA_ORDER_READ)
			device_fence(order, actor);
		return;
	}
	switch ((enum cdma_ordering)ev->order) {
	case CDMA_ORDER_READ:
		read_barrier(order, actor, ways_nr(ev));
		break;
	case CDMA_ORDER_WRITE:
		write_barrier(order, actor, ways_nr(ev));
		break;
	case CDMA_ORDER_FULL:
		all = full_barrier(order, actor, ways_nr(ev));
		break;
	}
	if (order->config.weak)
		cdma_order_landed_barrier(order, actor, ev, all, ways_nr(ev));
}

/* Later writes come after the reads, what they saw and what they came after. */
void cdma_order_branch(struct cdma_order *order, const struct cdma_event *ev)
{
	struct cdma_order_actor *actor = cdma_order_acting(order, ev);
	struct cdma_past past = {.clock = actor->kw};

	cdma_order_check_stale(order, actor, ev);
	cdma_order_check_parts(order, actor, ev);
	cdma_order_note_branch(order, actor, ev);
	/* A device's read is complete, whether anybody looks at it or not. */
	if (!cdma_is_cpu(actor))
		return;
	cdma_order_add_past(order, actor, ev->data_dep, &past);
	actor->kw = (struct cdma_clock *)past.clock;
	if (actor->is_apart) {
		past.clock = actor->kw_reg;
		cdma_order_add_past(order, actor, ev->data_dep, &past);
		actor->kw_reg = (struct cdma_clock *)past.clock;
	}
	cdma_order_known_changed(actor);
	cdma_order_keep_own(actor, &past);
	if (order->config.weak)
		cdma_order_landed_branch(order, actor, ev->data_dep);
}
