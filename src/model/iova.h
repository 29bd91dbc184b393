/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_IOVA_H
#define CDMA_MODEL_IOVA_H

/*
 * Iova: the space of DMA addresses of a world.
 *
 * One space for all devices, so that an address tells what it was mapped for.
 * A range is a region's pages and the red zone behind them.  It stays with its
 * region after that is freed, until a device whose mask leaves nothing else
 * takes the place of the one that was freed first.
 */

#include "base/image.h"

#include <cdma/types.h>

struct cdma_region;

struct cdma_iova_range {
	cdma_addr_t first, last;    /* last: of the red zone */
	struct cdma_region *region; /* borrowed */
};

struct cdma_iova {
	CDMA_VEC(struct cdma_iova_range) ranges; /* by address */
	CDMA_VEC(struct cdma_region *) freed;    /* oldest first */
	size_t oldest; /* in freed: the first that still has its range */
	size_t hit;    /* in ranges: where the last search ended */
};

void cdma_iova_fini(struct cdma_iova *iova);
void cdma_iova_reset(struct cdma_iova *iova);
void cdma_iova_mark(struct cdma_iova *iova, struct cdma_image *image);

/*
 * Find room for @size bytes and their red zone, and give it to @region.
 *
 * @size: whole pages, not 0.
 * @low:  no address below it.
 * @high: no byte above it; the red zone may be.
 * @hint: where to look first.
 *
 * Errors: -ENOMEM  there is no room.
 */
int cdma_iova_alloc(struct cdma_iova *iova, struct cdma_region *region,
		    uint64_t size, cdma_addr_t low, cdma_addr_t high,
		    cdma_addr_t hint, cdma_addr_t *out);

/* @region was freed: its range may be used again, after all freed before. */
void cdma_iova_free(struct cdma_iova *iova, struct cdma_region *region);

/* Whose range @addr is in, dead or alive; NULL: nobody's. */
struct cdma_region *cdma_iova_find(struct cdma_iova *iova, cdma_addr_t addr);

#endif /* CDMA_MODEL_IOVA_H */
