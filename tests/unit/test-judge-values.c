/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <cdma/region.h>
#include <stdlib.h>
#include <string.h>

#include "axiom/search.h"
#include "base/rng.h"
#include "explore/explore.h"
#include "judge-programs.h"
#include "litmus/scenario.h"
#include "run/machine.h"
#include "scene.h"

/*
 * The values of weak memory against the axioms.
 *
 * A program is explored as a scenario in weak memory: all schedules, and in
 * each all that each read may see.  What came out is held against all
 * executions that the axioms allow, but for those in which something is early
 * (see sim/axiom/in-order.c): which store each read saw, and the order
 * of the stores to each place, and so the final states, are the same.
 */

#include "judge-run.h"

/* What can come out, as text, sorted and each once. */
struct outcomes {
	CDMA_VEC(char *) all; /* owned */
};

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void outcomes_sort(struct outcomes *o)
{
	size_t nr = 0;

	if (o->all.nr)
		qsort(o->all.at, o->all.nr, sizeof(*o->all.at), compare);
	for (size_t i = 0; i < o->all.nr; i++)
		if (nr && !strcmp(o->all.at[nr - 1], o->all.at[i]))
			free(o->all.at[i]);
		else
			o->all.at[nr++] = o->all.at[i];
	o->all.nr = nr;
}

static bool outcomes_has(const struct outcomes *o, const char *text)
{
	return o->all.nr && bsearch(&text, o->all.at, o->all.nr,
				    sizeof(*o->all.at), compare);
}

static void outcomes_fini(struct outcomes *o)
{
	for (size_t i = 0; i < o->all.nr; i++)
		free(o->all.at[i]);
	cdma_vec_free(&o->all);
}

/* ---- an execution as text ---- */

static void add_state(struct cdma_text *out, const struct execution *x)
{
	const struct litmus *test = x->test;
	int64_t value;

	for (size_t i = 0; i < test->regs.nr + test->locs.nr; i++) {
		bool is_reg = i < test->regs.nr;
		struct litmus_shown at = {is_reg,
					  is_reg ? i : i - test->regs.nr};

		if (!is_reg && (test->locs.at[at.at].is_lock ||
				test->locs.at[at.at].is_hidden))
			continue;
		if (!execution_shown(x, at, &value))
			ck_abort_msg("no value");
		litmus_add_shown(out, test, at);
		cdma_text_addf(out, "=%lld; ", (long long)value);
	}
}

/* "P1:3", the event number 3 of that thread. */
static void add_event(struct cdma_text *out, const struct execution *x,
		      uint32_t e)
{
	const struct event *ev = &x->events[e];

	if (ev->thread == NO_THREAD)
		cdma_text_add(out, "init");
	else
		cdma_text_addf(out, "P%u:%u", ev->thread, e - ev->base);
}

static void add_order(struct cdma_text *out, const struct execution *x,
		      uint32_t loc)
{
	unsigned int nr = 0;

	for (uint32_t e = 0; e < x->nr; e++)
		nr += x->events[e].writes && x->events[e].loc == loc;
	if (nr < 3)
		return;
	cdma_text_addf(out, " %s:", x->test->locs.at[loc].name);
	for (unsigned int at = 1; at < nr; at++)
		for (uint32_t e = 0; e < x->nr; e++) {
			unsigned int before = 0;

			if (!x->events[e].writes || x->events[e].loc != loc)
				continue;
			for (uint32_t w = 0; w < x->nr; w++)
				before += rel_has(x->co, w, e);
			if (before != at)
				continue;
			cdma_text_addc(out, ' ');
			add_event(out, x, e);
		}
}

static char *describe(const struct execution *x)
{
	struct cdma_text out = {0};
	char *text;

	add_state(&out, x);
	cdma_text_addc(&out, '|');
	for (uint32_t e = 0; e < x->nr; e++) {
		if (!x->events[e].reads)
			continue;
		cdma_text_addc(&out, ' ');
		add_event(&out, x, e);
		cdma_text_addf(&out, "=%s@",
			       x->test->locs.at[x->events[e].loc].name);
		add_event(&out, x, x->sees[e]);
	}
	for (uint32_t loc = 0; loc < x->test->locs.nr; loc++)
		add_order(&out, x, loc);
	text = cdma_xstrdup(cdma_text_str(&out));
	cdma_text_fini(&out);
	return text;
}

/* ---- what the axioms allow ---- */

#define OUTCOMES_MAX 3000

static bool add_allowed(void *aux, struct execution *x, struct model *model)
{
	struct outcomes *allowed = aux;

	(void)model;
	*cdma_vec_push(&allowed->all) = describe(x);
	return allowed->all.nr < OUTCOMES_MAX;
}

static bool find_allowed(const struct judge *j, struct outcomes *allowed)
{
	struct search_ops ops = {
		.found = add_allowed, .aux = allowed, .in_order = true};
	struct span where;

	if (search_executions(j->test, &ops, &where) != SEARCH_DONE)
		return false;
	outcomes_sort(allowed);
	return true;
}

/* ---- what weak memory shows ---- */

/* Stores are in the order of the run. */
static void fill_in_order(struct judge *j)
{
	struct execution *x = &j->x;

	for (uint32_t v = 0; v < x->nr; v++)
		for (uint32_t w = 0; w < x->nr; w++)
			if (x->events[v].writes && x->events[w].writes &&
			    rel_has(x->loc, v, w) &&
			    (j->order[v] < j->order[w] ||
			     (j->order[v] == j->order[w] && v < w)))
				rel_add(x->co, v, w);
}

static void add_run(struct judge *j, struct outcomes *shown)
{
	keep_own(j);
	if (!try_paths(j, 0))
		ck_abort_msg("%s\nhas no such path", cdma_text_str(&j->litmus));
	fill_in_order(j);
	*cdma_vec_push(&shown->all) = describe(&j->x);
}

/* Returns: whether that was all. */
static bool find_shown(struct judge *j, struct outcomes *shown,
		       unsigned int most)
{
	struct explorer *explorer = explorer_new();
	struct machine_options options = {
		.strategy = &strategy_explore,
		.strategy_state = explorer,
		.memory = MEMORY_WEAK,
	};
	struct run_result result;
	bool more;

	j->machine = machine_new(j->program, &options);
	machine_observe_threads(j->machine, explorer_observer(explorer));
	machine_observe_threads(
		j->machine, (struct cdma_observer){.event = note, .aux = j});
	do {
		j->events.nr = 0;
		machine_run(j->machine, 0, 0, &result);
		if (result.end == RUN_DONE)
			add_run(j, shown);
		more = explorer_next(explorer);
	} while (more && --most);
	machine_free(j->machine);
	explorer_free(explorer);
	outcomes_sort(shown);
	return !more;
}

/* ---- both ---- */

struct sum {
	uint64_t compared, executions, differences;
	char *smallest; /* owned */
};

static void differ(struct sum *sum, const struct judge *j, const char *outcome,
		   const char *opinion)
{
	struct cdma_text text = {0};

	cdma_text_addf(&text, "%s\n%s\n%s", cdma_text_str(&j->litmus), outcome,
		       opinion);
	sum->differences++;
	if (!sum->smallest || strlen(sum->smallest) > text.len) {
		free(sum->smallest);
		sum->smallest = cdma_xstrdup(cdma_text_str(&text));
	}
	cdma_text_fini(&text);
}

/* What @these have, and @others have not. */
static void find_missing(struct sum *sum, const struct judge *j,
			 const struct outcomes *these,
			 const struct outcomes *others, const char *opinion)
{
	for (size_t i = 0; i < these->all.nr; i++)
		if (!outcomes_has(others, these->all.at[i]))
			differ(sum, j, these->all.at[i], opinion);
}

static void judge(uint64_t seed, struct sum *sum)
{
	struct judge j = {0};
	struct outcomes shown = {0}, allowed = {0};

	/* The seeds of later rows are of programs with more in them. */
	judge_program(seed, seed >= 4000000, &j.litmus);
	judge_begin(&j, "weak");
	if (find_allowed(&j, &allowed) && find_shown(&j, &shown, 20000)) {
		sum->compared++;
		sum->executions += allowed.all.nr;
		find_missing(sum, &j, &shown, &allowed,
			     "weak memory shows it, the axioms forbid it");
		find_missing(sum, &j, &allowed, &shown,
			     "the axioms allow it, weak memory never shows it");
	}
	outcomes_fini(&shown);
	outcomes_fini(&allowed);
	judge_fini(&j);
}

#define PROGRAMS 40

/* VALUES: how many programs, SEED: just this one; both for work by hand. */
START_TEST(weak_values_and_axioms_agree)
{
	const char *more = getenv("VALUES");
	uint64_t nr = more ? strtoull(more, NULL, 10) : PROGRAMS;
	struct sum sum = {0};

	if (getenv("SEED")) {
		judge(strtoull(getenv("SEED"), NULL, 10), &sum);
		nr = 0;
	}
	for (uint64_t i = 0; i < nr; i++)
		judge((uint64_t)_i * 1000000 + i, &sum);
	ck_assert_msg(!sum.differences, "%llu differences, such as\n%s",
		      (unsigned long long)sum.differences, sum.smallest);
	ck_assert_uint_ge(sum.compared, nr - nr / 10);
	ck_assert_uint_ge(sum.executions, sum.compared);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("judge-values");

	unit_add_rows(suite, weak_values_and_axioms_agree, 8);
	return suite;
}
