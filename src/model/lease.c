/* SPDX-License-Identifier: MIT */
#include "model/lease.h"

#include "model/access.h"
#include "model/actor.h"
#include "model/device.h"
#include "model/mapping.h"
#include "model/step.h"

/* What is wrong with the address, as for an access of the device. */
static bool judge(struct cdma_device *dev, const struct cdma_target *to,
		  struct cdma_event *ev, cdma_addr_t addr)
{
	const struct cdma_mapping *m = to->mapping;
	struct cdma_region *region = to->region;
	struct cdma_world *world = dev->world;
	uint64_t last = addr + (ev->op_size ? ev->op_size - 1 : 0);

	if (last > UINT64_MAX >> (64 - dev->config.addr_bits) || last < addr)
		cdma_report(world, CDMA_FINDING_MASK_EXCEEDED, ev, region,
			    region ? &region->alloc : NULL, NULL);
	else if (!region)
		cdma_report(world, CDMA_FINDING_OUT_OF_BOUNDS, ev, NULL, NULL,
			    "nothing is mapped there");
	else if (ev->offset > region->size ||
		 region->size - ev->offset < ev->op_size)
		cdma_report(world, CDMA_FINDING_OUT_OF_BOUNDS, ev, region,
			    &region->alloc, NULL);
	else if (!cdma_region_is_live(region))
		cdma_report(world, CDMA_FINDING_DEVICE_UAF, ev, region,
			    &region->free, NULL);
	else if (m && !cdma_mapping_is_live(m))
		cdma_report(world, CDMA_FINDING_DEVICE_UAF, ev, region,
			    &m->unmap, "it was unmapped");
	else if (region->unmapped)
		cdma_report(world, CDMA_FINDING_DEVICE_UAF, ev, region,
			    region->unmapped, "its device was unbound");
	else if ((m ? m->dev : region->dev) != dev)
		cdma_report(world, CDMA_FINDING_WRONG_DEVICE, ev, region,
			    &region->alloc, NULL);
	else
		return true;
	return false;
}

struct cdma_lease *cdma_lease_begin_at(struct cdma_device *dev,
				       cdma_addr_t addr, size_t size,
				       const struct cdma_site *site)
{
	struct cdma_world *world = dev->world;
	struct cdma_lease *lease = cdma_world_zalloc(world, sizeof(*lease));
	struct cdma_event ev = cdma_event_new(world, CDMA_EV_LEASE_BEGIN, site);
	struct cdma_region *region;
	struct cdma_target to;

	cdma_step(world, site);
	to = cdma_iova_target(&world->iova, addr);
	region = to.region;
	lease->dev = dev;
	lease->offset = to.offset;
	lease->size = size;
	ev.object = lease->object = region ? region->id : 0;
	ev.offset = ev.op_offset = lease->offset;
	ev.op_size = size;
	ev.value = dev->id;
	ev.iova = addr;
	if (judge(dev, &to, &ev, addr)) {
		lease->region = region;
		lease->next = region->leases;
		region->leases = lease;
	}
	lease->begin = cdma_party_next(world, &ev);
	cdma_world_emit(world, &ev);
	return lease;
}

static void unlink_lease(struct cdma_lease *lease)
{
	struct cdma_lease **link;

	if (!lease->region)
		return;
	link = &lease->region->leases;
	while (*link != lease)
		link = &(*link)->next;
	*link = lease->next;
}

void cdma_lease_end_at(struct cdma_lease **lease, const struct cdma_site *site)
{
	struct cdma_lease *ended;
	struct cdma_event ev;

	CDMA_REQUIRE(lease);
	ended = *lease;
	*lease = NULL;
	if (!ended)
		return;
	cdma_step(ended->dev->world, site);
	if (ended->ended)
		return;
	ended->ended = true;
	unlink_lease(ended);
	ev = cdma_event_new(ended->dev->world, CDMA_EV_LEASE_END, site);
	ev.object = ended->object;
	ev.offset = ev.op_offset = ended->offset;
	ev.op_size = ended->size;
	ev.value = ended->dev->id;
	cdma_world_emit(ended->dev->world, &ev);
}
