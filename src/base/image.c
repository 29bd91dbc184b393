/* SPDX-License-Identifier: MIT */
#include "base/image.h"

#include <stdint.h>
#include <string.h>

void cdma_image_fini(struct cdma_image *image)
{
	cdma_vec_free(&image->parts);
	free(image->bytes);
	*image = (struct cdma_image){0};
}

void cdma_image_clear(struct cdma_image *image)
{
	image->parts.nr = 0;
	image->size = 0;
}

/* Where the bytes of @part are now. */
static void *place(const struct cdma_image_part *part)
{
	unsigned char *at = part->at;

	if (part->is_far)
		memcpy(&at, part->at, sizeof(at));
	return at + part->offset;
}

typedef uint64_t __attribute__((may_alias)) word;

/* memcpy() would be looked at; volatile, so that this does not become one. */
__attribute__((no_sanitize("address", "thread"))) void
cdma_copy_guarded(void *to, const void *from, size_t size)
{
	volatile unsigned char *at = to;
	const volatile unsigned char *by = from;
	size_t i = 0;

	for (; i < size && ((uintptr_t)(at + i) | (uintptr_t)(by + i)) % 8; i++)
		at[i] = by[i];
	for (; i + 8 <= size; i += 8)
		*(volatile word *)(at + i) = *(const volatile word *)(by + i);
	for (; i < size; i++)
		at[i] = by[i];
}

static void copy(const struct cdma_image_part *part, void *to, const void *from)
{
	if (part->is_guarded)
		cdma_copy_guarded(to, from, part->size);
	else
		memcpy(to, from, part->size);
}

static void add(struct cdma_image *image, struct cdma_image_part part)
{
	if (!part.size)
		return;
	part.from = image->size;
	image->size += part.size;
	if (image->size > image->room) {
		image->room = 2 * image->size;
		image->bytes = cdma_xrealloc(image->bytes, image->room, 1);
	}
	copy(&part, image->bytes + part.from, place(&part));
	*cdma_vec_push(&image->parts) = part;
}

void cdma_image_add(struct cdma_image *image, void *at, size_t size)
{
	add(image, (struct cdma_image_part){.at = at, .size = size});
}

void cdma_image_add_guarded(struct cdma_image *image, void *at, size_t size)
{
	add(image, (struct cdma_image_part){
			   .at = at,
			   .size = size,
			   .is_guarded = true,
		   });
}

void cdma_image_add_far(struct cdma_image *image, void *at, size_t offset,
			size_t size)
{
	add(image, (struct cdma_image_part){
			   .at = at,
			   .is_far = true,
			   .offset = offset,
			   .size = size,
		   });
}

void cdma_image_restore(const struct cdma_image *image)
{
	for (size_t i = 0; i < image->parts.nr; i++) {
		const struct cdma_image_part *part = &image->parts.at[i];

		const unsigned char *from = image->bytes + part->from;

		/* Many are counters, too small for a call. */
		if (part->size == sizeof(uint64_t))
			memcpy(place(part), from, sizeof(uint64_t));
		else
			copy(part, place(part), from);
	}
}
