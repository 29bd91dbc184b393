/* SPDX-License-Identifier: MIT */
#include "run/ops.h"

#include <errno.h>

#include "script/builtins.h"

/* An instruction that makes one number of two, and comes from both. */
#define BINARY(name, result) BINARY_FROM(name, join, result)
#define BINARY_FROM(name, from, result)                                        \
	void op_##name(struct machine *m, struct actor *a,                     \
		       const struct insn *in)                                  \
	{                                                                      \
		const struct value *va = reg(m, in->a), *vb = reg(m, in->b);   \
		uint64_t x = va->bits, y = vb->bits;                           \
		struct value v = {.dep = from(m, va->dep, vb->dep)};           \
                                                                               \
		(void)a;                                                       \
		v.bits = (result);                                             \
		if (va->undef | vb->undef)                                     \
			undef_join_slow(in, va, vb, &v);                       \
		*reg(m, in->dst) = v;                                          \
	}

/* A mask, a remainder, or the smaller of two: within bounds, as long as these
 * do not come from a read. */
static cdma_dep_t within(struct machine *m, cdma_dep_t dep, cdma_dep_t bound)
{
	return bound ? join(m, dep, bound) : bounded(m, dep);
}

static cdma_dep_t by_either(struct machine *m, cdma_dep_t a, cdma_dep_t b)
{
	return a ? within(m, a, b) : bounded(m, b);
}

/* No or yes. */
static cdma_dep_t compared(struct machine *m, cdma_dep_t a, cdma_dep_t b)
{
	return bounded(m, join(m, a, b));
}

#define S(x) ((int64_t)(x))

BINARY(add, x + y)
BINARY(sub, x - y)
BINARY(mul, x *y)
BINARY_FROM(and, by_either, x &y)
BINARY(or, x | y)
BINARY(xor, x ^ y)
BINARY(shl, y < 64 ? x << y : 0)
BINARY(shr, (uint64_t)(S(x) >> (y < 64 ? y : 63)))
BINARY(shr_u, y < 64 ? x >> y : 0)
BINARY_FROM(eq, compared, x == y)
BINARY_FROM(ne, compared, x != y)
BINARY_FROM(lt, compared, S(x) < S(y))
BINARY_FROM(lt_u, compared, x < y)
BINARY_FROM(le, compared, S(x) <= S(y))
BINARY_FROM(le_u, compared, x <= y)
BINARY_FROM(min, by_either, S(x) < S(y) ? x : y)
BINARY_FROM(min_u, by_either, x < y ? x : y)
BINARY(max, S(x) > S(y) ? x : y)
BINARY(max_u, x > y ? x : y)

static void divided(struct machine *m, const struct insn *in, uint64_t bits,
		    cdma_dep_t dep)
{
	const struct value *va = reg(m, in->a), *vb = reg(m, in->b);
	struct value v = value_of(bits, dep);

	if (va->undef | vb->undef)
		undef_join_slow(in, va, vb, &v);
	*reg(m, in->dst) = v;
}

/* Division by zero is the scenario's fault; by -1 it cannot overflow. */
#define DIVIDE(name, from, result)                                             \
	static uint64_t name##_of(uint64_t x, uint64_t y)                      \
	{                                                                      \
		return (result);                                               \
	}                                                                      \
	void op_##name(struct machine *m, struct actor *a,                     \
		       const struct insn *in)                                  \
	{                                                                      \
		const struct value *va = reg(m, in->a), *vb = reg(m, in->b);   \
                                                                               \
		(void)a;                                                       \
		if (!vb->bits)                                                 \
			run_fail(m, in, "division by zero");                   \
		else                                                           \
			divided(m, in, name##_of(va->bits, vb->bits),          \
				from(m, va->dep, vb->dep));                    \
	}

DIVIDE(div, join, S(y) == -1 ? -x : (uint64_t)(S(x) / S(y)))
DIVIDE(div_u, join, x / y)
DIVIDE(mod, within, S(y) == -1 ? 0 : (uint64_t)(S(x) % S(y)))
DIVIDE(mod_u, within, x % y)

static cdma_dep_t unchanged(const struct machine *m, cdma_dep_t dep)
{
	(void)m;
	return dep;
}

#define UNARY(name, result) UNARY_FROM(name, unchanged, result)
#define UNARY_FROM(name, from, result)                                         \
	void op_##name(struct machine *m, struct actor *a,                     \
		       const struct insn *in)                                  \
	{                                                                      \
		const struct value *va = reg(m, in->a);                        \
		uint64_t x = va->bits;                                         \
		struct value v = {.dep = from(m, va->dep)};                    \
                                                                               \
		(void)a;                                                       \
		v.bits = (result);                                             \
		if (va->undef)                                                 \
			undef_join_slow(in, va, NULL, &v);                     \
		*reg(m, in->dst) = v;                                          \
	}

UNARY(trunc, extend(x, in->size, in->flags &INSNF_SIGNED))
UNARY_FROM(not, bounded, !x)
UNARY_FROM(bool, bounded, !!x)
UNARY(bits, bits_of(in->how, in->size, x))
UNARY(bit_mask, x >= 64 ? UINT64_MAX : ((uint64_t)1 << x) - 1)

/* INSNF_UNDEF: of a local that has no value yet. */
void op_mov(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	*reg(m, in->dst) = *reg(m, in->a);
	if (in->flags & INSNF_UNDEF) {
		reg(m, in->dst)->undef = 0xff;
		reg(m, in->dst)->origin = UNDEF_LOCAL;
	}
}

void op_chosen(struct machine *m, struct actor *a, const struct insn *in)
{
	struct value v = *reg(m, in->a);
	cdma_dep_t by = reg(m, in->b)->dep;

	(void)a;
	if (by)
		v.dep = join(m, v.dep,
			     cdma_dep_chose(cdma_world_deps(m->world), by));
	*reg(m, in->dst) = v;
}

void op_mask_try_new(struct machine *m, struct actor *a, const struct insn *in)
{
	op_bit_mask(m, a, in);
	a->err = reg(m, in->a)->bits > 64 ? -EINVAL : 0;
	if (a->err)
		reg(m, in->dst)->bits = (uint64_t)(int64_t)a->err;
}

/* ---- jumps ---- */

void op_jump(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)m;
	a->pc = (uint32_t)in->imm;
}

static void branch(struct machine *m, const struct insn *in, cdma_dep_t dep)
{
	if (dep)
		cdma_branch_at(m->world, dep, site_of(m, in));
}

void peek_jump_z(struct machine *m, struct actor *a, const struct insn *in)
{
	if (!reg(m, in->a)->bits)
		a->pc = (uint32_t)in->imm;
}

void peek_jump_nz(struct machine *m, struct actor *a, const struct insn *in)
{
	if (reg(m, in->a)->bits)
		a->pc = (uint32_t)in->imm;
}

/* A jump that looks at register a. */
static void decide(struct machine *m, const struct insn *in)
{
	run_use(m, in, reg(m, in->a), "it is looked at by a condition");
	run_reach(m, in, reg(m, in->a)->bits ? REACH_FINE : REACH_FAILED);
	if (!(in->flags & INSNF_CHOICE))
		branch(m, in, reg(m, in->a)->dep);
}

void op_jump_z(struct machine *m, struct actor *a, const struct insn *in)
{
	decide(m, in);
	peek_jump_z(m, a, in);
}

void op_jump_nz(struct machine *m, struct actor *a, const struct insn *in)
{
	decide(m, in);
	peek_jump_nz(m, a, in);
}

void op_try(struct machine *m, struct actor *a, const struct insn *in)
{
	run_reach(m, in, a->err ? REACH_FAILED : REACH_FINE);
	if (a->err)
		*reg(m, in->dst) = value_of((uint64_t)(int64_t)a->err, 0);
	else
		a->pc = (uint32_t)in->imm;
}

void op_loop(struct machine *m, struct actor *a, const struct insn *in)
{
	struct value *i = reg(m, in->dst);
	const struct value *limit = reg(m, in->a);
	bool again;

	i->bits++;
	again = in->flags & INSNF_SIGNED ? S(i->bits) < S(limit->bits)
					 : i->bits < limit->bits;
	run_use(m, in, limit, "it is the bound of a loop");
	branch(m, in, join(m, i->dep, limit->dep));
	if (again)
		a->pc = (uint32_t)in->imm;
	run_count(m, &m->turns);
}

void op_bound(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	if (++reg(m, in->dst)->bits > in->imm)
		run_fail(m, in,
			 in->size ? "this loop has gone round 1000 times: say "
				    "with 'max N' how often it may"
				  : "this loop goes on after its max");
	else if (in->how)
		run_count(m, &m->turns);
}

void op_end(struct machine *m, struct actor *a, const struct insn *in)
{
	a->result = (int64_t)reg(m, in->a)->bits;
	a->state = ACTOR_DONE;
	m->version++;
	run_reach(m, in, a->result < 0 ? REACH_FAILED : REACH_FINE);
	run_note(m, a, in, NOTE_END, (uint64_t)a->result, 0);
	if (!a->is_device)
		cdma_context_end_at(m->world, site_of(m, in));
	if (a == m->main)
		return;
	run_probed(m, a, (int)a->result, site_of(m, in));
	cdma_actor_exit_at(a->who, site_of(m, in));
}

/* ---- offsets ---- */

/* What an index that is outside does. */
static void outside(struct actor *a, const struct insn *in, struct value *dst)
{
	if (in->flags & INSNF_TRY)
		a->err = -ERANGE;
	else
		dst->bits |= OFFSET_BAD;
}

void op_index(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct value *i = reg(m, in->a), *from = reg(m, in->b);
	const uint64_t index = i->bits;
	struct value *dst = reg(m, in->dst);
	bool inside = in->flags & INSNF_FREE || i->bits < reg(m, in->c)->bits;

	a->err = 0;
	run_use(m, in, i, "it is an index");
	run_use_as(m, a, in, CDMA_USE_INDEX, i);
	*dst = (struct value){
		.bits = from->bits + i->bits * in->imm,
		.dep = join(m, i->dep, from->dep),
	};
	if (inside)
		return;
	outside(a, in, dst);
	run_note(m, a, in, NOTE_INDEX, index, reg(m, in->c)->bits);
}

/* A range is checked where it is made.  What of it is there can be used. */
static void cut(struct machine *m, const struct insn *in, struct value *start,
		struct value *size)
{
	const struct memory *memory = in->aux2 ? m->at[in->aux2] : NULL;
	uint64_t limit = reg(m, in->c)->bits * in->imm;

	if (memory && memory->err) {
		start->bits |= OFFSET_BAD;
		return;
	}
	run_found(m, in, CDMA_FINDING_OUT_OF_BOUNDS, memory,
		  (memory ? memory->base + memory->offset : 0) + start->bits,
		  size->bits,
		  size->bits ? "the range ends after the memory"
			     : "the range ends before it begins");
	if (start->bits < limit && size->bits)
		size->bits = limit - start->bits;
	else
		start->bits |= OFFSET_SAID;
}

void op_range(struct machine *m, struct actor *a, const struct insn *in)
{
	struct value *size = reg(m, (uint16_t)in->aux);
	const struct value *from = reg(m, in->a), *to = reg(m, in->b);
	struct value *dst = reg(m, in->dst);
	uint64_t start = from->bits, end = to->bits;
	cdma_dep_t dep = join(m, from->dep, to->dep);
	bool inside = in->flags & INSNF_FREE ||
		      (start <= end && end <= reg(m, in->c)->bits);

	a->err = 0;
	run_use(m, in, from, "it is the start of a range");
	run_use(m, in, to, "it is the end of a range");
	run_use_as(m, a, in, CDMA_USE_INDEX, from);
	run_use_as(m, a, in, CDMA_USE_LENGTH, to);
	*dst = (struct value){.bits = start * in->imm, .dep = dep};
	*size = (struct value){
		.bits = start <= end ? (end - start) * in->imm : 0,
		.dep = dep,
	};
	if (inside)
		return;
	if (in->flags & INSNF_TRY)
		a->err = -ERANGE;
	else
		cut(m, in, dst, size);
}

/* ---- the frame ---- */

/* Whether these bytes are all there; an index may say that they are not. */
static bool in_frame(struct machine *m, const struct insn *in, uint64_t at,
		     uint64_t size)
{
	if (at <= m->program->frame_size && size <= m->program->frame_size - at)
		return true;
	run_found(m, in, CDMA_FINDING_OUT_OF_BOUNDS, NULL, offset_bare(at),
		  size, "outside a local variable");
	return false;
}

void op_local_load(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct value *off = reg(m, in->b);
	uint64_t at = off->bits + in->imm;
	uint64_t raw = UINT64_MAX;
	struct value v = {.dep = join(m, reg(m, in->a)->dep, off->dep)};

	(void)a;
	if (in_frame(m, in, at, in->size)) {
		raw = bytes_get(m->frame + at, in->size);
		v.dep = join(m, v.dep,
			     cdma_dep_gather(cdma_world_deps(m->world),
					     m->frame_sources + at, in->size));
		undef_take(in, m->frame_undef + at, &v);
	}
	v.bits = decode(in, raw);
	*reg(m, in->dst) = v;
}

void op_local_store(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct value *off = reg(m, in->b), *v = reg(m, in->dst);
	uint64_t at = off->bits + in->imm;

	(void)a;
	if (!in_frame(m, in, at, in->size))
		return;
	bytes_put(m->frame + at, encode(in, v->bits), in->size);
	undef_give(in, v, m->frame_undef + at);
	sources_fill(m->frame_sources + at, v->dep, in->size);
	reg(m, in->a)->dep = join(m, reg(m, in->a)->dep, off->dep);
}

void op_local_copy(struct machine *m, struct actor *a, const struct insn *in)
{
	uint64_t to = reg(m, in->dst)->bits, from = reg(m, in->a)->bits;
	uint64_t size = reg(m, in->c)->bits;

	(void)a;
	if (size != reg(m, (uint16_t)in->aux)->bits) {
		run_fail(m, in, "the two sides are not of the same size");
		return;
	}
	if (!in_frame(m, in, to, size) || !in_frame(m, in, from, size) ||
	    !run_count_bytes(m, size))
		return;
	memmove(m->frame + to, m->frame + from, size);
	memmove(m->frame_undef + to, m->frame_undef + from,
		size * sizeof(*m->frame_undef));
	memmove(m->frame_sources + to, m->frame_sources + from,
		size * sizeof(*m->frame_sources));
}

void op_local_fill(struct machine *m, struct actor *a, const struct insn *in)
{
	uint64_t to = reg(m, in->dst)->bits, size = reg(m, in->c)->bits;
	const struct value *v = reg(m, in->a);
	cdma_undef_t undef = in->flags & INSNF_UNDEF ? UNDEF_LOCAL
			     : v->undef & 1          ? v->origin
						     : 0;

	(void)a;
	if (!in_frame(m, in, to, size) || !run_count_bytes(m, size))
		return;
	memset(m->frame + to, (int)(v->bits & 0xff), size);
	undef_fill(m->frame_undef + to, undef, size);
	sources_fill(m->frame_sources + to, v->dep, size);
}
