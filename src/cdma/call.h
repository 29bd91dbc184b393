/* SPDX-License-Identifier: MIT */
#ifndef CDMA_CALL_H
#define CDMA_CALL_H

/*
 * Call: what a call of the API came to, where no other event tells it.
 *
 * Most calls that do something are events of their own: what is allocated is an
 * ALLOC.  One that fails, or touches nothing, is a CALL, so that the log has
 * all of them.  Nothing comes before anything by that.
 *
 * What only looks at an object in C, such as cdma_coherent_size() or
 * cdma_coherent_dma_handle(), has no place in the program and is not there.
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/site.h>
#include <cdma/types.h>

#include <stdbool.h>

struct cdma_world;

/* X(name, text): FAILED: only when it did; the others always. */
#define CDMA_CALLS(X)                                                          \
	X(DMA_ALLOC, "dma_alloc")   /* FAILED, of any kind */                  \
	X(KMALLOC, "kmalloc")       /* FAILED */                               \
	X(DMA_MAP, "dma_map")       /* FAILED */                               \
	X(DMA_MAP_SG, "dma_map_sg") /* FAILED */                               \
	X(COHERENT_INIT, "init")    /* of what is allocated with one */        \
	X(INIT_AT, "init_at")                                                  \
	X(TRY_READ, "try_read")   /* FAILED */                                 \
	X(TRY_WRITE, "try_write") /* FAILED */                                 \
	X(DEBUGFS_READ, "debugfs_read")                                        \
	X(ENABLE_DEVICE, "pci_enable_device_mem")                              \
	X(IOMAP, "pcim_iomap_regions")                                         \
	X(REQUEST_IRQ, "request_irq")                                          \
	X(GET_DEVICE, "get_device")                                            \
	X(PUT_DEVICE, "put_device")                                            \
	X(BIND, "bind") /* FAILED */                                           \
	X(DMA_HANDLE, "dma_handle")                                            \
	X(MAPPING_ERROR, "dma_mapping_error")

enum cdma_call {
#define X(name, text) CDMA_CALL_##name,
	CDMA_CALLS(X)
#undef X
		CDMA_CALL_NR,
};

const char *cdma_call_name(enum cdma_call call);

struct cdma_called {
	enum cdma_call call;
	cdma_device_id device; /* 0: none */
	cdma_region_id region; /* 0: none */
	uint64_t size;         /* bytes that were asked for; 0: of none */
	cdma_gfp_t gfp;
	bool quiet;     /* nobody wants to hear of it: NO_WARN, GFP_NOWARN */
	int64_t result; /* -errno, or what it gave */
};

/*
 * Say that there was a call; for models of other things.
 *
 * Emits: CALL.
 */
void cdma_called_at(struct cdma_world *world, const struct cdma_called *called,
		    const struct cdma_site *site);

#endif /* CDMA_CALL_H */
