/* SPDX-License-Identifier: MIT */
#include "native/shared.h"

#include <cdma/region.h>
#include <cdma/sysmem.h>

#include "base/image.h"
#include "base/vec.h"
#include "native/heap.h"
#include "native/labels.h"
#include "native/state.h"

#define GRANULE 8u

/* The data of shared objects, all of them, in this run. */
struct data {
	const unsigned char *at;
	size_t size;
	struct cdma_view view;
};

static CDMA_VEC(struct data) datas;

void native_shared_reset(void)
{
	datas.nr = 0;
}

void native_shared_mark(struct cdma_image *image)
{
	cdma_image_add_vec(image, &datas);
}

void native_shared_add(const void *at, size_t size, const char *name)
{
	static const struct cdma_site site = {.file = "data", .func = "data"};
	struct data *data = cdma_vec_push(&datas);

	cdma_set_name(native.world, name);
	*data = (struct data){
		.at = at,
		.size = size,
		.view = cdma_sysmem_new_at(native.world, 1, size, &site),
	};
}

static bool view_of(const void *at, size_t size, struct cdma_view *out)
{
	for (size_t i = 0; i < datas.nr; i++) {
		size_t off =
			(size_t)((const unsigned char *)at - datas.at[i].at);

		if (off >= datas.at[i].size)
			continue;
		*out = datas.at[i].view;
		out->offset = off;
		out->size = out->elem_size = size;
		return true;
	}
	return native_heap_inside(at, size, out);
}

void native_shared_view(const void *at, size_t size, struct cdma_view *out)
{
	view_of(at, size, out);
}

/* The bytes of the granule that are in the region, too. */
static void move(const unsigned char *from, const struct cdma_view *view)
{
	struct cdma_region_info info;
	size_t size = GRANULE;

	if (!cdma_region_info(native.world, cdma_view_region(*view), &info) ||
	    view->offset >= info.size)
		return;
	if (size > info.size - view->offset)
		size = info.size - view->offset;
	cdma_region_poke(native.world, info.id, view->offset, from, size);
}

bool native_share(const void *at, size_t size)
{
	const unsigned char *from = at, *end = from + size;
	struct cdma_view view;

	from -= (uintptr_t)from % GRANULE;
	for (; from < end; from += GRANULE) {
		if (!view_of(from, GRANULE, &view))
			return false;
		if (*native_cell(from) >= CELL_ODD)
			continue;
		move(from, &view);
		native_cells_mark(from, GRANULE, CELL_SHARED);
	}
	return true;
}
