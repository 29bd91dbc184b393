/* SPDX-License-Identifier: MIT */
#include "run/undef.h"

#include "run/state.h"

/*
 * As KMSAN has it, byte by byte: copies carry it on, and what is computed is
 * undefined where it may depend on an undefined byte.
 */

/* The bytes of @v that are not @byte. */
static uint8_t bytes_unlike(uint64_t v, uint8_t byte)
{
	uint8_t bytes = 0;

	for (unsigned int i = 0; i < 8; i++)
		bytes |= (uint8_t)(((v >> 8 * i & 0xff) != byte) << i);
	return bytes;
}

/* From the lowest byte on: what is carried goes up. */
static uint8_t upwards(uint8_t bytes)
{
	return bytes ? (uint8_t)(0xff << __builtin_ctz(bytes)) : 0;
}

/* @a and what it is combined with, where a defined @byte of one side decides
 * without the other. */
static uint8_t unless(const struct value *a, const struct value *b,
		      uint8_t byte)
{
	return (uint8_t)((a->undef & (b->undef | bytes_unlike(b->bits, byte))) |
			 (b->undef & (a->undef | bytes_unlike(a->bits, byte))));
}

static uint8_t shifted(const struct insn *in, const struct value *a,
		       const struct value *b)
{
	uint64_t by = b->bits;
	unsigned int up = a->undef, bytes = (unsigned int)by / 8;

	if (b->undef)
		return 0xff;
	if (by >= 64)
		return in->op == INSN_SHR && a->undef & 0x80 ? 0xff : 0;
	if (in->op == INSN_SHL)
		return (uint8_t)(up << bytes |
				 (by % 8 ? up << (bytes + 1) : 0));
	if (in->op == INSN_SHR && a->undef & 0x80)
		up |= 0xff00;
	return (uint8_t)(up >> bytes | (by % 8 ? up >> (bytes + 1) : 0) |
			 (by % 8 ? up >> bytes : 0));
}

/* Whether a number is not 0 is known as soon as one of its bits is set. */
static bool is_truth_known(const struct value *v)
{
	return bytes_unlike(v->bits, 0) & ~v->undef;
}

static uint8_t result_of(const struct insn *in, const struct value *a,
			 const struct value *b)
{
	switch (in->op) {
	case INSN_AND:
		return unless(a, b, 0);
	case INSN_OR:
		return unless(a, b, 0xff);
	case INSN_XOR:
		return a->undef | b->undef;
	case INSN_ADD:
	case INSN_SUB:
	case INSN_MUL:
		return upwards(a->undef | b->undef);
	case INSN_SHL:
	case INSN_SHR:
	case INSN_SHR_U:
		return shifted(in, a, b);
	case INSN_NOT:
	case INSN_BOOL:
		return is_truth_known(a) ? 0 : 0xff;
	case INSN_MOV:
		return a->undef;
	case INSN_TRUNC:
		return undef_extend(a->undef, in);
	default:
		return 0xff;
	}
}

void undef_join_slow(const struct insn *in, const struct value *a,
		     const struct value *b, struct value *dst)
{
	const struct value none = {0};
	cdma_undef_t origin = a->undef ? a->origin : b ? b->origin : 0;

	dst->undef = result_of(in, a, b ? b : &none);
	dst->origin = dst->undef ? origin : 0;
}

uint8_t undef_extend(uint8_t undef, const struct insn *in)
{
	unsigned int low = (1u << in->size) - 1, bytes = undef & low;

	if (in->flags & INSNF_SIGNED && bytes >> (in->size - 1))
		bytes |= ~low;
	return (uint8_t)bytes;
}

void undef_take_slow(const struct insn *in, const cdma_undef_t *from,
		     struct value *v)
{
	uint8_t bytes = 0;

	for (unsigned int i = 0; i < in->size; i++) {
		unsigned int at = in->flags & INSNF_BIG ? in->size - 1u - i : i;

		if (!from[at])
			continue;
		bytes |= (uint8_t)(1u << i);
		v->origin = from[at];
	}
	v->undef = undef_extend(bytes, in);
}

void undef_give(const struct insn *in, const struct value *v, cdma_undef_t *to)
{
	for (unsigned int i = 0; i < in->size; i++) {
		unsigned int at = in->flags & INSNF_BIG ? in->size - 1u - i : i;

		to[at] = v->undef >> i & 1 ? v->origin : 0;
	}
}

void undef_fill(cdma_undef_t *to, cdma_undef_t origin, uint64_t size)
{
	for (uint64_t i = 0; i < size; i++)
		to[i] = origin;
}

void run_use_slow(struct machine *m, const struct insn *in,
		  const struct value *v, const char *how)
{
	struct cdma_region_info info = {0};
	struct cdma_party read = {.seq = 0};
	struct memory memory = {0};

	if (m->is_peeking)
		return;
	memory.region = v->origin > 1 ? v->origin - 1u : 0;
	cdma_region_info(m->world, memory.region, &info);
	if (memory.region) {
		run_catch_up(m);
		cdma_order_read_of(m->order,
				   cdma_actor_id_of(cdma_world_actor(m->world)),
				   v->dep, memory.region, &read);
	}
	run_found_against(m, in, CDMA_FINDING_UNINIT_READ, &memory, &info.alloc,
			  &read, how);
}
