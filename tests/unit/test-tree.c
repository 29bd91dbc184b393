/* SPDX-License-Identifier: MIT */
#include "explore/tree.h"
#include "toy-dpor.h"

/*
 * A tree explored in units, by one dpor after the other as if they were far
 * away, visits what a single dpor does.
 */

#define ROUND_MAX 16

/* How it is divided. */
struct split {
	size_t max;      /* units at a time */
	uint64_t budget; /* executions of a unit */
};

static const struct split splits[] = {
	{1, 1},  {1, 3},  {1, 50}, {4, 1},   {4, 3},
	{4, 50}, {16, 1}, {16, 3}, {16, 50},
};

/* Have @unit explored by somebody new. */
static void work(const struct toy *p, const struct dpor_unit *unit,
		 struct dpor_result *result, struct found *found)
{
	struct dpor *d = dpor_new();

	dpor_unit_begin(d, unit);
	do
		run_dpor(p, d, found);
	while (dpor_end(d));
	dpor_unit_end(d, result);
	ck_assert(!unit->budget || result->executions <= unit->budget);
	dpor_free(d);
}

/* @peak: most branches at a time. */
static struct counts divided(const struct toy *p, const struct split *split,
			     struct found *found, size_t *peak)
{
	struct tree *tree = tree_new(split->budget);
	struct dpor_unit units[ROUND_MAX];
	struct dpor_result results[ROUND_MAX] = {0};
	struct counts counts;
	size_t nr;

	while ((nr = tree_round(tree, units, split->max))) {
		/* In whatever order they come back. */
		for (size_t i = nr; i-- > 0;)
			work(p, &units[i], &results[i], found);
		for (size_t i = 0; i < nr; i++) {
			tree_apply(tree, units[i].number, &results[i]);
			dpor_unit_fini(&units[i]);
			if (peak && *peak < tree_size(tree))
				*peak = tree_size(tree);
		}
	}
	for (size_t i = 0; i < ROUND_MAX; i++)
		dpor_result_fini(&results[i]);
	ck_assert_uint_eq(tree_size(tree), 1);
	counts = (struct counts){tree_executions(tree), tree_blocked(tree)};
	tree_free(tree);
	return counts;
}

static void check(struct toy p, const char *name, uint64_t want)
{
	for (size_t i = 0; i < ARRAY_SIZE(splits); i++) {
		struct counts got = divided(&p, &splits[i], NULL, NULL);

		ck_assert_msg(got.executions == want && !got.blocked,
			      "%s, %zu units of %llu: want %llu, got %llu "
			      "executions and %llu blocked",
			      name, splits[i].max,
			      (unsigned long long)splits[i].budget,
			      (unsigned long long)want,
			      (unsigned long long)got.executions,
			      (unsigned long long)got.blocked);
	}
}

START_TEST(known_counts)
{
	for (uint32_t n = 1; n <= 10; n += 3)
		check(readers(n), "readers", (uint64_t)1 << n);
	for (uint32_t n = 2; n <= 6; n++)
		check(sb(n), "sb", ((uint64_t)1 << n) - 1);
	check(lastzero(5), "lastzero(5)", 64);
	check(lastzero(10), "lastzero(10)", 3328);
	check(ring(4), "ring(4)", 31);
	check(mixed(), "mixed", 2);
	check(locked(4), "locked(4)", 24);
	check(waiting(5), "waiting", 1);
	check(bumping(4), "bumping", 24);
}
END_TEST

/* Every class is visited, and none twice. */
START_TEST(random_programs)
{
	struct cdma_rng rng = cdma_rng_case(1, 2);
	static struct found one, many;
	uint64_t blocked = 0, blocked_alone = 0;

	for (size_t i = 0; i < 1000; i++) {
		const struct split *split = &splits[i % ARRAY_SIZE(splits)];
		struct toy p = draw(&rng);
		struct counts alone, got;

		memset(&one, 0, sizeof(one));
		memset(&many, 0, sizeof(many));
		alone = reduced(&p, &one);
		got = divided(&p, split, &many, NULL);
		blocked += got.blocked;
		blocked_alone += alone.blocked;
		ck_assert_msg(got.executions == alone.executions &&
				      one.states.nr == many.states.nr &&
				      one.classes.nr == many.classes.nr,
			      "program %zu: %llu of %llu executions, %zu of "
			      "%zu classes",
			      i, (unsigned long long)got.executions,
			      (unsigned long long)alone.executions,
			      many.classes.nr, one.classes.nr);
		for (size_t k = 0; k < one.classes.nr; k++)
			ck_assert(!add(&many.classes, one.classes.at[k]));
	}
	/* A row may come when one that begins alike has been found impossible,
	 * and so is found impossible again. */
	ck_assert_uint_le(blocked, blocked_alone + blocked_alone / 20);
}
END_TEST

/* What has been explored is forgotten: what stays are rows, as in a single
 * dpor, and what many units at a time are about. */
START_TEST(memory)
{
	struct toy p = lastzero(9);
	size_t one = 0, many = 0;

	divided(&p, &splits[2], NULL, &one);
	divided(&p, &splits[8], NULL, &many);
	ck_assert_uint_lt(many, one + one / 4);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("tree");

	unit_add(suite, known_counts);
	unit_add(suite, random_programs);
	unit_add(suite, memory);
	return suite;
}
