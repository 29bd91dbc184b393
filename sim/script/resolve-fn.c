/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include <string.h>

/*
 * A call of a function is its body, copied and checked at that place: what a
 * parameter is, and who runs the body, differs from call to call.
 */

static bool is_scalar(struct type type)
{
	return type.scalar && type.scalar != SCALAR_STRUCT && !type.is_array;
}

/* Whether @fn is being expanded already: then say through whom. */
static bool is_recursive(struct resolver *r, const struct expr *call,
			 const struct item *fn)
{
	const struct frame *f = r->frame;

	while (f && f->fn != fn)
		f = f->up;
	if (!f)
		return false;
	resolve_error(r, call->span,
		      "'%s' calls itself: functions are "
		      "expanded, so they cannot",
		      fn->name.text);
	for (const struct frame *c = r->frame; c != f; c = c->up)
		resolve_note(r, c->call, "through this call of '%s'",
			     c->fn->name.text);
	return true;
}

/* A parameter that holds what the argument is now. */
static struct sym *hold(struct resolver *r, const struct name *name,
			enum sym_kind kind, struct type type)
{
	struct sym *sym = scope_add_local(r, name, kind, type);

	sym->is_setup = false;
	return sym;
}

/* Whether @arg is just a name, so that the parameter can be another one. */
static bool is_plain_name(const struct expr *arg)
{
	return arg->denotes == DENOTES_SYM || arg->kind == EXPR_NAME ||
	       (arg->kind == EXPR_FIELD && arg->denotes == DENOTES_REG &&
		arg->a->denotes == DENOTES_SYM);
}

static struct sym *bind_place(struct resolver *r, const struct name *name,
			      const struct expr *arg, struct expr *written)
{
	struct sym *sym;

	if (arg->denotes == DENOTES_OBJECT || arg->object) {
		sym = hold(r, name, SYM_OBJECT, arg->type);
		sym->object = arg->object ? arg->object : OBJECT_VIEW;
		return sym;
	}
	if (arg->denotes == DENOTES_LOCAL && written->kind != EXPR_UNARY)
		return hold(r, name, SYM_LOCAL, arg->type);
	resolve_error(r, written->span,
		      "a part of %s cannot be passed on: pass all of it, or "
		      "its value",
		      place_name(arg));
	return NULL;
}

/* The name of a lone device register or scalar is its value, unless & says
 * otherwise; a CPU has no other way to name a register. */
static bool is_value(const struct resolver *r, const struct expr *arg,
		     const struct expr *written)
{
	if (written->kind == EXPR_UNARY && written->op == OP_ADDR)
		return false;
	if (arg->denotes == DENOTES_REG)
		return r->who == WHO_DEVICE;
	if (arg->denotes == DENOTES_VALUE)
		return true;
	return arg->denotes >= DENOTES_LOCAL && arg->denotes <= DENOTES_RAW &&
	       !arg->object && is_scalar(arg->type);
}

/*
 * Bind one parameter; NULL in *@out when it is another name for what the
 * argument names.
 *
 * Returns: the argument as it is passed, or NULL after an error.
 */
static struct expr *bind_param(struct resolver *r, const struct name *name,
			       struct expr *arg, struct expr *written,
			       struct sym **out)
{
	*out = NULL;
	if (is_value(r, arg, written)) {
		arg = place_load(r, arg);
		if (arg)
			*out = hold(r, name, SYM_LOCAL, type_wide(arg->type));
		return arg;
	}
	if (arg->denotes == DENOTES_AGGREGATE) {
		*out = hold(r, name, SYM_LOCAL, arg->type);
		return arg;
	}
	if (arg->denotes < DENOTES_LOCAL || arg->denotes > DENOTES_SYM) {
		resolve_error(r, written->span, "%s cannot be passed on",
			      place_name(arg));
		return NULL;
	}
	if (is_plain_name(arg)) {
		scope_bind(r, name, arg->sym);
		return arg;
	}
	*out = bind_place(r, name, arg, written);
	return *out ? arg : NULL;
}

/* Whether a pointer to @arg can be another name for it: what has a name, and
 * is no pointer itself. */
static bool may_be_alias(const struct expr *arg, const struct expr *written)
{
	if (arg->denotes == DENOTES_SYM)
		return true;
	if (arg->kind != EXPR_NAME ||
	    (is_pointer(arg->type) && !arg->is_address))
		return false;
	return arg->denotes == DENOTES_LOCAL &&
	       (arg->is_address || arg->type.is_array);
}

static void bind_alias(struct resolver *r, const struct param *param,
		       const struct expr *arg)
{
	scope_bind(r, &param->name, arg->sym);
	if (r->scope.nr)
		(*cdma_vec_last(&r->scope))->is_pointer = true;
}

/* The same for a parameter with a type, which holds a value of that type. */
static struct expr *bind_typed(struct resolver *r, const struct item *fn,
			       const struct param *param, struct expr *arg,
			       struct expr *written, struct sym **out)
{
	struct type type;

	*out = NULL;
	if (!resolve_type(r, param->ref, &type))
		return NULL;
	if (is_pointer(type) && may_be_alias(arg, written)) {
		bind_alias(r, param, arg);
		return arg;
	}
	if (is_pointer(type)) {
		arg = resolve_as_pointer(r, arg, written->span, type);
		if (!arg)
			return NULL;
		*out = hold(r, &param->name, SYM_LOCAL, type);
		if (resolve_is_fixed(r, fn->body->list, &param->name))
			(*out)->only = arg;
		return arg;
	}
	arg = place_load(r, arg);
	if (!arg)
		return NULL;
	if (arg->denotes == DENOTES_VALUE ? !is_scalar(type)
					  : !type_equal(type, arg->type)) {
		resolve_error(r, written->span, "'%s' is %s, not %s",
			      param->name.text, type_text(r, type),
			      arg->denotes == DENOTES_VALUE
				      ? "a number"
				      : type_text(r, arg->type));
		resolve_note(r, param->name.span, "it is declared here");
		return NULL;
	}
	*out = hold(r, &param->name, SYM_LOCAL, type);
	return arg;
}

/* "(void *)buf" is buf: a parameter has a type of its own. */
static const struct expr *without_void(const struct expr *e)
{
	bool is_void = e->kind == EXPR_RAW && e->ref->stars == 1 &&
		       e->ref->name.text && !strcmp(e->ref->name.text, "void");

	return is_void && e->a->kind == EXPR_NAME ? e->a : e;
}

/* All arguments are checked where the call is, before any name is bound. */
static bool resolve_fn_args(struct resolver *r, struct expr *e,
			    struct expr **args)
{
	bool ok = true;
	uint32_t i = 0;

	for (const struct expr *a = e->args; a; a = a->next, i++) {
		args[i] = resolve_expr(r, without_void(a));
		ok &= args[i] != NULL;
		/* It is passed on. */
		if (args[i] && a->kind == EXPR_NAME &&
		    scope_is_pointer(r, a->name.id))
			args[i]->is_address = true;
	}
	return ok;
}

static bool bind_params(struct resolver *r, struct expr *e,
			const struct item *fn, struct expr **args)
{
	struct expr *written = e->args, **tail = &e->args;
	const struct param *param = fn->params;
	bool ok = true;

	e->args = NULL;
	for (uint32_t i = 0; i < e->nr_args; i++, param = param->next) {
		if (param->ref)
			*tail = bind_typed(r, fn, param, args[i], written,
					   &e->params[i]);
		else
			*tail = bind_param(r, &param->name, args[i], written,
					   &e->params[i]);
		written = written->next;
		ok &= *tail != NULL;
		if (*tail)
			tail = &(*tail)->next;
	}
	return ok;
}

/* What a call gives: a number, 0 without a return, or an object. */
static void take_result(struct resolver *r, struct expr *e,
			const struct frame *frame)
{
	const struct type_ref *said = frame->fn->ref;
	struct type_ref *ref;

	e->denotes = DENOTES_VALUE;
	e->type = type_scalar(frame->is_unsigned ? SCALAR_U64 : SCALAR_S64);
	if (resolve_is_void(said)) {
		e->denotes = DENOTES_NOTHING;
		return;
	}
	if (said) {
		ref = resolve_new(r, struct type_ref);
		*ref = *said;
		if (!resolve_type(r, said, &ref->type))
			return;
		e->ref = ref;
		e->type = is_pointer(ref->type) ? ref->type
						: type_promoted(ref->type);
		return;
	}
	if (!frame->result)
		return;
	e->denotes = object_denotes(frame->result->object);
	e->object = frame->result->object;
	e->type = frame->result->type;
}

static struct expr *new_expr(struct resolver *r, enum expr_kind kind,
			     const struct item *fn)
{
	struct expr *e = resolve_new(r, struct expr);

	*e = (struct expr){
		.kind = kind, .span = fn->may_fail->span, .name = fn->name};
	return e;
}

/* The body of a function that may fail begins with
 * `if (it fails) return its error;'. */
static struct stmt *failing_body(struct resolver *r, const struct item *fn)
{
	struct stmt *body = resolve_new(r, struct stmt);
	struct stmt *test = resolve_new(r, struct stmt);
	struct stmt *leave = resolve_new(r, struct stmt);

	*leave = (struct stmt){.kind = STMT_RETURN,
			       .span = fn->may_fail->span,
			       .rhs = fn->may_fail};
	*test = (struct stmt){.kind = STMT_IF,
			      .span = fn->may_fail->span,
			      .cond = new_expr(r, EXPR_FAILS, fn),
			      .then = leave,
			      .next = fn->body->list};
	*body = *fn->body;
	body->list = test;
	return body;
}

/* Copy and check the body of @fn, whose parameters are bound. */
static struct stmt *expand(struct resolver *r, const struct item *fn,
			   struct frame *frame)
{
	struct frame *inner = r->inner;
	unsigned int loops = r->loops;
	const struct list *lists = r->lists;
	struct cases *cases = r->cases;
	struct stmt *body;

	r->inner = frame;
	r->frame = frame;
	r->loops = 0;
	r->lists = NULL;
	r->cases = NULL;
	r->calls++;
	if (fn->may_fail)
		resolve_error_value(r, fn->may_fail);
	body = resolve_list(r, fn->may_fail ? failing_body(r, fn) : fn->body);
	r->calls--;
	r->loops = loops;
	r->lists = lists;
	r->cases = cases;
	r->frame = r->inner = inner;
	r->words[fn->name.id].is_called = true;
	return body;
}

static bool may_call(struct resolver *r, const struct expr *e,
		     const struct item *fn)
{
	if (is_recursive(r, e, fn))
		return false;
	if (r->in_poll && !resolve_only_looks(r, fn)) {
		resolve_error(r, e->name.span,
			      "the condition of a wait only looks, and '%s' "
			      "does more",
			      fn->name.text);
		diag_help(r->diag,
			  "a function that is called there computes what it "
			  "returns: no loops, no stores to what others see");
	} else if (r->must_fold)
		resolve_error(r, e->name.span,
			      "a function is not known before the run");
	else if (r->calls >= RESOLVE_CALLS_MAX)
		resolve_error(r, e->span, "calls are nested more than %d deep",
			      RESOLVE_CALLS_MAX);
	else if (e->nr_args != fn->nr_params) {
		resolve_error(r, e->span, "'%s' takes %u argument%s, not %u",
			      fn->name.text, fn->nr_params,
			      fn->nr_params == 1 ? "" : "s", e->nr_args);
		resolve_note(r, fn->name.span, "it is declared here");
	} else {
		return true;
	}
	return false;
}

struct expr *resolve_fn_call(struct resolver *r, struct expr *e,
			     const struct item *fn)
{
	struct frame frame = {.up = r->frame, .fn = fn, .call = e->span};
	uint32_t floor = r->floor;
	struct expr **args;
	bool ok;

	if (!may_call(r, e, fn))
		return NULL;
	args = resolve_alloc(r, (e->nr_args + 1) * sizeof(*args));
	e->params = resolve_alloc(r, (e->nr_args + 1) * sizeof(*e->params));
	r->words[fn->name.id].is_called = true;
	if (!resolve_fn_args(r, e, args))
		return NULL;
	if (r->depth < DEPTH_SETUP)
		r->depth = DEPTH_SETUP;
	scope_open(r);
	r->floor = r->depth;
	ok = bind_params(r, e, fn, args);
	if (ok)
		e->body = expand(r, fn, &frame);
	r->floor = floor;
	scope_close(r);
	take_result(r, e, &frame);
	return ok ? e : NULL;
}

/* Without a type it may be anything. */
static void declare_param(struct resolver *r, const struct param *p)
{
	struct type type = {0};

	if (!p->ref) {
		scope_add(r, &p->name, SYM_LOCAL);
		return;
	}
	resolve_type(r, p->ref, &type);
	hold(r, &p->name, SYM_LOCAL, type);
}

/* A function that nobody calls is checked as far as names go. */
static void check_uncalled(struct resolver *r, const struct item *fn)
{
	struct frame frame = {.fn = fn, .call = fn->name.span};

	r->who = WHO_ANY;
	r->section = SECTION_THREAD;
	r->depth = DEPTH_SETUP;
	scope_open(r);
	r->floor = r->depth;
	for (const struct param *p = fn->params; p; p = p->next)
		declare_param(r, p);
	expand(r, fn, &frame);
	scope_close(r);
}

void resolve_uncalled(struct resolver *r)
{
	for (const struct item *i = r->script->items; i; i = i->next)
		if ((i->kind == ITEM_FN || i->kind == ITEM_REVOCABLE) &&
		    !r->words[i->name.id].is_called)
			check_uncalled(r, i);
}
