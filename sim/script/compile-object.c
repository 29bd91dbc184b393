/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

#include "base/macros.h"

bool gives_object(const struct expr *e)
{
	return e->denotes == DENOTES_OBJECT || e->object == OBJECT_KMEM;
}

static uint16_t device_of(const struct expr *e)
{
	return (uint16_t)e->sym->device->index;
}

static uint16_t flags_of(struct compile *c, const struct expr *e)
{
	return e ? value(c, e) : 0;
}

/* One of an array of objects. */
static uint16_t select_slot(struct compile *c, const struct expr *e)
{
	uint16_t i = value(c, e->b), dst = ref_slot(c);
	struct insn *in;

	set_site(c, e->span);
	in = emit(c, INSN_SELECT);
	in->dst = dst;
	in->a = sym_slot(c, e->a->sym);
	in->b = i;
	in->imm = sym_slots(e->a->sym);
	return dst;
}

uint16_t object_slot(struct compile *c, const struct expr *e)
{
	bool try = e->kind == EXPR_TRY;
	const struct expr *inner = try ? e->a : e;
	uint16_t slot;

	if (inner->kind == EXPR_NAME)
		return sym_slot(c, inner->sym);
	if (inner->kind == EXPR_POINTED)
		return pointed_slot(c, inner);
	if (inner->kind == EXPR_INDEX && inner->object) {
		slot = select_slot(c, inner);
		if (try) {
			cdma_vec_last(&c->program->code)->flags = INSNF_TRY;
			emit_try(c);
		}
		return slot;
	}
	slot = temp_slot(c);
	object_to(c, e, slot);
	return slot;
}

/* What all allocating instructions have. */
struct insn *emit_alloc(struct compile *c, enum insn_op op,
			const struct expr *call, enum object object)
{
	uint16_t device = device_of(call_arg(call, 0));
	struct insn *in;

	set_site(c, call->span);
	if (c->is_threaded)
		emit(c, INSN_ALLOC_BEGIN)->a = device;
	in = emit(c, op);
	in->a = device;
	in->how = (uint8_t)object;
	return in;
}

static void alloc_type(struct compile *c, const struct expr *e, uint16_t dst,
		       enum object object)
{
	struct type type = call_arg(e, 1)->ref->type;
	uint16_t flags = flags_of(c, call_arg(e, 2));
	uint16_t count = const_reg(c, type.is_array ? type.len : 1);
	struct insn *in = emit_alloc(c, INSN_ALLOC, e, object);

	in->dst = dst;
	in->b = count;
	in->c = flags;
	in->imm = type_element(type).size;
}

static void alloc_handle(struct compile *c, const struct expr *e, uint16_t dst)
{
	uint16_t size = value(c, call_arg(e, 1)),
		 flags = flags_of(c, call_arg(e, 2));
	struct insn *in = emit_alloc(c, INSN_ALLOC, e, OBJECT_HANDLE);

	in->dst = dst;
	in->b = size;
	in->c = flags;
	in->imm = 1;
}

static void from_slice(struct compile *c, const struct expr *e, uint16_t dst,
		       enum object object)
{
	struct bytes bytes = bytes_of(c, call_arg(e, 1));
	uint16_t flags = flags_of(c, call_arg(e, 2));
	struct insn *in = emit_alloc(c, INSN_FROM_SLICE, e, object);

	in->dst = dst;
	in->b = bytes.at;
	in->c = flags;
	in->imm = bytes.len;
	in->aux2 = (uint32_t)type_element(call_arg(e, 1)->type).size;
}

static void coherent_init(struct compile *c, const struct expr *e, uint16_t dst)
{
	uint64_t size = call_arg(e, 1)->ref->type.size;
	uint32_t list = init_list(c, call_arg(e, 2), size);
	uint16_t flags = flags_of(c, call_arg(e, 3));
	struct insn *in = emit_alloc(c, INSN_COHERENT_INIT, e, OBJECT_COHERENT);

	in->dst = dst;
	in->c = flags;
	in->imm = list;
}

static void alloc_kmem(struct compile *c, const struct expr *e, uint16_t dst)
{
	const struct expr *what = call_arg(e, 0);
	struct type type = what->kind == EXPR_TYPE ? what->ref->type : e->type;
	uint64_t element = type_element(type).size;
	uint16_t count, flags;
	struct insn *in;

	if (type.len || what->kind == EXPR_TYPE) {
		count = const_reg(c, type.is_array ? type.len : 1);
	} else {
		count = value(c, what);
		element = 1;
	}
	flags = flags_of(c, call_arg(e, 1));
	set_site(c, e->span);
	in = emit(c, INSN_KMALLOC);
	in->dst = dst;
	in->b = count;
	in->c = flags;
	in->how = (e->builtin->how & HOW_ZEROED) != 0;
	in->imm = element;
}

static void create_pool(struct compile *c, const struct expr *e, uint16_t dst)
{
	const struct expr *align = call_arg(e, 2), *boundary = call_arg(e, 3);
	uint16_t b = align ? value(c, align) : const_reg(c, 0);
	uint16_t limit = boundary ? value(c, boundary) : const_reg(c, 0);
	struct insn *in;

	set_site(c, e->span);
	in = emit(c, INSN_POOL_CREATE);
	in->dst = dst;
	in->a = device_of(call_arg(e, 0));
	in->b = b;
	in->c = limit;
	in->imm = call_arg(e, 1)->ref->type.size;
}

static void alloc_block(struct compile *c, const struct expr *e, uint16_t dst)
{
	uint16_t pool = object_slot(c, e->args);
	uint16_t flags = flags_of(c, call_arg(e, 1));
	struct insn *in;

	set_site(c, e->span);
	in = emit(c, INSN_POOL_ALLOC);
	in->dst = dst;
	in->a = pool;
	in->c = flags;
	in->how = (e->builtin->how & HOW_ZEROED) != 0;
}

static void expose(struct compile *c, const struct expr *e, uint16_t dst)
{
	uint16_t box = object_slot(c, e->args);
	struct insn *in;

	set_site(c, e->span);
	in = emit(c, INSN_EXPOSE);
	in->dst = dst;
	in->a = box;
}

/* Something that refers to a place. */
static struct insn *emit_of_place(struct compile *c, enum insn_op op,
				  const struct place *p, struct span span)
{
	uint16_t size = place_size(c, p);
	struct insn *in;

	set_site(c, span);
	in = emit(c, op);
	in->a = p->slot;
	in->b = p->off;
	in->c = size;
	in->imm = p->imm;
	return in;
}

static void window(struct compile *c, const struct expr *e, uint16_t dst,
		   bool is_exclusive)
{
	struct place p = place_of(c, e->args);
	struct insn *in = emit_of_place(c, INSN_WINDOW, &p, e->span);

	in->dst = dst;
	in->how = is_exclusive;
	in->aux = (uint32_t)type_element(p.type).size;
}

static void try_cast(struct compile *c, const struct expr *e, uint16_t dst)
{
	struct place p = place_of(c, e->args);
	struct type type = call_arg(e, 1)->ref->type;
	struct insn *in = emit_of_place(c, INSN_TRY_CAST, &p, e->span);

	in->dst = dst;
	in->aux = (uint32_t)type.size;
	in->aux2 = type_align(type);
}

static void view(struct compile *c, const struct expr *e, uint16_t dst)
{
	struct place p = place_of(c, e);
	struct insn *in = emit_of_place(c, INSN_VIEW, &p, e->span);

	in->dst = dst;
	in->aux = (uint32_t)type_element(p.type).size;
}

static void alias(struct compile *c, const struct expr *e, uint16_t dst)
{
	uint16_t slot = object_slot(c, e);
	struct insn *in = emit(c, INSN_ALIAS);

	in->dst = dst;
	in->a = slot;
}

static void object_call(struct compile *c, const struct expr *e, uint16_t dst)
{
	if (!e->builtin) {
		inline_call(c, e, dst);
		return;
	}
	set_site(c, e->span);
	emit_might_sleep(c, e);
	switch (e->builtin->id) {
	case BUILTIN_DMA_ALLOC:
		return alloc_type(c, e, dst, OBJECT_BOX);
	case BUILTIN_DMA_ALLOC_COHERENT:
		if (e->nr_args == 4) {
			alloc_c(c, e, dst);
			return;
		}
		return alloc_type(c, e, dst, OBJECT_COHERENT);
	case BUILTIN_DMA_ALLOC_HANDLE:
		return alloc_handle(c, e, dst);
	case BUILTIN_BOX_FROM_SLICE:
		return from_slice(c, e, dst, OBJECT_BOX);
	case BUILTIN_COHERENT_FROM_SLICE:
		return from_slice(c, e, dst, OBJECT_COHERENT);
	case BUILTIN_COHERENT_INIT:
		return coherent_init(c, e, dst);
	case BUILTIN_KMALLOC:
		return alloc_kmem(c, e, dst);
	case BUILTIN_DMA_ALLOC_NONCOHERENT:
		return alloc_noncoherent(c, e, dst);
	case BUILTIN_POOL_CREATE:
		return create_pool(c, e, dst);
	case BUILTIN_POOL_ALLOC:
		return alloc_block(c, e, dst);
	case BUILTIN_EXPOSE:
		return expose(c, e, dst);
	case BUILTIN_AS_REF:
		return window(c, e, dst, false);
	case BUILTIN_AS_MUT:
		return window(c, e, dst, true);
	default:
		return try_cast(c, e, dst);
	}
}

void object_to(struct compile *c, const struct expr *e, uint16_t dst)
{
	if (e->kind == EXPR_TRY && e->a->kind == EXPR_CALL) {
		object_call(c, e->a, dst);
		emit_try(c);
	} else if (e->kind == EXPR_CALL) {
		object_call(c, e, dst);
	} else if (e->object && e->kind != EXPR_FIELD &&
		   e->kind != EXPR_RANGE) {
		alias(c, e, dst);
	} else {
		view(c, e, dst);
	}
}
