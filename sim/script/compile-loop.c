/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

/*
 * Loops.
 */

/* The body of a loop, with where it goes on to. */
static void turn(struct compile *c, const struct stmt *body,
		 struct compile_loop *loop)
{
	loop->outer = c->loop;
	c->loop = loop;
	compile_stmt(c, body);
	c->loop = loop->outer;
	land(c, loop->continues);
}

/* From now on code is in the loop @s, which counts with register @reg. */
static void open_scope(struct compile *c, const struct stmt *s, uint16_t reg)
{
	*cdma_vec_push(&c->program->scopes) = (struct scope){
		.parent = c->scope,
		.site = c->site,
		.name = keep(c, s->name.text),
		.reg = reg,
	};
	c->scope = (uint32_t)c->program->scopes.nr - 1;
}

/* ---- for (i in a..b) ---- */

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
	struct compile_loop loop = {0};
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
	turn(c, s->then, &loop);
	c->site = site;
	in = emit(c, INSN_LOOP);
	in->dst = i;
	in->a = limit;
	in->flags = no_sign ? 0 : INSNF_SIGNED;
	in->imm = top;
	land(c, out);
	land(c, loop.breaks);
}

void compile_for(struct compile *c, const struct stmt *s)
{
	uint16_t i = sym_reg(c, s->sym), limit = new_reg(c), v;
	uint32_t outer = c->scope;

	v = value(c, s->from);
	convert(c, i, v, s->sym->type);
	value_to(c, s->to, limit);
	set_site(c, s->span);
	open_scope(c, s, i);
	loop_body(c, s, i, limit,
		  is_unsigned(s->from->type) || is_unsigned(s->to->type));
	c->scope = outer;
}

/* ---- loops of C ---- */

static void steps(struct compile *c, const struct stmt *s)
{
	for (; s; s = s->next)
		compile_stmt(c, s);
}

/* A condition that is known to hold is not looked at. */
static void test(struct compile *c, const struct stmt *s, jumps_t *out)
{
	size_t temp = c->temp, slot = c->temp_slot, ref = c->ref_slot;

	if (!s->cond || (s->cond->is_const && s->cond->value))
		return;
	set_site(c, s->cond->span);
	jump_unless(c, s->cond, out);
	c->temp = temp;
	c->temp_slot = slot;
	c->ref_slot = ref;
}

static void turns(struct compile *c, const struct stmt *s)
{
	struct compile_loop loop = {0};
	uint16_t counter = new_reg(c);
	uint32_t top, site = c->site;
	jumps_t out = 0;
	struct insn *in;

	emit(c, INSN_MOV)->dst = counter;
	top = here(c);
	if (!s->is_do)
		test(c, s, &out);
	c->site = site;
	in = emit(c, INSN_BOUND);
	in->dst = counter;
	in->imm = s->max->value;
	in->how = 1;
	in->size = s->is_guessed;
	turn(c, s->then, &loop);
	steps(c, s->step);
	if (s->is_do)
		test(c, s, &out);
	c->site = site;
	emit(c, INSN_JUMP)->imm = top;
	land(c, out);
	land(c, loop.breaks);
}

void compile_loop_of_c(struct compile *c, const struct stmt *s)
{
	uint32_t outer = c->scope;

	steps(c, s->init);
	set_site(c, s->span);
	if (s->sym)
		open_scope(c, s, sym_reg(c, s->sym));
	if (s->is_do || !s->cond || !s->cond->is_const || s->cond->value)
		turns(c, s);
	c->scope = outer;
}
