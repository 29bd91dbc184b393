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
 * Below each stack, and behind the heap, is memory that traps.  So does the
 * window: addresses that stand for memory of libcdma (window.h).  What is noted
 * of the heap and of the stacks (labels.h), and where calls were made, has its
 * own places in it, which native code does not know.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NATIVE_STACK_SIZE  ((size_t)256 << 10)
#define NATIVE_HEAP_SIZE   ((size_t)64 << 20)
#define NATIVE_WINDOW_SIZE ((size_t)256 << 20)
#define NATIVE_CALLS_MAX   8192 /* calls of a stack that are noted */

struct cdma_site;

/* Make it, when it is asked for first.  0, or -errno. */
int native_arena_open(void);

/* Stack number @i, up to PROGRAM_ACTORS_MAX: its end, aligned to 16 bytes. */
unsigned char *native_stack_end(size_t i);

/* Whether @at is in the memory that traps below stack @i. */
bool native_is_overflow(size_t i, const void *at);

unsigned char *native_heap(void);
unsigned char *native_window(void);

/* What native code may read and write of it: the heap, and the stacks behind
 * it.  And a number for each eight bytes of that. */
size_t native_private_size(void);
uint32_t *native_cells(void);

/* Where the calls of stack @i are noted: NATIVE_CALLS_MAX, and then it traps.
 */
const struct cdma_site **native_calls(size_t i);
bool native_is_too_deep(size_t i, const void *at);

#endif /* NATIVE_ARENA_H */
