/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SEARCH_H
#define TESTS_SEARCH_H

/*
 * Searches to compare: one without any reduction, random runs, and exploring,
 * alone and in units.  What each has seen is a set of ends and one of findings.
 */

#include "base/rng.h"
#include "explore/explore.h"
#include "explore/tree.h"
#include "scene.h"

/* ---- a search without any reduction ---- */

struct answer {
	uint32_t is, of;
};

/* Depth first over all answers. */
struct naive {
	CDMA_VEC(struct answer) answers;
	size_t at;
};

static inline void naive_begin(void *state, uint64_t seed, uint64_t index)
{
	struct naive *n = state;

	(void)seed, (void)index;
	n->at = 0;
}

static inline uint32_t naive_choose(void *state, const struct choice *choice)
{
	struct naive *n = state;

	if (n->at == n->answers.nr)
		*cdma_vec_push(&n->answers) = (struct answer){0, choice->nr};
	ck_assert_uint_eq(n->answers.at[n->at].of, choice->nr);
	return n->answers.at[n->at++].is;
}

static inline bool naive_next(struct naive *n)
{
	while (n->answers.nr) {
		struct answer *last = cdma_vec_last(&n->answers);

		if (++last->is < last->of)
			return true;
		n->answers.nr--;
	}
	return false;
}

static const struct strategy_ops strategy_naive = {
	.name = "naive",
	.begin = naive_begin,
	.choose = naive_choose,
};

/* ---- what they find ---- */

/* A set of numbers other than 0; open addressing. */
struct numbers {
	uint64_t *at; /* owned */
	size_t nr, room;
};

static inline uint64_t *number_place(const struct numbers *set, uint64_t nr)
{
	size_t i = (size_t)nr;

	for (;; i++) {
		uint64_t *at = &set->at[i & (set->room - 1)];

		if (!*at || *at == nr)
			return at;
	}
}

static inline bool has_number(const struct numbers *set, uint64_t nr)
{
	return set->room && *number_place(set, nr);
}

static inline void add_number(struct numbers *set, uint64_t nr)
{
	struct numbers old = *set;
	uint64_t *at;

	if (set->nr >= set->room / 2) {
		set->room = old.room ? 2 * old.room : 64;
		set->at = cdma_xcalloc(set->room, sizeof(*set->at));
		for (size_t i = 0; i < old.room; i++)
			if (old.at[i])
				*number_place(set, old.at[i]) = old.at[i];
		free(old.at);
	}
	at = number_place(set, nr);
	set->nr += !*at;
	*at = nr;
}

/* Whether all of @a is in @b. */
static inline bool numbers_are_among(const struct numbers *a,
				     const struct numbers *b)
{
	for (size_t i = 0; i < a->room; i++)
		if (a->at[i] && !has_number(b, a->at[i]))
			return false;
	return true;
}

static inline bool same_numbers(const struct numbers *a,
				const struct numbers *b)
{
	return a->nr == b->nr && numbers_are_among(a, b);
}

/* Everything that one search found. */
struct seen {
	struct numbers ends, findings;
	uint64_t executions;
	bool has_error;      /* the scenario did what none may */
	bool is_cut;         /* there was more than it should try */
	uint64_t actors[16]; /* what each did and read in this run */
};

static inline uint64_t mix(uint64_t h, uint64_t nr)
{
	h = (h ^ nr) * 0x9e3779b97f4a7c15u;
	return (h ^ h >> 29) | 1;
}

static inline void watch(void *aux, const struct cdma_event *ev)
{
	struct seen *seen = aux;
	uint64_t *h = &seen->actors[ev->actor % ARRAY_SIZE(seen->actors)];

	*h = mix(mix(*h, ev->kind), ev->object);
	*h = mix(mix(*h, ev->offset), ev->value);
}

static inline void note_finding(struct seen *seen, const struct cdma_finding *f)
{
	uint64_t here = (uintptr_t)f->at.site;
	uint64_t there = (uintptr_t)f->against.site;

	/* Which of the two came first depends on who was run first. */
	add_number(&seen->findings,
		   mix(mix(mix(1, f->id), here + there), here ^ there));
}

/* The run that @m did. */
static inline void note_run(struct seen *seen, struct machine *m)
{
	const struct cdma_findings *all = machine_findings(m);
	uint64_t h = 1;

	for (size_t i = 0; i < ARRAY_SIZE(seen->actors); i++)
		h = mix(h, seen->actors[i]);
	add_number(&seen->ends, h);
	seen->executions++;
	for (size_t i = 0; i < cdma_findings_nr(all); i++)
		note_finding(seen, cdma_findings_at(all, i));
}

static inline enum run_end run_once(struct machine *m, struct seen *seen)
{
	struct run_result result;

	memset(seen->actors, 0, sizeof(seen->actors));
	machine_run(m, 0, 0, &result);
	seen->has_error |= result.end == RUN_ERROR;
	if (result.end != RUN_GIVEN_UP)
		note_run(seen, m);
	return result.end;
}

static inline void seen_fini(struct seen *seen)
{
	free(seen->ends.at);
	free(seen->findings.at);
}

static inline void find_naively(const struct program *program, uint64_t max,
				struct seen *seen)
{
	struct naive n = {0};
	struct machine_options options = {
		.strategy = &strategy_naive,
		.strategy_state = &n,
	};
	struct machine *m = machine_new(program, &options);

	machine_observe(m, (struct cdma_observer){watch, seen});
	do
		run_once(m, seen);
	while (!seen->has_error && seen->executions < max && naive_next(&n));
	machine_free(m);
	cdma_vec_free(&n.answers);
}

/* @nr runs, every other with priorities; @seed names them. */
static inline void find_at_random(const struct program *program, uint64_t nr,
				  uint64_t seed, struct seen *seen)
{
	static const char *const names[] = {"random", "pct"};
	struct run_result result;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct machine_options options = {
			.strategy = strategy_find(names[i])};
		struct machine *m = machine_new(program, &options);

		machine_observe(m, (struct cdma_observer){watch, seen});
		for (uint64_t k = 0; k < nr / 2; k++) {
			memset(seen->actors, 0, sizeof(seen->actors));
			machine_run(m, seed, k, &result);
			if (result.end == RUN_ERROR)
				break;
			note_run(seen, m);
		}
		machine_free(m);
	}
}

/*
 * Explore, up to @max executions and those that led nowhere.
 *
 * @unit: NULL: everything.
 */
static inline void explore_up_to(const struct program *program,
				 const struct dpor_unit *unit,
				 struct dpor_result *result, uint64_t max,
				 struct seen *seen)
{
	uint64_t runs = 0;
	struct explorer *e = explorer_new();
	struct machine_options options = {
		.strategy = &strategy_explore,
		.strategy_state = e,
	};
	struct machine *m = machine_new(program, &options);

	machine_observe(m, explorer_observer(e));
	machine_observe(m, (struct cdma_observer){watch, seen});
	if (unit)
		explorer_unit_begin(e, unit);
	do
		run_once(m, seen);
	while (explorer_next(e) && !seen->has_error && ++runs < max);
	seen->is_cut = runs >= max;
	if (unit)
		explorer_unit_end(e, result);
	machine_free(m);
	explorer_free(e);
}

static inline void explore(const struct program *program,
			   const struct dpor_unit *unit,
			   struct dpor_result *result, struct seen *seen)
{
	explore_up_to(program, unit, result, UINT64_MAX, seen);
}

static inline void explore_in_units(const struct program *program, size_t max,
				    struct seen *seen)
{
	struct tree *tree = tree_new(1);
	struct dpor_unit units[4];
	size_t nr;

	while ((nr = tree_round(tree, units, max))) {
		struct dpor_result results[ARRAY_SIZE(units)] = {{0}};

		for (size_t i = nr; i-- > 0;)
			explore(program, &units[i], &results[i], seen);
		for (size_t i = 0; i < nr; i++) {
			tree_apply(tree, units[i].number, &results[i]);
			dpor_unit_fini(&units[i]);
			dpor_result_fini(&results[i]);
		}
	}
	tree_free(tree);
}

/* ---- whether they agree ---- */

/* Scenario number @nr, @text: @b, which went @how, has what @a has. */
static inline void same(const struct seen *a, const struct seen *b,
			const char *how, uint64_t nr, const char *text)
{
	ck_assert_msg(same_numbers(&a->ends, &b->ends),
		      "%llu, %s: %zu ends instead of %zu:\n%s",
		      (unsigned long long)nr, how, b->ends.nr, a->ends.nr,
		      text);
	ck_assert_msg(same_numbers(&a->findings, &b->findings),
		      "%llu, %s: %zu findings instead of %zu:\n%s",
		      (unsigned long long)nr, how, b->findings.nr,
		      a->findings.nr, text);
}

/* @all has all that @some has. */
static inline void among(const struct seen *some, const struct seen *all,
			 uint64_t nr, const char *text)
{
	ck_assert_msg(numbers_are_among(&some->findings, &all->findings),
		      "%llu: a finding is lost:\n%s", (unsigned long long)nr,
		      text);
	ck_assert_msg(numbers_are_among(&some->ends, &all->ends),
		      "%llu: an end is lost:\n%s", (unsigned long long)nr,
		      text);
}

#endif /* TESTS_SEARCH_H */
