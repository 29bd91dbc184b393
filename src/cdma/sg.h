/* SPDX-License-Identifier: MIT */
#ifndef CDMA_SG_H
#define CDMA_SG_H

/*
 * Sg: a list of pieces of memory that is mapped at once (struct scatterlist).
 *
 *	struct cdma_sg sg[2] = {{.part = head}, {.part = tail}};
 *	unsigned int n = cdma_dma_map_sg(nic, sg, 2, CDMA_TO_DEVICE);
 *
 *	if (!n)
 *		return -ENOMEM;
 *	for (unsigned int i = 0; i < n; i++)
 *		tell_the_device(sg[i].dma_address, sg[i].dma_length);
 *	...
 *	cdma_dma_unmap_sg(nic, sg, 2, CDMA_TO_DEVICE);
 *
 * The device is told of as many segments as the map returns; unmap and sync are
 * given as many entries as the map was (R51, R52).  The two differ, for entries
 * that lie behind each other in one piece of memory become one segment, as long
 * as that is not longer than the device can take: what an IOMMU does.
 *
 * A segment is a mapping (mapping.h), and ownership, order and addresses are as
 * there.
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/attrs.h>
#include <cdma/site.h>
#include <cdma/types.h>
#include <cdma/view.h>

struct cdma_device;

struct cdma_sg {
	struct cdma_view part;
	/* Of segment number i, in entry number i; 0: there is none. */
	cdma_addr_t dma_address;
	uint64_t dma_length;
};

/*
 * Map @nents entries of @sg for @dev (dma_map_sg_attrs).
 *
 * Returns: how many segments they became, or 0: as cdma_dma_map_single() fails,
 *          and when an entry has no bytes; then nothing is mapped.
 * Findings: bad_map, also of a list that is mapped already (R14) and of a
 *           segment that is longer than the device can take; out_of_bounds,
 *           mask_race.
 * Emits: MAP for each segment.
 */
unsigned int cdma_dma_map_sg_attrs_at(struct cdma_device *dev,
				      struct cdma_sg *sg, unsigned int nents,
				      enum cdma_direction dir,
				      cdma_attrs_t attrs,
				      const struct cdma_site *site);
#define cdma_dma_map_sg_attrs(...)                                             \
	cdma_dma_map_sg_attrs_at(__VA_ARGS__, CDMA_HERE)
#define cdma_dma_map_sg(dev, sg, nents, dir)                                   \
	cdma_dma_map_sg_attrs_at(dev, sg, nents, dir, 0, CDMA_HERE)

/*
 * Unmap all of the list that begins with @sg (dma_unmap_sg_attrs).
 *
 * @nents: what was given to the map.
 *
 * Findings: bad_unmap, free_after_unbind.
 * Emits: UNMAP for each segment.
 */
void cdma_dma_unmap_sg_attrs_at(struct cdma_device *dev,
				const struct cdma_sg *sg, unsigned int nents,
				enum cdma_direction dir, cdma_attrs_t attrs,
				const struct cdma_site *site);
#define cdma_dma_unmap_sg_attrs(...)                                           \
	cdma_dma_unmap_sg_attrs_at(__VA_ARGS__, CDMA_HERE)
#define cdma_dma_unmap_sg(dev, sg, nents, dir)                                 \
	cdma_dma_unmap_sg_attrs_at(dev, sg, nents, dir, 0, CDMA_HERE)

/*
 * Give all of the list to the CPU, or to the device (dma_sync_sg_for_cpu, ...);
 * parts of a list cannot be synced (R26).
 *
 * Findings: bad_sync.
 * Emits: SYNC_CPU or SYNC_DEVICE for each segment.
 */
void cdma_dma_sync_sg_at(struct cdma_device *dev, const struct cdma_sg *sg,
			 unsigned int nents, enum cdma_direction dir,
			 bool for_cpu, const struct cdma_site *site);
#define cdma_dma_sync_sg_for_cpu(dev, sg, nents, dir)                          \
	cdma_dma_sync_sg_at(dev, sg, nents, dir, true, CDMA_HERE)
#define cdma_dma_sync_sg_for_device(dev, sg, nents, dir)                       \
	cdma_dma_sync_sg_at(dev, sg, nents, dir, false, CDMA_HERE)

#endif /* CDMA_SG_H */
