/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_SPAN_H
#define CDMA_MODEL_SPAN_H

/*
 * Span: bytes of a region of which the same is known.
 *
 * A list of spans is in order, and those that touch and are alike are one.
 * Bytes in no span are what all of them are at first.
 */

#include <cdma/finding.h>

struct cdma_world;

struct cdma_span {
	struct cdma_span *next;
	uint64_t first, end;     /* bytes of the region */
	uint32_t what;           /* not 0 */
	struct cdma_party since; /* who made it so */
};

/* The bytes from @first to before @end are @what; 0: in no span. */
void cdma_span_set(struct cdma_world *world, struct cdma_span **list,
		   uint64_t first, uint64_t end, uint32_t what,
		   const struct cdma_party *since);

/* The first span of @list that has bytes from @first to before @end, or
 * NULL. */
const struct cdma_span *cdma_span_find(const struct cdma_span *list,
				       uint64_t first, uint64_t end);

#endif /* CDMA_MODEL_SPAN_H */
