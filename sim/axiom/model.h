/* SPDX-License-Identifier: MIT */
#ifndef AXIOM_MODEL_H
#define AXIOM_MODEL_H

/*
 * Model: which executions there are, as relations and axioms.
 *
 * The Linux kernel memory model as tools/memory-model of Linux 6.12 has it
 * (linux-kernel.cat, .bell, lock.cat), read with the semantics of herd7 7.57.
 * Every relation bears the name that it has there, and says the same; the
 * theory is in Documentation/explanation.txt beside them and in Alglave,
 * Maranget, McKenney, Parri and Stern, "Frightening Small Children and
 * Disconcerting Grown-ups: Concurrency in the Linux Kernel" (ASPLOS 2018).
 *
 * Coherence and atomicity are not asked for here: whoever builds an execution
 * keeps them (search.h).  All axioms are of the kind that what is forbidden
 * stays so when rf or co grow, so that they can be asked early.
 */

#include "axiom/device.h"
#include "axiom/execution.h"

/* What herd7 prints as "Flag ...". */
enum model_flag {
	FLAG_DATA_RACE,
	FLAG_MIXED_ACCESSES,
	FLAG_MIXED_LOCK_ACCESSES,
	FLAG_UNMATCHED_RCU_LOCK,
	FLAG_UNMATCHED_RCU_UNLOCK,
	FLAG_UNMATCHED_SRCU_LOCK,
	FLAG_UNMATCHED_SRCU_UNLOCK,
	FLAG_MULTIPLE_SRCU_MATCHES,
	FLAG_INVALID_SLEEP,
	FLAG_UNMATCHED_UNLOCK,
	FLAG_NR,
};

/* "data-race" */
const char *model_flag_name(enum model_flag flag);

/* See in-order.c: who is before a full fence, and who is behind it, from and to
 * where it lands; full: those for devices. */
struct in_order {
	struct rel to_fence, to_full, behind_fence, behind_full;
	struct rel order, lands, smp_lands, t;
	struct set registers;
};

/* For whom it is that barriers between CPUs keep a read before what follows:
 * for what CPUs store there, as the relations have it; or as if it were for
 * all, or for nobody. */
enum model_smp { SMP_FOR_CPUS, SMP_FOR_ALL, SMP_FOR_NOBODY };

/* What a model leaves out, to find out on what an answer rests. */
struct model_less {
	/* The axioms propagation and rcu: what a strong fence does beside
	 * ordering its own thread; and what a read barrier has brought in. */
	bool only_hb;
	enum model_smp smp; /* of tests with a device */
};

struct model {
	struct model_less less; /* set before model_begin() */
	/* Leave out executions in which something is early, see in-order.c:
	 * what is left are those of weak memory.  Set before model_begin(). */
	bool in_order;
	/* Of the paths alone. */
	struct set marked, plain;
	struct rel fixed_mb, rmb, wmb, gp, po_rel, acq_po, rscs;
	bool has_gp, has_srcu, has_plain, carries, has_after_unlock;
	unsigned int fixed_flags; /* of those that follow from the paths */
	/* Of rf. */
	struct rel from, rfe, rfi, addr, data, ctrl, dep;
	struct rel mb, strong_fence, nonrw_fence, own_fence, unlock_lock;
	struct rel rf_ppo, cumul_star, spread, srcu_rscs;
	bool has_strong;
	/* Of co, too. */
	struct rel fr, ppo, prop, hb, hb_star, pb, rcu_link, rcu_order, rb;
	struct rel fence, full_fence; /* with those of RCU */
	struct rel t1, t2, t3, t4;    /* for in between */
	struct rel vis[8];            /* for races; see race.c */
	bool has_race_room;
	struct in_order in_place;
	struct device_model device; /* where one takes part */
};

/* A model that is all zero bytes is ready for model_begin(); its relations are
 * those of the space of @x. */
void model_begin(struct model *m, struct execution *x);

/*
 * Whether the axioms allow what there is of @x: forbidden stays so, whatever is
 * added to rf and co.  The second one is for an @x whose rf is what it was when
 * @m was asked last.
 */
bool model_allows(struct model *m, struct execution *x);
bool model_allows_order(struct model *m, struct execution *x);

/* Of flags.c: those that follow from the paths of @x, for model_begin(). */
unsigned int model_fixed_flags(struct model *m, const struct execution *x);

/* What is wrong with the allowed execution @x, which is complete and the last
 * one that @m was asked about: of the flags in @asked, each a bit. */
unsigned int model_flags(struct model *m, const struct execution *x,
			 unsigned int asked);

/* Of race.c: the axiom of plain accesses, and whether there is a data race. */
bool model_allows_plain(struct model *m, struct execution *x);
bool model_races(struct model *m, const struct execution *x);

/* Of in-order.c: whether nothing is early; the axioms were asked before. */
void model_begin_in_order(struct model *m, struct execution *x);
bool model_is_in_order(struct model *m, const struct execution *x);

#endif /* AXIOM_MODEL_H */
