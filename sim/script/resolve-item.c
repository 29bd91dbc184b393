/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include "base/macros.h"
#include "base/suggest.h"
#include "base/text.h"

#include <cdma/machine.h>

#include <string.h>

static struct item *items(const struct resolver *r)
{
	return r->script->items;
}

static void unknown_param(struct resolver *r, const struct name *name)
{
	struct cdma_suggest s = cdma_suggest_for(name->text);

	for (const struct item *i = items(r); i; i = i->next)
		if (i->kind == ITEM_PARAM)
			cdma_suggest_offer(&s, i->name.text);
	if (s.best)
		resolve_error(r, name->span,
			      "unknown param '%s'; did you mean '%s'?",
			      name->text, s.best);
	else
		resolve_error(r, name->span, "unknown param '%s'", name->text);
}

static void set_param(struct resolver *r, const struct name *name,
		      const struct expr *value)
{
	struct word *word = &r->words[name->id];

	if (!word->is_param)
		unknown_param(r, name);
	else if (value)
		word->set = value;
}

/* What a variant sets must be there, whichever variant is wanted now.  The
 * command line has the last word. */
void resolve_settings(struct resolver *r)
{
	const struct script *script = r->script;

	for (const struct item *i = items(r); i; i = i->next)
		if (i->kind == ITEM_PARAM)
			r->words[i->name.id].is_param = true;
	for (size_t i = 0; i < script->nr_variants; i++)
		for (const struct item *s = script->variants[i]->items; s;
		     s = s->next)
			if (s->kind == ITEM_SET)
				set_param(r, &s->name,
					  script->variants[i] == r->variant
						  ? s->value
						  : NULL);
	for (size_t i = 0; i < script->nr_defines; i++)
		set_param(r, &script->defines[i].name,
			  script->defines[i].value);
}

/* From the command line, or the variant, or where it is declared. */
static const struct expr *param_value(const struct resolver *r,
				      const struct item *param)
{
	const struct expr *set = r->words[param->name.id].set;

	return set ? set : param->value;
}

bool resolve_constant(struct resolver *r, struct sym *sym)
{
	const struct item *item = sym->item;
	struct type type;
	bool is_param;
	struct word *word;

	if (!item)
		return true;
	is_param = item->kind == ITEM_PARAM;
	word = &r->words[item->name.id];
	if (word->constant == CONSTANT_DONE)
		return sym->type.scalar;
	if (word->constant == CONSTANT_BUSY) {
		resolve_error(r, item->name.span,
			      "'%s' is computed from itself", item->name.text);
		return false;
	}
	word->constant = CONSTANT_BUSY;
	if (resolve_const(r, is_param ? param_value(r, item) : item->value,
			  is_param ? "a param" : "a constant", &sym->value,
			  &type))
		sym->type = type;
	word->constant = CONSTANT_DONE;
	return sym->type.scalar;
}

/* The names of all constants, before the value of any. */
static void bind_constants(struct resolver *r)
{
	for (const struct item *i = items(r); i; i = i->next)
		if (i->kind == ITEM_PARAM || i->kind == ITEM_CONST)
			scope_add(r, &i->name, SYM_CONST)->item = i;
}

static void declare_const(struct resolver *r, const struct item *item)
{
	struct sym *sym = scope_find(r, item->name.id);

	if (!sym || sym->item != item)
		return;
	if (resolve_constant(r, sym) && item->kind == ITEM_PARAM)
		r->unit->params[r->unit->nr_params++] = (struct unit_param){
			.name = item->name.text,
			.value = sym->value,
			.is_unsigned = sym->type.scalar == SCALAR_U64,
		};
}

static void declare_struct(struct resolver *r, const struct item *item)
{
	struct layout *layout = resolve_new(r, struct layout);
	struct sym *sym;

	resolve_layout(r, item, item->is_union, layout);
	if (!item->fields)
		resolve_error(r, item->name.span, "a struct has fields");
	if (keyword_scalar(item->name.id))
		resolve_error(r, item->name.span, "'%s' is a type already",
			      item->name.text);
	sym = scope_add(r, &item->name, SYM_STRUCT);
	sym->layout = layout;
	r->words[item->name.id].tag = sym;
}

struct device_option {
	const char *name;
	uint64_t min, max;
	void (*set)(struct device *device, uint64_t value);
};

static void set_dma_bits(struct device *device, uint64_t value)
{
	device->dma_bits = (uint32_t)value;
}

static void set_addr_bits(struct device *device, uint64_t value)
{
	device->addr_bits = (uint32_t)value;
}

static void set_iova_base(struct device *device, uint64_t value)
{
	device->iova_base = value;
}

static void set_bound(struct device *device, uint64_t value)
{
	device->bound = value;
}

static void set_master(struct device *device, uint64_t value)
{
	device->master = value;
}

static void set_untrusted(struct device *device, uint64_t value)
{
	device->untrusted = value;
}

static const struct device_option options[] = {
	{"dma_bits", 0, 64, set_dma_bits},
	{"addr_bits", 1, 64, set_addr_bits},
	{"iova_base", 0, UINT64_MAX, set_iova_base},
	{"bound", 0, 1, set_bound},
	{"master", 0, 1, set_master},
	{"untrusted", 0, 1, set_untrusted},
};

static void unknown_option(struct resolver *r, const struct name *name)
{
	struct cdma_suggest s = cdma_suggest_for(name->text);

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		cdma_suggest_offer(&s, options[i].name);
	if (s.best)
		resolve_error(r, name->span,
			      "unknown option '%s'; did you mean '%s'?",
			      name->text, s.best);
	else
		resolve_error(r, name->span, "unknown option '%s'", name->text);
}

/* @seen: a bit for each option that was there before. */
static void declare_option(struct resolver *r, struct device *device,
			   const struct option *opt, unsigned int *seen)
{
	uint64_t value;
	size_t i = 0;

	while (i < ARRAY_SIZE(options) &&
	       strcmp(options[i].name, opt->name.text))
		i++;
	if (i == ARRAY_SIZE(options)) {
		unknown_option(r, &opt->name);
		return;
	}
	if (*seen & 1u << i)
		resolve_error(r, opt->name.span, "'%s' is there already",
			      opt->name.text);
	*seen |= 1u << i;
	if (resolve_count(r, opt->value, options[i].name, options[i].min,
			  options[i].max, &value))
		options[i].set(device, value);
}

static void declare_irqs(struct resolver *r, struct device *device,
			 const struct item *item)
{
	size_t nr = 0;

	for (const struct irq_ref *i = item->irqs; i; i = i->next)
		nr++;
	if (nr > RESOLVE_FIELDS_MAX) {
		resolve_error(r, item->name.span,
			      "'%s' has more than %d interrupts",
			      item->name.text, RESOLVE_FIELDS_MAX);
		return;
	}
	device->irqs = resolve_alloc(r, (nr + 1) * sizeof(struct irq));
	for (const struct irq_ref *i = item->irqs; i; i = i->next) {
		bool is_known =
			layout_find(&device->regs, i->name.text) != NULL;

		for (size_t k = 0; k < device->nr_irqs; k++)
			is_known |= device->irqs[k].name == i->name.text;
		if (is_known)
			resolve_error(r, i->name.span, "'%s' is there already",
				      i->name.text);
		device->irqs[device->nr_irqs++] =
			(struct irq){.name = i->name.text,
				     .device = device,
				     .wire = i->wire,
				     .level = i->level,
				     .index = (uint32_t)r->unit->nr_irqs};
		r->unit->irqs[r->unit->nr_irqs++] =
			&device->irqs[device->nr_irqs - 1];
	}
}

static void declare_device(struct resolver *r, const struct item *item)
{
	struct unit *unit = r->unit;
	struct device *device = &unit->devices[unit->nr_devices];
	unsigned int seen = 0;
	struct sym *sym;

	*device = (struct device){.name = item->name.text,
				  .index = (uint32_t)unit->nr_devices,
				  .span = item->name.span,
				  .dma_bits = 64,
				  .addr_bits = 64,
				  .bound = true,
				  .master = true};
	unit->nr_devices++;
	if (item->name.id == KW_CPU)
		resolve_error(r, item->name.span, "'cpu' is no device");
	for (const struct option *o = item->opts; o; o = o->next)
		declare_option(r, device, o, &seen);
	resolve_layout(r, item, false, &device->regs);
	declare_irqs(r, device, item);
	resolve_reactions(r, device, item);
	sym = scope_add(r, &item->name, SYM_DEVICE);
	sym->device = device;
}

static void declare_shared(struct resolver *r, const struct item *item)
{
	struct type type = {0};
	bool is_scalar;
	struct sym *sym;
	uint64_t value;

	if (!resolve_type_len(r, item->ref, item->len, RESOLVE_SHARED_MAX,
			      &type))
		type = (struct type){0};
	sym = scope_add(r, &item->name, SYM_SHARED);
	sym->type = type;
	sym->index = (uint32_t)r->unit->nr_shareds;
	r->unit->shareds[r->unit->nr_shareds++] = sym;
	if (type.scalar && !type.size)
		resolve_error(r, item->name.span, "'%s' has no bytes",
			      item->name.text);
	if (!item->value)
		return;
	is_scalar = type.scalar != SCALAR_STRUCT && !type.is_array;
	if (!is_scalar)
		resolve_error(r, item->value->span,
			      "%s starts as zero bytes: fill it in setup",
			      type_text(r, type));
	else if (resolve_const(r, item->value, "a first value", &value, NULL))
		sym->init = fold_number(resolve_copy(r, item->value),
					type.scalar == SCALAR_BOOL ? value != 0
								   : value,
					is_unsigned_type(type));
}

/* One more of what is known by its number. */
static void declare_one(struct resolver *r, const struct item *item,
			enum sym_kind kind, struct sym **all, size_t *nr)
{
	struct sym *sym = scope_add(r, &item->name, kind);

	sym->index = (uint32_t)*nr;
	all[(*nr)++] = sym;
}

/* Spinlocks and mutexes are numbered together. */
static void declare_lock(struct resolver *r, const struct item *item)
{
	declare_one(r, item, item->kind == ITEM_MUTEX ? SYM_MUTEX : SYM_LOCK,
		    r->unit->locks, &r->unit->nr_locks);
}

static void declare_completion(struct resolver *r, const struct item *item)
{
	declare_one(r, item, SYM_COMPLETION, r->unit->completions,
		    &r->unit->nr_completions);
}

static void declare_waitqueue(struct resolver *r, const struct item *item)
{
	declare_one(r, item, SYM_WAITQUEUE, r->unit->waitqueues,
		    &r->unit->nr_waitqueues);
}

static void declare_revocable(struct resolver *r, const struct item *item)
{
	struct unit *unit = r->unit;
	bool is_devres = item->kind == ITEM_DEVRES;

	declare_one(r, item, is_devres ? SYM_DEVRES : SYM_REVOCABLE,
		    unit->revocables, &unit->nr_revocables);
	unit->revocables[unit->nr_revocables - 1]->item = item;
	if (is_devres)
		unit->revocables[unit->nr_revocables - 1]->device =
			resolve_device_named(r, &item->on);
}

static void declare_drvdata(struct resolver *r, const struct item *item)
{
	const struct device *device = resolve_device_named(r, &item->on);

	if (!device)
		return;
	if (device->drvdata) {
		resolve_error(r, item->on.span,
			      "the driver of '%s' has its data already",
			      device->name);
		resolve_note(r, device->drvdata->on.span, "it is here");
	}
	r->unit->devices[device->index].drvdata = item;
}

static void declare_source(struct resolver *r, const struct item *item)
{
	if (!r->unit->source)
		r->unit->source = item->text;
}

static void declare_memory(struct resolver *r, const struct item *item)
{
	r->unit->weak = item->weak;
}

static void declare_contract(struct resolver *r, const struct item *item)
{
	r->unit->contract = item->contract;
}

static void declare_timeouts(struct resolver *r, const struct item *item)
{
	r->unit->early = item->early;
}

/* The names that there are. */
static void help_machines(struct resolver *r)
{
	struct cdma_text names = {0};

	for (size_t i = 1; cdma_machine_at(i); i++)
		cdma_text_addf(&names, ", %s", cdma_machine_at(i)->name);
	diag_help(r->diag, "machines are any%s", names.at);
	cdma_text_fini(&names);
}

static void declare_machine(struct resolver *r, const struct item *item)
{
	struct cdma_machine machine;
	const char *wrong;
	size_t at;

	if (!item->text)
		return;
	wrong = cdma_machine_parse(item->text, &machine, &at);
	r->unit->machine = item->text;
	if (!wrong)
		return;
	resolve_error(r, item->name.span, "%s, at '%s'", wrong,
		      item->text + at);
	if (!at)
		help_machines(r);
}

static void declare_scenario(struct resolver *r, const struct item *item)
{
	r->unit->title = item->text;
	if (item != items(r) || item->span.file)
		resolve_error(r, item->span,
			      "'scenario' is the first item of the main file");
}

static void (*const declarators[ITEM_SET + 1])(struct resolver *,
					       const struct item *) = {
	[ITEM_SCENARIO] = declare_scenario,
	[ITEM_SOURCE] = declare_source,
	[ITEM_PARAM] = declare_const,
	[ITEM_CONST] = declare_const,
	[ITEM_STRUCT] = declare_struct,
	[ITEM_DEVICE] = declare_device,
	[ITEM_SHARED] = declare_shared,
	[ITEM_SPINLOCK] = declare_lock,
	[ITEM_COMPLETION] = declare_completion,
	[ITEM_MEMORY] = declare_memory,
	[ITEM_CONTRACT] = declare_contract,
	[ITEM_MUTEX] = declare_lock,
	[ITEM_WAITQUEUE] = declare_waitqueue,
	[ITEM_REVOCABLE] = declare_revocable,
	[ITEM_DEVRES] = declare_revocable,
	[ITEM_DRVDATA] = declare_drvdata,
	[ITEM_TIMEOUTS] = declare_timeouts,
	[ITEM_MACHINE] = declare_machine,
};

/* Functions are seen from everywhere, before they are written too. */
static void declare_fn(struct resolver *r, const struct item *item)
{
	struct sym *sym;

	if (builtin_find(item->name.text)) {
		resolve_error(r, item->name.span,
			      "'%s' is a call of the language",
			      item->name.text);
		return;
	}
	sym = scope_add(r, &item->name, SYM_FN);
	sym->item = item;
}

/* As many as there can be, so that they do not move. */
static void make_room(struct resolver *r)
{
	size_t nr[ITEM_SET + 1] = {0}, nr_irqs = 0, nr_reactions = 0;
	struct unit *unit = r->unit;

	for (const struct item *i = items(r); i; i = i->next) {
		nr[i->kind]++;
		for (const struct irq_ref *q = i->irqs; q; q = q->next)
			nr_irqs++;
		for (const struct item *k = i->items; k; k = k->next)
			nr_reactions += k->kind == ITEM_REACTION;
	}
	unit->params = resolve_alloc(r, (nr[ITEM_PARAM] + 1) *
						sizeof(struct unit_param));
	unit->devices =
		resolve_alloc(r, (nr[ITEM_DEVICE] + 1) * sizeof(struct device));
	unit->reactions =
		resolve_alloc(r, (nr_reactions + 1) * sizeof(struct reaction));
	unit->irqs = resolve_alloc(r, (nr_irqs + 1) * sizeof(struct irq *));
	unit->shareds =
		resolve_alloc(r, (nr[ITEM_SHARED] + 1) * sizeof(struct sym *));
	unit->locks = resolve_alloc(r, (nr[ITEM_SPINLOCK] + nr[ITEM_MUTEX] +
					1) * sizeof(struct sym *));
	unit->waitqueues = resolve_alloc(r, (nr[ITEM_WAITQUEUE] + 1) *
						    sizeof(struct sym *));
	unit->revocables =
		resolve_alloc(r, (nr[ITEM_REVOCABLE] + nr[ITEM_DEVRES] + 1) *
					 sizeof(struct sym *));
	unit->completions = resolve_alloc(r, (nr[ITEM_COMPLETION] + 1) *
						     sizeof(struct sym *));
}

static void check_first(struct resolver *r)
{
	if (items(r) && items(r)->kind == ITEM_SCENARIO)
		return;
	resolve_error(r, (struct span){0},
		      "a scenario starts with 'scenario name \"title\";'");
}

/* What the scenario does not declare itself takes the place of these. */
static void declare_prelude(struct resolver *r)
{
	r->in_prelude = true;
	for (const struct item *i = r->script->prelude; i; i = i->next) {
		if (scope_find(r, i->name.id) || builtin_find(i->name.text))
			continue; /* the language has it */
		if (i->kind == ITEM_CONST)
			scope_add(r, &i->name, SYM_CONST)->item = i;
		else if (i->kind == ITEM_FN || i->kind == ITEM_MACRO)
			declare_fn(r, i);
		else
			declare_struct(r, i);
	}
	r->in_prelude = false;
}

void resolve_declarations(struct resolver *r)
{
	make_room(r);
	check_first(r);
	declare_prelude(r);
	bind_constants(r);
	for (const struct item *i = items(r); i; i = i->next)
		if (i->kind == ITEM_FN || i->kind == ITEM_MACRO)
			declare_fn(r, i);
	resolve_natives(r, items(r));
	for (const struct item *i = items(r); i; i = i->next)
		if (declarators[i->kind])
			declarators[i->kind](r, i);
	resolve_native_parts(r, items(r));
	if (r->variant)
		for (const struct item *i = r->variant->items; i; i = i->next)
			if (i->kind == ITEM_MEMORY ||
			    i->kind == ITEM_CONTRACT ||
			    i->kind == ITEM_TIMEOUTS || i->kind == ITEM_MACHINE)
				declarators[i->kind](r, i);
	if (r->script->machine)
		r->unit->machine = r->script->machine;
}
