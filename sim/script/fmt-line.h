/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_FMT_LINE_H
#define SCRIPT_FMT_LINE_H

/*
 * Fmt-line: tokens into lines.  Private to fmt.
 *
 * A line is built of pieces, each a token or a comment with what is between
 * it and the one before, and is broken when it turns out to be too long.
 * Lines are kept to the end, so that comments behind them can be aligned.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "base/vec.h"
#include "script/lexer.h"

#define FMT_COLUMNS 100
#define FMT_TAB     8
#define FMT_COMMENT 40 /* where a comment behind a line starts */

/* A finished line. */
struct fmt_line {
	char *code;    /* owned; with its indent; "" for a blank line */
	char *comment; /* owned; behind the code, or NULL */
};

struct fmt_piece {
	size_t at, len;  /* in text */
	uint8_t space;   /* before it, unless it starts a line */
	uint8_t depth;   /* of parentheses around it */
	bool may_break;  /* a line may start with it */
	bool must_break; /* one does */
};

struct fmt {
	const char *text;
	struct token *tok;       /* the next one; the last is an EOF */
	struct token *prev;      /* the one before it, or NULL */
	struct comment *comment; /* the next one ... */
	struct comment *end;     /* ... before this */
	unsigned int indent;     /* tabs */

	CDMA_VEC(struct fmt_line) lines;
	CDMA_VEC(struct fmt_piece) pieces; /* of the line being built */
	struct cdma_text line;
	struct cdma_text label; /* at the start of it */
	uint8_t depth;
	bool is_line;    /* it stays one line, however long */
	bool is_fresh;   /* nothing in this block yet: no blank line */
	bool must_break; /* before the next piece */
	uint32_t from;   /* where what was taken last ends in the text */
	const struct item
		*reactions; /* of this device that are still to come */
};

void fmt_line_fini(struct fmt *f);

/* Put what stands before the next token on lines of its own, and a blank line
 * if there is one; then a new line can be built. */
void fmt_begin(struct fmt *f);
/* Take the next token, or all before byte @at. */
void fmt_token(struct fmt *f);
void fmt_until(struct fmt *f, uint32_t at);
/* Take tokens up to the first of @kind that is in no parentheses. */
void fmt_through(struct fmt *f, enum token_kind kind);
/* The next token is the label of the line. */
void fmt_label(struct fmt *f);
/* Finish the line; comments behind it belong to it. */
void fmt_end(struct fmt *f);

/* How many columns the tokens from the next to @last would add to the line. */
size_t fmt_width(const struct fmt *f, const struct token *last);
/* How many columns of the line are taken. */
size_t fmt_column(const struct fmt *f);
/* Whether there is a comment before @tok. */
bool fmt_has_comment(const struct fmt *f, const struct token *tok);

/* All lines; comments aligned. */
void fmt_print(const struct fmt *f, struct cdma_text *out);

#endif /* SCRIPT_FMT_LINE_H */
