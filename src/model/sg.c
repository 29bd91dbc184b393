/* SPDX-License-Identifier: MIT */
#include <cdma/call.h>
#include <cdma/sg.h>

#include "model/bus.h"
#include "model/device.h"
#include "model/mapping.h"
#include "model/region.h"
#include "model/step.h"
#include "model/world.h"

/* ---- map ---- */

/* Whether bytes from @offset to before @end of some memory cross the boundary
 * of
 * @dev: memory begins on a multiple of its size. */
static bool crosses(const struct cdma_device *dev, uint64_t offset,
		    uint64_t end)
{
	return (offset ^ (end - 1)) & ~dev->seg_boundary;
}

/* Whether the entry @sg lies right behind @m, and the two fit one segment. */
static bool extends(const struct cdma_mapping *m, const struct cdma_sg *sg)
{
	return m && m->region == sg->part.region &&
	       m->offset + m->size == sg->part.offset &&
	       m->size + sg->part.size <= m->dev->max_seg_size &&
	       !crosses(m->dev, m->offset, sg->part.offset + sg->part.size);
}

/* What the entries become; none of it has addresses yet.  How many there are.
 */
static unsigned int segments_of(struct cdma_device *dev,
				const struct cdma_sg *sg, unsigned int nents,
				const struct cdma_mapping *like,
				struct cdma_mapping **first)
{
	struct cdma_mapping **link = first, *m = NULL;
	unsigned int nr = 0;

	*first = NULL;
	for (unsigned int i = 0; i < nents; i++) {
		if (extends(m, &sg[i])) {
			m->size += sg[i].part.size;
			continue;
		}
		m = cdma_world_zalloc(dev->world, sizeof(*m));
		*m = *like;
		m->region = sg[i].part.region;
		m->offset = sg[i].part.offset;
		m->size = sg[i].part.size;
		*link = m;
		link = &m->next_segment;
		nr++;
	}
	return nr;
}

/* Give all of them addresses, or none. */
static bool place_all(struct cdma_device *dev, struct cdma_mapping *first)
{
	for (struct cdma_mapping *m = first; m; m = m->next_segment) {
		if (cdma_bus_map(m))
			continue;
		for (; first != m; first = first->next_segment)
			cdma_iova_free(&dev->world->iova, first->iova);
		return false;
	}
	return true;
}

static bool is_mapped(const struct cdma_device *dev, const struct cdma_sg *sg)
{
	const struct cdma_mapping *m =
		sg->dma_length ? cdma_mapping_find(dev, sg->dma_address) : NULL;

	return m && cdma_mapping_is_live(m) && m->kind == CDMA_MAP_SG &&
	       m->iova == sg->dma_address && m->region == sg->part.region &&
	       m->offset == sg->part.offset;
}

static enum cdma_mapping_check check(const struct cdma_mapping *m,
				     bool is_again)
{
	if (is_again)
		return CDMA_CHECK_MAP_TWICE;
	if (m->size > m->dev->max_seg_size)
		return CDMA_CHECK_MAP_SEGMENT;
	if (crosses(m->dev, m->offset, m->offset + m->size))
		return CDMA_CHECK_MAP_BOUNDARY;
	return cdma_map_check(m->region);
}

static bool is_refused(struct cdma_device *dev, const struct cdma_sg *sg,
		       unsigned int nents, enum cdma_direction dir,
		       cdma_attrs_t attrs, const struct cdma_site *site)
{
	const struct cdma_region *region = nents ? sg[0].part.region : NULL;
	uint64_t size = 0;

	for (unsigned int i = 0; i < nents; i++) {
		if (!sg[i].part.region || !sg[i].part.size)
			return true;
		size += sg[i].part.size;
	}
	if (cdma_map_is_refused(dev, nents, dir, site))
		return true;
	cdma_device_alloc_now(dev, site);
	return cdma_world_fault(dev->world, CDMA_FAULT_DMA_MAP, region->name,
				size, attrs & CDMA_ATTR_NO_WARN, site);
}

static unsigned int map_sg(struct cdma_device *dev, struct cdma_sg *sg,
			   unsigned int nents, enum cdma_direction dir,
			   cdma_attrs_t attrs, const struct cdma_site *site)
{
	struct cdma_mapping like = {
		.dev = dev,
		.dir = dir,
		.attrs = attrs,
		.kind = CDMA_MAP_SG,
		.nents = nents,
	};
	struct cdma_mapping *m;
	unsigned int nr, i = 0;
	bool is_again;

	cdma_step(dev->world, site);
	if (is_refused(dev, sg, nents, dir, attrs, site))
		return 0;
	nr = segments_of(dev, sg, nents, &like, &m);
	is_again = is_mapped(dev, sg);
	if (!place_all(dev, m))
		return 0;
	for (; m; m = m->next_segment, i++) {
		m->is_again = is_again;
		cdma_mapping_announce(m, check(m, is_again && !i), site);
		sg[i].dma_address = m->iova;
		sg[i].dma_length = m->size;
	}
	for (; i < nents; i++)
		sg[i].dma_address = sg[i].dma_length = 0;
	return nr;
}

unsigned int cdma_dma_map_sg_attrs_at(struct cdma_device *dev,
				      struct cdma_sg *sg, unsigned int nents,
				      enum cdma_direction dir,
				      cdma_attrs_t attrs,
				      const struct cdma_site *site)
{
	unsigned int nr = map_sg(dev, sg, nents, dir, attrs, site);

	if (!nr)
		cdma_called_at(dev->world,
			       &(struct cdma_called){
				       .call = CDMA_CALL_DMA_MAP_SG,
				       .device = dev->id,
				       .quiet = attrs & CDMA_ATTR_NO_WARN,
			       },
			       site);
	return nr;
}

/* ---- unmap, sync ---- */

/* The first segment of the list, when that is mapped. */
static struct cdma_mapping *list_of(const struct cdma_device *dev,
				    const struct cdma_sg *sg)
{
	struct cdma_mapping *m = cdma_mapping_find(dev, sg->dma_address);

	return m && cdma_mapping_is_live(m) ? m : NULL;
}

void cdma_dma_unmap_sg_attrs_at(struct cdma_device *dev,
				const struct cdma_sg *sg, unsigned int nents,
				enum cdma_direction dir, cdma_attrs_t attrs,
				const struct cdma_site *site)
{
	struct cdma_unmap u = {
		.dev = dev,
		.kind = CDMA_MAP_SG,
		.dir = dir,
		.attrs = attrs,
		.nents = nents,
	};
	struct cdma_mapping *m;

	cdma_step(dev->world, site);
	m = list_of(dev, sg);
	if (!cdma_map_has_direction(dev, dir, site))
		return;
	if (!m)
		cdma_unmap_nothing(dev, sg->dma_address, site);
	for (; m && cdma_mapping_is_live(m); m = m->next_segment) {
		u.addr = m->iova;
		u.size = m->size;
		cdma_mapping_undo(m, &u, site);
		/* It is said once. */
		u.nents = m->next_segment ? m->next_segment->nents : 0;
		u.dir = m->dir;
		u.dev = m->dev;
	}
}

void cdma_dma_sync_sg_at(struct cdma_device *dev, const struct cdma_sg *sg,
			 unsigned int nents, enum cdma_direction dir,
			 bool for_cpu, const struct cdma_site *site)
{
	struct cdma_move to = {.dir = dir, .for_cpu = for_cpu};
	struct cdma_mapping *m;

	cdma_step(dev->world, site);
	m = list_of(dev, sg);
	if (!cdma_map_has_direction(dev, dir, site))
		return;
	if (!m || m->dev != dev) {
		cdma_sync_nothing(dev, sg->dma_address, site);
		return;
	}
	if (m->nents != nents)
		to.wrong = CDMA_CHECK_SYNC_NENTS;
	for (; m && cdma_mapping_is_live(m); m = m->next_segment) {
		to.offset = m->offset;
		to.size = m->size;
		cdma_mapping_move(m, &to, site);
		to.wrong = CDMA_CHECK_NONE;
		to.dir = m->dir;
	}
}
