/* SPDX-License-Identifier: MIT */
#include "model/bus.h"

#include "model/device.h"
#include "model/mapping.h"
#include "model/region.h"
#include "model/world.h"

#define DEFAULT_IOVA_BASE ((cdma_addr_t)0x10000000)
#define DMA_ZONE          ((uint64_t)0x1000000)
#define DMA32_ZONE        ((uint64_t)0x100000000)
#define MOST_ALIGNED      ((uint64_t)0x400000)
#define POOL_SIZE         ((uint64_t)0x4000000 - 1)

/* Where addresses may lie. */
struct room {
	cdma_addr_t low, high;
};

static const struct cdma_machine *machine_of(const struct cdma_device *dev)
{
	return &dev->world->config.machine;
}

static bool has_ram(const struct cdma_machine *machine)
{
	return cdma_machine_is_one(machine) && machine->nr_ram &&
	       !machine->iommu;
}

/* Anywhere below @mask. */
static struct room room_below(const struct cdma_device *dev, uint64_t mask)
{
	cdma_addr_t low = dev->config.iova_base;

	if (!low)
		low = mask > DEFAULT_IOVA_BASE ? DEFAULT_IOVA_BASE
					       : CDMA_PAGE_SIZE;
	return (struct room){low, mask};
}

static uint64_t zone_end(cdma_gfp_t gfp)
{
	if (gfp & CDMA_GFP_DMA)
		return DMA_ZONE - 1;
	return gfp & CDMA_GFP_DMA32 ? DMA32_ZONE - 1 : UINT64_MAX;
}

/* The highest memory up to @last, by the addresses of devices; low > high:
 * there is none. */
static struct room ram_below(const struct cdma_machine *machine, uint64_t last)
{
	for (unsigned int i = machine->nr_ram; i-- > 0;) {
		const struct cdma_ram *ram = &machine->ram[i];
		uint64_t first = ram->first ? ram->first : CDMA_PAGE_SIZE;

		if (first <= last)
			return (struct room){
				first + machine->offset,
				(ram->last < last ? ram->last : last) +
					machine->offset,
			};
	}
	return (struct room){1, 0};
}

/* What lies below @mask, by the addresses of memory. */
static uint64_t last_for(const struct cdma_machine *machine, uint64_t mask)
{
	return mask < machine->offset ? 0 : mask - machine->offset;
}

static bool place(struct cdma_device *dev, struct cdma_region *region,
		  struct cdma_mapping *m, uint64_t size, struct room room,
		  cdma_addr_t *out)
{
	struct cdma_iova *iova = &dev->world->iova;

	if (cdma_iova_alloc(iova, region, m, size, room.low, room.high,
			    dev->iova_hint, out))
		return false;
	if (dev->iova_hint < *out + size)
		dev->iova_hint = *out + size;
	return true;
}

/* Where memory for @dev lies that it can reach without help. */
static struct room room_for(const struct cdma_device *dev)
{
	const struct cdma_machine *machine = machine_of(dev);
	uint64_t mask = dev->coherent_mask;

	return has_ram(machine) ? ram_below(machine, last_for(machine, mask))
				: room_below(dev, mask);
}

bool cdma_bus_alloc(struct cdma_device *dev, struct cdma_region *region,
		    uint64_t size)
{
	return place(dev, region, NULL, size, room_for(dev), &region->iova);
}

/* Where memory of @m may lie, and whether the device reaches it there. */
static bool reaches(const struct cdma_mapping *m, struct room *room)
{
	const struct cdma_machine *machine = machine_of(m->dev);

	*room = ram_below(machine, zone_end(m->region->gfp));
	return room->low <= room->high && room->high <= m->dev->mask;
}

/* Where bounce buffers are: low. */
static struct room pool_of(const struct cdma_machine *machine)
{
	const struct cdma_ram *ram = &machine->ram[0];
	uint64_t first = ram->first ? ram->first : CDMA_PAGE_SIZE;
	uint64_t size = ram->last - first;

	return (struct room){
		first + machine->offset,
		first + machine->offset + (size < POOL_SIZE ? size : POOL_SIZE),
	};
}

static bool find_room(struct cdma_mapping *m, struct room *room)
{
	const struct cdma_machine *machine = machine_of(m->dev);
	uint64_t max = machine->map_max;
	bool is_reached;

	if (m->kind == CDMA_MAP_NONCOHERENT) {
		*room = room_for(m->dev);
		return room->low <= room->high;
	}
	*room = room_below(m->dev, m->dev->mask);
	if (m->kind == CDMA_MAP_RESOURCE)
		return true;
	if (max && m->size > max)
		return false;
	if (!has_ram(machine)) {
		m->is_bounced = machine->swiotlb == CDMA_SWIOTLB_ALWAYS;
		return !m->is_bounced || m->size <= CDMA_SWIOTLB_MAX;
	}
	is_reached = reaches(m, room);
	m->is_bounced = machine->swiotlb == CDMA_SWIOTLB_ALWAYS ||
			(machine->swiotlb && !is_reached);
	if (!m->is_bounced)
		return is_reached;
	*room = pool_of(machine);
	return room->high <= m->dev->mask && m->size <= CDMA_SWIOTLB_MAX;
}

uint64_t cdma_dma_max_mapping_size(const struct cdma_device *dev)
{
	const struct cdma_machine *machine = machine_of(dev);
	uint64_t max = machine->map_max ? machine->map_max : UINT64_MAX;
	bool is_far =
		has_ram(machine) && machine->ram[machine->nr_ram - 1].last >
					    last_for(machine, dev->mask);

	if (machine->swiotlb == CDMA_SWIOTLB_ALWAYS ||
	    (machine->swiotlb && is_far))
		return max < CDMA_SWIOTLB_MAX ? max : CDMA_SWIOTLB_MAX;
	return max;
}

/* Of which power of 2 the memory begins on a multiple: on a machine of one that
 * is no less than its size, as kmalloc() has it, up to MAX_ORDER. */
static uint64_t alignment(const struct cdma_mapping *m)
{
	uint64_t align = CDMA_PAGE_SIZE;

	if (!cdma_machine_is_one(machine_of(m->dev)))
		return align;
	while (align < m->region->size && align < MOST_ALIGNED)
		align *= 2;
	return align;
}

/* Something stands between the two sides, which the driver does not want. */
static bool is_apart(const struct cdma_mapping *m)
{
	return m->attrs & CDMA_ATTR_REQUIRE_COHERENT &&
	       (m->is_bounced || machine_of(m->dev)->incoherent);
}

/* Addresses with the offset in a page that the memory has. */
bool cdma_bus_map(struct cdma_mapping *m)
{
	uint64_t align = alignment(m), in_page = m->offset % align;
	uint64_t size = in_page + m->size + (align - 1);
	struct room room;
	cdma_addr_t first;

	size = (size + (align - CDMA_PAGE_SIZE)) & ~(CDMA_PAGE_SIZE - 1);
	if (!find_room(m, &room) || is_apart(m) ||
	    !place(m->dev, m->region, m, size, room, &first))
		return false;
	m->iova = ((first + (align - 1)) & ~(align - 1)) + in_page;
	return true;
}

bool cdma_bus_serves(const struct cdma_device *dev, uint64_t mask)
{
	const struct cdma_machine *machine = machine_of(dev);
	uint64_t least = UINT64_MAX >> (64 - dev->config.min_mask_bits);

	if (mask > UINT64_MAX >> (64 - dev->config.max_mask_bits))
		return false;
	if (!has_ram(machine))
		return mask >= least;
	if (least > machine->ram[machine->nr_ram - 1].last)
		least = machine->ram[machine->nr_ram - 1].last;
	return mask >= least + machine->offset;
}
