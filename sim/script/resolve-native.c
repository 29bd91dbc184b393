/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/*
 * Functions of C: what of them is called, how, and what they are made of.
 */

/* What a call of one takes and gives, whichever it is. */
static const struct builtin native_call = {
	.name = "native",
	.id = BUILTIN_NATIVE,
	.result = RESULT_S32,
	.who = WHO_CPU | WHO_DEVICE,
};

static void declare(struct resolver *r, size_t object, const struct param *p)
{
	struct unit *unit = r->unit;
	struct sym *sym;

	if (builtin_find(p->name.text)) {
		resolve_error(r, p->name.span, "'%s' is a call of the language",
			      p->name.text);
		return;
	}
	sym = scope_add(r, &p->name, SYM_NATIVE);
	sym->index = (uint32_t)unit->nr_natives;
	unit->natives[unit->nr_natives++] = (struct native_fn){
		.name = p->name.text,
		.object = object,
		.span = p->name.span,
	};
}

static bool is_native(const struct item *item)
{
	return item->kind == ITEM_NATIVE || item->kind == ITEM_DRIVER;
}

static bool ends_in(const char *text, const char *ending)
{
	size_t len = strlen(text), end = strlen(ending);

	return len > end && !strcmp(text + len - end, ending);
}

static void add_object(struct resolver *r, const struct item *i)
{
	struct native_object object = {
		.file = {i->text, i->path, i->span},
		.source = i->made_of,
		.is_driver = i->kind == ITEM_DRIVER,
		.is_source = ends_in(i->text, ".c"),
	};

	if (object.is_driver && !object.is_source)
		resolve_error(r, i->span, "a driver is a file of C, 'name.c'");
	else if (i->parts && !object.is_source)
		resolve_error(r, i->parts->span,
			      "'%s' is made already; name its source, 'name.c'",
			      i->text);
	else if (!i->path && !object.is_driver && object.is_source)
		resolve_error(r, i->span, "there is no file '%s'", i->text);
	r->unit->objects[r->unit->nr_objects++] = object;
}

void resolve_natives(struct resolver *r, const struct item *items)
{
	size_t nr = 0, nr_objects = 0;

	for (const struct item *i = items; i; i = i->next)
		if (is_native(i)) {
			nr += i->nr_params;
			nr_objects++;
		}
	r->unit->natives =
		resolve_alloc(r, (nr + 1) * sizeof(*r->unit->natives));
	r->unit->objects =
		resolve_alloc(r, (nr_objects + 1) * sizeof(*r->unit->objects));
	for (const struct item *i = items; i; i = i->next) {
		if (!is_native(i))
			continue;
		for (const struct param *p = i->params; p; p = p->next)
			declare(r, r->unit->nr_objects, p);
		add_object(r, i);
	}
}

/* ---- what a source is made of ---- */

/* An id of PCI. */
static uint32_t id_of(struct resolver *r, const struct expr *e,
		      const char *what, uint64_t max)
{
	uint64_t value = 0;

	if (e)
		resolve_count(r, e, what, 0, max, &value);
	return (uint32_t)value;
}

static const struct device *only_device(struct resolver *r,
					const struct native_part *part)
{
	if (part->on.text)
		return resolve_device_named(r, &part->on);
	if (r->unit->nr_devices == 1)
		return &r->unit->devices[0];
	resolve_error(r, part->span,
		      r->unit->nr_devices
			      ? "which device is it? say 'on' and its name"
			      : "the scenario has no device");
	return NULL;
}

static void take_pci(struct resolver *r, struct native_object *object,
		     const struct native_part *part)
{
	if (object->has_pci) {
		resolve_error(r, part->span, "a driver has one 'pci'");
		return;
	}
	object->has_pci = true;
	object->pci.vendor = id_of(r, part->vendor, "a vendor", 0xffff);
	object->pci.id = id_of(r, part->device, "a device", 0xffff);
	object->pci.rev = id_of(r, part->rev, "a revision", 0xff);
	object->pci.device = only_device(r, part);
}

static void take_irq(struct resolver *r, struct native_object *object,
		     const struct native_part *part)
{
	const struct device *device = resolve_device_named(r, &part->on);

	for (size_t i = 0; device && i < device->nr_irqs; i++)
		if (!strcmp(device->irqs[i].name, part->name.text)) {
			object->pci.irq = &device->irqs[i];
			return;
		}
	if (device)
		resolve_error(r, part->name.span,
			      "device '%s' has no interrupt '%s'", device->name,
			      part->name.text);
}

/* "2", as C has it. */
static const char *text_of(struct resolver *r, const struct native_part *part,
			   bool *is_number)
{
	char number[32] = "1";
	struct type type = {0};
	uint64_t value;
	char *text;

	*is_number = !part->text;
	if (part->text)
		return part->text;
	if (part->value &&
	    !resolve_const(r, part->value, "a macro", &value, &type))
		return "0";
	if (part->value)
		snprintf(number, sizeof(number),
			 is_unsigned_type(type) ? "%" PRIu64 : "%" PRId64,
			 value);
	text = resolve_alloc(r, strlen(number) + 1);
	return strcpy(text, number);
}

static void take_define(struct resolver *r, struct native_object *object,
			const struct native_part *part)
{
	struct native_define *define = &object->defines[object->nr_defines++];

	*define = (struct native_define){
		.name = part->name.text,
		.span = part->span,
	};
	define->text = text_of(r, part, &define->is_number);
}

static void take_file(struct resolver *r, struct native_object *object,
		      const struct native_part *part)
{
	const struct native_file file = {part->text, part->path, part->span};

	if (!ends_in(part->text, ".c"))
		resolve_error(r, part->span, "a file of C is 'name.c'");
	else if (!part->path && !object->is_driver)
		resolve_error(r, part->span, "there is no file '%s'",
			      part->text);
	if (part->kind == NATIVE_LINK)
		object->links[object->nr_links++] = file;
	else
		object->sources[object->nr_sources++] = file;
}

static void take_parts(struct resolver *r, struct native_object *object,
		       const struct native_part *parts)
{
	size_t nr = 1;

	for (const struct native_part *p = parts; p; p = p->next)
		nr++;
	object->defines = resolve_alloc(r, nr * sizeof(*object->defines));
	object->links = resolve_alloc(r, nr * sizeof(*object->links));
	object->sources = resolve_alloc(r, nr * sizeof(*object->sources));
	for (const struct native_part *p = parts; p; p = p->next)
		switch (p->kind) {
		case NATIVE_PCI:
			take_pci(r, object, p);
			break;
		case NATIVE_IRQ:
			take_irq(r, object, p);
			break;
		case NATIVE_DEFINE:
			take_define(r, object, p);
			break;
		case NATIVE_SOURCE:
		case NATIVE_LINK:
			take_file(r, object, p);
			break;
		}
}

/* ---- what a variant changes ---- */

static void take_patches(struct resolver *r, const struct item *items)
{
	for (const struct item *i = items; i; i = i->next)
		if (i->kind == ITEM_PATCH)
			r->unit->patches[r->unit->nr_patches++] =
				(struct native_patch){
					.how = i->patch->how,
					.at = i->patch->at,
					.with = i->patch->with,
					.in = i->patch->in.text,
					.span = i->span,
				};
}

static size_t nr_patches(const struct item *items)
{
	size_t nr = 0;

	for (; items; items = items->next)
		nr += items->kind == ITEM_PATCH;
	return nr;
}

static void check_patches(struct resolver *r, const struct item *items)
{
	for (const struct item *i = items; i; i = i->next) {
		if (i->kind != ITEM_PATCH)
			continue;
		if (!i->patch->at[strspn(i->patch->at, " \t\n")])
			resolve_error(r, i->span,
				      "an empty text is everywhere");
		for (size_t n = 0; n < r->unit->nr_objects; n++)
			if (r->unit->objects[n].is_source)
				return;
		resolve_error(r, i->span,
			      "there is no source to patch: no "
			      "'driver', and no 'native' of a "
			      "file 'name.c'");
	}
}

void resolve_native_parts(struct resolver *r, const struct item *items)
{
	const struct item *own = r->variant ? r->variant->items : NULL;
	struct native_object *object = r->unit->objects;

	for (const struct item *i = items; i; i = i->next)
		if (is_native(i))
			take_parts(r, object++, i->parts);
	r->unit->patches =
		resolve_alloc(r, (nr_patches(items) + nr_patches(own) + 1) *
					 sizeof(*r->unit->patches));
	check_patches(r, items);
	check_patches(r, own);
	take_patches(r, items);
	take_patches(r, own);
}

struct expr *resolve_native_call(struct resolver *r, struct expr *e,
				 struct sym *sym)
{
	struct expr *args = NULL, **tail = &args;
	bool ok = true;

	if (e->nr_args > BUILTIN_ARGS_MAX) {
		resolve_error(r, e->span,
			      "a native function takes up to %d arguments, "
			      "not %u",
			      BUILTIN_ARGS_MAX, e->nr_args);
		return NULL;
	}
	if (r->section == SECTION_REACTION) {
		resolve_error(
			r, e->span,
			"what a register does is written in the scenario");
		return NULL;
	}
	if (r->who == WHO_FINAL || r->in_poll) {
		resolve_error(r, e->span,
			      "%s() has no place in %s, which only "
			      "looks",
			      sym->name,
			      r->in_poll ? "a condition" : "'final'");
		return NULL;
	}
	for (const struct expr *a = e->args; a; a = a->next) {
		*tail = resolve_value(r, a);
		if (*tail)
			tail = &(*tail)->next;
		else
			ok = false;
	}
	e->args = args;
	e->builtin = &native_call;
	e->sym = sym;
	e->denotes = DENOTES_VALUE;
	e->type = type_scalar(SCALAR_S32);
	return ok ? e : NULL;
}
