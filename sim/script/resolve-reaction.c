/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

/*
 * What registers do: bodies that are a device's, and no thread's.
 */

/* ---- what is declared ---- */

/* What was said of the register twice, if anything. */
static const char *said_twice(const struct field *reg, bool is_read)
{
	if (is_read ? reg->on_read : reg->on_write)
		return is_read ? "it has an 'on read' already"
			       : "it has an 'on write' already";
	if (is_read && reg->how == REG_RC)
		return "it is 'rc', which says what a read does";
	if (!is_read && (reg->how == REG_W1C || reg->how == REG_W1S))
		return "it is 'w1c' or 'w1s', which says what a write does";
	return NULL;
}

/* Whether there is something to do it with. */
static bool is_register(struct resolver *r, const struct field *reg,
			const struct item *item)
{
	const char *twice = said_twice(reg, item->is_read);
	struct type type = type_element(reg->type);

	if (twice)
		resolve_error(r, item->name.span, "'%s': %s", reg->name, twice);
	else if (type.scalar == SCALAR_STRUCT || type.is_array)
		resolve_error(r, item->name.span,
			      "'%s' is more than one register", reg->name);
	else if (reg->type.is_array && !item->irq.text)
		resolve_error(r, item->name.span,
			      "'%s' is an array: write '%s[i]'", reg->name,
			      reg->name);
	else if (!reg->type.is_array && item->irq.text)
		resolve_error(r, item->irq.span, "'%s' is no array", reg->name);
	else
		return true;
	return false;
}

void resolve_reactions(struct resolver *r, struct device *device,
		       const struct item *item)
{
	for (const struct item *i = item->items; i; i = i->next) {
		struct reaction *reaction =
			&r->unit->reactions[r->unit->nr_reactions];
		struct field *reg;

		if (!i->body)
			continue;
		reg = (struct field *)resolve_field(r, &device->regs, &i->name);
		if (!reg || !is_register(r, reg, i))
			continue;
		*(i->is_read ? &reg->on_read : &reg->on_write) = true;
		*reaction = (struct reaction){
			.item = i,
			.device = device,
			.reg = reg,
			.is_read = i->is_read,
			.section = {.kind = SECTION_REACTION,
				    .name = reg->name,
				    .span = i->name.span,
				    .device = device},
		};
		r->unit->nr_reactions++;
	}
}

bool resolve_is_read_once(const struct resolver *r, const char *name)
{
	for (size_t i = 0; i < r->unit->nr_reactions; i++)
		if (r->unit->reactions[i].is_read &&
		    r->unit->reactions[i].reg->name == name)
			return true;
	return false;
}

/* ---- what is done ---- */

static struct sym *parameter(struct resolver *r, const struct name *name,
			     struct type type)
{
	return name->text ? scope_add_local(r, name, SYM_LOCAL, type) : NULL;
}

static void resolve_reaction(struct resolver *r, struct reaction *reaction)
{
	const struct item *item = reaction->item;

	r->section = SECTION_REACTION;
	r->device = reaction->device;
	r->reaction = reaction;
	r->who = WHO_DEVICE;
	r->floor = DEPTH_BLOCK;
	r->depth = DEPTH_SETUP;
	scope_open(r);
	reaction->which = parameter(r, &item->irq, type_scalar(SCALAR_U32));
	reaction->value =
		parameter(r, &item->core, type_element(reaction->reg->type));
	reaction->section.body = resolve_block(r, item->body);
	scope_close(r);
}

void resolve_reaction_bodies(struct resolver *r)
{
	for (size_t i = 0; i < r->unit->nr_reactions; i++)
		resolve_reaction(r, &r->unit->reactions[i]);
}

/* A name that is the device's, unless a block has it. */
static bool is_own(const struct resolver *r, const struct name *name)
{
	const struct binding *b =
		name->id < r->nr_words ? r->bound[name->id] : NULL;

	if (r->section != SECTION_REACTION || (b && b->depth > DEPTH_SETUP))
		return false;
	for (size_t i = 0; i < r->device->nr_irqs; i++)
		if (r->device->irqs[i].name == name->text)
			return true;
	return layout_find(&r->device->regs, name->text);
}

struct expr *resolve_own_register(struct resolver *r, struct expr *e)
{
	struct expr *device;
	struct sym *sym;

	if (!is_own(r, &e->name))
		return NULL;
	device = resolve_new(r, struct expr);
	sym = resolve_new(r, struct sym);
	*sym = (struct sym){.kind = SYM_DEVICE,
			    .name = r->device->name,
			    .span = r->device->span,
			    .device = r->device};
	*device = (struct expr){.kind = EXPR_NAME,
				.span = e->span,
				.name = {.text = sym->name},
				.denotes = DENOTES_SYM,
				.sym = sym};
	e->kind = EXPR_FIELD;
	e->a = device;
	return resolve_device_part(r, e);
}

bool resolve_reacts_with(struct resolver *r, const struct expr *call)
{
	const struct builtin *b = call->builtin;

	if (b->is_pure || r->section != SECTION_REACTION)
		return true;
	switch (b->id) {
	case BUILTIN_RAISE:
	case BUILTIN_LOWER:
	case BUILTIN_ASSERT:
	case BUILTIN_WARN_ON:
		return true;
	default:
		resolve_error(r, call->name.span,
			      "%s() is nothing that a register does: it "
			      "touches registers, and raises or lowers "
			      "interrupts",
			      b->name);
		return false;
	}
}

static const struct field *register_of(const struct expr *e)
{
	while (e && !e->sym && e->a)
		e = e->a;
	return e && e->sym && e->sym->kind == SYM_REG ? e->sym->field : NULL;
}

bool resolve_register_is_quiet(struct resolver *r, const struct expr *call)
{
	const struct builtin *b = call->builtin;
	bool is_poll = b->id == BUILTIN_REG_POLL;
	const struct field *reg;

	if (!is_poll && !(r->in_poll && b->id == BUILTIN_REG_READ))
		return true;
	reg = register_of(call->args);
	if (!reg || !reg->on_read)
		return true;
	resolve_error(r, call->args->span,
		      "a poll only looks, and '%s' does something when it is "
		      "read",
		      reg->name);
	diag_help(r->diag,
		  "read it in a loop: 'while (...) max N cpu_relax();'");
	return false;
}
