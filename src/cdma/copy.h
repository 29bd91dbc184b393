/* SPDX-License-Identifier: MIT */
#ifndef CDMA_COPY_H
#define CDMA_COPY_H

/*
 * Copying methods: whole values and runs of bytes (IoCopyable).
 *
 * A copy may tear: each piece of it can see another state of the memory.  The
 * type of a value and its size decide nothing about that, except that a
 * volatile access of up to eight aligned bytes is one piece and marked.
 * On registers the copy is memcpy_fromio or memcpy_toio: byte order is not
 * changed and nothing is ordered.  A relaxed view has no copying methods.
 *
 * Checks as in view.h.  To see other actors between the pieces: bulk.h.
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/site.h>
#include <cdma/view.h>

/* Copy all of @view to @dst, or @src to all of it, as one volatile access:
 * copy_read, copy_write, and the field_read and field_write of dma_read! and
 * dma_write!.  @dst, @src: of the view's size.
 * Emits: READ or WRITE, marked or bulk. */
void cdma_copy_read_at(struct cdma_view view, void *dst,
		       const struct cdma_site *site);
#define cdma_copy_read(...) cdma_copy_read_at(__VA_ARGS__, CDMA_HERE)
#define cdma_field_read     cdma_copy_read
void cdma_copy_write_at(struct cdma_view view, const void *src,
			const struct cdma_site *site);
#define cdma_copy_write(...) cdma_copy_write_at(__VA_ARGS__, CDMA_HERE)
#define cdma_field_write     cdma_copy_write

/*
 * memcpy from or to all of @view.
 *
 * @len: bytes.  When it is not the size of the view: `panic`, and nothing is
 *       copied (BND-4).  Both may be 0.
 *
 * Emits: READ or WRITE, bulk; NOTE when it panics.
 */
void cdma_copy_to_slice_at(struct cdma_view view, void *dst, size_t len,
			   const struct cdma_site *site);
#define cdma_copy_to_slice(...) cdma_copy_to_slice_at(__VA_ARGS__, CDMA_HERE)
void cdma_copy_from_slice_at(struct cdma_view view, const void *src, size_t len,
			     const struct cdma_site *site);
#define cdma_copy_from_slice(...)                                              \
	cdma_copy_from_slice_at(__VA_ARGS__, CDMA_HERE)

#endif /* CDMA_COPY_H */
