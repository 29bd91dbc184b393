/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_WINDOW_H
#define CDMA_MODEL_WINDOW_H

/* What a window is made of. */

#include <cdma/finding.h>
#include <cdma/window.h>

struct cdma_window {
	struct cdma_region *region; /* borrowed */
	struct cdma_actor *actor;   /* borrowed: who opened it */
	struct cdma_window *next;   /* of the region */
	uint64_t offset, size;      /* bytes */
	struct cdma_party begin;
	bool exclusive; /* as_mut */
	bool ended;
};

static inline bool cdma_window_overlaps(const struct cdma_window *window,
					uint64_t offset, uint64_t size)
{
	return offset < window->offset + window->size &&
	       window->offset < offset + size;
}

static inline bool cdma_window_covers(const struct cdma_window *window,
				      uint64_t offset, uint64_t size)
{
	return window->offset <= offset &&
	       offset + size <= window->offset + window->size;
}

#endif /* CDMA_MODEL_WINDOW_H */
