/* SPDX-License-Identifier: MIT */
#include "axiom/device.h"

#include "axiom/model.h"

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

#define TAG(x, name) ((x)->tagged[TAG_##name])
#define IS(ev, tag)  ((ev)->tags & TAGGED(tag))

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
			     &d->s1,        &d->s2,       &d->s3};

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
static void or_po(struct rel r, struct device_model *d,
		  const struct execution *x, struct set from, struct set to)
{
	rel_copy(d->t1, x->po);
	rel_from(d->t1, from);
	rel_to(d->t1, to);
	rel_or(r, d->t1);
}

/* r |= [from] ; po ; [fence] ; po ; [to] */
static void or_fence(struct rel r, struct device_model *d,
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

static void both(struct set s, struct set a, struct set b)
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

/* dev-rel: [D] ; dev-po ; [strict], and what a register says of writes. */
static void make_dev_rel(struct device_model *d, const struct execution *x)
{
	struct set writes = set_new(d->space);

	rel_copy(d->dev_rel, d->dev_po);
	rel_to(d->dev_rel, d->strict);
	/* A register that is set tells of all that the engine did before: who
	 * reads it over the bus pushes the writes. */
	both(writes, d->internal, x->writes);
	set_minus(writes, TAG(x, IRQ));
	or_po(d->dev_rel, d, x, d->engine, writes);
	/* push: dev-rel? ; [W] ; po ; [R], of memory; of registers at once. */
	rel_copy(d->push, d->dev_po);
	rel_from(d->push, d->mem_write);
	rel_to(d->push, d->mem_read);
	or_po(d->push, d, x, writes, d->engine);
	rel_copy(d->t2, d->push);
	rel_or_seq(d->push, d->dev_rel, d->t2);
	rel_to(d->push, x->reads);
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
	both(s, TAG(x, MB), dma);
	or_fence(d->full_mb, d, x, mem, s, mem);
	both(s, TAG(x, MB), io);
	or_fence(d->full_mb, d, x, d->cpu, s, d->cpu);
	/* full-rmb */
	both(s, TAG(x, RMB), dma);
	both(from, mem, x->reads);
	or_fence(d->full_rmb, d, x, from, s, from);
	both(s, TAG(x, RMB), io);
	both(from, d->cpu, x->reads);
	or_fence(d->full_rmb, d, x, from, s, from);
	/* full-wmb, writel() with it */
	both(s, TAG(x, WMB), dma);
	both(from, mem, x->writes);
	or_fence(d->full_wmb, d, x, from, s, from);
	both(s, TAG(x, WMB), io);
	both(from, d->cpu, x->writes);
	or_fence(d->full_wmb, d, x, from, s, from);
	both(s, TAG(x, ORDERED), x->writes);
	or_po(d->full_wmb, d, x, from, s);
}

/* io-order: the accesses of one CPU to registers are in order, a read behind a
 * write pushes it, and readl() is before all later reads. */
static void make_io(struct device_model *d, const struct execution *x)
{
	struct set ordered = set_new(d->space), reads = set_new(d->space);
	struct set writes = set_new(d->space);

	or_po(d->io_order, d, x, d->io, d->io);
	both(ordered, TAG(x, ORDERED), x->reads);
	both(reads, d->cpu, x->reads);
	or_po(d->io_read, d, x, ordered, reads);
	both(writes, d->io, x->writes);
	both(reads, d->io, x->reads);
	or_po(d->io_push, d, x, writes, reads);
}

/* The barriers between CPUs: those that are not for devices, too. */
static void make_smp_fences(struct device_model *d, const struct execution *x,
			    struct rel gp)
{
	struct set fence = set_new(d->space), s = set_new(d->space);
	struct set rel = set_new(d->space), writes = set_new(d->space);

	set_copy(fence, x->all);
	set_minus(fence, TAG(x, DMA));
	both(s, fence, TAG(x, MB));
	or_fence(d->smp_mb, d, x, d->cpu, s, d->cpu);
	rel_or(d->smp_mb, gp);
	both(s, fence, TAG(x, RMB));
	both(writes, d->cpu, x->reads);
	or_fence(d->smp_rmb, d, x, writes, s, writes);
	both(s, fence, TAG(x, WMB));
	both(writes, d->cpu, x->writes);
	or_fence(d->smp_wmb, d, x, writes, s, writes);
	both(rel, TAG(x, RELEASE), d->cpu);
	or_po(d->smp_rel, d, x, d->cpu, rel);
	both(rel, TAG(x, ACQUIRE), d->cpu);
	or_po(d->smp_acq, d, x, rel, d->cpu);
}

void device_begin(struct device_model *d, struct execution *x, struct rel gp)
{
	struct rel *all[] = {
		&d->dev_po,   &d->dev_rel,    &d->push,     &d->full_mb,
		&d->full_rmb, &d->full_wmb,   &d->io_order, &d->io_read,
		&d->io_push,  &d->smp_mb,     &d->smp_rmb,  &d->smp_wmb,
		&d->smp_rel,  &d->smp_acq,    &d->ppo,      &d->to_cpu,
		&d->strong,   &d->smp_strong, &d->all,      &d->cpus,
		&d->spread,   &d->own,        &d->seen,     &d->full,
		&d->smp,      &d->stay,       &d->back,     &d->more,
		&d->t1,       &d->t2,         &d->t3,       &d->t4};

	d->space = &x->space;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		*all[i] = rel_new(d->space);
	make_sets(d, x);
	make_dev_po(d, x);
	make_dev_rel(d, x);
	make_full_fences(d, x);
	make_io(d, x);
	make_smp_fences(d, x, gp);
}

/* ---- with rf ---- */

/* Reads of CPUs that see what no device stored. */
static void make_from_cpu(struct set s, const struct device_model *d,
			  const struct execution *x)
{
	set_minus(s, s);
	for (uint32_t r = 0; r < x->nr; r++)
		if (set_has(d->cpu, r) && x->events[r].reads &&
		    x->sees[r] != NO_EVENT && !set_has(d->engine, x->sees[r]))
			set_add(s, r);
}

/*
 * dev-ppo = to-w | to-r | full-mb | full-rmb | full-wmb | io-order | io-read |
 *	dev-po | [from a CPU] ; (smp-rmb | smp-mb | acquire |
 *	po-unlock-lock-po) ; [R]
 */
static void make_ppo(struct device_model *d, struct model *m,
		     const struct execution *x)
{
	struct set from_cpu = d->s1, irq = d->s2;
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
	/* A handler is there when its interrupt is. */
	both(irq, TAG(x, IRQ), d->cpu);
	or_po(r, d, x, irq, d->cpu);
	make_from_cpu(from_cpu, d, x);
	rel_copy(d->t1, d->smp_rmb);
	rel_or(d->t1, d->smp_mb);
	rel_or(d->t1, d->smp_acq);
	rel_copy(d->t2, m->unlock_lock);
	rel_and(d->t2, x->internal);
	rel_or(d->t1, d->t2);
	rel_from(d->t1, from_cpu);
	rel_to(d->t1, x->reads);
	rel_or(r, d->t1);
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
	rel_copy(d->t2, x->po);
	rel_and(d->t2, x->loc);
	rel_to(d->t2, x->writes);
	rel_or_id(d->t2);
	rel_seq(d->t3, d->t1, d->t2);
	rel_copy(d->t2, m->rfe);
	rel_to(d->t2, d->cpu);
	rel_seq(d->to_cpu, d->t3, d->t2);
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
 *	own = full-wmb | (po-unlock-lock-po by dma_wmb(), wmb(), writel())
 *	seen = strong | dev-rel | (ppo+ ; [writel])
 */
static void make_own(struct rel r, struct device_model *d, struct model *m,
		     const struct execution *x)
{
	struct set fence = d->s1, ordered = d->s2, writes = d->s3;

	rel_copy(r, d->full_wmb);
	rel_copy(d->t1, d->io_order);
	rel_to(d->t1, x->writes);
	rel_or(r, d->t1);
	/* What a lock handed over is the thread's own. */
	both(fence, TAG(x, WMB), TAG(x, DMA));
	rel_copy(d->t1, m->unlock_lock);
	rel_from(d->t1, x->writes);
	rel_to(d->t1, fence);
	rel_seq(d->t2, d->t1, x->po);
	both(writes, d->cpu, x->writes);
	rel_to(d->t2, writes);
	for (uint32_t e = 0; e < x->nr; e++)
		if (set_has(d->io, e) && x->events[e].writes)
			for (uint32_t a = 0; a < x->nr; a++)
				rel_row(d->t2, a)[e / REL_BITS] &=
					~((uint64_t)1 << e % REL_BITS);
	rel_or(r, d->t2);
	both(fence, TAG(x, WMB), TAG(x, IO));
	rel_copy(d->t1, m->unlock_lock);
	rel_from(d->t1, x->writes);
	rel_to(d->t1, fence);
	rel_seq(d->t2, d->t1, x->po);
	rel_to(d->t2, writes);
	rel_or(r, d->t2);
	both(ordered, TAG(x, ORDERED), x->writes);
	rel_copy(d->t1, m->unlock_lock);
	rel_from(d->t1, x->writes);
	rel_to(d->t1, ordered);
	rel_or(r, d->t1);
	/* Of two that ring, he who has the lock later does so later. */
	rel_copy(d->t1, m->unlock_lock);
	rel_from(d->t1, d->io);
	rel_to(d->t1, d->io);
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

static void make_seen(struct rel r, struct device_model *d,
		      const struct execution *x)
{
	struct set ordered = d->s1, reads = d->s2;

	rel_copy(r, d->strong);
	rel_or(r, d->dev_rel);
	/* writel() is behind all that had reached its CPU. */
	both(ordered, TAG(x, ORDERED), x->writes);
	both(reads, d->cpu, x->reads);
	rel_copy(d->t1, d->ppo);
	rel_close(d->t1);
	rel_and(d->t1, x->internal);
	rel_from(d->t1, reads);
	rel_to(d->t1, ordered);
	rel_or(r, d->t1);
}

/*
 * strong = full-mb | push | (full-wmb? ; io-push)
 * smp-strong = smp-mb
 */
static void make_strong(struct device_model *d)
{
	rel_copy(d->strong, d->full_mb);
	rel_or(d->strong, d->push);
	rel_or(d->strong, d->io_push);
	rel_or_seq(d->strong, d->full_wmb, d->io_push);
	rel_copy(d->smp_strong, d->smp_mb);
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
	make_answer(own, d, m, x);
	make_seen(seen, d, x);
	rel_copy(full, own);
	or_cumulative(full, d, m, seen, x->all);
	add_sequence(full, d, more);
	rel_copy(d->t3, d->smp_mb);
	rel_or(d->t3, d->smp_rel);
	rel_clear(smp);
	or_cumulative(smp, d, m, d->t3, d->cpu);
	rel_or(smp, d->smp_wmb);
	rel_or(smp, m->unlock_lock);
	add_sequence(smp, d, more);
	/* From `cpus': what stays there, and what leads back. */
	rel_copy(stay, smp);
	rel_or(stay, own);
	rel_or(stay, seen);
	rel_close(stay);
	rel_or_id(stay);
	rel_copy(d->t1, m->rfe);
	rel_to(d->t1, d->cpu);
	rel_seq(back, d->t1, seen);
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
	rel_or_seq(d->spread, d->cpus, m->rfe);
	rel_to(d->spread, d->cpu);
	rel_or(d->spread, d->all);
	rel_or_seq(d->spread, d->all, m->rfe);
}

void device_read(struct device_model *d, struct model *m, struct execution *x)
{
	make_strong(d);
	make_ppo(d, m, x);
	make_to_cpu(d, m, x);
	make_propagation(d, m, x);
	make_spread(d, m);
}

/* ---- the axioms ---- */

/* hb = dev-ppo | to-cpu | (overwrite & int) | rfe | ((prop \ id) & int)
 * prop = (overwrite & ext)? ; spread */
static bool happens_before(struct device_model *d, struct model *m,
			   const struct execution *x)
{
	rel_copy(d->t3, x->co);
	rel_or(d->t3, m->fr);
	rel_copy(d->t4, d->t3);
	rel_minus(d->t4, x->internal);
	rel_or_id(d->t4);
	rel_seq(m->prop, d->t4, d->spread);
	rel_copy(m->hb, m->prop);
	rel_minus_id(m->hb);
	rel_or(m->hb, d->t3);
	rel_and(m->hb, x->internal);
	rel_or(m->hb, d->ppo);
	rel_or(m->hb, d->to_cpu);
	rel_or(m->hb, m->rfe);
	return rel_is_acyclic(m->hb);
}

/* pb = (prop ; strong | prop-cpu ; smp-strong) ; hb*
 * prop-cpu = ([CPU] ; (overwrite & ext) | id) ; spread */
static bool propagates(struct device_model *d, struct model *m)
{
	rel_copy(m->hb_star, m->hb);
	rel_close(m->hb_star);
	rel_or_id(m->hb_star);
	rel_seq(d->t1, m->prop, d->strong);
	rel_from(d->t4, d->cpu);
	rel_or_id(d->t4);
	rel_seq(m->prop, d->t4, d->spread);
	rel_or_seq(d->t1, m->prop, d->smp_strong);
	rel_seq(m->pb, d->t1, m->hb_star);
	return rel_is_acyclic(m->pb);
}

bool device_allows(struct device_model *d, struct model *m, struct execution *x)
{
	return happens_before(d, m, x) && propagates(d, m);
}
