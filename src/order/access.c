/* SPDX-License-Identifier: MIT */
#include "order/taint.h"

#include <string.h>

/*
 * An access on its way, and what a read brings: doc/memory-model.md, "What each
 * operation does".  What a store tells is in tell.c.
 */

void cdma_order_add_saw(struct cdma_step *step, const struct cdma_record *store)
{
	struct cdma_saw *more;

	if (step->saw.store) {
		more = cdma_arena_alloc(&step->order->arena, sizeof(*more));
		*more = step->saw;
		step->saw.next = more;
	}
	step->saw.store = store;
}

/* Which stores the read sees: for each byte the newest, unless it is late. */
static void find_saw(struct cdma_step *step)
{
	const struct cdma_record *store = step->cell->newest;
	uint8_t left = step->mask;

	if (step->ev->rf) {
		cdma_order_find_stale(step);
		return;
	}
	for (; store && left; store = store->older_store) {
		if (!(store->mask & left))
			continue;
		left &= (uint8_t)~store->mask;
		cdma_order_add_saw(step, store);
	}
}

/* Whether what @store says proves nothing. */
static bool has_raced(const struct cdma_step *step,
		      const struct cdma_record *store)
{
	for (const struct cdma_saw *saw = step->raced; saw; saw = saw->next)
		if (saw->store == store)
			return true;
	return false;
}

/* Its own store tells it something when that was a sum, of which it had not
 * looked at what was there before. */
static void gain(struct cdma_step *step, const struct cdma_record *store)
{
	struct cdma_order_actor *actor = step->actor;
	uint32_t epoch = store->actor == step->ev->actor ? 0 : store->dot.epoch;

	/* Nobody gets its value, so nobody concludes anything from it. */
	if (step->ev->flags & (CDMA_EVF_UNSEEN | CDMA_EVF_UNUSED))
		return;
	/* What a race brought is no proof: the race is the finding. */
	if (has_raced(step, store))
		return;
	if (!cdma_order_believe(actor, &step->order->arena, store->belief,
				store->actor, epoch))
		return;
	*cdma_vec_push(&actor->gains) = (struct cdma_gain){
		.belief = store->belief,
		.from = store->actor,
		.epoch = store->dot.epoch,
		.by = cdma_party_of(step->ev),
		.publish = cdma_record_party(store),
	};
}

static void know(struct cdma_step *step, const struct cdma_record *store,
		 enum cdma_towards reader)
{
	struct cdma_order_actor *actor = step->actor;
	struct cdma_order *order = step->order;
	bool changed =
		cdma_order_join_message(order, &actor->kr, store, reader);

	changed |= cdma_order_join_message(order, &actor->kw, store, reader);
	if (changed)
		cdma_order_known_changed(actor);
}

/* By which way the actor of @store reaches a CPU's read. */
static enum cdma_way way_of(const struct cdma_step *step,
			    const struct cdma_record *store)
{
	if (step->ev->how == CDMA_MMIO)
		return CDMA_BY_REG;
	return cdma_is_cpu(&step->order->actors.at[store->actor]) ? CDMA_BY_CPU
								  : CDMA_BY_DEV;
}

/* What its own store was computed from, this read of it comes after (LKMM:
 * dep ; rfi). */
static void learn_own(struct cdma_step *step, const struct cdma_record *store)
{
	const struct cdma_past *from = store->from;
	struct cdma_order_actor *actor = step->actor;

	if (!cdma_is_cpu(actor) || !from)
		return;
	cdma_clock_join(&step->order->arena,
			step->ev->flags & CDMA_EVF_UNSEEN ? &actor->unseen
			: from->of_device ? &actor->pending[CDMA_BY_DEV]
					  : &actor->computed,
			from->clock);
}

/*
 * What engines of a device tell each other by its registers says what was
 * issued, and what had arrived by then.  A write that may overtake is not
 * behind the former until its engine has read memory.  All else that it is told
 * has arrived.
 */
static void arrive(struct cdma_step *step, const struct cdma_record *store)
{
	struct cdma_order_actor *actor = step->actor;
	struct cdma_arena *arena = &step->order->arena;
	struct cdma_clock *told = NULL;

	cdma_order_join_message(step->order, &told, store, CDMA_TO_DEV);
	if (step->ev->how == CDMA_MMIO &&
	    !cdma_is_cpu(&step->order->actors.at[store->actor])) {
		cdma_clock_join_reads(arena, &actor->arrived, told);
		cdma_clock_join(arena, &actor->arrived, store->after);
	} else {
		cdma_clock_join(arena, &actor->arrived, told);
	}
}

/* What it comes after because @store tells that others have been where it had
 * been: the same read barrier is for that as for the rest. */
static void overtaken(struct cdma_step *step, const struct cdma_record *store)
{
	struct cdma_order_actor *actor = step->actor;
	struct cdma_arena *arena = &step->order->arena;
	struct cdma_past past = {.clock = NULL}, *kept;

	if (!actor->overtaken && !actor->overtaken_old)
		return;
	if (step->overtaken)
		past = *step->overtaken;
	cdma_order_overtaken_by(step->order, actor, step->ev, store, &past);
	if (!past.clock)
		return;
	kept = cdma_arena_alloc(arena, sizeof(*kept));
	*kept = past;
	step->overtaken = kept;
	cdma_clock_join(arena,
			step->ev->flags & CDMA_EVF_UNSEEN
				? &actor->unseen
				: &actor->pending[way_of(step, store)],
			past.clock);
}

static void learn_store(struct cdma_step *step, const struct cdma_record *store)
{
	struct cdma_order_actor *actor = step->actor;

	if (store->actor == step->ev->actor) {
		learn_own(step, store);
		gain(step, store);
		return;
	}
	if (!cdma_is_cpu(actor)) {
		know(step, store, CDMA_TO_DEV);
		arrive(step, store);
	} else {
		cdma_order_join_message(
			step->order,
			step->ev->flags & CDMA_EVF_UNSEEN
				? &actor->unseen
				: &actor->pending[way_of(step, store)],
			store, CDMA_TO_CPU);
		overtaken(step, store);
	}
	gain(step, store);
}

static bool is_engine(const struct cdma_order_actor *actor,
		      cdma_device_id device)
{
	return actor->started && actor->kind == CDMA_DEVICE &&
	       actor->device == device;
}

/* All that @engine has issued, relaxed or not, and what it knows. */
static void push(struct cdma_step *step, cdma_actor_id id,
		 struct cdma_clock **clock)
{
	struct cdma_order_actor *engine = &step->order->actors.at[id];
	struct cdma_arena *arena = &step->order->arena;
	struct cdma_clock *writes = NULL;

	/* The answer publishes, like a store.  But nobody relies on what was
	 * under way when he asked, unless the register tells him of it. */
	engine->segment++;
	cdma_clock_raise(arena, &writes, engine->lane, CDMA_WRITES,
			 engine->epoch);
	if (engine->unordered)
		cdma_clock_raise(arena, &writes, engine->unordered, CDMA_WRITES,
				 engine->epoch);
	cdma_clock_join(arena, &step->actor->arrived_by_answer,
			cdma_clock_freeze(writes));
	cdma_clock_join(arena, clock, writes);
	cdma_clock_join(arena, clock, cdma_order_known(engine, arena));
	cdma_clock_raise(arena, clock, engine->lane, CDMA_READS, engine->epoch);
}

/*
 * A CPU reads a register: the answer pushes every write that any engine of the
 * device issued before.  Whoever looks again before one of them did anything is
 * told the same.
 */
static const struct cdma_clock *pushed_by(struct cdma_step *step,
					  cdma_device_id device)
{
	struct cdma_order *order = step->order;
	struct cdma_pushed *last = &step->actor->pushed;
	struct cdma_clock *clock = NULL;
	uint64_t done = 0; /* by its engines, which only grows */

	for (cdma_actor_id id = 0; id < order->actors.nr; id++)
		if (is_engine(&order->actors.at[id], device))
			done += order->actors.at[id].epoch;
	if (last->known && last->device == device && last->done == done)
		return last->clock;
	for (cdma_actor_id id = 0; id < order->actors.nr; id++)
		if (is_engine(&order->actors.at[id], device))
			push(step, id, &clock);
	*last = (struct cdma_pushed){
		.known = true,
		.clock = cdma_clock_freeze(clock),
		.done = done,
		.device = device,
	};
	return last->clock;
}

static const struct cdma_clock *read_register(struct cdma_step *step)
{
	struct cdma_order_actor *actor = step->actor;
	struct cdma_arena *arena = &step->order->arena;
	const struct cdma_clock *pushed, *stored;

	if (!cdma_is_cpu(actor))
		return NULL;
	/* Registers are read and written in order, so what this one comes
	 * after, the next that is written comes after. */
	cdma_clock_join_reads(arena, &actor->publish[CDMA_BY_REG],
			      actor->kr_reg);
	if (actor->own_reads[CDMA_BY_REG] < actor->reads_done[CDMA_BY_REG])
		actor->own_reads[CDMA_BY_REG] = actor->reads_done[CDMA_BY_REG];
	pushed = pushed_by(step, (cdma_device_id)step->ev->iova);
	stored = cdma_clock_freeze(actor->stored[CDMA_BY_REG].past);
	cdma_clock_join(arena, &actor->pending[CDMA_BY_REG], pushed);
	cdma_clock_join(arena, &actor->pending[CDMA_BY_REG], stored);
	if (step->ev->flags & CDMA_EVF_RELAXED)
		return pushed;
	cdma_clock_join(arena, &actor->pulled, pushed);
	cdma_clock_join(arena, &actor->pulled, stored);
	for (const struct cdma_saw *saw = &step->saw; saw; saw = saw->next)
		if (saw->store && saw->store->actor != step->ev->actor)
			cdma_order_join_message(step->order, &actor->pulled,
						saw->store, CDMA_TO_CPU);
	if (step->overtaken)
		cdma_clock_join(arena, &actor->pulled, step->overtaken->clock);
	return pushed;
}

/* What readl() brought, the next read of memory comes after, and with it all
 * that a barrier keeps behind that read. */
static void pull(struct cdma_step *step)
{
	struct cdma_order_actor *actor = step->actor;

	if (cdma_clock_join(&step->order->arena, &actor->kr,
			    cdma_clock_freeze(actor->pulled)))
		cdma_order_known_changed(actor);
	actor->pulled = NULL;
}

static void note_read(struct cdma_step *step, struct cdma_record *record)
{
	*cdma_vec_push(&step->actor->reads) = (struct cdma_read){
		.seq = step->ev->seq,
		.record = record,
		.epoch = step->dot.epoch,
	};
}

static bool saw_cpu(const struct cdma_step *step,
		    const struct cdma_record *record)
{
	for (const struct cdma_saw *saw = &record->saw; saw; saw = saw->next)
		if (saw->store && saw->store->actor != record->actor &&
		    way_of(step, saw->store) == CDMA_BY_CPU)
			return true;
	return false;
}

/*
 * An acquire, and what it comes after, is before all that its actor does later:
 * as CPUs see it, when it was no CPU that stored what it saw, for then there
 * may be just one.
 */
static void acquire(struct cdma_step *step, const struct cdma_record *record)
{
	struct cdma_order_actor *actor = step->actor;
	struct cdma_arena *arena = &step->order->arena;
	struct cdma_past past = {.clock = NULL};

	cdma_order_add_read(step->order, actor, record, record->dot.epoch,
			    &past);
	cdma_clock_freeze((struct cdma_clock *)past.clock);
	if (saw_cpu(step, record)) {
		cdma_clock_join(arena, &actor->kr, past.clock);
		cdma_clock_join(arena, &actor->kw, past.clock);
		if (actor->is_apart)
			cdma_clock_join(arena, &actor->kw_reg, past.clock);
		cdma_order_known_changed(actor);
		cdma_order_keep_own(actor, &past);
		cdma_order_reach_registers(actor);
		return;
	}
	cdma_clock_join_reads(arena, &actor->publish[CDMA_BY_CPU], past.clock);
	cdma_clock_join(arena, &actor->late[CDMA_TO_CPU], past.clock);
	if (actor->own_reads[CDMA_BY_CPU] < past.own[CDMA_TO_CPU])
		actor->own_reads[CDMA_BY_CPU] = past.own[CDMA_TO_CPU];
}

static void fill_read(struct cdma_step *step, struct cdma_record *record)
{
	record->dot = step->dot;
	record->saw = step->saw;
	record->torn_by = step->torn_by;
	record->raced = step->raced;
	record->of_device = step->past.of_device;
	record->by_address = step->ev->addr_dep != 0;
	record->before = step->past.clock;
	record->overtaken = step->overtaken;
	memcpy(record->own_before, step->past.own, sizeof(step->past.own));
}

static void read(struct cdma_step *step)
{
	struct cdma_order_actor *actor = step->actor;
	const struct cdma_event *ev = step->ev;
	const struct cdma_clock *pushed = NULL;
	struct cdma_record *record;

	if (cdma_is_cpu(actor))
		cdma_order_read_past(step);
	for (const struct cdma_saw *saw = &step->saw; saw; saw = saw->next)
		if (saw->store)
			learn_store(step, saw->store);
	if (ev->how == CDMA_MMIO)
		pushed = read_register(step);
	record = cdma_shadow_read(&step->order->shadow,
				  cdma_cell_column(&step->order->shadow,
						   step->cell, actor->lane,
						   ev->actor),
				  ev, step->mask, actor->segment);
	fill_read(step, record);
	cdma_order_taint_read(step, record);
	record->pushed = pushed;
	if (ev->rf && cdma_is_cpu(actor))
		cdma_order_overtaken_late(step, record);
	if (step->order->config.weak)
		cdma_order_landed_read(step, record);
	if ((ev->flags & CDMA_EVF_ACQUIRE) && cdma_is_cpu(actor))
		acquire(step, record);
	if (!cdma_is_cpu(actor) && ev->how != CDMA_MMIO)
		cdma_order_settle_writes(step->order, actor);
	note_read(step, record);
}

/* Whether a read now comes after no more than the read @record did. */
static bool is_as_far(const struct cdma_step *step,
		      const struct cdma_record *record)
{
	const struct cdma_order_actor *actor = step->actor;

	return !cdma_is_cpu(actor) || (record->before == actor->kr &&
				       record->own_before[CDMA_TO_CPU] ==
					       actor->reads_done[CDMA_BY_CPU] &&
				       record->own_before[CDMA_TO_DEV] ==
					       actor->reads_done[CDMA_BY_DEV]);
}

/*
 * The actor reads again what it has just read, and nobody stored there since:
 * it saw all there is, so there is nothing to judge and nothing to learn, but
 * for what an acquire keeps behind itself: this read, too.
 */
static bool read_again(struct cdma_step *step)
{
	const struct cdma_event *ev = step->ev;
	const struct cdma_record *newest = step->cell->newest;
	const struct cdma_column *column =
		cdma_cell_find(step->cell, step->actor->lane);
	struct cdma_record *record = column ? column->reads : NULL;

	if (!record || ev->how == CDMA_MMIO || ev->op_size > ev->size ||
	    ev->flags & CDMA_EVF_TAINTED || record->op_size != ev->op_size ||
	    ev->rf || record->stale || record->raced ||
	    record->segment != step->actor->segment ||
	    record->mask != step->mask || record->how != ev->how ||
	    record->flags != ev->flags || ev->addr_dep ||
	    (newest && newest->seq > record->seq) || !is_as_far(step, record))
		return false;
	cdma_record_fill(record, ev);
	record->dot = step->dot;
	note_read(step, record);
	if ((ev->flags & CDMA_EVF_ACQUIRE) && cdma_is_cpu(step->actor))
		acquire(step, record);
	return true;
}

/* Whether it is the store of an operation whose value somebody gets: no barrier
 * orders the read of the others without their store. */
static bool modifies(const struct cdma_step *step)
{
	const struct cdma_read *read;

	if (!step->ev->rf)
		return false;
	read = cdma_order_actor_read(step->actor, step->ev->rf);
	return read && !(read->record->flags & CDMA_EVF_UNSEEN);
}

static void write(struct cdma_step *step)
{
	struct cdma_order_actor *actor = step->actor;
	struct cdma_order *order = step->order;
	const struct cdma_event *ev = step->ev;
	struct cdma_record *record =
		cdma_shadow_store(&order->shadow, step->cell,
				  cdma_cell_column(&order->shadow, step->cell,
						   step->dot.lane, ev->actor),
				  step->mask);

	cdma_record_fill(record, ev);
	record->dot = step->dot;
	record->segment = ++actor->segment;
	record->modifies = modifies(step);
	cdma_order_taint_store(step, record);
	cdma_order_tell(step, record);
	if (ev->how != CDMA_MMIO)
		cdma_order_overtake(step, record);
	if (order->config.weak)
		cdma_order_landed_store(step, record);
}

/* Unordered writes have a lane of their own. */
static uint16_t lane_of(struct cdma_order *order,
			struct cdma_order_actor *actor,
			const struct cdma_event *ev)
{
	if (ev->kind != CDMA_EV_WRITE || ev->how != CDMA_DMA ||
	    !(ev->flags & CDMA_EVF_UNORDERED))
		return actor->lane;
	if (!actor->unordered)
		actor->unordered = (uint16_t)order->lanes++;
	return actor->unordered;
}

static void check_use(struct cdma_step *step)
{
	if (!(step->ev->addr_dep | step->ev->data_dep))
		return;
	cdma_order_check_use(step);
	if (step->ev->addr_dep)
		cdma_order_check_taint(step);
	cdma_order_check_stale(step->order, step->actor, step->ev);
	cdma_order_check_parts(step->order, step->actor, step->ev);
}

void cdma_order_access(struct cdma_order *order, const struct cdma_event *ev)
{
	struct cdma_order_actor *actor = cdma_order_acting(order, ev);
	uint64_t granule = ev->offset >> 3;
	struct cdma_step step = {
		.order = order,
		.actor = actor,
		.ev = ev,
		.mask = cdma_access_mask(ev->offset, ev->size),
	};

	if (order->config.weak && ev->how != CDMA_MMIO)
		cdma_order_landed_settle(order, actor);
	if (actor->pulled && ev->kind == CDMA_EV_READ && ev->how != CDMA_MMIO &&
	    !(ev->flags & CDMA_EVF_UNSEEN))
		pull(&step);
	/* What nobody gets was only read to be stored. */
	step.known = ev->kind == CDMA_EV_WRITE || (ev->flags & CDMA_EVF_UNSEEN)
			     ? actor->kw
			     : actor->kr;
	if (ev->flags & (CDMA_EVF_RELAXED | CDMA_EVF_UNORDERED) &&
	    !cdma_is_cpu(actor) && ev->how == CDMA_DMA)
		step.known = actor->arrived;
	step.belief = actor->belief;
	if (ev->kind == CDMA_EV_READ && ev->op_size > ev->size)
		cdma_order_piece(&step);

	step.cell = cdma_shadow_cell(&order->shadow, ev->object, granule);
	step.dot = (struct cdma_dot){
		.place = cdma_place(ev->object, granule, step.mask),
		.epoch = ++actor->epoch,
		.lane = lane_of(order, actor, ev),
		.side = ev->kind == CDMA_EV_READ ? CDMA_READS : CDMA_WRITES,
	};
	if (ev->kind == CDMA_EV_READ) {
		if (read_again(&step)) {
			check_use(&step);
			return;
		}
		find_saw(&step);
	} else if (cdma_is_cpu(actor)) {
		cdma_order_write_past(&step);
	}
	step.cell->odd |= cdma_order_is_odd(order, ev);
	if (ev->how != CDMA_MMIO &&
	    !(ev->flags & (CDMA_EVF_REPORTED | CDMA_EVF_RACE_OK)))
		cdma_order_judge(&step);
	check_use(&step);
	if (ev->kind == CDMA_EV_READ) {
		cdma_order_check_torn(&step);
		read(&step);
	} else {
		if (ev->op_size > ev->size)
			cdma_order_note_piece(&step);
		write(&step);
	}
}
