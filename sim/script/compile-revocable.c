/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

/*
 * Calls by which something is revoked, and the end of a binding, which drops
 * what belongs to it.
 */

static uint16_t number_of(const struct expr *e)
{
	return (uint16_t)e->sym->index;
}

static struct insn *about(struct compile *c, enum insn_op op, uint16_t nr)
{
	struct insn *in = emit(c, op);

	in->a = nr;
	return in;
}

uint16_t call_revocable(struct compile *c, const struct expr *e)
{
	static const uint8_t ops[] = {
		[BUILTIN_REVOCABLE_NEW] = INSN_REVOCABLE_NEW,
		[BUILTIN_DEVRES_NEW] = INSN_DEVRES_NEW,
		[BUILTIN_TRY_ACCESS] = INSN_TRY_ACCESS,
		[BUILTIN_GUARD_PUT] = INSN_GUARD_PUT,
		[BUILTIN_REVOCABLE_ACCESS] = INSN_ACCESS,
		[BUILTIN_DEVRES_ACCESS] = INSN_ACCESS,
	};
	uint16_t dst = e->builtin->result ? temp_reg(c) : 0;
	struct insn *in = about(c, ops[e->builtin->id], number_of(e->args));

	in->dst = dst;
	if (e->builtin->id == BUILTIN_DEVRES_ACCESS)
		in->aux = call_arg(e, 1)->sym->device->index + 1;
	return dst;
}

/* Whether optional argument @i is there, and not 0. */
static bool is_said(const struct expr *e, uint32_t i)
{
	return e->nr_args > i && call_arg(e, i)->value;
}

/* ---- one of them ---- */

/* Who has won drops it.  @drop: a call; sym: what it is. */
static void drop(struct compile *c, const struct expr *drop, bool sync)
{
	if (sync)
		emit(c, INSN_GRACE_END);
	value(c, drop);
	if (drop->sym->kind == SYM_DEVRES)
		about(c, INSN_DEVRES_DONE, number_of(drop));
}

uint16_t call_revoke(struct compile *c, const struct expr *e)
{
	bool sync = e->builtin->id == BUILTIN_REVOKE;
	uint16_t won = new_reg(c);
	struct insn *in = about(c, INSN_REVOKE, number_of(e->args));
	jumps_t lost = 0;

	in->dst = won;
	in->how = sync;
	emit_jump_if(c, INSN_JUMP_Z, won, &lost);
	drop(c, e->drops, sync);
	land(c, lost);
	return won;
}

uint16_t call_devres_free(struct compile *c, const struct expr *e)
{
	uint16_t won = new_reg(c);
	jumps_t lost = 0, end = 0;

	about(c, INSN_REVOKE, number_of(e->args))->dst = won;
	emit_jump_if(c, INSN_JUMP_Z, won, &lost);
	drop(c, e->drops, false);
	emit_jump(c, INSN_JUMP, &end);
	land(c, lost);
	if (!is_said(e, 1))
		about(c, INSN_DEVRES_WAIT, number_of(e->args));
	land(c, end);
	return 0;
}

/* ---- all of a device ---- */

static void drop_data(struct compile *c, const struct expr *drops)
{
	for (const struct expr *d = drops; d; d = d->next)
		if (!d->sym)
			value(c, d);
}

/* Jump unless register @v is @n. */
static void unless(struct compile *c, uint16_t v, uint64_t n, jumps_t *jumps)
{
	uint16_t is = new_reg(c), constant = const_reg(c, n);
	struct insn *in = emit(c, INSN_EQ);

	in->dst = is;
	in->a = v;
	in->b = constant;
	emit_jump_if(c, INSN_JUMP_Z, is, jumps);
}

/* What is done with one that was taken, if it is @d. */
static void release(struct compile *c, const struct expr *d, uint16_t taken,
		    uint32_t top)
{
	uint64_t n = ((uint64_t)number_of(d) + 1) * 2;
	jumps_t lost = 0, other = 0;

	unless(c, taken, n + 1, &lost);
	drop(c, d, true);
	emit(c, INSN_JUMP)->imm = top;
	land(c, lost);
	unless(c, taken, n, &other);
	about(c, INSN_DEVRES_WAIT, number_of(d));
	emit(c, INSN_JUMP)->imm = top;
	land(c, other);
}

/* The newest first, until there is none. */
static void release_all(struct compile *c, uint16_t device,
			const struct expr *drops)
{
	uint16_t taken = new_reg(c);
	uint32_t top = here(c);
	jumps_t end = 0;
	bool any = false;

	for (const struct expr *d = drops; d; d = d->next)
		any |= d->sym != NULL;
	if (!any)
		return;
	about(c, INSN_DEVRES_TAKE, device)->dst = taken;
	emit_jump_if(c, INSN_JUMP_Z, taken, &end);
	for (const struct expr *d = drops; d; d = d->next)
		if (d->sym)
			release(c, d, taken, top);
	land(c, end);
}

/* All that goes with the binding, if there is one; then the binding itself when
 * it @leaves. */
static void end_binding(struct compile *c, uint16_t device,
			const struct expr *drops, bool devres_first,
			bool leaves)
{
	uint16_t bound = new_reg(c);
	jumps_t end = 0;

	about(c, INSN_UNBIND_BEGIN, device)->dst = bound;
	emit_jump_if(c, INSN_JUMP_Z, bound, &end);
	if (devres_first)
		release_all(c, device, drops);
	drop_data(c, drops);
	if (!devres_first)
		release_all(c, device, drops);
	if (leaves)
		about(c, INSN_UNBIND, device)->how = 1;
	land(c, end);
}

uint16_t call_unbind(struct compile *c, const struct expr *e)
{
	uint16_t device = (uint16_t)e->args->sym->device->index;

	if (e->drops)
		end_binding(c, device, e->drops, is_said(e, 1), true);
	else
		about(c, INSN_UNBIND, device);
	return 0;
}

void compile_after(struct compile *c, const struct section *section,
		   uint16_t result)
{
	bool is_setup = section->kind == SECTION_SETUP;
	jumps_t fine = 0;

	set_site(c, section->span);
	if (is_setup)
		emit_jump_if(c, INSN_JUMP_Z, result, &fine);
	for (const struct expr *e = section->after; e; e = e->next)
		if (is_setup)
			release_all(c, (uint16_t)e->value, e->drops);
		else
			end_binding(c, (uint16_t)e->value, e->drops, false,
				    false);
	land(c, fine);
	emit(c, INSN_END)->a = result;
}
