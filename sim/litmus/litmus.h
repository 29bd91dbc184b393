/* SPDX-License-Identifier: MIT */
#ifndef LITMUS_LITMUS_H
#define LITMUS_LITMUS_H

/*
 * Litmus: a test in the dialect of C that herd7 reads for the Linux kernel.
 *
 * A test of ours may have a device: a function called `device P0(...)` is an
 * engine of it, `msi P1(...)` or `intx P1(...)` the handler of its interrupt,
 * and a parameter `int __iomem *db` one of its registers.  All such tests share
 * the words with the device, and the verdict is that of doc/memory-model.md.
 *
 * The interrupt is a location, too, that nobody can name: raise() stores to it,
 * and a handler does what it does where it sees that.
 *
 * Usage
 * -----
 *	struct litmus *test = litmus_parse(path, text, len, diag);
 *
 *	if (test)
 *		... look at all its executions: axiom/search.h ...
 *	litmus_free(test);
 */

#include "base/arena.h"
#include "base/text.h"
#include "base/vec.h"
#include "litmus/program.h"
#include "script/diag.h"

/* A location or lock; locations that nothing initialises are 0. */
struct litmus_loc {
	const char *name;
	int64_t init;
	bool is_lock;       /* or completion */
	bool is_completion; /* a lock that is taken at first */
	bool is_register;   /* of the device */
	bool is_known;      /* a function has it */
	bool is_hidden;     /* the interrupt */
	bool is_pointed;    /* its address is a value somewhere */
};

enum litmus_process { LITMUS_CPU, LITMUS_ENGINE, LITMUS_MSI, LITMUS_INTX };

struct litmus_thread {
	enum litmus_process process;
	const struct litmus_stmt *body;
	struct span span; /* its name */
};

struct litmus_reg {
	const char *name;
	unsigned int thread;
	int64_t init;
};

enum litmus_term_kind {
	TERM_AND,
	TERM_OR,
	TERM_IMPLIES,
	TERM_NOT,
	TERM_IS,
	TERM_TRUE,
};

/* What a state shows. */
struct litmus_shown {
	bool is_reg;
	size_t at; /* of the register or location */
};

/* What is asked of a final state. */
struct litmus_term {
	enum litmus_term_kind kind;
	struct litmus_term *a, *b;
	struct litmus_shown place;
	bool is_other; /* it is compared with another place */
	struct litmus_shown other;
	int64_t value;
	bool differs; /* != instead of = */
};

enum litmus_quantifier { LITMUS_EXISTS, LITMUS_NOT_EXISTS, LITMUS_FORALL };

struct litmus {
	const char *name;
	/* What a comment says after "Result:", as in "Never DATARACE". */
	char result[32];
	CDMA_VEC(struct litmus_loc) locs;
	CDMA_VEC(struct litmus_reg) regs;
	CDMA_VEC(struct litmus_thread) threads;
	CDMA_VEC(struct litmus_shown) shown; /* registers first, in order */
	bool has_device;
	enum litmus_process handler; /* MSI or INTX; CPU: there is none */
	enum litmus_quantifier quantifier;
	struct litmus_term *condition;
	struct litmus_term *filter; /* or NULL */
	struct cdma_arena arena;    /* owned: names, terms, threads */
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

/* An address is a number that no test computes by chance. */
int64_t litmus_address(size_t loc);
/* Whether @address is that of a location, and of which. */
bool litmus_loc_at(const struct litmus *test, int64_t address, uint32_t *loc);

/* ---- the outcome; see outcome.c ---- */

/* Whether the value of @place in a final state is known, and what it is. */
typedef bool litmus_value_fn(const void *aux, struct litmus_shown place,
			     int64_t *value);

enum litmus_truth { LITMUS_FALSE, LITMUS_UNKNOWN, LITMUS_TRUE };

/* Whether @term holds, as far as @value knows what is where. */
enum litmus_truth litmus_holds(const struct litmus_term *term,
			       litmus_value_fn *value, const void *aux);

/* What is shown where a value comes from itself: plain accesses can copy in a
 * circle, and then LKMM says nothing of what. */
#define LITMUS_THIN_AIR (INT64_MIN + 1)

/* Append the number @value, the name of the location with that address, or "S"
 * for LITMUS_THIN_AIR. */
void litmus_add_value(struct cdma_text *out, const struct litmus *test,
		      int64_t value);

/* Append "0:r1" or "[x]". */
void litmus_add_shown(struct cdma_text *out, const struct litmus *test,
		      struct litmus_shown shown);

/* Append the condition as herd7 prints it: "exists (0:r1=1)". */
void litmus_add_condition(struct cdma_text *out, const struct litmus *test);

#endif /* LITMUS_LITMUS_H */
