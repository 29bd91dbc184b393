/* SPDX-License-Identifier: MIT */
#include "model/access.h"

#include "model/bounce.h"
#include "model/judge.h"
#include "model/late.h"
#include "model/mapping.h"
#include "model/step.h"

#include <errno.h>
#include <string.h>

#define GRANULE 8u /* bytes; no piece crosses a multiple of it */

/* Where in the op the next piece is, and where its half ends. */
static size_t next_piece(const struct cdma_bulk *op, size_t *end)
{
	size_t size = op->ev.op_size;
	size_t upper = size - op->split; /* bytes of the upper half */

	*end = size;
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

/* Whether a device that nobody trusts may have written what is read. */
static inline uint32_t taint(const struct cdma_region *region,
			     const struct cdma_event *ev)
{
	const struct cdma_device *dev = region->dev;

	if (dev && dev->config.untrusted && region->state != CDMA_REGION_BOX)
		return CDMA_EVF_TAINTED;
	if (ev->offset < region->tainted_to &&
	    ev->offset + ev->size > region->tainted_from)
		return CDMA_EVF_TAINTED | CDMA_EVF_LENT;
	return 0;
}

/* Say in the event what the piece at @at is, but for its value. */
static void describe(struct cdma_bulk *op, size_t at, size_t end,
		     const struct cdma_site *site)
{
	struct cdma_event *ev = &op->ev;
	uint64_t room;

	ev->offset = ev->op_offset + at;
	room = GRANULE - ev->offset % GRANULE;
	if (ev->offset < op->limit && room > op->limit - ev->offset)
		room = op->limit - ev->offset;
	ev->size = (uint8_t)(room < end - at ? room : end - at);
	ev->site = site;
	ev->flags = op->flags;
	if (op->done + ev->size == ev->op_size)
		ev->flags |= CDMA_EVF_LAST;
	if (op->region && op->region->state == CDMA_REGION_BOX)
		ev->flags |= CDMA_EVF_BOX;
	if (ev->how == CDMA_DMA)
		ev->iova = op->iova + at;
	else if (ev->kind == CDMA_EV_READ && op->region)
		ev->flags |= taint(op->region, ev);
}

/* Weak memory: the read may see an older store than the newest. */
static void __attribute__((noinline)) look_back(struct cdma_bulk *op)
{
	const struct cdma_memory *shows = &op->world->shows;
	bool poisoned = op->region->block->poisoned;
	struct cdma_sight first = {
		.rf = op->region->alloc.seq,
		.value = poisoned
				 ? cdma_value_fill(CDMA_POISON_NEW, op->ev.size)
				 : 0,
	};

	op->ev.rf = 0;
	op->ev.ends = 0;
	shows->read(shows->aux, &op->ev, &first);
}

/* What is known of the bytes of the piece goes with them. */
static void transfer_undef(struct cdma_bulk *op, struct cdma_block *block,
			   uint64_t offset)
{
	struct cdma_event *ev = &op->ev;
	cdma_undef_t *undef = op->undef + (ev->offset - ev->op_offset);
	cdma_region_id id = op->region->id;
	unsigned char bits = 0;

	if (ev->kind == CDMA_EV_READ) {
		bits = cdma_block_undef(block, offset, ev->size);
		if (!bits)
			memset(undef, 0, ev->size * sizeof(*undef));
		for (unsigned int i = 0; bits && i < ev->size; i++)
			undef[i] = !(bits >> i & 1)   ? 0
				   : id >= UINT16_MAX ? 1
						      : (cdma_undef_t)(id + 1);
		return;
	}
	for (unsigned int i = 0; i < ev->size; i++)
		bits |= (unsigned char)((undef[i] != 0) << i);
	cdma_block_undefine(block, offset, bits);
}

/* Move the value of the piece from or to memory. */
static void transfer(struct cdma_bulk *op)
{
	struct cdma_block *block = op->region->block;
	struct cdma_event *ev = &op->ev;
	uint64_t offset = ev->offset;

	if (op->region->is_bounced)
		block = cdma_bounce_block(op, &offset);
	if (ev->kind == CDMA_EV_READ) {
		ev->value = cdma_block_load(block, offset, ev->size);
		if (ev->how == CDMA_MMIO && op->region->dev->gone)
			ev->value = UINT64_MAX >> (64 - 8 * ev->size);
		/* Copies are as late as they are: no store says when. */
		if (op->world->shows.read && !op->region->is_bounced)
			look_back(op);
	} else {
		cdma_block_store(block, offset, ev->size, ev->value);
	}
	if (op->undef && ev->how != CDMA_MMIO)
		transfer_undef(op, block, offset);
}

/* It does not reach memory: what a read gets. */
static void miss(struct cdma_bulk *op)
{
	bool dead = op->region && (op->stale || op->region->unmapped ||
				   !cdma_region_is_live(op->region));

	dead |= op->mapping && cdma_mapping_is_over(op->mapping);
	op->missed = true;
	if (op->undef && op->ev.kind == CDMA_EV_READ)
		memset(op->undef + (op->ev.offset - op->ev.op_offset), 0,
		       op->ev.size * sizeof(*op->undef));
	op->ev.rf = 0;
	op->ev.ends = 0;
	op->ev.flags |= CDMA_EVF_MISSED;
	if (op->ev.kind == CDMA_EV_READ)
		op->ev.value = cdma_value_fill(
			dead ? CDMA_POISON_DEAD : CDMA_POISON_BUS, op->ev.size);
}

/* Each byte comes from its piece. */
static void fill_sources(struct cdma_bulk *op, cdma_dep_t dep)
{
	const struct cdma_event *ev = &op->ev;
	struct cdma_source *to = op->sources + (ev->offset - ev->op_offset);

	for (unsigned int i = 0; i < ev->size; i++)
		to[i] = (struct cdma_source){
			.dep = dep,
			.byte = ev->how == CDMA_DMA
					? 0
					: (uint8_t)(1u
						    << (ev->offset % GRANULE +
							i)),
		};
}

/* What was read depends on the piece, too. */
static void saw(struct cdma_bulk *op)
{
	cdma_dep_t dep = cdma_dep_read(op->ev.seq);

	if (op->sources)
		fill_sources(op, dep);

	op->dep = op->dep ? cdma_dep_join(op->world->deps, op->dep, dep) : dep;
}

/* Do what is described, without telling of it. */
static inline void attempt(struct cdma_bulk *op)
{
	bool reached = op->ev.how == CDMA_DMA ? cdma_judge_device(op)
					      : cdma_judge_cpu(op);

	if (reached)
		transfer(op);
	else
		miss(op);
}

void cdma_op_look(struct cdma_bulk *op, const struct cdma_site *site)
{
	describe(op, 0, op->ev.op_size, site);
	attempt(op);
}

/* Make the piece that is described. */
static inline void piece(struct cdma_bulk *op)
{
	attempt(op);
	cdma_world_emit(op->world, &op->ev);
	if (op->ev.kind == CDMA_EV_READ)
		saw(op);
	op->done += op->ev.size;
	if (op->reacts)
		cdma_mmio_react(op);
}

/* What the piece to write at @at comes from, beside what all of them do. */
static void take_sources(struct cdma_bulk *op, size_t at)
{
	struct cdma_event *ev = &op->ev;
	struct cdma_deps *deps = op->world->deps;

	if (!op->done)
		op->dep = ev->data_dep;
	ev->data_dep = cdma_dep_join(
		deps, op->dep,
		cdma_dep_gather(deps, op->sources + at, ev->size));
}

/* What a write without a buffer stores: what is there. */
static uint64_t in_place(const struct cdma_bulk *op)
{
	if (!cdma_region_is_live(op->region))
		return 0;
	return cdma_block_load(op->region->block, op->ev.offset, op->ev.size);
}

static inline bool step(struct cdma_bulk *op, const struct cdma_site *site)
{
	struct cdma_event *ev = &op->ev;
	size_t at, end;

	if (op->faulty)
		cdma_late_access(op, site);
	if (op->done == ev->op_size)
		return false;
	at = next_piece(op, &end);
	describe(op, at, end, site);
	if (ev->kind == CDMA_EV_WRITE)
		ev->value = op->buf ? cdma_value_get(op->buf + at, ev->size)
				    : in_place(op);
	if (ev->kind == CDMA_EV_WRITE && op->sources)
		take_sources(op, at);
	piece(op);
	if (ev->kind == CDMA_EV_READ && op->buf)
		cdma_value_put(ev->value, op->buf + at, ev->size);
	return op->done < ev->op_size;
}

bool cdma_bulk_step_at(struct cdma_bulk *op, const struct cdma_site *site)
{
	cdma_step(op->world, site);
	return step(op, site);
}

int cdma_bulk_end(struct cdma_bulk *op)
{
	if (op->ev.kind == CDMA_EV_READ)
		op->world->last_dep = op->dep;
	return op->missed ? -EFAULT : 0;
}

int cdma_op_run(struct cdma_bulk *op, const struct cdma_site *site)
{
	/* Others can act between two pieces. */
	while (step(op, site))
		cdma_step(op->world, site);
	return cdma_bulk_end(op);
}

/* Of pieces, where it is not aligned or not inside. */
static uint64_t value_in_pieces(struct cdma_bulk *op,
				const struct cdma_site *site)
{
	unsigned int size = (unsigned int)op->ev.op_size;
	unsigned char buf[8];

	cdma_value_put(op->ev.value, buf, size);
	op->buf = buf;
	cdma_op_run(op, site);
	op->buf = NULL;
	return cdma_value_get(buf, size);
}

uint64_t cdma_op_value(struct cdma_bulk *op, const struct cdma_site *site)
{
	if (op->faulty)
		cdma_late_access(op, site);
	if (op->done == op->ev.op_size)
		return op->ev.value;
	describe(op, 0, op->ev.op_size, site);
	if (op->ev.size < op->ev.op_size)
		return value_in_pieces(op, site);
	piece(op);
	cdma_bulk_end(op);
	return op->ev.value;
}

void cdma_op_box(struct cdma_bulk *op, struct cdma_box *box,
		 enum cdma_event_kind kind, uint64_t offset, size_t size)
{
	struct cdma_region *region = box->region;

	cdma_op_begin(op, region->world, region, kind, CDMA_PLAIN, offset,
		      size);
	op->stale = box->consumed;
}
