/* SPDX-License-Identifier: MIT */
#ifndef CDMA_ORDER_ACTOR_H
#define CDMA_ORDER_ACTOR_H

/*
 * What the ordering rules know of one actor.
 *
 * Everything here is guaranteed by the machine, but for the belief, which is
 * what the author of the program goes by.  A finding is where they differ.
 *
 *	kr, kw    what its later reads, and later writes, come after
 *	pending   what its reads have brought in and no barrier has ordered yet
 *	unseen    the same of reads whose value nobody gets, those of
 *	          atomic_inc(): no read barrier is for them
 *	computed  what those of its own stores were computed from that it has
 *	          read: for reads to come, a read barrier between CPUs orders
 *	          that, and for writes none
 *	publish   what its next store tells beside that
 *	stored    what its stores came after, which a write barrier tells on
 *	late      what its later writes come after beside kw, by whom that is
 *	          with: where a barrier of that kind has put it
 *	handed    what it was handed by locks, thread starts and the like, by
 *	          whom that is told: unlike what it merely read, its own
 *	          dma_wmb() covers that, too.  Of a lock that is what the last
 *	          holder did and told, and not what that one had merely read
 *	belief    the last epoch of every actor that it has heard of
 *
 * Writes and reads of others do not travel alike.  A write has to propagate: a
 * store tells of it when it is in publish, where a barrier has put it.  A read
 * has nothing to propagate: a store tells of all reads that it comes after,
 * those in kw, whoever made them.
 *
 * A device makes no difference between kr and kw: a read of a device is
 * complete when it returns.
 */

#include "order/shadow.h"

/* Towards whom. */
enum cdma_towards { CDMA_TO_CPU, CDMA_TO_DEV, CDMA_TOWARDS_NR };

/* The way by which something passes from one actor to another: memory between
 * CPUs, memory between a CPU and a device, and registers.  smp_*() barriers are
 * for the first, dma_*() ones for the first two, the others for all. */
enum cdma_way { CDMA_BY_CPU, CDMA_BY_DEV, CDMA_BY_REG, CDMA_WAYS_NR };

/* One read; those of one record differ by their number only. */
struct cdma_read {
	uint64_t seq;
	struct cdma_record *record;
	uint32_t epoch;
};

/* A moment when the actor came to believe more. */
struct cdma_gain {
	const struct cdma_belief *belief; /* of the one it heard from */
	cdma_actor_id from;
	uint32_t epoch;            /* of from */
	struct cdma_party by;      /* the read, or acquire, that brought it */
	struct cdma_party publish; /* the store that the read saw */
};

/* What came before some stores, and up to which own read. */
struct cdma_stored {
	struct cdma_clock *past;
	uint32_t own_reads;
};

/*
 * Weak memory only, see landed.c: stores that its reads cannot miss, though
 * nothing that it read tells of them.  NULL: none.
 */
struct cdma_landed {
	/* What its later reads come after, by kind of reader: its own kind is
	 * the floor below which they cannot look. */
	struct cdma_clock *floor[CDMA_TOWARDS_NR];
	/* What its next store tells, by kind of reader. */
	struct cdma_clock *tells[CDMA_TOWARDS_NR];
	/* What its stores told: a write barrier hands it on. */
	struct cdma_clock *stored[CDMA_TOWARDS_NR];
	/* What its reads brought, by the way, and no barrier ordered. */
	struct cdma_clock *pending[CDMA_WAYS_NR][CDMA_TOWARDS_NR];
	/* The same of reads whose value nobody gets. */
	struct cdma_clock *unseen[CDMA_TOWARDS_NR];
	/* A dma_mb(), which is for memory alone, not for registers: what comes
	 * before it has landed when its actor touches memory again. */
	bool owes;
	const struct cdma_clock *owed;
};

/*
 * The last time that it released: a lock that it takes later, whichever that
 * is, orders what came before that against what comes then, as CPUs see it.
 */
struct cdma_unlocked {
	uint32_t epoch;
	/* What came before it, and of that what no device told; NULL: nothing.
	 */
	const struct cdma_clock *all, *by_cpus;
	const struct cdma_clock *told; /* see struct cdma_order_object */
};

/* What the last register read of an actor pushed. */
struct cdma_pushed {
	bool known; /* there was one */
	const struct cdma_clock *clock;
	uint64_t done; /* accesses of the device by then */
	cdma_device_id device;
};

/* Which gain brought @epoch of @other: what is newer came by no earlier one. */
struct cdma_asked {
	uint32_t epoch;
	cdma_actor_id other;
	size_t gain;
};

#define CDMA_ASKED_NR 4

/* An access of its own, and a store of another to the same bytes that it did
 * not see, or that overwrote it; see overtaken.c. */
struct cdma_overtaken {
	struct cdma_overtaken *older;
	const struct cdma_record *access, *store;
	uint32_t epoch; /* of access, which may stand for later ones, too */
};

struct cdma_order_actor {
	enum cdma_actor_kind kind;
	cdma_device_id device; /* of a device engine */
	bool started;
	uint32_t own;             /* what it releases when it ends */
	uint16_t lane, unordered; /* unordered: 0 until it is needed */
	uint32_t epoch;           /* of its last access */
	uint32_t segment;         /* how often it published */
	uint64_t branched;        /* seq: the newest read looked at */
	uint64_t section_begin;   /* seq: of RCU, the last one */
	uint64_t grace_begin;
	/* Of a device: up to where its writes are in memory for certain, after
	 * a fence, and after a fence or a read. */
	uint32_t fenced, settled;
	struct cdma_clock *arrived; /* and what of all that it knows */

	struct cdma_clock *kr, *kw;
	struct cdma_clock *pending[CDMA_WAYS_NR]; /* by what was read */
	struct cdma_clock *unseen;
	struct cdma_clock *computed;
	struct cdma_clock *publish[CDMA_WAYS_NR];
	uint32_t own_writes[CDMA_WAYS_NR], own_reads[CDMA_WAYS_NR];
	uint32_t reads_done[CDMA_WAYS_NR];       /* before its later reads */
	struct cdma_stored stored[CDMA_WAYS_NR]; /* by where it was stored */
	struct cdma_clock *late[CDMA_TOWARDS_NR];
	/* What its last store told a device, and kw then. */
	const struct cdma_clock *told, *behind;
	const struct cdma_clock *kr_reg;  /* kr, for its register reads */
	const struct cdma_clock *kr_read; /* kr at its last read of memory */
	/* kw, for its register writes; the same until dma_mb() or smp_mb()
	 * orders something that is not for them. */
	struct cdma_clock *kw_reg;
	bool is_apart;
	struct cdma_clock *pulled; /* by readl(), since its last other read */
	/* What its register reads had brought before its last register write:
	 * that waits for their answers. */
	struct cdma_clock *answered;
	struct cdma_clock *handed[CDMA_TOWARDS_NR];
	/* What its releases told CPUs, and those whose locks it took. */
	struct cdma_clock *released;
	struct cdma_unlocked unlocked;
	struct cdma_belief *belief;
	struct cdma_clock *resting; /* what devices did that have ended */
	struct cdma_landed landed;

	/* It released, and did nothing since; what it gave away, or NULL when
	 * nobody has asked yet. */
	bool gave;
	uint32_t unlocks; /* how often it did, of what may be a lock */
	const struct cdma_clock *unlock_behind; /* behind, before the first */
	const struct cdma_clock *gift;

	/* kr and kw together; NULL when out of date. */
	const struct cdma_clock *known;

	struct cdma_pushed pushed;
	/* Writes of devices that such reads have pushed: they are in memory. */
	struct cdma_clock *arrived_by_answer;
	/* What its register writes told, and those of who had a lock before. */
	struct cdma_clock *rung;

	/* What it knew when the access in pieces began that is under way. */
	uint64_t op;
	const struct cdma_clock *op_known;
	const struct cdma_belief *op_belief;

	struct cdma_overtaken *overtaken; /* newest first */
	/* Those that its reads come after anyway. */
	struct cdma_overtaken *overtaken_old;

	/* How it came to believe: by the other one's id, the last answers. */
	struct cdma_asked asked[CDMA_ASKED_NR];

	/* The bulk read that is under way, for torn_read. */
	uint64_t bulk_op, bulk_offset;
	uint32_t bulk_size;
	const struct cdma_record *bulk_store;

	/* Last, for they keep their room from run to run. */
	CDMA_VEC(struct cdma_read) reads; /* all, by seq */
	CDMA_VEC(struct cdma_gain) gains;
};

/* Whether barriers of the smp_ kind mean something to @actor. */
static inline bool cdma_is_cpu(const struct cdma_order_actor *actor)
{
	return actor->kind != CDMA_DEVICE;
}

/* Prepare @actor for a run; keeps its vectors' room. */
void cdma_order_actor_reset(struct cdma_order_actor *actor);
void cdma_order_actor_fini(struct cdma_order_actor *actor);

/* The read with sequence number @seq, or NULL. */
struct cdma_read *cdma_order_actor_read(struct cdma_order_actor *actor,
					uint64_t seq);

/* Let @actor believe what somebody else, @other, believes, and @other's own
 * @epoch.  Returns whether that is news. */
bool cdma_order_believe(struct cdma_order_actor *actor,
			struct cdma_arena *arena,
			const struct cdma_belief *belief, cdma_actor_id other,
			uint32_t epoch);

/* How @actor came to believe in @epoch of @other: the first such gain. */
const struct cdma_gain *cdma_order_gain(struct cdma_order_actor *actor,
					cdma_actor_id other, uint32_t epoch);

/* kr or kw became larger. */
static inline void cdma_order_known_changed(struct cdma_order_actor *actor)
{
	actor->known = NULL;
}

/* Its register reads come after what its other reads do, from now on. */
static inline void cdma_order_reach_registers(struct cdma_order_actor *actor)
{
	actor->kr_reg = cdma_clock_freeze(actor->kr);
}

/* What its register writes come after. */
static inline struct cdma_clock *
cdma_order_kw_reg(const struct cdma_order_actor *actor)
{
	return actor->is_apart ? actor->kw_reg : actor->kw;
}

/* kr and kw together, frozen. */
const struct cdma_clock *cdma_order_known(struct cdma_order_actor *actor,
					  struct cdma_arena *arena);

#endif /* CDMA_ORDER_ACTOR_H */
