/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

#include <cdma/barrier.h>

#include <string.h>

/*
 * Atomic operations: the machine does one step and gives the old value; what
 * the call gives is made of that.
 *
 * A full one has a full barrier on either side, which is a step of its own:
 * others may act between.  One that can fail does not know before whether the
 * first of the two is wanted, and so makes it itself.
 */

/* The operands of a call: all arguments but the word. */
struct operands {
	const struct expr *word;
	uint16_t at[2]; /* registers */
};

static struct operands operands_of(struct compile *c, const struct expr *e)
{
	struct operands ops = {0};
	const struct expr *arg = e->args;
	size_t nr = 0;

	for (int i = 0; arg; i++, arg = arg->next) {
		if (e->builtin->args[i] == ARG_SHARED)
			ops.word = arg;
		else
			ops.at[nr++] = value(c, arg);
	}
	if (e->builtin->by)
		ops.at[0] = const_reg(c, e->builtin->by);
	return ops;
}

static bool can_fail(const struct builtin *b)
{
	return b->rmw == RMW_SET_IF || b->rmw == RMW_ADD_UNLESS;
}

static uint32_t ordering_of(const struct expr *e)
{
	const char *variant = builtin_variant(e->builtin, e->name.text);

	if (e->builtin->gives == GIVES_NOTHING)
		return RMWF_UNSEEN;
	if (!strcmp(variant, "_acquire"))
		return RMWF_ACQUIRE;
	if (!strcmp(variant, "_release"))
		return RMWF_RELEASE;
	return *variant ? 0 : RMWF_FULL;
}

static void full_fence(struct compile *c)
{
	struct insn *in = emit(c, INSN_FULL_FENCE);

	in->how = CDMA_DOMAIN_SMP;
	in->size = CDMA_ORDER_FULL;
}

/* What is stored by @op, from what was there; for the operations whose caller
 * gets that. */
static uint16_t new_value(struct compile *c, const struct expr *e,
			  const struct operands *ops, uint16_t old)
{
	bool is_add = e->builtin->rmw == RMW_ADD;
	uint16_t dst = temp_reg(c);

	convert(c, dst,
		binary(c, is_add ? INSN_ADD : INSN_SUB, old, ops->at[0]),
		ops->word->type);
	return dst;
}

static uint16_t result(struct compile *c, const struct expr *e,
		       const struct operands *ops, uint16_t old, uint16_t bits)
{
	switch ((enum rmw_gives)e->builtin->gives) {
	case GIVES_NOTHING:
		return 0;
	case GIVES_OLD:
		return old;
	case GIVES_NEW:
		return new_value(c, e, ops, old);
	case GIVES_ZERO:
		return binary(c, INSN_EQ, new_value(c, e, ops, old), 0);
	case GIVES_NEGATIVE:
		return binary(c, INSN_LT, new_value(c, e, ops, old), 0);
	case GIVES_DONE:
		return binary(c, INSN_NE, old, ops->at[1]);
	case GIVES_BIT:
		break;
	}
	return binary(c, INSN_NE, binary(c, INSN_AND, old, bits), 0);
}

uint16_t call_rmw(struct compile *c, const struct expr *e)
{
	const struct builtin *b = e->builtin;
	struct operands ops = operands_of(c, e);
	struct place p = place_of(c, ops.word);
	uint32_t order = ordering_of(e);
	uint16_t operand = ops.at[b->rmw == RMW_SET_IF], bits = 0;
	uint16_t dst = temp_reg(c);
	struct insn *in;

	if (b->is_bit)
		bits = operand = binary(c, INSN_SHL, const_reg(c, 1), operand);
	if (b->is_bit && b->rmw == RMW_AND)
		operand = binary(c, INSN_XOR, bits, const_reg(c, UINT64_MAX));
	if (p.type.scalar == SCALAR_BOOL)
		operand = binary(c, INSN_BOOL, operand, 0);
	set_site(c, e->span);
	if ((order & RMWF_FULL) && !can_fail(b))
		full_fence(c);
	in = emit_access(c, INSN_RMW, &p, (enum insn_how)b->rmw);
	in->dst = dst;
	in->c = operand;
	in->aux = order;
	if (e == c->unused)
		in->aux |= RMWF_UNUSED;
	in->aux2 = ops.at[b->rmw == RMW_ADD_UNLESS];
	if (order & RMWF_FULL)
		full_fence(c);
	return result(c, e, &ops, dst, bits);
}
