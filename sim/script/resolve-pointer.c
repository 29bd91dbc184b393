/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include "script/insn.h"

#include <string.h>

/*
 * Pointers: values that say where kernel or DMA memory is, for a CPU.
 *
 * What one points to is looked up when it is followed, so that a struct may
 * hold a pointer to one that is declared behind it, or nowhere.
 */

bool is_pointer(struct type type)
{
	return type.scalar == SCALAR_POINTER && !type.is_array;
}

static bool is_declared(const struct resolver *r, const struct type_ref *to)
{
	const struct sym *sym;

	if (to->of)
		return true;
	sym = to->is_struct ? r->words[to->name.id].tag
			    : scope_find(r, to->name.id);

	return keyword_scalar(to->name.id) || (sym && sym->kind == SYM_STRUCT);
}

/* What @type points to; false: void, or a struct that nobody declared. */
static bool pointee_of(struct resolver *r, struct type type, struct type *out)
{
	struct type_ref *ref;

	if (type.at) {
		*out = *type.at;
		return true;
	}
	if (!type.to || (type.to->stars == 1 && !is_declared(r, type.to)))
		return false;
	ref = resolve_new(r, struct type_ref);
	*ref = *type.to;
	ref->stars--;
	return resolve_type_len(r, ref, NULL, INT64_MAX, out);
}

bool resolve_points(struct resolver *r, struct type type)
{
	return type.at ||
	       (type.to && (type.to->stars > 1 || is_declared(r, type.to)));
}

uint64_t resolve_stride(struct resolver *r, struct type type)
{
	struct type at;

	return is_pointer(type) && pointee_of(r, type, &at) && at.size ? at.size
								       : 1;
}

struct type resolve_pointer_at(struct resolver *r, struct type at)
{
	struct type *copy = resolve_new(r, struct type);

	*copy = at;
	return (struct type){
		.scalar = SCALAR_POINTER, .len = 1, .size = 8, .at = copy};
}

static struct expr *node(struct resolver *r, enum expr_kind kind,
			 struct span span, struct expr *a)
{
	struct expr *e = resolve_new(r, struct expr);

	*e = (struct expr){
		.kind = kind, .span = span, .a = a, .height = a->height};
	return e;
}

/* ---- making them ---- */

/* Whether @e is the place itself, and not what is in it. */
static bool decays(const struct expr *e)
{
	bool is_memory =
		e->denotes == DENOTES_OBJECT || e->denotes == DENOTES_SHARED;

	return is_memory && (e->is_address || e->type.is_array || e->object ||
			     e->kind == EXPR_RANGE);
}

/* "&p->a.b" is so many bytes behind p, whatever p points to: the head of a list
 * is no entry, and is passed for one.  NULL: it is another place. */
static struct expr *behind_pointer(struct resolver *r, struct expr *place,
				   struct span span)
{
	const struct expr *from = place;
	struct expr *number, *e;
	uint64_t offset = 0;

	while (from->kind == EXPR_FIELD && !from->sym) {
		offset += from->offset;
		from = from->a;
	}
	if (from->kind != EXPR_POINTED || from == place)
		return NULL;
	number = resolve_new(r, struct expr);
	number->span = span;
	e = node(r, EXPR_BINARY, span, from->a);
	e->op = OP_ADD;
	e->b = fold_number(number, offset, false);
	e->denotes = DENOTES_VALUE;
	return e;
}

static struct expr *address_of(struct resolver *r, struct expr *place,
			       struct span span)
{
	struct expr *far = behind_pointer(r, place, span);
	struct expr *e = far ? far : node(r, EXPR_ADDRESS, span, place);
	struct type at = place->type;

	if (!resolve_one(r, place))
		return NULL;
	/* An array is where its first element is. */
	if (at.is_array && !place->is_address)
		at = type_element(at);
	if (at.is_array && place->object)
		at = type_element(at);
	e->denotes = DENOTES_VALUE;
	e->type = resolve_pointer_at(r, at);
	if (!at.scalar)
		e->type.at = NULL;
	return e;
}

/* What holds the memory that @call allocates, of the type that it holds. */
static struct expr *owned(struct resolver *r, struct expr *call,
			  struct span span, struct type type)
{
	struct type at;
	uint64_t bytes = call->type.size;

	if (resolve_is_sized(call) && pointee_of(r, type, &at) && at.size) {
		call->type = at;
		call->type.of = at.is_array ? type.at : NULL;
		call->type.is_array = true;
		call->type.len = bytes % at.size ? 0 : bytes / at.size;
		call->type.size = call->type.len * at.size;
	}
	if (!call->held)
		call->held = r->holder;
	resolve_note_alloc(r, call->type);
	return address_of(r, call, span);
}

static bool may_hold(struct resolver *r, struct type to, struct type from)
{
	struct type a, b;

	if (to.is_iomem != from.is_iomem)
		return false;
	return !pointee_of(r, to, &a) || !pointee_of(r, from, &b) ||
	       type_equal(a, b) || b.is_array ||
	       (a.scalar == SCALAR_U8 && !a.is_array);
}

struct expr *resolve_as_pointer(struct resolver *r, struct expr *e,
				struct span span, struct type type)
{
	if (!e)
		return NULL;
	if (e->denotes == DENOTES_SYM)
		return fold_number(node(r, EXPR_NUMBER, span, e), 1, true);
	if (e->kind == EXPR_CALL && e->object)
		return owned(r, e, span, type);
	if (e->denotes == DENOTES_LOCAL &&
	    (e->is_address || e->type.is_array)) {
		resolve_error(r, span, "a local has no address here");
		diag_help(r->diag, "pass it to a function with '&', or declare "
				   "it outside of any block");
		return NULL;
	}
	e = decays(e) ? address_of(r, e, span) : place_load(r, e);
	if (!e)
		return NULL;
	if (e->is_const && !e->value)
		return e;
	if (e->denotes == DENOTES_VALUE && is_pointer(e->type) &&
	    may_hold(r, type, e->type))
		return e;
	resolve_error(r, span, "'%s' cannot hold %s", type_text(r, type),
		      e->denotes == DENOTES_VALUE && !is_pointer(e->type)
			      ? "a number"
			      : type_text(r, e->type));
	return NULL;
}

struct expr *resolve_pointer_value(struct resolver *r, const struct expr *e,
				   struct type type)
{
	return resolve_as_pointer(r, resolve_expr(r, e), e->span, type);
}

static bool is_void_pointer(const struct type_ref *ref)
{
	return ref->stars == 1 && ref->name.text &&
	       !strcmp(ref->name.text, "void");
}

struct expr *resolve_pointer_cast(struct resolver *r, struct expr *e,
				  struct type_ref *ref)
{
	struct expr *v = resolve_expr(r, e->a);
	struct type type;

	if (!v || !resolve_type(r, ref, &type))
		return NULL;
	if (v->kind == EXPR_CALL && v->object)
		return owned(r, v, e->span, type);
	v = decays(v) ? address_of(r, v, e->span) : place_load(r, v);
	if (!v)
		return NULL;
	/* ERR_PTR(): an error is a pointer to nothing. */
	if (!is_pointer(v->type) && !(v->is_const && !v->value) &&
	    !is_void_pointer(ref)) {
		resolve_error(r, e->span,
			      "a DMA address is no pointer for a CPU");
		return NULL;
	}
	v = resolve_copy(r, v);
	v->type = type;
	return v;
}

/* ---- following them ---- */

static struct expr *sum(struct resolver *r, struct expr *a, struct expr *b,
			enum op op, struct type type)
{
	struct expr *e = node(r, EXPR_BINARY, a->span, a);

	e->op = op;
	e->b = b;
	e->denotes = DENOTES_VALUE;
	e->type = type;
	return e;
}

static struct expr *scaled(struct resolver *r, struct expr *index,
			   uint64_t size)
{
	struct expr *number = resolve_new(r, struct expr);
	struct expr *e = node(r, EXPR_BINARY, index->span, index);

	if (size == 1)
		return index;
	number->span = index->span;
	e->op = OP_MUL;
	e->b = fold_number(number, size, false);
	return fold_binary(r, e);
}

/* Element 0 of an array, which a pointer to it would point to. */
static struct expr *first_of(struct resolver *r, struct expr *array)
{
	struct expr *e = node(r, EXPR_INDEX, array->span, array);
	struct expr *zero = resolve_new(r, struct expr);

	zero->span = array->span;
	e->b = fold_number(zero, 0, false);
	e->denotes = array->denotes;
	e->type = type_element(array->type);
	return e;
}

struct expr *resolve_pointed(struct resolver *r, struct expr *pointer,
			     struct expr *index)
{
	struct span span = pointer->span;
	struct type at, type = pointer->type;
	struct expr *e, *v;

	if (type.is_array)
		return first_of(r, pointer);
	if (r->who == WHO_DEVICE) {
		resolve_error(r, span,
			      "a device does not follow the pointers of a CPU: "
			      "it has DMA addresses");
		return NULL;
	}
	v = place_load(r, pointer);
	if (!v)
		return NULL;
	if (type.is_iomem || !pointee_of(r, type, &at) || !at.size) {
		if (type.to && !type.is_iomem &&
		    !scope_is_news(r, &type.to->name))
			return NULL;
		resolve_error(r, span, "what '%s' points to is not known",
			      type_text(r, type));
		diag_help(r->diag, type.is_iomem ? "write readl() or writel()"
						 : "declare the struct");
		return NULL;
	}
	if (index && at.size)
		v = sum(r, v, scaled(r, index, at.size), OP_ADD, type);
	e = node(r, EXPR_POINTED, span, v);
	e->denotes = DENOTES_OBJECT;
	e->type = at;
	return e;
}

/* ---- computing with them ---- */

struct expr *resolve_operand(struct resolver *r, const struct expr *e)
{
	struct expr *v = resolve_expr(r, e);

	if (!v)
		return NULL;
	/* What it points to is there: it is not NULL. */
	if (v->denotes == DENOTES_LOCAL && e->kind == EXPR_NAME &&
	    scope_is_pointer(r, e->name.id))
		return fold_number(node(r, EXPR_NUMBER, e->span, v), 1, true);
	if (v->denotes == DENOTES_SYM && v->sym->kind == SYM_DEVICE)
		return fold_number(node(r, EXPR_NUMBER, e->span, v), 1, true);
	v = decays(v) ? address_of(r, v, e->span) : place_load(r, v);
	if (!v || v->denotes == DENOTES_VALUE)
		return v;
	resolve_error(r, e->span, "%s is no number", type_text(r, v->type));
	return NULL;
}

struct expr *resolve_pointer_sum(struct resolver *r, struct expr *e)
{
	bool left = is_pointer(e->a->type), right = is_pointer(e->b->type);
	struct type type = left ? e->a->type : e->b->type;
	struct expr *a = left ? e->a : e->b, *b = left ? e->b : e->a, *size;
	uint64_t stride = resolve_stride(r, type);

	if (e->op >= OP_EQ && e->op <= OP_GE)
		return fold_binary(r, e);
	if (left && right && e->op == OP_SUB) {
		e->type = type_scalar(SCALAR_S64);
		e = sum(r, e->a, e->b, OP_SUB, e->type);
		size = resolve_new(r, struct expr);
		size->span = e->span;
		return sum(r, e, fold_number(size, stride, false), OP_DIV,
			   e->type);
	}
	if ((left && right) ||
	    (e->op != OP_ADD && !(left && e->op == OP_SUB))) {
		resolve_error(r, e->span, "a pointer has no '%s'",
			      op_text(e->op));
		return NULL;
	}
	return sum(r, a, scaled(r, b, stride), e->op, type);
}

/* ---- what the kernel has for them ---- */

/* The bytes of a member, which may be written "a.b[1]". */
static bool member_offset(struct resolver *r, const struct expr *call,
			  uint64_t *offset)
{
	struct expr *e = resolve_new(r, struct expr), *number;

	*e = (struct expr){.kind = EXPR_OFFSETOF,
			   .span = call->span,
			   .ref = call->args->next->ref,
			   .a = call->args->next->next,
			   .height = 1};
	number = resolve_expr(r, e);
	if (number)
		*offset = number->value;
	return number;
}

static struct expr *variable(struct resolver *r, struct span span,
			     const struct sym *sym)
{
	struct expr *e = resolve_new(r, struct expr);

	*e = (struct expr){.kind = EXPR_NAME,
			   .span = span,
			   .sym = (struct sym *)sym,
			   .denotes = DENOTES_SHARED,
			   .type = sym->type,
			   .height = 1,
			   .is_address = true};
	return e;
}

/* The only variable of @type outside of blocks. */
static struct expr *only_one(struct resolver *r, struct span span,
			     struct type type)
{
	struct sym *found = NULL;

	for (size_t i = 0; i < r->unit->nr_shareds; i++)
		if (type_equal(r->unit->shareds[i]->type, type)) {
			if (found)
				return NULL;
			found = r->unit->shareds[i];
		}
	return found ? variable(r, span, found) : NULL;
}

/* What the part @part of a struct is in, @offset bytes behind its begin. */
static struct expr *inside(struct resolver *r, struct span span,
			   const struct sym *part, struct type type,
			   uint64_t offset)
{
	struct expr *a = address_of(r, variable(r, span, part->root), span);
	struct expr *number = resolve_new(r, struct expr);

	number->span = span;
	return sum(r, a, fold_number(number, part->at - offset, false), OP_ADD,
		   resolve_pointer_at(r, type));
}

struct expr *resolve_container(struct resolver *r, struct expr *call)
{
	struct expr *a = resolve_expr(r, call->args), *number;
	uint64_t offset = 0;
	struct type type;

	if (!a || call->args->next->kind != EXPR_TYPE ||
	    !resolve_type(r, call->args->next->ref, &type))
		return NULL;
	if (a->denotes == DENOTES_SYM && a->sym->root &&
	    member_offset(r, call, &offset))
		return inside(r, call->span, a->sym, type, offset);
	if (a->denotes == DENOTES_SYM) {
		a = only_one(r, call->span, type);
		if (a)
			return address_of(r, a, call->span);
		resolve_error(r, call->span,
			      "there is not one variable of %s, which would be "
			      "meant",
			      type_text(r, type));
		return NULL;
	}
	if (!member_offset(r, call, &offset))
		return NULL;
	a = decays(a) ? address_of(r, a, call->span) : place_load(r, a);
	if (!a)
		return NULL;
	number = resolve_new(r, struct expr);
	number->span = call->span;
	return sum(r, a, fold_number(number, offset, false), OP_SUB,
		   resolve_pointer_at(r, type));
}

/* ---- devices and their registers ---- */

struct expr *resolve_ioremap(struct resolver *r, struct expr *call)
{
	struct expr *e = resolve_new(r, struct expr);

	if (!resolve_device(r, call->args))
		return NULL;
	e->span = call->span;
	fold_number(e, IOMEM_BASE, true);
	e->type = (struct type){.scalar = SCALAR_POINTER,
				.len = 1,
				.size = 8,
				.is_iomem = true};
	return e;
}

static const struct device *only_device(const struct resolver *r,
					bool with_regs)
{
	const struct device *found = NULL;

	for (size_t i = 0; i < r->unit->nr_devices; i++) {
		const struct device *d = &r->unit->devices[i];

		if (with_regs && !d->regs.nr_fields)
			continue;
		if (found)
			return NULL;
		found = d;
	}
	return found;
}

static struct expr *device_expr(struct resolver *r, struct span span,
				const struct device *device)
{
	struct expr *e = resolve_new(r, struct expr);
	struct sym *sym = resolve_new(r, struct sym);

	*sym = (struct sym){.kind = SYM_DEVICE,
			    .name = device->name,
			    .span = device->span,
			    .device = device};
	*e = (struct expr){.kind = EXPR_NAME,
			   .span = span,
			   .sym = sym,
			   .denotes = DENOTES_SYM,
			   .height = 1};
	return e;
}

/* "&pdev->dev", "priv->dev": as long as there is one device, it is that. */
struct expr *resolve_device(struct resolver *r, const struct expr *e)
{
	const struct expr *base = e;
	const struct device *device;
	const struct sym *sym;

	while (base->kind != EXPR_NAME && base->a &&
	       (base->kind == EXPR_FIELD || base->kind == EXPR_UNARY ||
		base->kind == EXPR_INDEX))
		base = base->a;
	if (base->kind != EXPR_NAME)
		return NULL;
	sym = scope_find(r, base->name.id);
	if (!sym)
		return NULL;
	if (sym->kind == SYM_DEVICE)
		return device_expr(r, e->span, sym->device);
	if (!(base != e ||
	      (sym->kind == SYM_LOCAL || sym->kind == SYM_SHARED)) ||
	    (base == e && !is_pointer(sym->type)))
		return NULL;
	device = only_device(r, false);
	if (device)
		return device_expr(r, e->span, device);
	resolve_error(
		r, e->span,
		"which device this is cannot be known: there are several");
	diag_help(r->diag, "write the name of the device");
	return NULL;
}

struct expr *resolve_mmio(struct resolver *r, struct expr *e)
{
	const struct device *device = only_device(r, true);
	struct expr *v, *mmio;

	if (!is_pointer(e->type))
		return e;
	v = place_load(r, e);
	if (!v)
		return NULL;
	if (!device) {
		resolve_error(r, e->span,
			      "whose registers these are cannot be known");
		diag_help(r->diag, "write DEVICE.REGISTER");
		return NULL;
	}
	mmio = node(r, EXPR_MMIO, e->span, v);
	mmio->sym = device_expr(r, e->span, device)->sym;
	mmio->denotes = DENOTES_REG;
	mmio->type = type_scalar(SCALAR_U32);
	return mmio;
}
