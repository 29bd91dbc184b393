/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include <inttypes.h>

/*
 * Loops.  Each of them ends: its bounds are constant, or it counts a variable
 * that nothing else changes, or it has a max, or it only waits for what others
 * do.  Of what is none of these it is taken that it ends in time, and asked for
 * a max when it does not.
 */

struct expr *resolve_max(struct resolver *r, const struct expr *e,
			 uint64_t most)
{
	struct expr *number = resolve_copy(r, e);
	uint64_t value = 1;

	resolve_count(r, e, "'max'", 1, most, &value);
	return fold_number(number, value, false);
}

static void too_long(struct resolver *r, struct span span, uint64_t nr)
{
	resolve_error(r, span,
		      "this loop would run %" PRIu64
		      " times; at most %u are possible",
		      nr, RESOLVE_LOOP_MAX);
}

/* ---- for (i in a..b) ---- */

static void check_bounds(struct resolver *r, struct stmt *s)
{
	bool is_known = s->from->is_const && s->to->is_const;
	uint64_t nr = 0;

	if (is_known && (int64_t)s->to->value > (int64_t)s->from->value)
		nr = s->to->value - s->from->value;
	if (is_known && nr > RESOLVE_LOOP_MAX) {
		too_long(r, span_join(s->from->span, s->to->span), nr);
	} else if (!is_known && !s->max) {
		resolve_error(r, span_join(s->from->span, s->to->span),
			      "the bounds are not constant, so the loop needs "
			      "a 'max'");
		diag_help(r->diag, "write 'for (%s in a..b max N)'",
			  s->name.text);
	}
}

static struct stmt *resolve_turn(struct resolver *r, const struct stmt *body)
{
	struct stmt *copy;

	r->loops++;
	copy = resolve_inner(r, body);
	r->loops--;
	return copy;
}

void resolve_for(struct resolver *r, struct stmt *s)
{
	bool no_sign;

	s->from = resolve_value(r, s->from);
	s->to = resolve_value(r, s->to);
	if (s->max)
		s->max = resolve_max(r, s->max, RESOLVE_LOOP_MAX);
	if (s->from && s->to)
		check_bounds(r, s);
	no_sign = s->from && s->to &&
		  (is_unsigned_type(s->from->type) ||
		   is_unsigned_type(s->to->type));
	scope_open(r);
	s->sym =
		scope_add_local(r, &s->name, SYM_LOCAL,
				type_scalar(no_sign ? SCALAR_U64 : SCALAR_S64));
	s->sym->is_loop = true;
	s->then = resolve_turn(r, s->then);
	scope_close(r);
}

/* ---- what only waits ---- */

/* Whether a statement lets time pass, and no more. */
static bool is_pause(const struct stmt *s)
{
	if (s->kind == STMT_EMPTY)
		return true;
	if (s->kind == STMT_CALL && s->rhs->kind == EXPR_CALL) {
		const struct builtin *b = builtin_find(s->rhs->name.text);

		return b && (b->id == BUILTIN_PAUSE ||
			     b->id == BUILTIN_COMPILER_BARRIER);
	}
	if (s->kind != STMT_BLOCK)
		return false;
	for (const struct stmt *i = s->list; i; i = i->next)
		if (i->label.text || !is_pause(i))
			return false;
	return true;
}

static bool looks(const struct resolver *r, const struct stmt *s,
		  unsigned int depth);
static bool only_looks(const struct resolver *r, const struct expr *e,
		       unsigned int depth);

/* Whether a call does, of the language or of a function. */
static bool call_looks(const struct resolver *r, const struct expr *e,
		       unsigned int depth)
{
	const struct sym *sym = scope_find(r, e->name.id);
	const struct builtin *b = builtin_find(e->name.text);

	if (!sym || sym->kind != SYM_FN)
		return (b && b->in_poll) || macro_find(e->name.text);
	if (sym->item->kind == ITEM_MACRO)
		return only_looks(r, sym->item->value, depth);
	return depth < RESOLVE_CALLS_MAX && !sym->item->may_fail &&
	       looks(r, sym->item->body, depth + 1);
}

/* What a function keeps for itself: nobody else sees it change. */
static bool is_own(const struct resolver *r, const struct expr *e)
{
	const struct sym *sym;

	if (e->kind != EXPR_NAME)
		return false;
	sym = scope_find(r, e->name.id);
	return !sym || sym->kind != SYM_SHARED;
}

static bool decls_look(const struct resolver *r, const struct decl *d,
		       unsigned int depth)
{
	for (; d; d = d->next)
		if (d->object || (d->init && d->init->kind == EXPR_INIT) ||
		    !only_looks(r, d->init, depth))
			return false;
	return true;
}

/* Whether the statement @s, of a function, computes what it returns, and no
 * more. */
static bool looks(const struct resolver *r, const struct stmt *s,
		  unsigned int depth)
{
	switch (s->kind) {
	case STMT_BLOCK:
		for (const struct stmt *i = s->list; i; i = i->next)
			if (!looks(r, i, depth))
				return false;
		return true;
	case STMT_EMPTY:
		return true;
	case STMT_DECL:
		return decls_look(r, s->decls, depth);
	case STMT_ASSIGN:
		return is_own(r, s->lhs) && only_looks(r, s->rhs, depth);
	case STMT_STEP:
		return is_own(r, s->lhs);
	case STMT_IF:
		return only_looks(r, s->cond, depth) &&
		       looks(r, s->then, depth) &&
		       (!s->other || looks(r, s->other, depth));
	case STMT_RETURN:
		return only_looks(r, s->rhs, depth);
	default:
		return false;
	}
}

bool resolve_only_looks(const struct resolver *r, const struct item *fn)
{
	return !fn->may_fail && looks(r, fn->body, 0);
}

/* Whether @e looks at things and changes none. */
static bool only_looks(const struct resolver *r, const struct expr *e,
		       unsigned int depth)
{
	if (!e)
		return true;
	if (e->kind == EXPR_ASSIGN || e->kind == EXPR_STEP ||
	    e->kind == EXPR_TRY)
		return false;
	if (e->kind == EXPR_CALL && !call_looks(r, e, depth))
		return false;
	if (e->kind == EXPR_FIELD && resolve_is_read_once(r, e->name.text))
		return false;
	for (const struct expr *a = e->args; a; a = a->next)
		if (!only_looks(r, a, depth))
			return false;
	return only_looks(r, e->a, depth) && only_looks(r, e->b, depth) &&
	       only_looks(r, e->c, depth);
}

static bool is_wait(const struct resolver *r, const struct stmt *s)
{
	return !s->init && !s->step && s->cond && is_pause(s->then) &&
	       !s->then->label.text && only_looks(r, s->cond, 0);
}

/* "while (!c) cpu_relax();" is one step that ends when c holds: a poll that
 * never runs out. */
static void resolve_wait(struct resolver *r, struct stmt *s)
{
	struct expr *negated = resolve_new(r, struct expr);

	*negated = (struct expr){.kind = EXPR_UNARY,
				 .op = OP_NOT,
				 .span = s->cond->span,
				 .a = s->cond,
				 .height = s->cond->height};
	if (r->section == SECTION_REACTION)
		resolve_error(r, s->span,
			      "what a register does is done at once: it does "
			      "not wait");
	s->kind = STMT_POLL;
	s->is_endless = true;
	s->then = NULL;
	r->in_poll = true;
	s->cond = resolve_truth(r, negated);
	r->in_poll = false;
	if (s->max)
		s->max = resolve_max(r, s->max, UINT32_MAX);
}

/* ---- loops of C ---- */

static bool names(const struct expr *e, const struct name *name)
{
	return e && e->kind == EXPR_NAME && e->name.id == name->id;
}

/* Whether a call of the language writes to it. */
static bool call_changes(const struct expr *call, const struct name *name)
{
	const struct builtin *b = builtin_find(call->name.text);
	unsigned int i = 0;

	for (const struct expr *a = call->args; b && a && i < BUILTIN_ARGS_MAX;
	     a = a->next, i++)
		if (names(a, name) &&
		    (b->args[i] == ARG_BUFFER || b->args[i] == ARG_COUNTER ||
		     b->args[i] == ARG_MEMORY || b->args[i] == ARG_WORD))
			return true;
	return false;
}

static bool may_change(const struct stmt *s, const struct name *name);

/* Whether computing @e may change the variable @name. */
static bool expr_changes(const struct expr *e, const struct name *name)
{
	if (!e)
		return false;
	if ((e->kind == EXPR_ASSIGN || e->kind == EXPR_STEP ||
	     (e->kind == EXPR_UNARY && e->op == OP_ADDR)) &&
	    names(e->a, name))
		return true;
	if (e->kind == EXPR_CALL && call_changes(e, name))
		return true;
	for (const struct expr *a = e->args; a; a = a->next)
		if (expr_changes(a, name))
			return true;
	for (const struct init *i = e->inits; i; i = i->next)
		if (expr_changes(i->value, name))
			return true;
	return expr_changes(e->a, name) || expr_changes(e->b, name) ||
	       expr_changes(e->c, name);
}

static bool decls_change(const struct decl *d, const struct name *name)
{
	for (; d; d = d->next)
		if ((d->name.id == name->id &&
		     d->name.span.at != name->span.at) ||
		    expr_changes(d->init, name))
			return true;
	return false;
}

/* Of a list of statements. */
static bool may_change(const struct stmt *s, const struct name *name)
{
	for (; s; s = s->next)
		if (((s->kind == STMT_ASSIGN || s->kind == STMT_STEP) &&
		     names(s->lhs, name)) ||
		    expr_changes(s->lhs, name) || expr_changes(s->rhs, name) ||
		    expr_changes(s->cond, name) ||
		    expr_changes(s->from, name) || expr_changes(s->to, name) ||
		    decls_change(s->decls, name) || may_change(s->list, name) ||
		    may_change(s->then, name) || may_change(s->other, name) ||
		    may_change(s->init, name) || may_change(s->step, name))
			return true;
	return false;
}

bool resolve_is_fixed(const struct resolver *r, const struct stmt *body,
		      const struct name *name)
{
	const struct list *list = r->lists;

	while (list && list->up)
		list = list->up;
	if (!body && list)
		body = list->first;
	return body && !may_change(body, name);
}

/* By how much the resolved @step moves @sym; 0: that is not known. */
static int64_t step_of(const struct stmt *step, const struct sym *sym)
{
	const struct expr *by = step->rhs;
	int64_t value = 1;

	if (!step->lhs || step->lhs->kind != EXPR_NAME || step->lhs->sym != sym)
		return 0;
	if (step->kind == STMT_ASSIGN && by && by->kind == EXPR_NUMBER)
		value = (int64_t)by->value;
	else if (step->kind != STMT_STEP)
		return 0;
	if (value <= 0 || value > INT32_MAX ||
	    (step->op != OP_ADD && step->op != OP_SUB))
		return 0;
	return step->op == OP_ADD ? value : -value;
}

/* The value that the loop begins with; false: that is not known. */
static bool first_of(const struct stmt *init, const struct sym *sym,
		     int64_t *value)
{
	const struct expr *e = NULL;

	for (; init; init = init->next) {
		for (const struct decl *d = init->decls; d; d = d->next)
			if (d->sym == sym)
				e = d->init;
		if (init->kind == STMT_ASSIGN && !init->op && init->lhs &&
		    init->lhs->kind == EXPR_NAME && init->lhs->sym == sym)
			e = init->rhs;
	}
	if (!e || e->kind != EXPR_NUMBER)
		return false;
	*value = (int64_t)e->value;
	return true;
}

/* By how much all of the steps move @sym, which is @name in @from, where they
 * are as the parser has them; 0: that is not known. */
static int64_t steps_of(const struct stmt *step, const struct sym *sym,
			const struct stmt *from, const struct name *name)
{
	int64_t by = 0;

	for (; step; step = step->next, from = from->next) {
		int64_t one = step_of(step, sym);
		struct stmt alone = *from;

		alone.next = NULL;
		if ((by && one) || (!one && may_change(&alone, name)))
			return 0;
		by += one;
	}
	return by;
}

/* How many turns there are from @from by @by while @op @to; -1: who knows. */
static int64_t turns(enum op op, int64_t from, int64_t to, int64_t by)
{
	int64_t way;

	if (by > 0 && (op == OP_LT || op == OP_LE || op == OP_NE))
		way = to - from + (op == OP_LE);
	else if (by < 0 && (op == OP_GT || op == OP_GE || op == OP_NE))
		way = from - to + (op == OP_GE);
	else
		return -1;
	by = by < 0 ? -by : by;
	if (op == OP_NE && (way < 0 || way % by))
		return -1;
	return way <= 0 ? 0 : (way + by - 1) / by;
}

static bool fits(struct type type, int64_t value)
{
	const struct scalar_info *info = scalar_info(type.scalar);
	unsigned int bits = info->size * 8u;

	if (value > INT32_MAX || value < INT32_MIN)
		return false;
	if (bits >= 64)
		return info->is_signed || value >= 0;
	if (info->is_signed)
		return value >= -((int64_t)1 << (bits - 1)) &&
		       value < (int64_t)1 << (bits - 1);
	return value >= 0 && value < (int64_t)1 << bits;
}

/*
 * How often a loop that counts goes round: "for (i = 0; i < 4; i++)", where
 * nothing else changes i.
 *
 * @from: as the parser has it.
 *
 * Returns: -1 when it is not known.
 */
static int64_t count_turns(const struct stmt *s, const struct stmt *from)
{
	const struct expr *c = s->cond;
	const struct sym *sym;
	const struct name *name;
	int64_t first, last, by;

	if (!c || c->kind != EXPR_BINARY || c->b->kind != EXPR_NUMBER ||
	    c->a->kind != EXPR_LOAD || c->a->a->kind != EXPR_NAME ||
	    c->a->a->denotes != DENOTES_LOCAL)
		return -1;
	sym = c->a->a->sym;
	name = &c->a->a->name;
	by = steps_of(s->step, sym, from->step, name);
	if (!by || !first_of(s->init, sym, &first) ||
	    may_change(from->then, name))
		return -1;
	last = (int64_t)c->b->value;
	if (!fits(sym->type, first) || !fits(sym->type, last + by) ||
	    !fits(sym->type, last))
		return -1;
	return turns(c->op, first, last, by);
}

static struct stmt *resolve_steps(struct resolver *r, const struct stmt *s)
{
	struct stmt *first = NULL, **tail = &first;

	for (; s; s = s->next) {
		*tail = resolve_stmt(r, s);
		tail = &(*tail)->next;
	}
	return first;
}

/* The local that the loop counts with; NULL: none. */
static struct sym *counter_of(const struct resolver *r, const struct stmt *s)
{
	struct sym *sym = s->name.text ? scope_find(r, s->name.id) : NULL;

	return sym && sym->kind == SYM_LOCAL && sym->type.scalar &&
			       sym->type.scalar != SCALAR_STRUCT &&
			       !sym->type.is_array
		       ? sym
		       : NULL;
}

/* The bound of the loop, as a number in s->max. */
static void bound_loop(struct resolver *r, struct stmt *s,
		       const struct stmt *from)
{
	struct expr *number = resolve_new(r, struct expr);
	int64_t nr;

	if (s->max) {
		s->max = resolve_max(r, s->max, RESOLVE_LOOP_MAX);
		return;
	}
	if (s->is_broken)
		return;
	if (s->cond && s->cond->is_const && !s->cond->value) {
		s->max = fold_number(number, 1, false);
		return;
	}
	nr = count_turns(s, from);
	s->is_guessed = nr < 0;
	if (nr > RESOLVE_LOOP_MAX)
		too_long(r, s->cond->span, (uint64_t)nr);
	else
		s->max = fold_number(
			number, nr < 0 ? RESOLVE_LOOP_TURNS : (uint64_t)nr + 1,
			false);
}

void resolve_loop(struct resolver *r, struct stmt *s)
{
	struct stmt from = *s;

	if (is_wait(r, s)) {
		resolve_wait(r, s);
		return;
	}
	scope_open(r);
	s->init = resolve_steps(r, s->init);
	s->sym = counter_of(r, s);
	if (s->cond) {
		s->cond = resolve_truth(r, s->cond);
		s->is_broken = !s->cond;
	}
	s->step = resolve_steps(r, s->step);
	bound_loop(r, s, &from);
	s->then = resolve_turn(r, s->then);
	scope_close(r);
}
