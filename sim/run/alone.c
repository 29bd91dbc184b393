/* SPDX-License-Identifier: MIT */
#include "run/alone.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "run/ops.h"

/* What a register may hold besides a number, in any run: reads that it comes
 * from, and bytes that nobody defined.  To decide by such a one is an event, or
 * a finding. */
#define FROM_READS (1u << 0)
#define UNDEFINED  (1u << 1)
#define ANYTHING   (FROM_READS | UNDEFINED)

static bool computes(const struct insn *in)
{
	switch (in->op) {
	case INSN_MOV:
	case INSN_TRUNC:
	case INSN_ADD:
	case INSN_SUB:
	case INSN_MUL:
	case INSN_AND:
	case INSN_OR:
	case INSN_XOR:
	case INSN_SHL:
	case INSN_SHR:
	case INSN_SHR_U:
	case INSN_EQ:
	case INSN_NE:
	case INSN_LT:
	case INSN_LT_U:
	case INSN_LE:
	case INSN_LE_U:
	case INSN_MIN:
	case INSN_MIN_U:
	case INSN_MAX:
	case INSN_MAX_U:
	case INSN_CHOSEN:
	case INSN_NOT:
	case INSN_BOOL:
	case INSN_BITS:
	case INSN_BIT_MASK:
	case INSN_INDEX:
		return true;
	default:
		return false;
	}
}

/* It takes the value of dst somewhere, or changes no more than its number. */
static bool leaves_dst(const struct insn *in)
{
	switch (in->op) {
	case INSN_LOOP:
	case INSN_BOUND:
	case INSN_STORE:
	case INSN_STORE_Q:
	case INSN_DMA_STORE:
	case INSN_DMA_SPLIT:
	case INSN_REG_STORE:
	case INSN_ENGINE_STORE:
		return true;
	default:
		return false;
	}
}

static unsigned char brings(const struct insn *in, const unsigned char *holds)
{
	if (!computes(in))
		return ANYTHING;
	if (in->op == INSN_MOV && in->flags & INSNF_UNDEF)
		return ANYTHING;
	return holds[in->a] | holds[in->b];
}

static bool add(unsigned char *to, unsigned char what)
{
	unsigned char before = *to;

	*to |= what;
	return *to != before;
}

/* Of each register, wherever it is used.  Where a member of an instruction is
 * no register, that of the same number is taken for worse than it is. */
static unsigned char *find_holds(const struct program *p)
{
	unsigned char *holds = cdma_xcalloc((size_t)UINT16_MAX + 1, 1);
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < p->code.nr; i++) {
			const struct insn *in = &p->code.at[i];

			if (!leaves_dst(in))
				more |= add(&holds[in->dst], brings(in, holds));
			if (in->op == INSN_LOCAL_STORE ||
			    in->op == INSN_DEBUGFS) {
				more |= add(&holds[in->a], ANYTHING);
				more |= add(&holds[in->b], ANYTHING);
			}
			if (in->op == INSN_RANGE)
				more |= add(&holds[(uint16_t)in->aux],
					    ANYTHING);
		}
	}
	return holds;
}

static bool is_jump(const struct insn *in)
{
	return in->op == INSN_JUMP || in->op == INSN_JUMP_Z ||
	       in->op == INSN_JUMP_NZ;
}

/* Whether nobody has to know what an index comes from. */
static bool trusts(const struct program *p)
{
	for (size_t i = 0; i < p->devices.nr; i++)
		if (p->devices.at[i].untrusted)
			return false;
	return true;
}

/* Whether instruction number @i is done without anybody else; where it may go
 * on to is another question. */
static bool is_alone(const struct program *p, size_t i,
		     const unsigned char *holds)
{
	const struct insn *in = &p->code.at[i];

	if (in->op == INSN_INDEX)
		return !(holds[in->a] & (trusts(p) ? UNDEFINED : ANYTHING));
	if (computes(in))
		return true;
	/* A loop is counted where it goes back. */
	if (!is_jump(in) || in->imm <= i)
		return false;
	return in->op == INSN_JUMP || !holds[in->a];
}

static bool is_step_of(const struct program *p, size_t i)
{
	return run_ops[p->code.at[i].op].is_visible ||
	       (p->marks.nr && p->marks.at[i] & MARK_STEP);
}

bool *alone_find(const struct program *p, const unsigned char *opens)
{
	unsigned char *holds = find_holds(p);
	bool *alone = cdma_xcalloc(p->code.nr + 1, sizeof(*alone));

	/* All that comes next stands further down. */
	for (size_t i = p->code.nr; i-- > 0;) {
		const struct insn *in = &p->code.at[i];

		alone[i] = is_step_of(p, i);
		if (alone[i] || !is_alone(p, i, holds) || (opens && opens[i]))
			continue;
		alone[i] = in->op == INSN_JUMP || alone[i + 1];
		if (is_jump(in))
			alone[i] = alone[i] && alone[in->imm];
	}
	free(holds);
	return alone;
}
