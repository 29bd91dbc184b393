/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_SLOT_H
#define CDMA_MODEL_SLOT_H

/* What an initialiser writes through is made of. */

#include <cdma/fault.h>
#include <cdma/init.h>

#include <stdbool.h>

struct cdma_region;

struct cdma_slot {
	struct cdma_region *region; /* borrowed */
	size_t offset, size;        /* bytes, in the region */
	enum cdma_fault_site fault; /* what stops it */
	int err;                    /* planned; 0: it is not stopped */
	size_t byte;                /* of the slot, at which it is */
	bool stopped;
	bool stale; /* of a box that was converted or freed */
};

/*
 * Pass fault site @fault, and let @init fill @size bytes at @offset.
 *
 * @stale: of a box that is the caller's no more: nothing is written.
 *
 * Errors: what was planned, or what @init returned.
 */
int cdma_slot_fill(struct cdma_region *region, size_t offset, size_t size,
		   bool stale, enum cdma_fault_site fault, cdma_init_fn init,
		   void *arg, const struct cdma_site *site);

#endif /* CDMA_MODEL_SLOT_H */
