/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_CACHE_H
#define CDMA_MODEL_CACHE_H

/*
 * Cache: what lies between the CPUs and streaming memory where caches are not
 * coherent with devices.
 *
 * A processor may fetch any line at any time, and write a dirty one back at any
 * time, the whole line.  All that is sure is what the calls do: a map and a
 * sync_for_device write dirty lines back; an unmap and a sync_for_cpu of what
 * the device writes drop lines, of which those that are shared with other bytes
 * are written back first.  So nothing needs to be tried to know what may go
 * wrong.  Of the bytes of a region two lists are kept:
 *
 *	dirty  a CPU wrote them, and no call has written them back since
 *	fresh  a device wrote them, and no call has dropped their lines since
 *
 * and each of these may go wrong:
 *
 *	a CPU reads fresh bytes: the line may have been fetched before
 *	a device reads dirty bytes: the line may still be in the cache
 *	a line has fresh bytes and dirty ones: when it is written back, before
 *or after, what the device wrote is overwritten with what was fetched a line is
 *dropped that is dirty: it may not have been written back
 *
 * The third is `shared_line' when the two are not the same bytes, the others
 *are `missing_sync`.  No order of fetches and write-backs shows more, and for
 *each there is one that shows it.
 *
 * Regions begin on a line and share none (kmalloc: ARCH_DMA_MINALIGN).
 */

#include <cdma/bulk.h>

#include "model/span.h"

struct cdma_mapping;

struct cdma_cache {
	struct cdma_span *dirty, *fresh;
};

/* @region is mapped: watch it from now on. */
void cdma_cache_begin(struct cdma_region *region);

/* @by maps @m, and nothing is written back of what CPUs may have written. */
void cdma_cache_leave(struct cdma_mapping *m, const struct cdma_party *by);

/* Lines of the bytes from @first to before @end are written back; are
 * dropped, by the call @by. */
void cdma_cache_clean(struct cdma_mapping *m, uint64_t first, uint64_t end);
void cdma_cache_drop(struct cdma_mapping *m, uint64_t first, uint64_t end,
		     const struct cdma_party *by);

/* The piece op->ev of a CPU, or of a device.  @lenient: it may read old
 * bytes. */
void cdma_cache_judge_cpu(struct cdma_bulk *op, bool lenient);
void cdma_cache_judge_device(struct cdma_bulk *op);

#endif /* CDMA_MODEL_CACHE_H */
