/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_REGION_H
#define CDMA_MODEL_REGION_H

/*
 * What a region is made of.
 *
 * The box, coherent, handle or register file that a caller holds is a token in
 * the region itself.  A token is consumed by a free or a conversion, and stays:
 * that is how a stale pointer is known.
 */

#include "model/block.h"

#include <cdma/region.h>

struct cdma_device;
struct cdma_cache;
struct cdma_lease;
struct cdma_mapping;
struct cdma_pool;
struct cdma_window;

struct cdma_box {
	struct cdma_region *region;
	bool consumed;
};

struct cdma_coherent {
	struct cdma_region *region;
};

struct cdma_handle {
	struct cdma_region *region;
};

struct cdma_mmio {
	struct cdma_region *region;
	const struct cdma_mmio_ops *ops; /* borrowed; NULL: they do nothing */
	void *aux;                       /* of ops */
	struct cdma_actor *port;         /* that does it */
	struct cdma_bulk *asking; /* the read that is answered, or NULL */
};

struct cdma_region {
	struct cdma_world *world;
	struct cdma_device *dev;  /* holds a reference; NULL: sysmem */
	struct cdma_block *block; /* owned; may be NULL when it is freed */
	cdma_region_id id;
	enum cdma_region_state born, state;
	bool escaped;    /* somebody has a raw pointer */
	bool said;       /* it outlives its binding, and that was reported */
	bool zeroed;     /* not poisoned, when it was new */
	bool is_c;       /* used by the contract of C */
	bool is_bounced; /* a mapping of it was; see bounce.h */
	size_t size, elem_size;
	cdma_addr_t iova;
	cdma_attrs_t attrs;
	cdma_gfp_t gfp;
	/* The unbind of its device that took its mapping; NULL: mapped. */
	const struct cdma_party *unmapped;
	/* Bytes of it that were lent to a device that is not trusted, to write;
	 * to 0: none. */
	uint64_t tainted_from, tainted_to;
	const struct cdma_pool *pool; /* that it is a block of; or NULL */
	const char *name;             /* NULL: none was given */
	const char *shown;            /* made up for a report */

	struct cdma_box box;
	struct cdma_coherent coherent;
	struct cdma_handle handle;
	struct cdma_mmio mmio;

	struct cdma_window *windows;     /* open ones, newest first */
	struct cdma_lease *leases;       /* live ones, newest first */
	struct cdma_mapping *mappings;   /* newest first; see mapping.h */
	struct cdma_cache *cache;        /* NULL: never mapped, or coherent */
	struct cdma_region *next, *prev; /* live ones of the device, by age */

	struct cdma_party alloc, expose, free;
};

/* What to allocate. */
struct cdma_alloc {
	size_t elem_size, count;
	cdma_gfp_t gfp;
	cdma_attrs_t attrs;
	enum cdma_region_state state; /* as what */
	enum cdma_contract contract;  /* of the call; C, or else Rust's */
	bool zeroed;
};

/* Allocate DMA memory of @dev: all that box.h says about it. */
int cdma_region_alloc(struct cdma_device *dev, const struct cdma_alloc *want,
		      struct cdma_region **out, const struct cdma_site *site);

/* Make a region without a DMA address.  Emits: ALLOC. */
struct cdma_region *cdma_region_new(struct cdma_world *world,
				    struct cdma_device *dev,
				    enum cdma_region_state state,
				    size_t elem_size, size_t count, bool zeroed,
				    const struct cdma_site *site);

/* Free what a token stands for; @consumed: by what the token lost it, NULL
 * when it is the owner. */
void cdma_region_free(struct cdma_region *region, bool consumed,
		      const struct cdma_site *site);

/* A box becomes coherent.  Emits: EXPOSE. */
void cdma_region_expose(struct cdma_region *region,
			const struct cdma_site *site);

/* What a stale token lost the region to: its free, or its conversion. */
const struct cdma_party *cdma_region_loss(const struct cdma_region *region);

/* A raw pointer to its bytes, which now are what they look like. */
void *cdma_region_ptr(struct cdma_region *region, size_t offset, size_t size,
		      bool written);

static inline bool cdma_region_is_live(const struct cdma_region *region)
{
	return region->state != CDMA_REGION_FREED;
}

#endif /* CDMA_MODEL_REGION_H */
