/* SPDX-License-Identifier: MIT */
#include "native/heap.h"

#include <string.h>

#include <cdma/kmem.h>
#include <cdma/region.h>
#include <cdma/sysmem.h>

#include "base/image.h"
#include "base/vec.h"
#include "native/labels.h"
#include "native/state.h"

/* What belongs to nobody, behind each object. */
#define RED_ZONE ((size_t)16)

struct heap_object {
	unsigned char *at;
	size_t size;
	struct cdma_view view;
	bool is_lent, is_freed;
};

/* By age, and so by address. */
static CDMA_VEC(struct heap_object) objects;

static size_t round_up(size_t n, size_t to)
{
	return (n + to - 1) & ~(to - 1);
}

/* The last one that begins at @at or below; NULL: none. */
static struct heap_object *object_below(const void *at)
{
	size_t from = 0, to = objects.nr;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if ((const void *)objects.at[mid].at <= at)
			from = mid + 1;
		else
			to = mid;
	}
	return from ? &objects.at[from - 1] : NULL;
}

/* An object of @view, somewhere. */
static void *place(struct cdma_view view, size_t align, unsigned char fill,
		   const struct cdma_site *site)
{
	unsigned char *end = native_heap() + NATIVE_HEAP_SIZE, *at;
	size_t size = view.size;
	struct heap_object *object;

	at = (unsigned char *)round_up((uintptr_t)native.heap, align);
	if (at > end || size + RED_ZONE + 16 > (size_t)(end - at))
		native_wrong("64 MiB of memory are used up", site);
	native.heap =
		(unsigned char *)round_up((uintptr_t)at + size, 16) + RED_ZONE;
	memset(at, fill, size);
	native_cells_mark((void *)round_up((uintptr_t)at + size, 8),
			  (size_t)(native.heap - at) - round_up(size, 8),
			  CELL_DEAD);
	object = cdma_vec_push(&objects);
	*object = (struct heap_object){.at = at, .size = size, .view = view};
	return at;
}

void *native_heap_alloc(size_t size, size_t align, cdma_gfp_t gfp,
			const char *name, const struct cdma_site *site)
{
	struct cdma_view view;

	cdma_set_name(native.world, name);
	if (cdma_kmalloc_at(native.world, 1, size, gfp, &view, site))
		return NULL;
	return place(view, align, gfp & CDMA_GFP_ZERO ? 0 : CDMA_POISON_NEW,
		     site);
}

void *native_heap_keep(size_t size, const struct cdma_site *site)
{
	return place(cdma_sysmem_new_at(native.world, 1, size, site), 16, 0,
		     site);
}

static struct heap_object *object_at(const void *at)
{
	struct heap_object *object = object_below(at);

	return object && object->at == at ? object : NULL;
}

bool native_heap_free(const void *at, const struct cdma_site *site)
{
	struct heap_object *object = object_at(at);

	if (!object)
		return false;
	cdma_kfree_at(object->view, site);
	if (!object->is_freed)
		native_cells_mark(object->at, object->size, CELL_DEAD);
	object->is_freed = true;
	return true;
}

size_t native_heap_size(const void *at)
{
	const struct heap_object *object = object_at(at);

	return object && !object->is_freed ? object->size : 0;
}

bool native_heap_inside(const void *at, size_t size, struct cdma_view *out)
{
	const struct heap_object *object = object_below(at);

	return object &&
	       (size_t)((const unsigned char *)at - object->at) <
		       object->size &&
	       native_heap_view(at, size, out);
}

bool native_heap_view(const void *at, size_t size, struct cdma_view *out)
{
	const struct heap_object *object = object_below(at);

	if (!object)
		return false;
	*out = object->view;
	out->offset = (size_t)((const unsigned char *)at - object->at);
	out->size = out->elem_size = size;
	return true;
}

bool native_heap_lend(const void *at)
{
	struct heap_object *object = object_below(at);

	if (!object || object->is_freed ||
	    (size_t)((const unsigned char *)at - object->at) >= object->size)
		return false;
	if (object->is_lent)
		return true;
	object->is_lent = true;
	cdma_region_poke(native.world, cdma_view_region(object->view), 0,
			 object->at, object->size);
	native_cells_mark(object->at, object->size, CELL_LENT);
	return true;
}

void native_heap_reset(void)
{
	objects.nr = 0;
}

void native_heap_mark(struct cdma_image *image)
{
	cdma_image_add_vec(image, &objects);
}
