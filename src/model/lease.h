/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_LEASE_H
#define CDMA_MODEL_LEASE_H

/* What a lease is made of. */

#include <cdma/finding.h>
#include <cdma/lease.h>

struct cdma_lease {
	struct cdma_device *dev;    /* borrowed */
	struct cdma_region *region; /* borrowed; NULL: of nothing */
	struct cdma_lease *next;    /* of the region */
	cdma_region_id object;      /* what it names, live or not; 0: nothing */
	uint64_t offset, size;      /* bytes */
	struct cdma_party begin;
	bool ended;
};

#endif /* CDMA_MODEL_LEASE_H */
