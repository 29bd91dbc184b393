/* SPDX-License-Identifier: MIT */
#include "order/state.h"

/*
 * What a store tells those who read it: doc/memory-model.md, "What each
 * operation does".
 */

static uint32_t max(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

/* Member by member: a struct that is put together elsewhere and copied is read
 * back from the stores that made it, wider than they were, and stalls. */
static void tell(struct cdma_message *out, const struct cdma_clock *base,
		 uint32_t own_writes, uint32_t own_reads)
{
	out->base = base;
	out->own_writes = own_writes;
	out->own_reads = own_reads;
}

/* All that the actor knows joins *@base, but of the reads only those that its
 * writes come after. */
static void join_known(struct cdma_step *step, struct cdma_clock **base)
{
	struct cdma_order_actor *actor = step->actor;
	struct cdma_arena *arena = &step->order->arena;
	const struct cdma_clock *known = cdma_order_known(actor, arena);

	if (cdma_clock_covers_reads(cdma_order_kw_reg(actor), known))
		cdma_clock_join(arena, base, known);
	else
		cdma_clock_join_writes(arena, base, known);
}

/* writel(): waits for all writes to memory that were issued by, or propagated
 * to, this CPU (memory-barriers.txt, "kernel I/O barrier effects", 2), and so
 * for the reads that its own came after.  What it has read, but nothing has
 * ordered yet, may not have reached it by then; a value that it computes its
 * own from has. */
static void doorbell(struct cdma_step *step, struct cdma_record *record)
{
	struct cdma_order_actor *actor = step->actor;
	struct cdma_arena *arena = &step->order->arena;
	const struct cdma_stored *stored = &actor->stored[CDMA_BY_DEV];
	struct cdma_clock *base = NULL;
	struct cdma_clock *after = (struct cdma_clock *)record->after;
	uint32_t own_reads =
		max(record->to_device.own_reads, stored->own_reads);

	join_known(step, &base);
	cdma_clock_join(arena, &base, step->past.clock);
	cdma_clock_join(arena, &base, actor->publish[CDMA_BY_REG]);
	cdma_clock_join_reads(arena, &base, actor->told);
	cdma_clock_join(arena, &base, cdma_clock_freeze(stored->past));
	cdma_clock_freeze(base);
	/* What the stores came after that it waits for, it does, and so does
	 * the next access to a register. */
	cdma_clock_join(arena, &after, stored->past);
	record->after = cdma_clock_freeze(after);
	step->past.own[CDMA_TO_DEV] = own_reads;
	tell(&record->to_cpu, base, actor->epoch, own_reads);
	tell(&record->to_device, base, actor->epoch, own_reads);
	/* Registers are written in order: a relaxed write behind it tells what
	 * this one does. */
	cdma_clock_join(arena, &actor->publish[CDMA_BY_REG], base);
	actor->own_writes[CDMA_BY_REG] = actor->epoch;
	actor->own_reads[CDMA_BY_REG] =
		max(actor->own_reads[CDMA_BY_REG], own_reads);
}

static void release(struct cdma_step *step, struct cdma_record *record)
{
	struct cdma_order_actor *actor = step->actor;
	struct cdma_arena *arena = &step->order->arena;
	struct cdma_clock *base = NULL;

	cdma_clock_join(arena, &base, cdma_order_known(actor, arena));
	for (int way = 0; way < CDMA_WAYS_NR; way++)
		cdma_clock_join(arena, &base, actor->pending[way]);
	cdma_clock_join(arena, &base, actor->unseen);
	tell(&record->to_cpu, cdma_clock_freeze(base), actor->epoch,
	     actor->epoch);
}

/* What of all that its engine knows and has written is in memory: another
 * engine that reads the register goes by that. */
static const struct cdma_clock *arrived(struct cdma_step *step)
{
	struct cdma_order_actor *actor = step->actor;
	struct cdma_arena *arena = &step->order->arena;
	struct cdma_clock *clock = NULL;

	cdma_clock_join(arena, &clock, cdma_clock_freeze(actor->arrived));
	cdma_clock_raise(arena, &clock, actor->lane, CDMA_WRITES,
			 actor->settled);
	if (actor->unordered)
		cdma_clock_raise(arena, &clock, actor->unordered, CDMA_WRITES,
				 actor->fenced);
	return cdma_clock_freeze(clock);
}

/*
 * A device's writes are posted: one stays behind all that the device wrote
 * before, and behind its completed reads.  A relaxed one may overtake other
 * writes that are still on their way; so may an unordered one, and be overtaken
 * as well, for which it has a lane of its own.
 */
static void device_store(struct cdma_step *step, struct cdma_record *record)
{
	struct cdma_order_actor *actor = step->actor;
	const struct cdma_clock *known =
		cdma_order_known(actor, &step->order->arena);
	uint32_t ordered = actor->epoch;

	if (step->ev->flags & (CDMA_EVF_UNORDERED | CDMA_EVF_RELAXED)) {
		known = cdma_clock_freeze(actor->arrived);
		ordered = step->ev->flags & CDMA_EVF_UNORDERED ? actor->fenced
							       : actor->settled;
	}
	record->behind = NULL;
	record->after = step->ev->how == CDMA_MMIO ? arrived(step) : NULL;
	record->from = NULL;
	tell(&record->to_cpu, known, ordered, actor->epoch);
	tell(&record->to_device, known, ordered, actor->epoch);
}

/* The last store of its actor to some of the bytes of @step. */
static const struct cdma_record *last_there(const struct cdma_step *step)
{
	const struct cdma_column *column =
		cdma_cell_find(step->cell, step->actor->lane);

	return column ? cdma_record_at(column->stores, step->mask) : NULL;
}

/* @read, and those that it has replaced, but for those before @begin. */
static void add_reads(struct cdma_step *step, const struct cdma_record *read,
		      uint64_t begin)
{
	do {
		if (read->seq != step->ev->rf)
			cdma_order_add_read(step->order, step->actor, read,
					    read->dot.epoch, &step->past);
		read = read->previous;
	} while (read && read->replaced && read->seq > begin);
}

/* A store comes after its actor's own earlier accesses to these bytes: what
 * the last store there came after, and the reads since. */
static void add_overwritten(struct cdma_step *step)
{
	const struct cdma_column *column =
		cdma_cell_find(step->cell, step->actor->lane);
	const struct cdma_record *last = step->last, *read;
	struct cdma_past *past = &step->past;
	struct cdma_clock *clock = (struct cdma_clock *)past->clock;

	if (last) {
		cdma_clock_join(&step->order->arena, &clock, last->after);
		past->clock = clock;
		past->own[CDMA_TO_CPU] =
			max(past->own[CDMA_TO_CPU], last->to_cpu.own_reads);
		past->own[CDMA_TO_DEV] =
			max(past->own[CDMA_TO_DEV], last->to_device.own_reads);
	}
	read = cdma_record_at(column ? column->reads : NULL, step->mask);
	while (read && (!last || read->seq > last->seq)) {
		add_reads(step, read, last ? last->seq : 0);
		read = cdma_record_at(read->older, step->mask);
	}
}

static const struct cdma_past *keep(struct cdma_step *step)
{
	struct cdma_past *from =
		cdma_arena_alloc(&step->order->arena, sizeof(*from));

	cdma_clock_freeze((struct cdma_clock *)step->past.clock);
	*from = step->past;
	return from;
}

void cdma_order_write_past(struct cdma_step *step)
{
	struct cdma_order *order = step->order;
	struct cdma_order_actor *actor = step->actor;
	const struct cdma_event *ev = step->ev;

	cdma_order_add_past(order, actor, ev->data_dep, &step->past);
	cdma_order_add_past(order, actor, ev->addr_dep, &step->past);
	if (ev->rf)
		cdma_order_add_past(order, actor, cdma_dep_read(ev->rf),
				    &step->past);
	if (step->past.clock)
		step->from = keep(step);
	if (ev->how == CDMA_MMIO)
		return;
	step->last = last_there(step);
	add_overwritten(step);
}

/* For write barriers to come: what came before this store. */
static void note_stored(struct cdma_step *step,
			const struct cdma_record *record)
{
	const struct cdma_past *past = &step->past;
	struct cdma_order_actor *actor = step->actor;
	struct cdma_arena *arena = &step->order->arena;
	struct cdma_stored *stored = actor->stored;

	if (step->ev->how == CDMA_MMIO) {
		cdma_clock_join(arena, &stored[CDMA_BY_REG].past,
				record->after);
		stored[CDMA_BY_REG].own_reads = max(
			stored[CDMA_BY_REG].own_reads, past->own[CDMA_TO_DEV]);
		cdma_order_join_message(step->order, &actor->rung, record,
					CDMA_TO_DEV);
		return;
	}
	actor->told = record->to_device.base;
	actor->behind = record->behind;
	for (int to = 0; to < CDMA_TOWARDS_NR; to++) {
		cdma_clock_join(arena, &stored[to].past, record->after);
		stored[to].own_reads = max(stored[to].own_reads, past->own[to]);
	}
	stored[CDMA_BY_DEV].own_reads = max(stored[CDMA_BY_DEV].own_reads,
					    actor->own_reads[CDMA_BY_DEV]);
	if (!(step->ev->flags & CDMA_EVF_RELEASE))
		return;
	cdma_clock_join(arena, &actor->released, record->to_cpu.base);
	cdma_clock_join(arena, &stored[CDMA_BY_CPU].past, record->to_cpu.base);
	stored[CDMA_BY_CPU].own_reads = actor->epoch;
}

/* What a release told of reads, the next store to these bytes tells, too. */
static void stay_behind(struct cdma_step *step, const struct cdma_record *last,
			struct cdma_record *record)
{
	struct cdma_clock *base = (struct cdma_clock *)record->to_cpu.base;

	cdma_clock_join_reads(&step->order->arena, &base, last->to_cpu.base);
	record->to_cpu.base = cdma_clock_freeze(base);
}

/*
 * Registers are read and written in order.  On its way a posted write may pass
 * the request of a read (PCIe 2.4.1): so the CPU has the answers to its reads
 * before it writes, and with them what they pushed.
 */
static void follow_registers(struct cdma_step *step)
{
	struct cdma_order_actor *actor = step->actor;
	const struct cdma_stored *stored = &actor->stored[CDMA_BY_REG];
	struct cdma_arena *arena = &step->order->arena;
	struct cdma_clock *past = (struct cdma_clock *)step->past.clock;
	const struct cdma_clock *pending =
		cdma_clock_freeze(actor->pending[CDMA_BY_REG]);

	cdma_clock_join(arena, &past, pending);
	cdma_clock_join(arena, &past, cdma_clock_freeze(stored->past));
	step->past.clock = past;
	for (int to = 0; to < CDMA_TOWARDS_NR; to++)
		step->past.own[to] = max(step->past.own[to], stored->own_reads);
	cdma_clock_join(arena, &actor->publish[CDMA_BY_REG], pending);
	cdma_clock_join(arena, &actor->answered, pending);
}

static void cpu_store(struct cdma_step *step, struct cdma_record *record)
{
	struct cdma_order_actor *actor = step->actor;
	bool is_reg = step->ev->how == CDMA_MMIO;
	const struct cdma_record *last = step->last;

	if (is_reg)
		follow_registers(step);
	record->from = step->from;
	record->behind = cdma_clock_freeze(is_reg ? cdma_order_kw_reg(actor)
						  : actor->kw);
	record->after =
		cdma_clock_freeze((struct cdma_clock *)step->past.clock);
	for (int to = 0; to < CDMA_TOWARDS_NR; to++) {
		int way = is_reg ? CDMA_BY_REG : to;

		tell(to == CDMA_TO_CPU ? &record->to_cpu : &record->to_device,
		     cdma_clock_freeze(actor->publish[way]),
		     actor->own_writes[way],
		     max(actor->own_reads[way], step->past.own[to]));
	}
	if (!is_reg && last && (last->flags & CDMA_EVF_RELEASE))
		stay_behind(step, last, record);
	if (is_reg && !(step->ev->flags & CDMA_EVF_RELAXED))
		doorbell(step, record);
	if (step->ev->flags & CDMA_EVF_RELEASE)
		release(step, record);
	note_stored(step, record);
}

/* What the store that it read told, a read-modify-write tells, too (LKMM:
 * rmw-sequence). */
static void hand_on(struct cdma_step *step, const struct cdma_record *read,
		    struct cdma_record *record, enum cdma_towards to)
{
	struct cdma_arena *arena = &step->order->arena;
	struct cdma_message *message =
		to == CDMA_TO_CPU ? &record->to_cpu : &record->to_device;
	struct cdma_clock *base = NULL;

	cdma_clock_join(arena, &base, message->base);
	for (const struct cdma_saw *saw = &read->saw; saw; saw = saw->next)
		if (saw->store)
			cdma_order_join_message(step->order, &base, saw->store,
						to);
	message->base = cdma_clock_freeze(base);
}

/* Nobody looks at what atomic_inc() read, and so it convinces nobody; but who
 * reads the sum may conclude something from what was added before. */
static void pass_belief(struct cdma_step *step, const struct cdma_record *read,
			struct cdma_belief **belief)
{
	struct cdma_arena *arena = &step->order->arena;

	for (const struct cdma_saw *saw = &read->saw; saw; saw = saw->next) {
		if (!saw->store)
			continue;
		cdma_belief_join(arena, belief, saw->store->belief);
		if (saw->store->actor != step->ev->actor)
			cdma_belief_raise(arena, belief, saw->store->actor,
					  saw->store->dot.epoch);
	}
}

static void modify(struct cdma_step *step, struct cdma_record *record,
		   struct cdma_belief **belief)
{
	const struct cdma_read *read =
		cdma_order_actor_read(step->actor, step->ev->rf);

	if (!read)
		return;
	hand_on(step, read->record, record, CDMA_TO_CPU);
	hand_on(step, read->record, record, CDMA_TO_DEV);
	/* Of one that is thrown away, when it went into the store. */
	if (read->record->flags & CDMA_EVF_UNSEEN ||
	    (read->record->flags & CDMA_EVF_UNUSED && step->ev->data_dep))
		pass_belief(step, read->record, belief);
}

void cdma_order_tell(struct cdma_step *step, struct cdma_record *record)
{
	struct cdma_belief *belief = step->actor->belief;

	cdma_belief_freeze(belief);
	if (cdma_is_cpu(step->actor))
		cpu_store(step, record);
	else
		device_store(step, record);
	if (step->ev->rf)
		modify(step, record, &belief);
	record->belief = cdma_belief_freeze(belief);
}
