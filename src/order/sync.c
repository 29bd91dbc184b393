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

void cdma_order_start(struct cdma_order *order, const struct cdma_event *ev)
{
	start(order, ev->actor, (enum cdma_actor_kind)ev->value,
	      (cdma_device_id)ev->iova);
}

struct cdma_order_actor *cdma_order_actor_of(struct cdma_order *order,
					     const struct cdma_event *ev)
{
	if (ev->actor < order->actors.nr && order->actors.at[ev->actor].started)
		return &order->actors.at[ev->actor];
	return start(order, ev->actor, CDMA_CPU, 0);
}

/* All that the actor knows and has done: what a full fence, a release and a
 * device's interrupt give away. */
static struct cdma_clock *everything(struct cdma_order *order,
				     struct cdma_order_actor *actor)
{
	struct cdma_arena *arena = &order->arena;
	struct cdma_clock *all = NULL;

	cdma_clock_join(arena, &all, cdma_order_known(actor, arena));
	cdma_clock_raise(arena, &all, actor->lane, CDMA_WRITES, actor->epoch);
	cdma_clock_raise(arena, &all, actor->lane, CDMA_READS, actor->epoch);
	if (actor->relaxed)
		cdma_clock_raise(arena, &all, actor->relaxed, CDMA_WRITES,
				 actor->flushed);
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
		    enum cdma_towards to, const struct cdma_clock *clock)
{
	cdma_clock_join(&order->arena, &actor->publish[to], clock);
}

/* Of the kinds of reader that a barrier works towards. */
static int towards_nr(const struct cdma_event *ev)
{
	return ev->domain == CDMA_DOMAIN_SMP ? 1 : CDMA_TOWARDS_NR;
}

static void read_barrier(struct cdma_order *order,
			 struct cdma_order_actor *actor,
			 const struct cdma_event *ev)
{
	for (int from = 0; from < towards_nr(ev); from++)
		if (cdma_clock_join(&order->arena, &actor->kr,
				    cdma_clock_freeze(actor->pending[from])))
			cdma_order_known_changed(actor);
}

/* Own writes, and what was handed over; not what was merely read. */
static void write_barrier(struct cdma_order *order,
			  struct cdma_order_actor *actor,
			  const struct cdma_event *ev)
{
	for (int to = 0; to < towards_nr(ev); to++) {
		actor->own_writes[to] = actor->epoch;
		cdma_clock_join_writes(&order->arena, &actor->publish[to],
				       actor->handed);
	}
}

/* Returns all that comes before the barrier. */
static const struct cdma_clock *full_barrier(struct cdma_order *order,
					     struct cdma_order_actor *actor,
					     const struct cdma_event *ev)
{
	const struct cdma_clock *all;

	know(order, actor, cdma_clock_freeze(actor->unseen));
	for (int i = 0; i < towards_nr(ev); i++) {
		know(order, actor, cdma_clock_freeze(actor->pending[i]));
		know(order, actor, cdma_clock_freeze(order->fences[i]));
	}
	all = cdma_clock_freeze(everything(order, actor));
	for (int i = 0; i < towards_nr(ev); i++) {
		cdma_clock_join(&order->arena, &order->fences[i], all);
		publish(order, actor, (enum cdma_towards)i, all);
		actor->own_writes[i] = actor->own_reads[i] = actor->epoch;
	}
	return all;
}

void cdma_order_barrier(struct cdma_order *order, const struct cdma_event *ev)
{
	struct cdma_order_actor *actor = cdma_order_acting(order, ev);
	const struct cdma_clock *all = NULL;

	if (!cdma_is_cpu(actor)) {
		/* A device waits for its relaxed writes to land. */
		if (ev->order != CDMA_ORDER_READ)
			actor->flushed = actor->epoch;
		return;
	}
	switch ((enum cdma_ordering)ev->order) {
	case CDMA_ORDER_READ:
		read_barrier(order, actor, ev);
		break;
	case CDMA_ORDER_WRITE:
		write_barrier(order, actor, ev);
		break;
	case CDMA_ORDER_FULL:
		all = full_barrier(order, actor, ev);
		break;
	}
	if (order->config.weak)
		cdma_order_landed_barrier(order, actor, ev, all);
}

/* Later writes come after what the reads saw, and carry the reads. */
void cdma_order_branch(struct cdma_order *order, const struct cdma_event *ev)
{
	struct cdma_order_actor *actor = cdma_order_acting(order, ev);

	cdma_order_join_seen(order, actor, ev->data_dep, &actor->kw);
	cdma_order_known_changed(actor);
	for (int to = 0; to < CDMA_TOWARDS_NR; to++)
		cdma_order_join_reads(order, actor, ev->data_dep,
				      &actor->publish[to], true);
	if (order->config.weak)
		cdma_order_landed_branch(order, actor, ev->data_dep);
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
	all = everything(order, actor);
	cdma_clock_join(&order->arena, &all, actor->pending[CDMA_TO_CPU]);
	cdma_clock_join(&order->arena, &all, actor->pending[CDMA_TO_DEV]);
	cdma_clock_join(&order->arena, &all, actor->unseen);
	actor->gift = cdma_clock_freeze(all);
	return actor->gift;
}

/* An object remembers all that was released to it, by whomever. */
static void receive(struct cdma_order *order, struct cdma_order_object *to)
{
	struct cdma_order_actor *actor = &order->actors.at[to->giver];

	to->is_owed = false;
	give_belief(order, actor, to->giver, to);
	cdma_clock_join(&order->arena, &to->clock, gift_of(order, actor));
	if (order->config.weak)
		cdma_order_landed_give(order, actor, to);
}

void cdma_order_give(struct cdma_order *order, struct cdma_order_actor *actor,
		     cdma_actor_id id, struct cdma_order_object *to)
{
	actor->segment++;
	actor->gave = true;
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
	actor->gave = false;
	actor->gift = NULL;
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

	actor->segment++;
	/* A wire says that something happened, and orders nothing. */
	if (ev->flags & CDMA_EVF_RELAXED) {
		give_belief(order, actor, ev->actor, to);
		return;
	}
	if (to->is_owed && to->giver != ev->actor)
		receive(order, to);
	to->is_owed = actor->gave = true;
	to->giver = ev->actor;
}

void cdma_order_take(struct cdma_order *order, struct cdma_order_actor *actor,
		     const struct cdma_event *ev,
		     struct cdma_order_object *from)
{
	const struct cdma_belief *belief = cdma_belief_freeze(from->belief);
	const struct cdma_clock *clock = cdma_clock_freeze(from->clock);

	know(order, actor, clock);
	cdma_clock_join(&order->arena, &actor->handed, clock);
	/* Unlock and lock are cumulative towards CPUs (LKMM:
	 * po-unlock-lock-po), whoever looks at the store that follows. */
	publish(order, actor, CDMA_TO_CPU, clock);
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
