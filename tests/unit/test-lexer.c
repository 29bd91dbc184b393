/* SPDX-License-Identifier: MIT */
#include "messages.h"

#include "script/ast.h"
#include "script/lexer.h"

#include <inttypes.h>

struct lexed {
	struct sources sources;
	struct names names;
	struct diag *diag;
	struct tokens tokens;
	bool ok;
};

static struct lexed lex_text(const char *text, size_t len, size_t max)
{
	struct lexed l = {.diag = diag_new(false)};

	sources_add(&l.sources, "x.dma", text, len);
	l.ok = lex(&l.sources, 0, &l.names, max, l.diag, &l.tokens);
	return l;
}

static void lexed_free(struct lexed *l)
{
	tokens_fini(&l->tokens);
	names_fini(&l->names);
	sources_fini(&l->sources);
	diag_free(l->diag);
}

START_TEST(messages)
{
	messages_check("lexer.txt", _i);
}
END_TEST

static const struct {
	const char *text;
	uint64_t value;
	bool is_unsigned;
} numbers[] = {
	{"0", 0, false},
	{"1_000", 1000, false},
	{"0x1F", 31, false},
	{"0Xf_f", 255, false},
	{"0b101", 5, false},
	{"4K", 4096, false},
	{"3M", 3 << 20, false},
	{"2G", (uint64_t)2 << 30, false},
	{"7ULL", 7, true},
	{"7LL", 7, false},
	{"9223372036854775807", INT64_MAX, false},
	{"9223372036854775808", (uint64_t)INT64_MAX + 1, true},
	{"0xffff_ffff_ffff_ffff", UINT64_MAX, true},
	{"'a'", 'a', false},
	{"'\\n'", '\n', false},
	{"'\\0'", 0, false},
	{"'\\x7f'", 0x7f, false},
	{"'\\''", '\'', false},
	{"'\\\\'", '\\', false},
};

START_TEST(number_has_value)
{
	const char *text = numbers[_i].text;
	struct lexed l = lex_text(text, strlen(text), 10);

	ck_assert(l.ok);
	ck_assert_uint_eq(l.tokens.nr, 2);
	ck_assert_int_eq(l.tokens.at[0].kind, TOKEN_NUMBER);
	ck_assert_uint_eq(l.tokens.at[0].value, numbers[_i].value);
	ck_assert(l.tokens.at[0].is_unsigned == numbers[_i].is_unsigned);
	ck_assert_uint_eq(l.tokens.at[0].len, strlen(text));
	lexed_free(&l);
}
END_TEST

/* Each token as it stands, one blank between: nothing is glued or split. */
static const struct {
	const char *text, *want;
} rows[] = {
	{"a->b.c..d", "a -> b . c .. d"},
	{"0..N", "0 .. N"},
	{"a<<=b>>=c<<d>>e<=f>=g", "a <<= b >>= c << d >> e <= f >= g"},
	{"a&&b||c&d|e^f", "a && b || c & d | e ^ f"},
	{"a+=-b++-c", "a += - b ++ - c"},
	{"x/*c*/y//z\nw", "x y w"},
	{"f(a)?[1]{@2:#3}", "f ( a ) ? [ 1 ] { @ 2 : # 3 }"},
	{"!a!=~b==c%d", "! a != ~ b == c % d"},
	{"\"a\\\"b\" c", "\"a\\\"b\" c"},
	{"if1 _x é", NULL},
};

START_TEST(tokens_are_the_longest)
{
	const char *text = rows[_i].text;
	struct lexed l = lex_text(text, strlen(text), 100);
	struct cdma_text got = {0};

	for (size_t i = 0; i + 1 < l.tokens.nr; i++)
		cdma_text_addf(&got, "%s%.*s", i ? " " : "",
			       (int)l.tokens.at[i].len,
			       text + l.tokens.at[i].at);
	ck_assert(l.ok == (rows[_i].want != NULL));
	if (l.ok)
		ck_assert_str_eq(cdma_text_str(&got), rows[_i].want);
	cdma_text_fini(&got);
	lexed_free(&l);
}
END_TEST

START_TEST(escapes_are_resolved)
{
	struct lexed l = lex_text("\"a\\n\\t\\x41\\\\\"", 13, 10);

	ck_assert(l.ok);
	ck_assert_str_eq(names_text(&l.names, l.tokens.at[0].id), "a\n\tA\\");
	lexed_free(&l);
}
END_TEST

START_TEST(comments_are_kept_apart)
{
	static const char text[] = "a // b\r\n/* c\n */ d";
	struct lexed l = lex_text(text, strlen(text), 10);

	ck_assert(l.ok);
	ck_assert_uint_eq(l.tokens.nr, 3);
	ck_assert_uint_eq(l.tokens.comments.nr, 2);
	ck_assert_uint_eq(l.tokens.comments.at[0].len, 4); /* without CR */
	ck_assert(!l.tokens.comments.at[0].first);
	ck_assert(l.tokens.comments.at[1].first);
	ck_assert(l.tokens.at[1].first);
	lexed_free(&l);
}
END_TEST

START_TEST(same_word_is_same_name)
{
	struct lexed l = lex_text("a b a", 5, 10);

	ck_assert_uint_eq(l.tokens.at[0].id, l.tokens.at[2].id);
	ck_assert_uint_ne(l.tokens.at[0].id, l.tokens.at[1].id);
	lexed_free(&l);
}
END_TEST

START_TEST(number_of_tokens_is_limited)
{
	struct lexed l = lex_text("a b c", 5, 2);

	ck_assert(!l.ok);
	ck_assert_uint_eq(l.tokens.nr, 3); /* and the end */
	ck_assert_uint_eq(diag_nr_errors(l.diag), 1);
	lexed_free(&l);
}
END_TEST

/* Every byte, alone and after a letter: no crash, and a message or a token. */
START_TEST(any_byte)
{
	char text[2] = {'a', (char)_i};
	struct lexed l = lex_text(text + 1, 1, 10);

	ck_assert(l.ok || diag_nr_errors(l.diag));
	lexed_free(&l);
	l = lex_text(text, 2, 10);
	ck_assert(l.ok || diag_nr_errors(l.diag));
	lexed_free(&l);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("lexer");

	unit_add_rows(suite, messages, messages_nr("lexer.txt"));
	unit_add_rows(suite, number_has_value, ARRAY_SIZE(numbers));
	unit_add_rows(suite, tokens_are_the_longest, ARRAY_SIZE(rows));
	unit_add(suite, escapes_are_resolved);
	unit_add(suite, comments_are_kept_apart);
	unit_add(suite, same_word_is_same_name);
	unit_add(suite, number_of_tokens_is_limited);
	unit_add_rows(suite, any_byte, 256);
	return suite;
}
