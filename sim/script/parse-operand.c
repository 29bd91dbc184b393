/* SPDX-License-Identifier: MIT */
#include "script/parse.h"

/*
 * Operands: numbers, names, casts, sizeof, and what is in parentheses.
 */

/* "(T)" or "(T *)": a cast. */
static bool is_cast(const struct parser *p)
{
	bool sure;
	const struct token *t = parse_skip_type(p, p->tok + 1, &sure), *end;

	if (!t)
		return false;
	end = parse_skip_stars(p, t);
	return end->kind == TOKEN_RPAREN && (end != t || sure);
}

static struct expr *parse_cast(struct parser *p)
{
	struct span start = parse_span(p);
	struct type_ref *ref;
	struct expr *e, *a;

	p->tok++;
	ref = parse_stars(p, parse_type_name(p));
	p->tok->role = ROLE_CAST;
	parse_want(p, TOKEN_RPAREN, "after the type");
	a = parse_is(p, TOKEN_LBRACE) ? parse_init(p) : parse_unary(p);
	e = parse_new_expr(p, ref->stars ? EXPR_RAW : EXPR_CAST, start);
	e->a = a;
	e->ref = ref;
	parse_add_child(p, e, a);
	return e;
}

static struct expr *parse_sizeof(struct parser *p)
{
	struct span start = parse_span(p);
	struct expr *e = parse_new_expr(p, EXPR_SIZEOF, start);
	bool sure;

	p->tok[1].role = ROLE_CALL;
	p->tok += 2;
	if (parse_skip_type(p, p->tok, &sure) && sure) {
		e->ref = parse_type(p);
		parse_add_child(p, e, e->ref->len);
	} else {
		e->a = parse_expr(p);
		parse_add_child(p, e, e->a);
	}
	parse_want(p, TOKEN_RPAREN, "after sizeof");
	if (e->a) /* "sizeof(p)->field" */
		e->a = parse_postfix(p, e->a, start);
	e->span = parse_since(p, start);
	return e;
}

/* "sizeof x", without parentheses. */
static struct expr *parse_bare_sizeof(struct parser *p)
{
	struct span start = parse_span(p);
	struct expr *e = parse_new_expr(p, EXPR_SIZEOF, start);

	p->tok++;
	e->a = parse_unary(p);
	parse_add_child(p, e, e->a);
	e->span = parse_since(p, start);
	return e;
}

/* All words are names where they can be: so an operand follows. */
static bool is_bare_sizeof(const struct parser *p)
{
	const struct token *next = p->tok + 1;

	return p->tok->id == KW_SIZEOF &&
	       (next->kind == TOKEN_NAME ||
		(next->kind == TOKEN_OPERATOR && next->op == OP_MUL &&
		 next[1].kind != TOKEN_NUMBER));
}

static struct expr *parse_offsetof(struct parser *p)
{
	struct span start = parse_span(p), at;
	struct expr *e = parse_new_expr(p, EXPR_OFFSETOF, start);

	p->tok[1].role = ROLE_CALL;
	p->tok += 2;
	e->ref = parse_type_name(p);
	parse_want(p, TOKEN_COMMA, "after the type");
	at = parse_span(p);
	if (!p->panic) {
		struct name field = parse_name(p, "the name of a field");

		e->a = parse_new_expr(p, EXPR_NAME, at);
		e->a->name = field;
		e->a = parse_postfix(p, e->a, at);
		parse_add_child(p, e, e->a);
	}
	parse_want(p, TOKEN_RPAREN, "after offsetof");
	e->span = parse_since(p, start);
	return e;
}

/* "(a, b)": b, after a. */
static struct expr *parse_comma(struct parser *p, struct expr *a,
				struct span start)
{
	struct expr *e = parse_new_expr(p, EXPR_COMMA, start);

	e->a = a;
	e->b = parse_assigned(p);
	parse_add_child(p, e, a);
	parse_add_child(p, e, e->b);
	return e;
}

static struct expr *parse_paren(struct parser *p)
{
	struct span start = parse_span(p);
	struct expr *e;

	if (is_cast(p))
		return parse_cast(p);
	p->tok++;
	e = parse_is(p, TOKEN_LBRACE) ? parse_expr(p) : parse_assigned(p);
	while (!p->panic && parse_take(p, TOKEN_COMMA))
		e = parse_comma(p, e, start);
	parse_want(p, TOKEN_RPAREN, "after the expression");
	if (e)
		e->span = parse_since(p, start);
	return e;
}

/* The first type of C that holds it, of those that its digits and its suffix
 * allow. */
static struct type number_type(const struct token *token)
{
	bool is_short = !token->is_long && token->value <= UINT32_MAX;

	if (token->is_unsigned)
		return type_scalar(is_short ? SCALAR_U32 : SCALAR_U64);
	if (is_short && token->value <= INT32_MAX)
		return type_scalar(SCALAR_S32);
	return type_scalar(is_short && !token->is_decimal ? SCALAR_U32
							  : SCALAR_S64);
}

struct expr *parse_primary(struct parser *p)
{
	struct span start = parse_span(p);
	bool called =
		p->tok[0].kind == TOKEN_NAME && p->tok[1].kind == TOKEN_LPAREN;
	struct expr *e;

	switch (p->tok->kind) {
	case TOKEN_NUMBER:
		e = parse_new_expr(p, EXPR_NUMBER, start);
		e->value = p->tok->value;
		e->type = number_type(p->tok);
		p->tok++;
		e->span = parse_since(p, start);
		return e;
	case TOKEN_NAME:
		if (called && p->tok->id == KW_SIZEOF)
			return parse_sizeof(p);
		if (is_bare_sizeof(p))
			return parse_bare_sizeof(p);
		if (called && p->tok->id == KW_OFFSETOF)
			return parse_offsetof(p);
		e = parse_new_expr(p, EXPR_NAME, start);
		e->name = parse_name(p, "a name");
		e->span = e->name.span;
		return e;
	case TOKEN_LPAREN:
		return parse_paren(p);
	case TOKEN_STRING:
		parse_fail(p, start, "a text is no value");
		return NULL;
	case TOKEN_LBRACE:
		parse_fail(p, start, "an initialiser has no place here");
		return NULL;
	default:
		parse_fail(p, parse_is(p, TOKEN_EOF) ? parse_before(p) : start,
			   "expected an expression");
		return NULL;
	}
}
