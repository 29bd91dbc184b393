/* SPDX-License-Identifier: MIT */
/* The rules of ordering by sets: for test-order-model.c alone. */

#include "order-judge.h"

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
	struct act read = {
		.addr = -1, .data = -1, .rmw = -1, .op = -1, .imagined = true};
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

/* ---- parts of one access ---- */

/* The newest store to the place of piece @i of which piece @proof tells. */
static int proved_store(const struct model *m, int i, int proof)
{
	const struct act *p = &m->act[proof];

	if (p->saw < 0 || m->act[p->saw].ev.actor == p->ev.actor)
		return -1;
	for (int s = m->nr - 1; s >= 0; s--)
		if (is_write(&m->act[s]) && m->act[s].ev.actor != p->ev.actor &&
		    same_place(&m->act[s].ev, &m->act[i].ev) &&
		    (m->act[p->saw].belief & bit(s)))
			return s;
	return -1;
}

/* Piece @i comes after store @s for certain, or its actor had seen that. */
static bool is_part_settled(const struct model *m, int i, int s)
{
	const struct act *piece = &m->act[i];

	for (int n = s; n < m->nr; n++) {
		const struct act *a = &m->act[n];

		if (!same_place(&a->ev, &piece->ev))
			continue;
		if (is_write(a) && reaches(m, piece->before[DEVS], n))
			return true;
		if (n < piece->op && a->ev.actor == piece->ev.actor &&
		    !(a->ev.flags & CDMA_EVF_UNORDERED))
			return true;
	}
	return false;
}

/* What event @i read is used, maybe behind a condition on its other piece. */
static void use(struct model *m, int i)
{
	int s, proof;

	if (i < 0 || m->act[i].op < 0)
		return;
	proof = m->act[i].op == i ? i + 1 : m->act[i].op;
	while (proof < m->nr && m->act[proof].op != m->act[i].op)
		proof++;
	if (proof >= m->nr || !m->act[proof].looked)
		return;
	s = proved_store(m, i, proof);
	if (s < 0 || may_not_race(&m->act[s].ev, &m->act[i].ev) ||
	    is_part_settled(m, i, s))
		return;
	if (reaches(m,
		    message(m, m->act[proof].saw,
			    is_dev(m->act[i].ev.actor) ? DEVS : CPUS),
		    s))
		found_at(m, CDMA_FINDING_UNORDERED_READ, i, s);
	else if (is_devices_fault(m, m->act[i].ev.actor, m->act[proof].saw, s))
		found_at(m, CDMA_FINDING_DEVICE_ORDER, i, s);
	else
		found_at(m, CDMA_FINDING_UNORDERED_PUBLISH, i, s);
}

/* ---- */

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
	m->actor[b->ev.actor].pushed |= m->actor[1].own & m->writes;
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

/* What @actor comes after when it hears of the stores @told: its accesses
 * before one that another has overwritten since, or that missed it. */
static set_t overtaken(const struct model *m, cdma_actor_id actor, set_t told)
{
	set_t all = 0;

	for (int p = 0; p < m->nr; p++) {
		const struct act *a = &m->act[p];

		if (a->ev.actor != actor)
			continue;
		for (int s = p + 1; s < m->nr; s++)
			if (is_write(&m->act[s]) &&
			    m->act[s].ev.actor != actor &&
			    same_place(&a->ev, &m->act[s].ev) &&
			    reaches(m, told, s))
				all |= a->before[DEVS] | a->brought |
				       (is_read(a) ? bit(p) : 0);
	}
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
		if (!is_dev(b->ev.actor))
			b->brought |= overtaken(m, b->ev.actor, b->brought);
		/* What a race brings proves nothing. */
		b->raced = may_not_race(&store->ev, &b->ev) &&
			   !is_ordered(m, b, b->saw);
		if (!is_dropped(&b->ev) && !b->raced)
			self->belief |= store->belief | bit(b->saw);
	} else if (store && !is_dropped(&b->ev)) {
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

static set_t told_by_device(const struct model *m, const struct act *b)
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
	return own | (b->before[DEVS] & m->writes);
}

static void tell_device(struct model *m, struct act *b)
{
	struct act relaxed = {.addr = -1, .data = -1, .rmw = -1, .op = -1};

	b->told[CPUS] = b->told[DEVS] = told_by_device(m, b);
	if (!is_reg(b))
		return;
	relaxed.ev = (struct cdma_event){.kind = CDMA_EV_WRITE,
					 .how = CDMA_DMA,
					 .flags = CDMA_EVF_RELAXED,
					 .offset = UINT64_MAX,
					 .actor = b->ev.actor};
	find_before(m, &relaxed);
	b->arrived = told_by_device(m, &relaxed);
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
		self->answered |=
			brought_by_registers(m, b->ev.actor) | self->asked;
	self->publish[2] |= self->answered & m->writes;
	for (int v = 0; v < VIEWS; v++) {
		b->told[v] = self->publish[reg ? 2 : v];
		if (reg && !relaxed)
			b->told[v] |=
				everything(m, b->ev.actor) | b->before[DEVS];
		if (reg)
			self->publish[2] |= b->told[v] & m->writes;
		if (reg)
			self->rung |= b->told[v] & m->writes;
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
			self->publish[i] |=
				(self->answered | self->rung) & m->writes;
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
		lock->others_rung = lock->rung;
		lock->others_asked = lock->asked;
		lock->giver = ev->actor;
	}
	for (int v = 0; v < VIEWS; v++)
		lock->told[v] |= (self->publish[v] | self->handed[v] |
				  self->answered | self->rung | self->own) &
				 m->writes;
	self->unlocked =
		(self->publish[CPUS] | self->released | self->own) & m->writes;
	self->unlocked |=
		self->pushed | ((self->answered | self->rung) & m->writes);
	lock->told[CPUS] |= (self->released & m->writes) | self->pushed;
	lock->all |= everything(m, ev->actor) | brought_to(m, ev->actor);
	self->released |= everything(m, ev->actor) | brought_to(m, ev->actor);
	lock->belief |= self->belief | self->own;
	lock->rung |= self->rung;
	lock->asked |= self->asked | brought_by_registers(m, ev->actor);
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
	self->rung |= is_own ? lock->others_rung : lock->rung;
	self->publish[2] |= self->rung & m->writes;
	self->asked |= is_own ? lock->others_asked : lock->asked;
	b->brought |=
		overtaken(m, b->ev.actor,
			  (is_own ? lock->others_told : lock->told)[CPUS]);
	self->belief |= b->belief;
}

/* All that says that an access is over comes before a free. */
static bool is_over(const struct model *m, cdma_actor_id actor, int a)
{
	struct act read = {.addr = -1, .data = -1, .rmw = -1, .op = -1};
	struct act write = read;
	set_t over = m->actor[actor].resting;

	read.ev = (struct cdma_event){.kind = CDMA_EV_READ,
				      .how = CDMA_MARKED,
				      .offset = UINT64_MAX,
				      .actor = actor};
	write.ev = read.ev;
	write.ev.kind = CDMA_EV_WRITE;
	find_before(m, &read);
	find_before(m, &write);
	for (int v = 0; v < VIEWS; v++)
		over |= read.before[v] | write.before[v];
	return reaches(m, over, a);
}

static bool is_newest(const struct model *m, int a)
{
	const struct act *x = &m->act[a];

	for (int i = a + 1; i < m->nr; i++)
		if (m->act[i].ev.kind == x->ev.kind &&
		    !(m->act[i].ev.flags & CDMA_EVF_UNSEEN) &&
		    same_place(&m->act[i].ev, &x->ev) &&
		    same_lane(&m->act[i].ev, &x->ev))
			return false;
	return true;
}

/* Memory is freed, or unbound from the device of an engine. */
static void end_of_memory(struct model *m, const struct act *b)
{
	int last = -1;

	for (int i = 0; i < m->nr; i++) {
		const struct cdma_event *x = &m->act[i].ev;

		if (!is_access(x) || x->how == CDMA_MMIO ||
		    x->actor == b->ev.actor || x->flags & CDMA_EVF_UNSEEN ||
		    (b->ev.kind == CDMA_EV_UNBIND && x->actor != b->ev.value) ||
		    !is_newest(m, i) || is_over(m, b->ev.actor, i))
			continue;
		/* One for all pieces. */
		if (m->act[i].op >= 0 && m->act[i].op == last)
			continue;
		last = m->act[i].op;
		found_at(m,
			 is_dev(x->actor) ? CDMA_FINDING_DEVICE_UAF
					  : CDMA_FINDING_CPU_UAF,
			 i, m->nr);
	}
}

/* What a store to memory would come after that is made now. */
static void find_before_store(const struct model *m, struct act *b)
{
	struct act write = {.addr = -1, .data = -1, .rmw = -1, .op = -1};

	write.ev = (struct cdma_event){.kind = CDMA_EV_WRITE,
				       .how = CDMA_MARKED,
				       .offset = UINT64_MAX,
				       .actor = b->ev.actor};
	find_before(m, &write);
	memcpy(b->before, write.before, sizeof(b->before));
}

static void do_sync(struct model *m, struct act *b)
{
	const struct cdma_event *ev = &b->ev;
	struct actor *self = &m->actor[ev->actor];

	if (ev->kind == CDMA_EV_RELEASE)
		find_before_store(m, b);
	if (ev->kind == CDMA_EV_RELEASE)
		unlock(m, self, ev);
	else if (ev->kind == CDMA_EV_ACQUIRE)
		lock(m, self, b);
	else if (ev->kind == CDMA_EV_BARRIER)
		barrier(m, b);
	else if (ev->kind == CDMA_EV_MASTER)
		b->brought = m->actor[ev->value].own;
	else if (ev->kind == CDMA_EV_JOIN)
		self->resting |= m->actor[ev->value].own;
	else if (ev->kind == CDMA_EV_FREE || ev->kind == CDMA_EV_UNBIND)
		end_of_memory(m, b);
	if (ev->kind == CDMA_EV_ACQUIRE) {
		m->nr++; /* what comes after it */
		find_before_store(m, b);
		m->nr--;
	}
}

static void apply(struct model *m, struct act *b)
{
	struct act *a = &m->act[m->nr];

	*a = *b;
	if (a->op == m->nr)
		m->actor[a->ev.actor].op_belief = m->actor[a->ev.actor].belief;
	use(m, a->addr);
	use(m, a->data);
	if (a->ev.kind == CDMA_EV_BRANCH && a->data >= 0)
		m->act[a->data].looked = true;
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
