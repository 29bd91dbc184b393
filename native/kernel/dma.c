/* SPDX-License-Identifier: MIT */
/*
 * DMA: coherent memory, pools and streaming maps.
 *
 * What a map, an unmap and a sync order is in cdma/mapping.h: they move bytes
 * between the CPU and the device, and order what either did to those bytes;
 * not the descriptor that says that they are there.  Coherent memory is
 * accessed with the driver's own pointers, and orders nothing by itself.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/dmapool.h>
#include <linux/scatterlist.h>

#include <cdma-native.h>
#include <cdma/driver.h>

CDMA_SERVICES;

static unsigned int how_of(gfp_t gfp)
{
	return (gfpflags_allow_blocking(gfp) ? 0 : CDMA_DRIVER_ATOMIC) |
	       (gfp & __GFP_ZERO ? CDMA_DRIVER_ZERO : 0);
}

/* ---- masks ---- */

int dma_set_mask(struct device *dev, u64 mask)
{
	int err = cdma_driver_dma_mask(cdmasim_model_of(dev), mask, 1);

	if (!err && dev->dma_mask)
		*dev->dma_mask = mask;
	return err;
}

int dma_set_coherent_mask(struct device *dev, u64 mask)
{
	int err = cdma_driver_dma_mask(cdmasim_model_of(dev), mask, 2);

	if (!err)
		dev->coherent_dma_mask = mask;
	return err;
}

u64 dma_get_required_mask(struct device *dev)
{
	return DMA_BIT_MASK(64);
}

size_t dma_max_mapping_size(struct device *dev)
{
	return SIZE_MAX;
}

size_t dma_opt_mapping_size(struct device *dev)
{
	return SIZE_MAX;
}

bool dma_need_sync(struct device *dev, dma_addr_t addr)
{
	return true;
}

unsigned long dma_get_merge_boundary(struct device *dev)
{
	return 0;
}

/* ---- coherent ---- */

void *dma_alloc_attrs(struct device *dev, size_t size, dma_addr_t *addr,
		      gfp_t gfp, unsigned long attrs)
{
	cdma_driver_u64 at = 0;
	void *mem = cdma_driver_dma_alloc(cdmasim_model_of(dev), size, &at,
					  how_of(gfp), attrs, NULL);

	*addr = at;
	return mem;
}

void dma_free_attrs(struct device *dev, size_t size, void *mem, dma_addr_t addr,
		    unsigned long attrs)
{
	cdma_driver_dma_free(cdmasim_model_of(dev), size, mem, addr);
}

struct coherent {
	struct device *dev;
	size_t size;
	void *mem;
	dma_addr_t addr;
	unsigned long attrs;
};

static void release_coherent(void *arg)
{
	const struct coherent *c = arg;

	if (c->mem)
		dma_free_attrs(c->dev, c->size, c->mem, c->addr, c->attrs);
}

void *dmam_alloc_attrs(struct device *dev, size_t size, dma_addr_t *addr,
		       gfp_t gfp, unsigned long attrs)
{
	struct coherent *c = cdma_driver_keep(sizeof(*c));

	*c = (struct coherent){dev, size, NULL, 0, attrs};
	c->mem = dma_alloc_attrs(dev, size, addr, gfp, attrs);
	c->addr = *addr;
	if (c->mem)
		cdmasim_devres_add(dev, release_coherent, c);
	return c->mem;
}

/* ---- pools ---- */

struct dma_pool {
	struct device *dev;
};

struct dma_pool *dma_pool_create(const char *name, struct device *dev,
				 size_t size, size_t align, size_t boundary)
{
	struct dma_pool *pool = cdma_driver_keep(sizeof(*pool));

	pool->dev = dev;
	if (cdma_driver_pool_new(pool, cdmasim_model_of(dev), name, size, align,
				 boundary))
		return NULL;
	return pool;
}

void dma_pool_destroy(struct dma_pool *pool)
{
	if (pool)
		cdma_driver_pool_destroy(pool);
}

void *dma_pool_alloc(struct dma_pool *pool, gfp_t gfp, dma_addr_t *addr)
{
	cdma_driver_u64 at = 0;
	void *mem = cdma_driver_pool_alloc(pool, how_of(gfp), &at);

	*addr = at;
	return mem;
}

void dma_pool_free(struct dma_pool *pool, void *mem, dma_addr_t addr)
{
	cdma_driver_pool_free(pool, mem, addr);
}

static void release_pool(void *pool)
{
	dma_pool_destroy(pool);
}

struct dma_pool *dmam_pool_create(const char *name, struct device *dev,
				  size_t size, size_t align, size_t boundary)
{
	struct dma_pool *pool =
		dma_pool_create(name, dev, size, align, boundary);

	if (pool)
		cdmasim_devres_add(dev, release_pool, pool);
	return pool;
}

/* ---- streaming ---- */

dma_addr_t dma_map_page_attrs(struct device *dev, struct page *page,
			      size_t offset, size_t size,
			      enum dma_data_direction dir, unsigned long attrs)
{
	return cdma_driver_dma_map(cdmasim_model_of(dev),
				   page_to_virt(page) + offset, size, dir,
				   attrs);
}

void dma_unmap_page_attrs(struct device *dev, dma_addr_t addr, size_t size,
			  enum dma_data_direction dir, unsigned long attrs)
{
	cdma_driver_dma_unmap(cdmasim_model_of(dev), addr, size, dir, attrs);
}

void dma_sync_single_for_cpu(struct device *dev, dma_addr_t addr, size_t size,
			     enum dma_data_direction dir)
{
	cdma_driver_dma_sync_cpu(cdmasim_model_of(dev), addr, size, dir);
}

void dma_sync_single_for_device(struct device *dev, dma_addr_t addr,
				size_t size, enum dma_data_direction dir)
{
	cdma_driver_dma_sync_device(cdmasim_model_of(dev), addr, size, dir);
}

/* dma_mapping_error() is inline, and says so to who debugs it; the others are
 * seen above. */
#ifdef CONFIG_DMA_API_DEBUG
void debug_dma_mapping_error(struct device *dev, dma_addr_t addr)
{
	cdma_driver_dma_map_error(cdmasim_model_of(dev), addr);
}

void debug_dma_map_single(struct device *dev, const void *at,
			  unsigned long size)
{
}
#endif

/* A list is a map for each entry: nothing is put together. */
unsigned int dma_map_sg_attrs(struct device *dev, struct scatterlist *sg,
			      int nents, enum dma_data_direction dir,
			      unsigned long attrs)
{
	struct scatterlist *s;
	int i, j;

	for_each_sg(sg, s, nents, i)
	{
		sg_dma_address(s) = dma_map_page_attrs(
			dev, sg_page(s), s->offset, s->length, dir, attrs);
		sg_dma_len(s) = s->length;
		if (!cdma_driver_dma_map_error(cdmasim_model_of(dev),
					       sg_dma_address(s)))
			continue;
		for_each_sg(sg, s, i, j) dma_unmap_page_attrs(
			dev, sg_dma_address(s), s->length, dir, attrs);
		return 0;
	}
	return nents;
}

void dma_unmap_sg_attrs(struct device *dev, struct scatterlist *sg, int nents,
			enum dma_data_direction dir, unsigned long attrs)
{
	struct scatterlist *s;
	int i;

	for_each_sg(sg, s, nents, i) dma_unmap_page_attrs(
		dev, sg_dma_address(s), s->length, dir, attrs);
}

void dma_sync_sg_for_cpu(struct device *dev, struct scatterlist *sg, int nents,
			 enum dma_data_direction dir)
{
	struct scatterlist *s;
	int i;

	for_each_sg(sg, s, nents, i)
		dma_sync_single_for_cpu(dev, sg_dma_address(s), s->length, dir);
}

void dma_sync_sg_for_device(struct device *dev, struct scatterlist *sg,
			    int nents, enum dma_data_direction dir)
{
	struct scatterlist *s;
	int i;

	for_each_sg(sg, s, nents, i) dma_sync_single_for_device(
		dev, sg_dma_address(s), s->length, dir);
}
