/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_REFUSE_H
#define SCRIPT_REFUSE_H

/*
 * Refuse: what C has and the language has not, and what to write instead.
 *
 * A driver function is pasted into a scenario with as few edits as possible;
 * this table says which.  Its words are not reserved: it is asked only where
 * a word would be an error anyway.
 */

#include <stdbool.h>
#include <stddef.h>

enum refuse_where {
	REFUSE_STMT, /* starts a statement */
	REFUSE_NAME, /* a name in an expression that nobody declared */
	REFUSE_CALL, /* a call of what nobody declared */
	REFUSE_TYPE, /* a type that nobody declared */
	REFUSE_ITEM, /* starts an item */
	REFUSE_HASH, /* after # */
};

struct refusal {
	enum refuse_where where;
	const char *word;
	const char *why;     /* completes "'while' " */
	const char *instead; /* "write ...", or NULL */
};

extern const struct refusal refusals[];
extern const size_t nr_refusals;

/* The line for @word, or NULL. */
const struct refusal *refuse_find(enum refuse_where where, const char *word);

/*
 * Whether a call of @name does nothing that matters here: it prints, traces,
 * or is a hint.  Its arguments may be anything.
 */
bool ignored_find(const char *name);

/*
 * Whether @name may be what @word was meant to be: the parts between the '_'
 * are the same, but for a slip of the finger in one that is long enough to
 * tell.  "test_bit" is no "set_bit", "synchronize_irq" no "synchronize_rcu".
 */
bool suggest_means(const char *word, const char *name);

#endif /* SCRIPT_REFUSE_H */
