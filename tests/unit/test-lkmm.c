/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "axiom/verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The axioms against an implementation that we did not write: herd7 with the
 * kernel's own model.  tests/oracle/lkmm.tsv has its answers.
 */

#define FIELDS_MAX 12

static FILE *open_rows(void)
{
	const char *dir = getenv("srcdir");
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/tests/oracle/lkmm.tsv",
		 dir ? dir : ".");
	file = fopen(path, "r");
	ck_assert_msg(file != NULL, "%s", path);
	return file;
}

/* "x y: code" as a function. */
static void add_thread(struct cdma_text *out, unsigned int nr, char *field)
{
	char *code = strchr(field, ':');
	bool is_first = true;

	ck_assert_ptr_nonnull(code);
	*code = '\0';
	cdma_text_addf(out, "P%u(", nr);
	for (char *name = strtok(field, " "); name; name = strtok(NULL, " ")) {
		cdma_text_addf(out, "%sint *%s", is_first ? "" : ", ", name);
		is_first = false;
	}
	cdma_text_addf(out, ")\n{\n%s\n}\n", code + 1);
}

static unsigned int cut(char *line, char *fields[FIELDS_MAX])
{
	unsigned int nr = 0;

	line[strcspn(line, "\n")] = '\0';
	while (line) {
		ck_assert_uint_lt(nr, FIELDS_MAX);
		fields[nr++] = line;
		line = strchr(line, '\t');
		if (line)
			*line++ = '\0';
	}
	ck_assert_uint_gt(nr, 2);
	return nr;
}

static void add_found(struct cdma_text *out, const struct verdict *v)
{
	cdma_text_addf(out, "%s %llu %llu %zu", verdict_observation(v),
		       (unsigned long long)v->positive,
		       (unsigned long long)v->negative, v->states.nr);
	for (unsigned int i = 0; i < FLAG_NR; i++)
		if (v->flags >> i & 1)
			cdma_text_addf(out, " %s",
				       model_flag_name((enum model_flag)i));
}

static void check_row(char *line, unsigned int nr)
{
	static const struct verdict_options options = {
		.executions = UINT64_MAX,
	};
	struct diag *diag = diag_new(false);
	struct cdma_text text = {0}, found = {0};
	struct verdict verdict;
	struct litmus *test;
	char *fields[FIELDS_MAX];
	unsigned int nr_fields = cut(line, fields);

	cdma_text_addf(&text, "C line-%u\n{ %s }\n", nr, fields[1]);
	for (unsigned int i = 2; i + 1 < nr_fields; i++)
		add_thread(&text, i - 2, fields[i]);
	cdma_text_addf(&text, "%s\n", fields[nr_fields - 1]);
	test = litmus_parse("t.litmus", cdma_text_str(&text), text.len, diag);
	ck_assert_msg(test != NULL, "%s", cdma_text_str(&text));
	verdict_find(&verdict, test, &options);
	add_found(&found, &verdict);
	ck_assert_msg(!strcmp(cdma_text_str(&found), fields[0]),
		      "herd7 says: %s\nhere: %s\n%s", fields[0],
		      cdma_text_str(&found), cdma_text_str(&text));
	verdict_fini(&verdict);
	litmus_free(test);
	diag_free(diag);
	cdma_text_fini(&text);
	cdma_text_fini(&found);
}

#define PARTS 8

START_TEST(agrees_with_herd7)
{
	FILE *file = open_rows();
	char line[2048];
	unsigned int nr = 0, checked = 0;

	while (fgets(line, sizeof(line), file)) {
		ck_assert_ptr_nonnull(strchr(line, '\n'));
		if (++nr % PARTS != (unsigned int)_i || line[0] == '#')
			continue;
		check_row(line, nr);
		checked++;
	}
	fclose(file);
	ck_assert_uint_gt(checked, 50);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("lkmm");

	unit_add_rows(suite, agrees_with_herd7, PARTS);
	return suite;
}
