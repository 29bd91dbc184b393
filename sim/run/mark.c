/* SPDX-License-Identifier: MIT */
#include "run/world.h"

#include <stddef.h>

#include "native/native.h"
#include "run/port.h"

/* Registers, slots, and what instructions keep in actors. */
static void mark_values(struct machine *m)
{
	const struct program *p = m->program;
	struct cdma_image *image = &m->image;

	cdma_image_add(image, m->regs, p->nr_regs * sizeof(*m->regs));
	cdma_image_add(image, m->memory, p->slots.nr * sizeof(*m->memory));
	cdma_image_add(image, m->at, p->slots.nr * sizeof(*m->at));
	cdma_image_add(image, m->frame, p->frame_size);
	cdma_image_add(image, m->frame_undef,
		       p->frame_size * sizeof(*m->frame_undef));
	cdma_image_add(image, m->frame_sources,
		       p->frame_size * sizeof(*m->frame_sources));
	cdma_image_add(image, m->devices, p->devices.nr * sizeof(*m->devices));
	ports_mark(m);
	for (size_t i = 0; i <= p->sections.nr; i++)
		cdma_image_add(image, &m->actors[i],
			       offsetof(struct actor, scratch));
	cdma_image_add_vec(image, &m->leases);
	cdma_image_add_vec(image, &m->names);
	cdma_image_add_vec(image, &m->last_name);
	cdma_image_add_vec(image, &m->pointees);
}

void world_mark(struct machine *m)
{
	if (m->is_watched || m->record || m->has_stopped || m->is_open ||
	    cdma_findings_nr(m->findings))
		return;
	cdma_image_clear(&m->image);
	mark_values(m);
	cdma_image_add(&m->image, &m->live,
		       offsetof(struct machine, record) -
			       offsetof(struct machine, live));
	if (m->program->natives.nr)
		native_mark(&m->image);
	cdma_world_mark(m->world);
	cdma_order_mark(m->order);
	m->is_marked = true;
}

bool world_rewind(struct machine *m)
{
	if (!m->is_marked)
		return false;
	cdma_findings_reset(m->findings);
	cdma_world_rewind(m->world);
	cdma_order_rewind(m->order);
	if (m->program->natives.nr)
		native_rewind(m, m->world, &m->image);
	else
		cdma_image_restore(&m->image);
	return true;
}
