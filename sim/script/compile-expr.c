/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

#include "base/macros.h"

uint16_t binary(struct compile *c, enum insn_op op, uint16_t a, uint16_t b)
{
	uint16_t dst = temp_reg(c);
	struct insn *in = emit(c, op);

	in->dst = dst;
	in->a = a;
	in->b = b;
	return dst;
}

static uint16_t unary(struct compile *c, enum insn_op op, uint16_t a)
{
	return binary(c, op, a, 0);
}

bool is_unsigned(struct type type)
{
	const struct scalar_info *info = scalar_info(type.scalar);

	return info->size == 8 && !info->is_signed;
}

static bool is_shift(enum op op)
{
	return op == OP_SHL || op == OP_SHR;
}

struct type operation(enum op op, struct type a, struct type b)
{
	return is_shift(op) ? type_promoted(a) : type_common(a, b);
}

/* What an operator is, with and without sign; turned: a > b is b < a. */
static const struct {
	uint8_t with, without;
	bool turned;
} operators[OP_NR] = {
	[OP_ADD] = {INSN_ADD, INSN_ADD, false},
	[OP_SUB] = {INSN_SUB, INSN_SUB, false},
	[OP_MUL] = {INSN_MUL, INSN_MUL, false},
	[OP_DIV] = {INSN_DIV, INSN_DIV_U, false},
	[OP_MOD] = {INSN_MOD, INSN_MOD_U, false},
	[OP_AND] = {INSN_AND, INSN_AND, false},
	[OP_OR] = {INSN_OR, INSN_OR, false},
	[OP_XOR] = {INSN_XOR, INSN_XOR, false},
	[OP_SHL] = {INSN_SHL, INSN_SHL, false},
	[OP_SHR] = {INSN_SHR, INSN_SHR_U, false},
	[OP_EQ] = {INSN_EQ, INSN_EQ, false},
	[OP_NE] = {INSN_NE, INSN_NE, false},
	[OP_LT] = {INSN_LT, INSN_LT_U, false},
	[OP_GT] = {INSN_LT, INSN_LT_U, true},
	[OP_LE] = {INSN_LE, INSN_LE_U, false},
	[OP_GE] = {INSN_LE, INSN_LE_U, true},
};

/* The lower half of @v. */
static uint16_t narrow(struct compile *c, uint16_t v, struct type type)
{
	uint16_t dst = unary(c, INSN_TRUNC, v);
	struct insn *in = cdma_vec_last(&c->program->code);

	in->size = 4;
	in->flags = type.scalar == SCALAR_S32 ? INSNF_SIGNED : 0;
	return dst;
}

uint16_t arithmetic(struct compile *c, enum op op, struct type type, uint16_t a,
		    uint16_t b)
{
	enum insn_op insn =
		is_unsigned(type) ? operators[op].without : operators[op].with;
	bool wraps =
		op == OP_ADD || op == OP_SUB || op == OP_MUL || op == OP_SHL;
	uint16_t v = operators[op].turned ? binary(c, insn, b, a)
					  : binary(c, insn, a, b);

	return wraps && type.size == 4 ? narrow(c, v, type) : v;
}

uint16_t as_type(struct compile *c, uint16_t v, struct type from,
		 struct type to)
{
	const struct scalar_info *info = scalar_info(from.scalar);

	/* All others are what they were. */
	if (to.scalar == SCALAR_U32 && info->is_signed)
		return narrow(c, v, to);
	return v;
}

uint16_t value_as(struct compile *c, const struct expr *e, struct type type)
{
	bool is_positive = e->kind == EXPR_BINARY && e->op >= OP_EQ;

	if (e->kind == EXPR_NUMBER)
		return const_reg(c, type_fit(type, e->value));
	if (is_positive)
		return value(c, e);
	return as_type(c, value(c, e),
		       e->kind == EXPR_LOAD ? e->a->type : e->type, type);
}

uint16_t operand(struct compile *c, enum op op, const struct expr *right,
		 struct type type)
{
	return is_shift(op) ? value(c, right) : value_as(c, right, type);
}

void convert(struct compile *c, uint16_t dst, uint16_t src, struct type type)
{
	const struct scalar_info *info = scalar_info(type.scalar);
	struct insn *in;

	if (type.scalar == SCALAR_BOOL)
		in = emit(c, INSN_BOOL);
	else
		in = emit(c, info->size == 8 ? INSN_MOV : INSN_TRUNC);
	in->dst = dst;
	in->a = src;
	in->size = info->size;
	in->flags = info->is_signed ? INSNF_SIGNED : 0;
}

void emit_try(struct compile *c)
{
	uint16_t error = temp_reg(c);
	jumps_t fine = 0;

	emit_jump(c, INSN_TRY, &fine)->dst = error;
	emit_return(c, error);
	land(c, fine);
}

/* Whether computing @e touches nothing that others see. */
static bool is_private(const struct expr *e)
{
	if (!e)
		return true;
	switch (e->kind) {
	case EXPR_NUMBER:
	case EXPR_NAME:
		return true;
	case EXPR_LOAD:
		return e->a->denotes == DENOTES_LOCAL && is_private(e->a);
	case EXPR_CALL:
		if (!e->builtin || !e->builtin->is_pure)
			return false;
		for (const struct expr *a = e->args; a; a = a->next)
			if (!is_private(a))
				return false;
		return true;
	case EXPR_TRY:
		return false;
	case EXPR_ASSIGN:
	case EXPR_STEP:
		/* A local is changed on one of the ways only. */
		return false;
	default:
		return is_private(e->a) && is_private(e->b) && is_private(e->c);
	}
}

/*
 * a && b, a || b: b is computed, and looked at, only if a does not decide.
 * What does not decide is no branch: of two values the machine may choose
 * without one, and a b that is known beforehand nobody looks at.
 */
static uint16_t logical(struct compile *c, const struct expr *e)
{
	bool is_and = e->op == OP_LAND;
	enum insn_op op = is_and ? INSN_JUMP_Z : INSN_JUMP_NZ;
	uint16_t dst, a = unary(c, INSN_BOOL, value(c, e->a));
	jumps_t decided = 0;

	if (e->b->kind == EXPR_NUMBER)
		return (e->b->value == 0) == is_and ? const_reg(c, !is_and) : a;
	dst = temp_reg(c);
	emit(c, INSN_MOV)->dst = dst;
	cdma_vec_last(&c->program->code)->a = a;
	if (is_private(e->b))
		emit_choice(c, op, a, &decided);
	else
		emit_jump_if(c, op, a, &decided);
	a = unary(c, INSN_BOOL, value(c, e->b));
	/* Both were looked at: the result comes from the reads of both. */
	a = binary(c, is_and ? INSN_AND : INSN_OR, dst, a);
	emit(c, INSN_MOV)->dst = dst;
	cdma_vec_last(&c->program->code)->a = a;
	land(c, decided);
	return dst;
}

static void move(struct compile *c, uint16_t v, uint16_t dst)
{
	struct insn *in = emit(c, INSN_MOV);

	in->dst = dst;
	in->a = v;
}

/* What is in @dst was chosen, among values, by @by. */
static void chosen(struct compile *c, uint16_t dst, uint16_t by)
{
	struct insn *in = emit(c, INSN_CHOSEN);

	in->dst = in->a = dst;
	in->b = by;
}

/* a ?: c */
static uint16_t unless_zero(struct compile *c, const struct expr *e)
{
	bool is_value = is_private(e->c);
	uint16_t dst = temp_reg(c), a = value_as(c, e->a, e->type);
	jumps_t end = 0;

	move(c, a, dst);
	if (is_value)
		emit_choice(c, INSN_JUMP_NZ, dst, &end);
	else
		emit_jump_if(c, INSN_JUMP_NZ, dst, &end);
	move(c, value_as(c, e->c, e->type), dst);
	if (is_value)
		chosen(c, dst, a);
	land(c, end);
	return dst;
}

/* a ? b : c.  Where nothing is accessed on either way, it is a choice among
 * values, and comes from the reads of a, too; but where it is an address, a
 * load from there does not wait for them. */
static uint16_t choice(struct compile *c, const struct expr *e)
{
	bool is_value = is_private(e->b) && is_private(e->c);
	uint16_t dst, a;
	jumps_t no = 0, end = 0;

	if (e->a->kind == EXPR_NUMBER)
		return value_as(c, e->a->value ? e->b : e->c, e->type);
	dst = temp_reg(c);
	a = value(c, e->a);
	if (is_value)
		emit_choice(c, INSN_JUMP_Z, a, &no);
	else
		emit_jump_if(c, INSN_JUMP_Z, a, &no);
	move(c, value_as(c, e->b, e->type), dst);
	emit_jump(c, INSN_JUMP, &end);
	land(c, no);
	move(c, value_as(c, e->c, e->type), dst);
	land(c, end);
	if (is_value)
		chosen(c, dst, a);
	return dst;
}

/* Bind the parameters: those that are not just another name. */
static void bind(struct compile *c, const struct expr *e)
{
	const struct expr *arg = e->args;

	for (uint32_t i = 0; i < e->nr_args; i++, arg = arg->next) {
		const struct sym *sym = e->params[i];
		struct place place;

		if (!sym)
			continue;
		if (sym->kind == SYM_OBJECT) {
			object_to(c, arg, sym_slot(c, sym));
			continue;
		}
		place = place_of_sym(c, sym);
		if (place.kind == PLACE_REG)
			store(c, &place, value(c, arg), HOW_PLAIN,
			      STORE_NORMAL);
		else
			aggregate_to(c, &place, arg, HOW_PLAIN);
	}
}

uint16_t inline_call(struct compile *c, const struct expr *e, uint16_t slot)
{
	struct compile_call call = {.slot = slot}, *outer_call = c->call;
	struct compile_list *list = c->list;
	uint32_t outer = c->scope;
	const char *func = c->func, *label = c->label;

	bind(c, e);
	set_site(c, e->span);
	*cdma_vec_push(&c->program->scopes) =
		(struct scope){.parent = outer, .site = c->site};
	c->scope = (uint32_t)c->program->scopes.nr - 1;
	call.result = new_reg(c);
	emit(c, INSN_MOV)->dst = call.result;
	c->func = e->name.text;
	c->label = NULL;
	c->call = &call;
	c->list = NULL;
	compile_block(c, e->body);
	land(c, call.returns);
	if (e->ref) /* as the type says that it returns */
		convert(c, call.result, call.result, e->ref->type);
	c->list = list;
	c->call = outer_call;
	c->func = func;
	c->label = label;
	c->scope = outer;
	set_site(c, e->span);
	return call.result;
}

static uint16_t unary_value(struct compile *c, const struct expr *e)
{
	uint16_t a = value(c, e->a);

	switch (e->op) {
	case OP_NEG:
		return arithmetic(c, OP_SUB, e->type, 0, a);
	case OP_COMPL:
		return binary(c, INSN_XOR, a,
			      const_reg(c, type_fit(e->type, UINT64_MAX)));
	default:
		return unary(c, INSN_NOT, a);
	}
}

/* Whether the result is 0 whatever the other side is: the compiler knows, too,
 * and keeps no dependency (memory-barriers.txt: "q % MAX" with a MAX of 1). */
static bool is_nothing(enum op op, const struct expr *right)
{
	if (right->kind != EXPR_NUMBER)
		return false;
	if (op == OP_MOD)
		return right->value == 1;
	return (op == OP_AND || op == OP_MUL) && !right->value;
}

static uint16_t binary_value(struct compile *c, const struct expr *e)
{
	struct type type =
		e->op < OP_EQ ? e->type : type_common(e->a->type, e->b->type);
	uint16_t a, b;

	if (e->op == OP_LAND || e->op == OP_LOR)
		return logical(c, e);
	a = value_as(c, e->a, type);
	if (is_nothing(e->op, e->b))
		return const_reg(c, 0);
	b = operand(c, e->op, e->b, type);
	if (e->op != OP_MOD && is_nothing(e->op, e->a))
		return const_reg(c, 0);
	set_site(c, e->span);
	return arithmetic(c, e->op, type, a, b);
}

/* Why there is no object, or 0. */
static uint16_t missing(struct compile *c, const struct expr *e)
{
	uint16_t slot = object_slot(c, e), dst = temp_reg(c);
	struct insn *in = emit(c, INSN_ERR);

	in->dst = dst;
	in->a = slot;
	return dst;
}

/* An object as a number is whether it is there. */
static uint16_t exists(struct compile *c, const struct expr *e)
{
	return unary(c, INSN_NOT, missing(c, e));
}

void jump_unless(struct compile *c, const struct expr *cond, jumps_t *jumps)
{
	bool negated = false;
	uint16_t v;

	for (; cond->kind == EXPR_UNARY && cond->op == OP_NOT; cond = cond->a)
		negated = !negated;
	if (gives_object(cond)) {
		negated = !negated;
		v = missing(c, cond);
	} else {
		v = value(c, cond);
	}
	emit_jump_if(c, negated ? INSN_JUMP_NZ : INSN_JUMP_Z, v, jumps);
}

static uint16_t load_value(struct compile *c, const struct expr *e)
{
	struct place place = place_of(c, e->a);

	set_site(c, e->span);
	return load(c, &place, HOW_PLAIN);
}

/* e?  A function fails with a negative number. */
static uint16_t attempt(struct compile *c, const struct expr *call)
{
	uint16_t v = value(c, call);
	jumps_t fine = 0;

	if (call->kind != EXPR_CALL || call->builtin) {
		emit_try(c);
		return v;
	}
	emit_jump_if(c, INSN_JUMP_Z, binary(c, INSN_LT, v, 0), &fine);
	emit_return(c, v);
	land(c, fine);
	return v;
}

static uint16_t fails(struct compile *c, const struct expr *e)
{
	uint16_t dst = temp_reg(c);
	struct insn *in = emit(c, INSN_MAY_FAIL);

	in->dst = dst;
	in->a = (uint16_t)c->program->may_fail.nr;
	*cdma_vec_push(&c->program->may_fail) = keep(c, e->name.text);
	return dst;
}

/* What @place, to which @v was just stored, holds now. */
static uint16_t stored(struct compile *c, const struct place *place, uint16_t v)
{
	uint16_t dst;

	if (place->kind == PLACE_REG)
		return place->reg;
	dst = temp_reg(c);
	convert(c, dst, v, place->type);
	return dst;
}

uint16_t assigned_value(struct compile *c, enum op op, const struct expr *a,
			const struct expr *b, const struct place *place)
{
	struct type type;
	uint16_t v;

	if (!op) {
		v = value(c, b);
		set_site(c, a->span);
		return v;
	}
	type = operation(op, a->type, b->type);
	v = operand(c, op, b, type);
	set_site(c, a->span);
	return arithmetic(c, op, type,
			  as_type(c, load(c, place, HOW_PLAIN), a->type, type),
			  v);
}

/* a op= b */
static uint16_t assigned(struct compile *c, const struct expr *e)
{
	struct place place = place_of(c, e->a);
	uint16_t v = assigned_value(c, e->op, e->a, e->b, &place);

	if (e->op)
		store_back(c, &place, v, STORE_NORMAL);
	else
		store(c, &place, v, HOW_PLAIN, STORE_NORMAL);
	return stored(c, &place, v);
}

/* a++ is what a was, ++a what it is. */
static uint16_t stepped(struct compile *c, const struct expr *e)
{
	struct place place = place_of(c, e->a);
	uint16_t old, v;

	set_site(c, e->a->span);
	v = load(c, &place, HOW_PLAIN);
	old = v;
	if (!e->is_prefix && place.kind == PLACE_REG) {
		old = temp_reg(c);
		emit(c, INSN_MOV)->dst = old;
		cdma_vec_last(&c->program->code)->a = v;
	}
	v = binary(c, e->op == OP_ADD ? INSN_ADD : INSN_SUB, v,
		   const_reg(c, e->value ? e->value : 1));
	store_back(c, &place, v, STORE_NORMAL);
	return e->is_prefix ? stored(c, &place, v) : old;
}

static uint16_t any_value(struct compile *c, const struct expr *e)
{
	uint16_t v;

	switch (e->kind) {
	case EXPR_NUMBER:
		return const_reg(c, e->value);
	case EXPR_UNARY:
		return unary_value(c, e);
	case EXPR_BINARY:
		return binary_value(c, e);
	case EXPR_COND:
		return e->b ? choice(c, e) : unless_zero(c, e);
	case EXPR_COMMA:
		value(c, e->a);
		return value(c, e->b);
	case EXPR_CAST:
		v = temp_reg(c);
		convert(c, v, value(c, e->a), e->ref->type);
		return v;
	case EXPR_FAILS:
		return fails(c, e);
	case EXPR_CALL:
		return e->builtin ? builtin_call(c, e) : inline_call(c, e, 0);
	case EXPR_TRY:
		return attempt(c, e->a);
	case EXPR_LOAD:
		return load_value(c, e);
	case EXPR_ASSIGN:
		return assigned(c, e);
	case EXPR_STEP:
		return stepped(c, e);
	case EXPR_ADDRESS:
		return pointer_value(c, e);
	default:
		return exists(c, e);
	}
}

/* What an assertion shows the value of: all that is read, or called. */
static bool is_operand(const struct expr *e)
{
	return e->kind == EXPR_LOAD || e->kind == EXPR_CALL;
}

uint16_t value(struct compile *c, const struct expr *e)
{
	uint16_t v;

	if (!c->asserting || !is_operand(e))
		return any_value(c, e);
	c->asserting = false;
	v = any_value(c, e);
	c->asserting = true;
	*cdma_vec_push(&c->program->operands) = (struct program_operand){
		.text = keep_span(c, e->span),
		.reg = v,
		.pc = here(c) ? here(c) - 1 : 0,
	};
	return v;
}

void value_to(struct compile *c, const struct expr *e, uint16_t dst)
{
	move(c, value(c, e), dst);
}
