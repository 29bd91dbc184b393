/* SPDX-License-Identifier: MIT */
#include "script/parse.h"

/* Every node is made here, so every tree is seen while it grows. */
struct expr *parse_new_expr(struct parser *p, enum expr_kind kind,
			    struct span start)
{
	struct expr *e = parse_new(p, struct expr);

	e->kind = kind;
	e->span = parse_since(p, start);
	e->height = 1;
	return e;
}

void parse_add_child(struct parser *p, struct expr *e, struct expr *child)
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
	struct expr *e = parse_new_expr(p, kind, start);

	e->a = a;
	parse_add_child(p, e, a);
	return e;
}

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
		parse_add_child(p, e, right);
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
	/* "a ?: b" is a, unless that is 0. */
	if (!parse_is(p, TOKEN_COLON))
		cond->b = parse_expr(p);
	p->tok->role = ROLE_COND;
	parse_want(p, TOKEN_COLON, "between the two values of ?:");
	cond->c = parse_expr(p);
	cond->span = parse_since(p, start);
	parse_add_child(p, cond, cond->b);
	parse_add_child(p, cond, cond->c);
	return cond;
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

struct expr *parse_assigned(struct parser *p)
{
	struct span start = parse_span(p);
	struct expr *e = parse_init(p), *assign;

	if (p->panic || !parse_is(p, TOKEN_ASSIGN))
		return e;
	assign = new_unary(p, EXPR_ASSIGN, start, e);
	assign->op = p->tok->op;
	p->tok++;
	assign->b = parse_assigned(p);
	parse_add_child(p, assign, assign->b);
	assign->span = parse_since(p, start);
	return assign;
}

/* "from] =" or "from ... to] =" */
static void parse_init_index(struct parser *p, struct init *init)
{
	init->from = parse_expr(p);
	if (parse_take(p, TOKEN_ELLIPSIS))
		init->to = parse_expr(p);
	parse_want(p, TOKEN_RBRACKET, "after the index");
	if (!p->panic && !(parse_is(p, TOKEN_ASSIGN) && !p->tok->op))
		parse_fail(p, parse_span(p), "expected '=' after the index");
	parse_take(p, TOKEN_ASSIGN);
}

/* One of ".f = v", "[i] = v", "@off = v", "v". */
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
	} else if (parse_take(p, TOKEN_LBRACKET)) {
		parse_init_index(p, init);
	} else if (parse_take(p, TOKEN_AT)) {
		init->at = parse_expr(p);
		if (!p->panic && !(parse_is(p, TOKEN_ASSIGN) && !p->tok->op))
			parse_fail(p, parse_span(p),
				   "expected '=' after the offset");
		parse_take(p, TOKEN_ASSIGN);
	}
	init->value = parse_init(p);
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
	e = parse_new_expr(p, EXPR_INIT, start);
	tail = &e->inits;
	while (!p->panic && !parse_is(p, TOKEN_RBRACE)) {
		*tail = parse_init_part(p);
		parse_add_child(p, e, (*tail)->value);
		parse_add_child(p, e, (*tail)->at);
		tail = &(*tail)->next;
		if (!parse_take(p, TOKEN_COMMA))
			break;
	}
	if (parse_want(p, TOKEN_RBRACE, "after the initialiser"))
		p->inits--;
	e->span = parse_since(p, start);
	return e;
}

/* "min_t(u32, a, b)" */
static bool is_type(const struct parser *p)
{
	bool sure;
	const struct token *t = parse_skip_type(p, p->tok, &sure);

	if (!t || !sure)
		return false;
	t = parse_skip_stars(p, t);
	return t->kind == TOKEN_COMMA || t->kind == TOKEN_RPAREN;
}

/* A text says nothing to a run: it is 0. */
static struct expr *parse_text_arg(struct parser *p)
{
	struct expr *e = parse_new_expr(p, EXPR_NUMBER, parse_span(p));

	e->type = type_scalar(SCALAR_S64);
	while (parse_take(p, TOKEN_STRING))
		;
	e->span = parse_since(p, e->span);
	return e;
}

static struct expr *parse_arg(struct parser *p, enum arg arg)
{
	struct expr *e;

	if (arg == ARG_INIT || parse_is(p, TOKEN_LBRACE))
		return parse_init(p);
	if (parse_is(p, TOKEN_STRING))
		return parse_text_arg(p);
	if (arg != ARG_TYPE && !is_type(p))
		return parse_expr(p);
	e = parse_new_expr(p, EXPR_TYPE, parse_span(p));
	e->ref = parse_type(p);
	e->span = e->ref->span;
	parse_add_child(p, e, e->ref->len);
	return e;
}

/* Whether what comes is a size, and no type: "sizeof(x)", "64", "n * 8". */
static bool is_size(const struct parser *p)
{
	bool sure;

	if (!parse_is(p, TOKEN_NAME) || p->tok->id == KW_SIZEOF)
		return true;
	if (parse_skip_type(p, p->tok, &sure) != p->tok + 1 || sure)
		return false;
	return p->tok[1].kind == TOKEN_OPERATOR ||
	       (p->tok[1].kind != TOKEN_LBRACKET &&
		!parse_is_struct(p, p->tok->id));
}

/* dma_alloc_coherent(dev, size, &handle, gfp): no type among four.
 * kmalloc(size, gfp) */
static bool is_of_kernel(const struct parser *p, const struct builtin *builtin)
{
	unsigned int open = 0, commas = 0;

	if (builtin && builtin->id == BUILTIN_KMALLOC)
		return is_size(p);
	if (!builtin || builtin->id != BUILTIN_DMA_ALLOC_COHERENT)
		return false;
	for (const struct token *t = p->tok; t->kind != TOKEN_EOF; t++) {
		open += t->kind == TOKEN_LPAREN || t->kind == TOKEN_LBRACKET;
		if (t->kind == TOKEN_RPAREN && !open)
			break;
		open -= t->kind == TOKEN_RPAREN || t->kind == TOKEN_RBRACKET;
		commas += t->kind == TOKEN_COMMA && !open;
	}
	return commas == 3;
}

static void parse_args(struct parser *p, struct expr *call)
{
	const struct builtin *builtin = builtin_find(call->name.text);
	bool has_types = !is_of_kernel(p, builtin);
	struct expr **tail = &call->args;

	while (!p->panic && !parse_is(p, TOKEN_RPAREN)) {
		enum arg arg = ARG_VALUE;

		if (builtin && has_types && call->nr_args < BUILTIN_ARGS_MAX)
			arg = builtin->args[call->nr_args];
		call->has_text |= parse_is(p, TOKEN_STRING);
		*tail = parse_arg(p, arg);
		if (!*tail)
			return;
		parse_add_child(p, call, *tail);
		tail = &(*tail)->next;
		call->nr_args++;
		if (!parse_take(p, TOKEN_COMMA))
			break;
	}
	parse_want(p, TOKEN_RPAREN, "after the arguments");
}

/* The arguments of what only prints, behind its '('. */
static void skip_args(struct parser *p)
{
	unsigned int open = 1;

	for (; open && !p->panic; p->tok++) {
		if (parse_is(p, TOKEN_EOF) || parse_is(p, TOKEN_LBRACE) ||
		    parse_is(p, TOKEN_RBRACE) || parse_is(p, TOKEN_SEMICOLON)) {
			parse_want(p, TOKEN_RPAREN, "after the arguments");
			return;
		}
		open += parse_is(p, TOKEN_LPAREN);
		open -= parse_is(p, TOKEN_RPAREN);
	}
}

static struct expr *parse_call(struct parser *p, struct expr *callee,
			       struct span start)
{
	struct expr *e;

	/* A call through a pointer in a struct is one of that name. */
	if (callee->kind != EXPR_NAME && callee->kind != EXPR_FIELD) {
		parse_fail(p, parse_span(p), "only a name can be called");
		return NULL;
	}
	e = parse_new_expr(p, EXPR_CALL, start);
	e->name = callee->name;
	p->tok->role = ROLE_CALL;
	p->tok++;
	e->is_ignored = ignored_find(e->name.text);
	if (e->is_ignored)
		skip_args(p);
	else
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
	parse_want(p, TOKEN_RBRACKET, "after the index");
	e->span = parse_since(p, start);
	parse_add_child(p, e, e->b);
	parse_add_child(p, e, e->c);
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
	case TOKEN_COLON: /* "a() ?: b" */
		return p->tok->at + p->tok->len != next->at;
	case TOKEN_OPERATOR:
		return close || (next->op != OP_SUB && next->op != OP_MUL &&
				 next->op != OP_AND);
	default:
		return true;
	}
}

/* The "++" or "--" that is next, of @a; NULL: of what follows. */
static struct expr *parse_step(struct parser *p, struct expr *a,
			       struct span start)
{
	bool is_prefix = !a;
	enum op op = parse_is(p, TOKEN_INC) ? OP_ADD : OP_SUB;
	struct expr *e;

	if (is_prefix)
		p->tok->role = ROLE_PREFIX;
	p->tok++;
	if (is_prefix)
		a = parse_unary(p);
	e = new_unary(p, EXPR_STEP, start, a);
	e->op = op;
	e->is_prefix = is_prefix;
	return e;
}

struct expr *parse_postfix(struct parser *p, struct expr *e, struct span start)
{
	while (!p->panic && e) {
		if (parse_is(p, TOKEN_LPAREN)) {
			e = parse_call(p, e, start);
		} else if (parse_is(p, TOKEN_LBRACKET)) {
			e = parse_index(p, e, start);
		} else if (parse_is(p, TOKEN_DOT) || parse_is(p, TOKEN_ARROW)) {
			e = parse_field(p, e, start);
		} else if (parse_is(p, TOKEN_INC) || parse_is(p, TOKEN_DEC)) {
			e = parse_step(p, e, start);
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

/* "+x" is 0 + x. */
static struct expr *parse_promoted(struct parser *p, struct span start)
{
	struct expr *zero = parse_new_expr(p, EXPR_NUMBER, start);
	struct expr *sum = new_unary(p, EXPR_BINARY, start, zero);

	zero->type = type_scalar(SCALAR_S32);
	sum->op = OP_ADD;
	sum->b = parse_unary(p);
	sum->span = parse_since(p, start);
	parse_add_child(p, sum, sum->b);
	return sum;
}

struct expr *parse_unary(struct parser *p)
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
	if (parse_is_op(p, OP_ADD)) {
		p->tok->role = ROLE_PREFIX;
		p->tok++;
		e = parse_promoted(p, start);
	} else if (parse_is(p, TOKEN_INC) || parse_is(p, TOKEN_DEC)) {
		e = parse_step(p, NULL, start);
	} else if (op) {
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
