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
#define HEAP_AT 0x006000000000
#else
#define HEAP_AT 0x200000000000
#endif

#define NR_STACKS (PROGRAM_ACTORS_MAX + 1)
#define GUARD     ((size_t)64 << 10)
#define SLOT      (NATIVE_STACK_SIZE + GUARD)
#define ALL       (NATIVE_HEAP_SIZE + NR_STACKS * SLOT)

static unsigned char *arena;

static void *reserve(void)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
	void *at = mmap((void *)HEAP_AT, ALL, PROT_NONE,
			flags | MAP_FIXED_NOREPLACE, -1, 0);

	if (at == MAP_FAILED)
		at = mmap(NULL, ALL, PROT_NONE, flags, -1, 0);
	return at;
}

int native_arena_open(void)
{
	unsigned char *at;

	if (arena)
		return 0;
	at = reserve();
	if (at == MAP_FAILED)
		return -errno;
	if (mprotect(at, NATIVE_HEAP_SIZE, PROT_READ | PROT_WRITE))
		return -errno;
	for (size_t i = 0; i < NR_STACKS; i++)
		if (mprotect(at + NATIVE_HEAP_SIZE + i * SLOT + GUARD,
			     NATIVE_STACK_SIZE, PROT_READ | PROT_WRITE))
			return -errno;
	arena = at;
	return 0;
}

unsigned char *native_heap(void)
{
	return arena;
}

unsigned char *native_stack_end(size_t i)
{
	return arena + NATIVE_HEAP_SIZE + (i + 1) * SLOT;
}

bool native_is_overflow(size_t i, const void *at)
{
	const unsigned char *low = native_stack_end(i) - SLOT;

	return (const unsigned char *)at >= low &&
	       (const unsigned char *)at < low + GUARD;
}
