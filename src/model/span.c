/* SPDX-License-Identifier: MIT */
#include "model/span.h"

#include "model/world.h"

static struct cdma_span *new_span(struct cdma_world *world, uint64_t first,
				  uint64_t end, const struct cdma_span *like)
{
	struct cdma_span *span = cdma_world_zalloc(world, sizeof(*span));

	*span = *like;
	span->first = first;
	span->end = end;
	return span;
}

/* Take the bytes from @first to before @end out of all spans.  Returns where a
 * span of them belongs. */
static struct cdma_span **cut(struct cdma_world *world, struct cdma_span **link,
			      uint64_t first, uint64_t end)
{
	while (*link && (*link)->end <= first)
		link = &(*link)->next;
	if (*link && (*link)->first < first) {
		struct cdma_span *span = *link;

		if (span->end > end)
			span->next = new_span(world, end, span->end, span);
		span->end = first;
		link = &span->next;
	}
	while (*link && (*link)->end <= end)
		*link = (*link)->next;
	if (*link && (*link)->first < end)
		(*link)->first = end;
	return link;
}

/* A span like it that ends where @first is, or NULL: a copy is one span and not
 * one for each of its pieces. */
static struct cdma_span *before(struct cdma_span *span, uint64_t first,
				uint32_t what, const struct cdma_party *since)
{
	while (span && span->end < first)
		span = span->next;
	return span && span->end == first && span->what == what &&
			       span->since.actor == since->actor &&
			       span->since.site == since->site
		       ? span
		       : NULL;
}

void cdma_span_set(struct cdma_world *world, struct cdma_span **list,
		   uint64_t first, uint64_t end, uint32_t what,
		   const struct cdma_party *since)
{
	struct cdma_span **link = cut(world, list, first, end);
	struct cdma_span like = {.next = *link, .what = what};
	struct cdma_span *span;

	if (!what)
		return;
	span = before(*list, first, what, since);
	if (span) {
		span->end = end;
		return;
	}
	like.since = *since;
	*link = new_span(world, first, end, &like);
}

const struct cdma_span *cdma_span_find(const struct cdma_span *list,
				       uint64_t first, uint64_t end)
{
	while (list && list->end <= first)
		list = list->next;
	return list && list->first < end ? list : NULL;
}
