/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

/* The kernel's number, on any host. */
#define ETIMEDOUT_OF_LINUX 110

/*
 * Calls by which a CPU reaches the registers of a device.
 */

static struct insn *emit_register(struct compile *c, enum insn_op op,
				  const struct expr *e, const struct place *p)
{
	struct insn *in;

	set_site(c, e->span);
	in = emit(c, op);
	in->a = p->slot;
	in->b = p->off;
	in->imm = p->imm;
	in->size = e->builtin->width;
	if (e->builtin->relaxed)
		in->flags |= INSNF_RELAXED;
	return in;
}

/* The registers of a device, as a place. */
static struct place registers_of(struct compile *c, const struct expr *device,
				 const struct expr *offset)
{
	return (struct place){
		.kind = PLACE_MMIO,
		.slot = c->program->devices.at[device->sym->device->index].slot,
		.off = value(c, offset),
	};
}

/* What an access does to the register @e, or to one of a row of them. */
static uint8_t how_of(const struct expr *e)
{
	while (!e->sym && e->a)
		e = e->a;
	return e->sym && e->sym->kind == SYM_REG ? (uint8_t)e->sym->field->how
						 : REG_PLAIN;
}

/* What is read has the register's sign and width of the call. */
static struct insn *emit_load(struct compile *c, const struct expr *e,
			      const struct place *p)
{
	struct insn *in = emit_register(c, INSN_REG_LOAD, e, p);

	in->how = how_of(e->args);
	if (scalar_info(p->type.scalar)->big_endian)
		in->flags |= INSNF_BIG;
	return in;
}

uint16_t call_register_read(struct compile *c, const struct expr *e)
{
	struct place p = place_of(c, e->args);
	uint16_t dst = temp_reg(c);

	emit_load(c, e, &p)->dst = dst;
	return dst;
}

uint16_t call_register_write(struct compile *c, const struct expr *e)
{
	uint16_t v = value(c, call_arg(e, 0));
	struct place p = place_of(c, call_arg(e, 1));
	struct insn *in = emit_register(c, INSN_REG_STORE, e, &p);

	in->dst = v;
	in->how = how_of(call_arg(e, 1));
	if (scalar_info(p.type.scalar)->big_endian)
		in->flags |= INSNF_BIG;
	return 0;
}

/* dst = @v */
static void set(struct compile *c, uint16_t dst, uint64_t v)
{
	uint16_t from = const_reg(c, v);
	struct insn *in = emit(c, INSN_MOV);

	in->dst = dst;
	in->a = from;
}

/* One step, as a poll is: the register is read into the local, and the
 * condition looked at, until that holds or nobody else can go on. */
uint16_t call_register_poll(struct compile *c, const struct expr *e)
{
	uint16_t dst = temp_reg(c), v;
	struct place reg, local;
	jumps_t no = 0, end = 0;

	set_site(c, e->span);
	emit(c, INSN_POLL)->flags = INSNF_TIMEOUT;
	reg = place_of(c, e->args);
	v = temp_reg(c);
	emit_load(c, e, &reg)->dst = v;
	local = place_of(c, call_arg(e, 1));
	store(c, &local, v, HOW_PLAIN, STORE_NORMAL);
	v = value(c, call_arg(e, 2));
	set_site(c, e->span);
	emit_jump_if(c, INSN_POLL_END, v, &no);
	set(c, dst, 0);
	emit_jump(c, INSN_JUMP, &end);
	land(c, no);
	set(c, dst, (uint64_t) - (int64_t)ETIMEDOUT_OF_LINUX);
	land(c, end);
	return dst;
}

uint16_t call_register_try_read(struct compile *c, const struct expr *e)
{
	struct place p = registers_of(c, call_arg(e, 0), call_arg(e, 1));
	uint16_t dst = temp_reg(c);

	emit_register(c, INSN_REG_TRY_LOAD, e, &p)->dst = dst;
	return dst;
}

uint16_t call_register_try_write(struct compile *c, const struct expr *e)
{
	uint16_t v = value(c, call_arg(e, 1)), dst = temp_reg(c);
	struct place p = registers_of(c, call_arg(e, 0), call_arg(e, 2));
	struct insn *in = emit_register(c, INSN_REG_TRY_STORE, e, &p);

	in->c = v;
	in->dst = dst;
	return dst;
}
