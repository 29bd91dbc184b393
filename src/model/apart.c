/* SPDX-License-Identifier: MIT */
#include "model/bounce.h"
#include "model/cache.h"
#include "model/device.h"
#include "model/mapping.h"
#include "model/region.h"
#include "model/world.h"

/*
 * What the calls that move bytes do on a machine: nothing where the two sides
 * have the same memory; else what bounce buffers and caches do.
 */

static const struct cdma_machine *machine_of(const struct cdma_mapping *m)
{
	return &m->dev->world->config.machine;
}

static bool is_cached(const struct cdma_mapping *m)
{
	return machine_of(m)->incoherent && !m->bounce &&
	       m->kind != CDMA_MAP_RESOURCE;
}

bool cdma_dma_need_sync(struct cdma_device *dev, cdma_addr_t addr)
{
	const struct cdma_machine *machine = &dev->world->config.machine;
	const struct cdma_mapping *m = cdma_mapping_find(dev, addr);

	return !cdma_machine_is_one(machine) || machine->incoherent ||
	       (m && m->bounce);
}

uint32_t cdma_dma_cache_alignment(const struct cdma_world *world)
{
	return world->config.machine.incoherent ? world->config.machine.line
						: 1;
}

bool cdma_mapping_is_over(const struct cdma_mapping *m)
{
	return m->unmap.seq && (!cdma_machine_is_one(machine_of(m)) ||
				machine_of(m)->iommu || m->bounce);
}

bool cdma_mapping_lingers(const struct cdma_mapping *m)
{
	return machine_of(m)->iommu == CDMA_IOMMU_LAZY &&
	       cdma_region_is_live(m->region) && !m->unbound;
}

bool cdma_apart_is_idle(const struct cdma_mapping *m, enum cdma_event_kind kind)
{
	return cdma_machine_is_one(machine_of(m)) &&
	       (kind != CDMA_EV_UNMAP || !(machine_of(m)->iommu || m->bounce));
}

void cdma_apart_map(struct cdma_mapping *m, enum cdma_left left,
		    const struct cdma_party *by)
{
	if (!is_cached(m))
		return;
	cdma_cache_begin(m->region);
	if (left == CDMA_LEFT_NOTHING)
		cdma_cache_clean(m, m->offset, m->offset + m->size);
	else if (left == CDMA_LEFT_DIRTY)
		cdma_cache_leave(m, by);
}

void cdma_apart_to_device(struct cdma_mapping *m, uint64_t first, uint64_t end,
			  enum cdma_direction dir, const struct cdma_party *by)
{
	if (m->bounce && dir != CDMA_FROM_DEVICE)
		cdma_bounce_to_device(m, first, end, by);
	if (is_cached(m))
		cdma_cache_clean(m, first, end);
}

void cdma_apart_to_cpu(struct cdma_mapping *m, uint64_t first, uint64_t end,
		       enum cdma_direction dir, const struct cdma_party *by)
{
	if (dir == CDMA_TO_DEVICE)
		return;
	if (m->bounce)
		cdma_bounce_to_cpu(m, first, end, by);
	if (is_cached(m))
		cdma_cache_drop(m, first, end, by);
}
