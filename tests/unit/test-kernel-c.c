/* SPDX-License-Identifier: MIT */

/*
 * What is written as C has it is judged as what says the same in the words of
 * the language: the same findings at the same labels, in random runs and when
 * all is explored, and as many executions that can be told apart.  And what it
 * computes is what a compiler has it compute.
 */

#include <stdlib.h>

#include "kernel-c-pairs.h"
#include "kernel-c-values.h"
#include "search.h"

static const char *label_of(const struct cdma_site *site)
{
	return site && site->label ? site->label : "-";
}

#define LINES_MAX 64

/* Kinds and labels of what was found, each once, and how many executions. */
struct found {
	char *lines[LINES_MAX]; /* owned */
	size_t nr;
	uint64_t executions;
};

static void add_line(struct found *found, const char *line)
{
	for (size_t i = 0; i < found->nr; i++)
		if (!strcmp(found->lines[i], line))
			return;
	ck_assert_uint_lt(found->nr, LINES_MAX);
	found->lines[found->nr++] = cdma_xstrdup(line);
}

static void add_findings(struct found *found, struct machine *m)
{
	const struct cdma_findings *all = machine_findings(m);

	for (size_t i = 0; i < cdma_findings_nr(all); i++) {
		const struct cdma_finding *f = cdma_findings_at(all, i);
		struct cdma_text line = {0};

		cdma_text_addf(&line, "%s at %s against %s\n",
			       cdma_finding_name(f->id), label_of(f->at.site),
			       label_of(f->against.site));
		add_line(found, cdma_text_str(&line));
		cdma_text_fini(&line);
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void finish(struct found *found, struct cdma_text *out)
{
	qsort(found->lines, found->nr, sizeof(found->lines[0]), by_text);
	for (size_t i = 0; i < found->nr; i++) {
		cdma_text_add(out, found->lines[i]);
		free(found->lines[i]);
	}
	cdma_text_addf(out, "%llu executions\n",
		       (unsigned long long)found->executions);
}

static struct cdma_text explored(const char *text)
{
	struct program *program = scene_program(text, 0);
	struct explorer *e = explorer_new();
	struct machine_options options = {
		.strategy = &strategy_explore,
		.strategy_state = e,
	};
	struct machine *m = machine_new(program, &options);
	struct found found = {0};
	struct cdma_text out = {0};
	struct run_result result;

	machine_observe(m, explorer_observer(e));
	do {
		machine_run(m, 0, 0, &result);
		ck_assert_msg(result.end != RUN_ERROR, "%s", text);
		if (result.end != RUN_GIVEN_UP)
			add_findings(&found, m);
	} while (explorer_next(e));
	found.executions = explorer_executions(e);
	machine_free(m);
	explorer_free(e);
	program_free(program);
	finish(&found, &out);
	return out;
}

static struct cdma_text run(const char *text)
{
	struct program *program = scene_program(text, 0);
	struct machine_options options = {.strategy = strategy_find("random")};
	struct machine *m = machine_new(program, &options);
	struct found found = {0};
	struct cdma_text out = {0};
	struct run_result result;

	for (uint64_t i = 0; i < 300; i++) {
		machine_run(m, 1, i, &result);
		add_findings(&found, m);
	}
	machine_free(m);
	program_free(program);
	finish(&found, &out);
	return out;
}

START_TEST(verdicts_are_the_same)
{
	const struct pair *pair = &pairs[_i];
	struct cdma_text c = explored(pair->c), own = explored(pair->own);

	ck_assert_msg(!strcmp(c.at, own.at), "%s: explored:\n%snot\n%s",
		      pair->name, c.at, own.at);
	/* Not a pair of nothing. */
	ck_assert_msg(strstr(c.at, " at ") ||
			      !strncmp(pair->name, "silent: ", 8),
		      "%s", pair->name);
	cdma_text_fini(&c);
	cdma_text_fini(&own);
	c = run(pair->c);
	own = run(pair->own);
	ck_assert_msg(!strcmp(c.at, own.at), "%s: run:\n%snot\n%s", pair->name,
		      c.at, own.at);
	cdma_text_fini(&c);
	cdma_text_fini(&own);
}
END_TEST

/* All that a thread asserts of what it computes holds. */
START_TEST(computes_as_c_does)
{
	const struct computed *row = &computed[_i];
	struct cdma_text text = {0};
	struct cdma_text out;

	cdma_text_addf(&text,
		       "scenario t \"t\";\n%sthread cpu on cpu { %s }\n"
		       "expect nothing;\n",
		       row->items, row->body);
	out = run(cdma_text_str(&text));
	ck_assert_msg(!strcmp(out.at, "0 executions\n"), "%s: %s", row->name,
		      out.at);
	cdma_text_fini(&out);
	cdma_text_fini(&text);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("kernel-c");

	unit_add_rows(suite, verdicts_are_the_same, ARRAY_SIZE(pairs));
	unit_add_rows(suite, computes_as_c_does, ARRAY_SIZE(computed));
	return suite;
}
