/* SPDX-License-Identifier: MIT */
#include <cdma/call.h>
#include <cdma/irq.h>
#include <cdma/sync.h>

#include "model/actor.h"
#include "model/device.h"
#include "model/handler.h"
#include "model/late.h"
#include "model/step.h"
#include "model/world.h"

struct cdma_irq {
	struct cdma_handler handler;
	struct cdma_device *dev; /* borrowed */
};

struct cdma_irq *cdma_irq_new(struct cdma_device *dev, enum cdma_irq_kind kind,
			      const char *name)
{
	struct cdma_world *world = dev->world;
	struct cdma_irq *irq = cdma_world_zalloc(world, sizeof(*irq));

	cdma_handler_init(&irq->handler, world, CDMA_HANDLER_IRQ, name);
	irq->dev = dev;
	irq->handler.is_wire = kind != CDMA_IRQ_MSI;
	irq->handler.is_level = kind == CDMA_IRQ_LEVEL;
	irq->handler.device = dev->name;
	return irq;
}

cdma_object_id cdma_irq_id(const struct cdma_irq *irq)
{
	return irq->handler.id;
}

struct cdma_handler *cdma_irq_handler(struct cdma_irq *irq)
{
	return &irq->handler;
}

const char *cdma_irq_name(const struct cdma_irq *irq)
{
	return cdma_object_name(irq->dev->world, irq->handler.id);
}

struct cdma_device *cdma_irq_device(const struct cdma_irq *irq)
{
	return irq->dev;
}

void cdma_irq_raised(struct cdma_irq *irq, struct cdma_actor *engine,
		     const struct cdma_site *site)
{
	struct cdma_event ev =
		cdma_event_by(irq->dev->world, engine, CDMA_EV_IRQ_RAISE, site);

	cdma_handler_set(&irq->handler);
	ev.object = irq->handler.id;
	ev.flags = irq->handler.is_wire ? CDMA_EVF_RELAXED : 0;
	cdma_world_emit(irq->dev->world, &ev);
}

void cdma_irq_raise_at(struct cdma_irq *irq, struct cdma_actor *engine,
		       const struct cdma_site *site)
{
	CDMA_REQUIRE(engine->dev == irq->dev);
	CDMA_REQUIRE(engine->state == CDMA_ACTOR_RUNNING);
	cdma_step(irq->dev->world, site);
	if ((irq->dev->gone || *irq->dev->world->armed & CDMA_ARMED_IRQS) &&
	    !cdma_late_raise(irq, engine, site))
		return;
	irq->handler.raised = irq->handler.is_level;
	cdma_irq_raised(irq, engine, site);
}

int cdma_irq_request_at(struct cdma_irq *irq, const struct cdma_site *site)
{
	struct cdma_world *world = irq->dev->world;
	int err;

	cdma_step(world, site);
	err = cdma_world_fault(world, CDMA_FAULT_REQUEST_IRQ,
			       cdma_irq_name(irq), 1, false, site);
	cdma_called_at(world,
		       &(struct cdma_called){.call = CDMA_CALL_REQUEST_IRQ,
					     .device = irq->dev->id,
					     .result = err},
		       site);
	if (err)
		return err;
	irq->handler.shut = false;
	/* What was raised before is lost, but for a level that is so still. */
	cdma_handler_change_at(&irq->handler, 0, site);
	if (irq->handler.raised)
		cdma_handler_set(&irq->handler);
	cdma_handler_change_at(&irq->handler, CDMA_HANDLER_LET, site);
	irq->handler.requested = true;
	irq->handler.since = (struct cdma_party){
		.seq = world->stream.seq,
		.site = site,
		.ctx = world->ctx,
		.object = irq->handler.id,
		.actor = world->actor->id,
		.kind = CDMA_EV_RELEASE,
	};
	return 0;
}

void cdma_irq_unrequest(struct cdma_irq *irq)
{
	irq->handler.shut = true;
}

bool cdma_irq_is_requested(const struct cdma_irq *irq)
{
	return !irq->handler.shut;
}

void cdma_irq_lower_at(struct cdma_irq *irq, struct cdma_actor *engine,
		       const struct cdma_site *site)
{
	struct cdma_event ev =
		cdma_event_by(irq->dev->world, engine, CDMA_EV_STATE, site);

	CDMA_REQUIRE(irq->handler.is_level);
	cdma_step(irq->dev->world, site);
	irq->handler.raised = irq->handler.armed = false;
	ev.object = irq->handler.id;
	ev.value = 1;
	cdma_world_emit(irq->dev->world, &ev);
}

bool cdma_irq_is_storm(const struct cdma_irq *irq)
{
	const struct cdma_handler *h = &irq->handler;

	return (h->raised && h->stormed) || cdma_handler_storms(h);
}
