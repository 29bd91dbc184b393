/* SPDX-License-Identifier: MIT */
#include "script/edit.h"

#include <string.h>

#include "base/text.h"
#include "script/parse.h"
#include "script/private.h"

/* ---- the statement that a place is in ---- */

/* Where a statement hangs: in the list of a block, or as the only one there. */
struct spot {
	struct stmt **link;
	bool in_list;
};

static bool contains(struct span span, uint32_t file, uint32_t at)
{
	return span.file == file && at >= span.at && at < span.at + span.len;
}

static bool find_in(struct stmt **link, bool in_list, struct span at,
		    struct spot *out);

static bool find_in_list(struct stmt **link, struct span at, struct spot *out)
{
	for (; *link; link = &(*link)->next)
		if (find_in(link, true, at, out))
			return true;
	return false;
}

/* The innermost that is no block. */
static bool find_in(struct stmt **link, bool in_list, struct span at,
		    struct spot *out)
{
	struct stmt *s = *link;

	if (!s || !contains(s->span, at.file, at.at))
		return false;
	if (find_in_list(&s->list, at, out) ||
	    find_in(&s->then, false, at, out) ||
	    find_in(&s->other, false, at, out))
		return true;
	if (s->kind == STMT_BLOCK)
		return false;
	*out = (struct spot){link, in_list};
	return true;
}

static bool find_spot(struct script *script, struct span at, struct spot *out)
{
	for (struct item *i = script->items; i; i = i->next)
		if (i->body && find_in(&i->body, false, at, out))
			return true;
	return false;
}

/* The byte of a line and column; false: no such file. */
static bool find_place(struct script *script, const struct edit *edit,
		       struct span *out)
{
	for (size_t i = 0; i < script->sources.nr; i++) {
		struct source *source = &script->sources.at[i];
		const char *line;
		uint32_t last, col;
		size_t len;

		if (strcmp(source->path, edit->file))
			continue;
		source_place(source, source->len, &last, &col);
		if (edit->line > last)
			return false;
		line = source_line(source, edit->line, &len);
		*out = (struct span){
			.file = (uint32_t)i,
			.at = (uint32_t)(line - source->text) + edit->col - 1,
		};
		return true;
	}
	return false;
}

/* ---- where it would be written ---- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void place_before(struct script *script, const struct stmt *s,
			 struct edit_place *out)
{
	struct source *source = &script->sources.at[s->span.file];
	uint32_t at = s->span.at;

	source_place(source, at, &out->line, &out->col);
	while (at && is_blank(source->text[at - 1]))
		at--;
	if (!at || source->text[at - 1] == '\n')
		out->col = 0;
}

static void place_after(struct script *script, const struct stmt *s,
			struct edit_place *out)
{
	struct source *source = &script->sources.at[s->span.file];
	uint32_t end = s->span.at + s->span.len, line;
	const char *rest = source->text + end;

	out->is_after = true;
	source_place(source, end - 1, &out->line, &line);
	source_place(source, end, &line, &out->col);
	while (is_blank(*rest))
		rest++;
	if (*rest == '\n' || *rest == '\0' || !strncmp(rest, "//", 2))
		out->col = 0;
}

/* ---- the new statement ---- */

static struct stmt *parse_new_stmt(struct script *script, const char *text,
				   struct diag *diag)
{
	struct parse_words arg;
	struct stmt *block = NULL;
	struct cdma_text braced = {0};

	cdma_text_addf(&braced, "{ %s }", text);
	parse_words_begin(&arg, script, EDIT_PATH, braced.at, diag);
	if (!arg.p.failed)
		block = parse_block(&arg.p);
	cdma_text_fini(&braced);
	return parse_words_end(&arg) ? block : NULL;
}

static struct stmt *block_of(struct script *script, struct stmt *first,
			     struct stmt *second, struct span span)
{
	struct stmt *block = arena_zalloc(&script->arena, sizeof(*block));

	block->kind = STMT_BLOCK;
	block->span = span;
	block->list = first;
	first->next = second;
	second->next = NULL;
	return block;
}

static void insert(struct script *script, struct spot spot, struct stmt *new,
		   bool after, struct edit *edit)
{
	struct stmt *s = *spot.link;

	if (after)
		place_after(script, s, &edit->place);
	else
		place_before(script, s, &edit->place);
	edit->place.braces = !spot.in_list;
	if (!spot.in_list) {
		*spot.link = block_of(script, after ? s : new, after ? new : s,
				      s->span);
	} else if (after) {
		new->next = s->next;
		s->next = new;
	} else {
		new->next = s;
		*spot.link = new;
	}
}

/* The first statement of a branch. */
static bool find_branch(struct stmt *s, bool other, struct spot *out)
{
	struct stmt **link = other ? &s->other : &s->then;

	if (s->kind != STMT_IF || !*link)
		return false;
	*out = (struct spot){link, false};
	if ((*link)->kind == STMT_BLOCK)
		*out = (struct spot){&(*link)->list, true};
	return *out->link;
}

/* ---- a call without its _relaxed ---- */

static struct expr *call_in(struct expr *e, struct span at)
{
	struct expr *found = NULL;

	if (!e)
		return NULL;
	if (e->kind == EXPR_CALL && e->span.file == at.file &&
	    e->span.at == at.at)
		return e;
	for (struct expr *a = e->args; a && !found; a = a->next)
		found = call_in(a, at);
	if (!found)
		found = call_in(e->a, at);
	if (!found)
		found = call_in(e->b, at);
	return found ? found : call_in(e->c, at);
}

static struct expr *call_of(struct stmt *s, struct span at)
{
	struct expr *found = call_in(s->rhs, at);

	for (struct decl *d = s->decls; d && !found; d = d->next)
		found = call_in(d->init, at);
	if (!found)
		found = call_in(s->lhs, at);
	return found ? found : call_in(s->cond, at);
}

static bool make_strict(struct script *script, struct stmt *s, struct span at,
			struct edit *edit)
{
	static const char suffix[] = "_relaxed";
	struct expr *call = call_of(s, at);
	size_t len = call ? strlen(call->name.text) : 0;

	if (len <= strlen(suffix) || len >= sizeof(edit->call))
		return false;
	len -= strlen(suffix);
	if (strcmp(call->name.text + len, suffix))
		return false;
	call->name.id = names_intern(&script->names, call->name.text, len);
	call->name.text = names_text(&script->names, call->name.id);
	memcpy(edit->call, call->name.text, len + 1);
	edit->place = (struct edit_place){.line = edit->line, .col = edit->col};
	return true;
}

bool edit_apply(struct script *script, struct edit *edit, struct diag *diag)
{
	struct spot spot;
	struct stmt *new;
	struct span at;

	edit->place = (struct edit_place){0};
	if (!find_place(script, edit, &at) || !find_spot(script, at, &spot))
		return false;
	if (edit->where == EDIT_STRICT)
		return make_strict(script, *spot.link, at, edit);
	if (edit->where == EDIT_THEN || edit->where == EDIT_OTHER)
		if (!find_branch(*spot.link, edit->where == EDIT_OTHER, &spot))
			return false;
	/* A variable has to stay in the block that it is in. */
	if (!spot.in_list && (*spot.link)->kind == STMT_DECL)
		return false;
	new = parse_new_stmt(script, edit->text, diag);
	if (!new)
		return false;
	insert(script, spot, new, edit->where == EDIT_AFTER, edit);
	return true;
}
