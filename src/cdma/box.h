/* SPDX-License-Identifier: MIT */
#ifndef CDMA_BOX_H
#define CDMA_BOX_H

/*
 * Box: DMA memory that only the CPU has (CoherentBox).
 *
 * Its DMA address is not known to anybody: there is no call that tells it.  So
 * the driver may fill it by plain accesses, and then turns it into a coherent,
 * which cannot be undone and which orders nothing: before the device reads
 * what was filled in, a barrier or a doorbell must stand.
 *
 * A device access to a box is `unexposed_access` (EXPO-1).
 *
 * Usage
 * -----
 *	struct cdma_box *box;
 *	struct cdma_coherent *ring;
 *	int err = cdma_box_zeroed_slice(dev, sizeof(struct desc), 64,
 *					CDMA_GFP_KERNEL, &box);
 *
 *	if (err)
 *		return err;
 *	err = cdma_box_init_at(box, 0, fill, NULL);
 *	if (err)
 *		cdma_box_free(&box);
 *	else
 *		ring = cdma_box_into_coherent(&box);
 *
 * Moves
 * -----
 * free and into_coherent take the owner's pointer and set it to NULL.  A copy
 * of that pointer is stale from then on: an access through it is `cpu_uaf`, a
 * second free `double_free`, a second conversion `double_convert`
 * (LIFE-3, LIFE-4).
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/attrs.h>
#include <cdma/init.h>
#include <cdma/types.h>

struct cdma_box;
struct cdma_coherent;
struct cdma_device;

/*
 * Allocate
 * --------
 * All allocating calls of this library check in this order:
 *
 *	-ENODEV  the device is not bound; and `unbound_alloc`.       BIND-1
 *	-EINVAL  the size of an element, or of the whole, is 0.
 *	-EINVAL  the number of elements is 0.
 *	-ENOMEM  their product, or its rounding up to a page, overflows.
 *	-EINVAL  attrs has NO_KERNEL_MAPPING, unless it is a handle's, or
 *	         a bit that does not exist; and `bad_attrs`.         ATTR-1
 *	-ENOMEM  gfp has CDMA_GFP_COMP; and `bad_attrs`.
 *	any      a fault was planned at "dma_alloc".
 *	-ENOMEM  the coherent mask leaves no addresses, or the simulated
 *	         memory is full.
 *
 * Before the last two, and without failing for it: `mask_unset` when the
 * coherent mask is 0 (MASK-3), `mask_race` (MASK-1), and `atomic_sleep` when
 * CDMA_GFP_KERNEL is used where nobody may sleep (R62).
 *
 * Owns:  the caller.  Nothing is owned, and *out left alone, on error.
 * Emits: ALLOC, flagged CDMA_EVF_BOX for a box; FAULT when one was planned.
 */

/*
 * @count elements of @elem_size bytes, zero when @gfp has CDMA_GFP_ZERO and
 * otherwise what nobody wrote.  Private upstream; what a C driver gets that
 * asks for no more.
 */
int cdma_box_alloc_slice_with_attrs_at(struct cdma_device *dev,
				       size_t elem_size, size_t count,
				       cdma_gfp_t gfp, cdma_attrs_t attrs,
				       struct cdma_box **out,
				       const struct cdma_site *site);
#define cdma_box_alloc_slice_with_attrs(...)                                   \
	cdma_box_alloc_slice_with_attrs_at(__VA_ARGS__, CDMA_HERE)

/* The same, all zero. */
int cdma_box_zeroed_slice_with_attrs_at(struct cdma_device *dev,
					size_t elem_size, size_t count,
					cdma_gfp_t gfp, cdma_attrs_t attrs,
					struct cdma_box **out,
					const struct cdma_site *site);
#define cdma_box_zeroed_slice_with_attrs(...)                                  \
	cdma_box_zeroed_slice_with_attrs_at(__VA_ARGS__, CDMA_HERE)
int cdma_box_zeroed_slice_at(struct cdma_device *dev, size_t elem_size,
			     size_t count, cdma_gfp_t gfp,
			     struct cdma_box **out,
			     const struct cdma_site *site);
#define cdma_box_zeroed_slice(...)                                             \
	cdma_box_zeroed_slice_at(__VA_ARGS__, CDMA_HERE)

/* One element of @size bytes, all zero. */
int cdma_box_zeroed_with_attrs_at(struct cdma_device *dev, size_t size,
				  cdma_gfp_t gfp, cdma_attrs_t attrs,
				  struct cdma_box **out,
				  const struct cdma_site *site);
#define cdma_box_zeroed_with_attrs(...)                                        \
	cdma_box_zeroed_with_attrs_at(__VA_ARGS__, CDMA_HERE)
int cdma_box_zeroed_at(struct cdma_device *dev, size_t size, cdma_gfp_t gfp,
		       struct cdma_box **out, const struct cdma_site *site);
#define cdma_box_zeroed(...) cdma_box_zeroed_at(__VA_ARGS__, CDMA_HERE)

/*
 * A copy of the @count elements at @data.  Not zeroed first.
 *
 * Emits: ALLOC, then plain WRITEs of the copy.
 */
int cdma_box_from_slice_with_attrs_at(struct cdma_device *dev, const void *data,
				      size_t elem_size, size_t count,
				      cdma_gfp_t gfp, cdma_attrs_t attrs,
				      struct cdma_box **out,
				      const struct cdma_site *site);
#define cdma_box_from_slice_with_attrs(...)                                    \
	cdma_box_from_slice_with_attrs_at(__VA_ARGS__, CDMA_HERE)
int cdma_box_from_slice_at(struct cdma_device *dev, const void *data,
			   size_t elem_size, size_t count, cdma_gfp_t gfp,
			   struct cdma_box **out, const struct cdma_site *site);
#define cdma_box_from_slice(...) cdma_box_from_slice_at(__VA_ARGS__, CDMA_HERE)

/*
 * Let @init fill element @i.
 *
 * When it fails the element may be a mix of old and new bytes; all others, and
 * the box, are as good as before.
 *
 * Errors: -EINVAL  @i is not below the number of elements; nothing is written.
 *         any      a fault was planned at "init_at".
 *         any      what @init returned.
 */
int cdma_box_init_at_at(struct cdma_box *box, size_t i, cdma_init_fn init,
			void *arg, const struct cdma_site *site);
#define cdma_box_init_at(...) cdma_box_init_at_at(__VA_ARGS__, CDMA_HERE)

/* size_of_val() and len() of the slice. */
size_t cdma_box_size(const struct cdma_box *box);
size_t cdma_box_len(const struct cdma_box *box);
cdma_region_id cdma_box_region(const struct cdma_box *box);

/*
 * A plain access to a part of the box, logged byte for byte.
 *
 * Outside the box: `out_of_bounds`, those bytes are not touched.
 *
 * Emits: READ or WRITE, plain, flagged CDMA_EVF_BOX.
 */
void cdma_box_read_at(struct cdma_box *box, size_t offset, void *dst,
		      size_t size, const struct cdma_site *site);
#define cdma_box_read(...) cdma_box_read_at(__VA_ARGS__, CDMA_HERE)
void cdma_box_write_at(struct cdma_box *box, size_t offset, const void *src,
		       size_t size, const struct cdma_site *site);
#define cdma_box_write(...) cdma_box_write_at(__VA_ARGS__, CDMA_HERE)

/*
 * Deref, DerefMut: the bytes of the box in host memory.
 *
 * What is done through the pointer is not seen.  So deref is logged as a plain
 * read of the whole box, and deref_mut as a plain write of it, at the time of
 * the call; for a big box prefer cdma_box_read() and _write().
 *
 * Returns: valid until the next call with @box.
 */
const void *cdma_box_deref_at(struct cdma_box *box,
			      const struct cdma_site *site);
#define cdma_box_deref(box) cdma_box_deref_at(box, CDMA_HERE)
void *cdma_box_deref_mut_at(struct cdma_box *box, const struct cdma_site *site);
#define cdma_box_deref_mut(box) cdma_box_deref_mut_at(box, CDMA_HERE)

/*
 * Give the box up and get the coherent that it becomes.  Cannot fail, moves
 * nothing, orders nothing.
 *
 * @box: *box is set to NULL.
 *
 * double_convert: *box was consumed before; the result is then what the box
 * had become, dead or alive.
 *
 * Owns:  the caller.
 * Emits: EXPOSE.
 */
struct cdma_coherent *cdma_box_into_coherent_at(struct cdma_box **box,
						const struct cdma_site *site);
#define cdma_box_into_coherent(box) cdma_box_into_coherent_at(box, CDMA_HERE)

/* Drop.  *box is set to NULL; NULL is ignored.  As cdma_coherent_free(), but
 * for leases, which a box cannot have. */
void cdma_box_free_at(struct cdma_box **box, const struct cdma_site *site);
#define cdma_box_free(box) cdma_box_free_at(box, CDMA_HERE)

#endif /* CDMA_BOX_H */
