/* SPDX-License-Identifier: MIT */
#ifndef LITMUS_PARSE_H
#define LITMUS_PARSE_H

/*
 * Parse: the parts of the parser of litmus tests; private to this directory.
 *
 * Threads are translated while they are read: what an expression means is added
 * to parser.body, and its reads to the events of litmus.reorder. The first
 * error ends it.
 */

#include "litmus/lex.h"
#include "litmus/litmus.h"

/* What a name means in a thread: a parameter, or a register. */
struct local {
	const char *name;
	size_t reg;
	uint64_t after; /* reads that its value comes from */
	bool is_param;
	size_t loc;
};

struct parser {
	struct litmus *test;
	struct diag *diag;
	struct sources sources; /* owned */
	struct lexed lexed;     /* owned */
	const struct lex_token *tok;
	struct cdma_text body; /* of the thread */
	enum litmus_process process;
	/* What a test with a device, and one without, cannot have: the first
	 * such thing; NULL: there was none. */
	const char *not_with, *not_without;
	struct span with_span, without_span;
	bool raises;
	CDMA_VEC(struct local) locals;
	size_t first_event; /* of the thread */
	uint64_t control;   /* reads that decide whether this is done */
	unsigned int depth;
	unsigned int ifs;
	unsigned int sections;       /* of RCU that are open */
	bool wants_atomic;           /* after smp_mb__before_atomic() */
	unsigned int side, nr_sides; /* of conditions; 0: outside */
	bool failed;
};

#define PARSE_DEPTH_MAX 100

/* Report, and take nothing any more. */
void parse_fail_at(struct parser *p, struct span span, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
bool take(struct parser *p, const char *text);
bool want(struct parser *p, const char *text);
/* A name, interned; "" after an error that says @what was expected. */
const char *want_name(struct parser *p, const char *what);
/* "-1", or the address of a location: "x" or "&x". */
int64_t want_value(struct parser *p);

/* The location called @name; made when there is none. */
size_t loc_of(struct parser *p, const char *name);

struct local *local_find(struct parser *p, const char *name);
bool is_type(const struct parser *p);
/* "int *": take it. */
void skip_type(struct parser *p);

void parse_expression(struct parser *p, uint64_t *after);
/* "*x" where marked accesses take an lvalue, "x" where they take an address;
 * adds the place. */
void parse_place(struct parser *p, bool is_lvalue, uint32_t *loc,
		 uint64_t *after);
/* It is refused in a test that has a device; in one that has none. */
void not_with_device(struct parser *p, struct span span, const char *why);
void not_without_device(struct parser *p, struct span span, const char *why);

/* The event number in its thread, as a bit; 0 for what is no read. */
uint64_t add_event(struct parser *p, struct reorder_event event);

/* A register or parameter; NULL after an error. */
struct local *want_local(struct parser *p);

/* readl() of a CPU, if there is one. */
bool parse_register_read(struct parser *p, uint64_t *after);
/* An atomic operation, if there is one. */
bool parse_atomic(struct parser *p, uint64_t *after);
/* The same, a barrier, a lock, or one of RCU, as a statement. */
bool parse_call(struct parser *p);

void parse_statement(struct parser *p);
void parse_outcome(struct parser *p);

/* Whether the name at hand is a call or word that is refused; then it has. */
bool refused(struct parser *p);

#endif /* LITMUS_PARSE_H */
