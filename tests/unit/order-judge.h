/* SPDX-License-Identifier: MIT */
/* How an access is judged, by sets: for order-model.h alone. */

#include "order-kept.h"

/* @known reaches event @i: itself, or a later one of its lane and kind to the
 * same place, since those two are ordered by coherence. */
static bool reaches(const struct model *m, set_t known, int i)
{
	for (int j = i; j < m->nr; j++)
		if ((known & bit(j)) &&
		    m->act[j].ev.kind == m->act[i].ev.kind &&
		    same_place(&m->act[i].ev, &m->act[j].ev) &&
		    same_lane(&m->act[i].ev, &m->act[j].ev))
			return true;
	return false;
}

/* @b is ordered after event @a. */
static bool is_ordered(const struct model *m, const struct act *b, int a)
{
	bool cpus = !is_dev(b->ev.actor) && !is_dev(m->act[a].ev.actor);

	if (reaches(m, b->before[is_write(b) && cpus ? CPUS : DEVS], a))
		return true;
	/* What a read-modify-write does not see is behind its store, too; no
	 * barrier orders one read that nobody gets without that store. */
	return is_write(b) && is_write(&m->act[a]) && m->act[a].rmw >= 0 &&
	       !(m->act[m->act[a].rmw].ev.flags & CDMA_EVF_UNSEEN) &&
	       is_ordered(m, b, m->act[a].rmw);
}

/* Event @a is settled by coherence: @b's actor has looked at the place after
 * the store, or is ordered after a newer one; or, after a read, the reader
 * stored there, and @b's actor has looked since or is ordered after that. */
static bool is_coherent(const struct model *m, const struct act *b, int a)
{
	int looked = -1;

	for (int i = 0; i < m->nr; i++)
		if (m->act[i].ev.actor == b->ev.actor &&
		    same_place(&m->act[i].ev, &b->ev) &&
		    !(m->act[i].ev.flags & CDMA_EVF_UNORDERED))
			looked = i;
	if (is_write(&m->act[a]) && looked > a)
		return true;
	for (int i = a + 1; i < m->nr; i++) {
		if (!is_write(&m->act[i]) || !same_place(&m->act[i].ev, &b->ev))
			continue;
		if (is_write(&m->act[a]) && is_ordered(m, b, i))
			return true;
		if (is_read(&m->act[a]) &&
		    m->act[i].ev.actor == m->act[a].ev.actor &&
		    (i < looked || is_ordered(m, b, i)))
			return true;
	}
	return false;
}

static void found_at(struct model *m, enum cdma_finding_id id, int at, int a)
{
	size_t len = strlen(m->found);

	snprintf(m->found + len, sizeof(m->found) - len, "%s %d/%d\n",
		 cdma_finding_name(id), at, a);
}

static void found(struct model *m, enum cdma_finding_id id, int a)
{
	found_at(m, id, m->nr, a);
}

/* What the reads of an actor brought, whether anything orders it or not. */
static set_t brought_to(const struct model *m, cdma_actor_id actor)
{
	set_t all = 0;

	for (int i = 0; i < m->nr; i++)
		if (m->act[i].ev.actor == actor)
			all |= m->act[i].brought;
	return all;
}

/* The event by which @actor came to believe in event @a, or -1. */
static int conviction(const struct model *m, cdma_actor_id actor, int a)
{
	for (int i = 0; i < m->nr; i++) {
		const struct act *r = &m->act[i];

		if (r->ev.actor == actor && is_read(r) && r->saw >= 0 &&
		    !is_dropped(&r->ev) && !r->raced &&
		    ((m->act[r->saw].belief | bit(r->saw)) & bit(a)))
			return i;
		if (r->ev.actor == actor && (r->belief & bit(a)) &&
		    r->ev.kind == CDMA_EV_ACQUIRE)
			return i;
	}
	return -1;
}

/* The store by which it did, or -1: it was a lock, or nothing. */
static int convinced_by(const struct model *m, cdma_actor_id actor, int a)
{
	int by = conviction(m, actor, a);

	return by >= 0 && is_read(&m->act[by]) ? m->act[by].saw : -1;
}

/* The device let the news of its write @a, which @actor has by store @by, or
 * -1, overtake it. */
static bool is_devices_fault(const struct model *m, cdma_actor_id actor, int by,
			     int a)
{
	const struct cdma_event *x = &m->act[a].ev;

	if (x->kind != CDMA_EV_WRITE || x->how != CDMA_DMA)
		return false;
	if (x->flags & CDMA_EVF_UNORDERED)
		return true;
	for (int hops = 0; hops <= ACTORS && by >= 0; hops++) {
		const struct cdma_event *s = &m->act[by].ev;

		if (!((m->act[by].belief | bit(by)) & bit(a)))
			return false;
		if (s->actor == x->actor)
			return s->how == CDMA_DMA &&
			       (s->flags &
				(CDMA_EVF_RELAXED | CDMA_EVF_UNORDERED));
		actor = s->actor;
		by = convinced_by(m, actor, a);
	}
	return false;
}

static bool may_not_race(const struct cdma_event *x, const struct cdma_event *y)
{
	bool cpus = !is_dev(x->actor) && !is_dev(y->actor);

	return x->how == CDMA_PLAIN || y->how == CDMA_PLAIN ||
	       (cpus && (x->how == CDMA_BULK || y->how == CDMA_BULK ||
			 (x->flags | y->flags) & CDMA_EVF_PLAIN));
}

/* A poll looks again, unless what it would see instead of @a ends it: in ends
 * is the number of that store, from 1. */
static bool is_excused(const struct cdma_event *y, int a)
{
	if (y->flags & CDMA_EVF_POLL)
		return y->ends == 0 || y->ends > (uint64_t)a;
	return is_dropped(y);
}

/* What the author goes by: of a piece, what he went by when it began. */
static set_t belief_of(const struct model *m, const struct act *b)
{
	const struct actor *self = &m->actor[b->ev.actor];

	return b->op < 0 ? self->belief : self->op_belief;
}

/* True when @a settles its lane. */
static bool judge_one(struct model *m, const struct act *b, int a)
{
	const struct cdma_event *x = &m->act[a].ev, *y = &b->ev;
	bool believes = belief_of(m, b) & bit(a);

	/* Its own store comes right behind it, and is judged. */
	if (x->flags & CDMA_EVF_UNSEEN)
		return false;
	if (is_ordered(m, b, a) || is_coherent(m, b, a))
		return true;
	if (may_not_race(x, y) &&
	    (((y->flags & CDMA_EVF_POLL) && is_excused(y, a)) || !believes)) {
		found(m, CDMA_FINDING_DATA_RACE, a);
		return true;
	}
	if (is_excused(y, a) || !believes)
		return false;
	if (!is_dev(y->actor) && reaches(m, brought_to(m, y->actor), a))
		found(m,
		      y->kind == CDMA_EV_READ ? CDMA_FINDING_UNORDERED_READ
					      : CDMA_FINDING_UNORDERED_WRITE,
		      a);
	else if (is_devices_fault(m, y->actor, convinced_by(m, y->actor, a), a))
		found(m, CDMA_FINDING_DEVICE_ORDER, a);
	else if (x->kind == CDMA_EV_READ)
		found(m, CDMA_FINDING_UNORDERED_GIVEBACK, a);
	else
		found(m, CDMA_FINDING_UNORDERED_PUBLISH, a);
	return true;
}

static void judge_lane(struct model *m, const struct act *b,
		       cdma_actor_id actor, enum cdma_event_kind kind,
		       bool unordered)
{
	for (int i = m->nr - 1; i >= 0; i--) {
		const struct cdma_event *x = &m->act[i].ev;

		if (x->actor == actor && x->kind == kind &&
		    same_place(x, &b->ev) &&
		    !(x->flags & CDMA_EVF_UNORDERED) == !unordered &&
		    judge_one(m, b, i))
			return;
	}
}

static void judge(struct model *m, const struct act *b)
{
	for (cdma_actor_id actor = 1; actor <= ACTORS; actor++) {
		if (actor == b->ev.actor)
			continue;
		judge_lane(m, b, actor, CDMA_EV_WRITE, false);
		judge_lane(m, b, actor, CDMA_EV_WRITE, true);
		if (b->ev.kind == CDMA_EV_WRITE)
			judge_lane(m, b, actor, CDMA_EV_READ, false);
	}
}
