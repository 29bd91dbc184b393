/* SPDX-License-Identifier: MIT */
#include <cdma/view.h>

#include "model/access.h"
#include "model/step.h"
#include "model/value.h"

#include <errno.h>

cdma_region_id cdma_view_region(struct cdma_view view)
{
	return view.region->id;
}

cdma_addr_t cdma_view_dma_handle(struct cdma_view view)
{
	CDMA_REQUIRE(view.backend == CDMA_BACKEND_COHERENT);
	return view.region->iova + view.offset;
}

struct cdma_view cdma_view_as_sys_mem(struct cdma_view view)
{
	CDMA_REQUIRE(view.backend <= CDMA_BACKEND_SYSMEM);
	view.backend = CDMA_BACKEND_SYSMEM;
	return view;
}

/* A part of @view that lies inside it. */
static struct cdma_view part(struct cdma_view view, size_t offset, size_t size)
{
	view.offset += offset;
	view.size = size;
	return view;
}

int cdma_view_try_index(struct cdma_view view, size_t i, struct cdma_view *out)
{
	if (i >= cdma_view_len(view))
		return -ERANGE;
	*out = part(view, i * view.elem_size, view.elem_size);
	return 0;
}

int cdma_view_try_range(struct cdma_view view, size_t start, size_t end,
			struct cdma_view *out)
{
	if (start > end || end > cdma_view_len(view))
		return -ERANGE;
	*out = part(view, start * view.elem_size,
		    (end - start) * view.elem_size);
	return 0;
}

struct cdma_view cdma_view_index_at(struct cdma_view view, size_t i,
				    const struct cdma_site *site)
{
	struct cdma_view out = part(view, 0, 0);

	if (cdma_view_try_index(view, i, &out))
		cdma_panic(view.region->world, "index out of bounds", site);
	return out;
}

struct cdma_view cdma_view_range_at(struct cdma_view view, size_t start,
				    size_t end, const struct cdma_site *site)
{
	struct cdma_view out = part(view, 0, 0);

	if (cdma_view_try_range(view, start, end, &out))
		cdma_panic(view.region->world, "range out of bounds", site);
	return out;
}

struct cdma_view cdma_view_field(struct cdma_view view, size_t offset,
				 size_t size, size_t align)
{
	CDMA_REQUIRE(align && (view.offset + offset) % align == 0);
	CDMA_REQUIRE(offset <= view.size && size <= view.size - offset);
	view = part(view, offset, size);
	view.elem_size = size;
	return view;
}

int cdma_view_try_cast(struct cdma_view view, size_t size, size_t align,
		       struct cdma_view *out)
{
	CDMA_REQUIRE(align);
	if (size > view.size || view.offset % align)
		return -EINVAL;
	*out = part(view, 0, size);
	out->elem_size = size;
	return 0;
}

struct cdma_view cdma_view_as_slice(struct cdma_view view, size_t elem_size)
{
	CDMA_REQUIRE(elem_size);
	view.elem_size = elem_size;
	return view;
}

/* One value of an integer type, which must be aligned. */
static void begin_value(struct cdma_bulk *op, struct cdma_view view,
			enum cdma_event_kind kind)
{
	CDMA_REQUIRE(view.size && view.size <= 8 &&
			     !(view.size & (view.size - 1)),
		     "%zu bytes are no value", view.size);
	cdma_op_begin_view(op, view, kind, CDMA_MARKED);
	op->misaligned = view.offset & (view.size - 1);
}

static uint64_t read_value(struct cdma_view view, uint32_t flags,
			   const struct cdma_site *site)
{
	struct cdma_region *region = view.region;
	struct cdma_bulk op;

	if (cdma_step_look(region->world, site))
		return cdma_step_peek(region->world, region, view.offset,
				      view.size);
	begin_value(&op, view, CDMA_EV_READ);
	op.flags |= flags;
	return cdma_op_value(&op, site);
}

static void write_value(struct cdma_view view, uint64_t value, uint32_t flags,
			const struct cdma_site *site)
{
	struct cdma_bulk op;

	cdma_step(view.region->world, site);
	begin_value(&op, view, CDMA_EV_WRITE);
	op.flags |= flags;
	op.ev.value = value & UINT64_MAX >> (64 - 8 * view.size);
	cdma_op_value(&op, site);
}

uint64_t cdma_view_read_at(struct cdma_view view, const struct cdma_site *site)
{
	return read_value(view, 0, site);
}

void cdma_view_write_at(struct cdma_view view, uint64_t value,
			const struct cdma_site *site)
{
	write_value(view, value, 0, site);
}

uint64_t cdma_view_load_acquire_at(struct cdma_view view,
				   const struct cdma_site *site)
{
	CDMA_REQUIRE(view.backend <= CDMA_BACKEND_SYSMEM);
	return read_value(view, CDMA_EVF_ACQUIRE, site);
}

void cdma_view_store_release_at(struct cdma_view view, uint64_t value,
				const struct cdma_site *site)
{
	CDMA_REQUIRE(view.backend <= CDMA_BACKEND_SYSMEM);
	write_value(view, value, CDMA_EVF_RELEASE, site);
}

/* What a peek finds there; a value may be assumed. */
static void peek_plain(struct cdma_view view, void *dst)
{
	struct cdma_world *world = view.region->world;

	if (view.size <= 8)
		cdma_value_put(cdma_step_peek(world, view.region, view.offset,
					      view.size),
			       dst, (unsigned int)view.size);
	else
		cdma_peek(view, dst);
}

void cdma_view_plain_read_at(struct cdma_view view, void *dst,
			     const struct cdma_site *site)
{
	struct cdma_world *world = view.region->world;
	struct cdma_bulk op;

	CDMA_REQUIRE(view.backend <= CDMA_BACKEND_SYSMEM);
	if (cdma_step_look(world, site)) {
		peek_plain(view, dst);
		return;
	}
	cdma_op_begin_view(&op, view, CDMA_EV_READ, CDMA_PLAIN);
	op.buf = dst;
	cdma_op_run(&op, site);
}

void cdma_view_plain_write_at(struct cdma_view view, const void *src,
			      const struct cdma_site *site)
{
	struct cdma_bulk op;

	CDMA_REQUIRE(view.backend <= CDMA_BACKEND_SYSMEM);
	cdma_step(view.region->world, site);
	cdma_op_begin_view(&op, view, CDMA_EV_WRITE, CDMA_PLAIN);
	op.buf = (void *)src;
	cdma_op_run(&op, site);
}

void cdma_peek(struct cdma_view view, void *dst)
{
	cdma_region_peek(view.region->world, view.region->id, view.offset, dst,
			 view.size);
}
