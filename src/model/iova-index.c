/* SPDX-License-Identifier: MIT */
#include "model/iova-index.h"

#include "base/xalloc.h"
#include "log/tsan.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* The flavour whose readers need not be registered: they are the threads of
 * whoever uses the library. */
#include <urcu/urcu-bp.h>

/* A copy of a leaf: nr is how many ranges readers may look at. */
struct leaf {
	struct rcu_head rcu;
	atomic_size_t nr;
	struct cdma_iova_range at[CDMA_IOVA_LEAF];
};

struct row {
	struct rcu_head rcu;
	size_t nr;
	_Atomic(struct leaf *) at[]; /* owned, unless it is in a newer row */
};

struct cdma_iova_index {
	_Atomic(struct row *) row; /* owned */
	atomic_uint_fast64_t epoch;
	uint64_t retired;
};

static struct leaf *leaf_new(const struct cdma_iova_leaf *from)
{
	struct leaf *leaf = cdma_xmalloc(sizeof(*leaf));

	atomic_init(&leaf->nr, from->nr);
	memcpy(leaf->at, from->at, from->nr * sizeof(from->at[0]));
	return leaf;
}

static struct row *row_new(size_t nr)
{
	struct row *row =
		cdma_xcalloc(1, sizeof(*row) + nr * sizeof(row->at[0]));

	row->nr = nr;
	return row;
}

/* A grace period is over: who was in there has left it. */
static void leaf_free(struct rcu_head *rcu)
{
	struct leaf *leaf = caa_container_of(rcu, struct leaf, rcu);

	cdma_tsan_acquire(leaf);
	free(leaf);
}

static void row_free(struct rcu_head *rcu)
{
	struct row *row = caa_container_of(rcu, struct row, rcu);

	cdma_tsan_acquire(row);
	free(row);
}

/* Readers who come from now on do not see it. */
static void retire(struct cdma_iova_index *index, struct leaf *old)
{
	index->retired++;
	cdma_tsan_release(old);
	urcu_bp_call_rcu(&old->rcu, leaf_free);
}

static void replace(struct cdma_iova_index *index, struct row *row)
{
	struct row *old = atomic_exchange(&index->row, row);

	index->retired++;
	cdma_tsan_release(old);
	urcu_bp_call_rcu(&old->rcu, row_free);
}

struct cdma_iova_index *cdma_iova_index_open(uint64_t epoch)
{
	struct cdma_iova_index *index = cdma_xcalloc(1, sizeof(*index));

	atomic_init(&index->row, row_new(0));
	atomic_init(&index->epoch, epoch);
	return index;
}

void cdma_iova_index_close(struct cdma_iova_index *index)
{
	struct row *row;

	if (!index)
		return;
	row = atomic_load(&index->row);
	for (size_t i = 0; i < row->nr; i++)
		free(atomic_load(&row->at[i]));
	free(row);
	free(index);
}

void cdma_iova_index_put(struct cdma_iova_index *index, size_t i,
			 const struct cdma_iova_leaf *leaf)
{
	struct row *old = atomic_load(&index->row);
	struct row *row = row_new(old->nr + 1);

	for (size_t j = 0; j < old->nr; j++)
		atomic_init(&row->at[j + (j >= i)], atomic_load(&old->at[j]));
	atomic_init(&row->at[i], leaf_new(leaf));
	replace(index, row);
}

void cdma_iova_index_set(struct cdma_iova_index *index, size_t i,
			 const struct cdma_iova_leaf *leaf, size_t at)
{
	struct row *row = atomic_load(&index->row);
	struct leaf *old = atomic_load(&row->at[i]);

	if (at == leaf->nr - 1 && at == atomic_load(&old->nr)) {
		old->at[at] = leaf->at[at];
		atomic_store_explicit(&old->nr, leaf->nr, memory_order_release);
		return;
	}
	atomic_store_explicit(&row->at[i], leaf_new(leaf),
			      memory_order_release);
	retire(index, old);
}

void cdma_iova_index_drop(struct cdma_iova_index *index, size_t i)
{
	struct row *old = atomic_load(&index->row);
	struct row *row = row_new(old->nr - 1);
	struct leaf *gone = atomic_load(&old->at[i]);

	for (size_t j = 0; j < row->nr; j++)
		atomic_init(&row->at[j], atomic_load(&old->at[j + (j >= i)]));
	replace(index, row);
	retire(index, gone);
}

void cdma_iova_index_removed(struct cdma_iova_index *index)
{
	atomic_fetch_add(&index->epoch, 1);
}

uint64_t cdma_iova_index_epoch(const struct cdma_iova_index *index)
{
	return atomic_load(
		&((struct cdma_iova_index *)(uintptr_t)index)->epoch);
}

/* How much of it may be looked at. */
static size_t nr_of(const struct leaf *leaf)
{
	return atomic_load_explicit(&((struct leaf *)(uintptr_t)leaf)->nr,
				    memory_order_acquire);
}

static const struct leaf *leaf_at(const struct row *row, size_t i)
{
	return atomic_load_explicit(&((struct row *)(uintptr_t)row)->at[i],
				    memory_order_acquire);
}

/* It was looked at, for the last time. */
static void leave(const struct leaf *leaf)
{
	cdma_tsan_release((void *)(uintptr_t)leaf);
}

/* The first leaf that ends at @addr or above; NULL: none does.  As it was when
 * it was looked at: another may have taken its place, with less in it. */
static const struct leaf *search_row(const struct row *row, cdma_addr_t addr)
{
	const struct leaf *found = NULL;
	size_t low = 0, high = row->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct leaf *leaf = leaf_at(row, mid);

		if (leaf->at[nr_of(leaf) - 1].last < addr) {
			low = mid + 1;
		} else {
			high = mid;
			found = leaf;
		}
		leave(leaf);
	}
	return found;
}

static const struct cdma_iova_range *search(const struct leaf *leaf,
					    cdma_addr_t addr)
{
	size_t nr = nr_of(leaf), low = 0, high = nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (leaf->at[mid].last < addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low < nr && leaf->at[low].first <= addr ? &leaf->at[low] : NULL;
}

bool cdma_iova_index_find(const struct cdma_iova_index *index, cdma_addr_t addr,
			  struct cdma_iova_range *out)
{
	struct cdma_iova_index *it = (struct cdma_iova_index *)(uintptr_t)index;
	const struct cdma_iova_range *found = NULL;
	const struct leaf *leaf;
	struct row *row;

	urcu_bp_read_lock();
	row = atomic_load_explicit(&it->row, memory_order_acquire);
	leaf = search_row(row, addr);
	if (leaf)
		found = search(leaf, addr);
	if (found)
		*out = *found;
	cdma_tsan_release(row);
	if (leaf)
		leave(leaf);
	urcu_bp_read_unlock();
	return found;
}

uint64_t cdma_iova_index_retired(const struct cdma_iova_index *index)
{
	return index->retired;
}
