/* SPDX-License-Identifier: MIT */
#include "order/state.h"

/*
 * What has landed: stores that nobody can miss any more.
 *
 * A full fence lets its actor go on only when all that comes before it has
 * reached everybody.  So whatever happens after the fence, in whichever actor,
 * sees those stores, though nothing that it read tells of them.  The clocks of
 * guarantee do not have this: what a store tells does not pass on to those who
 * hear of it second-hand, and must not, for dma_wmb() is not cumulative.
 *
 * dma_mb() is for memory alone.  What it lands has landed when its actor
 * touches memory again, and a register that it writes before that is not behind
 * it.
 *
 * "After" is the order in which accesses take effect: reads of another's store,
 * dependencies, and barriers within one actor.  Each store tells what had
 * landed before it, and this is handed on along just these.
 *
 * A device's read pushes its own earlier writes ahead of it, and finds what it
 * sees in memory; the answer to a CPU that reads a register pushes all that the
 * device wrote.  So these have landed for devices, and for a CPU that passes a
 * full fence later.
 *
 * Used for the values of weak memory alone, not to judge.
 */

static void add(struct cdma_order *order, struct cdma_clock **to,
		const struct cdma_clock *from)
{
	cdma_clock_join(&order->arena, to, from);
}

static enum cdma_towards side_of(const struct cdma_order_actor *actor)
{
	return cdma_is_cpu(actor) ? CDMA_TO_CPU : CDMA_TO_DEV;
}

static void tell(struct cdma_order *order, struct cdma_order_actor *actor,
		 enum cdma_towards to, const struct cdma_clock *clock)
{
	add(order, &actor->landed.tells[to], clock);
}

/* Its later accesses, of all kinds, come after @landed. */
static void follow(struct cdma_order *order, struct cdma_order_actor *actor,
		   struct cdma_clock *const landed[CDMA_TOWARDS_NR])
{
	for (int to = 0; to < CDMA_TOWARDS_NR; to++) {
		add(order, &actor->landed.floor[to], landed[to]);
		tell(order, actor, (enum cdma_towards)to, landed[to]);
	}
}

struct walk {
	struct cdma_order *order;
	struct cdma_order_actor *actor;
	struct cdma_clock **clock;
	enum cdma_towards to;
};

/* What had landed before @read, and before the stores that it saw. */
static void add_read(struct cdma_order *order, const struct cdma_record *read,
		     enum cdma_towards to, struct cdma_clock **clock)
{
	if (read->floor)
		add(order, clock, read->floor[to]);
	for (const struct cdma_saw *saw = &read->saw; saw; saw = saw->next)
		if (saw->store)
			add(order, clock, saw->store->landed[to]);
}

static void add_seen(void *aux, uint64_t seq, uint8_t bytes)
{
	const struct walk *w = aux;
	const struct cdma_read *read = cdma_order_actor_read(w->actor, seq);

	(void)bytes;
	if (read)
		add_read(w->order, read->record, w->to, w->clock);
}

void cdma_order_landed_seen(struct cdma_order *order,
			    struct cdma_order_actor *actor, cdma_dep_t dep,
			    enum cdma_towards to, struct cdma_clock **clock)
{
	struct walk w = {order, actor, clock, to};

	/* In strong memory nobody keeps it. */
	if (!order->config.weak)
		return;
	cdma_order_each_read(order, dep, add_seen, &w);
}

/* What is ordered before all that comes later, but not yet told. */
static void add_own(struct cdma_order *order,
		    const struct cdma_order_actor *actor, enum cdma_towards to,
		    struct cdma_clock **clock)
{
	const struct cdma_landed *landed = &actor->landed;

	add(order, clock, landed->tells[to]);
	add(order, clock, landed->stored[to]);
	for (int way = 0; way < CDMA_WAYS_NR; way++)
		add(order, clock, landed->pending[way][to]);
	add(order, clock, landed->unseen[to]);
	add(order, clock, landed->floor[to]);
}

/* A store stays behind its actor's own earlier accesses to these bytes: what
 * the last store told, and what has been seen since. */
static void add_overwritten(struct cdma_step *step,
			    const struct cdma_record *store,
			    enum cdma_towards to, struct cdma_clock **clock)
{
	const struct cdma_column *column =
		cdma_cell_find(step->cell, step->dot.lane);
	const struct cdma_record *last, *read;

	last = cdma_record_at(store->older, store->mask);
	if (last)
		add(step->order, clock, last->landed[to]);
	read = cdma_record_at(column->reads, store->mask);
	while (read && (!last || read->seq > last->seq)) {
		add_read(step->order, read, to, clock);
		read = cdma_record_at(read->older, store->mask);
	}
}

void cdma_order_landed_store(struct cdma_step *step, struct cdma_record *store)
{
	struct cdma_order *order = step->order;
	struct cdma_order_actor *actor = step->actor;
	const struct cdma_event *ev = step->ev;

	store->landed = cdma_arena_alloc(
		&order->arena, CDMA_TOWARDS_NR * sizeof(*store->landed));
	for (int i = 0; i < CDMA_TOWARDS_NR; i++) {
		enum cdma_towards to = (enum cdma_towards)i;
		struct cdma_clock *all = NULL;

		add(order, &all, actor->landed.tells[to]);
		cdma_order_landed_seen(order, actor, ev->data_dep, to, &all);
		cdma_order_landed_seen(order, actor, ev->addr_dep, to, &all);
		add_overwritten(step, store, to, &all);
		if (ev->how == CDMA_MMIO && !(ev->flags & CDMA_EVF_RELAXED))
			add(order, &all, actor->landed.stored[to]);
		if ((ev->flags & CDMA_EVF_RELEASE) && to == CDMA_TO_CPU)
			add_own(order, actor, to, &all);
		store->landed[to] = all;
		add(order, &actor->landed.stored[to], cdma_clock_freeze(all));
	}
}

static void cpu_read(struct cdma_step *step, const struct cdma_record *store)
{
	struct cdma_order *order = step->order;
	struct cdma_order_actor *actor = step->actor;
	enum cdma_towards from = side_of(&order->actors.at[store->actor]);
	int way = step->ev->how == CDMA_MMIO ? CDMA_BY_REG
		  : from == CDMA_TO_CPU      ? CDMA_BY_CPU
					     : CDMA_BY_DEV;

	for (int to = 0; to < CDMA_TOWARDS_NR; to++)
		add(order,
		    step->ev->flags & CDMA_EVF_UNSEEN
			    ? &actor->landed.unseen[to]
			    : &actor->landed.pending[way][to],
		    store->landed[to]);
	if ((step->ev->flags & CDMA_EVF_ACQUIRE) && from == CDMA_TO_CPU)
		follow(order, actor, store->landed);
}

/* What a device reads is where memory is coherent, and the doorbell that it
 * sees has waited: so that, and what was put before it, has landed. */
static void device_saw(struct cdma_step *step, const struct cdma_record *store)
{
	struct cdma_order *order = step->order;
	struct cdma_clock *clock = NULL, *landed[CDMA_TOWARDS_NR];

	follow(order, step->actor, store->landed);
	cdma_order_join_message(order, &clock, store, CDMA_TO_DEV);
	cdma_clock_freeze(clock);
	for (int to = 0; to < CDMA_TOWARDS_NR; to++)
		landed[to] = clock;
	add(order, &order->landed[CDMA_TO_DEV], clock);
	follow(order, step->actor, landed);
}

/* Its own ordered writes have reached memory, before all that it does later. */
static void device_read(struct cdma_step *step)
{
	struct cdma_order *order = step->order;
	struct cdma_order_actor *actor = step->actor;
	struct cdma_clock *own = NULL, *landed[CDMA_TOWARDS_NR];

	cdma_clock_raise(&order->arena, &own, actor->lane, CDMA_WRITES,
			 actor->epoch);
	if (actor->unordered)
		cdma_clock_raise(&order->arena, &own, actor->unordered,
				 CDMA_WRITES, actor->fenced);
	cdma_clock_freeze(own);
	for (int to = 0; to < CDMA_TOWARDS_NR; to++)
		landed[to] = own;
	add(order, &order->landed[CDMA_TO_DEV], own);
	follow(order, actor, landed);
}

/*
 * A CPU reads a register: the answer pushes all that the device did before it,
 * which so has landed.  What is after that answer comes after it.
 */
static void register_read(struct cdma_step *step, struct cdma_record *read)
{
	struct cdma_order *order = step->order;
	struct cdma_landed *landed = &step->actor->landed;
	const struct cdma_clock *pushed = read->pushed;

	add(order, &order->landed[CDMA_TO_DEV], pushed);
	for (int to = 0; to < CDMA_TOWARDS_NR; to++) {
		struct cdma_clock *answer = NULL;

		add(order, &answer, pushed);
		for (cdma_actor_id id = 0; id < order->actors.nr; id++) {
			const struct cdma_order_actor *engine =
				&order->actors.at[id];

			if (engine->started && engine->kind == CDMA_DEVICE &&
			    engine->device == step->ev->iova)
				add(order, &answer, engine->landed.tells[to]);
		}
		cdma_clock_freeze(answer);
		add(order, &landed->pending[CDMA_BY_REG][to], answer);
		if (!(step->ev->flags & CDMA_EVF_RELAXED))
			add(order, &landed->floor[to], answer);
		add(order, &read->floor[to], answer);
		cdma_clock_freeze(read->floor[to]);
	}
}

/* For those who come after this read by a dependency. */
static void note_floor(struct cdma_step *step, struct cdma_record *read)
{
	struct cdma_landed *landed = &step->actor->landed;

	read->floor = cdma_arena_alloc(&step->order->arena,
				       CDMA_TOWARDS_NR * sizeof(*read->floor));
	for (int to = 0; to < CDMA_TOWARDS_NR; to++) {
		struct cdma_clock *floor = landed->floor[to];

		cdma_clock_freeze(floor);
		cdma_order_landed_seen(step->order, step->actor,
				       step->ev->addr_dep,
				       (enum cdma_towards)to, &floor);
		cdma_clock_freeze(floor);
		read->floor[to] = floor;
	}
}

void cdma_order_landed_read(struct cdma_step *step, struct cdma_record *read)
{
	bool is_cpu = cdma_is_cpu(step->actor);

	if (is_cpu)
		note_floor(step, read);
	for (const struct cdma_saw *saw = &step->saw; saw; saw = saw->next)
		if (saw->store && saw->store->actor != step->ev->actor)
			(is_cpu ? cpu_read : device_saw)(step, saw->store);
	if (is_cpu && step->ev->how == CDMA_MMIO)
		register_read(step, read);
	else if (!is_cpu && step->ev->how != CDMA_MMIO)
		device_read(step);
}

void cdma_order_landed_branch(struct cdma_order *order,
			      struct cdma_order_actor *actor, cdma_dep_t dep)
{
	for (int to = 0; to < CDMA_TOWARDS_NR; to++)
		cdma_order_landed_seen(order, actor, dep, (enum cdma_towards)to,
				       &actor->landed.tells[to]);
}

/* All that came before has landed by now, and all that had landed before. */
static void full(struct cdma_order *order, struct cdma_order_actor *actor,
		 const struct cdma_clock *all, int ways)
{
	struct cdma_landed *landed = &actor->landed;
	int nr = ways < CDMA_TOWARDS_NR ? ways : CDMA_TOWARDS_NR;

	for (int i = 0; i < nr; i++) {
		enum cdma_towards to = (enum cdma_towards)i;

		add(order, &order->landed[to], all);
		tell(order, actor, to, landed->stored[to]);
		for (int way = 0; way < ways; way++) {
			tell(order, actor, to, landed->pending[way][to]);
			add(order, &landed->floor[to],
			    landed->pending[way][to]);
		}
		tell(order, actor, to, landed->unseen[to]);
		add(order, &landed->floor[to], landed->unseen[to]);
	}
	/* What has landed for devices is there for CPUs, too. */
	for (int to = 0; to < nr; to++)
		for (int i = to; i < nr; i++) {
			add(order, &landed->floor[to], order->landed[i]);
			tell(order, actor, (enum cdma_towards)to,
			     order->landed[i]);
		}
	if (ways > CDMA_BY_DEV)
		landed->owes = false;
}

void cdma_order_landed_settle(struct cdma_order *order,
			      struct cdma_order_actor *actor)
{
	if (actor->landed.owes)
		full(order, actor, actor->landed.owed, CDMA_BY_DEV + 1);
}

void cdma_order_landed_barrier(struct cdma_order *order,
			       struct cdma_order_actor *actor,
			       const struct cdma_event *ev,
			       const struct cdma_clock *all, int ways)
{
	struct cdma_landed *landed = &actor->landed;

	switch ((enum cdma_ordering)ev->order) {
	case CDMA_ORDER_READ:
		for (int way = 0; way < ways; way++)
			for (int to = 0; to < CDMA_TOWARDS_NR; to++)
				add(order, &landed->floor[to],
				    landed->pending[way][to]);
		break;
	case CDMA_ORDER_WRITE:
		for (int to = 0; to < ways && to < CDMA_TOWARDS_NR; to++)
			tell(order, actor, (enum cdma_towards)to,
			     landed->stored[to]);
		break;
	case CDMA_ORDER_FULL:
		if (ways == CDMA_BY_DEV + 1) {
			landed->owes = true;
			landed->owed = all;
		} else {
			full(order, actor, all, ways);
		}
		break;
	}
}

void cdma_order_landed_give(struct cdma_order *order,
			    const struct cdma_order_actor *actor,
			    struct cdma_order_object *to)
{
	for (int i = 0; i < CDMA_TOWARDS_NR; i++)
		add_own(order, actor, (enum cdma_towards)i, &to->landed[i]);
}

void cdma_order_landed_take(struct cdma_order *order,
			    struct cdma_order_actor *actor,
			    const struct cdma_order_object *from)
{
	cdma_order_landed_settle(order, actor);
	follow(order, actor, from->landed);
}
