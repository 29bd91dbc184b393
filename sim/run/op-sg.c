/* SPDX-License-Identifier: MIT */
#include "run/ops.h"

/*
 * An entry of a list is a slot: its view is the piece of memory, its iova and
 * elem_size are the segment.
 */

#define ENTRIES_MAX 64

struct list {
	struct cdma_sg sg[ENTRIES_MAX];
	unsigned int nr; /* entries that the call is about */
	struct cdma_device *dev;
	enum cdma_direction dir;
	cdma_attrs_t attrs;
};

/* Entries that are set, from the first on. */
static unsigned int entries_set(const struct machine *m, const struct insn *in)
{
	unsigned int nr = 0;

	while (nr < in->imm && m->at[in->a + nr]->object == OBJECT_SG)
		nr++;
	return nr;
}

/* Fill @list in; false: the run is over, for it cannot be. */
static bool list_of(struct machine *m, const struct insn *in, struct list *list)
{
	uint64_t dir = reg(m, (uint16_t)in->aux2)->bits;
	uint64_t nr =
		in->how & HOW_TABLE ? entries_set(m, in) : reg(m, in->c)->bits;

	list->dev = m->devices[in->aux].dev;
	list->dir = dir < CDMA_NONE ? (enum cdma_direction)dir : CDMA_NONE;
	list->attrs = FLAGS_ATTRS(reg(m, (uint16_t)(in->aux2 >> 16))->bits);
	if (in->imm > ENTRIES_MAX) {
		run_fail(m, in, "a scatterlist has at most 64 entries");
		return false;
	}
	if (nr > in->imm) {
		run_found(m, in, CDMA_FINDING_OUT_OF_BOUNDS, NULL, nr, 0,
			  "the list has not so many entries");
		nr = in->imm;
	}
	list->nr = (unsigned int)nr;
	memset(list->sg, 0, sizeof(list->sg));
	for (unsigned int i = 0; i < in->imm; i++) {
		const struct memory *entry = m->at[in->a + i];

		list->sg[i].part = entry->view;
		list->sg[i].dma_address = entry->iova;
		list->sg[i].dma_length = entry->elem_size;
	}
	return true;
}

void op_sg_set(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct memory *from = m->at[in->a];
	struct memory *entry = m->at[in->dst];

	if (in->flags & INSNF_SCRATCH || from->box) {
		run_found(m, in, CDMA_FINDING_BAD_MAP, from, 0, 0,
			  cdma_check_detail(from->box ? CDMA_CHECK_MAP_COHERENT
						      : CDMA_CHECK_MAP_STACK));
		memory_clear(entry, -EINVAL);
		return;
	}
	if (!memory_there(m, a, in, from))
		return;
	*entry = (struct memory){
		.object = OBJECT_SG,
		.view = from->view,
		.region = from->region,
		.size = reg(m, in->c)->bits,
	};
	entry->view.offset =
		from->base + offset_bare(from->offset + place_at(m, in));
	entry->view.size = entry->size;
}

void op_sg_map(struct machine *m, struct actor *a, const struct insn *in)
{
	struct list list;
	unsigned int nr;

	(void)a;
	m->version++;
	*reg(m, in->dst) = (struct value){0};
	if (!list_of(m, in, &list))
		return;
	nr = cdma_dma_map_sg_attrs_at(list.dev, list.sg, list.nr, list.dir,
				      list.attrs, site_of(m, in));
	for (unsigned int i = 0; nr && i < list.nr; i++) {
		m->at[in->a + i]->iova = list.sg[i].dma_address;
		m->at[in->a + i]->elem_size = list.sg[i].dma_length;
	}
	if (in->how & HOW_TABLE)
		reg(m, in->dst)->bits = nr ? 0 : (uint64_t)(int64_t)-ENOMEM;
	else
		reg(m, in->dst)->bits = nr;
}

void op_sg_unmap(struct machine *m, struct actor *a, const struct insn *in)
{
	struct list list;

	(void)a;
	m->version++;
	if (list_of(m, in, &list))
		cdma_dma_unmap_sg_attrs_at(list.dev, list.sg, list.nr, list.dir,
					   list.attrs, site_of(m, in));
}

void op_sg_sync(struct machine *m, struct actor *a, const struct insn *in)
{
	struct list list;

	(void)a;
	m->version++;
	if (list_of(m, in, &list))
		cdma_dma_sync_sg_at(list.dev, list.sg, list.nr, list.dir,
				    in->how & HOW_FOR_CPU, site_of(m, in));
}

void op_sg_part(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct memory *entry = m->at[in->a];

	(void)a;
	*reg(m, in->dst) =
		value_of(in->how ? entry->elem_size : entry->iova, 0);
	if (!in->how)
		run_note(m, a, in, NOTE_ADDRESS, entry->iova, 0);
}
