/* SPDX-License-Identifier: MIT */
#include <cdma/box.h>
#include <cdma/call.h>

#include "model/access.h"
#include "model/slot.h"
#include "model/step.h"

#include <errno.h>

int cdma_box_alloc_slice_with_attrs_at(struct cdma_device *dev,
				       size_t elem_size, size_t count,
				       cdma_gfp_t gfp, cdma_attrs_t attrs,
				       struct cdma_box **out,
				       const struct cdma_site *site)
{
	struct cdma_alloc want = {
		.elem_size = elem_size,
		.count = count,
		.gfp = gfp,
		.attrs = attrs,
		.state = CDMA_REGION_BOX,
		.zeroed = gfp & CDMA_GFP_ZERO,
	};
	struct cdma_region *region;
	int err;

	CDMA_REQUIRE(dev && out);
	err = cdma_region_alloc(dev, &want, &region, site);
	if (!err)
		*out = &region->box;
	return err;
}

int cdma_box_zeroed_slice_with_attrs_at(struct cdma_device *dev,
					size_t elem_size, size_t count,
					cdma_gfp_t gfp, cdma_attrs_t attrs,
					struct cdma_box **out,
					const struct cdma_site *site)
{
	return cdma_box_alloc_slice_with_attrs_at(
		dev, elem_size, count, gfp | CDMA_GFP_ZERO, attrs, out, site);
}

int cdma_box_zeroed_slice_at(struct cdma_device *dev, size_t elem_size,
			     size_t count, cdma_gfp_t gfp,
			     struct cdma_box **out,
			     const struct cdma_site *site)
{
	return cdma_box_zeroed_slice_with_attrs_at(dev, elem_size, count, gfp,
						   0, out, site);
}

int cdma_box_zeroed_with_attrs_at(struct cdma_device *dev, size_t size,
				  cdma_gfp_t gfp, cdma_attrs_t attrs,
				  struct cdma_box **out,
				  const struct cdma_site *site)
{
	return cdma_box_zeroed_slice_with_attrs_at(dev, size, 1, gfp, attrs,
						   out, site);
}

int cdma_box_zeroed_at(struct cdma_device *dev, size_t size, cdma_gfp_t gfp,
		       struct cdma_box **out, const struct cdma_site *site)
{
	return cdma_box_zeroed_with_attrs_at(dev, size, gfp, 0, out, site);
}

static void box_access(struct cdma_box *box, enum cdma_event_kind kind,
		       size_t offset, void *buf, size_t size,
		       const struct cdma_site *site)
{
	struct cdma_bulk op;

	cdma_step(box->region->world, site);
	cdma_op_box(&op, box, kind, offset, size);
	op.buf = buf;
	cdma_op_run(&op, site);
}

int cdma_box_from_slice_with_attrs_at(struct cdma_device *dev, const void *data,
				      size_t elem_size, size_t count,
				      cdma_gfp_t gfp, cdma_attrs_t attrs,
				      struct cdma_box **out,
				      const struct cdma_site *site)
{
	struct cdma_box *box;
	int err;

	CDMA_REQUIRE(out && (data || !elem_size || !count));
	err = cdma_box_alloc_slice_with_attrs_at(dev, elem_size, count, gfp,
						 attrs, &box, site);
	if (err)
		return err;
	box_access(box, CDMA_EV_WRITE, 0, (void *)data, box->region->size,
		   site);
	*out = box;
	return 0;
}

int cdma_box_from_slice_at(struct cdma_device *dev, const void *data,
			   size_t elem_size, size_t count, cdma_gfp_t gfp,
			   struct cdma_box **out, const struct cdma_site *site)
{
	return cdma_box_from_slice_with_attrs_at(dev, data, elem_size, count,
						 gfp, 0, out, site);
}

int cdma_box_init_at_at(struct cdma_box *box, size_t i, cdma_init_fn init,
			void *arg, const struct cdma_site *site)
{
	struct cdma_region *region = box->region;

	CDMA_REQUIRE(init);
	if (i >= cdma_box_len(box)) {
		cdma_called_at(region->world,
			       &(struct cdma_called){
				       .call = CDMA_CALL_INIT_AT,
				       .region = region->id,
				       .size = region->elem_size,
				       .result = -EINVAL,
			       },
			       site);
		return -EINVAL;
	}
	return cdma_slot_fill(region, i * region->elem_size, region->elem_size,
			      box->consumed, CDMA_FAULT_INIT_AT, init, arg,
			      site);
}

size_t cdma_box_size(const struct cdma_box *box)
{
	return box->region->size;
}

size_t cdma_box_len(const struct cdma_box *box)
{
	return box->region->size / box->region->elem_size;
}

cdma_region_id cdma_box_region(const struct cdma_box *box)
{
	return box->region->id;
}

void cdma_box_read_at(struct cdma_box *box, size_t offset, void *dst,
		      size_t size, const struct cdma_site *site)
{
	box_access(box, CDMA_EV_READ, offset, dst, size, site);
}

void cdma_box_write_at(struct cdma_box *box, size_t offset, const void *src,
		       size_t size, const struct cdma_site *site)
{
	box_access(box, CDMA_EV_WRITE, offset, (void *)src, size, site);
}

static void *pointer(struct cdma_box *box, enum cdma_event_kind kind,
		     const struct cdma_site *site)
{
	struct cdma_region *region = box->region;
	bool written = kind == CDMA_EV_WRITE && !box->consumed;
	void *bytes = cdma_region_ptr(region, 0, region->size, written);

	box_access(box, kind, 0, NULL, region->size, site);
	return bytes;
}

const void *cdma_box_deref_at(struct cdma_box *box,
			      const struct cdma_site *site)
{
	return pointer(box, CDMA_EV_READ, site);
}

void *cdma_box_deref_mut_at(struct cdma_box *box, const struct cdma_site *site)
{
	return pointer(box, CDMA_EV_WRITE, site);
}

struct cdma_coherent *cdma_box_into_coherent_at(struct cdma_box **box,
						const struct cdma_site *site)
{
	struct cdma_region *region;

	CDMA_REQUIRE(box && *box);
	region = (*box)->region;
	cdma_step(region->world, site);
	if ((*box)->consumed)
		cdma_report_note(region->world, CDMA_FINDING_DOUBLE_CONVERT,
				 region, cdma_region_loss(region), NULL, site);
	else
		cdma_region_expose(region, site);
	*box = NULL;
	return &region->coherent;
}

void cdma_box_free_at(struct cdma_box **box, const struct cdma_site *site)
{
	CDMA_REQUIRE(box);
	if (!*box)
		return;
	cdma_region_free((*box)->region, (*box)->consumed, site);
	*box = NULL;
}
