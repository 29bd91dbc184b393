/* SPDX-License-Identifier: MIT */
#ifndef CDMA_COHERENT_H
#define CDMA_COHERENT_H

/*
 * Coherent: DMA memory that the CPU and the device share (Coherent).
 *
 * The device may touch it at any time, so the CPU reads and writes it by
 * marked or copying accesses through a view (view.h, copy.h, project.h), or by
 * plain accesses in a window, for the length of which the driver promises that
 * nobody else touches those bytes (window.h).  A plain CPU access outside the
 * acting actor's own windows is `exposed_access`.
 *
 * That is the contract of the Rust API.  In C, plain accesses to such memory
 * are what every driver does: by the contract of C (cdma/types.h) one that is
 * aligned and of at most eight bytes is emitted as CDMA_MARKED, flagged
 * CDMA_EVF_PLAIN, and a larger one as CDMA_BULK.
 *
 * A free must come after the device was stopped, or told to forget the address
 * (LIFE-1): lease.h is how the model knows.
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/attrs.h>
#include <cdma/init.h>
#include <cdma/types.h>
#include <cdma/view.h>

struct cdma_coherent;
struct cdma_device;

/*
 * Allocate.  Errors, findings and ownership as for a box (box.h); the address
 * is known from the start.
 */
int cdma_coherent_alloc_slice_with_attrs_at(struct cdma_device *dev,
					    size_t elem_size, size_t count,
					    cdma_gfp_t gfp, cdma_attrs_t attrs,
					    struct cdma_coherent **out,
					    const struct cdma_site *site);
#define cdma_coherent_alloc_slice_with_attrs(...)                              \
	cdma_coherent_alloc_slice_with_attrs_at(__VA_ARGS__, CDMA_HERE)

int cdma_coherent_zeroed_slice_with_attrs_at(struct cdma_device *dev,
					     size_t elem_size, size_t count,
					     cdma_gfp_t gfp, cdma_attrs_t attrs,
					     struct cdma_coherent **out,
					     const struct cdma_site *site);
#define cdma_coherent_zeroed_slice_with_attrs(...)                             \
	cdma_coherent_zeroed_slice_with_attrs_at(__VA_ARGS__, CDMA_HERE)
int cdma_coherent_zeroed_slice_at(struct cdma_device *dev, size_t elem_size,
				  size_t count, cdma_gfp_t gfp,
				  struct cdma_coherent **out,
				  const struct cdma_site *site);
#define cdma_coherent_zeroed_slice(...)                                        \
	cdma_coherent_zeroed_slice_at(__VA_ARGS__, CDMA_HERE)
int cdma_coherent_zeroed_with_attrs_at(struct cdma_device *dev, size_t size,
				       cdma_gfp_t gfp, cdma_attrs_t attrs,
				       struct cdma_coherent **out,
				       const struct cdma_site *site);
#define cdma_coherent_zeroed_with_attrs(...)                                   \
	cdma_coherent_zeroed_with_attrs_at(__VA_ARGS__, CDMA_HERE)
int cdma_coherent_zeroed_at(struct cdma_device *dev, size_t size,
			    cdma_gfp_t gfp, struct cdma_coherent **out,
			    const struct cdma_site *site);
#define cdma_coherent_zeroed(...)                                              \
	cdma_coherent_zeroed_at(__VA_ARGS__, CDMA_HERE)

/* dma_alloc_coherent(): zeroed, unless the world's contract is Rust's, and used
 * by the contract of C. */
int cdma_dma_alloc_coherent_at(struct cdma_device *dev, size_t elem_size,
			       size_t count, cdma_gfp_t gfp, cdma_attrs_t attrs,
			       struct cdma_coherent **out,
			       const struct cdma_site *site);
#define cdma_dma_alloc_coherent(...)                                           \
	cdma_dma_alloc_coherent_at(__VA_ARGS__, CDMA_HERE)

/* A copy of the elements at @data, made through a box.
 * Emits: ALLOC flagged CDMA_EVF_BOX, plain WRITEs, EXPOSE. */
int cdma_coherent_from_slice_with_attrs_at(struct cdma_device *dev,
					   const void *data, size_t elem_size,
					   size_t count, cdma_gfp_t gfp,
					   cdma_attrs_t attrs,
					   struct cdma_coherent **out,
					   const struct cdma_site *site);
#define cdma_coherent_from_slice_with_attrs(...)                               \
	cdma_coherent_from_slice_with_attrs_at(__VA_ARGS__, CDMA_HERE)
int cdma_coherent_from_slice_at(struct cdma_device *dev, const void *data,
				size_t elem_size, size_t count, cdma_gfp_t gfp,
				struct cdma_coherent **out,
				const struct cdma_site *site);
#define cdma_coherent_from_slice(...)                                          \
	cdma_coherent_from_slice_at(__VA_ARGS__, CDMA_HERE)

/*
 * One element of @size bytes, filled by @init.  Not zeroed first: bytes that
 * @init leaves out are what nobody wrote (INIT-1, INIT-3).
 *
 * While @init runs the memory is a box: its address is in nobody's hands.
 *
 * Errors: as all allocations; then
 *         any  a fault was planned at "init".
 *         any  what @init returned; the memory is freed again.
 * Emits:  ALLOC flagged CDMA_EVF_BOX, plain WRITEs, then EXPOSE, or FREE when
 *         it failed.
 */
int cdma_coherent_init_with_attrs_at(struct cdma_device *dev, size_t size,
				     cdma_gfp_t gfp, cdma_attrs_t attrs,
				     cdma_init_fn init, void *arg,
				     struct cdma_coherent **out,
				     const struct cdma_site *site);
#define cdma_coherent_init_with_attrs(...)                                     \
	cdma_coherent_init_with_attrs_at(__VA_ARGS__, CDMA_HERE)
int cdma_coherent_init_at(struct cdma_device *dev, size_t size, cdma_gfp_t gfp,
			  cdma_init_fn init, void *arg,
			  struct cdma_coherent **out,
			  const struct cdma_site *site);
#define cdma_coherent_init(...) cdma_coherent_init_at(__VA_ARGS__, CDMA_HERE)

size_t cdma_coherent_size(const struct cdma_coherent *mem); /* bytes */
size_t cdma_coherent_len(const struct cdma_coherent *mem);  /* elements */
cdma_region_id cdma_coherent_region(const struct cdma_coherent *mem);

/* The DMA address of the first byte.  Pure arithmetic: who tells a device
 * about it says so with a lease.  Upstream later calls it dma_address. */
cdma_addr_t cdma_coherent_dma_handle(const struct cdma_coherent *mem);
#define cdma_coherent_dma_address cdma_coherent_dma_handle

/*
 * as_ptr, as_mut_ptr: the bytes in host memory.
 *
 * What is done through the pointer is not seen; the memory counts as written
 * from then on.  The plain accesses of view.h are, and are what a driver does
 * that uses this pointer.
 *
 * Emits: NOTE, the first time.
 */
void *cdma_coherent_as_mut_ptr_at(struct cdma_coherent *mem,
				  const struct cdma_site *site);
#define cdma_coherent_as_mut_ptr(mem)                                          \
	cdma_coherent_as_mut_ptr_at(mem, CDMA_HERE)
#define cdma_coherent_as_ptr(mem)                                              \
	((const void *)cdma_coherent_as_mut_ptr_at(mem, CDMA_HERE))

/* The whole as a view, to narrow and to access. */
struct cdma_view cdma_coherent_view(const struct cdma_coherent *mem);

/*
 * Drop: free the memory.  *mem is set to NULL; NULL is ignored.
 *
 * Findings: `double_free`        it was freed before; nothing happens.
 *           `wrong_context`      an interrupt handler frees (LIFE-6, R61).
 *           `free_after_unbind`  the device is not bound (BIND-3).
 *           `free_while_leased`  one for each live lease of a part (LIFE-1).
 *           `window_conflict`    one for each open window (WIN-6).
 * Emits:    FREE.
 */
void cdma_coherent_free_at(struct cdma_coherent **mem,
			   const struct cdma_site *site);
#define cdma_coherent_free(mem) cdma_coherent_free_at(mem, CDMA_HERE)

/*
 * The same as the kernel's C has it (dma_free_coherent()): the caller says once
 * more what it was.  It is freed whatever is wrong with that.
 *
 * @dev, @size, @addr: of the allocation: the device, its bytes as they were
 *	asked for, and where the device has it.
 *
 * Findings: those above, and
 *	`bad_unmap`  one for each that is not so (dma-debug: check_unmap()).
 * Emits: FREE.
 */
void cdma_dma_free_coherent_at(struct cdma_device *dev, size_t size,
			       struct cdma_coherent **mem, cdma_addr_t addr,
			       const struct cdma_site *site);
#define cdma_dma_free_coherent(...)                                            \
	cdma_dma_free_coherent_at(__VA_ARGS__, CDMA_HERE)

#endif /* CDMA_COHERENT_H */
