/* SPDX-License-Identifier: MIT */
#include "model/mapping.h"

#include "model/access.h"
#include "model/bounce.h"
#include "model/cache.h"
#include "model/judge.h"

/*
 * Who owns the bytes of a mapping: <cdma/mapping.h>, "Who owns the bytes".
 */

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
		run.owner = (enum cdma_owner)s->what;
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

/* The same where it depends on the machine. */
static void judge_run_on(struct cdma_bulk *op, struct cdma_mapping *m,
			 const struct run *run)
{
	if (!cdma_machine_is_one(&op->world->config.machine))
		judge_run(op, m, run);
	else if (m->bounce)
		cdma_bounce_judge_cpu(op, m, run->first, run->end,
				      run->owner && is_wary(&op->ev));
}

/* Whether some of the bytes are the device's. */
static bool judge_cpu(struct cdma_bulk *op, struct cdma_mapping *m)
{
	struct cdma_event *ev = &op->ev;
	struct cdma_party self;
	bool is_lent = false;
	uint64_t at, end;

	if (!clip(m, ev, &at, &end))
		return false;
	self = cdma_party_next(op->world, ev);
	while (at < end) {
		struct run run = run_at(m, at, end);

		judge_run_on(op, m, &run);
		is_lent |= run.owner == CDMA_OWNER_DEVICE;
		if (ev->kind == CDMA_EV_WRITE &&
		    (run.owner == CDMA_OWNER_CPU || m->unmap.seq))
			cdma_span_set(op->world, &m->spans, run.first, run.end,
				      CDMA_OWNER_DIRTY, &self);
		at = run.end;
	}
	return is_lent;
}

void cdma_mapping_judge_cpu(struct cdma_bulk *op)
{
	bool is_lent = false;
	struct cdma_mapping *m;

	for (m = op->region->mappings; m; m = m->of_region)
		is_lent |= m->kind != CDMA_MAP_RESOURCE && judge_cpu(op, m);
	if (op->region->cache)
		cdma_cache_judge_cpu(op, !is_lent && is_wary(&op->ev));
}

/* An IOMMU would fault, and where there is none, caches are not ready for it.
 */
static void judge_direction(struct cdma_bulk *op, const struct cdma_mapping *m)
{
	bool reads = op->ev.kind == CDMA_EV_READ;
	const struct cdma_machine *machine = &op->world->config.machine;

	/* Of what is bounced the device gets what was there before, too. */
	if (cdma_machine_is_one(machine) && !machine->iommu &&
	    (m->bounce ? reads : !machine->incoherent))
		return;
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
	if (m->bounce)
		cdma_bounce_judge_device(op, m);
	else if (op->region->cache)
		cdma_cache_judge_device(op);
	while (m->spans && at < end) {
		struct run run = run_at(m, at, end);

		if (run.owner == CDMA_OWNER_DIRTY) {
			if (!cdma_machine_is_one(&op->world->config.machine))
				say_missing(op, m, &run.span->since,
					    run.span->since.kind == CDMA_EV_MAP
						    ? "it was mapped without a "
						      "sync, and not synced "
						      "since"
						    : "the CPU has written it "
						      "and not given it back");
			return;
		}
		if (run.owner == CDMA_OWNER_CPU && ev->kind == CDMA_EV_WRITE)
			cdma_span_set(op->world, &m->spans, run.first, run.end,
				      CDMA_OWNER_TOUCHED, &self);
		at = run.end;
	}
}
