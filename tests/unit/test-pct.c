/* SPDX-License-Identifier: MIT */
/*
 * Probabilistic concurrency testing: its guarantee, on bugs of known depth.
 */
#include "scene.h"

#include "sched/strategy.h"

/*
 * In each, some assertion fails when d constraints on the order of steps hold;
 * beside them, there are steps that do not matter.
 */
#define NOISE "for (i in 0..8) WRITE_ONCE(z, i);\n"
#define VARS  "scenario t \"t\"; shared u32 x; shared u32 y; shared u32 z;\n"

/* Depth 1: the reader comes first. */
#define USE_BEFORE_INIT                                                        \
	VARS "thread a on cpu { WRITE_ONCE(x, 1); " NOISE "}\n"                \
	     "thread b on cpu { " NOISE "assert(READ_ONCE(x)); }\n"

/* Depth 2: the reader comes between two stores. */
#define NOT_ATOMIC                                                             \
	VARS "thread a on cpu { " NOISE                                        \
	     "WRITE_ONCE(x, 1); WRITE_ONCE(x, 0);\n" NOISE "}\n"               \
	     "thread b on cpu { " NOISE "assert(!READ_ONCE(x)); }\n"

/* Depth 3: the reader comes between two stores, which come between two steps
 * of the reader. */
#define TWICE                                                                  \
	VARS "thread a on cpu { " NOISE "WRITE_ONCE(x, 1);\n"                  \
	     "assert(READ_ONCE(y) != 1); }\n"                                  \
	     "thread b on cpu { if (READ_ONCE(x)) { WRITE_ONCE(y, 1);\n" NOISE \
	     "WRITE_ONCE(y, 2); } }\n"

static const struct {
	const char *text;
	uint32_t depth;
} bugs[] = {
	{USE_BEFORE_INIT, 1},
	{NOT_ATOMIC, 2},
	{TWICE, 3},
};

#define RUNS 10000

static bool has_failed(const struct cdma_findings *found)
{
	for (size_t i = 0; i < cdma_findings_nr(found); i++)
		if (cdma_findings_at(found, i)->id == CDMA_FINDING_ASSERTION)
			return true;
	return false;
}

static uint64_t hits(const struct program *program, uint32_t depth,
		     uint64_t seed)
{
	struct cdma_text word = {0}, err = {0};
	struct strategy pct;
	struct machine_options options = {0};
	struct run_result result;
	struct machine *m;
	uint64_t nr = 0;

	cdma_text_addf(&word, "pct:%u", depth);
	ck_assert_int_eq(strategy_parse(word.at, &pct, &err), 0);
	options.strategy = pct.ops;
	options.strategy_state = pct.state;
	m = machine_new(program, &options);
	for (uint64_t i = 0; i < RUNS; i++) {
		machine_run(m, seed, i, &result);
		nr += has_failed(machine_findings(m));
	}
	machine_free(m);
	strategy_free(&pct);
	cdma_text_fini(&word);
	return nr;
}

/* The questions of the longest run, at most: all steps but the last. */
static uint64_t length(const struct program *program)
{
	struct machine *m = machine_new(program, NULL);
	struct run_result result;
	uint64_t most = 0;

	for (uint64_t i = 0; i < 1000; i++) {
		machine_run(m, 1, i, &result);
		if (result.steps > most)
			most = result.steps;
	}
	machine_free(m);
	return most;
}

/*
 * At least as often as 1 / (n k^(d-1)), less a little, since for a depth of 1
 * that is just how often; and never with a depth less, so the
 * depth is what it is said to be.
 */
START_TEST(guarantee)
{
	struct program *program = scene_program(bugs[_i].text, 0);
	uint64_t bound = RUNS / program->sections.nr;

	for (uint32_t i = 1; i < bugs[_i].depth; i++)
		bound /= length(program);
	bound -= bound / 16;
	ck_assert_uint_gt(bound, 0);
	for (uint64_t seed = 1; seed <= 2; seed++)
		ck_assert_uint_ge(hits(program, bugs[_i].depth, seed), bound);
	if (bugs[_i].depth > 1)
		ck_assert_uint_eq(hits(program, bugs[_i].depth - 1, 1), 0);
	program_free(program);
}
END_TEST

/* A run is named by seed and index, whatever was run before. */
START_TEST(same_run)
{
	struct program *program = scene_program(TWICE, 0);
	struct machine_options options = {.strategy = _i ? &strategy_mixed
							 : &strategy_pct};
	struct machine *a = machine_new(program, &options);
	struct machine *b = machine_new(program, &options);
	struct run_result ra, rb;

	for (uint64_t i = 0; i < 50; i++)
		machine_run(a, 1, i, &ra);
	for (uint64_t i = 0; i < 50; i++) {
		machine_run(a, 1, i, &ra);
		machine_run(b, 1, 49 - i, &rb);
		machine_run(b, 1, i, &rb);
		ck_assert_uint_eq(ra.steps, rb.steps);
		ck_assert_uint_eq(ra.events, rb.events);
	}
	machine_free(a);
	machine_free(b);
	program_free(program);
}
END_TEST

/* What the default number of schedules shows when nobody says how to draw them,
 * and what no walk at random would. */
static const char *const deep[] = {
	/* One switch, after a long row of steps. */
	"scenario t \"t\"; device d; shared u32 z;\n"
	"setup { coherent b = dma_alloc_coherent(d, le32[1], ZEROED); }\n"
	"thread a on cpu { for (i in 0..40) WRITE_ONCE(z, i); f: free(b); }\n"
	"thread u on cpu { u32 x = READ_ONCE(z);\n"
	"	r: u32 v = READ_ONCE(b[0]); }\n"
	"expect cpu_uaf at r against f;\n",
	/* Two threads before the first step of the third. */
	VARS
	"thread a on cpu { " NOISE NOISE "WRITE_ONCE(x, 1); }\n"
	"thread b on cpu { " NOISE NOISE "WRITE_ONCE(y, 1); }\n"
	"thread c on cpu { u32 v = READ_ONCE(x); u32 w = READ_ONCE(y);\n" NOISE
	"n: assert(!v || !w); }\n"
	"expect assertion at n;\n",
	/* Many switches, and each may be the wrong one. */
	VARS "thread a on cpu { for (i in 0..3) { WRITE_ONCE(x, i);\n"
	     "	if (READ_ONCE(y) != i) return; } n: assert(0); }\n"
	     "thread b on cpu { for (i in 0..3) {\n"
	     "	if (READ_ONCE(x) != i) return; WRITE_ONCE(y, i); } }\n"
	     "expect assertion at n;\n",
};

START_TEST(found)
{
	struct program *program = scene_program(deep[_i], 0);
	struct campaign *c = scene_run(program, CAMPAIGN_SCHEDULES);

	ck_assert(campaign_expect(c, 0)->met);
	campaign_free(c);
	program_free(program);
}
END_TEST

static const struct {
	const char *word, *message;
} errors[] = {
	{"pct:0", "pct:0: the depth is a number from 1 to 16"},
	{"pct:17", "pct:17: the depth is a number from 1 to 16"},
	{"pct:", "pct:: the depth is a number from 1 to 16"},
	{"pct:2x", "pct:2x: the depth is a number from 1 to 16"},
	{"pct:-1", "pct:-1: the depth is a number from 1 to 16"},
	{"random:3", "strategy random takes no argument"},
	{"randon", "there is no strategy 'randon'; did you mean 'random'?"},
	{"", "there is no strategy ''"},
};

START_TEST(wrong)
{
	struct cdma_text err = {0};
	struct strategy strategy;

	ck_assert_int_lt(strategy_parse(errors[_i].word, &strategy, &err), 0);
	ck_assert_str_eq(err.at, errors[_i].message);
	cdma_text_fini(&err);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("pct");

	unit_add_rows(suite, guarantee, ARRAY_SIZE(bugs));
	unit_add_rows(suite, same_run, 2);
	unit_add_rows(suite, found, ARRAY_SIZE(deep));
	unit_add_rows(suite, wrong, ARRAY_SIZE(errors));
	return suite;
}
