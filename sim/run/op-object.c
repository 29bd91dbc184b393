/* SPDX-License-Identifier: MIT */
#include "run/ops.h"

#include <errno.h>
#include <stdlib.h>

#include "base/xalloc.h"

/* ---- allocation ---- */

void op_alloc_begin(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	cdma_alloc_begin_at(m->devices[in->a].dev, site_of(m, in));
}

static void become_box(struct memory *memory, struct cdma_box *box)
{
	*memory = (struct memory){
		.object = OBJECT_BOX,
		.box = box,
		.region = cdma_box_region(box),
		.size = cdma_box_size(box),
	};
}

struct memory memory_of_coherent(struct cdma_coherent *coherent)
{
	return (struct memory){
		.object = OBJECT_COHERENT,
		.coherent = coherent,
		.view = cdma_coherent_view(coherent),
		.region = cdma_coherent_region(coherent),
		.size = cdma_coherent_size(coherent),
		.iova = cdma_coherent_dma_handle(coherent),
	};
}

static void become_coherent(struct memory *memory,
			    struct cdma_coherent *coherent)
{
	*memory = memory_of_coherent(coherent);
}

static void become_handle(struct memory *memory, struct cdma_handle *handle)
{
	*memory = (struct memory){
		.object = OBJECT_HANDLE,
		.handle = handle,
		.view = cdma_handle_view(handle),
		.region = cdma_handle_region(handle),
		.size = cdma_handle_size(handle),
		.iova = cdma_handle_dma_handle(handle),
	};
}

static int alloc_box(const struct machine *m, const struct insn *in,
		     struct memory *memory, cdma_gfp_t gfp, cdma_attrs_t attrs)
{
	struct cdma_box *box;
	int err = cdma_box_alloc_slice_with_attrs_at(
		m->devices[in->a].dev, in->imm, reg(m, in->b)->bits, gfp, attrs,
		&box, site_of(m, in));

	if (!err)
		become_box(memory, box);
	return err;
}

static int alloc_coherent(const struct machine *m, const struct insn *in,
			  struct memory *memory, cdma_gfp_t gfp,
			  cdma_attrs_t attrs)
{
	struct cdma_coherent *coherent;
	int err = cdma_dma_alloc_coherent_at(m->devices[in->a].dev, in->imm,
					     reg(m, in->b)->bits, gfp, attrs,
					     &coherent, site_of(m, in));

	if (!err)
		become_coherent(memory, coherent);
	return err;
}

static int alloc_handle(const struct machine *m, const struct insn *in,
			struct memory *memory, cdma_gfp_t gfp,
			cdma_attrs_t attrs)
{
	struct cdma_handle *handle;
	int err = cdma_handle_alloc_with_attrs_at(
		m->devices[in->a].dev, reg(m, in->b)->bits, gfp, attrs, &handle,
		site_of(m, in));

	if (!err)
		become_handle(memory, handle);
	return err;
}

/* What came of an allocation for @memory. */
static void allocated(struct machine *m, struct actor *a, struct memory *memory,
		      int err)
{
	a->err = err;
	m->version++;
	if (err)
		memory_clear(memory, err);
	else
		run_name(m, memory);
}

void op_alloc(struct machine *m, struct actor *a, const struct insn *in)
{
	struct memory *memory = m->at[in->dst];
	uint64_t flags = reg(m, in->c)->bits;
	cdma_gfp_t gfp = FLAGS_GFP(flags);
	cdma_attrs_t attrs = FLAGS_ATTRS(flags);
	int err;

	run_use_as(m, a, in, CDMA_USE_LENGTH, reg(m, in->b));
	cdma_set_name(m->world, run_slot_name(m, memory));
	if (in->how == OBJECT_BOX)
		err = alloc_box(m, in, memory, gfp, attrs);
	else if (in->how == OBJECT_COHERENT)
		err = alloc_coherent(m, in, memory, gfp, attrs);
	else
		err = alloc_handle(m, in, memory, gfp, attrs);
	allocated(m, a, memory, err);
}

static bool frame_has(struct machine *m, const struct insn *in, uint64_t at,
		      uint64_t size)
{
	if (at <= m->program->frame_size && size <= m->program->frame_size - at)
		return true;
	run_found(m, in, CDMA_FINDING_OUT_OF_BOUNDS, NULL, offset_bare(at),
		  size, "outside a local variable");
	return false;
}

void op_from_slice(struct machine *m, struct actor *a, const struct insn *in)
{
	struct memory *memory = m->at[in->dst];
	struct cdma_device *dev = m->devices[in->a].dev;
	uint64_t at = reg(m, in->b)->bits;
	uint64_t size = reg(m, (uint16_t)in->imm)->bits;
	uint64_t flags = reg(m, in->c)->bits, count = size / in->aux2;
	struct cdma_coherent *coherent;
	struct cdma_box *box;
	int err = -EINVAL;

	cdma_set_name(m->world, run_slot_name(m, memory));
	if (!frame_has(m, in, at, size) || !run_count_bytes(m, size)) {
		memory_clear(memory, err);
		allocated(m, a, memory, err);
		return;
	}
	cdma_set_undef(m->world, m->frame_undef + at);
	cdma_set_sources(m->world, m->frame_sources + at);
	if (in->how == OBJECT_BOX) {
		err = cdma_box_from_slice_with_attrs_at(
			dev, m->frame + at, in->aux2, count, FLAGS_GFP(flags),
			FLAGS_ATTRS(flags), &box, site_of(m, in));
		if (!err)
			become_box(memory, box);
	} else {
		err = cdma_coherent_from_slice_with_attrs_at(
			dev, m->frame + at, in->aux2, count, FLAGS_GFP(flags),
			FLAGS_ATTRS(flags), &coherent, site_of(m, in));
		if (!err)
			become_coherent(memory, coherent);
	}
	/* One that failed has not taken them. */
	cdma_set_undef(m->world, NULL);
	cdma_set_sources(m->world, NULL);
	allocated(m, a, memory, err);
}

/* ---- initialisers ---- */

struct init_run {
	struct machine *m;
	const struct program_inits *list;
};

static int run_init(struct cdma_slot *slot, void *arg)
{
	const struct init_run *run = arg;
	const struct machine *m = run->m;

	for (uint32_t i = 0; i < run->list->nr; i++) {
		const struct program_init *row =
			&m->program->inits.at[run->list->first + i];
		struct insn in = {.size = row->size, .flags = row->flags};
		const struct value *v = reg(m, row->value);
		unsigned char bytes[8];
		cdma_undef_t undef[8];
		int err;

		bytes_put(bytes, encode(&in, v->bits), row->size);
		if (v->dep)
			cdma_set_deps(m->world, 0, v->dep);
		if (v->undef) {
			undef_give(&in, v, undef);
			cdma_set_undef(m->world, undef);
		}
		err = cdma_slot_write_at(slot, reg(m, row->offset)->bits, bytes,
					 row->size,
					 m->program->sites.at[row->site]);
		if (err)
			return err;
	}
	return 0;
}

void op_coherent_init(struct machine *m, struct actor *a, const struct insn *in)
{
	struct memory *memory = m->at[in->dst];
	struct init_run run = {m, &m->program->init_lists.at[in->imm]};
	uint64_t flags = reg(m, in->c)->bits;
	struct cdma_coherent *coherent;
	int err;

	cdma_set_name(m->world, run_slot_name(m, memory));
	err = cdma_coherent_init_with_attrs_at(
		m->devices[in->a].dev, run.list->size, FLAGS_GFP(flags),
		FLAGS_ATTRS(flags), run_init, &run, &coherent, site_of(m, in));
	if (!err)
		become_coherent(memory, coherent);
	allocated(m, a, memory, err);
}

void op_init_at(struct machine *m, struct actor *a, const struct insn *in)
{
	struct memory *memory = m->at[in->a];
	struct init_run run = {m, &m->program->init_lists.at[in->imm]};

	m->version++;
	a->err = 0;
	*reg(m, in->dst) = (struct value){0};
	if (!memory_there(m, a, in, memory))
		return;
	a->err = cdma_box_init_at_at(memory->box, reg(m, in->b)->bits, run_init,
				     &run, site_of(m, in));
	reg(m, in->dst)->bits = (uint64_t)(int64_t)a->err;
}

/* ---- owners ---- */

void op_expose(struct machine *m, struct actor *a, const struct insn *in)
{
	struct memory *memory = m->at[in->dst];
	const struct memory *from = m->at[in->a];
	struct cdma_box *box = from->box;

	m->version++;
	if (!memory_there(m, a, in, from))
		return;
	become_coherent(memory,
			cdma_box_into_coherent_at(&box, site_of(m, in)));
	run_name(m, memory);
	cdma_region_set_name(m->world, memory->region,
			     run_region_name(m, memory));
}

void op_free(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct memory *memory = m->at[in->a];
	struct cdma_box *box = memory->box;
	struct cdma_coherent *coherent = memory->coherent;
	struct cdma_handle *handle = memory->handle;
	const struct cdma_site *site = site_of(m, in);

	(void)a;
	m->version++;
	if (memory->object == OBJECT_BOX)
		cdma_box_free_at(&box, site);
	else if (memory->object == OBJECT_COHERENT)
		cdma_coherent_free_at(&coherent, site);
	else if (memory->object == OBJECT_HANDLE)
		cdma_handle_free_at(&handle, site);
	else if (memory->object == OBJECT_KMEM)
		cdma_kfree_at(memory->view, site);
}

void op_free_dma(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct memory *memory = m->at[in->a];
	struct cdma_coherent *coherent = memory->coherent;

	if (memory->object != OBJECT_COHERENT) {
		op_free(m, a, in);
		return;
	}
	m->version++;
	cdma_dma_free_coherent_at(m->devices[in->aux].dev, reg(m, in->b)->bits,
				  &coherent, reg(m, in->c)->bits,
				  site_of(m, in));
}

void op_err(struct machine *m, struct actor *a, const struct insn *in)
{
	int err = m->at[in->a]->err;

	(void)a;
	*reg(m, in->dst) = value_of((uint64_t)(int64_t)err, 0);
}

void op_size(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	*reg(m, in->dst) = value_of(m->at[in->a]->size, 0);
}

void op_len(struct machine *m, struct actor *a, const struct insn *in)
{
	uint64_t size = in->imm ? in->imm : 1;

	(void)a;
	*reg(m, in->dst) = value_of(m->at[in->a]->size / size, 0);
}

void op_address(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct memory *memory = m->at[in->a];
	uint64_t offset = offset_bare(place_at(m, in));

	*reg(m, in->dst) = (struct value){0};
	if (in->a && !memory_there(m, a, in, memory))
		return;
	*reg(m, in->dst) = value_of(memory_iova(m, memory) + offset,
				    join(m, reg(m, in->b)->dep, memory->dep));
	run_note(m, a, in, NOTE_ADDRESS, reg(m, in->dst)->bits, 0);
	if (in->how == HOW_CALLED && !m->is_peeking)
		cdma_called_at(m->world,
			       &(struct cdma_called){
				       .call = CDMA_CALL_DMA_HANDLE,
				       .region = memory->region,
				       .result = (int64_t)reg(m, in->dst)->bits,
			       },
			       site_of(m, in));
}

/* ---- what refers to memory ---- */

void op_alias(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	*m->at[in->dst] = *m->at[in->a];
	if (m->at[in->dst]->region)
		run_name(m, m->at[in->dst]);
}

void op_select(struct machine *m, struct actor *a, const struct insn *in)
{
	uint64_t i = reg(m, in->b)->bits;

	a->err = 0;
	if (i < in->imm) {
		m->at[in->dst] = m->at[in->a + i];
		return;
	}
	m->at[in->dst] = &m->memory[in->dst];
	memory_clear(&m->memory[in->dst], -ERANGE);
	if (in->flags & INSNF_TRY)
		a->err = -ERANGE;
	else
		run_found(m, in, CDMA_FINDING_OUT_OF_BOUNDS, NULL, i, 1,
			  "there is no object of this index");
}

void op_clear(struct machine *m, struct actor *a, const struct insn *in)
{
	(void)a;
	for (uint64_t i = 0; i < in->imm; i++)
		memory_clear(m->at[in->dst + i], -EINVAL);
}

/* A part of @from, @size bytes at @offset. */
static struct memory part_of(const struct machine *m, const struct memory *from,
			     enum object object, uint64_t offset, uint64_t size)
{
	struct memory part = *from;

	part.object = object;
	part.offset = from->offset + offset;
	part.size = size;
	part.iova = memory_iova(m, from) + offset_bare(offset);
	return part;
}

static void refer(struct machine *m, struct actor *a, const struct insn *in,
		  enum object object)
{
	const struct memory *from = m->at[in->a];
	cdma_dep_t dep = join(m, reg(m, in->b)->dep, from->dep);
	struct memory part;

	if (in->a && !memory_there(m, a, in, from)) {
		memory_clear(m->at[in->dst], from->err);
		return;
	}
	part = part_of(m, from, object, place_at(m, in), reg(m, in->c)->bits);
	part.dep = dep;
	*m->at[in->dst] = part;
}

void op_view(struct machine *m, struct actor *a, const struct insn *in)
{
	refer(m, a, in, OBJECT_VIEW);
}

void op_try_cast(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct memory *from = m->at[in->a];
	uint64_t offset = from->base + from->offset + place_at(m, in);
	uint64_t size = reg(m, in->c)->bits;

	a->err = 0;
	if (size < in->aux || offset % in->aux2)
		a->err = -EINVAL;
	refer(m, a, in, OBJECT_VIEW);
	m->at[in->dst]->size = in->aux;
	if (a->err)
		memory_clear(m->at[in->dst], a->err);
}

/* A reference into a box is the box: nobody else has it. */
void op_window(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct memory *from = m->at[in->a];
	uint64_t offset = place_at(m, in), size = reg(m, in->c)->bits;
	struct memory window;
	struct cdma_view view;

	memory_clear(m->at[in->dst], -EINVAL);
	if (!access_check(m, a, in, from, &offset, size))
		return;
	window = part_of(m, from, OBJECT_WINDOW, place_at(m, in), size);
	window.dep = join(m, reg(m, in->b)->dep, from->dep);
	if (from->handle) {
		run_found(m, in, CDMA_FINDING_HANDLE_ACCESS, from, offset, size,
			  "there is nothing that could be referred to");
		return;
	}
	if (!from->box) {
		view = from->view;
		view.offset = from->base + offset;
		view.size = size;
		window.window =
			in->how ? cdma_view_as_mut_at(view, site_of(m, in))
				: cdma_view_as_ref_at(view, site_of(m, in));
		window.base = from->base + offset;
		window.offset = 0;
	}
	*m->at[in->dst] = window;
}

void op_window_end(struct machine *m, struct actor *a, const struct insn *in)
{
	struct cdma_window *window = m->at[in->a]->window;

	(void)a;
	cdma_window_end_at(&window, site_of(m, in));
}

/* ---- debugfs ---- */

void op_debugfs(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct memory *memory = m->at[in->a];
	uint64_t room = reg(m, in->c)->bits;
	int64_t offset = (int64_t)reg(m, in->b)->bits;
	struct cdma_user_writer writer;
	ssize_t n;

	a->err = 0;
	*reg(m, in->dst) = (struct value){0};
	if (!memory_there(m, a, in, memory))
		return;
	run_use_as(m, a, in, CDMA_USE_LENGTH, reg(m, in->c));
	/* More room than there are bytes is not filled. */
	if (room > memory->size)
		room = memory->size;
	if (!run_count_bytes(m, room))
		return;
	if (a->scratch.room < room) {
		a->scratch.at = cdma_xrealloc(a->scratch.at, room, 1);
		a->scratch.room = room;
	}
	cdma_user_writer_init(&writer, m->world, a->scratch.at, room);
	if (in->aux)
		writer.fault_at = reg(m, (uint16_t)(in->aux - 1))->bits;
	n = cdma_debugfs_write_to_slice_at(memory->coherent, &writer, &offset,
					   site_of(m, in));
	if (n < 0)
		a->err = (int)n;
	reg(m, in->dst)->bits = (uint64_t)n;
	reg(m, in->b)->bits = (uint64_t)offset;
}
