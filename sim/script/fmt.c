/* SPDX-License-Identifier: MIT */
#include "script/fmt.h"

#include "script/ast.h"
#include "script/fmt-line.h"
#include "script/parse.h"
#include "script/private.h"

/*
 * The tree says where statements start and end; their tokens are then copied
 * one by one.  So nothing can get lost on the way.
 */

static void fmt_stmt(struct fmt *f, const struct stmt *s);

/* The '}' that belongs to the '{' at @t. */
static const struct token *closing(const struct token *t)
{
	unsigned int open = 0;

	for (;; t++) {
		if (t->kind == TOKEN_LBRACE)
			open++;
		if (t->kind == TOKEN_RBRACE && !--open)
			return t;
	}
}

static bool on_one_line(const struct token *from, const struct token *last)
{
	for (const struct token *t = from + 1; t <= last; t++)
		if (t->first)
			return false;
	return true;
}

/* Whether the tokens to @last stand on this line now, and can stay there. */
static bool can_stay(const struct fmt *f, const struct token *last)
{
	return on_one_line(f->tok, last) && !fmt_has_comment(f, last) &&
	       fmt_column(f) + fmt_width(f, last) <= FMT_COLUMNS;
}

static bool is_simple(const struct stmt *s)
{
	if (s->label.text)
		return false;
	switch (s->kind) {
	case STMT_BLOCK:
	case STMT_IF:
	case STMT_FOR:
	case STMT_LOOP:
	case STMT_SWITCH:
	case STMT_CASE:
	case STMT_POLL:
		return false;
	default:
		return true;
	}
}

/* Whether a block of these may stand on one line. */
static bool is_simple_list(const struct stmt *list)
{
	for (; list; list = list->next)
		if (!is_simple(list) &&
		    !(list->kind == STMT_IF && !list->label.text &&
		      is_simple(list->then) && !list->other))
			return false;
	return true;
}

/* The last token of @s. */
static const struct token *last_token(const struct fmt *f, const struct stmt *s)
{
	const struct token *t = f->tok;

	while (t[1].kind != TOKEN_EOF && t[1].at < s->span.at + s->span.len)
		t++;
	return t;
}

static void open_brace(struct fmt *f)
{
	fmt_token(f);
	fmt_end(f);
	f->indent++;
	f->is_fresh = true;
}

static void close_brace(struct fmt *f)
{
	fmt_begin(f);
	f->indent--;
	fmt_token(f);
}

/* @block up to its '}', on the line that is being built. */
static void fmt_block(struct fmt *f, const struct stmt *block)
{
	const struct token *end = closing(f->tok);

	if (is_simple_list(block->list) && can_stay(f, end)) {
		fmt_until(f, end->at + 1);
		return;
	}
	open_brace(f);
	for (const struct stmt *s = block->list; s; s = s->next)
		fmt_stmt(f, s);
	close_brace(f);
}

/* A case stands where its switch does. */
static void fmt_switch(struct fmt *f, const struct stmt *s)
{
	fmt_until(f, s->then->span.at);
	open_brace(f);
	for (const struct stmt *c = s->then->list; c; c = c->next)
		fmt_stmt(f, c);
	close_brace(f);
	fmt_end(f);
}

static void fmt_case(struct fmt *f, const struct stmt *s)
{
	f->indent--;
	fmt_begin(f);
	fmt_until(f, s->span.at + s->span.len);
	fmt_end(f);
	f->indent++;
}

/*
 * What an if, a for or an else does, behind its head on the line that is
 * being built.
 *
 * Returns: whether the line ends in a '}' and is not finished.
 */
static bool fmt_body(struct fmt *f, const struct stmt *body)
{
	if (body->kind == STMT_BLOCK && !body->label.text &&
	    !fmt_has_comment(f, f->tok)) {
		fmt_block(f, body);
		return true;
	}
	if (is_simple(body) && !f->tok->first &&
	    can_stay(f, last_token(f, body))) {
		fmt_until(f, body->span.at + body->span.len);
		fmt_end(f);
		return false;
	}
	fmt_end(f);
	f->indent++;
	f->is_fresh = true;
	fmt_stmt(f, body);
	f->indent--;
	return false;
}

static void fmt_if(struct fmt *f, const struct stmt *s)
{
	bool braces;

	fmt_until(f, s->then->span.at);
	braces = fmt_body(f, s->then);
	if (!s->other) {
		if (braces)
			fmt_end(f);
		return;
	}
	if (braces && fmt_has_comment(f, f->tok)) {
		fmt_end(f);
		braces = false;
	}
	if (!braces)
		fmt_begin(f);
	fmt_token(f); /* else */
	if (s->other->kind == STMT_IF && !s->other->label.text)
		fmt_if(f, s->other);
	else if (fmt_body(f, s->other))
		fmt_end(f);
}

static void fmt_for(struct fmt *f, const struct stmt *s)
{
	fmt_until(f, s->then->span.at);
	if (fmt_body(f, s->then))
		fmt_end(f);
}

/* "do { } while (c) max N;" */
static void fmt_do(struct fmt *f, const struct stmt *s)
{
	bool braces;

	fmt_token(f);
	braces = fmt_body(f, s->then);
	if (braces && fmt_has_comment(f, f->tok)) {
		fmt_end(f);
		braces = false;
	}
	if (!braces)
		fmt_begin(f);
	fmt_until(f, s->span.at + s->span.len);
	fmt_end(f);
}

/* An else that is simple belongs on the line, however long that gets. */
static void fmt_poll(struct fmt *f, const struct stmt *s)
{
	if (!s->other || is_simple(s->other)) {
		fmt_until(f, s->span.at + s->span.len);
		fmt_end(f);
		return;
	}
	fmt_until(f, s->other->span.at);
	if (fmt_body(f, s->other))
		fmt_end(f);
}

static void fmt_stmt(struct fmt *f, const struct stmt *s)
{
	if (s->kind == STMT_CASE) {
		fmt_case(f, s);
		return;
	}
	fmt_begin(f);
	if (s->label.text) {
		fmt_label(f);
		if (fmt_has_comment(f, f->tok)) {
			fmt_end(f);
			fmt_begin(f);
		}
	}
	switch (s->kind) {
	case STMT_BLOCK:
		fmt_block(f, s);
		fmt_end(f);
		break;
	case STMT_IF:
		fmt_if(f, s);
		break;
	case STMT_LOOP:
		if (s->is_do) {
			fmt_do(f, s);
			break;
		}
		/* fall through */
	case STMT_FOR:
		fmt_for(f, s);
		break;
	case STMT_SWITCH:
		fmt_switch(f, s);
		break;
	case STMT_POLL:
		fmt_poll(f, s);
		break;
	default:
		fmt_until(f, s->span.at + s->span.len);
		fmt_end(f);
	}
}

/* Tokens to the first '{', which stays the next one; false: a ';' was first
 * and is taken. */
static bool fmt_head(struct fmt *f)
{
	while (f->tok->kind != TOKEN_LBRACE) {
		bool is_end = f->tok->kind == TOKEN_SEMICOLON;

		fmt_token(f);
		if (is_end)
			return false;
	}
	return true;
}

static void fmt_parts(struct fmt *f);

/* One of them, which may have parts itself: "regs {", "union {". */
static void fmt_part(struct fmt *f)
{
	bool is_regs = f->tok->id == KW_REGS;

	if (f->reactions && f->tok->at == f->reactions->span.at) {
		fmt_head(f);
		fmt_block(f, f->reactions->body);
		f->reactions = f->reactions->next;
		if (f->tok->kind == TOKEN_SEMICOLON)
			fmt_token(f);
		return;
	}
	if (f->tok[1].kind != TOKEN_LBRACE ||
	    (!is_regs && f->tok->id != KW_STRUCT && f->tok->id != KW_UNION)) {
		fmt_through(f, TOKEN_SEMICOLON);
		return;
	}
	fmt_token(f);
	fmt_parts(f);
	if (!is_regs)
		fmt_through(f, TOKEN_SEMICOLON);
	else if (f->tok->kind == TOKEN_SEMICOLON)
		fmt_token(f);
}

/* "{ a; b; }" of a struct, a device, a variant; the next token is the '{'. */
static void fmt_parts(struct fmt *f)
{
	const struct token *end = closing(f->tok);

	if (!(f->reactions && f->reactions->span.at < end->at) &&
	    can_stay(f, end + (end[1].kind == TOKEN_SEMICOLON))) {
		fmt_until(f, end->at + 1);
		return;
	}
	open_brace(f);
	while (f->tok->kind != TOKEN_RBRACE) {
		fmt_begin(f);
		fmt_part(f);
		fmt_end(f);
	}
	close_brace(f);
}

/* The body of a function of C, whose brace is a line of its own. */
static void fmt_function(struct fmt *f, const struct stmt *body)
{
	const struct token *end = closing(f->tok);

	if (!(is_simple_list(body->list) && can_stay(f, end) &&
	      !f->tok->first)) {
		fmt_end(f);
		fmt_begin(f);
	}
	fmt_block(f, body);
}

/* To the comma that ends it, or before the '}'. */
static void fmt_name_of_enum(struct fmt *f)
{
	unsigned int open = 0;

	while (f->tok->kind != TOKEN_RBRACE || open) {
		const struct token *t = f->tok;

		open += t->kind == TOKEN_LPAREN;
		open -= t->kind == TOKEN_RPAREN;
		fmt_token(f);
		if (t->kind == TOKEN_COMMA && !open)
			return;
	}
}

/* "enum { A, B };": a name a line when they do not all fit on one. */
static void fmt_enum(struct fmt *f)
{
	const struct token *end = closing(f->tok);

	if (can_stay(f, end + (end[1].kind == TOKEN_SEMICOLON))) {
		fmt_until(f, end->at + 1);
		return;
	}
	open_brace(f);
	while (f->tok->kind != TOKEN_RBRACE) {
		fmt_begin(f);
		fmt_name_of_enum(f);
		fmt_end(f);
	}
	close_brace(f);
}

static void fmt_parts_of(struct fmt *f, const struct item *item)
{
	f->reactions = item->kind == ITEM_DEVICE ? item->items : NULL;
	fmt_parts(f);
}

static void fmt_item(struct fmt *f, const struct item *item)
{
	fmt_begin(f);
	/* A line of the preprocessor stays one. */
	f->is_line = f->tok->kind == TOKEN_HASH;
	if (f->is_line) {
		fmt_until(f, item->span.at + item->span.len);
	} else if (item->kind == ITEM_SHARED) {
		fmt_through(f, TOKEN_SEMICOLON);
	} else if (fmt_head(f)) {
		if (item->body && item->ref)
			fmt_function(f, item->body);
		else if (item->body)
			fmt_block(f, item->body);
		else if (item->kind == ITEM_ENUM)
			fmt_enum(f);
		else
			fmt_parts_of(f, item);
		while (f->tok->at < item->span.at + item->span.len &&
		       f->tok->kind != TOKEN_EOF)
			fmt_token(f);
	}
	fmt_end(f);
	f->is_line = false;
}

static void fmt_file(struct fmt *f, const struct item *items)
{
	f->is_fresh = true;
	for (const struct item *i = items; i; i = i->next)
		if (f->tok->at <= i->span.at) /* not "const A = 1, B = 2;" */
			fmt_item(f, i);
	fmt_begin(f);
}

bool script_fmt(const char *path, const char *text, size_t len,
		struct diag *diag, struct cdma_text *out)
{
	static const struct script_options options = {.no_includes = true};
	struct script *script;
	struct tokens tokens = {0};
	struct parser p = {.diag = diag};
	struct fmt f = {0};
	bool ok;

	if (len > SOURCE_SIZE_MAX) {
		diag_error_file(diag, path, "the file is larger than %u MiB",
				SOURCE_SIZE_MAX >> 20);
		return false;
	}
	script = script_new(&options);
	sources_add(&script->sources, path, text, len);
	ok = lex(&script->sources, 0, &script->names, SOURCE_TOKENS_MAX, diag,
		 &tokens);
	p.script = script;
	p.tok = tokens.at;
	p.tail = &script->items;
	parse_items(&p);
	ok &= !p.failed;
	if (ok) {
		f.text = script->sources.at[0].text;
		f.tok = tokens.at;
		f.comment = tokens.comments.at;
		if (f.comment)
			f.end = f.comment + tokens.comments.nr;
		fmt_file(&f, script->items);
		fmt_print(&f, out);
	}
	fmt_line_fini(&f);
	tokens_fini(&tokens);
	script_free(script);
	return ok;
}
