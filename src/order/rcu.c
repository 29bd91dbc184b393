/* SPDX-License-Identifier: MIT */
#include "order/state.h"

/*
 * Read-side sections and grace periods: see <cdma/rcu.h>.
 *
 * A section takes over what the grace periods that had begun by its begin have
 * given away, and gives at its end; a grace period takes over, at its end, what
 * the sections have given that had begun by its begin.
 */

void cdma_order_section_begin(struct cdma_order *order,
			      const struct cdma_event *ev)
{
	struct cdma_order_actor *actor = cdma_order_acting(order, ev);

	actor->section_begin = ev->seq;
	cdma_order_take(order, actor, ev, &order->graces);
}

void cdma_order_section_end(struct cdma_order *order,
			    const struct cdma_event *ev)
{
	struct cdma_order_actor *actor = cdma_order_acting(order, ev);
	struct cdma_section *section = cdma_vec_push(&order->sections);

	*section = (struct cdma_section){.begin = actor->section_begin};
	cdma_order_give(order, actor, ev->actor, &section->object);
}

void cdma_order_grace_begin(struct cdma_order *order,
			    const struct cdma_event *ev)
{
	struct cdma_order_actor *actor = cdma_order_acting(order, ev);

	actor->grace_begin = ev->seq;
	cdma_order_give(order, actor, ev->actor, &order->graces);
}

void cdma_order_grace_end(struct cdma_order *order, const struct cdma_event *ev)
{
	struct cdma_order_actor *actor = cdma_order_acting(order, ev);

	for (size_t i = 0; i < order->sections.nr; i++) {
		struct cdma_section *section = &order->sections.at[i];

		if (section->begin < actor->grace_begin)
			cdma_order_take(order, actor, ev, &section->object);
	}
}
