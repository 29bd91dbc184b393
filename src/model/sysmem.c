/* SPDX-License-Identifier: MIT */
#include <cdma/sysmem.h>

#include "model/region.h"
#include "model/step.h"
#include "model/world.h"

struct cdma_view cdma_sysmem_new_at(struct cdma_world *world, size_t elem_size,
				    size_t count, const struct cdma_site *site)
{
	struct cdma_region *region;

	cdma_step(world, site);
	region = cdma_region_new(world, NULL, CDMA_REGION_SYSMEM, elem_size,
				 count, true, site);
	return (struct cdma_view){
		.region = region,
		.size = region->size,
		.elem_size = elem_size,
		.backend = CDMA_BACKEND_SYSMEM,
	};
}
