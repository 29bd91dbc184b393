/* SPDX-License-Identifier: MIT */
#ifndef CDMA_VIEW_H
#define CDMA_VIEW_H

/*
 * View: a part of a region, and how the CPU reaches it (CoherentView, SysMem,
 * Mmio, RelaxedMmio).
 *
 * A view is a value: copy it freely, there is nothing to free.  Narrowing can
 * only shrink it, so the bounds are settled where it is made.  It borrows the
 * memory it shows: an access after that was freed is `cpu_uaf` (LIFE-3).
 *
 * Usage
 * -----
 * To read a field of descriptor 3:
 *
 *	struct cdma_view ring = cdma_coherent_view(mem), desc;
 *	int err = cdma_view_try_index(ring, 3, &desc);
 *
 *	if (!err)
 *		len = cdma_view_read32(
 *			cdma_project_field(desc, struct desc, len));
 *
 * Kinds of access
 * ---------------
 *	read, write        marked; READ_ONCE and WRITE_ONCE
 *	load_acquire, store_release  marked, and ordered towards other CPUs
 *	plain_read, plain_write      an ordinary C expression
 *	copy.h             a row of pieces that may tear
 *
 * None of them orders anything towards a device: barrier.h does.  On a view of
 * registers they are readl and writel, or the relaxed ones (mmio.h).
 *
 * What is checked at each access, in this order; the first that fails is the
 * one that is reported:
 *
 *	cpu_uaf          the region was freed, or it is a box that was consumed
 *	handle_access    it has no mapping for the CPU
 *	out_of_bounds    a byte is outside the region
 *	misaligned       a marked access is not aligned to its size (ALN-1); it
 *	                 is then made of pieces, as a copy
 *	exposed_access   a plain access to a coherent, outside a window of the
 *	                 acting actor
 *	window_conflict  it touches a window in a way that WIN-2, WIN-4 forbid
 *	uninit_read      a byte that is read was never written
 *
 * The first three touch no memory: reads give poison (region.h).
 *
 * Threads: of one world, one at a time (world.h). To make a view narrower
 * looks at the view alone: any thread, at any time.
 */

#include <cdma/site.h>
#include <cdma/types.h>

struct cdma_region;

/* How the CPU reaches the bytes. */
enum cdma_backend {
	CDMA_BACKEND_COHERENT,
	CDMA_BACKEND_SYSMEM, /* the same, without a DMA address */
	CDMA_BACKEND_MMIO,
	CDMA_BACKEND_MMIO_RELAXED,
};

struct cdma_view {
	struct cdma_region *region; /* borrowed */
	size_t offset;              /* bytes from the start of the region */
	size_t size;                /* bytes; may be 0 */
	size_t elem_size;           /* bytes of an element of a slice */
	enum cdma_backend backend;
};

/* Io::size, len, is_empty. */
static inline size_t cdma_view_size(struct cdma_view view)
{
	return view.size;
}

static inline size_t cdma_view_len(struct cdma_view view)
{
	return view.elem_size ? view.size / view.elem_size : 0;
}

static inline bool cdma_view_is_empty(struct cdma_view view)
{
	return view.size == 0;
}

cdma_region_id cdma_view_region(struct cdma_view view);

/* The DMA address of its first byte; for an empty view that may be one past
 * the end.  @view: of a coherent or a handle. */
cdma_addr_t cdma_view_dma_handle(struct cdma_view view);
#define cdma_view_dma_address cdma_view_dma_handle

/* Forget the DMA address. */
struct cdma_view cdma_view_as_sys_mem(struct cdma_view view);

/*
 * Element @i of a slice, `[i]?`; and elements @start to @end - 1.
 *
 * Errors: -ERANGE  it is not inside @view, or @start is above @end.  An empty
 *                  range is inside up to the end.
 */
int cdma_view_try_index(struct cdma_view view, size_t i, struct cdma_view *out);
int cdma_view_try_range(struct cdma_view view, size_t start, size_t end,
			struct cdma_view *out);

/* The same, `[panic: i]`: outside, `panic` and an empty view.
 * Emits: NOTE when it panics. */
struct cdma_view cdma_view_index_at(struct cdma_view view, size_t i,
				    const struct cdma_site *site);
#define cdma_view_index(...) cdma_view_index_at(__VA_ARGS__, CDMA_HERE)
struct cdma_view cdma_view_range_at(struct cdma_view view, size_t start,
				    size_t end, const struct cdma_site *site);
#define cdma_view_range(...) cdma_view_range_at(__VA_ARGS__, CDMA_HERE)

/*
 * A field: @size bytes at @offset of the element that @view shows.
 *
 * The field lies inside @view and its place is a multiple of @align; upstream
 * does not compile otherwise.
 */
struct cdma_view cdma_view_field(struct cdma_view view, size_t offset,
				 size_t size, size_t align);

/*
 * The first @size bytes as one value of another type.
 *
 * Errors: -EINVAL  @view is smaller.
 *         -EINVAL  its first byte is not at a multiple of @align.
 */
int cdma_view_try_cast(struct cdma_view view, size_t size, size_t align,
		       struct cdma_view *out);

/* A slice of elements of @elem_size bytes over the same bytes.
 * @elem_size: at least 1. */
struct cdma_view cdma_view_as_slice(struct cdma_view view, size_t elem_size);

/*
 * Read or write the value that @view shows: read_val, write_val, io_read!,
 * io_write!, and READ_ONCE and WRITE_ONCE.  The value is in the low bytes; its
 * first byte in memory is bits 0 to 7.
 *
 * @view: of 1, 2, 4 or 8 bytes.
 *
 * Emits: READ or WRITE, marked; MMIO for registers.
 */
uint64_t cdma_view_read_at(struct cdma_view view, const struct cdma_site *site);
#define cdma_view_read(view) cdma_view_read_at(view, CDMA_HERE)
void cdma_view_write_at(struct cdma_view view, uint64_t value,
			const struct cdma_site *site);
#define cdma_view_write(...) cdma_view_write_at(__VA_ARGS__, CDMA_HERE)

#define cdma_view_read8(view)      ((uint8_t)cdma_view_read(view))
#define cdma_view_read16(view)     ((uint16_t)cdma_view_read(view))
#define cdma_view_read32(view)     ((uint32_t)cdma_view_read(view))
#define cdma_view_read64(view)     ((uint64_t)cdma_view_read(view))
#define cdma_view_write8(view, x)  cdma_view_write(view, (uint8_t)(x))
#define cdma_view_write16(view, x) cdma_view_write(view, (uint16_t)(x))
#define cdma_view_write32(view, x) cdma_view_write(view, (uint32_t)(x))
#define cdma_view_write64(view, x) cdma_view_write(view, (uint64_t)(x))

/* smp_load_acquire, smp_store_release; not of registers.
 * Emits: as above, flagged CDMA_EVF_ACQUIRE or CDMA_EVF_RELEASE. */
uint64_t cdma_view_load_acquire_at(struct cdma_view view,
				   const struct cdma_site *site);
#define cdma_view_load_acquire(view) cdma_view_load_acquire_at(view, CDMA_HERE)
void cdma_view_store_release_at(struct cdma_view view, uint64_t value,
				const struct cdma_site *site);
#define cdma_view_store_release(...)                                           \
	cdma_view_store_release_at(__VA_ARGS__, CDMA_HERE)

/*
 * A plain access to all of @view, of any size.  In a window of the acting
 * actor that covers it, it counts as made through that window.
 *
 * @view: not of registers.
 *
 * Emits: READ or WRITE, plain, one for each piece.
 */
void cdma_view_plain_read_at(struct cdma_view view, void *dst,
			     const struct cdma_site *site);
#define cdma_view_plain_read(...)                                              \
	cdma_view_plain_read_at(__VA_ARGS__, CDMA_HERE)
void cdma_view_plain_write_at(struct cdma_view view, const void *src,
			      const struct cdma_site *site);
#define cdma_view_plain_write(...)                                             \
	cdma_view_plain_write_at(__VA_ARGS__, CDMA_HERE)

/* Look: no event, no check (region.h). */
void cdma_peek(struct cdma_view view, void *dst);

#endif /* CDMA_VIEW_H */
