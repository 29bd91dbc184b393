/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

#include <stdlib.h>

#include "base/xalloc.h"

/*
 * What goes elsewhere: break, continue, goto, and switches.
 */

void compile_break(struct compile *c, const struct stmt *s)
{
	struct compile_loop *loop = c->loop;

	if (s->kind == STMT_BREAK) {
		emit_jump(c, INSN_JUMP, &loop->breaks);
		return;
	}
	while (loop->is_switch)
		loop = loop->outer;
	emit_jump(c, INSN_JUMP, &loop->continues);
}

/* ---- goto ---- */

/* The statement behind, in a block around this one, that has the label. */
static const struct stmt *target_of(const struct compile *c, const char *label)
{
	for (const struct compile_list *l = c->list; l; l = l->outer)
		for (const struct stmt *s = l->at->next; s; s = s->next)
			if (s->label.text == label)
				return s;
	return NULL;
}

/* Whether what follows @s, whatever it gives back on the way, returns an error:
 * a rung of a ladder. */
static bool is_rung(const struct stmt *s)
{
	while (s && s->kind != STMT_RETURN && s->kind != STMT_GOTO)
		s = s->next;
	return s && s->kind == STMT_RETURN && compile_is_error(s->rhs);
}

void compile_goto(struct compile *c, const struct stmt *s)
{
	const struct stmt *target = target_of(c, s->name.text);
	struct compile_target *t = NULL;

	if (is_rung(target))
		compile_error_exit(c);
	for (size_t i = 0; i < c->targets.nr && !t; i++)
		if (c->targets.at[i].stmt == target)
			t = &c->targets.at[i];
	if (!t) {
		t = cdma_vec_push(&c->targets);
		*t = (struct compile_target){.stmt = target};
	}
	emit_jump(c, INSN_JUMP, &t->jumps);
}

void compile_target(struct compile *c, const struct stmt *s)
{
	for (size_t i = 0; i < c->targets.nr; i++) {
		if (c->targets.at[i].stmt != s)
			continue;
		land(c, c->targets.at[i].jumps);
		c->targets.at[i] = *cdma_vec_last(&c->targets);
		c->targets.nr--;
		return;
	}
}

/* Whether a goto in @s goes to @label. */
static bool goes_to(const struct stmt *s, const char *label)
{
	if (!s)
		return false;
	if (s->kind == STMT_GOTO)
		return s->name.text == label;
	for (const struct stmt *i = s->list; i; i = i->next)
		if (goes_to(i, label))
			return true;
	return goes_to(s->then, label) || goes_to(s->other, label);
}

/* A variable is there from the start of its block, without a value: a goto may
 * go past its declaration. */
void compile_jumped_over(struct compile *c, const struct stmt *list)
{
	for (const struct stmt *to = list; to; to = to->next) {
		const struct stmt *from = list;

		while (to->label.text && from != to &&
		       !goes_to(from, to->label.text))
			from = from->next;
		for (; to->label.text && from != to; from = from->next)
			for (const struct decl *d = from->decls; d; d = d->next)
				compile_undefine(c, d->sym);
	}
}

/* ---- switch ---- */

/* Whether @v is what the case is for. */
static uint16_t is_case(struct compile *c, const struct stmt *s, uint16_t v)
{
	uint16_t from = const_reg(c, s->from->value), to, low, high;

	if (!s->to)
		return binary(c, INSN_EQ, v, from);
	to = const_reg(c, s->to->value);
	low = binary(c, INSN_LE, from, v);
	high = binary(c, INSN_LE, v, to);
	return binary(c, INSN_AND, low, high);
}

static bool is_known_case(const struct stmt *s, int64_t v)
{
	const struct expr *to = s->to ? s->to : s->from;

	return s->from && (int64_t)s->from->value <= v &&
	       v <= (int64_t)to->value;
}

static const struct stmt *find_default(const struct stmt *s)
{
	while (s && (s->kind != STMT_CASE || s->from))
		s = s->next;
	return s;
}

/* Whether what follows @s is not reached from it. */
static bool leaves(const struct stmt *s)
{
	return s->kind == STMT_BREAK || s->kind == STMT_CONTINUE ||
	       s->kind == STMT_GOTO || s->kind == STMT_RETURN;
}

static void undefine_all(struct compile *c, const struct stmt *list)
{
	for (const struct stmt *s = list; s; s = s->next)
		for (const struct decl *d = s->decls; d; d = d->next)
			compile_undefine(c, d->sym);
}

/* What is switched upon is known: the rest is not there. */
static void known_switch(struct compile *c, const struct stmt *s)
{
	const struct stmt *from = s->then->list;

	while (from && !(from->kind == STMT_CASE &&
			 is_known_case(from, (int64_t)s->cond->value)))
		from = from->next;
	if (!from)
		from = find_default(s->then->list);
	for (; from; from = from->next) {
		c->list->at = from;
		compile_stmt(c, from);
		if (leaves(from) && !from->label.text)
			break;
	}
}

/* One jump for each case, in the order of the text, and one for the rest. */
static void dispatch(struct compile *c, const struct stmt *s, jumps_t *jumps)
{
	uint16_t v = value(c, s->cond);
	size_t nr = 0;

	for (const struct stmt *i = s->then->list; i; i = i->next)
		if (i->kind == STMT_CASE && i->from) {
			set_site(c, s->span);
			emit_jump_if(c, INSN_JUMP_NZ, is_case(c, i, v),
				     &jumps[nr++]);
		}
	emit_jump(c, INSN_JUMP, &jumps[nr]);
}

/* Nothing stands behind any case. */
static void decides_nothing(struct compile *c, uint32_t from, uint32_t to)
{
	for (uint32_t pc = from; pc < to && !c->overflow; pc++)
		if (c->program->code.at[pc].op == INSN_JUMP_NZ)
			c->program->code.at[pc].flags = INSNF_CHOICE;
}

static void open_switch(struct compile *c, const struct stmt *s, jumps_t *jumps)
{
	uint32_t first = here(c), body;
	bool has_default = false, is_empty;
	size_t nr = 0, rest = 0;

	for (const struct stmt *i = s->then->list; i; i = i->next)
		rest += i->kind == STMT_CASE && i->from;
	dispatch(c, s, jumps);
	body = here(c);
	for (const struct stmt *i = s->then->list; i; i = i->next) {
		c->list->at = i;
		if (i->kind == STMT_CASE && i->from) {
			land(c, jumps[nr++]);
		} else if (i->kind == STMT_CASE) {
			land(c, jumps[rest]);
			has_default = true;
		} else {
			compile_stmt(c, i);
		}
	}
	is_empty = here(c) == body;
	if (!has_default)
		land(c, jumps[rest]);
	if (is_empty)
		decides_nothing(c, first, body);
}

void compile_switch(struct compile *c, const struct stmt *s)
{
	struct compile_loop loop = {.outer = c->loop, .is_switch = true};
	struct compile_list list = {.outer = c->list, .at = s->then->list};
	jumps_t *jumps;
	size_t nr = 1;

	for (const struct stmt *i = s->then->list; i; i = i->next)
		nr += i->kind == STMT_CASE;
	jumps = cdma_xcalloc(nr, sizeof(*jumps));
	c->loop = &loop;
	c->list = &list;
	undefine_all(c, s->then->list);
	if (s->cond->kind == EXPR_NUMBER)
		known_switch(c, s);
	else
		open_switch(c, s, jumps);
	c->list = list.outer;
	c->loop = loop.outer;
	land(c, loop.breaks);
	free(jumps);
}
