/* SPDX-License-Identifier: MIT */
#include "native/window.h"

#include "base/image.h"
#include "base/vec.h"

#define PAGE     ((size_t)4096)
#define NR_PAGES (NATIVE_WINDOW_SIZE / PAGE)

/* Which window each page is of, from 1; and those of a run, by age. */
static uint32_t page_of[NR_PAGES];
static size_t pages;
static CDMA_VEC(struct native_window) windows;

static size_t pages_of(size_t size)
{
	return (size + PAGE - 1) / PAGE;
}

struct native_window *native_window_open(struct cdma_view view, void *owner,
					 bool is_registers)
{
	size_t lead = view.offset % PAGE, nr = pages_of(lead + view.size);
	struct native_window *w;

	/* The page behind it leads to it, too. */
	if (nr + 2 > NR_PAGES - pages)
		return NULL;
	w = cdma_vec_push(&windows);
	*w = (struct native_window){
		.view = view,
		.at = native_window() + (pages + 1) * PAGE + lead,
		.owner = owner,
		.is_registers = is_registers,
	};
	for (size_t i = 0; i < nr + 1; i++)
		page_of[pages + 1 + i] = (uint32_t)windows.nr;
	pages += nr + 1;
	return w;
}

struct native_window *native_window_of(const void *owner)
{
	for (size_t i = 0; i < windows.nr; i++)
		if (windows.at[i].owner == owner)
			return &windows.at[i];
	return NULL;
}

struct native_window *native_window_at(const void *at)
{
	size_t page =
		(size_t)((const unsigned char *)at - native_window()) / PAGE;
	uint32_t n = page < pages + 1 ? page_of[page] : 0;

	return n ? &windows.at[n - 1] : NULL;
}

struct cdma_view native_window_view(const struct native_window *w,
				    const void *at, size_t size)
{
	struct cdma_view view = w->view;

	view.offset += (size_t)((const unsigned char *)at - w->at);
	view.size = view.elem_size = size;
	return view;
}

void native_windows_reset(void)
{
	pages = 0;
	windows.nr = 0;
}

/* What was behind them is not looked at. */
void native_windows_mark(struct cdma_image *image)
{
	cdma_image_add(image, &pages, sizeof(pages));
	cdma_image_add(image, page_of, (pages + 1) * sizeof(*page_of));
	cdma_image_add_vec(image, &windows);
}
