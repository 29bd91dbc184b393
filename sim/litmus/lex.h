/* SPDX-License-Identifier: MIT */
#ifndef LITMUS_LEX_H
#define LITMUS_LEX_H

/*
 * Lex: a litmus test as a row of tokens.
 *
 * Comments are OCaml's, which nest and do not occur in functions, and C's. What
 * one of them says after "Result:" is the verdict that the author expects.
 */

#include "base/vec.h"
#include "script/diag.h"

enum lex_kind {
	LEX_END,
	LEX_NAME,
	LEX_NUMBER,
	LEX_NO_NUMBER, /* "1x", which may stand in a text that nobody reads */
	LEX_OP,        /* one or two characters */
};

struct lex_token {
	enum lex_kind kind;
	struct span span;
	const char *text; /* borrowed from the source; len bytes */
	uint32_t len;
	int64_t value; /* of NUMBER */
};

struct lexed {
	CDMA_VEC(struct lex_token) tokens; /* the last one is END */
	char result[32]; /* what a comment says; "" when none does */
};

/* Cut file @file of @sources, from byte @start, into tokens; what is wrong goes
 * to @diag. */
void lex_file(struct lexed *lexed, struct sources *sources, uint32_t file,
	      uint32_t start, struct diag *diag);
void lexed_fini(struct lexed *lexed);

/* Whether the text of @token is @text. */
bool lex_is(const struct lex_token *token, const char *text);

#endif /* LITMUS_LEX_H */
