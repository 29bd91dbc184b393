/* SPDX-License-Identifier: MIT */
#include "script/parse.h"

#include "script/private.h"

#include <string.h>

struct stmt *parse_make_stmt(struct parser *p, enum stmt_kind kind,
			     struct span start)
{
	struct stmt *s = parse_new(p, struct stmt);

	s->kind = kind;
	s->span = start;
	return s;
}

static bool next_is(const struct parser *p, int n, enum token_kind kind)
{
	return p->tok->kind != TOKEN_EOF && p->tok[n].kind == kind;
}

static const enum keyword store_words[STORE_NR] = {
	[STORE_RELAXED] = KW_RELAXED,
	[STORE_UNORDERED] = KW_UNORDERED,
	[STORE_SPLIT] = KW_SPLIT,
};

const char *store_name(enum store how)
{
	return keyword_text(store_words[how]);
}

/* "relaxed" and its like before an lvalue. */
static enum store store_word(const struct parser *p)
{
	const struct token *next = p->tok + 1;
	int how = STORE_NR;

	while (--how && !parse_is_word(p, store_words[how]))
		;
	if (next->kind == TOKEN_LPAREN) /* "relaxed ((T *)a)->b", "(*a)" */
		next++;
	if (next->kind != TOKEN_LPAREN &&
	    !(next->kind == TOKEN_OPERATOR && next->op == OP_MUL) &&
	    (next != p->tok + 1 || next->kind != TOKEN_NAME))
		return STORE_NORMAL;
	return (enum store)how;
}

static bool is_call(const struct expr *e)
{
	return e->kind == EXPR_CALL ||
	       (e->kind == EXPR_TRY && e->a->kind == EXPR_CALL);
}

/* "(void)x": x is not used, whatever a call gives. */
static bool is_unused(const struct expr *e)
{
	return e->kind == EXPR_CAST && !e->ref->stars && e->ref->name.text &&
	       !strcmp(e->ref->name.text, "void") &&
	       (is_call(e->a) || e->a->kind == EXPR_NAME ||
		e->a->kind == EXPR_FIELD);
}

/* What follows the first expression of a statement. */
static void parse_effect(struct parser *p, struct stmt *s)
{
	if (parse_is(p, TOKEN_ASSIGN)) {
		s->kind = STMT_ASSIGN;
		s->op = p->tok->op;
		p->tok++;
		s->rhs = parse_assigned(p);
	} else if (s->lhs->kind == EXPR_STEP) {
		s->kind = STMT_STEP;
		s->op = s->lhs->op;
		s->lhs = s->lhs->a;
	} else if (is_call(s->lhs)) {
		s->rhs = s->lhs;
		s->lhs = NULL;
	} else if (is_unused(s->lhs) && parse_is(p, TOKEN_SEMICOLON)) {
		s->kind = is_call(s->lhs->a) ? STMT_CALL : STMT_EMPTY;
		s->rhs = s->lhs->a;
		s->lhs = NULL;
	} else if (parse_is(p, TOKEN_SEMICOLON)) {
		parse_fail(p, s->lhs->span, "this statement does nothing");
	}
}

struct stmt *parse_simple(struct parser *p)
{
	struct span start = parse_span(p);
	struct stmt *s = parse_make_stmt(p, STMT_CALL, start);

	s->how = store_word(p);
	if (s->how)
		p->tok++;
	s->lhs = parse_expr(p);
	if (p->panic)
		return s;
	parse_effect(p, s);
	if (s->how && s->kind == STMT_CALL)
		parse_fail(p, start, "'%s' is for a store: write '%s lv = v;'",
			   store_name(s->how), store_name(s->how));
	s->span = parse_since(p, start);
	return s;
}

/* Go one block deeper, or panic. */
static bool enter(struct parser *p)
{
	if (p->panic)
		return false;
	if (p->blocks >= PARSE_BLOCK_DEPTH) {
		parse_fail(p, parse_span(p),
			   "blocks are nested more than %d deep",
			   PARSE_BLOCK_DEPTH);
		return false;
	}
	p->blocks++;
	return true;
}

/* The statement that belongs to another one; without braces too it counts
 * as a block. */
struct stmt *parse_inner(struct parser *p)
{
	struct stmt *s;

	if (parse_is(p, TOKEN_LBRACE))
		return parse_stmt(p);
	if (!enter(p))
		return parse_make_stmt(p, STMT_EMPTY, parse_span(p));
	s = parse_stmt(p);
	p->blocks--;
	return s;
}

struct expr *parse_condition(struct parser *p, const char *after)
{
	struct expr *e;

	parse_want(p, TOKEN_LPAREN, after);
	e = parse_expr(p);
	if (parse_is(p, TOKEN_ASSIGN))
		parse_fail(p, parse_span(p),
			   "an assignment is a statement of its own; to "
			   "compare, write '=='");
	parse_want(p, TOKEN_RPAREN, "after the condition");
	return e;
}

static struct stmt *parse_if(struct parser *p, struct span start)
{
	struct stmt *s = parse_make_stmt(p, STMT_IF, start);

	p->tok++;
	s->cond = parse_condition(p, "after 'if'");
	s->then = parse_inner(p);
	if (parse_take_word(p, KW_ELSE))
		s->other = parse_inner(p);
	return s;
}

static struct stmt *parse_poll(struct parser *p, struct span start)
{
	struct stmt *s = parse_make_stmt(p, STMT_POLL, start);

	p->tok++;
	s->cond = parse_condition(p, "after 'poll'");
	s->span = parse_since(p, start);
	if (!p->panic && !parse_take_word(p, KW_MAX)) {
		parse_fail(p, parse_before(p), "'poll' needs a bound");
		diag_help(p->diag, "write 'poll (cond) max N else stmt;'");
	}
	s->max = parse_expr(p);
	if (parse_take_word(p, KW_ELSE))
		s->other = parse_inner(p);
	else
		parse_want_end(p, "the poll");
	return s;
}

/* "do.x = 1": all words are names where they can be. */
static bool is_used_as_name(const struct parser *p)
{
	const struct token *next = p->tok + 1;

	if (next->kind == TOKEN_INC || next->kind == TOKEN_DEC)
		return next[1].kind == TOKEN_SEMICOLON;
	return next->kind == TOKEN_ASSIGN || next->kind == TOKEN_LBRACKET ||
	       next->kind == TOKEN_DOT || next->kind == TOKEN_ARROW;
}

/* A statement that a keyword starts; NULL: it is another one. */
static struct stmt *parse_keyword(struct parser *p, struct span start)
{
	bool called = next_is(p, 1, TOKEN_LPAREN);

	if (!parse_is(p, TOKEN_NAME) || is_used_as_name(p))
		return NULL;
	switch (p->tok->id) {
	case KW_IF:
		return parse_if(p, start);
	case KW_FOR:
		return parse_for(p, start);
	case KW_POLL:
		return called || next_is(p, 1, TOKEN_NAME)
			       ? parse_poll(p, start)
			       : NULL;
	case KW_WHILE:
		return parse_while(p, start);
	case KW_DO:
		return parse_do(p, start);
	case KW_SWITCH:
		return parse_switch(p, start);
	case KW_CASE:
	case KW_DEFAULT:
		return parse_case(p, start);
	case KW_GOTO:
	case KW_BREAK:
	case KW_CONTINUE:
	case KW_FALLTHROUGH:
		return parse_jump(p, start);
	case KW_RETURN:
		return parse_return(p, start);
	case KW_ELSE:
		parse_fail(p, start, "'else' without an 'if'");
		return parse_make_stmt(p, STMT_EMPTY, start);
	default:
		return parse_list_loop(p, start);
	}
}

static struct name parse_label(struct parser *p)
{
	struct name label = {0};

	if (!parse_is(p, TOKEN_NAME) || !next_is(p, 1, TOKEN_COLON) ||
	    p->tok->id == KW_ELSE || p->tok->id == KW_DEFAULT)
		return label;
	label = parse_name(p, "a label");
	p->tok++;
	if (parse_is(p, TOKEN_NAME) && next_is(p, 1, TOKEN_COLON))
		parse_fail(p, parse_span(p), "one label a statement");
	return label;
}

/* What of C would be misread: "while (x)" looks like a call. */
static bool is_refused(struct parser *p)
{
	bool is_tag = parse_is_word(p, KW_ENUM) && next_is(p, 1, TOKEN_NAME) &&
		      next_is(p, 2, TOKEN_NAME);

	return parse_is(p, TOKEN_NAME) && !is_used_as_name(p) && !is_tag &&
	       parse_refused(p, REFUSE_STMT);
}

static struct stmt *parse_unlabelled(struct parser *p)
{
	struct span start = parse_span(p);
	struct stmt *s;

	if (parse_is(p, TOKEN_LBRACE))
		return parse_block(p);
	if (parse_take(p, TOKEN_SEMICOLON))
		return parse_make_stmt(p, STMT_EMPTY, start);
	if (is_refused(p))
		return parse_make_stmt(p, STMT_EMPTY, start);
	s = parse_keyword(p, start);
	if (s)
		return s;
	if (!store_word(p) && parse_is_decl(p))
		return parse_decl(p, start);
	s = parse_simple(p);
	parse_want_end(p, "the statement");
	return s;
}

struct stmt *parse_stmt(struct parser *p)
{
	struct span start = parse_span(p);
	struct name label;
	struct stmt *s;

	if (p->panic)
		return NULL;
	if (parse_is(p, TOKEN_RBRACE) || parse_is(p, TOKEN_EOF)) {
		parse_fail(p, parse_before(p), "expected a statement");
		return NULL;
	}
	label = parse_is_word(p, KW_FOR) ? (struct name){0} : parse_label(p);
	s = parse_unlabelled(p);
	if (label.text && s->kind == STMT_CASE)
		parse_fail(p, label.span, "a label goes behind the 'case'");
	s->label = label;
	s->span = parse_since(p, start);
	return s;
}

static struct stmt *parse_list(struct parser *p)
{
	struct stmt *first = NULL, **tail = &first;

	while (!parse_is(p, TOKEN_RBRACE) && !parse_is(p, TOKEN_EOF) &&
	       !parse_begins_item(p) && !diag_is_full(p->diag)) {
		*tail = parse_stmt(p);
		if (*tail)
			tail = &(*tail)->next;
		if (p->panic)
			parse_sync(p);
	}
	return first;
}

struct stmt *parse_block(struct parser *p)
{
	struct span start = parse_span(p);
	struct stmt *block = parse_make_stmt(p, STMT_BLOCK, start);

	if (!enter(p))
		return block;
	if (parse_want(p, TOKEN_LBRACE, "here"))
		block->list = parse_list(p);
	p->blocks--;
	if (!p->panic && !parse_take(p, TOKEN_RBRACE)) {
		parse_fail(p, parse_before(p), "expected '}'");
		diag_note(p->diag, &p->script->sources, start,
			  "the block opened here");
	}
	block->span = parse_since(p, start);
	return block;
}
