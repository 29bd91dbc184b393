/* SPDX-License-Identifier: MIT */
/* The rules of ordering by sets: for test-order-model.c alone. */

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
		    same_lane(&m->act[i].ev, &m->act[a].ev) &&
		    (i < looked || is_ordered(m, b, i)))
			return true;
	}
	return false;
}

static void found(struct model *m, enum cdma_finding_id id, int a)
{
	size_t len = strlen(m->found);

	snprintf(m->found + len, sizeof(m->found) - len, "%s %d/%d\n",
		 cdma_finding_name(id), m->nr, a);
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
		    !(r->ev.flags & CDMA_EVF_UNSEEN) && !r->raced &&
		    ((m->act[r->saw].belief | bit(r->saw)) & bit(a)))
			return i;
		if (r->ev.actor == actor && (r->belief & bit(a)) &&
		    r->ev.kind == CDMA_EV_ACQUIRE)
			return i;
	}
	return -1;
}

/* The device let the news of its write @a overtake it. */
static bool is_devices_fault(const struct model *m, const struct act *b, int a)
{
	const struct cdma_event *x = &m->act[a].ev;
	cdma_actor_id actor = b->ev.actor;

	if (x->kind != CDMA_EV_WRITE || x->how != CDMA_DMA)
		return false;
	if (x->flags & CDMA_EVF_UNORDERED)
		return true;
	for (int hops = 0; hops <= ACTORS; hops++) {
		int by = conviction(m, actor, a);
		const struct cdma_event *s;

		if (by < 0 || !is_read(&m->act[by]) || m->act[by].saw < 0)
			return false;
		s = &m->act[m->act[by].saw].ev;
		if (!((m->act[m->act[by].saw].belief | bit(m->act[by].saw)) &
		      bit(a)))
			return false;
		if (s->actor == x->actor)
			return s->how == CDMA_DMA &&
			       (s->flags &
				(CDMA_EVF_RELAXED | CDMA_EVF_UNORDERED));
		actor = s->actor;
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
	return y->flags & CDMA_EVF_UNSEEN;
}

/* True when @a settles its lane. */
static bool judge_one(struct model *m, const struct act *b, int a)
{
	const struct cdma_event *x = &m->act[a].ev, *y = &b->ev;

	/* Its own store comes right behind it, and is judged. */
	if (x->flags & CDMA_EVF_UNSEEN)
		return false;
	if (is_ordered(m, b, a) || is_coherent(m, b, a))
		return true;
	if (may_not_race(x, y) &&
	    (((y->flags & CDMA_EVF_POLL) && is_excused(y, a)) ||
	     !(m->actor[y->actor].belief & bit(a)))) {
		found(m, CDMA_FINDING_DATA_RACE, a);
		return true;
	}
	if (is_excused(y, a) || !(m->actor[y->actor].belief & bit(a)))
		return false;
	if (!is_dev(y->actor) && reaches(m, brought_to(m, y->actor), a))
		found(m,
		      y->kind == CDMA_EV_READ ? CDMA_FINDING_UNORDERED_READ
					      : CDMA_FINDING_UNORDERED_WRITE,
		      a);
	else if (is_devices_fault(m, b, a))
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

static int newest_store(const struct model *m, const struct cdma_event *ev)
{
	for (int i = m->nr - 1; i >= 0; i--)
		if (m->act[i].ev.kind == CDMA_EV_WRITE &&
		    m->act[i].ev.object == ev->object &&
		    m->act[i].ev.offset == ev->offset)
			return i;
	return -1;
}

/* All that an actor has done and that has reached it in order. */
static set_t everything(const struct model *m, cdma_actor_id actor)
{
	struct act read = {.addr = -1, .data = -1, .rmw = -1, .imagined = true};
	struct act write = read;

	read.ev = (struct cdma_event){.kind = CDMA_EV_READ,
				      .how = CDMA_MARKED,
				      .offset = UINT64_MAX,
				      .actor = actor};
	write.ev = read.ev;
	write.ev.kind = CDMA_EV_WRITE;
	find_before(m, &read);
	find_before(m, &write);
	return m->actor[actor].own | read.before[DEVS] | write.before[DEVS];
}

/* The same without what read barriers put before reads that were not made. */
static set_t done(const struct model *m, cdma_actor_id actor)
{
	struct act write = {.addr = -1, .data = -1, .rmw = -1};
	set_t all;

	write.ev = (struct cdma_event){.kind = CDMA_EV_WRITE,
				       .how = CDMA_MARKED,
				       .offset = UINT64_MAX,
				       .actor = actor};
	find_before(m, &write);
	all = m->actor[actor].own | write.before[DEVS];
	for (int i = 0; i < m->nr; i++)
		if (is_earlier(m, &write, i) && is_read(&m->act[i]) &&
		    !is_reg(&m->act[i]) &&
		    !(m->act[i].ev.flags & CDMA_EVF_UNSEEN))
			all |= m->act[i].before[DEVS];
	return all;
}

/* What the store @s tells a reader of the kind @view: the reads that it comes
 * after, and the writes that propagate before it. */
static set_t message(const struct model *m, int s, int view)
{
	const struct act *store = &m->act[s];
	set_t told = store->told[view] | (store->before[view] & ~m->writes);

	return store->ev.how == CDMA_MMIO ? told : told | bit(s);
}

static set_t writes_before_device(const struct model *m, cdma_actor_id actor)
{
	const struct actor *self = &m->actor[actor];
	set_t all = 0;
	int fence = -1;

	for (int i = 0; i < m->nr; i++)
		if (m->act[i].ev.actor == actor &&
		    m->act[i].ev.kind == CDMA_EV_BARRIER &&
		    m->act[i].ev.order != CDMA_ORDER_READ)
			fence = i;
	for (int i = 0; i < m->nr; i++)
		if ((self->own & bit(i)) && is_write(&m->act[i]) &&
		    (i < fence || !(m->act[i].ev.flags & CDMA_EVF_UNORDERED)))
			all |= bit(i);
	return all;
}

/* A read of a register: all that engine 1 has done and knows is pushed. */
static void read_register(struct model *m, struct act *b)
{
	b->brought |= everything(m, 1);
}

/* The value of @s was computed from what @b's actor read: dep ; rfi. */
static set_t computed_from(const struct model *m, int s)
{
	const struct act *store = &m->act[s];
	const int from[] = {store->addr, store->data, store->rmw};
	set_t all = 0;

	for (int i = 0; i < 3; i++)
		if (from[i] >= 0)
			all |= bit(from[i]) | m->act[from[i]].brought |
			       m->act[from[i]].before[DEVS];
	return all;
}

static void do_read(struct model *m, struct act *b)
{
	struct actor *self = &m->actor[b->ev.actor];
	const struct act *store;

	b->saw = newest_store(m, &b->ev);
	store = b->saw < 0 ? NULL : &m->act[b->saw];
	if (store && store->ev.actor != b->ev.actor) {
		b->brought =
			message(m, b->saw, is_dev(b->ev.actor) ? DEVS : CPUS);
		/* What a race brings proves nothing. */
		b->raced = may_not_race(&store->ev, &b->ev) &&
			   !is_ordered(m, b, b->saw);
		if (!(b->ev.flags & CDMA_EVF_UNSEEN) && !b->raced)
			self->belief |= store->belief | bit(b->saw);
	} else if (store && !(b->ev.flags & CDMA_EVF_UNSEEN)) {
		self->belief |= store->belief;
	}
	if (store && store->ev.actor == b->ev.actor && !is_dev(b->ev.actor)) {
		b->brought = computed_from(m, b->saw);
	}
	if (b->ev.how == CDMA_MMIO && !is_dev(b->ev.actor))
		read_register(m, b);
	self->own |= bit(m->nr);
	if (!(b->ev.flags & CDMA_EVF_UNSEEN))
		self->last_read = m->nr;
}

static void tell_device(struct model *m, struct act *b)
{
	set_t own = 0;
	int from = -1;

	/* From there on, earlier writes may be overtaken. */
	for (int i = 0; i < m->nr; i++) {
		const struct act *a = &m->act[i];

		if (a->ev.actor != b->ev.actor)
			continue;
		if ((a->ev.kind == CDMA_EV_BARRIER &&
		     a->ev.order != CDMA_ORDER_READ) ||
		    (is_read(a) && !is_reg(a) &&
		     !(b->ev.flags & CDMA_EVF_UNORDERED)))
			from = i;
	}
	if (!(b->ev.flags & (CDMA_EVF_RELAXED | CDMA_EVF_UNORDERED)))
		from = m->nr;
	own = writes_before_device(m, b->ev.actor);
	for (int i = from < 0 ? 0 : from; i < m->nr; i++)
		own &= ~bit(i);
	if (from < 0)
		own = 0;
	b->told[CPUS] = b->told[DEVS] = own | (b->before[DEVS] & m->writes);
}

static set_t brought_by_registers(const struct model *m, cdma_actor_id actor)
{
	set_t all = 0;

	for (int i = 0; i < m->nr; i++)
		if (m->act[i].ev.actor == actor && is_read(&m->act[i]) &&
		    is_reg(&m->act[i]))
			all |= m->act[i].brought;
	return all;
}

static void tell_cpu(struct model *m, struct act *b)
{
	struct actor *self = &m->actor[b->ev.actor];
	set_t seen = brought_to(m, b->ev.actor);
	bool reg = b->ev.how == CDMA_MMIO;
	bool relaxed = b->ev.flags & CDMA_EVF_RELAXED;

	if (reg)
		self->answered |= brought_by_registers(m, b->ev.actor);
	self->publish[2] |= self->answered & m->writes;
	for (int v = 0; v < VIEWS; v++) {
		b->told[v] = self->publish[reg ? 2 : v];
		if (reg && !relaxed)
			b->told[v] |= everything(m, b->ev.actor);
		if (reg)
			self->publish[2] |= b->told[v] & m->writes;
		if (b->rmw >= 0 && m->act[b->rmw].saw >= 0)
			b->told[v] |= message(m, m->act[b->rmw].saw, v);
	}
	if (b->ev.flags & CDMA_EVF_RELEASE)
		b->told[CPUS] |= everything(m, b->ev.actor) | seen;
	for (int v = 0; v < VIEWS; v++) {
		if (b->rmw >= 0 && m->act[b->rmw].saw >= 0)
			b->before[v] |=
				message(m, m->act[b->rmw].saw, v) & ~m->writes;
		b->told[v] &= m->writes;
	}
	if (b->ev.flags & CDMA_EVF_RELEASE)
		self->released |= b->told[CPUS] | bit(m->nr);
}

static void do_write(struct model *m, struct act *b)
{
	struct actor *self = &m->actor[b->ev.actor];

	if (is_dev(b->ev.actor))
		tell_device(m, b);
	else
		tell_cpu(m, b);
	self->own |= bit(m->nr);
	b->belief = self->belief | self->own;
	/* Who adds and does not look hands on what others may conclude. */
	if (b->rmw >= 0 && m->act[b->rmw].saw >= 0 &&
	    m->act[b->rmw].ev.flags & CDMA_EVF_UNSEEN)
		b->belief |= m->act[m->act[b->rmw].saw].belief |
			     bit(m->act[b->rmw].saw);
	m->writes |= bit(m->nr);
}

/* What came by reads of memory, not of registers. */
static set_t brought_by_memory(const struct model *m, cdma_actor_id actor)
{
	set_t all = 0;

	for (int i = 0; i < m->nr; i++)
		if (m->act[i].ev.actor == actor && is_read(&m->act[i]) &&
		    !is_reg(&m->act[i]))
			all |= m->act[i].brought;
	return all;
}

static void barrier(struct model *m, struct act *b)
{
	const struct cdma_event *ev = &b->ev;
	struct actor *self = &m->actor[ev->actor];
	int ways = ev->domain == CDMA_DOMAIN_SMP   ? 1
		   : ev->domain == CDMA_DOMAIN_DMA ? 2
						   : 3;
	set_t all;

	if (is_dev(ev->actor)) {
		if (ev->order != CDMA_ORDER_READ)
			b->fence = writes_before_device(m, ev->actor) |
				   (self->own & m->writes);
		return;
	}
	if (ev->order == CDMA_ORDER_WRITE) {
		for (int i = 0; i < ways; i++)
			self->publish[i] |=
				(self->own | self->handed[i ? DEVS : CPUS]) &
				m->writes;
		self->publish[0] |= self->released & m->writes;
		for (int i = 0; i < 3 && ways == 3; i++)
			self->publish[i] |= self->answered & m->writes;
	}
	if (ev->order != CDMA_ORDER_FULL)
		return;
	m->nr++; /* what comes after it */
	all = ways == 3 ? everything(m, ev->actor) : done(m, ev->actor);
	m->nr--;
	for (int i = 0; i < ways; i++)
		self->publish[i] |= all & m->writes;
	self->publish[0] |= brought_by_memory(m, ev->actor) & m->writes;
}

static void unlock(struct model *m, struct actor *self,
		   const struct cdma_event *ev)
{
	struct lock *lock = &m->lock[ev->object];

	if (lock->giver != ev->actor) {
		lock->others = lock->all;
		memcpy(lock->others_told, lock->told, sizeof(lock->told));
		lock->giver = ev->actor;
	}
	for (int v = 0; v < VIEWS; v++)
		lock->told[v] |=
			(self->publish[v] | self->handed[v] | self->own) &
			m->writes;
	self->unlocked =
		(self->publish[CPUS] | self->released | self->own) & m->writes;
	lock->told[CPUS] |= self->released & m->writes;
	lock->all |= everything(m, ev->actor) | brought_to(m, ev->actor);
	self->released |= everything(m, ev->actor) | brought_to(m, ev->actor);
	lock->belief |= self->belief | self->own;
}

static void lock(struct model *m, struct actor *self, struct act *b)
{
	const struct lock *lock = &m->lock[b->ev.object];
	bool is_own = lock->giver == b->ev.actor;

	b->brought = is_own ? lock->others : lock->all;
	b->belief = lock->belief;
	for (int v = 0; v < VIEWS; v++)
		self->handed[v] |=
			is_own ? lock->others_told[v] : lock->told[v];
	self->publish[0] |= (self->handed[CPUS] | self->unlocked) & m->writes;
	self->released |= b->brought;
	self->belief |= b->belief;
}

static void do_sync(struct model *m, struct act *b)
{
	const struct cdma_event *ev = &b->ev;
	struct actor *self = &m->actor[ev->actor];

	if (ev->kind == CDMA_EV_RELEASE)
		unlock(m, self, ev);
	else if (ev->kind == CDMA_EV_ACQUIRE)
		lock(m, self, b);
	else if (ev->kind == CDMA_EV_BARRIER)
		barrier(m, b);
}

static void apply(struct model *m, struct act *b)
{
	struct act *a = &m->act[m->nr];

	*a = *b;
	if (!is_access(&a->ev)) {
		do_sync(m, a);
	} else {
		find_before(m, a);
		if (a->ev.how != CDMA_MMIO)
			judge(m, a);
		if (a->ev.kind == CDMA_EV_READ)
			do_read(m, a);
		else
			do_write(m, a);
	}
	m->nr++;
}
