/* SPDX-License-Identifier: MIT */
#ifndef NATIVE_LABELS_H
#define NATIVE_LABELS_H

/*
 * Labels: what is known of private memory besides its bytes.
 *
 * Values that come from a read keep their dependency (cdma/dep.h) in variables,
 * on the heap and on stacks.  Each eight bytes have a cell, which is 0 nearly
 * always; else it leads to a label, which has the reads of each byte, and whose
 * they are: a value that another actor has stored comes, for this one, from no
 * read.  Cells also tell memory that is not private any more, which heap.h
 * knows.
 *
 * All of it is put back when a run begins.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cdma/dep.h>

#include "native/arena.h"

struct cdma_image;

#define CELL_LENT   0xffffffffu /* of an object that was mapped for a device */
#define CELL_DEAD   0xfffffffeu /* freed, or next to what is allocated */
#define CELL_SHARED 0xfffffffdu /* others may use it, too: shared.h */
#define CELL_ODD    CELL_SHARED /* that and above are no labels */

/* The cell of @at; NULL: nothing is noted there. */
uint32_t *native_cell(const void *at);

/* The data of a shared object has cells, from now on. */
void native_cells_add(const unsigned char *at, size_t size);

/* Where the @size bytes at @at come from, all together; one by one. */
cdma_dep_t native_label_get(const void *at, size_t size);
void native_label_sources(const void *at, size_t size, struct cdma_source *out);

/* They come from @dep; byte by byte. */
void native_label_set(void *at, size_t size, cdma_dep_t dep);
void native_label_put(void *at, size_t size, const struct cdma_source *from);

/* Nothing is known of them any more; nor are they anything but private. */
void native_label_clear(const void *at, size_t size);

/* All cells of @size bytes at @at are @odd. */
void native_cells_mark(const void *at, size_t size, uint32_t odd);

void native_labels_reset(void);
void native_labels_mark(struct cdma_image *image);
/* To be called before the image is restored, and after. */
void native_labels_drop(void);
void native_labels_again(void);

#endif /* NATIVE_LABELS_H */
