/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

/*
 * Pointers of a CPU: numbers, of which an instruction makes memory again.
 */

uint16_t pointed_slot(struct compile *c, const struct expr *e)
{
	uint16_t v = value(c, e->a), dst = ref_slot(c);
	struct insn *in;

	set_site(c, e->span);
	in = emit(c, INSN_POINT);
	in->dst = dst;
	in->a = v;
	return dst;
}

struct place pointed_place(struct compile *c, const struct expr *e)
{
	struct place p = {.kind = PLACE_MEMORY, .type = e->type};

	p.slot = pointed_slot(c, e);
	p.point = here(c);
	return p;
}

/* The registers of the device begin where its pointers do. */
struct place mmio_place(struct compile *c, const struct expr *e)
{
	uint16_t v = value(c, e->a);

	return (struct place){
		.kind = PLACE_MMIO,
		.slot = c->program->devices.at[e->sym->device->index].slot,
		.off = binary(c, INSN_SUB, v, const_reg(c, IOMEM_BASE)),
		.type = e->type,
	};
}

/* A name of its own for what a call gives: its owner lives on in it. */
static uint16_t owner_slot(struct compile *c, const struct expr *e)
{
	uint16_t slot = new_slot(c, SLOT_OBJECT, keep(c, e->held));
	struct type type = keep_type(c, e->type);

	/* An array goes on behind its end. */
	if (type.is_array && !type.len) {
		type.size = type_element(type).size;
		type.len = 1;
	}
	if (!c->overflow)
		c->program->slots.at[slot].type = type;
	return slot;
}

uint16_t pointer_value(struct compile *c, const struct expr *e)
{
	struct place p = {0};
	uint16_t dst;
	struct insn *in;

	if (e->a->kind == EXPR_CALL && gives_object(e->a)) {
		p.slot = owner_slot(c, e->a);
		object_to(c, e->a, p.slot);
	} else {
		p = place_of(c, e->a);
	}
	dst = temp_reg(c);
	set_site(c, e->span);
	in = emit(c, INSN_POINTER);
	in->dst = dst;
	in->a = p.slot;
	in->b = p.off;
	in->imm = p.imm;
	return dst;
}

/* The address of what was allocated goes where the caller wants it. */
void tell_handle(struct compile *c, const struct expr *to, uint16_t slot)
{
	uint16_t err = temp_reg(c), dst = temp_reg(c);
	jumps_t failed = 0;
	struct place p;
	struct insn *in;

	in = emit(c, INSN_ERR);
	in->dst = err;
	in->a = slot;
	emit_choice(c, INSN_JUMP_NZ, err, &failed);
	p = place_of(c, to);
	in = emit(c, INSN_ADDRESS);
	in->dst = dst;
	in->a = slot;
	store(c, &p, dst, HOW_PLAIN, STORE_NORMAL);
	land(c, failed);
}

void alloc_c(struct compile *c, const struct expr *e, uint16_t dst)
{
	struct type element = type_element(e->type);
	uint16_t size = value(c, call_arg(e, 1));
	uint16_t flags = value(c, call_arg(e, 3)), count = size;
	struct insn *in;

	if (element.size > 1 && e->type.len)
		count = const_reg(c, e->type.len);
	else
		element.size = 1;
	in = emit_alloc(c, INSN_ALLOC, e, OBJECT_COHERENT);
	in->dst = dst;
	in->b = count;
	in->c = flags;
	in->imm = element.size;
	tell_handle(c, call_arg(e, 2), dst);
}
