/* SPDX-License-Identifier: MIT */
#include <cdma/mmio.h>

#include "model/access.h"
#include "model/actor.h"

/*
 * Registers that do something: what that is, somebody else says.
 */

void cdma_mmio_set_ops(struct cdma_mmio *mmio, const struct cdma_mmio_ops *ops,
		       void *aux, struct cdma_actor *port)
{
	CDMA_REQUIRE(ops && port && port->is_port);
	CDMA_REQUIRE(port->dev == mmio->region->dev);
	mmio->ops = ops;
	mmio->aux = aux;
	mmio->port = port;
}

/* What comes of it is all in the step of the CPU. */
struct scene {
	struct cdma_actor *actor;
	struct cdma_stepper stepper;
	struct cdma_ambient ambient;
};

static struct scene enter(struct cdma_world *world, struct cdma_actor *port)
{
	struct scene was = {world->actor, world->stepper, world->ambient};

	world->actor = port;
	world->stepper = (struct cdma_stepper){0};
	world->ambient = (struct cdma_ambient){0};
	return was;
}

static void leave(struct cdma_world *world, const struct scene *was)
{
	world->actor = was->actor;
	world->stepper = was->stepper;
	world->ambient = was->ambient;
}

void cdma_mmio_react(struct cdma_bulk *op)
{
	struct cdma_mmio *mmio = &op->region->mmio;
	struct cdma_event *ev = &op->ev;
	struct scene was;

	if (op->missed || op->region->dev->gone ||
	    mmio->port->state != CDMA_ACTOR_RUNNING)
		return;
	was = enter(op->world, mmio->port);
	if (ev->kind == CDMA_EV_WRITE && mmio->ops->written) {
		mmio->ops->written(mmio->aux, ev->offset, ev->size, ev->site);
	} else if (ev->kind == CDMA_EV_READ && mmio->ops->read) {
		mmio->asking = op;
		ev->value = mmio->ops->read(mmio->aux, ev->offset, ev->size,
					    ev->value, ev->site);
		mmio->asking = NULL;
	}
	leave(op->world, &was);
}

void cdma_mmio_tell_at(struct cdma_mmio *mmio, size_t offset,
		       unsigned int width, const struct cdma_site *site)
{
	struct cdma_bulk *asking = mmio->asking, op;
	struct cdma_world *world = mmio->region->world;
	struct cdma_actor *port = world->actor;

	if (!asking ||
	    (asking->ev.offset == offset && asking->ev.size == width))
		return;
	world->actor = asking->actor;
	cdma_op_begin(&op, world, mmio->region, CDMA_EV_READ, CDMA_MMIO, offset,
		      width);
	op.ev.iova = asking->ev.iova;
	op.flags = asking->flags | CDMA_EVF_TOLD;
	cdma_op_value(&op, site);
	world->actor = port;
	asking->dep = cdma_dep_join(world->deps, asking->dep, op.dep);
}
