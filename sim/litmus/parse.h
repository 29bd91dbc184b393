/* SPDX-License-Identifier: MIT */
#ifndef LITMUS_PARSE_H
#define LITMUS_PARSE_H

/*
 * Parse: the parts of the parser of litmus tests; private to this directory.
 *
 * The first error ends it: whoever asks on gets nothing, and says nothing.
 */

#include "litmus/lex.h"
#include "litmus/litmus.h"

/* What a name means in a thread: a parameter, or a register. */
struct local {
	const char *name;
	size_t reg;
	bool is_param;
	size_t loc;
};

struct parser {
	struct litmus *test;
	struct diag *diag;
	struct sources sources; /* owned */
	struct lexed lexed;     /* owned */
	const struct lex_token *tok;
	unsigned int thread; /* which is being read */
	enum litmus_process process;
	/* What a test with a device, and one without, cannot have: the first
	 * such thing; NULL: there was none. */
	const char *not_with, *not_without;
	struct span with_span, without_span;
	bool raises;
	bool is_place; /* the name at hand is where something is, no value */
	bool is_filter, is_locations; /* it is being read */
	CDMA_VEC(struct local) locals;
	unsigned int depth;
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
/* Its address, as a value that may be followed. */
int64_t new_pointer(struct parser *p, size_t loc);
/* The one of the interrupt. */
size_t interrupt_of(struct parser *p);
/* The register of @thread called @name; made when there is none. */
size_t reg_of(struct parser *p, unsigned int thread, const char *name);

struct local *local_find(struct parser *p, const char *name);
/* "int", "volatile struct srcu_struct", "char": take it, if there is one. */
bool take_type(struct parser *p);

/* It is refused in a test that has a device; in one that has none. */
void not_with_device(struct parser *p, struct span span, const char *why);
void not_without_device(struct parser *p, struct span span, const char *why);

/* ---- parse-code.c ---- */

const struct litmus_expr *parse_expression(struct parser *p);
/* A pointer to a location. */
const struct litmus_expr *parse_pointer(struct parser *p);
/* "*e": the address that is followed; an error for anything else. */
const struct litmus_expr *parse_lvalue(struct parser *p);
const struct litmus_stmt *parse_body(struct parser *p);

struct litmus_expr *new_expr(struct parser *p, enum litmus_expr_kind kind);
const struct litmus_expr *new_number(struct parser *p, int64_t number);
const struct litmus_expr *new_op(struct parser *p, enum litmus_op op,
				 const struct litmus_expr *a,
				 const struct litmus_expr *b);
/* An expression that is @action. */
const struct litmus_expr *new_act(struct parser *p,
				  const struct litmus_action *action);

/* ---- parse-call.c ---- */

/* A call, if there is one: as an expression, NULL if there is none. */
const struct litmus_expr *parse_call(struct parser *p, bool is_statement);
/* smp_store_mb() has a barrier behind it: if the call at hand is such. */
bool call_has_barrier(struct parser *p);
const struct litmus_expr *new_barrier(struct parser *p, struct span span);
/* What a handler of an interrupt begins with. */
const struct litmus_expr *new_interrupt(struct parser *p, struct span span);

void parse_outcome(struct parser *p);

#endif /* LITMUS_PARSE_H */
