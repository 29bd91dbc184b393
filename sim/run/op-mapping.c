/* SPDX-License-Identifier: MIT */
#include "run/ops.h"
#include "script/builtins.h"

/* ---- memory of the kernel ---- */

static void become_kmem(struct machine *m, struct memory *memory,
			struct cdma_view view)
{
	*memory = (struct memory){
		.object = OBJECT_KMEM,
		.view = view,
		.region = cdma_view_region(view),
		.size = view.size,
	};
	run_name(m, memory);
}

void op_kmalloc(struct machine *m, struct actor *a, const struct insn *in)
{
	struct memory *memory = m->at[in->dst];
	cdma_gfp_t gfp = FLAGS_GFP(reg(m, in->c)->bits);
	struct cdma_view view;

	if (in->how)
		gfp |= CDMA_GFP_ZERO;
	run_use_as(m, a, in, CDMA_USE_LENGTH, reg(m, in->b));
	cdma_set_name(m->world, run_slot_name(m, memory));
	a->err = cdma_kmalloc_at(m->world, in->imm, reg(m, in->b)->bits, gfp,
				 &view, site_of(m, in));
	m->version++;
	if (a->err) {
		memory_clear(memory, a->err);
		return;
	}
	become_kmem(m, memory, view);
}

/* ---- ... that is mapped as long as it lives ---- */

static enum cdma_direction as_direction(uint64_t dir)
{
	return dir < CDMA_NONE ? (enum cdma_direction)dir : CDMA_NONE;
}

void op_nc_alloc(struct machine *m, struct actor *a, const struct insn *in)
{
	struct memory *memory = m->at[in->dst];
	struct cdma_view view;
	cdma_addr_t addr;

	run_use_as(m, a, in, CDMA_USE_LENGTH, reg(m, in->b));
	cdma_set_name(m->world, run_slot_name(m, memory));
	a->err = cdma_dma_alloc_noncoherent_at(
		m->devices[in->a].dev, in->imm, reg(m, in->b)->bits,
		as_direction(reg(m, (uint16_t)in->aux)->bits),
		FLAGS_GFP(reg(m, in->c)->bits), &view, &addr, site_of(m, in));
	m->version++;
	if (a->err) {
		memory_clear(memory, a->err);
		return;
	}
	become_kmem(m, memory, view);
	memory->iova = addr;
}

void op_nc_free(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct memory *memory = m->at[in->a];
	struct cdma_view part = memory->view;

	m->version++;
	if (!memory_there(m, a, in, memory) || !part.region)
		return;
	part.offset =
		memory->base + offset_bare(memory->offset + place_at(m, in));
	cdma_dma_free_noncoherent_at(
		m->devices[in->aux].dev, reg(m, in->c)->bits, part,
		reg(m, (uint16_t)in->aux2)->bits,
		as_direction(reg(m, in->dst)->bits), site_of(m, in));
}

/* ---- streaming DMA ---- */

static enum cdma_direction direction_of(const struct machine *m,
					const struct insn *in)
{
	return as_direction(reg(m, (uint16_t)in->aux2)->bits);
}

static cdma_attrs_t attrs_of(const struct machine *m, const struct insn *in)
{
	return FLAGS_ATTRS(reg(m, (uint16_t)(in->aux2 >> 16))->bits);
}

static cdma_addr_t map_place(struct machine *m, const struct insn *in,
			     const struct memory *memory)
{
	struct cdma_view part = memory->view;

	if (memory->box) {
		run_found(m, in, CDMA_FINDING_BAD_MAP, memory, 0, 0,
			  cdma_check_detail(CDMA_CHECK_MAP_COHERENT));
		return CDMA_MAPPING_ERROR;
	}
	part.offset =
		memory->base + offset_bare(memory->offset + place_at(m, in));
	part.size = reg(m, in->c)->bits;
	return (in->flags & INSNF_TRY ? cdma_dma_map_resource_at
				      : cdma_dma_map_single_attrs_at)(
		m->devices[in->aux].dev, part, direction_of(m, in),
		attrs_of(m, in), site_of(m, in));
}

void op_map(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct memory *memory = m->at[in->a];
	bool is_stack = in->flags & INSNF_SCRATCH;
	cdma_addr_t addr = CDMA_MAPPING_ERROR;

	m->version++;
	run_use_as(m, a, in, CDMA_USE_LENGTH, reg(m, in->c));
	*reg(m, in->dst) = (struct value){0};
	if (is_stack)
		addr = cdma_dma_map_stack_at(
			m->devices[in->aux].dev, reg(m, in->c)->bits,
			direction_of(m, in), attrs_of(m, in), site_of(m, in));
	else if (memory_there(m, a, in, memory))
		addr = map_place(m, in, memory);
	*reg(m, in->dst) = value_of(addr, 0);
	run_note(m, a, in, NOTE_ADDRESS, addr, 0);
}

void op_unmap(struct machine *m, struct actor *a, const struct insn *in)
{
	m->version++;
	run_use_as(m, a, in, CDMA_USE_ADDRESS, reg(m, in->b));
	run_use_as(m, a, in, CDMA_USE_LENGTH, reg(m, in->c));
	(in->flags & INSNF_TRY ? cdma_dma_unmap_resource_at
			       : cdma_dma_unmap_single_attrs_at)(
		m->devices[in->aux].dev, reg(m, in->b)->bits,
		reg(m, in->c)->bits, direction_of(m, in), attrs_of(m, in),
		site_of(m, in));
}

void op_dma_sync(struct machine *m, struct actor *a, const struct insn *in)
{
	void (*sync)(struct cdma_device * dev, cdma_addr_t addr, size_t size,
		     enum cdma_direction dir, const struct cdma_site *site) =
		in->how ? cdma_dma_sync_for_cpu_at
			: cdma_dma_sync_for_device_at;

	m->version++;
	run_use_as(m, a, in, CDMA_USE_ADDRESS, reg(m, in->b));
	run_use_as(m, a, in, CDMA_USE_LENGTH, reg(m, in->c));
	sync(m->devices[in->aux].dev, reg(m, in->b)->bits, reg(m, in->c)->bits,
	     direction_of(m, in), site_of(m, in));
}

void op_map_error(struct machine *m, struct actor *a, const struct insn *in)
{
	a->err = cdma_dma_mapping_error(m->devices[in->aux].dev,
					reg(m, in->b)->bits);
	*reg(m, in->dst) = value_of((uint64_t)(int64_t)a->err, 0);
	cdma_called_at(
		m->world,
		&(struct cdma_called){
			.call = CDMA_CALL_MAPPING_ERROR,
			.device = cdma_device_id_of(m->devices[in->aux].dev),
			.result = a->err,
		},
		site_of(m, in));
}

void op_map_ask(struct machine *m, struct actor *a, const struct insn *in)
{
	struct cdma_device *dev = m->devices[in->aux].dev;
	uint64_t answer;

	(void)a;
	if (in->how == ASK_SYNC)
		answer = cdma_dma_need_sync(dev, reg(m, in->b)->bits);
	else if (in->how == ASK_SIZE)
		answer = cdma_dma_max_mapping_size(dev);
	else
		answer = cdma_dma_cache_alignment(m->world);
	*reg(m, in->dst) = value_of(answer, 0);
}
