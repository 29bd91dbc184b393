/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

#include "base/macros.h"

void compile_undefine(struct compile *c, const struct sym *sym)
{
	struct place place;
	struct insn *in;

	if (sym->kind == SYM_OBJECT) {
		uint16_t slot = sym_slot(c, sym);

		in = emit(c, INSN_CLEAR);
		in->dst = slot;
		in->imm = sym_slots(sym);
		return;
	}
	place = place_of_sym(c, sym);
	if (place.kind == PLACE_REG) {
		emit(c, INSN_MOV)->dst = place.reg;
		cdma_vec_last(&c->program->code)->flags = INSNF_UNDEF;
	} else {
		bytes_undefine(c, &place);
	}
}

static void declare_object(struct compile *c, const struct decl *d)
{
	if (d->init)
		object_to(c, d->init, sym_slot(c, d->sym));
	else
		compile_undefine(c, d->sym);
}

static void declare_local(struct compile *c, const struct decl *d)
{
	struct place place = place_of_sym(c, d->sym);

	if (place.kind == PLACE_REG && d->init) {
		store(c, &place, value(c, d->init), HOW_PLAIN, STORE_NORMAL);
		return;
	}
	compile_undefine(c, d->sym);
	if (d->init)
		aggregate_to(c, &place, d->init, HOW_PLAIN);
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
	v = assigned_value(c, s->op, s->lhs, s->rhs, &place);
	if (s->op)
		store_back(c, &place, v, s->how);
	else
		store(c, &place, v, HOW_PLAIN, s->how);
}

static void step(struct compile *c, const struct stmt *s)
{
	struct place place = place_of(c, s->lhs);
	uint16_t v, one;

	set_site(c, s->lhs->span);
	v = load(c, &place, HOW_PLAIN);
	one = const_reg(c, s->stride ? s->stride : 1);
	v = binary(c, s->op == OP_ADD ? INSN_ADD : INSN_SUB, v, one);
	store_back(c, &place, v, s->how);
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
			compile_stmt(c, taken);
		return;
	}
	jump_unless(c, s->cond, &no);
	then = here(c);
	compile_stmt(c, s->then);
	done = here(c);
	if (s->other) {
		emit_jump(c, INSN_JUMP, &end);
		land(c, no);
		other = here(c);
		compile_stmt(c, s->other);
		land(c, end);
		if (then == done && other == here(c))
			decides_nothing(c, then);
	} else {
		land(c, no);
		if (then == done)
			decides_nothing(c, then);
	}
}

static void poll(struct compile *c, const struct stmt *s)
{
	jumps_t no = 0, end = 0;
	struct insn *in;
	uint16_t v;
	/* Without an else there is no way on. */
	bool is_endless = s->is_endless || !s->other;

	in = emit(c, INSN_POLL);
	in->flags = s->other && !c->is_device ? INSNF_TIMEOUT : 0;
	in->how = is_endless;
	v = value(c, s->cond);
	set_site(c, s->span);
	emit_jump_if(c, INSN_POLL_END, v, &no);
	cdma_vec_last(&c->program->code)->how = is_endless;
	if (s->other) {
		emit_jump(c, INSN_JUMP, &end);
		land(c, no);
		compile_stmt(c, s->other);
		land(c, end);
	} else {
		land(c, no);
	}
}

bool compile_is_error(const struct expr *e)
{
	return e && e->kind == EXPR_NUMBER && (int64_t)e->value < 0;
}

void compile_error_exit(struct compile *c)
{
	*cdma_vec_push(&c->program->errors) = (struct program_error){
		.pc = (uint32_t)c->program->code.nr,
		.site = c->site,
	};
}

static void leave(struct compile *c, const struct stmt *s)
{
	uint16_t v = 0;

	if (s->rhs && c->call && c->call->slot && gives_object(s->rhs))
		object_to(c, s->rhs, c->call->slot);
	else if (s->rhs)
		v = value(c, s->rhs);
	set_site(c, s->span);
	if (compile_is_error(s->rhs))
		compile_error_exit(c);
	if (!s->rhs && c->call && c->call->is_reaction)
		emit_jump(c, INSN_JUMP, &c->call->returns);
	else
		emit_return(c, v);
}

void compile_stmt(struct compile *c, const struct stmt *s)
{
	static void (*const simple[])(struct compile *, const struct stmt *) = {
		[STMT_DECL] = declare,
		[STMT_ASSIGN] = assign,
		[STMT_STEP] = step,
		[STMT_CALL] = call,
		[STMT_IF] = conditional,
		[STMT_POLL] = poll,
		[STMT_RETURN] = leave,
		[STMT_FOR] = compile_for,
		[STMT_LOOP] = compile_loop_of_c,
		[STMT_SWITCH] = compile_switch,
		[STMT_GOTO] = compile_goto,
		[STMT_BREAK] = compile_break,
		[STMT_CONTINUE] = compile_break,
	};
	size_t temp = c->temp, slot = c->temp_slot, ref = c->ref_slot;
	const char *label = c->label;

	if (c->overflow)
		return;
	if (s->label.text) {
		c->label = s->label.text;
		compile_target(c, s);
	}
	set_site(c, s->span);
	if (s->kind == STMT_BLOCK)
		compile_block(c, s);
	else if (s->kind != STMT_EMPTY && s->kind != STMT_CASE)
		simple[s->kind](c, s);
	c->label = label;
	c->temp = temp;
	c->temp_slot = slot;
	c->ref_slot = ref;
}

void compile_block(struct compile *c, const struct stmt *block)
{
	struct compile_list list = {.outer = c->list};

	c->list = &list;
	compile_jumped_over(c, block->list);
	for (const struct stmt *s = block->list; s; s = s->next) {
		list.at = s;
		compile_stmt(c, s);
	}
	c->list = list.outer;
}
