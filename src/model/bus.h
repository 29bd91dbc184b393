/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_BUS_H
#define CDMA_MODEL_BUS_H

/*
 * Bus: which addresses a device finds memory at.
 *
 * Where there is no machine, anywhere below its mask.  Behind an IOMMU, too.
 * Elsewhere an address is where the memory lies; how high that may be the
 * ranges of the machine and the flags of the allocation say, and the mask says
 * whether the device reaches it, or a bounce buffer has to be used.  Each
 * mapping has addresses of its own all the same, so that an address tells what
 * it was mapped for.
 */

#include <cdma/machine.h>
#include <cdma/types.h>

struct cdma_device;
struct cdma_mapping;
struct cdma_region;

/* Find addresses for @m, of which nobody knows yet; false: there are none.
 * Says in m->is_bounced whether it needs a bounce buffer. */
bool cdma_bus_map(struct cdma_mapping *m);

/* The same for all of coherent @region, of @size bytes in whole pages. */
bool cdma_bus_alloc(struct cdma_device *dev, struct cdma_region *region,
		    uint64_t size);

/* Whether the platform can serve @mask at all. */
bool cdma_bus_serves(const struct cdma_device *dev, uint64_t mask);

#endif /* CDMA_MODEL_BUS_H */
