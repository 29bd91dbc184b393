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

struct row {
	struct rcu_head rcu;
	size_t room;
	atomic_size_t nr;
	struct cdma_iova_range at[];
};

struct cdma_iova_index {
	_Atomic(struct row *) row; /* owned */
	atomic_uint_fast64_t epoch;
	uint64_t retired;
};

static struct row *row_new(const struct cdma_iova_range *ranges, size_t nr)
{
	size_t room = nr + nr / 2 + 16;
	struct row *row =
		cdma_xmalloc(sizeof(*row) + room * sizeof(row->at[0]));

	row->room = room;
	atomic_init(&row->nr, nr);
	if (nr)
		memcpy(row->at, ranges, nr * sizeof(row->at[0]));
	return row;
}

/* A grace period is over: who was in the row has left it. */
static void row_free(struct rcu_head *rcu)
{
	struct row *row = caa_container_of(rcu, struct row, rcu);

	cdma_tsan_acquire(row);
	free(row);
}

/* Readers who come from now on see @row. */
static void replace(struct cdma_iova_index *index, struct row *row)
{
	struct row *old = atomic_exchange(&index->row, row);

	index->retired++;
	cdma_tsan_release(old);
	urcu_bp_call_rcu(&old->rcu, row_free);
}

struct cdma_iova_index *
cdma_iova_index_open(const struct cdma_iova_range *ranges, size_t nr,
		     uint64_t epoch)
{
	struct cdma_iova_index *index = cdma_xcalloc(1, sizeof(*index));

	atomic_init(&index->row, row_new(ranges, nr));
	atomic_init(&index->epoch, epoch);
	return index;
}

void cdma_iova_index_close(struct cdma_iova_index *index)
{
	if (!index)
		return;
	free(atomic_load(&index->row));
	free(index);
}

void cdma_iova_index_add(struct cdma_iova_index *index,
			 const struct cdma_iova_range *ranges, size_t nr,
			 size_t at)
{
	struct row *row = atomic_load(&index->row);

	if (at == nr - 1 && at < row->room) {
		row->at[at] = ranges[at];
		atomic_store_explicit(&row->nr, nr, memory_order_release);
		return;
	}
	replace(index, row_new(ranges, nr));
}

void cdma_iova_index_remove(struct cdma_iova_index *index,
			    const struct cdma_iova_range *ranges, size_t nr)
{
	replace(index, row_new(ranges, nr));
	atomic_fetch_add(&index->epoch, 1);
}

uint64_t cdma_iova_index_epoch(const struct cdma_iova_index *index)
{
	return atomic_load(
		&((struct cdma_iova_index *)(uintptr_t)index)->epoch);
}

static const struct cdma_iova_range *search(const struct row *row, size_t nr,
					    cdma_addr_t addr)
{
	size_t low = 0, high = nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (row->at[mid].last < addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low < nr && row->at[low].first <= addr ? &row->at[low] : NULL;
}

bool cdma_iova_index_find(const struct cdma_iova_index *index, cdma_addr_t addr,
			  struct cdma_iova_range *out)
{
	struct cdma_iova_index *it = (struct cdma_iova_index *)(uintptr_t)index;
	const struct cdma_iova_range *found;
	struct row *row;

	urcu_bp_read_lock();
	row = atomic_load_explicit(&it->row, memory_order_acquire);
	found = search(row,
		       atomic_load_explicit(&row->nr, memory_order_acquire),
		       addr);
	if (found)
		*out = *found;
	cdma_tsan_release(row);
	urcu_bp_read_unlock();
	return found;
}

uint64_t cdma_iova_index_retired(const struct cdma_iova_index *index)
{
	return index->retired;
}
