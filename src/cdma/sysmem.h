/* SPDX-License-Identifier: MIT */
#ifndef CDMA_SYSMEM_H
#define CDMA_SYSMEM_H

/*
 * Sysmem: ordinary memory that CPU threads share (SysMem).
 *
 * No device reaches it.  It is what a driver keeps beside its rings, an index
 * under a lock or a flag between two threads, so that races on it are seen and
 * so that what orders it orders the DMA memory too.  Plain accesses are legal
 * and are judged as data races alone.
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/types.h>
#include <cdma/view.h>

struct cdma_world;

/*
 * Make @count elements of @elem_size bytes, zeroed.
 *
 * @elem_size, @count: at least 1.
 * Owns:  the world, to the end of the run; it does not leak.
 * Emits: ALLOC.
 */
struct cdma_view cdma_sysmem_new_at(struct cdma_world *world, size_t elem_size,
				    size_t count, const struct cdma_site *site);
#define cdma_sysmem_new(...) cdma_sysmem_new_at(__VA_ARGS__, CDMA_HERE)

#endif /* CDMA_SYSMEM_H */
