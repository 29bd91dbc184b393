/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include "base/macros.h"
#include "base/suggest.h"

#include <string.h>

/* Whether a goto in @s, or behind it, goes to @label. */
static bool goes_to(const struct stmt *s, const char *label)
{
	for (; s; s = s->next)
		if ((s->kind == STMT_GOTO && s->name.text == label) ||
		    goes_to(s->list, label) || goes_to(s->then, label) ||
		    goes_to(s->other, label))
			return true;
	return false;
}

/* Every function may have an "out", as long as nobody asks which it is. */
static void take_label(struct resolver *r, const struct name *label,
		       const struct stmt *body)
{
	struct word *word = &r->words[label->id];

	if (word->label.len && word->body != body &&
	    goes_to(body, label->text)) {
		word->is_repeated = true;
		return;
	}
	if (word->label.len) {
		resolve_error(r, label->span, "there is a label '%s' already",
			      label->text);
		resolve_note(r, word->label, "it is here");
		return;
	}
	word->label = label->span;
	word->body = body;
}

static void take_loop(struct resolver *r, const struct stmt *s)
{
	if ((s->kind == STMT_FOR || s->kind == STMT_LOOP) && s->name.text &&
	    !r->words[s->name.id].loop.len)
		r->words[s->name.id].loop = s->name.span;
}

/* The labels in @s and the objects that it declares; @body: all of the
 * section or function. */
static void take_words(struct resolver *r, const struct stmt *s,
		       const struct stmt *body)
{
	for (; s; s = s->next) {
		if (s->label.text)
			take_label(r, &s->label, body);
		for (const struct decl *d = s->decls; d; d = d->next)
			if ((d->object || (d->ref && d->ref->stars)) &&
			    !r->words[d->name.id].object.len)
				r->words[d->name.id].object = d->name.span;
		take_loop(r, s);
		take_words(r, s->list, body);
		take_words(r, s->then, body);
		take_words(r, s->other, body);
	}
}

/* A buffer may go by the name that a function has for it. */
static void take_params(struct resolver *r, const struct item *fn)
{
	for (const struct param *p = fn->params; p; p = p->next)
		if (!r->words[p->name.id].object.len)
			r->words[p->name.id].object = p->name.span;
}

/* Memory goes by the name of the pointer that holds it first, too. */
static void take_pointers(struct resolver *r, const struct field_ref *f)
{
	for (; f; f = f->next) {
		take_pointers(r, f->fields);
		if (f->ref && f->ref->stars && !r->words[f->name.id].object.len)
			r->words[f->name.id].object = f->name.span;
	}
}

void resolve_labels(struct resolver *r)
{
	for (const struct item *i = r->script->items; i; i = i->next) {
		take_words(r, i->body, i->body);
		for (const struct item *k = i->items; k; k = k->next)
			take_words(r, k->body, k->body);
		take_params(r, i);
		take_pointers(r, i->kind == ITEM_STRUCT ? i->fields : NULL);
		if (i->kind == ITEM_SHARED && i->ref->stars &&
		    !r->words[i->name.id].object.len)
			r->words[i->name.id].object = i->name.span;
	}
}

/* What a word may be, and what that is called. */
enum word_kind { WORD_LABEL, WORD_BUFFER, WORD_LOOP };

static const char *const word_kinds[] = {"label", "buffer", "loop variable"};

static struct span *span_of(struct word *word, enum word_kind kind)
{
	if (kind == WORD_LOOP)
		return &word->loop;
	return kind == WORD_LABEL ? &word->label : &word->object;
}

/* Complain when @name is not of that @kind; it may be left out. */
static void check_word(struct resolver *r, const struct name *name,
		       enum word_kind kind)
{
	const char *what = word_kinds[kind];
	struct cdma_suggest s;
	struct span best = {0};

	if (name->text && kind == WORD_LABEL && r->words[name->id].is_repeated)
		resolve_error(r, name->span,
			      "there is a label '%s' in several functions",
			      name->text);
	if (!name->text || span_of(&r->words[name->id], kind)->len)
		return;
	s = cdma_suggest_for(name->text);
	for (uint32_t id = 0; id < r->nr_words; id++) {
		const char *was = s.best;

		if (!span_of(&r->words[id], kind)->len)
			continue;
		cdma_suggest_offer(&s, names_text(&r->script->names, id));
		if (s.best != was)
			best = *span_of(&r->words[id], kind);
	}
	if (!s.best) {
		resolve_error(r, name->span, "unknown %s '%s'", what,
			      name->text);
		return;
	}
	resolve_error(r, name->span, "unknown %s '%s'; did you mean '%s'?",
		      what, name->text, s.best);
	resolve_note(r, best, "'%s' is declared here", s.best);
}

void resolve_label_name(struct resolver *r, const struct name *name)
{
	check_word(r, name, WORD_LABEL);
}

void resolve_buffer_name(struct resolver *r, const struct name *name)
{
	check_word(r, name, WORD_BUFFER);
}

static enum cdma_finding_id find_finding(struct resolver *r,
					 const struct name *name)
{
	struct cdma_suggest s = cdma_suggest_for(name->text);

	for (int id = 0; id < CDMA_FINDING_NR; id++) {
		const char *text = cdma_finding_name((enum cdma_finding_id)id);

		if (!strcmp(text, name->text))
			return (enum cdma_finding_id)id;
		cdma_suggest_offer(&s, text);
	}
	if (s.best)
		resolve_error(r, name->span,
			      "unknown finding '%s'; did you mean '%s'?",
			      name->text, s.best);
	else
		resolve_error(r, name->span, "unknown finding '%s'",
			      name->text);
	return CDMA_FINDING_NR;
}

int resolve_error_value(struct resolver *r, const struct expr *e)
{
	uint64_t value;

	if (!resolve_const(r, e, "an error", &value, NULL))
		return 0;
	if ((int64_t)value >= 0 || (int64_t)value < -4095) {
		resolve_error(r, e->span, "an error is -ENOMEM and the like");
		return 0;
	}
	return (int)(int64_t)value;
}

static struct expect_turns resolve_turns(struct resolver *r,
					 const struct turn_ref *refs)
{
	struct expect_turn *turns;
	size_t nr = 0;

	for (const struct turn_ref *ref = refs; ref; ref = ref->next)
		nr++;
	turns = resolve_alloc(r, nr * sizeof(*turns));
	for (size_t i = 0; i < nr; i++, refs = refs->next) {
		check_word(r, &refs->name, WORD_LOOP);
		turns[i].name = refs->name.text;
		resolve_const(r, refs->value, "a turn", &turns[i].value, NULL);
	}
	return (struct expect_turns){turns, nr};
}

/* A label that some variant cares for. */
static void take_named(struct resolver *r, const struct name *label,
		       enum fault_mode under)
{
	if (label->text && r->words[label->id].label.len)
		r->unit->named[r->unit->nr_named++] =
			(struct named){label->text, under};
}

static void check_words(struct resolver *r, const struct expect_ref *ref)
{
	if (!r->unit->nr_natives && (ref->at_text || ref->against_text))
		resolve_error(r,
			      (ref->at_text ? &ref->at : &ref->against)->span,
			      "the text of a line is asked for in C alone; a "
			      "line of the scenario has a label");
	/* Native code has names of its own: of memory, and of functions. */
	if (r->unit->nr_natives && ref->when != EXPECT_UNREACHED)
		return;
	check_word(r, &ref->of, WORD_BUFFER);
	check_word(r, &ref->at, WORD_LABEL);
	check_word(r, &ref->against, WORD_LABEL);
}

static void resolve_expect(struct resolver *r, const struct item *item,
			   bool is_wanted)
{
	const struct expect_ref *ref = item->expect;
	struct expect expect = {.when = ref->when,
				.of = ref->of.text,
				.at = ref->at.text,
				.against = ref->against.text,
				.at_text = ref->at_text,
				.against_text = ref->against_text,
				.under = ref->under,
				.in_explore = ref->in_explore,
				.then_anything = ref->then_anything,
				.span = item->span};

	if (ref->finding.text)
		expect.finding = find_finding(r, &ref->finding);
	if (ref->error)
		expect.error = resolve_error_value(r, ref->error);
	check_words(r, ref);
	expect.at_turns = resolve_turns(r, ref->at_turns);
	expect.against_turns = resolve_turns(r, ref->against_turns);
	if (ref->when == EXPECT_SOME || ref->when == EXPECT_ALWAYS ||
	    ref->when == EXPECT_NEVER) {
		take_named(r, &ref->at, ref->under);
		take_named(r, &ref->against, ref->under);
	}
	if (is_wanted)
		r->unit->expects[r->unit->nr_expects++] = expect;
}

static bool has(const struct item *items, enum item_kind kind)
{
	for (; items; items = items->next)
		if (items->kind == kind)
			return true;
	return false;
}

/* All of @items are checked; those that count for the unit are kept. */
static void resolve_list_of(struct resolver *r, const struct item *items,
			    bool takes_expects, bool takes_faults)
{
	const struct item *nothing = NULL, *other = NULL;

	for (const struct item *i = items; i; i = i->next) {
		if (i->kind == ITEM_EXPECT) {
			resolve_expect(r, i, takes_expects);
			if (i->expect->when == EXPECT_NOTHING)
				nothing = i;
			else if (i->expect->finding.text)
				other = i;
		}
		if (i->kind == ITEM_FAIL)
			resolve_fault(r, i, takes_faults);
	}
	if (nothing && other) {
		resolve_error(r, nothing->span,
			      "'expect nothing' leaves no room for another");
		resolve_note(r, other->span, "this is expected too");
	}
}

static size_t count(const struct item *items)
{
	size_t nr = 1;

	for (; items; items = items->next)
		nr++;
	return nr;
}

static void check_variant_name(struct resolver *r, const struct name *name)
{
	struct span *known = &r->words[name->id].variant;

	if (!strcmp(name->text, "default"))
		resolve_error(r, name->span,
			      "'default' is what stands in the file outside "
			      "of any variant");
	if (known->len) {
		resolve_error(r, name->span, "there is a variant '%s' already",
			      name->text);
		resolve_note(r, *known, "it is here");
	}
	*known = name->span;
}

static void check_variants(struct resolver *r)
{
	const struct script *script = r->script;

	for (size_t i = 0; i < script->nr_variants; i++)
		check_variant_name(r, &script->variants[i]->name);
}

/* Those of the variant replace those of the file, if it has any; faults of the
 * command line replace both. */
void resolve_expects(struct resolver *r)
{
	const struct item *own = r->variant ? r->variant->items : NULL;
	const struct script *script = r->script;
	const bool is_given = script->has_faults;
	size_t room = count(script->items) + count(own) + count(script->faults);
	size_t all = count(script->items);

	for (size_t i = 0; i < script->nr_variants; i++)
		all += count(script->variants[i]->items);
	r->depth = DEPTH_FILE;
	r->floor = DEPTH_BLOCK;
	r->unit->expects = resolve_alloc(r, room * sizeof(struct expect));
	r->unit->faults = resolve_alloc(r, room * sizeof(struct fault));
	r->unit->named = resolve_alloc(r, 2 * all * sizeof(struct named));
	resolve_list_of(r, script->items, !has(own, ITEM_EXPECT),
			!is_given && !has(own, ITEM_FAIL));
	for (size_t i = 0; i < script->nr_variants; i++)
		resolve_list_of(r, script->variants[i]->items,
				script->variants[i] == r->variant,
				!is_given && script->variants[i] == r->variant);
	resolve_list_of(r, script->faults, false, true);
	check_variants(r);
}
