/* SPDX-License-Identifier: MIT */
/* What the axioms say of an access: for test-judge.c alone. */

static bool is_engine(const struct judge *j, uint32_t e)
{
	uint32_t thread = j->x.events[e].thread;

	return thread != NO_THREAD &&
	       j->test->threads.at[thread].process == LITMUS_ENGINE;
}

/* Whether @e reads a register for a CPU. */
static bool is_asked(const struct judge *j, uint32_t e)
{
	return j->x.events[e].reads && j->x.events[e].tags & TAGGED(MMIO);
}

/*
 * A register is read at its time in the run: who asks is answered behind all
 * that the device had done by then, whether or not the value tells of it.  The
 * axioms would let the answer come at any time; but wherever that is, explore
 * has a run that has it there.
 */
static bool is_timed(const struct judge *j, uint32_t e, uint32_t asked)
{
	return is_asked(j, asked) && is_engine(j, e) && j->order[e] &&
	       j->order[e] < j->order[asked];
}

/* Whether @b's actor has heard of @a. */
static bool is_believed(const struct judge *j, uint32_t a, uint32_t b)
{
	const struct execution *x = &j->x;

	for (uint32_t p = 0; p < x->nr; p++)
		if (rel_has(x->po, p, b) && p != a && rel_has(j->before, a, p))
			return true;
	return false;
}

/* Whether store @w is @a or has come after it. */
static bool is_newer(const struct judge *j, uint32_t w, uint32_t a)
{
	return w == a || (rel_has(j->x.loc, w, a) && j->order[w] > j->order[a]);
}

/* Whether b's actor has accessed what is store @a or newer. */
static bool has_met(const struct judge *j, uint32_t a, uint32_t b)
{
	const struct execution *x = &j->x;

	for (uint32_t e = 0; e < x->nr; e++) {
		uint32_t w = x->events[e].writes ? e : x->sees[e];

		if (rel_has(x->loc, e, b) && w != NO_EVENT &&
		    rel_has(x->po, e, b) && is_newer(j, w, a))
			return true;
	}
	return false;
}

/* Coherence orders them, as far as the run tells what is newer: b's actor has
 * met store a, or what the actor of read a has stored there since. */
static bool is_settled(const struct judge *j, uint32_t a, uint32_t b)
{
	const struct execution *x = &j->x;

	if (x->events[a].writes)
		return has_met(j, a, b);
	for (uint32_t e = 0; e < x->nr; e++)
		if (x->events[e].writes && rel_has(x->po, a, e) &&
		    rel_has(x->loc, a, e) && has_met(j, e, b))
			return true;
	return false;
}

/*
 * The part of the execution that is before @b, with @b, and before @other.
 *
 * @nr: how many events of each thread.
 */
static void cut(const struct judge *j, uint32_t b, uint32_t other,
		unsigned int nr[8])
{
	const struct execution *x = &j->x;

	memset(nr, 0, 8 * sizeof(*nr));
	for (uint32_t e = 0; e < x->nr; e++) {
		const struct event *ev = &x->events[e];
		bool is_in = e == b || e == other;

		if (ev->thread == NO_THREAD)
			continue;
		for (uint32_t p = 0; p < x->nr && !is_in; p++)
			is_in = (rel_has(x->po, p, b) &&
				 (p == e || rel_has(j->earlier, e, p))) ||
				(p == other && rel_has(j->earlier, e, p));
		if (is_in && nr[ev->thread] < e - ev->base + 1)
			nr[ev->thread] = e - ev->base + 1;
	}
	for (uint32_t t = 0; t < j->test->threads.nr; t++)
		if (nr[t] && nr[t] < j->chosen[t]->nr_events &&
		    j->chosen[t]->events[nr[t] - 1].tags & TAGGED(LKR))
			nr[t]++;
}

/* Event @e of the whole as one of the part that has @nr of each thread. */
static uint32_t in_part(const struct judge *j, uint32_t e)
{
	const struct event *ev = &j->x.events[e];

	return ev->thread == NO_THREAD
		       ? e
		       : j->part.bases[ev->thread] + (e - ev->base);
}

/* Whether the value of @read decided anything. */
static bool decides(const struct value *v, uint32_t read)
{
	if (v->kind == VALUE_OP)
		return decides(v->a, read) || decides(v->b, read);
	return v->kind == VALUE_READ && v->read == read;
}

/* What there is to ask: @b misses @a when @read sees @from, or when @b, a
 * store, is before @a. */
struct question {
	uint32_t a, b, read, from;
	struct model_less less;
};

/* Whether what @read saw is part of what proved that a was there, or what is
 * newer in its place. */
static bool is_proof(const struct judge *j, const struct question *q,
		     uint32_t read)
{
	const struct execution *x = &j->x;
	const struct event *ev = &x->events[read];
	const struct path *path = j->chosen[ev->thread];

	if (ev->tags & (TAGGED(LKR) | TAGGED(IRQ)))
		return true;
	for (uint32_t w = 0; w < x->nr; w++)
		if ((w == q->a || is_newer(j, w, q->a)) &&
		    rel_has(j->earlier, w, x->sees[read]))
			return true;
	/* Who is there by time alone may see what he likes. */
	if (!rel_has(j->before, read, q->b))
		return false;
	if (rel_has(x->loc, q->b, read))
		return true;
	for (unsigned int i = 0; i < path->nr_demands && !j->is_free; i++)
		if (decides(path->demands[i].value, read - ev->base))
			return true;
	return false;
}

/* Whether all that @v was computed from is among the first @nr events. */
static bool is_early(const struct value *v, unsigned int nr)
{
	if (v->kind == VALUE_OP)
		return is_early(v->a, nr) && is_early(v->b, nr);
	return v->kind != VALUE_READ || v->read < nr;
}

/* Of the demands of @path, those on the first @nr events. */
static void keep_demands(struct judge *j, struct path *path, unsigned int nr)
{
	static struct demand kept[8][EVENTS];
	struct demand *to = kept[path - j->shorter];
	unsigned int nr_kept = 0;

	for (unsigned int i = 0; i < path->nr_demands; i++)
		if (nr_kept < EVENTS && is_early(path->demands[i].value, nr))
			to[nr_kept++] = path->demands[i];
	path->demands = to;
	path->nr_demands = nr_kept;
}

static void begin_part(struct judge *j, const struct question *q,
		       unsigned int nr[8])
{
	struct path *shorter = j->shorter;
	const struct path *parts[8];

	cut(j, q->b, q->from, nr);
	for (uint32_t t = 0; t < j->test->threads.nr; t++) {
		shorter[t] = *j->chosen[t];
		shorter[t].nr_events = nr[t];
		keep_demands(j, &shorter[t], j->is_free ? nr[t] : 0);
		parts[t] = &shorter[t];
	}
	execution_begin(&j->part, j->test, parts);
}

static bool is_in_part(const struct judge *j, uint32_t e,
		       const unsigned int nr[8])
{
	const struct event *ev = &j->x.events[e];

	return ev->thread == NO_THREAD || e - ev->base < nr[ev->thread];
}

/* Stores to their place stay in the order of the run, but for b; an older one
 * than what b comes after is not missed.  Unless a is a read. */
static bool keep_order(struct judge *j, const struct question *q,
		       const unsigned int nr[8])
{
	const struct execution *x = &j->x;
	bool can_be = true;

	if (x->events[q->a].reads)
		return true;

	for (uint32_t v = 0; v < x->nr; v++)
		for (uint32_t w = 0; can_be && w < x->nr; w++)
			if (x->events[v].writes && x->events[w].writes &&
			    rel_has(x->loc, v, w) && rel_has(x->loc, v, q->b) &&
			    v != q->b && w != q->b &&
			    j->order[v] < j->order[w] && is_in_part(j, v, nr) &&
			    is_in_part(j, w, nr))
				can_be = search_put_before(
					&j->part, in_part(j, v), in_part(j, w));
	if (can_be && x->events[q->b].writes && x->events[q->a].writes)
		can_be = search_put_before(&j->part, in_part(j, q->b),
					   in_part(j, q->a));
	return can_be;
}

static void keep_time(struct judge *j, const unsigned int nr[8])
{
	const struct execution *x = &j->x;

	for (uint32_t e = 0; e < x->nr; e++)
		for (uint32_t r = 0; r < x->nr; r++)
			if (is_asked(j, r) && is_engine(j, e) && j->order[e] &&
			    j->order[e] < j->order[r] && is_in_part(j, e, nr) &&
			    is_in_part(j, r, nr))
				rel_add(j->part.timed, in_part(j, e),
					in_part(j, r));
}

static bool is_allowed(struct judge *j, const struct question *q)
{
	const struct execution *x = &j->x;
	unsigned int nr[8];
	uint32_t sees[EVENTS];

	begin_part(j, q, nr);
	for (uint32_t e = 0; e < x->nr; e++) {
		if (!is_in_part(j, e, nr) || !x->events[e].reads)
			continue;
		if (e == q->read)
			sees[in_part(j, e)] = in_part(j, q->from);
		else if (is_proof(j, q, e))
			sees[in_part(j, e)] = in_part(j, x->sees[e]);
		else
			sees[in_part(j, e)] = NO_EVENT;
	}
	keep_time(j, nr);
	return keep_order(j, q, nr) && search_allows(&j->part, sees, q->less);
}

static bool can_miss(struct judge *j, uint32_t a, uint32_t b,
		     struct model_less less)
{
	const struct execution *x = &j->x;
	struct question q = {a, b, NO_EVENT, NO_EVENT, less};

	if (x->events[b].writes && x->events[a].writes)
		return is_allowed(j, &q);
	if (x->events[b].writes) {
		q.read = a;
		q.from = b;
		return is_allowed(j, &q);
	}
	q.read = b;
	for (uint32_t w = 0; w < x->nr; w++) {
		q.from = w;
		if (x->events[w].writes && rel_has(x->loc, w, b) &&
		    !is_newer(j, w, a) && is_allowed(j, &q))
			return true;
	}
	return false;
}
