/* SPDX-License-Identifier: MIT */
#include <cdma/call.h>
#include <cdma/mmio.h>

#include "model/access.h"
#include "model/device.h"

#include <errno.h>

int cdma_mmio_new_at(struct cdma_device *dev, size_t size, size_t min_size,
		     struct cdma_mmio **out, const struct cdma_site *site)
{
	struct cdma_region *region;

	CDMA_REQUIRE(dev && out);
	if (!size || size < min_size || size % 4)
		return -EINVAL;
	region = cdma_region_new(dev->world, dev, CDMA_REGION_REGISTERS, 1,
				 size, true, site);
	*out = &region->mmio;
	return 0;
}

cdma_region_id cdma_mmio_region(const struct cdma_mmio *mmio)
{
	return mmio->region->id;
}

struct cdma_view cdma_mmio_view(const struct cdma_mmio *mmio)
{
	return (struct cdma_view){
		.region = mmio->region,
		.size = mmio->region->size,
		.elem_size = 1,
		.backend = CDMA_BACKEND_MMIO,
	};
}

struct cdma_view cdma_mmio_relaxed(struct cdma_view view)
{
	CDMA_REQUIRE(view.backend >= CDMA_BACKEND_MMIO);
	view.backend = CDMA_BACKEND_MMIO_RELAXED;
	return view;
}

static bool is_width(unsigned int width)
{
	return width == 1 || width == 2 || width == 4 || width == 8;
}

/* A register of @view, which may lie outside. */
static struct cdma_view reg(struct cdma_view view, size_t offset,
			    unsigned int width)
{
	CDMA_REQUIRE(view.backend >= CDMA_BACKEND_MMIO && is_width(width));
	view.offset += offset;
	view.size = width;
	return view;
}

static int check(struct cdma_view view, size_t offset, unsigned int width)
{
	if (offset > view.size || width > view.size - offset)
		return -EINVAL;
	return (view.offset + offset) % width ? -EINVAL : 0;
}

/* It failed. */
static void tried(struct cdma_view view, enum cdma_call call,
		  unsigned int width, int err, const struct cdma_site *site)
{
	struct cdma_region *region = view.region;

	cdma_called_at(region->world,
		       &(struct cdma_called){
			       .call = call,
			       .device = region->dev->id,
			       .region = region->id,
			       .size = width,
			       .result = err,
		       },
		       site);
}

int cdma_mmio_try_read_at(struct cdma_view view, size_t offset,
			  unsigned int width, uint64_t *out,
			  const struct cdma_site *site)
{
	struct cdma_view at = reg(view, offset, width);
	int err = check(view, offset, width);

	if (!err)
		*out = cdma_view_read_at(at, site);
	else
		tried(view, CDMA_CALL_TRY_READ, width, err, site);
	return err;
}

int cdma_mmio_try_write_at(struct cdma_view view, size_t offset,
			   unsigned int width, uint64_t value,
			   const struct cdma_site *site)
{
	struct cdma_view at = reg(view, offset, width);
	int err = check(view, offset, width);

	if (!err)
		cdma_view_write_at(at, value, site);
	else
		tried(view, CDMA_CALL_TRY_WRITE, width, err, site);
	return err;
}

int cdma_mmio_try_update_at(struct cdma_view view, size_t offset,
			    unsigned int width,
			    uint64_t (*fn)(uint64_t value, void *arg),
			    void *arg, const struct cdma_site *site)
{
	uint64_t value;
	int err = cdma_mmio_try_read_at(view, offset, width, &value, site);

	if (err)
		return err;
	return cdma_mmio_try_write_at(view, offset, width, fn(value, arg),
				      site);
}

/* What upstream would not compile: report it, with no register touched. */
static bool refuse(struct cdma_view view, size_t offset, unsigned int width,
		   const struct cdma_site *site)
{
	struct cdma_region *region = view.region;

	if (offset > view.size || width > view.size - offset)
		cdma_report_note(region->world, CDMA_FINDING_OUT_OF_BOUNDS,
				 region, &region->alloc,
				 "a register outside its device", site);
	else if ((view.offset + offset) % width)
		cdma_report_note(region->world, CDMA_FINDING_MISALIGNED, region,
				 &region->alloc, NULL, site);
	else
		return false;
	region->world->ambient = (struct cdma_ambient){0};
	/* Nothing was read: what comes of it depends on no read. */
	region->world->last_dep = 0;
	return true;
}

uint64_t cdma_mmio_read_at(struct cdma_view view, size_t offset,
			   unsigned int width, const struct cdma_site *site)
{
	struct cdma_view at = reg(view, offset, width);

	if (refuse(view, offset, width, site))
		return UINT64_MAX;
	return cdma_view_read_at(at, site);
}

void cdma_mmio_clear_at(struct cdma_view view, size_t offset,
			unsigned int width, const struct cdma_site *site)
{
	struct cdma_view at = reg(view, offset, width);
	struct cdma_bulk op;

	if (refuse(view, offset, width, site))
		return;
	cdma_op_begin_view(&op, at, CDMA_EV_WRITE, CDMA_MARKED);
	op.flags |= CDMA_EVF_RELAXED;
	op.faulty = false;
	op.reacts = false;
	cdma_op_value(&op, site);
}

void cdma_mmio_write_at(struct cdma_view view, size_t offset,
			unsigned int width, uint64_t value,
			const struct cdma_site *site)
{
	struct cdma_view at = reg(view, offset, width);

	if (!refuse(view, offset, width, site))
		cdma_view_write_at(at, value, site);
}
