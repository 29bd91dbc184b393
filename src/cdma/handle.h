/* SPDX-License-Identifier: MIT */
#ifndef CDMA_HANDLE_H
#define CDMA_HANDLE_H

/*
 * Handle: DMA memory that the CPU cannot reach (CoherentHandle).
 *
 * It has an address for the device and no mapping for the CPU, so there is
 * nothing to read or write it with.  It is never zeroed, whatever the flags
 * say: the device must write before it reads (INIT-1).
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/attrs.h>
#include <cdma/types.h>
#include <cdma/view.h>

struct cdma_device;
struct cdma_handle;

/*
 * Allocate @size bytes.  Errors, findings and ownership as for a box (box.h).
 *
 * @attrs: CDMA_ATTR_NO_KERNEL_MAPPING is added.
 */
int cdma_handle_alloc_with_attrs_at(struct cdma_device *dev, size_t size,
				    cdma_gfp_t gfp, cdma_attrs_t attrs,
				    struct cdma_handle **out,
				    const struct cdma_site *site);
#define cdma_handle_alloc_with_attrs(...)                                      \
	cdma_handle_alloc_with_attrs_at(__VA_ARGS__, CDMA_HERE)
int cdma_handle_alloc_at(struct cdma_device *dev, size_t size, cdma_gfp_t gfp,
			 struct cdma_handle **out,
			 const struct cdma_site *site);
#define cdma_handle_alloc(...) cdma_handle_alloc_at(__VA_ARGS__, CDMA_HERE)

cdma_addr_t cdma_handle_dma_handle(const struct cdma_handle *handle);
#define cdma_handle_dma_address cdma_handle_dma_handle
size_t cdma_handle_size(const struct cdma_handle *handle); /* bytes */
cdma_region_id cdma_handle_region(const struct cdma_handle *handle);

/*
 * What a driver has that takes the cookie of the allocation for a pointer.
 *
 * Every access through this view is `handle_access`, gives CDMA_POISON_BUS and
 * changes nothing (HND-1).
 */
struct cdma_view cdma_handle_view(const struct cdma_handle *handle);

/* Drop, as cdma_coherent_free().  NULL is ignored. */
void cdma_handle_free_at(struct cdma_handle **handle,
			 const struct cdma_site *site);
#define cdma_handle_free(handle) cdma_handle_free_at(handle, CDMA_HERE)

#endif /* CDMA_HANDLE_H */
