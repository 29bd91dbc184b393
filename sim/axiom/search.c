/* SPDX-License-Identifier: MIT */
#include "axiom/search.h"

#include <string.h>

#include "axiom/prune.h"

/* A row of stores to one location, and how many of them have their place. */
struct row {
	uint32_t *writes;
	unsigned int nr;
};

struct search {
	const struct litmus *test;
	const struct search_ops *ops;
	struct path_list *paths;
	const struct path **chosen;
	struct execution x;
	struct model model;
	struct row *rows; /* of each location */
	uint32_t *room;   /* their writes */
	uint64_t *kept;   /* what co was at each step above */
	size_t kept_nr, kept_room;
	unsigned int patience; /* choices until somebody is asked */
	bool stopped;
};

/* To ask costs as much as some choices. */
#define PATIENCE 256

static bool has_stopped(struct search *s)
{
	if (s->patience--)
		return s->stopped;
	s->patience = PATIENCE;
	s->stopped |= s->ops->is_over && s->ops->is_over(s->ops->aux);
	return s->stopped;
}

/* ---- co, as a closed relation that grows ---- */

/* @a before @b, and what that entails; whether it can be. */
bool search_put_before(struct execution *x, uint32_t a, uint32_t b)
{
	struct rel co = x->co;

	if (a == b || rel_has(co, b, a))
		return false;
	if (rel_has(co, a, b))
		return true;
	for (uint32_t e = 0; e < x->nr; e++) {
		if (e != a && !rel_has(co, e, a))
			continue;
		rel_add(co, e, b);
		for (unsigned int i = 0; i < co.words; i++)
			rel_row(co, e)[i] |= rel_row(co, b)[i];
	}
	return true;
}

static bool is_alone(const struct event *ev)
{
	return ev->tags & (TAGGED(LF) | TAGGED(RL) | TAGGED(RU));
}

/* Initial values come first, and each thread's stores in their order. */
static bool order_by_program(struct execution *x)
{
	for (uint32_t a = 0; a < x->nr; a++)
		for (uint32_t b = 0; x->events[a].writes && b < x->nr; b++) {
			bool is_first = x->events[a].thread == NO_THREAD &&
					x->events[b].thread != NO_THREAD;

			if (x->events[b].writes && rel_has(x->loc, a, b) &&
			    (is_first || rel_has(x->po, a, b)) &&
			    !search_put_before(x, a, b))
				return false;
		}
	return true;
}

/* The operation of @read and @to sees @from, and nobody's store comes between.
 */
static bool is_atomic(struct execution *x, uint32_t from, uint32_t to)
{
	return x->behind[from] == NO_EVENT && search_put_before(x, from, to);
}

/* Once more for all operations, since co has grown: what is behind the store
 * that one read is behind its own, and what is before its own is before that.
 */
static bool keep_atomic(struct execution *x)
{
	for (uint32_t from = 0; from < x->nr; from++) {
		uint32_t to = x->behind[from];

		for (uint32_t w = 0; to != NO_EVENT && w < x->nr; w++) {
			if (w == to || w == from || !x->events[w].writes ||
			    !rel_has(x->loc, w, to))
				continue;
			if (rel_has(x->co, from, w) &&
			    !search_put_before(x, to, w))
				return false;
			if (rel_has(x->co, w, to) &&
			    !search_put_before(x, w, from))
				return false;
		}
	}
	return true;
}

/* What coherence says of the order when @read sees @from. */
static bool order_by_reading(struct execution *x, uint32_t read, uint32_t from)
{
	if (rel_has(x->po, read, from))
		return false;
	for (uint32_t e = 0; e < x->nr; e++) {
		bool is_before = rel_has(x->po, e, read);
		uint32_t w = x->events[e].writes ? e : x->sees[e];

		if (!rel_has(x->loc, e, read) || w == NO_EVENT || w == from ||
		    (!is_before && !rel_has(x->po, read, e)))
			continue;
		if (is_before ? !search_put_before(x, w, from)
			      : !search_put_before(x, from, w))
			return false;
	}
	return true;
}

/* ---- what a read may see ---- */

/* The last event before @at of its thread that takes or gives back its lock. */
static uint32_t last_of_lock(const struct execution *x, uint32_t at)
{
	uint32_t last = NO_EVENT;

	for (uint32_t e = x->events[at].base; e < at; e++)
		if (rel_has(x->loc, e, at) && rel_has(x->po, e, at) &&
		    x->events[e].tags & (TAGGED(LKW) | TAGGED(UL)))
			last = e;
	return last;
}

/* The state of a lock, as lock.cat has it: in one's own section it is that,
 * else it is anybody's, or what oneself left.  A completion is a lock that is
 * taken at first, and that anybody gives back. */
static bool may_see_lock(const struct execution *x, uint32_t read,
			 uint32_t from)
{
	uint64_t tags = x->events[read].tags, of = x->events[from].tags;
	bool is_own = x->events[from].thread == x->events[read].thread;
	uint32_t last;

	if (tags & TAGGED(LKR))
		return of & TAGGED(UL) ||
		       (of & TAGGED(INIT) &&
			!x->test->locs.at[x->events[read].loc].is_completion);
	last = last_of_lock(x, read);
	if (last != NO_EVENT && x->events[last].tags & TAGGED(LKW))
		return !(tags & TAGGED(RU)) && from == last;
	if (tags & TAGGED(RU))
		return of & (TAGGED(UL) | TAGGED(INIT)) &&
		       (!is_own || from == last);
	return of & TAGGED(LKW) && !is_own;
}

/* An interrupt that is raised is taken. */
static bool misses_interrupt(const struct execution *x, uint32_t read,
			     uint32_t from)
{
	if (!(x->events[read].tags & TAGGED(IRQ)))
		return false;
	for (uint32_t e = from + 1; e < x->nr; e++)
		if (x->events[e].writes && rel_has(x->loc, read, e))
			return true;
	return false;
}

static bool may_see(const struct execution *x, uint32_t read, uint32_t from)
{
	const struct event *r = &x->events[read];

	if (!x->events[from].writes || !rel_has(x->loc, read, from) ||
	    rel_has(x->po, read, from) || misses_interrupt(x, read, from))
		return false;
	if (r->tags & TAGGED(LKR) || is_alone(r))
		return may_see_lock(x, read, from);
	for (uint32_t e = 0; e < x->nr; e++) {
		uint32_t w = x->events[e].writes ? e : x->sees[e];

		if (!rel_has(x->loc, e, read) || w == NO_EVENT)
			continue;
		if (rel_has(x->po, e, read) && rel_has(x->co, from, w))
			return false;
		if (rel_has(x->po, read, e) && w != from &&
		    rel_has(x->co, w, from))
			return false;
	}
	return true;
}

/* No demand is known to be missed, nor what the test asks for at all. */
static bool meets_demands(const struct execution *x)
{
	const struct litmus_term *filter = x->test->filter;

	for (uint32_t t = 0; t < x->test->threads.nr; t++)
		for (unsigned int i = 0; i < x->paths[t]->nr_demands; i++) {
			const struct demand *d = &x->paths[t]->demands[i];
			int64_t value;

			if (execution_value(x, t, d->value, &value) &&
			    (value == d->number) == d->differs)
				return false;
		}
	return !filter ||
	       litmus_holds(filter, execution_shown, x) != LITMUS_FALSE;
}

/* Whether @read may see @from by what is known of values. */
static bool fits(struct execution *x, uint32_t read, uint32_t from)
{
	bool fits;

	x->sees[read] = from;
	fits = meets_demands(x);
	x->sees[read] = NO_EVENT;
	return fits;
}

/* ---- the search ---- */

static void report(struct search *s)
{
	if (!s->ops->found(s->ops->aux, &s->x, &s->model))
		s->stopped = true;
}

/* Keep co as it is; where it is kept. */
static size_t keep(struct search *s)
{
	size_t words = (size_t)s->x.nr * s->x.space.words, at = s->kept_nr;

	if (at + words > s->kept_room) {
		s->kept_room = 2 * (at + words);
		s->kept =
			cdma_xrealloc(s->kept, s->kept_room, sizeof(*s->kept));
	}
	memcpy(s->kept + at, s->x.co.at, words * sizeof(*s->kept));
	s->kept_nr += words;
	return at;
}

/* Put back what was kept at @at, and keep it no longer if @is_last. */
static void put_back(struct search *s, size_t at, bool is_last)
{
	size_t words = (size_t)s->x.nr * s->x.space.words;

	memcpy(s->x.co.at, s->kept + at, words * sizeof(*s->kept));
	if (is_last)
		s->kept_nr = at;
}

static void order_location(struct search *s, uint32_t loc);

/* Whether @next can come right behind @last: an operation's store stands right
 * behind the one that it saw. */
static bool fits_behind(const struct execution *x, uint32_t last, uint32_t next)
{
	if (x->behind[last] != NO_EVENT)
		return x->behind[last] == next;
	return x->events[next].pair == NO_EVENT;
}

/* The rows of co for the stores to @loc, as @row has them. */
static void set_order(struct search *s, const struct row *row)
{
	struct execution *x = &s->x;

	for (unsigned int i = 0; i < row->nr; i++)
		for (unsigned int j = i + 1; j < row->nr; j++)
			rel_add(x->co, row->writes[i], row->writes[j]);
}

static bool is_ordered(const struct search *s, const struct row *row)
{
	for (unsigned int i = 0; i + 1 < row->nr; i++)
		if (!rel_has(s->x.co, row->writes[i], row->writes[i + 1]))
			return false;
	return true;
}

/* Choose what comes at place @at of the row of @loc, and all behind it. */
static void order_row(struct search *s, uint32_t loc, unsigned int at)
{
	struct row *row = &s->rows[loc];
	struct execution *x = &s->x;
	size_t co;

	if (at >= row->nr) {
		if (is_ordered(s, row)) {
			order_location(s, loc + 1);
			return;
		}
		co = keep(s);
		set_order(s, row);
		if (model_allows_order(&s->model, x))
			order_location(s, loc + 1);
		put_back(s, co, true);
		return;
	}
	for (unsigned int i = at; i < row->nr && !has_stopped(s); i++) {
		uint32_t next = row->writes[i];
		bool can_be = !at || fits_behind(x, row->writes[at - 1], next);

		for (unsigned int j = at; can_be && j < row->nr; j++)
			can_be = !rel_has(x->co, row->writes[j], next);
		if (!can_be)
			continue;
		row->writes[i] = row->writes[at];
		row->writes[at] = next;
		order_row(s, loc, at + 1);
		row->writes[at] = row->writes[i];
		row->writes[i] = next;
	}
}

static void order_location(struct search *s, uint32_t loc)
{
	if (has_stopped(s))
		return;
	if (loc == s->test->locs.nr)
		report(s);
	else
		order_row(s, loc, 0);
}

/* The read with the fewest stores to see, and how many they are. */
static uint32_t next_read(struct search *s, unsigned int *nr)
{
	struct execution *x = &s->x;
	uint32_t next = NO_EVENT;

	*nr = UINT32_MAX;
	for (uint32_t r = 0; r < x->nr && *nr; r++) {
		unsigned int can = 0;

		if (!x->events[r].reads || x->sees[r] != NO_EVENT)
			continue;
		for (uint32_t w = 0; w < x->nr && can < *nr; w++)
			can += may_see(x, r, w) && fits(x, r, w);
		if (can < *nr) {
			next = r;
			*nr = can;
		}
	}
	return next;
}

static void read_on(struct search *s, bool chosen);

static void see(struct search *s, uint32_t read, uint32_t from, bool chosen)
{
	struct execution *x = &s->x;
	uint32_t to = x->events[read].pair;
	bool can_be = order_by_reading(x, read, from) &&
		      (to == NO_EVENT || is_atomic(x, from, to));
	uint32_t behind = x->behind[from];

	x->sees[read] = from;
	rel_add(x->rf, from, read);
	if (to != NO_EVENT && can_be)
		x->behind[from] = to;
	if (can_be && keep_atomic(x))
		read_on(s, chosen);
	x->behind[from] = behind;
	x->sees[read] = NO_EVENT;
	rel_row(x->rf, from)[read / REL_BITS] &=
		~((uint64_t)1 << read % REL_BITS);
}

/* Whether @value is known, or one that was copied in a circle. */
static bool is_grounded(const struct execution *x, uint32_t thread,
			const struct value *value)
{
	int64_t known;

	return value->kind == VALUE_READ ||
	       execution_value(x, thread, value, &known);
}

/* Nothing is computed from a value that comes from itself, nor demanded of
 * it. */
static bool all_grounded(const struct execution *x)
{
	int64_t known;

	for (uint32_t t = 0; t < x->test->threads.nr; t++) {
		const struct path *path = x->paths[t];

		for (unsigned int i = 0; i < path->nr_demands; i++)
			if (!execution_value(x, t, path->demands[i].value,
					     &known))
				return false;
		for (unsigned int i = 0; i < path->nr_events; i++)
			if (path->events[i].stored &&
			    !is_grounded(x, t, path->events[i].stored))
				return false;
		for (size_t i = 0; i < x->test->regs.nr; i++)
			if (x->test->regs.at[i].thread == t &&
			    !is_grounded(x, t, path->regs[i]))
				return false;
	}
	return true;
}

static void read_on(struct search *s, bool chosen)
{
	struct execution *x = &s->x;
	size_t co;
	unsigned int nr;
	uint32_t read = next_read(s, &nr);

	if (has_stopped(s) || (read != NO_EVENT && !nr))
		return;
	/* What has one way to go is gone, before the axioms are asked. */
	if (chosen && nr != 1 && !model_allows(&s->model, x))
		return;
	if (read == NO_EVENT) {
		if (all_grounded(x) && meets_demands(x))
			order_location(s, 0);
		return;
	}
	co = keep(s);
	for (uint32_t w = 0; w < x->nr && !s->stopped; w++) {
		if (!may_see(x, read, w) || !fits(x, read, w))
			continue;
		see(s, read, w, true);
		put_back(s, co, false);
	}
	put_back(s, co, true);
}

static void gather_rows(struct search *s)
{
	const struct execution *x = &s->x;
	uint32_t *next = s->room =
		cdma_xrealloc(s->room, x->nr + 1, sizeof(*s->room));

	for (uint32_t loc = 0; loc < s->test->locs.nr; loc++) {
		s->rows[loc] = (struct row){.writes = next};
		for (uint32_t e = 0; e < x->nr; e++)
			if (x->events[e].writes && x->events[e].loc == loc)
				next[s->rows[loc].nr++] = e;
		next += s->rows[loc].nr;
	}
}

static void run_paths(struct search *s)
{
	execution_begin(&s->x, s->test, s->chosen);
	model_begin(&s->model, &s->x);
	gather_rows(s);
	if (order_by_program(&s->x) && meets_demands(&s->x))
		read_on(s, true);
}

static void choose_paths(struct search *s, unsigned int thread)
{
	if (thread == s->test->threads.nr) {
		run_paths(s);
		return;
	}
	for (size_t i = 0; i < s->paths[thread].all.nr && !has_stopped(s);
	     i++) {
		s->chosen[thread] = &s->paths[thread].all.at[i];
		choose_paths(s, thread + 1);
	}
}

enum search_end search_executions(const struct litmus *test,
				  const struct search_ops *ops,
				  struct span *where)
{
	unsigned int nr = test->threads.nr;
	struct search s = {.test = test, .ops = ops};
	enum search_end end = SEARCH_DONE;

	s.model.in_order = ops->in_order;
	s.paths = cdma_xcalloc(nr + 1, sizeof(*s.paths));
	s.chosen = cdma_xcalloc(nr + 1, sizeof(*s.chosen));
	s.rows = cdma_xcalloc(test->locs.nr + 1, sizeof(*s.rows));
	for (unsigned int i = 0; i < nr && end == SEARCH_DONE; i++)
		if (!paths_find(&s.paths[i], test, i)) {
			*where = s.paths[i].overflow;
			end = SEARCH_TOO_LONG;
		}
	if (end == SEARCH_DONE) {
		paths_prune(s.paths, test);
		choose_paths(&s, 0);
	}
	if (s.stopped)
		end = SEARCH_STOPPED;
	for (unsigned int i = 0; i < nr; i++)
		paths_fini(&s.paths[i]);
	execution_fini(&s.x);
	free(s.kept);
	free(s.room);
	free(s.rows);
	free(s.chosen);
	free(s.paths);
	return end;
}

/* ---- one execution ---- */

static bool stop(void *aux, struct execution *x, struct model *model)
{
	(void)x;
	(void)model;
	*(bool *)aux = true;
	return false;
}

static void see_next(struct search *s, const uint32_t *sees, uint32_t read);

/* Let @read see @from, and the reads behind it what they may. */
static void let_see(struct search *s, const uint32_t *sees, uint32_t read,
		    uint32_t from)
{
	struct execution *x = &s->x;
	uint32_t to = x->events[read].pair, behind = x->behind[from];
	size_t co = keep(s);

	if (may_see(x, read, from) && order_by_reading(x, read, from) &&
	    (to == NO_EVENT || is_atomic(x, from, to))) {
		x->sees[read] = from;
		rel_add(x->rf, from, read);
		x->behind[from] = to == NO_EVENT ? behind : to;
		see_next(s, sees, read + 1);
		x->behind[from] = behind;
		x->sees[read] = NO_EVENT;
		rel_row(x->rf, from)[read / REL_BITS] &=
			~((uint64_t)1 << read % REL_BITS);
	}
	put_back(s, co, true);
}

static void see_next(struct search *s, const uint32_t *sees, uint32_t read)
{
	struct execution *x = &s->x;

	while (read < x->nr && !x->events[read].reads)
		read++;
	if (s->stopped)
		return;
	if (read < x->nr && sees[read] != NO_EVENT) {
		let_see(s, sees, read, sees[read]);
	} else if (read < x->nr) {
		for (uint32_t w = 0; w < x->nr; w++)
			let_see(s, sees, read, w);
	} else if (keep_atomic(x) && model_allows(&s->model, x)) {
		order_location(s, 0);
	}
}

bool search_allows(struct execution *x, const uint32_t *sees,
		   struct model_less less)
{
	bool found = false;
	struct search_ops ops = {.found = stop, .aux = &found};
	struct search s = {.test = x->test, .ops = &ops, .x = *x};

	s.rows = cdma_xcalloc(s.test->locs.nr + 1, sizeof(*s.rows));
	gather_rows(&s);
	s.model.less = less;
	model_begin(&s.model, &s.x);
	if (order_by_program(&s.x))
		see_next(&s, sees, 0);
	*x = s.x;
	free(s.kept);
	free(s.room);
	free(s.rows);
	return found;
}
