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
#include "model/value.h"

#include <cdma/region.h>

#define CDMA_CHUNK         512u /* bytes; a multiple of a granule */
#define CDMA_BLOCK_CLASSES 64

struct cdma_block {
	unsigned char *bytes; /* all zero in chunks that were not touched */
	unsigned char *init;  /* a bit a byte: of poisoned blocks: defined; of
				 mixed ones: not */
	uint64_t *map;        /* a bit a chunk: touched */
	CDMA_VEC(uint32_t) touched;
	struct cdma_block *next; /* in the pool */
	void *room;              /* owned: what the three point into */
	size_t room_size;        /* bytes */
	size_t size;             /* bytes that are in use */
	unsigned int class;
	bool poisoned; /* not zeroed */
	bool mixed;    /* zeroed, and undefined bytes were written to it */
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

/*
 * One piece of memory: @size bytes at @offset that do not cross a granule, as
 * a value whose first byte is bits 0 to 7.  load: poison where nothing was
 * written.
 */
static inline uint64_t cdma_block_load(const struct cdma_block *block,
				       size_t offset, unsigned int size)
{
	if (block->poisoned &&
	    !cdma_block_is_touched(block, offset / CDMA_CHUNK))
		return cdma_value_fill(CDMA_POISON_NEW, size);
	return cdma_value_get(block->bytes + offset, size);
}

static inline unsigned char cdma_block_mask(size_t offset, unsigned int size)
{
	return (unsigned char)(((1u << size) - 1) << offset % 8);
}

static inline void cdma_block_store(struct cdma_block *block, size_t offset,
				    unsigned int size, uint64_t value)
{
	if (!cdma_block_is_touched(block, offset / CDMA_CHUNK))
		cdma_block_touch(block, offset / CDMA_CHUNK);
	cdma_value_put(value, block->bytes + offset, size);
	if (block->poisoned)
		block->init[offset / 8] |= cdma_block_mask(offset, size);
	else if (block->mixed)
		block->init[offset / 8] &=
			(unsigned char)~cdma_block_mask(offset, size);
}

/* The bytes of the piece that was just stored at @offset whose bits are set in
 * @undef, the first in bit 0, are undefined. */
static inline void cdma_block_undefine(struct cdma_block *block, size_t offset,
				       unsigned char undef)
{
	unsigned char mask = (unsigned char)(undef << offset % 8);

	if (!undef)
		return;
	block->mixed = !block->poisoned;
	if (block->poisoned)
		block->init[offset / 8] &= (unsigned char)~mask;
	else
		block->init[offset / 8] |= mask;
}

/* Which bytes of a piece are undefined, the first in bit 0. */
static inline unsigned char cdma_block_undef(const struct cdma_block *block,
					     size_t offset, unsigned int size)
{
	unsigned int mask = cdma_block_mask(offset, size);
	unsigned int bits = block->init[offset / 8];

	if (block->poisoned)
		return (unsigned char)((mask & ~bits) >> offset % 8);
	return block->mixed ? (unsigned char)((mask & bits) >> offset % 8) : 0;
}

/* Whether all of a piece is defined. */
static inline bool cdma_block_is_init(const struct cdma_block *block,
				      size_t offset, unsigned int size)
{
	return !cdma_block_undef(block, offset, size);
}

/* Make what the block looks like true for the host: for a raw pointer.
 * @written: it counts as written, too. */
void cdma_block_materialise(struct cdma_block *block, size_t offset,
			    size_t size, bool written);

#endif /* CDMA_MODEL_BLOCK_H */
