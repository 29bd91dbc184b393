/* SPDX-License-Identifier: MIT */
#ifndef NATIVE_ARENA_H
#define NATIVE_ARENA_H

/*
 * Arena: memory that native code has, at addresses that stay the same.
 *
 * Code in C keeps pointers.  So what it allocates, and the stacks that it runs
 * on, are at fixed addresses: a run that goes back to the mark finds everything
 * where it was, and two runs of one schedule hold the same numbers.  All
 * machines of the process use the same memory, one after the other; each puts
 * its own image there.
 *
 * Below each stack, and behind the heap, is memory that traps.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NATIVE_STACK_SIZE ((size_t)256 << 10)
#define NATIVE_HEAP_SIZE  ((size_t)64 << 20)

/* Make it, when it is asked for first.  0, or -errno. */
int native_arena_open(void);

/* Stack number @i, up to PROGRAM_ACTORS_MAX: its end, aligned to 16 bytes. */
unsigned char *native_stack_end(size_t i);

/* Whether @at is in the memory that traps below stack @i. */
bool native_is_overflow(size_t i, const void *at);

unsigned char *native_heap(void);

#endif /* NATIVE_ARENA_H */
