/* SPDX-License-Identifier: MIT */
#include "axiom/walk.h"

static struct value *new_value(struct walk *w, enum value_kind kind)
{
	struct value *v = cdma_arena_alloc(&w->paths->arena, sizeof(*v));

	*v = (struct value){.kind = kind};
	return v;
}

const struct value *value_number(struct walk *w, int64_t n)
{
	struct value *v = new_value(w, VALUE_NUMBER);

	v->number = n;
	return v;
}

const struct value *value_read(struct walk *w, uint32_t event)
{
	struct value *v = new_value(w, VALUE_READ);

	v->read = event;
	return v;
}

bool value_compute(enum litmus_op op, int64_t a, int64_t b, int64_t *out)
{
	uint64_t ua = (uint64_t)a, ub = (uint64_t)b;

	if (op == LITMUS_OP_DIV && (!b || (b == -1 && a == INT64_MIN)))
		return false;
	switch (op) {
	case LITMUS_OP_ADD:
		*out = (int64_t)(ua + ub);
		break;
	case LITMUS_OP_SUB:
		*out = (int64_t)(ua - ub);
		break;
	case LITMUS_OP_MUL:
		*out = (int64_t)(ua * ub);
		break;
	case LITMUS_OP_DIV:
		*out = a / b;
		break;
	case LITMUS_OP_AND:
		*out = a & b;
		break;
	case LITMUS_OP_OR:
		*out = a | b;
		break;
	case LITMUS_OP_XOR:
		*out = a ^ b;
		break;
	case LITMUS_OP_ANDNOT:
		*out = a & ~b;
		break;
	case LITMUS_OP_SHL:
		*out = ub < 64 ? (int64_t)(ua << ub) : 0;
		break;
	case LITMUS_OP_SHR:
		*out = ub < 64 ? a >> ub : a < 0 ? -1 : 0;
		break;
	case LITMUS_OP_EQ:
		*out = a == b;
		break;
	case LITMUS_OP_NE:
		*out = a != b;
		break;
	case LITMUS_OP_LT:
		*out = a < b;
		break;
	case LITMUS_OP_LE:
		*out = a <= b;
		break;
	case LITMUS_OP_GT:
		*out = a > b;
		break;
	case LITMUS_OP_GE:
		*out = a >= b;
		break;
	case LITMUS_OP_ALSO:
		*out = a && b;
		break;
	case LITMUS_OP_EITHER:
		*out = a || b;
		break;
	case LITMUS_OP_NR:
		return false;
	}
	return true;
}

const struct value *value_computed(struct walk *w, enum litmus_op op,
				   const struct value *a, const struct value *b)
{
	struct value *v = new_value(w, VALUE_OP);
	int64_t n;

	if (a->kind == VALUE_NUMBER && b->kind == VALUE_NUMBER &&
	    value_compute(op, a->number, b->number, &n))
		return value_number(w, n);
	v->op = op;
	v->a = a;
	v->b = b;
	return v;
}
