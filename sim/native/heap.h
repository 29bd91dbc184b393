/* SPDX-License-Identifier: MIT */
#ifndef NATIVE_HEAP_H
#define NATIVE_HEAP_H

/*
 * Heap: what native code has allocated (kmalloc).
 *
 * Each object has a region of libcdma, which knows how it lives and what it is
 * used for; its bytes are in the arena.  An object that is mapped for a device
 * is lent from then on: its bytes are those of the region, and each access is
 * made there.  What was freed, and what is behind an object, is looked up in
 * the same way, so that libcdma says what is wrong with it.
 *
 * Addresses are handed out upwards and are not used again in a run.
 */

#include <stdbool.h>
#include <stddef.h>

#include <cdma/attrs.h>
#include <cdma/view.h>

struct cdma_image;
struct cdma_site;

/* As cdma_kmalloc_at().  @align: a power of two. */
void *native_heap_alloc(size_t size, size_t align, cdma_gfp_t gfp,
			const char *name, const struct cdma_site *site);

/* False: nothing was ever allocated that begins at @at. */
bool native_heap_free(const void *at, const struct cdma_site *site);

/* Bytes that were asked for; 0: there is nothing at @at. */
size_t native_heap_size(const void *at);

/* The same that is there to the end of the run, zeroed. */
void *native_heap_keep(size_t size, const struct cdma_site *site);

/* Of @size bytes at @at: in an object, or behind it.  False: there is none; of
 * _inside(), also when it is behind. */
bool native_heap_view(const void *at, size_t size, struct cdma_view *out);
bool native_heap_inside(const void *at, size_t size, struct cdma_view *out);

/* The object that @at is in is lent.  False: there is none, or it is freed. */
bool native_heap_lend(const void *at);

void native_heap_reset(void);
void native_heap_mark(struct cdma_image *image);

#endif /* NATIVE_HEAP_H */
