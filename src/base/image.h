/* SPDX-License-Identifier: MIT */
#ifndef CDMA_BASE_IMAGE_H
#define CDMA_BASE_IMAGE_H

/*
 * Image: memory as it was at one moment, to be put back.
 *
 * Who has state that a run changes lists the places where it is.  What only
 * grows, as the elements of most vectors, needs no more than its number.
 *
 * Usage
 * -----
 *	cdma_image_clear(&image);
 *	cdma_image_add(&image, &x->counter, sizeof(x->counter));
 *	cdma_image_add_vec(&image, &x->things);
 *	… x changes …
 *	cdma_image_restore(&image);
 *
 * Places must not move, but for the elements of a vector.
 */

#include "base/vec.h"

#include <stdbool.h>
#include <stddef.h>

struct cdma_image_part {
	void *at;    /* borrowed; where the bytes are, or a pointer to them */
	bool is_far; /* it is a pointer to them, as it is then */
	bool is_guarded;
	size_t offset, size, from; /* bytes; from: in the image */
};

/* One that is all zero bytes is ready for use. */
struct cdma_image {
	CDMA_VEC(struct cdma_image_part) parts;
	unsigned char *bytes; /* owned */
	size_t size, room;
};

void cdma_image_fini(struct cdma_image *image);

/* Forget all places. */
void cdma_image_clear(struct cdma_image *image);

/* @size bytes at @at. */
void cdma_image_add(struct cdma_image *image, void *at, size_t size);

/* The same where a sanitizer guards bytes between what is in use, as it does
 * around variables: they are copied, too, behind its back. */
void cdma_image_add_guarded(struct cdma_image *image, void *at, size_t size);
void cdma_copy_guarded(void *to, const void *from, size_t size);

/* @size bytes from @offset of what the pointer @at points to. */
void cdma_image_add_far(struct cdma_image *image, void *at, size_t offset,
			size_t size);

/* The elements of a vector, and how many there are. */
#define cdma_image_add_vec(image, v)                                           \
	(cdma_image_add(image, &(v)->nr, sizeof((v)->nr)),                     \
	 cdma_image_add_far(image, &(v)->at, 0, (v)->nr * sizeof(*(v)->at)))

void cdma_image_restore(const struct cdma_image *image);

#endif /* CDMA_BASE_IMAGE_H */
