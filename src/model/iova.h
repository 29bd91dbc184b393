/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_IOVA_H
#define CDMA_MODEL_IOVA_H

/*
 * Iova: the space of DMA addresses of a world.
 *
 * One space for all devices, so that an address tells what it was mapped for.
 * A range is the pages of a region, or of a mapping, and the red zone behind
 * them.  It stays with what it was given to after that is freed, until a device
 * whose mask leaves nothing else takes the place of the one that was freed
 * first.
 */

#include "base/image.h"
#include "base/vec.h"

#include <cdma/types.h>

#include <stdbool.h>

struct cdma_iova_index;
struct cdma_mapping;
struct cdma_region;

struct cdma_iova_range {
	cdma_addr_t first, last;      /* last: of the red zone */
	struct cdma_region *region;   /* borrowed */
	struct cdma_mapping *mapping; /* borrowed; NULL: all of region */
};

/* So many ranges are kept together that none is far from its place when one is
 * added between others. */
#define CDMA_IOVA_LEAF 128

struct cdma_iova_leaf {
	size_t nr; /* at least 1 */
	struct cdma_iova_range at[CDMA_IOVA_LEAF];
};

/* A range's place: in which leaf, and where there. */
struct cdma_iova_place {
	size_t leaf, at;
};

struct cdma_iova {
	CDMA_VEC(struct cdma_iova_leaf *) leaves; /* by address; of all */
	CDMA_VEC(struct cdma_iova_leaf *) spare;  /* not in use; of all */
	CDMA_VEC(struct cdma_iova_leaf *) all;    /* owned */
	CDMA_VEC(cdma_addr_t) freed;              /* oldest first; 0: taken */
	struct cdma_iova_index *index; /* owned; NULL: it is not shared */
	uint64_t epoch;                /* of the next index */
	size_t oldest; /* in freed: the first that still has its range */
	size_t taken;  /* of all: those that were in use at any time */
	struct cdma_iova_place hit; /* where the last search ended */
};

void cdma_iova_fini(struct cdma_iova *iova);
void cdma_iova_reset(struct cdma_iova *iova);
void cdma_iova_mark(struct cdma_iova *iova, struct cdma_image *image);

/*
 * Find room for @size bytes and their red zone, and give it to @mapping of
 * @region, or to all of @region when that is NULL.
 *
 * @size: whole pages, not 0.
 * @low:  no address below it.
 * @high: no byte above it; the red zone may be.
 * @hint: where to look first.
 *
 * Errors: -ENOMEM  there is no room.
 */
int cdma_iova_alloc(struct cdma_iova *iova, struct cdma_region *region,
		    struct cdma_mapping *mapping, uint64_t size,
		    cdma_addr_t low, cdma_addr_t high, cdma_addr_t hint,
		    cdma_addr_t *out);

/* The range with @addr was freed: it may be used again, after all freed
 * before. */
void cdma_iova_free(struct cdma_iova *iova, cdma_addr_t addr);

/* What an address stands for, dead or alive. */
struct cdma_target {
	struct cdma_region *region;   /* NULL: nothing */
	struct cdma_mapping *mapping; /* by which it is there; may be NULL */
	uint64_t offset; /* in the region; may be outside.  The address
			    itself when there is none */
};

struct cdma_target cdma_iova_target(struct cdma_iova *iova, cdma_addr_t addr);

/* The same, when it is known that @addr is in @range. */
struct cdma_target cdma_iova_target_in(const struct cdma_iova_range *range,
				       cdma_addr_t addr);

/*
 * Whether addresses may be looked up by threads that are not in the world.  Not
 * while it is reset, marked or rewound.
 */
void cdma_iova_share(struct cdma_iova *iova, bool on);

/* A range that was found by such a thread. */
struct cdma_iova_lookup {
	bool is_found;
	uint64_t epoch;
	struct cdma_iova_range range;
};

/* Look up @addr.  Threads: any, as long as it is shared. */
struct cdma_iova_lookup cdma_iova_look_up(const struct cdma_iova *iova,
					  cdma_addr_t addr);

/* Whether @addr is in what was found, and that is still there. */
bool cdma_iova_holds(const struct cdma_iova *iova,
		     const struct cdma_iova_lookup *lookup, cdma_addr_t addr);

#endif /* CDMA_MODEL_IOVA_H */
