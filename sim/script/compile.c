/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "base/xalloc.h"
#include "script/diag.h"
#include "script/script.h"
#include "script/shares.h"
#include "script/source.h"

/* Bytes of local structs and arrays that one scenario may have. */
#define FRAME_MAX ((uint64_t)64 << 20)
/* Instructions that one variant may come to. */
#define CODE_MAX (8u << 20)

/* ---- numbers to numbers ---- */

static struct map_entry *map_slot(const struct map *map, uint64_t key)
{
	size_t i = (key * 0x9e3779b97f4a7c15u) >> 32;

	for (;; i++) {
		struct map_entry *entry = &map->at[i & (map->room - 1)];

		if (!entry->value || entry->key == key)
			return entry;
	}
}

static void map_grow(struct map *map)
{
	struct map old = *map;

	map->room = old.room ? old.room * 2 : 64;
	map->at = cdma_xcalloc(map->room, sizeof(*map->at));
	for (size_t i = 0; i < old.room; i++)
		if (old.at[i].value)
			*map_slot(map, old.at[i].key) = old.at[i];
	free(old.at);
}

uint32_t *map_find(struct map *map, uint64_t key, bool *is_new)
{
	struct map_entry *entry;

	if (map->nr * 2 >= map->room)
		map_grow(map);
	entry = map_slot(map, key);
	*is_new = !entry->value;
	if (*is_new) {
		entry->key = key;
		map->nr++;
	}
	return &entry->value;
}

/* ---- texts ---- */

static const char *keep_n(struct compile *c, const char *s, size_t len)
{
	char *copy = cdma_arena_alloc(&c->program->arena, len + 1);

	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

const char *keep(struct compile *c, const char *s)
{
	return s ? keep_n(c, s, strlen(s)) : NULL;
}

/* ---- what does not fit ---- */

/* The one that does not fit any more is at @span. */
#define too_many_at(c, at, ...)                                                \
	do {                                                                   \
		if (!(c)->overflow)                                            \
			diag_error((c)->diag,                                  \
				   script_sources((c)->unit->script), at,      \
				   __VA_ARGS__);                               \
		(c)->overflow = true;                                          \
	} while (0)

/* @what is one more than @max, at the place that is being compiled. */
static void too_many(struct compile *c, const char *what, uint64_t max)
{
	too_many_at(c, c->span,
		    "this is one %s more than the %llu that a scenario may "
		    "have",
		    what, (unsigned long long)max);
}

/* ---- code ---- */

struct insn *emit(struct compile *c, enum insn_op op)
{
	struct program *p = c->program;
	struct insn *in;

	if (p->code.nr >= CODE_MAX) {
		too_many(c, "instruction", CODE_MAX);
		p->code.nr--;
		p->scope_of.nr--;
	}
	in = cdma_vec_push(&p->code);
	*in = (struct insn){.op = (uint8_t)op, .site = c->site};
	*cdma_vec_push(&p->scope_of) = c->scope;
	return in;
}

struct insn *emit_jump(struct compile *c, enum insn_op op, jumps_t *jumps)
{
	struct insn *in = emit(c, op);

	in->imm = *jumps;
	*jumps = here(c);
	return in;
}

uint32_t here(const struct compile *c)
{
	return (uint32_t)c->program->code.nr;
}

void emit_jump_if(struct compile *c, enum insn_op op, uint16_t value,
		  jumps_t *jumps)
{
	emit_jump(c, op, jumps)->a = value;
}

void emit_choice(struct compile *c, enum insn_op op, uint16_t value,
		 jumps_t *jumps)
{
	emit_jump_if(c, op, value, jumps);
	cdma_vec_last(&c->program->code)->flags = INSNF_CHOICE;
}

void emit_return(struct compile *c, uint16_t value)
{
	struct insn *in;

	if (!c->call) {
		emit(c, INSN_END)->a = value;
		return;
	}
	if (c->call->result) {
		in = emit(c, INSN_MOV);
		in->dst = c->call->result;
		in->a = value;
	}
	emit_jump(c, INSN_JUMP, &c->call->returns);
}

void land_at(struct compile *c, jumps_t jumps, uint32_t pc)
{
	/* What was cut off for its length is not run. */
	while (jumps && !c->overflow) {
		struct insn *in = &c->program->code.at[jumps - 1];

		jumps = (jumps_t)in->imm;
		in->imm = pc;
	}
}

void land(struct compile *c, jumps_t jumps)
{
	land_at(c, jumps, here(c));
}

/* ---- registers, slots, frame ---- */

uint16_t new_reg(struct compile *c)
{
	if (c->program->nr_regs > UINT16_MAX) {
		too_many(c, "variable or constant", UINT16_MAX + 1);
		return 0;
	}
	return (uint16_t)c->program->nr_regs++;
}

uint16_t temp_reg(struct compile *c)
{
	if (c->temp == c->temps.nr)
		*cdma_vec_push(&c->temps) = new_reg(c);
	return c->temps.at[c->temp++];
}

uint16_t const_reg(struct compile *c, uint64_t value)
{
	bool is_new;
	uint32_t *reg;

	if (!value)
		return 0;
	reg = map_find(&c->consts, value, &is_new);
	if (is_new) {
		*reg = new_reg(c) + 1u;
		*cdma_vec_push(&c->program->consts) = (struct program_const){
			.value = value,
			.reg = (uint16_t)(*reg - 1),
		};
	}
	return (uint16_t)(*reg - 1);
}

uint16_t new_slot(struct compile *c, enum slot_kind kind, const char *name)
{
	struct program *p = c->program;

	if (p->slots.nr > UINT16_MAX) {
		too_many(c, "object", UINT16_MAX + 1);
		return 0;
	}
	*cdma_vec_push(&p->slots) =
		(struct program_slot){.kind = kind, .name = name};
	return (uint16_t)(p->slots.nr - 1);
}

uint16_t temp_slot(struct compile *c)
{
	if (c->temp_slot == c->temp_slots.nr)
		*cdma_vec_push(&c->temp_slots) = new_slot(c, SLOT_OBJECT, NULL);
	return c->temp_slots.at[c->temp_slot++];
}

uint16_t ref_slot(struct compile *c)
{
	if (c->ref_slot == c->ref_slots.nr)
		*cdma_vec_push(&c->ref_slots) = new_slot(c, SLOT_OBJECT, NULL);
	return c->ref_slots.at[c->ref_slot++];
}

uint64_t sym_slots(const struct sym *sym)
{
	return sym->nr_objects ? sym->nr_objects : 1;
}

uint64_t new_frame(struct compile *c, uint64_t size)
{
	uint64_t at = c->program->frame_size;

	if (size > FRAME_MAX || at + size > FRAME_MAX) {
		too_many_at(c, c->span,
			    "with these %llu bytes, arrays and structs of "
			    "functions are more than the %llu bytes that they "
			    "may be; %llu are left",
			    (unsigned long long)size,
			    (unsigned long long)FRAME_MAX,
			    (unsigned long long)(FRAME_MAX - at));
		return 0;
	}
	c->program->frame_size = (at + size + 7) & ~(uint64_t)7;
	return at;
}

bool sym_is_scalar(const struct sym *sym)
{
	return !sym->type.is_array && sym->type.scalar != SCALAR_STRUCT;
}

/* The slots of an array stand in a row. */
static void settle_slots(struct compile *c, const struct sym *sym)
{
	const char *name = keep(c, sym->name);

	struct type type = keep_type(c, sym->type);

	c->slots[sym->index] = new_slot(c, SLOT_OBJECT, name);
	for (uint64_t i = 1; i < sym_slots(sym) && !c->overflow; i++)
		new_slot(c, SLOT_OBJECT, name);
	for (uint64_t i = 0; i < sym_slots(sym) && !c->overflow; i++)
		c->program->slots.at[c->slots[sym->index] + i].type = type;
}

/* Give @sym what it is stored in. */
static void settle(struct compile *c, const struct sym *sym)
{
	c->span = sym->span;
	if (c->has_storage[sym->index])
		return;
	c->has_storage[sym->index] = true;
	if (sym->kind == SYM_OBJECT) {
		settle_slots(c, sym);
		return;
	}
	c->regs[sym->index] = new_reg(c);
	if (!sym_is_scalar(sym))
		c->frames[sym->index] = new_frame(c, sym->type.size);
	if (sym->is_setup)
		*cdma_vec_push(&c->program->setup_regs) = c->regs[sym->index];
}

uint16_t sym_reg(struct compile *c, const struct sym *sym)
{
	settle(c, sym);
	return c->regs[sym->index];
}

uint64_t sym_frame(struct compile *c, const struct sym *sym)
{
	settle(c, sym);
	return c->frames[sym->index];
}

uint16_t sym_slot(struct compile *c, const struct sym *sym)
{
	if (sym->kind == SYM_SHARED)
		return c->shareds[sym->index];
	settle(c, sym);
	return c->slots[sym->index];
}

/* ---- sites ---- */

/* The line of @site without its indent. */
static const char *line_text(struct compile *c, struct source *source,
			     uint32_t line)
{
	size_t len;
	const char *s = source_line(source, line, &len);

	while (len && (*s == ' ' || *s == '\t')) {
		s++;
		len--;
	}
	while (len && (s[len - 1] == ' ' || s[len - 1] == '\t'))
		len--;
	return keep_n(c, s, len);
}

struct cdma_site site_at(struct compile *c, struct span span)
{
	struct source *source =
		(struct source *)script_source(c->unit->script, span.file);
	struct cdma_site site = {
		.file = keep(c, source->path),
		.func = keep(c, c->func),
		.label = keep(c, c->label),
	};

	source_place(source, span.at, &site.line, &site.col);
	site.text = line_text(c, source, site.line);
	return site;
}

void set_site(struct compile *c, struct span span)
{
	bool is_new;
	uint32_t *index = map_find(
		&c->sites, (uint64_t)span.file << 32 | span.at, &is_new);

	if (is_new) {
		struct cdma_site *site =
			cdma_arena_alloc(&c->program->arena, sizeof(*site));

		*site = site_at(c, span);
		*cdma_vec_push(&c->program->sites) = site;
		*index = (uint32_t)c->program->sites.nr;
	}
	c->site = *index - 1;
	c->span = span;
}

/* ---- sections ---- */

/* A handler starts over when it has returned. */
static void compile_handler(struct compile *c, const struct section *section)
{
	const struct section *thread =
		section->irq ? section->irq->thread : NULL;
	struct compile_call call = {.result = new_reg(c)};
	uint16_t handler = (uint16_t)section->handler->index;
	uint32_t entry = here(c);
	struct insn *in;

	emit(c, INSN_ENTER)->a = handler;
	emit(c, INSN_MOV)->dst = call.result;
	c->call = &call;
	compile_block(c, section->body);
	c->call = NULL;
	land(c, call.returns);
	set_site(c, section->span);
	in = emit(c, INSN_EXIT);
	in->a = handler;
	in->b = call.result;
	if (thread && thread != section && section == section->irq->handler)
		in->aux = thread->handler->index + 1;
	emit(c, INSN_JUMP)->imm = entry;
}

void compile_begin_section(struct compile *c, const struct section *section)
{
	/* Temporaries live across steps: sections must not share them. */
	c->temps.nr = c->temp_slots.nr = c->ref_slots.nr = 0;
	c->section = section;
	c->is_device = section->device && (section->kind == SECTION_THREAD ||
					   section->kind == SECTION_REACTION);
	c->is_threaded = section->kind == SECTION_THREAD ||
			 section->kind == SECTION_HANDLER;
	c->func = section->name;
	c->scope = 0;
	set_site(c, section->span);
}

/* What the driver core does behind it comes before its end. */
static void compile_callback(struct compile *c, const struct section *section)
{
	struct compile_call call = {.result = new_reg(c)};

	emit(c, INSN_MOV)->dst = call.result;
	c->call = &call;
	compile_block(c, section->body);
	c->call = NULL;
	land(c, call.returns);
	compile_after(c, section, call.result);
}

static struct program_section compile_section(struct compile *c,
					      const struct section *section)
{
	struct program_section s = {
		.kind = section->kind,
		.name = keep(c, section->name),
		.device =
			section->device ? (int32_t)section->device->index : -1,
		.core = section->core ? (int32_t)section->core->index : -1,
		.handler = section->handler ? (int32_t)section->handler->index
					    : -1,
		.context = section->handler ? section->handler->kind
					    : CDMA_HANDLER_IRQ,
		.is_armed = section->handler &&
			    !(section->irq && !section->irq->is_owned),
		.entry = here(c),
	};

	compile_begin_section(c, section);
	s.site = c->site;
	if (section->kind == SECTION_HANDLER)
		compile_handler(c, section);
	else if (section->after)
		compile_callback(c, section);
	else
		compile_block(c, section->body);
	emit(c, INSN_END);
	return s;
}

static void compile_sections(struct compile *c)
{
	struct program *p = c->program;
	const struct unit *u = c->unit;

	p->has_setup = u->setup;
	if (u->setup)
		p->setup = compile_section(c, u->setup);
	for (size_t i = 0; i < u->nr_sections; i++) {
		const struct section *s = &u->sections[i];

		if (s->kind != SECTION_THREAD && s->kind != SECTION_HANDLER)
			continue;
		if (p->sections.nr == PROGRAM_ACTORS_MAX)
			too_many_at(c, s->span,
				    "'%s' is one thread or handler more than "
				    "the %d that a scenario may have",
				    s->name, PROGRAM_ACTORS_MAX);
		*cdma_vec_push(&p->sections) = compile_section(c, s);
	}
	for (size_t i = 0; i < p->sections.nr; i++)
		p->has_armed |= p->sections.at[i].is_armed;
	p->has_final = u->final;
	if (u->final)
		p->final = compile_section(c, u->final);
	p->has_teardown = u->teardown;
	if (u->teardown)
		p->teardown = compile_section(c, u->teardown);
	compile_faults(c);
}

static void compile_init(struct compile *c, const struct unit *unit,
			 struct diag *diag)
{
	struct program *p = cdma_xcalloc(1, sizeof(*p));

	*c = (struct compile){.program = p, .unit = unit, .diag = diag};
	c->regs = cdma_xcalloc(unit->nr_locals + 1, sizeof(*c->regs));
	c->frames = cdma_xcalloc(unit->nr_locals + 1, sizeof(*c->frames));
	c->slots = cdma_xcalloc(unit->nr_locals + 1, sizeof(*c->slots));
	c->has_storage = cdma_xcalloc(unit->nr_locals + 1, sizeof(bool));
	c->shareds = cdma_xcalloc(unit->nr_shareds + 1, sizeof(*c->shareds));
	p->name = keep(c, unit->name);
	p->title = keep(c, unit->title);
	p->source = keep(c, unit->source);
	p->variant = keep(c, unit->variant);
	p->variant_title = keep(c, unit->variant_title);
	for (size_t i = 0; i < script_nr_variants(unit->script); i++)
		*cdma_vec_push(&p->variants) =
			keep(c, script_variant_name(unit->script, i));
	p->weak = unit->weak;
	p->contract = unit->contract;
	p->early = unit->early;
	if (unit->machine)
		cdma_machine_parse(keep(c, unit->machine), &p->machine, NULL);
	p->nr_regs = 1;
	new_slot(c, SLOT_NULL, NULL);
	*cdma_vec_push(&p->scopes) = (struct scope){0};
}

static void compile_fini(struct compile *c)
{
	free(c->regs);
	free(c->frames);
	free(c->slots);
	free(c->has_storage);
	free(c->shareds);
	free(c->sites.at);
	free(c->consts.at);
	cdma_vec_free(&c->layouts);
	cdma_vec_free(&c->targets);
	cdma_vec_free(&c->temps);
	cdma_vec_free(&c->temp_slots);
	cdma_vec_free(&c->ref_slots);
}

struct program *program_new(const struct unit *unit, struct diag *diag)
{
	struct compile c;

	compile_init(&c, unit, diag);
	compile_declarations(&c);
	compile_natives(&c);
	compile_reactions(&c);
	compile_sections(&c);
	if (!c.overflow)
		program_mark_shares(c.program);
	if (c.overflow) {
		program_free(c.program);
		c.program = NULL;
	}
	compile_fini(&c);
	return c.program;
}

const char *program_actor_name(const struct program *program, uint32_t i)
{
	return i < program->sections.nr ? program->sections.at[i].name
					: "setup";
}

void program_free(struct program *program)
{
	if (!program)
		return;
	cdma_vec_free(&program->code);
	cdma_vec_free(&program->scope_of);
	cdma_vec_free(&program->scopes);
	cdma_vec_free(&program->sites);
	cdma_vec_free(&program->consts);
	cdma_vec_free(&program->marks);
	cdma_vec_free(&program->slots);
	cdma_vec_free(&program->inits);
	cdma_vec_free(&program->init_lists);
	cdma_vec_free(&program->operands);
	cdma_vec_free(&program->asserts);
	cdma_vec_free(&program->setup_regs);
	cdma_vec_free(&program->devices);
	cdma_vec_free(&program->reactions);
	cdma_vec_free(&program->irqs);
	cdma_vec_free(&program->handlers);
	cdma_vec_free(&program->locks);
	cdma_vec_free(&program->completions);
	cdma_vec_free(&program->waitqueues);
	cdma_vec_free(&program->revocables);
	cdma_vec_free(&program->natives);
	cdma_vec_free(&program->sections);
	cdma_vec_free(&program->errors);
	cdma_vec_free(&program->variants);
	cdma_vec_free(&program->params);
	cdma_vec_free(&program->expects);
	cdma_vec_free(&program->named);
	cdma_vec_free(&program->fills);
	cdma_vec_free(&program->may_fail);
	cdma_vec_free(&program->faults);
	cdma_arena_fini(&program->arena);
	free(program);
}
