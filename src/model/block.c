/* SPDX-License-Identifier: MIT */
#include "model/block.h"

#include <string.h>

/* From this size on the host is asked for pages, which cost nothing until they
 * are written. */
#define MAPPED_ROOM ((size_t)128 * 1024)

static unsigned int class_of(size_t size)
{
	unsigned int class = 0;

	while (((size_t)CDMA_CHUNK << class) < size)
		class ++;
	return class;
}

static struct cdma_block *block_new(unsigned int class)
{
	struct cdma_block *block = cdma_xcalloc(1, sizeof(*block));
	size_t size = (size_t)CDMA_CHUNK << class;
	size_t map_size = (((size_t)1 << class) + 63) / 64 * 8;

	block->class = class;
	block->room_size = size + size / 8 + map_size;
	block->room = block->room_size < MAPPED_ROOM
			      ? cdma_xcalloc(1, block->room_size)
			      : cdma_xmap(block->room_size);
	block->bytes = block->room;
	block->init = block->bytes + size;
	block->map = (uint64_t *)(void *)(block->init + size / 8);
	return block;
}

struct cdma_block *cdma_block_get(struct cdma_block_pool *pool, size_t size,
				  bool poisoned)
{
	unsigned int class = class_of(size);
	struct cdma_block *block = pool->free[class];

	if (block)
		pool->free[class] = block->next;
	else
		block = block_new(class);
	block->next = NULL;
	block->size = size;
	block->poisoned = poisoned;
	return block;
}

/* Bytes of @chunk that are in use: few, of a block for one word. */
static size_t chunk_size(const struct cdma_block *block, size_t chunk)
{
	size_t left = block->size - chunk * CDMA_CHUNK;

	return left < CDMA_CHUNK ? left : CDMA_CHUNK;
}

void cdma_block_put(struct cdma_block_pool *pool, struct cdma_block *block)
{
	if (!block)
		return;
	for (size_t i = 0; i < block->touched.nr; i++) {
		size_t chunk = block->touched.at[i];
		size_t size = chunk_size(block, chunk);

		memset(block->bytes + chunk * CDMA_CHUNK, 0, size);
		if (block->poisoned || block->mixed)
			memset(block->init + chunk * CDMA_CHUNK / 8, 0,
			       (size + 7) / 8);
		block->map[chunk / 64] = 0;
	}
	block->mixed = false;
	block->touched.nr = 0;
	block->next = pool->free[block->class];
	pool->free[block->class] = block;
}

static void block_free(struct cdma_block *block)
{
	if (block->room_size < MAPPED_ROOM)
		free(block->room);
	else
		cdma_xunmap(block->room, block->room_size);
	cdma_vec_free(&block->touched);
	free(block);
}

void cdma_block_pool_fini(struct cdma_block_pool *pool)
{
	for (size_t i = 0; i < CDMA_BLOCK_CLASSES; i++) {
		struct cdma_block *block = pool->free[i], *next;

		for (; block; block = next) {
			next = block->next;
			block_free(block);
		}
		pool->free[i] = NULL;
	}
}

void cdma_block_touch(struct cdma_block *block, size_t chunk)
{
	if (cdma_block_is_touched(block, chunk))
		return;
	block->map[chunk / 64] |= (uint64_t)1 << chunk % 64;
	*cdma_vec_push(&block->touched) = (uint32_t)chunk;
	if (block->poisoned)
		memset(block->bytes + chunk * CDMA_CHUNK, CDMA_POISON_NEW,
		       chunk_size(block, chunk));
}

void cdma_block_materialise(struct cdma_block *block, size_t offset,
			    size_t size, bool written)
{
	size_t end = offset + size;

	if (!size)
		return;
	for (size_t i = offset / CDMA_CHUNK; i <= (end - 1) / CDMA_CHUNK; i++)
		cdma_block_touch(block, i);
	if (!written || !block->poisoned)
		return;
	for (; offset < end && offset % 8; offset++)
		block->init[offset / 8] |= cdma_block_mask(offset, 1);
	for (; offset + 8 <= end; offset += 8)
		block->init[offset / 8] = 0xff;
	for (; offset < end; offset++)
		block->init[offset / 8] |= cdma_block_mask(offset, 1);
}
