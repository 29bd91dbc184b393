/* SPDX-License-Identifier: MIT */
#include "axiom/walk.h"

#include <string.h>

/*
 * A thread is walked again and again, each time with other answers to where the
 * way parts: the last answer that can be another is, and those behind it are
 * asked anew.
 */

/* ---- where the way parts ---- */

unsigned int walk_ask(struct walk *w, unsigned int nr)
{
	if (w->nr_asked == w->answers.nr)
		*cdma_vec_push(&w->answers) = (struct answer){0, nr};
	return w->answers.at[w->nr_asked++].is;
}

void walk_demand(struct walk *w, const struct value *value, int64_t n,
		 bool differs)
{
	if (value->kind != VALUE_NUMBER)
		*cdma_vec_push(&w->demands) =
			(struct demand){value, n, differs};
	else if ((value->number == n) == differs)
		w->ended = w->is_impossible = true;
}

/* Whether @value is not 0: known, or answered. */
bool walk_is_true(struct walk *w, const struct value *value)
{
	bool yes;

	if (value->kind == VALUE_NUMBER)
		return value->number != 0;
	yes = !walk_ask(w, 2);
	walk_demand(w, value, 0, yes);
	return yes;
}

/* The location at @value. */
uint32_t walk_locate(struct walk *w, const struct value *value)
{
	const struct litmus *test = w->test;
	unsigned int nr = 0, answer;
	uint32_t loc;

	if (value->kind == VALUE_NUMBER) {
		if (litmus_loc_at(test, value->number, &loc))
			return loc;
		w->ended = w->is_lost = true;
		return NO_LOC;
	}
	for (loc = 0; loc < test->locs.nr; loc++)
		nr += test->locs.at[loc].is_pointed;
	answer = walk_ask(w, nr + 1);
	for (loc = 0; loc < test->locs.nr && answer < nr; loc++)
		if (test->locs.at[loc].is_pointed && !answer--) {
			walk_demand(w, value, litmus_address(loc), false);
			return loc;
		}
	for (loc = 0; loc < test->locs.nr; loc++)
		if (test->locs.at[loc].is_pointed)
			walk_demand(w, value, litmus_address(loc), true);
	w->ended = w->is_lost = true;
	return NO_LOC;
}

/* ---- expressions ---- */

/* `&&' and `||' look at their right side where the left one does not tell. */
static struct result lazily(struct walk *w, const struct litmus_expr *e)
{
	struct result a = walk_expression(w, e->a), b;
	bool is_either = e->op == LITMUS_OP_EITHER;
	uint64_t earlier = w->earlier, control = w->control;

	if (w->ended)
		return a;
	if (walk_is_true(w, a.value) == is_either) {
		a.value = value_number(w, is_either);
		return a;
	}
	w->earlier |= a.did;
	w->control |= a.data | a.ctrl;
	b = walk_expression(w, e->b);
	w->earlier = earlier;
	w->control = control;
	if (w->ended)
		return b;
	b.value = value_computed(w, LITMUS_OP_NE, b.value, value_number(w, 0));
	b.data |= a.data;
	b.ctrl |= a.ctrl;
	b.did |= a.did;
	return b;
}

static struct result both(struct walk *w, const struct litmus_expr *e)
{
	struct result a = walk_expression(w, e->a);
	struct result b = walk_expression(w, e->b);

	if (w->ended)
		return a;
	a.value = value_computed(w, e->op, a.value, b.value);
	a.data |= b.data;
	a.ctrl |= b.ctrl;
	a.did |= b.did;
	return a;
}

struct result walk_expression(struct walk *w, const struct litmus_expr *e)
{
	const struct reg *reg;

	if (w->ended || e->kind == LITMUS_NUMBER)
		return (struct result){.value = value_number(w, e->number)};
	switch (e->kind) {
	case LITMUS_REG:
		reg = &w->regs[e->reg];
		return (struct result){reg->value, reg->data, reg->ctrl, 0};
	case LITMUS_OP:
		return e->op == LITMUS_OP_ALSO || e->op == LITMUS_OP_EITHER
			       ? lazily(w, e)
			       : both(w, e);
	default:
		return walk_act(w, e->action);
	}
}

/* ---- statements ---- */

static void statements(struct walk *w, const struct litmus_stmt *s);

static uint64_t reads_in(const struct walk *w, uint64_t events)
{
	uint64_t reads = 0;

	for (unsigned int i = 0; i < w->nr_events; i++)
		if (events & BIT(i) && w->events[i].reads &&
		    !(w->events[i].tags & TAGGED(LKR)))
			reads |= BIT(i);
	return reads;
}

/* All that was read for a condition decides, also addresses. */
static void branch(struct walk *w, const struct litmus_stmt *s)
{
	struct result cond = walk_expression(w, s->expr);
	uint64_t outer = w->control;
	bool yes;

	if (w->ended)
		return;
	w->earlier |= cond.did;
	for (uint64_t did = cond.did; did; did &= did - 1)
		w->control |= w->events[__builtin_ctzll(did)].addr;
	w->control |= cond.data | cond.ctrl | reads_in(w, cond.did);
	yes = walk_is_true(w, cond.value);
	statements(w, yes ? s->yes : s->no);
	w->control = outer;
}

static void statement(struct walk *w, const struct litmus_stmt *s)
{
	struct result result;

	if (s->kind == LITMUS_IF) {
		branch(w, s);
		return;
	}
	result = walk_expression(w, s->expr);
	w->earlier |= result.did;
	if (s->kind == LITMUS_SET_REG && !w->ended)
		w->regs[s->reg] = (struct reg){result.value, result.data,
					       result.ctrl | w->control};
}

static void statements(struct walk *w, const struct litmus_stmt *s)
{
	for (; s && !w->ended; s = s->next)
		statement(w, s);
}

/* ---- all paths ---- */

static void *keep(struct walk *w, const void *from, size_t size)
{
	void *to = cdma_arena_alloc(&w->paths->arena, size);

	if (size)
		memcpy(to, from, size);
	return to;
}

static void keep_path(struct walk *w)
{
	size_t nr = w->test->regs.nr;
	struct path path = {
		.nr_events = w->nr_events,
		.nr_demands = (unsigned int)w->demands.nr,
		.is_lost = w->is_lost,
	};

	path.events = keep(w, w->events, w->nr_events * sizeof(*w->events));
	path.demands =
		keep(w, w->demands.at, w->demands.nr * sizeof(*w->demands.at));
	path.regs =
		cdma_arena_alloc(&w->paths->arena, nr * sizeof(*path.regs) + 1);
	for (size_t i = 0; i < nr; i++)
		path.regs[i] = w->regs[i].value;
	*cdma_vec_push(&w->paths->all) = path;
}

static void walk(struct walk *w, unsigned int thread)
{
	const struct litmus *test = w->test;

	for (size_t i = 0; i < test->regs.nr; i++)
		w->regs[i] = (struct reg){
			.value = value_number(w, test->regs.at[i].init),
		};
	w->nr_events = 0;
	w->demands.nr = 0;
	w->nr_asked = 0;
	w->earlier = w->control = 0;
	w->ended = w->is_impossible = w->is_lost = false;
	statements(w, test->threads.at[thread].body);
	if (!w->is_impossible && !w->overflows)
		keep_path(w);
}

/* Whether there is another way. */
static bool other_answers(struct walk *w)
{
	w->answers.nr = w->nr_asked;
	while (w->answers.nr) {
		struct answer *last = cdma_vec_last(&w->answers);

		if (++last->is < last->nr)
			return true;
		w->answers.nr--;
	}
	return false;
}

bool paths_find(struct path_list *paths, const struct litmus *test,
		unsigned int thread)
{
	struct walk w = {.test = test, .paths = paths};
	bool more = true;

	w.regs = cdma_xcalloc(test->regs.nr + 1, sizeof(*w.regs));
	while (more && !w.overflows && paths->all.nr < PATHS_MAX) {
		walk(&w, thread);
		more = other_answers(&w);
	}
	cdma_vec_free(&w.demands);
	cdma_vec_free(&w.answers);
	free(w.regs);
	return !more && !w.overflows;
}

void paths_fini(struct path_list *paths)
{
	cdma_vec_free(&paths->all);
	cdma_arena_fini(&paths->arena);
}
