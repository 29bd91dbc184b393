/* SPDX-License-Identifier: MIT */
#include <cdma/call.h>

#include "model/bus.h"
#include "model/device.h"
#include "model/mapping.h"
#include "model/region.h"
#include "model/step.h"
#include "model/world.h"

#include <errno.h>

/*
 * The calls about one piece of memory.
 */

static cdma_addr_t try_map(struct cdma_device *dev,
			   const struct cdma_mapping *want,
			   enum cdma_mapping_check check,
			   const struct cdma_site *site)
{
	const char *name = want->region->name;
	struct cdma_mapping *m;

	cdma_step(dev->world, site);
	if (cdma_map_is_refused(dev, want->size, want->dir, site))
		return CDMA_MAPPING_ERROR;
	cdma_device_alloc_now(dev, site);
	if (cdma_world_fault(dev->world, CDMA_FAULT_DMA_MAP, name, want->size,
			     want->attrs & CDMA_ATTR_NO_WARN, site))
		return CDMA_MAPPING_ERROR;
	m = cdma_world_zalloc(dev->world, sizeof(*m));
	*m = *want;
	m->dev = dev;
	if (!cdma_bus_map(m))
		return CDMA_MAPPING_ERROR;
	cdma_mapping_announce(m, check, site);
	return m->iova;
}

static cdma_addr_t map(struct cdma_device *dev, const struct cdma_mapping *want,
		       enum cdma_mapping_check check,
		       const struct cdma_site *site)
{
	cdma_addr_t addr = try_map(dev, want, check, site);

	if (addr == CDMA_MAPPING_ERROR)
		cdma_called_at(dev->world,
			       &(struct cdma_called){
				       .call = CDMA_CALL_DMA_MAP,
				       .device = dev->id,
				       .region = want->region->id,
				       .size = want->size,
				       .quiet = want->attrs & CDMA_ATTR_NO_WARN,
				       .result = -1,
			       },
			       site);
	return addr;
}

cdma_addr_t cdma_dma_map_single_attrs_at(struct cdma_device *dev,
					 struct cdma_view part,
					 enum cdma_direction dir,
					 cdma_attrs_t attrs,
					 const struct cdma_site *site)
{
	struct cdma_mapping want = {
		.region = part.region,
		.offset = part.offset,
		.size = part.size,
		.dir = dir,
		.attrs = attrs,
		.kind = CDMA_MAP_SINGLE,
	};

	return map(dev, &want, cdma_map_check(part.region), site);
}

cdma_addr_t cdma_dma_map_resource_at(struct cdma_device *dev,
				     struct cdma_view part,
				     enum cdma_direction dir,
				     cdma_attrs_t attrs,
				     const struct cdma_site *site)
{
	bool is_memory = part.region->state != CDMA_REGION_REGISTERS;
	struct cdma_mapping want = {
		.region = part.region,
		.offset = part.offset,
		.size = part.size,
		.dir = dir,
		.attrs = attrs,
		.kind = CDMA_MAP_RESOURCE,
	};

	return map(dev, &want, is_memory ? CDMA_CHECK_MAP_RAM : CDMA_CHECK_NONE,
		   site);
}

cdma_addr_t cdma_dma_map_stack_at(struct cdma_device *dev, size_t size,
				  enum cdma_direction dir, cdma_attrs_t attrs,
				  const struct cdma_site *site)
{
	struct cdma_mapping want = {
		.size = size,
		.dir = dir,
		.attrs = attrs,
		.kind = CDMA_MAP_SINGLE,
	};

	if (!size)
		return CDMA_MAPPING_ERROR;
	cdma_set_name(dev->world, "stack");
	want.region = cdma_region_new(dev->world, NULL, CDMA_REGION_SYSMEM, 1,
				      size, true, site);
	return map(dev, &want, CDMA_CHECK_MAP_STACK, site);
}

/* ---- by address ---- */

struct cdma_mapping *cdma_mapping_find(const struct cdma_device *dev,
				       cdma_addr_t addr)
{
	return cdma_iova_target(&dev->world->iova, addr).mapping;
}

int cdma_dma_mapping_error(struct cdma_device *dev, cdma_addr_t addr)
{
	struct cdma_mapping *m;

	if (addr == CDMA_MAPPING_ERROR)
		return -ENOMEM;
	m = cdma_mapping_find(dev, addr);
	if (m && m->dev == dev && m->iova == addr)
		m->checked = true;
	return 0;
}

static void say_nothing_there(struct cdma_device *dev, enum cdma_finding_id id,
			      enum cdma_mapping_check check, cdma_addr_t addr,
			      const struct cdma_region *region,
			      const struct cdma_party *against,
			      const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(dev->world, CDMA_EV_NOTE, site);

	ev.iova = addr;
	if (region)
		ev.object = region->id;
	cdma_map_say(dev->world, id, &ev, region, against, check);
	cdma_world_emit(dev->world, &ev);
}

static enum cdma_mapping_check why_not_there(const struct cdma_target *to,
					     cdma_addr_t addr)
{
	if (addr == CDMA_MAPPING_ERROR)
		return CDMA_CHECK_FREE_ERROR;
	if (to->mapping)
		return CDMA_CHECK_FREE_TWICE;
	return to->region ? CDMA_CHECK_FREE_FUNCTION : CDMA_CHECK_FREE_UNKNOWN;
}

void cdma_unmap_nothing(struct cdma_device *dev, cdma_addr_t addr,
			const struct cdma_site *site)
{
	struct cdma_target to = cdma_iova_target(&dev->world->iova, addr);
	const struct cdma_party *against = NULL;

	if (to.mapping)
		against = &to.mapping->unmap;
	else if (to.region)
		against = &to.region->alloc;
	say_nothing_there(dev, CDMA_FINDING_BAD_UNMAP, why_not_there(&to, addr),
			  addr, to.region, against, site);
}

void cdma_sync_nothing(struct cdma_device *dev, cdma_addr_t addr,
		       const struct cdma_site *site)
{
	struct cdma_mapping *m = cdma_mapping_find(dev, addr);
	const struct cdma_party *against = NULL;

	if (m)
		against = cdma_mapping_is_live(m) ? &m->map : &m->unmap;
	say_nothing_there(dev, CDMA_FINDING_BAD_SYNC, CDMA_CHECK_SYNC_UNKNOWN,
			  addr, m ? m->region : NULL, against, site);
}

static void unmap(struct cdma_device *dev, const struct cdma_unmap *u,
		  const struct cdma_site *site)
{
	struct cdma_mapping *m;

	cdma_step(dev->world, site);
	m = cdma_mapping_find(dev, u->addr);
	if (!cdma_map_has_direction(dev, u->dir, site))
		return;
	if (m && cdma_mapping_is_live(m))
		cdma_mapping_undo(m, u, site);
	else
		cdma_unmap_nothing(dev, u->addr, site);
}

void cdma_dma_unmap_single_attrs_at(struct cdma_device *dev, cdma_addr_t addr,
				    size_t size, enum cdma_direction dir,
				    cdma_attrs_t attrs,
				    const struct cdma_site *site)
{
	unmap(dev,
	      &(struct cdma_unmap){
		      .dev = dev,
		      .addr = addr,
		      .size = size,
		      .kind = CDMA_MAP_SINGLE,
		      .dir = dir,
		      .attrs = attrs,
	      },
	      site);
}

void cdma_dma_unmap_resource_at(struct cdma_device *dev, cdma_addr_t addr,
				size_t size, enum cdma_direction dir,
				cdma_attrs_t attrs,
				const struct cdma_site *site)
{
	unmap(dev,
	      &(struct cdma_unmap){
		      .dev = dev,
		      .addr = addr,
		      .size = size,
		      .kind = CDMA_MAP_RESOURCE,
		      .dir = dir,
		      .attrs = attrs,
	      },
	      site);
}

static void sync(struct cdma_device *dev, cdma_addr_t addr, size_t size,
		 enum cdma_direction dir, bool for_cpu,
		 const struct cdma_site *site)
{
	struct cdma_move to = {.dir = dir, .for_cpu = for_cpu};
	struct cdma_mapping *m;
	uint64_t at;

	cdma_step(dev->world, site);
	m = cdma_mapping_find(dev, addr);
	if (!cdma_map_has_direction(dev, dir, site))
		return;
	if (!m || !cdma_mapping_is_live(m) || m->dev != dev || addr < m->iova ||
	    addr - m->iova >= m->size) {
		cdma_sync_nothing(dev, addr, site);
		return;
	}
	at = addr - m->iova;
	to.offset = m->offset + at;
	to.size = size < m->size - at ? size : m->size - at;
	if (to.size < size)
		to.wrong = CDMA_CHECK_SYNC_OUTSIDE;
	if (size)
		cdma_mapping_move(m, &to, site);
}

void cdma_dma_sync_for_cpu_at(struct cdma_device *dev, cdma_addr_t addr,
			      size_t size, enum cdma_direction dir,
			      const struct cdma_site *site)
{
	sync(dev, addr, size, dir, true, site);
}

void cdma_dma_sync_for_device_at(struct cdma_device *dev, cdma_addr_t addr,
				 size_t size, enum cdma_direction dir,
				 const struct cdma_site *site)
{
	sync(dev, addr, size, dir, false, site);
}
