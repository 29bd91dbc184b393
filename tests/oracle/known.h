/* SPDX-License-Identifier: MIT */
#ifndef TESTS_ORACLE_KNOWN_H
#define TESTS_ORACLE_KNOWN_H

/*
 * Known: what somebody has heard of, as ThreadSanitizer keeps it.
 *
 * A *stream* is a fiber that accesses nothing: its vector clock is all that
 * there is of it, and that only grows.  A *tale* is what was released, by a
 * stream, or several; it never changes.  What a tale says a stream hears by
 * acquiring it.  Nobody here looks into a clock: TSan alone knows what is in
 * it.  Whether somebody has heard of a store, on which it depends what comes
 * after what, is seen by who released what to whom.
 *
 * Usage
 * -----
 *	known_begin();
 *	hear(&reads, tell(&pending));           // reads comes after pending
 *	message = tales(tell(&publish), own);   // both of them
 */

#include <stdbool.h>
#include <stdint.h>

struct tale; /* NULL: says nothing */

/* All zero bytes: one that has heard nothing. */
struct stream {
	int fiber; /* from 1; 0: none yet */
	const struct tale *heard, *told;
};

/* Forget all streams and tales, and what they know. */
void known_begin(void);

/* Whether there were too few fibers or releases since then: nothing that was
 * heard is of any use. */
bool known_is_lost(void);

/* What @stream knows now. */
const struct tale *tell(struct stream *stream);

/* What @fiber did and knows. */
const struct tale *tell_of(int fiber);

const struct tale *tales(const struct tale *a, const struct tale *b);

void hear(struct stream *stream, const struct tale *tale);

/* Something that no fiber does, and that tales tell of; and whether @tale does.
 */
const struct tale *known_mark(void);
bool known_says(const struct tale *tale, const struct tale *mark);

/* A fiber that knows @tale alone; -1: there are none left. */
int known_fiber(const struct tale *tale);

#endif /* TESTS_ORACLE_KNOWN_H */
