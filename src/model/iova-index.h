/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_IOVA_INDEX_H
#define CDMA_MODEL_IOVA_INDEX_H

/*
 * Iova-index: the ranges of DMA addresses, for readers who take no lock.
 *
 * Where threads share a world one of them at a time is in it, and its ranges
 * are that one's.  Devices that translate an address meanwhile look into a copy
 * of them: a row of leaves in order.  A leaf never changes but at its end: what
 * is added there is written first and counted then.  Any other change of it
 * makes a new leaf, and a new row when there are more of them, or fewer; what
 * was replaced is freed when no reader can be in it any more (RCU, by liburcu's
 * call_rcu()).
 *
 * A range stays after what it stands for is freed, as it does for
 * the model: so a stale address leads to what it once meant.
 *
 * Threads: find and epoch may be called by any thread at any time between open
 * and close; all other calls exclude each other.
 */

#include "model/iova.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Make an index without a leaf.  @epoch: its first.
 * Owns: the caller; cdma_iova_index_close(). */
struct cdma_iova_index *cdma_iova_index_open(uint64_t epoch);

/* Nobody reads any more.  NULL is ignored. */
void cdma_iova_index_close(struct cdma_iova_index *index);

/* There is a new leaf: number @i.  @leaf: copied, here and below. */
void cdma_iova_index_put(struct cdma_iova_index *index, size_t i,
			 const struct cdma_iova_leaf *leaf);

/* Leaf number @i has changed; @at: ranges before that one are what they were.
 */
void cdma_iova_index_set(struct cdma_iova_index *index, size_t i,
			 const struct cdma_iova_leaf *leaf, size_t at);

/* Leaf number @i is there no more. */
void cdma_iova_index_drop(struct cdma_iova_index *index, size_t i);

/* A range was taken out; after that was done. */
void cdma_iova_index_removed(struct cdma_iova_index *index);

/* Which removal was the last: a range that was found is there as long as this
 * is what it was before. */
uint64_t cdma_iova_index_epoch(const struct cdma_iova_index *index);

/* The range with @addr.  Wait-free but for a search.
 * Returns: false when there is none. */
bool cdma_iova_index_find(const struct cdma_iova_index *index, cdma_addr_t addr,
			  struct cdma_iova_range *out);

/* Rows and leaves that were replaced and await the end of their readers, or are
 * gone. */
uint64_t cdma_iova_index_retired(const struct cdma_iova_index *index);

#endif /* CDMA_MODEL_IOVA_INDEX_H */
