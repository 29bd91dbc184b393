/* SPDX-License-Identifier: MIT */
#ifndef TESTS_ORACLE_FIBER_H
#define TESTS_ORACLE_FIBER_H

/*
 * Fiber: what ThreadSanitizer takes for a thread.
 *
 * A program built with -fsanitize=thread can tell it of any number of threads
 * that there are not (sanitizer/tsan_interface.h): each has a vector clock, and
 * what the program does while it is switched to one, that one does.  Switching
 * orders nothing.  Whoever releases tells all that he has done and heard of,
 *and who acquires that has heard of it, too; nothing else is known to anybody.
 *
 * Words are memory that two fibers access.  TSan keeps four accesses of a word
 * and reports one race of an access, so whoever wants to know of each two takes
 * a word for them.  Its report names the address, which is the word's: it is
 * noted, not printed, and does not count for the exit status.  Any other report
 * is one about the program, and goes its way.
 *
 * Usage
 * -----
 *	fiber_begin();
 *	a = fiber_new(), b = fiber_new();
 *	fiber_access(a, word, FIBER_PLAIN | FIBER_WRITE);
 *	if (ordered)
 *		fiber_acquire(b, fiber_release(a));
 *	fiber_access(b, word, FIBER_PLAIN);
 *	if (fiber_raced(word))
 *		…
 */

#include <stdbool.h>
#include <stdint.h>

/* Fibers live at a time: what the runtime of clang 14 has without two of them
 * sharing a clock, and what that of gcc 12 makes in a second. */
#define FIBERS_MAX 240
#define WORDS_MAX  (1u << 16)
/* Releases between one fiber_begin() and the next. */
#define RELEASES_MAX (1u << 16)

#define FIBER_WRITE 1u
#define FIBER_PLAIN 2u /* or relaxed atomic */

/* Whether the program was built with ThreadSanitizer. */
bool fiber_is_here(void);

/* Whatever happened so far comes before all that follows; words, fibers and
 * releases are new. */
void fiber_begin(void);

/* One that has heard of nothing since.  -1: there are FIBERS_MAX. */
int fiber_new(void);

/* What @fiber knows and did up to now; a number from 1.  0: RELEASES_MAX. */
uint32_t fiber_release(int fiber);
void fiber_acquire(int fiber, uint32_t release);

/* @fiber accesses @word, really. */
void fiber_access(int fiber, uint32_t word, unsigned int how);

/* Whether TSan has reported a race at @word since fiber_begin(). */
bool fiber_raced(uint32_t word);

#endif /* TESTS_ORACLE_FIBER_H */
