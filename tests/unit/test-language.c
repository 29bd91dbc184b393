/* SPDX-License-Identifier: MIT */

/*
 * The reference part of doc/scenarios.md against the tables of the program:
 * every call, constant and keyword is there as it is, and nothing else.
 */

#include "messages.h"

#include <ctype.h>

#include "script/builtins.h"
#include "script/keywords.h"

static char *manual; /* from "# The language" on */

static void read_manual(void)
{
	char path[4096], *text;
	size_t len;

	snprintf(path, sizeof(path), "%s/doc/scenarios.md", messages_srcdir());
	text = messages_read(path, &len);
	CDMA_REQUIRE(strstr(text, "\n# The language\n"));
	manual = cdma_xstrdup(strstr(text, "\n# The language\n"));
	free(text);
}

static const char *who(const struct builtin *b)
{
	return b->who == WHO_ANY                 ? "any"
	       : b->who == WHO_CPU               ? "CPU"
	       : b->who == WHO_DEVICE            ? "device"
	       : b->who == (WHO_CPU | WHO_FINAL) ? "CPU, final"
						 : "CPU, device";
}

/* The line that the manual has for a call. */
static struct cdma_text row_of(const struct builtin *b)
{
	struct cdma_text row = {0};

	cdma_text_add(&row, "| `");
	for (const char *s = b->usage; *s; s++)
		cdma_text_addf(&row, *s == '|' ? "\\%c" : "%c", *s);
	cdma_text_addf(&row, "`%s | %s%s | %s |\n", b->can_fail ? " ?" : "",
		       who(b), b->in_poll ? ", poll" : "", b->doc);
	return row;
}

START_TEST(call_is_in_the_manual)
{
	struct cdma_text row = row_of(&builtins[_i]);

	ck_assert_msg(strstr(manual, row.at) != NULL,
		      "doc/scenarios.md has no line %s", row.at);
	cdma_text_fini(&row);
}
END_TEST

/* A table of calls has their number of rows, all of which are calls. */
START_TEST(manual_has_no_other_call)
{
	size_t nr = 0;

	for (const char *s = strstr(manual, "\n## 5."); s;
	     s = strstr(s + 1, "\n| `")) {
		char name[64];
		size_t len;

		if (strncmp(s, "\n| `", 4))
			continue;
		len = strcspn(s + 4, "(`");
		ck_assert_uint_lt(len, sizeof(name));
		memcpy(name, s + 4, len);
		name[len] = '\0';
		ck_assert_msg(builtin_find(name) != NULL, "%s", name);
		nr++;
	}
	ck_assert_uint_eq(nr, nr_builtins);
}
END_TEST

START_TEST(constant_is_in_the_manual)
{
	char quoted[64];

	snprintf(quoted, sizeof(quoted), "`%s`", builtin_consts[_i].name);
	ck_assert_msg(strstr(manual, quoted) != NULL,
		      "doc/scenarios.md has no %s", quoted);
}
END_TEST

static bool in_grammar(const char *word)
{
	char quoted[64];

	snprintf(quoted, sizeof(quoted), "\"%s\"", word);
	return strstr(manual, quoted) != NULL;
}

START_TEST(keyword_is_in_the_grammar)
{
	const char *word = keyword_text((enum keyword)_i);

	ck_assert_msg(in_grammar(word), "the grammar has no \"%s\"", word);
}
END_TEST

START_TEST(scalar_is_in_the_grammar)
{
	const char *word = scalar_info((enum scalar)_i)->name;

	ck_assert_msg(in_grammar(word), "the grammar has no \"%s\"", word);
}
END_TEST

static bool is_known(const char *word)
{
	for (int i = 0; i < KW_NR; i++)
		if (!strcmp(keyword_text((enum keyword)i), word))
			return true;
	return scalar_find(word) != SCALAR_NONE;
}

/* Indented lines are grammar; a word in quotes there is a keyword. */
START_TEST(grammar_has_no_other_word)
{
	size_t nr = 0;

	for (const char *line = manual; line; line = strchr(line + 1, '\n')) {
		const char *end = strchr(line + 1, '\n'), *s = line;

		if (strncmp(line, "\n    ", 5) || !end)
			continue;
		while ((s = strchr(s, '"')) && s < end) {
			const char *close = strchr(s + 1, '"');
			char word[64] = "";

			ck_assert(close && close < end);
			if (close - s - 1 < (int)sizeof(word))
				memcpy(word, s + 1, (size_t)(close - s - 1));
			if (islower((unsigned char)word[0]) && word[1]) {
				ck_assert_msg(is_known(word), "%s", word);
				nr++;
			}
			s = close + 1;
		}
	}
	ck_assert_uint_ge(nr, KW_NR);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("language");

	read_manual();
	unit_add_rows(suite, call_is_in_the_manual, nr_builtins);
	unit_add(suite, manual_has_no_other_call);
	unit_add_rows(suite, constant_is_in_the_manual, nr_builtin_consts);
	unit_add_rows(suite, keyword_is_in_the_grammar, KW_NR);
	tcase_add_loop_test(unit_case(suite, "scalar_is_in_the_grammar"),
			    scalar_is_in_the_grammar, SCALAR_NONE + 1,
			    SCALAR_STRUCT);
	unit_add(suite, grammar_has_no_other_word);
	return suite;
}
