/* SPDX-License-Identifier: MIT */
#include "run/ops.h"

#include <errno.h>

/*
 * Pointers of a CPU are numbers, which can be kept in memory, compared and
 * computed with.  Each region has addresses of its own; what there is a
 * pointer to is remembered, so that it is found again by a number.
 */

#define POINTER_BASE  ((uint64_t)0xff88 << 48)
#define POINTER_SHIFT 32

static uint64_t address_of(const struct memory *memory)
{
	return POINTER_BASE + ((uint64_t)memory->region << POINTER_SHIFT);
}

static struct pointee *find_region(struct machine *m, cdma_region_id region)
{
	for (size_t i = 0; i < m->pointees.nr; i++)
		if (m->pointees.at[i].region == region)
			return &m->pointees.at[i];
	return NULL;
}

/* All of what @memory is a part of. */
static void remember(struct machine *m, const struct memory *memory)
{
	struct cdma_region_info info = {0};
	struct memory all = *memory;

	if (find_region(m, memory->region))
		return;
	cdma_region_info(m->world, memory->region, &info);
	if (all.iova)
		all.iova -= offset_bare(all.offset);
	all.offset = 0;
	all.size = info.size;
	all.dep = 0;
	*cdma_vec_push(&m->pointees) = (struct pointee){memory->region, all};
}

/* Of nothing: NULL.  One that is out of bounds may be made, not followed. */
void op_pointer(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct memory *memory = m->at[in->a];
	uint64_t offset = memory->offset + place_at(m, in);

	(void)a;
	if (memory->err) {
		*reg(m, in->dst) = value_of(0, 0);
		return;
	}
	if (memory->window) {
		run_fail(m, in, "there is no pointer into a window: it is one");
		return;
	}
	remember(m, memory);
	*reg(m, in->dst) = value_of(address_of(memory) + offset_bare(offset),
				    join(m, reg(m, in->b)->dep, memory->dep));
}

void op_point(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct value *v = reg(m, in->a);
	uint64_t at = v->bits + in->imm - POINTER_BASE;
	struct pointee *p = NULL;

	(void)a;
	run_use(m, in, v, "it is a pointer");
	if (v->bits + in->imm >= POINTER_BASE)
		p = find_region(m, (cdma_region_id)(at >> POINTER_SHIFT));
	m->at[in->dst] = &m->memory[in->dst];
	if (!p) {
		memory_clear(&m->memory[in->dst], -EINVAL);
		return;
	}
	at &= ((uint64_t)1 << POINTER_SHIFT) - 1;
	m->memory[in->dst] = p->memory;
	m->memory[in->dst].size =
		at < p->memory.size ? p->memory.size - at + in->imm : 0;
	at -= in->imm;
	m->memory[in->dst].offset = at;
	if (p->memory.iova)
		m->memory[in->dst].iova += at;
	m->memory[in->dst].dep = v->dep;
}
