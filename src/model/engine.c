/* SPDX-License-Identifier: MIT */
#include <cdma/engine.h>

#include "model/access.h"
#include "model/bounce.h"
#include "model/mapping.h"
#include "model/step.h"

#include <string.h>

struct cdma_actor *cdma_engine_new(struct cdma_device *dev, const char *name)
{
	CDMA_REQUIRE(dev && name);
	return cdma_actor_make(dev->world, CDMA_DEVICE, dev, name);
}

struct cdma_actor *cdma_port_new(struct cdma_device *dev, const char *name)
{
	struct cdma_actor *port = cdma_engine_new(dev, name);

	port->is_port = true;
	return port;
}

bool cdma_engine_drives(const struct cdma_actor *engine, cdma_addr_t addr)
{
	return addr <= UINT64_MAX >> (64 - engine->dev->config.addr_bits);
}

cdma_region_id cdma_engine_translate(struct cdma_actor *engine,
				     cdma_addr_t addr)
{
	struct cdma_iova_lookup *lookup = &engine->lookup;

	CDMA_REQUIRE(engine->kind == CDMA_DEVICE && engine->world->iova.index);
	*lookup = cdma_iova_look_up(&engine->world->iova, addr);
	return lookup->is_found ? lookup->range.region->id : 0;
}

struct cdma_target cdma_engine_target(const struct cdma_actor *engine,
				      cdma_addr_t addr)
{
	struct cdma_iova *iova = &engine->world->iova;

	return cdma_iova_holds(iova, &engine->lookup, addr)
		       ? cdma_iova_target_in(&engine->lookup.range, addr)
		       : cdma_iova_target(iova, addr);
}

int cdma_engine_read_at(struct cdma_actor *engine, cdma_addr_t addr, void *dst,
			size_t size, const struct cdma_site *site)
{
	struct cdma_bulk op;

	cdma_step(engine->world, site);
	cdma_bulk_dma_read_begin(&op, engine, addr, dst, size);
	return cdma_op_run(&op, site);
}

int cdma_engine_write_split_at(struct cdma_actor *engine, cdma_addr_t addr,
			       const void *src, size_t size,
			       enum cdma_split split,
			       const struct cdma_site *site)
{
	struct cdma_bulk op;

	cdma_step(engine->world, site);
	cdma_bulk_dma_write_begin(&op, engine, addr, src, size, split);
	return cdma_op_run(&op, site);
}

int cdma_engine_write_at(struct cdma_actor *engine, cdma_addr_t addr,
			 const void *src, size_t size,
			 const struct cdma_site *site)
{
	return cdma_engine_write_split_at(engine, addr, src, size,
					  CDMA_SPLIT_NONE, site);
}

static bool is_lost(const struct cdma_target *to)
{
	if (to->mapping)
		return to->mapping->unbound ||
		       (cdma_mapping_is_over(to->mapping) &&
			!cdma_mapping_lingers(to->mapping));
	return to->region && to->region->unmapped;
}

/* Whether the engine reaches it, alive or not. */
static bool reaches(const struct cdma_actor *engine,
		    const struct cdma_target *to)
{
	const struct cdma_device *dev =
		to->mapping ? to->mapping->dev : to->region->dev;

	return engine->dev->master && dev == engine->dev && !is_lost(to);
}

void cdma_engine_peek(const struct cdma_actor *engine, cdma_addr_t addr,
		      void *dst, size_t size)
{
	struct cdma_world *world = engine->world;
	struct cdma_target to = {.offset = addr};
	const struct cdma_bounce *bounce = NULL;

	if (cdma_engine_drives(engine, addr))
		to = cdma_iova_target(&world->iova, addr);
	if (to.mapping)
		bounce = to.mapping->bounce;
	if (to.region && reaches(engine, &to) && bounce)
		cdma_region_peek(world, bounce->copy->id,
				 to.offset - bounce->base, dst, size);
	else if (to.region && reaches(engine, &to))
		cdma_region_peek(world, to.region->id, to.offset, dst, size);
	else
		memset(dst, is_lost(&to) ? CDMA_POISON_DEAD : CDMA_POISON_BUS,
		       size);
}

/* An access to a register of the engine's own device. */
static void reg_begin(struct cdma_bulk *op, struct cdma_actor *engine,
		      const struct cdma_mmio *mmio, enum cdma_event_kind kind,
		      size_t offset, unsigned int width)
{
	struct cdma_region *region = mmio->region;

	CDMA_REQUIRE(engine->kind == CDMA_DEVICE &&
			     engine->state == CDMA_ACTOR_RUNNING,
		     "%s is not a running engine", engine->name);
	CDMA_REQUIRE(region->dev == engine->dev);
	CDMA_REQUIRE(width && width <= 8 && !(width & (width - 1)) &&
		     offset % width == 0);
	CDMA_REQUIRE(offset < region->size && width <= region->size - offset);
	cdma_op_begin(op, engine->world, region, kind, CDMA_MMIO, offset,
		      width);
	op->actor = engine;
	op->ev.actor = engine->id;
	op->ev.iova = engine->dev->id;
}

uint64_t cdma_engine_reg_read_at(struct cdma_actor *engine,
				 const struct cdma_mmio *mmio, size_t offset,
				 unsigned int width,
				 const struct cdma_site *site)
{
	struct cdma_bulk op;

	if (cdma_step_look(engine->world, site))
		return cdma_step_peek(engine->world, mmio->region, offset,
				      width);
	reg_begin(&op, engine, mmio, CDMA_EV_READ, offset, width);
	return cdma_op_value(&op, site);
}

void cdma_engine_reg_write_at(struct cdma_actor *engine,
			      const struct cdma_mmio *mmio, size_t offset,
			      unsigned int width, uint64_t value,
			      const struct cdma_site *site)
{
	struct cdma_bulk op;

	cdma_step(engine->world, site);
	reg_begin(&op, engine, mmio, CDMA_EV_WRITE, offset, width);
	op.ev.value = value & UINT64_MAX >> (64 - 8 * width);
	cdma_op_value(&op, site);
}
