/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_IOVA_INDEX_H
#define CDMA_MODEL_IOVA_INDEX_H

/*
 * Iova-index: the ranges of DMA addresses, for readers who take no lock.
 *
 * Where threads share a world one of them at a time is in it, and its ranges
 * are that one's.  Devices that translate an address meanwhile look into a copy
 * of them: a row in order, which never changes but at its end.  What is added
 * there is written first and counted then.  All other changes make a new row,
 * and the old one is freed when no reader can be in it any more (RCU, by
 * liburcu's call_rcu()).
 *
 * A range stays in the row after what it stands for is freed, as it does for
 * the model: so a stale address leads to what it once meant.
 *
 * Threads: find and epoch may be called by any thread at any time between open
 * and close; all other calls exclude each other.
 */

#include "model/iova.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Make the index of @nr ranges, which are in order.  @epoch: its first.
 * Owns: the caller; cdma_iova_index_close(). */
struct cdma_iova_index *
cdma_iova_index_open(const struct cdma_iova_range *ranges, size_t nr,
		     uint64_t epoch);

/* Nobody reads any more.  NULL is ignored. */
void cdma_iova_index_close(struct cdma_iova_index *index);

/* The @nr ranges are those that there were, and a new one: number @at. */
void cdma_iova_index_add(struct cdma_iova_index *index,
			 const struct cdma_iova_range *ranges, size_t nr,
			 size_t at);

/* They are those that there were but one. */
void cdma_iova_index_remove(struct cdma_iova_index *index,
			    const struct cdma_iova_range *ranges, size_t nr);

/* Which removal was the last: a range that was found is there as long as this
 * is what it was before. */
uint64_t cdma_iova_index_epoch(const struct cdma_iova_index *index);

/* The range with @addr.  Wait-free but for a search of the row.
 * Returns: false when there is none. */
bool cdma_iova_index_find(const struct cdma_iova_index *index, cdma_addr_t addr,
			  struct cdma_iova_range *out);

/* Rows that were replaced and await the end of their readers, or are gone. */
uint64_t cdma_iova_index_retired(const struct cdma_iova_index *index);

#endif /* CDMA_MODEL_IOVA_INDEX_H */
