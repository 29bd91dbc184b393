/* SPDX-License-Identifier: MIT */
#include "model/mapping.h"

#include "model/actor.h"
#include "model/bounce.h"
#include "model/device.h"
#include "model/region.h"
#include "model/world.h"

#include <errno.h>

/* What has to be the same at the unmap. */
#define KEPT_ATTRS (CDMA_ATTR_MMIO | CDMA_ATTR_PRIVILEGED)

static const struct {
	const char *detail, *kernel;
} checks[CDMA_CHECK_NR] = {
#define X(name, detail, kernel) [CDMA_CHECK_##name] = {detail, kernel},
	CDMA_MAPPING_CHECKS(X)
#undef X
};

const char *cdma_check_detail(enum cdma_mapping_check check)
{
	CDMA_REQUIRE(check < CDMA_CHECK_NR);
	return checks[check].detail;
}

const char *cdma_check_kernel(enum cdma_mapping_check check)
{
	CDMA_REQUIRE(check < CDMA_CHECK_NR);
	return checks[check].kernel;
}

/* ---- what is said ---- */

static struct cdma_event event_of(const struct cdma_mapping *m,
				  enum cdma_event_kind kind, uint64_t offset,
				  uint64_t size, bool syncs,
				  const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(m->dev->world, kind, site);

	ev.object = m->region->id;
	ev.offset = ev.op_offset = offset;
	ev.op_size = size;
	ev.iova = m->iova + (offset - m->offset);
	ev.value = m->dev->id;
	ev.order = (uint8_t)m->dir;
	ev.domain = syncs;
	if (cdma_apart_is_idle(m, kind))
		ev.flags |= CDMA_EVF_IDLE;
	return ev;
}

/* One check of the list has failed for @ev. */
void cdma_map_say(struct cdma_world *world, enum cdma_finding_id id,
		  struct cdma_event *ev, const struct cdma_region *region,
		  const struct cdma_party *against,
		  enum cdma_mapping_check check)
{
	struct cdma_finding finding =
		cdma_finding_about(world, id, ev, region, against);

	finding.detail = checks[check].detail;
	finding.arg[0] = check;
	finding.arg[1] = ev->iova;
	cdma_found(&world->sink, &finding);
}

bool cdma_map_has_direction(struct cdma_device *dev, enum cdma_direction dir,
			    const struct cdma_site *site)
{
	if (dir < CDMA_NONE)
		return true;
	cdma_panic(dev->world, "a mapping has a direction: BUG_ON()", site);
	return false;
}

/* ---- map ---- */

/* What makes a map fail before anything is tried. */
bool cdma_map_is_refused(struct cdma_device *dev, uint64_t size,
			 enum cdma_direction dir, const struct cdma_site *site)
{
	if (!cdma_map_has_direction(dev, dir, site))
		return true;
	if (!dev->bound) {
		cdma_report_note(dev->world, CDMA_FINDING_UNBOUND_ALLOC, NULL,
				 dev->unbind, "a mapping", site);
		return true;
	}
	if (!dev->mask) {
		cdma_report_note(dev->world, CDMA_FINDING_MASK_UNSET, NULL,
				 NULL, "the device has no DMA mask", site);
		return true;
	}
	return !size;
}

/* What is wrong with the memory; NONE: nothing. */
enum cdma_mapping_check cdma_map_check(const struct cdma_region *region)
{
	switch (region->state) {
	case CDMA_REGION_KMEM:
	case CDMA_REGION_SYSMEM:
		return CDMA_CHECK_NONE;
	case CDMA_REGION_FREED:
		return CDMA_CHECK_MAP_FREED;
	case CDMA_REGION_REGISTERS:
		return CDMA_CHECK_MAP_REGISTERS;
	default:
		return CDMA_CHECK_MAP_COHERENT;
	}
}

/* Whether a device owns all of it already: it may be lent to another. */
static bool is_lent(const struct cdma_mapping *m)
{
	const struct cdma_mapping *other;

	for (other = m->region->mappings; other; other = other->of_region)
		if (cdma_mapping_is_live(other) && !other->spans &&
		    cdma_mapping_covers(other, m->offset, m->size))
			return true;
	return false;
}

/* A device can write, by this mapping, and what it wrote is fetched. */
static bool is_written(const struct cdma_mapping *m)
{
	return m->dir != CDMA_TO_DEVICE && m->kind != CDMA_MAP_RESOURCE &&
	       (m->kind == CDMA_MAP_NONCOHERENT ||
		!(m->attrs & CDMA_ATTR_SKIP_CPU_SYNC));
}

/* The mapping that @m has bytes in common with, where two are too many. */
static const struct cdma_mapping *overlapping(const struct cdma_mapping *m)
{
	const struct cdma_mapping *other;

	for (other = is_written(m) && !m->is_again ? m->region->mappings : NULL;
	     other; other = other->of_region)
		if (cdma_mapping_is_live(other) && is_written(other) &&
		    !(m->attrs & other->attrs & CDMA_ATTR_CPU_CACHE_CLEAN) &&
		    other->offset < m->offset + m->size &&
		    m->offset < other->offset + other->size)
			return other;
	return NULL;
}

/* What an earlier unmap had left to the device is over for the bytes of @m. */
static void forget_unmapped(struct cdma_mapping *m)
{
	struct cdma_mapping **link = &m->region->mappings;

	while (*link) {
		struct cdma_mapping *old = *link;

		if (old->unmap.seq && old->offset < m->offset + m->size &&
		    m->offset < old->offset + old->size)
			*link = old->of_region;
		else
			link = &old->of_region;
	}
}

static void link_mapping(struct cdma_mapping *m)
{
	struct cdma_device *dev = m->dev;

	forget_unmapped(m);
	m->of_region = m->region->mappings;
	m->region->mappings = m;
	m->prev = dev->last_mapping;
	if (m->prev)
		m->prev->next = m;
	else
		dev->first_mapping = m;
	dev->last_mapping = m;
	cdma_device_get(dev);
}

/* Its device may write anything there. */
static void taint(const struct cdma_mapping *m)
{
	struct cdma_region *region = m->region;

	if (!region->tainted_to || region->tainted_from > m->offset)
		region->tainted_from = m->offset;
	if (region->tainted_to < m->offset + m->size)
		region->tainted_to = m->offset + m->size;
}

void cdma_mapping_announce(struct cdma_mapping *m,
			   enum cdma_mapping_check check,
			   const struct cdma_site *site)
{
	struct cdma_world *world = m->dev->world;
	struct cdma_region *region = m->region;
	bool is_resource = m->kind == CDMA_MAP_RESOURCE;
	bool syncs = !(m->attrs & CDMA_ATTR_SKIP_CPU_SYNC) && !is_resource;
	enum cdma_left left = syncs || is_resource ? CDMA_LEFT_NOTHING
			      : is_lent(m)         ? CDMA_LEFT_LENT
						   : CDMA_LEFT_DIRTY;
	const struct cdma_party *of =
		region->free.seq ? &region->free : &region->alloc;
	const struct cdma_mapping *other = overlapping(m);
	struct cdma_event ev;

	if (m->dev->config.untrusted && m->dir != CDMA_TO_DEVICE)
		taint(m);
	if (m->is_bounced)
		cdma_bounce_open(m, site);
	ev = event_of(m, CDMA_EV_MAP, m->offset, m->size, syncs, site);
	m->map = m->given = cdma_party_next(world, &ev);
	if (check)
		cdma_map_say(world, CDMA_FINDING_BAD_MAP, &ev, region, of,
			     check);
	else if (other)
		cdma_map_say(world, CDMA_FINDING_BAD_MAP, &ev, region,
			     &other->map, CDMA_CHECK_MAP_OVERLAP);
	if (m->offset > region->size || m->size > region->size - m->offset)
		cdma_report(world, CDMA_FINDING_OUT_OF_BOUNDS, &ev, region, of,
			    "the mapping ends outside the memory");
	if (left == CDMA_LEFT_DIRTY)
		cdma_span_set(world, &m->spans, m->offset, m->offset + m->size,
			      CDMA_OWNER_DIRTY, &m->map);
	cdma_apart_map(m, left, &m->map);
	link_mapping(m);
	cdma_world_emit(world, &ev);
}

/* ---- unmap ---- */

static void judge_unmap(struct cdma_mapping *m, const struct cdma_unmap *u,
			struct cdma_event *ev)
{
	struct cdma_world *world = u->dev->world;
	const bool wrong[] = {
		[CDMA_CHECK_FREE_OTHER] = m->dev != u->dev,
		[CDMA_CHECK_FREE_INSIDE] = m->iova != u->addr,
		[CDMA_CHECK_FREE_SIZE] =
			m->iova == u->addr && m->size != u->size,
		[CDMA_CHECK_FREE_FUNCTION] = m->kind != u->kind,
		[CDMA_CHECK_FREE_CPU] = u->cpu && (m->region != u->cpu ||
						   m->offset != u->cpu_offset),
		[CDMA_CHECK_FREE_NENTS] =
			m->kind == u->kind && m->nents != u->nents,
		[CDMA_CHECK_FREE_DIRECTION] = m->dir != u->dir,
		[CDMA_CHECK_FREE_ATTRS] = (m->attrs ^ u->attrs) & KEPT_ATTRS,
	};
	struct cdma_finding finding;

	for (unsigned int i = 0; i < ARRAY_SIZE(wrong); i++)
		if (wrong[i])
			cdma_map_say(world, CDMA_FINDING_BAD_UNMAP, ev,
				     m->region, &m->map,
				     (enum cdma_mapping_check)i);
	if (m->unbound)
		cdma_report(world, CDMA_FINDING_FREE_AFTER_UNBIND, ev,
			    m->region, m->unbound, "a mapping");
	/* What a list is mapped to is said by the number of its segments. */
	if (m->checked || m->kind == CDMA_MAP_SG)
		return;
	finding = (struct cdma_finding){
		.id = CDMA_FINDING_UNCHECKED_MAP,
		.region = m->region->id,
		.at = m->map,
		.against = cdma_party_next(world, ev),
		.arg = {CDMA_CHECK_UNCHECKED, m->iova},
	};
	cdma_found(&world->sink, &finding);
}

static void unlink_mapping(struct cdma_mapping *m)
{
	struct cdma_device *dev = m->dev;
	struct cdma_mapping **link = &m->region->mappings;

	if (m->prev)
		m->prev->next = m->next;
	else
		dev->first_mapping = m->next;
	if (m->next)
		m->next->prev = m->prev;
	else
		dev->last_mapping = m->prev;
	cdma_device_put(dev);
	/* What it leaves to the device is remembered with the memory. */
	if (m->attrs & CDMA_ATTR_SKIP_CPU_SYNC)
		return;
	while (*link != m)
		link = &(*link)->of_region;
	*link = m->of_region;
}

void cdma_mapping_undo(struct cdma_mapping *m, const struct cdma_unmap *u,
		       const struct cdma_site *site)
{
	struct cdma_world *world = m->dev->world;
	bool syncs = !(u->attrs & CDMA_ATTR_SKIP_CPU_SYNC) &&
		     m->kind != CDMA_MAP_RESOURCE;
	struct cdma_event ev =
		event_of(m, CDMA_EV_UNMAP, m->offset, m->size, syncs, site);

	judge_unmap(m, u, &ev);
	m->attrs = u->attrs;
	m->unmap = cdma_party_next(world, &ev);
	if (syncs)
		cdma_apart_to_cpu(m, m->offset, m->offset + m->size, u->dir,
				  &m->unmap);
	unlink_mapping(m);
	cdma_iova_free(&world->iova, m->iova);
	cdma_world_emit(world, &ev);
}

/* ---- sync ---- */

/* Which way a sync copies, where it copies at all. */
static enum cdma_mapping_check check_sync(const struct cdma_mapping *m,
					  enum cdma_direction dir, bool for_cpu)
{
	enum cdma_direction idle = for_cpu ? CDMA_TO_DEVICE : CDMA_FROM_DEVICE;

	if (m->dir == CDMA_BIDIRECTIONAL)
		return dir == idle ? CDMA_CHECK_SYNC_DIRECTION
				   : CDMA_CHECK_NONE;
	if (m->dir == dir)
		return CDMA_CHECK_NONE;
	if (m->dir == idle)
		return for_cpu ? CDMA_CHECK_SYNC_FOR_CPU
			       : CDMA_CHECK_SYNC_FOR_DEVICE;
	return CDMA_CHECK_SYNC_DIRECTION;
}

void cdma_mapping_move(struct cdma_mapping *m, const struct cdma_move *to,
		       const struct cdma_site *site)
{
	struct cdma_world *world = m->dev->world;
	enum cdma_mapping_check check = check_sync(m, to->dir, to->for_cpu);
	struct cdma_event ev = event_of(
		m, to->for_cpu ? CDMA_EV_SYNC_CPU : CDMA_EV_SYNC_DEVICE,
		to->offset, to->size, true, site);
	struct cdma_party self = cdma_party_next(world, &ev);
	uint64_t end = to->offset + to->size;

	if (to->wrong)
		cdma_map_say(world, CDMA_FINDING_BAD_SYNC, &ev, m->region,
			     &m->map, to->wrong);
	if (check)
		cdma_map_say(world, CDMA_FINDING_BAD_SYNC, &ev, m->region,
			     &m->map, check);
	if (!to->for_cpu)
		m->given = self;
	cdma_span_set(world, &m->spans, to->offset, end,
		      to->for_cpu ? CDMA_OWNER_CPU : CDMA_OWNER_DEVICE, &self);
	if (to->for_cpu)
		cdma_apart_to_cpu(m, to->offset, end, to->dir, &self);
	else
		cdma_apart_to_device(m, to->offset, end, to->dir, &self);
	cdma_world_emit(world, &ev);
}

/* ---- what is left ---- */

static void left(const struct cdma_mapping *m, enum cdma_finding_id id,
		 const struct cdma_party *against)
{
	struct cdma_finding finding = {
		.id = id,
		.region = m->region->id,
		.at = m->map,
		.arg = {m->size},
		.detail = "it is still mapped",
	};

	if (against)
		finding.against = *against;
	cdma_found(&m->dev->world->sink, &finding);
}

void cdma_mappings_unbind(struct cdma_device *dev,
			  const struct cdma_party *unbind, bool report)
{
	for (struct cdma_mapping *m = dev->first_mapping; m; m = m->next) {
		if (m->unbound)
			continue;
		m->unbound = unbind;
		if (report)
			left(m, CDMA_FINDING_OUTLIVES_UNBIND, unbind);
	}
}

void cdma_mappings_free(struct cdma_region *region, struct cdma_event *ev)
{
	for (struct cdma_mapping *m = region->mappings; m; m = m->of_region)
		if (cdma_mapping_is_live(m) && !m->said) {
			m->said = true;
			cdma_report(region->world,
				    CDMA_FINDING_FREE_WHILE_LEASED, ev, region,
				    &m->map, "it is still mapped");
		}
}

void cdma_mappings_finish(struct cdma_device *dev)
{
	for (struct cdma_mapping *m = dev->first_mapping; m; m = m->next)
		/* Memory that is mapped as long as it lives is what leaks. */
		if (!m->unbound && !m->said && m->kind != CDMA_MAP_NONCOHERENT)
			left(m, CDMA_FINDING_LEAK, NULL);
}
