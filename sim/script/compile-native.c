/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

/*
 * A call is begun at once, as it does nothing that others could see; then it is
 * resumed until it has returned.
 */

static void set_args(struct insn *in, const struct expr *e,
		     const uint16_t *args)
{
	in->size = (uint8_t)e->nr_args;
	in->b = args[0];
	in->c = args[1];
	in->aux = args[2] | (uint32_t)args[3] << 16;
	in->aux2 = args[4] | (uint32_t)args[5] << 16;
}

uint16_t call_native(struct compile *c, const struct expr *e)
{
	uint16_t args[BUILTIN_ARGS_MAX] = {0}, dst;
	uint32_t i = 0;
	struct insn *in;

	for (const struct expr *a = e->args; a; a = a->next)
		args[i++] = value(c, a);
	dst = temp_reg(c);
	set_site(c, e->span);
	in = emit(c, INSN_NATIVE);
	in->dst = dst;
	in->a = (uint16_t)e->sym->index;
	set_args(in, e, args);
	in = emit(c, INSN_NATIVE_MORE);
	in->dst = dst;
	return dst;
}

void compile_natives(struct compile *c)
{
	const struct unit *u = c->unit;

	for (size_t i = 0; i < u->nr_natives; i++)
		*cdma_vec_push(&c->program->natives) = (struct program_native){
			.name = keep(c, u->natives[i].name),
		};
}
