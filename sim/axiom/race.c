/* SPDX-License-Identifier: MIT */
#include "axiom/model.h"

/*
 * Plain accesses and data races, and the other flags: the second half of
 * linux-kernel.cat.  model_allows() was asked last about this execution.
 */

enum { XBSTAR, VIS, WW_VIS, WR_VIS, RW_XBSTAR, PRE_RACE, NOTE, OTHER };

static void make_room(struct model *m, struct execution *x)
{
	if (m->has_race_room)
		return;
	for (size_t i = 0; i < sizeof(m->vis) / sizeof(m->vis[0]); i++)
		m->vis[i] = rel_new(&x->space);
	m->has_race_room = true;
}

/* xbstar = (hb | pb | rb)* */
static void make_xbstar(struct model *m)
{
	struct rel r = m->vis[XBSTAR];

	rel_copy(r, m->hb);
	rel_or(r, m->pb);
	if (m->has_gp)
		rel_or(r, m->rb);
	rel_close(r);
	rel_or_id(r);
}

/*
 * vis = cumul-fence* ; rfe? ; [Marked] ;
 *	((strong-fence ; [Marked] ; xbstar) | (xbstar & int))
 */
static void make_vis(struct model *m, const struct execution *x)
{
	rel_copy(m->t3, m->full_fence);
	rel_to(m->t3, m->marked);
	rel_seq(m->t1, m->t3, m->vis[XBSTAR]);
	rel_copy(m->t2, m->vis[XBSTAR]);
	rel_and(m->t2, x->internal);
	/* The initial values are no thread's, but each is before itself. */
	rel_or_id(m->t2);
	rel_or(m->t1, m->t2);
	rel_copy(m->t3, m->cumul_star);
	rel_or_seq(m->t3, m->cumul_star, m->rfe);
	rel_to(m->t3, m->marked);
	rel_seq(m->vis[VIS], m->t3, m->t1);
}

/*
 * w-pre-bounded = [Marked] ; (addr | fence)?
 * r-pre-bounded = [Marked] ; (addr | nonrw-fence |
 *	([R4rmb] ; fencerel(Rmb) ; [~Noreturn]))?
 * w-post-bounded = fence? ; [Marked] ; rmw-sequence
 * r-post-bounded = (nonrw-fence | ([~Noreturn] ; fencerel(Rmb) ; [R4rmb]))? ;
 *	[Marked]
 */
static void make_pre(struct rel r, struct model *m, struct rel fence,
		     struct rel rmb)
{
	rel_copy(r, m->addr);
	rel_or(r, fence);
	rel_or(r, rmb);
	rel_or_id(r);
	rel_from(r, m->marked);
}

static void make_post(struct rel r, struct model *m, struct rel fence,
		      struct rel rmb)
{
	rel_copy(r, fence);
	rel_or(r, rmb);
	rel_or_id(r);
	rel_to(r, m->marked);
}

/* fencerel(Rmb) that begins, or ends, with a read that it works for. */
static void make_half_rmb(struct rel r, struct model *m,
			  const struct execution *x, bool begins)
{
	struct rel from = m->vis[OTHER];

	rel_copy(from, x->po);
	rel_to(from, x->tagged[TAG_RMB]);
	rel_seq(r, from, x->po);
	for (unsigned int e = 0; e < x->nr; e++) {
		bool works = !set_has(x->tagged[TAG_NORETURN], e);
		bool reads = works && set_has(x->reads, e);
		bool from_it = begins ? reads : works;
		bool to_it = begins ? works : reads;

		for (unsigned int f = 0; !from_it && f < r.words; f++)
			rel_row(r, e)[f] = 0;
		for (unsigned int f = 0; !to_it && f < x->nr; f++)
			rel_row(r, f)[e / REL_BITS] &=
				~((uint64_t)1 << e % REL_BITS);
	}
}

/* r = fence | (strong-fence ; xbstar ; @pre) | (@post_vis ; @pre) */
static void make_visible(struct rel r, struct model *m, struct rel post_vis,
			 struct rel pre)
{
	rel_copy(r, m->fence);
	rel_or_seq(r, post_vis, pre);
	rel_seq(m->vis[NOTE], m->full_fence, m->vis[XBSTAR]);
	rel_or_seq(r, m->vis[NOTE], pre);
}

/*
 * ww-vis = fence | (strong-fence ; xbstar ; w-pre-bounded) |
 *	(w-post-bounded ; vis ; w-pre-bounded)
 * wr-vis = fence | (strong-fence ; xbstar ; r-pre-bounded) |
 *	(w-post-bounded ; vis ; r-pre-bounded)
 * rw-xbstar = fence | (r-post-bounded ; xbstar ; w-pre-bounded)
 */
static void make_bounded(struct model *m, const struct execution *x)
{
	struct rel none = m->vis[OTHER];

	rel_clear(none);
	make_post(m->t1, m, m->fence, none);
	if (!rel_is_empty(x->rmw)) {
		rel_seq(m->t2, x->rf, x->rmw);
		rel_close(m->t2);
		rel_copy(m->t3, m->t1);
		rel_or_seq(m->t1, m->t3, m->t2);
	}
	rel_seq(m->t2, m->t1, m->vis[VIS]);
	make_pre(m->t3, m, m->fence, none);
	make_visible(m->vis[WW_VIS], m, m->t2, m->t3);
	make_half_rmb(m->t4, m, x, true);
	make_pre(m->t1, m, m->nonrw_fence, m->t4);
	make_visible(m->vis[WR_VIS], m, m->t2, m->t1);
	make_half_rmb(m->t4, m, x, false);
	make_post(m->t1, m, m->nonrw_fence, m->t4);
	rel_seq(m->t2, m->t1, m->vis[XBSTAR]);
	rel_copy(m->vis[RW_XBSTAR], m->fence);
	rel_or_seq(m->vis[RW_XBSTAR], m->t2, m->t3);
}

/* pre-race = ext & ((Plain * M) | ((M \ IW) * Plain)) */
static void make_pre_race(struct model *m, const struct execution *x)
{
	struct rel r = m->vis[PRE_RACE];

	for (unsigned int a = 0; a < x->nr; a++)
		for (unsigned int i = 0; i < r.words; i++) {
			bool is_first = x->events[a].thread == NO_THREAD;

			rel_row(r, a)[i] = set_has(m->plain, a)
						   ? x->memory.at[i]
					   : !set_has(x->memory, a) || is_first
						   ? 0
						   : m->plain.at[i];
		}
	rel_minus(r, x->internal);
}

/*
 * wr-incoh = pre-race & rf & rw-xbstar^-1
 * rw-incoh = pre-race & fr & wr-vis^-1
 * ww-incoh = pre-race & co & ww-vis^-1
 * empty (wr-incoh | rw-incoh | ww-incoh) as plain-coherence
 */
static bool is_incoherent(struct model *m, struct rel com, struct rel vis)
{
	rel_inverse(m->t1, vis);
	rel_and(m->t1, com);
	rel_and(m->t1, m->vis[PRE_RACE]);
	return !rel_is_empty(m->t1);
}

bool model_allows_plain(struct model *m, struct execution *x)
{
	make_room(m, x);
	make_xbstar(m);
	make_vis(m, x);
	make_bounded(m, x);
	make_pre_race(m, x);
	return !is_incoherent(m, x->rf, m->vis[RW_XBSTAR]) &&
	       !is_incoherent(m, m->fr, m->vis[WR_VIS]) &&
	       !is_incoherent(m, x->co, m->vis[WW_VIS]);
}

/* Whether @com, where it may race, is not all in @safe. */
static bool is_race(struct model *m, struct rel com, struct rel safe)
{
	rel_and(com, m->vis[PRE_RACE]);
	rel_minus(com, safe);
	return !rel_is_empty(com);
}

/*
 * ww-nonrace = ww-vis & ((Marked * W) | rw-xbstar) & ((W * Marked) | wr-vis)
 * ww-race = (pre-race & co) \ ww-nonrace
 * wr-race = (pre-race & (co? ; rf)) \ wr-vis \ rw-xbstar^-1
 * rw-race = (pre-race & fr) \ rw-xbstar
 */
bool model_races(struct model *m, const struct execution *x)
{
	if (!m->has_plain)
		return false;
	rel_copy(m->t1, m->vis[WW_VIS]);
	for (unsigned int a = 0; a < x->nr; a++)
		for (unsigned int i = 0; i < m->t1.words; i++) {
			uint64_t *row = &rel_row(m->t1, a)[i];

			if (!set_has(m->marked, a))
				*row &= rel_row(m->vis[RW_XBSTAR], a)[i];
			*row &= m->marked.at[i] | rel_row(m->vis[WR_VIS], a)[i];
		}
	rel_copy(m->t2, x->co);
	if (is_race(m, m->t2, m->t1))
		return true;
	rel_copy(m->t2, x->rf);
	rel_or_seq(m->t2, x->co, x->rf);
	rel_inverse(m->t1, m->vis[RW_XBSTAR]);
	rel_or(m->t1, m->vis[WR_VIS]);
	if (is_race(m, m->t2, m->t1))
		return true;
	rel_copy(m->t2, m->fr);
	return is_race(m, m->t2, m->vis[RW_XBSTAR]);
}
