/* SPDX-License-Identifier: MIT */
#ifndef CDMA_BASE_ARENA_H
#define CDMA_BASE_ARENA_H

/*
 * Arena: memory that is all given back at once.
 *
 * What one run needs lives until the run is reset; taking it from an arena
 * costs an addition, and a reset keeps the blocks for the next run.
 */

#include <stddef.h>

struct cdma_arena_block;
struct cdma_image;

struct cdma_arena {
	struct cdma_arena_block *first; /* owned */
	struct cdma_arena_block *block; /* the one in use */
	char *at, *end;                 /* free room in it */
};

/* An arena that is all zero bytes is ready for use. */
void cdma_arena_fini(struct cdma_arena *arena);

/* Take everything back.  Keeps the blocks. */
void cdma_arena_reset(struct cdma_arena *arena);

/* All that was taken so far, and where the next will be. */
void cdma_arena_mark(struct cdma_arena *arena, struct cdma_image *image);

/* For cdma_arena_alloc() alone: when the block in use is full. */
void *cdma_arena_alloc_slow(struct cdma_arena *arena, size_t size);

/* @size bytes, aligned to 8, content undefined.  Never fails. */
static inline void *cdma_arena_alloc(struct cdma_arena *arena, size_t size)
{
	char *p = arena->at;

	size = (size + 7) & ~(size_t)7;
	if (size > (size_t)(arena->end - p))
		return cdma_arena_alloc_slow(arena, size);
	arena->at = p + size;
	return p;
}

#endif /* CDMA_BASE_ARENA_H */
