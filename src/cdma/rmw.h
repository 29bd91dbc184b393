/* SPDX-License-Identifier: MIT */
#ifndef CDMA_RMW_H
#define CDMA_RMW_H

/*
 * Rmw: an atomic read-modify-write: xchg(), cmpxchg(), atomic_inc().
 *
 * It reads and writes in one step, so that no other store comes between.  What
 * it computes is the caller's business, who looks at the value, says what the
 * operation does, and lets nobody else act meanwhile:
 *
 *	struct cdma_rmw rmw;
 *	uint64_t old = cdma_rmw_begin(&rmw, view, CDMA_HERE);
 *
 *	cdma_rmw_read(&rmw, CDMA_EVF_ACQUIRE);
 *	cdma_rmw_write(&rmw, old + 1, 0, 0);
 *
 * A read without a write is that of a cmpxchg() that failed.  Only such a one
 * may see another store than the newest; see memory.h.  What orders more than
 * acquire and release do is said by barriers (barrier.h).
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/bulk.h>

/* All members are private. */
struct cdma_rmw {
	struct cdma_bulk read;
};

/*
 * Look at the value, of which nobody is told yet.
 *
 * @view: a word of memory, not of a register.
 */
uint64_t cdma_rmw_begin(struct cdma_rmw *rmw, struct cdma_view view,
			const struct cdma_site *site);

/* The read.  @flags: CDMA_EVF_ACQUIRE, _UNSEEN and _UNUSED, or 0.  Emits:
 * READ. */
void cdma_rmw_read(struct cdma_rmw *rmw, uint32_t flags);

/*
 * The write, right after the read; not at all if the read missed memory.
 *
 * @data: the reads that the value was computed from.
 * @flags: CDMA_EVF_RELEASE or 0.
 *
 * Emits: WRITE.
 */
void cdma_rmw_write(struct cdma_rmw *rmw, uint64_t value, cdma_dep_t data,
		    uint32_t flags);

#endif /* CDMA_RMW_H */
