/* SPDX-License-Identifier: MIT */
#include "script/parse.h"

#include "script/private.h"

#include "base/macros.h"

#include <string.h>

/*
 * Loops over the kernel's lists, which are macros there.  They become the loop
 * that the macro stands for:
 *
 *	for (pos = list_first_entry(head, typeof(*pos), member);
 *	     &pos->member != head; pos = list_next_entry(pos, member))
 */

struct walk {
	struct parser *p;
	struct span span;
	struct expr *pos, *next, *head, *member; /* next: of _safe, or NULL */
	bool is_back;
};

static struct expr *node(const struct walk *w, enum expr_kind kind,
			 struct expr *a)
{
	struct expr *e = parse_new_expr(w->p, kind, w->span);

	e->span = w->span;
	e->a = a;
	parse_add_child(w->p, e, a);
	return e;
}

static struct expr *copy(const struct walk *w, const struct expr *e)
{
	struct expr *other = parse_new(w->p, struct expr);

	*other = *e;
	other->next = NULL;
	return other;
}

static struct expr *call(const struct walk *w, const char *name, struct expr *a,
			 struct expr *b, struct expr *c)
{
	struct expr *e = node(w, EXPR_CALL, NULL);

	e->name.id = names_intern(&w->p->script->names, name, strlen(name));
	e->name.text = parse_text(w->p, e->name.id);
	e->name.span = w->span;
	e->args = a;
	a->next = b;
	b->next = c;
	e->nr_args = c ? 3 : 2;
	return e;
}

/* typeof(*pos) */
static struct expr *type_of_pos(const struct walk *w)
{
	struct type_ref *ref = parse_new(w->p, struct type_ref);
	struct expr *e = node(w, EXPR_TYPE, NULL);

	ref->of = node(w, EXPR_UNARY, copy(w, w->pos));
	ref->of->op = OP_DEREF;
	ref->span = ref->name.span = w->span;
	ref->name.id =
		names_intern(&w->p->script->names, "typeof", strlen("typeof"));
	ref->name.text = parse_text(w->p, ref->name.id);
	e->ref = ref;
	return e;
}

static struct stmt *set(const struct walk *w, const struct expr *to,
			struct expr *value)
{
	struct stmt *s = parse_make_stmt(w->p, STMT_ASSIGN, w->span);

	s->lhs = copy(w, to);
	s->rhs = value;
	return s;
}

static struct expr *first_entry(const struct walk *w)
{
	return call(w, w->is_back ? "list_last_entry" : "list_first_entry",
		    copy(w, w->head), type_of_pos(w), copy(w, w->member));
}

static struct expr *entry_behind(const struct walk *w, const struct expr *e)
{
	return call(w, w->is_back ? "list_prev_entry" : "list_next_entry",
		    copy(w, e), copy(w, w->member), NULL);
}

/* &pos->member != head */
static struct expr *is_inside(const struct walk *w)
{
	struct expr *field = node(w, EXPR_FIELD, copy(w, w->pos)), *at, *e;

	field->arrow = true;
	field->name = w->member->name;
	at = node(w, EXPR_UNARY, field);
	at->op = OP_ADDR;
	e = node(w, EXPR_BINARY, at);
	e->op = OP_NE;
	e->b = copy(w, w->head);
	return e;
}

static void make_loop(const struct walk *w, struct stmt *s)
{
	s->cond = is_inside(w);
	s->init = set(w, w->pos, first_entry(w));
	if (!w->next) {
		s->step = set(w, w->pos, entry_behind(w, w->pos));
		return;
	}
	s->init->next = set(w, w->next, entry_behind(w, w->pos));
	s->step = set(w, w->pos, copy(w, w->next));
	s->step->next = set(w, w->next, entry_behind(w, w->next));
}

static const struct {
	const char *name;
	bool is_safe, is_back;
} walks[] = {
	{"list_for_each_entry", false, false},
	{"list_for_each_entry_safe", true, false},
	{"list_for_each_entry_reverse", false, true},
	{"list_for_each_entry_safe_reverse", true, true},
};

static struct expr *parse_part(struct walk *w, bool is_last)
{
	struct expr *e = parse_expr(w->p);

	parse_want(w->p, is_last ? TOKEN_RPAREN : TOKEN_COMMA,
		   is_last ? "after the member" : "in the head of the loop");
	return e;
}

struct stmt *parse_list_loop(struct parser *p, struct span start)
{
	const char *word = parse_text(p, p->tok->id);
	struct walk w = {.p = p, .span = start};
	struct stmt *s;
	size_t i = 0;

	while (i < ARRAY_SIZE(walks) && strcmp(walks[i].name, word) != 0)
		i++;
	if (i == ARRAY_SIZE(walks) || p->tok[1].kind != TOKEN_LPAREN)
		return NULL;
	s = parse_make_stmt(p, STMT_LOOP, start);
	w.is_back = walks[i].is_back;
	p->tok += 2;
	w.pos = parse_part(&w, false);
	w.next = walks[i].is_safe ? parse_part(&w, false) : NULL;
	w.head = parse_part(&w, false);
	w.member = parse_part(&w, true);
	w.span = parse_since(p, start);
	if (!p->panic && w.member->kind != EXPR_NAME)
		parse_fail(p, w.member->span, "this is no member");
	if (p->panic)
		return s;
	make_loop(&w, s);
	s->max = parse_take_word(p, KW_MAX) ? parse_expr(p) : NULL;
	s->then = parse_inner(p);
	return s;
}
