/* SPDX-License-Identifier: MIT */
#include <cdma/barrier.h>

#include "model/step.h"
#include "model/world.h"

void cdma_barrier_at(struct cdma_world *world, enum cdma_domain domain,
		     enum cdma_ordering order, const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(world, CDMA_EV_BARRIER, site);

	/* Full ones have one order, so others can tell when one is done. */
	if (order == CDMA_ORDER_FULL)
		cdma_step(world, site);
	ev.domain = (uint8_t)domain;
	ev.order = (uint8_t)order;
	cdma_world_emit(world, &ev);
}
