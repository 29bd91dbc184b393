/* SPDX-License-Identifier: MIT */
#ifndef CDMA_LEASE_H
#define CDMA_LEASE_H

/*
 * Lease: the time during which a device knows an address.
 *
 * It begins when the driver tells the device, by a register or a descriptor,
 * and ends when the device will not use the address any more: it was halted,
 * reset, or told another.  Memory that is freed under a live lease is
 * `free_while_leased`, whether or not the device comes by in this run (LIFE-1).
 *
 * This is the critical section that no lock and no reference count can
 * express: "the entire lifecycle of the dma_addr_t that has been passed into
 * HW" (G2).
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/site.h>
#include <cdma/types.h>

struct cdma_device;
struct cdma_lease;

/*
 * @dev is told @size bytes at @addr.
 *
 * Findings: as for a device access there (engine.h), except what needs bytes:
 *           mask_exceeded, out_of_bounds, device_uaf, wrong_device.  The
 *           lease is then of nothing.
 * Owns:     the caller; a lease that never ends is live to the end of the run.
 * Emits:    LEASE_BEGIN.
 */
struct cdma_lease *cdma_lease_begin_at(struct cdma_device *dev,
				       cdma_addr_t addr, size_t size,
				       const struct cdma_site *site);
#define cdma_lease_begin(...) cdma_lease_begin_at(__VA_ARGS__, CDMA_HERE)

/* The device has forgotten.  *lease is set to NULL; NULL, and a lease that has
 * ended, are ignored.  Emits: LEASE_END. */
void cdma_lease_end_at(struct cdma_lease **lease, const struct cdma_site *site);
#define cdma_lease_end(lease) cdma_lease_end_at(lease, CDMA_HERE)

#endif /* CDMA_LEASE_H */
