/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

const struct device *resolve_device_named(struct resolver *r,
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
	if (section->kind == SECTION_SETUP || section->kind == SECTION_TEARDOWN)
		resolve_after(r, section);
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

/* ---- handlers ---- */

/* What an item of each kind makes. */
static const struct {
	bool is_handler, has_irq;
	enum cdma_handler_kind kind;
} handlers[ITEM_SET + 1] = {
	[ITEM_IRQ] = {true, true, CDMA_HANDLER_IRQ},
	[ITEM_IRQ_THREAD] = {true, true, CDMA_HANDLER_THREAD},
	[ITEM_TIMER] = {true, false, CDMA_HANDLER_TIMER},
	[ITEM_WORK] = {true, false, CDMA_HANDLER_WORK},
	[ITEM_TASKLET] = {true, false, CDMA_HANDLER_TASKLET},
	[ITEM_NAPI] = {true, false, CDMA_HANDLER_NAPI},
};

static struct handler *add_handler(struct resolver *r, const char *name,
				   enum cdma_handler_kind kind)
{
	struct unit *unit = r->unit;
	struct handler *h = resolve_new(r, struct handler);

	*h = (struct handler){name, kind, CDMA_HANDLER_RUNS,
			      (uint32_t)unit->nr_handlers};
	unit->handlers[unit->nr_handlers++] = h;
	return h;
}

static struct irq *find_irq(struct resolver *r, const struct item *item)
{
	const struct device *device = resolve_device_named(r, &item->on);

	for (size_t i = 0; device && i < device->nr_irqs; i++)
		if (device->irqs[i].name == item->irq.text)
			return &device->irqs[i];
	if (device)
		resolve_error(r, item->irq.span, "'%s' has no interrupt '%s'",
			      device->name, item->irq.text);
	return NULL;
}

/* A handler of an interrupt, or its thread. */
static void take_irq(struct resolver *r, struct section *section,
		     const struct item *item)
{
	bool is_thread = item->kind == ITEM_IRQ_THREAD;
	struct irq *irq = find_irq(r, item);
	const struct section **at;

	if (!irq)
		return;
	at = is_thread ? &irq->thread : &irq->handler;
	if (*at) {
		resolve_error(r, item->name.span, "'%s.%s' has a %s already",
			      irq->device->name, irq->name,
			      is_thread ? "thread" : "handler");
		resolve_note(r, (*at)->span, "it is here");
	}
	*at = section;
	section->irq = irq;
	section->handler =
		is_thread ? add_handler(r, item->name.text, CDMA_HANDLER_THREAD)
			  : r->unit->handlers[irq->index];
}

static void take_handler(struct resolver *r, struct section *section,
			 const struct item *item)
{
	struct handler *h =
		add_handler(r, item->name.text, handlers[item->kind].kind);
	struct sym *sym = scope_add(r, &item->name, SYM_HANDLER);
	uint64_t runs = h->runs;

	if (item->value)
		resolve_count(r, item->value, "'max'", 1, UINT32_MAX, &runs);
	h->runs = (uint32_t)runs;
	sym->handler = section->handler = h;
}

void resolve_own_irq(struct resolver *r, const struct expr *call,
		     const struct expr *e)
{
	const struct builtin *b = call->builtin;

	if (b->id == BUILTIN_REQUEST_IRQ ||
	    b->handler.begin & CDMA_HANDLER_SHUT)
		r->unit->irqs[e->sym->irq->index]->is_owned = true;
}

/* Threads have names of their own. */
struct expr *resolve_thread_named(struct resolver *r, struct expr *e)
{
	const struct unit *unit = r->unit;

	for (size_t i = 0; e->kind == EXPR_NAME && i < unit->nr_sections; i++) {
		const struct section *s = &unit->sections[i];

		if (s->kind != SECTION_THREAD || s->device ||
		    s->name != e->name.text)
			continue;
		e->sym = resolve_new(r, struct sym);
		e->sym->kind = SYM_THREAD;
		e->sym->name = s->name;
		e->sym->span = s->span;
		e->sym->thread = s;
		e->denotes = DENOTES_SYM;
		return e;
	}
	resolve_error(r, e->span, "expected the name of %s",
		      arg_name(ARG_THREAD));
	return NULL;
}

/* An interrupt that has a thread alone is handled there. */
static void join_threads(struct resolver *r)
{
	struct unit *unit = r->unit;

	for (size_t i = 0; i < unit->nr_irqs; i++) {
		struct irq *irq = unit->irqs[i];
		struct section *section = (struct section *)irq->thread;

		if (!section || irq->handler)
			continue;
		unit->handlers[irq->index]->kind = CDMA_HANDLER_THREAD;
		section->handler = unit->handlers[irq->index];
		irq->handler = section;
	}
}

/* What kind of section an item is; false: it is none. */
static bool section_kind(const struct item *item, enum section_kind *kind)
{
	*kind = SECTION_HANDLER;
	if (handlers[item->kind].is_handler)
		return true;
	switch (item->kind) {
	case ITEM_SETUP:
		*kind = SECTION_SETUP;
		return true;
	case ITEM_THREAD:
		*kind = SECTION_THREAD;
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
		section->device = resolve_device_named(r, &item->on);
	if (item->core.text)
		section->core = resolve_device_named(r, &item->core);
	if (section->core && section->device)
		resolve_error(r, item->core.span,
			      "a callback of the driver core is on 'cpu'");
	if (handlers[item->kind].has_irq)
		take_irq(r, section, item);
	else if (kind == SECTION_HANDLER)
		take_handler(r, section, item);
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
	r->unit->handlers = resolve_alloc(r, (nr + r->unit->nr_irqs + 1) *
						     sizeof(struct handler *));
	for (size_t i = 0; i < r->unit->nr_irqs; i++)
		add_handler(r, r->unit->irqs[i]->name, CDMA_HANDLER_IRQ);
	for (const struct item *i = r->script->items; i; i = i->next)
		if (section_kind(i, &kind))
			declare_section(r, i, kind);
	join_threads(r);
	resolve_bodies(r, true);
	resolve_reaction_bodies(r);
	resolve_bodies(r, false);
}
