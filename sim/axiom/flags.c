/* SPDX-License-Identifier: MIT */
#include "axiom/model.h"

#include <limits.h>

/*
 * What linux-kernel.bell, lock.cat and linux-kernel.cat flag: a test that does
 * what it flags has no meaning, or not the one that its author had in mind.
 */

#define IS(ev, tag) ((ev)->tags & TAGGED(tag))

/* ---- sections ---- */

static bool is_related(struct rel r, uint32_t e, bool as_first)
{
	for (uint32_t f = 0; f < r.nr; f++)
		if (as_first ? rel_has(r, e, f) : rel_has(r, f, e))
			return true;
	return false;
}

/* Whether an event with @tag is not in @rscs, as its first or as its last. */
static bool is_unmatched(const struct execution *x, struct rel rscs,
			 enum litmus_tag tag, bool as_first)
{
	for (uint32_t e = 0; e < x->nr; e++)
		if (set_has(x->tagged[tag], e) &&
		    !is_related(rscs, e, as_first))
			return true;
	return false;
}

static bool rcu_lock(struct model *m, const struct execution *x)
{
	return is_unmatched(x, m->rscs, TAG_RCU_LOCK, true);
}

static bool rcu_unlock(struct model *m, const struct execution *x)
{
	return is_unmatched(x, m->rscs, TAG_RCU_UNLOCK, false);
}

static bool srcu_lock(struct model *m, const struct execution *x)
{
	return is_unmatched(x, m->srcu_rscs, TAG_SRCU_LOCK, true);
}

static bool srcu_unlock(struct model *m, const struct execution *x)
{
	return is_unmatched(x, m->srcu_rscs, TAG_SRCU_UNLOCK, false);
}

static bool has_multiple(struct model *m, const struct execution *x)
{
	(void)x;
	rel_inverse(m->t1, m->srcu_rscs);
	rel_seq(m->t2, m->t1, m->srcu_rscs);
	rel_minus_id(m->t2);
	return !rel_is_empty(m->t2);
}

/* synchronize_srcu() in a section of RCU */
static bool sleeps(struct model *m, const struct execution *x)
{
	rel_copy(m->t1, x->po);
	rel_to(m->t1, x->tagged[TAG_SYNC_SRCU]);
	rel_seq(m->t2, m->t1, x->po);
	rel_and(m->t2, m->rscs);
	return !rel_is_empty(m->t2);
}

/* ---- accesses ---- */

static const uint64_t of_locks = TAGGED(LKR) | TAGGED(LKW) | TAGGED(UL) |
				 TAGGED(LF) | TAGGED(RL) | TAGGED(RU) |
				 TAGGED(SRCU_LOCK) | TAGGED(SRCU_UNLOCK) |
				 TAGGED(SYNC_SRCU);

static bool mixes_locks(struct model *m, const struct execution *x)
{
	(void)m;
	for (uint32_t a = 0; a < x->nr; a++) {
		const struct event *ev = &x->events[a];

		if (!set_has(x->memory, a) || IS(ev, INIT) ||
		    ev->tags & of_locks)
			continue;
		for (uint32_t b = 0; b < x->nr; b++)
			if (rel_has(x->loc, a, b) &&
			    x->events[b].tags & of_locks)
				return true;
	}
	return false;
}

/* An unlock of what the thread does not hold. */
static bool unlocks_nothing(struct model *m, const struct execution *x)
{
	(void)m;
	for (uint32_t e = 0; e < x->nr; e++) {
		bool holds = false;

		if (!IS(&x->events[e], UL) ||
		    x->test->locs.at[x->events[e].loc].is_completion)
			continue;
		for (uint32_t f = x->events[e].base; f < e; f++)
			if (rel_has(x->loc, e, f) &&
			    x->events[f].tags & (TAGGED(LKW) | TAGGED(UL)))
				holds = IS(&x->events[f], LKW);
		if (!holds)
			return true;
	}
	return false;
}

/*
 * barrier = fencerel(Barrier | Rmb | Wmb | Mb | Sync-rcu | Sync-srcu |
 *	Before-atomic | After-atomic | Acquire | Release | Rcu-lock |
 *	Rcu-unlock | Srcu-lock | Srcu-unlock) | (po ; [Release]) |
 *	([Acquire] ; po)
 */
static void make_barrier(struct rel r, struct model *m,
			 const struct execution *x)
{
	static const uint64_t tags =
		TAGGED(BARRIER) | TAGGED(RMB) | TAGGED(WMB) | TAGGED(MB) |
		TAGGED(SYNC_RCU) | TAGGED(SYNC_SRCU) | TAGGED(BEFORE_ATOMIC) |
		TAGGED(AFTER_ATOMIC) | TAGGED(ACQUIRE) | TAGGED(RELEASE) |
		TAGGED(RCU_LOCK) | TAGGED(RCU_UNLOCK) | TAGGED(SRCU_LOCK) |
		TAGGED(SRCU_UNLOCK);

	rel_copy(m->t1, x->po);
	for (uint32_t a = 0; a < x->nr; a++)
		for (uint32_t b = 0; b < x->nr; b++)
			if (!(x->events[b].tags & tags))
				rel_row(m->t1, a)[b / REL_BITS] &=
					~((uint64_t)1 << b % REL_BITS);
	rel_seq(r, m->t1, x->po);
	for (uint32_t a = 0; a < x->nr; a++)
		for (uint32_t b = 0; b < x->nr; b++)
			if (rel_has(x->po, a, b) &&
			    (IS(&x->events[b], RELEASE) ||
			     IS(&x->events[a], ACQUIRE)))
				rel_add(r, a, b);
}

/*
 * mixed-accesses = ([Plain & W] ; (po-loc \ barrier) ; [Marked]) |
 *	([Marked] ; (po-loc \ barrier) ; [Plain & W])
 */
static bool mixes_accesses(struct model *m, const struct execution *x)
{
	if (!m->has_plain)
		return false;
	make_barrier(m->t2, m, x);
	for (uint32_t a = 0; a < x->nr; a++)
		for (uint32_t b = 0; b < x->nr; b++) {
			bool is_plain_a = set_has(m->plain, a);
			bool is_plain_b = set_has(m->plain, b);
			uint32_t plain = is_plain_a ? a : b;

			if (is_plain_a != is_plain_b &&
			    x->events[plain].writes && rel_has(x->po, a, b) &&
			    rel_has(x->loc, a, b) && !rel_has(m->t2, a, b))
				return true;
		}
	return false;
}

static const struct {
	const char *name;
	bool (*is_set)(struct model *m, const struct execution *x);
	bool is_fixed; /* it follows from the paths */
} flags[] = {
	[FLAG_DATA_RACE] = {"data-race", model_races, false},
	[FLAG_MIXED_ACCESSES] = {"mixed-accesses", mixes_accesses, true},
	[FLAG_MIXED_LOCK_ACCESSES] = {"mixed-lock-accesses", mixes_locks, true},
	[FLAG_UNMATCHED_RCU_LOCK] = {"unmatched-rcu-lock", rcu_lock, true},
	[FLAG_UNMATCHED_RCU_UNLOCK] = {"unmatched-rcu-unlock", rcu_unlock,
				       true},
	[FLAG_UNMATCHED_SRCU_LOCK] = {"unmatched-srcu-lock", srcu_lock, false},
	[FLAG_UNMATCHED_SRCU_UNLOCK] = {"unmatched-srcu-unlock", srcu_unlock,
					false},
	[FLAG_MULTIPLE_SRCU_MATCHES] = {"multiple-srcu-matches", has_multiple,
					false},
	[FLAG_INVALID_SLEEP] = {"invalid-sleep", sleeps, true},
	[FLAG_UNMATCHED_UNLOCK] = {"unmatched-unlock", unlocks_nothing, true},
};

const char *model_flag_name(enum model_flag flag)
{
	return flags[flag].name;
}

static unsigned int set_flags(struct model *m, const struct execution *x,
			      unsigned int asked, bool are_fixed)
{
	unsigned int set = 0;

	for (unsigned int i = 0; i < FLAG_NR; i++)
		if (asked >> i & 1 && flags[i].is_fixed == are_fixed &&
		    flags[i].is_set(m, x))
			set |= 1u << i;
	return set;
}

unsigned int model_fixed_flags(struct model *m, const struct execution *x)
{
	return set_flags(m, x, UINT_MAX, true);
}

unsigned int model_flags(struct model *m, const struct execution *x,
			 unsigned int asked)
{
	unsigned int set = m->fixed_flags & asked;

	return m->has_plain || m->has_srcu ? set | set_flags(m, x, asked, false)
					   : set;
}
