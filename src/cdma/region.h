/* SPDX-License-Identifier: MIT */
#ifndef CDMA_REGION_H
#define CDMA_REGION_H

/*
 * Region: the bytes behind a box, coherent, handle, register file or other
 * memory of the simulated machine.
 *
 * Events name a region by its id, and this header is how a report learns what
 * that was.  Who drives a machine also looks at bytes here without that being
 * an access: to see whether a poll can end, or at the end of a run.
 *
 * How it lies in memory
 * ---------------------
 * The DMA addresses of a region begin on a page of 4096 bytes and take whole
 * pages; a page that belongs to nobody, the red zone, follows.  Accesses are
 * bounded by the size asked for, not by the page (BND-1).  Addresses are
 * unique across devices.  They are handed out upwards and those of a freed
 * region stay its own, so that a stale address is told from a good one; only
 * when a device's mask leaves no other, the longest freed are used again.
 *
 * What is in it
 * -------------
 * Memory that the API does not promise to zero is filled with
 * CDMA_POISON_NEW, and which bytes were written since is remembered.  A read
 * that reaches no memory gives CDMA_POISON_DEAD where a freed region was and
 * CDMA_POISON_BUS elsewhere.
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/attrs.h>
#include <cdma/finding.h>

struct cdma_world;
struct cdma_region;

#define CDMA_PAGE_SIZE   ((uint64_t)4096)
#define CDMA_POISON_NEW  0xa9 /* as a DMA pool marks what it hands out */
#define CDMA_POISON_DEAD 0xa7 /* as a DMA pool marks what came back */
#define CDMA_POISON_BUS  0xff /* as a bus answers when nobody does */

/* What a region is now. */
enum cdma_region_state {
	CDMA_REGION_BOX,
	CDMA_REGION_COHERENT,
	CDMA_REGION_HANDLE,
	CDMA_REGION_SYSMEM,    /* no DMA address: CPUs only */
	CDMA_REGION_KMEM,      /* the same, with a lifetime: kmem.h */
	CDMA_REGION_REGISTERS, /* of a device */
	CDMA_REGION_FREED,
	CDMA_REGION_STATES,
};

/* "box", "coherent", ...: for reports. */
const char *cdma_region_state_name(enum cdma_region_state state);

struct cdma_region_info {
	cdma_region_id id;
	const char *name; /* as set, or the kind and a number; borrowed */
	enum cdma_region_state born; /* what it was allocated as */
	enum cdma_region_state state;
	cdma_device_id device; /* 0: CDMA_REGION_SYSMEM, _KMEM */
	bool unmapped;         /* its device was unbound */
	size_t size;           /* bytes */
	size_t elem_size;      /* bytes */
	cdma_addr_t iova;      /* 0: none */
	cdma_attrs_t attrs;
	cdma_gfp_t gfp;
	struct cdma_party alloc; /* seq 0: did not happen */
	struct cdma_party expose;
	struct cdma_party free;
};

/* Describe region @id of this run.  False when there is none, and *out is left
 * alone then. */
bool cdma_region_info(const struct cdma_world *world, cdma_region_id id,
		      struct cdma_region_info *out);

/* How many regions there were in this run: the ids are 1 to this. */
size_t cdma_regions_nr(const struct cdma_world *world);

/* Rename a region.  @name: copied. */
void cdma_region_set_name(struct cdma_world *world, cdma_region_id id,
			  const char *name);

/*
 * Look at bytes: no event, no check.
 *
 * Bytes outside the region, or of one that is freed, are poison.
 */
void cdma_region_peek(const struct cdma_world *world, cdma_region_id id,
		      uint64_t offset, void *dst, size_t size);

/*
 * Put @size bytes at @offset: no event, no check.  For whoever kept them
 * elsewhere up to now; they count as written.
 *
 * @id: of a region that is live, which they are inside.
 */
void cdma_region_poke(struct cdma_world *world, cdma_region_id id,
		      uint64_t offset, const void *src, size_t size);

/* Whether all these bytes were ever written, or zeroed. */
bool cdma_region_is_init(const struct cdma_world *world, cdma_region_id id,
			 uint64_t offset, size_t size);

#endif /* CDMA_REGION_H */
