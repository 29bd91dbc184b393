/* SPDX-License-Identifier: MIT */
#include "run/ops.h"

#include <stdlib.h>

#include "base/xalloc.h"

/* More than that in one copy is a mistake in the scenario. */
#define BULK_MAX ((uint64_t)64 << 20)

/* @size bytes that are the actor's for as long as one copy takes. */
static unsigned char *scratch(struct actor *a, uint64_t size)
{
	if (a->scratch.room < size) {
		a->scratch.at = cdma_xrealloc(a->scratch.at, size, 1);
		a->scratch.room = size;
	}
	if (a->scratch_undef.room < size) {
		a->scratch_undef.at =
			cdma_xrealloc(a->scratch_undef.at, size,
				      sizeof(*a->scratch_undef.at));
		a->scratch_undef.room = size;
	}
	if (a->scratch_sources.room < size) {
		a->scratch_sources.at =
			cdma_xrealloc(a->scratch_sources.at, size,
				      sizeof(*a->scratch_sources.at));
		a->scratch_sources.room = size;
	}
	return a->scratch.at;
}

/* What is known of those bytes. */
static cdma_undef_t *undef_of(struct machine *m, const struct actor *a,
			      const struct insn *in)
{
	if (in->flags & INSNF_SCRATCH)
		return a->scratch_undef.at;
	return m->frame_undef + reg(m, in->dst)->bits;
}

/* Where those bytes come from. */
static struct cdma_source *sources_of(struct machine *m, const struct actor *a,
				      const struct insn *in)
{
	if (in->flags & INSNF_SCRATCH)
		return a->scratch_sources.at;
	return m->frame_sources + reg(m, in->dst)->bits;
}

/* Where the bytes of a copy come from or go to; NULL: it cannot be made. */
static unsigned char *buffer(struct machine *m, struct actor *a,
			     const struct insn *in, uint64_t size)
{
	uint64_t at = reg(m, in->dst)->bits;

	if (size > BULK_MAX) {
		run_fail(m, in, "a copy of more than 64 MiB");
		return NULL;
	}
	if (in->flags & INSNF_SCRATCH)
		return scratch(a, size ? size : 1);
	if (at <= m->program->frame_size && size <= m->program->frame_size - at)
		return m->frame + at;
	run_found(m, in, CDMA_FINDING_OUT_OF_BOUNDS, NULL, offset_bare(at),
		  size, "outside a local variable");
	return NULL;
}

static bool skips_more(const struct insn *in)
{
	return in->op == INSN_BULK_READ || in->op == INSN_BULK_WRITE;
}

static struct cdma_view bulk_view(const struct memory *memory, uint64_t offset,
				  uint64_t size)
{
	struct cdma_view view = memory->view;

	view.offset = offset;
	view.size = size;
	view.elem_size = 1;
	return view;
}

/* A box and a window are the CPU's alone: the copy is made at once. */
static bool copy_at_once(struct machine *m, const struct insn *in,
			 const struct memory *memory, uint64_t offset,
			 unsigned char *buf, uint64_t size, bool is_write)
{
	const struct cdma_site *site = site_of(m, in);

	if (!memory->box && !memory->window)
		return false;
	if (!run_count_bytes(m, size))
		return true;
	if (memory->box && is_write)
		cdma_box_write_at(memory->box, offset, buf, size, site);
	else if (memory->box)
		cdma_box_read_at(memory->box, offset, buf, size, site);
	else if (is_write)
		cdma_window_write_at(memory->window, offset, buf, size, site);
	else
		cdma_window_read_at(memory->window, offset, buf, size, site);
	return true;
}

static enum cdma_access how_of(const struct insn *in)
{
	switch (in->how) {
	case HOW_PLAIN:
		return CDMA_PLAIN;
	case HOW_COPY:
		return CDMA_BULK;
	default:
		return CDMA_MARKED;
	}
}

static void bulk_begin(const struct machine *m, struct actor *a,
		       const struct insn *in, const struct memory *memory,
		       uint64_t offset, unsigned char *buf, uint64_t size,
		       bool is_write)
{
	cdma_addr_t addr = memory_iova(m, memory) + offset;

	if (in->flags & INSNF_DMA && is_write)
		cdma_bulk_dma_write_begin(&a->bulk, a->who, addr, buf, size,
					  CDMA_SPLIT_NONE);
	else if (in->flags & INSNF_DMA)
		cdma_bulk_dma_read_begin(&a->bulk, a->who, addr, buf, size);
	else if (is_write)
		cdma_bulk_write_begin(&a->bulk, bulk_view(memory, offset, size),
				      how_of(in), buf);
	else
		cdma_bulk_read_begin(&a->bulk, bulk_view(memory, offset, size),
				     how_of(in), buf);
}

/* Both sides of a copy have one size, or it panics. */
static bool same_size(struct machine *m, struct actor *a, const struct insn *in,
		      uint64_t size)
{
	if (size == reg(m, (uint16_t)in->aux)->bits)
		return true;
	run_found(m, in, CDMA_FINDING_PANIC, m->at[in->a], 0, size,
		  "the two sides of the copy are not of the same size");
	run_kill(m, a);
	return false;
}

/* Begin a copy and make its first piece; whether there is more of it. */
static bool bulk_start(struct machine *m, struct actor *a,
		       const struct insn *in, bool is_write)
{
	const struct memory *memory = m->at[in->a];
	uint64_t size = reg(m, in->c)->bits, offset = place_at(m, in);
	cdma_dep_t addr = join(m, reg(m, in->b)->dep, memory->dep);
	bool is_dma = in->flags & INSNF_DMA;
	struct cdma_source *sources;
	cdma_undef_t *undef;
	unsigned char *buf;

	if (!same_size(m, a, in, size))
		return false;
	buf = buffer(m, a, in, size);
	if (!buf)
		return false;
	undef = undef_of(m, a, in);
	sources = sources_of(m, a, in);
	if (!is_write) {
		memset(buf, 0xff, size);
		undef_fill(undef, 0, size);
		sources_fill(sources, 0, size);
	}
	if (is_dma ? in->a && !memory_there(m, a, in, memory)
		   : !access_check(m, a, in, memory, &offset, size))
		return false;
	if (is_write && !window_is_writable(m, in, memory, offset, size))
		return false;
	access_begin(m, in, is_write ? addr : address_dep(m, addr),
		     is_write ? a->bulk_data : 0);
	cdma_set_sources(m->world, sources);
	if (!is_dma)
		cdma_set_undef(m->world, undef);
	if (!is_dma && copy_at_once(m, in, memory, offset, buf, size, is_write))
		return false;
	bulk_begin(m, a, in, memory, offset, buf, size, is_write);
	if (cdma_bulk_step_at(&a->bulk, site_of(m, in)))
		return true;
	cdma_bulk_end(&a->bulk);
	return false;
}

/* Make all that is left of a copy: nobody can come in between. */
static void bulk_rest(struct machine *m, struct actor *a, const struct insn *in)
{
	if (run_count_bytes(m, reg(m, in->c)->bits))
		while (cdma_bulk_step_at(&a->bulk, site_of(m, in)))
			;
	cdma_bulk_end(&a->bulk);
	a->pc++;
}

static void bulk(struct machine *m, struct actor *a, const struct insn *in,
		 bool is_write)
{
	bool more;

	more = bulk_start(m, a, in, is_write);
	if (!more && skips_more(in))
		a->pc++;
	else if (more && run_marks(m, in) & MARK_ALONE)
		bulk_rest(m, a, in);
	while (more && !skips_more(in))
		more = cdma_bulk_step_at(&a->bulk, site_of(m, in));
	if (is_write)
		m->version++;
}

void op_bulk_read(struct machine *m, struct actor *a, const struct insn *in)
{
	bulk(m, a, in, false);
}

void op_bulk_write(struct machine *m, struct actor *a, const struct insn *in)
{
	bulk(m, a, in, true);
	a->bulk_data = 0;
}

/* One piece; again, until there are no more.  Its site is the copy's. */
void op_bulk_more(struct machine *m, struct actor *a, const struct insn *in)
{
	m->version++;
	if (cdma_bulk_step_at(&a->bulk, site_of(m, in))) {
		a->pc--;
		return;
	}
	cdma_bulk_end(&a->bulk);
}

void peek_bulk_read(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct memory *memory = m->at[in->a];
	uint64_t size = reg(m, in->c)->bits;
	unsigned char *buf = buffer(m, a, in, size);

	if (buf) {
		cdma_region_peek(m->world, memory->region,
				 memory->base + memory->offset +
					 place_at(m, in),
				 buf, size);
		sources_fill(sources_of(m, a, in), 0, size);
	}
	if (skips_more(in))
		a->pc++;
}

void peek_nothing(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)m;
	(void)a;
	(void)in;
}

void op_bulk_data(struct machine *m, struct actor *a, const struct insn *in)
{
	a->bulk_data = reg(m, in->a)->dep;
}

void op_scratch_fill(struct machine *m, struct actor *a, const struct insn *in)
{
	uint64_t size = reg(m, in->c)->bits;
	const struct value *v = reg(m, in->a);

	if (size > BULK_MAX)
		run_fail(m, in, "a copy of more than 64 MiB");
	if (size > BULK_MAX || !run_count_bytes(m, size))
		return;
	memset(scratch(a, size ? size : 1), (int)(v->bits & 0xff), size);
	undef_fill(a->scratch_undef.at, v->undef & 1 ? v->origin : 0, size);
	sources_fill(a->scratch_sources.at, v->dep, size);
}
