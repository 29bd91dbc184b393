/* SPDX-License-Identifier: MIT */
#include "model/judge.h"

#include "model/access.h"
#include "model/actor.h"
#include "model/bounce.h"
#include "model/device.h"
#include "model/mapping.h"
#include "model/window.h"

void cdma_judge_say(struct cdma_bulk *op, struct cdma_event *ev,
		    enum cdma_finding_id id, const struct cdma_region *region,
		    const struct cdma_party *against, const char *detail,
		    uint64_t a, uint64_t b)
{
	uint64_t bit = (uint64_t)1 << id;
	struct cdma_finding finding;

	_Static_assert(CDMA_FINDING_NR <= 64, "op->said has a bit for each");
	ev->flags |= CDMA_EVF_REPORTED;
	if (op->said & bit)
		return;
	op->said |= bit;
	finding = cdma_finding_about(op->world, id, ev, region, against);
	finding.detail = detail;
	finding.arg[0] = a;
	finding.arg[1] = b;
	cdma_found(&op->world->sink, &finding);
}

static bool is_inside(const struct cdma_region *region,
		      const struct cdma_event *ev)
{
	return ev->offset < region->size &&
	       region->size - ev->offset >= ev->size;
}

/* Whether a plain access of @op's actor is one of its own window. */
static bool has_window(const struct cdma_bulk *op, const struct cdma_event *ev)
{
	for (struct cdma_window *w = op->region->windows; w; w = w->next)
		if (w->actor == op->actor &&
		    cdma_window_covers(w, ev->offset, ev->size) &&
		    (w->exclusive || ev->kind == CDMA_EV_READ))
			return true;
	return false;
}

/*
 * A window that the piece conflicts with.  @strict: a read conflicts with a
 * shared one too.
 */
static const struct cdma_window *
conflict(const struct cdma_bulk *op, const struct cdma_event *ev, bool strict)
{
	bool reads = ev->kind == CDMA_EV_READ && !strict;

	for (struct cdma_window *w = op->region->windows; w; w = w->next)
		if (cdma_window_overlaps(w, ev->offset, ev->size) &&
		    (w->exclusive || !reads))
			return w;
	return NULL;
}

/* A plain access must be made through a reference, and as that allows. */
static void judge_plain(struct cdma_bulk *op, struct cdma_event *ev)
{
	const struct cdma_region *region = op->region;
	const struct cdma_window *window = op->window;

	if (window && !window->exclusive && ev->kind == CDMA_EV_WRITE)
		cdma_judge_say(op, ev, CDMA_FINDING_WINDOW_CONFLICT, region,
			       &window->begin, "a write through as_ref", 0, 0);
	else if (!window && region->state == CDMA_REGION_COHERENT &&
		 !has_window(op, ev))
		cdma_judge_say(op, ev, CDMA_FINDING_EXPOSED_ACCESS, region,
			       region->expose.seq ? &region->expose
						  : &region->alloc,
			       NULL, 0, 0);
}

/* A plain access by the contract of C. */
static void judge_c(struct cdma_bulk *op, struct cdma_event *ev)
{
	const struct cdma_region *region = op->region;

	if (op->world->config.strict_plain && ev->flags & CDMA_EVF_POLL)
		cdma_judge_say(op, ev, CDMA_FINDING_EXPOSED_ACCESS, region,
			       &region->alloc,
			       "the compiler may read it once, before the loop",
			       0, 0);
}

/* What does not keep it from the bytes. */
static void judge_ownership(struct cdma_bulk *op, struct cdma_event *ev)
{
	const struct cdma_region *region = op->region;
	const struct cdma_window *window;

	if (ev->flags & CDMA_EVF_PLAIN)
		judge_c(op, ev);
	if (ev->how == CDMA_PLAIN) {
		judge_plain(op, ev);
	} else if (ev->flags & CDMA_EVF_PLAIN && has_window(op, ev)) {
		/* Its actor has promised itself that nobody else is there. */
	} else if (region->windows && (window = conflict(op, ev, false))) {
		cdma_judge_say(op, ev, CDMA_FINDING_WINDOW_CONFLICT, region,
			       &window->begin, NULL, 0, 0);
	}
	if (region->mappings || region->cache)
		cdma_mapping_judge_cpu(op);
	if (ev->kind == CDMA_EV_READ && !op->undef &&
	    !(ev->flags & CDMA_EVF_REPORTED) &&
	    !cdma_block_is_init(region->block, ev->offset, ev->size))
		cdma_judge_say(op, ev, CDMA_FINDING_UNINIT_READ, region,
			       &region->alloc, NULL, 0, 0);
}

/* Through a reference that has ended, or next to what it refers to. */
static bool judge_window(struct cdma_bulk *op, struct cdma_event *ev)
{
	const struct cdma_window *window = op->window;

	if (window->ended) {
		cdma_judge_say(op, ev, CDMA_FINDING_CPU_UAF, op->region,
			       &window->begin, "the reference has ended", 0, 0);
		return false;
	}
	if (cdma_window_covers(window, ev->offset, ev->size))
		return true;
	cdma_judge_say(op, ev, CDMA_FINDING_OUT_OF_BOUNDS, op->region,
		       &window->begin, "outside the window", window->size, 0);
	return false;
}

bool cdma_judge_cpu(struct cdma_bulk *op)
{
	struct cdma_event *ev = &op->ev;
	const struct cdma_region *region = op->region;

	if (op->stale || !cdma_region_is_live(region)) {
		cdma_judge_say(op, ev, CDMA_FINDING_CPU_UAF, region,
			       cdma_region_loss(region),
			       region->free.seq ? NULL
						: "the box was converted",
			       0, 0);
		return false;
	}
	if (region->state == CDMA_REGION_REGISTERS &&
	    region->dev->iounmap.seq && op->actor->kind != CDMA_DEVICE) {
		cdma_judge_say(op, ev, CDMA_FINDING_CPU_UAF, region,
			       &region->dev->iounmap,
			       "the registers are not mapped any more", 0, 0);
		return false;
	}
	if (region->state == CDMA_REGION_HANDLE) {
		cdma_judge_say(op, ev, CDMA_FINDING_HANDLE_ACCESS, region,
			       &region->alloc, NULL, 0, 0);
		return false;
	}
	if (op->window && !judge_window(op, ev))
		return false;
	if (!is_inside(region, ev)) {
		cdma_judge_say(op, ev, CDMA_FINDING_OUT_OF_BOUNDS, region,
			       &region->alloc, NULL, region->size, 0);
		return false;
	}
	if (op->misaligned) {
		cdma_judge_say(op, ev, CDMA_FINDING_MISALIGNED, region,
			       &region->alloc, NULL, op->ev.op_size, 0);
		/* There are no pieces of a register. */
		return region->state != CDMA_REGION_REGISTERS;
	}
	judge_ownership(op, ev);
	return true;
}

/* The region that an address belongs to which the device cannot drive. */
static bool exceeds(struct cdma_bulk *op, struct cdma_event *ev)
{
	struct cdma_target to;

	if (cdma_engine_drives(op->actor, ev->iova))
		return false;
	to = cdma_iova_target(&op->world->iova, ev->iova);
	cdma_judge_say(op, ev, CDMA_FINDING_MASK_EXCEEDED, to.region,
		       to.mapping  ? &to.mapping->map
		       : to.region ? &to.region->alloc
				   : NULL,
		       NULL, ev->iova, op->actor->dev->config.addr_bits);
	return true;
}

/* Whether the mapping by which the device reaches it is its own, and alive. */
static bool judge_lent(struct cdma_bulk *op, struct cdma_event *ev)
{
	const struct cdma_region *region = op->region;
	const struct cdma_mapping *m = op->mapping;

	if (!cdma_mapping_covers(m, ev->offset, ev->size) ||
	    !is_inside(region, ev)) {
		cdma_judge_say(op, ev, CDMA_FINDING_OUT_OF_BOUNDS, region,
			       &m->map, "outside the mapping", m->size,
			       ev->iova);
	} else if (cdma_mapping_is_over(m)) {
		cdma_judge_say(op, ev, CDMA_FINDING_DEVICE_UAF, region,
			       &m->unmap, "it was unmapped", ev->iova, 0);
		return cdma_mapping_lingers(m);
	} else if (!cdma_region_is_live(region)) {
		cdma_judge_say(op, ev, CDMA_FINDING_DEVICE_UAF, region,
			       &region->free, NULL, ev->iova, 0);
	} else if (m->unbound) {
		cdma_judge_say(op, ev, CDMA_FINDING_DEVICE_UAF, region,
			       m->unbound, "its device was unbound", ev->iova,
			       0);
	} else if (m->dev != op->actor->dev) {
		cdma_judge_say(op, ev, CDMA_FINDING_WRONG_DEVICE, region,
			       &m->map, NULL, ev->iova, m->dev->id);
	} else {
		return true;
	}
	return false;
}

/* Whether it is the device's memory, mapped and alive. */
static bool judge_mapping(struct cdma_bulk *op, struct cdma_event *ev)
{
	const struct cdma_region *region = op->region;

	if (op->mapping)
		return judge_lent(op, ev);
	if (!region) {
		cdma_judge_say(op, ev, CDMA_FINDING_OUT_OF_BOUNDS, NULL, NULL,
			       "nothing is mapped there", 0, ev->iova);
	} else if (!is_inside(region, ev)) {
		cdma_judge_say(op, ev, CDMA_FINDING_OUT_OF_BOUNDS, region,
			       &region->alloc, NULL, region->size, ev->iova);
	} else if (!cdma_region_is_live(region)) {
		cdma_judge_say(op, ev, CDMA_FINDING_DEVICE_UAF, region,
			       &region->free, NULL, ev->iova, 0);
	} else if (region->unmapped) {
		cdma_judge_say(op, ev, CDMA_FINDING_DEVICE_UAF, region,
			       region->unmapped, "its device was unbound",
			       ev->iova, 0);
	} else if (region->dev != op->actor->dev) {
		cdma_judge_say(op, ev, CDMA_FINDING_WRONG_DEVICE, region,
			       &region->alloc, NULL, ev->iova, region->dev->id);
	} else {
		return true;
	}
	return false;
}

static bool is_init(const struct cdma_bulk *op)
{
	uint64_t offset;
	const struct cdma_block *block = cdma_bounce_block(op, &offset);

	return cdma_block_is_init(block, offset, op->ev.size);
}

bool cdma_judge_device(struct cdma_bulk *op)
{
	struct cdma_event *ev = &op->ev;
	const struct cdma_region *region = op->region;
	const struct cdma_window *window = NULL;

	if (!op->actor->dev->master) {
		cdma_judge_say(op, ev, CDMA_FINDING_BUS_MASTER_OFF, region,
			       NULL, NULL, ev->iova, 0);
		return false;
	}
	if (exceeds(op, ev) || !judge_mapping(op, ev))
		return false;
	if (op->mapping)
		cdma_mapping_judge_device(op);
	if (region->windows)
		window = conflict(op, ev, op->world->config.strict_windows);
	if (region->state == CDMA_REGION_BOX)
		cdma_judge_say(op, ev, CDMA_FINDING_UNEXPOSED_ACCESS, region,
			       &region->alloc, NULL, ev->iova, 0);
	else if (window)
		cdma_judge_say(op, ev, CDMA_FINDING_WINDOW_CONFLICT, region,
			       &window->begin, NULL, ev->iova, 0);
	else if (ev->kind == CDMA_EV_READ && !is_init(op))
		cdma_judge_say(op, ev, CDMA_FINDING_UNINIT_EXPOSED, region,
			       &region->alloc, NULL, ev->iova, 0);
	return true;
}
