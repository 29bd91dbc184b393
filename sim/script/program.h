/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_PROGRAM_H
#define SCRIPT_PROGRAM_H

/*
 * Program: one variant of a scenario, ready to run.
 *
 * Linear code for a register machine.  Everything that is the same in each run
 * is settled here, once: names are numbers, places are offsets, types are
 * sizes, functions are expanded.  What is left in an instruction is what a run
 * has to do.
 *
 * Registers
 * ---------
 * All sections of a program share one file of registers, each with its own
 * part of it: a scenario has one instance of each section, and what setup
 * computed is constant for the threads that read it.  Register 0 is always 0;
 * constants have registers too, which nobody writes.  A value is 64 bits and
 * the reads that it was computed from.
 *
 * Local structs and arrays lie in one stretch of bytes, the frame, with one
 * register each for the reads that their bytes come from.
 *
 * Slots
 * -----
 * A slot is what a name for memory refers to while it runs: a box, coherent,
 * handle, view or window; kernel memory; the registers of a device.  A place
 * is a slot, a register with an offset (0: none), and a constant offset.
 * Slot 0 begins at DMA address 0: a raw address is an offset from there.
 *
 * Lifetime: a program owns all that it points to, needs neither unit nor
 * script any more, and nobody changes it once it is made.
 */

#include <cdma/fault.h>
#include <cdma/finding.h>
#include <cdma/handler.h>
#include <cdma/machine.h>
#include <cdma/site.h>

#include "base/arena.h"
#include "base/vec.h"
#include "script/ast.h"
#include "script/insn.h"
#include "script/unit.h"

struct cdma_text;
struct diag;

/* A loop or a call, and what it is in: where an instruction stands. */
struct scope {
	uint32_t parent;  /* index into scopes; 0: none */
	uint32_t site;    /* of the for, or of the call */
	const char *name; /* of the loop variable; NULL for a call */
	uint16_t reg;     /* of the loop variable */
};

struct program_const {
	uint64_t value;
	uint16_t reg;
};

enum slot_kind {
	SLOT_NULL,   /* slot 0 */
	SLOT_OBJECT, /* box ... window */
	SLOT_SHARED,
	SLOT_REGS,
};

/* What is known of an instruction from who else names its memory: shares.h. */
#define MARK_STEP   (1u << 0) /* a step, though its kind is private */
#define MARK_OPAQUE (1u << 1) /* it uses a name that a thread changes */
#define MARK_ALONE                                                             \
	(1u << 2) /* a copy that nobody can meet: all in one step              \
		   */

struct program_slot {
	enum slot_kind kind;
	const char *name;          /* NULL: a temporary */
	struct type type;          /* what is there; scalar NONE: not known */
	uint64_t elem_size, count; /* of SHARED */
	uint64_t init;   /* of SHARED, when it is one number: its bytes */
	uint16_t device; /* of REGS */
};

/* One store of an initialiser list, done in this order. */
struct program_init {
	uint16_t offset;     /* register: bytes from the start of the slot */
	uint16_t value;      /* register */
	uint8_t size, flags; /* as of a STORE */
	uint32_t site;
};

struct program_inits {
	uint32_t first, nr; /* of inits */
	uint64_t size;      /* bytes of the element */
};

struct program_device {
	const char *name;
	uint32_t dma_bits, addr_bits;
	uint64_t iova_base;
	bool bound, master, untrusted;
	bool uses_master;   /* the program sets or clears bus mastering */
	uint64_t regs_size; /* bytes; 0: no registers */
	uint16_t slot;      /* of the registers */
	bool reacts;        /* some of them do something */
};

struct program_irq {
	const char *name;
	uint16_t device;
	bool wire, level;
	bool is_requested; /* by the program; else it is from the beginning */
};

struct program_lock {
	const char *name;
	bool sleeps; /* a mutex */
};

/* What can be revoked. */
struct program_revocable {
	const char *name;
	int32_t device; /* that it is a resource of; -1: none */
};

/* The first are those of the interrupts, in their order. */
struct program_handler {
	const char *name;
	enum cdma_handler_kind kind;
	uint32_t runs; /* see cdma/handler.h */
};

/* A function of a shared object, that somebody loads. */
struct program_native {
	const char *name;
	void *fn; /* borrowed from the process; NULL: not loaded */
};

struct program_section {
	enum section_kind kind;
	const char *name;
	int32_t device;  /* of a device thread; -1: on the CPU */
	int32_t core;    /* device whose driver's callback it is; -1: none */
	int32_t handler; /* that it is; -1: none */
	enum cdma_handler_kind context; /* of a handler: where it runs */
	bool is_armed;  /* a handler that somebody has to stop: run/armed.h */
	uint32_t entry; /* index of its first instruction */
	uint32_t site;  /* where it begins */
};

/* What registers of a device do when a CPU touches one. */
struct program_reaction {
	uint16_t device, slot;
	uint64_t offset; /* of the first of the registers */
	uint64_t count;
	bool is_read;
	struct insn word; /* size and flags of a load of one */
	/* Registers of the program: which one it is, and what was written (0:
	 * nobody asks); what the CPU gets. */
	uint16_t which, value, answer;
	struct program_section section;
};

struct program_expect {
	enum expect_when when;
	enum cdma_finding_id finding;
	const char *of, *at, *against; /* NULL: whichever */
	/* What stands in the line of C there; NULL: whatever. */
	const char *at_text, *against_text;
	struct expect_turns at_turns, against_turns;
	int error;             /* of SETUP */
	enum fault_mode under; /* asked of the runs with these faults */
	bool in_explore;       /* not asked of random runs */
	bool then_anything;    /* what comes later in the run is expected */
	struct cdma_site site; /* where it is written */
};

/* A part of the condition of an assertion, for a report. */
struct program_operand {
	const char *text; /* "READ_ONCE(x)" */
	uint16_t reg;     /* its value */
	uint32_t pc;      /* the last instruction that computes it */
};

struct program_assert {
	uint32_t pc;        /* of the ASSERT */
	uint32_t first, nr; /* of operands */
};

/* What -D can set. */
struct program_param {
	const char *name;
	uint64_t value;
	bool is_unsigned;
};

struct program_fault {
	const char *site, *of; /* of: NULL: whichever */
	const char *device;    /* NULL: a call fails */
	bool any;              /* one of them, as the schedule says */
	uint64_t bit;          /* that is flipped */
	uint64_t offset, size; /* of registers; size 0: all */
	enum fail_when when;
	uint64_t nr;       /* of NTH and EVERY, from 1 */
	const char *field; /* at which it fails, or NULL */
	uint64_t byte;     /* done before it fails: up to the field */
	int error;         /* -errno; 0: as the site likes */
	/* When it counts: at this label, in the section of this name, after
	 * that label was passed.  NULL: always. */
	const char *label, *in, *after;
	bool has_attr; /* instead of nr */
	struct cdma_fault_attr attr;
	struct cdma_site where;
};

/* A struct that an initialiser fills. */
struct program_fill {
	enum cdma_fault_site site; /* INIT or INIT_AT */
	const struct layout *layout;
};

/* A `return' of a constant -errno, or a goto to a rung that ends in one. */
struct program_error {
	uint32_t pc; /* of the first instruction that nobody else does */
	uint32_t site;
};

/* At most so many threads and handlers together. */
#define PROGRAM_ACTORS_MAX 63

struct program {
	const char *name, *title, *source; /* title, source: NULL: none */
	const char *variant, *variant_title;
	CDMA_VEC(const char *) variants; /* of the scenario, all */
	bool weak; /* its memory, unless --memory says otherwise */
	enum cdma_contract contract; /* the same of --contract */
	struct cdma_machine machine; /* the same of --machine */
	bool early; /* what may run out may do so while others can go on */

	CDMA_VEC(struct insn) code;
	CDMA_VEC(uint32_t) scope_of; /* for each of code; 0: none */
	CDMA_VEC(struct scope) scopes;
	CDMA_VEC(const struct cdma_site *) sites;
	CDMA_VEC(struct program_const) consts;
	/* MARK_* of each instruction; empty when there are none. */
	CDMA_VEC(uint8_t) marks;
	CDMA_VEC(struct program_slot) slots;
	CDMA_VEC(struct program_init) inits;
	CDMA_VEC(struct program_inits) init_lists;
	CDMA_VEC(struct program_operand) operands;
	CDMA_VEC(struct program_assert) asserts; /* by pc */

	uint32_t nr_regs;
	CDMA_VEC(uint16_t) setup_regs; /* those that threads read */
	uint64_t frame_size;           /* bytes */

	CDMA_VEC(struct program_device) devices;
	CDMA_VEC(struct program_reaction) reactions;
	CDMA_VEC(struct program_irq) irqs;
	CDMA_VEC(struct program_handler) handlers;
	CDMA_VEC(struct program_lock) locks;
	CDMA_VEC(const char *) completions;
	CDMA_VEC(const char *) waitqueues;
	CDMA_VEC(struct program_revocable) revocables;
	CDMA_VEC(struct program_native) natives;
	uint64_t native_hash; /* of their code, when it is loaded */
	CDMA_VEC(struct program_section) sections; /* threads and handlers */
	struct program_section setup, teardown, final;
	bool has_setup, has_teardown, has_final;
	bool has_armed; /* a section is_armed */

	CDMA_VEC(struct program_param) params;
	CDMA_VEC(struct program_expect) expects;
	CDMA_VEC(const char *) may_fail; /* functions, each once for a call */
	CDMA_VEC(const char *) named;    /* labels in those of any variant */
	bool names_turns;                /* some of expects do */
	CDMA_VEC(struct program_fault) faults;
	enum fault_mode under;               /* the most that expects ask for */
	CDMA_VEC(struct program_fill) fills; /* the last one first */
	CDMA_VEC(struct program_error) errors; /* by pc */

	struct cdma_arena arena; /* owned: strings and sites */
};

/*
 * Compile @unit.
 *
 * Returns: NULL when it does not fit a program (too many variables, actors or
 * local bytes); @diag has it.
 * Owns: the caller, program_free().
 */
struct program *program_new(const struct unit *unit, struct diag *diag);
void program_free(struct program *program);

/*
 * A number for what the steps of @program do.
 *
 * Comments, layout, names of memory and expectations do not change it; any
 * change of a step, of a fault or of who does what most likely does.
 */
uint32_t program_hash(const struct program *program);

/* Add the rule @fault as --fail takes it: "dma_alloc of ring #2 with -ENOMEM".
 */
void program_add_fault(struct cdma_text *out,
		       const struct program_fault *fault);

/* The name of actor number @i in a schedule: that of its section; the one
 * behind them all is setup. */
const char *program_actor_name(const struct program *program, uint32_t i);

/* Add "-ENOMEM"; a number where @error, which is negative, has no name. */
void program_add_error(struct cdma_text *out, int error);

#endif /* SCRIPT_PROGRAM_H */
