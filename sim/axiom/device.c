/* SPDX-License-Identifier: MIT */
#include "axiom/device.h"

#include "axiom/device-po.h"

/*
 * The relations of doc/memory-model.md, "The model as relations", in their
 * order and under their names.
 *
 * LKMM knows one kind of observer, the CPU.  Here there are two: what is
 * between CPUs (smp_*(), acquire and release, locks, RCU) does not exist
 * towards a device; dma_*() and full barriers, doorbells and what a device
 * itself does is for everybody.  So propagation is followed in two states: to
 * all, or to CPUs.
 */

/* ---- with rf ---- */

/* issue = (po | rf of registers) of the engines, in which their accesses are
 * issued; it depends on rf. */
static void make_issue(struct device_model *d, const struct execution *x)
{
	rel_copy(d->t1, x->rf);
	rel_from(d->t1, d->internal);
	rel_to(d->t1, d->internal);
	rel_copy(d->t2, x->po);
	rel_from(d->t2, d->engine);
	rel_or(d->t1, d->t2);
	rel_close(d->t1);
	rel_copy(d->issue, d->t1);
}

/*
 * dev-rel = [D \ unordered] ; issue ; [ordered], and of what is no write, also
 *	what stays in the device: [R & D | REG] ; issue ; [REG]
 * push = dev-rel? ; [W & D \ unordered] ; issue ; [R & D] | [REG & W] ; issue
 *
 * A device's posted writes are one row.
 */
static void make_dev_rel(struct device_model *d, const struct execution *x)
{
	struct set from = d->s1, to = d->s2;

	set_copy(from, d->engine);
	set_minus(from, d->unordered);
	rel_copy(d->dev_rel, d->issue);
	rel_from(d->dev_rel, from);
	rel_to(d->dev_rel, d->strict);
	set_minus(from, d->mem_write);
	rel_copy(d->t1, d->issue);
	rel_from(d->t1, from);
	rel_to(d->t1, d->internal);
	rel_or(d->dev_rel, d->t1);
	set_copy(from, d->strict);
	set_or(from, d->relaxed);
	rel_copy(d->t1, d->issue);
	rel_from(d->t1, from);
	rel_to(d->t1, d->mem_read);
	rel_copy(d->push, d->t1);
	device_both(from, d->internal, x->writes);
	set_copy(to, d->engine);
	set_minus(to, d->mem_write);
	rel_copy(d->t1, d->issue);
	rel_from(d->t1, from);
	rel_to(d->t1, to);
	rel_or(d->push, d->t1);
	rel_copy(d->t2, d->push);
	rel_or_seq(d->push, d->dev_rel, d->t2);
}

/* What barriers between CPUs hold back: stores, and reads that see what no
 * device stored.  Of an atomic operation on what a device stored neither. */
static void make_held(struct device_model *d, const struct execution *x,
		      enum model_smp smp)
{
	set_copy(d->held, x->writes);
	for (uint32_t r = 0; r < x->nr; r++)
		if (set_has(d->cpu, r) && x->events[r].reads &&
		    !set_has(d->io, r) && x->sees[r] != NO_EVENT &&
		    smp != SMP_FOR_NOBODY &&
		    (smp == SMP_FOR_ALL || !set_has(d->engine, x->sees[r])))
			set_add(d->held, r);
		else if (set_has(d->cpu, r) && x->events[r].reads &&
			 x->events[r].pair != NO_EVENT)
			set_remove(d->held, x->events[r].pair);
}

/*
 * dev-ppo = to-w | to-r | full-mb | full-rmb | full-wmb | io-order | io-read |
 *	dev-po | [R that saw no device's store] ; (smp-rmb | smp-mb |
 *	po-rel | acq-po | po-unlock-lock-po)
 */
static void make_ppo(struct device_model *d, struct model *m,
		     const struct execution *x)
{
	struct set reads = d->s1, irq = d->s2;
	struct rel r = d->ppo;

	rel_copy(r, m->dep);
	rel_or(r, m->ctrl);
	rel_to(r, x->writes);
	rel_copy(d->t1, m->addr);
	rel_to(d->t1, x->reads);
	rel_or(r, d->t1);
	rel_or_seq(r, m->dep, m->rfi);
	rel_from(r, d->cpu);
	rel_or(r, d->full_mb);
	rel_or(r, d->full_rmb);
	rel_or(r, d->full_wmb);
	rel_or(r, d->io_order);
	rel_or(r, d->io_read);
	rel_or(r, d->dev_po);
	rel_or(r, x->timed);
	/* A handler is there when its interrupt is. */
	device_both(irq, TAG(x, IRQ), d->cpu);
	device_or_po(r, d, x, irq, d->cpu);
	device_both(reads, d->held, x->reads);
	rel_copy(d->t1, d->smp_mb);
	rel_or(d->t1, d->smp_rmb);
	rel_copy(d->t2, m->unlock_lock);
	rel_and(d->t2, x->internal);
	rel_or(d->t1, d->t2);
	rel_to(d->t1, x->reads);
	rel_or(d->t1, d->smp_acq);
	rel_from(d->t1, reads);
	rel_or(r, d->t1);
}

/* r |= t1 ; (po-loc ; [W])? ; rfe ; [CPU] */
static void or_seen_by_cpu(struct rel r, struct device_model *d,
			   const struct execution *x)
{
	rel_copy(d->t2, x->po);
	rel_and(d->t2, x->loc);
	rel_to(d->t2, x->writes);
	rel_or_id(d->t2);
	rel_seq(d->t3, d->t1, d->t2);
	rel_or_seq(r, d->t3, d->seen_by_cpu);
}

/*
 * to-cpu = (smp-mb | smp-rel | smp-wmb | smp-acq | po-unlock-lock-po) ; [W] ;
 *	(po-loc ; [W])? ; rfe ; [CPU]: barriers between CPUs order a store for
 *	the CPU that sees it.
 */
static void make_to_cpu(struct device_model *d, struct model *m,
			const struct execution *x)
{
	rel_copy(d->t1, d->smp_mb);
	rel_or(d->t1, d->smp_rel);
	rel_or(d->t1, d->smp_wmb);
	rel_or(d->t1, d->smp_acq);
	rel_or(d->t1, m->unlock_lock);
	rel_to(d->t1, x->writes);
	/* ... and what stores are ordered behind it. */
	rel_copy(d->t2, d->smp_mb);
	rel_or(d->t2, d->smp_rel);
	rel_or(d->t2, d->smp_wmb);
	rel_or(d->t2, d->full_wmb);
	rel_or(d->t2, d->full_mb);
	rel_from(d->t2, x->writes);
	rel_to(d->t2, x->writes);
	rel_close(d->t2);
	rel_copy(d->t3, d->t1);
	rel_or_seq(d->t1, d->t3, d->t2);
	rel_clear(d->to_cpu);
	or_seen_by_cpu(d->to_cpu, d, x);
}

/* r |= (rfe ; [who])? ; step */
static void or_cumulative(struct rel r, struct device_model *d, struct model *m,
			  struct rel step, struct set who)
{
	rel_copy(d->t1, m->rfe);
	rel_to(d->t1, who);
	rel_or(r, step);
	rel_or_seq(r, d->t1, step);
}

/*
 * Steps of propagation to all, with what may precede them in t3: of the thread
 * itself, and by way of what it saw.
 *
 *	own = full-wmb | (po-unlock-lock-po+ by dma_wmb(), wmb(), writel())
 *	seen = strong | dev-rel | ((ppo | po-loc ; [W])+ ; [writel])
 */
static void make_own(struct rel r, struct device_model *d, struct model *m,
		     const struct execution *x)
{
	struct set fence = d->s1, ordered = d->s2, writes = d->s3;

	rel_copy(d->t4, m->unlock_lock);
	rel_close(d->t4);
	rel_copy(r, d->full_wmb);
	rel_copy(d->t1, d->io_order);
	rel_to(d->t1, x->writes);
	rel_or(r, d->t1);
	/* What a lock handed over is the thread's own. */
	device_both(fence, TAG(x, WMB), TAG(x, DMA));
	rel_copy(d->t1, d->t4);
	rel_from(d->t1, x->writes);
	rel_to(d->t1, fence);
	rel_seq(d->t2, d->t1, x->po);
	device_both(writes, d->cpu, x->writes);
	rel_to(d->t2, writes);
	for (uint32_t e = 0; e < x->nr; e++)
		if (set_has(d->io, e) && x->events[e].writes)
			for (uint32_t a = 0; a < x->nr; a++)
				rel_row(d->t2, a)[e / REL_BITS] &=
					~((uint64_t)1 << e % REL_BITS);
	rel_or(r, d->t2);
	device_both(fence, TAG(x, WMB), TAG(x, IO));
	rel_copy(d->t1, d->t4);
	rel_from(d->t1, x->writes);
	rel_to(d->t1, fence);
	rel_seq(d->t2, d->t1, x->po);
	rel_to(d->t2, writes);
	rel_or(r, d->t2);
	device_both(ordered, TAG(x, ORDERED), x->writes);
	rel_copy(d->t1, d->t4);
	rel_from(d->t1, x->writes);
	rel_to(d->t1, ordered);
	rel_or(r, d->t1);
	/* Of two that ring, he who has the lock later does so later. */
	rel_copy(d->t1, d->t4);
	rel_from(d->t1, d->io);
	rel_to(d->t1, d->io);
	rel_or(r, d->t1);
}

static void make_seen(struct rel r, struct device_model *d,
		      const struct execution *x)
{
	struct set ordered = d->s1, reads = d->s2;

	rel_copy(r, d->strong);
	rel_or(r, d->dev_rel);
	/* writel() is behind all that had reached its CPU. */
	device_both(ordered, TAG(x, ORDERED), x->writes);
	device_both(reads, d->cpu, x->reads);
	rel_copy(d->t1, x->po);
	rel_and(d->t1, x->loc);
	rel_to(d->t1, x->writes);
	rel_or(d->t1, d->ppo);
	rel_close(d->t1);
	rel_and(d->t1, x->internal);
	rel_from(d->t1, reads);
	rel_to(d->t1, ordered);
	rel_or(r, d->t1);
}

/*
 * brought = [R] ; po ; [dma_rmb(), dma_mb() and stronger] ; po ; [writel] |
 *	[R that saw no device's store] ; (po ; [smp_rmb(), smp_mb()] ; po |
 *	po-unlock-lock-po & int) ; [writel]
 *
 * What a read barrier has brought in has reached the CPU by then; but that
 * read is not before the writel() itself.
 */
static void make_brought(struct rel r, struct device_model *d, struct model *m,
			 const struct execution *x)
{
	device_both(d->s1, TAG(x, ORDERED), x->writes);
	device_both(d->s2, d->cpu, x->reads);
	set_copy(d->s3, TAG(x, MB));
	set_or(d->s3, TAG(x, RMB));
	device_both(d->s3, d->s3, TAG(x, DMA));
	rel_clear(r);
	device_or_fence(r, d, x, d->s2, d->s3, d->s1);
	set_copy(d->s3, TAG(x, MB));
	set_or(d->s3, TAG(x, RMB));
	set_minus(d->s3, TAG(x, DMA));
	device_both(d->s2, d->held, x->reads);
	device_or_fence(r, d, x, d->s2, d->s3, d->s1);
	rel_copy(d->t1, m->unlock_lock);
	rel_and(d->t1, x->internal);
	rel_from(d->t1, d->s2);
	rel_to(d->t1, d->s1);
	rel_or(r, d->t1);
}

/*
 * answer = [W of D] ; po? ; [D] ; (ppo | rfe | to-cpu)* ; [read of a register]:
 *	the answer comes behind all that the engine had written by then.
 */
static void make_answer(struct rel r, struct device_model *d, struct model *m,
			const struct execution *x)
{
	rel_copy(d->t1, d->ppo);
	rel_or(d->t1, m->rfe);
	rel_or(d->t1, d->to_cpu);
	rel_close(d->t1);
	rel_to(d->t1, d->io);
	rel_to(d->t1, x->reads);
	rel_copy(d->t2, x->po);
	rel_or_id(d->t2);
	rel_from(d->t2, d->mem_write);
	rel_to(d->t2, d->engine);
	rel_or_seq(r, d->t2, d->t1);
}

/*
 * strong = full-mb | push | (full-wmb? ; io-push)
 *
 * land = rfe ; [R & D | REG | start of a handler]: what a device reads is where
 *	memory is coherent; writel() has waited; a message is behind what it
 *	speaks of.
 */
static void make_strong(struct device_model *d, struct model *m,
			const struct execution *x)
{
	rel_copy(d->strong, d->full_mb);
	rel_or(d->strong, d->push);
	make_answer(d->strong, d, m, x);
	set_copy(d->s1, d->internal);
	set_or(d->s1, d->mem_read);
	device_both(d->s2, TAG(x, IRQ), d->cpu);
	set_or(d->s1, d->s2);
	rel_copy(d->land, m->rfe);
	rel_to(d->land, d->s1);
	rel_or(d->strong, d->io_push);
	rel_or_seq(d->strong, d->full_wmb, d->io_push);
}

/*
 * smp-strong = [W | R that saw no device's store] ; smp-mb ; [R] |
 *	smp-mb ; [W] ; (po-loc ; [W])? ; rfe ; [CPU]
 */
static void make_smp_strong(struct device_model *d, struct model *m,
			    const struct execution *x)
{
	rel_copy(d->smp_strong, d->smp_mb);
	rel_from(d->smp_strong, d->held);
	rel_to(d->smp_strong, x->reads);
	rel_copy(d->t1, d->smp_mb);
	rel_to(d->t1, x->writes);
	or_seen_by_cpu(d->smp_strong, d, x);
}

/* r = r ; rmw-sequence, with (rf ; rmw)+ in @more */
static void add_sequence(struct rel r, struct device_model *d, struct rel more)
{
	rel_copy(d->t1, r);
	rel_or_seq(r, d->t1, more);
}

/*
 * Propagation in two states, `all' and `cpus': a step for all from `cpus' leads
 * back to `all' when the CPU that takes it has seen what it hands on.
 */
static void make_propagation(struct device_model *d, struct model *m,
			     struct execution *x)
{
	struct rel own = d->own, seen = d->seen, full = d->full;
	struct rel smp = d->smp, stay = d->stay, back = d->back;
	struct rel more = d->more;

	rel_seq(more, x->rf, x->rmw);
	rel_close(more);
	make_own(own, d, m, x);
	make_seen(seen, d, x);
	rel_copy(full, own);
	or_cumulative(full, d, m, seen, x->all);
	rel_or_seq(full, m->rfe, d->brought);
	add_sequence(full, d, more);
	rel_copy(d->t3, d->smp_mb);
	rel_or(d->t3, d->smp_rel);
	rel_seq(smp, d->seen_by_cpu, d->t3);
	/* What a CPU read from a device is not held back between CPUs. */
	rel_from(d->t3, d->held);
	rel_or(smp, d->t3);
	rel_or(smp, d->smp_wmb);
	rel_or(smp, m->unlock_lock);
	add_sequence(smp, d, more);
	/* From `cpus': what stays there, and what leads back. */
	rel_copy(stay, smp);
	rel_or(stay, own);
	rel_or(stay, seen);
	rel_close(stay);
	rel_or_id(stay);
	rel_seq(back, d->seen_by_cpu, seen);
	rel_or_seq(back, d->seen_by_cpu, d->brought);
	add_sequence(back, d, more);
	rel_seq(d->t2, smp, stay);
	rel_copy(d->all, full);
	rel_or_seq(d->all, d->t2, back);
	rel_close(d->all);
	rel_or_id(d->all);
	rel_seq(d->cpus, d->all, d->t2);
	rel_or(d->cpus, d->all);
}

/* spread = (all ; rfe?) | (cpus ; rfe? ; [CPU]) */
static void make_spread(struct device_model *d, struct model *m)
{
	rel_copy(d->spread, d->cpus);
	rel_or_seq(d->spread, d->cpus, d->seen_by_cpu);
	rel_to(d->spread, d->cpu);
	rel_or(d->spread, d->all);
	rel_or_seq(d->spread, d->all, m->rfe);
}

void device_read(struct device_model *d, struct model *m, struct execution *x)
{
	rel_copy(d->seen_by_cpu, m->rfe);
	rel_to(d->seen_by_cpu, d->cpu);
	for (uint32_t e = 0; e < x->nr; e++)
		if (set_has(d->io, e) || set_has(d->internal, e))
			rel_clear_row(d->seen_by_cpu, e);
	make_held(d, x, m->less.smp);
	make_issue(d, x);
	make_dev_rel(d, x);
	make_smp_strong(d, m, x);
	make_ppo(d, m, x);
	make_to_cpu(d, m, x);
	make_strong(d, m, x);
	/* Without what read barriers have brought in; then with it. */
	rel_clear(d->brought);
	make_propagation(d, m, x);
	rel_copy(d->landed, d->all);
	if (!m->less.only_hb) {
		make_brought(d->brought, d, m, x);
		make_propagation(d, m, x);
	}
	make_spread(d, m);
}

/* ---- the axioms ---- */

/*
 * hb = dev-ppo | to-cpu | (overwrite & int) | rfe |
 *	(((overwrite & ext) ; spread) & int)
 * prop = (overwrite & ext)? ; spread
 */
static bool happens_before(struct device_model *d, struct model *m,
			   const struct execution *x)
{
	rel_copy(d->t3, x->co);
	rel_or(d->t3, m->fr);
	rel_copy(d->t4, d->t3);
	rel_minus(d->t4, x->internal);
	rel_seq(m->hb, d->t4, d->spread);
	rel_or(m->hb, d->t3);
	rel_and(m->hb, x->internal);
	rel_minus_id(m->hb);
	rel_or(m->hb, d->ppo);
	rel_or(m->hb, d->to_cpu);
	rel_or(m->hb, m->rfe);
	rel_or_id(d->t4);
	rel_seq(m->prop, d->t4, d->spread);
	return rel_is_acyclic(m->hb);
}

/* The row of a device's writes is that of their arrival: (dev-rel | push) ;
 * overwrite is irreflexive.  happens_before() was asked before. */
static bool arrives_in_order(struct device_model *d)
{
	rel_copy(d->t1, d->dev_rel);
	rel_or(d->t1, d->push);
	rel_seq(d->t2, d->t1, d->t3);
	return rel_is_irreflexive(d->t2);
}

/* pb = (prop ; strong | prop-cpu ; smp-strong |
 *	(overwrite & ext)? ; landed ; land) ; hb*
 * prop-cpu = ([CPU] ; (overwrite & ext) | id) ; spread */
static bool propagates(struct device_model *d, struct model *m)
{
	rel_copy(m->hb_star, m->hb);
	rel_close(m->hb_star);
	rel_or_id(m->hb_star);
	rel_seq(d->t1, m->prop, d->strong);
	rel_seq(d->t2, d->t4, d->landed);
	rel_or_seq(d->t1, d->t2, d->land);
	rel_from(d->t4, d->cpu);
	rel_or_id(d->t4);
	rel_seq(m->prop, d->t4, d->spread);
	rel_or_seq(d->t1, m->prop, d->smp_strong);
	rel_seq(m->pb, d->t1, m->hb_star);
	return rel_is_acyclic(m->pb);
}

bool device_allows(struct device_model *d, struct model *m, struct execution *x)
{
	return happens_before(d, m, x) && arrives_in_order(d) &&
	       (m->less.only_hb || propagates(d, m));
}
