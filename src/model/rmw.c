/* SPDX-License-Identifier: MIT */
#include <cdma/rmw.h>

#include "model/access.h"
#include "model/step.h"

uint64_t cdma_rmw_begin(struct cdma_rmw *rmw, struct cdma_view view,
			const struct cdma_site *site)
{
	struct cdma_bulk *op = &rmw->read;

	CDMA_REQUIRE(view.size && view.size <= 8 &&
			     !(view.size & (view.size - 1)) &&
			     !(view.offset & (view.size - 1)),
		     "%zu bytes at %zu are no word", view.size, view.offset);
	CDMA_REQUIRE(view.backend <= CDMA_BACKEND_SYSMEM);
	cdma_step(view.region->world, site);
	cdma_op_begin_view(op, view, CDMA_EV_READ, CDMA_MARKED);
	cdma_op_look(op, site);
	return op->ev.value;
}

void cdma_rmw_read(struct cdma_rmw *rmw, uint32_t flags)
{
	struct cdma_bulk *op = &rmw->read;

	op->ev.flags |= flags;
	cdma_world_emit(op->world, &op->ev);
	op->world->last_dep = cdma_dep_read(op->ev.seq);
}

void cdma_rmw_write(struct cdma_rmw *rmw, uint64_t value, cdma_dep_t data,
		    uint32_t flags)
{
	const struct cdma_bulk *op = &rmw->read;
	struct cdma_event ev = op->ev;

	if (op->missed)
		return;
	ev.op = 0;
	ev.kind = CDMA_EV_WRITE;
	ev.rf = op->ev.seq;
	ev.value = value & UINT64_MAX >> (64 - 8 * ev.size);
	ev.data_dep = data;
	ev.flags =
		(op->ev.flags & ~(uint32_t)(CDMA_EVF_ACQUIRE | CDMA_EVF_UNSEEN |
					    CDMA_EVF_UNUSED)) |
		flags;
	cdma_block_store(op->region->block, ev.offset, ev.size, ev.value);
	cdma_world_emit(op->world, &ev);
}
