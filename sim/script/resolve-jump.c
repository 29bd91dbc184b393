/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include "base/suggest.h"

#include <inttypes.h>

/*
 * What goes elsewhere: break, continue, goto, and the cases of a switch.
 *
 * A goto goes forward, out of the blocks that it is in: so no loop is hidden
 * in one, and every variable that is there behind the label was declared on
 * the way, with or without a value.
 */

void resolve_break(struct resolver *r, struct stmt *s)
{
	if (r->loops || (s->kind == STMT_BREAK && r->cases))
		return;
	resolve_error(r, s->span, "there is no loop%s to %s",
		      s->kind == STMT_BREAK ? " or switch" : "",
		      s->kind == STMT_BREAK ? "break" : "continue");
}

/* ---- goto ---- */

static const struct stmt *find_after(const struct stmt *s, const char *label)
{
	while (s && s->label.text != label)
		s = s->next;
	return s;
}

/* The statement with @label in @s, or behind it, at any depth. */
static const struct stmt *find_anywhere(const struct stmt *s, const char *label)
{
	const struct stmt *found = NULL;

	for (; s && !found; s = s->next) {
		if (s->label.text == label)
			return s;
		found = find_anywhere(s->list, label);
		if (!found)
			found = find_anywhere(s->then, label);
		if (!found)
			found = find_anywhere(s->other, label);
	}
	return found;
}

static void offer_labels(struct cdma_suggest *suggest, const struct stmt *s)
{
	for (; s; s = s->next) {
		if (s->label.text)
			cdma_suggest_offer(suggest, s->label.text);
		offer_labels(suggest, s->list);
		offer_labels(suggest, s->then);
		offer_labels(suggest, s->other);
	}
}

static void unknown_label(struct resolver *r, const struct stmt *s,
			  const struct stmt *body)
{
	struct cdma_suggest suggest = cdma_suggest_for(s->name.text);

	offer_labels(&suggest, body);
	if (suggest.best)
		resolve_error(r, s->name.span,
			      "there is no label '%s' here; did you mean '%s'?",
			      s->name.text, suggest.best);
	else
		resolve_error(r, s->name.span, "there is no label '%s' here",
			      s->name.text);
}

void resolve_goto(struct resolver *r, struct stmt *s)
{
	const struct stmt *body = NULL, *label;
	bool is_back = false;

	for (const struct list *l = r->lists; l; l = l->up) {
		if (find_after(l->at->next, s->name.text))
			return;
		is_back |= find_after(l->first, s->name.text) != NULL;
		body = l->first;
	}
	label = find_anywhere(body, s->name.text);
	if (!label) {
		unknown_label(r, s, body);
		return;
	}
	if (is_back) {
		resolve_error(r, s->span,
			      "'goto %s' goes back: every loop needs a bound",
			      s->name.text);
		diag_help(r->diag, "write 'for (;;) max N { ... }' around it, "
				   "with 'continue' and 'break'");
	} else {
		resolve_error(r, s->span,
			      "'goto %s' goes into a block that it is not in",
			      s->name.text);
		diag_help(r->diag, "write the label behind that block, or in a "
				   "block around the 'goto'");
	}
	resolve_note(r, label->label.span, "the label is here");
}

/* ---- switch ---- */

/* A value, or a range of them, that a switch has a case for. */
struct case_value {
	struct case_value *next;
	int64_t from, to;
	struct span span;
};

struct cases {
	const struct stmt *block;
	struct type type; /* of what is switched upon */
	struct case_value *values;
	struct span other; /* the default; len 0: none yet */
};

static void take_default(struct resolver *r, const struct stmt *s)
{
	if (r->cases->other.len) {
		resolve_error(r, s->span, "there is a 'default' already");
		resolve_note(r, r->cases->other, "it is here");
	}
	r->cases->other = s->span;
}

static void take_case(struct resolver *r, const struct stmt *s)
{
	struct case_value *v = resolve_new(r, struct case_value);

	v->from = (int64_t)s->from->value;
	v->to = s->to ? (int64_t)s->to->value : v->from;
	v->span = s->span;
	if (v->from > v->to)
		resolve_error(r, s->span, "this range is empty");
	for (const struct case_value *o = r->cases->values; o; o = o->next)
		if (v->from <= o->to && o->from <= v->to) {
			resolve_error(r, s->span,
				      "there is a case of %" PRId64 " already",
				      v->from > o->from ? v->from : o->from);
			resolve_note(r, o->span, "it is here");
			return;
		}
	v->next = r->cases->values;
	r->cases->values = v;
}

static bool resolve_case_value(struct resolver *r, struct expr **e)
{
	struct expr *number = resolve_copy(r, *e);
	uint64_t value;

	if (!resolve_const(r, *e, "the value of a case", &value, NULL))
		return false;
	*e = fold_typed(number, type_fit(r->cases->type, value),
			r->cases->type);
	return true;
}

void resolve_case(struct resolver *r, struct stmt *s)
{
	if (!r->cases || r->lists->first != r->cases->block->list) {
		resolve_error(r, s->span,
			      r->cases ? "a case stands in the block of its "
					 "switch, not deeper"
				       : "there is no switch for this case");
		return;
	}
	if (!s->from) {
		take_default(r, s);
		return;
	}
	if (resolve_case_value(r, &s->from) &&
	    (!s->to || resolve_case_value(r, &s->to)))
		take_case(r, s);
}

void resolve_switch(struct resolver *r, struct stmt *s)
{
	struct cases cases = {.block = s->then}, *outer = r->cases;
	const struct stmt *first = s->then->list;

	s->cond = resolve_value(r, s->cond);
	if (s->cond)
		cases.type = s->cond->type;
	while (first && first->kind == STMT_DECL)
		first = first->next;
	if (first && first->kind != STMT_CASE)
		resolve_error(r, first->span,
			      "no case leads to this statement");
	r->cases = &cases;
	s->then = resolve_block(r, s->then);
	r->cases = outer;
}
