/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include "base/suggest.h"
#include "script/refuse.h"

void scope_open(struct resolver *r)
{
	r->depth++;
}

void scope_close(struct resolver *r)
{
	while (r->scope.nr) {
		struct binding *b = *cdma_vec_last(&r->scope);

		if (b->depth < r->depth)
			break;
		r->bound[b->id] = b->outer;
		r->scope.nr--;
	}
	r->depth--;
}

/* What a caller has in its blocks is not seen by what it calls. */
static const struct binding *find(const struct resolver *r, uint32_t id)
{
	const struct binding *b = id < r->nr_words ? r->bound[id] : NULL;

	while (b && b->depth >= DEPTH_BLOCK && b->depth < r->floor)
		b = b->outer;
	return b;
}

struct sym *scope_find(const struct resolver *r, uint32_t id)
{
	const struct binding *b = find(r, id);

	return b ? b->sym : NULL;
}

bool scope_is_pointer(const struct resolver *r, uint32_t id)
{
	const struct binding *b = find(r, id);

	return b && b->is_pointer;
}

void scope_bind(struct resolver *r, const struct name *name, struct sym *sym)
{
	const struct binding *old = find(r, name->id);
	struct binding *b;

	/* "struct ring ring;": a tag is no name. */
	if (old && old->depth == r->depth && !old->is_prelude &&
	    (old->sym->kind != SYM_STRUCT || sym->kind == SYM_STRUCT)) {
		resolve_error(r, name->span, "'%s' is there already",
			      name->text);
		if (old->sym->span.len)
			resolve_note(r, old->sym->span, "it is declared here");
		return;
	}
	b = resolve_new(r, struct binding);
	*b = (struct binding){.sym = sym,
			      .depth = r->depth,
			      .is_prelude = r->in_prelude,
			      .id = name->id,
			      .outer = r->bound[name->id]};
	r->bound[name->id] = b;
	*cdma_vec_push(&r->scope) = b;
}

struct sym *scope_add(struct resolver *r, const struct name *name,
		      enum sym_kind kind)
{
	struct sym *sym = resolve_new(r, struct sym);

	sym->kind = kind;
	sym->name = name->text;
	sym->span = name->span;
	scope_bind(r, name, sym);
	return sym;
}

struct sym *scope_add_local(struct resolver *r, const struct name *name,
			    enum sym_kind kind, struct type type)
{
	struct sym *sym = scope_add(r, name, kind);

	sym->type = type;
	sym->is_setup = r->depth == DEPTH_SETUP;
	sym->index = (uint32_t)r->unit->nr_locals++;
	return sym;
}

static bool is_declared(const struct sym *sym)
{
	return sym->span.len;
}

bool scope_is_news(struct resolver *r, const struct name *name)
{
	bool is_known = name->id < r->nr_words && r->words[name->id].is_unknown;

	if (name->id < r->nr_words)
		r->words[name->id].is_unknown = true;
	r->failed = true;
	return !is_known;
}

void scope_unknown(struct resolver *r, const struct name *name,
		   const char *what, unsigned int kinds)
{
	struct cdma_suggest s = cdma_suggest_for(name->text);
	const struct sym *best = NULL;

	if (!scope_is_news(r, name))
		return;

	for (uint32_t id = 0; id < r->nr_words; id++) {
		const char *was = s.best;
		const struct sym *sym = scope_find(r, id);

		if (!sym || !(kinds & 1u << sym->kind))
			continue;
		if (suggest_means(name->text,
				  names_text(&r->script->names, id)))
			cdma_suggest_offer(&s,
					   names_text(&r->script->names, id));
		if (s.best != was)
			best = sym;
	}
	if (!best) {
		resolve_error(r, name->span, "unknown %s '%s'", what,
			      name->text);
		return;
	}
	resolve_error(r, name->span, "unknown %s '%s'; did you mean '%s'?",
		      what, name->text, s.best);
	if (is_declared(best))
		resolve_note(r, best->span, "'%s' is declared here", s.best);
}
