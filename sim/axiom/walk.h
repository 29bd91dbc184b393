/* SPDX-License-Identifier: MIT */
#ifndef AXIOM_WALK_H
#define AXIOM_WALK_H

/*
 * Walk: one way through a thread, while it is being followed; private to path.c
 * and what it is made of: value.c, and action.c for what touches memory.
 */

#include "axiom/path.h"

struct answer {
	unsigned int is, nr;
};

struct reg {
	const struct value *value;
	uint64_t data; /* reads that it is computed from */
	uint64_t
		ctrl; /* reads that decided that, or what it is computed from */
};

struct walk {
	const struct litmus *test;
	struct path_list *paths;
	struct reg *regs;
	struct path_event events[PATH_EVENTS_MAX];
	unsigned int nr_events;
	CDMA_VEC(struct demand) demands;
	CDMA_VEC(struct answer) answers;
	size_t nr_asked;
	uint64_t earlier; /* events of the statements before */
	uint64_t control; /* reads that decide that we are here */
	bool ended;       /* it is impossible, or lost */
	bool is_impossible, is_lost, overflows;
};

/* What an expression gave. */
struct result {
	const struct value *value;
	uint64_t data, ctrl; /* as of a register */
	uint64_t did;        /* its events */
};

#define BIT(event) ((uint64_t)1 << (event))

/* ---- value.c ---- */

const struct value *value_number(struct walk *w, int64_t n);
const struct value *value_read(struct walk *w, uint32_t event);
const struct value *value_computed(struct walk *w, enum litmus_op op,
				   const struct value *a,
				   const struct value *b);

/* ---- path.c ---- */

/* Which of @nr ways to go, the first one first. */
unsigned int walk_ask(struct walk *w, unsigned int nr);
/* @value is @n, or is not; where that is known not to be so, it ends. */
void walk_demand(struct walk *w, const struct value *value, int64_t n,
		 bool differs);
/* Whether @value is not 0: known, or asked. */
bool walk_is_true(struct walk *w, const struct value *value);
/* The location at @value: known, or asked. */
uint32_t walk_locate(struct walk *w, const struct value *value);
struct result walk_expression(struct walk *w, const struct litmus_expr *e);

/* ---- action.c ---- */

/* Do @action: its events are added, each where the rules of herd7 put it. */
struct result walk_act(struct walk *w, const struct litmus_action *action);

#endif /* AXIOM_WALK_H */
