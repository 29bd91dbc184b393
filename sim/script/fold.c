/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include <cdma/attrs.h>

/*
 * A number is what it would be at run time, where it wraps.  Where it must be
 * known before, as in a size, a result that does not fit in 64 bits is more
 * likely a mistake than meant, so there it is an error.  An int that overflows
 * has no meaning in C; here the number is just a larger one.
 */

bool is_unsigned_type(struct type type)
{
	const struct scalar_info *info = scalar_info(type.scalar);

	return info->size == 8 && !info->is_signed;
}

struct expr *fold_typed(struct expr *e, uint64_t value, struct type type)
{
	e->kind = EXPR_NUMBER;
	e->is_const = true;
	e->denotes = DENOTES_VALUE;
	e->value = value;
	e->type = type;
	e->a = e->b = e->c = NULL;
	return e;
}

struct expr *fold_number(struct expr *e, uint64_t value, bool is_unsigned)
{
	return fold_typed(e, value,
			  type_scalar(is_unsigned ? SCALAR_U64 : SCALAR_S64));
}

static bool add(bool no_sign, uint64_t a, uint64_t b, uint64_t *out)
{
	int64_t s;

	*out = a + b;
	return no_sign ? *out >= a
		       : !__builtin_add_overflow((int64_t)a, (int64_t)b, &s);
}

static bool sub(bool no_sign, uint64_t a, uint64_t b, uint64_t *out)
{
	int64_t s;

	*out = a - b;
	return no_sign ? a >= b
		       : !__builtin_sub_overflow((int64_t)a, (int64_t)b, &s);
}

static bool mul(bool no_sign, uint64_t a, uint64_t b, uint64_t *out)
{
	uint64_t u;
	int64_t s;

	*out = a * b;
	return no_sign ? !__builtin_mul_overflow(a, b, &u)
		       : !__builtin_mul_overflow((int64_t)a, (int64_t)b, &s);
}

static bool divide(bool no_sign, bool is_mod, uint64_t a, uint64_t b,
		   uint64_t *out)
{
	int64_t sa = (int64_t)a, sb = (int64_t)b;

	*out = 0;
	if (!b || (!no_sign && sa == INT64_MIN && sb == -1))
		return false;
	if (no_sign)
		*out = is_mod ? a % b : a / b;
	else
		*out = (uint64_t)(is_mod ? sa % sb : sa / sb);
	return true;
}

static bool shift(enum op op, bool no_sign, uint64_t a, uint64_t b,
		  uint64_t *out)
{
	*out = 0;
	if (b > 63)
		return false;
	if (op == OP_SHR) {
		*out = no_sign ? a >> b : (uint64_t)((int64_t)a >> b);
		return true;
	}
	*out = a << b;
	return no_sign ? *out >> b == a : (int64_t)*out >> b == (int64_t)a;
}

static bool compare(enum op op, bool no_sign, uint64_t a, uint64_t b)
{
	int64_t sa = (int64_t)a, sb = (int64_t)b;

	switch (op) {
	case OP_EQ:
		return a == b;
	case OP_NE:
		return a != b;
	case OP_LT:
		return no_sign ? a < b : sa < sb;
	case OP_GT:
		return no_sign ? a > b : sa > sb;
	case OP_LE:
		return no_sign ? a <= b : sa <= sb;
	default:
		return no_sign ? a >= b : sa >= sb;
	}
}

/* Whether the result is what arithmetic without limits gives. */
static bool compute(enum op op, bool no_sign, uint64_t a, uint64_t b,
		    uint64_t *out)
{
	switch (op) {
	case OP_ADD:
		return add(no_sign, a, b, out);
	case OP_SUB:
		return sub(no_sign, a, b, out);
	case OP_MUL:
		return mul(no_sign, a, b, out);
	case OP_DIV:
	case OP_MOD:
		return divide(no_sign, op == OP_MOD, a, b, out);
	case OP_AND:
		*out = a & b;
		return true;
	case OP_OR:
		*out = a | b;
		return true;
	case OP_XOR:
		*out = a ^ b;
		return true;
	case OP_SHL:
	case OP_SHR:
		return shift(op, no_sign, a, b, out);
	case OP_LAND:
		*out = a && b;
		return true;
	case OP_LOR:
		*out = a || b;
		return true;
	default:
		*out = compare(op, no_sign, a, b);
		return true;
	}
}

/* Whether the result of @op has the sign of its operands. */
static bool keeps_sign(enum op op)
{
	return op < OP_EQ;
}

static void too_large(struct resolver *r, const struct expr *e)
{
	if ((e->op == OP_DIV || e->op == OP_MOD) && !e->b->value)
		resolve_error(r, e->span, "division by zero");
	else
		resolve_error(r, e->span,
			      "the result of '%s' does not fit in 64 bits",
			      op_text(e->op));
}

/* a && b, a || b: whether a decides, so that b is not even looked at. */
static bool is_decided(const struct expr *e)
{
	return (e->op == OP_LAND && e->a->is_const && !e->a->value) ||
	       (e->op == OP_LOR && e->a->is_const && e->a->value);
}

static bool is_shift(enum op op)
{
	return op == OP_SHL || op == OP_SHR;
}

/* What @e is computed in: a shift in the type of what is shifted.  To shift 32
 * bits by more than they are has no meaning in C; here they are 64, then. */
static struct type type_of(const struct expr *e)
{
	struct type type = type_promoted(e->a->type);

	if (!is_shift(e->op))
		return type_common(e->a->type, e->b->type);
	if (type.size == 4 && e->op == OP_SHL && e->b->is_const &&
	    e->b->value > 31)
		return type_scalar(type.scalar == SCALAR_U32 ? SCALAR_U64
							     : SCALAR_S64);
	return type;
}

/* Whether @e is an unsigned int, which wraps. */
static bool wraps(const struct expr *e)
{
	return e->type.scalar == SCALAR_U32 && e->op != OP_DIV &&
	       e->op != OP_MOD;
}

/* What @value, the result of @e, is as an int or an unsigned int. */
static struct expr *narrow(struct expr *e, uint64_t value)
{
	if (e->type.scalar == SCALAR_U32 || e->op == OP_SHL)
		return fold_typed(e, type_fit(e->type, value), e->type);
	return fold_typed(e, value, type_of_number((int64_t)value));
}

struct expr *fold_binary(struct resolver *r, struct expr *e)
{
	struct type type = type_of(e);
	bool no_sign = type.scalar == SCALAR_U64 || type.scalar == SCALAR_U32;
	uint64_t a, b, value;

	e->denotes = DENOTES_VALUE;
	e->type = keeps_sign(e->op) ? type : type_scalar(SCALAR_S32);
	if (is_decided(e))
		return fold_typed(e, e->op == OP_LOR, e->type);
	if (!e->a->is_const || !e->b->is_const)
		return e;
	a = type_fit(type, e->a->value);
	b = is_shift(e->op) ? e->b->value : type_fit(type, e->b->value);
	if (compute(e->op, no_sign, a, b, &value) || wraps(e))
		return e->type.size == 4 ? narrow(e, value)
					 : fold_typed(e, value, e->type);
	if (!r->must_fold)
		return e;
	too_large(r, e);
	return NULL;
}

struct expr *fold_unary(struct resolver *r, struct expr *e)
{
	uint64_t a = e->a->value;

	e->denotes = DENOTES_VALUE;
	e->type = e->op == OP_NOT ? type_scalar(SCALAR_S32)
				  : type_promoted(e->a->type);
	if (!e->a->is_const)
		return e;
	a = e->op == OP_NOT ? !a : e->op == OP_COMPL ? ~a : -a;
	return fold_typed(e, type_fit(e->type, a), e->type);
}

struct expr *fold_cond(struct resolver *r, struct expr *e)
{
	const struct expr *chosen = e->a->value ? e->b : e->c;

	e->denotes = DENOTES_VALUE;
	e->type = type_common(e->b->type, e->c->type);
	if (e->a->is_const && chosen->is_const)
		return fold_typed(e, type_fit(e->type, chosen->value), e->type);
	return e;
}

struct expr *fold_cast(struct resolver *r, struct expr *e)
{
	struct type type = e->ref->type;
	const struct scalar_info *info = scalar_info(type.scalar);
	unsigned int unused = 64 - 8u * info->size;
	uint64_t value = e->a->value;

	e->denotes = DENOTES_VALUE;
	e->type = type_promoted(type);
	if (!e->a->is_const)
		return e;
	if (type.scalar == SCALAR_BOOL)
		value = value != 0;
	else if (info->is_signed)
		value = (uint64_t)((int64_t)(value << unused) >> unused);
	else
		value = value << unused >> unused;
	return fold_typed(e, value, e->type);
}

static uint64_t extreme(const struct expr *a, const struct expr *b, bool is_max)
{
	struct type type = type_common(a->type, b->type);
	uint64_t va = type_fit(type, a->value), vb = type_fit(type, b->value);
	bool less = compare(OP_LT, type.scalar == SCALAR_U64, va, vb);

	return less == is_max ? vb : va;
}

/* For calls that are pure alone. */
struct expr *fold_call(struct resolver *r, struct expr *e)
{
	const struct expr *a = e->args, *b = a ? a->next : NULL;

	for (const struct expr *arg = a; arg; arg = arg->next)
		if (!arg->is_const)
			return e;
	switch (e->builtin->id) {
	case BUILTIN_BIT_MASK:
		if (a->value > 64) {
			resolve_error(r, a->span, "a mask has at most 64 bits");
			return NULL;
		}
		return fold_number(
			e, a->value ? UINT64_MAX >> (64 - a->value) : 0, true);
	case BUILTIN_MIN:
		return fold_typed(e, extreme(a, b, false), e->type);
	case BUILTIN_MAX:
		return fold_typed(e, extreme(a, b, true), e->type);
	case BUILTIN_LOWER_32:
		return fold_typed(e, (uint32_t)a->value,
				  type_scalar(SCALAR_U32));
	case BUILTIN_UPPER_32:
		return fold_typed(e, a->value >> 32, type_scalar(SCALAR_U32));
	case BUILTIN_BITS:
		return fold_typed(
			e,
			bits_of(e->builtin->how, e->builtin->width, a->value),
			e->type);
	case BUILTIN_ATTRS_NOT:
		return fold_number(
			e,
			(uint64_t)cdma_attrs_not(FLAGS_ATTRS(a->value)) << 32,
			false);
	case BUILTIN_ATTRS_CONTAINS:
		return fold_number(e,
				   cdma_attrs_contains(FLAGS_ATTRS(a->value),
						       FLAGS_ATTRS(b->value)),
				   false);
	default:
		return e;
	}
}
