/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

#include "base/macros.h"

struct place place_of_sym(struct compile *c, const struct sym *sym)
{
	struct place p = {.type = sym->type};

	if (sym->kind == SYM_LOCAL) {
		p.kind = sym_is_scalar(sym) ? PLACE_REG : PLACE_FRAME;
		p.reg = sym_reg(c, sym);
		p.is_whole = true;
		if (p.kind == PLACE_FRAME)
			p.imm = sym_frame(c, sym);
		return p;
	}
	p.kind = PLACE_MEMORY;
	p.slot = sym_slot(c, sym);
	p.object = sym->object;
	p.is_whole = sym->kind == SYM_OBJECT;
	return p;
}

/* A whole object, by its name or as an element of an array of objects. */
static struct place object_place(struct compile *c, const struct expr *e)
{
	return (struct place){
		.kind = PLACE_MEMORY,
		.slot = object_slot(c, e),
		.object = e->object,
		.is_whole = true,
		.type = e->type,
	};
}

/* What a call gives that stands where a place does: memcpy(try_cast(q, T), x).
 */
static struct place call_place(struct compile *c, const struct expr *e)
{
	uint16_t slot = temp_slot(c);

	object_to(c, e, slot);
	return (struct place){
		.kind = PLACE_MEMORY,
		.slot = slot,
		.object = e->object,
		.is_whole = true,
		.type = e->type,
	};
}

static struct place register_place(struct compile *c, const struct expr *e)
{
	const struct sym *sym = e->sym;

	return (struct place){
		.kind = PLACE_MMIO,
		.slot = c->program->devices.at[sym->device->index].slot,
		.imm = sym->field->offset,
		.type = sym->field->type,
	};
}

/* dst = op of slot, with elements of @size bytes. */
static uint16_t of_slot(struct compile *c, enum insn_op op, uint16_t slot,
			uint64_t size)
{
	uint16_t dst = temp_reg(c);
	struct insn *in = emit(c, op);

	in->dst = dst;
	in->a = slot;
	in->imm = size;
	return dst;
}

/* Only these are as long as they were declared to be. */
static bool is_fixed(const struct place *p)
{
	return p->object == OBJECT_NONE || p->object == OBJECT_BOX ||
	       p->object == OBJECT_COHERENT || p->object == OBJECT_KMEM ||
	       !p->is_whole;
}

/* Register with the number of elements of @p. */
static uint16_t place_len(struct compile *c, const struct place *p)
{
	uint64_t size = type_element(p->type).size;

	if (p->len)
		return binary(c, INSN_DIV_U, p->len, const_reg(c, size));
	if (is_fixed(p) && p->type.len)
		return const_reg(c, p->type.len);
	return of_slot(c, INSN_LEN, p->slot, size);
}

uint16_t place_size(struct compile *c, const struct place *p)
{
	if (p->len)
		return p->len;
	if (p->kind == PLACE_MEMORY && !(is_fixed(p) && p->type.size))
		return of_slot(c, INSN_SIZE, p->slot, 0);
	return const_reg(c, p->type.size);
}

uint16_t place_offset(struct compile *c, const struct place *p)
{
	if (!p->off)
		return const_reg(c, p->imm);
	if (!p->imm)
		return p->off;
	return binary(c, INSN_ADD, p->off, const_reg(c, p->imm));
}

/* An engine's address is what it is; memory of a CPU has bounds. */
static bool is_free(const struct compile *c, const struct place *p)
{
	return p->kind == PLACE_RAW ||
	       (c->is_device && p->kind == PLACE_MEMORY);
}

static struct place index_place(struct compile *c, const struct expr *e,
				bool try)
{
	struct place p = place_of(c, e->a);
	uint64_t size = type_element(p.type).size;
	uint16_t i, len, dst;
	struct insn *in;

	if (e->b->kind == EXPR_NUMBER && e->b->value < p.type.len &&
	    is_fixed(&p) && !p.len) {
		p.imm += e->b->value * size;
		goto out;
	}
	i = value(c, e->b);
	len = is_free(c, &p) ? 0 : place_len(c, &p);
	dst = temp_reg(c);
	set_site(c, e->span);
	in = emit(c, INSN_INDEX);
	in->dst = dst;
	in->a = i;
	in->b = p.off;
	in->c = len;
	in->imm = size;
	in->flags = is_free(c, &p) ? INSNF_FREE : try ? INSNF_TRY : 0;
	p.off = dst;
	if (try && !is_free(c, &p))
		emit_try(c);
out:
	p.type = e->type;
	p.len = 0;
	p.is_whole = false;
	return p;
}

static struct place range_place(struct compile *c, const struct expr *e,
				bool try)
{
	struct place p = place_of(c, e->a);
	uint16_t from = value(c, e->b), to = value(c, e->c);
	uint16_t limit = is_free(c, &p) ? 0 : place_len(c, &p);
	uint16_t dst = temp_reg(c), len = temp_reg(c);
	struct insn *in;

	set_site(c, e->span);
	in = emit(c, INSN_RANGE);
	in->dst = dst;
	in->a = from;
	in->b = to;
	in->c = limit;
	in->aux = len;
	in->aux2 = p.kind == PLACE_MEMORY ? p.slot : 0;
	in->imm = type_element(p.type).size;
	in->flags = is_free(c, &p) ? INSNF_FREE : try ? INSNF_TRY : 0;
	if (try && !is_free(c, &p))
		emit_try(c);
	p.off = p.off ? binary(c, INSN_ADD, p.off, dst) : dst;
	p.len = len;
	p.type = e->type;
	p.is_whole = false;
	return p;
}

static struct place field_place(struct compile *c, const struct expr *e)
{
	struct place p = place_of(c, e->a);

	p.imm += e->offset;
	/* What is pointed to has to be there from the field on. */
	if (p.point)
		c->program->code.at[p.point - 1].imm = p.imm;
	p.type = e->type;
	p.len = 0;
	p.is_whole = false;
	return p;
}

static struct place raw_place(struct compile *c, const struct expr *e)
{
	return (struct place){
		.kind = PLACE_RAW,
		.off = value(c, e->a),
		.type = e->type,
	};
}

struct place place_of(struct compile *c, const struct expr *e)
{
	bool try = e->kind == EXPR_TRY;

	if (try)
		e = e->a;
	if (e->object && (e->kind == EXPR_NAME || e->kind == EXPR_INDEX))
		return object_place(c, e);
	switch (e->kind) {
	case EXPR_NAME:
		return place_of_sym(c, e->sym);
	case EXPR_INDEX:
		return index_place(c, e, try);
	case EXPR_RANGE:
		return range_place(c, e, try);
	case EXPR_RAW:
		return raw_place(c, e);
	case EXPR_LOAD:
		return place_of(c, e->a);
	case EXPR_POINTED:
		return pointed_place(c, e);
	case EXPR_MMIO:
		return mmio_place(c, e);
	case EXPR_CALL:
		return call_place(c, e);
	default:
		return e->sym ? register_place(c, e) : field_place(c, e);
	}
}

/*
 * Nobody else can reach a box.  Whatever else is plain is a step, although the
 * clocks find its races in any schedule: what comes of them is to be seen too.
 */
bool place_is_quiet(const struct compile *c, const struct place *p)
{
	return !c->is_device && p->kind == PLACE_MEMORY &&
	       p->object == OBJECT_BOX;
}

/* Which instruction reads, or writes, one scalar at @p. */
static enum insn_op access_op(const struct compile *c, const struct place *p,
			      bool is_store)
{
	switch (p->kind) {
	case PLACE_FRAME:
		return is_store ? INSN_LOCAL_STORE : INSN_LOCAL_LOAD;
	case PLACE_MMIO:
		return is_store ? INSN_ENGINE_STORE : INSN_ENGINE_LOAD;
	default:
		if (p->kind == PLACE_RAW || c->is_device)
			return is_store ? INSN_DMA_STORE : INSN_DMA_LOAD;
		if (place_is_quiet(c, p))
			return is_store ? INSN_STORE_Q : INSN_LOAD_Q;
		return is_store ? INSN_STORE : INSN_LOAD;
	}
}

struct insn *emit_access(struct compile *c, enum insn_op op,
			 const struct place *p, enum insn_how how)
{
	const struct scalar_info *info = scalar_info(p->type.scalar);
	struct insn *in = emit(c, op);

	in->a = p->kind == PLACE_FRAME ? p->reg : p->slot;
	in->b = p->off;
	in->imm = p->imm;
	in->size = info->size;
	in->how = (uint8_t)how;
	in->flags = (uint8_t)((info->is_signed ? INSNF_SIGNED : 0) |
			      (info->big_endian ? INSNF_BIG : 0) |
			      (c->race_ok ? INSNF_RACE_OK : 0));
	return in;
}

uint16_t load(struct compile *c, const struct place *p, enum insn_how how)
{
	uint16_t dst;

	if (p->kind == PLACE_REG)
		return p->reg;
	dst = temp_reg(c);
	emit_access(c, access_op(c, p, false), p, how)->dst = dst;
	return dst;
}

void store(struct compile *c, const struct place *p, uint16_t v,
	   enum insn_how how, enum store travel)
{
	enum insn_op op = access_op(c, p, true);
	struct insn *in;

	if (p->kind == PLACE_REG) {
		convert(c, p->reg, v, p->type);
		return;
	}
	if (p->type.scalar == SCALAR_BOOL)
		v = binary(c, INSN_BOOL, v, 0);
	if (op == INSN_DMA_STORE && travel == STORE_SPLIT)
		op = INSN_DMA_SPLIT;
	in = emit_access(c, op, p, how);
	in->dst = v;
	if (travel == STORE_RELAXED)
		in->flags |= INSNF_RELAXED;
	if (travel == STORE_UNORDERED)
		in->flags |= INSNF_UNORDERED;
	if (op == INSN_DMA_SPLIT)
		emit(c, INSN_BULK_MORE);
}

void store_back(struct compile *c, const struct place *p, uint16_t v,
		enum store travel)
{
	struct insn *last;

	store(c, p, v, HOW_PLAIN, travel);
	last = cdma_vec_last(&c->program->code);
	if (last->op == INSN_ENGINE_STORE)
		last->op = INSN_ENGINE_STORE_Q;
}
