/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

#include "base/text.h"

/*
 * What registers do: code that no thread has, done in the step of who touches
 * the register.
 */

/* "nic.ctl" */
static const char *name_of(struct compile *c, const struct reaction *reaction)
{
	struct cdma_text text = {0};
	const char *name;

	cdma_text_addf(&text, "%s.%s", reaction->device->name,
		       reaction->reg->name);
	name = keep(c, cdma_text_str(&text));
	cdma_text_fini(&text);
	return name;
}

static struct insn word_of(struct type type)
{
	const struct scalar_info *info = scalar_info(type.scalar);

	return (struct insn){
		.size = info->size,
		.flags = (uint8_t)((info->is_signed ? INSNF_SIGNED : 0) |
				   (info->big_endian ? INSNF_BIG : 0)),
	};
}

static void compile_body(struct compile *c, const struct reaction *reaction,
			 uint16_t answer)
{
	struct compile_call call = {.result = answer, .is_reaction = true};

	c->call = &call;
	compile_block(c, reaction->section.body);
	c->call = NULL;
	land(c, call.returns);
	set_site(c, reaction->section.span);
	emit(c, INSN_END);
}

static void compile_reaction(struct compile *c, const struct reaction *reaction)
{
	const struct type type = reaction->reg->type;
	struct program_device *device =
		&c->program->devices.at[reaction->device->index];
	struct program_reaction r = {
		.device = (uint16_t)reaction->device->index,
		.slot = device->slot,
		.offset = reaction->reg->offset,
		.count = type.is_array ? type.len : 1,
		.is_read = reaction->is_read,
		.word = word_of(type_element(type)),
		.answer = new_reg(c),
	};

	device->reacts = true;
	compile_begin_section(c, &reaction->section);
	c->func = name_of(c, reaction);
	r.section = (struct program_section){
		.kind = SECTION_REACTION,
		.name = c->func,
		.device = (int32_t)r.device,
		.core = -1,
		.handler = -1,
		.entry = here(c),
		.site = c->site,
	};
	if (reaction->which)
		r.which = sym_reg(c, reaction->which);
	if (reaction->value)
		r.value = sym_reg(c, reaction->value);
	compile_body(c, reaction, r.answer);
	*cdma_vec_push(&c->program->reactions) = r;
}

void compile_reactions(struct compile *c)
{
	for (size_t i = 0; i < c->unit->nr_reactions; i++)
		compile_reaction(c, &c->unit->reactions[i]);
}
