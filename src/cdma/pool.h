/* SPDX-License-Identifier: MIT */
#ifndef CDMA_POOL_H
#define CDMA_POOL_H

/*
 * Pool: coherent memory in blocks of one size (struct dma_pool).
 *
 * A block is coherent memory like any other (coherent.h), with addresses and a
 * red zone of its own, so that an access beyond a block is no access to its
 * neighbour.  It goes back to the pool that it came from, once, and a pool is
 * destroyed when all are back (R66).
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/attrs.h>
#include <cdma/site.h>
#include <cdma/types.h>

struct cdma_coherent;
struct cdma_device;
struct cdma_pool;

/*
 * Make a pool of blocks of @size bytes (dma_pool_create).
 *
 * @align:    a power of two, or 0; at most a page.
 * @boundary: which no block crosses: a power of two and at least @size, or 0.
 *
 * Returns: NULL when that is not so, or @size is 0.
 * Owns:    the world; who never destroys it has a `leak`.
 */
struct cdma_pool *cdma_pool_create_at(struct cdma_device *dev, size_t size,
				      size_t align, size_t boundary,
				      const struct cdma_site *site);
#define cdma_pool_create(...) cdma_pool_create_at(__VA_ARGS__, CDMA_HERE)

/*
 * Take a block (dma_pool_alloc; with CDMA_GFP_ZERO dma_pool_zalloc).  What is
 * in it is nobody's data unless it is zeroed (R63).
 *
 * Errors, findings, events: as cdma_dma_alloc_coherent().
 * Findings: cpu_uaf  the pool was destroyed.
 * Emits: STATE before.
 */
int cdma_pool_alloc_at(struct cdma_pool *pool, cdma_gfp_t gfp,
		       struct cdma_coherent **out,
		       const struct cdma_site *site);
#define cdma_pool_alloc(...) cdma_pool_alloc_at(__VA_ARGS__, CDMA_HERE)

/*
 * Give a block back (dma_pool_free).  *block is set to NULL.
 *
 * Findings: bad_unmap  it is not of this pool; double_free.
 * Emits: FREE.
 */
void cdma_pool_free_at(struct cdma_pool *pool, struct cdma_coherent **block,
		       const struct cdma_site *site);
#define cdma_pool_free(...) cdma_pool_free_at(__VA_ARGS__, CDMA_HERE)

/* Destroy it.  Findings: leak, for each block that is not back; double_free.
 * Emits: STATE. */
void cdma_pool_destroy_at(struct cdma_pool *pool, const struct cdma_site *site);
#define cdma_pool_destroy(pool) cdma_pool_destroy_at(pool, CDMA_HERE)

#endif /* CDMA_POOL_H */
