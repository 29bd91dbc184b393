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

#endif /* SCRIPT_REFUSE_H */
