/* SPDX-License-Identifier: MIT */
/*
 * Exploring scenarios from the whole language: the same ends and findings as a
 * search without any reduction, and whatever random runs show.
 *
 *	EXPLORE_CASES=100000 EXPLORE_FIRST=7000 CK_FORK=no test-explore-all
 *
 * draws as many scenarios more, from a number on.
 */
#include "any-program.h"
#include "search.h"
#include "script/keywords.h"

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

/* ---- that nothing is left out ---- */

#define DRAWN 4000

static void draw_all(struct cdma_text *out)
{
	for (uint64_t i = 0; i < DRAWN; i++)
		draw_program(i, out);
}

static bool is_letter(char c)
{
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* Whether the word @name stands in @text. */
static bool has_word(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = text; (at = strstr(at, name)); at++)
		if ((at == text || !is_letter(at[-1])) &&
		    (at[len - 1] == '(' || !is_letter(at[len])))
			return true;
	return false;
}

static bool has_call(const char *text, const struct builtin *b)
{
	static const char *const variants[] = {"", "_relaxed", "_acquire",
					       "_release"};
	char name[64];

	for (size_t i = 0; i < ARRAY_SIZE(variants); i++) {
		snprintf(name, sizeof(name), "%s%s(", b->name, variants[i]);
		if (has_word(text, name))
			return true;
	}
	return false;
}

START_TEST(every_builtin)
{
	struct cdma_text all = {0};

	draw_all(&all);
	for (size_t i = 0; i < nr_builtins; i++)
		ck_assert_msg(has_call(all.at, &builtins[i]),
			      "%s() is never drawn", builtins[i].name);
	cdma_text_fini(&all);
}
END_TEST

/* Words that make a kind of thread or of memory, or an end of a run: what comes
 * before the words of statements, and matters to a schedule. */
static const enum keyword kinds[] = {
	KW_DEVICE, KW_SHARED,     KW_SPINLOCK, KW_COMPLETION, KW_FN,
	KW_SETUP,  KW_TEARDOWN,   KW_FINAL,    KW_THREAD,     KW_IRQ,
	KW_FAIL,   KW_REGS,       KW_MSI,      KW_INTX,       KW_CPU,
	KW_STRONG, KW_WEAK,       KW_MUTEX,    KW_WAITQUEUE,  KW_TIMEOUTS,
	KW_EARLY,  KW_IRQ_THREAD, KW_TIMER,    KW_WORK,       KW_TASKLET,
	KW_NAPI,   KW_LATE,
};

static void drawn(const char *text, enum keyword word)
{
	ck_assert_msg(has_word(text, keyword_text(word)), "'%s' is never drawn",
		      keyword_text(word));
}

START_TEST(every_word)
{
	struct cdma_text all = {0};

	draw_all(&all);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		drawn(all.at, kinds[i]);
	for (enum keyword word = KW_BOX; word < KW_NR; word++)
		drawn(all.at, word);
	cdma_text_fini(&all);
}
END_TEST

START_TEST(every_instruction)
{
	static const char *const names[] = {
#define X(name, text, visible) text,
		INSNS(X)
#undef X
	};
	bool seen[INSN_NR] = {0};

	for (uint64_t i = 0; i < DRAWN / 2; i++) {
		struct cdma_text text = {0};
		struct program *program;

		draw_program(i, &text);
		program = scene_program(text.at, 0);
		for (size_t pc = 0; pc < program->code.nr; pc++)
			seen[program->code.at[pc].op] = true;
		program_free(program);
		cdma_text_fini(&text);
	}
	for (size_t i = 0; i < INSN_NR; i++)
		ck_assert_msg(seen[i], "%s is never drawn", names[i]);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("explore-all");

	unit_add(suite, every_builtin);
	unit_add(suite, every_word);
	unit_add(suite, every_instruction);
	unit_add_rows(suite, any_programs, UNIT_SHARE(30));
	unit_add(suite, more_programs);
	return suite;
}
