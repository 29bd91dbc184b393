/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

/*
 * What is done when something revocable is dropped is written where that is
 * declared, and done by whoever drops it: each call that may is given a copy,
 * as of a function.
 */

struct expr *resolve_fixed_arg(struct resolver *r, const struct expr *call,
			       const struct expr *e)
{
	struct expr *number = resolve_value(r, e);

	if (!number || number->is_const)
		return number;
	resolve_error(r, e->span, "%s() takes %s here", call->name.text,
		      arg_name(ARG_FIXED));
	return NULL;
}

static struct expr *drop_of(struct resolver *r, const struct item *item,
			    struct sym *sym, struct span at)
{
	struct expr *e = resolve_new(r, struct expr);

	*e = (struct expr){.kind = EXPR_CALL, .span = at, .name = item->name};
	e = resolve_fn_call(r, e, item);
	if (e)
		e->sym = sym;
	return e;
}

static bool add(struct expr ***tail, struct expr *e)
{
	if (!e)
		return false;
	**tail = e;
	*tail = &e->next;
	return true;
}

/* What goes with the binding of @device. */
static bool drops_of_device(struct resolver *r, const struct device *device,
			    bool has_data, struct span at, struct expr **out)
{
	const struct unit *unit = r->unit;
	bool ok = true;

	if (has_data && device->drvdata)
		ok &= add(&out, drop_of(r, device->drvdata, NULL, at));
	for (size_t i = 0; i < unit->nr_revocables; i++) {
		struct sym *sym = unit->revocables[i];

		if (sym->kind == SYM_DEVRES && sym->device == device)
			ok &= add(&out, drop_of(r, sym->item, sym, at));
	}
	return ok;
}

/* A resource has calls of its own. */
static bool is_plain(struct resolver *r, const struct expr *call,
		     const char *instead)
{
	const struct sym *sym = call->args->sym;

	if (sym->kind == SYM_REVOCABLE)
		return true;
	resolve_error(r, call->args->span, "'%s' is a resource of a device",
		      sym->name);
	diag_help(r->diag, "write %s(%s)", instead, sym->name);
	return false;
}

bool resolve_drops(struct resolver *r, struct expr *call)
{
	struct sym *sym;

	switch (call->builtin->id) {
	case BUILTIN_REVOCABLE_NEW:
		return is_plain(r, call, "devres_new");
	case BUILTIN_REVOKE:
	case BUILTIN_REVOKE_NOSYNC:
		if (!is_plain(r, call, "devres_free"))
			return false;
		/* fallthrough */
	case BUILTIN_DEVRES_FREE:
		sym = call->args->sym;
		call->drops = drop_of(r, sym->item, sym, call->span);
		return call->drops;
	case BUILTIN_UNBIND:
		return drops_of_device(r, call->args->sym->device, true,
				       call->span, &call->drops);
	default:
		return true;
	}
}

void resolve_after(struct resolver *r, struct section *section)
{
	struct expr **tail = &section->after;

	for (size_t i = 0; i < r->unit->nr_devices; i++) {
		const struct device *device = &r->unit->devices[i];
		struct expr *e = resolve_new(r, struct expr);

		*e = (struct expr){.kind = EXPR_CALL, .span = section->span};
		drops_of_device(r, device, section->kind == SECTION_TEARDOWN,
				section->span, &e->drops);
		e->value = device->index;
		if (!e->drops)
			continue;
		*tail = e;
		tail = &e->next;
	}
}
