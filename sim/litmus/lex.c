/* SPDX-License-Identifier: MIT */
#include "litmus/lex.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct lexer {
	struct lexed *out;
	struct sources *sources;
	struct diag *diag;
	const char *text;
	uint32_t file, at, len;
	unsigned int depth; /* of braces */
	bool is_code;       /* in a function, where "(*" is no comment */
};

static bool sees(const struct lexer *l, const char *what)
{
	size_t len = strlen(what);

	return l->len - l->at >= len && !memcmp(l->text + l->at, what, len);
}

static struct span span_from(const struct lexer *l, uint32_t start)
{
	return (struct span){l->file, start, l->at - start};
}

/* The words after "Result:" in a comment; the first ones count. */
static void note_result(struct lexer *l, uint32_t start)
{
	static const char key[] = "Result:";
	const char *at = l->text + start, *end = l->text + l->at;
	char *out = l->out->result;
	size_t len = 0, key_len = strlen(key);

	while (end - at > (ptrdiff_t)key_len && memcmp(at, key, key_len))
		at++;
	if (end - at <= (ptrdiff_t)key_len || out[0])
		return;
	for (at += key_len; at < end && *at == ' '; at++)
		;
	while (at + len < end &&
	       (isalpha((unsigned char)at[len]) || at[len] == ' ') &&
	       len < sizeof(l->out->result) - 1)
		len++;
	memcpy(out, at, len);
	while (len && out[len - 1] == ' ')
		out[--len] = '\0';
}

/* A comment that nests ends where it has been closed as often as opened. */
static void skip_block(struct lexer *l, const char *open, const char *close,
		       bool nests)
{
	uint32_t start = l->at;
	unsigned int depth = 0;

	do {
		if (l->at >= l->len) {
			diag_error(l->diag, l->sources,
				   (struct span){l->file, start, 2},
				   "comment is not closed");
			return;
		}
		if (sees(l, open) && (nests || !depth)) {
			depth++;
			l->at += 2;
		} else if (sees(l, close)) {
			depth--;
			l->at += 2;
		} else {
			l->at++;
		}
	} while (depth);
	note_result(l, start);
}

static bool skip_blank(struct lexer *l)
{
	if (l->at < l->len && isspace((unsigned char)l->text[l->at]))
		l->at++;
	else if (!l->is_code && sees(l, "(*"))
		skip_block(l, "(*", "*)", true);
	else if (sees(l, "/*"))
		skip_block(l, "/*", "*/", false);
	else if (sees(l, "//"))
		while (l->at < l->len && l->text[l->at] != '\n')
			l->at++;
	else
		return false;
	return true;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Decimal or hexadecimal, of 64 bits; whether it is one. */
static bool number(const struct lexer *l, uint32_t start, int64_t *out)
{
	char digits[24];
	uint32_t len = l->at - start;
	char *end = digits;
	uint64_t value = 0;

	errno = 0;
	if (len < sizeof(digits)) {
		memcpy(digits, l->text + start, len);
		digits[len] = '\0';
		value = strtoull(digits, &end,
				 digits[0] == '0' && len > 1 &&
						 tolower(digits[1]) == 'x'
					 ? 16
					 : 10);
		end += strspn(end, "uUlL");
	}
	*out = (int64_t)value;
	return end != digits && !*end && !errno;
}

static void operator(struct lexer *l)
{
	static const char *const pairs[] = {
		"/\\", "\\/", "==", "!=", "<=", ">=", "&&",
		"||",  "<<",  ">>", "=>", "++", "--", "->"};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (sees(l, pairs[i])) {
			l->at += 2;
			return;
		}
	l->at++;
}

/* A function goes from its name to its last brace. */
static void track_code(struct lexer *l, const struct lex_token *token)
{
	if (token->kind == LEX_NAME && !l->depth && token->len > 1)
		l->is_code |= token->text[0] == 'P' &&
			      isdigit((unsigned char)token->text[1]);
	else if (lex_is(token, "{"))
		l->depth++;
	else if (lex_is(token, "}") && l->depth && !--l->depth)
		l->is_code = false;
}

static void next(struct lexer *l)
{
	struct lex_token *token = cdma_vec_push(&l->out->tokens);
	uint32_t start = l->at;

	*token = (struct lex_token){.text = l->text + start};
	if (l->at >= l->len) {
		token->span = span_from(l, start);
		return;
	}
	if (!is_word(l->text[start])) {
		token->kind = LEX_OP;
		operator(l);
	} else {
		while (l->at < l->len && is_word(l->text[l->at]))
			l->at++;
		token->kind = LEX_NAME;
		if (isdigit((unsigned char)l->text[start])) {
			token->kind = number(l, start, &token->value)
					      ? LEX_NUMBER
					      : LEX_NO_NUMBER;
		}
	}
	token->span = span_from(l, start);
	token->len = l->at - start;
	track_code(l, token);
}

void lex_file(struct lexed *lexed, struct sources *sources, uint32_t file,
	      uint32_t start, struct diag *diag)
{
	struct lexer l = {
		.out = lexed,
		.sources = sources,
		.diag = diag,
		.text = sources->at[file].text,
		.len = sources->at[file].len,
		.file = file,
		.at = start,
	};

	do {
		while (skip_blank(&l))
			;
		next(&l);
	} while (cdma_vec_last(&lexed->tokens)->kind != LEX_END);
}

void lexed_fini(struct lexed *lexed)
{
	cdma_vec_free(&lexed->tokens);
}

bool lex_is(const struct lex_token *token, const char *text)
{
	return token->kind != LEX_END && token->len == strlen(text) &&
	       !memcmp(token->text, text, token->len);
}
