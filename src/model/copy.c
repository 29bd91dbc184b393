/* SPDX-License-Identifier: MIT */
#include <cdma/copy.h>

#include "model/access.h"
#include "model/step.h"

void cdma_copy_read_at(struct cdma_view view, void *dst,
		       const struct cdma_site *site)
{
	struct cdma_bulk op;

	cdma_step(view.region->world, site);
	cdma_bulk_read_begin(&op, view, CDMA_MARKED, dst);
	cdma_op_run(&op, site);
}

void cdma_copy_write_at(struct cdma_view view, const void *src,
			const struct cdma_site *site)
{
	struct cdma_bulk op;

	cdma_step(view.region->world, site);
	cdma_bulk_write_begin(&op, view, CDMA_MARKED, src);
	cdma_op_run(&op, site);
}

static bool has_len(struct cdma_view view, size_t len,
		    const struct cdma_site *site)
{
	if (len == view.size)
		return true;
	cdma_panic(view.region->world,
		   "the slice and the view differ in length", site);
	return false;
}

void cdma_copy_to_slice_at(struct cdma_view view, void *dst, size_t len,
			   const struct cdma_site *site)
{
	struct cdma_bulk op;

	if (!has_len(view, len, site))
		return;
	cdma_step(view.region->world, site);
	cdma_bulk_read_begin(&op, view, CDMA_BULK, dst);
	cdma_op_run(&op, site);
}

void cdma_copy_from_slice_at(struct cdma_view view, const void *src, size_t len,
			     const struct cdma_site *site)
{
	struct cdma_bulk op;

	if (!has_len(view, len, site))
		return;
	cdma_step(view.region->world, site);
	cdma_bulk_write_begin(&op, view, CDMA_BULK, src);
	cdma_op_run(&op, site);
}
