/* SPDX-License-Identifier: MIT */
#ifndef CDMA_SGT_H
#define CDMA_SGT_H

/*
 * Sgt: the SGTable of Rust: pages that are mapped for as long as it lives.
 *
 *	struct cdma_sgt *sgt;
 *	struct cdma_sg_entry entry;
 *	unsigned int pos = 0;
 *
 *	err = cdma_sgt_new(dev, &pages, CDMA_TO_DEVICE, CDMA_GFP_KERNEL, &sgt);
 *	if (err)
 *		return err;             // pages are still ours
 *	while (cdma_sgt_next(sgt, &pos, &entry))
 *		tell_the_device(entry.dma_address, entry.dma_len);
 *	...
 *	cdma_sgt_free(&sgt);            // unmaps, and frees the pages
 *
 * One that is owned (SGTable<Owned<P>>) takes the pages.  It unmaps them when
 * it is dropped or when its device is unbound, whichever is first (Devres): a
 * coherent allocation outlives its device, this does not.  The entries stay in
 * the table and are addresses of nothing then, which nobody checks but the
 * model when the device uses one.
 *
 * One that is borrowed (SGTable<Borrowed>) is a look at a list that somebody
 * else has mapped.
 *
 * The pages are the device's (mapping.h); the API has no sync, so a CPU that
 * kept a pointer to them and uses it is `missing_sync'.
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/attrs.h>
#include <cdma/sg.h>
#include <cdma/site.h>
#include <cdma/types.h>
#include <cdma/view.h>

struct cdma_device;
struct cdma_sgt;
struct cdma_world;

struct cdma_sg_entry {
	cdma_addr_t dma_address;
	uint64_t dma_len; /* bytes */
};

/*
 * SGTable::new().
 *
 * @pages: memory of cdma_kmalloc(), whole pages or not; on success it is the
 *         table's, and *@pages is empty.
 *
 * Errors, in this order; nothing has been taken then:
 *	-EINVAL  *@pages has no bytes.
 *	-ENOMEM  there is no memory for the page vector, or for the table: a
 *	         fault was planned at "kmalloc".
 *	-EINVAL  @dir is none (`panic`: BUG_ON), @dev is not bound
 *	         (`unbound_alloc`) or has no mask (`mask_unset`).
 *	-EIO     they cannot be mapped: cdma_dma_map_sg() failed.
 *	-ENOMEM  there is no memory for what unmaps them at the unbind; they
 *	         are unmapped again.
 * Emits: MAP for each segment.
 */
int cdma_sgt_new_at(struct cdma_device *dev, struct cdma_view *pages,
		    enum cdma_direction dir, cdma_gfp_t gfp,
		    struct cdma_sgt **out, const struct cdma_site *site);
#define cdma_sgt_new(...) cdma_sgt_new_at(__VA_ARGS__, CDMA_HERE)

/* SGTable::from_raw(): @nents segments of @sg, borrowed, which stays. */
struct cdma_sgt *cdma_sgt_from_raw(struct cdma_world *world,
				   const struct cdma_sg *sg,
				   unsigned int nents);

/* How many segments there are. */
unsigned int cdma_sgt_nents(const struct cdma_sgt *sgt);

/* iter(): segment number *@pos, from 0, which moves on.  Whether there is. */
bool cdma_sgt_next(const struct cdma_sgt *sgt, unsigned int *pos,
		   struct cdma_sg_entry *out);

/* Whether its pages are still mapped. */
bool cdma_sgt_is_mapped(const struct cdma_sgt *sgt);

/*
 * Drop it: unmap, unless the unbind has, and free the pages, in this order.
 * One that is borrowed leaves all as it is.  *@sgt becomes NULL, which is fine,
 * too.
 *
 * Emits: UNMAP for each segment, FREE.
 */
void cdma_sgt_free_at(struct cdma_sgt **sgt, const struct cdma_site *site);
#define cdma_sgt_free(sgt) cdma_sgt_free_at(sgt, CDMA_HERE)

#endif /* CDMA_SGT_H */
