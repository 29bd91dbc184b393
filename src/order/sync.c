/* SPDX-License-Identifier: MIT */
#include "order/state.h"

/*
 * What orders without being an access: barriers, branches, and everything by
 * which one actor hands over to another.
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

/* @known and all that the actor has done. */
static struct cdma_clock *with_own(struct cdma_order *order,
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

static void know(struct cdma_order *order, struct cdma_order_actor *actor,
		 const struct cdma_clock *clock)
{
	bool changed = cdma_clock_join(&order->arena, &actor->kr, clock);

	changed |= cdma_clock_join(&order->arena, &actor->kw, clock);
	if (changed)
		cdma_order_known_changed(actor);
}

static void publish(struct cdma_order *order, struct cdma_order_actor *actor,
		    enum cdma_way way, const struct cdma_clock *clock)
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
		cdma_clock_freeze(actor->answered);
		for (int way = 0; way < ways; way++)
			publish(order, actor, (enum cdma_way)way,
				actor->answered);
	}
	publish(order, actor, CDMA_BY_CPU, cdma_clock_freeze(actor->released));
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
	know(order, actor, cdma_clock_freeze(actor->unseen));
	for (int way = 0; way < ways; way++)
		know(order, actor, cdma_clock_freeze(actor->pending[way]));
	if (cdma_clock_join(&order->arena, &actor->kr,
			    cdma_clock_freeze(actor->computed)))
		cdma_order_known_changed(actor);
	for (int way = CDMA_BY_DEV; way < ways; way++) {
		know(order, actor, actor->computed);
		know(order, actor, actor->behind);
		know(order, actor, cdma_clock_freeze(actor->stored[way].past));
	}
	tell_all_stored(order, actor, ways);
	past = done(order, actor, ways);
	all = cdma_clock_freeze(with_own(order, actor, past));
	for (int way = 0; way < ways; way++) {
		publish(order, actor, (enum cdma_way)way, all);
		actor->own_writes[way] = actor->own_reads[way] = actor->epoch;
		actor->reads_done[way] = actor->epoch;
	}
	/* What a device stored and this CPU read, other CPUs see after
	 * smp_mb() as well. */
	cdma_clock_freeze(actor->pending[CDMA_BY_DEV]);
	publish(order, actor, CDMA_BY_CPU, actor->pending[CDMA_BY_DEV]);
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
	know(order, actor, cdma_clock_freeze(own));
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
	all = with_own(order, actor, cdma_order_known(actor, &order->arena));
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
	cdma_clock_raise(arena, told, actor->lane, CDMA_WRITES, actor->epoch);
	if (to != CDMA_TO_CPU)
		return;
	cdma_clock_join_writes(arena, told, cdma_clock_freeze(actor->released));
	/* The release before this one told all that it knew. */
	if (is_second)
		cdma_clock_join_writes(arena, told, gift_of(order, actor));
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
		to->by_others = to->given;
		to->received = to->giver;
	}
	give_belief(order, actor, to->giver, to);
	cdma_clock_join(&order->arena, &to->given.all, gift_of(order, actor));
	for (int i = 0; i < CDMA_TOWARDS_NR && !to->is_full; i++)
		add_told(order, actor, (enum cdma_towards)i, to->is_second,
			 &to->given.told[i]);
	if (order->config.weak)
		cdma_order_landed_give(order, actor, to);
}

/* It goes on, behind what it released. */
static void leave(struct cdma_order *order, struct cdma_order_actor *actor)
{
	struct cdma_arena *arena = &order->arena;
	struct cdma_clock *by_cpus = NULL, *told = NULL;

	cdma_clock_join(arena, &by_cpus, cdma_order_known(actor, arena));
	cdma_clock_join(arena, &by_cpus,
			cdma_clock_freeze(actor->pending[CDMA_BY_CPU]));
	cdma_clock_join(arena, &by_cpus, cdma_clock_freeze(actor->unseen));
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
	actor->unlocks += cdma_is_cpu(actor);
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

void cdma_order_take(struct cdma_order *order, struct cdma_order_actor *actor,
		     const struct cdma_event *ev,
		     struct cdma_order_object *from)
{
	const struct cdma_belief *belief = cdma_belief_freeze(from->belief);
	/* What it gave itself is its own; see lock_again(). */
	const struct cdma_given *given =
		from->received == ev->actor ? &from->by_others : &from->given;
	const struct cdma_clock *clock = cdma_clock_freeze(given->all);

	know(order, actor, clock);
	if (actor->is_apart)
		cdma_clock_join(&order->arena, &actor->kw_reg, clock);
	if (!from->is_full && actor->unlocked.all)
		lock_again(order, actor);
	cdma_order_reach_registers(actor);
	for (int i = 0; i < CDMA_TOWARDS_NR; i++)
		cdma_clock_join(&order->arena, &actor->handed[i],
				from->is_full
					? clock
					: cdma_clock_freeze(given->told[i]));
	/* CPUs are told of it, whoever looks at the store that follows. */
	publish(order, actor, CDMA_BY_CPU, actor->handed[CDMA_TO_CPU]);
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

void cdma_order_acquire(struct cdma_order *order, const struct cdma_event *ev)
{
	struct cdma_order_object *from = object(order, ev->object);

	if (from->is_owed)
		receive(order, from);
	cdma_order_take(order, cdma_order_acting(order, ev), ev, from);
}
