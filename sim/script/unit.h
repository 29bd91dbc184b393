/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_UNIT_H
#define SCRIPT_UNIT_H

/*
 * Unit: one variant of a scenario, checked and complete: what is compiled.
 *
 * All names are bound, all constants are numbers, all functions are expanded
 * where they are called (so one label or statement of the text can occur in
 * several trees, and even with several types), and the expectations and
 * faults are those of the variant.
 *
 * Lifetime: a unit owns its trees and borrows the script that it was made
 * from.  Several units of one script can live at the same time.
 */

#include <cdma/fault.h>
#include <cdma/finding.h>
#include <cdma/handler.h>

#include "script/ast.h"

struct script;

enum sym_kind {
	SYM_CONST,  /* value, type; params of the scenario too */
	SYM_STRUCT, /* layout */
	SYM_DEVICE, /* device */
	SYM_REG,    /* device, field */
	SYM_IRQ,    /* device, irq */
	SYM_SHARED, /* type, init */
	SYM_LOCK,
	SYM_MUTEX,
	SYM_COMPLETION,
	SYM_WAITQUEUE,
	SYM_REVOCABLE, /* item */
	SYM_DEVRES,    /* item, device; numbered with those */
	SYM_HANDLER,   /* handler */
	SYM_THREAD,    /* thread */
	SYM_FN,        /* item */
	SYM_NATIVE,
	SYM_LOCAL,  /* type: a scalar, a struct or an array of one */
	SYM_OBJECT, /* object, type of the memory behind it */
};

/*
 * What a name stands for.  Everything that is stored when the scenario runs
 * has a symbol of its own, however many functions pass it on.
 */
struct sym {
	enum sym_kind kind;
	const char *name; /* borrowed */
	struct span span; /* of the name, where it is declared */
	struct type type; /* scalar is NONE for an object of unknown type */
	enum object object;
	uint64_t value;
	const struct layout *layout;
	const struct device *device;
	const struct irq *irq;
	const struct handler *handler;
	const struct section *thread;
	const struct field *field;
	const struct item *item;
	/* Of a lock or handler that is a part of a variable: which one, and
	 * where in it; NULL: it has a name of its own. */
	const struct sym *root;
	uint64_t at;
	const struct expr *only; /* of a pointer: its only value, or NULL */
	uint64_t nr_objects;     /* box x[n]: n; 0: just one, no index */
	struct expr *init;       /* of SHARED: a NUMBER, or NULL */
	bool is_setup;  /* a LOCAL or OBJECT of setup's outermost block:
			   threads see it */
	bool is_loop;   /* the variable of a for */
	uint32_t index; /* dense, from 0, among those of its kind; LOCAL
			   and OBJECT together */
};

/* What runs later; that of an interrupt is there without a section, too. */
struct handler {
	const char *name;
	enum cdma_handler_kind kind;
	uint32_t runs;  /* see cdma/handler.h */
	uint32_t index; /* in the unit; those of the interrupts come first */
};

struct irq {
	const char *name;
	const struct device *device;
	bool wire;                     /* INTx and not MSI */
	bool level;                    /* INTx that stays raised */
	uint32_t index;                /* in the unit */
	const struct section *handler; /* or NULL */
	const struct section *thread;  /* the same, when there is no other */
	bool is_owned; /* the program requests or frees it, in some variant */
};

struct device {
	const char *name;
	uint32_t index; /* in the unit */
	struct span span;
	uint32_t dma_bits;  /* 1 to 64; 0: the bus gave it no mask */
	uint32_t addr_bits; /* 1 to 64 */
	uint64_t iova_base; /* bytes; 0: where the machine likes */
	bool bound, master, untrusted;
	struct layout regs;
	struct irq *irqs;
	size_t nr_irqs;
	const struct item *drvdata; /* what its driver drops, or NULL */
};

/* What one agent does: setup, a thread, a handler ... */
enum section_kind {
	SECTION_SETUP,
	SECTION_THREAD,
	SECTION_HANDLER,
	SECTION_TEARDOWN,
	SECTION_FINAL,
	SECTION_REACTION,
};

struct section {
	enum section_kind kind;
	const char *name;
	struct span span;
	const struct device *device; /* of a device thread; NULL: on the CPU */
	const struct device *core;   /* it is a callback of that one's driver */
	const struct irq *irq;       /* of its handler or thread */
	const struct handler *handler;
	uint32_t index;    /* in the unit, in order of the text */
	struct stmt *body; /* a BLOCK */
	/* Of setup and teardown: for each device, a call of what the driver
	 * core does behind it. */
	struct expr *after;
};

/* What a register does at once when a CPU has written it, or reads it. */
struct reaction {
	const struct item *item;
	const struct device *device;
	const struct field *reg; /* NULL: there is none of that name */
	bool is_read;
	struct section section;
	struct sym *which; /* local: which one of an array; or NULL */
	struct sym *value; /* local: what was written; or NULL */
};

/* A turn of the loop that has the variable @name. */
struct expect_turn {
	const char *name;
	uint64_t value;
};

struct expect_turns {
	const struct expect_turn *at;
	size_t nr;
};

/* A label that an expectation has, and which runs that is asked of. */
struct named {
	const char *label;
	enum fault_mode under;
};

struct expect {
	enum expect_when when;
	enum cdma_finding_id finding;  /* not of NOTHING, UNREACHED, SETUP */
	const char *of, *at, *against; /* NULL: whichever */
	const char *at_text, *against_text; /* in the line; or NULL */
	struct expect_turns at_turns, against_turns;
	int error; /* of SETUP */
	enum fault_mode under;
	bool in_explore, then_anything;
	struct span span;
};

struct fault {
	const char *site;            /* name of the fault site */
	const struct device *device; /* that it is about, or NULL */
	const struct irq *irq;       /* of it, or NULL */
	const char *of;              /* NULL: whichever */
	bool any;                    /* one of them, as the schedule says */
	uint64_t bit;
	uint64_t offset, size; /* of its registers; size 0: all */
	enum fail_when when;
	uint64_t nr;            /* of NTH and EVERY, from 1 */
	const char *field;      /* or NULL */
	const struct field *at; /* the field, when that is known */
	uint64_t byte;          /* done before it fails */
	int error;              /* a negative errno; 0: as the site likes */
	/* When it counts; each NULL: always. */
	const char *label, *in, *after;
	bool has_attr; /* instead of a number */
	struct cdma_fault_attr attr;
	struct span span;
};

/* A struct that an initialiser fills, which can fail at each of its fields. */
struct fill {
	enum cdma_fault_site site; /* INIT or INIT_AT */
	const struct layout *layout;
	struct fill *next;
};

/* A macro that a source of C is compiled with. */
struct native_define {
	const char *name, *text; /* "2" */
	bool is_number;
	struct span span;
};

struct native_file {
	const char *text; /* as it is written */
	const char *path; /* where it is; NULL: not here */
	struct span span;
};

/* What a driver finds on its bus. */
struct native_pci {
	const struct device *device;
	const struct irq *irq; /* or NULL */
	uint32_t vendor, id, rev;
};

/* A change of the source in this variant. */
struct native_patch {
	enum patch_how how;
	const char *at, *with, *in; /* in: a function; NULL: anywhere */
	struct span span;
};

/* A file with functions that are called: a shared object, or a source of C that
 * one is made of. */
struct native_object {
	struct native_file file;
	const char *source; /* where that is; NULL: nowhere */
	bool is_driver;     /* of a kernel */
	bool is_source;
	bool has_pci;
	struct native_pci pci;
	struct native_define *defines;
	struct native_file *sources, *links;
	size_t nr_defines, nr_sources, nr_links;
};

/* A function of one. */
struct native_fn {
	const char *name;
	size_t object; /* in the unit */
	struct span span;
};

/* What the command line can set with -D. */
struct unit_param {
	const char *name;
	uint64_t value;
	bool is_unsigned;
};

struct unit {
	struct script *script;     /* borrowed */
	const char *name;          /* of the scenario */
	const char *title;         /* NULL when it has none */
	const char *source;        /* where the bug comes from, or NULL */
	const char *variant;       /* "default" without one */
	const char *variant_title; /* or NULL */
	bool weak;                 /* memory = weak */
	bool early;                /* timeouts = early */
	const char *machine;       /* NULL: any */
	enum cdma_contract contract;

	struct section *sections;
	size_t nr_sections;
	const struct section *setup, *teardown, *final; /* NULL: none */

	struct device *devices;
	size_t nr_devices;
	struct reaction *reactions;
	size_t nr_reactions;
	struct irq **irqs; /* of all devices */
	size_t nr_irqs;
	struct handler **handlers;
	size_t nr_handlers;
	struct sym **shareds, **locks, **completions, **waitqueues;
	size_t nr_shareds, nr_locks, nr_completions, nr_waitqueues;
	struct native_object *objects;
	size_t nr_objects;
	struct native_patch *patches; /* of all that are sources */
	size_t nr_patches;
	struct sym **revocables; /* and resources of devices */
	size_t nr_revocables;
	struct native_fn *natives;
	size_t nr_natives;
	size_t nr_locals; /* SYM_LOCAL and SYM_OBJECT */

	struct unit_param *params; /* in the order of the text */
	size_t nr_params;
	struct expect *expects;
	size_t nr_expects;
	struct named *named; /* labels that expectations of any variant have */
	size_t nr_named;
	struct fill *fills; /* of all variants, the last one first */
	struct fault *faults;
	size_t nr_faults;

	struct unit_memory *memory; /* owned: what all this lives in */
};

void unit_free(struct unit *unit);

#endif /* SCRIPT_UNIT_H */
