/* SPDX-License-Identifier: MIT */
#include "native/arena.h"

#include <errno.h>
#include <sys/mman.h>

#include "native/sanitize.h"
#include "script/program.h"

/* Where nothing else is, neither the host's libraries nor the shadow of a
 * sanitizer.  If something is there after all, any place does: then addresses
 * are the same in all runs of this process, and that is all that a run needs.
 */
#if NATIVE_TSAN
#define ARENA_AT 0x006000000000
#else
#define ARENA_AT 0x200000000000
#endif

#define NR_STACKS  (PROGRAM_ACTORS_MAX + 1)
#define GUARD      ((size_t)64 << 10)
#define SLOT       (NATIVE_STACK_SIZE + GUARD)
#define PRIVATE    (NATIVE_HEAP_SIZE + NR_STACKS * SLOT)
#define CELLS      (PRIVATE / 8 * sizeof(uint32_t))
#define CALLS_SIZE (NATIVE_CALLS_MAX * sizeof(void *))
#define CALLS_SLOT (CALLS_SIZE + GUARD)

/* One behind the other. */
#define WINDOW_AT 0
#define HEAP_AT   (WINDOW_AT + NATIVE_WINDOW_SIZE)
#define CELLS_AT  (HEAP_AT + PRIVATE)
#define CALLS_AT  (CELLS_AT + CELLS)
#define ALL       (CALLS_AT + NR_STACKS * CALLS_SLOT)

static unsigned char *arena;

static void *reserve(void)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
	void *at = mmap((void *)ARENA_AT, ALL, PROT_NONE,
			flags | MAP_FIXED_NOREPLACE, -1, 0);

	if (at == MAP_FAILED)
		at = mmap(NULL, ALL, PROT_NONE, flags, -1, 0);
	return at;
}

static int allow(unsigned char *at, size_t size)
{
	return mprotect(at, size, PROT_READ | PROT_WRITE);
}

int native_arena_open(void)
{
	unsigned char *at;

	if (arena)
		return 0;
	at = reserve();
	if (at == MAP_FAILED)
		return -errno;
	if (allow(at + HEAP_AT, NATIVE_HEAP_SIZE) ||
	    allow(at + CELLS_AT, CELLS))
		return -errno;
	for (size_t i = 0; i < NR_STACKS; i++)
		if (allow(at + HEAP_AT + NATIVE_HEAP_SIZE + i * SLOT + GUARD,
			  NATIVE_STACK_SIZE) ||
		    allow(at + CALLS_AT + i * CALLS_SLOT, CALLS_SIZE))
			return -errno;
	arena = at;
	return 0;
}

unsigned char *native_window(void)
{
	return arena + WINDOW_AT;
}

size_t native_private_size(void)
{
	return PRIVATE;
}

uint32_t *native_cells(void)
{
	return (uint32_t *)(void *)(arena + CELLS_AT);
}

const struct cdma_site **native_calls(size_t i)
{
	return (const struct cdma_site **)(void *)(arena + CALLS_AT +
						   i * CALLS_SLOT);
}

bool native_is_too_deep(size_t i, const void *at)
{
	const unsigned char *end =
		(unsigned char *)native_calls(i) + CALLS_SIZE;

	return (const unsigned char *)at >= end &&
	       (const unsigned char *)at < end + GUARD;
}

unsigned char *native_heap(void)
{
	return arena + HEAP_AT;
}

unsigned char *native_stack_end(size_t i)
{
	return native_heap() + NATIVE_HEAP_SIZE + (i + 1) * SLOT;
}

bool native_is_overflow(size_t i, const void *at)
{
	const unsigned char *low = native_stack_end(i) - SLOT;

	return (const unsigned char *)at >= low &&
	       (const unsigned char *)at < low + GUARD;
}
