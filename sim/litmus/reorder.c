/* SPDX-License-Identifier: MIT */
#include "litmus/reorder.h"

/*
 * RCU: a section and a grace period order like a full fence where a cycle has
 * at least as many grace periods as sections.  A thread whose step is inside a
 * section needs no other order then.
 */

/* How strongly the end of a step through a thread comes after its start. */
enum strength {
	NOT_ORDERED,
	ORDERED,    /* a dependency, an acquire: in its own thread */
	CUMULATIVE, /* a release, and smp_wmb() after a store */
	STRONG,     /* smp_mb() */
};

/* A step through a thread, and how the one before led here. */
struct step {
	const struct reorder_event *in, *out;
	enum strength strength;
	bool by_co;
	bool is_section;     /* both ends are in one of RCU */
	unsigned int graces; /* periods between them */
};

struct search {
	const struct reorder *reorder;
	struct step steps[REORDER_THREADS_MAX];
	unsigned int nr;
	uint32_t threads; /* that were passed */
	const struct reorder_event *early;
	bool has_rcu; /* sections and grace periods */
};

static bool is_write(const struct reorder_event *ev)
{
	return ev->kind == REORDER_WRITE || ev->kind == REORDER_UNLOCK;
}

static bool is_access(const struct reorder_event *ev)
{
	return ev->kind < REORDER_MB;
}

static bool may_meet(const struct reorder_event *a,
		     const struct reorder_event *b)
{
	return a->loc == b->loc || a->loc == REORDER_LOC_ANY ||
	       b->loc == REORDER_LOC_ANY;
}

/* Whether @a may lead to @b of another thread, by rf or by co; by fr, too,
 * where RCU makes what was not seen come later. */
static bool leads(const struct search *s, const struct reorder_event *a,
		  const struct reorder_event *b)
{
	if (a->thread == b->thread || !may_meet(a, b))
		return false;
	if (a->kind == REORDER_UNLOCK || b->kind == REORDER_LOCK)
		return a->kind == REORDER_UNLOCK && b->kind == REORDER_LOCK;
	if (a->kind == REORDER_READ)
		return s->has_rcu && b->kind == REORDER_WRITE;
	return a->kind == REORDER_WRITE &&
	       (b->kind == REORDER_READ || b->kind == REORDER_WRITE);
}

/* Whether @ev is done where @a and @b are. */
static bool is_sure(const struct reorder_event *ev,
		    const struct reorder_event *a,
		    const struct reorder_event *b)
{
	return !ev->side || ev->side == a->side || ev->side == b->side;
}

static unsigned int graces_between(const struct reorder_event *a,
				   const struct reorder_event *b)
{
	unsigned int nr = 0;

	for (const struct reorder_event *ev = a + 1; ev < b; ev++)
		nr += ev->kind == REORDER_GRACE && is_sure(ev, a, b);
	return nr;
}

/* Whether a section ends after @a that began before @b, which may stand before
 * @a. */
static bool in_section(const struct reorder *reorder,
		       const struct reorder_event *a,
		       const struct reorder_event *b)
{
	const struct reorder_event *end =
		reorder->events.at + reorder->events.nr;
	bool began = false;

	for (const struct reorder_event *ev = b; ev < a; ev++)
		if (ev->kind == REORDER_SECTION_END)
			return false;
	for (const struct reorder_event *ev = b - 1;
	     ev >= reorder->events.at && ev->thread == b->thread; ev--) {
		if (ev->kind == REORDER_SECTION_END && ev < a)
			break;
		began |= ev->kind == REORDER_SECTION && is_sure(ev, a, b);
	}
	for (const struct reorder_event *ev = a + 1;
	     began && ev < end && ev->thread == a->thread; ev++)
		if (ev->kind == REORDER_SECTION_END && is_sure(ev, a, b))
			return true;
	return false;
}

/* By what stands between @a and @b. */
static enum strength between(const struct reorder_event *a,
			     const struct reorder_event *b)
{
	enum strength strength = NOT_ORDERED;
	bool unlocked = false;

	for (const struct reorder_event *ev = a + 1; ev < b; ev++) {
		if (!is_sure(ev, a, b))
			continue;
		if (ev->kind == REORDER_MB || ev->kind == REORDER_GRACE)
			return STRONG;
		if (ev->kind == REORDER_WMB && is_write(a))
			strength = CUMULATIVE;
		if (ev->kind == REORDER_RMB && a->kind == REORDER_READ &&
		    b->kind == REORDER_READ && !strength)
			strength = ORDERED;
		unlocked |= ev->kind == REORDER_UNLOCK;
		if (ev->kind == REORDER_LOCK && unlocked && !strength)
			strength = ORDERED;
	}
	return strength;
}

static enum strength strength_of(const struct reorder *reorder,
				 const struct reorder_event *a,
				 const struct reorder_event *b)
{
	const struct reorder_event *first = a;
	enum strength strength;

	if (a == b)
		return STRONG;
	strength = between(a, b);
	if (strength >= CUMULATIVE)
		return strength;
	if (b->ordered || b->kind == REORDER_UNLOCK)
		return CUMULATIVE;
	if (strength || a->kind == REORDER_LOCK ||
	    (a->kind == REORDER_READ && a->ordered))
		return ORDERED;
	if (a->is_plain || b->is_plain)
		return NOT_ORDERED;
	while (first > reorder->events.at && first[-1].thread == a->thread)
		first--;
	return b->after >> (a - first) & 1 ? ORDERED : NOT_ORDERED;
}

/* Coherence orders it: what led to @in leads to @out. */
static bool is_coherent(const struct step *step)
{
	return step->in != step->out && step->in->loc == step->out->loc &&
	       step->in->loc != REORDER_LOC_ANY;
}

/* One step of co: LKMM forbids it when the stores before it have propagated. */
static bool one_co_forbids(const struct search *s)
{
	unsigned int first = 0;

	while (!s->steps[first].by_co)
		first++;
	for (unsigned int i = 0; i + 1 < s->nr; i++)
		if (s->steps[(first + i) % s->nr].strength < CUMULATIVE)
			return false;
	return true;
}

/* Sections, and grace periods that are at least as many, make a cycle of order
 * of rf, and of co where all else is strong. */
static bool rcu_forbids(const struct search *s, unsigned int nr_co)
{
	enum strength needed = nr_co ? STRONG : ORDERED;
	unsigned int graces = 0, sections = 0;

	for (unsigned int i = 0; i < s->nr; i++) {
		const struct step *step = &s->steps[i];

		graces += step->graces;
		if (step->strength >= needed)
			continue;
		if (!step->is_section)
			return false;
		sections++;
	}
	return graces >= sections;
}

static bool forbidden(const struct search *s)
{
	bool all_strong = true, ordered = true;
	unsigned int nr_co = 0;

	for (unsigned int i = 0; i < s->nr; i++) {
		ordered &= s->steps[i].strength != NOT_ORDERED;
		all_strong &= s->steps[i].strength == STRONG;
		nr_co += s->steps[i].by_co;
	}
	if (rcu_forbids(s, nr_co))
		return true;
	return ordered &&
	       (!nr_co || all_strong || (nr_co == 1 && one_co_forbids(s)));
}

/* What goes by fr, or backwards, is there for a grace period alone. */
static bool lacks_grace(const struct search *s)
{
	unsigned int graces = 0;
	bool needs = false;

	for (unsigned int i = 0; i < s->nr; i++) {
		graces += s->steps[i].graces;
		needs |= s->steps[i].out < s->steps[i].in ||
			 s->steps[i].out->kind == REORDER_READ;
	}
	return needs && !graces;
}

/* A cycle of communication alone is against coherence. */
static bool is_cycle(const struct search *s)
{
	if (lacks_grace(s))
		return false;
	for (unsigned int i = 0; i < s->nr; i++)
		if (s->steps[i].in != s->steps[i].out &&
		    !is_coherent(&s->steps[i]))
			return true;
	return false;
}

static bool extend(struct search *s, const struct reorder_event *in);

/* The cycle is closed when @out leads to where it began. */
static bool closes(struct search *s)
{
	const struct reorder_event *out = s->steps[s->nr - 1].out;

	if (s->nr < 2 || !leads(s, out, s->steps[0].in))
		return false;
	if (!is_cycle(s) || forbidden(s))
		return false;
	s->early = out;
	for (unsigned int i = 0; i < s->nr; i++)
		if (!s->steps[i].strength)
			s->early = s->steps[i].out;
	return true;
}

static bool go_on(struct search *s)
{
	const struct reorder *r = s->reorder;
	const struct reorder_event *out = s->steps[s->nr - 1].out;

	for (size_t i = 0; i < r->events.nr; i++) {
		const struct reorder_event *in = &r->events.at[i];

		if (is_access(in) && leads(s, out, in) &&
		    !(s->threads >> in->thread & 1) && extend(s, in))
			return true;
	}
	return false;
}

/* A step from @in to @out; false: that is none. */
static bool make_step(const struct search *s, struct step *step,
		      const struct reorder_event *in,
		      const struct reorder_event *out)
{
	bool back = out < in;

	if (!is_write(out) && !(s->has_rcu && out->kind == REORDER_READ))
		return false;
	*step = (struct step){
		.in = in,
		.out = out,
		.strength =
			back ? NOT_ORDERED : strength_of(s->reorder, in, out),
		.graces = graces_between(in, out),
		.is_section = in_section(s->reorder, in, out),
	};
	if (!back && is_coherent(step))
		step->strength = STRONG;
	step->by_co = is_write(in) || (!back && is_coherent(step));
	return !back || step->is_section;
}

/* Backwards only in a section: a grace period has all of it on one side. */
static bool extend(struct search *s, const struct reorder_event *in)
{
	const struct reorder *r = s->reorder;
	struct step *step = &s->steps[s->nr++];
	bool found = false;

	s->threads |= 1u << in->thread;
	for (size_t i = 0; !found && i < r->events.nr; i++) {
		const struct reorder_event *out = &r->events.at[i];

		if (out->thread != in->thread || (out < in && !s->has_rcu) ||
		    !make_step(s, step, in, out))
			continue;
		found = closes(s) || go_on(s);
	}
	s->threads &= ~(1u << in->thread);
	s->nr--;
	return found;
}

static bool has(const struct reorder *reorder, enum reorder_kind kind)
{
	for (size_t i = 0; i < reorder->events.nr; i++)
		if (reorder->events.at[i].kind == kind)
			return true;
	return false;
}

bool reorder_matters(const struct reorder *reorder,
		     const struct reorder_event **early)
{
	struct search search = {
		.reorder = reorder,
		.has_rcu = has(reorder, REORDER_SECTION) &&
			   has(reorder, REORDER_GRACE),
	};

	for (size_t i = 0; i < reorder->events.nr; i++) {
		const struct reorder_event *in = &reorder->events.at[i];

		if (is_access(in) && extend(&search, in)) {
			*early = search.early;
			return true;
		}
	}
	return false;
}

static bool others_pass_fence(const struct reorder *reorder,
			      unsigned int thread)
{
	for (size_t i = 0; i < reorder->events.nr; i++) {
		const struct reorder_event *ev = &reorder->events.at[i];

		if (ev->thread != thread &&
		    (ev->kind == REORDER_MB || ev->kind == REORDER_GRACE ||
		     ev->late_fence))
			return true;
	}
	return false;
}

/* How many other threads store where @ev does. */
static unsigned int rivals(const struct reorder *reorder,
			   const struct reorder_event *ev)
{
	uint32_t threads = 0;

	for (size_t i = 0; i < reorder->events.nr; i++) {
		const struct reorder_event *other = &reorder->events.at[i];

		if (other->kind == REORDER_WRITE && may_meet(other, ev) &&
		    other->thread != ev->thread)
			threads |= 1u << other->thread;
	}
	return (unsigned int)__builtin_popcount(threads);
}

const struct reorder_event *reorder_late_fence(const struct reorder *reorder)
{
	for (size_t i = 0; i < reorder->events.nr; i++) {
		const struct reorder_event *ev = &reorder->events.at[i];

		if (ev->late_fence && rivals(reorder, ev) > 1 &&
		    others_pass_fence(reorder, ev->thread))
			return ev;
	}
	return NULL;
}

/* The first read after @ev in its thread, of what it stored when @of_it; NULL
 * when a full barrier stands before it, or there is none. */
static const struct reorder_event *next_read(const struct reorder *reorder,
					     const struct reorder_event *ev,
					     bool of_it)
{
	const struct reorder_event *end =
		reorder->events.at + reorder->events.nr;

	for (const struct reorder_event *e = ev + 1;
	     e < end && e->thread == ev->thread; e++) {
		if (e->kind == REORDER_MB || e->kind == REORDER_GRACE)
			return NULL;
		if (e->kind == REORDER_READ && (!of_it || may_meet(e, ev)))
			return e;
	}
	return NULL;
}

const struct reorder_event *reorder_reads_back(const struct reorder *reorder)
{
	for (size_t i = 0; i < reorder->events.nr; i++) {
		const struct reorder_event *ev = &reorder->events.at[i], *back;

		if (ev->kind != REORDER_WRITE || !ev->is_data || ev->is_plain)
			continue;
		back = next_read(reorder, ev, true);
		if (back && next_read(reorder, back, false))
			return back;
	}
	return NULL;
}
