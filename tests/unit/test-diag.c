/* SPDX-License-Identifier: MIT */
#include "messages.h"

#include "script/diag.h"

static struct sources sources_of(const char *text, size_t len)
{
	struct sources sources = {0};

	sources_add(&sources, "x.dma", text, len);
	return sources;
}

static char *printed(struct diag *diag)
{
	struct cdma_text out = {0};

	diag_print(diag, &out);
	cdma_text_addn(&out, "", 0);
	diag_free(diag);
	return out.at;
}

/* How one line is shown, and the mark below it. */
static const struct {
	const char *line;
	uint32_t at, len;
	const char *want;
} shown[] = {
	{"abc def", 4, 3, "    1 | abc def\n      |     ^~~\n"},
	{"abc", 3, 0, "    1 | abc\n      |    ^\n"},
	{"abc", 0, 1, "    1 | abc\n      | ^\n"},
	{"a\nbc", 2, 2, "    2 | bc\n      | ^~\n"},
	{"a\r\nbc\r\n", 3, 4, "    2 | bc\n      | ^~\n"},
	{"\tx = y;", 1, 1, "    1 |         x = y;\n      |         ^\n"},
	{"ab\tx", 3, 1, "    1 | ab      x\n      |         ^\n"},
	{"\xc3\xa9x", 2, 1, "    1 | \xc3\xa9x\n      |  ^\n"},
	{"\xffx", 1, 1, "    1 | \\xffx\n      |     ^\n"},
	{"\x1b[31m", 1, 1, "    1 | \\x1b[31m\n      |     ^\n"},
	{"\xc2\x9bx", 2, 1, "    1 | \\xc2\\x9bx\n      |         ^\n"},
	{"\xe0\x80\x80", 0, 1, "    1 | \\xe0\\x80\\x80\n      | ^~~~\n"},
	{"abc\ndef", 1, 6, "    1 | abc\n      |  ^~\n"},
	{"", 0, 0, "    1 | \n      | ^\n"},
};

START_TEST(line_is_shown)
{
	struct sources sources =
		sources_of(shown[_i].line, strlen(shown[_i].line));
	struct diag *diag = diag_new(false);
	char *got;

	diag_error(diag, &sources,
		   (struct span){0, shown[_i].at, shown[_i].len}, "m");
	got = printed(diag);
	ck_assert_str_eq(strchr(got, '\n') + 1, shown[_i].want);
	free(got);
	sources_fini(&sources);
}
END_TEST

START_TEST(long_line_is_clipped)
{
	char line[5000];
	struct sources sources;
	struct diag *diag = diag_new(false);
	char *got, *caret;

	memset(line, 'a', sizeof(line));
	line[2500] = 'X';
	sources = sources_of(line, sizeof(line));
	diag_error(diag, &sources, (struct span){0, 2500, 1}, "m");
	got = printed(diag);
	ck_assert_uint_lt(strlen(got), 400);
	ck_assert_ptr_ne(strstr(got, "| ...aaa"), NULL);
	ck_assert_ptr_ne(strstr(got, "aaa...\n"), NULL);
	caret = strchr(got, '^');
	ck_assert_ptr_ne(caret, NULL);
	/* The mark is below the X. */
	ck_assert_int_eq(caret - strrchr(got, '|'),
			 strchr(got, 'X') - strchr(got, '|'));
	free(got);
	sources_fini(&sources);
}
END_TEST

START_TEST(errors_are_in_order_and_once)
{
	struct sources sources = sources_of("a\nb\nc\n", 6);
	struct diag *diag = diag_new(false);
	char *got;

	diag_error(diag, &sources, (struct span){0, 4, 1}, "third");
	diag_note(diag, &sources, (struct span){0, 0, 1}, "with a note");
	diag_error(diag, &sources, (struct span){0, 0, 1}, "first");
	diag_error(diag, &sources, (struct span){0, 4, 1}, "third");
	diag_note(diag, &sources, (struct span){0, 2, 1}, "of the repetition");
	diag_help(diag, "help of the repetition");
	diag_error(diag, &sources, (struct span){0, 0, 1}, "second");
	diag_error_file(diag, "y.dma", "before %s", "all");
	ck_assert_uint_eq(diag_nr_errors(diag), 4);
	got = printed(diag);
	ck_assert_str_eq(got, "y.dma: error: before all\n"
			      "x.dma:1:1: error: first\n"
			      "    1 | a\n"
			      "      | ^\n"
			      "x.dma:1:1: error: second\n"
			      "    1 | a\n"
			      "      | ^\n"
			      "x.dma:3:1: error: third\n"
			      "    3 | c\n"
			      "      | ^\n"
			      "x.dma:1:1: note: with a note\n"
			      "    1 | a\n"
			      "      | ^\n");
	free(got);
	sources_fini(&sources);
}
END_TEST

static char *many_errors(unsigned int nr, bool *is_full)
{
	char text[2000];
	struct sources sources;
	struct diag *diag = diag_new(false);

	memset(text, '\n', sizeof(text));
	sources = sources_of(text, sizeof(text));
	for (unsigned int i = 0; i < nr; i++)
		diag_error(diag, &sources, (struct span){0, i, 0}, "m");
	*is_full = diag_is_full(diag);
	ck_assert_uint_eq(diag_nr_errors(diag), nr);
	sources_fini(&sources);
	return printed(diag);
}

START_TEST(only_so_many_are_shown)
{
	bool is_full;
	char *got = many_errors(20, &is_full);

	ck_assert_ptr_eq(strstr(got, "too many"), NULL);
	ck_assert_ptr_ne(strstr(got, "x.dma:20:1:"), NULL);
	ck_assert(!is_full);
	free(got);
	got = many_errors(21, &is_full);
	ck_assert_ptr_ne(strstr(got, "too many errors: 20 of 21 are shown\n"),
			 NULL);
	ck_assert_ptr_eq(strstr(got, "x.dma:21:1:"), NULL);
	free(got);
	got = many_errors(1500, &is_full);
	ck_assert_ptr_ne(strstr(got, "20 of 1500 are shown\n"), NULL);
	ck_assert(is_full);
	free(got);
}
END_TEST

START_TEST(colour_when_asked_for)
{
	struct sources sources = sources_of("a b", 3);
	struct diag *diag = diag_new(true);
	char *got;

	diag_error(diag, &sources, (struct span){0, 2, 1}, "m");
	diag_help(diag, "h");
	got = printed(diag);
	ck_assert_str_eq(got, "\033[1mx.dma:1:3: \033[0m"
			      "\033[1;31merror: \033[0mm\n"
			      "    1 | a b\n"
			      "      |   \033[1;32m^\033[0m\n"
			      "      = \033[1;36mnote: \033[0mh\n");
	free(got);
	sources_fini(&sources);
}
END_TEST

START_TEST(names_of_the_user_are_escaped)
{
	struct sources sources = sources_of("a", 1);
	struct diag *diag = diag_new(false);
	char *got;

	diag_error(diag, &sources, (struct span){0, 0, 1}, "'%s' and '%c'",
		   "\033]0;x\a", 0);
	got = printed(diag);
	ck_assert_ptr_ne(strstr(got, "error: '\\x1b]0;x\\x07' and '\\x00'\n"),
			 NULL);
	free(got);
	sources_fini(&sources);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("diag");

	unit_add_rows(suite, line_is_shown, ARRAY_SIZE(shown));
	unit_add(suite, long_line_is_clipped);
	unit_add(suite, errors_are_in_order_and_once);
	unit_add(suite, only_so_many_are_shown);
	unit_add(suite, colour_when_asked_for);
	unit_add(suite, names_of_the_user_are_escaped);
	return suite;
}
