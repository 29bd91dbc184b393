/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <cdma/machine.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "options.h"
#include "report/report.h"
#include "sched/strategy.h"
#include "starts.h"

static const struct {
	const char *text;
	uint64_t want;
	int err;
} numbers[] = {
	{"0", 0, 0},
	{"42", 42, 0},
	{"0x5eed", 0x5eed, 0},
	{"0XfF", 255, 0},
	{"0b101", 5, 0},
	{"1_000_000", 1000000, 0},
	{"18446744073709551615", UINT64_MAX, 0},
	{"18446744073709551616", 0, -EINVAL},
	{"0x1_0000_0000_0000_0000", 0, -EINVAL},
	{"", 0, -EINVAL},
	{"0x", 0, -EINVAL},
	{"_1", 0, -EINVAL},
	{"1_", 0, -EINVAL},
	{"1__0", 0, -EINVAL},
	{"-1", 0, -EINVAL},
	{"+1", 0, -EINVAL},
	{" 1", 0, -EINVAL},
	{"1k", 0, -EINVAL},
	{"0b12", 0, -EINVAL},
};

START_TEST(reads_numbers)
{
	uint64_t got = 0;

	ck_assert_int_eq(number_parse(numbers[_i].text, &got), numbers[_i].err);
	ck_assert_uint_eq(got, numbers[_i].want);
}
END_TEST

/* A command line, and the message when it is wrong. */
static const struct {
	unsigned int command;
	const char *argv[6];
	const char *message;
} lines[] = {
	{CMD_RUN, {"--seed", "7", "a.dma"}, NULL},
	{CMD_RUN, {"--seed=0x7"}, NULL},
	{CMD_RUN, {"--strict_volatile", "--strict-windows"}, NULL},
	{CMD_RUN, {"-vq", "-Dx=1", "-D", "y=2"}, NULL},
	{CMD_RUN, {"--color=never"}, NULL},
	{CMD_RUN, {"--", "--seed"}, NULL},
	{CMD_FMT, {"-", "--check"}, NULL},
	{CMD_RUN,
	 {"--sede=7"},
	 "unknown option '--sede'; did you mean '--seed'?"},
	{CMD_CHECK, {"--seed=7"}, "unknown option '--seed'"},
	{CMD_RUN, {"--nothing-like-it"}, "unknown option '--nothing-like-it'"},
	{CMD_RUN, {"-x"}, "unknown option '-x'"},
	{CMD_RUN, {"-vx"}, "unknown option '-x'"},
	{CMD_RUN, {"--seed"}, "--seed needs an argument: S"},
	{CMD_RUN, {"-D"}, "-D needs an argument: NAME=VALUE"},
	{CMD_RUN, {"--seed=x"}, "--seed: 'x' is not a number"},
	{CMD_RUN, {"--time=500ms", "--time=2h", "--time=7"}, NULL},
	{CMD_RUN,
	 {"--time=3x"},
	 "--time: '3x' is not a time such as 30s, 500ms or 2h"},
	{CMD_RUN,
	 {"--time=0s"},
	 "--time: '0s' is not a time such as 30s, 500ms or 2h"},
	{CMD_RUN,
	 {"--time=9999999999h"},
	 "--time: '9999999999h' is not a time such as 30s, 500ms or 2h"},
	{CMD_RUN, {"--schedules=0"}, "--schedules: 0 is less than 1"},
	{CMD_EXPLORE, {"--preemptions=0"}, NULL},
	{CMD_EXPLORE,
	 {"--preemptions=few"},
	 "--preemptions: 'few' is not a number"},
	{CMD_RUN, {"--verbose=3"}, "--verbose takes no argument"},
	{CMD_RUN,
	 {"--color=red"},
	 "--color: 'red' is not one of auto|always|never"},
	{CMD_RUN,
	 {"--color=auto|always"},
	 "--color: 'auto|always' is not one of auto|always|never"},
	/* Hidden ones are never suggested. */
	{CMD_HELP, {"--mam"}, "unknown option '--mam'"},
};

START_TEST(says_what_is_wrong)
{
	struct settings set = {0};
	struct cdma_text err = {0};
	int ret = options_parse(lines[_i].command,
				(char *const *)lines[_i].argv, &set, &err);

	ck_assert_int_eq(ret, lines[_i].message ? -EINVAL : 0);
	ck_assert_str_eq(cdma_text_str(&err),
			 lines[_i].message ? lines[_i].message : "");
	cdma_text_fini(&err);
	settings_fini(&set);
}
END_TEST

START_TEST(sets_what_was_said)
{
	const char *argv[] = {"a.dma", "-vv",      "--seed", "0x10",
			      "-Dx=1", "--define", "y=2",    "--variant",
			      "fix*",  "--color",  "always", "b.dma",
			      "--",    "-q",       "--",     NULL};
	struct settings set = {0};
	struct cdma_text err = {0};

	ck_assert_int_eq(
		options_parse(CMD_RUN, (char *const *)argv, &set, &err), 0);
	ck_assert_uint_eq(set.verbose, 2);
	ck_assert_uint_eq(set.seed, 16);
	ck_assert_uint_eq(set.color, WHEN_ALWAYS);
	ck_assert_str_eq(set.variant, "fix*");
	ck_assert(!set.quiet);
	ck_assert_uint_eq(set.defines.nr, 2);
	ck_assert_str_eq(set.defines.at[0], "x=1");
	ck_assert_str_eq(set.defines.at[1], "y=2");
	ck_assert_uint_eq(set.operands.nr, 4);
	ck_assert_str_eq(set.operands.at[0], "a.dma");
	ck_assert_str_eq(set.operands.at[1], "b.dma");
	ck_assert_str_eq(set.operands.at[2], "-q");
	ck_assert_str_eq(set.operands.at[3], "--");
	cdma_text_fini(&err);
	settings_fini(&set);
}
END_TEST

/* What the parser takes for granted about the table. */
/* What is completed is understood. */
START_TEST(choices_are_known)
{
	const struct opt *opt;
	size_t nr = 0, nr_starts = 0;

	for (size_t i = 0; (opt = options_at(i)); i++) {
		const char *word = option_choices(opt);

		while (word && opt->kind != OPT_CHOICE) {
			size_t len = strcspn(word, "|");
			char *one = cdma_xstrndup(word, len);
			struct cdma_text err = {0};
			struct strategy strategy;
			struct cdma_machine machine;

			if (!strcmp(opt->name, "format"))
				ck_assert_ptr_nonnull(report_find(one));
			else if (!strcmp(opt->name, "from"))
				ck_assert_str_eq(starts[nr_starts++].id, one);
			else if (!strcmp(opt->name, "machine"))
				ck_assert(!strcmp(one, "each") ||
					  !cdma_machine_parse(one, &machine,
							      NULL));
			else
				ck_assert_int_eq(
					strategy_parse(one, &strategy, &err),
					0);
			if (!strcmp(opt->name, "strategy"))
				strategy_free(&strategy);
			cdma_text_fini(&err);
			free(one);
			nr++;
			word = word[len] ? word + len + 1 : NULL;
		}
	}
	ck_assert_uint_gt(nr, 10);
	ck_assert_ptr_null(starts[nr_starts].id);
}
END_TEST

START_TEST(table_is_sound)
{
	const struct opt *a, *b;

	for (size_t i = 0; (a = options_at(i)); i++) {
		ck_assert_ptr_null(strchr(a->name, '_'));
		ck_assert(a->commands != 0);
		ck_assert_uint_lt(a->offset, sizeof(struct settings));
		ck_assert((a->kind == OPT_FLAG || a->kind == OPT_COUNT) ==
			  !a->arg);
		for (size_t j = 0; j < i; j++) {
			b = options_at(j);
			if (!(a->commands & b->commands))
				continue;
			ck_assert_str_ne(a->name, b->name);
			ck_assert(!a->letter || a->letter != b->letter);
		}
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("options");

	unit_add_rows(suite, reads_numbers, ARRAY_SIZE(numbers));
	unit_add_rows(suite, says_what_is_wrong, ARRAY_SIZE(lines));
	unit_add(suite, sets_what_was_said);
	unit_add(suite, table_is_sound);
	unit_add(suite, choices_are_known);
	return suite;
}
