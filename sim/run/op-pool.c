/* SPDX-License-Identifier: MIT */
#include "run/ops.h"

void op_pool_create(struct machine *m, struct actor *a, const struct insn *in)
{
	struct memory *memory = m->at[in->dst];
	struct cdma_pool *pool = cdma_pool_create_at(
		m->devices[in->a].dev, in->imm, reg(m, in->b)->bits,
		reg(m, in->c)->bits, site_of(m, in));

	m->version++;
	a->err = pool ? 0 : -EINVAL;
	memory_clear(memory, a->err);
	memory->object = OBJECT_POOL;
	memory->pool = pool;
}

void op_pool_alloc(struct machine *m, struct actor *a, const struct insn *in)
{
	struct memory *memory = m->at[in->dst];
	const struct memory *pool = m->at[in->a];
	cdma_gfp_t gfp = FLAGS_GFP(reg(m, in->c)->bits);
	struct cdma_coherent *block;

	m->version++;
	if (!memory_there(m, a, in, pool))
		return;
	if (in->how)
		gfp |= CDMA_GFP_ZERO;
	cdma_set_name(m->world, run_slot_name(m, memory));
	a->err = cdma_pool_alloc_at(pool->pool, gfp, &block, site_of(m, in));
	if (a->err) {
		memory_clear(memory, a->err);
		return;
	}
	*memory = memory_of_coherent(block);
	run_name(m, memory);
}

void op_pool_free(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct memory *pool = m->at[in->b];
	struct cdma_coherent *block = m->at[in->a]->coherent;

	m->version++;
	if (memory_there(m, a, in, pool) && block)
		cdma_pool_free_at(pool->pool, &block, site_of(m, in));
}

void op_pool_destroy(struct machine *m, struct actor *a, const struct insn *in)
{
	const struct memory *pool = m->at[in->a];

	(void)a;
	m->version++;
	if (pool->pool)
		cdma_pool_destroy_at(pool->pool, site_of(m, in));
}
