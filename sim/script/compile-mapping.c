/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

#include "base/macros.h"

/* The arguments behind the memory or address: [offset,] size, direction
 * [, attrs]. */
struct behind {
	uint16_t offset, size; /* offset: 0 without one */
	uint32_t way;          /* direction and attributes, as aux2 has them */
};

static struct behind behind_of(struct compile *c, const struct expr *e)
{
	bool has_offset = e->builtin->how & HOW_OFFSET;
	unsigned int i = 2;
	struct behind b = {.offset = 0};
	uint16_t dir, attrs;

	if (has_offset)
		b.offset = value(c, call_arg(e, i++));
	b.size = value(c, call_arg(e, i));
	dir = value(c, call_arg(e, i + 1));
	attrs = call_arg(e, i + 2) ? value(c, call_arg(e, i + 2))
				   : const_reg(c, 0);
	b.way = dir | (uint32_t)attrs << 16;
	return b;
}

static struct insn *emit_mapping(struct compile *c, enum insn_op op,
				 const struct expr *e, const struct behind *b)
{
	struct insn *in;

	set_site(c, e->span);
	in = emit(c, op);
	in->c = b->size;
	in->aux = e->args->sym->device->index;
	in->aux2 = b->way;
	return in;
}

uint16_t call_map(struct compile *c, const struct expr *e)
{
	struct place p = place_of(c, call_arg(e, 1));
	struct behind b = behind_of(c, e);
	uint16_t dst = temp_reg(c);
	struct insn *in;

	if (b.offset)
		p.off = p.off ? binary(c, INSN_ADD, p.off, b.offset) : b.offset;
	in = emit_mapping(c, INSN_MAP, e, &b);
	in->dst = dst;
	in->imm = p.imm;
	if (p.kind == PLACE_MEMORY) {
		in->a = p.slot;
		in->b = p.off;
	} else {
		in->flags = INSNF_SCRATCH;
	}
	return dst;
}

/* The address, and the bytes behind it. */
static struct insn *at_address(struct compile *c, enum insn_op op,
			       const struct expr *e)
{
	uint16_t address = value(c, call_arg(e, 1));
	struct behind b = behind_of(c, e);
	struct insn *in;

	if (b.offset)
		address = binary(c, INSN_ADD, address, b.offset);
	in = emit_mapping(c, op, e, &b);
	in->b = address;
	return in;
}

uint16_t call_unmap(struct compile *c, const struct expr *e)
{
	at_address(c, INSN_UNMAP, e);
	return 0;
}

uint16_t call_dma_sync(struct compile *c, const struct expr *e)
{
	at_address(c, INSN_DMA_SYNC, e)->how =
		(e->builtin->how & HOW_FOR_CPU) != 0;
	return 0;
}

uint16_t call_mapping_error(struct compile *c, const struct expr *e)
{
	uint16_t address = value(c, call_arg(e, 1)), dst = temp_reg(c);
	struct insn *in;

	set_site(c, e->span);
	in = emit(c, INSN_MAP_ERROR);
	in->dst = dst;
	in->b = address;
	in->aux = e->args->sym->device->index;
	return dst;
}
