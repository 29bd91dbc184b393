/* SPDX-License-Identifier: MIT */
#include "model/iova.h"

#include "base/xalloc.h"
#include "model/iova-index.h"
#include "model/mapping.h"
#include "model/region.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

void cdma_iova_fini(struct cdma_iova *iova)
{
	for (size_t i = 0; i < iova->all.nr; i++)
		free(iova->all.at[i]);
	cdma_vec_free(&iova->leaves);
	cdma_vec_free(&iova->spare);
	cdma_vec_free(&iova->all);
	cdma_vec_free(&iova->freed);
	cdma_iova_index_close(iova->index);
}

void cdma_iova_reset(struct cdma_iova *iova)
{
	iova->leaves.nr = iova->spare.nr = 0;
	iova->freed.nr = 0;
	iova->oldest = iova->taken = 0;
	iova->hit = (struct cdma_iova_place){0};
}

void cdma_iova_mark(struct cdma_iova *iova, struct cdma_image *image)
{
	cdma_image_add_vec(image, &iova->leaves);
	for (size_t i = 0; i < iova->leaves.nr; i++) {
		struct cdma_iova_leaf *leaf = iova->leaves.at[i];

		cdma_image_add(image, leaf,
			       offsetof(struct cdma_iova_leaf, at) +
				       leaf->nr * sizeof(leaf->at[0]));
	}
	cdma_image_add_vec(image, &iova->spare);
	cdma_image_add_vec(image, &iova->freed);
	cdma_image_add(image, &iova->oldest,
		       sizeof(*iova) - offsetof(struct cdma_iova, oldest));
}

/* ---- places ---- */

static const struct cdma_iova_range *range_at(const struct cdma_iova *iova,
					      struct cdma_iova_place place)
{
	return &iova->leaves.at[place.leaf]->at[place.at];
}

static bool is_end(const struct cdma_iova *iova, struct cdma_iova_place place)
{
	return place.leaf == iova->leaves.nr;
}

static struct cdma_iova_place next_of(const struct cdma_iova *iova,
				      struct cdma_iova_place place)
{
	if (place.at + 1 < iova->leaves.at[place.leaf]->nr)
		place.at++;
	else
		place = (struct cdma_iova_place){.leaf = place.leaf + 1};
	return place;
}

static cdma_addr_t last_in(const struct cdma_iova_leaf *leaf)
{
	return leaf->at[leaf->nr - 1].last;
}

/* The first leaf with a range that ends at @addr or above. */
static size_t leaf_from(const struct cdma_iova *iova, cdma_addr_t addr)
{
	size_t low = 0, high = iova->leaves.nr;

	/* Most often the newest lies highest. */
	if (!high || last_in(iova->leaves.at[high - 1]) < addr)
		return high;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (last_in(iova->leaves.at[mid]) < addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The first range that ends at @addr or above; the end when there is none. */
static struct cdma_iova_place first_from(const struct cdma_iova *iova,
					 cdma_addr_t addr)
{
	struct cdma_iova_place place = {.leaf = leaf_from(iova, addr)};
	const struct cdma_iova_leaf *leaf;
	size_t low = 0, high;

	if (is_end(iova, place))
		return place;
	leaf = iova->leaves.at[place.leaf];
	for (high = leaf->nr; low < high;) {
		size_t mid = low + (high - low) / 2;

		if (leaf->at[mid].last < addr)
			low = mid + 1;
		else
			high = mid;
	}
	place.at = low;
	return place;
}

static cdma_addr_t last_of(cdma_addr_t first, uint64_t size)
{
	cdma_addr_t last = first + size - 1;

	return last > UINT64_MAX - CDMA_PAGE_SIZE ? UINT64_MAX
						  : last + CDMA_PAGE_SIZE;
}

/* The lowest room at @low or above, and the place that it gets. */
static bool find_room(const struct cdma_iova *iova, uint64_t size,
		      cdma_addr_t low, cdma_addr_t high, cdma_addr_t *first,
		      struct cdma_iova_place *place)
{
	for (*place = first_from(iova, low);; *place = next_of(iova, *place)) {
		const struct cdma_iova_range *range;

		if (low > high || high - low < size - 1)
			return false;
		range = is_end(iova, *place) ? NULL : range_at(iova, *place);
		if (!range || range->first > last_of(low, size)) {
			*first = low;
			return true;
		}
		if (range->last == UINT64_MAX)
			return false;
		low = range->last + 1;
	}
}

/* ---- leaves ---- */

static struct cdma_iova_leaf *take_leaf(struct cdma_iova *iova)
{
	if (iova->spare.nr)
		return iova->spare.at[--iova->spare.nr];
	if (iova->taken == iova->all.nr)
		*cdma_vec_push(&iova->all) =
			cdma_xmalloc(sizeof(struct cdma_iova_leaf));
	return iova->all.at[iova->taken++];
}

/* Put a leaf with @nr ranges between others, as number @i. */
static void add_leaf(struct cdma_iova *iova, size_t i,
		     const struct cdma_iova_range *ranges, size_t nr)
{
	struct cdma_iova_leaf *leaf = take_leaf(iova), **at;

	leaf->nr = nr;
	memcpy(leaf->at, ranges, nr * sizeof(*ranges));
	cdma_vec_push(&iova->leaves);
	at = &iova->leaves.at[i];
	memmove(at + 1, at, (iova->leaves.nr - 1 - i) * sizeof(*at));
	*at = leaf;
	if (iova->index)
		cdma_iova_index_put(iova->index, i, leaf);
}

/* The upper half gets a leaf of its own.  Who looks meanwhile finds all in the
 * lower one, until they are taken out there. */
static void split(struct cdma_iova *iova, struct cdma_iova_place *place)
{
	struct cdma_iova_leaf *leaf = iova->leaves.at[place->leaf];
	size_t half = leaf->nr / 2;

	add_leaf(iova, place->leaf + 1, leaf->at + half, leaf->nr - half);
	leaf->nr = half;
	if (iova->index)
		cdma_iova_index_set(iova->index, place->leaf, leaf, 0);
	if (place->at > half) {
		place->at -= half;
		place->leaf++;
	}
}

/* What comes between two leaves goes behind the first: addresses grow. */
static void settle(const struct cdma_iova *iova, struct cdma_iova_place *place)
{
	if (place->at == 0 && place->leaf) {
		place->leaf--;
		place->at = iova->leaves.at[place->leaf]->nr;
	}
}

/* Returns: where it is. */
static struct cdma_iova_place insert(struct cdma_iova *iova,
				     struct cdma_iova_place place,
				     struct cdma_iova_range range)
{
	struct cdma_iova_leaf *leaf;

	settle(iova, &place);
	leaf = place.leaf < iova->leaves.nr ? iova->leaves.at[place.leaf]
					    : NULL;
	if (!leaf || (leaf->nr == CDMA_IOVA_LEAF && place.at == leaf->nr)) {
		place.leaf += leaf != NULL;
		place.at = 0;
		add_leaf(iova, place.leaf, &range, 1);
		return place;
	}
	if (leaf->nr == CDMA_IOVA_LEAF)
		split(iova, &place);
	leaf = iova->leaves.at[place.leaf];
	memmove(&leaf->at[place.at + 1], &leaf->at[place.at],
		(leaf->nr - place.at) * sizeof(leaf->at[0]));
	leaf->at[place.at] = range;
	leaf->nr++;
	if (iova->index)
		cdma_iova_index_set(iova->index, place.leaf, leaf, place.at);
	return place;
}

static void remove_leaf(struct cdma_iova *iova, size_t i)
{
	struct cdma_iova_leaf **at = &iova->leaves.at[i];

	*cdma_vec_push(&iova->spare) = *at;
	memmove(at, at + 1, (--iova->leaves.nr - i) * sizeof(*at));
	if (iova->index)
		cdma_iova_index_drop(iova->index, i);
}

static void remove_range(struct cdma_iova *iova, struct cdma_iova_place place)
{
	struct cdma_iova_leaf *leaf = iova->leaves.at[place.leaf];
	struct cdma_iova_range *at = &leaf->at[place.at];

	memmove(at, at + 1, (--leaf->nr - place.at) * sizeof(*at));
	if (!leaf->nr)
		remove_leaf(iova, place.leaf);
	else if (iova->index)
		cdma_iova_index_set(iova->index, place.leaf, leaf, 0);
	if (iova->index)
		cdma_iova_index_removed(iova->index);
}

/* Take the range that was freed first, of those that lie between @low and
 * @high. */
static bool evict(struct cdma_iova *iova, cdma_addr_t low, cdma_addr_t high)
{
	for (size_t i = iova->oldest; i < iova->freed.nr; i++) {
		cdma_addr_t first = iova->freed.at[i];
		struct cdma_iova_place place;

		if (!first) {
			iova->oldest += i == iova->oldest;
			continue;
		}
		place = first_from(iova, first);
		if (range_at(iova, place)->last < low || first > high)
			continue;
		iova->freed.at[i] = 0;
		remove_range(iova, place);
		return true;
	}
	return false;
}

int cdma_iova_alloc(struct cdma_iova *iova, struct cdma_region *region,
		    struct cdma_mapping *mapping, uint64_t size,
		    cdma_addr_t low, cdma_addr_t high, cdma_addr_t hint,
		    cdma_addr_t *out)
{
	struct cdma_iova_place place;
	cdma_addr_t first;
	bool found;

	if (low > high || high - low < size - 1)
		return -ENOMEM;
	found = hint > low && find_room(iova, size, hint, high, &first, &place);
	while (!found) {
		found = find_room(iova, size, low, high, &first, &place);
		if (!found && !evict(iova, low, high))
			return -ENOMEM;
	}
	iova->hit = insert(iova, place,
			   (struct cdma_iova_range){first, last_of(first, size),
						    region, mapping});
	*out = first;
	return 0;
}

static const struct cdma_iova_range *find(struct cdma_iova *iova,
					  cdma_addr_t addr)
{
	const struct cdma_iova_range *range;

	if (iova->hit.leaf < iova->leaves.nr &&
	    iova->hit.at < iova->leaves.at[iova->hit.leaf]->nr) {
		range = range_at(iova, iova->hit);
		if (range->first <= addr && addr <= range->last)
			return range;
	}
	iova->hit = first_from(iova, addr);
	if (is_end(iova, iova->hit))
		return NULL;
	range = range_at(iova, iova->hit);
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
		iova->index = cdma_iova_index_open(iova->epoch);
		for (size_t i = 0; i < iova->leaves.nr; i++)
			cdma_iova_index_put(iova->index, i, iova->leaves.at[i]);
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
