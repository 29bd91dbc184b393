/* SPDX-License-Identifier: MIT */
#include "model/bounce.h"

#include "model/access.h"
#include "model/judge.h"
#include "model/mapping.h"

/* ---- bytes ---- */

static void copy_piece(struct cdma_block *to, uint64_t to_at,
		       const struct cdma_block *from, uint64_t from_at,
		       unsigned int size)
{
	unsigned char undef = cdma_block_undef(from, from_at, size);

	cdma_block_store(to, to_at, size, cdma_block_load(from, from_at, size));
	cdma_block_undefine(to, to_at, undef);
}

/* The bytes of the region of @m from @first to before @end.  The copy has the
 * same place in a granule, so no piece crosses one on either side. */
static void copy(const struct cdma_mapping *m, uint64_t first, uint64_t end,
		 bool to_device)
{
	const struct cdma_bounce *b = m->bounce;
	struct cdma_block *memory = m->region->block;
	struct cdma_block *bounce = b->copy->block;

	if (end > m->region->size)
		end = m->region->size;
	if (!memory)
		return;
	while (first < end) {
		uint64_t room = 8 - first % 8;
		unsigned int size =
			(unsigned int)(room < end - first ? room : end - first);

		if (to_device)
			copy_piece(bounce, first - b->base, memory, first,
				   size);
		else
			copy_piece(memory, first, bounce, first - b->base,
				   size);
		first += size;
	}
}

void cdma_bounce_open(struct cdma_mapping *m, const struct cdma_site *site)
{
	struct cdma_world *world = m->dev->world;
	struct cdma_bounce *b = cdma_world_zalloc(world, sizeof(*b));

	b->base = m->offset & ~(uint64_t)7;
	cdma_set_name(world, "bounce buffer");
	b->copy = cdma_region_new(world, NULL, CDMA_REGION_SYSMEM, 1,
				  m->offset - b->base + m->size, false, site);
	m->bounce = b;
	m->region->is_bounced = true;
	copy(m, m->offset, m->offset + m->size, true);
}

struct cdma_block *cdma_bounce_block(const struct cdma_bulk *op,
				     uint64_t *offset)
{
	const struct cdma_bounce *b = op->mapping ? op->mapping->bounce : NULL;

	*offset = op->ev.offset;
	if (!b)
		return op->region->block;
	*offset -= b->base;
	return b->copy->block;
}

/* ---- what a copy loses ---- */

/* What was written, at @lost, is gone by the call @by. */
static void say_lost(const struct cdma_mapping *m,
		     const struct cdma_party *lost, const struct cdma_party *by,
		     const char *detail)
{
	struct cdma_finding finding = {
		.id = CDMA_FINDING_MISSING_SYNC,
		.region = m->region->id,
		.at = *lost,
		.against = *by,
		.detail = detail,
		.arg = {m->iova},
	};

	cdma_found(&m->dev->world->sink, &finding);
}

/* What of @written is overwritten by what lies on the other side, where nothing
 * newer is: that is in @other. */
static void judge_copy(const struct cdma_mapping *m,
		       const struct cdma_span *written,
		       const struct cdma_span *other, uint64_t first,
		       uint64_t end, const struct cdma_party *by,
		       const char *detail)
{
	const struct cdma_span *s = written;

	for (; (s = cdma_span_find(s, first, end)); s = s->next) {
		uint64_t from = s->first > first ? s->first : first;
		uint64_t to = s->end < end ? s->end : end;
		const struct cdma_span *o = cdma_span_find(other, from, to);

		if (!o || o->first > from || o->end < to ||
		    o->since.seq < s->since.seq)
			say_lost(m, &s->since, by, detail);
	}
}

static void forget(struct cdma_mapping *m, uint64_t first, uint64_t end)
{
	struct cdma_world *world = m->dev->world;

	cdma_span_set(world, &m->bounce->dirty, first, end, 0, NULL);
	cdma_span_set(world, &m->bounce->fresh, first, end, 0, NULL);
}

void cdma_bounce_to_device(struct cdma_mapping *m, uint64_t first, uint64_t end,
			   const struct cdma_party *by)
{
	struct cdma_bounce *b = m->bounce;

	judge_copy(m, b->fresh, b->dirty, first, end, by,
		   "what the device wrote is overwritten: it was not fetched");
	forget(m, first, end);
	copy(m, first, end, true);
}

void cdma_bounce_to_cpu(struct cdma_mapping *m, uint64_t first, uint64_t end,
			const struct cdma_party *by)
{
	struct cdma_bounce *b = m->bounce;

	judge_copy(
		m, b->dirty, b->fresh, first, end, by,
		"what the CPU wrote is overwritten with what the device has");
	forget(m, first, end);
	copy(m, first, end, false);
}

/* ---- accesses ---- */

void cdma_bounce_judge_cpu(struct cdma_bulk *op, struct cdma_mapping *m,
			   uint64_t first, uint64_t end, bool lenient)
{
	struct cdma_event *ev = &op->ev;
	struct cdma_bounce *b = m->bounce;
	const struct cdma_span *s;
	struct cdma_party self;

	if (ev->kind == CDMA_EV_READ) {
		s = cdma_span_find(b->fresh, first, end);
		if (s && !lenient)
			cdma_judge_say(op, ev, CDMA_FINDING_MISSING_SYNC,
				       m->region, &s->since,
				       "what the device wrote is in the bounce "
				       "buffer, and was not copied back",
				       m->iova, 0);
		return;
	}
	if (!cdma_mapping_is_live(m))
		return;
	self = cdma_party_next(op->world, ev);
	cdma_span_set(op->world, &b->dirty, first, end, 1, &self);
}

void cdma_bounce_judge_device(struct cdma_bulk *op, struct cdma_mapping *m)
{
	struct cdma_event *ev = &op->ev;
	uint64_t first = ev->offset, end = first + ev->size;
	struct cdma_bounce *b = m->bounce;
	const struct cdma_span *s;
	struct cdma_party self;

	if (ev->kind == CDMA_EV_READ) {
		s = cdma_span_find(b->dirty, first, end);
		if (s)
			cdma_judge_say(op, ev, CDMA_FINDING_MISSING_SYNC,
				       m->region, &s->since,
				       "what the CPU wrote was not copied to "
				       "the bounce buffer",
				       m->iova, 0);
		return;
	}
	self = cdma_party_next(op->world, ev);
	cdma_span_set(op->world, &b->fresh, first, end, 1, &self);
}
