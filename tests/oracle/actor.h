/* SPDX-License-Identifier: MIT */
#ifndef TESTS_ORACLE_ACTOR_H
#define TESTS_ORACLE_ACTOR_H

/*
 * Actor: the fibers that stand for one actor of a run, for edges.c and the
 * files beside it.
 *
 * One would do if a barrier ordered all that its actor does.  dma_rmb() orders
 * reads and no writes, smp_mb() nothing that a device could see, a register is
 * neither; so what an actor knows is kept by what it does next, and by who will
 * look at that:
 *
 *	loads     its later reads come after that
 *	stores    its later stores come after that, whoever sees them,
 *	sees      and after that, too, as this one sees them
 *	heard     what its reads brought, and nothing has ordered
 *	tells     what its next store tells of writes
 *	own       what it did
 */

#include "known.h"
#include "edges.h"

/* Towards a CPU, a device; and by a register. */
enum way { CPU, DEV, REG, WAYS };

struct unlocked {
	const struct tale *all, *by_cpus, *told, *own;
	bool is_any;
};

struct actor {
	struct stream belief;

	/* Of a CPU. */
	struct stream loads[WAYS];
	struct stream stores, reg_stores; /* apart: those to registers */
	struct stream sees[WAYS];
	struct stream heard[WAYS];
	struct stream blind;    /* by reads whose value nobody gets */
	struct stream computed; /* what own stores that it read came from */
	struct stream tells[WAYS];
	struct stream stored[WAYS]; /* what its stores came after */
	struct stream handed[DEV + 1];
	struct stream released, answered, resting;
	struct stream pushed;          /* writes of devices, by their answers */
	struct stream rung;            /* what its register writes told */
	const struct tale *read_after; /* its last read of memory did */
	const struct tale *behind;     /* its last store to memory was */
	const struct tale *unlock_behind; /* the same, before its last unlock */
	const struct tale *pulled;        /* by readl(), for the next read */

	struct unlocked unlocked;
	bool is_apart;

	/* Of both: its reads or writes, by what travels. */
	struct stream own;

	/* Of a device. */
	struct stream knows, arrived;
	struct stream unordered;             /* its own writes of that kind */
	const struct tale *settled, *fenced; /* own by then */

	uint64_t section, grace; /* of RCU: where they began */
	/* What pieces of a read have brought that is not at its end. */
	const struct tale *deferred;
};

/* A lock, a completion, a thread or an interrupt. */
struct meeting {
	uint32_t id;
	const struct tale *all[LOG_ACTORS], *told[DEV + 1][LOG_ACTORS];
	const struct tale *rung[LOG_ACTORS], *asked[LOG_ACTORS];
	const struct tale *belief;
	bool is_full; /* a full fence stands between its two ends */
};

struct reading {
	uint64_t begin;
	const struct tale *all, *belief;
};

/* What is kept of an access: views are CPU and DEV. */
struct made {
	const struct tale *dot;     /* itself */
	const struct tale *mark;    /* of a store: that it was made */
	const struct tale *arrived; /* of a device's store to a register */
	const struct tale *before[DEV + 1]; /* what it comes after */
	const struct tale *brought;         /* of a read */
	const struct tale *from[DEV + 1];   /* of a store: the reads in it */
	const struct tale *tells[DEV + 1];  /* of a store */
	const struct tale *belief;          /* of a store */
	bool of_device; /* of a read: it, or its address, is */
};

/* An access, and a store of another there that came later. */
struct overtaken {
	cdma_actor_id actor;
	uint32_t access, store;
};

/* The entry, a read or a lock, has told of such a store. */
struct follows {
	uint32_t entry, access;
};

struct walk {
	const struct log *log;
	enum travels travels;
	struct actor actor[LOG_ACTORS];
	struct made *made; /* by entry */
	CDMA_VEC(struct meeting) objects;
	CDMA_VEC(struct reading) sections;
	struct meeting graces;
	CDMA_VEC(struct overtaken) overtaken;
	/* By entry; found out when writes travel. */
	CDMA_VEC(struct follows) follows;
	size_t next;
	bool (*proves)(void *aux, uint32_t read, uint32_t store);
	void *aux;
};

static inline bool is_device(const struct walk *w, const struct entry *e)
{
	return log_is_device(w->log, e->ev.actor);
}

/* What read @i, whoever uses it, comes after, brought and is. */
const struct tale *node(const struct walk *w, uint32_t i, int view);
const struct tale *nodes(const struct walk *w, const struct few *reads,
			 int view);

/* All that @actor, a CPU's or a device's, has heard of in order. */
const struct tale *all_known(struct actor *actor);

/* All accesses of the engines of a device. */
const struct tale *all_done(struct walk *w, cdma_device_id device,
			    bool and_known);

/* What the access @i comes after, towards whoever @of is, beside what it is
 * computed from; and that, too. */
const struct tale *before_access(struct walk *w, uint32_t i, uint32_t of);

/* Parts of that, of a store @i of a CPU: what it was computed from; that and
 * what is there beside it; and all. */
const struct tale *computed_from(struct walk *w, uint32_t i, int view);
const struct tale *store_after(struct walk *w, uint32_t i, int view);
const struct tale *before_store(struct walk *w, uint32_t i, int view);

/* The last store of the same actor to some of these bytes, or NOBODY. */
uint32_t last_there(const struct walk *w, uint32_t i);

/* overtaken.c: the store @i is made; the entry @i is told that; and what it so
 * comes after. */
void note_overtaken(struct walk *w, uint32_t i);
void find_overtaken(struct walk *w, uint32_t i, const struct tale *told);
const struct tale *after_overtaken(struct walk *w, uint32_t i, int view);

/* All that an actor has heard of, ordered or not. */
const struct tale *all_heard(struct actor *actor);

/* Whether it is a write of a device that may pass others. */
bool may_overtake(const struct entry *e);

/* The store @i is made, by a CPU, or a device; or as its author has it. */
void cpu_store(struct walk *w, uint32_t i);
void device_store(struct walk *w, uint32_t i);
void store_belief(struct walk *w, uint32_t i);

/* What the store that it read told, a read-modify-write @i tells, too. */
void hand_on(struct walk *w, uint32_t i);

/* The access @i is made. */
void do_access(struct walk *w, uint32_t i);

/* All that is no access. */
void do_other(struct walk *w, uint32_t i);

/* All that is over for who calls a map, an unmap or a sync. */
const struct tale *over_at(struct walk *w, uint32_t i);

#endif /* TESTS_ORACLE_ACTOR_H */
