/* SPDX-License-Identifier: MIT */
#include "run/ops.h"

#include <errno.h>

/* ---- memory, by a CPU ---- */

static struct cdma_view view_of(const struct memory *memory, uint64_t offset,
				uint64_t size)
{
	struct cdma_view view = memory->view;

	view.offset = offset;
	view.size = view.elem_size = size;
	return view;
}

static uint64_t cpu_read(const struct machine *m, const struct insn *in,
			 const struct memory *memory, uint64_t offset)
{
	const struct cdma_site *site = site_of(m, in);
	unsigned char bytes[8];

	if (memory->box)
		cdma_box_read_at(memory->box, offset, bytes, in->size, site);
	else if (memory->window)
		cdma_window_read_at(memory->window, offset, bytes, in->size,
				    site);
	else if (in->how == HOW_MARKED)
		return cdma_view_read_at(view_of(memory, offset, in->size),
					 site);
	else if (in->how == HOW_ORDERED)
		return cdma_view_load_acquire_at(
			view_of(memory, offset, in->size), site);
	else
		cdma_view_plain_read_at(view_of(memory, offset, in->size),
					bytes, site);
	return bytes_get(bytes, in->size);
}

void op_load(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct memory *memory = m->at[in->a];
	uint64_t raw = UINT64_MAX, offset = place_at(m, in);
	cdma_dep_t addr = join(m, reg(m, in->b)->dep, memory->dep);
	cdma_undef_t undef[8];
	struct value v = {0};

	if (access_check(m, a, in, memory, &offset, in->size)) {
		access_begin(m, in, address_dep(m, addr), 0);
		memset(undef, 0, sizeof(undef));
		cdma_set_undef(m->world, undef);
		raw = cpu_read(m, in, memory, offset);
		v.dep = cdma_last_dep(m->world);
		undef_take(in, undef, &v);
	}
	v.bits = decode(in, raw);
	*reg(m, in->dst) = v;
}

void peek_load(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct memory *memory = m->at[in->a];
	uint64_t at = memory->base + memory->offset + place_at(m, in), raw;
	unsigned char bytes[8] = {0};

	(void)a;
	cdma_region_peek(m->world, memory->region, at, bytes, in->size);
	raw = bytes_get(bytes, in->size);
	if (m->assumed.size == in->size && m->assumed.at == at &&
	    m->assumed.region == memory->region)
		raw = m->assumed.raw;
	*reg(m, in->dst) = value_of(decode(in, raw), 0);
}

static void cpu_write(struct machine *m, const struct insn *in,
		      const struct memory *memory, uint64_t offset, uint64_t v)
{
	const struct cdma_site *site = site_of(m, in);
	unsigned char bytes[8];

	if (!memory->box && !memory->window && in->how == HOW_MARKED) {
		cdma_view_write_at(view_of(memory, offset, in->size), v, site);
		return;
	}
	if (!memory->box && !memory->window && in->how == HOW_ORDERED) {
		cdma_view_store_release_at(view_of(memory, offset, in->size), v,
					   site);
		return;
	}
	bytes_put(bytes, v, in->size);
	if (memory->box)
		cdma_box_write_at(memory->box, offset, bytes, in->size, site);
	else if (memory->window)
		cdma_window_write_at(memory->window, offset, bytes, in->size,
				     site);
	else
		cdma_view_plain_write_at(view_of(memory, offset, in->size),
					 bytes, site);
}

void op_store(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct memory *memory = m->at[in->a];
	const struct value *v = reg(m, in->dst);
	uint64_t offset = place_at(m, in);
	cdma_dep_t addr = join(m, reg(m, in->b)->dep, memory->dep);
	cdma_undef_t undef[8];

	m->version++;
	if (!access_check(m, a, in, memory, &offset, in->size))
		return;
	if (!window_is_writable(m, in, memory, offset, in->size))
		return;
	access_begin(m, in, addr, v->dep);
	if (v->undef) {
		undef_give(in, v, undef);
		cdma_set_undef(m->world, undef);
	}
	cpu_write(m, in, memory, offset, encode(in, v->bits));
}

/* ---- memory, by a device ---- */

static cdma_addr_t dma_address(const struct machine *m, const struct insn *in)
{
	return memory_iova(m, m->at[in->a]) + place_at(m, in);
}

static cdma_dep_t dma_dep(const struct machine *m, const struct insn *in)
{
	return join(m, reg(m, in->b)->dep, m->at[in->a]->dep);
}

void op_dma_load(struct machine *m, struct actor *a, const struct insn *in)
{
	unsigned char bytes[8];

	*reg(m, in->dst) = (struct value){0};
	if (in->a && !memory_there(m, a, in, m->at[in->a]))
		return;
	access_begin(m, in, dma_dep(m, in), 0);
	cdma_engine_read_at(a->who, dma_address(m, in), bytes, in->size,
			    site_of(m, in));
	*reg(m, in->dst) = value_of(decode(in, bytes_get(bytes, in->size)),
				    cdma_last_dep(m->world));
}

void peek_dma_load(struct machine *m, struct actor *a, const struct insn *in)
{
	unsigned char bytes[8];

	cdma_engine_peek(a->who, dma_address(m, in), bytes, in->size);
	*reg(m, in->dst) = value_of(decode(in, bytes_get(bytes, in->size)), 0);
}

void op_dma_store(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct value *v = reg(m, in->dst);
	unsigned char bytes[8];

	m->version++;
	if (in->a && !memory_there(m, a, in, m->at[in->a]))
		return;
	bytes_put(bytes, encode(in, v->bits), in->size);
	access_begin(m, in, dma_dep(m, in), v->dep);
	cdma_engine_write_at(a->who, dma_address(m, in), bytes, in->size,
			     site_of(m, in));
}

/* Either half may arrive first; the BULK_MORE after it makes the other. */
void op_dma_split(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct value *v = reg(m, in->dst);
	struct choice choice = {.kind = CHOICE_SPLIT, .nr = 2};
	enum cdma_split split;

	m->version++;
	if (in->a && !memory_there(m, a, in, m->at[in->a])) {
		a->pc++;
		return;
	}
	split = strategy_choose(&m->strategy, &choice) ? CDMA_SPLIT_HIGH_FIRST
						       : CDMA_SPLIT_LOW_FIRST;
	bytes_put(a->word, encode(in, v->bits), in->size);
	access_begin(m, in, dma_dep(m, in), v->dep);
	cdma_bulk_dma_write_begin(&a->bulk, a->who, dma_address(m, in), a->word,
				  in->size, split);
	if (!cdma_bulk_step_at(&a->bulk, site_of(m, in))) {
		cdma_bulk_end(&a->bulk);
		a->pc++;
	}
}

/* ---- registers ---- */

static struct cdma_view registers(const struct machine *m,
				  const struct insn *in)
{
	struct cdma_view view = cdma_mmio_view(m->at[in->a]->mmio);

	return in->flags & INSNF_RELAXED ? cdma_mmio_relaxed(view) : view;
}

/* The answer to a read has left nothing behind. */
static void clear_register(struct machine *m, const struct insn *in,
			   uint64_t offset)
{
	m->version++;
	cdma_mmio_clear_at(registers(m, in), offset, in->size, site_of(m, in));
}

/* What a register holds when @v is written to it. */
static uint64_t written(struct machine *m, const struct insn *in,
			uint64_t offset, uint64_t v)
{
	const struct memory *memory = m->at[in->a];
	unsigned char bytes[8] = {0};
	uint64_t old;

	if (in->how == REG_PLAIN || in->how == REG_RC)
		return v;
	cdma_region_peek(m->world, memory->region, memory->base + offset, bytes,
			 in->size);
	old = bytes_get(bytes, in->size);
	return in->how == REG_W1C ? old & ~v : old | v;
}

void op_reg_load(struct machine *m, struct actor *a, const struct insn *in)
{
	uint64_t raw = UINT64_MAX, offset = place_at(m, in);
	cdma_dep_t dep = 0;

	if (access_check(m, a, in, m->at[in->a], &offset, in->size)) {
		cdma_set_flags(m->world, m->flags);
		if (reg(m, in->b)->dep)
			cdma_set_deps(m->world, reg(m, in->b)->dep, 0);
		raw = cdma_mmio_read_at(registers(m, in), offset, in->size,
					site_of(m, in));
		dep = cdma_last_dep(m->world);
		/* Where nothing was read, nothing comes of it. */
		if (in->how == REG_RC && dep)
			clear_register(m, in, offset);
	}
	*reg(m, in->dst) = value_of(decode(in, raw), dep);
}

void peek_reg_load(struct machine *m, struct actor *a, const struct insn *in)
{
	if (run_reads_ones(m, in, place_at(m, in)))
		*reg(m, in->dst) = value_of(decode(in, UINT64_MAX), 0);
	else
		peek_load(m, a, in);
}

void op_reg_store(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct value *v = reg(m, in->dst);
	uint64_t offset = place_at(m, in);

	m->version++;
	run_use(m, in, v, "the device is given it");
	if (!access_check(m, a, in, m->at[in->a], &offset, in->size))
		return;
	if (reg(m, in->b)->dep | v->dep)
		cdma_set_deps(m->world, reg(m, in->b)->dep, v->dep);
	cdma_mmio_write_at(registers(m, in), offset, in->size,
			   written(m, in, offset, encode(in, v->bits)),
			   site_of(m, in));
}

/* A device without registers has none at any offset. */
static bool has_registers(struct machine *m, struct actor *a,
			  const struct insn *in)
{
	if (in->a)
		return memory_there(m, a, in, m->at[in->a]);
	a->err = -EINVAL;
	*reg(m, in->dst) = value_of((uint64_t)(int64_t)-EINVAL, 0);
	return false;
}

void op_reg_try_load(struct machine *m, struct actor *a, const struct insn *in)
{
	uint64_t v = 0;

	if (!has_registers(m, a, in))
		return;
	a->err = cdma_mmio_try_read_at(registers(m, in), place_at(m, in),
				       in->size, &v, site_of(m, in));
	if (a->err)
		v = (uint64_t)(int64_t)a->err;
	*reg(m, in->dst) = value_of(v, a->err ? 0 : cdma_last_dep(m->world));
}

void peek_reg_try_load(struct machine *m, struct actor *a,
		       const struct insn *in)
{
	if (has_registers(m, a, in))
		peek_reg_load(m, a, in);
}

void op_reg_try_store(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct value *v = reg(m, in->c);

	m->version++;
	if (!has_registers(m, a, in))
		return;
	run_use(m, in, v, "the device is given it");
	if (v->dep)
		cdma_set_deps(m->world, 0, v->dep);
	a->err = cdma_mmio_try_write_at(
		registers(m, in), place_at(m, in), in->size,
		extend(v->bits, in->size, false), site_of(m, in));
	*reg(m, in->dst) = value_of((uint64_t)(int64_t)a->err, 0);
}

/* Whether the register is one of the engine's own device. */
static bool is_own(struct machine *m, struct actor *a, const struct insn *in,
		   uint64_t *offset)
{
	uint16_t device = m->program->slots.at[in->a].device;

	if (a->section->device != (int32_t)device) {
		run_fail(m, in, "this register is another device's");
		return false;
	}
	if (!access_check(m, a, in, m->at[in->a], offset, in->size))
		return false;
	if (*offset + in->size <= m->at[in->a]->size)
		return true;
	run_found(m, in, CDMA_FINDING_OUT_OF_BOUNDS, m->at[in->a], *offset,
		  in->size, "after the last register");
	return false;
}

void op_engine_load(struct machine *m, struct actor *a, const struct insn *in)
{
	uint64_t raw = UINT64_MAX, offset = place_at(m, in);
	cdma_dep_t dep = 0;

	if (is_own(m, a, in, &offset)) {
		if (m->is_answering)
			cdma_mmio_tell_at(m->at[in->a]->mmio, offset, in->size,
					  site_of(m, in));
		access_begin(m, in, reg(m, in->b)->dep, 0);
		raw = cdma_engine_reg_read_at(a->who, m->at[in->a]->mmio,
					      offset, in->size, site_of(m, in));
		dep = cdma_last_dep(m->world);
	}
	*reg(m, in->dst) = value_of(decode(in, raw), dep);
}

void op_engine_store(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct value *v = reg(m, in->dst);
	uint64_t offset = place_at(m, in);

	m->version++;
	if (!is_own(m, a, in, &offset))
		return;
	access_begin(m, in, reg(m, in->b)->dep, v->dep);
	cdma_engine_reg_write_at(a->who, m->at[in->a]->mmio, offset, in->size,
				 encode(in, v->bits), site_of(m, in));
}
