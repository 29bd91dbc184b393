/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

#include "script/script.h"
#include "script/source.h"

/*
 * What a unit declares, but for the code of its sections.
 */

const char *keep_span(struct compile *c, struct span span)
{
	const struct source *source = script_source(c->unit->script, span.file);
	char *text = cdma_arena_alloc(&c->program->arena, span.len + 1);
	size_t len = 0;

	for (uint32_t i = 0; i < span.len; i++) {
		char ch = source->text[span.at + i];
		bool is_blank = ch == ' ' || ch == '\t' || ch == '\n';

		if (!is_blank)
			text[len++] = ch;
		else if (len && text[len - 1] != ' ')
			text[len++] = ' ';
	}
	text[len] = '\0';
	return text;
}

static const struct layout *keep_layout(struct compile *c,
					const struct layout *layout)
{
	struct cdma_arena *arena = &c->program->arena;
	struct layout *to;

	for (size_t i = 0; i < c->layouts.nr; i++)
		if (c->layouts.at[i].from == layout)
			return c->layouts.at[i].to;
	to = cdma_arena_alloc(arena, sizeof(*to));
	*to = *layout;
	to->name = keep(c, layout->name);
	to->fields = cdma_arena_alloc(arena,
				      layout->nr_fields * sizeof(*to->fields));
	for (size_t i = 0; i < layout->nr_fields; i++)
		to->fields[i] = (struct field){
			.name = keep(c, layout->fields[i].name),
			.offset = layout->fields[i].offset,
			.type = keep_type(c, layout->fields[i].type),
		};
	*cdma_vec_push(&c->layouts) = (struct kept_layout){layout, to};
	return to;
}

struct type keep_type(struct compile *c, struct type type)
{
	struct type *of;

	type.at = NULL;
	type.to = NULL;
	if (type.layout)
		type.layout = keep_layout(c, type.layout);
	if (type.of) {
		of = cdma_arena_alloc(&c->program->arena, sizeof(*of));
		*of = keep_type(c, *type.of);
		type.of = of;
	}
	return type;
}

static void add_device(struct compile *c, const struct device *device)
{
	struct program_device d = {
		.name = keep(c, device->name),
		.dma_bits = device->dma_bits,
		.addr_bits = device->addr_bits,
		.iova_base = device->iova_base,
		.bound = device->bound,
		.master = device->master,
		.untrusted = device->untrusted,
		.regs_size = (device->regs.size + 3) & ~(uint64_t)3,
	};

	if (d.regs_size) {
		d.slot = new_slot(c, SLOT_REGS, d.name);
		c->program->slots.at[d.slot].device = (uint16_t)device->index;
		c->program->slots.at[d.slot].type = (struct type){
			.scalar = SCALAR_STRUCT,
			.layout = keep_layout(c, &device->regs),
			.len = 1,
			.size = device->regs.size,
		};
	}
	*cdma_vec_push(&c->program->devices) = d;
}

static void add_shared(struct compile *c, const struct sym *sym)
{
	uint16_t slot = new_slot(c, SLOT_SHARED, keep(c, sym->name));
	struct program_slot *s = &c->program->slots.at[slot];

	s->type = keep_type(c, sym->type);
	s->elem_size = type_element(sym->type).size;
	s->count = sym->type.is_array ? sym->type.len : 1;
	if (sym->init) {
		s->init = sym->init->value;
		if (scalar_info(sym->type.scalar)->big_endian)
			s->init = __builtin_bswap64(s->init) >>
				  (64 - 8 * s->elem_size);
	}
	c->shareds[sym->index] = slot;
}

static struct expect_turns keep_turns(struct compile *c,
				      const struct expect_turns *turns)
{
	struct expect_turn *at;

	if (!turns->nr)
		return (struct expect_turns){0};
	at = cdma_arena_alloc(&c->program->arena, turns->nr * sizeof(*at));
	for (size_t i = 0; i < turns->nr; i++)
		at[i] = (struct expect_turn){
			.name = keep(c, turns->at[i].name),
			.value = turns->at[i].value,
		};
	c->program->names_turns = true;
	return (struct expect_turns){at, turns->nr};
}

static void add_expect(struct compile *c, const struct expect *expect)
{
	*cdma_vec_push(&c->program->expects) = (struct program_expect){
		.when = expect->when,
		.finding = expect->finding,
		.of = keep(c, expect->of),
		.at = keep(c, expect->at),
		.against = keep(c, expect->against),
		.at_text = keep(c, expect->at_text),
		.against_text = keep(c, expect->against_text),
		.at_turns = keep_turns(c, &expect->at_turns),
		.against_turns = keep_turns(c, &expect->against_turns),
		.error = expect->error,
		.under = expect->under,
		.in_explore = expect->in_explore,
		.then_anything = expect->then_anything,
		.site = site_at(c, expect->span),
	};
	if (c->program->under < expect->under)
		c->program->under = expect->under;
}

static void add_fault(struct compile *c, const struct fault *fault)
{
	*cdma_vec_push(&c->program->faults) = (struct program_fault){
		.site = keep(c, fault->site),
		.of = keep(c, fault->of),
		.device = fault->device ? keep(c, fault->device->name) : NULL,
		.any = fault->any,
		.bit = fault->bit,
		.offset = fault->offset,
		.size = fault->size,
		.when = fault->when,
		.nr = fault->nr,
		.field = keep(c, fault->field),
		.byte = fault->byte,
		.error = fault->error,
		.label = keep(c, fault->label),
		.in = keep(c, fault->in),
		.after = keep(c, fault->after),
		.has_attr = fault->has_attr,
		.attr = fault->attr,
		.where = site_at(c, fault->span),
	};
}

void compile_declarations(struct compile *c)
{
	const struct unit *u = c->unit;

	for (size_t i = 0; i < u->nr_devices; i++)
		add_device(c, &u->devices[i]);
	for (size_t i = 0; i < u->nr_irqs; i++)
		*cdma_vec_push(&c->program->irqs) = (struct program_irq){
			.name = keep(c, u->irqs[i]->name),
			.device = (uint16_t)u->irqs[i]->device->index,
			.wire = u->irqs[i]->wire,
			.level = u->irqs[i]->level,
		};
	for (size_t i = 0; i < u->nr_handlers; i++)
		*cdma_vec_push(&c->program->handlers) =
			(struct program_handler){
				.name = keep(c, u->handlers[i]->name),
				.kind = u->handlers[i]->kind,
				.runs = u->handlers[i]->runs,
			};
	for (size_t i = 0; i < u->nr_shareds; i++)
		add_shared(c, u->shareds[i]);
	for (size_t i = 0; i < u->nr_locks; i++)
		*cdma_vec_push(&c->program->locks) = (struct program_lock){
			.name = keep(c, u->locks[i]->name),
			.sleeps = u->locks[i]->kind == SYM_MUTEX,
		};
	for (size_t i = 0; i < u->nr_completions; i++)
		*cdma_vec_push(&c->program->completions) =
			keep(c, u->completions[i]->name);
	for (size_t i = 0; i < u->nr_waitqueues; i++)
		*cdma_vec_push(&c->program->waitqueues) =
			keep(c, u->waitqueues[i]->name);
	for (size_t i = 0; i < u->nr_revocables; i++)
		*cdma_vec_push(&c->program->revocables) =
			(struct program_revocable){
				.name = keep(c, u->revocables[i]->name),
				.device = u->revocables[i]->device
						  ? (int32_t)u->revocables[i]
							    ->device->index
						  : -1,
			};
	for (size_t i = 0; i < u->nr_params; i++)
		*cdma_vec_push(&c->program->params) = (struct program_param){
			.name = keep(c, u->params[i].name),
			.value = u->params[i].value,
			.is_unsigned = u->params[i].is_unsigned,
		};
	for (size_t i = 0; i < u->nr_expects; i++)
		add_expect(c, &u->expects[i]);
	/* Where nothing fails on purpose nobody comes to an error path. */
	for (size_t i = 0; i < u->nr_named; i++)
		if (u->named[i].under <= c->program->under)
			*cdma_vec_push(&c->program->named) =
				keep(c, u->named[i].label);
	for (size_t i = 0; i < u->nr_faults; i++)
		add_fault(c, &u->faults[i]);
	for (const struct fill *f = u->fills; f; f = f->next)
		*cdma_vec_push(&c->program->fills) = (struct program_fill){
			f->site, keep_layout(c, f->layout)};
}
