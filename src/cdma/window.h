/* SPDX-License-Identifier: MIT */
#ifndef CDMA_WINDOW_H
#define CDMA_WINDOW_H

/*
 * Window: the live range of a reference into coherent memory (as_ref, as_mut).
 *
 * A reference lets the driver use plain accesses, and is a promise about
 * everybody else for as long as it lives.  Rust ends it by its scope; here the
 * end is a call.  The promise covers the bytes of the view that the window was
 * opened on, no more.
 *
 * What breaks the promise is `window_conflict`, and names both sides:
 *
 *	                          in as_ref           in as_mut
 *	device writes             WIN-1               WIN-3
 *	device reads              strict_windows      WIN-3
 *	CPU writes by other ways  WIN-2               WIN-4
 *	CPU reads by other ways   -                   WIN-4
 *	as_ref opened over it     -                   WIN-4
 *	as_mut opened over it     WIN-2               WIN-4
 *	owner is freed            WIN-6               WIN-6
 *
 * "Other ways" are all but the accesses of this header and plain accesses of
 * the same actor to bytes of its own window; dma_read! in one's own as_mut
 * window is one of them.
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/coherent.h>
#include <cdma/view.h>

struct cdma_window;

/*
 * Open a window for the acting actor.
 *
 * @view: of a coherent; as_mut promises more than as_ref and allows writes.
 *        Of a handle: `handle_access`.  Of freed memory: `cpu_uaf`.
 *
 * Owns:  the caller; cdma_window_end().
 * Emits: WINDOW_BEGIN.
 */
struct cdma_window *cdma_view_as_ref_at(struct cdma_view view,
					const struct cdma_site *site);
#define cdma_view_as_ref(view) cdma_view_as_ref_at(view, CDMA_HERE)
struct cdma_window *cdma_view_as_mut_at(struct cdma_view view,
					const struct cdma_site *site);
#define cdma_view_as_mut(view) cdma_view_as_mut_at(view, CDMA_HERE)

/* The same over the whole of a coherent. */
#define cdma_coherent_as_ref(mem) cdma_view_as_ref(cdma_coherent_view(mem))
#define cdma_coherent_as_mut(mem) cdma_view_as_mut(cdma_coherent_view(mem))

size_t cdma_window_size(const struct cdma_window *window); /* bytes */
bool cdma_window_is_exclusive(const struct cdma_window *window);

/*
 * A plain access through the reference.
 *
 * @offset: bytes from the start of the window.
 *
 * Outside the window: `out_of_bounds`.  After its end: `cpu_uaf`.  A write
 * through as_ref: `window_conflict`.
 *
 * Emits: READ or WRITE, plain.
 */
void cdma_window_read_at(struct cdma_window *window, size_t offset, void *dst,
			 size_t size, const struct cdma_site *site);
#define cdma_window_read(...) cdma_window_read_at(__VA_ARGS__, CDMA_HERE)
void cdma_window_write_at(struct cdma_window *window, size_t offset,
			  const void *src, size_t size,
			  const struct cdma_site *site);
#define cdma_window_write(...) cdma_window_write_at(__VA_ARGS__, CDMA_HERE)

/*
 * The referenced bytes in host memory.
 *
 * What is done through the pointer is not seen: it is logged as a plain read,
 * or write, of the whole window at the time of the call.
 *
 * Returns: valid until the end of the window.
 */
const void *cdma_window_ptr_at(struct cdma_window *window,
			       const struct cdma_site *site);
#define cdma_window_ptr(window) cdma_window_ptr_at(window, CDMA_HERE)
void *cdma_window_mut_ptr_at(struct cdma_window *window,
			     const struct cdma_site *site);
#define cdma_window_mut_ptr(window) cdma_window_mut_ptr_at(window, CDMA_HERE)

/* End it.  *window is set to NULL; NULL, and a window that has ended, are
 * ignored.  Emits: WINDOW_END. */
void cdma_window_end_at(struct cdma_window **window,
			const struct cdma_site *site);
#define cdma_window_end(window) cdma_window_end_at(window, CDMA_HERE)

#endif /* CDMA_WINDOW_H */
