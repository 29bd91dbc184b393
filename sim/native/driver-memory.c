/* SPDX-License-Identifier: MIT */
#include <cdma/driver.h>

#include <cdma/attrs.h>
#include <cdma/coherent.h>
#include <cdma/mapping.h>
#include <cdma/device.h>

#include "native/heap.h"
#include "native/hooks.h"
#include "native/state.h"
#include "native/window.h"

/*
 * Services: memory, and what devices have of it.
 */

static cdma_gfp_t gfp_of(unsigned int how)
{
	return (how & CDMA_DRIVER_ATOMIC ? CDMA_GFP_ATOMIC : CDMA_GFP_KERNEL) |
	       (how & CDMA_DRIVER_ZERO ? CDMA_GFP_ZERO : 0);
}

/* ---- private ---- */

void *cdma_driver_alloc(unsigned long size, unsigned long align,
			unsigned int how, const char *name)
{
	const struct cdma_site *site = native_here();

	/* That of kmalloc(): ARCH_KMALLOC_MINALIGN. */
	return native_heap_alloc(size, align > 16 ? align : 16, gfp_of(how),
				 name ? name : "kmalloc", site);
}

void cdma_driver_free(const void *at)
{
	const struct cdma_site *site = native_here();

	if (at && !native_heap_free(at, site))
		native_panic("it frees what was never allocated", site);
}

unsigned long cdma_driver_size(const void *at)
{
	return native_heap_size(at);
}

void *cdma_driver_keep(unsigned long size)
{
	return native_heap_keep(size, native_here());
}

/* ---- coherent ---- */

int cdma_driver_dma_mask(struct cdma_device *dev, cdma_driver_u64 mask,
			 unsigned int which)
{
	const struct cdma_site *site = native_here();
	const struct cdma_mask bits = {mask};

	if (which == 3)
		return cdma_set_mask_and_coherent_at(dev, bits, site);
	return which == 2 ? cdma_set_coherent_mask_at(dev, bits, site)
			  : cdma_set_mask_at(dev, bits, site);
}

/* A variable of the driver becomes @value. */
static void give(cdma_driver_u64 *to, uint64_t value,
		 const struct cdma_site *site)
{
	__cdma_st(to, sizeof(*to) | CDMA_HOOK_PLAIN, site, 0, value, 0);
}

void *cdma_driver_dma_alloc(struct cdma_device *dev, unsigned long size,
			    cdma_driver_u64 *addr, unsigned int how,
			    unsigned long attrs, const char *name)
{
	const struct cdma_site *site = native_here();
	struct cdma_coherent *coherent;
	struct native_window *w;

	cdma_set_name(native.world, name);
	if (cdma_dma_alloc_coherent_at(dev, 1, size, gfp_of(how),
				       (cdma_attrs_t)attrs, &coherent, site))
		return NULL;
	w = native_window_open(cdma_coherent_view(coherent), coherent, false);
	if (!w)
		native_wrong("256 MiB of DMA memory are used up", site);
	give(addr, cdma_coherent_dma_handle(coherent), site);
	return w->at;
}

void cdma_driver_dma_free(struct cdma_device *dev, unsigned long size, void *at,
			  cdma_driver_u64 addr)
{
	const struct cdma_site *site = native_here();
	const struct native_window *w =
		native_is_window(at) ? native_window_at(at) : NULL;
	struct cdma_coherent *coherent;

	if (!w || w->at != at || w->is_registers)
		native_panic("it frees DMA memory that was never allocated",
			     site);
	coherent = w->owner;
	cdma_dma_free_coherent_at(dev, size, &coherent, addr, site);
}

/* ---- streaming ---- */

/* What is at @at, to be mapped; it is lent from now on. */
static bool lend(const void *at, size_t size, struct cdma_view *out)
{
	return native_heap_lend(at) && native_heap_view(at, size, out);
}

static bool is_stack(const void *at)
{
	const unsigned char *stacks = native_heap() + NATIVE_HEAP_SIZE;

	return (const unsigned char *)at >= stacks &&
	       (size_t)((const unsigned char *)at - native_heap()) <
		       native_private_size();
}

cdma_driver_u64 cdma_driver_dma_map(struct cdma_device *dev, void *at,
				    unsigned long size, int dir,
				    unsigned long attrs)
{
	const struct cdma_site *site = native_here();
	struct cdma_view part;

	if (is_stack(at))
		return cdma_dma_map_stack_at(dev, size,
					     (enum cdma_direction)dir,
					     (cdma_attrs_t)attrs, site);
	/* Also what is freed: libcdma says so. */
	if (!lend(at, size, &part) && !native_heap_view(at, size, &part))
		native_panic("it maps memory that nobody has allocated", site);
	return cdma_dma_map_single_attrs_at(dev, part, (enum cdma_direction)dir,
					    (cdma_attrs_t)attrs, site);
}

int cdma_driver_dma_map_error(struct cdma_device *dev, cdma_driver_u64 addr)
{
	return cdma_dma_mapping_error(dev, addr);
}

void cdma_driver_dma_unmap(struct cdma_device *dev, cdma_driver_u64 addr,
			   unsigned long size, int dir, unsigned long attrs)
{
	cdma_dma_unmap_single_attrs_at(dev, addr, size,
				       (enum cdma_direction)dir,
				       (cdma_attrs_t)attrs, native_here());
}

void cdma_driver_dma_sync_cpu(struct cdma_device *dev, cdma_driver_u64 addr,
			      unsigned long size, int dir)
{
	cdma_dma_sync_for_cpu_at(dev, addr, size, (enum cdma_direction)dir,
				 native_here());
}

void cdma_driver_dma_sync_device(struct cdma_device *dev, cdma_driver_u64 addr,
				 unsigned long size, int dir)
{
	cdma_dma_sync_for_device_at(dev, addr, size, (enum cdma_direction)dir,
				    native_here());
}
