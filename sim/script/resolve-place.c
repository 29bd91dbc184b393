/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include "base/suggest.h"
#include "script/refuse.h"

#include <string.h>

/* What is denoted when a name stands for @sym. */
static enum denotes denotes_of(const struct sym *sym)
{
	switch (sym->kind) {
	case SYM_LOCAL:
		return DENOTES_LOCAL;
	case SYM_SHARED:
		return DENOTES_SHARED;
	case SYM_OBJECT:
		return object_denotes(sym->object);
	case SYM_REG:
		return DENOTES_REG;
	default:
		return DENOTES_SYM;
	}
}

static void unknown_name(struct resolver *r, const struct name *name)
{
	const struct refusal *refusal = refuse_find(REFUSE_NAME, name->text);

	if (!refusal) {
		scope_unknown(r, name, "name", ~(1u << SYM_FN));
		return;
	}
	resolve_error(r, name->span, "'%s' %s", refusal->word, refusal->why);
	if (refusal->instead)
		diag_help(r->diag, "%s", refusal->instead);
}

struct expr *resolve_name(struct resolver *r, struct expr *e)
{
	struct expr *own = resolve_own_register(r, e);
	struct sym *sym = scope_find(r, e->name.id);

	if (own)
		return own;
	if (!sym) {
		unknown_name(r, &e->name);
		return NULL;
	}
	if (sym->kind == SYM_CONST && !resolve_constant(r, sym))
		return NULL;
	if (sym->kind == SYM_CONST)
		return fold_typed(e, sym->value, sym->type);
	if (sym->kind == SYM_FN || sym->kind == SYM_STRUCT) {
		resolve_error(r, e->span, "'%s' is a %s, not a value",
			      sym->name,
			      sym->kind == SYM_FN ? "function" : "struct");
		resolve_note(r, sym->span, "it is declared here");
		return NULL;
	}
	/* A parameter of a function that nobody calls may be anything. */
	if (sym->kind == SYM_LOCAL && !sym->type.scalar)
		return NULL;
	e->sym = sym;
	e->denotes = denotes_of(sym);
	e->type = sym->type;
	e->object = sym->object;
	return e;
}

/* Whether the memory behind @e is known; else an error. */
static bool is_typed(struct resolver *r, const struct expr *e)
{
	const struct expr *base = e;

	if (e->type.scalar)
		return true;
	while (!base->sym && base->a)
		base = base->a;
	/* Its type was wrong, which has been said. */
	if (base->sym && base->sym->kind != SYM_OBJECT)
		return false;
	resolve_error(r, e->span, "what is there is not known yet");
	if (base->sym)
		resolve_note(r, base->sym->span, "write '%s %s of T[n]'",
			     object_name(base->sym->object), base->sym->name);
	return false;
}

static bool is_object_array(const struct expr *e)
{
	return e->kind == EXPR_NAME && e->sym && e->sym->nr_objects;
}

bool resolve_one(struct resolver *r, const struct expr *e)
{
	if (!is_object_array(e))
		return true;
	resolve_error(r, e->span, "'%s' is %llu objects: which one?",
		      e->sym->name, (unsigned long long)e->sym->nr_objects);
	return false;
}

/* What a call returns must have a name before it has parts. */
static bool is_place(const struct expr *e)
{
	const struct expr *from = e->kind == EXPR_TRY ? e->a : e;

	return e->denotes >= DENOTES_LOCAL && e->denotes <= DENOTES_REG &&
	       from->kind != EXPR_CALL;
}

/* What the index or field of @e->a is, as far as that goes. */
static struct expr *part_of(struct expr *e, struct type type)
{
	e->denotes = e->a->denotes;
	e->type = type;
	e->sym = e->a->denotes == DENOTES_REG ? e->a->sym : NULL;
	return e;
}

struct expr *resolve_index(struct resolver *r, struct expr *e)
{
	const struct expr *from = e, *written = e->a;
	struct expr *index = resolve_value(r, e->b);

	e->a = resolve_expr(r, e->a);
	if (!e->a || !index)
		return NULL;
	if (is_pointer(e->a->type))
		return resolve_pointed(r, e->a, index);
	e->b = index;
	if (is_object_array(e->a)) {
		part_of(e, e->a->type)->object = e->a->object;
		if (!index->is_const || index->value < e->a->sym->nr_objects)
			return e;
		resolve_error(r, index->span, "'%s' has %llu objects",
			      e->a->sym->name,
			      (unsigned long long)e->a->sym->nr_objects);
		return NULL;
	}
	if (!is_place(e->a)) {
		resolve_error(r, from->span, "%s has no elements",
			      place_name(e->a));
		return NULL;
	}
	if (!is_typed(r, e->a))
		return NULL;
	/* p[0] of a pointer to one thing is *p. */
	if (written->kind == EXPR_NAME && !e->a->type.is_array &&
	    scope_is_pointer(r, written->name.id) && index->is_const &&
	    !index->value)
		return e->a;
	/* A view of one element, and an address, count on from there. */
	if (!e->a->type.is_array && e->a->kind != EXPR_RAW && !e->a->object) {
		resolve_error(r, e->span, "%s is no array",
			      type_text(r, e->a->type));
		return NULL;
	}
	return part_of(e, type_element(e->a->type));
}

/* Memory that an object stands for. */
static bool has_parts(const struct expr *e)
{
	const struct expr *base = e;

	while (!base->sym && base->a)
		base = base->a;
	return e->denotes == DENOTES_OBJECT ||
	       (e->denotes == DENOTES_SHARED && base->sym &&
		base->sym->object == OBJECT_KMEM);
}

struct expr *resolve_range(struct resolver *r, struct expr *e)
{
	struct type type;

	e->a = resolve_expr(r, e->a);
	e->b = resolve_value(r, e->b);
	e->c = resolve_value(r, e->c);
	if (!e->a || !e->b || !e->c ||
	    (e->a->type.scalar && !is_typed(r, e->a)))
		return NULL;
	if (!has_parts(e->a) || is_object_array(e->a)) {
		resolve_error(r, e->span,
			      "a range is a part of a buffer, "
			      "not of %s",
			      place_name(e->a));
		return NULL;
	}
	if (!is_typed(r, e->a))
		return NULL;
	type = type_element(e->a->type);
	type.is_array = true;
	type.len = type.size = 0; /* as long as it turns out to be */
	if (e->b->is_const && e->c->is_const && e->b->value <= e->c->value &&
	    !__builtin_mul_overflow(e->c->value - e->b->value,
				    type_element(e->a->type).size, &type.size))
		type.len = e->c->value - e->b->value;
	return part_of(e, type);
}

/* What a name stands for that is no place. */
static const char *sym_kind_name(enum sym_kind kind)
{
	switch (kind) {
	case SYM_DEVICE:
		return "a device";
	case SYM_IRQ:
		return "an interrupt";
	case SYM_LOCK:
		return "a spinlock";
	case SYM_MUTEX:
		return "a mutex";
	case SYM_WAITQUEUE:
		return "a wait queue";
	case SYM_REVOCABLE:
		return "something revocable";
	case SYM_DEVRES:
		return "a resource of a device";
	case SYM_HANDLER:
		return "a handler";
	case SYM_THREAD:
		return "a thread";
	default:
		return "a completion";
	}
}

/* DEVICE.REG or DEVICE.IRQ */
struct expr *resolve_device_part(struct resolver *r, struct expr *e)
{
	const struct device *device = e->a->sym->device;
	const struct field *reg = layout_find(&device->regs, e->name.text);
	struct cdma_suggest s = cdma_suggest_for(e->name.text);
	struct sym *sym = resolve_new(r, struct sym);

	*sym = (struct sym){.name = e->name.text,
			    .span = e->name.span,
			    .device = device,
			    .field = reg,
			    .kind = reg ? SYM_REG : SYM_IRQ};
	for (size_t i = 0; i < device->nr_irqs && !reg; i++) {
		cdma_suggest_offer(&s, device->irqs[i].name);
		if (device->irqs[i].name == e->name.text)
			sym->irq = &device->irqs[i];
	}
	e->sym = sym;
	e->denotes = reg ? DENOTES_REG : DENOTES_SYM;
	if (reg)
		sym->type = e->type = reg->type;
	if (reg || sym->irq)
		return e;
	if (!resolve_is_first(r, &device->regs, &e->name))
		return NULL;
	for (size_t i = 0; i < device->regs.nr_fields; i++)
		if (suggest_means(e->name.text, device->regs.fields[i].name))
			cdma_suggest_offer(&s, device->regs.fields[i].name);
	if (s.best)
		resolve_error(r, e->name.span,
			      "'%s' has no register or interrupt '%s'; did "
			      "you mean '%s'?",
			      device->name, e->name.text, s.best);
	else
		resolve_error(r, e->name.span,
			      "'%s' has no register or interrupt '%s'",
			      device->name, e->name.text);
	return NULL;
}

struct expr *resolve_field_of(struct resolver *r, struct expr *e)
{
	const struct field *field;

	e->a = resolve_expr(r, e->a);
	if (!e->a)
		return NULL;
	if (e->a->denotes == DENOTES_SYM && e->a->sym->kind == SYM_DEVICE)
		return resolve_device_part(r, e);
	if (is_pointer(e->a->type) && !e->arrow) {
		resolve_error(
			r, e->name.span, "'%s' is a pointer: write '->%s'",
			e->a->sym ? e->a->sym->name : "this", e->name.text);
		return NULL;
	}
	if (is_pointer(e->a->type) && !strcmp(e->name.text, "dev") &&
	    !resolve_points(r, e->a->type))
		return e->a; /* "pdev->dev" of a struct that is not here */
	if (is_pointer(e->a->type) || (e->arrow && e->a->type.is_array))
		e->a = resolve_pointed(r, e->a, NULL);
	if (!e->a)
		return NULL;
	if (!is_place(e->a) || is_object_array(e->a)) {
		resolve_error(r, e->span, "%s has no fields", place_name(e->a));
		return NULL;
	}
	if (!is_typed(r, e->a))
		return NULL;
	if (e->a->type.is_array && e->a->type.len != 1) {
		resolve_error(r, e->a->span, "%s is an array: which element?",
			      type_text(r, e->a->type));
		return NULL;
	}
	if (e->a->type.scalar != SCALAR_STRUCT) {
		resolve_error(r, e->name.span, "%s has no fields",
			      type_text(r, e->a->type));
		return NULL;
	}
	field = resolve_field(r, e->a->type.layout, &e->name);
	if (!field)
		return NULL;
	e->offset = field->offset;
	return part_of(e, field->type);
}

struct expr *resolve_raw(struct resolver *r, struct expr *e)
{
	struct type_ref *ref = resolve_new(r, struct type_ref);

	*ref = *e->ref;
	if (r->who == WHO_CPU)
		return resolve_pointer_cast(r, e, ref);
	ref->stars--;
	e->ref = ref;
	e->a = resolve_value(r, e->a);
	if (!resolve_type(r, ref, &ref->type) || !e->a)
		return NULL;
	e->denotes = DENOTES_RAW;
	e->type = ref->type;
	return e;
}

const char *place_name(const struct expr *e)
{
	switch (e->denotes) {
	case DENOTES_VALUE:
		return "a number";
	case DENOTES_AGGREGATE:
		return "the result of a call";
	case DENOTES_LOCAL:
		return "a local";
	case DENOTES_SHARED:
		return e->object == OBJECT_KMEM ? "a buffer" : "shared memory";
	case DENOTES_OBJECT:
		return e->object == OBJECT_BOX        ? "a box"
		       : e->object == OBJECT_COHERENT ? "a coherent"
		       : e->object == OBJECT_HANDLE   ? "a handle"
		       : e->object == OBJECT_VIEW     ? "a view"
		       : e->object == OBJECT_WINDOW   ? "a window"
		       : e->object == OBJECT_SG       ? "a scatterlist"
		       : e->object == OBJECT_POOL     ? "a pool"
						      : "DMA memory";
	case DENOTES_RAW:
		return "memory at an address";
	case DENOTES_REG:
		return "a register";
	case DENOTES_SYM:
		return sym_kind_name(e->sym->kind);
	case DENOTES_INIT:
		return "an initialiser";
	case DENOTES_TYPE:
		return "a type";
	default:
		return "a call without a result";
	}
}

static bool is_on_device(const struct resolver *r)
{
	return r->who == WHO_DEVICE;
}

/* A register, by the device that has it. */
static bool may_touch_reg(struct resolver *r, const struct expr *e,
			  const char *fix)
{
	const struct device *device = e->sym->device;

	if (r->who == WHO_CPU)
		resolve_error(r, e->span,
			      "a CPU reaches a register with %s(), not like "
			      "memory",
			      fix);
	else if (is_on_device(r) && device != r->device)
		resolve_error(r, e->span,
			      "'%s' is a register of '%s', and this runs on "
			      "'%s'",
			      e->sym->name, device->name, r->device->name);
	else
		return true;
	return false;
}

/* What reading and writing have in common. */
static bool may_touch(struct resolver *r, const struct expr *e, const char *fix)
{
	switch (e->denotes) {
	case DENOTES_SHARED:
		if (!is_on_device(r))
			return true;
		resolve_error(r, e->span,
			      "a device does not see the memory of the kernel: "
			      "only DMA memory");
		return false;
	case DENOTES_OBJECT:
	case DENOTES_RAW:
		if (r->section == SECTION_REACTION) {
			resolve_error(r, e->span,
				      "what a register does reaches no memory: "
				      "a thread on '%s' does",
				      r->device->name);
			return false;
		}
		if (e->denotes == DENOTES_OBJECT || r->who & WHO_DEVICE)
			return true;
		resolve_error(r, e->span,
			      "a DMA address is no pointer for a CPU");
		return false;
	case DENOTES_REG:
		return may_touch_reg(r, e, fix);
	default:
		return true;
	}
}

bool place_may_read(struct resolver *r, const struct expr *e)
{
	return may_touch(r, e, "readl");
}

static bool may_write_local(struct resolver *r, const struct expr *e)
{
	const struct expr *base = e;

	while (base->kind != EXPR_NAME)
		base = base->a;
	if (base->sym->is_loop)
		resolve_error(r, e->span,
			      "the variable of a 'for' counts by "
			      "itself");
	else if (base->sym->is_setup && r->section != SECTION_SETUP)
		resolve_error(r, e->span,
			      "'%s' belongs to setup: each thread has a copy "
			      "that it can only read",
			      base->sym->name);
	else
		return true;
	resolve_note(r, base->sym->span, "it is declared here");
	if (!base->sym->is_loop)
		diag_help(r->diag, "what threads share is "
				   "'shared type name;' outside of any block");
	return false;
}

bool place_may_write(struct resolver *r, const struct expr *e)
{
	if (e->denotes == DENOTES_LOCAL)
		return may_write_local(r, e);
	if (r->section == SECTION_FINAL && r->who == WHO_FINAL) {
		resolve_error(r, e->span,
			      "'final' looks at memory and does "
			      "not change it");
		return false;
	}
	return may_touch(r, e, "writel");
}

struct expr *place_load(struct resolver *r, struct expr *e)
{
	struct expr *load;

	if (!e || e->denotes == DENOTES_VALUE ||
	    e->denotes == DENOTES_AGGREGATE)
		return e;
	if (!is_place(e) || e->object) {
		resolve_error(r, e->span, "%s is no number", place_name(e));
		if (e->object && !e->type.is_array &&
		    e->type.scalar < SCALAR_STRUCT && e->type.scalar)
			diag_help(r->diag, "write '*%s' for what is there",
				  e->sym ? e->sym->name : "x");
		return NULL;
	}
	if (!place_may_read(r, e))
		return NULL;
	load = resolve_new(r, struct expr);
	*load = (struct expr){.kind = EXPR_LOAD,
			      .span = e->span,
			      .a = e,
			      .denotes = DENOTES_VALUE,
			      .type = e->type,
			      .height = e->height};
	if (e->type.is_array || e->type.scalar == SCALAR_STRUCT)
		load->denotes = DENOTES_AGGREGATE;
	else
		load->type =
			is_pointer(e->type) ? e->type : type_promoted(e->type);
	return load;
}
