/* SPDX-License-Identifier: MIT */
#include "model/step.h"
#include "model/window.h"

#include "model/access.h"
#include "model/actor.h"

/* Two references that cannot live at the same time, or one to nothing. */
static void judge_open(struct cdma_region *region, struct cdma_event *ev,
		       bool exclusive)
{
	struct cdma_world *world = region->world;

	if (!cdma_region_is_live(region))
		cdma_report(world, CDMA_FINDING_CPU_UAF, ev, region,
			    &region->free, NULL);
	if (region->state == CDMA_REGION_HANDLE)
		cdma_report(world, CDMA_FINDING_HANDLE_ACCESS, ev, region,
			    &region->alloc, NULL);
	for (struct cdma_window *w = region->windows; w; w = w->next)
		if (cdma_window_overlaps(w, ev->offset, ev->op_size) &&
		    (exclusive || w->exclusive))
			cdma_report(world, CDMA_FINDING_WINDOW_CONFLICT, ev,
				    region, &w->begin,
				    "two references that exclude each other");
}

static struct cdma_event window_event(const struct cdma_window *window,
				      enum cdma_event_kind kind,
				      const struct cdma_site *site)
{
	struct cdma_event ev =
		cdma_event_new(window->region->world, kind, site);

	ev.object = window->region->id;
	ev.offset = ev.op_offset = window->offset;
	ev.op_size = window->size;
	ev.value = window->exclusive;
	return ev;
}

static struct cdma_window *window_open(struct cdma_view view, bool exclusive,
				       const struct cdma_site *site)
{
	struct cdma_region *region = view.region;
	struct cdma_world *world = region->world;
	struct cdma_window *window = cdma_world_zalloc(world, sizeof(*window));
	struct cdma_event ev;

	CDMA_REQUIRE(view.backend == CDMA_BACKEND_COHERENT);
	cdma_step(world, site);
	window->region = region;
	window->actor = world->actor;
	window->offset = view.offset;
	window->size = view.size;
	window->exclusive = exclusive;
	ev = window_event(window, CDMA_EV_WINDOW_BEGIN, site);
	judge_open(region, &ev, exclusive);
	window->begin = cdma_party_next(world, &ev);
	window->next = region->windows;
	region->windows = window;
	cdma_world_emit(world, &ev);
	return window;
}

struct cdma_window *cdma_view_as_ref_at(struct cdma_view view,
					const struct cdma_site *site)
{
	return window_open(view, false, site);
}

struct cdma_window *cdma_view_as_mut_at(struct cdma_view view,
					const struct cdma_site *site)
{
	return window_open(view, true, site);
}

size_t cdma_window_size(const struct cdma_window *window)
{
	return window->size;
}

bool cdma_window_is_exclusive(const struct cdma_window *window)
{
	return window->exclusive;
}

static void window_access(struct cdma_window *window, enum cdma_event_kind kind,
			  size_t offset, void *buf, size_t size,
			  const struct cdma_site *site)
{
	struct cdma_region *region = window->region;
	struct cdma_bulk op;

	cdma_step(region->world, site);
	cdma_op_begin(&op, region->world, region, kind, CDMA_PLAIN,
		      window->offset + offset, size);
	op.window = window;
	op.limit = window->offset + window->size;
	op.buf = buf;
	cdma_op_run(&op, site);
}

void cdma_window_read_at(struct cdma_window *window, size_t offset, void *dst,
			 size_t size, const struct cdma_site *site)
{
	window_access(window, CDMA_EV_READ, offset, dst, size, site);
}

void cdma_window_write_at(struct cdma_window *window, size_t offset,
			  const void *src, size_t size,
			  const struct cdma_site *site)
{
	window_access(window, CDMA_EV_WRITE, offset, (void *)src, size, site);
}

static void *pointer(struct cdma_window *window, enum cdma_event_kind kind,
		     const struct cdma_site *site)
{
	bool written = kind == CDMA_EV_WRITE && !window->ended;
	void *bytes = cdma_region_ptr(window->region, window->offset,
				      window->size, written);

	window_access(window, kind, 0, NULL, window->size, site);
	return bytes;
}

const void *cdma_window_ptr_at(struct cdma_window *window,
			       const struct cdma_site *site)
{
	return pointer(window, CDMA_EV_READ, site);
}

void *cdma_window_mut_ptr_at(struct cdma_window *window,
			     const struct cdma_site *site)
{
	return pointer(window, CDMA_EV_WRITE, site);
}

static void unlink_window(struct cdma_window *window)
{
	struct cdma_window **link = &window->region->windows;

	while (*link != window)
		link = &(*link)->next;
	*link = window->next;
}

void cdma_window_end_at(struct cdma_window **window,
			const struct cdma_site *site)
{
	struct cdma_event ev;

	CDMA_REQUIRE(window);
	if (*window && !(*window)->ended) {
		cdma_step((*window)->region->world, site);
		(*window)->ended = true;
		unlink_window(*window);
		ev = window_event(*window, CDMA_EV_WINDOW_END, site);
		cdma_world_emit((*window)->region->world, &ev);
	}
	*window = NULL;
}
