/* SPDX-License-Identifier: MIT */
#include <cdma/handle.h>

#include "model/region.h"
#include "model/world.h"

int cdma_handle_alloc_with_attrs_at(struct cdma_device *dev, size_t size,
				    cdma_gfp_t gfp, cdma_attrs_t attrs,
				    struct cdma_handle **out,
				    const struct cdma_site *site)
{
	struct cdma_alloc want = {
		.elem_size = size,
		.count = 1,
		.gfp = gfp,
		.attrs = attrs | CDMA_ATTR_NO_KERNEL_MAPPING,
		.state = CDMA_REGION_HANDLE,
	};
	struct cdma_region *region;
	int err;

	CDMA_REQUIRE(dev && out);
	err = cdma_region_alloc(dev, &want, &region, site);
	if (!err)
		*out = &region->handle;
	return err;
}

int cdma_handle_alloc_at(struct cdma_device *dev, size_t size, cdma_gfp_t gfp,
			 struct cdma_handle **out, const struct cdma_site *site)
{
	return cdma_handle_alloc_with_attrs_at(dev, size, gfp, 0, out, site);
}

cdma_addr_t cdma_handle_dma_handle(const struct cdma_handle *handle)
{
	return handle->region->iova;
}

size_t cdma_handle_size(const struct cdma_handle *handle)
{
	return handle->region->size;
}

cdma_region_id cdma_handle_region(const struct cdma_handle *handle)
{
	return handle->region->id;
}

struct cdma_view cdma_handle_view(const struct cdma_handle *handle)
{
	return (struct cdma_view){
		.region = handle->region,
		.size = handle->region->size,
		.elem_size = handle->region->elem_size,
		.backend = CDMA_BACKEND_COHERENT,
	};
}

void cdma_handle_free_at(struct cdma_handle **handle,
			 const struct cdma_site *site)
{
	CDMA_REQUIRE(handle);
	if (!*handle)
		return;
	cdma_region_free((*handle)->region, false, site);
	*handle = NULL;
}
