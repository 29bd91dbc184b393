/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

/*
 * Macros of the file, "#define F(x) ((x) << 1)": what they stand for is put
 * where they are used, with the arguments as they are written, and is checked
 * there.  So they may give a place or a pointer, and be known before the run.
 * An argument may use the same macro again, as in C; what a macro stands for
 * may not.
 */

struct use {
	struct resolver *r;
	const struct item *macro;
	const struct expr *call;
	const struct macro_use *self;
};

static struct expr *put(const struct use *u, const struct expr *e);

static const struct expr *arg_of(const struct use *u, const struct name *name)
{
	const struct expr *arg = u->call->args;

	for (const struct param *p = u->macro->params; p; p = p->next) {
		if (p->name.id == name->id)
			return arg;
		arg = arg->next;
	}
	return NULL;
}

static struct expr *put_list(const struct use *u, const struct expr *e)
{
	struct expr *first = NULL, **tail = &first;

	for (; e; e = e->next) {
		*tail = put(u, e);
		tail = &(*tail)->next;
	}
	return first;
}

static struct init *put_inits(const struct use *u, const struct init *i)
{
	struct init *first = NULL, **tail = &first;

	for (; i; i = i->next) {
		*tail = resolve_new(u->r, struct init);
		**tail = *i;
		(*tail)->at = put(u, i->at);
		(*tail)->from = put(u, i->from);
		(*tail)->to = put(u, i->to);
		(*tail)->value = put(u, i->value);
		tail = &(*tail)->next;
	}
	return first;
}

/* "struct type *", of which the name is an argument. */
static struct type_ref *put_ref(const struct use *u, struct type_ref *ref)
{
	const struct expr *arg = ref ? arg_of(u, &ref->name) : NULL;
	struct type_ref *copy;

	if (ref && ref->of) {
		copy = resolve_new(u->r, struct type_ref);
		*copy = *ref;
		copy->of = put(u, ref->of);
		return copy;
	}
	if (!arg || arg->kind != EXPR_NAME)
		return ref;
	copy = resolve_new(u->r, struct type_ref);
	*copy = *ref;
	copy->name = arg->name;
	return copy;
}

/* A copy of @e, which may be NULL, with the arguments in it. */
static struct expr *put(const struct use *u, const struct expr *e)
{
	const struct expr *arg;
	struct expr *copy;

	if (!e)
		return NULL;
	arg = e->kind == EXPR_NAME ? arg_of(u, &e->name) : NULL;
	if (arg)
		return resolve_copy(u->r, arg);
	copy = resolve_copy(u->r, e);
	copy->span = u->call->span; /* what is done is done there */
	copy->made_by = u->self;
	arg = e->kind == EXPR_CALL || e->kind == EXPR_FIELD
		      ? arg_of(u, &e->name)
		      : NULL;
	if (arg && arg->kind == EXPR_NAME)
		copy->name = arg->name;
	copy->a = put(u, e->a);
	copy->b = put(u, e->b);
	copy->c = put(u, e->c);
	copy->args = put_list(u, e->args);
	copy->ref = put_ref(u, e->ref);
	copy->inits = put_inits(u, e->inits);
	return copy;
}

/* Whether @call is in the text that @macro stands for. */
static bool is_inside(const struct expr *call, const struct item *macro)
{
	for (const struct macro_use *m = call->made_by; m; m = m->made_by)
		if (m->macro == macro)
			return true;
	return false;
}

struct expr *resolve_define(struct resolver *r, const struct expr *call,
			    const struct item *macro)
{
	struct macro_use *inner = resolve_new(r, struct macro_use);
	const struct use use = {r, macro, call, inner};
	struct expr *e;

	*inner = (struct macro_use){r->macro, call->made_by, macro, call->span};

	r->words[macro->name.id].is_called = true;
	if (call->nr_args != macro->nr_params) {
		resolve_error(r, call->span, "'%s' takes %u argument%s, not %u",
			      macro->name.text, macro->nr_params,
			      macro->nr_params == 1 ? "" : "s", call->nr_args);
		resolve_note(r, macro->name.span, "it is declared here");
		return NULL;
	}
	if (!macro->value)
		return resolve_ignored(resolve_copy(r, call));
	if (is_inside(call, macro)) {
		resolve_error(r, call->span, "'%s' is made of itself",
			      macro->name.text);
		return NULL;
	}
	r->macro = inner;
	e = resolve_expr(r, put(&use, macro->value));
	r->macro = inner->up;
	return e;
}
