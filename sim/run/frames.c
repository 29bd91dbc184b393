/* SPDX-License-Identifier: MIT */
#include "run/state.h"

#include <stdlib.h>

#include "base/xalloc.h"

/*
 * Loops and calls, each turn once: its number is the ctx of the events in it.
 *
 * A hash table of numbers leads to them, for a loop may have many turns.
 */

static size_t hash_of(const struct frame *f)
{
	uint64_t h = f->parent * 0x9e3779b97f4a7c15u ^ f->index;

	/* A site by its place: an address would be another one in each run of
	 * the program, though nothing that is seen depends on it. */
	h = (h ^ f->site->line) * 0x9e3779b97f4a7c15u;
	h = (h ^ f->site->col) * 0x9e3779b97f4a7c15u;
	return h >> 20;
}

static bool same(const struct frame *a, const struct frame *b)
{
	return a->site == b->site && a->parent == b->parent &&
	       a->index == b->index;
}

/* Where the number of @frame is, or goes. */
static uint32_t *find(const struct machine *m, const struct frame *frame)
{
	for (size_t i = hash_of(frame);; i++) {
		uint32_t *at = &m->frame_table[i & (m->frame_room - 1)];

		if (!*at || same(&m->frames.at[*at - 1], frame))
			return at;
	}
}

static void grow(struct machine *m)
{
	m->frame_room = m->frame_room ? m->frame_room * 2 : 64;
	free(m->frame_table);
	m->frame_table = cdma_xcalloc(m->frame_room, sizeof(*m->frame_table));
	for (size_t i = 0; i < m->frames.nr; i++)
		*find(m, &m->frames.at[i]) = (uint32_t)i + 1;
}

static uint32_t intern(struct machine *m, const struct frame *frame)
{
	uint32_t *at;

	if (m->frames.nr * 2 >= m->frame_room)
		grow(m);
	at = find(m, frame);
	if (!*at) {
		*cdma_vec_push(&m->frames) = *frame;
		*at = (uint32_t)m->frames.nr;
	}
	return *at;
}

/* Most events are in the turn that the last one of their loop was in. */
static uint32_t remember(struct machine *m, uint32_t scope,
			 const struct frame *frame)
{
	uint32_t *last = &m->frame_last[scope];

	if (!*last || *last > m->frames.nr ||
	    !same(&m->frames.at[*last - 1], frame))
		*last = intern(m, frame);
	return *last;
}

static uint32_t frame_of(struct machine *m, uint32_t scope)
{
	const struct scope *s = &m->program->scopes.at[scope];
	struct frame frame;

	if (!scope)
		return 0;
	if (!m->frame_last)
		m->frame_last = cdma_xcalloc(m->program->scopes.nr,
					     sizeof(*m->frame_last));
	frame = (struct frame){
		.site = m->program->sites.at[s->site],
		.name = s->name,
		.index = s->name ? m->regs[s->reg].bits : 0,
		.parent = frame_of(m, s->parent),
	};
	return remember(m, scope, &frame);
}

void run_frames(struct machine *m, const struct insn *in)
{
	size_t pc = (size_t)(in - m->program->code.at);

	m->ctx = frame_of(m, m->program->scope_of.at[pc]);
	cdma_set_ctx(m->world, m->ctx);
}

uint32_t run_frames_call(struct machine *m, const struct cdma_site *site,
			 uint32_t ctx)
{
	const struct frame frame = {.site = site, .parent = ctx};

	return intern(m, &frame);
}

void run_frames_set(struct machine *m, uint32_t ctx)
{
	m->ctx = ctx;
	cdma_set_ctx(m->world, ctx);
}

void run_frames_reset(struct machine *m)
{
	if (m->frames.nr)
		memset(m->frame_table, 0,
		       m->frame_room * sizeof(*m->frame_table));
	m->frames.nr = 0;
	m->ctx = 0;
}

uint32_t run_ctx(const struct machine *m)
{
	return m->ctx;
}

void machine_record_frames(struct machine *m, bool on)
{
	m->record = on;
	m->is_marked = false;
}

const struct frame *machine_frame(const struct machine *m, uint32_t ctx)
{
	return ctx && ctx <= m->frames.nr ? &m->frames.at[ctx - 1] : NULL;
}
