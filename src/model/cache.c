/* SPDX-License-Identifier: MIT */
#include "model/cache.h"

#include "model/access.h"
#include "model/judge.h"
#include "model/mapping.h"

/* Bytes from first to before end. */
struct bytes {
	uint64_t first, end;
};

static struct bytes lines_of(const struct cdma_region *region, uint64_t first,
			     uint64_t end)
{
	uint64_t line = region->world->config.machine.line;
	struct bytes lines = {first & ~(line - 1), end + (line - 1)};

	if (lines.end < end)
		lines.end = UINT64_MAX;
	lines.end &= ~(line - 1);
	return lines;
}

void cdma_cache_begin(struct cdma_region *region)
{
	if (!region->cache)
		region->cache = cdma_world_zalloc(region->world,
						  sizeof(*region->cache));
}

void cdma_cache_leave(struct cdma_mapping *m, const struct cdma_party *by)
{
	cdma_span_set(m->dev->world, &m->region->cache->dirty, m->offset,
		      m->offset + m->size, 1, by);
}

void cdma_cache_clean(struct cdma_mapping *m, uint64_t first, uint64_t end)
{
	struct bytes lines = lines_of(m->region, first, end);

	cdma_span_set(m->dev->world, &m->region->cache->dirty, lines.first,
		      lines.end, 0, NULL);
}

void cdma_cache_drop(struct cdma_mapping *m, uint64_t first, uint64_t end,
		     const struct cdma_party *by)
{
	struct cdma_world *world = m->dev->world;
	struct cdma_cache *cache = m->region->cache;
	struct bytes lines = lines_of(m->region, first, end);
	const struct cdma_span *s = cache->dirty;
	struct cdma_finding finding = {
		.id = CDMA_FINDING_MISSING_SYNC,
		.region = m->region->id,
		.against = *by,
		.detail = "what the CPU wrote may be dropped with its line",
		.arg = {m->iova},
	};

	for (; (s = cdma_span_find(s, first, end)); s = s->next) {
		/* What was there before the map nobody waits for. */
		if (s->since.kind == CDMA_EV_MAP)
			continue;
		finding.at = s->since;
		cdma_found(&world->sink, &finding);
	}
	cdma_span_set(world, &cache->dirty, lines.first, lines.end, 0, NULL);
	cdma_span_set(world, &cache->fresh, lines.first, lines.end, 0, NULL);
}

/* ---- accesses ---- */

static void say(struct cdma_bulk *op, const struct cdma_span *s,
		const char *detail)
{
	cdma_judge_say(op, &op->ev, CDMA_FINDING_MISSING_SYNC, op->region,
		       &s->since, detail, 0, 0);
}

/* A CPU has written into a line that has what a device wrote: one finding,
 * whichever was first. */
static void say_shared(struct cdma_bulk *op, const struct cdma_party *cpu,
		       const struct cdma_party *device)
{
	struct cdma_finding finding = {
		.id = CDMA_FINDING_SHARED_LINE,
		.region = op->region->id,
		.at = *cpu,
		.against = *device,
		.arg = {op->world->config.machine.line},
	};

	cdma_found(&op->world->sink, &finding);
}

/*
 * The other side has written spans of @list, into the lines of the piece: say
 * so, and forget what of them is overwritten by it, of which no more need be
 * said.
 */
static void meet(struct cdma_bulk *op, struct cdma_span **list,
		 const struct cdma_party *self, bool is_cpu)
{
	uint64_t first = op->ev.offset, end = first + op->ev.size;
	struct bytes lines = lines_of(op->region, first, end);
	const struct cdma_span *s = *list;

	for (; (s = cdma_span_find(s, lines.first, lines.end)); s = s->next)
		if (s->first < end && first < s->end)
			say(op, s,
			    is_cpu ? "the CPU writes what the device has "
				     "written, and was not fetched"
			    : s->since.kind == CDMA_EV_MAP
				    ? "it was mapped without a sync, and not "
				      "synced since"
				    : "the CPU has written it and not given it "
				      "back");
		else
			say_shared(op, is_cpu ? self : &s->since,
				   is_cpu ? &s->since : self);
	cdma_span_set(op->world, list, first, end, 0, NULL);
}

static bool is_mapped(const struct cdma_region *region)
{
	const struct cdma_mapping *m = region->mappings;

	while (m && !cdma_mapping_is_live(m))
		m = m->of_region;
	return m;
}

void cdma_cache_judge_cpu(struct cdma_bulk *op, bool lenient)
{
	struct cdma_cache *cache = op->region->cache;
	uint64_t first = op->ev.offset, end = first + op->ev.size;
	const struct cdma_span *s;
	struct cdma_party self;

	if (op->ev.kind == CDMA_EV_READ) {
		s = cdma_span_find(cache->fresh, first, end);
		if (s && !lenient)
			say(op, s,
			    "the device wrote it, and the line of the cache "
			    "may be older");
		return;
	}
	if (!is_mapped(op->region)) {
		/* Until it is mapped again nobody minds. */
		cdma_span_set(op->world, &cache->fresh, first, end, 0, NULL);
		return;
	}
	self = cdma_party_next(op->world, &op->ev);
	meet(op, &cache->fresh, &self, true);
	cdma_span_set(op->world, &cache->dirty, first, end, 1, &self);
}

void cdma_cache_judge_device(struct cdma_bulk *op)
{
	struct cdma_cache *cache = op->region->cache;
	uint64_t first = op->ev.offset, end = first + op->ev.size;
	const struct cdma_span *s;
	struct cdma_party self;

	if (op->ev.kind == CDMA_EV_READ) {
		s = cdma_span_find(cache->dirty, first, end);
		if (s)
			say(op, s,
			    s->since.kind == CDMA_EV_MAP
				    ? "it was mapped without a sync, and not "
				      "synced since"
				    : "the CPU wrote it, and it may still be "
				      "in the cache");
		return;
	}
	self = cdma_party_next(op->world, &op->ev);
	meet(op, &cache->dirty, &self, false);
	cdma_span_set(op->world, &cache->fresh, first, end, 1, &self);
}
