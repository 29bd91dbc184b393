/* SPDX-License-Identifier: MIT */
#include "run/state.h"

/*
 * What memory is called: by the slots that stood for it, one after the other.
 */

const char *run_slot_name(const struct machine *m, const struct memory *memory)
{
	return m->program->slots.at[memory - m->memory].name;
}

/* What the whole region holds, if the slot knows. */
static const struct type *run_slot_type(const struct machine *m,
					const struct memory *memory)
{
	const struct type *type =
		&m->program->slots.at[memory - m->memory].type;
	bool is_whole = memory->object == OBJECT_BOX ||
			memory->object == OBJECT_COHERENT ||
			memory->object == OBJECT_HANDLE ||
			memory->object == OBJECT_KMEM;

	return is_whole && type->scalar ? type : NULL;
}

/* The names of a region, the newest first. */
static const struct region_name *name_at(const struct machine *m, uint32_t nr)
{
	return nr ? &m->names.at[nr - 1] : NULL;
}

static const struct region_name *last_name(const struct machine *m,
					   cdma_region_id region)
{
	return name_at(m,
		       region < m->last_name.nr ? m->last_name.at[region] : 0);
}

static const struct region_name *older_name(const struct machine *m,
					    const struct region_name *n)
{
	return name_at(m, n->older);
}

static uint32_t *last_of(struct machine *m, cdma_region_id region)
{
	while (m->last_name.nr <= region)
		*cdma_vec_push(&m->last_name) = 0;
	return &m->last_name.at[region];
}

void run_name(struct machine *m, const struct memory *memory)
{
	const char *name = run_slot_name(m, memory);
	const struct region_name *n;

	if (!name)
		return;
	for (n = last_name(m, memory->region); n; n = older_name(m, n))
		if (!strcmp(n->name, name))
			return;
	*cdma_vec_push(&m->names) = (struct region_name){
		.older = *last_of(m, memory->region),
		.region = memory->region,
		.name = name,
		.type = run_slot_type(m, memory),
		.since = cdma_world_stream(m->world)->seq,
	};
	*last_of(m, memory->region) = (uint32_t)m->names.nr;
}

/* What native code calls it, which has no names of the scenario. */
static const char *given_name(const struct machine *m, cdma_region_id region)
{
	struct cdma_region_info info = {0};

	if (!m->program->natives.nr ||
	    !cdma_region_info(m->world, region, &info))
		return NULL;
	return info.name;
}

const char *machine_region_name(const struct machine *m, cdma_region_id region,
				size_t i)
{
	const struct region_name *n;
	size_t nr = 0;

	for (n = last_name(m, region); n; n = older_name(m, n))
		nr++;
	if (i >= nr)
		return nr || i ? NULL : given_name(m, region);
	for (n = last_name(m, region); ++i < nr;)
		n = older_name(m, n);
	return n->name;
}

/* Kernel memory and registers have one name, from the start. */
static bool fixed_label(const struct machine *m, cdma_region_id region,
			struct region_label *out)
{
	for (size_t i = 0; i < m->program->slots.nr; i++) {
		const struct program_slot *s = &m->program->slots.at[i];

		if (m->memory[i].region != region ||
		    (s->kind != SLOT_SHARED && s->kind != SLOT_REGS))
			continue;
		*out = (struct region_label){s->name, &s->type};
		return true;
	}
	return false;
}

bool machine_region_label(const struct machine *m, cdma_region_id region,
			  uint64_t seq, struct region_label *out)
{
	const struct region_name *n;

	*out = (struct region_label){0};
	if (fixed_label(m, region, out))
		return true;
	for (n = last_name(m, region); n; n = older_name(m, n)) {
		/* The first one it had, if it had none then. */
		if (n->since >= seq && n->older)
			continue;
		if (!out->name)
			out->name = n->name;
		if (!out->type)
			out->type = n->type;
	}
	if (!out->name)
		out->name = given_name(m, region);
	return out->name;
}

const char *run_region_name(const struct machine *m,
			    const struct memory *memory)
{
	const struct region_name *n = last_name(m, memory->region);

	return n ? n->name : "memory";
}
