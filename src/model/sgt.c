/* SPDX-License-Identifier: MIT */
#include <cdma/kmem.h>
#include <cdma/sgt.h>

#include "model/device.h"
#include "model/mapping.h"
#include "model/region.h"
#include "model/step.h"
#include "model/world.h"

#include <errno.h>

struct cdma_sgt {
	struct cdma_device *dev; /* NULL: it is borrowed */
	struct cdma_view pages;
	enum cdma_direction dir;
	struct cdma_sg *sg;
	unsigned int nents; /* entries */
	unsigned int nr;    /* segments */
	bool mapped;
	struct cdma_sgt *next; /* of the device, newest first */
};

/* An entry for each page, as the pages of a vmalloc() are. */
static struct cdma_sgt *table_of(struct cdma_device *dev,
				 struct cdma_view pages,
				 enum cdma_direction dir)
{
	struct cdma_sgt *sgt = cdma_world_zalloc(dev->world, sizeof(*sgt));
	uint64_t left = pages.size;

	sgt->dev = dev;
	sgt->pages = pages;
	sgt->dir = dir;
	sgt->nents = (unsigned int)((pages.size + CDMA_PAGE_SIZE - 1) /
				    CDMA_PAGE_SIZE);
	sgt->sg = cdma_world_zalloc(dev->world, sgt->nents * sizeof(*sgt->sg));
	for (unsigned int i = 0; i < sgt->nents; i++) {
		struct cdma_view *part = &sgt->sg[i].part;

		*part = pages;
		part->offset = pages.offset + i * CDMA_PAGE_SIZE;
		part->size = left < CDMA_PAGE_SIZE ? left : CDMA_PAGE_SIZE;
		left -= part->size;
	}
	return sgt;
}

static int kmalloc_fails(struct cdma_device *dev, uint64_t size, cdma_gfp_t gfp,
			 const struct cdma_site *site)
{
	return cdma_world_fault(dev->world, CDMA_FAULT_KMALLOC, "sgt", size,
				gfp & CDMA_GFP_NOWARN, site)
		       ? -ENOMEM
		       : 0;
}

static int map(struct cdma_sgt *sgt, const struct cdma_site *site)
{
	struct cdma_device *dev = sgt->dev;

	/* What cannot be tried is another error than what did not work. */
	if (cdma_map_is_refused(dev, sgt->pages.size, sgt->dir, site))
		return -EINVAL;
	sgt->nr = cdma_dma_map_sg_attrs_at(dev, sgt->sg, sgt->nents, sgt->dir,
					   0, site);
	sgt->mapped = sgt->nr != 0;
	return sgt->nr ? 0 : -EIO;
}

static void unmap(struct cdma_sgt *sgt, const struct cdma_site *site)
{
	if (!sgt->mapped)
		return;
	cdma_dma_unmap_sg_attrs_at(sgt->dev, sgt->sg, sgt->nents, sgt->dir, 0,
				   site);
	sgt->mapped = false;
}

int cdma_sgt_new_at(struct cdma_device *dev, struct cdma_view *pages,
		    enum cdma_direction dir, cdma_gfp_t gfp,
		    struct cdma_sgt **out, const struct cdma_site *site)
{
	struct cdma_sgt *sgt;
	int err;

	CDMA_REQUIRE(dev && pages && out);
	cdma_step(dev->world, site);
	if (!pages->region || !pages->size)
		return -EINVAL;
	sgt = table_of(dev, *pages, dir);
	err = kmalloc_fails(dev, sgt->nents * sizeof(void *), gfp, site);
	if (!err)
		err = kmalloc_fails(dev, sgt->nents * 32, gfp, site);
	if (!err)
		err = map(sgt, site);
	if (err)
		return err;
	err = kmalloc_fails(dev, 64, gfp, site);
	if (err) {
		unmap(sgt, site);
		return err;
	}
	sgt->next = dev->sgts;
	dev->sgts = sgt;
	*pages = (struct cdma_view){0};
	*out = sgt;
	return 0;
}

struct cdma_sgt *cdma_sgt_from_raw(struct cdma_world *world,
				   const struct cdma_sg *sg, unsigned int nents)
{
	struct cdma_sgt *sgt = cdma_world_zalloc(world, sizeof(*sgt));

	sgt->sg = (struct cdma_sg *)sg;
	sgt->nents = sgt->nr = nents;
	return sgt;
}

unsigned int cdma_sgt_nents(const struct cdma_sgt *sgt)
{
	return sgt->nr;
}

bool cdma_sgt_next(const struct cdma_sgt *sgt, unsigned int *pos,
		   struct cdma_sg_entry *out)
{
	if (*pos >= sgt->nr)
		return false;
	out->dma_address = sgt->sg[*pos].dma_address;
	out->dma_len = sgt->sg[*pos].dma_length;
	(*pos)++;
	return true;
}

bool cdma_sgt_is_mapped(const struct cdma_sgt *sgt)
{
	return sgt->dev ? sgt->mapped : sgt->nr && sgt->sg->dma_length;
}

/* The newest first, as devres does. */
void cdma_sgts_release(struct cdma_device *dev, const struct cdma_site *site)
{
	for (struct cdma_sgt *sgt = dev->sgts; sgt; sgt = sgt->next)
		unmap(sgt, site);
	dev->sgts = NULL;
}

static void forget(struct cdma_sgt *sgt)
{
	struct cdma_sgt **link = &sgt->dev->sgts;

	while (*link && *link != sgt)
		link = &(*link)->next;
	if (*link)
		*link = sgt->next;
}

void cdma_sgt_free_at(struct cdma_sgt **at, const struct cdma_site *site)
{
	struct cdma_sgt *sgt = *at;

	*at = NULL;
	if (!sgt || !sgt->dev)
		return;
	cdma_step(sgt->dev->world, site);
	forget(sgt);
	unmap(sgt, site);
	cdma_kfree_at(sgt->pages, site);
}
