/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

#include <cdma/device.h>

#include "base/macros.h"

/* ---- devices ---- */

/* op of a device, with a number when there is one. */
static struct insn *emit_device(struct compile *c, enum insn_op op,
				const struct expr *e)
{
	uint16_t v = e->nr_args > 1 ? value(c, call_arg(e, 1)) : 0;
	struct insn *in;

	set_site(c, e->span);
	in = emit(c, op);
	in->a = (uint16_t)e->args->sym->device->index;
	in->b = v;
	return in;
}

uint16_t call_set_mask(struct compile *c, const struct expr *e)
{
	static const uint8_t kinds[] = {
		[BUILTIN_SET_MASK] = CDMA_MASK_STREAMING,
		[BUILTIN_SET_COHERENT_MASK] = CDMA_MASK_COHERENT,
		[BUILTIN_SET_MASK_AND_COHERENT] = CDMA_MASK_BOTH,
		[BUILTIN_SET_MAX_SEG_SIZE] = CDMA_MASK_SEG_SIZE,
		[BUILTIN_SET_SEG_BOUNDARY] = CDMA_MASK_SEG_BOUNDARY,
	};
	uint16_t dst = temp_reg(c), device;
	struct insn *in = emit_device(c, INSN_MASK_BEGIN, e);

	in->how = kinds[e->builtin->id];
	device = in->a;
	in = emit(c, INSN_MASK_END);
	in->a = device;
	in->dst = dst;
	return dst;
}

uint16_t call_device(struct compile *c, const struct expr *e)
{
	static const uint8_t ops[] = {
		[BUILTIN_BIND] = INSN_BIND,
		[BUILTIN_IOUNMAP] = INSN_IOUNMAP,
		[BUILTIN_GET_DEVICE] = INSN_GET_DEVICE,
		[BUILTIN_PUT_DEVICE] = INSN_PUT_DEVICE,
		[BUILTIN_SET_MASTER] = INSN_MASTER,
		[BUILTIN_CLEAR_MASTER] = INSN_MASTER,
		[BUILTIN_ENABLE_DEVICE_MEM] = INSN_ENABLE_DEVICE,
		[BUILTIN_IOMAP] = INSN_IOMAP,
	};
	uint16_t dst = temp_reg(c);
	struct insn *in = emit_device(c, ops[e->builtin->id], e);

	in->dst = dst;
	if (in->op != INSN_MASTER)
		return dst;
	in->how = e->builtin->id == BUILTIN_SET_MASTER;
	c->program->devices.at[in->a].uses_master = true;
	return dst;
}

uint16_t call_lease(struct compile *c, const struct expr *e)
{
	enum insn_op op = e->builtin->id == BUILTIN_LEASE_BEGIN
				  ? INSN_LEASE_BEGIN
				  : INSN_LEASE_END;

	emit_place(c, op, e, call_arg(e, 1), 0)->aux =
		e->args->sym->device->index;
	return 0;
}
