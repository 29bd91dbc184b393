/* SPDX-License-Identifier: MIT */
#include "axiom/device-po.h"

/* ---- who, and what ---- */

static bool is_engine(const struct execution *x, const struct event *ev)
{
	return ev->thread != NO_THREAD &&
	       x->test->threads.at[ev->thread].process == LITMUS_ENGINE;
}

static bool is_register(const struct execution *x, const struct event *ev)
{
	return ev->loc != NO_LOC && x->test->locs.at[ev->loc].is_register;
}

static void make_sets(struct device_model *d, struct execution *x)
{
	struct set *all[] = {&d->cpu,       &d->engine,   &d->mem_read,
			     &d->io,        &d->strict,   &d->relaxed,
			     &d->unordered, &d->internal, &d->mem_write,
			     &d->held,      &d->s1,       &d->s2,
			     &d->s3};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		*all[i] = set_new(&x->space);
	for (uint32_t e = 0; e < x->nr; e++) {
		const struct event *ev = &x->events[e];
		bool wired = IS(ev, IRQ) && x->test->handler == LITMUS_INTX;

		if (ev->thread == NO_THREAD || !set_has(x->memory, e))
			continue;
		set_add(is_engine(x, ev) ? d->engine : d->cpu, e);
		if (!is_engine(x, ev)) {
			if (IS(ev, MMIO))
				set_add(d->io, e);
			continue;
		}
		if (is_register(x, ev) || (ev->writes && wired))
			set_add(d->internal, e);
		else if (ev->reads)
			set_add(d->mem_read, e);
		else
			set_add(IS(ev, UNORDERED) ? d->unordered
				: IS(ev, RELAXED) ? d->relaxed
						  : d->strict,
				e);
	}
	set_or(d->mem_write, d->strict);
	set_or(d->mem_write, d->relaxed);
	set_or(d->mem_write, d->unordered);
}

/* r |= [from] ; po ; [to] */
void device_or_po(struct rel r, struct device_model *d,
		  const struct execution *x, struct set from, struct set to)
{
	rel_copy(d->t1, x->po);
	rel_from(d->t1, from);
	rel_to(d->t1, to);
	rel_or(r, d->t1);
}

/* r |= [from] ; po ; [fence] ; po ; [to] */
void device_or_fence(struct rel r, struct device_model *d,
		     const struct execution *x, struct set from,
		     struct set fence, struct set to)
{
	rel_copy(d->t1, x->po);
	rel_from(d->t1, from);
	rel_to(d->t1, fence);
	rel_seq(d->t2, d->t1, x->po);
	rel_to(d->t2, to);
	rel_or(r, d->t2);
}

void device_both(struct set s, struct set a, struct set b)
{
	for (unsigned int i = 0; i < s.words; i++)
		s.at[i] = a.at[i] & b.at[i];
}

/* ---- the engines ---- */

/*
 * dev-po: what an engine does is in its order, but for posted writes that may
 * overtake.  A read waits for its answer, and its request pushes writes.
 */
static void make_dev_po(struct device_model *d, const struct execution *x)
{
	rel_copy(d->dev_po, x->po);
	rel_from(d->dev_po, d->engine);
	for (uint32_t a = 0; a < x->nr; a++)
		for (uint32_t b = 0; b < x->nr; b++) {
			bool overtakes = set_has(d->mem_write, a) &&
					 (set_has(d->relaxed, b) ||
					  set_has(d->unordered, a) ||
					  set_has(d->unordered, b));
			/* A wire, and what an engine does to its registers,
			 * waits for no write on its way to memory. */
			bool passes = set_has(d->mem_write, a) &&
				      set_has(d->internal, b);

			if (overtakes || passes)
				rel_row(d->dev_po, a)[b / REL_BITS] &=
					~((uint64_t)1 << b % REL_BITS);
		}
}

/* ---- the CPUs ---- */

static void make_full_fences(struct device_model *d, const struct execution *x)
{
	struct set mem = set_new(d->space), s = set_new(d->space);
	struct set from = set_new(d->space), dma = TAG(x, DMA);
	struct set io = TAG(x, IO);

	set_copy(mem, d->cpu);
	set_minus(mem, d->io);
	/* full-mb: memory by dma_mb(), registers, too, by mb(). */
	device_both(s, TAG(x, MB), dma);
	device_or_fence(d->full_mb, d, x, mem, s, mem);
	device_both(s, TAG(x, MB), io);
	device_or_fence(d->full_mb, d, x, d->cpu, s, d->cpu);
	/* full-rmb */
	device_both(s, TAG(x, RMB), dma);
	device_both(from, mem, x->reads);
	device_or_fence(d->full_rmb, d, x, from, s, from);
	device_both(s, TAG(x, RMB), io);
	device_both(from, d->cpu, x->reads);
	device_or_fence(d->full_rmb, d, x, from, s, from);
	/* full-wmb, writel() with it */
	device_both(s, TAG(x, WMB), dma);
	device_both(from, mem, x->writes);
	device_or_fence(d->full_wmb, d, x, from, s, from);
	device_both(s, TAG(x, WMB), io);
	device_both(from, d->cpu, x->writes);
	device_or_fence(d->full_wmb, d, x, from, s, from);
	device_both(s, TAG(x, ORDERED), x->writes);
	device_or_po(d->full_wmb, d, x, from, s);
}

/* io-order: the accesses of one CPU to registers are in order, a read behind a
 * write pushes it, and readl() is before all later reads. */
static void make_io(struct device_model *d, const struct execution *x)
{
	struct set ordered = set_new(d->space), reads = set_new(d->space);
	struct set writes = set_new(d->space);

	device_or_po(d->io_order, d, x, d->io, d->io);
	device_both(ordered, TAG(x, ORDERED), x->reads);
	device_both(reads, d->cpu, x->reads);
	device_or_po(d->io_read, d, x, ordered, reads);
	device_both(writes, d->io, x->writes);
	device_both(reads, d->io, x->reads);
	device_or_po(d->io_push, d, x, writes, reads);
}

/* The barriers between CPUs: those that are not for devices, and none of them
 * is for registers. */
static void make_smp_fences(struct device_model *d, const struct execution *x,
			    struct rel gp)
{
	struct set fence = set_new(d->space), s = set_new(d->space);
	struct set rel = set_new(d->space), writes = set_new(d->space);
	struct set mem = set_new(d->space);

	set_copy(mem, d->cpu);
	set_minus(mem, d->io);
	set_copy(fence, x->all);
	set_minus(fence, TAG(x, DMA));
	device_both(s, fence, TAG(x, MB));
	device_or_fence(d->smp_mb, d, x, mem, s, mem);
	rel_or(d->smp_mb, gp);
	device_both(s, fence, TAG(x, RMB));
	device_both(writes, mem, x->reads);
	device_or_fence(d->smp_rmb, d, x, writes, s, writes);
	device_both(s, fence, TAG(x, WMB));
	device_both(writes, mem, x->writes);
	device_or_fence(d->smp_wmb, d, x, writes, s, writes);
	device_both(rel, TAG(x, RELEASE), d->cpu);
	device_or_po(d->smp_rel, d, x, d->cpu, rel);
	device_both(rel, TAG(x, ACQUIRE), d->cpu);
	device_or_po(d->smp_acq, d, x, rel, d->cpu);
}

void device_begin(struct device_model *d, struct execution *x, struct rel gp)
{
	struct rel *all[] = {
		&d->issue,    &d->landed,   &d->seen_by_cpu, &d->brought,
		&d->dev_po,   &d->dev_rel,  &d->push,        &d->full_mb,
		&d->full_rmb, &d->full_wmb, &d->io_order,    &d->io_read,
		&d->io_push,  &d->smp_mb,   &d->smp_rmb,     &d->smp_wmb,
		&d->smp_rel,  &d->smp_acq,  &d->ppo,         &d->to_cpu,
		&d->strong,   &d->land,     &d->smp_strong,  &d->all,
		&d->cpus,     &d->spread,   &d->own,         &d->seen,
		&d->full,     &d->smp,      &d->stay,        &d->back,
		&d->more,     &d->t1,       &d->t2,          &d->t3,
		&d->t4};

	d->space = &x->space;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		*all[i] = rel_new(d->space);
	make_sets(d, x);
	make_dev_po(d, x);
	make_full_fences(d, x);
	make_io(d, x);
	make_smp_fences(d, x, gp);
}
