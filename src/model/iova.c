/* SPDX-License-Identifier: MIT */
#include "model/iova.h"

#include "model/iova-index.h"
#include "model/mapping.h"
#include "model/region.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

void cdma_iova_fini(struct cdma_iova *iova)
{
	cdma_vec_free(&iova->ranges);
	cdma_vec_free(&iova->freed);
	cdma_iova_index_close(iova->index);
}

void cdma_iova_reset(struct cdma_iova *iova)
{
	iova->ranges.nr = 0;
	iova->freed.nr = 0;
	iova->oldest = 0;
	iova->hit = 0;
}

void cdma_iova_mark(struct cdma_iova *iova, struct cdma_image *image)
{
	cdma_image_add_vec(image, &iova->ranges);
	cdma_image_add_vec(image, &iova->freed);
	cdma_image_add(image, &iova->oldest,
		       sizeof(*iova) - offsetof(struct cdma_iova, oldest));
}

/* The first range that ends at @addr or above; the number of ranges when there
 * is none. */
static size_t first_from(const struct cdma_iova *iova, cdma_addr_t addr)
{
	size_t low = 0, high = iova->ranges.nr;

	/* Most often the newest lies highest. */
	if (!high || iova->ranges.at[high - 1].last < addr)
		return high;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (iova->ranges.at[mid].last < addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static cdma_addr_t last_of(cdma_addr_t first, uint64_t size)
{
	cdma_addr_t last = first + size - 1;

	return last > UINT64_MAX - CDMA_PAGE_SIZE ? UINT64_MAX
						  : last + CDMA_PAGE_SIZE;
}

/* The lowest room at @low or above, and the index that it gets. */
static bool find_room(const struct cdma_iova *iova, uint64_t size,
		      cdma_addr_t low, cdma_addr_t high, cdma_addr_t *first,
		      size_t *index)
{
	for (size_t i = first_from(iova, low);; i++) {
		if (low > high || high - low < size - 1)
			return false;
		if (i == iova->ranges.nr ||
		    iova->ranges.at[i].first > last_of(low, size)) {
			*first = low;
			*index = i;
			return true;
		}
		if (iova->ranges.at[i].last == UINT64_MAX)
			return false;
		low = iova->ranges.at[i].last + 1;
	}
}

static void insert(struct cdma_iova *iova, size_t index,
		   struct cdma_iova_range range)
{
	struct cdma_iova_range *at;

	cdma_vec_push(&iova->ranges);
	at = &iova->ranges.at[index];
	memmove(at + 1, at, (iova->ranges.nr - 1 - index) * sizeof(*at));
	*at = range;
	if (iova->index)
		cdma_iova_index_add(iova->index, iova->ranges.at,
				    iova->ranges.nr, index);
}

static void remove_range(struct cdma_iova *iova, size_t index)
{
	struct cdma_iova_range *at = &iova->ranges.at[index];

	memmove(at, at + 1, (--iova->ranges.nr - index) * sizeof(*at));
	if (iova->index)
		cdma_iova_index_remove(iova->index, iova->ranges.at,
				       iova->ranges.nr);
}

/* Take the range that was freed first, of those that lie between @low and
 * @high. */
static bool evict(struct cdma_iova *iova, cdma_addr_t low, cdma_addr_t high)
{
	for (size_t i = iova->oldest; i < iova->freed.nr; i++) {
		cdma_addr_t first = iova->freed.at[i];
		size_t index;

		if (!first) {
			iova->oldest += i == iova->oldest;
			continue;
		}
		index = first_from(iova, first);
		if (iova->ranges.at[index].last < low || first > high)
			continue;
		iova->freed.at[i] = 0;
		remove_range(iova, index);
		return true;
	}
	return false;
}

int cdma_iova_alloc(struct cdma_iova *iova, struct cdma_region *region,
		    struct cdma_mapping *mapping, uint64_t size,
		    cdma_addr_t low, cdma_addr_t high, cdma_addr_t hint,
		    cdma_addr_t *out)
{
	cdma_addr_t first;
	size_t index;
	bool found;

	if (low > high || high - low < size - 1)
		return -ENOMEM;
	found = hint > low && find_room(iova, size, hint, high, &first, &index);
	while (!found) {
		found = find_room(iova, size, low, high, &first, &index);
		if (!found && !evict(iova, low, high))
			return -ENOMEM;
	}
	insert(iova, index,
	       (struct cdma_iova_range){first, last_of(first, size), region,
					mapping});
	iova->hit = index;
	*out = first;
	return 0;
}

static const struct cdma_iova_range *find(struct cdma_iova *iova,
					  cdma_addr_t addr)
{
	const struct cdma_iova_range *range;

	if (iova->hit < iova->ranges.nr) {
		range = &iova->ranges.at[iova->hit];
		if (range->first <= addr && addr <= range->last)
			return range;
	}
	iova->hit = first_from(iova, addr);
	if (iova->hit == iova->ranges.nr)
		return NULL;
	range = &iova->ranges.at[iova->hit];
	return range->first <= addr ? range : NULL;
}

void cdma_iova_free(struct cdma_iova *iova, cdma_addr_t addr)
{
	*cdma_vec_push(&iova->freed) = find(iova, addr)->first;
}

struct cdma_target cdma_iova_target_in(const struct cdma_iova_range *range,
				       cdma_addr_t addr)
{
	struct cdma_target target = {
		.region = range->region,
		.mapping = range->mapping,
	};

	if (target.mapping)
		target.offset =
			addr - target.mapping->iova + target.mapping->offset;
	else
		target.offset = addr - target.region->iova;
	return target;
}

struct cdma_target cdma_iova_target(struct cdma_iova *iova, cdma_addr_t addr)
{
	const struct cdma_iova_range *range = find(iova, addr);

	return range ? cdma_iova_target_in(range, addr)
		     : (struct cdma_target){.offset = addr};
}

/* ---- for those who are not in the world ---- */

void cdma_iova_share(struct cdma_iova *iova, bool on)
{
	if (on == (iova->index != NULL))
		return;
	if (on) {
		iova->index = cdma_iova_index_open(
			iova->ranges.at, iova->ranges.nr, iova->epoch);
		return;
	}
	iova->epoch = cdma_iova_index_epoch(iova->index) + 1;
	cdma_iova_index_close(iova->index);
	iova->index = NULL;
}

struct cdma_iova_lookup cdma_iova_look_up(const struct cdma_iova *iova,
					  cdma_addr_t addr)
{
	/* Before the search: what is removed meanwhile is not held. */
	struct cdma_iova_lookup lookup = {
		.epoch = cdma_iova_index_epoch(iova->index)};

	lookup.is_found =
		cdma_iova_index_find(iova->index, addr, &lookup.range);
	return lookup;
}

bool cdma_iova_holds(const struct cdma_iova *iova,
		     const struct cdma_iova_lookup *lookup, cdma_addr_t addr)
{
	return lookup->is_found && iova->index &&
	       lookup->epoch == cdma_iova_index_epoch(iova->index) &&
	       lookup->range.first <= addr && addr <= lookup->range.last;
}
