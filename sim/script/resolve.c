/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How many calls on the way to a mistake are shown. */
#define NOTES_MAX 4

struct unit_memory {
	struct cdma_arena arena;
};

void *resolve_alloc(struct resolver *r, size_t size)
{
	return arena_zalloc(r->arena, size);
}

void resolve_error(struct resolver *r, struct span span, const char *fmt, ...)
{
	const struct frame *f = r->frame;
	va_list ap;
	char *text;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0)
		abort();
	diag_error(r->diag, &r->script->sources, span, "%s", text);
	free(text);
	r->failed = true;
	if (r->macro && r->macro->span.at != span.at)
		resolve_note(r, r->macro->span, "in this use of '%s'",
			     r->macro->macro->name.text);
	for (int i = 0; f && i < NOTES_MAX; f = f->up, i++)
		if (f->call.at != f->fn->name.span.at)
			resolve_note(r, f->call, "in this call of '%s'",
				     f->fn->name.text);
}

void resolve_note(struct resolver *r, struct span span, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0)
		abort();
	diag_note(r->diag, &r->script->sources, span, "%s", text);
	free(text);
}

bool resolve_enter(struct resolver *r, struct span span)
{
	r->nesting++;
	r->nr_nodes++;
	if (r->nesting > RESOLVE_DEPTH_MAX) {
		resolve_error(r, span,
			      "blocks, expressions and calls are "
			      "nested more than %d deep",
			      RESOLVE_DEPTH_MAX);
		return false;
	}
	if (r->nr_nodes == RESOLVE_NODES_MAX)
		resolve_error(r, span,
			      "there are more than %u statements and "
			      "expressions, with functions expanded where they "
			      "are called",
			      RESOLVE_NODES_MAX);
	return r->nr_nodes < RESOLVE_NODES_MAX;
}

void resolve_leave(struct resolver *r)
{
	r->nesting--;
}

/* The names that every scenario finds. */
static void bind_consts(struct resolver *r)
{
	struct names *names = &r->script->names;

	for (size_t i = 0; i < nr_builtin_consts; i++) {
		const struct builtin_const *c = &builtin_consts[i];
		struct name name = {
			.id = names_intern(names, c->name, strlen(c->name))};
		struct sym *sym;

		name.text = names_text(names, name.id);
		sym = scope_add(r, &name, SYM_CONST);
		sym->value = c->value;
		sym->type = type_of_number((int64_t)c->value);
	}
}

/* So that no name comes later than the tables. */
static void intern_consts(struct resolver *r)
{
	for (size_t i = 0; i < nr_builtin_consts; i++)
		names_intern(&r->script->names, builtin_consts[i].name,
			     strlen(builtin_consts[i].name));
	r->nr_words = r->script->names.nr;
	r->bound = cdma_xcalloc(r->nr_words, sizeof(struct binding *));
	r->words = cdma_xcalloc(r->nr_words, sizeof(struct word));
}

static void resolve_all(struct resolver *r)
{
	r->who = WHO_ANY;
	intern_consts(r);
	bind_consts(r);
	resolve_settings(r);
	resolve_declarations(r);
	resolve_labels(r);
	resolve_sections(r);
	resolve_uncalled(r);
	resolve_parts(r);
	resolve_expects(r);
}

static struct unit *new_unit(struct script *script, const struct item *variant)
{
	struct unit_memory *memory = cdma_xcalloc(1, sizeof(*memory));
	struct unit *unit = arena_zalloc(&memory->arena, sizeof(*unit));

	unit->memory = memory;
	unit->script = script;
	unit->name = script_name(script);
	unit->variant = variant ? variant->name.text : "default";
	unit->variant_title = variant ? variant->text : NULL;
	return unit;
}

struct unit *script_resolve(struct script *script, size_t i, struct diag *diag)
{
	const struct item *variant = i ? script->variants[i - 1] : NULL;
	struct unit *unit = new_unit(script, variant);
	struct resolver r = {.unit = unit,
			     .script = script,
			     .diag = diag,
			     .arena = &unit->memory->arena,
			     .variant = variant};

	resolve_all(&r);
	free(r.bound);
	free(r.words);
	cdma_vec_free(&r.scope);
	if (!r.failed)
		return unit;
	unit_free(unit);
	return NULL;
}

void unit_free(struct unit *unit)
{
	struct unit_memory *memory;

	if (!unit)
		return;
	memory = unit->memory;
	cdma_arena_fini(&memory->arena);
	free(memory);
}
