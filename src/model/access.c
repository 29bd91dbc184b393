/* SPDX-License-Identifier: MIT */
#include "model/access.h"

#include "model/actor.h"
#include "model/device.h"
#include "model/judge.h"

#include <errno.h>
#include <string.h>

#define GRANULE 8u /* bytes; no piece crosses a multiple of it */

uint64_t cdma_value_of(const unsigned char *bytes, unsigned int size)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < size; i++)
		value |= (uint64_t)bytes[i] << 8 * i;
	return value;
}

void cdma_value_put(uint64_t value, unsigned char *bytes, unsigned int size)
{
	for (unsigned int i = 0; i < size; i++)
		bytes[i] = (unsigned char)(value >> 8 * i);
}

/* What the flags that were set mean for this kind of access. */
static uint32_t op_flags(uint32_t flags, enum cdma_access how)
{
	if (how != CDMA_DMA && how != CDMA_MMIO)
		flags &= ~(uint32_t)CDMA_EVF_RELAXED;
	return flags;
}

void cdma_op_begin(struct cdma_bulk *op, struct cdma_world *world,
		   struct cdma_region *region, enum cdma_event_kind kind,
		   enum cdma_access how, uint64_t offset, size_t size)
{
	*op = (struct cdma_bulk){
		.world = world,
		.actor = world->actor,
		.region = region,
		.offset = offset,
		.size = size,
		.ctx = world->ctx,
		.flags = op_flags(world->ambient.flags, how),
		.addr_dep = world->ambient.addr_dep,
		.data_dep = world->ambient.data_dep,
		.kind = (uint8_t)kind,
		.how = (uint8_t)how,
	};
	world->ambient = (struct cdma_ambient){0};
}

/* Where in the op the next piece is, and where its half ends. */
static size_t next_piece(const struct cdma_bulk *op, size_t *end)
{
	size_t upper = op->size - op->split; /* bytes of the upper half */

	*end = op->size;
	if (!op->split)
		return op->done;
	if (!op->high_first) {
		if (op->done < op->split)
			*end = op->split;
		return op->done;
	}
	if (op->done < upper)
		return op->split + op->done;
	*end = op->split;
	return op->done - upper;
}

static struct cdma_event piece_event(const struct cdma_bulk *op, size_t at,
				     size_t end, const struct cdma_site *site)
{
	uint64_t offset = op->offset + at;
	uint64_t size = GRANULE - offset % GRANULE;
	struct cdma_event ev = {
		.op = op->op,
		.offset = offset,
		.op_offset = op->offset,
		.op_size = op->size,
		.site = site,
		.ctx = op->ctx,
		.flags = op->flags,
		.addr_dep = op->addr_dep,
		.data_dep = op->data_dep,
		.actor = op->actor->id,
		.kind = op->kind,
		.how = op->how,
	};

	ev.size = (uint8_t)(size < end - at ? size : end - at);
	if (op->done + ev.size == op->size)
		ev.flags |= CDMA_EVF_LAST;
	if (op->how == CDMA_DMA)
		ev.iova = op->iova + at;
	else if (op->how == CDMA_MMIO)
		ev.iova = op->region->dev->id;
	if (op->region) {
		ev.object = op->region->id;
		if (op->region->state == CDMA_REGION_BOX)
			ev.flags |= CDMA_EVF_BOX;
	}
	return ev;
}

/* Move the bytes of a piece between memory and @buf. */
static void transfer(struct cdma_bulk *op, const struct cdma_event *ev,
		     unsigned char *buf)
{
	struct cdma_block *block = op->region->block;

	if (ev->kind == CDMA_EV_READ)
		cdma_block_read(block, ev->offset, ev->size, buf);
	else
		cdma_block_write(block, ev->offset, ev->size, buf);
}

/* What a read gets that does not reach memory. */
static void miss(struct cdma_bulk *op, const struct cdma_event *ev,
		 unsigned char *buf)
{
	bool dead = op->region && (op->stale || op->region->unmapped ||
				   !cdma_region_is_live(op->region));

	op->missed = true;
	if (ev->kind == CDMA_EV_READ)
		memset(buf, dead ? CDMA_POISON_DEAD : CDMA_POISON_BUS,
		       ev->size);
}

bool cdma_bulk_step_at(struct cdma_bulk *op, const struct cdma_site *site)
{
	unsigned char there[GRANULE] = {0};
	struct cdma_event ev;
	unsigned char *buf;
	size_t at, end;
	bool reached;

	if (op->done == op->size)
		return false;
	at = next_piece(op, &end);
	ev = piece_event(op, at, end, site);
	buf = op->buf ? op->buf + at : there;
	if (!op->buf && cdma_region_is_live(op->region))
		cdma_block_read(op->region->block, ev.offset, ev.size, there);
	if (ev.kind == CDMA_EV_WRITE)
		ev.value = cdma_value_of(buf, ev.size);

	reached = op->actor->kind == CDMA_DEVICE && op->how == CDMA_DMA
			  ? cdma_judge_device(op, &ev)
			  : cdma_judge_cpu(op, &ev);
	if (reached)
		transfer(op, &ev, buf);
	else
		miss(op, &ev, buf);
	if (ev.kind == CDMA_EV_READ)
		ev.value = cdma_value_of(buf, ev.size);

	cdma_world_emit(op->world, &ev);
	if (!op->op)
		op->op = ev.seq;
	if (ev.kind == CDMA_EV_READ)
		op->dep = cdma_dep_join(op->world->deps, op->dep,
					cdma_dep_read(ev.seq));
	op->done += ev.size;
	return op->done < op->size;
}

int cdma_bulk_end(struct cdma_bulk *op)
{
	if (op->kind == CDMA_EV_READ)
		op->world->last_dep = op->dep;
	return op->missed ? -EFAULT : 0;
}

int cdma_op_run(struct cdma_bulk *op, const struct cdma_site *site)
{
	while (cdma_bulk_step_at(op, site))
		;
	return cdma_bulk_end(op);
}

void cdma_op_box(struct cdma_bulk *op, struct cdma_box *box,
		 enum cdma_event_kind kind, uint64_t offset, size_t size)
{
	struct cdma_region *region = box->region;

	cdma_op_begin(op, region->world, region, kind, CDMA_PLAIN, offset,
		      size);
	op->stale = box->consumed;
}
