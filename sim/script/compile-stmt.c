/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

#include "base/macros.h"

static void statement(struct compile *c, const struct stmt *s);

static void declare_object(struct compile *c, const struct decl *d)
{
	uint16_t slot = sym_slot(c, d->sym);
	struct insn *in;

	if (d->init) {
		object_to(c, d->init, slot);
		return;
	}
	in = emit(c, INSN_CLEAR);
	in->dst = slot;
	in->imm = sym_slots(d->sym);
}

static void declare_local(struct compile *c, const struct decl *d)
{
	struct place place = place_of_sym(c, d->sym);

	if (place.kind == PLACE_REG && d->init) {
		store(c, &place, value(c, d->init), HOW_PLAIN, STORE_NORMAL);
	} else if (place.kind == PLACE_REG) {
		emit(c, INSN_MOV)->dst = place.reg;
		cdma_vec_last(&c->program->code)->flags = INSNF_UNDEF;
	} else {
		bytes_undefine(c, &place);
		if (d->init)
			aggregate_to(c, &place, d->init, HOW_PLAIN);
	}
}

static void declare(struct compile *c, const struct stmt *s)
{
	for (const struct decl *d = s->decls; d; d = d->next) {
		set_site(c, d->span);
		if (d->sym->kind == SYM_OBJECT)
			declare_object(c, d);
		else
			declare_local(c, d);
	}
}

static bool is_scalar(struct type type)
{
	return !type.is_array && type.scalar != SCALAR_STRUCT;
}

static void assign(struct compile *c, const struct stmt *s)
{
	struct place place;
	uint16_t v;

	if (gives_object(s->lhs) && gives_object(s->rhs)) {
		object_to(c, s->rhs, object_slot(c, s->lhs));
		return;
	}
	place = place_of(c, s->lhs);
	if (!is_scalar(s->lhs->type)) {
		aggregate_to(c, &place, s->rhs, HOW_PLAIN);
		return;
	}
	v = value(c, s->rhs);
	set_site(c, s->lhs->span);
	if (s->op)
		v = arithmetic(c, s->op,
			       has_no_sign(s->op, s->lhs->type, s->rhs->type),
			       load(c, &place, HOW_PLAIN), v);
	store(c, &place, v, HOW_PLAIN, s->how);
}

static void step(struct compile *c, const struct stmt *s)
{
	struct place place = place_of(c, s->lhs);
	uint16_t v, one;

	set_site(c, s->lhs->span);
	v = load(c, &place, HOW_PLAIN);
	one = const_reg(c, 1);
	v = binary(c, s->op == OP_ADD ? INSN_ADD : INSN_SUB, v, one);
	store(c, &place, v, HOW_PLAIN, s->how);
}

static void call(struct compile *c, const struct stmt *s)
{
	c->unused = s->rhs;
	if (gives_object(s->rhs))
		object_to(c, s->rhs, temp_slot(c));
	else
		value(c, s->rhs);
	c->unused = NULL;
}

/* Nothing stands on either way behind the jump before @pc: no compiler makes a
 * branch of it. */
static void decides_nothing(struct compile *c, uint32_t pc)
{
	if (!c->overflow)
		c->program->code.at[pc - 1].flags = INSNF_CHOICE;
}

static void conditional(struct compile *c, const struct stmt *s)
{
	jumps_t no = 0, end = 0;
	uint32_t then, other, done;

	if (s->cond->kind == EXPR_NUMBER) {
		const struct stmt *taken = s->cond->value ? s->then : s->other;

		if (taken)
			statement(c, taken);
		return;
	}
	jump_unless(c, s->cond, &no);
	then = here(c);
	statement(c, s->then);
	done = here(c);
	if (s->other) {
		emit_jump(c, INSN_JUMP, &end);
		land(c, no);
		other = here(c);
		statement(c, s->other);
		land(c, end);
		if (then == done && other == here(c))
			decides_nothing(c, then);
	} else {
		land(c, no);
		if (then == done)
			decides_nothing(c, then);
	}
}

/* Whether the first turn needs no test. */
static bool is_entered(const struct stmt *s, bool no_sign)
{
	uint64_t from = s->from->value, to = s->to->value;

	if (s->from->kind != EXPR_NUMBER || s->to->kind != EXPR_NUMBER)
		return false;
	return no_sign ? from < to : (int64_t)from < (int64_t)to;
}

/* Every turn counts against max. */
static void bound(struct compile *c, const struct stmt *s, uint16_t counter)
{
	struct insn *in;

	if (!s->max)
		return;
	in = emit(c, INSN_BOUND);
	in->dst = counter;
	in->imm = s->max->value;
}

static void loop_body(struct compile *c, const struct stmt *s, uint16_t i,
		      uint16_t limit, bool no_sign)
{
	struct compile_loop loop = {.outer = c->loop};
	uint16_t counter = s->max ? new_reg(c) : 0;
	uint32_t top, site = c->site;
	jumps_t out = 0;
	struct insn *in;

	if (s->max)
		emit(c, INSN_MOV)->dst = counter;
	if (!is_entered(s, no_sign))
		emit_jump_if(c, INSN_JUMP_Z,
			     binary(c, no_sign ? INSN_LT_U : INSN_LT, i, limit),
			     &out);
	top = here(c);
	bound(c, s, counter);
	c->loop = &loop;
	statement(c, s->then);
	c->loop = loop.outer;
	land(c, loop.continues);
	c->site = site;
	in = emit(c, INSN_LOOP);
	in->dst = i;
	in->a = limit;
	in->flags = no_sign ? 0 : INSNF_SIGNED;
	in->imm = top;
	land(c, out);
	land(c, loop.breaks);
}

static void loop(struct compile *c, const struct stmt *s)
{
	uint16_t i = sym_reg(c, s->sym), limit = new_reg(c), v;
	uint32_t outer = c->scope;

	v = value(c, s->from);
	convert(c, i, v, s->sym->type);
	value_to(c, s->to, limit);
	set_site(c, s->span);
	*cdma_vec_push(&c->program->scopes) = (struct scope){
		.parent = outer,
		.site = c->site,
		.name = keep(c, s->name.text),
		.reg = i,
	};
	c->scope = (uint32_t)c->program->scopes.nr - 1;
	loop_body(c, s, i, limit,
		  is_unsigned(s->from->type) || is_unsigned(s->to->type));
	c->scope = outer;
}

static void poll(struct compile *c, const struct stmt *s)
{
	jumps_t no = 0, end = 0;
	uint16_t v;

	emit(c, INSN_POLL)->flags =
		s->other && !c->is_device ? INSNF_TIMEOUT : 0;
	v = value(c, s->cond);
	set_site(c, s->span);
	emit_jump_if(c, INSN_POLL_END, v, &no);
	if (s->other) {
		emit_jump(c, INSN_JUMP, &end);
		land(c, no);
		statement(c, s->other);
		land(c, end);
	} else {
		land(c, no);
	}
}

static void leave(struct compile *c, const struct stmt *s)
{
	uint16_t v = 0;

	if (s->rhs && c->call && c->call->slot && gives_object(s->rhs))
		object_to(c, s->rhs, c->call->slot);
	else if (s->rhs)
		v = value(c, s->rhs);
	set_site(c, s->span);
	if (s->rhs && s->rhs->kind == EXPR_NUMBER && (int64_t)s->rhs->value < 0)
		*cdma_vec_push(&c->program->errors) = (struct program_error){
			.pc = (uint32_t)c->program->code.nr,
			.site = c->site,
		};
	emit_return(c, v);
}

static void statement(struct compile *c, const struct stmt *s)
{
	static void (*const simple[])(struct compile *, const struct stmt *) = {
		[STMT_DECL] = declare,   [STMT_ASSIGN] = assign,
		[STMT_STEP] = step,      [STMT_CALL] = call,
		[STMT_IF] = conditional, [STMT_FOR] = loop,
		[STMT_POLL] = poll,      [STMT_RETURN] = leave,
	};
	size_t temp = c->temp, slot = c->temp_slot, ref = c->ref_slot;
	const char *label = c->label;

	if (c->overflow)
		return;
	if (s->label.text)
		c->label = s->label.text;
	set_site(c, s->span);
	if (s->kind == STMT_BLOCK)
		compile_block(c, s);
	else if (s->kind == STMT_BREAK)
		emit_jump(c, INSN_JUMP, &c->loop->breaks);
	else if (s->kind == STMT_CONTINUE)
		emit_jump(c, INSN_JUMP, &c->loop->continues);
	else if (s->kind != STMT_EMPTY)
		simple[s->kind](c, s);
	c->label = label;
	c->temp = temp;
	c->temp_slot = slot;
	c->ref_slot = ref;
}

void compile_block(struct compile *c, const struct stmt *block)
{
	for (const struct stmt *s = block->list; s; s = s->next)
		statement(c, s);
}
