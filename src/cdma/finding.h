/* SPDX-License-Identifier: MIT */
#ifndef CDMA_FINDING_H
#define CDMA_FINDING_H

/*
 * Finding: something wrong in the simulated program.
 *
 * Never an error code and never an abort: the run goes on.  Each kind has one
 * line in the list below and one page in doc/findings, printed by `cdmasim
 * explain`.  The words in the list are all that the rest of the program knows
 * about a kind.
 *
 * Threads: a set belongs to one thread at a time, a sink is called by one at a
 * time, by whoever is in the world or by its checker (checker.h).  What asks
 * for a name alone may be called by any thread at any time.
 */

#include <cdma/event.h>

/* Groups, in the order in which `cdmasim explain` lists them. */
enum cdma_finding_group {
	CDMA_GROUP_ORDERING,
	CDMA_GROUP_OWNERSHIP,
	CDMA_GROUP_LIFETIME,
	CDMA_GROUP_BOUNDS,
	CDMA_GROUP_VALUES,
	CDMA_GROUP_API,
	CDMA_GROUP_NR,
};

/* X(name, id, group, one line that completes "here ...") */
#define CDMA_FINDINGS(X)                                                       \
	X(DATA_RACE, "data_race", ORDERING,                                    \
	  "a plain access races with another agent's access")                  \
	X(UNORDERED_READ, "unordered_read", ORDERING,                          \
	  "a read is not ordered after the read that proved ownership")        \
	X(UNORDERED_WRITE, "unordered_write", ORDERING,                        \
	  "a write is not ordered after the read that proved ownership")       \
	X(UNORDERED_PUBLISH, "unordered_publish", ORDERING,                    \
	  "a store is not ordered before the one that published it")           \
	X(UNORDERED_GIVEBACK, "unordered_giveback", ORDERING,                  \
	  "memory was given back before a read of it was complete")            \
	X(DEVICE_ORDER, "device_order", ORDERING,                              \
	  "the device may publish the index before the payload")               \
	X(EXPOSED_ACCESS, "exposed_access", OWNERSHIP,                         \
	  "a plain CPU access to memory that the device may use")              \
	X(UNEXPOSED_ACCESS, "unexposed_access", OWNERSHIP,                     \
	  "a device access to a box, whose address nobody may know")           \
	X(WINDOW_CONFLICT, "window_conflict", OWNERSHIP,                       \
	  "an access inside a live reference window of someone else")          \
	X(HANDLE_ACCESS, "handle_access", OWNERSHIP,                           \
	  "a CPU access to memory without a kernel mapping")                   \
	X(MISSING_SYNC, "missing_sync", OWNERSHIP,                             \
	  "streaming memory is used by one side while the other owns it")      \
	X(WRONG_DIRECTION, "wrong_direction", OWNERSHIP,                       \
	  "a device access against the direction of its mapping")              \
	X(SHARED_LINE, "shared_line", OWNERSHIP,                               \
	  "the CPU writes into a cache line that the device writes")           \
	X(DEVICE_UAF, "device_uaf", LIFETIME,                                  \
	  "a device access to memory after it was freed")                      \
	X(CPU_UAF, "cpu_uaf", LIFETIME,                                        \
	  "a CPU access to memory after it was freed or converted")            \
	X(FREE_WHILE_LEASED, "free_while_leased", LIFETIME,                    \
	  "memory was freed while a device may still use it")                  \
	X(DOUBLE_FREE, "double_free", LIFETIME, "memory was freed twice")      \
	X(DOUBLE_CONVERT, "double_convert", LIFETIME,                          \
	  "a box was converted after it was consumed")                         \
	X(LEAK, "leak", LIFETIME, "memory was never freed")                    \
	X(OUTLIVES_UNBIND, "outlives_unbind", LIFETIME,                        \
	  "an allocation is still live when its device is unbound")            \
	X(UNBOUND_ALLOC, "unbound_alloc", LIFETIME,                            \
	  "DMA memory was allocated for a device that is not bound")           \
	X(FREE_AFTER_UNBIND, "free_after_unbind", LIFETIME,                    \
	  "DMA memory was freed after its device was unbound")                 \
	X(REVOKED_ACCESS, "revoked_access", LIFETIME,                          \
	  "what was revoked is used without a guard")                          \
	X(REVOKE_IN_USE, "revoke_in_use", LIFETIME,                            \
	  "what somebody has a guard for is revoked without waiting for it")   \
	X(OUT_OF_BOUNDS, "out_of_bounds", BOUNDS,                              \
	  "an access outside the memory it was meant for")                     \
	X(WRONG_DEVICE, "wrong_device", BOUNDS,                                \
	  "a device used an address that was mapped for another device")       \
	X(MASK_EXCEEDED, "mask_exceeded", BOUNDS,                              \
	  "an address has more bits than the device can drive")                \
	X(MASK_RACE, "mask_race", BOUNDS,                                      \
	  "a DMA mask was changed while memory was being allocated")           \
	X(MASK_UNSET, "mask_unset", BOUNDS,                                    \
	  "memory was allocated with a coherent mask of zero")                 \
	X(BAD_ATTRS, "bad_attrs", BOUNDS,                                      \
	  "DMA attributes that this kind of memory cannot have")               \
	X(MISALIGNED, "misaligned", BOUNDS,                                    \
	  "an access that is not aligned to its type")                         \
	X(TORN_READ, "torn_read", VALUES, "a read saw one store in part")      \
	X(DOUBLE_FETCH, "double_fetch", VALUES,                                \
	  "a value was checked, read again and used unchecked")                \
	X(STALE_VALUE, "stale_value", VALUES,                                  \
	  "a value is used that is older than the proof that it is ready")     \
	X(UNTRUSTED_VALUE, "untrusted_value", VALUES,                          \
	  "a value from a device that is not trusted is used unchecked")       \
	X(UNINIT_EXPOSED, "uninit_exposed", VALUES,                            \
	  "the device read bytes that nobody wrote")                           \
	X(UNINIT_READ, "uninit_read", VALUES,                                  \
	  "the CPU used bytes that nobody wrote")                              \
	X(INIT_OUTSIDE, "init_outside", VALUES,                                \
	  "an initialiser wrote outside its slot")                             \
	X(ASSERTION, "assertion", VALUES,                                      \
	  "an assertion of the scenario failed")                               \
	X(BAD_MAP, "bad_map", API,                                             \
	  "memory that cannot be mapped for a device")                         \
	X(BAD_UNMAP, "bad_unmap", API,                                         \
	  "memory goes back otherwise than it came")                           \
	X(BAD_SYNC, "bad_sync", API,                                           \
	  "memory is synced otherwise than it was mapped")                     \
	X(UNCHECKED_MAP, "unchecked_map", API,                                 \
	  "nobody asked whether the map failed")                               \
	X(BUS_MASTER_OFF, "bus_master_off", API,                               \
	  "a device access while bus mastering was off")                       \
	X(WRONG_CONTEXT, "wrong_context", API,                                 \
	  "a call that this context does not allow")                           \
	X(ATOMIC_SLEEP, "atomic_sleep", API,                                   \
	  "a call that may sleep where nobody may sleep")                      \
	X(IRQ_UNSAFE_LOCK, "irq_unsafe_lock", API,                             \
	  "a lock that a handler takes is held where the handler may come")    \
	X(LOCK_HELD, "lock_held", API,                                         \
	  "a lock is still held where its owner ends")                         \
	X(LEFT_ACTIVE, "left_active", API,                                     \
	  "what may run later is left when its driver is gone")                \
	X(PANIC, "panic", API, "the modelled call would panic")                \
	X(STUCK, "stuck", API, "a thread waits for what will never come")

enum cdma_finding_id {
#define X(name, id, group, summary) CDMA_FINDING_##name,
	CDMA_FINDINGS(X)
#undef X
		CDMA_FINDING_NR,
};

/* "unordered_read" and the like; the stable name of a kind. */
const char *cdma_finding_name(enum cdma_finding_id id);
const char *cdma_finding_summary(enum cdma_finding_id id);
enum cdma_finding_group cdma_finding_group(enum cdma_finding_id id);
const char *cdma_finding_group_name(enum cdma_finding_group group);

/* Which cure the ordering rules suggest; CDMA_CURE_NONE when none is known. */
enum cdma_cure {
	CDMA_CURE_NONE,
	CDMA_CURE_DMA_RMB, /* dma_rmb() after the proof */
	CDMA_CURE_DMA_WMB, /* dma_wmb() before the publishing store */
	CDMA_CURE_DMA_MB,  /* dma_mb() before the publishing store, or
			      after the proof when a write follows */
	CDMA_CURE_SMP_RMB, /* the same three between CPUs */
	CDMA_CURE_SMP_WMB,
	CDMA_CURE_SMP_MB,
	CDMA_CURE_WRITEL,   /* ring the doorbell with writel(), not _relaxed */
	CDMA_CURE_READL,    /* read a register with readl(), not _relaxed */
	CDMA_CURE_SENTINEL, /* check the payload itself: no barrier helps */
	CDMA_CURE_MARK,     /* READ_ONCE / WRITE_ONCE, or a window */
	CDMA_CURE_LOCK,     /* one lock around both */
	CDMA_CURE_APART,    /* read the proof by itself, and first */
};

/* One side of a finding: an event, as much of it as a report names. */
struct cdma_party {
	uint64_t seq; /* 0: there is no such party */
	uint64_t offset;
	uint64_t size; /* bytes of the whole op */
	uint64_t value;
	const struct cdma_site *site; /* borrowed from the event */
	uint32_t ctx;
	uint32_t object;
	cdma_actor_id actor;
	uint8_t kind; /* enum cdma_event_kind */
	uint8_t how;  /* enum cdma_access */
	uint32_t flags;
};

struct cdma_finding {
	enum cdma_finding_id id;
	enum cdma_cure cure;
	cdma_region_id region; /* 0: none */
	struct cdma_party at;  /* what is wrong */
	struct cdma_party
		against;         /* what it collides with, or was done first */
	struct cdma_party proof; /* the read that proved ownership */
	struct cdma_party publish; /* the store that the proof saw */
	uint64_t arg[2];           /* per kind: sizes, addresses, masks */
	const char *detail;        /* one more sentence, static, or NULL */
};

/*
 * Whether two findings have the same cause and place: the same kind, and the
 * same sites of both parties.  A data race has no sides: which of the two
 * accesses came first is chance.
 */
bool cdma_finding_same(const struct cdma_finding *a,
		       const struct cdma_finding *b);

/* Copy what a report needs out of @ev. */
struct cdma_party cdma_party_of(const struct cdma_event *ev);

/* Told of every finding, repetitions included. */
struct cdma_finding_sink {
	void (*found)(void *aux, const struct cdma_finding *finding);
	void *aux; /* borrowed */
};

static inline void cdma_found(const struct cdma_finding_sink *sink,
			      const struct cdma_finding *finding)
{
	if (sink->found)
		sink->found(sink->aux, finding);
}

/*
 * The findings of one run, one of each cause and place: a finding is known by
 * its kind, region-independent, and the sites of its two parties.
 */
struct cdma_findings;

struct cdma_findings *cdma_findings_new(void);
void cdma_findings_free(struct cdma_findings *set);
void cdma_findings_reset(struct cdma_findings *set);

/* Whether findings of two turns of a loop, or of two calls, are two; false at
 * first. */
void cdma_findings_split(struct cdma_findings *set, bool on);

/* Add @finding unless it is there; true when it was new.  A sink can point
 * at cdma_findings_sink() of the set. */
bool cdma_findings_add(struct cdma_findings *set,
		       const struct cdma_finding *finding);
struct cdma_finding_sink cdma_findings_sink(struct cdma_findings *set);

size_t cdma_findings_nr(const struct cdma_findings *set);
/* @i: from 0, in the order in which they were found.  Borrowed. */
const struct cdma_finding *cdma_findings_at(const struct cdma_findings *set,
					    size_t i);

#endif /* CDMA_FINDING_H */
