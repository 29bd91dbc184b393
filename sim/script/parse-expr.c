/* SPDX-License-Identifier: MIT */
#include "script/parse.h"

/* Every node is made here, so every tree is seen while it grows. */
static struct expr *new_expr(struct parser *p, enum expr_kind kind,
			     struct span start)
{
	struct expr *e = parse_new(p, struct expr);

	e->kind = kind;
	e->span = parse_since(p, start);
	e->height = 1;
	return e;
}

static void add_child(struct parser *p, struct expr *e, struct expr *child)
{
	if (!child || child->height < e->height)
		return;
	e->height = (uint16_t)(child->height + 1);
	if (e->height > PARSE_EXPR_DEPTH)
		parse_fail(p, e->span,
			   "this expression is nested more than %d deep",
			   PARSE_EXPR_DEPTH);
}

static struct expr *new_unary(struct parser *p, enum expr_kind kind,
			      struct span start, struct expr *a)
{
	struct expr *e = new_expr(p, kind, start);

	e->a = a;
	add_child(p, e, a);
	return e;
}

static struct expr *parse_unary(struct parser *p);

/* How tightly a binary operator binds; 0: it is none. */
static int binding(const struct token *tok)
{
	static const uint8_t bindings[OP_NR] = {
		[OP_LOR] = 1,  [OP_LAND] = 2, [OP_OR] = 3,  [OP_XOR] = 4,
		[OP_AND] = 5,  [OP_EQ] = 6,   [OP_NE] = 6,  [OP_LT] = 7,
		[OP_GT] = 7,   [OP_LE] = 7,   [OP_GE] = 7,  [OP_SHL] = 8,
		[OP_SHR] = 8,  [OP_ADD] = 9,  [OP_SUB] = 9, [OP_MUL] = 10,
		[OP_DIV] = 10, [OP_MOD] = 10,
	};

	return tok->kind == TOKEN_OPERATOR ? bindings[tok->op] : 0;
}

static struct expr *parse_binary(struct parser *p, int least)
{
	struct span start = parse_span(p);
	struct expr *left = parse_unary(p);
	int bound;

	while (!p->panic && (bound = binding(p->tok)) >= least && bound) {
		enum op op = p->tok->op;
		struct expr *right, *e;

		p->tok++;
		right = parse_binary(p, bound + 1);
		e = new_unary(p, EXPR_BINARY, start, left);
		e->op = op;
		e->b = right;
		add_child(p, e, right);
		left = e;
	}
	return left;
}

static struct expr *parse_cond(struct parser *p)
{
	struct span start = parse_span(p);
	struct expr *e = parse_binary(p, 1), *cond;

	if (!parse_take(p, TOKEN_QUESTION))
		return e;
	cond = new_unary(p, EXPR_COND, start, e);
	cond->b = parse_expr(p);
	p->tok->role = ROLE_COND;
	parse_want(p, TOKEN_COLON, "between the two values of ?:");
	cond->c = parse_expr(p);
	cond->span = parse_since(p, start);
	add_child(p, cond, cond->b);
	add_child(p, cond, cond->c);
	return cond;
}

/* Things of C that would otherwise be "expected ')'". */
static void refuse_after_expr(struct parser *p)
{
	if (parse_is(p, TOKEN_INC) || parse_is(p, TOKEN_DEC))
		parse_fail(p, parse_span(p),
			   "'++' and '--' are statements, not part of an "
			   "expression");
}

struct expr *parse_expr(struct parser *p)
{
	struct expr *e;

	if (p->panic)
		return NULL;
	if (p->exprs >= 2 * PARSE_EXPR_DEPTH) {
		parse_fail(p, parse_span(p),
			   "this expression is nested more than %d deep",
			   PARSE_EXPR_DEPTH);
		return NULL;
	}
	p->exprs++;
	e = parse_cond(p);
	p->exprs--;
	return p->panic ? NULL : e;
}

/* One of ".f = v", "@off = v", "v". */
static struct init *parse_init_part(struct parser *p)
{
	struct init *init = parse_new(p, struct init);

	init->span = parse_span(p);
	if (parse_take(p, TOKEN_DOT)) {
		init->field = parse_name(p, "a field after '.'");
		if (!p->panic && !(parse_is(p, TOKEN_ASSIGN) && !p->tok->op))
			parse_fail(p, parse_span(p),
				   "expected '=' after the field");
		parse_take(p, TOKEN_ASSIGN);
	} else if (parse_take(p, TOKEN_AT)) {
		init->at = parse_expr(p);
		if (!p->panic && !(parse_is(p, TOKEN_ASSIGN) && !p->tok->op))
			parse_fail(p, parse_span(p),
				   "expected '=' after the offset");
		parse_take(p, TOKEN_ASSIGN);
	}
	init->value = parse_expr(p);
	init->span = parse_since(p, init->span);
	return init;
}

struct expr *parse_init(struct parser *p)
{
	struct span start = parse_span(p);
	struct init **tail;
	struct expr *e;

	if (!parse_take(p, TOKEN_LBRACE))
		return parse_expr(p);
	p->inits++;
	e = new_expr(p, EXPR_INIT, start);
	tail = &e->inits;
	while (!p->panic && !parse_is(p, TOKEN_RBRACE)) {
		*tail = parse_init_part(p);
		add_child(p, e, (*tail)->value);
		add_child(p, e, (*tail)->at);
		tail = &(*tail)->next;
		if (!parse_take(p, TOKEN_COMMA))
			break;
	}
	if (parse_want(p, TOKEN_RBRACE, "after the initialiser"))
		p->inits--;
	e->span = parse_since(p, start);
	return e;
}

static struct expr *parse_arg(struct parser *p, enum arg arg)
{
	struct expr *e;

	if (arg == ARG_INIT || parse_is(p, TOKEN_LBRACE))
		return parse_init(p);
	if (arg != ARG_TYPE)
		return parse_expr(p);
	e = new_expr(p, EXPR_TYPE, parse_span(p));
	e->ref = parse_type(p);
	e->span = e->ref->span;
	add_child(p, e, e->ref->len);
	return e;
}

static void parse_args(struct parser *p, struct expr *call)
{
	const struct builtin *builtin = builtin_find(call->name.text);
	struct expr **tail = &call->args;

	while (!p->panic && !parse_is(p, TOKEN_RPAREN)) {
		enum arg arg = ARG_VALUE;

		if (builtin && call->nr_args < BUILTIN_ARGS_MAX)
			arg = builtin->args[call->nr_args];
		*tail = parse_arg(p, arg);
		if (!*tail)
			return;
		add_child(p, call, *tail);
		tail = &(*tail)->next;
		call->nr_args++;
		if (!parse_take(p, TOKEN_COMMA))
			break;
	}
	refuse_after_expr(p);
	parse_want(p, TOKEN_RPAREN, "after the arguments");
}

static struct expr *parse_call(struct parser *p, struct expr *callee,
			       struct span start)
{
	struct expr *e;

	if (callee->kind != EXPR_NAME) {
		parse_fail(p, parse_span(p), "only a name can be called");
		return NULL;
	}
	e = new_expr(p, EXPR_CALL, start);
	e->name = callee->name;
	p->tok->role = ROLE_CALL;
	p->tok++;
	parse_args(p, e);
	e->span = parse_since(p, start);
	return e;
}

static struct expr *parse_index(struct parser *p, struct expr *a,
				struct span start)
{
	struct expr *e = new_unary(p, EXPR_INDEX, start, a);

	p->tok++;
	e->b = parse_expr(p);
	if (parse_take(p, TOKEN_DOTDOT)) {
		e->kind = EXPR_RANGE;
		e->c = parse_expr(p);
	}
	refuse_after_expr(p);
	parse_want(p, TOKEN_RBRACKET, "after the index");
	e->span = parse_since(p, start);
	add_child(p, e, e->b);
	add_child(p, e, e->c);
	return e;
}

static struct expr *parse_field(struct parser *p, struct expr *a,
				struct span start)
{
	struct expr *e = new_unary(p, EXPR_FIELD, start, a);

	e->arrow = parse_is(p, TOKEN_ARROW);
	p->tok++;
	e->name = parse_name(p, "the name of a field");
	e->span = parse_since(p, start);
	return e;
}

/*
 * Whether the ? that is next returns an error, and does not start ?:.
 *
 * It does when no value can follow; and where that leaves a doubt, as before
 * '-', when it is written close to what it asks.
 */
static bool is_try(const struct parser *p, const struct expr *e)
{
	const struct token *next = p->tok + 1;
	bool close = p->tok[-1].at + p->tok[-1].len == p->tok->at;

	if (p->tok->kind != TOKEN_QUESTION ||
	    (e->kind != EXPR_CALL && e->kind != EXPR_INDEX &&
	     e->kind != EXPR_RANGE))
		return false;
	switch (next->kind) {
	case TOKEN_NAME:
		return next->id == KW_MAX && next[1].kind != TOKEN_LPAREN;
	case TOKEN_NUMBER:
	case TOKEN_STRING:
	case TOKEN_LPAREN:
	case TOKEN_NOT:
	case TOKEN_COMPL:
		return false;
	case TOKEN_OPERATOR:
		return close || (next->op != OP_SUB && next->op != OP_MUL &&
				 next->op != OP_AND);
	default:
		return true;
	}
}

static struct expr *parse_postfix(struct parser *p, struct expr *e,
				  struct span start)
{
	while (!p->panic && e) {
		if (parse_is(p, TOKEN_LPAREN)) {
			e = parse_call(p, e, start);
		} else if (parse_is(p, TOKEN_LBRACKET)) {
			e = parse_index(p, e, start);
		} else if (parse_is(p, TOKEN_DOT) || parse_is(p, TOKEN_ARROW)) {
			e = parse_field(p, e, start);
		} else if (is_try(p, e)) {
			p->tok->role = ROLE_TRY;
			p->tok++;
			e = new_unary(p, EXPR_TRY, start, e);
		} else {
			break;
		}
	}
	return e;
}

/* "(T)" or "(T *)" of a cast: how many tokens are between the parentheses. */
static int cast_len(const struct parser *p)
{
	const struct token *t = p->tok + 1;
	int len = 1;

	if (t->kind != TOKEN_NAME)
		return 0;
	if (t->id == KW_STRUCT && t[1].kind == TOKEN_NAME)
		t++, len++;
	if (t[1].kind == TOKEN_OPERATOR && t[1].op == OP_MUL &&
	    t[2].kind == TOKEN_RPAREN)
		return len + 1;
	if (t[1].kind == TOKEN_RPAREN && keyword_scalar(t->id))
		return len;
	return 0;
}

static struct expr *parse_cast(struct parser *p)
{
	struct span start = parse_span(p);
	struct type_ref *ref;
	struct expr *e;
	bool pointer;

	p->tok++;
	ref = parse_type_name(p);
	pointer = parse_is_op(p, OP_MUL);
	if (pointer) {
		p->tok->role = ROLE_STAR;
		p->tok++;
	}
	p->tok->role = ROLE_CAST;
	parse_want(p, TOKEN_RPAREN, "after the type");
	e = parse_unary(p);
	e = new_unary(p, pointer ? EXPR_RAW : EXPR_CAST, start, e);
	e->ref = ref;
	return e;
}

static struct expr *parse_sizeof(struct parser *p)
{
	struct span start = parse_span(p);
	struct expr *e = new_expr(p, EXPR_SIZEOF, start);

	p->tok[1].role = ROLE_CALL;
	p->tok += 2;
	if (parse_is_word(p, KW_STRUCT) ||
	    (parse_is(p, TOKEN_NAME) && keyword_scalar(p->tok->id))) {
		e->ref = parse_type(p);
		add_child(p, e, e->ref->len);
	} else {
		e->a = parse_expr(p);
		add_child(p, e, e->a);
	}
	parse_want(p, TOKEN_RPAREN, "after sizeof");
	e->span = parse_since(p, start);
	return e;
}

static struct expr *parse_offsetof(struct parser *p)
{
	struct span start = parse_span(p), at;
	struct expr *e = new_expr(p, EXPR_OFFSETOF, start);

	p->tok[1].role = ROLE_CALL;
	p->tok += 2;
	e->ref = parse_type_name(p);
	parse_want(p, TOKEN_COMMA, "after the type");
	at = parse_span(p);
	if (!p->panic) {
		struct name field = parse_name(p, "the name of a field");

		e->a = new_expr(p, EXPR_NAME, at);
		e->a->name = field;
		e->a = parse_postfix(p, e->a, at);
		add_child(p, e, e->a);
	}
	parse_want(p, TOKEN_RPAREN, "after offsetof");
	e->span = parse_since(p, start);
	return e;
}

static struct expr *parse_paren(struct parser *p)
{
	struct span start = parse_span(p);
	struct expr *e;

	if (cast_len(p))
		return parse_cast(p);
	p->tok++;
	e = parse_expr(p);
	if (parse_is(p, TOKEN_ASSIGN))
		parse_fail(p, parse_span(p),
			   "an assignment is a statement of its own; to "
			   "compare, write '=='");
	refuse_after_expr(p);
	if (parse_is(p, TOKEN_COMMA))
		parse_fail(p, parse_span(p),
			   "',' does not join expressions: write two "
			   "statements");
	parse_want(p, TOKEN_RPAREN, "after the expression");
	if (e)
		e->span = parse_since(p, start);
	return e;
}

static struct expr *parse_primary(struct parser *p)
{
	struct span start = parse_span(p);
	bool called =
		p->tok[0].kind == TOKEN_NAME && p->tok[1].kind == TOKEN_LPAREN;
	struct expr *e;

	switch (p->tok->kind) {
	case TOKEN_NUMBER:
		e = new_expr(p, EXPR_NUMBER, start);
		e->value = p->tok->value;
		e->type = type_scalar(p->tok->is_unsigned ? SCALAR_U64
							  : SCALAR_S64);
		p->tok++;
		e->span = parse_since(p, start);
		return e;
	case TOKEN_NAME:
		if (called && p->tok->id == KW_SIZEOF)
			return parse_sizeof(p);
		if (called && p->tok->id == KW_OFFSETOF)
			return parse_offsetof(p);
		e = new_expr(p, EXPR_NAME, start);
		e->name = parse_name(p, "a name");
		e->span = e->name.span;
		return e;
	case TOKEN_LPAREN:
		return parse_paren(p);
	case TOKEN_STRING:
		parse_fail(p, start, "a text is no value");
		return NULL;
	case TOKEN_INC:
	case TOKEN_DEC:
		parse_fail(p, start,
			   "'++' and '--' are statements: write 'x++;'");
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

/* The operator that is next, when it can stand before an operand. */
static enum op prefix_op(const struct token *tok)
{
	switch (tok->kind) {
	case TOKEN_NOT:
		return OP_NOT;
	case TOKEN_COMPL:
		return OP_COMPL;
	case TOKEN_OPERATOR:
		return tok->op == OP_SUB   ? OP_NEG
		       : tok->op == OP_AND ? OP_ADDR
		       : tok->op == OP_MUL ? OP_DEREF
					   : OP_NONE;
	default:
		return OP_NONE;
	}
}

static struct expr *parse_unary(struct parser *p)
{
	struct span start = parse_span(p);
	enum op op = prefix_op(p->tok);
	struct expr *e;

	if (p->panic)
		return NULL;
	if (p->exprs >= 2 * PARSE_EXPR_DEPTH) {
		parse_fail(p, start,
			   "this expression is nested more than %d deep",
			   PARSE_EXPR_DEPTH);
		return NULL;
	}
	p->exprs++;
	if (op) {
		p->tok->role = ROLE_PREFIX;
		p->tok++;
		e = new_unary(p, EXPR_UNARY, start, parse_unary(p));
		e->span = parse_since(p, start);
		e->op = op;
	} else {
		e = parse_postfix(p, parse_primary(p), start);
	}
	p->exprs--;
	return e;
}
