/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include <inttypes.h>

/* The statement inside another one, in a scope of its own. */
struct stmt *resolve_inner(struct resolver *r, const struct stmt *s)
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
struct expr *resolve_object(struct resolver *r, struct sym *sym,
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
	r->holder = d->name.text;
	r->declared = ok ? &type : NULL;
	if (ok && d->init)
		d->init = resolve_stored(r, d->init, type, false);
	r->holder = NULL;
	r->declared = NULL;
	if (!ok)
		type = (struct type){0};
	d->sym = scope_add_local(r, &d->name, SYM_LOCAL, type);
	if (is_pointer(type) && d->init && resolve_is_fixed(r, NULL, &d->name))
		d->sym->only = d->init;
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

static void resolve_poll(struct resolver *r, struct stmt *s)
{
	if (r->section == SECTION_FINAL && r->who == WHO_FINAL)
		resolve_error(r, s->span, "'final' has nothing to wait for");
	if (r->section == SECTION_REACTION)
		resolve_error(r, s->span,
			      "what a register does is done at once: it does "
			      "not wait");
	r->in_poll = true;
	s->cond = resolve_truth(r, s->cond);
	r->in_poll = false;
	s->max = resolve_max(r, s->max, UINT32_MAX);
	s->other = resolve_inner(r, s->other);
}

/* What a function returns, it returns each time. */
static void check_return(struct resolver *r, const struct stmt *s)
{
	struct frame *f = r->inner;
	bool is_object = s->rhs->object != OBJECT_NONE;

	if (!f && is_object)
		resolve_error(r, s->rhs->span, "%s is no number",
			      place_name(s->rhs));
	if (!f && r->section == SECTION_REACTION && !r->reaction->is_read)
		resolve_error(r, s->rhs->span, "nobody answers a write");
	if (!f)
		return;
	if (f->fn->ref) {
		if (is_object || resolve_is_void(f->fn->ref))
			resolve_error(r, s->rhs->span,
				      "'%s' returns %s, not %s",
				      f->fn->name.text,
				      is_object ? "a number" : "nothing",
				      place_name(s->rhs));
		return;
	}
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
	if (r->inner && r->inner->fn->ref && r->inner->fn->ref->stars) {
		struct type type;

		if (resolve_type(r, r->inner->fn->ref, &type))
			s->rhs = resolve_pointer_value(r, s->rhs, type);
		return;
	}
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
	s->then = resolve_inner(r, s->then);
	s->other = resolve_inner(r, s->other);
}

/* What is not used is checked all the same: "(void)x;". */
static void resolve_empty(struct resolver *r, struct stmt *s)
{
	if (s->rhs)
		resolve_expr(r, s->rhs);
	s->rhs = NULL;
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
	[STMT_LOOP] = resolve_loop,
	[STMT_SWITCH] = resolve_switch,
	[STMT_CASE] = resolve_case,
	[STMT_GOTO] = resolve_goto,
	[STMT_BREAK] = resolve_break,
	[STMT_CONTINUE] = resolve_break,
	[STMT_RETURN] = resolve_return,
};

static void check_order(struct resolver *r, const struct stmt *s)
{
	bool is_assign = s->kind == STMT_ASSIGN;

	resolve_check_order(r, s->cond, NULL);
	resolve_check_order(r, s->rhs, is_assign ? s->lhs : NULL);
	if (s->kind == STMT_STEP)
		resolve_check_order(r, s->lhs, NULL);
	for (const struct decl *d = s->decls; d; d = d->next)
		resolve_check_order(r, d->init, NULL);
}

struct stmt *resolve_stmt(struct resolver *r, const struct stmt *s)
{
	struct stmt *copy = resolve_new(r, struct stmt);

	*copy = *s;
	copy->next = NULL;
	check_order(r, s);
	if (resolve_enter(r, s->span))
		resolvers[s->kind](r, copy);
	resolve_leave(r);
	return copy;
}

struct stmt *resolve_list(struct resolver *r, const struct stmt *block)
{
	struct stmt *copy = resolve_new(r, struct stmt), **tail;
	struct list list = {.up = r->lists, .first = block->list};

	r->lists = &list;
	*copy = *block;
	copy->list = copy->next = NULL;
	tail = &copy->list;
	for (const struct stmt *s = block->list; s; s = s->next) {
		if (diag_is_full(r->diag))
			break;
		list.at = s;
		*tail = resolve_stmt(r, s);
		tail = &(*tail)->next;
	}
	r->lists = list.up;
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
