/* SPDX-License-Identifier: MIT */
#include <cdma/irq.h>

#include "model/actor.h"
#include "model/device.h"
#include "model/world.h"

struct cdma_irq {
	struct cdma_device *dev; /* borrowed */
	cdma_object_id id;
	enum cdma_irq_kind kind;
	bool pending, disabled, freed;
	struct cdma_actor *handler; /* that runs; borrowed, or NULL */
};

struct cdma_irq *cdma_irq_new(struct cdma_device *dev, enum cdma_irq_kind kind,
			      const char *name)
{
	struct cdma_world *world = dev->world;
	struct cdma_irq *irq = cdma_world_zalloc(world, sizeof(*irq));

	irq->dev = dev;
	irq->kind = kind;
	irq->id = cdma_world_object(world, cdma_world_strdup(world, name));
	return irq;
}

cdma_object_id cdma_irq_id(const struct cdma_irq *irq)
{
	return irq->id;
}

static void emit(struct cdma_irq *irq, struct cdma_actor *by,
		 enum cdma_event_kind kind, const struct cdma_site *site)
{
	struct cdma_world *world = irq->dev->world;
	struct cdma_event ev = cdma_event_by(world, by, kind, site);

	ev.object = irq->id;
	if ((kind == CDMA_EV_IRQ_RAISE || kind == CDMA_EV_IRQ_ENTER) &&
	    irq->kind == CDMA_IRQ_INTX)
		ev.flags |= CDMA_EVF_RELAXED;
	/* It waits for a handler: no lock that an enable_irq() gives back. */
	if (kind == CDMA_EV_ACQUIRE)
		ev.flags |= CDMA_EVF_POLL;
	cdma_world_emit(world, &ev);
}

void cdma_irq_raise_at(struct cdma_irq *irq, struct cdma_actor *engine,
		       const struct cdma_site *site)
{
	CDMA_REQUIRE(engine->dev == irq->dev);
	CDMA_REQUIRE(engine->state == CDMA_ACTOR_RUNNING);
	irq->pending = !irq->freed;
	emit(irq, engine, CDMA_EV_IRQ_RAISE, site);
}

bool cdma_irq_is_pending(const struct cdma_irq *irq)
{
	return irq->pending && !irq->disabled && !irq->handler;
}

bool cdma_irq_is_running(const struct cdma_irq *irq)
{
	return irq->handler;
}

void cdma_irq_enter_at(struct cdma_irq *irq, struct cdma_actor *handler,
		       const struct cdma_site *site)
{
	CDMA_REQUIRE(cdma_irq_is_pending(irq));
	CDMA_REQUIRE(handler->kind == CDMA_IRQ &&
		     handler->state == CDMA_ACTOR_RUNNING);
	irq->pending = false;
	irq->handler = handler;
	emit(irq, handler, CDMA_EV_IRQ_ENTER, site);
	emit(irq, handler, CDMA_EV_ACQUIRE, site);
}

void cdma_irq_exit_at(struct cdma_irq *irq, const struct cdma_site *site)
{
	CDMA_REQUIRE(irq->handler, "no handler runs");
	emit(irq, irq->handler, CDMA_EV_RELEASE, site);
	irq->handler = NULL;
}

void cdma_irq_disable(struct cdma_irq *irq)
{
	irq->disabled = true;
}

void cdma_irq_enable_at(struct cdma_irq *irq, const struct cdma_site *site)
{
	irq->disabled = false;
	emit(irq, irq->dev->world->actor, CDMA_EV_RELEASE, site);
}

void cdma_irq_sync_at(struct cdma_irq *irq, const struct cdma_site *site)
{
	CDMA_REQUIRE(!irq->handler, "a handler runs");
	emit(irq, irq->dev->world->actor, CDMA_EV_ACQUIRE, site);
}

void cdma_irq_free_at(struct cdma_irq *irq, const struct cdma_site *site)
{
	cdma_irq_sync_at(irq, site);
	irq->freed = true;
	irq->pending = false;
}
