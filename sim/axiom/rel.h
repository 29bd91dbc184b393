/* SPDX-License-Identifier: MIT */
#ifndef AXIOM_REL_H
#define AXIOM_REL_H

/*
 * Rel: sets of events, and relations between them, as bits.
 *
 * A set of events is a row of words; a relation is a row for each event, the
 * events that it relates to.  All rows of one space have the same number of
 * words, so the operators of a .cat file are loops over words: `|' is rel_or(),
 * `;' is rel_seq(), `^-1' is rel_inverse(), `[S] ; r' is rel_from().
 *
 * Relations are made of a space and live as long as it does.
 *
 * Usage
 * -----
 *	struct rel_space space = {0};
 *
 *	rel_space_init(&space, nr_events);
 *	struct rel fr = rel_new(&space);
 *	rel_inverse(fr, rf);
 *	rel_seq_with(fr, co);
 *	...
 *	rel_space_fini(&space);
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

#define REL_BITS       64
#define REL_EVENTS_MAX 4096

struct rel_space {
	unsigned int nr;         /* events */
	unsigned int words;      /* in a row */
	struct cdma_arena arena; /* owned: the rows */
};

/* The rows of a relation; copies are the same relation. */
struct rel {
	uint64_t *at;
	unsigned int nr, words;
};

/* A set of events. */
struct set {
	uint64_t *at;
	unsigned int words;
};

/* Begin anew, for @nr events, at most REL_EVENTS_MAX; what was made of @space
 * before is gone. */
void rel_space_init(struct rel_space *space, unsigned int nr);
void rel_space_fini(struct rel_space *space);

/* Empty ones. */
struct rel rel_new(struct rel_space *space);
struct set set_new(struct rel_space *space);

static inline uint64_t *rel_row(struct rel r, unsigned int a)
{
	return r.at + (uint64_t)a * r.words;
}

static inline bool rel_has(struct rel r, unsigned int a, unsigned int b)
{
	return rel_row(r, a)[b / REL_BITS] >> b % REL_BITS & 1;
}

static inline void rel_add(struct rel r, unsigned int a, unsigned int b)
{
	rel_row(r, a)[b / REL_BITS] |= (uint64_t)1 << b % REL_BITS;
}

static inline bool set_has(struct set s, unsigned int a)
{
	return s.at[a / REL_BITS] >> a % REL_BITS & 1;
}

static inline void set_add(struct set s, unsigned int a)
{
	s.at[a / REL_BITS] |= (uint64_t)1 << a % REL_BITS;
}

static inline void set_remove(struct set s, unsigned int a)
{
	s.at[a / REL_BITS] &= ~((uint64_t)1 << a % REL_BITS);
}

void set_clear(struct set s);
void set_or(struct set s, struct set with);
void set_copy(struct set s, struct set from);
void set_minus(struct set s, struct set without);
bool set_is_empty(struct set s);

void rel_clear(struct rel r);
/* Nothing comes after @a. */
void rel_clear_row(struct rel r, unsigned int a);
void rel_copy(struct rel r, struct rel from);
bool rel_is_empty(struct rel r);
bool rel_is_equal(struct rel a, struct rel b);

/* r |= with, r &= with, r \= with */
void rel_or(struct rel r, struct rel with);
void rel_and(struct rel r, struct rel with);
void rel_minus(struct rel r, struct rel without);

/* r |= id; r \= id */
void rel_or_id(struct rel r);
void rel_minus_id(struct rel r);

/* r = a ; b.  @r is neither of them. */
void rel_seq(struct rel r, struct rel a, struct rel b);
/* r |= a ; b.  @r is neither of them. */
void rel_or_seq(struct rel r, struct rel a, struct rel b);
/* r = a^-1.  @r is not @a. */
void rel_inverse(struct rel r, struct rel a);
/* r = [from] ; r,  r = r ; [to] */
void rel_from(struct rel r, struct set from);
void rel_to(struct rel r, struct set to);
/* r |= from * to */
void rel_or_cross(struct rel r, struct set from, struct set to);

/* r = r+ */
void rel_close(struct rel r);

/* Whether no event is before itself in r+. */
bool rel_is_acyclic(struct rel r);
bool rel_is_irreflexive(struct rel r);

#endif /* AXIOM_REL_H */
