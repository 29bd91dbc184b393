/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

/*
 * Assignments and steps, as statements and as parts of an expression.
 */

static bool is_scalar(struct type type)
{
	return type.scalar && type.scalar != SCALAR_STRUCT && !type.is_array;
}

/* Whether @e can be on the left of an assignment at all. */
static bool is_target(struct resolver *r, const struct expr *e)
{
	const struct expr *from = e->kind == EXPR_TRY ? e->a : e;

	if (e->denotes >= DENOTES_LOCAL && e->denotes <= DENOTES_REG &&
	    from->kind != EXPR_CALL)
		return true;
	resolve_error(r, e->span, "%s cannot be assigned to", place_name(e));
	return false;
}

/* "relaxed" and its like are ways in which a device writes. */
static bool check_how(struct resolver *r, const struct stmt *s)
{
	const char *how = store_name(s->how);
	bool is_dma = s->lhs->denotes == DENOTES_OBJECT ||
		      s->lhs->denotes == DENOTES_RAW;

	if (!s->how)
		return true;
	if (!(r->who & WHO_DEVICE) || !is_dma)
		resolve_error(r, s->span,
			      "'%s' is for a store of a device to DMA memory",
			      how);
	else if (s->how == STORE_SPLIT &&
		 (!is_scalar(s->lhs->type) || s->lhs->type.size < 2))
		resolve_error(r, s->lhs->span, "%s has no two halves",
			      type_text(r, s->lhs->type));
	else
		return true;
	return false;
}

/* x = y; where x is the name of an object. */
static void assign_object(struct resolver *r, struct stmt *s)
{
	const struct expr *from = s->lhs;
	struct sym *sym = from->kind == EXPR_INDEX ? from->a->sym : from->sym;

	if (s->op || s->how || !sym) {
		resolve_error(r, s->span, "%s is no number",
			      place_name(s->lhs));
		return;
	}
	if (!resolve_one(r, from))
		return;
	s->rhs = resolve_object(r, sym, sym->object, s->rhs);
}

/* What is assigned; memory that is allocated gets the name of what holds it. */
static struct expr *resolve_held(struct resolver *r, const struct stmt *s)
{
	const char *name = s->lhs->kind == EXPR_NAME    ? s->lhs->sym->name
			   : s->lhs->kind == EXPR_FIELD ? s->lhs->name.text
							: NULL;
	struct expr *value;

	r->holder = name;
	value = resolve_stored(r, s->rhs, s->lhs->type, false);
	r->holder = NULL;
	return value;
}

/* By how many bytes a pointer moves when @e is added to it. */
static struct expr *moved_by(struct resolver *r, const struct expr *e,
			     struct type type)
{
	struct expr *by = resolve_value(r, e), *size, *product;

	if (!by)
		return NULL;
	size = resolve_new(r, struct expr);
	product = resolve_new(r, struct expr);
	*product = (struct expr){
		.kind = EXPR_BINARY, .op = OP_MUL, .span = e->span, .a = by};
	product->b = fold_number(size, resolve_stride(r, type), false);
	return fold_binary(r, product);
}

void resolve_assign(struct resolver *r, struct stmt *s)
{
	s->lhs = resolve_expr(r, s->lhs);
	if (!s->lhs) {
		/* What is wrong on the right is said all the same. */
		if (s->rhs && s->rhs->kind != EXPR_INIT)
			resolve_expr(r, s->rhs);
		return;
	}
	if (!is_target(r, s->lhs))
		return;
	if (s->lhs->object) {
		assign_object(r, s);
		return;
	}
	if (!place_may_write(r, s->lhs) || !check_how(r, s))
		return;
	if (s->op && !is_scalar(s->lhs->type))
		resolve_error(r, s->lhs->span, "%s is no number",
			      type_text(r, s->lhs->type));
	else if (s->op && is_pointer(s->lhs->type))
		s->rhs = moved_by(r, s->rhs, s->lhs->type);
	else
		s->rhs = resolve_held(r, s);
}

void resolve_step(struct resolver *r, struct stmt *s)
{
	s->lhs = resolve_expr(r, s->lhs);
	if (!s->lhs || !is_target(r, s->lhs) || !place_may_write(r, s->lhs) ||
	    !check_how(r, s))
		return;
	if (s->lhs->object || !is_scalar(s->lhs->type))
		resolve_error(r, s->lhs->span, "%s is no number",
			      s->lhs->object ? place_name(s->lhs)
					     : type_text(r, s->lhs->type));
	else
		s->stride = resolve_stride(r, s->lhs->type);
}

/* ---- as a part of an expression ---- */

static bool may_change(struct resolver *r, const struct expr *e)
{
	if (r->in_poll)
		resolve_error(r, e->span,
			      "the condition of a poll only looks, and changes "
			      "nothing");
	else if (r->must_fold)
		resolve_error(r, e->span, "this is not known before the run");
	else
		return true;
	return false;
}

/* What is assigned to: a number that may be written. */
static struct expr *resolve_changed(struct resolver *r, struct expr *e)
{
	struct expr *a = resolve_expr(r, e->a);

	if (!a || !may_change(r, e) || !is_target(r, a))
		return NULL;
	if (a->object || !is_scalar(a->type)) {
		resolve_error(r, a->span, "%s is no number",
			      a->object ? place_name(a)
					: type_text(r, a->type));
		return NULL;
	}
	return place_may_write(r, a) ? a : NULL;
}

static struct expr *as_number(struct expr *e)
{
	e->denotes = DENOTES_VALUE;
	e->type =
		is_pointer(e->a->type) ? e->a->type : type_promoted(e->a->type);
	return e;
}

struct expr *resolve_assign_expr(struct resolver *r, struct expr *e)
{
	struct expr *a = resolve_changed(r, e);

	if (a && e->op && is_pointer(a->type))
		e->b = moved_by(r, e->b, a->type);
	else
		e->b = a ? resolve_stored(r, e->b, a->type, false) : NULL;
	e->a = a;
	return e->b ? as_number(e) : NULL;
}

struct expr *resolve_step_expr(struct resolver *r, struct expr *e)
{
	e->a = resolve_changed(r, e);
	if (!e->a)
		return NULL;
	e->value = resolve_stride(r, e->a->type);
	return as_number(e);
}

/*
 * What C leaves open: a variable that is changed and used between two places
 * where the order is given, which are && || ?: and the end of the expression.
 */

/* The variable or field that @e changes; NULL: it is no assignment. */
static const struct expr *changed(const struct expr *e)
{
	if (e->kind != EXPR_ASSIGN && e->kind != EXPR_STEP)
		return NULL;
	return e->a && (e->a->kind == EXPR_NAME || e->a->kind == EXPR_FIELD)
		       ? e->a
		       : NULL;
}

/* Whether both are written alike.  Fields of the same name may be of two
 * things, and are taken to be: "a->next = b->next = NULL". */
static bool is_same(const struct expr *a, const struct expr *b)
{
	if (!a || !b)
		return a == b;
	return a->kind == b->kind && a->op == b->op &&
	       a->name.id == b->name.id && a->value == b->value &&
	       a->nr_args == b->nr_args && is_same(a->a, b->a) &&
	       is_same(a->b, b->b) && is_same(a->c, b->c);
}

/* Whether @e uses @what somewhere. */
static bool uses(const struct expr *e, const struct expr *what)
{
	if (!e || e->kind == EXPR_SIZEOF || e->kind == EXPR_OFFSETOF)
		return false;
	if (is_same(e, what))
		return true;
	for (const struct expr *a = e->args; a; a = a->next)
		if (uses(a, what))
			return true;
	return uses(e->a, what) || uses(e->b, what) || uses(e->c, what);
}

/* Whether something in @e changes what @other uses: *@what. */
static bool clashes(const struct expr *e, const struct expr *other,
		    const struct expr **what)
{
	if (!e || !other || e->kind == EXPR_SIZEOF || e->kind == EXPR_OFFSETOF)
		return false;
	*what = changed(e);
	if (*what && uses(other, *what))
		return true;
	for (const struct expr *a = e->args; a; a = a->next)
		if (clashes(a, other, what))
			return true;
	return clashes(e->a, other, what) || clashes(e->b, other, what) ||
	       clashes(e->c, other, what);
}

static bool is_in_order(const struct expr *e)
{
	return e->kind == EXPR_COND || e->kind == EXPR_COMMA ||
	       (e->kind == EXPR_BINARY &&
		(e->op == OP_LAND || e->op == OP_LOR));
}

static bool in_doubt(const struct expr *e, const struct expr **what);

static bool args_in_doubt(const struct expr *args, const struct expr **what)
{
	for (const struct expr *a = args; a; a = a->next) {
		if (in_doubt(a, what))
			return true;
		for (const struct expr *b = args; b; b = b->next)
			if (a != b && clashes(a, b, what))
				return true;
	}
	return false;
}

/* Whether one part of @e changes what another uses. */
static bool in_doubt(const struct expr *e, const struct expr **what)
{
	if (!e)
		return false;
	if (args_in_doubt(e->args, what))
		return true;
	/* "x = x + 1" is fine, "x = x++" is not. */
	if (!is_in_order(e) && e->a && e->b &&
	    (clashes(e->a, e->b, what) || clashes(e->b, e->a, what)))
		return true;
	return in_doubt(e->a, what) || in_doubt(e->b, what) ||
	       in_doubt(e->c, what);
}

/* Whether there is an assignment in it at all. */
static bool has_change(const struct expr *e)
{
	if (!e)
		return false;
	if (e->kind == EXPR_ASSIGN || e->kind == EXPR_STEP)
		return true;
	for (const struct expr *a = e->args; a; a = a->next)
		if (has_change(a))
			return true;
	return has_change(e->a) || has_change(e->b) || has_change(e->c);
}

void resolve_check_order(struct resolver *r, const struct expr *e,
			 const struct expr *target)
{
	const struct expr *what;

	if (!has_change(e) && !has_change(target))
		return;
	if (!in_doubt(e, &what) && !in_doubt(target, &what) &&
	    !clashes(e, target, &what) && !clashes(target, e, &what))
		return;
	resolve_error(r, what->span,
		      "'%s' is changed and used in one expression: C says not "
		      "in which order",
		      what->name.text);
	diag_help(r->diag, "write two statements");
}
