/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_BLOCK_H
#define CDMA_MODEL_BLOCK_H

/*
 * Block: the host memory behind a region.
 *
 * Bytes that look as if all of them had been prepared, zeroed or poisoned,
 * while only those that were written cost anything: a block remembers which of
 * its chunks were written, and cleans no others.  Whether each byte of poisoned
 * memory was written is remembered as well.
 *
 * Blocks of one size class are used again, so that a run like one before it
 * asks the host for none.
 */

#include "base/vec.h"

#include <cdma/region.h>

#include <string.h>

#define CDMA_CHUNK         512u /* bytes; a multiple of a granule */
#define CDMA_BLOCK_CLASSES 64

struct cdma_block {
	unsigned char *bytes; /* all zero in chunks that were not touched */
	unsigned char *init;  /* a bit a byte: written; of poisoned blocks */
	uint64_t *map;        /* a bit a chunk: touched */
	CDMA_VEC(uint32_t) touched;
	struct cdma_block *next; /* in the pool */
	void *room;              /* owned: what the three point into */
	size_t room_size;        /* bytes */
	unsigned int class;
	bool poisoned; /* not zeroed */
};

struct cdma_block_pool {
	struct cdma_block *free[CDMA_BLOCK_CLASSES]; /* owned */
};

/* A block of at least @size bytes, as if zeroed or poisoned.
 * Owns: the caller; cdma_block_put(). */
struct cdma_block *cdma_block_get(struct cdma_block_pool *pool, size_t size,
				  bool poisoned);

/* Give a block back, clean.  NULL is ignored. */
void cdma_block_put(struct cdma_block_pool *pool, struct cdma_block *block);

/* Free all blocks that are in the pool. */
void cdma_block_pool_fini(struct cdma_block_pool *pool);

/* Prepare a chunk for the first write to it. */
void cdma_block_touch(struct cdma_block *block, size_t chunk);

static inline bool cdma_block_is_touched(const struct cdma_block *block,
					 size_t chunk)
{
	return block->map[chunk / 64] >> chunk % 64 & 1;
}

/* memcpy of 1 to 8 bytes, most often of a power of two. */
static inline void cdma_copy_piece(unsigned char *dst, const unsigned char *src,
				   unsigned int size)
{
	switch (size) {
	case 8:
		memcpy(dst, src, 8);
		break;
	case 4:
		memcpy(dst, src, 4);
		break;
	case 2:
		memcpy(dst, src, 2);
		break;
	default:
		for (unsigned int i = 0; i < size; i++)
			dst[i] = src[i];
	}
}

/*
 * One piece of memory: @size bytes at @offset that do not cross a granule.
 * read: poison where nothing was written.
 */
static inline void cdma_block_read(const struct cdma_block *block,
				   size_t offset, unsigned int size,
				   unsigned char *dst)
{
	if (block->poisoned &&
	    !cdma_block_is_touched(block, offset / CDMA_CHUNK)) {
		for (unsigned int i = 0; i < size; i++)
			dst[i] = CDMA_POISON_NEW;
		return;
	}
	cdma_copy_piece(dst, block->bytes + offset, size);
}

static inline unsigned char cdma_block_mask(size_t offset, unsigned int size)
{
	return (unsigned char)(((1u << size) - 1) << offset % 8);
}

static inline void cdma_block_write(struct cdma_block *block, size_t offset,
				    unsigned int size, const unsigned char *src)
{
	if (!cdma_block_is_touched(block, offset / CDMA_CHUNK))
		cdma_block_touch(block, offset / CDMA_CHUNK);
	cdma_copy_piece(block->bytes + offset, src, size);
	if (block->poisoned)
		block->init[offset / 8] |= cdma_block_mask(offset, size);
}

/* Whether all of a piece was written, or the block zeroed. */
static inline bool cdma_block_is_init(const struct cdma_block *block,
				      size_t offset, unsigned int size)
{
	unsigned char mask = cdma_block_mask(offset, size);

	return !block->poisoned || (block->init[offset / 8] & mask) == mask;
}

/* Make what the block looks like true for the host: for a raw pointer.
 * @written: it counts as written, too. */
void cdma_block_materialise(struct cdma_block *block, size_t offset,
			    size_t size, bool written);

#endif /* CDMA_MODEL_BLOCK_H */
