/* SPDX-License-Identifier: MIT */
#include "order/state.h"

/*
 * What a read brings and what a store tells: doc/memory-model.md, "What each
 * operation does".
 */

/* The message of @store for a reader of this kind joins *@clock. */
static bool join_message(struct cdma_order *order, struct cdma_clock **clock,
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
	if (message->own_relaxed)
		changed |= cdma_clock_raise(arena, clock, writer->relaxed,
					    CDMA_WRITES, message->own_relaxed);
	changed |= cdma_clock_join(arena, clock, store->carries);
	/* A register is no memory: nothing comes after "the register". */
	if (store->how != CDMA_MMIO)
		changed |= cdma_clock_add_dot(arena, clock, &store->dot);
	return changed;
}

struct dep_walk {
	struct cdma_order *order;
	struct cdma_order_actor *actor;
	struct cdma_clock **clock;
	bool branch;
};

static void join_seen(void *aux, uint64_t seq)
{
	struct dep_walk *w = aux;
	const struct cdma_read *read = cdma_order_actor_read(w->actor, seq);
	enum cdma_towards reader =
		cdma_is_cpu(w->actor) ? CDMA_TO_CPU : CDMA_TO_DEV;

	if (!read)
		return;
	for (const struct cdma_saw *saw = &read->record->saw; saw;
	     saw = saw->next)
		if (saw->store)
			join_message(w->order, w->clock, saw->store, reader);
	cdma_clock_join(&w->order->arena, w->clock, read->record->pushed);
}

void cdma_order_join_seen(struct cdma_order *order,
			  struct cdma_order_actor *actor, cdma_dep_t dep,
			  struct cdma_clock **clock)
{
	struct dep_walk w = {order, actor, clock, false};

	cdma_order_each_read(order, dep, join_seen, &w);
}

static void join_read(void *aux, uint64_t seq)
{
	struct dep_walk *w = aux;
	struct cdma_read *read = cdma_order_actor_read(w->actor, seq);
	struct cdma_dot dot;

	if (!read)
		return;
	dot = read->record->dot;
	dot.epoch = read->epoch;
	cdma_clock_add_dot(&w->order->arena, w->clock, &dot);
	read->record->branched |= w->branch;
}

void cdma_order_join_reads(struct cdma_order *order,
			   struct cdma_order_actor *actor, cdma_dep_t dep,
			   struct cdma_clock **clock, bool branch)
{
	struct dep_walk w = {order, actor, clock, branch};

	cdma_order_each_read(order, dep, join_read, &w);
}

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

static void gain(struct cdma_step *step, const struct cdma_record *store)
{
	struct cdma_order_actor *actor = step->actor;

	if (!cdma_order_believe(actor, &step->order->arena, store->belief,
				store->actor, store->dot.epoch))
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
	bool changed = join_message(step->order, &actor->kr, store, reader);

	changed |= join_message(step->order, &actor->kw, store, reader);
	if (changed)
		cdma_order_known_changed(actor);
}

static void learn_store(struct cdma_step *step, const struct cdma_record *store)
{
	struct cdma_order_actor *actor = step->actor;
	const struct cdma_order_actor *writer =
		&step->order->actors.at[store->actor];

	if (store->actor == step->ev->actor)
		return;
	if (!cdma_is_cpu(actor)) {
		know(step, store, CDMA_TO_DEV);
	} else {
		enum cdma_towards from =
			cdma_is_cpu(writer) ? CDMA_TO_CPU : CDMA_TO_DEV;

		join_message(step->order,
			     step->ev->flags & CDMA_EVF_UNSEEN
				     ? &actor->unseen
				     : &actor->pending[from],
			     store, CDMA_TO_CPU);
		if ((step->ev->flags & CDMA_EVF_ACQUIRE) && from == CDMA_TO_CPU)
			know(step, store, CDMA_TO_CPU);
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
	const struct cdma_belief *belief = cdma_belief_freeze(engine->belief);

	/* The answer publishes, like a store. */
	engine->segment++;
	cdma_clock_join(arena, clock, cdma_order_known(engine, arena));
	cdma_clock_raise(arena, clock, engine->lane, CDMA_WRITES,
			 engine->epoch);
	cdma_clock_raise(arena, clock, engine->lane, CDMA_READS, engine->epoch);
	if (engine->relaxed)
		cdma_clock_raise(arena, clock, engine->relaxed, CDMA_WRITES,
				 engine->epoch);
	if (cdma_order_believe(step->actor, arena, belief, id, engine->epoch))
		*cdma_vec_push(&step->actor->gains) = (struct cdma_gain){
			.belief = belief,
			.from = id,
			.epoch = engine->epoch,
			.by = cdma_party_of(step->ev),
		};
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
	const struct cdma_clock *pushed;

	if (!cdma_is_cpu(actor))
		return NULL;
	pushed = pushed_by(step, (cdma_device_id)step->ev->iova);
	cdma_clock_join(arena, &actor->pending[CDMA_TO_DEV], pushed);
	if (!(step->ev->flags & CDMA_EVF_RELAXED) &&
	    cdma_clock_join(arena, &actor->kr, pushed))
		cdma_order_known_changed(actor);
	return pushed;
}

static void note_read(struct cdma_step *step, struct cdma_record *record)
{
	*cdma_vec_push(&step->actor->reads) = (struct cdma_read){
		.seq = step->ev->seq,
		.record = record,
		.epoch = step->dot.epoch,
	};
}

static void read(struct cdma_step *step)
{
	struct cdma_order_actor *actor = step->actor;
	const struct cdma_event *ev = step->ev;
	const struct cdma_clock *pushed = NULL;
	struct cdma_record *record;

	for (const struct cdma_saw *saw = &step->saw; saw; saw = saw->next)
		if (saw->store)
			learn_store(step, saw->store);
	if (ev->how == CDMA_MMIO)
		pushed = read_register(step);
	if (step->order->config.weak)
		cdma_order_landed_read(step);

	record = cdma_shadow_read(&step->order->shadow,
				  cdma_cell_column(&step->order->shadow,
						   step->cell, actor->lane,
						   ev->actor),
				  ev, step->mask, actor->segment);
	record->dot = step->dot;
	record->saw = step->saw;
	record->pushed = pushed;
	record->torn_by = step->torn_by;
	note_read(step, record);
}

/*
 * The actor reads again what it has just read, and nobody stored there since:
 * it saw all there is, so there is nothing to judge and nothing to learn.
 */
static bool read_again(struct cdma_step *step)
{
	const struct cdma_event *ev = step->ev;
	const struct cdma_record *newest = step->cell->newest;
	const struct cdma_column *column =
		cdma_cell_find(step->cell, step->actor->lane);
	struct cdma_record *record = column ? column->reads : NULL;

	if (!record || ev->how == CDMA_MMIO || ev->op_size > ev->size ||
	    ev->rf || record->stale ||
	    record->segment != step->actor->segment ||
	    record->mask != step->mask || record->how != ev->how ||
	    record->flags != ev->flags || (newest && newest->seq > record->seq))
		return false;
	cdma_record_fill(record, ev);
	record->dot = step->dot;
	note_read(step, record);
	return true;
}

/* Member by member: a struct that is put together elsewhere and copied is read
 * back from the stores that made it, wider than they were, and stalls. */
static void tell(struct cdma_message *out, const struct cdma_clock *base,
		 uint32_t own_writes, uint32_t own_reads, uint32_t own_relaxed)
{
	out->base = base;
	out->own_writes = own_writes;
	out->own_reads = own_reads;
	out->own_relaxed = own_relaxed;
}

/* writel(): waits for all writes that were issued by, or propagated to, this
 * CPU (memory-barriers.txt, "kernel I/O barrier effects", 2). */
static void doorbell(struct cdma_step *step, struct cdma_record *record)
{
	struct cdma_order_actor *actor = step->actor;
	struct cdma_arena *arena = &step->order->arena;
	struct cdma_clock *base = NULL;

	cdma_clock_join(arena, &base, cdma_order_known(actor, arena));
	cdma_clock_join_writes(arena, &base, actor->pending[CDMA_TO_CPU]);
	cdma_clock_join_writes(arena, &base, actor->pending[CDMA_TO_DEV]);
	cdma_clock_join_writes(arena, &base, actor->unseen);
	cdma_clock_join(arena, &base, actor->publish[CDMA_TO_DEV]);
	tell(&record->to_device, cdma_clock_freeze(base), actor->epoch,
	     actor->own_reads[CDMA_TO_DEV], 0);
}

static void release(struct cdma_step *step, struct cdma_record *record)
{
	struct cdma_order_actor *actor = step->actor;
	struct cdma_arena *arena = &step->order->arena;
	struct cdma_clock *base = NULL;

	cdma_clock_join(arena, &base, cdma_order_known(actor, arena));
	cdma_clock_join(arena, &base, actor->pending[CDMA_TO_CPU]);
	cdma_clock_join(arena, &base, actor->pending[CDMA_TO_DEV]);
	cdma_clock_join(arena, &base, actor->unseen);
	tell(&record->to_cpu, cdma_clock_freeze(base), actor->epoch,
	     actor->epoch, 0);
}

/* A device's writes are posted: they stay behind its earlier ordered writes
 * and its completed reads.  A relaxed one stays behind the reads only. */
static void device_store(struct cdma_step *step, struct cdma_record *record)
{
	struct cdma_order_actor *actor = step->actor;
	const struct cdma_clock *known =
		cdma_order_known(actor, &step->order->arena);
	uint32_t ordered =
		step->ev->flags & CDMA_EVF_RELAXED ? 0 : actor->epoch;

	tell(&record->to_cpu, known, ordered, actor->epoch, actor->flushed);
	tell(&record->to_device, known, ordered, actor->epoch, actor->flushed);
}

static void cpu_store(struct cdma_step *step, struct cdma_record *record)
{
	struct cdma_order_actor *actor = step->actor;

	tell(&record->to_cpu, cdma_clock_freeze(actor->publish[CDMA_TO_CPU]),
	     actor->own_writes[CDMA_TO_CPU], actor->own_reads[CDMA_TO_CPU], 0);
	tell(&record->to_device, cdma_clock_freeze(actor->publish[CDMA_TO_DEV]),
	     actor->own_writes[CDMA_TO_DEV], actor->own_reads[CDMA_TO_DEV], 0);
	if (step->ev->how == CDMA_MMIO && !(step->ev->flags & CDMA_EVF_RELAXED))
		doorbell(step, record);
	if (step->ev->flags & CDMA_EVF_RELEASE)
		release(step, record);
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
			join_message(step->order, &base, saw->store, to);
	message->base = cdma_clock_freeze(base);
}

static void modify(struct cdma_step *step, struct cdma_record *record)
{
	const struct cdma_read *read =
		cdma_order_actor_read(step->actor, step->ev->rf);

	if (!read)
		return;
	hand_on(step, read->record, record, CDMA_TO_CPU);
	hand_on(step, read->record, record, CDMA_TO_DEV);
}

/* The reads that the store depends on, or NULL. */
static const struct cdma_clock *carried(struct cdma_step *step)
{
	struct cdma_order *order = step->order;
	const struct cdma_event *ev = step->ev;
	const cdma_dep_t deps[] = {
		ev->data_dep,
		ev->addr_dep,
		ev->rf ? cdma_dep_read(ev->rf) : 0,
	};
	struct cdma_clock *carries = NULL;

	if (!ev->data_dep && !ev->addr_dep && !ev->rf)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(deps); i++)
		cdma_order_join_reads(order, step->actor, deps[i], &carries,
				      false);
	return cdma_clock_freeze(carries);
}

static void write(struct cdma_step *step)
{
	struct cdma_order_actor *actor = step->actor;
	struct cdma_order *order = step->order;
	const struct cdma_event *ev = step->ev;
	struct cdma_record *record =
		cdma_shadow_store(&order->shadow, step->cell,
				  cdma_cell_column(&order->shadow, step->cell,
						   step->dot.lane, ev->actor));

	cdma_record_fill(record, ev);
	record->mask = step->mask;
	record->dot = step->dot;
	record->segment = ++actor->segment;
	record->carries = carried(step);
	if (cdma_is_cpu(actor))
		cpu_store(step, record);
	else
		device_store(step, record);
	if (ev->rf)
		modify(step, record);
	record->belief = cdma_belief_freeze(actor->belief);
	if (order->config.weak)
		cdma_order_landed_store(step, record);
}

/* Relaxed writes have a lane of their own. */
static uint16_t lane_of(struct cdma_order *order,
			struct cdma_order_actor *actor,
			const struct cdma_event *ev)
{
	if (ev->kind != CDMA_EV_WRITE || ev->how != CDMA_DMA ||
	    !(ev->flags & CDMA_EVF_RELAXED))
		return actor->lane;
	if (!actor->relaxed)
		actor->relaxed = (uint16_t)order->lanes++;
	return actor->relaxed;
}

static void check_use(struct cdma_step *step)
{
	if (step->ev->addr_dep | step->ev->data_dep)
		cdma_order_check_use(step);
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
		.known = ev->kind == CDMA_EV_READ ? actor->kr : actor->kw,
	};

	step.cell = cdma_shadow_cell(&order->shadow, ev->object, granule);
	step.dot = (struct cdma_dot){
		.place =
			((uint64_t)ev->object << 40 ^ granule) << 8 | step.mask,
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
	}
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
