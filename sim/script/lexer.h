/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_LEXER_H
#define SCRIPT_LEXER_H

/*
 * Lexer: the text of a file as a row of tokens.
 *
 * There are no reserved words here: what a name means is for the parser to
 * say.  Comments are kept apart, for fmt.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "script/diag.h"
#include "script/names.h"

enum token_kind {
	TOKEN_EOF,
	TOKEN_NAME,   /* id */
	TOKEN_NUMBER, /* value */
	TOKEN_STRING, /* id of what is between the quotes, escapes resolved */
	TOKEN_LPAREN,
	TOKEN_RPAREN,
	TOKEN_LBRACE,
	TOKEN_RBRACE,
	TOKEN_LBRACKET,
	TOKEN_RBRACKET,
	TOKEN_SEMICOLON,
	TOKEN_COLON,
	TOKEN_COMMA,
	TOKEN_DOT,
	TOKEN_DOTDOT,
	TOKEN_ELLIPSIS,
	TOKEN_ARROW,
	TOKEN_QUESTION,
	TOKEN_HASH,
	TOKEN_AT,
	TOKEN_NOT,
	TOKEN_COMPL,
	TOKEN_INC,
	TOKEN_DEC,
	/* Binary operators and what assigns with them; see token_op(). */
	TOKEN_OPERATOR,
	TOKEN_ASSIGN,
};

/* What the parser found a token to be, where its kind does not say; for fmt. */
enum token_role {
	ROLE_NONE,
	ROLE_CALL,   /* the ( of a call */
	ROLE_PREFIX, /* an operator before its operand */
	ROLE_STAR,   /* the * of a pointer type */
	ROLE_CAST,   /* the ) of a cast */
	ROLE_TRY,    /* the ? that returns an error */
	ROLE_COND,   /* the : of ?: */
};

struct token {
	uint8_t kind; /* enum token_kind */
	uint8_t op;   /* enum op, of OPERATOR and ASSIGN */
	bool first;   /* of its line */
	/* Of a NUMBER, which types it may have. */
	bool is_unsigned, is_long, is_decimal;
	uint8_t role;     /* enum token_role */
	uint32_t at, len; /* bytes */
	union {
		uint32_t id;
		uint64_t value;
	};
};

struct comment {
	uint32_t at, len; /* bytes; without the line end of a // comment */
	bool first;       /* of its line */
};

struct tokens {
	struct token *at; /* owned; ends in an EOF */
	size_t nr, room;
	struct {
		struct comment *at; /* owned */
		size_t nr, room;
	} comments;
};

/* All zero bytes: no tokens. */
void tokens_fini(struct tokens *tokens);

/*
 * Append the tokens of source @file, at most @max.
 *
 * What is no token is an error in @diag and left out.
 *
 * Returns: whether all of it was read without error.
 */
bool lex(struct sources *sources, uint32_t file, struct names *names,
	 size_t max, struct diag *diag, struct tokens *out);

#endif /* SCRIPT_LEXER_H */
