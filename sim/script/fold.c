/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include <cdma/attrs.h>

/*
 * A number is what it would be at run time: 64 bits that wrap.  Where it must
 * be known before, as in a size, a result that does not fit is more likely a
 * mistake than meant, so there it is an error.
 */

bool is_unsigned_type(struct type type)
{
	const struct scalar_info *info = scalar_info(type.scalar);

	return info->size == 8 && !info->is_signed;
}

struct expr *fold_number(struct expr *e, uint64_t value, bool is_unsigned)
{
	e->kind = EXPR_NUMBER;
	e->is_const = true;
	e->denotes = DENOTES_VALUE;
	e->value = value;
	e->type = type_scalar(is_unsigned ? SCALAR_U64 : SCALAR_S64);
	e->a = e->b = e->c = NULL;
	return e;
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

struct expr *fold_binary(struct resolver *r, struct expr *e)
{
	bool is_shift = e->op == OP_SHL || e->op == OP_SHR;
	bool no_sign = is_unsigned_type(e->a->type) ||
		       (!is_shift && is_unsigned_type(e->b->type));
	uint64_t value;

	e->denotes = DENOTES_VALUE;
	e->type = type_scalar(no_sign && keeps_sign(e->op) ? SCALAR_U64
							   : SCALAR_S64);
	if (is_decided(e))
		return fold_number(e, e->op == OP_LOR, false);
	if (!e->a->is_const || !e->b->is_const)
		return e;
	if (compute(e->op, no_sign, e->a->value, e->b->value, &value))
		return fold_number(e, value, no_sign && keeps_sign(e->op));
	if (!r->must_fold)
		return e;
	too_large(r, e);
	return NULL;
}

struct expr *fold_unary(struct resolver *r, struct expr *e)
{
	bool no_sign = is_unsigned_type(e->a->type) && e->op != OP_NOT;
	uint64_t a = e->a->value;

	e->denotes = DENOTES_VALUE;
	e->type = type_scalar(no_sign ? SCALAR_U64 : SCALAR_S64);
	if (!e->a->is_const)
		return e;
	return fold_number(e,
			   e->op == OP_NOT     ? !a
			   : e->op == OP_COMPL ? ~a
					       : -a,
			   no_sign);
}

struct expr *fold_cond(struct resolver *r, struct expr *e)
{
	bool no_sign =
		is_unsigned_type(e->b->type) || is_unsigned_type(e->c->type);
	const struct expr *chosen = e->a->value ? e->b : e->c;

	e->denotes = DENOTES_VALUE;
	e->type = type_scalar(no_sign ? SCALAR_U64 : SCALAR_S64);
	if (e->a->is_const && chosen->is_const)
		return fold_number(e, chosen->value, no_sign);
	return e;
}

struct expr *fold_cast(struct resolver *r, struct expr *e)
{
	struct type type = e->ref->type;
	const struct scalar_info *info = scalar_info(type.scalar);
	unsigned int unused = 64 - 8u * info->size;
	uint64_t value = e->a->value;

	e->denotes = DENOTES_VALUE;
	e->type = type_scalar(is_unsigned_type(type) ? SCALAR_U64 : SCALAR_S64);
	if (!e->a->is_const)
		return e;
	if (type.scalar == SCALAR_BOOL)
		value = value != 0;
	else if (info->is_signed)
		value = (uint64_t)((int64_t)(value << unused) >> unused);
	else
		value = value << unused >> unused;
	return fold_number(e, value, is_unsigned_type(type));
}

static uint64_t extreme(const struct expr *a, const struct expr *b, bool is_max)
{
	bool no_sign = is_unsigned_type(a->type) || is_unsigned_type(b->type);
	bool less = compare(OP_LT, no_sign, a->value, b->value);

	return less == is_max ? b->value : a->value;
}

/* For calls that are pure alone. */
struct expr *fold_call(struct resolver *r, struct expr *e)
{
	const struct expr *a = e->args, *b = a ? a->next : NULL;
	bool no_sign = is_unsigned_type(e->type);

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
		return fold_number(e, extreme(a, b, false), no_sign);
	case BUILTIN_MAX:
		return fold_number(e, extreme(a, b, true), no_sign);
	case BUILTIN_LOWER_32:
		return fold_number(e, (uint32_t)a->value, false);
	case BUILTIN_UPPER_32:
		return fold_number(e, a->value >> 32, false);
	case BUILTIN_ENDIAN:
		return fold_number(e, a->value, no_sign);
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
