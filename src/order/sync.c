/* SPDX-License-Identifier: MIT */
#include "order/state.h"

/*
 * What orders without being an access: everything by which one actor hands over
 * to another.  Barriers and branches are in barrier.c.
 */

static struct cdma_order_actor *start(struct cdma_order *order,
				      cdma_actor_id id,
				      enum cdma_actor_kind kind,
				      cdma_device_id device)
{
	struct cdma_order_actor *actor;

	while (order->actors.nr <= id)
		*cdma_vec_push(&order->actors) = (struct cdma_order_actor){0};
	actor = &order->actors.at[id];
	if (actor->started)
		return actor;
	cdma_order_actor_reset(actor);
	actor->started = true;
	actor->kind = kind;
	actor->device = device;
	actor->lane = (uint16_t)order->lanes++;
	return actor;
}

/* Objects are mostly numbered in a row. */
static struct cdma_order_object *object(struct cdma_order *order, uint32_t id)
{
	size_t nr = order->objects.nr;
	size_t at = nr ? id - order->objects.at[0].id : 0;
	struct cdma_order_object *o;

	if (at < nr && order->objects.at[at].id == id)
		return &order->objects.at[at];
	for (size_t i = 0; i < nr; i++)
		if (order->objects.at[i].id == id)
			return &order->objects.at[i];
	o = cdma_vec_push(&order->objects);
	*o = (struct cdma_order_object){.id = id};
	return o;
}

void cdma_order_start(struct cdma_order *order, const struct cdma_event *ev)
{
	start(order, ev->actor, (enum cdma_actor_kind)ev->value,
	      (cdma_device_id)ev->iova);
	order->actors.at[ev->actor].own = ev->object;
	/* A thread is started, and ends, by way of schedule(). */
	if (ev->value != CDMA_DEVICE)
		object(order, ev->object)->is_full = true;
}

struct cdma_order_actor *cdma_order_actor_of(struct cdma_order *order,
					     const struct cdma_event *ev)
{
	if (ev->actor < order->actors.nr && order->actors.at[ev->actor].started)
		return &order->actors.at[ev->actor];
	return start(order, ev->actor, CDMA_CPU, 0);
}

/* An object remembers who released to it, and what they had heard of. */
static void give_belief(struct cdma_order *order,
			struct cdma_order_actor *actor, cdma_actor_id id,
			struct cdma_order_object *to)
{
	cdma_belief_join(&order->arena, &to->belief,
			 cdma_belief_freeze(actor->belief));
	cdma_belief_raise(&order->arena, &to->belief, id, actor->epoch);
}

/* All that comes before a release. */
static const struct cdma_clock *gift_of(struct cdma_order *order,
					struct cdma_order_actor *actor)
{
	struct cdma_clock *all;

	if (actor->gift)
		return actor->gift;
	all = cdma_order_with_own(order, actor,
				  cdma_order_known(actor, &order->arena));
	for (int way = 0; way < CDMA_WAYS_NR; way++)
		cdma_clock_join(&order->arena, &all, actor->pending[way]);
	cdma_clock_join(&order->arena, &all, actor->unseen);
	actor->gift = cdma_clock_freeze(all);
	return actor->gift;
}

/*
 * What a release makes the next holder's stores tell, without a barrier: the
 * giver's own stores and what was told before them, by whoever held it, too;
 * not what it merely read (LKMM: po-unlock-lock-po is in cumul-fence as it is,
 * and not A-cumul of it).
 */
static void add_told(struct cdma_order *order, struct cdma_order_actor *actor,
		     enum cdma_towards to, bool is_second,
		     struct cdma_clock **told)
{
	struct cdma_arena *arena = &order->arena;

	cdma_clock_freeze(actor->publish[to]);
	cdma_clock_freeze(actor->handed[to]);
	cdma_clock_join_writes(arena, told, actor->publish[to]);
	cdma_clock_join_writes(arena, told, actor->handed[to]);
	cdma_clock_join_writes(arena, told, cdma_clock_freeze(actor->answered));
	cdma_clock_join_writes(arena, told, cdma_clock_freeze(actor->rung));
	cdma_clock_raise(arena, told, actor->lane, CDMA_WRITES, actor->epoch);
	if (to != CDMA_TO_CPU)
		return;
	/* What an answer has pushed is in memory, like the giver's own. */
	cdma_clock_join_writes(arena, told,
			       cdma_clock_freeze(actor->arrived_by_answer));
	cdma_clock_join_writes(arena, told, cdma_clock_freeze(actor->released));
	/* The release before this one told all that it knew. */
	if (is_second)
		cdma_clock_join_writes(arena, told, gift_of(order, actor));
}

/* Of two that ring, who has the lock later does so later. */
static void give_registers(struct cdma_order *order,
			   struct cdma_order_actor *actor,
			   struct cdma_given *to)
{
	struct cdma_arena *arena = &order->arena;

	cdma_clock_join(arena, &to->rung, cdma_clock_freeze(actor->rung));
	cdma_clock_join(arena, &to->asked,
			cdma_clock_freeze(actor->pending[CDMA_BY_REG]));
}

static void take_registers(struct cdma_order *order,
			   struct cdma_order_actor *actor,
			   const struct cdma_given *from)
{
	struct cdma_arena *arena = &order->arena;

	cdma_clock_freeze(from->rung);
	cdma_clock_join(arena, &actor->rung, from->rung);
	cdma_clock_join_writes(arena, &actor->publish[CDMA_BY_REG], from->rung);
	cdma_clock_join(arena, &actor->pending[CDMA_BY_REG],
			cdma_clock_freeze(from->asked));
}

/* An object remembers all that was released to it, by whomever. */
static void receive(struct cdma_order *order, struct cdma_order_object *to)
{
	struct cdma_order_actor *actor = &order->actors.at[to->giver];

	to->is_owed = false;
	if (to->received != to->giver) {
		cdma_clock_freeze(to->given.all);
		for (int i = 0; i < CDMA_TOWARDS_NR; i++)
			cdma_clock_freeze(to->given.told[i]);
		cdma_clock_freeze(to->given.rung);
		cdma_clock_freeze(to->given.asked);
		to->by_others = to->given;
		to->received = to->giver;
	}
	give_belief(order, actor, to->giver, to);
	cdma_clock_join(&order->arena, &to->given.all, gift_of(order, actor));
	for (int i = 0; i < CDMA_TOWARDS_NR && !to->is_full; i++)
		add_told(order, actor, (enum cdma_towards)i, to->is_second,
			 &to->given.told[i]);
	give_registers(order, actor, &to->given);
	if (order->config.weak)
		cdma_order_landed_give(order, actor, to);
}

/* It goes on, behind what it released. */
static void leave(struct cdma_order *order, struct cdma_order_actor *actor)
{
	struct cdma_arena *arena = &order->arena;
	struct cdma_clock *by_cpus = NULL, *told = NULL;

	/* What its reads brought from CPUs, and what its stores came after; not
	 * what its next store would. */
	cdma_clock_join(arena, &by_cpus, actor->unlock_behind);
	cdma_clock_join(arena, &by_cpus,
			cdma_clock_freeze(actor->stored[CDMA_BY_DEV].past));
	cdma_clock_join(arena, &by_cpus,
			cdma_clock_freeze(actor->pending[CDMA_BY_CPU]));
	cdma_clock_join(arena, &by_cpus, cdma_clock_freeze(actor->unseen));
	cdma_clock_join(arena, &by_cpus, cdma_clock_freeze(actor->computed));
	add_told(order, actor, CDMA_TO_CPU, actor->unlocks > 1, &told);
	actor->unlocked = (struct cdma_unlocked){
		.epoch = actor->epoch,
		.all = gift_of(order, actor),
		.by_cpus = cdma_clock_freeze(by_cpus),
		.told = cdma_clock_freeze(told),
	};
	cdma_clock_join(arena, &actor->released, actor->gift);
}

void cdma_order_give(struct cdma_order *order, struct cdma_order_actor *actor,
		     cdma_actor_id id, struct cdma_order_object *to)
{
	actor->segment++;
	actor->gave = to->is_full = true;
	to->giver = id;
	receive(order, to);
}

void cdma_order_settle(struct cdma_order *order, struct cdma_order_actor *actor,
		       cdma_actor_id id)
{
	for (size_t i = 0; i < order->objects.nr; i++) {
		struct cdma_order_object *to = &order->objects.at[i];

		if (to->is_owed && to->giver == id)
			receive(order, to);
	}
	if (actor->unlocks)
		leave(order, actor);
	actor->gave = false;
	actor->unlocks = 0;
	actor->gift = NULL;
}

/* A wire says that something happened: what the device has read, and what had
 * arrived before.  No write that is on its way waits for it, nor it for one. */
static void give_by_wire(struct cdma_order *order,
			 struct cdma_order_actor *actor,
			 struct cdma_order_object *to)
{
	struct cdma_arena *arena = &order->arena;
	struct cdma_clock **all = &to->given.all;

	to->is_full = true;
	cdma_clock_join(arena, all, cdma_clock_freeze(actor->arrived));
	cdma_clock_raise(arena, all, actor->lane, CDMA_WRITES, actor->settled);
	cdma_clock_raise(arena, all, actor->lane, CDMA_READS, actor->epoch);
}

/*
 * To lock, to unlock, to complete and to wait is to store: what dma_mb() has
 * put before that store comes before the doorbell behind it, and a write
 * barrier hands it on.
 */
static void store_to_object(struct cdma_order *order,
			    struct cdma_order_actor *actor)
{
	struct cdma_stored *stored = &actor->stored[CDMA_BY_DEV];
	struct cdma_clock *told = (struct cdma_clock *)actor->told;
	struct cdma_clock *behind = (struct cdma_clock *)actor->behind;

	cdma_clock_join(&order->arena, &told,
			cdma_clock_freeze(actor->publish[CDMA_BY_DEV]));
	cdma_clock_join(&order->arena, &behind, cdma_clock_freeze(actor->kw));
	actor->told = cdma_clock_freeze(told);
	actor->behind = cdma_clock_freeze(behind);
	if (stored->own_reads < actor->own_reads[CDMA_BY_DEV])
		stored->own_reads = actor->own_reads[CDMA_BY_DEV];
}

/*
 * What is given away is worked out when somebody acquires it, or when the
 * actor goes on.  A thread that ends does not, and often nobody joins it; one
 * that starts others gives all of them the same.
 */
void cdma_order_release(struct cdma_order *order, const struct cdma_event *ev)
{
	struct cdma_order_actor *actor = cdma_order_actor_of(order, ev);
	struct cdma_order_object *to = object(order, ev->object);

	/* Who ends touches no memory any more. */
	if (order->config.weak && ev->object != actor->own)
		cdma_order_landed_settle(order, actor);
	actor->segment++;
	if (ev->flags & CDMA_EVF_RELAXED) {
		give_belief(order, actor, ev->actor, to);
		give_by_wire(order, actor, to);
		return;
	}
	if (to->is_owed && to->giver != ev->actor)
		receive(order, to);
	to->is_full |= ev->kind == CDMA_EV_IRQ_RAISE;
	to->is_owed = actor->gave = true;
	to->is_second = actor->unlocks > 0;
	to->giver = ev->actor;
	if (!cdma_is_cpu(actor))
		return;
	if (!actor->unlocks++)
		actor->unlock_behind = actor->behind;
	if (ev->object != actor->own)
		store_to_object(order, actor);
}

/* Unlock, then lock, on one CPU (LKMM: po-unlock-lock-po): what CPUs stored is
 * read in order, and CPUs see what is done in order. */
static void lock_again(struct cdma_order *order, struct cdma_order_actor *actor)
{
	const struct cdma_unlocked *before = &actor->unlocked;
	struct cdma_arena *arena = &order->arena;

	if (cdma_clock_join(arena, &actor->kr, before->by_cpus))
		cdma_order_known_changed(actor);
	if (actor->reads_done[CDMA_BY_CPU] < before->epoch)
		actor->reads_done[CDMA_BY_CPU] = before->epoch;
	cdma_clock_join(arena, &actor->late[CDMA_TO_CPU], before->all);
	cdma_clock_join_reads(arena, &actor->publish[CDMA_BY_CPU], before->all);
	cdma_clock_join_writes(arena, &actor->publish[CDMA_BY_CPU],
			       before->told);
	if (actor->own_reads[CDMA_BY_CPU] < before->epoch)
		actor->own_reads[CDMA_BY_CPU] = before->epoch;
}

/* What its accesses came after that others have overtaken, as the one tells
 * who gave it the lock. */
static void take_overtaken(struct cdma_order *order,
			   struct cdma_order_actor *actor,
			   const struct cdma_clock *told)
{
	struct cdma_past past = {.clock = NULL};

	cdma_order_overtaken_as_told(order, actor, told, &past);
	if (!past.clock)
		return;
	cdma_order_know(order, actor, past.clock);
	if (actor->is_apart)
		cdma_clock_join(&order->arena, &actor->kw_reg, past.clock);
	cdma_order_keep_own(actor, &past);
}

void cdma_order_take(struct cdma_order *order, struct cdma_order_actor *actor,
		     const struct cdma_event *ev,
		     struct cdma_order_object *from)
{
	const struct cdma_belief *belief = cdma_belief_freeze(from->belief);
	/* What it gave itself is its own; see lock_again(). */
	const struct cdma_given *given =
		from->received == ev->actor ? &from->by_others : &from->given;
	const struct cdma_clock *clock = cdma_clock_freeze(given->all);

	cdma_order_know(order, actor, clock);
	if (actor->is_apart)
		cdma_clock_join(&order->arena, &actor->kw_reg, clock);
	if (!from->is_full && actor->unlocked.all)
		lock_again(order, actor);
	if (actor->overtaken)
		take_overtaken(order, actor,
			       from->is_full ? clock
					     : given->told[CDMA_TO_CPU]);
	cdma_order_reach_registers(actor);
	take_registers(order, actor, given);
	for (int i = 0; i < CDMA_TOWARDS_NR; i++)
		cdma_clock_join(&order->arena, &actor->handed[i],
				from->is_full
					? clock
					: cdma_clock_freeze(given->told[i]));
	/* CPUs are told of it, whoever looks at the store that follows. */
	cdma_order_publish(order, actor, CDMA_BY_CPU,
			   actor->handed[CDMA_TO_CPU]);
	/* To take a lock is to store to it, and what it told is told on by a
	 * write barrier (LKMM: rmw-sequence), and by the next release. */
	cdma_clock_join(&order->arena, &actor->released, clock);
	if (order->config.weak)
		cdma_order_landed_take(order, actor, from);
	if (cdma_belief_join(&order->arena, &actor->belief, belief))
		*cdma_vec_push(&actor->gains) = (struct cdma_gain){
			.belief = belief,
			.from = ev->actor,
			.by = cdma_party_of(ev),
		};
}

/* To lock is to read first, by an acquire: what a read barrier has put before
 * that, or readl() was, comes before all that follows. */
static void read_object(struct cdma_order *order,
			struct cdma_order_actor *actor)
{
	cdma_order_know(order, actor, cdma_clock_freeze(actor->pulled));
	actor->pulled = NULL;
	cdma_order_know(order, actor, cdma_clock_freeze(actor->kr));
	if (actor->is_apart)
		cdma_clock_join(&order->arena, &actor->kw_reg, actor->kr);
	for (int way = 0; way < CDMA_WAYS_NR; way++)
		if (actor->own_reads[way] < actor->reads_done[way])
			actor->own_reads[way] = actor->reads_done[way];
}

void cdma_order_acquire(struct cdma_order *order, const struct cdma_event *ev)
{
	struct cdma_order_object *from = object(order, ev->object);
	struct cdma_order_actor *actor;

	if (from->is_owed)
		receive(order, from);
	actor = cdma_order_acting(order, ev);
	if (ev->kind == CDMA_EV_ACQUIRE && cdma_is_cpu(actor))
		read_object(order, actor);
	cdma_order_take(order, actor, ev, from);
	if (ev->kind == CDMA_EV_ACQUIRE && cdma_is_cpu(actor))
		store_to_object(order, actor);
}
