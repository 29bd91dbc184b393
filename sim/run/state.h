/* SPDX-License-Identifier: MIT */
#ifndef RUN_STATE_H
#define RUN_STATE_H

/*
 * State: what a machine is made of, for the files that carry out instructions.
 *
 * Everything here is set back at the start of a run and keeps its memory.
 */

#include <cdma/cdma.h>
#include <cdma/order.h>

#include <endian.h>
#include <errno.h>
#include <string.h>

#include "base/image.h"
#include "base/macros.h"
#include "run/machine.h"
#include "run/undef.h"
#include "run/reach.h"

/* A number, and the reads that it was computed from. */
struct value {
	uint64_t bits;
	cdma_dep_t dep;
	uint8_t undef;       /* bytes of it that nobody defined, as bits */
	cdma_undef_t origin; /* where one of them comes from; see undef.h */
};

static inline struct value value_of(uint64_t bits, cdma_dep_t dep)
{
	return (struct value){.bits = bits, .dep = dep};
}

/* Pieces of one step's reads that may ask what they see: the answers of a step
 * to all questions have to fit a schedule, and a split store asks, too. */
#define READ_QUESTIONS_MAX 3

/*
 * An offset that is out of bounds has this bit: it is said when something is
 * accessed there, not when it is computed.
 */
#define OFFSET_BAD ((uint64_t)1 << 63)

/* One of a range that holds nothing, for it was made outside: that has been
 * said, and nothing is accessed there. */
#define OFFSET_SAID ((uint64_t)1 << 62)

/* A negative offset is none of them. */
static inline bool offset_is_said(uint64_t offset)
{
	return (offset >> 56 & 0x7f) == OFFSET_SAID >> 56;
}

/* Without its marks. */
static inline uint64_t offset_bare(uint64_t offset)
{
	offset &= ~OFFSET_BAD;
	return offset_is_said(offset) ? offset & ~OFFSET_SAID : offset;
}

/* Steps that pass a site of devices which a rule is about.  HERE: that there is
 * any; the others, only where it counts whose is the first. */
#define ARMED_HERE      (1u << 0)
#define ARMED_WRITES    (1u << 1)
#define ARMED_IRQS      (1u << 2)
#define ARMED_REGISTERS (1u << 3)

/* What a slot refers to. */
struct memory {
	enum object object;   /* NONE: nothing, kernel memory or registers */
	int err;              /* why there is nothing; 0: there is something */
	struct cdma_box *box; /* of a box, and a view of one */
	struct cdma_coherent *coherent;
	struct cdma_handle *handle;
	struct cdma_window *window; /* of a window, and a view of one */
	struct cdma_mmio *mmio;
	struct cdma_pool *pool;
	struct cdma_view view; /* how a CPU reaches it otherwise; its offset and
				  size are those of an access */
	cdma_region_id region;
	uint64_t base;   /* where the window, if it is one, is in the region */
	uint64_t offset; /* of its first byte in box, window or region; may
			    have OFFSET_BAD */
	uint64_t size;   /* bytes */
	uint64_t elem_size;
	cdma_addr_t iova; /* of its first byte; 0: none, or a box, whose is
			     looked up: see memory_iova() */
	cdma_dep_t dep;   /* reads that a view's place comes from */
};

enum actor_state {
	ACTOR_IDLE, /* not started in this run */
	ACTOR_LIVE,
	ACTOR_STUCK, /* in a loop that waits for ever */
	ACTOR_DONE,
};

struct actor {
	uint64_t bit; /* in sets of actors */
	uint32_t pc;
	enum actor_state state;
	int err;        /* of the last call that can fail */
	int64_t result; /* what its section returned */
	struct cdma_actor *who;
	bool is_device;
	uint32_t gone; /* its next step, when its device is gone; or 0 */
	const struct program_section *section;
	struct cdma_bulk bulk;
	cdma_dep_t bulk_data; /* of all of the next bulk write */

	unsigned char word[8]; /* a split store's */
	uint64_t wakes;        /* of its wait queue, when it looked */
	uint64_t awaited;      /* armings of the handler that it waits for */
	uint64_t seen;         /* the version at which ready was worked out */
	bool ready;

	cdma_undef_t word_undef[8];

	/* Last: they keep their room. */
	CDMA_VEC(unsigned char) scratch;
	CDMA_VEC(cdma_undef_t) scratch_undef;
	CDMA_VEC(struct cdma_source) scratch_sources;
};

struct device_state {
	struct cdma_device *dev;
	bool in_core;               /* between probe_begin and probe_end */
	const struct actor *prober; /* whose probe that is */
	uint32_t gets;              /* of the scenario, without the first */
	bool is_setting;            /* a mask: between begin and end */
	bool is_unbinding;          /* the same, of an unbind in parts */
};

/* The logic of a device's registers; see port.h. */
struct port {
	struct machine *machine;
	uint16_t device;
	struct actor actor; /* whoever is at work; it is nobody's turn */
};

struct lease {
	struct cdma_lease *lease;
	uint16_t device;
	cdma_addr_t addr;
	uint64_t size;
};

struct region_name {
	cdma_region_id region;
	const char *name;
	const struct type *type; /* of all of it, or NULL */
	uint64_t since;          /* sequence number of an event */
	uint32_t older; /* the one before it of the same region: its number,
			   from 1; 0: there is none */
};

/* Memory that there is a pointer to, all of it. */
struct pointee {
	cdma_region_id region;
	struct memory memory;
};

enum note_kind { NOTE_INDEX, NOTE_END, NOTE_ADDRESS, NOTE_VALUE };

/* What a report may say of a run besides its events: see notes.h. */
struct run_note {
	enum note_kind kind;
	uint64_t since; /* the last event before */
	const struct actor *who;
	const struct insn *in;
	/* INDEX: one that is outside, and how many there are; END: what is
	 * returned; ADDRESS: what was made; VALUE: of operand number b. */
	uint64_t a, b;
};

struct machine {
	const struct program *program; /* borrowed */
	struct machine_options options;
	struct cdma_world *world;
	struct cdma_order *order;
	struct cdma_findings *findings;
	struct cdma_finding_sink sink; /* by which they get there */
	struct cdma_checker *checker;  /* on threads; NULL: in lockstep */
	struct free *free;             /* the same */
	struct strategy strategy;

	struct value *regs;
	struct value *kept;    /* the same, while a poll asks */
	struct memory *memory; /* one for each slot */
	struct memory **at;    /* what a slot stands for; see SELECT */
	struct memory *empty;  /* both as they are when a run begins */
	struct memory **straight;
	unsigned char *frame;
	/* One of each for each byte of it. */
	cdma_undef_t *frame_undef;
	struct cdma_source *frame_sources;
	struct device_state *devices;
	struct port *ports; /* by device; NULL: no register does anything */
	struct cdma_irq **irqs;
	struct cdma_handler **handlers; /* those of the interrupts first */
	struct cdma_lock **locks;
	struct cdma_completion **completions;
	struct cdma_waitqueue **waitqueues;
	/* By number; resources of devices are in both. */
	struct cdma_revocable **revocables;
	struct cdma_devres **devres;
	struct actor *actors; /* of the sections; the last one is main */
	struct actor *main;
	CDMA_VEC(struct lease) leases;
	CDMA_VEC(struct region_name) names;
	CDMA_VEC(uint32_t) last_name; /* by region: as older of the next one */
	CDMA_VEC(struct pointee) pointees;

	unsigned char *reached;      /* REACH_* of this run; see reach.h */
	unsigned char *reached_mark; /* ... up to where the threads begin */
	uint64_t cap;                /* of steps */
	uint32_t patience;
	uint32_t armed;   /* ARMED_*: what passes sites of devices */
	uint32_t planned; /* sites of calls that are to fail: bits */
	bool counts_any;  /* a rule counts calls of more than one site */
	/* By instruction: what it passes opens the window of a rule; owned;
	 * NULL: there is none. */
	unsigned char *opens;
	bool is_weak;       /* reads may be late */
	bool has_untrusted; /* a device is */
	bool is_watched;    /* by somebody who wants to see all events */
	bool is_marked;     /* where the threads begin; see mark.c */
	struct cdma_image image;

	/* From here to record: put back when a run begins at the mark. */
	uint64_t live;    /* actors that wait for a step that they can do */
	uint64_t waiting; /* ... that they may have to wait for */
	uint64_t version; /* of all that a wait can depend on */
	uint64_t steps;
	uint64_t turns;             /* of loops */
	uint32_t questions;         /* that reads of the current step may ask */
	uint32_t flags;             /* CDMA_EVF_* of accesses in a poll */
	const struct insn *rmw;     /* the one that is looking; NULL: none */
	const struct insn *polling; /* what a poll does now; NULL: no poll */
	/* The condition of a poll that waited; NULL: there is none. */
	const struct insn *awaiting;
	struct actor *poller; /* whose poll that is */
	/* What a peek finds at a place of memory, instead of what is there:
	 * size 0: nothing. */
	struct assumed {
		cdma_region_id region;
		uint64_t at, raw;
		uint8_t size;
	} assumed;
	bool is_peeking;    /* nothing is said and nobody dies */
	bool is_answering;  /* what a port reads, a CPU is told */
	bool has_no_driver; /* probe failed: only devices are left */
	bool has_died;      /* the main thread: it panicked */
	bool has_stopped;   /* an error, or the cap: the run is over */
	bool is_given_up;   /* the strategy wants no more of it */
	bool is_open;       /* setup asked something: it is not always alike */
	bool is_shut;       /* no CPU goes on, nor teardown */
	uint64_t stopped;   /* actors that were stopped by that */
	bool is_stopped;    /* nobody does; see run_ask() */
	bool is_stuck;      /* a loop that waits would do so for ever */
	struct run_error error;

	const uint8_t *marks; /* by pc: MARK_*; NULL: none; borrowed */
	bool record;
	uint32_t ctx;       /* of what is done now */
	uint32_t calls_ctx; /* of the native call that is under way */
	CDMA_VEC(struct frame) frames;
	CDMA_VEC(struct run_note) notes; /* as far as record says */
	uint32_t *frame_table;           /* owned; see frames.c */
	uint32_t *frame_last; /* owned: the last of each scope, or NULL */
	size_t frame_room;
};

typedef void op_fn(struct machine *m, struct actor *a, const struct insn *in);
typedef bool ready_fn(struct machine *m, struct actor *a,
		      const struct insn *in);

/* How an instruction is carried out. */
struct run_op {
	op_fn *run;
	op_fn *peek;     /* without a trace; NULL: as run */
	ready_fn *ready; /* NULL: it never waits */
	bool is_visible;
	uint32_t sites;  /* of calls that it passes without an event: bits */
	uint32_t passes; /* ... and those that have one */
};

extern const struct run_op run_ops[INSN_NR];

static inline const struct cdma_site *site_of(const struct machine *m,
					      const struct insn *in)
{
	return m->program->sites.at[in->site];
}

/* Whether the wait @in may be given up while others can go on. */
static inline bool run_can_give_up(const struct machine *m,
				   const struct insn *in)
{
	return m->program->early && in->flags & INSNF_TIMEOUT;
}

/* Whether a window of faults opens behind @in. */
static inline bool run_opens(const struct machine *m, const struct insn *in)
{
	return m->opens && m->opens[in - m->program->code.at];
}

/* MARK_* of @in. */
static inline uint8_t run_marks(const struct machine *m, const struct insn *in)
{
	return m->marks ? m->marks[in - m->program->code.at] : 0;
}

static inline struct value *reg(const struct machine *m, uint16_t r)
{
	return &m->regs[r];
}

/* @v decides something, is an address, or is given away. */
static inline void run_use(struct machine *m, const struct insn *in,
			   const struct value *v, const char *how)
{
	if (v->undef)
		run_use_slow(m, in, v, how);
}

static inline cdma_dep_t join(const struct machine *m, cdma_dep_t a,
			      cdma_dep_t b)
{
	if (!a || a == b)
		return b;
	return b ? cdma_dep_join(cdma_world_deps(m->world), a, b) : a;
}

/* The same of what a device may have made up: @a uses @v as that. */
static inline void run_use_as(struct machine *m, const struct actor *a,
			      const struct insn *in, enum cdma_use use,
			      const struct value *v)
{
	if (m->has_untrusted && v->dep && !m->is_peeking && !a->is_device)
		cdma_used_at(m->world, use, v->dep, site_of(m, in));
}

/* All of @size bytes come from @dep. */
static inline void sources_fill(struct cdma_source *to, cdma_dep_t dep,
				uint64_t size)
{
	for (uint64_t i = 0; i < size; i++)
		to[i] = (struct cdma_source){.dep = dep};
}

/* The reads of a value that is kept within bounds. */
static inline cdma_dep_t bounded(const struct machine *m, cdma_dep_t dep)
{
	return dep ? cdma_dep_bound(cdma_world_deps(m->world), dep) : 0;
}

/* What a load waits for whose address comes from @dep. */
static inline cdma_dep_t address_dep(const struct machine *m, cdma_dep_t dep)
{
	return dep ? cdma_dep_address(cdma_world_deps(m->world), dep) : 0;
}

/* The scenario is wrong: the run ends here. */
void run_fail(struct machine *m, const struct insn *in, const char *message);

/* The probes that @a has begun by bind() are over, with @err. */
void run_probed(struct machine *m, const struct actor *a, int err,
		const struct cdma_site *site);

/* The actor has ended: it panicked. */
void run_kill(struct machine *m, struct actor *a);

/*
 * Report something that the model does not see.
 *
 * @region: or 0; @offset, @size: the bytes that it is about.
 */
void run_found(struct machine *m, const struct insn *in,
	       enum cdma_finding_id id, const struct memory *memory,
	       uint64_t offset, uint64_t size, const char *detail);

/* The same at a place that is no instruction, about no memory. */
void run_found_at(struct machine *m, const struct cdma_site *site,
		  enum cdma_finding_id id, const struct cdma_party *against,
		  const char *detail);

/* The same against an event of the past, by way of the read @proof. */
void run_found_against(struct machine *m, const struct insn *in,
		       enum cdma_finding_id id, const struct memory *memory,
		       const struct cdma_party *against,
		       const struct cdma_party *proof, const char *detail);

/* op-fault.c: ARMED_* of @program; those of a step that @in is; what a plan
 * leaves open; whether a poll would read all ones at @offset of the registers
 * of slot @in->a. */
uint32_t run_armed(const struct program *program);
uint32_t run_passes(const struct machine *m, const struct insn *in);
uint32_t run_choose_fault(void *aux, uint32_t nr, uint32_t percent);
bool run_reads_ones(const struct machine *m, const struct insn *in,
		    uint64_t offset);

/* A slot has a name for its region from now on. */
void run_name(struct machine *m, const struct memory *memory);
/* The name of the slot that @memory is; NULL for a temporary. */
const char *run_slot_name(const struct machine *m, const struct memory *memory);
/* The newest name of its region. */
const char *run_region_name(const struct machine *m,
			    const struct memory *memory);

/* Let events know which loops and calls @in is in; forget them; the ctx of
 * what is done now, 0 when they are not noted. */
void run_frames(struct machine *m, const struct insn *in);
void run_frames_reset(struct machine *m);
/* @site is in a call that @ctx is, or in no other: its ctx. */
uint32_t run_frames_call(struct machine *m, const struct cdma_site *site,
			 uint32_t ctx);
void run_frames_set(struct machine *m, uint32_t ctx);
uint32_t run_ctx(const struct machine *m);

/* The same, if that is noted. */
static inline void run_note_frames(struct machine *m, const struct insn *in)
{
	if (m->record)
		run_frames(m, in);
}

/* The instruction is done, and what came of it. */
static inline void run_reach(struct machine *m, const struct insn *in,
			     unsigned char how)
{
	m->reached[in - m->program->code.at] |= how;
}

/* Note something that a report may say. */
static inline void run_note(struct machine *m, const struct actor *who,
			    const struct insn *in, enum note_kind kind,
			    uint64_t a, uint64_t b)
{
	if (m->record && !m->is_peeking)
		*cdma_vec_push(&m->notes) = (struct run_note){
			.kind = kind,
			.since = cdma_world_stream(m->world)->seq,
			.who = who,
			.in = in,
			.a = a,
			.b = b,
		};
}

/* Let the detectors come to where the run is, to ask them something. */
static inline void run_catch_up(struct machine *m)
{
	if (m->checker)
		cdma_checker_sync(m->checker);
}

/* Ask whether the run shall go on, and again after so many steps and turns. */
#define PATIENCE 4096
void run_ask(struct machine *m);

/* One step, or one turn of a loop, more: the run ends at the cap. */
static inline void run_count(struct machine *m, uint64_t *count)
{
	if (++*count >= m->cap)
		m->has_stopped = true;
	if (!--m->patience)
		run_ask(m);
}

/* The same for @size bytes that are done at once, eight a turn; false: they
 * are too many, and are not done. */
static inline bool run_count_bytes(struct machine *m, uint64_t size)
{
	m->turns += size / 8;
	if (m->turns >= m->cap)
		m->has_stopped = true;
	if (m->patience > size / 8)
		m->patience -= (uint32_t)(size / 8);
	else
		run_ask(m);
	return !m->has_stopped;
}

/* Whether the atomic operation that is looking would fail by @raw: else it can
 * see no late store, since it stores over what it sees. */
bool rmw_may_see(const struct machine *m, uint64_t raw);

/* Whether the poll that goes on would end if the read @ev that it is making saw
 * @raw; false when that cannot be told. */
bool poll_ends_with(struct machine *m, const struct cdma_event *ev,
		    uint64_t raw);

/* What the slot of a coherent holds. */
struct memory memory_of_coherent(struct cdma_coherent *coherent);

/* Fill a slot. */
void memory_clear(struct memory *memory, int err);

/* Where a device finds it, also a box, whose address nobody should know. */
cdma_addr_t memory_box_iova(const struct machine *m,
			    const struct memory *memory);

static inline cdma_addr_t memory_iova(const struct machine *m,
				      const struct memory *memory)
{
	if (memory->iova || !memory->box)
		return memory->iova;
	return memory_box_iova(m, memory);
}

/* Whether there is anything to access; reports it when not. */
bool memory_there(struct machine *m, struct actor *a, const struct insn *in,
		  const struct memory *memory);

/* ---- bytes and numbers ---- */

static inline uint64_t bytes_get(const unsigned char *at, unsigned int size)
{
	uint64_t v = 0;

	memcpy(&v, at, size);
	return le64toh(v);
}

static inline void bytes_put(unsigned char *at, uint64_t v, unsigned int size)
{
	v = htole64(v);
	memcpy(at, &v, size);
}

static inline uint64_t extend(uint64_t v, unsigned int size, bool is_signed)
{
	unsigned int shift = 64 - 8 * size;

	if (is_signed)
		return (uint64_t)((int64_t)(v << shift) >> shift);
	return v << shift >> shift;
}

/* The number that an instruction makes of bytes, and back. */
static inline uint64_t decode(const struct insn *in, uint64_t raw)
{
	if (in->flags & INSNF_BIG)
		raw = __builtin_bswap64(raw) >> (64 - 8 * in->size);
	return extend(raw, in->size, in->flags & INSNF_SIGNED);
}

static inline uint64_t encode(const struct insn *in, uint64_t v)
{
	if (in->flags & INSNF_BIG)
		v = __builtin_bswap64(v) >> (64 - 8 * in->size);
	return extend(v, in->size, false);
}

/* ---- places ---- */

/* Where an instruction's place is, from the start of its slot. */
static inline uint64_t place_at(const struct machine *m, const struct insn *in)
{
	return reg(m, in->b)->bits + in->imm;
}

/* Tell the world what it should know of the next access. */
static inline void access_begin(struct machine *m, const struct insn *in,
				cdma_dep_t addr, cdma_dep_t data)
{
	uint32_t flags = m->flags;

	if (addr | data)
		cdma_set_deps(m->world, addr, data);
	if (in->flags & INSNF_RACE_OK)
		flags |= CDMA_EVF_RACE_OK;
	if (in->flags & INSNF_RELAXED)
		flags |= CDMA_EVF_RELAXED;
	if (in->flags & INSNF_UNORDERED)
		flags |= CDMA_EVF_UNORDERED;
	if (flags)
		cdma_set_flags(m->world, flags);
}

/*
 * Whether an access of @size bytes at *@offset of @memory can be made.  One
 * that is out of bounds inside its region is reported here and not made; the
 * model sees the others.
 */
bool access_check(struct machine *m, struct actor *a, const struct insn *in,
		  const struct memory *memory, uint64_t *offset, uint64_t size);

/* Whether @memory may be written by the reference that it is; reports it when
 * not. */
bool window_is_writable(struct machine *m, const struct insn *in,
			const struct memory *memory, uint64_t offset,
			uint64_t size);

#endif /* RUN_STATE_H */
