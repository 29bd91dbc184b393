/* SPDX-License-Identifier: MIT */
#ifndef CDMA_KMEM_H
#define CDMA_KMEM_H

/*
 * Kmem: memory of the kernel with a lifetime (kmalloc, kfree).
 *
 * What a driver keeps its packets in.  CPUs use it plainly, and it has no DMA
 * address: a device reaches it through a mapping (mapping.h).  What is wrong
 * with its life is found as for DMA memory: `leak`, `double_free`, `cpu_uaf`,
 * `out_of_bounds`, `uninit_read`.
 *
 *	struct cdma_view skb;
 *
 *	if (cdma_kmalloc(world, 1, 2048, CDMA_GFP_KERNEL, &skb))
 *		return -ENOMEM;
 *	...
 *	cdma_kfree(skb);
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/attrs.h>
#include <cdma/types.h>
#include <cdma/view.h>

struct cdma_world;

/*
 * Allocate @count elements of @elem_size bytes.
 *
 * @gfp: CDMA_GFP_ZERO: zeroed (kzalloc); else nobody has defined the bytes.
 *
 * Errors: -EINVAL  @elem_size or @count is 0.
 *         -ENOMEM  there is not so much, or a fault was planned at "kmalloc".
 * Findings: atomic_sleep  GFP_KERNEL where nobody may sleep.
 * Emits: ALLOC.
 */
int cdma_kmalloc_at(struct cdma_world *world, size_t elem_size, size_t count,
		    cdma_gfp_t gfp, struct cdma_view *out,
		    const struct cdma_site *site);
#define cdma_kmalloc(...) cdma_kmalloc_at(__VA_ARGS__, CDMA_HERE)

/*
 * Free it; @mem: of cdma_kmalloc(), or a part of it.
 *
 * Findings: double_free, and free_while_leased while it is mapped: the device
 *           may still use it (R11).
 * Emits: FREE.
 */
void cdma_kfree_at(struct cdma_view mem, const struct cdma_site *site);
#define cdma_kfree(mem) cdma_kfree_at(mem, CDMA_HERE)

#endif /* CDMA_KMEM_H */
