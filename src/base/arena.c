/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include "base/image.h"
#include "base/xalloc.h"

#include <stdlib.h>

#define BLOCK_SIZE ((size_t)64 * 1024)

struct cdma_arena_block {
	struct cdma_arena_block *next; /* owned */
	size_t size;                   /* bytes of room */
	_Alignas(16) char room[];
};

static void use_block(struct cdma_arena *arena, struct cdma_arena_block *block)
{
	arena->block = block;
	arena->at = block ? block->room : NULL;
	arena->end = block ? block->room + block->size : NULL;
}

void cdma_arena_fini(struct cdma_arena *arena)
{
	struct cdma_arena_block *block = arena->first, *next;

	for (; block; block = next) {
		next = block->next;
		free(block);
	}
	arena->first = NULL;
	use_block(arena, NULL);
}

void cdma_arena_reset(struct cdma_arena *arena)
{
	use_block(arena, arena->first);
}

void cdma_arena_mark(struct cdma_arena *arena, struct cdma_image *image)
{
	struct cdma_arena_block *block = arena->first;

	/* Not the first: there may be none yet. */
	cdma_image_add(image, &arena->block,
		       sizeof(*arena) - offsetof(struct cdma_arena, block));
	for (; block && block != arena->block; block = block->next)
		cdma_image_add(image, block->room, block->size);
	if (block)
		cdma_image_add(image, block->room,
			       (size_t)(arena->at - block->room));
}

void *cdma_arena_alloc_slow(struct cdma_arena *arena, size_t size)
{
	struct cdma_arena_block **link =
		arena->block ? &arena->block->next : &arena->first;
	struct cdma_arena_block *block = *link;

	if (!block || block->size < size) {
		size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;

		block = cdma_xmalloc(sizeof(*block) + room);
		block->size = room;
		block->next = *link;
		*link = block;
	}
	use_block(arena, block);
	arena->at += size;
	return block->room;
}
