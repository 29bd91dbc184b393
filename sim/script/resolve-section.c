/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

/* The device that a thread or handler is on, or NULL and an error. */
static const struct device *find_device(struct resolver *r,
					const struct name *name)
{
	const struct sym *sym = scope_find(r, name->id);

	if (sym && sym->kind == SYM_DEVICE)
		return sym->device;
	scope_unknown(r, name, "device", 1u << SYM_DEVICE);
	return NULL;
}

/* Threads and handlers are told apart by their names. */
static void name_agent(struct resolver *r, const struct name *name)
{
	struct span *known = &r->words[name->id].thread;

	if (known->len) {
		resolve_error(r, name->span,
			      "there is a thread or handler '%s' already",
			      name->text);
		resolve_note(r, *known, "it is declared here");
	}
	if (name->id == KW_SETUP || name->id == KW_TEARDOWN ||
	    name->id == KW_FINAL)
		resolve_error(r, name->span, "'%s' is no name for a thread",
			      name->text);
	*known = name->span;
}

static void resolve_body(struct resolver *r, struct section *section,
			 const struct item *item)
{
	r->section = section->kind;
	r->device = section->device;
	r->who = section->device                  ? WHO_DEVICE
		 : section->kind == SECTION_FINAL ? WHO_FINAL
						  : WHO_CPU;
	r->floor = DEPTH_BLOCK;
	r->depth = DEPTH_SETUP;
	section->body = section->kind == SECTION_SETUP
				? resolve_list(r, item->body)
				: resolve_block(r, item->body);
}

/* The section of @kind that there can be once. */
static void take_once(struct resolver *r, const struct section **once,
		      struct section *section)
{
	if (*once) {
		resolve_error(r, section->span, "there is a '%s' already",
			      section->name);
		resolve_note(r, (*once)->span, "it is here");
		return;
	}
	*once = section;
}

static void find_irq(struct resolver *r, struct section *section,
		     const struct item *item)
{
	const struct device *device = find_device(r, &item->on);
	struct irq *irq = NULL;

	for (size_t i = 0; device && i < device->nr_irqs; i++)
		if (device->irqs[i].name == item->irq.text)
			irq = &device->irqs[i];
	if (!device)
		return;
	if (!irq) {
		resolve_error(r, item->irq.span, "'%s' has no interrupt '%s'",
			      device->name, item->irq.text);
		return;
	}
	if (irq->handler) {
		resolve_error(r, item->name.span,
			      "'%s.%s' has a handler already", device->name,
			      irq->name);
		resolve_note(r, irq->handler->span, "it is here");
	}
	irq->handler = section;
	section->irq = irq;
}

/* What kind of section an item is; false: it is none. */
static bool section_kind(const struct item *item, enum section_kind *kind)
{
	switch (item->kind) {
	case ITEM_SETUP:
		*kind = SECTION_SETUP;
		return true;
	case ITEM_THREAD:
		*kind = SECTION_THREAD;
		return true;
	case ITEM_IRQ:
		*kind = SECTION_IRQ;
		return true;
	case ITEM_TEARDOWN:
		*kind = SECTION_TEARDOWN;
		return true;
	case ITEM_FINAL:
		*kind = SECTION_FINAL;
		return true;
	default:
		return false;
	}
}

static void declare_section(struct resolver *r, const struct item *item,
			    enum section_kind kind)
{
	static const char *const names[] = {
		[SECTION_SETUP] = "setup",
		[SECTION_TEARDOWN] = "teardown",
		[SECTION_FINAL] = "final",
	};
	struct unit *unit = r->unit;
	struct section *section = &unit->sections[unit->nr_sections];

	*section = (struct section){.kind = kind,
				    .name = item->name.text,
				    .span = item->span,
				    .index = (uint32_t)unit->nr_sections};
	unit->nr_sections++;
	if (item->name.text)
		name_agent(r, &item->name);
	else
		section->name = names[kind];
	if (item->name.text)
		section->span = item->name.span;
	else
		section->span.len = 0;
	if (kind == SECTION_THREAD && item->on.id != KW_CPU)
		section->device = find_device(r, &item->on);
	if (item->core.text)
		section->core = find_device(r, &item->core);
	if (section->core && section->device)
		resolve_error(r, item->core.span,
			      "a callback of the driver core is on 'cpu'");
	if (kind == SECTION_IRQ)
		find_irq(r, section, item);
	if (kind == SECTION_SETUP)
		take_once(r, &unit->setup, section);
	if (kind == SECTION_TEARDOWN)
		take_once(r, &unit->teardown, section);
	if (kind == SECTION_FINAL)
		take_once(r, &unit->final, section);
}

/* Setup is first, wherever it stands: the others see what it declares. */
static void resolve_bodies(struct resolver *r, bool is_setup)
{
	size_t at = 0;
	enum section_kind kind;

	for (const struct item *i = r->script->items; i; i = i->next)
		if (section_kind(i, &kind)) {
			struct section *section = &r->unit->sections[at++];

			if ((kind == SECTION_SETUP) == is_setup)
				resolve_body(r, section, i);
		}
}

void resolve_sections(struct resolver *r)
{
	enum section_kind kind;
	size_t nr = 0;

	for (const struct item *i = r->script->items; i; i = i->next)
		nr += section_kind(i, &kind);
	r->unit->sections = resolve_alloc(r, (nr + 1) * sizeof(struct section));
	for (const struct item *i = r->script->items; i; i = i->next)
		if (section_kind(i, &kind))
			declare_section(r, i, kind);
	resolve_bodies(r, true);
	resolve_bodies(r, false);
}
