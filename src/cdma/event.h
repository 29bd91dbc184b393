/* SPDX-License-Identifier: MIT */
#ifndef CDMA_EVENT_H
#define CDMA_EVENT_H

/*
 * Event: one thing that an actor did.
 *
 * All that happens in a world passes through one function as events, in one
 * order, and whoever wants to know is an observer of them: the log, the
 * ordering rules, a strategy.  An event describes what happened completely,
 * so a saved log can be judged again without the program that made it.
 *
 * Accesses
 * --------
 * An access event touches at most eight bytes and never crosses an 8-byte
 * boundary of its region (a "granule").  A larger access is a row of events,
 * its pieces, in ascending or, for a split device store, in the order that was
 * drawn; all have the same op, the sequence number of the first piece.
 *
 * Which store a read sees
 * -----------------------
 * Stores take effect in the order of their events.  A read sees the newest one
 * of each byte: rf is 0.  Where memory is weak (memory.h) it may be late: rf is
 * then the sequence number of an older store, or of the ALLOC of the region,
 * and the read sees nothing newer than that, but for those bytes of which its
 * actor is bound to see something newer.
 *
 * A wait ends when its condition holds, and a read of it that is late may end
 * it too early.  ends is, of the last look of a wait, the oldest store that
 * would have ended it, too: in numbers like those of rf, or 0 when none would.
 *
 * An atomic read-modify-write is a READ, which sees the newest store, and a
 * WRITE right after it, whose rf is the sequence number of that READ.  One that
 * failed, as cmpxchg() may, is a READ alone, and may be late.
 *
 * Lifetime: an event and all that it points to is borrowed for the call.
 */

#include <cdma/dep.h>
#include <cdma/site.h>
#include <cdma/types.h>

/*
 * One list: name of the kind, its text in a log, and what object and arg mean.
 *
 * READ WRITE     object: region.  All the access fields are valid.
 * BARRIER        order, domain.
 * BRANCH         data_dep: what the condition was computed from.
 * RELEASE        object: sync object.  All before it is given to ...
 * ACQUIRE        ... who acquires the same object later.  CDMA_EVF_POLL: any of
 *                several releases could have let it go on.  CDMA_EVF_TRY: it
 *                would not have waited.
 * IRQ_RAISE      object: interrupt.  CDMA_EVF_RELAXED: a wire, not a message.
 * IRQ_ENTER      object: interrupt.  The handler starts; flags as raised.
 * START EXIT     the actor begins / has ended.  START comes before all else of
 *                the actor; value: enum cdma_actor_kind; iova: device or 0;
 *                offset: 1 when it is the logic of registers (mmio.h).
 *                Only the main CPU thread, which always was there, has none.
 * JOIN           value: device; one of its engines has ended, and the machine
 *                is at rest: what the device did is over.
 * ALLOC          object: region; size; iova; value: attrs.
 * EXPOSE         object: region.  A box became coherent.
 * FREE           object: region.
 * WINDOW_BEGIN   object: region; offset, op_size; value: 1 when exclusive.
 * WINDOW_END     the same.
 * LEASE_BEGIN    object: region; offset, op_size; value: device.
 * LEASE_END      the same.
 * MAP UNMAP      object: region; offset, op_size; value: device; iova: where
 *                the device finds it; order: enum cdma_direction; domain: 1,
 *                or 0 when it moves nothing (SKIP_CPU_SYNC).
 * SYNC_CPU       the same: these bytes are the CPU's from now on.
 * SYNC_DEVICE    the same: they are the device's.
 * BIND UNBIND    value: device.  UNBIND is emitted when unbind completes.
 * MASTER         value: device; offset: 1 it may use the bus, 0 no more.
 * MASK           value: device; iova: the new mask, or greatest segment;
 *                offset: 0 begin, 1 end; op_size: enum cdma_mask_kind;
 *                op_offset, of an end: 0, or the errno why nothing changed.
 * FAULT          value: fault site; offset: how often it was passed.  Of a
 * call, what the kernel would print of its attributes: op_size: interval,
 * op_offset: probability, rf: space, ends: times. CDMA_EVF_QUIET: it would not.
 * NOTE           anything worth a line in the log; text in site->text.
 * SECTION_BEGIN  a read-side section of RCU: see rcu.h.
 * SECTION_END    the same.
 * GRACE_BEGIN    a grace period; a full barrier stands before it.
 * GRACE_END      the same, and a full barrier after it.
 * STATE          object: sync object or interrupt; its state was looked at, or
 *                changed (value: 1).  Nothing comes before anything by that.
 * USE            addr_dep: reads of a value that is used; offset: enum
 * cdma_use: see use.h. CALL           offset: enum cdma_call; value: its
 * result; object: region or 0; iova: device or 0; op_size: bytes; op_offset:
 * gfp: see call.h.
 */
#define CDMA_EVENT_KINDS(X)                                                    \
	X(READ, "read")                                                        \
	X(WRITE, "write")                                                      \
	X(BARRIER, "barrier")                                                  \
	X(BRANCH, "branch")                                                    \
	X(RELEASE, "release")                                                  \
	X(ACQUIRE, "acquire")                                                  \
	X(IRQ_RAISE, "irq_raise")                                              \
	X(IRQ_ENTER, "irq_enter")                                              \
	X(START, "start")                                                      \
	X(EXIT, "exit")                                                        \
	X(JOIN, "join")                                                        \
	X(ALLOC, "alloc")                                                      \
	X(EXPOSE, "expose")                                                    \
	X(FREE, "free")                                                        \
	X(WINDOW_BEGIN, "window_begin")                                        \
	X(WINDOW_END, "window_end")                                            \
	X(LEASE_BEGIN, "lease_begin")                                          \
	X(LEASE_END, "lease_end")                                              \
	X(BIND, "bind")                                                        \
	X(UNBIND, "unbind")                                                    \
	X(MASTER, "master")                                                    \
	X(MASK, "mask")                                                        \
	X(FAULT, "fault")                                                      \
	X(NOTE, "note")                                                        \
	X(SECTION_BEGIN, "section_begin")                                      \
	X(SECTION_END, "section_end")                                          \
	X(GRACE_BEGIN, "grace_begin")                                          \
	X(GRACE_END, "grace_end")                                              \
	X(STATE, "state")                                                      \
	X(MAP, "map")                                                          \
	X(UNMAP, "unmap")                                                      \
	X(SYNC_CPU, "sync_cpu")                                                \
	X(SYNC_DEVICE, "sync_device")                                          \
	X(CALL, "call")                                                        \
	X(USE, "use")

enum cdma_event_kind {
#define X(name, text) CDMA_EV_##name,
	CDMA_EVENT_KINDS(X)
#undef X
		CDMA_EV_NR,
};

/* Flags of an event. */
#define CDMA_EVF_RELAXED  (1u << 0) /* relaxed MMIO or DMA; wired interrupt */
#define CDMA_EVF_ACQUIRE  (1u << 1) /* smp_load_acquire */
#define CDMA_EVF_RELEASE  (1u << 2) /* smp_store_release */
#define CDMA_EVF_BOX      (1u << 3) /* the region was a box at the time */
#define CDMA_EVF_RACE_OK  (1u << 4) /* data_race(): the race is intended */
#define CDMA_EVF_REPORTED (1u << 5) /* a state finding already names it */
#define CDMA_EVF_POLL                                                          \
	(1u << 6)                 /* the last look of a wait; with TRY: of one \
				       that may be given up */
#define CDMA_EVF_LAST   (1u << 7) /* the last piece of its op */
#define CDMA_EVF_MISSED (1u << 8) /* it reached no memory; value: poison */
#define CDMA_EVF_UNSEEN (1u << 9) /* atomic_inc(): nobody gets what it read */
#define CDMA_EVF_UNORDERED                                                     \
	(1u << 10)                 /* DMA write that may be overtaken, too     \
				    */
#define CDMA_EVF_PLAIN  (1u << 11) /* in C plain; judged as how says */
#define CDMA_EVF_TRY    (1u << 12) /* whoever did it would not have waited */
#define CDMA_EVF_UNUSED (1u << 13) /* xchg(): what it read is thrown away */
#define CDMA_EVF_QUIET  (1u << 14) /* the kernel prints nothing of it */
#define CDMA_EVF_IDLE                                                          \
	(1u << 15) /* MAP ...: on this machine it may meet what is under way   \
		    */
#define CDMA_EVF_TAINTED                                                       \
	(1u << 16) /* READ: a device that is not trusted may have              \
		      written it */
#define CDMA_EVF_LENT (1u << 17) /* ... unless a CPU did after it had it */
#define CDMA_EVF_TOLD (1u << 18) /* another register told of this one */

struct cdma_event {
	uint64_t seq;       /* from 1, no gaps; set by cdma_emit() */
	uint64_t op;        /* seq of the op's first piece; may be own */
	uint64_t offset;    /* bytes from the start of the region */
	uint64_t op_offset; /* where the whole op starts */
	uint64_t op_size;   /* bytes of the whole op */
	uint64_t value;     /* the bytes, first in bits 0-7; see kinds */
	cdma_addr_t iova;   /* of a DMA access; the device id of an MMIO
			       access; or see kinds */
	uint64_t rf;        /* of READ: what it sees; see above */
	uint64_t ends;      /* of READ, CDMA_EVF_POLL: see above */
	const struct cdma_site *site; /* borrowed; never NULL */
	uint32_t ctx;        /* loop and call frames; 0: not recorded */
	uint32_t object;     /* region or sync object, see kinds */
	uint32_t flags;      /* CDMA_EVF_* */
	cdma_dep_t addr_dep; /* reads that the address comes from */
	cdma_dep_t data_dep; /* reads that the value comes from */
	cdma_actor_id actor;
	uint8_t kind;   /* enum cdma_event_kind */
	uint8_t how;    /* enum cdma_access */
	uint8_t size;   /* bytes, 1 to 8, of an access */
	uint8_t order;  /* enum cdma_ordering, of a barrier; see kinds */
	uint8_t domain; /* enum cdma_domain, of a barrier; see kinds */
};

/* The text of a kind, for logs: "read". */
const char *cdma_event_kind_name(enum cdma_event_kind kind);

/* Whether @ev is READ or WRITE. */
static inline bool cdma_event_is_access(const struct cdma_event *ev)
{
	return ev->kind <= CDMA_EV_WRITE;
}

/* Called for every event, in sequence order, before the call that made it
 * returns. */
struct cdma_observer {
	void (*event)(void *aux, const struct cdma_event *ev);
	void *aux; /* borrowed */
};

/*
 * The stream that all events of a world pass through.
 *
 * Threads: one at a time.
 */
#define CDMA_OBSERVERS_MAX 8

struct cdma_stream {
	uint64_t seq; /* of the last event */
	unsigned int nr;
	struct cdma_observer to[CDMA_OBSERVERS_MAX];
};

void cdma_stream_init(struct cdma_stream *stream);

/* Add an observer, called after those added before it. */
void cdma_stream_observe(struct cdma_stream *stream,
			 struct cdma_observer observer);

/*
 * Number @ev and show it to every observer.  The one way by which anything
 * that happens is made known.
 */
void cdma_emit(struct cdma_stream *stream, struct cdma_event *ev);

#endif /* CDMA_EVENT_H */
