/* SPDX-License-Identifier: MIT */
#include <cdma/coherent.h>

#include "model/device.h"
#include "model/mapping.h"
#include "model/region.h"
#include "model/slot.h"
#include "model/world.h"

#include <cdma/box.h>

static int alloc(struct cdma_device *dev, size_t elem_size, size_t count,
		 cdma_gfp_t gfp, cdma_attrs_t attrs,
		 enum cdma_contract contract, struct cdma_coherent **out,
		 const struct cdma_site *site)
{
	struct cdma_alloc want = {
		.elem_size = elem_size,
		.count = count,
		.gfp = gfp,
		.attrs = attrs,
		.state = CDMA_REGION_COHERENT,
		.contract = contract,
		.zeroed = gfp & CDMA_GFP_ZERO || contract == CDMA_CONTRACT_C,
	};
	struct cdma_region *region;
	int err;

	CDMA_REQUIRE(dev && out);
	err = cdma_region_alloc(dev, &want, &region, site);
	if (!err)
		*out = &region->coherent;
	return err;
}

int cdma_coherent_alloc_slice_with_attrs_at(struct cdma_device *dev,
					    size_t elem_size, size_t count,
					    cdma_gfp_t gfp, cdma_attrs_t attrs,
					    struct cdma_coherent **out,
					    const struct cdma_site *site)
{
	return alloc(dev, elem_size, count, gfp, attrs, CDMA_CONTRACT_RUST, out,
		     site);
}

int cdma_dma_alloc_coherent_at(struct cdma_device *dev, size_t elem_size,
			       size_t count, cdma_gfp_t gfp, cdma_attrs_t attrs,
			       struct cdma_coherent **out,
			       const struct cdma_site *site)
{
	enum cdma_contract contract = CDMA_CONTRACT_C;

	CDMA_REQUIRE(dev);
	if (dev->world->config.contract == CDMA_CONTRACT_RUST)
		contract = CDMA_CONTRACT_RUST;
	return alloc(dev, elem_size, count, gfp, attrs, contract, out, site);
}

int cdma_coherent_zeroed_slice_with_attrs_at(struct cdma_device *dev,
					     size_t elem_size, size_t count,
					     cdma_gfp_t gfp, cdma_attrs_t attrs,
					     struct cdma_coherent **out,
					     const struct cdma_site *site)
{
	return cdma_coherent_alloc_slice_with_attrs_at(
		dev, elem_size, count, gfp | CDMA_GFP_ZERO, attrs, out, site);
}

int cdma_coherent_zeroed_slice_at(struct cdma_device *dev, size_t elem_size,
				  size_t count, cdma_gfp_t gfp,
				  struct cdma_coherent **out,
				  const struct cdma_site *site)
{
	return cdma_coherent_zeroed_slice_with_attrs_at(dev, elem_size, count,
							gfp, 0, out, site);
}

int cdma_coherent_zeroed_with_attrs_at(struct cdma_device *dev, size_t size,
				       cdma_gfp_t gfp, cdma_attrs_t attrs,
				       struct cdma_coherent **out,
				       const struct cdma_site *site)
{
	return cdma_coherent_zeroed_slice_with_attrs_at(dev, size, 1, gfp,
							attrs, out, site);
}

int cdma_coherent_zeroed_at(struct cdma_device *dev, size_t size,
			    cdma_gfp_t gfp, struct cdma_coherent **out,
			    const struct cdma_site *site)
{
	return cdma_coherent_zeroed_with_attrs_at(dev, size, gfp, 0, out, site);
}

/* A box that was made on the way to a coherent was never the caller's. */
static struct cdma_coherent *convert(struct cdma_box *box,
				     const struct cdma_site *site)
{
	box->region->born = CDMA_REGION_COHERENT;
	return cdma_box_into_coherent_at(&box, site);
}

int cdma_coherent_from_slice_with_attrs_at(struct cdma_device *dev,
					   const void *data, size_t elem_size,
					   size_t count, cdma_gfp_t gfp,
					   cdma_attrs_t attrs,
					   struct cdma_coherent **out,
					   const struct cdma_site *site)
{
	struct cdma_box *box;
	int err;

	CDMA_REQUIRE(out);
	err = cdma_box_from_slice_with_attrs_at(dev, data, elem_size, count,
						gfp, attrs, &box, site);
	if (!err)
		*out = convert(box, site);
	return err;
}

int cdma_coherent_from_slice_at(struct cdma_device *dev, const void *data,
				size_t elem_size, size_t count, cdma_gfp_t gfp,
				struct cdma_coherent **out,
				const struct cdma_site *site)
{
	return cdma_coherent_from_slice_with_attrs_at(dev, data, elem_size,
						      count, gfp, 0, out, site);
}

int cdma_coherent_init_with_attrs_at(struct cdma_device *dev, size_t size,
				     cdma_gfp_t gfp, cdma_attrs_t attrs,
				     cdma_init_fn init, void *arg,
				     struct cdma_coherent **out,
				     const struct cdma_site *site)
{
	struct cdma_box *box;
	int err;

	CDMA_REQUIRE(init && out);
	err = cdma_box_alloc_slice_with_attrs_at(dev, size, 1, gfp, attrs, &box,
						 site);
	if (err)
		return err;
	err = cdma_slot_fill(box->region, 0, size, false, CDMA_FAULT_INIT, init,
			     arg, site);
	if (err)
		cdma_box_free_at(&box, site);
	else
		*out = convert(box, site);
	return err;
}

int cdma_coherent_init_at(struct cdma_device *dev, size_t size, cdma_gfp_t gfp,
			  cdma_init_fn init, void *arg,
			  struct cdma_coherent **out,
			  const struct cdma_site *site)
{
	return cdma_coherent_init_with_attrs_at(dev, size, gfp, 0, init, arg,
						out, site);
}

size_t cdma_coherent_size(const struct cdma_coherent *mem)
{
	return mem->region->size;
}

size_t cdma_coherent_len(const struct cdma_coherent *mem)
{
	return mem->region->size / mem->region->elem_size;
}

cdma_region_id cdma_coherent_region(const struct cdma_coherent *mem)
{
	return mem->region->id;
}

cdma_addr_t cdma_coherent_dma_handle(const struct cdma_coherent *mem)
{
	return mem->region->iova;
}

void *cdma_coherent_as_mut_ptr_at(struct cdma_coherent *mem,
				  const struct cdma_site *site)
{
	struct cdma_region *region = mem->region;
	struct cdma_event ev;

	if (!region->escaped) {
		ev = cdma_event_new(region->world, CDMA_EV_NOTE, site);
		ev.object = region->id;
		cdma_world_emit(region->world, &ev);
	}
	return cdma_region_ptr(region, 0, region->size, true);
}

struct cdma_view cdma_coherent_view(const struct cdma_coherent *mem)
{
	return (struct cdma_view){
		.region = mem->region,
		.size = mem->region->size,
		.elem_size = mem->region->elem_size,
		.backend = CDMA_BACKEND_COHERENT,
	};
}

void cdma_coherent_free_at(struct cdma_coherent **mem,
			   const struct cdma_site *site)
{
	CDMA_REQUIRE(mem);
	if (!*mem)
		return;
	cdma_region_free((*mem)->region, false, site);
	*mem = NULL;
}

/* What the caller says is not what was allocated. */
static void judge_free(struct cdma_region *region, struct cdma_event *ev,
		       const bool wrong[CDMA_CHECK_NR])
{
	bool is_wrong = false;

	for (int i = 0; i < CDMA_CHECK_NR; i++) {
		if (!wrong[i])
			continue;
		cdma_map_say(region->world, CDMA_FINDING_BAD_UNMAP, ev, region,
			     &region->alloc, (enum cdma_mapping_check)i);
		is_wrong = true;
	}
	if (is_wrong)
		cdma_world_emit(region->world, ev);
}

void cdma_dma_free_coherent_at(struct cdma_device *dev, size_t size,
			       struct cdma_coherent **mem, cdma_addr_t addr,
			       const struct cdma_site *site)
{
	CDMA_REQUIRE(mem);
	if (!*mem)
		return;
	if (cdma_region_is_live((*mem)->region)) {
		struct cdma_region *region = (*mem)->region;
		struct cdma_event ev =
			cdma_event_new(region->world, CDMA_EV_NOTE, site);

		ev.iova = addr;
		ev.object = region->id;
		judge_free(
			region, &ev,
			(const bool[CDMA_CHECK_NR]){
				[CDMA_CHECK_FREE_OWNER] = region->dev != dev,
				[CDMA_CHECK_FREE_ADDRESS] =
					region->iova != addr,
				[CDMA_CHECK_FREE_LENGTH] = region->size != size,
			});
	}
	cdma_coherent_free_at(mem, site);
}
