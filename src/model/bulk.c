/* SPDX-License-Identifier: MIT */
#include <cdma/bulk.h>

#include "model/access.h"
#include "model/mapping.h"

/* memcpy_fromio and memcpy_toio order nothing. */
static void begin_copy(struct cdma_bulk *op, struct cdma_view view,
		       enum cdma_event_kind kind, enum cdma_access how,
		       void *buf)
{
	CDMA_REQUIRE(view.backend != CDMA_BACKEND_MMIO_RELAXED,
		     "a relaxed view has no copying methods");
	CDMA_REQUIRE(how <= CDMA_BULK);
	cdma_op_begin_view(op, view, kind, how);
	if (op->ev.how == CDMA_MMIO)
		op->flags |= CDMA_EVF_RELAXED;
	op->buf = buf;
}

void cdma_bulk_read_begin(struct cdma_bulk *op, struct cdma_view view,
			  enum cdma_access how, void *dst)
{
	begin_copy(op, view, CDMA_EV_READ, how, dst);
}

void cdma_bulk_write_begin(struct cdma_bulk *op, struct cdma_view view,
			   enum cdma_access how, const void *src)
{
	begin_copy(op, view, CDMA_EV_WRITE, how, (void *)src);
}

/* Registers of a device that are mapped for the engine: an access of the bus,
 * as one of a CPU. */
static bool is_of_registers(const struct cdma_actor *engine,
			    const struct cdma_target *to,
			    enum cdma_event_kind kind, size_t size)
{
	const struct cdma_mapping *m = to->mapping;
	enum cdma_direction never =
		kind == CDMA_EV_READ ? CDMA_FROM_DEVICE : CDMA_TO_DEVICE;

	return m && m->dir != never && m->kind == CDMA_MAP_RESOURCE &&
	       m->dev == engine->dev && cdma_mapping_is_live(m) &&
	       !m->unbound && engine->dev->master &&
	       to->region->state == CDMA_REGION_REGISTERS &&
	       cdma_mapping_covers(m, to->offset, size);
}

static void begin_dma(struct cdma_bulk *op, struct cdma_actor *engine,
		      enum cdma_event_kind kind, cdma_addr_t addr, void *buf,
		      size_t size)
{
	struct cdma_world *world = engine->world;
	struct cdma_target to = {.offset = addr};

	if (cdma_engine_drives(engine, addr))
		to = cdma_engine_target(engine, addr);
	cdma_op_begin(op, world, to.region, kind, CDMA_DMA, to.offset, size);
	op->mapping = to.mapping;
	if (to.mapping)
		op->limit = to.mapping->offset + to.mapping->size;
	op->actor = engine;
	op->ev.actor = engine->id;
	op->iova = addr;
	op->buf = buf;
	if (!is_of_registers(engine, &to, kind, size))
		return;
	op->ev.how = CDMA_MMIO;
	op->ev.iova = to.region->dev->id;
	op->reacts = to.region->mmio.ops != NULL;
	op->mapping = NULL;
}

static void want_running(const struct cdma_actor *engine)
{
	CDMA_REQUIRE(engine->kind == CDMA_DEVICE &&
			     engine->state == CDMA_ACTOR_RUNNING,
		     "%s is not a running engine", engine->name);
}

void cdma_bulk_dma_read_begin(struct cdma_bulk *op, struct cdma_actor *engine,
			      cdma_addr_t addr, void *dst, size_t size)
{
	want_running(engine);
	begin_dma(op, engine, CDMA_EV_READ, addr, dst, size);
	op->faulty = engine->dev->gone;
}

static void begin_write(struct cdma_bulk *op, struct cdma_actor *engine,
			cdma_addr_t addr, const void *src, size_t size)
{
	begin_dma(op, engine, CDMA_EV_WRITE, addr, (void *)src, size);
	if (op->region &&
	    (op->mapping ? op->mapping->attrs : op->region->attrs) &
		    CDMA_ATTR_WEAK_ORDERING)
		op->flags |= CDMA_EVF_UNORDERED;
}

void cdma_op_begin_late(struct cdma_bulk *op, struct cdma_actor *engine,
			cdma_addr_t addr, const void *src, size_t size)
{
	begin_write(op, engine, addr, src, size);
}

void cdma_bulk_dma_write_begin(struct cdma_bulk *op, struct cdma_actor *engine,
			       cdma_addr_t addr, const void *src, size_t size,
			       enum cdma_split split)
{
	want_running(engine);
	begin_write(op, engine, addr, src, size);
	if (split != CDMA_SPLIT_NONE)
		op->split = size / 2;
	op->high_first = split == CDMA_SPLIT_HIGH_FIRST;
	op->faulty =
		engine->dev->gone || *engine->world->armed & CDMA_ARMED_WRITES;
}
