/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_ACCESS_H
#define CDMA_MODEL_ACCESS_H

/*
 * Access: the one way to the bytes.
 *
 * Every access of every kind is a struct cdma_bulk, prepared by one of the
 * functions here and made piece by piece by cdma_bulk_step_at(): checked, done
 * and emitted.  One without a buffer reads and writes what is there: it is how
 * a raw pointer is logged.
 */

#include "model/actor.h"
#include "model/device.h"
#include "model/region.h"
#include "model/world.h"

#include <cdma/bulk.h>

/*
 * Prepare an op of the acting actor; uses up what was set for it.
 *
 * @offset, @size: bytes; need not lie inside @region, which may be NULL.
 */
static inline void cdma_op_begin(struct cdma_bulk *op, struct cdma_world *world,
				 struct cdma_region *region,
				 enum cdma_event_kind kind,
				 enum cdma_access how, uint64_t offset,
				 size_t size)
{
	struct cdma_event *ev = &op->ev;

	ev->op = 0;
	ev->op_offset = offset;
	ev->op_size = size;
	ev->value = 0;
	ev->iova = 0;
	ev->rf = 0;
	ev->ends = 0;
	ev->ctx = world->ctx;
	ev->object = region ? region->id : 0;
	ev->addr_dep = world->ambient.addr_dep;
	ev->data_dep = world->ambient.data_dep;
	ev->actor = world->actor->id;
	ev->kind = (uint8_t)kind;
	ev->how = (uint8_t)how;
	ev->order = 0;
	ev->domain = 0;
	op->world = world;
	op->actor = world->actor;
	op->region = region;
	op->window = NULL;
	op->mapping = NULL;
	op->buf = NULL;
	op->undef = world->ambient.undef;
	op->sources = world->ambient.sources;
	op->limit = region ? region->size : UINT64_MAX;
	op->done = 0;
	op->split = 0;
	op->iova = 0;
	op->said = 0;
	op->flags = world->ambient.flags;
	op->dep = 0;
	op->faulty = false;
	op->reacts = false;
	op->missed = false;
	op->high_first = false;
	op->misaligned = false;
	op->stale = false;
	if (how != CDMA_DMA && how != CDMA_MMIO)
		op->flags &= ~(uint32_t)(CDMA_EVF_RELAXED | CDMA_EVF_UNORDERED);
	world->ambient = (struct cdma_ambient){0};
}

/*
 * The same for all of @view; see cdma_bulk_read_begin() for @how.  A volatile
 * access is CDMA_MARKED when the machine can do it at once, and so is a plain
 * one to coherent memory by the contract of C.
 */
static inline void cdma_op_begin_view(struct cdma_bulk *op,
				      struct cdma_view view,
				      enum cdma_event_kind kind,
				      enum cdma_access how)
{
	struct cdma_region *region = view.region;
	bool is_c = how == CDMA_PLAIN && region->is_c &&
		    region->state == CDMA_REGION_COHERENT;
	size_t low = view.size - 1; /* the bits below it, for a power of 2 */

	if (is_c)
		how = CDMA_MARKED;
	if (view.backend >= CDMA_BACKEND_MMIO)
		how = CDMA_MMIO;
	else if (how == CDMA_MARKED &&
		 (view.size > 8 || view.size & low || view.offset & low))
		how = CDMA_BULK;
	cdma_op_begin(op, region->world, region, kind, how, view.offset,
		      view.size);
	if (is_c)
		op->flags |= CDMA_EVF_PLAIN;
	if (how == CDMA_MMIO) {
		op->ev.iova = region->dev->id;
		op->faulty = region->dev->gone ||
			     *region->world->armed & CDMA_ARMED_REGISTERS;
		op->reacts = region->mmio.ops != NULL;
	}
	if (view.backend == CDMA_BACKEND_MMIO_RELAXED)
		op->flags |= CDMA_EVF_RELAXED;
}

/* Make all of it.  Errors: as cdma_bulk_end(). */
int cdma_op_run(struct cdma_bulk *op, const struct cdma_site *site);

/* Make an op of a value, that of op->ev for a write; returns it. */
uint64_t cdma_op_value(struct cdma_bulk *op, const struct cdma_site *site);

/* Make one that is a single piece, but for its event, which is the caller's. */
void cdma_op_look(struct cdma_bulk *op, const struct cdma_site *site);

/* A plain access to a box by its token. */
void cdma_op_box(struct cdma_bulk *op, struct cdma_box *box,
		 enum cdma_event_kind kind, uint64_t offset, size_t size);

/* bulk.c: a write that @engine has put off, and may have ended since; nothing
 * becomes of it again. */
void cdma_op_begin_late(struct cdma_bulk *op, struct cdma_actor *engine,
			cdma_addr_t addr, const void *src, size_t size);

/* mmio-ops.c: @op, of a CPU, has touched registers that do something. */
void cdma_mmio_react(struct cdma_bulk *op);

/* Whether the device of @engine has the address lines for @addr. */
bool cdma_engine_drives(const struct cdma_actor *engine, cdma_addr_t addr);

/* What @addr stands for, looked up ahead or now. */
struct cdma_target cdma_engine_target(const struct cdma_actor *engine,
				      cdma_addr_t addr);

#endif /* CDMA_MODEL_ACCESS_H */
