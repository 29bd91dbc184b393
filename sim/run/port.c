/* SPDX-License-Identifier: MIT */
#include "run/port.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "native/native.h"
#include "run/step.h"

/* What a step is in the middle of. */
struct pause {
	uint32_t flags, ctx;
	const struct insn *rmw;
	bool within; /* it is one of native code */
};

static struct pause pause_step(struct machine *m)
{
	struct pause p = {m->flags, run_ctx(m), m->rmw, native_within(true)};

	m->flags = 0;
	m->rmw = NULL;
	return p;
}

static void go_on(struct machine *m, const struct pause *p)
{
	m->flags = p->flags;
	m->rmw = p->rmw;
	native_within(p->within);
	run_frames_set(m, p->ctx);
}

/* Loops have a bound of their own, and all of a run has one. */
static void run_body(struct machine *m, struct actor *a,
		     const struct program_reaction *r)
{
	const struct insn *in;

	a->section = &r->section;
	a->pc = r->section.entry;
	a->state = ACTOR_LIVE;
	a->err = 0;
	for (in = next_of(m, a);
	     in->op != INSN_END && a->state == ACTOR_LIVE && !m->has_stopped;
	     in = next_of(m, a)) {
		run_count(m, &m->turns);
		perform(m, a, in);
	}
	if (in->op == INSN_END)
		run_reach(m, in, REACH_DONE);
}

/* The registers of @r that @width bytes at @offset touch: from *@first on,
 * before the one that is returned. */
static uint64_t touched(const struct program_reaction *r, uint64_t offset,
			uint64_t width, uint64_t *first)
{
	uint64_t size = r->word.size, end = r->offset + size * r->count;

	if (offset >= end || offset + width <= r->offset)
		return *first = 0;
	*first = offset > r->offset ? (offset - r->offset) / size : 0;
	if (offset + width < end)
		end = offset + width;
	return (end - r->offset + size - 1) / size;
}

/* ---- writes ---- */

static void written_one(struct port *port, const struct program_reaction *r,
			uint64_t i)
{
	struct machine *m = port->machine;
	struct actor *a = &port->actor;
	const struct cdma_site *site = m->program->sites.at[r->section.site];
	uint64_t raw = cdma_engine_reg_read_at(a->who, m->at[r->slot]->mmio,
					       r->offset + i * r->word.size,
					       r->word.size, site);

	if (r->which)
		*reg(m, r->which) = value_of(i, 0);
	if (r->value)
		*reg(m, r->value) = value_of(decode(&r->word, raw),
					     cdma_last_dep(m->world));
	run_body(m, a, r);
}

static void written(void *aux, size_t offset, unsigned int width,
		    const struct cdma_site *site)
{
	struct port *port = aux;
	struct machine *m = port->machine;
	struct pause pause = pause_step(m);

	(void)site;
	for (size_t k = 0; k < m->program->reactions.nr; k++) {
		const struct program_reaction *r = &m->program->reactions.at[k];
		uint64_t first, end;

		if (r->is_read || r->device != port->device)
			continue;
		end = touched(r, offset, width, &first);
		for (uint64_t i = first; i < end; i++)
			written_one(port, r, i);
	}
	go_on(m, &pause);
}

/* ---- reads ---- */

/* What register @i holds, without a trace. */
static uint64_t held(const struct machine *m, const struct program_reaction *r,
		     uint64_t i)
{
	unsigned char bytes[8] = {0};

	cdma_region_peek(m->world, m->at[r->slot]->region,
			 r->offset + i * r->word.size, bytes, r->word.size);
	return bytes_get(bytes, r->word.size);
}

/* Put the bytes of @answer, of the register at @at, where they lie in what is
 * read at @offset. */
static uint64_t overlay(uint64_t value, uint64_t offset, unsigned int width,
			uint64_t answer, uint64_t at, unsigned int size)
{
	for (uint64_t b = at; b < at + size; b++) {
		unsigned int shift = (unsigned int)(8 * (b - offset));

		if (b < offset || b >= offset + width)
			continue;
		value &= ~(UINT64_C(0xff) << shift);
		value |= (answer >> 8 * (b - at) & 0xff) << shift;
	}
	return value;
}

static uint64_t read_one(struct port *port, const struct program_reaction *r,
			 uint64_t i)
{
	struct machine *m = port->machine;
	uint64_t raw = held(m, r, i);

	if (r->which)
		*reg(m, r->which) = value_of(i, 0);
	*reg(m, r->answer) = value_of(decode(&r->word, raw), 0);
	m->is_answering = true;
	run_body(m, &port->actor, r);
	m->is_answering = false;
	return encode(&r->word, reg(m, r->answer)->bits);
}

static uint64_t answered(void *aux, size_t offset, unsigned int width,
			 uint64_t value, const struct cdma_site *site)
{
	struct port *port = aux;
	struct machine *m = port->machine;
	struct pause pause = pause_step(m);

	(void)site;
	for (size_t k = 0; k < m->program->reactions.nr; k++) {
		const struct program_reaction *r = &m->program->reactions.at[k];
		uint64_t first, end;

		if (!r->is_read || r->device != port->device)
			continue;
		end = touched(r, offset, width, &first);
		for (uint64_t i = first; i < end; i++)
			value = overlay(
				value, offset, width, read_one(port, r, i),
				r->offset + i * r->word.size, r->word.size);
	}
	go_on(m, &pause);
	return value;
}

static const struct cdma_mmio_ops ops = {.written = written, .read = answered};

/* ---- the life of ports ---- */

void ports_new(struct machine *m)
{
	if (!m->program->reactions.nr)
		return;
	m->ports = cdma_xcalloc(m->program->devices.nr, sizeof(*m->ports));
	for (size_t i = 0; i < m->program->devices.nr; i++) {
		m->ports[i].machine = m;
		m->ports[i].device = (uint16_t)i;
		m->ports[i].actor.is_device = true;
	}
}

void ports_begin(struct machine *m, const struct cdma_site *site)
{
	for (size_t i = 0; m->ports && i < m->program->devices.nr; i++) {
		const struct program_device *d = &m->program->devices.at[i];
		struct port *port = &m->ports[i];

		if (!d->reacts)
			continue;
		port->actor.who = cdma_port_new(m->devices[i].dev, d->name);
		cdma_actor_start_at(port->actor.who, site);
		cdma_mmio_set_ops(m->memory[d->slot].mmio, &ops, port,
				  port->actor.who);
	}
}

void ports_mark(struct machine *m)
{
	for (size_t i = 0; m->ports && i < m->program->devices.nr; i++)
		cdma_image_add(&m->image, &m->ports[i].actor,
			       offsetof(struct actor, scratch));
}

void ports_free(struct machine *m)
{
	free(m->ports);
}
