/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

/*
 * Functions of a shared object: what of them is called, and how.
 */

/* What a call of one takes and gives, whichever it is. */
static const struct builtin native_call = {
	.name = "native",
	.id = BUILTIN_NATIVE,
	.result = RESULT_S32,
	.who = WHO_CPU | WHO_DEVICE,
};

static void declare(struct resolver *r, const struct item *item,
		    const struct param *p)
{
	struct unit *unit = r->unit;
	struct sym *sym;

	if (builtin_find(p->name.text)) {
		resolve_error(r, p->name.span, "'%s' is a call of the language",
			      p->name.text);
		return;
	}
	sym = scope_add(r, &p->name, SYM_NATIVE);
	sym->index = (uint32_t)unit->nr_natives;
	unit->natives[unit->nr_natives++] = (struct native_fn){
		.name = p->name.text,
		.path = item->path,
		.span = p->name.span,
	};
}

void resolve_natives(struct resolver *r, const struct item *items)
{
	size_t nr = 0;

	for (const struct item *i = items; i; i = i->next)
		nr += i->kind == ITEM_NATIVE ? i->nr_params : 0;
	r->unit->natives =
		resolve_alloc(r, (nr + 1) * sizeof(*r->unit->natives));
	for (const struct item *i = items; i; i = i->next) {
		if (i->kind != ITEM_NATIVE)
			continue;
		if (!i->path)
			resolve_error(r, i->span, "there is no file '%s'",
				      i->text);
		for (const struct param *p = i->params; p; p = p->next)
			declare(r, i, p);
	}
}

struct expr *resolve_native_call(struct resolver *r, struct expr *e,
				 struct sym *sym)
{
	struct expr *args = NULL, **tail = &args;
	bool ok = true;

	if (e->nr_args > BUILTIN_ARGS_MAX) {
		resolve_error(r, e->span,
			      "a native function takes up to %d arguments, "
			      "not %u",
			      BUILTIN_ARGS_MAX, e->nr_args);
		return NULL;
	}
	if (r->who == WHO_FINAL || r->in_poll) {
		resolve_error(r, e->span,
			      "%s() has no place in %s, which only "
			      "looks",
			      sym->name,
			      r->in_poll ? "a condition" : "'final'");
		return NULL;
	}
	for (const struct expr *a = e->args; a; a = a->next) {
		*tail = resolve_value(r, a);
		if (*tail)
			tail = &(*tail)->next;
		else
			ok = false;
	}
	e->args = args;
	e->builtin = &native_call;
	e->sym = sym;
	e->denotes = DENOTES_VALUE;
	e->type = type_scalar(SCALAR_S32);
	return ok ? e : NULL;
}
