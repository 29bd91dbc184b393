/* SPDX-License-Identifier: MIT */
#include "litmus/parse.h"

#include <string.h>

#include "base/macros.h"

/*
 * The body of a thread: expressions and statements.
 */

struct litmus_expr *new_expr(struct parser *p, enum litmus_expr_kind kind)
{
	struct litmus_expr *e = cdma_arena_alloc(&p->test->arena, sizeof(*e));

	*e = (struct litmus_expr){.kind = kind};
	return e;
}

const struct litmus_expr *new_number(struct parser *p, int64_t number)
{
	struct litmus_expr *e = new_expr(p, LITMUS_NUMBER);

	e->number = number;
	return e;
}

const struct litmus_expr *new_op(struct parser *p, enum litmus_op op,
				 const struct litmus_expr *a,
				 const struct litmus_expr *b)
{
	struct litmus_expr *e = new_expr(p, LITMUS_OP);

	e->op = op;
	e->a = a;
	e->b = b;
	return e;
}

const struct litmus_expr *new_act(struct parser *p,
				  const struct litmus_action *action)
{
	struct litmus_action *copy =
		cdma_arena_alloc(&p->test->arena, sizeof(*copy));
	struct litmus_expr *e = new_expr(p, LITMUS_ACTION);

	*copy = *action;
	e->action = copy;
	return e;
}

/* ---- names ---- */

struct local *local_find(struct parser *p, const char *name)
{
	for (size_t i = 0; i < p->locals.nr; i++)
		if (!strcmp(p->locals.at[i].name, name))
			return &p->locals.at[i];
	return NULL;
}

static struct local *add_register(struct parser *p, const char *name)
{
	*cdma_vec_push(&p->locals) = (struct local){
		.name = name,
		.reg = reg_of(p, p->thread, name),
	};
	return cdma_vec_last(&p->locals);
}

/* herd7 takes a name that nothing declares for a register, and so does whoever
 * writes r0 = 1; but what is read before anything gave it a value is a slip. */
static struct local *want_local(struct parser *p, bool may_be_new)
{
	const struct lex_token *tok = p->tok;
	const char *name = want_name(p, "a register or a parameter");
	struct local *local = p->failed ? NULL : local_find(p, name);
	bool is_short = tok->kind == LEX_NAME && tok->text[0] == 'r' &&
			tok->len > 1 &&
			strspn(name + 1, "0123456789") == tok->len - 1;

	if (p->failed || local)
		return local;
	if (may_be_new || is_short)
		return add_register(p, name);
	parse_fail_at(p, tok->span, "no register or parameter is called '%s'",
		      name);
	return NULL;
}

static const struct litmus_expr *name(struct parser *p)
{
	struct local *local = want_local(p, false);
	struct litmus_expr *e;

	if (!local)
		return new_number(p, 0);
	if (local->is_param)
		return new_number(p, p->is_place ? litmus_address(local->loc)
						 : new_pointer(p, local->loc));
	e = new_expr(p, LITMUS_REG);
	e->reg = local->reg;
	return e;
}

/* ---- expressions ---- */

static const struct litmus_expr *unary(struct parser *p);

/* What is behind a star: the address of a parameter is none that goes on. */
static const struct litmus_expr *followed(struct parser *p)
{
	const struct litmus_expr *e;

	p->is_place = p->tok->kind == LEX_NAME;
	e = unary(p);
	p->is_place = false;
	return e;
}

/* "*e", behind the star */
static const struct litmus_expr *plain_read(struct parser *p, struct span span)
{
	struct litmus_action action = {
		.name = "",
		.does = DOES_LOAD,
		.read = TAGGED(PLAIN),
		.span = span,
	};

	not_with_device(p, span,
			"a plain access to memory that a device has is not in "
			"the language");
	action.place = followed(p);
	return new_act(p, &action);
}

static const struct litmus_expr *prefixed(struct parser *p)
{
	const struct lex_token *tok = p->tok;

	if (take(p, "*"))
		return plain_read(p, tok->span);
	if (take(p, "-"))
		return new_op(p, LITMUS_OP_SUB, new_number(p, 0), unary(p));
	if (take(p, "!"))
		return new_op(p, LITMUS_OP_EQ, unary(p), new_number(p, 0));
	if (take(p, "~"))
		return new_op(p, LITMUS_OP_XOR, unary(p), new_number(p, -1));
	take(p, "&");
	return name(p);
}

static const struct litmus_expr *unary(struct parser *p)
{
	const struct lex_token *tok = p->tok;
	const struct litmus_expr *e;

	if (p->failed || ++p->depth > PARSE_DEPTH_MAX) {
		parse_fail_at(p, tok->span, "too deep");
		return new_number(p, 0);
	}
	if (take(p, "(")) {
		bool is_cast = take_type(p);

		while (is_cast && take(p, "*"))
			;
		e = is_cast ? NULL : parse_expression(p);
		want(p, ")");
		if (is_cast)
			e = unary(p);
	} else if (tok->kind == LEX_NUMBER) {
		p->tok++;
		e = new_number(p, tok->value);
	} else if (tok->kind == LEX_NO_NUMBER) {
		parse_fail_at(p, tok->span, "expected a number of 64 bits");
		e = new_number(p, 0);
	} else {
		e = parse_call(p, false);
		if (!e)
			e = prefixed(p);
	}
	p->depth--;
	return e;
}

static int precedence(const struct lex_token *tok, enum litmus_op *op)
{
	static const struct {
		const char *text;
		int level;
	} ops[] = {
		[LITMUS_OP_EITHER] = {"||", 0}, [LITMUS_OP_ALSO] = {"&&", 1},
		[LITMUS_OP_OR] = {"|", 2},      [LITMUS_OP_XOR] = {"^", 3},
		[LITMUS_OP_AND] = {"&", 4},     [LITMUS_OP_EQ] = {"==", 5},
		[LITMUS_OP_NE] = {"!=", 5},     [LITMUS_OP_LT] = {"<", 6},
		[LITMUS_OP_GT] = {">", 6},      [LITMUS_OP_LE] = {"<=", 6},
		[LITMUS_OP_GE] = {">=", 6},     [LITMUS_OP_SHL] = {"<<", 7},
		[LITMUS_OP_SHR] = {">>", 7},    [LITMUS_OP_ADD] = {"+", 8},
		[LITMUS_OP_SUB] = {"-", 8},     [LITMUS_OP_MUL] = {"*", 9},
		[LITMUS_OP_DIV] = {"/", 9},
	};

	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		if (ops[i].text && lex_is(tok, ops[i].text)) {
			*op = (enum litmus_op)i;
			return ops[i].level;
		}
	return -1;
}

static const struct litmus_expr *binary(struct parser *p, int least)
{
	const struct litmus_expr *e = unary(p);
	enum litmus_op op;
	int level;

	while (!p->failed && (level = precedence(p->tok, &op)) >= least) {
		p->tok++;
		e = new_op(p, op, e, binary(p, level + 1));
	}
	return e;
}

const struct litmus_expr *parse_expression(struct parser *p)
{
	return binary(p, 0);
}

const struct litmus_expr *parse_pointer(struct parser *p)
{
	const struct litmus_expr *e;

	p->is_place = p->tok->kind == LEX_NAME &&
		      (lex_is(p->tok + 1, ",") || lex_is(p->tok + 1, ")"));
	e = parse_expression(p);
	p->is_place = false;
	return e;
}

/* What is read there is not: only its place is meant. */
const struct litmus_expr *parse_lvalue(struct parser *p)
{
	const char *not_with = p->not_with;
	struct span span = p->tok->span;
	const struct litmus_expr *e = parse_expression(p);

	p->not_with = not_with;
	if (!p->failed && e->kind == LITMUS_ACTION &&
	    e->action->does == DOES_LOAD && !*e->action->name)
		return e->action->place;
	parse_fail_at(p, span, "expected '*'");
	return e;
}

/* ---- statements ---- */

/* Where the next statement of a row is linked. */
typedef const struct litmus_stmt **row;

static row add(struct parser *p, row at, struct litmus_stmt stmt)
{
	struct litmus_stmt *s = cdma_arena_alloc(&p->test->arena, sizeof(*s));

	*s = stmt;
	*at = s;
	return &s->next;
}

static row statement(struct parser *p, row at);

static row assign(struct parser *p, row at, const struct local *local,
		  struct span span)
{
	size_t reg = local->reg;

	return add(p, at,
		   (struct litmus_stmt){.kind = LITMUS_SET_REG,
					.reg = reg,
					.expr = parse_expression(p),
					.span = span});
}

/* "int r0, *r1 = READ_ONCE(*x);", behind the type */
static row declare(struct parser *p, row at)
{
	do {
		const struct lex_token *tok;
		struct local *local;
		const char *name;

		while (take(p, "*") || take(p, "const") || take(p, "volatile"))
			;
		tok = p->tok;
		name = want_name(p, "the name of a register");
		if (p->failed)
			break;
		if (local_find(p, name))
			parse_fail_at(p, tok->span,
				      "there is another '%s' in this function",
				      name);
		local = add_register(p, name);
		if (take(p, "="))
			at = assign(p, at, local, tok->span);
	} while (take(p, ","));
	want(p, ";");
	return at;
}

static row branch(struct parser *p, row at)
{
	struct litmus_stmt s = {.kind = LITMUS_IF, .span = p->tok->span};

	want(p, "(");
	s.expr = parse_expression(p);
	want(p, ")");
	*statement(p, &s.yes) = NULL;
	if (take(p, "else"))
		*statement(p, &s.no) = NULL;
	return add(p, at, s);
}

static row plain_write(struct parser *p, row at)
{
	struct litmus_action action = {
		.name = "",
		.does = DOES_STORE,
		.write = TAGGED(PLAIN),
		.span = p->tok->span,
	};

	not_with_device(p, action.span,
			"a plain access to memory that a device has is not in "
			"the language");
	want(p, "*");
	action.place = followed(p);
	want(p, "=");
	action.value = parse_expression(p);
	return add(p, at,
		   (struct litmus_stmt){.kind = LITMUS_DO,
					.expr = new_act(p, &action),
					.span = action.span});
}

static row assignment(struct parser *p, row at)
{
	const struct lex_token *tok = p->tok;
	struct local *local = want_local(p, lex_is(tok + 1, "="));

	if (!local)
		return at;
	if (local->is_param)
		parse_fail_at(p, tok->span, "'%s' is a parameter: write *%s",
			      local->name, local->name);
	return want(p, "=") ? assign(p, at, local, tok->span) : at;
}

/* A call, or an expression that is cast to void. */
static row call(struct parser *p, row at)
{
	struct span span = p->tok->span;
	bool has_barrier = call_has_barrier(p);
	bool is_void = lex_is(p->tok, "(") && lex_is(p->tok + 1, "void");
	const struct litmus_expr *e =
		is_void ? parse_expression(p) : parse_call(p, true);

	if (!e)
		return assignment(p, at);
	at = add(p, at,
		 (struct litmus_stmt){
			 .kind = LITMUS_DO, .expr = e, .span = span});
	if (has_barrier)
		at = add(p, at,
			 (struct litmus_stmt){.kind = LITMUS_DO,
					      .expr = new_barrier(p, span),
					      .span = span});
	return at;
}

static row block(struct parser *p, row at)
{
	while (!p->failed && !take(p, "}"))
		at = statement(p, at);
	return at;
}

static row statement(struct parser *p, row at)
{
	if (p->failed)
		return at;
	if (++p->depth > PARSE_DEPTH_MAX) {
		parse_fail_at(p, p->tok->span, "too deep");
	} else if (take(p, "{")) {
		at = block(p, at);
	} else if (take(p, "if")) {
		at = branch(p, at);
	} else if (take_type(p)) {
		at = declare(p, at);
	} else if (!take(p, ";")) {
		at = lex_is(p->tok, "*") ? plain_write(p, at) : call(p, at);
		want(p, ";");
	}
	p->depth--;
	return at;
}

const struct litmus_stmt *parse_body(struct parser *p)
{
	const struct litmus_stmt *first = NULL;

	*block(p, &first) = NULL;
	return first;
}
