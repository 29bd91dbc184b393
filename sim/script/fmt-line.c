/* SPDX-License-Identifier: MIT */
#include "script/fmt-line.h"

#include "base/xalloc.h"
#include "script/ast.h"
#include "script/keywords.h"

#include <stdlib.h>
#include <string.h>

void fmt_line_fini(struct fmt *f)
{
	for (size_t i = 0; i < f->lines.nr; i++) {
		free(f->lines.at[i].code);
		free(f->lines.at[i].comment);
	}
	cdma_vec_free(&f->lines);
	cdma_vec_free(&f->pieces);
	cdma_text_fini(&f->line);
	cdma_text_fini(&f->label);
}

/* Columns of the @len bytes at @s; a character is one. */
static size_t columns(const char *s, size_t len)
{
	size_t nr = 0;

	for (size_t i = 0; i < len; i++)
		if (s[i] == '\t')
			nr += FMT_TAB - nr % FMT_TAB;
		else
			nr += ((unsigned char)s[i] & 0xc0) != 0x80;
	return nr;
}

static void push_line(struct fmt *f, struct cdma_text *code)
{
	*cdma_vec_push(&f->lines) =
		(struct fmt_line){.code = cdma_xstrdup(cdma_text_str(code))};
	cdma_text_fini(code);
}

static bool is_blank(const struct fmt_line *line)
{
	return !line->code[0] && !line->comment;
}

static void push_blank(struct fmt *f)
{
	struct cdma_text none = {0};

	if (f->lines.nr && !is_blank(cdma_vec_last(&f->lines)) && !f->is_fresh)
		push_line(f, &none);
}

/* Whether a blank line is between what was taken last and byte @at. */
static bool has_blank(const struct fmt *f, uint32_t at)
{
	unsigned int lfs = 0;

	for (uint32_t i = f->from; i < at; i++)
		lfs += f->text[i] == '\n';
	return lfs > 1;
}

/* Add the text of a comment without blanks at the ends of its lines; where it
 * goes on to another line that starts with *, those are below each other. */
static void add_comment(struct cdma_text *out, const struct fmt *f,
			const struct comment *c, unsigned int indent)
{
	const char *s = f->text + c->at, *end = s + c->len;

	while (s < end) {
		const char *lf = memchr(s, '\n', (size_t)(end - s));
		const char *stop = lf ? lf : end, *trim = stop;

		while (trim > s && (trim[-1] == ' ' || trim[-1] == '\t' ||
				    trim[-1] == '\r'))
			trim--;
		cdma_text_addn(out, s, (size_t)(trim - s));
		if (!lf)
			return;
		cdma_text_addc(out, '\n');
		for (s = lf + 1; s < end && (*s == ' ' || *s == '\t'); s++)
			;
		if (s < end && *s == '*') {
			cdma_text_fill(out, '\t', indent);
			cdma_text_addc(out, ' ');
		} else {
			s = lf + 1;
		}
	}
}

static void take_comment(struct fmt *f)
{
	f->from = f->comment->at + f->comment->len;
	f->comment++;
}

/* The next comment on lines of its own. */
static void comment_lines(struct fmt *f)
{
	struct cdma_text code = {0};

	if (has_blank(f, f->comment->at))
		push_blank(f);
	cdma_text_fill(&code, '\t', f->indent);
	add_comment(&code, f, f->comment, f->indent);
	push_line(f, &code);
	f->is_fresh = false;
	take_comment(f);
}

static bool comes_before(const struct fmt *f, const struct token *tok)
{
	return f->comment < f->end && f->comment->at < tok->at;
}

bool fmt_has_comment(const struct fmt *f, const struct token *tok)
{
	return comes_before(f, tok);
}

void fmt_begin(struct fmt *f)
{
	while (comes_before(f, f->tok))
		comment_lines(f);
	if (has_blank(f, f->tok->at) && f->tok->kind != TOKEN_RBRACE &&
	    f->tok->kind != TOKEN_EOF)
		push_blank(f);
	f->is_fresh = false;
}

/* Words that a long line may go on with. */
static bool is_joint(const struct token *t)
{
	if (t->kind != TOKEN_NAME)
		return false;
	switch (t->id) {
	case KW_MAX:
	case KW_ELSE:
	case KW_OF:
	case KW_AT:
	case KW_AGAINST:
	case KW_AFTER:
	case KW_WITH:
		return true;
	default:
		return false;
	}
}

/* Whether nothing goes between a token and the one that follows. */
static bool clings_after(const struct token *t)
{
	switch (t->kind) {
	case TOKEN_LPAREN:
	case TOKEN_LBRACKET:
	case TOKEN_DOT:
	case TOKEN_ARROW:
	case TOKEN_DOTDOT:
	case TOKEN_NOT:
	case TOKEN_COMPL:
	case TOKEN_HASH:
	case TOKEN_AT:
		return true;
	default:
		return t->role == ROLE_PREFIX || t->role == ROLE_CAST ||
		       t->role == ROLE_STAR;
	}
}

/* Whether nothing goes before it, whatever precedes. */
static bool clings_before(const struct token *t, const struct token *prev)
{
	switch (t->kind) {
	case TOKEN_RPAREN:
	case TOKEN_LBRACKET:
	case TOKEN_RBRACKET:
	case TOKEN_COMMA:
	case TOKEN_ARROW:
	case TOKEN_DOTDOT:
		return true;
	case TOKEN_INC:
	case TOKEN_DEC:
		return t->role != ROLE_PREFIX;
	case TOKEN_SEMICOLON:
		return prev->kind != TOKEN_LBRACE;
	case TOKEN_DOT: /* of { .field = v } or of a.b */
		return prev->kind != TOKEN_LBRACE && prev->kind != TOKEN_COMMA;
	case TOKEN_COLON:
		return t->role != ROLE_COND;
	case TOKEN_RBRACE:
		return prev->kind == TOKEN_LBRACE;
	default:
		return t->role == ROLE_CALL || t->role == ROLE_TRY;
	}
}

/* The letter that a token is made of, when a row of it is another token. */
static char glues(const struct token *t)
{
	if (t->kind == TOKEN_INC || t->kind == TOKEN_DEC)
		return t->kind == TOKEN_INC ? '+' : '-';
	if (t->kind != TOKEN_OPERATOR)
		return '\0';
	return t->op == OP_SUB   ? '-'
	       : t->op == OP_AND ? '&'
	       : t->op == OP_ADD ? '+'
				 : '\0';
}

static uint8_t space_between(const struct token *prev, const struct token *t)
{
	if (!prev)
		return 0;
	/* "- -x" is not "--x", nor "- --x" "-- -x". */
	if (prev->role == ROLE_PREFIX && glues(prev) && glues(prev) == glues(t))
		return 1;
	return !clings_after(prev) && !clings_before(t, prev);
}

/* A line is broken after ',' and after an operator with two sides. */
static bool may_break(const struct token *prev, const struct token *t,
		      unsigned int depth)
{
	if (!prev || !space_between(prev, t))
		return false;
	/* A long text gains nothing by it. */
	if (t->kind == TOKEN_STRING)
		return prev->kind == TOKEN_STRING;
	if (prev->kind == TOKEN_ASSIGN)
		return !depth;
	return prev->kind == TOKEN_COMMA ||
	       (prev->kind == TOKEN_OPERATOR && prev->role == ROLE_NONE) ||
	       is_joint(t);
}

static struct fmt_piece *add_piece(struct fmt *f, const char *s, size_t len)
{
	struct fmt_piece *piece = cdma_vec_push(&f->pieces);

	*piece = (struct fmt_piece){.at = f->line.len,
				    .len = len,
				    .depth = f->depth,
				    .must_break = f->must_break};
	f->must_break = false;
	cdma_text_addn(&f->line, s, len);
	return piece;
}

/* The next comment in the middle of a line that goes on. */
static void comment_piece(struct fmt *f)
{
	struct cdma_text text = {0};
	struct fmt_piece *piece;

	add_comment(&text, f, f->comment, f->indent + 2);
	f->must_break |= f->comment->first && f->pieces.nr;
	piece = add_piece(f, cdma_text_str(&text), text.len);
	piece->space = 1;
	f->must_break = f->text[f->comment->at + 1] == '/' ||
			memchr(cdma_text_str(&text), '\n', text.len);
	cdma_text_fini(&text);
	take_comment(f);
}

static bool opens(const struct token *t)
{
	return t->kind == TOKEN_LPAREN || t->kind == TOKEN_LBRACKET ||
	       t->kind == TOKEN_LBRACE;
}

static bool closes(const struct token *t)
{
	return t->kind == TOKEN_RPAREN || t->kind == TOKEN_RBRACKET ||
	       t->kind == TOKEN_RBRACE;
}

void fmt_token(struct fmt *f)
{
	struct token *t = f->tok;
	struct fmt_piece *piece;
	bool commented = comes_before(f, t);

	while (comes_before(f, t))
		comment_piece(f);
	if (closes(t))
		f->depth -= f->depth > 0;
	piece = add_piece(f, f->text + t->at, t->len);
	piece->space = commented ? 1 : space_between(f->prev, t);
	piece->may_break = !f->is_line && may_break(f->prev, t, f->depth);
	if (opens(t) && f->depth < UINT8_MAX)
		f->depth++;
	f->from = t->at + t->len;
	f->prev = t;
	f->tok++;
}

void fmt_until(struct fmt *f, uint32_t at)
{
	while (f->tok->kind != TOKEN_EOF && f->tok->at < at)
		fmt_token(f);
}

void fmt_through(struct fmt *f, enum token_kind kind)
{
	unsigned int open = 0;

	while (f->tok->kind != TOKEN_EOF) {
		const struct token *t = f->tok;

		open += opens(t);
		open -= closes(t);
		fmt_token(f);
		if (t->kind == kind && !open)
			return;
	}
}

void fmt_label(struct fmt *f)
{
	cdma_text_addn(&f->label, f->text + f->tok[0].at, f->tok[0].len);
	cdma_text_addc(&f->label, ':');
	/* A comment between the label and its ':' goes before both. */
	while (comes_before(f, &f->tok[1]))
		comment_lines(f);
	f->tok += 2;
	f->prev = NULL;
	f->from = f->tok[-1].at + f->tok[-1].len;
}

/* The start of the line: its label, and its indent. */
static void start_line(struct fmt *f, struct cdma_text *code)
{
	cdma_text_add(code, cdma_text_str(&f->label));
	if (f->label.len && f->label.len >= f->indent * FMT_TAB)
		cdma_text_addc(code, ' ');
	else
		for (size_t at = f->label.len / FMT_TAB; at < f->indent; at++)
			cdma_text_addc(code, '\t');
	cdma_text_cut(&f->label, 0);
}

/* The columns before the first piece. */
static size_t start_column(const struct fmt *f)
{
	size_t indent = f->indent * FMT_TAB;

	return f->label.len && f->label.len >= indent ? f->label.len + 1
						      : indent;
}

static size_t piece_width(const struct fmt *f, const struct fmt_piece *p)
{
	return columns(f->line.at + p->at, p->len) + p->space;
}

/*
 * The first piece of the next line, when pieces from @from do not all fit in
 * @room columns: the last place in the outermost parentheses, unless that
 * leaves the line more than half empty.
 */
static size_t find_break(const struct fmt *f, size_t from, size_t room)
{
	size_t width = 0, best = 0, any = 0;

	for (size_t i = from; i < f->pieces.nr; i++) {
		const struct fmt_piece *p = &f->pieces.at[i];

		if (i > from && p->must_break)
			return i;
		if (i > from && p->may_break) {
			any = i;
			if (width > room / 2 &&
			    (!best || p->depth <= f->pieces.at[best].depth))
				best = i;
		}
		width += piece_width(f, p);
		if (width > room && (best || any))
			return best ? best : any;
	}
	return f->pieces.nr;
}

/* The pieces of the line, on as many lines as they need. */
static void push_pieces(struct fmt *f)
{
	struct cdma_text code = {0};
	size_t from = 0, end, taken = start_column(f);

	start_line(f, &code);
	while (from < f->pieces.nr) {
		end = find_break(f, from,
				 taken < FMT_COLUMNS ? FMT_COLUMNS - taken : 1);
		for (size_t i = from; i < end; i++) {
			const struct fmt_piece *p = &f->pieces.at[i];

			if (p->space && i > from)
				cdma_text_addc(&code, ' ');
			cdma_text_addn(&code, f->line.at + p->at, p->len);
		}
		push_line(f, &code);
		from = end;
		taken = (f->indent + 2) * FMT_TAB;
		cdma_text_fill(&code, '\t', f->indent + 2);
	}
	cdma_text_fini(&code);
}

/* Comments that stand behind the line become part of it. */
static void take_behind(struct fmt *f)
{
	struct cdma_text text = {0};

	while (f->comment < f->end && !f->comment->first &&
	       f->comment->at < f->tok->at) {
		if (text.len)
			cdma_text_addc(&text, ' ');
		add_comment(&text, f, f->comment, f->indent);
		take_comment(f);
	}
	if (text.len)
		cdma_vec_last(&f->lines)->comment =
			cdma_xstrdup(cdma_text_str(&text));
	cdma_text_fini(&text);
}

void fmt_end(struct fmt *f)
{
	if (f->label.len && fmt_has_comment(f, f->tok) && !f->pieces.nr) {
		/* The label stands alone, and so does what is behind it. */
		struct cdma_text code = {0};

		cdma_text_add(&code, cdma_text_str(&f->label));
		cdma_text_cut(&f->label, 0);
		push_line(f, &code);
	} else {
		push_pieces(f);
	}
	f->pieces.nr = 0;
	f->must_break = false;
	f->depth = 0;
	f->prev = NULL;
	cdma_text_cut(&f->line, 0);
	take_behind(f);
}

size_t fmt_column(const struct fmt *f)
{
	size_t width = start_column(f);

	for (size_t i = 0; i < f->pieces.nr; i++)
		width += piece_width(f, &f->pieces.at[i]);
	return width;
}

size_t fmt_width(const struct fmt *f, const struct token *last)
{
	const struct token *prev = f->prev;
	size_t width = 0;

	for (const struct token *t = f->tok; t <= last; prev = t++)
		width += columns(f->text + t->at, t->len) +
			 space_between(prev, t);
	return width;
}

/* The columns of code that a group of lines with comments has at most. */
static size_t group_width(const struct fmt *f, size_t from, size_t *end)
{
	size_t widest = 0, i;

	for (i = from; i < f->lines.nr && f->lines.at[i].comment; i++) {
		const char *code = f->lines.at[i].code;
		const char *lf = strrchr(code, '\n');
		size_t width =
			columns(lf ? lf + 1 : code, strlen(lf ? lf + 1 : code));

		if (width > widest)
			widest = width;
	}
	*end = i;
	return widest;
}

static bool fits_behind(const struct fmt *f, size_t from, size_t end,
			size_t column)
{
	for (size_t i = from; i < end; i++) {
		const char *comment = f->lines.at[i].comment;

		if (column + columns(comment, strcspn(comment, "\n")) >
		    FMT_COLUMNS)
			return false;
	}
	return true;
}

/* Lines from @from to @end with their comments below each other, or, when
 * there is no room for that, each behind its line. */
static void print_group(const struct fmt *f, size_t from, size_t end,
			size_t widest, struct cdma_text *out)
{
	size_t column = (widest / FMT_TAB + 1) * FMT_TAB;
	bool aligned;

	if (column < FMT_COMMENT && fits_behind(f, from, end, FMT_COMMENT))
		column = FMT_COMMENT;
	aligned = fits_behind(f, from, end, column);

	for (size_t i = from; i < end; i++) {
		const struct fmt_line *line = &f->lines.at[i];
		const char *lf = strrchr(line->code, '\n');
		const char *last = lf ? lf + 1 : line->code;
		size_t at = columns(last, strlen(last));

		cdma_text_add(out, line->code);
		if (!aligned)
			cdma_text_addc(out, ' ');
		for (; aligned && at < column;
		     at = (at / FMT_TAB + 1) * FMT_TAB)
			cdma_text_addc(out, '\t');
		cdma_text_add(out, line->comment);
		cdma_text_addc(out, '\n');
	}
}

void fmt_print(const struct fmt *f, struct cdma_text *out)
{
	size_t nr = f->lines.nr;

	while (nr && is_blank(&f->lines.at[nr - 1]))
		nr--;
	for (size_t i = 0, end; i < nr; i = end) {
		if (f->lines.at[i].comment) {
			size_t widest = group_width(f, i, &end);

			print_group(f, i, end, widest, out);
			continue;
		}
		cdma_text_add(out, f->lines.at[i].code);
		cdma_text_addc(out, '\n');
		end = i + 1;
	}
}
