/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include <inttypes.h>

struct expr *resolve_copy(struct resolver *r, const struct expr *e)
{
	struct expr *copy = resolve_new(r, struct expr);

	*copy = *e;
	copy->next = NULL;
	return copy;
}

static struct expr *resolve_number(struct resolver *r, struct expr *e)
{
	(void)r;
	return fold_typed(e, e->value, e->type);
}

/* &x is x, not read.  *x is what a view or a window shows, or an address. */
/* Whether @e is a parameter that stands for what it points to. */
static bool is_alias(const struct resolver *r, const struct expr *e)
{
	return e->kind == EXPR_NAME && scope_is_pointer(r, e->name.id);
}

static struct expr *resolve_pointer(struct resolver *r, struct expr *e)
{
	struct expr *a = resolve_expr(r, e->a);

	if (!a)
		return NULL;
	if (e->op == OP_ADDR &&
	    (a->denotes < DENOTES_LOCAL || a->denotes > DENOTES_SYM)) {
		resolve_error(r, e->span, "%s has no place", place_name(a));
		return NULL;
	}
	if (e->op == OP_DEREF && a->is_address) {
		a->is_address = false;
		return a;
	}
	a->is_address = e->op == OP_ADDR;
	if (e->op == OP_ADDR)
		return a;
	if (is_alias(r, e->a) && !a->type.is_array)
		return a;
	if (is_pointer(a->type) || a->type.is_array)
		return resolve_pointed(r, a, NULL);
	if (a->denotes == DENOTES_RAW && a->kind == EXPR_RAW)
		return a;
	if (!a->object || !a->type.scalar || a->type.is_array) {
		resolve_error(r, e->span,
			      "'*' goes before a view of one "
			      "thing or a (type *) address, not %s",
			      place_name(a));
		return NULL;
	}
	/* No longer the object, but what it shows. */
	a->object = OBJECT_NONE;
	return a;
}

static struct expr *resolve_unary(struct resolver *r, struct expr *e)
{
	if (e->op == OP_ADDR || e->op == OP_DEREF)
		return resolve_pointer(r, e);
	e->a = e->op == OP_NOT ? resolve_truth(r, e->a)
			       : resolve_value(r, e->a);
	return e->a ? fold_unary(r, e) : NULL;
}

static struct expr *resolve_binary(struct resolver *r, struct expr *e)
{
	bool is_logic = e->op == OP_LAND || e->op == OP_LOR;

	e->a = is_logic ? resolve_truth(r, e->a) : resolve_operand(r, e->a);
	e->b = is_logic ? resolve_truth(r, e->b) : resolve_operand(r, e->b);
	if (!e->a || !e->b)
		return NULL;
	if (!is_logic && (is_pointer(e->a->type) || is_pointer(e->b->type)))
		return resolve_pointer_sum(r, e);
	if (!is_logic)
		resolve_big_pair(r, &e->a, &e->b);
	return fold_binary(r, e);
}

/* a ?: c */
static struct expr *resolve_unless_zero(struct resolver *r, struct expr *e)
{
	const struct expr *chosen;

	e->a = resolve_operand(r, e->a);
	e->c = resolve_operand(r, e->c);
	if (!e->a || !e->c)
		return NULL;
	e->denotes = DENOTES_VALUE;
	if (is_pointer(e->a->type) || is_pointer(e->c->type)) {
		e->type = is_pointer(e->a->type) ? e->a->type : e->c->type;
		return e;
	}
	e->type = type_common(e->a->type, e->c->type);
	chosen = e->a->value ? e->a : e->c;
	if (e->a->is_const && chosen->is_const)
		return fold_typed(e, type_fit(e->type, chosen->value), e->type);
	return e;
}

/* The left side is done, and gives nothing. */
static struct expr *resolve_comma(struct resolver *r, struct expr *e)
{
	e->a = resolve_expr(r, e->a);
	e->b = resolve_operand(r, e->b);
	if (!e->a || !e->b)
		return NULL;
	if (e->a->denotes >= DENOTES_LOCAL && e->a->denotes <= DENOTES_REG &&
	    !e->a->object)
		e->a = place_load(r, e->a);
	if (!e->a)
		return NULL;
	if (e->a->is_const)
		return e->b;
	e->denotes = DENOTES_VALUE;
	e->type = e->b->type;
	return e;
}

static struct expr *resolve_cond(struct resolver *r, struct expr *e)
{
	if (!e->b)
		return resolve_unless_zero(r, e);
	e->a = resolve_truth(r, e->a);
	e->b = resolve_operand(r, e->b);
	e->c = resolve_operand(r, e->c);
	if (!e->a || !e->b || !e->c)
		return NULL;
	if (!is_pointer(e->b->type) && !is_pointer(e->c->type))
		return fold_cond(r, e);
	e->denotes = DENOTES_VALUE;
	e->type = is_pointer(e->b->type) ? e->b->type : e->c->type;
	return e;
}

static struct expr *resolve_cast(struct resolver *r, struct expr *e)
{
	struct type_ref *ref = resolve_new(r, struct type_ref);

	*ref = *e->ref;
	e->ref = ref;
	e->a = resolve_value(r, e->a);
	if (!resolve_type(r, ref, &ref->type) || !e->a)
		return NULL;
	return fold_cast(r, e);
}

static bool can_fail(const struct expr *e)
{
	if (e->kind == EXPR_CALL)
		return !e->builtin || e->builtin->can_fail;
	return e->kind == EXPR_INDEX || e->kind == EXPR_RANGE;
}

static struct expr *resolve_try(struct resolver *r, struct expr *e)
{
	struct expr *a = resolve_expr(r, e->a);

	if (!a)
		return NULL;
	if (r->in_poll) {
		resolve_error(r, e->span, "'?' has no place in a poll");
		return NULL;
	}
	if (!can_fail(a)) {
		resolve_error(r, e->span,
			      "'?' asks for an error, and %s "
			      "cannot fail",
			      e->a->kind == EXPR_CALL ? "this call" : "this");
		return NULL;
	}
	e->a = a;
	e->denotes = a->denotes;
	e->object = a->object;
	e->type = a->type;
	e->sym = a->sym;
	return e;
}

/* "s" or "s[n]", where s is a struct, which the parser cannot know. */
static bool is_struct_type(const struct resolver *r, const struct expr *e,
			   struct type_ref *ref)
{
	const struct expr *name = e->kind == EXPR_INDEX ? e->a : e;
	const struct sym *sym;

	if (name->kind != EXPR_NAME)
		return false;
	sym = scope_find(r, name->name.id);
	*ref = (struct type_ref){.name = name->name,
				 .span = e->span,
				 .len = e->kind == EXPR_INDEX ? e->b : NULL};
	return sym && sym->kind == SYM_STRUCT;
}

/* "struct s *p = kzalloc(sizeof(*p), ...)": p is declared already. */
static bool is_own_pointee(const struct resolver *r, const struct expr *e)
{
	return r->declared && is_pointer(*r->declared) &&
	       e->kind == EXPR_UNARY && e->op == OP_DEREF &&
	       e->a->kind == EXPR_NAME && e->a->name.text == r->holder;
}

static struct expr *resolve_sizeof(struct resolver *r, struct expr *e)
{
	struct type_ref ref;
	struct type type;
	struct expr *a;

	if (e->ref || is_struct_type(r, e->a, &ref))
		return resolve_type(r, e->ref ? e->ref : &ref, &type)
			       ? fold_number(e, type.size, true)
			       : NULL;
	if (is_own_pointee(r, e->a) && resolve_points(r, *r->declared))
		return fold_number(e, resolve_stride(r, *r->declared), true);
	a = resolve_expr(r, e->a);
	if (!a)
		return NULL;
	if (a->denotes < DENOTES_LOCAL || a->denotes > DENOTES_REG ||
	    !a->type.scalar || (a->type.is_array && !a->type.size)) {
		resolve_error(r, e->a->span, "the size of %s is not known",
			      place_name(a));
		return NULL;
	}
	return fold_number(e, a->type.size, true);
}

/* The bytes before the field that @path names in @type. */
static bool offset_in(struct resolver *r, const struct expr *path,
		      struct type *type, uint64_t *offset)
{
	const struct field *field;
	uint64_t index;

	if (path->kind != EXPR_NAME && path->kind != EXPR_FIELD &&
	    path->kind != EXPR_INDEX) {
		resolve_error(r, path->span, "this is no field");
		return false;
	}
	if (path->kind != EXPR_NAME && !offset_in(r, path->a, type, offset))
		return false;
	if (path->kind == EXPR_INDEX) {
		if (!resolve_count(r, path->b, "an index in offsetof", 0,
				   type->len, &index))
			return false;
		*type = type_element(*type);
		*offset += index * type->size;
		return true;
	}
	if (type->scalar != SCALAR_STRUCT || type->is_array) {
		resolve_error(r, path->name.span, "%s has no fields",
			      type_text(r, *type));
		return false;
	}
	field = resolve_field(r, type->layout, &path->name);
	if (!field)
		return false;
	*offset += field->offset;
	*type = field->type;
	return true;
}

static struct expr *resolve_offsetof(struct resolver *r, struct expr *e)
{
	struct type type;
	uint64_t offset = 0;

	if (!resolve_type(r, e->ref, &type) ||
	    !offset_in(r, e->a, &type, &offset))
		return NULL;
	return fold_number(e, offset, true);
}

static struct expr *resolve_misplaced(struct resolver *r, struct expr *e)
{
	resolve_error(r, e->span, "%s has no place here",
		      e->kind == EXPR_INIT ? "an initialiser" : "a type");
	return NULL;
}

static struct expr *resolve_fails(struct resolver *r, struct expr *e)
{
	(void)r;
	e->denotes = DENOTES_VALUE;
	e->type = type_scalar(SCALAR_BOOL);
	return e;
}

static struct expr *(*const resolvers[])(struct resolver *, struct expr *) = {
	[EXPR_NUMBER] = resolve_number,  [EXPR_NAME] = resolve_name,
	[EXPR_UNARY] = resolve_unary,    [EXPR_BINARY] = resolve_binary,
	[EXPR_COND] = resolve_cond,      [EXPR_COMMA] = resolve_comma,
	[EXPR_INDEX] = resolve_index,    [EXPR_RANGE] = resolve_range,
	[EXPR_FIELD] = resolve_field_of, [EXPR_RAW] = resolve_raw,
	[EXPR_CAST] = resolve_cast,      [EXPR_FAILS] = resolve_fails,
	[EXPR_CALL] = resolve_call,      [EXPR_TRY] = resolve_try,
	[EXPR_INIT] = resolve_misplaced, [EXPR_TYPE] = resolve_misplaced,
	[EXPR_SIZEOF] = resolve_sizeof,  [EXPR_OFFSETOF] = resolve_offsetof,
	[EXPR_STEP] = resolve_step_expr, [EXPR_ASSIGN] = resolve_assign_expr,
};

struct expr *resolve_expr(struct resolver *r, const struct expr *e)
{
	struct expr *result = NULL;

	if (resolve_enter(r, e->span))
		result = resolvers[e->kind](r, resolve_copy(r, e));
	if (result && is_part(result->type) && !result->type.is_array)
		result = resolve_part(r, result);
	resolve_leave(r);
	return result;
}

struct expr *resolve_value(struct resolver *r, const struct expr *e)
{
	struct expr *value = place_load(r, resolve_expr(r, e));

	if (!value || value->denotes == DENOTES_VALUE)
		return value;
	resolve_error(r, e->span, "%s is no number", type_text(r, value->type));
	return NULL;
}

struct expr *resolve_truth(struct resolver *r, const struct expr *e)
{
	struct expr *result = resolve_expr(r, e);

	/* It points to what was passed, which is there. */
	if (result && is_alias(r, e))
		return fold_number(result, 1, true);
	if (result && result->object)
		return resolve_one(r, result) ? result : NULL;
	result = place_load(r, result);
	if (!result || result->denotes == DENOTES_VALUE)
		return result;
	resolve_error(r, e->span, "%s is no condition",
		      type_text(r, result->type));
	return NULL;
}

bool resolve_const(struct resolver *r, const struct expr *e, const char *what,
		   uint64_t *value, struct type *type)
{
	bool must_fold = r->must_fold;
	struct expr *number;

	r->must_fold = true;
	number = resolve_value(r, e);
	r->must_fold = must_fold;
	if (!number)
		return false;
	if (!number->is_const) {
		resolve_error(r, e->span,
			      "%s must be known before the run: numbers, "
			      "constants and params",
			      what);
		return false;
	}
	*value = number->value;
	if (type)
		*type = number->type;
	return true;
}

bool resolve_count(struct resolver *r, const struct expr *e, const char *what,
		   uint64_t min, uint64_t max, uint64_t *value)
{
	struct type type;

	if (!resolve_const(r, e, what, value, &type))
		return false;
	if (!is_unsigned_type(type) && (int64_t)*value < 0)
		resolve_error(r, e->span, "%s cannot be %" PRId64, what,
			      (int64_t)*value);
	else if (*value < min || *value > max)
		resolve_error(r, e->span,
			      "%s is %" PRIu64 "; it can be %" PRIu64
			      " to %" PRIu64,
			      what, *value, min, max);
	else
		return true;
	return false;
}

/* The field behind those up to @end; of a union the first. */
static const struct field *field_behind(const struct layout *layout,
					uint64_t end)
{
	for (size_t i = 0; i < layout->nr_fields; i++)
		if (layout->fields[i].offset >= end)
			return &layout->fields[i];
	return NULL;
}

/* "[i]", or the element behind the last one. */
static bool resolve_init_element(struct resolver *r, struct init *init,
				 struct type type, uint64_t *next)
{
	uint64_t nth;

	init->type = type_element(type);
	nth = init->type.size ? *next / init->type.size : 0;
	if (init->from &&
	    (!type.len ||
	     !resolve_count(r, init->from, "an index", 0, type.len - 1, &nth)))
		return false;
	if (nth >= type.len) {
		resolve_error(r, init->span, "this does not fit in %s",
			      type_text(r, type));
		return false;
	}
	init->offset = nth * init->type.size;
	return true;
}

static bool resolve_init_field(struct resolver *r, struct init *init,
			       struct type type, uint64_t *next)
{
	const struct field *field =
		init->field.text ? resolve_field(r, type.layout, &init->field)
				 : field_behind(type.layout, *next);

	if (!field && !init->field.text)
		resolve_error(r, init->span, "this does not fit in %s",
			      type_text(r, type));
	if (!field)
		return false;
	init->type = field->type;
	init->offset = field->offset;
	return true;
}

/* Where a part of an initialiser goes, in something of @type.  @next: behind
 * the part before it. */
static bool resolve_init_place(struct resolver *r, struct init *init,
			       struct type type, uint64_t *next, bool offsets)
{
	bool is_struct = type.scalar == SCALAR_STRUCT && !type.is_array, ok;

	if (init->at) {
		init->type = type_scalar(SCALAR_U8);
		if (offsets)
			return resolve_count(r, init->at, "an offset", 0,
					     INT64_MAX, &init->offset);
		resolve_error(r, init->at->span,
			      "'@' is for init_at() and coherent_init()");
		return false;
	}
	if (type.is_array && !init->field.text) {
		ok = resolve_init_element(r, init, type, next);
	} else if (is_struct && !init->from) {
		ok = resolve_init_field(r, init, type, next);
	} else {
		init->type = type;
		ok = !*next && !init->field.text && !init->from;
		if (!ok)
			resolve_error(r, init->span, "this does not fit in %s",
				      type_text(r, type));
	}
	*next = init->offset + init->type.size;
	return ok;
}

/* How many elements "[from ... to]" is. */
static bool resolve_init_span(struct resolver *r, const struct init *part,
			      struct type type, uint64_t *nr)
{
	uint64_t first = part->type.size ? part->offset / part->type.size : 0;
	uint64_t last;

	*nr = 1;
	if (!part->to)
		return true;
	if (!resolve_count(r, part->to, "an index", first, type.len - 1, &last))
		return false;
	*nr = last - first + 1;
	return true;
}

static struct expr *resolve_init(struct resolver *r, const struct expr *e,
				 struct type type, bool offsets)
{
	struct expr *copy = resolve_copy(r, e);
	struct init **tail = &copy->inits;
	uint64_t next = 0, nr;
	bool ok = true;

	for (const struct init *i = e->inits; i; i = i->next) {
		struct init *part = resolve_new(r, struct init);

		*part = *i;
		part->next = NULL;
		if (!resolve_init_place(r, part, type, &next, offsets) ||
		    !resolve_init_span(r, part, type, &nr)) {
			ok = false;
			continue;
		}
		part->value = resolve_stored(r, i->value, part->type, false);
		ok &= part->value != NULL;
		*tail = part;
		tail = &part->next;
		while (--nr) {
			*tail = resolve_new(r, struct init);
			**tail = *part;
			(*tail)->next = NULL;
			(*tail)->offset += part->type.size;
			part = *tail;
			tail = &part->next;
			next += part->type.size;
		}
	}
	*tail = NULL;
	copy->denotes = DENOTES_INIT;
	copy->type = type;
	return ok ? copy : NULL;
}

/* "(struct s){ ... }" of this type. */
static bool is_literal(struct resolver *r, const struct expr *e,
		       struct type type)
{
	struct type said;

	return e->kind == EXPR_CAST && e->a->kind == EXPR_INIT &&
	       resolve_type(r, e->ref, &said) && type_equal(said, type);
}

struct expr *resolve_stored(struct resolver *r, const struct expr *e,
			    struct type type, bool offsets)
{
	struct expr *value;

	if (e->kind == EXPR_INIT)
		return resolve_init(r, e, type, offsets);
	if (is_literal(r, e, type))
		return resolve_init(r, e->a, type, offsets);
	if (is_pointer(type))
		return resolve_pointer_value(r, e, type);
	value = place_load(r, resolve_expr(r, e));
	if (!value)
		return NULL;
	if (value->denotes == DENOTES_VALUE && !type.is_array &&
	    type.scalar != SCALAR_STRUCT && !is_pointer(value->type))
		return resolve_big_stored(r, value, type);
	if (value->denotes == DENOTES_AGGREGATE &&
	    type_equal(value->type, type))
		return value;
	resolve_error(r, e->span, "%s cannot hold %s", type_text(r, type),
		      value->denotes == DENOTES_VALUE &&
				      !is_pointer(value->type)
			      ? "a number"
			      : type_text(r, value->type));
	return NULL;
}
