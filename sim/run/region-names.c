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

void run_name(struct machine *m, const struct memory *memory)
{
	const char *name = run_slot_name(m, memory);

	if (!name)
		return;
	for (size_t i = 0; i < m->names.nr; i++)
		if (m->names.at[i].region == memory->region &&
		    !strcmp(m->names.at[i].name, name))
			return;
	*cdma_vec_push(&m->names) = (struct region_name){
		.region = memory->region,
		.name = name,
		.type = run_slot_type(m, memory),
		.since = cdma_world_stream(m->world)->seq,
	};
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
	bool any = false;

	for (size_t j = 0; j < m->names.nr; j++)
		if (m->names.at[j].region == region) {
			any = true;
			if (!i--)
				return m->names.at[j].name;
		}
	return any || i ? NULL : given_name(m, region);
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
	*out = (struct region_label){0};
	if (fixed_label(m, region, out))
		return true;
	for (size_t i = 0; i < m->names.nr; i++) {
		const struct region_name *n = &m->names.at[i];

		if (n->region != region || (out->name && n->since >= seq))
			continue;
		out->name = n->name;
		if (n->type)
			out->type = n->type;
	}
	if (!out->name)
		out->name = given_name(m, region);
	return out->name;
}

const char *run_region_name(const struct machine *m,
			    const struct memory *memory)
{
	for (size_t i = m->names.nr; i > 0; i--)
		if (m->names.at[i - 1].region == memory->region)
			return m->names.at[i - 1].name;
	return "memory";
}
