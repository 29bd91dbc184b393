/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MACHINE_H
#define CDMA_MACHINE_H

/*
 * Machine: what stands between a device and memory of the kernel.
 *
 * A mapping (mapping.h) says who owns which bytes; that holds on every machine,
 * and a driver that keeps to it is right on all of them.  What happens when it
 * does not is for the machine to say.  So there are two ways to look at a
 * driver:
 *
 *	any        the default: no machine.  Whoever uses what the other owns is
 *	           wrong, whatever might come of it.
 *	a machine  what comes of it there.  Where memory is one and the same for
 *	           both, a missing sync is no finding; where it is bounced,
 *bytes are copied, and what a copy loses or does not bring is; where caches are
 *not coherent, so is what a line may lose or hide.
 *
 * Calls that are wrong (bad_unmap, bad_sync, unchecked_map, ...), leaks, and
 * what is not ordered are findings on all machines alike: a machine is about
 * memory, not about the order in which its processors do things.
 *
 * What a machine has
 * ------------------
 * Caches that are not coherent: doc/memory-model.md, "Caches".  A cache may
 * fetch a line, and write a dirty one back, at any time, so what it may do is
 * known without trying: see model/cache.h.
 *
 * A bounce buffer (swiotlb) for all mappings, or for those whose memory the
 * device cannot reach: see model/bounce.h.
 *
 * An IOMMU: addresses are its own, below the mask of the device; what was
 * unmapped, or mapped the other way, is not reached.  With a lazy one it is,
 *for a while: until its flush.  Without one a device reaches memory that was
 * unmapped, and nothing is wrong with that until it is somebody else's.
 *
 * Memory somewhere: `ram' is what the allocator has, the last range first,
 * unless GFP_DMA or GFP_DMA32 ask for what lies low.  Without an IOMMU a device
 * sees it `offset' bytes higher.  So a mask that is too small shows: the
 * map fails, or bounces; the allocation of coherent memory gets what lies lower
 * or fails.  A page lies anywhere in its range.
 *
 * Threads: nothing here has a state; any thread, at any time.
 */

#include <cdma/types.h>

#include <stdbool.h>

enum cdma_swiotlb {
	CDMA_SWIOTLB_NONE,
	CDMA_SWIOTLB_MASK, /* where the device cannot reach the memory */
	CDMA_SWIOTLB_ALWAYS,
};

enum cdma_iommu {
	CDMA_IOMMU_NONE,
	CDMA_IOMMU_STRICT,
	CDMA_IOMMU_LAZY,
};

#define CDMA_RAM_MAX 4

struct cdma_ram {
	uint64_t first, last; /* bytes, by physical address */
};

struct cdma_machine {
	const char *name;  /* NULL: any */
	const char *about; /* a line for people; or NULL */
	bool incoherent;
	uint32_t line; /* bytes of a cache line, a power of 2, at least 8 */
	enum cdma_swiotlb swiotlb;
	enum cdma_iommu iommu;
	uint64_t offset;  /* of DMA addresses, when there is no IOMMU */
	uint64_t map_max; /* bytes of one mapping; 0: no bound */
	struct cdma_ram ram[CDMA_RAM_MAX]; /* by address; not that of any */
	unsigned int nr_ram;
};

/* What swiotlb can bounce at once (IO_TLB_SEGSIZE slots of 2 KiB). */
#define CDMA_SWIOTLB_MAX 262144u

/* The machines that have a name, in order; NULL after the last.  The first is
 * any.  The others are what "each" stands for. */
const struct cdma_machine *cdma_machine_at(size_t i);

/*
 * Read "NAME" or "NAME,KEY=VALUE,...": a machine that is like another one, but
 *
 *	coherent=yes|no  line=BYTES  swiotlb=none|mask|always
 *	iommu=none|strict|lazy  offset=N  map_max=BYTES
 *	ram=FIRST-LAST, which may be said several times: all that there is
 *
 * Numbers are decimal, or hexadecimal with 0x.
 *
 * @text: borrowed: the name of *@out is all of it.
 * @at:   where it is wrong: bytes from the start of @text.  May be NULL.
 *
 * Returns: NULL, or what is wrong; *@out is unchanged then.
 */
const char *cdma_machine_parse(const char *text, struct cdma_machine *out,
			       size_t *at);

/* Whether @machine is one, and not any; @machine may be NULL, which is any. */
static inline bool cdma_machine_is_one(const struct cdma_machine *machine)
{
	return machine && machine->name;
}

#endif /* CDMA_MACHINE_H */
