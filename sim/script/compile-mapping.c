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

/* dma_alloc_noncoherent(device, size, &address, direction [, flags]) */
void alloc_noncoherent(struct compile *c, const struct expr *e, uint16_t dst)
{
	struct type element = type_element(e->type);
	uint16_t size = value(c, call_arg(e, 1)),
		 dir = value(c, call_arg(e, 3));
	const struct expr *with = call_arg(e, 4);
	uint16_t flags = with ? value(c, with) : 0, count = size;
	struct insn *in;

	if (element.size > 1 && e->type.len)
		count = const_reg(c, e->type.len);
	else
		element.size = 1;
	set_site(c, e->span);
	in = emit(c, INSN_NC_ALLOC);
	in->dst = dst;
	in->a = (uint16_t)e->args->sym->device->index;
	in->b = count;
	in->c = flags;
	in->imm = element.size;
	in->aux = dir;
	tell_handle(c, call_arg(e, 2), dst);
}

/* dma_free_noncoherent(device, size, memory, address, direction) */
uint16_t call_free_noncoherent(struct compile *c, const struct expr *e)
{
	uint16_t size = value(c, call_arg(e, 1));
	struct place p = place_of(c, call_arg(e, 2));
	uint16_t address = value(c, call_arg(e, 3)),
		 dir = value(c, call_arg(e, 4));
	struct insn *in;

	set_site(c, e->span);
	in = emit(c, INSN_NC_FREE);
	in->dst = dir;
	in->c = size;
	in->aux = e->args->sym->device->index;
	in->aux2 = address;
	in->imm = p.imm;
	if (p.kind == PLACE_MEMORY) {
		in->a = p.slot;
		in->b = p.off;
	}
	return 0;
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
	if (p.kind == PLACE_MEMORY || p.kind == PLACE_MMIO) {
		in->a = p.slot;
		in->b = p.off;
	} else {
		in->flags = INSNF_SCRATCH;
	}
	if (e->builtin->how & HOW_RESOURCE)
		in->flags |= INSNF_TRY;
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
	if (e->builtin->how & HOW_RESOURCE)
		at_address(c, INSN_UNMAP, e)->flags = INSNF_TRY;
	else
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

uint16_t call_dma_ask(struct compile *c, const struct expr *e)
{
	uint16_t address = 0, dst;
	struct insn *in;

	if (e->builtin->how == ASK_SYNC)
		address = value(c, call_arg(e, 1));
	dst = temp_reg(c);
	set_site(c, e->span);
	in = emit(c, INSN_MAP_ASK);
	in->dst = dst;
	in->b = address;
	in->how = e->builtin->how;
	if (e->builtin->how != ASK_LINE)
		in->aux = e->args->sym->device->index;
	return dst;
}

/* ---- lists ---- */

/* sg_set_buf(entry, memory, size), sg_set_page(entry, memory, size, offset) */
uint16_t call_sg_set(struct compile *c, const struct expr *e)
{
	uint16_t entry = object_slot(c, call_arg(e, 0));
	struct place p = place_of(c, call_arg(e, 1));
	uint16_t size = value(c, call_arg(e, 2)), off;
	struct insn *in;

	if (e->builtin->how & HOW_OFFSET) {
		off = value(c, call_arg(e, 3));
		p.off = p.off ? binary(c, INSN_ADD, p.off, off) : off;
	}
	set_site(c, e->span);
	in = emit(c, INSN_SG_SET);
	in->dst = entry;
	in->c = size;
	in->imm = p.imm;
	if (p.kind == PLACE_MEMORY) {
		in->a = p.slot;
		in->b = p.off;
	} else {
		in->flags = INSNF_SCRATCH;
	}
	return 0;
}

/* (device, list [, entries], direction [, attrs]) */
uint16_t call_sg(struct compile *c, const struct expr *e)
{
	static const uint8_t ops[] = {
		[BUILTIN_SG_MAP] = INSN_SG_MAP,
		[BUILTIN_SG_UNMAP] = INSN_SG_UNMAP,
		[BUILTIN_SG_SYNC] = INSN_SG_SYNC,
	};
	const struct sym *list = call_arg(e, 1)->sym;
	bool is_table = e->builtin->how & HOW_TABLE;
	uint16_t nents = is_table ? 0 : value(c, call_arg(e, 2));
	uint16_t dir = value(c, call_arg(e, is_table ? 2 : 3)), attrs, dst;
	const struct expr *flags = call_arg(e, is_table ? 3 : 4);
	struct insn *in;

	attrs = flags ? value(c, flags) : const_reg(c, 0);
	dst = temp_reg(c);
	set_site(c, e->span);
	in = emit(c, (enum insn_op)ops[e->builtin->id]);
	in->dst = dst;
	in->a = sym_slot(c, list);
	in->c = nents;
	in->how = e->builtin->how;
	in->imm = sym_slots(list);
	in->aux = e->args->sym->device->index;
	in->aux2 = dir | (uint32_t)attrs << 16;
	return dst;
}

uint16_t call_sg_part(struct compile *c, const struct expr *e)
{
	uint16_t entry = object_slot(c, e->args), dst = temp_reg(c);
	struct insn *in = emit(c, INSN_SG_PART);

	in->dst = dst;
	in->a = entry;
	in->how = e->builtin->id == BUILTIN_SG_LEN;
	return dst;
}

/* ---- pools ---- */

uint16_t call_pool_free(struct compile *c, const struct expr *e)
{
	uint16_t pool = object_slot(c, call_arg(e, 0)),
		 block = object_slot(c, call_arg(e, 1));
	struct insn *in;

	set_site(c, e->span);
	in = emit(c, INSN_POOL_FREE);
	in->a = block;
	in->b = pool;
	return 0;
}

uint16_t call_pool_destroy(struct compile *c, const struct expr *e)
{
	uint16_t pool = object_slot(c, e->args);

	set_site(c, e->span);
	emit(c, INSN_POOL_DESTROY)->a = pool;
	return 0;
}
