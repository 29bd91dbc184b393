/* SPDX-License-Identifier: MIT */
#include "explore/tree.h"
#include "toy-dpor.h"

/*
 * A tree explored in units, by one dpor after the other as if they were far
 * away, visits what a single dpor does.
 */

#define OUT_MAX 16

/* How it is divided. */
struct split {
	size_t max;      /* units at a time */
	uint64_t budget; /* executions of a unit */
	bool rolling;    /* get another unit after each result */
};

static const struct split splits[] = {
	{1, 1, false},   {1, 3, false},  {1, 50, false}, {4, 1, false},
	{4, 3, false},   {4, 50, false}, {16, 1, false}, {16, 3, false},
	{16, 50, false}, {4, 2, true},   {16, 5, true},  {16, 50, true},
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
	dpor_free(d);
}

struct sent {
	struct dpor_unit unit;
	struct dpor_result result;
};

/* Explore what there is, in whatever order it comes back. */
static size_t send(const struct toy *p, struct tree *tree, struct sent *sent,
		   size_t max, struct found *found)
{
	struct dpor_unit units[OUT_MAX];
	size_t nr = tree_round(tree, units, max);

	for (size_t i = nr; i-- > 0;) {
		sent[i].unit = units[i];
		work(p, &units[i], &sent[i].result, found);
	}
	return nr;
}

static void receive(struct tree *tree, struct sent *sent)
{
	tree_apply(tree, sent->unit.number, &sent->result);
	dpor_unit_fini(&sent->unit);
	dpor_result_fini(&sent->result);
}

/* @peak: most branches at a time. */
static struct counts divided(const struct toy *p, const struct split *split,
			     struct found *found, size_t *peak)
{
	struct tree *tree = tree_new(split->budget);
	struct sent sent[OUT_MAX] = {0};
	struct counts counts;
	size_t nr = 0;

	for (;;) {
		size_t taken = split->rolling ? 1 : split->max;

		nr += send(p, tree, &sent[nr], split->max - nr, found);
		if (!nr)
			break;
		taken = nr < taken ? nr : taken;
		for (size_t i = 0; i < taken; i++)
			receive(tree, &sent[i]);
		nr -= taken;
		memmove(sent, &sent[taken], nr * sizeof(*sent));
		memset(&sent[nr], 0, taken * sizeof(*sent));
		if (peak && *peak < tree_size(tree))
			*peak = tree_size(tree);
	}
	ck_assert_uint_eq(tree_size(tree), 1);
	ck_assert_uint_eq(tree_nr_out(tree), 0);
	counts = (struct counts){tree_executions(tree), tree_blocked(tree)};
	tree_free(tree);
	return counts;
}

static void check(struct toy p, const char *name, uint64_t want)
{
	for (size_t i = 0; i < ARRAY_SIZE(splits); i++) {
		struct counts got = divided(&p, &splits[i], NULL, NULL);

		ck_assert_msg(got.executions == want,
			      "%s, %zu units%s of %llu: want %llu, got %llu "
			      "executions and %llu blocked",
			      name, splits[i].max,
			      splits[i].rolling ? " at any time" : "",
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
	check(lastzero(8), "lastzero(8)", 704);
	check(ring(4), "ring(4)", 31);
	check(mixed(), "mixed", 2);
	check(locked(4), "locked(4)", 24);
	check(waiting(5), "waiting", 1);
	check(bumping(4), "bumping", 24);
	check(polled(3, 2), "polled", 177);
}
END_TEST

/* Every class is visited, and none twice. */
START_TEST(random_programs)
{
	struct cdma_rng rng = cdma_rng_case(1, 2);
	static struct found one, many;
	uint64_t blocked = 0, blocked_alone = 0, executions = 0;

	for (size_t i = 0; i < 1500; i++) {
		const struct split *split = &splits[i % ARRAY_SIZE(splits)];
		struct toy p = i % 5 == 0   ? draw_weak(&rng)
			       : i % 5 == 1 ? draw_wide(&rng)
					    : draw(&rng);
		struct counts alone, got;

		if (reduced(&p, NULL).executions > ARRAY_SIZE(one.classes.at))
			continue;
		memset(&one, 0, sizeof(one));
		memset(&many, 0, sizeof(many));
		alone = reduced(&p, &one);
		got = divided(&p, split, &many, NULL);
		blocked += got.blocked;
		executions += got.executions;
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
	/* Source sets begin executions that are none. */
	ck_assert_uint_lt(blocked, blocked_alone + executions / 50);
}
END_TEST

/* What has been explored is forgotten: what stays is the way to what has not
 * been, and what sleeps beside it. */
START_TEST(memory)
{
	struct toy p = lastzero(9);
	size_t one = 0, many = 0;

	divided(&p, &splits[2], NULL, &one);
	divided(&p, &splits[8], NULL, &many);
	ck_assert_uint_lt(one, 200);
	ck_assert_uint_lt(many, 200);
}
END_TEST

/* Units are as large as the budget, not as what a row is about. */
START_TEST(few_units)
{
	struct toy p = lastzero(10);
	struct tree *tree = tree_new(100);
	struct sent sent[4] = {0};
	uint32_t units = 0;
	size_t nr;

	while ((nr = send(&p, tree, sent, ARRAY_SIZE(sent), NULL))) {
		for (size_t i = 0; i < nr; i++)
			receive(tree, &sent[i]);
		units += (uint32_t)nr;
	}
	ck_assert_uint_eq(tree_executions(tree), 3328);
	ck_assert_uint_lt(units, 3328 / 5);
	tree_free(tree);
}
END_TEST

/* A unit that is lost is counted, and nothing waits for it. */
START_TEST(lost_units)
{
	struct toy p = lastzero(6);
	struct tree *tree = tree_new(5);
	struct sent sent[4] = {0};
	uint32_t lost = 0;
	size_t nr;

	while ((nr = send(&p, tree, sent, ARRAY_SIZE(sent), NULL)))
		for (size_t i = 0; i < nr; i++) {
			if (sent[i].unit.number % 5 != 3) {
				receive(tree, &sent[i]);
				continue;
			}
			lost++;
			tree_lost(tree, sent[i].unit.number);
			dpor_unit_fini(&sent[i].unit);
			dpor_result_fini(&sent[i].result);
		}
	ck_assert_uint_gt(lost, 0);
	ck_assert_uint_eq(tree_nr_lost(tree), lost);
	ck_assert_uint_gt(tree_executions(tree), 20);
	ck_assert_uint_lt(tree_executions(tree), 144);
	tree_free(tree);
}
END_TEST

/* When plain accesses have met, everything is explored again, with plain
 * accesses. */
START_TEST(plain)
{
	struct toy p = sb(3);
	struct tree *tree = tree_new(3);
	struct sent sent = {0};
	uint32_t was_plain = 0;

	while (send(&p, tree, &sent, 1, NULL)) {
		ck_assert_uint_eq(sent.unit.plain, tree_plain(tree));
		was_plain += sent.unit.plain;
		ck_assert(sent.unit.plain || tree_executions(tree) < 7);
		sent.result.met = sent.unit.number == 1;
		receive(tree, &sent);
	}
	ck_assert(tree_met(tree));
	ck_assert_uint_gt(was_plain, 0);
	ck_assert_uint_eq(tree_executions(tree), 14);
	tree_free(tree);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("tree");

	unit_add(suite, known_counts);
	unit_add(suite, random_programs);
	unit_add(suite, memory);
	unit_add(suite, few_units);
	unit_add(suite, lost_units);
	unit_add(suite, plain);
	return suite;
}
