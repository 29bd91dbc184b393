/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MAPPING_H
#define CDMA_MAPPING_H

/*
 * Mapping: memory of the kernel that is lent to a device (streaming DMA).
 *
 *	addr = cdma_dma_map_single(nic, skb, CDMA_FROM_DEVICE);
 *	if (cdma_dma_mapping_error(nic, addr))
 *		return -ENOMEM;
 *	...                                     // the device fills it
 *	cdma_dma_unmap_single(nic, addr, 2048, CDMA_FROM_DEVICE);
 *	...                                     // the CPU reads it
 *
 * Who owns the bytes
 * ------------------
 * A map gives them to the device; an unmap gives them back.  In between
 * cdma_dma_sync_for_cpu() and cdma_dma_sync_for_device() move bytes, all or
 * some, from one to the other.  Whoever uses what the other owns is
 * `missing_sync`:
 *
 *	the CPU reads what the device may write, or writes, while the device
 *	owns it (R20);
 *	the device uses what the CPU owns and has written to since (R24).
 *
 * Bytes that the CPU owns and has only looked at may be given to the device
 * again without a sync (R25); once the device has written there, the CPU needs
 * the next sync_for_cpu before it looks, but for a READ_ONCE(), which may be
 * the look of a loop that syncs, looks and waits.
 *
 * What moves them also orders: a map or sync_for_device comes after all that
 * was done to those bytes, and the device's accesses come after it; an unmap
 * or sync_for_cpu comes after what the device did there, as far as the caller
 * has heard that it is done, and what the CPU does there comes after it.  It
 * is for the bytes of the mapping alone: the descriptor that says that they
 * are there needs its own dma_rmb().  The device's access of which the caller
 * has not heard may still be under way: `missing_sync`, or `device_uaf` of an
 * unmap, in whichever order they happened to come.
 *
 * CDMA_ATTR_REQUIRE_COHERENT: the map fails on a machine with caches that are
 * not coherent, and where the memory would be bounced.
 * CDMA_ATTR_CPU_CACHE_CLEAN: of two mappings that overlap, both have to have
 *it.
 *
 * CDMA_ATTR_SKIP_CPU_SYNC: the map gives nothing and the unmap takes nothing;
 * the driver syncs by itself (R83).
 *
 * Addresses
 * ---------
 * Each mapping has addresses of its own, with the offset in a page that the
 * memory has, and a red zone behind; they are bounded byte by byte.  They stay
 * its own after the unmap, as those of a region do after its free.
 *
 * What dma-debug checks
 * ---------------------
 * The list below: what is said of it here, and the line that the kernel
 * prints (kernel/dma/debug.c, CONFIG_DMA_API_DEBUG).  All are reported, in
 * its order, and not only the first.  What it does not see is checked too:
 * a second unmap is told from an address that never was one, the stack and
 * freed memory are known wherever they come from, and a sync that is too long
 * is no unknown one.  A call that is wrong goes on with the mapping that it
 * means, so that one mistake is one finding.
 *
 * Of its 25 checks two are not here, which cannot be made: there is no constant
 * data (E17) and no vmalloc() (E19).  Overlapping
 *mappings (E22, E23) are known by their bytes, all of them, and not by the line
 *that they begin in: who shares a line and does not write to it does no harm,
 *and who does is `shared_line' on a machine where that matters (machine.h).
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/attrs.h>
#include <cdma/site.h>
#include <cdma/types.h>
#include <cdma/view.h>

struct cdma_device;
struct cdma_world;

/* X(name, "what is wrong", "what the kernel prints") */
#define CDMA_MAPPING_CHECKS(X)                                                 \
	X(FREE_ERROR, "the map had failed",                                    \
	  "device driver tries to free an invalid DMA memory address")         \
	X(FREE_UNKNOWN, "nothing was ever mapped at that address",             \
	  "device driver tries to free DMA memory it has not allocated")       \
	X(FREE_TWICE, "it was unmapped before",                                \
	  "device driver tries to free DMA memory it has not allocated")       \
	X(FREE_INSIDE, "the address is not where the mapping begins",          \
	  "device driver tries to free DMA memory it has not allocated")       \
	X(FREE_OTHER, "it was mapped for another device",                      \
	  "device driver tries to free DMA memory it has not allocated")       \
	X(FREE_SIZE, "it was mapped with another size",                        \
	  "device driver frees DMA memory with different size")                \
	X(FREE_FUNCTION, "it was mapped by another function",                  \
	  "device driver frees DMA memory with wrong function")                \
	X(FREE_CPU, "it is other memory that is freed",                        \
	  "device driver frees DMA memory with different CPU address")         \
	X(FREE_NENTS, "the list was mapped with another number of entries",    \
	  "device driver frees DMA sg list with different entry count")        \
	X(FREE_POOL, "it is not of this pool",                                 \
	  "dma_pool_free: bad vaddr, or bad dma")                              \
	X(FREE_OWNER, "it was allocated for another device",                   \
	  "device driver tries to free DMA memory it has not allocated")       \
	X(FREE_ADDRESS, "the device has it at another address",                \
	  "device driver tries to free DMA memory it has not allocated")       \
	X(FREE_LENGTH, "it was allocated with another size",                   \
	  "device driver frees DMA memory with different size")                \
	X(FREE_DIRECTION, "it was mapped with another direction",              \
	  "device driver frees DMA memory with different direction")           \
	X(FREE_ATTRS, "it was mapped with other attributes",                   \
	  "device driver frees DMA memory with different attributes")          \
	X(UNCHECKED, "nobody called dma_mapping_error()",                      \
	  "device driver failed to check map error")                           \
	X(SYNC_UNKNOWN, "nothing is mapped at that address",                   \
	  "device driver tries to sync DMA memory it has not allocated")       \
	X(SYNC_OUTSIDE, "it reaches beyond the mapping",                       \
	  "device driver syncs DMA memory outside allocated range")            \
	X(SYNC_DIRECTION, "it was mapped with another direction",              \
	  "device driver syncs DMA memory with different direction")           \
	X(SYNC_FOR_CPU, "the device only reads it: there is nothing to fetch", \
	  "device driver syncs device read-only DMA memory for cpu")           \
	X(SYNC_FOR_DEVICE,                                                     \
	  "the device only writes it: there is nothing to hand over",          \
	  "device driver syncs device write-only DMA memory to device")        \
	X(SYNC_NENTS, "the list was mapped with another number of entries",    \
	  "device driver syncs DMA sg list with different entry count")        \
	X(MAP_STACK, "it is on the stack",                                     \
	  "device driver maps memory from stack")                              \
	X(MAP_FREED, "it was freed",                                           \
	  "device driver maps memory from invalid area")                       \
	X(MAP_COHERENT, "it is coherent: it has an address already",           \
	  "device driver maps memory from vmalloc area")                       \
	X(MAP_RAM, "it is memory, and no registers",                           \
	  "dma_map_resource called for RAM address")                           \
	X(MAP_REGISTERS, "registers are mapped by dma_map_resource()",         \
	  "device driver maps memory from invalid area")                       \
	X(MAP_SEGMENT, "a segment is longer than the device can take",         \
	  "mapping sg segment longer than device claims to support")           \
	X(MAP_BOUNDARY, "a segment crosses a boundary of the device",          \
	  "mapping sg segment across boundary")                                \
	X(MAP_TWICE, "the list is mapped already",                             \
	  "cacheline tracking EEXIST, overlapping mappings aren't supported")  \
	X(MAP_OVERLAP,                                                         \
	  "some of it is mapped already, and the device writes by both",       \
	  "cacheline tracking EEXIST, overlapping mappings aren't supported")

enum cdma_mapping_check {
	CDMA_CHECK_NONE,
#define X(name, detail, kernel) CDMA_CHECK_##name,
	CDMA_MAPPING_CHECKS(X)
#undef X
		CDMA_CHECK_NR,
};

/* What is wrong; and the line of the kernel, without "DMA-API: DRIVER DEV: "
 * and what is in brackets. */
const char *cdma_check_detail(enum cdma_mapping_check check);
const char *cdma_check_kernel(enum cdma_mapping_check check);

/* By which family of calls; map_single() and map_page() are one. */
enum cdma_map_kind {
	CDMA_MAP_SINGLE,
	CDMA_MAP_SG,
	CDMA_MAP_NONCOHERENT, /* noncoherent.h */
	CDMA_MAP_RESOURCE,
};

/* What a map that failed gives (DMA_MAPPING_ERROR). */
#define CDMA_MAPPING_ERROR UINT64_MAX

/*
 * Map all of @part for @dev (dma_map_single_attrs, dma_map_page_attrs).
 *
 * @part: memory of the kernel: cdma_kmalloc(), cdma_sysmem_new().
 *
 * Returns: the address, or CDMA_MAPPING_ERROR:
 *	when @dev is not bound (`unbound_alloc`), has no mask (`mask_unset`),
 *	@dir is none (`panic`: BUG_ON), @part has no bytes, there are no
 *	addresses, or a fault was planned at "dma_map".
 * Findings: bad_map, out_of_bounds, mask_race.
 * Emits: MAP.
 */
cdma_addr_t cdma_dma_map_single_attrs_at(struct cdma_device *dev,
					 struct cdma_view part,
					 enum cdma_direction dir,
					 cdma_attrs_t attrs,
					 const struct cdma_site *site);
#define cdma_dma_map_single_attrs(...)                                         \
	cdma_dma_map_single_attrs_at(__VA_ARGS__, CDMA_HERE)
#define cdma_dma_map_single(dev, part, dir)                                    \
	cdma_dma_map_single_attrs_at(dev, part, dir, 0, CDMA_HERE)

/* The same of @size bytes of somebody's stack, which is `bad_map`. */
cdma_addr_t cdma_dma_map_stack_at(struct cdma_device *dev, size_t size,
				  enum cdma_direction dir, cdma_attrs_t attrs,
				  const struct cdma_site *site);

/*
 * Map registers of a device for another one (dma_map_resource): the FIFO of a
 * peripheral for a DMA engine, memory of a peer.  Nobody owns them, so nothing
 * moves and nothing is synced; the engines of @dev reach them by the address,
 * and a write from there is to the register what one of a CPU is.
 *
 * @part: a view of registers.
 *
 * Returns, findings, emits: as cdma_dma_map_single_attrs().  bad_map: @part is
 *	memory.
 */
cdma_addr_t cdma_dma_map_resource_at(struct cdma_device *dev,
				     struct cdma_view part,
				     enum cdma_direction dir,
				     cdma_attrs_t attrs,
				     const struct cdma_site *site);
#define cdma_dma_map_resource(...)                                             \
	cdma_dma_map_resource_at(__VA_ARGS__, CDMA_HERE)
/* As cdma_dma_unmap_single_attrs(). */
void cdma_dma_unmap_resource_at(struct cdma_device *dev, cdma_addr_t addr,
				size_t size, enum cdma_direction dir,
				cdma_attrs_t attrs,
				const struct cdma_site *site);
#define cdma_dma_unmap_resource(...)                                           \
	cdma_dma_unmap_resource_at(__VA_ARGS__, CDMA_HERE)

/* Whether the map that gave @addr failed: 0 or -ENOMEM.  Who never asks is
 * `unchecked_map` when he unmaps. */
int cdma_dma_mapping_error(struct cdma_device *dev, cdma_addr_t addr);

/*
 * What a driver may ask the machine: whether the syncs of a mapping do
 * anything, where not it may leave them out (R33); the largest mapping that can
 * succeed; what a device writes has to begin and end on.  Where there is no
 * machine they do, there is no bound, and nothing has to.
 */
bool cdma_dma_need_sync(struct cdma_device *dev, cdma_addr_t addr);
uint64_t cdma_dma_max_mapping_size(const struct cdma_device *dev);
uint32_t cdma_dma_cache_alignment(const struct cdma_world *world);

/*
 * Unmap (dma_unmap_single_attrs, dma_unmap_page_attrs).
 *
 * Findings: bad_unmap, unchecked_map, free_after_unbind, `panic` as above.
 * Emits: UNMAP, unless nothing is mapped there.
 */
void cdma_dma_unmap_single_attrs_at(struct cdma_device *dev, cdma_addr_t addr,
				    size_t size, enum cdma_direction dir,
				    cdma_attrs_t attrs,
				    const struct cdma_site *site);
#define cdma_dma_unmap_single_attrs(...)                                       \
	cdma_dma_unmap_single_attrs_at(__VA_ARGS__, CDMA_HERE)
#define cdma_dma_unmap_single(dev, addr, size, dir)                            \
	cdma_dma_unmap_single_attrs_at(dev, addr, size, dir, 0, CDMA_HERE)

/*
 * Give @size bytes at @addr, which may be a part of a mapping, to the CPU or to
 * the device (dma_sync_single_for_cpu, dma_sync_single_range_for_cpu, ...).
 *
 * Findings: bad_sync, `panic` as above.
 * Emits: SYNC_CPU or SYNC_DEVICE, unless nothing is mapped there.
 */
void cdma_dma_sync_for_cpu_at(struct cdma_device *dev, cdma_addr_t addr,
			      size_t size, enum cdma_direction dir,
			      const struct cdma_site *site);
void cdma_dma_sync_for_device_at(struct cdma_device *dev, cdma_addr_t addr,
				 size_t size, enum cdma_direction dir,
				 const struct cdma_site *site);
#define cdma_dma_sync_for_cpu(...)                                             \
	cdma_dma_sync_for_cpu_at(__VA_ARGS__, CDMA_HERE)
#define cdma_dma_sync_for_device(...)                                          \
	cdma_dma_sync_for_device_at(__VA_ARGS__, CDMA_HERE)

#endif /* CDMA_MAPPING_H */
