/* SPDX-License-Identifier: MIT */
#ifndef CDMA_BARRIER_H
#define CDMA_BARRIER_H

/*
 * Barriers: what the acting actor has ordered.
 *
 *	dma_rmb dma_wmb dma_mb  accesses to coherent memory, towards CPUs and
 *	                        devices                          R90, R91
 *	smp_rmb smp_wmb smp_mb  towards other CPUs only          ORD-3
 *	rmb     wmb     mb      all of them, and registers too   R94
 *
 * An engine has barriers as well: its reads and writes are ordered by itself,
 * but for relaxed ones.
 *
 * Threads: of one world, one at a time (world.h). What is ordered is the
 * simulated machine, and no thread of the host.
 */

#include <cdma/site.h>
#include <cdma/types.h>

struct cdma_world;

/* Emits: BARRIER. */
void cdma_barrier_at(struct cdma_world *world, enum cdma_domain domain,
		     enum cdma_ordering order, const struct cdma_site *site);
#define cdma_barrier(...) cdma_barrier_at(__VA_ARGS__, CDMA_HERE)

#define cdma_dma_rmb(world)                                                    \
	cdma_barrier(world, CDMA_DOMAIN_DMA, CDMA_ORDER_READ)
#define cdma_dma_wmb(world)                                                    \
	cdma_barrier(world, CDMA_DOMAIN_DMA, CDMA_ORDER_WRITE)
#define cdma_dma_mb(world) cdma_barrier(world, CDMA_DOMAIN_DMA, CDMA_ORDER_FULL)
#define cdma_smp_rmb(world)                                                    \
	cdma_barrier(world, CDMA_DOMAIN_SMP, CDMA_ORDER_READ)
#define cdma_smp_wmb(world)                                                    \
	cdma_barrier(world, CDMA_DOMAIN_SMP, CDMA_ORDER_WRITE)
#define cdma_smp_mb(world) cdma_barrier(world, CDMA_DOMAIN_SMP, CDMA_ORDER_FULL)
#define cdma_rmb(world)    cdma_barrier(world, CDMA_DOMAIN_FULL, CDMA_ORDER_READ)
#define cdma_wmb(world)    cdma_barrier(world, CDMA_DOMAIN_FULL, CDMA_ORDER_WRITE)
#define cdma_mb(world)     cdma_barrier(world, CDMA_DOMAIN_FULL, CDMA_ORDER_FULL)

#endif /* CDMA_BARRIER_H */
