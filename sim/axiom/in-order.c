/* SPDX-License-Identifier: MIT */
#include "axiom/model.h"

/*
 * Executions in which nothing is early, which are those of weak memory.
 *
 * There is one order in which everything takes effect, program order is part of
 * it, and only what a read of memory sees may be old.  A full fence has landed
 * what is before it at that moment: for all who pass a full fence later, and
 * for engines, which read what is in memory.  So this is acyclic:
 *
 *	order = po | rf | co | ([REG] ; fr) |
 *		([behind a full fence | R & D] ; hb* ; pb)
 *
 * The answer to a CPU that reads a register pushes what the device has written
 * by then, though nothing that the CPU saw may tell of it:
 *
 *	pb = pb | prop ; [W & D] ; order+ ; [IO & R] ; hb*
 */

static bool is_register(const struct execution *x, const struct event *ev)
{
	return ev->loc != NO_LOC && x->test->locs.at[ev->loc].is_register;
}

/* Add what @r relates something to to @s. */
static void or_range(struct set s, struct rel r)
{
	for (uint32_t e = 0; e < r.nr; e++)
		for (unsigned int i = 0; i < r.words; i++)
			s.at[i] |= rel_row(r, e)[i];
}

void model_begin_in_order(struct model *m, struct execution *x)
{
	m->behind_fence = set_new(&x->space);
	m->registers = set_new(&x->space);
	for (uint32_t e = 0; e < x->nr; e++)
		if (is_register(x, &x->events[e]))
			set_add(m->registers, e);
}

static bool is_acyclic_with(struct rel r, struct model *m)
{
	rel_seq(m->t3, m->hb_star, m->t2);
	rel_from(m->t3, m->behind_fence);
	rel_or(r, m->t3);
	rel_close(r);
	return rel_is_irreflexive(r);
}

/* t2 = prop ; [W & D] ; @order ; [IO & R] ; hb*; uses t3. */
static void make_answers(struct model *m, const struct execution *x,
			 struct rel order)
{
	struct device_model *d = &m->device;

	rel_copy(m->t2, x->co);
	rel_or(m->t2, m->fr);
	rel_minus(m->t2, x->internal);
	rel_or_id(m->t2);
	rel_seq(m->t3, m->t2, d->spread);
	rel_to(m->t3, d->mem_write);
	rel_seq(m->t2, m->t3, order);
	rel_to(m->t2, d->io);
	rel_to(m->t2, x->reads);
	rel_seq(m->t3, m->t2, m->hb_star);
	rel_copy(m->t2, m->t3);
}

bool model_is_in_order(struct model *m, const struct execution *x)
{
	struct rel r = m->t1;

	set_clear(m->behind_fence);
	or_range(m->behind_fence, m->strong_fence);
	if (x->test->has_device) {
		or_range(m->behind_fence, m->device.full_mb);
		or_range(m->behind_fence, m->device.smp_mb);
		set_or(m->behind_fence, m->device.mem_read);
	}
	rel_copy(r, m->fr);
	rel_from(r, m->registers);
	rel_or(r, x->po);
	rel_or(r, x->rf);
	rel_or(r, x->co);
	rel_copy(m->t2, m->pb);
	if (!is_acyclic_with(r, m))
		return false;
	if (!x->test->has_device || set_is_empty(m->device.io))
		return true;
	make_answers(m, x, r);
	rel_or(m->t2, m->pb);
	return rel_is_acyclic(m->t2) && is_acyclic_with(r, m);
}
