/* SPDX-License-Identifier: MIT */
#include "model/mapping.h"

#include "model/access.h"
#include "model/judge.h"

/*
 * Who owns the bytes of a mapping: <cdma/mapping.h>, "Who owns the bytes".
 */

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
static struct cdma_span **cut(struct cdma_world *world, struct cdma_mapping *m,
			      uint64_t first, uint64_t end)
{
	struct cdma_span **link = &m->spans;

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

/* A span of @owner that ends where @first is, or NULL: a copy is one span and
 * not one for each of its pieces. */
static struct cdma_span *before(const struct cdma_mapping *m, uint64_t first,
				enum cdma_owner owner)
{
	struct cdma_span *span = m->spans;

	while (span && span->end < first)
		span = span->next;
	return span && span->end == first && span->owner == owner ? span : NULL;
}

void cdma_mapping_own(struct cdma_world *world, struct cdma_mapping *m,
		      uint64_t first, uint64_t end, enum cdma_owner owner,
		      const struct cdma_party *since)
{
	struct cdma_span **link = cut(world, m, first, end);
	struct cdma_span like = {.next = *link, .owner = owner};
	struct cdma_span *span;

	if (owner == CDMA_OWNER_DEVICE)
		return;
	span = before(m, first, owner);
	if (span) {
		span->end = end;
		return;
	}
	like.since = *since;
	*link = new_span(world, first, end, &like);
}

/* Bytes of one owner, and their span when that is the CPU. */
struct run {
	uint64_t first, end;
	enum cdma_owner owner;
	const struct cdma_span *span;
};

static struct run run_at(const struct cdma_mapping *m, uint64_t at,
			 uint64_t end)
{
	struct run run = {.first = at, .end = end};
	const struct cdma_span *s = m->spans;

	while (s && s->end <= at)
		s = s->next;
	if (s && s->first <= at) {
		run.owner = s->owner;
		run.span = s;
		run.end = s->end < end ? s->end : end;
	} else if (s && s->first < end) {
		run.end = s->first;
	}
	return run;
}

/* The bytes of @ev that are in @m; false: none. */
static bool clip(const struct cdma_mapping *m, const struct cdma_event *ev,
		 uint64_t *first, uint64_t *end)
{
	*first = ev->offset > m->offset ? ev->offset : m->offset;
	*end = ev->offset + ev->size;
	if (*end > m->offset + m->size)
		*end = m->offset + m->size;
	return *first < *end;
}

static void say_missing(struct cdma_bulk *op, const struct cdma_mapping *m,
			const struct cdma_party *against, const char *detail)
{
	cdma_judge_say(op, &op->ev, CDMA_FINDING_MISSING_SYNC, m->region,
		       against, detail, m->iova, 0);
}

/* A look that says itself that the device may be writing. */
static bool is_wary(const struct cdma_event *ev)
{
	return ev->kind == CDMA_EV_READ &&
	       (ev->how == CDMA_MARKED || ev->flags & CDMA_EVF_RACE_OK);
}

/* The CPU uses the bytes of @run: report what is wrong with that. */
static void judge_run(struct cdma_bulk *op, const struct cdma_mapping *m,
		      const struct run *run)
{
	const struct cdma_event *ev = &op->ev;
	bool reads = ev->kind == CDMA_EV_READ;

	if (run->owner == CDMA_OWNER_TOUCHED && !is_wary(ev))
		say_missing(op, m, &run->span->since,
			    "the device wrote it after the last sync for the "
			    "CPU");
	if (run->owner != CDMA_OWNER_DEVICE)
		return;
	if (m->unmap.seq && reads)
		say_missing(op, m, &m->unmap,
			    "the unmap left it to the device");
	else if (!m->unmap.seq && !(reads && m->dir == CDMA_TO_DEVICE))
		say_missing(op, m, &m->given,
			    reads ? "the CPU reads what the device may write"
				  : "the CPU writes what the device owns");
}

static void judge_cpu(struct cdma_bulk *op, struct cdma_mapping *m)
{
	struct cdma_event *ev = &op->ev;
	struct cdma_party self;
	uint64_t at, end;

	if (!clip(m, ev, &at, &end))
		return;
	self = cdma_party_next(op->world, ev);
	while (at < end) {
		struct run run = run_at(m, at, end);

		judge_run(op, m, &run);
		if (ev->kind == CDMA_EV_WRITE &&
		    (run.owner == CDMA_OWNER_CPU || m->unmap.seq))
			cdma_mapping_own(op->world, m, run.first, run.end,
					 CDMA_OWNER_DIRTY, &self);
		at = run.end;
	}
}

void cdma_mapping_judge_cpu(struct cdma_bulk *op)
{
	struct cdma_mapping *m;

	for (m = op->region->mappings; m; m = m->of_region)
		judge_cpu(op, m);
}

/* An IOMMU would fault, and where there is none, caches are not ready for it.
 */
static void judge_direction(struct cdma_bulk *op, const struct cdma_mapping *m)
{
	bool reads = op->ev.kind == CDMA_EV_READ;

	if (m->dir == (reads ? CDMA_FROM_DEVICE : CDMA_TO_DEVICE))
		cdma_judge_say(op, &op->ev, CDMA_FINDING_WRONG_DIRECTION,
			       m->region, &m->map,
			       reads ? "a read of what was mapped to be written"
				     : "a write to what was mapped to be read",
			       m->iova, m->dir);
}

void cdma_mapping_judge_device(struct cdma_bulk *op)
{
	struct cdma_event *ev = &op->ev;
	struct cdma_mapping *m = op->mapping;
	struct cdma_party self = cdma_party_next(op->world, ev);
	uint64_t at = ev->offset, end = ev->offset + ev->size;

	judge_direction(op, m);
	while (m->spans && at < end) {
		struct run run = run_at(m, at, end);

		if (run.owner == CDMA_OWNER_DIRTY) {
			say_missing(op, m, &run.span->since,
				    run.span->since.kind == CDMA_EV_MAP
					    ? "it was mapped without a sync, "
					      "and not synced since"
					    : "the CPU has written it and not "
					      "given it back");
			return;
		}
		if (run.owner == CDMA_OWNER_CPU && ev->kind == CDMA_EV_WRITE)
			cdma_mapping_own(op->world, m, run.first, run.end,
					 CDMA_OWNER_TOUCHED, &self);
		at = run.end;
	}
}
