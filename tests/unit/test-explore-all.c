/* SPDX-License-Identifier: MIT */
/*
 * Exploring scenarios from the whole language: the same ends and findings as a
 * search without any reduction, and whatever random runs show.  That the whole
 * language is drawn is for test-any-program.
 *
 *	EXPLORE_CASES=100000 EXPLORE_FIRST=7000 CK_FORK=no test-explore-all
 *
 * draws as many scenarios more, from a number on.
 */
#include "any-program.h"
#include "search.h"

/* Executions without reduction, and with it, after which a scenario counts as
 * too large. */
#define NAIVE_MAX   3000
#define EXPLORE_MAX 4000

#define RANDOM_RUNS 60

/* What became of the scenarios. */
struct counts {
	uint64_t whole, part, large, wrong;
};

static void compare(const char *text, uint64_t nr, struct counts *counts)
{
	struct program *program = scene_program(text, 0);
	struct seen naive = {0}, explored = {0}, units = {0};

	explore_up_to(program, NULL, NULL, EXPLORE_MAX, &explored);
	if (explored.has_error || explored.is_cut) {
		counts->wrong += explored.has_error;
		counts->large += !explored.has_error;
		goto out;
	}
	/* A copy in one step, too, leaves nothing out. */
	for (size_t pc = 0; pc < program->marks.nr; pc++)
		program->marks.at[pc] &= (uint8_t)~MARK_ALONE;
	find_naively(program, NAIVE_MAX, &naive);
	if (naive.has_error) {
		ck_assert_msg(explored.has_error, "%llu: an error is lost:\n%s",
			      (unsigned long long)nr, text);
		counts->wrong++;
	} else if (naive.executions < NAIVE_MAX) {
		same(&naive, &explored, "explored", nr, text);
		if (nr % 4 == 0) {
			explore_in_units(program, 1 + nr / 4 % 3, &units);
			same(&naive, &units, "in units", nr, text);
		}
		counts->whole++;
	} else {
		find_at_random(program, RANDOM_RUNS, nr, &naive);
		among(&naive, &explored, nr, text);
		counts->part++;
	}
out:
	seen_fini(&naive);
	seen_fini(&explored);
	seen_fini(&units);
	program_free(program);
}

static void draw_program(uint64_t nr, struct cdma_text *text)
{
	struct cdma_rng rng = cdma_rng_case(2, nr);

	any_program(&rng, text);
}

static void check_programs(uint64_t first, uint64_t nr, struct counts *counts)
{
	for (uint64_t i = first; i < first + nr; i++) {
		struct cdma_text text = {0};

		draw_program(i, &text);
		compare(text.at, i, counts);
		cdma_text_fini(&text);
	}
}

START_TEST(any_programs)
{
	struct counts counts = {0};

	check_programs((uint64_t)_i * 100, 100, &counts);
	ck_assert_uint_gt(counts.whole, 30);
}
END_TEST

static uint64_t number(const char *name)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 10) : 0;
}

START_TEST(more_programs)
{
	struct counts c = {0};

	check_programs(number("EXPLORE_FIRST"), number("EXPLORE_CASES"), &c);
	if (number("EXPLORE_CASES"))
		printf("# %llu whole, %llu against random runs, %llu too "
		       "large, %llu with an error\n",
		       (unsigned long long)c.whole, (unsigned long long)c.part,
		       (unsigned long long)c.large,
		       (unsigned long long)c.wrong);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("explore-all");

	unit_add_rows(suite, any_programs, UNIT_SHARE(30));
	unit_add(suite, more_programs);
	return suite;
}
