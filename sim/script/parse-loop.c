/* SPDX-License-Identifier: MIT */
#include "script/parse.h"

/*
 * Loops: "for (i in a..b)" and those of C.
 */

/* "max N" behind the head of a loop. */
static struct expr *parse_max(struct parser *p)
{
	return parse_take_word(p, KW_MAX) ? parse_expr(p) : NULL;
}

/* The name of the variable that a loop of C counts with, if it is one. */
static struct name counter_of(const struct stmt *init)
{
	struct name none = {0};

	if (!init || init->next)
		return none;
	if (init->kind == STMT_DECL && !init->decls->next)
		return init->decls->name;
	if (init->kind == STMT_ASSIGN && !init->op &&
	    init->lhs->kind == EXPR_NAME)
		return init->lhs->name;
	return none;
}

/* "i = 0, n = 4" */
static struct stmt *parse_steps(struct parser *p)
{
	struct stmt *first = NULL, **tail = &first;

	do {
		*tail = parse_simple(p);
		tail = &(*tail)->next;
	} while (parse_take(p, TOKEN_COMMA));
	return first;
}

/* What stands before the first semicolon, which is taken. */
static struct stmt *parse_for_init(struct parser *p)
{
	struct span start = parse_span(p);
	struct stmt *init = NULL;

	if (parse_take(p, TOKEN_SEMICOLON))
		return NULL;
	if (parse_is_decl(p)) {
		init = parse_decl(p, start);
		init->span = parse_since(p, start);
		return init;
	}
	init = parse_steps(p);
	parse_want(p, TOKEN_SEMICOLON, "after how the loop begins");
	return init;
}

static void parse_c_for(struct parser *p, struct stmt *s)
{
	s->kind = STMT_LOOP;
	s->init = parse_for_init(p);
	if (!p->panic && !parse_is(p, TOKEN_SEMICOLON))
		s->cond = parse_expr(p);
	parse_want(p, TOKEN_SEMICOLON, "after the condition");
	if (!p->panic && !parse_is(p, TOKEN_RPAREN))
		s->step = parse_steps(p);
	parse_want(p, TOKEN_RPAREN, "after 'for (begin; condition; step'");
	if (!p->panic)
		s->name = counter_of(s->init);
}

static void parse_count(struct parser *p, struct stmt *s)
{
	s->name = parse_name(p, "the name of the variable");
	if (!p->panic && !parse_take_word(p, KW_IN))
		parse_fail(p, parse_span(p), "expected 'in'");
	s->from = parse_expr(p);
	parse_want(p, TOKEN_DOTDOT, "between the bounds");
	s->to = parse_expr(p);
	s->max = parse_max(p);
	parse_want(p, TOKEN_RPAREN, "after the bounds");
}

/* "i in a..b", or what was meant to be. */
static bool is_count(const struct parser *p)
{
	const struct token *t = p->tok;

	if (t->kind == TOKEN_NAME && t[1].kind == TOKEN_NAME &&
	    t[1].id == KW_IN)
		return true;
	for (; t->kind != TOKEN_EOF && t->kind != TOKEN_SEMICOLON &&
	       t->kind != TOKEN_LBRACE;
	     t++)
		if (t->kind == TOKEN_DOTDOT)
			return true;
	return false;
}

/* Where the semicolons of a head that is wrong would end the statement. */
static void skip_head(struct parser *p)
{
	unsigned int open = 1;

	for (; open && !parse_is(p, TOKEN_EOF); p->tok++) {
		if (parse_is(p, TOKEN_LBRACE) || parse_is(p, TOKEN_RBRACE))
			return;
		open += parse_is(p, TOKEN_LPAREN);
		open -= parse_is(p, TOKEN_RPAREN);
	}
}

struct stmt *parse_for(struct parser *p, struct span start)
{
	struct stmt *s = parse_make_stmt(p, STMT_FOR, start);

	p->tok++;
	parse_want(p, TOKEN_LPAREN, "after 'for'");
	if (!p->panic && is_count(p))
		parse_count(p, s);
	else if (!p->panic)
		parse_c_for(p, s);
	if (p->panic) {
		skip_head(p);
		return s;
	}
	if (!s->max)
		s->max = parse_max(p);
	s->then = parse_inner(p);
	return s;
}

struct stmt *parse_while(struct parser *p, struct span start)
{
	struct stmt *s = parse_make_stmt(p, STMT_LOOP, start);

	p->tok++;
	s->cond = parse_condition(p, "after 'while'");
	s->max = parse_max(p);
	s->then = parse_inner(p);
	return s;
}

struct stmt *parse_do(struct parser *p, struct span start)
{
	struct stmt *s = parse_make_stmt(p, STMT_LOOP, start);

	p->tok++;
	s->is_do = true;
	s->then = parse_inner(p);
	if (!p->panic && !parse_take_word(p, KW_WHILE))
		parse_fail(p, parse_span(p),
			   "expected 'while' after the body "
			   "of 'do'");
	s->cond = parse_condition(p, "after 'while'");
	s->max = parse_max(p);
	parse_want_end(p, "the loop");
	return s;
}
