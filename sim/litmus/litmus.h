/* SPDX-License-Identifier: MIT */
#ifndef LITMUS_LITMUS_H
#define LITMUS_LITMUS_H

/*
 * Litmus: a test in the dialect of C that herd7 reads for the Linux kernel.
 *
 * It becomes a scenario: the locations are words of kernel memory, which is
 * weak, each function a thread on a CPU, and at its end a thread stores its
 * registers where they can be looked up. The scenario is a text, so that it
 * means what the manual says.
 *
 * A test of ours may have a device: a function called `device P0(...)` is an
 * engine of it, `msi P1(...)` or `intx P1(...)` the handler of its interrupt,
 * and a parameter `int __iomem *db` one of its registers.  All such tests share
 * the words with the device, and the verdict is that of doc/memory-model.md.
 *
 * An address is a number: that of the first location is LITMUS_ADDRESS, and
 * they are two apart, for each is a granule of its own.
 *
 * Usage
 * -----
 *	struct litmus *test = litmus_parse(path, text, len, diag);
 *
 *	if (test)
 *		... compile and explore test->text ...
 *	litmus_free(test);
 */

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "litmus/reorder.h"
#include "script/diag.h"

#define LITMUS_ADDRESS 0x10000

/* A location or lock; locations that nothing initialises are 0. */
struct litmus_loc {
	const char *name;
	int64_t init;
	bool is_lock;
	bool is_register; /* of the device */
	bool is_known;    /* a function has it */
};

enum litmus_process { LITMUS_CPU, LITMUS_ENGINE, LITMUS_MSI, LITMUS_INTX };

struct litmus_reg {
	const char *name;
	unsigned int thread;
	bool is_device; /* its thread is an engine */
};

enum litmus_term_kind { TERM_AND, TERM_OR, TERM_NOT, TERM_IS, TERM_TRUE };

/* What is asked of a final state. */
struct litmus_term {
	enum litmus_term_kind kind;
	struct litmus_term *a, *b;
	bool is_reg;
	size_t at; /* of the register or location */
	int64_t value;
	bool differs; /* != instead of = */
};

/* What a state shows. */
struct litmus_shown {
	bool is_reg;
	size_t at;
};

enum litmus_quantifier { LITMUS_EXISTS, LITMUS_NOT_EXISTS, LITMUS_FORALL };

struct litmus {
	const char *name;
	char result[16]; /* what the author expects, or "" */
	char here[16];   /* "undecided" where that cannot be shown, or "" */
	CDMA_VEC(struct litmus_loc) locs;
	CDMA_VEC(struct litmus_reg) regs;
	CDMA_VEC(struct litmus_shown) shown; /* registers first, in order */
	unsigned int nr_threads;
	bool has_device;
	enum litmus_process handler; /* MSI or INTX; CPU: there is none */
	enum litmus_quantifier quantifier;
	struct litmus_term *condition;
	struct litmus_term *filter; /* or NULL */
	struct reorder reorder;     /* what the threads do, for a note */
	struct cdma_text text;      /* the scenario */
	struct cdma_arena arena;    /* owned: names and terms */
};

/*
 * Parse the @len bytes at @text, called @path in messages.
 *
 * Returns: NULL when there was an error; @diag has it.
 * Owns: the caller, litmus_free().
 */
struct litmus *litmus_parse(const char *path, const char *text, size_t len,
			    struct diag *diag);
void litmus_free(struct litmus *test);

/* Append the number @value, or the name of the location with that address. */
void litmus_add_value(struct cdma_text *out, const struct litmus *test,
		      int64_t value);

/* Append "0:r1" or "[x]". */
void litmus_add_shown(struct cdma_text *out, const struct litmus *test,
		      struct litmus_shown shown);

/* Append the condition as herd7 prints it: "exists (0:r1=1)". */
void litmus_add_condition(struct cdma_text *out, const struct litmus *test);

#endif /* LITMUS_LITMUS_H */
