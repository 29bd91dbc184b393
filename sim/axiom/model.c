/* SPDX-License-Identifier: MIT */
#include "axiom/model.h"

/*
 * In the order of linux-kernel.cat.  `r' is what a function makes; t1 to t4 are
 * free at the beginning of each.
 */

#define TAG(x, name) ((x)->tagged[TAG_##name])

/* r |= po ; [via] ; po, which is fencerel(via) */
static void or_fencerel(struct rel r, struct model *m,
			const struct execution *x, struct set via)
{
	rel_copy(m->t1, x->po);
	rel_to(m->t1, via);
	rel_or_seq(r, m->t1, x->po);
}

/* ---- of the paths alone ---- */

/* R \ Noreturn: the reads for which smp_rmb() works. */
static void make_rmb(struct model *m, struct execution *x)
{
	struct set for_rmb = set_new(&x->space);

	set_copy(for_rmb, x->reads);
	set_minus(for_rmb, TAG(x, NORETURN));
	or_fencerel(m->rmb, m, x, TAG(x, RMB));
	rel_from(m->rmb, for_rmb);
	rel_to(m->rmb, for_rmb);
}

static void make_wmb(struct model *m, const struct execution *x)
{
	or_fencerel(m->wmb, m, x, TAG(x, WMB));
	rel_from(m->wmb, x->writes);
	rel_to(m->wmb, x->writes);
}

/* mb |= [M] ; r ; [M], with @r in t2 */
static void or_mb(struct model *m, const struct execution *x)
{
	rel_from(m->t2, x->memory);
	rel_to(m->t2, x->memory);
	rel_or(m->fixed_mb, m->t2);
}

/* mb |= [M] ; po? ; [what] ; fencerel(@tag) ; [M] */
static void or_mb_after(struct model *m, const struct execution *x,
			struct set what, struct set tag)
{
	rel_clear(m->t3);
	or_fencerel(m->t3, m, x, tag);
	rel_copy(m->t1, x->po);
	rel_or_id(m->t1);
	rel_to(m->t1, what);
	rel_seq(m->t2, m->t1, m->t3);
	or_mb(m, x);
}

static void make_fixed_mb(struct model *m, const struct execution *x)
{
	rel_clear(m->t2);
	or_fencerel(m->t2, m, x, TAG(x, MB));
	or_mb(m, x);
	/* fencerel(Before-atomic) ; [RMW] ; po? */
	rel_clear(m->t3);
	or_fencerel(m->t3, m, x, TAG(x, BEFORE_ATOMIC));
	rel_to(m->t3, TAG(x, RMW));
	rel_copy(m->t1, x->po);
	rel_or_id(m->t1);
	rel_seq(m->t2, m->t3, m->t1);
	or_mb(m, x);
	or_mb_after(m, x, TAG(x, RMW), TAG(x, AFTER_ATOMIC));
	or_mb_after(m, x, TAG(x, LKW), TAG(x, AFTER_SPINLOCK));
	or_mb_after(m, x, TAG(x, SRCU_UNLOCK), TAG(x, AFTER_SRCU_UNLOCK));
}

/* po ; [Sync-rcu | Sync-srcu] ; po? */
static void make_gp(struct model *m, struct execution *x)
{
	struct set sync = set_new(&x->space);

	set_or(sync, TAG(x, SYNC_RCU));
	set_or(sync, TAG(x, SYNC_SRCU));
	m->has_gp = !set_is_empty(sync);
	rel_copy(m->t1, x->po);
	rel_to(m->t1, sync);
	rel_copy(m->t2, x->po);
	rel_or_id(m->t2);
	rel_seq(m->gp, m->t1, m->t2);
}

static void make_marked(struct model *m, struct execution *x)
{
	static const uint64_t tags = TAGGED(INIT) | TAGGED(ONCE) |
				     TAGGED(RELEASE) | TAGGED(ACQUIRE) |
				     TAGGED(LKR) | TAGGED(LKW) | TAGGED(UL) |
				     TAGGED(LF) | TAGGED(RL) | TAGGED(RU) |
				     TAGGED(SRCU_LOCK) | TAGGED(SRCU_UNLOCK);

	m->marked = set_new(&x->space);
	m->plain = set_new(&x->space);
	for (unsigned int e = 0; e < x->nr; e++) {
		const struct event *ev = &x->events[e];

		if ((ev->reads || ev->writes) && !(ev->tags & tags) &&
		    ev->pair == NO_EVENT)
			set_add(m->plain, e);
	}
	set_copy(m->marked, x->all);
	set_minus(m->marked, m->plain);
	m->has_plain = !set_is_empty(m->plain);
}

/* Sections of RCU nest: the unlock that is in no section ends the last one. */
static void make_rscs(struct model *m, const struct execution *x)
{
	uint32_t open[PATH_EVENTS_MAX];
	unsigned int nr = 0;

	for (uint32_t e = 0; e < x->nr; e++) {
		const struct event *ev = &x->events[e];

		if (ev->base == e)
			nr = 0;
		if (ev->tags & TAGGED(RCU_LOCK))
			open[nr++] = e;
		else if (ev->tags & TAGGED(RCU_UNLOCK) && nr)
			rel_add(m->rscs, open[--nr], e);
	}
}

/* po-rel and acq-po */
static void make_rel_acq(struct model *m, const struct execution *x)
{
	rel_copy(m->po_rel, x->po);
	rel_from(m->po_rel, x->memory);
	rel_to(m->po_rel, TAG(x, RELEASE));
	rel_copy(m->acq_po, x->po);
	rel_from(m->acq_po, TAG(x, ACQUIRE));
	rel_to(m->acq_po, x->memory);
}

void model_begin(struct model *m, struct execution *x)
{
	struct rel *all[] = {
		&m->fixed_mb,     &m->rmb,         &m->wmb,       &m->gp,
		&m->po_rel,       &m->acq_po,      &m->rscs,      &m->from,
		&m->rfe,          &m->rfi,         &m->addr,      &m->data,
		&m->ctrl,         &m->dep,         &m->mb,        &m->own_fence,
		&m->strong_fence, &m->nonrw_fence, &m->rf_ppo,    &m->spread,
		&m->unlock_lock,  &m->cumul_star,  &m->srcu_rscs, &m->fr,
		&m->ppo,          &m->prop,        &m->hb,        &m->hb_star,
		&m->pb,           &m->rcu_link,    &m->rcu_order, &m->rb,
		&m->fence,        &m->full_fence,  &m->t1,        &m->t2,
		&m->t3,           &m->t4};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		*all[i] = rel_new(&x->space);
	m->has_race_room = false;
	make_marked(m, x);
	make_rmb(m, x);
	make_wmb(m, x);
	make_fixed_mb(m, x);
	make_gp(m, x);
	make_rel_acq(m, x);
	make_rscs(m, x);
	m->has_srcu = !set_is_empty(TAG(x, SRCU_LOCK)) ||
		      !set_is_empty(TAG(x, SRCU_UNLOCK));
	m->has_after_unlock = !set_is_empty(TAG(x, AFTER_UNLOCK_LOCK));
	m->carries = !rel_is_empty(x->data);
	m->fixed_flags = model_fixed_flags(m, x);
	if (x->test->has_device)
		device_begin(&m->device, x, m->gp);
	if (m->in_order)
		model_begin_in_order(m, x);
}

/* ---- of rf ---- */

static void make_communication(struct model *m, const struct execution *x)
{
	rel_inverse(m->from, x->rf);
	rel_copy(m->rfi, x->rf);
	rel_and(m->rfi, x->internal);
	rel_copy(m->rfe, x->rf);
	rel_minus(m->rfe, x->internal);
}

/* carry-dep = (data ; [~ Srcu-unlock] ; rfi)*, before each dependency */
static void make_dependencies(struct model *m, const struct execution *x)
{
	rel_copy(m->addr, x->addr);
	rel_copy(m->data, x->data);
	rel_copy(m->ctrl, x->ctrl);
	if (m->carries && !rel_is_empty(m->rfi)) {
		rel_copy(m->t1, m->rfi);
		for (unsigned int e = 0; e < x->nr; e++)
			if (set_has(TAG(x, SRCU_UNLOCK), e))
				for (unsigned int i = 0; i < m->t1.words; i++)
					rel_row(m->t1, e)[i] = 0;
		rel_seq(m->t2, x->data, m->t1);
		rel_close(m->t2);
		rel_or_seq(m->addr, m->t2, x->addr);
		rel_or_seq(m->data, m->t2, x->data);
		rel_or_seq(m->ctrl, m->t2, x->ctrl);
	}
	rel_copy(m->dep, m->addr);
	rel_or(m->dep, m->data);
}

/* po-unlock-lock-po = po ; [UL] ; (po | rf) ; [LKR] ; po */
static void make_unlock_lock(struct model *m, const struct execution *x)
{
	if (set_is_empty(TAG(x, UL)))
		return;
	rel_copy(m->t1, x->po);
	rel_to(m->t1, TAG(x, UL));
	rel_copy(m->t2, x->po);
	rel_or(m->t2, x->rf);
	rel_to(m->t2, TAG(x, LKR));
	rel_seq(m->t3, m->t1, m->t2);
	rel_seq(m->unlock_lock, m->t3, x->po);
}

static void make_fences(struct model *m, const struct execution *x)
{
	rel_copy(m->mb, m->fixed_mb);
	if (m->has_after_unlock) {
		rel_copy(m->t1, m->unlock_lock);
		rel_from(m->t1, x->memory);
		rel_to(m->t1, TAG(x, AFTER_UNLOCK_LOCK));
		rel_copy(m->t2, x->po);
		rel_to(m->t2, x->memory);
		rel_or_seq(m->mb, m->t1, m->t2);
	}
	rel_copy(m->strong_fence, m->mb);
	rel_or(m->strong_fence, m->gp);
	rel_copy(m->nonrw_fence, m->strong_fence);
	rel_or(m->nonrw_fence, m->po_rel);
	rel_or(m->nonrw_fence, m->acq_po);
	rel_copy(m->own_fence, m->nonrw_fence);
	rel_or(m->own_fence, m->wmb);
	rel_or(m->own_fence, m->rmb);
	m->has_strong = !rel_is_empty(m->strong_fence);
}

/*
 * to-w = rwdep | (overwrite & int) | (addr ; [Plain] ; wmb)
 * to-r = (addr ; [R]) | (dep ; [Marked] ; rfi)
 * ppo = to-r | to-w | (fence & int) | (po-unlock-lock-po & int)
 *
 * without the part that is of co.
 */
static void make_rf_ppo(struct model *m, const struct execution *x)
{
	struct rel r = m->rf_ppo;

	rel_copy(r, m->dep);
	rel_or(r, m->ctrl);
	rel_to(r, x->writes);
	if (m->has_plain) {
		rel_copy(m->t1, m->addr);
		rel_to(m->t1, m->plain);
		rel_or_seq(r, m->t1, m->wmb);
	}
	rel_copy(m->t1, m->addr);
	rel_to(m->t1, x->reads);
	rel_or(r, m->t1);
	rel_copy(m->t1, m->dep);
	rel_to(m->t1, m->marked);
	rel_or_seq(r, m->t1, m->rfi);
	rel_copy(m->t1, m->own_fence);
	rel_or(m->t1, m->unlock_lock);
	rel_and(m->t1, x->internal);
	rel_or(r, m->t1);
}

/*
 * A-cumul(r) = (rfe ; [Marked])? ; r
 * rmw-sequence = (rf ; rmw)*
 * cumul-fence = [Marked] ; (A-cumul(strong-fence | po-rel) | wmb |
 *	po-unlock-lock-po) ; [Marked] ; rmw-sequence
 */
static void make_cumul_star(struct model *m, const struct execution *x)
{
	rel_copy(m->t1, m->strong_fence);
	rel_or(m->t1, m->po_rel);
	rel_copy(m->t2, m->rfe);
	rel_to(m->t2, m->marked);
	rel_copy(m->t3, m->t1);
	rel_or_seq(m->t3, m->t2, m->t1);
	rel_or(m->t3, m->wmb);
	rel_or(m->t3, m->unlock_lock);
	rel_from(m->t3, m->marked);
	rel_to(m->t3, m->marked);
	rel_copy(m->cumul_star, m->t3);
	if (!rel_is_empty(x->rmw)) {
		rel_seq(m->t1, x->rf, x->rmw);
		rel_close(m->t1);
		rel_or_seq(m->cumul_star, m->t3, m->t1);
	}
	rel_close(m->cumul_star);
	rel_or_id(m->cumul_star);
}

/* What follows (overwrite & ext)? in prop:
 * cumul-fence* ; [Marked] ; rfe? ; [Marked] */
static void make_spread(struct model *m)
{
	rel_copy(m->t1, m->cumul_star);
	rel_to(m->t1, m->marked);
	rel_copy(m->spread, m->t1);
	rel_or_seq(m->spread, m->t1, m->rfe);
	rel_to(m->spread, m->marked);
}

/* ---- of co, too ---- */

static void make_ppo(struct model *m, const struct execution *x)
{
	rel_copy(m->ppo, x->co);
	rel_or(m->ppo, m->fr);
	rel_and(m->ppo, x->internal);
	rel_or(m->ppo, m->rf_ppo);
}

/* prop = [Marked] ; (overwrite & ext)? ; cumul-fence* ; [Marked] ; rfe? ;
 *	[Marked] */
static void make_prop(struct model *m, const struct execution *x)
{
	rel_copy(m->t1, x->co);
	rel_or(m->t1, m->fr);
	rel_minus(m->t1, x->internal);
	rel_or_id(m->t1);
	rel_from(m->t1, m->marked);
	rel_seq(m->prop, m->t1, m->spread);
}

/* hb = [Marked] ; (ppo | rfe | ((prop \ id) & int)) ; [Marked] */
static void make_hb(struct model *m, const struct execution *x)
{
	rel_copy(m->hb, m->prop);
	rel_minus_id(m->hb);
	rel_and(m->hb, x->internal);
	rel_or(m->hb, m->ppo);
	rel_or(m->hb, m->rfe);
	rel_from(m->hb, m->marked);
	rel_to(m->hb, m->marked);
}

/* pb = prop ; strong-fence ; hb* ; [Marked] */
static void make_pb(struct model *m)
{
	rel_copy(m->hb_star, m->hb);
	rel_close(m->hb_star);
	rel_or_id(m->hb_star);
	rel_clear(m->pb);
	if (!m->has_strong)
		return;
	rel_seq(m->t1, m->prop, m->strong_fence);
	rel_or_seq(m->pb, m->t1, m->hb_star);
	rel_to(m->pb, m->marked);
}

/* ---- RCU ---- */

/* rcu-rscs and srcu-rscs, backwards: rcu-rscsi | srcu-rscsi */
static void make_srcu(struct model *m, const struct execution *x)
{
	struct rel carry = m->t1;

	if (!m->has_srcu)
		return;
	/* carry-srcu-data = (data ; [~ Srcu-unlock] ; rf)* */
	rel_copy(m->t2, m->data);
	for (unsigned int e = 0; e < x->nr; e++)
		for (unsigned int i = 0; i < m->t2.words; i++)
			rel_row(m->t2, e)[i] &= ~TAG(x, SRCU_UNLOCK).at[i];
	rel_seq(carry, m->t2, x->rf);
	rel_close(carry);
	rel_or_id(carry);
	rel_from(carry, TAG(x, SRCU_LOCK));
	rel_seq(m->srcu_rscs, carry, m->data);
	rel_to(m->srcu_rscs, TAG(x, SRCU_UNLOCK));
	rel_and(m->srcu_rscs, x->loc);
}

/* r |= gp ; t3 ; rscsi | rscsi ; t3 ; gp, with @rscs backwards, of the kind
 * that @sync waits for, and where @loc is given, of the same struct. */
static void or_pairs(struct rel r, struct model *m, const struct execution *x,
		     struct rel rscs, struct set sync, bool same_loc)
{
	rel_inverse(m->t1, rscs);
	rel_seq(m->t2, m->t3, m->t1);
	rel_from(m->t2, sync);
	if (same_loc)
		rel_and(m->t2, x->loc);
	rel_or(r, m->t2);
	rel_seq(m->t2, m->t1, m->t3);
	rel_to(m->t2, sync);
	if (same_loc)
		rel_and(m->t2, x->loc);
	rel_or(r, m->t2);
}

static void or_all_pairs(struct rel r, struct model *m,
			 const struct execution *x)
{
	or_pairs(r, m, x, m->rscs, TAG(x, SYNC_RCU), false);
	if (m->has_srcu)
		or_pairs(r, m, x, m->srcu_rscs, TAG(x, SYNC_SRCU), true);
}

/* As many grace periods as sections, joined by rcu-link; least of its kind. */
static void make_rcu_order(struct model *m, const struct execution *x)
{
	struct rel r = m->rcu_order, link = m->rcu_link;

	rel_clear(r);
	for (unsigned int e = 0; e < x->nr; e++)
		if (x->events[e].tags & (TAGGED(SYNC_RCU) | TAGGED(SYNC_SRCU)))
			rel_add(r, e, e);
	rel_copy(m->t3, link);
	or_all_pairs(r, m, x);
	do {
		rel_copy(m->rb, r);
		rel_seq(m->t1, link, r);
		rel_seq(m->t3, m->t1, link);
		or_all_pairs(r, m, x);
		rel_seq(m->t1, r, link);
		rel_copy(m->t2, r);
		rel_or_seq(r, m->t1, m->t2);
	} while (!rel_is_equal(m->rb, r));
}

/*
 * rcu-link = po? ; hb* ; pb* ; prop ; po
 * rb = prop ; po ; rcu-order ; po? ; hb* ; pb* ; [Marked]
 */
static void make_rb(struct model *m, const struct execution *x)
{
	rel_copy(m->t4, m->pb);
	rel_close(m->t4);
	rel_or_id(m->t4);
	rel_seq(m->t1, m->hb_star, m->t4);
	rel_copy(m->t4, m->t1);
	rel_or_seq(m->t4, x->po, m->t1); /* po? ; hb* ; pb* */
	rel_seq(m->t1, m->t4, m->prop);
	rel_seq(m->rcu_link, m->t1, x->po);
	make_rcu_order(m, x);
	rel_seq(m->t1, m->prop, x->po);
	rel_seq(m->t2, m->t1, m->rcu_order);
	rel_seq(m->rb, m->t2, m->t4);
	rel_to(m->rb, m->marked);
}

/*
 * rcu-fence = po ; rcu-order ; po?
 * fence = fence | rcu-fence
 * strong-fence = strong-fence | rcu-fence
 */
static void make_full_fence(struct model *m, const struct execution *x)
{
	rel_copy(m->fence, m->own_fence);
	rel_copy(m->full_fence, m->strong_fence);
	if (!m->has_gp)
		return;
	rel_seq(m->t1, x->po, m->rcu_order);
	rel_copy(m->t2, m->t1);
	rel_or_seq(m->t2, m->t1, x->po);
	rel_or(m->fence, m->t2);
	rel_or(m->full_fence, m->t2);
}

/* The axioms happens-before and propagation. */
static bool is_ordered(struct model *m, struct execution *x)
{
	make_ppo(m, x);
	make_prop(m, x);
	make_hb(m, x);
	if (!rel_is_acyclic(m->hb))
		return false;
	if (m->less.only_hb)
		return true;
	if (m->has_strong || m->has_gp || m->has_plain)
		make_pb(m);
	return rel_is_acyclic(m->pb);
}

bool model_allows_order(struct model *m, struct execution *x)
{
	rel_seq(m->fr, m->from, x->co);
	if (!(x->test->has_device ? device_allows(&m->device, m, x)
				  : is_ordered(m, x)))
		return false;
	if (m->has_gp && !m->less.only_hb) {
		make_rb(m, x);
		if (!rel_is_irreflexive(m->rb))
			return false;
	}
	if (m->in_order && !model_is_in_order(m, x))
		return false;
	if (!m->has_plain)
		return true;
	make_full_fence(m, x);
	return model_allows_plain(m, x);
}

bool model_allows(struct model *m, struct execution *x)
{
	make_communication(m, x);
	make_dependencies(m, x);
	make_unlock_lock(m, x);
	make_fences(m, x);
	make_rf_ppo(m, x);
	make_cumul_star(m, x);
	make_spread(m);
	make_srcu(m, x);
	if (x->test->has_device)
		device_read(&m->device, m, x);
	return model_allows_order(m, x);
}
