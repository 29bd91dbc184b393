/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_BOUNCE_H
#define CDMA_MODEL_BOUNCE_H

/*
 * Bounce: the copy of a mapping that its device has in place of the memory
 * (swiotlb).
 *
 *	map                  copies the memory to it, whatever the direction:
 *what the device leaves alone comes back as it was sync_for_device      does so
 *for what the device reads sync_for_cpu, unmap  copy it back, when the device
 *writes
 *
 * Between two copies the two sides know nothing of each other.  What one of
 * them has written since is kept in two lists, dirty by the CPU and fresh by
 *the device: whoever reads what the other has written misses it, and a copy
 *over what was written on its far side loses that.  Both are `missing_sync`.
 */

#include <cdma/bulk.h>

#include "model/span.h"

struct cdma_mapping;

struct cdma_bounce {
	struct cdma_region *copy;
	uint64_t base; /* byte of the memory that its byte 0 is */
	struct cdma_span *dirty, *fresh;
};

/* Give @m, which is about to be mapped, a bounce buffer, and copy. */
void cdma_bounce_open(struct cdma_mapping *m, const struct cdma_site *site);

/* Copy the bytes from @first to before @end by the call @by. */
void cdma_bounce_to_device(struct cdma_mapping *m, uint64_t first, uint64_t end,
			   const struct cdma_party *by);
void cdma_bounce_to_cpu(struct cdma_mapping *m, uint64_t first, uint64_t end,
			const struct cdma_party *by);

/* The CPU uses the bytes of the piece op->ev from @first to before @end.
 * @lenient: it may read old ones. */
void cdma_bounce_judge_cpu(struct cdma_bulk *op, struct cdma_mapping *m,
			   uint64_t first, uint64_t end, bool lenient);
/* The device uses the piece, all of which is in @m. */
void cdma_bounce_judge_device(struct cdma_bulk *op, struct cdma_mapping *m);

/* Where @op really goes: the block of its bytes, and where in it ev->offset
 * is. */
struct cdma_block *cdma_bounce_block(const struct cdma_bulk *op,
				     uint64_t *offset);

#endif /* CDMA_MODEL_BOUNCE_H */
