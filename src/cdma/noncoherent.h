/* SPDX-License-Identifier: MIT */
#ifndef CDMA_NONCOHERENT_H
#define CDMA_NONCOHERENT_H

/*
 * Noncoherent: memory that is allocated and mapped at once
 * (dma_alloc_noncoherent, dma_alloc_pages).
 *
 *	if (cdma_dma_alloc_noncoherent(dev, 1, 4096, CDMA_FROM_DEVICE,
 *				       CDMA_GFP_KERNEL, &page, &addr))
 *		return -ENOMEM;
 *	cdma_dma_sync_for_device(dev, addr, 4096, CDMA_FROM_DEVICE);
 *	...                                     // the device fills it
 *	cdma_dma_sync_for_cpu(dev, addr, 4096, CDMA_FROM_DEVICE);
 *	...                                     // the CPU reads it
 *	cdma_dma_free_noncoherent(dev, 4096, page, addr, CDMA_FROM_DEVICE);
 *
 * It lies where the device reaches it, so nothing is bounced, and has been
 * zeroed by a CPU, so it begins as the CPU's: who gives it to the device
 * without a sync has given what may still be in a cache.  Otherwise it is as
 * memory of the kernel (kmem.h) with a mapping (mapping.h) that nobody has to
 * ask about, and that lasts as long as the memory.
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/attrs.h>
#include <cdma/site.h>
#include <cdma/types.h>
#include <cdma/view.h>

struct cdma_device;

/*
 * Allocate @count elements of @elem_size bytes for @dev.
 *
 * Errors, in this order:
 *	-EINVAL  @elem_size or @count is 0, or @dir is none.
 *	-EINVAL  @dev is not bound (`unbound_alloc`).
 *	-EINVAL  it has no coherent mask (`mask_unset`).
 *	-EINVAL  @gfp names a zone (`bad_map`): the mask says where it lies.
 *	-ENOMEM  there is not so much, or none below the mask, or a fault was
 *	         planned at "dma_alloc".
 * Findings: mask_race, atomic_sleep.
 * Emits: ALLOC, MAP.
 */
int cdma_dma_alloc_noncoherent_at(struct cdma_device *dev, size_t elem_size,
				  size_t count, enum cdma_direction dir,
				  cdma_gfp_t gfp, struct cdma_view *out,
				  cdma_addr_t *addr,
				  const struct cdma_site *site);
#define cdma_dma_alloc_noncoherent(...)                                        \
	cdma_dma_alloc_noncoherent_at(__VA_ARGS__, CDMA_HERE)

/*
 * Unmap and free it; the arguments are those of the allocation.
 *
 * Findings: bad_unmap, free_after_unbind, double_free.
 * Emits: UNMAP and FREE, unless nothing of the kind is at @addr.
 */
void cdma_dma_free_noncoherent_at(struct cdma_device *dev, size_t size,
				  struct cdma_view mem, cdma_addr_t addr,
				  enum cdma_direction dir,
				  const struct cdma_site *site);
#define cdma_dma_free_noncoherent(...)                                         \
	cdma_dma_free_noncoherent_at(__VA_ARGS__, CDMA_HERE)

#endif /* CDMA_NONCOHERENT_H */
