/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include <inttypes.h>

static struct stmt *resolve_stmt(struct resolver *r, const struct stmt *s);

static bool is_scalar(struct type type)
{
	return type.scalar && type.scalar != SCALAR_STRUCT && !type.is_array;
}

/* The statement inside another one, in a scope of its own. */
static struct stmt *resolve_body(struct resolver *r, const struct stmt *s)
{
	struct stmt *copy;

	if (!s)
		return NULL;
	scope_open(r);
	copy = resolve_stmt(r, s);
	scope_close(r);
	return copy;
}

/*
 * Make @sym, an object of @kind, refer to what @e gives.
 *
 * Returns: the expression, or NULL after an error.
 */
static struct expr *resolve_object(struct resolver *r, struct sym *sym,
				   enum object kind, const struct expr *e)
{
	struct expr *value = resolve_expr(r, e);
	bool is_part = value && value->denotes == DENOTES_OBJECT;

	if (!value)
		return NULL;
	if (!resolve_one(r, value))
		return NULL;
	if (value->object != kind && !(kind == OBJECT_VIEW && is_part)) {
		resolve_error(r, e->span, "%s is no %s", place_name(value),
			      object_name(kind));
		return NULL;
	}
	if (!sym->type.scalar) {
		sym->type = value->type;
	} else if (kind != OBJECT_HANDLE && value->type.scalar &&
		   (value->type.size || !value->type.is_array) &&
		   !type_equal(sym->type, value->type)) {
		resolve_error(r, e->span, "'%s' is of %s, not of %s", sym->name,
			      type_text(r, sym->type),
			      type_text(r, value->type));
		resolve_note(r, sym->span, "it is declared here");
		return NULL;
	}
	return value;
}

static void remember_object(struct resolver *r, const struct decl *d)
{
	struct word *word = &r->words[d->name.id];

	if (!word->typed || !word->typed->type.scalar)
		word->typed = d->sym;
}

static void resolve_object_decl(struct resolver *r, struct decl *d)
{
	struct sym sym = {.name = d->name.text, .span = d->name.span};
	struct type type = {0};
	uint64_t nr = 0;

	if (d->ref && !resolve_type(r, d->ref, &type))
		type = (struct type){0};
	if (d->len)
		resolve_count(r, d->len, "the number of objects", 1, 1u << 16,
			      &nr);
	sym.type = type;
	if (d->len && d->init)
		resolve_error(r, d->init->span,
			      "several objects get their values one by one");
	else if (d->init)
		d->init = resolve_object(r, &sym, d->object, d->init);
	/* The name is not seen by its own first value. */
	d->sym = scope_add_local(r, &d->name, SYM_OBJECT, sym.type);
	d->sym->object = d->object;
	d->sym->nr_objects = nr;
	remember_object(r, d);
}

static void resolve_local_decl(struct resolver *r, struct decl *d)
{
	struct type type;
	bool ok = resolve_type_len(r, d->ref, d->len, RESOLVE_LOCAL_MAX, &type);

	if (ok && !type.size) {
		resolve_error(r, d->span, "'%s' has no bytes", d->name.text);
		ok = false;
	}
	if (ok && d->init)
		d->init = resolve_stored(r, d->init, type, false);
	if (!ok)
		type = (struct type){0};
	d->sym = scope_add_local(r, &d->name, SYM_LOCAL, type);
}

static void resolve_decls(struct resolver *r, struct stmt *s)
{
	struct decl **tail = &s->decls;

	for (const struct decl *from = s->decls; from; from = from->next) {
		struct decl *d = resolve_new(r, struct decl);

		*d = *from;
		d->next = NULL;
		*tail = d;
		tail = &d->next;
		if (d->object)
			resolve_object_decl(r, d);
		else
			resolve_local_decl(r, d);
	}
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

static void resolve_assign(struct resolver *r, struct stmt *s)
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
	else
		s->rhs = resolve_stored(r, s->rhs, s->lhs->type, false);
}

static void resolve_step(struct resolver *r, struct stmt *s)
{
	s->lhs = resolve_expr(r, s->lhs);
	if (!s->lhs || !is_target(r, s->lhs) || !place_may_write(r, s->lhs) ||
	    !check_how(r, s))
		return;
	if (s->lhs->object || !is_scalar(s->lhs->type))
		resolve_error(r, s->lhs->span, "%s is no number",
			      s->lhs->object ? place_name(s->lhs)
					     : type_text(r, s->lhs->type));
}

static void resolve_call_stmt(struct resolver *r, struct stmt *s)
{
	s->rhs = resolve_expr(r, s->rhs);
	if (!s->rhs)
		return;
	if (s->rhs->object)
		resolve_error(r, s->rhs->span, "%s that nobody holds is lost",
			      place_name(s->rhs));
	else if (s->rhs->kind == EXPR_NUMBER ||
		 (s->rhs->kind == EXPR_CALL && s->rhs->builtin &&
		  s->rhs->builtin->is_pure))
		resolve_error(r, s->rhs->span, "this statement does nothing");
}

/* The bounds of a for: it must be known that it ends. */
static void check_bounds(struct resolver *r, struct stmt *s)
{
	bool is_known = s->from->is_const && s->to->is_const;
	uint64_t nr = 0;

	if (is_known && (int64_t)s->to->value > (int64_t)s->from->value)
		nr = s->to->value - s->from->value;
	if (is_known && nr > RESOLVE_LOOP_MAX) {
		resolve_error(r, span_join(s->from->span, s->to->span),
			      "this loop would run %" PRIu64
			      " times; at most %u are possible",
			      nr, RESOLVE_LOOP_MAX);
	} else if (!is_known && !s->max) {
		resolve_error(r, span_join(s->from->span, s->to->span),
			      "the bounds are not constant, so the loop needs "
			      "a 'max'");
		diag_help(r->diag, "write 'for (%s in a..b max N)'",
			  s->name.text);
	}
}

static struct expr *max_number(struct resolver *r, const struct expr *e,
			       uint64_t most)
{
	struct expr *number = resolve_copy(r, e);
	uint64_t value = 1;

	resolve_count(r, e, "'max'", 1, most, &value);
	return fold_number(number, value, false);
}

static void resolve_for(struct resolver *r, struct stmt *s)
{
	bool no_sign;

	s->from = resolve_value(r, s->from);
	s->to = resolve_value(r, s->to);
	if (s->max)
		s->max = max_number(r, s->max, RESOLVE_LOOP_MAX);
	if (s->from && s->to)
		check_bounds(r, s);
	no_sign = s->from && s->to &&
		  (is_unsigned_type(s->from->type) ||
		   is_unsigned_type(s->to->type));
	scope_open(r);
	s->sym =
		scope_add_local(r, &s->name, SYM_LOCAL,
				type_scalar(no_sign ? SCALAR_U64 : SCALAR_S64));
	s->sym->is_loop = true;
	r->loops++;
	s->then = resolve_body(r, s->then);
	r->loops--;
	scope_close(r);
}

static void resolve_poll(struct resolver *r, struct stmt *s)
{
	if (r->section == SECTION_FINAL && r->who == WHO_FINAL)
		resolve_error(r, s->span, "'final' has nothing to wait for");
	r->in_poll = true;
	s->cond = resolve_truth(r, s->cond);
	r->in_poll = false;
	s->max = max_number(r, s->max, UINT32_MAX);
	s->other = resolve_body(r, s->other);
}

/* What a function returns, it returns each time. */
static void check_return(struct resolver *r, const struct stmt *s)
{
	struct frame *f = r->inner;
	bool is_object = s->rhs->object != OBJECT_NONE;

	if (!f && is_object)
		resolve_error(r, s->rhs->span, "%s is no number",
			      place_name(s->rhs));
	if (!f)
		return;
	if ((is_object && f->has_value) || (!is_object && f->result) ||
	    (f->result && (f->result->object != s->rhs->object ||
			   !type_equal(f->result->type, s->rhs->type))))
		resolve_error(r, s->rhs->span,
			      "'%s' returns something else before",
			      f->fn->name.text);
	else if (is_object)
		f->result = s->rhs;
	else
		f->is_unsigned |= is_unsigned_type(s->rhs->type);
	f->has_value |= !is_object;
}

static void resolve_return(struct resolver *r, struct stmt *s)
{
	if (!s->rhs)
		return;
	s->rhs = resolve_expr(r, s->rhs);
	if (s->rhs && !s->rhs->object)
		s->rhs = place_load(r, s->rhs);
	if (!s->rhs)
		return;
	if (s->rhs->denotes == DENOTES_AGGREGATE)
		resolve_error(r, s->rhs->span, "%s cannot be returned",
			      type_text(r, s->rhs->type));
	else
		check_return(r, s);
}

static void resolve_if(struct resolver *r, struct stmt *s)
{
	s->cond = resolve_truth(r, s->cond);
	s->then = resolve_body(r, s->then);
	s->other = resolve_body(r, s->other);
}

static void resolve_jump(struct resolver *r, struct stmt *s)
{
	if (!r->loops)
		resolve_error(r, s->span, "there is no loop to %s",
			      s->kind == STMT_BREAK ? "break" : "continue");
}

static void resolve_empty(struct resolver *r, struct stmt *s)
{
}

static void resolve_block_stmt(struct resolver *r, struct stmt *s)
{
	s->list = resolve_block(r, s)->list;
}

static void (*const resolvers[])(struct resolver *, struct stmt *) = {
	[STMT_BLOCK] = resolve_block_stmt,
	[STMT_EMPTY] = resolve_empty,
	[STMT_DECL] = resolve_decls,
	[STMT_ASSIGN] = resolve_assign,
	[STMT_STEP] = resolve_step,
	[STMT_CALL] = resolve_call_stmt,
	[STMT_IF] = resolve_if,
	[STMT_FOR] = resolve_for,
	[STMT_POLL] = resolve_poll,
	[STMT_BREAK] = resolve_jump,
	[STMT_CONTINUE] = resolve_jump,
	[STMT_RETURN] = resolve_return,
};

static struct stmt *resolve_stmt(struct resolver *r, const struct stmt *s)
{
	struct stmt *copy = resolve_new(r, struct stmt);

	*copy = *s;
	copy->next = NULL;
	if (resolve_enter(r, s->span))
		resolvers[s->kind](r, copy);
	resolve_leave(r);
	return copy;
}

struct stmt *resolve_list(struct resolver *r, const struct stmt *block)
{
	struct stmt *copy = resolve_new(r, struct stmt), **tail;

	*copy = *block;
	copy->list = copy->next = NULL;
	tail = &copy->list;
	for (const struct stmt *s = block->list; s; s = s->next) {
		if (diag_is_full(r->diag))
			break;
		*tail = resolve_stmt(r, s);
		tail = &(*tail)->next;
	}
	return copy;
}

struct stmt *resolve_block(struct resolver *r, const struct stmt *block)
{
	struct stmt *copy;

	scope_open(r);
	copy = resolve_list(r, block);
	scope_close(r);
	return copy;
}
