/* SPDX-License-Identifier: MIT */
#include "axiom/model.h"

/*
 * Executions in which nothing is early, which are those of weak memory.
 *
 * There is one order in which everything takes effect, program order is part of
 * it, and only what a read of memory sees may be old.  What lands does so at
 *one moment of it, for all who pass a full fence later, and for engines, which
 *read what is in memory.  So this is acyclic:
 *
 *	order = po | rf | co | ([REG] ; fr) |
 *		([F] ; po ; hb* | [R & D]) ; lands
 *
 *	lands = prop ; strong, from what would miss something to where that has
 *		landed: a full fence F, what an engine reads, or the answer to a
 *		CPU that reads a register
 *
 * What smp_mb() lands, it lands for those behind such a fence, and it has no
 * part in the rest.  dma_mb() is for memory alone: it lands where its thread
 * touches memory next.  And the answer of a register pushes what the device has
 * written by then, though nothing that the CPU saw may tell of it:
 *
 *	pb = pb | prop ; [W & D] ; order+ ; [IO & R] ; hb*
 */

static bool is_register(const struct execution *x, const struct event *ev)
{
	return ev->loc != NO_LOC && x->test->locs.at[ev->loc].is_register;
}

/* Whether fence @f is for memory alone. */
static bool is_for_memory(const struct execution *x, uint32_t f)
{
	return x->events[f].tags & TAGGED(DMA) &&
	       !(x->events[f].tags & TAGGED(IO));
}

/* Whether fence @f is for @e. */
static bool is_for(const struct execution *x, uint32_t f, uint32_t e)
{
	return set_has(x->memory, e) &&
	       !(is_for_memory(x, f) && x->events[e].tags & TAGGED(MMIO));
}

/* Where the full fence @f lands; NO_EVENT: nowhere. */
static uint32_t where_it_lands(const struct execution *x, uint32_t f)
{
	if (!is_for_memory(x, f))
		return f;
	for (uint32_t e = f + 1; e < x->nr; e++)
		if (rel_has(x->po, f, e) && is_for(x, f, e))
			return e;
	return NO_EVENT;
}

/* A full fence: who is before it, and who is behind it. */
static void add_fence(struct in_order *o, const struct execution *x, uint32_t f)
{
	bool is_smp = x->test->has_device && !(x->events[f].tags & TAGGED(DMA));
	uint32_t at = where_it_lands(x, f);

	for (uint32_t e = 0; at != NO_EVENT && e < x->nr; e++) {
		if (!is_for(x, f, e))
			continue;
		if (rel_has(x->po, e, f))
			rel_add(is_smp ? o->to_fence : o->to_full, e, at);
		if (rel_has(x->po, f, e)) {
			rel_add(o->behind_fence, at, e);
			if (!is_smp)
				rel_add(o->behind_full, at, e);
		}
	}
}

void model_begin_in_order(struct model *m, struct execution *x)
{
	struct in_order *o = &m->in_place;
	struct rel *all[] = {&o->to_fence,    &o->to_full, &o->behind_fence,
			     &o->behind_full, &o->order,   &o->lands,
			     &o->smp_lands,   &o->t};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		*all[i] = rel_new(&x->space);
	o->registers = set_new(&x->space);
	for (uint32_t e = 0; e < x->nr; e++) {
		if (is_register(x, &x->events[e]))
			set_add(o->registers, e);
		if (x->events[e].tags & (TAGGED(MB) | TAGGED(SYNC_RCU)))
			add_fence(o, x, e);
	}
}

/* t1 = (overwrite & ext)? */
static void make_missing(struct model *m, const struct execution *x)
{
	rel_copy(m->t1, x->co);
	rel_or(m->t1, m->fr);
	rel_minus(m->t1, x->internal);
	rel_or_id(m->t1);
}

/* What lands, and where.  Between CPUs: by full fences alone. */
static void make_lands(struct model *m, const struct execution *x)
{
	struct in_order *o = &m->in_place;
	struct device_model *d = &m->device;

	rel_copy(m->t2, o->to_fence);
	if (x->test->has_device)
		rel_from(m->t2, d->held);
	rel_or(m->t2, o->to_full);
	rel_or(m->t2, x->test->has_device ? d->smp_strong : m->strong_fence);
	rel_seq(o->smp_lands, m->prop, m->t2);
	rel_copy(o->lands, o->smp_lands);
	if (!x->test->has_device)
		return;
	make_missing(m, x);
	rel_seq(m->t2, m->t1, d->landed);
	rel_or_seq(o->lands, m->t2, d->land);
	rel_seq(m->t2, m->t1, d->spread);
	rel_or_seq(o->lands, m->t2, d->strong);
	rel_or_seq(o->lands, m->t2, o->to_full);
}

/* order |= ([F] ; po ; hb* | [R & D]) ; lands; closed.  Whether that can be. */
static bool is_acyclic(struct model *m, const struct execution *x)
{
	struct in_order *o = &m->in_place;

	rel_seq(m->t2, o->behind_fence, m->hb_star);
	rel_or_seq(o->order, m->t2, o->smp_lands);
	rel_seq(m->t2, o->behind_full, m->hb_star);
	rel_or_seq(o->order, m->t2, o->lands);
	if (x->test->has_device) {
		rel_copy(m->t2, o->lands);
		rel_from(m->t2, m->device.mem_read);
		rel_or(o->order, m->t2);
	}
	rel_close(o->order);
	return rel_is_irreflexive(o->order);
}

/* The answers of registers land, too; whether that can be. */
static bool answers(struct model *m, const struct execution *x)
{
	struct in_order *o = &m->in_place;
	struct device_model *d = &m->device;

	make_missing(m, x);
	rel_seq(m->t2, m->t1, d->spread);
	rel_to(m->t2, d->mem_write);
	rel_seq(o->t, m->t2, o->order);
	rel_to(o->t, d->io);
	rel_to(o->t, x->reads);
	rel_or(o->lands, o->t);
	rel_seq(m->t2, o->t, m->hb_star);
	rel_or(m->t2, m->pb);
	return rel_is_acyclic(m->t2) && is_acyclic(m, x);
}

bool model_is_in_order(struct model *m, const struct execution *x)
{
	struct in_order *o = &m->in_place;

	rel_copy(o->order, m->fr);
	rel_from(o->order, o->registers);
	rel_or(o->order, x->po);
	rel_or(o->order, x->rf);
	rel_or(o->order, x->co);
	make_lands(m, x);
	if (!is_acyclic(m, x))
		return false;
	return !x->test->has_device || set_is_empty(m->device.io) ||
	       answers(m, x);
}
