/* SPDX-License-Identifier: MIT */
#include "script/compile.h"

#include <cdma/attrs.h>

#include "base/macros.h"
#include "base/xalloc.h"

const struct expr *call_arg(const struct expr *call, unsigned int i)
{
	const struct expr *e = call->args;

	while (e && i--)
		e = e->next;
	return e;
}

static bool is_scalar(struct type type)
{
	return !type.is_array && type.scalar != SCALAR_STRUCT;
}

/* ---- memory ---- */

static uint16_t read_call(struct compile *c, const struct expr *e,
			  enum insn_how how)
{
	struct place p = place_of(c, e->args);

	set_site(c, e->span);
	return load(c, &p, how);
}

static uint16_t write_call(struct compile *c, const struct expr *e,
			   enum insn_how how)
{
	struct place p = place_of(c, e->args);

	if (!is_scalar(e->args->type)) {
		struct bytes bytes = aggregate(c, call_arg(e, 1));

		set_site(c, e->span);
		bytes_write(c, &p, &bytes, how);
	} else {
		uint16_t v = value(c, call_arg(e, 1));

		set_site(c, e->span);
		store(c, &p, v, how, STORE_NORMAL);
	}
	return 0;
}

static uint16_t marked_read(struct compile *c, const struct expr *e)
{
	return read_call(c, e, HOW_MARKED);
}

static uint16_t marked_write(struct compile *c, const struct expr *e)
{
	return write_call(c, e, HOW_MARKED);
}

static uint16_t load_acquire(struct compile *c, const struct expr *e)
{
	return read_call(c, e, HOW_ORDERED);
}

static uint16_t store_release(struct compile *c, const struct expr *e)
{
	return write_call(c, e, HOW_ORDERED);
}

/* copy_to_slice(lv, local), memcpy_fromio(local, reg). */
static uint16_t read_slice(struct compile *c, const struct expr *e)
{
	bool from_io = e->builtin->id == BUILTIN_COPY_FROMIO;
	struct place p = place_of(c, call_arg(e, from_io));
	struct bytes bytes = bytes_of(c, call_arg(e, !from_io));

	set_site(c, e->span);
	if (from_io)
		p.len = bytes.len;
	bytes_read(c, &bytes, &p, HOW_COPY);
	bytes_back(c, &bytes);
	return 0;
}

/* copy_from_slice(lv, local), memcpy_toio(reg, local). */
static uint16_t write_slice(struct compile *c, const struct expr *e)
{
	struct place p = place_of(c, call_arg(e, 0));
	struct bytes bytes = bytes_of(c, call_arg(e, 1));

	set_site(c, e->span);
	if (e->builtin->id == BUILTIN_COPY_TOIO)
		p.len = bytes.len;
	bytes_write(c, &p, &bytes, HOW_COPY);
	return 0;
}

static uint16_t data_race(struct compile *c, const struct expr *e)
{
	bool outer = c->race_ok;
	uint16_t v;

	c->race_ok = true;
	v = value(c, e->args);
	c->race_ok = outer;
	return v;
}

static uint16_t memory_set(struct compile *c, const struct expr *e)
{
	compile_memset(c, e);
	return 0;
}

static uint16_t memory_copy(struct compile *c, const struct expr *e)
{
	compile_memcpy(c, e);
	return 0;
}

/* ---- barriers ---- */

static uint16_t fence(struct compile *c, const struct expr *e)
{
	uint8_t order = e->args ? (uint8_t)e->args->value : e->builtin->order;
	/* Full fences have one order, so others can tell when one is done. */
	struct insn *in = emit(c, order == CDMA_ORDER_FULL ? INSN_FULL_FENCE
							   : INSN_FENCE);

	in->how = e->builtin->domain;
	in->size = order;
	return 0;
}

static uint16_t nothing(struct compile *c, const struct expr *e)
{
	for (const struct expr *a = e->args; a; a = a->next)
		value(c, a);
	return 0;
}

/* ---- objects ---- */

/* Values first: the initialiser only stores them. */
static void init_rows(struct compile *c, const struct expr *e, uint64_t base,
		      struct program_init *rows, uint32_t *nr)
{
	for (const struct init *i = e->inits; i; i = i->next) {
		const struct scalar_info *info = scalar_info(i->type.scalar);

		if (i->value->kind == EXPR_INIT) {
			init_rows(c, i->value, base + i->offset, rows, nr);
			continue;
		}
		if (rows) {
			struct program_init *row = &rows[*nr];

			row->value = value(c, i->value);
			row->offset = i->at ? value(c, i->at)
					    : const_reg(c, base + i->offset);
			row->size = info->size;
			row->flags = info->big_endian ? INSNF_BIG : 0;
			set_site(c, i->span);
			row->site = c->site;
		}
		++*nr;
	}
}

uint32_t init_list(struct compile *c, const struct expr *e, uint64_t size)
{
	struct program *p = c->program;
	struct program_inits list = {
		.first = (uint32_t)p->inits.nr,
		.size = size,
	};
	struct program_init *rows;
	uint32_t nr = 0;

	init_rows(c, e, 0, NULL, &list.nr);
	rows = cdma_xcalloc(list.nr + 1, sizeof(*rows));
	init_rows(c, e, 0, rows, &nr);
	list.first = (uint32_t)p->inits.nr;
	for (uint32_t i = 0; i < nr; i++)
		*cdma_vec_push(&p->inits) = rows[i];
	free(rows);
	*cdma_vec_push(&p->init_lists) = list;
	return (uint32_t)p->init_lists.nr - 1;
}

static uint16_t init_at(struct compile *c, const struct expr *e)
{
	uint16_t slot = object_slot(c, call_arg(e, 0)),
		 i = value(c, call_arg(e, 1));
	uint64_t size = type_element(call_arg(e, 0)->type).size;
	uint32_t list = init_list(c, call_arg(e, 2), size);
	uint16_t dst = temp_reg(c);
	struct insn *in;

	set_site(c, e->span);
	in = emit(c, INSN_INIT_AT);
	in->dst = dst;
	in->a = slot;
	in->b = i;
	in->imm = list;
	return dst;
}

/* dst = what it says of an object. */
static uint16_t object_call(struct compile *c, const struct expr *e,
			    enum insn_op op)
{
	uint16_t slot = object_slot(c, e->args), dst = temp_reg(c);
	struct insn *in;

	set_site(c, e->span);
	in = emit(c, op);
	in->dst = dst;
	in->a = slot;
	return dst;
}

static uint16_t free_object(struct compile *c, const struct expr *e)
{
	struct insn *in;
	uint16_t slot, size, address;

	if (e->nr_args == 1)
		return object_call(c, e, INSN_FREE);
	slot = object_slot(c, call_arg(e, 0));
	size = value(c, call_arg(e, 1));
	address = value(c, call_arg(e, 2));
	set_site(c, e->span);
	in = emit(c, INSN_FREE_DMA);
	in->a = slot;
	in->b = size;
	in->c = address;
	in->aux = call_arg(e, 3)->sym->device->index;
	return 0;
}

static uint16_t err(struct compile *c, const struct expr *e)
{
	return object_call(c, e, INSN_ERR);
}

static uint16_t end_window(struct compile *c, const struct expr *e)
{
	return object_call(c, e, INSN_WINDOW_END);
}

static uint16_t size(struct compile *c, const struct expr *e)
{
	struct place p = place_of(c, e->args);

	return place_size(c, &p);
}

static uint16_t len(struct compile *c, const struct expr *e)
{
	struct place p = place_of(c, e->args);
	uint64_t element = type_element(p.type).size;
	uint16_t size = place_size(c, &p);

	return binary(c, INSN_DIV_U, size, const_reg(c, element ? element : 1));
}

struct insn *emit_place(struct compile *c, enum insn_op op,
			const struct expr *call, const struct expr *lv,
			uint16_t dst)
{
	struct place p = place_of(c, lv);
	uint16_t size = place_size(c, &p);
	struct insn *in;

	set_site(c, call->span);
	in = emit(c, op);
	in->dst = dst;
	in->a = p.slot;
	in->b = p.off;
	in->c = size;
	in->imm = p.imm;
	return in;
}

static uint16_t dma_handle(struct compile *c, const struct expr *e)
{
	uint16_t dst = temp_reg(c);

	emit_place(c, INSN_ADDRESS, e, e->args, dst)->how = HOW_CALLED;
	return dst;
}

static uint16_t debugfs_read(struct compile *c, const struct expr *e)
{
	uint16_t slot = object_slot(c, call_arg(e, 0));
	struct place counter = place_of(c, call_arg(e, 1));
	uint16_t off = load(c, &counter, HOW_PLAIN),
		 room = value(c, call_arg(e, 2));
	uint16_t fault = call_arg(e, 3) ? value(c, call_arg(e, 3)) : 0;
	uint16_t dst = temp_reg(c), moved = temp_reg(c);
	struct insn *in;

	in = emit(c, INSN_MOV);
	in->dst = moved;
	in->a = off;
	set_site(c, e->span);
	in = emit(c, INSN_DEBUGFS);
	in->dst = dst;
	in->a = slot;
	in->b = moved;
	in->c = room;
	in->aux = call_arg(e, 3) ? fault + 1u : 0;
	store(c, &counter, moved, HOW_PLAIN, STORE_NORMAL);
	return dst;
}

/* ---- attributes: the high half of flags ---- */

static uint16_t attrs_not(struct compile *c, const struct expr *e)
{
	uint16_t all = const_reg(c, (uint64_t)CDMA_ATTRS_PUBLIC << 32);

	return binary(c, INSN_AND, binary(c, INSN_XOR, value(c, e->args), all),
		      all);
}

static uint16_t attrs_contains(struct compile *c, const struct expr *e)
{
	uint16_t attrs = value(c, call_arg(e, 0)),
		 wanted = value(c, call_arg(e, 1));

	return binary(c, INSN_EQ, binary(c, INSN_AND, attrs, wanted), wanted);
}

/* ---- arithmetic ---- */

/* What it asserts, or the opposite of what it warns of; the condition's value
 * in the second case. */
static uint16_t assertion(struct compile *c, const struct expr *e)
{
	uint32_t first = (uint32_t)c->program->operands.nr;
	bool is_warning = e->builtin->id == BUILTIN_WARN_ON;
	uint16_t v, fine;

	c->asserting = true;
	v = value(c, e->args);
	c->asserting = false;
	fine = is_warning ? binary(c, INSN_NOT, v, 0) : v;
	*cdma_vec_push(&c->program->asserts) = (struct program_assert){
		.pc = here(c),
		.first = first,
		.nr = (uint32_t)c->program->operands.nr - first,
	};
	set_site(c, e->span);
	emit(c, INSN_ASSERT)->a = fine;
	return is_warning ? binary(c, INSN_NOT, fine, 0) : 0;
}

static uint16_t least(struct compile *c, const struct expr *e)
{
	bool is_min = e->builtin->id == BUILTIN_MIN;
	uint16_t a = value_as(c, call_arg(e, 0), e->type);
	uint16_t b = value_as(c, call_arg(e, 1), e->type);

	if (is_unsigned(e->type))
		return binary(c, is_min ? INSN_MIN_U : INSN_MAX_U, a, b);
	return binary(c, is_min ? INSN_MIN : INSN_MAX, a, b);
}

static uint16_t lower(struct compile *c, const struct expr *e)
{
	uint16_t v = binary(c, INSN_TRUNC, value(c, e->args), 0);

	cdma_vec_last(&c->program->code)->size = 4;
	return v;
}

static uint16_t upper(struct compile *c, const struct expr *e)
{
	uint16_t v = value(c, e->args);

	return binary(c, INSN_SHR_U, v, const_reg(c, 32));
}

static uint16_t bits(struct compile *c, const struct expr *e)
{
	uint16_t a = value(c, e->args), dst = temp_reg(c);
	struct insn *in = emit(c, INSN_BITS);

	in->dst = dst;
	in->a = a;
	in->how = e->builtin->how;
	in->size = e->builtin->width;
	return dst;
}

static uint16_t bit_mask(struct compile *c, const struct expr *e)
{
	return binary(c, INSN_BIT_MASK, value(c, e->args), 0);
}

static uint16_t mask_try_new(struct compile *c, const struct expr *e)
{
	return binary(c, INSN_MASK_TRY_NEW, value(c, e->args), 0);
}

static uint16_t (*const calls[BUILTIN_NR])(struct compile *,
					   const struct expr *) = {
	[BUILTIN_READ_ONCE] = marked_read,
	[BUILTIN_WRITE_ONCE] = marked_write,
	[BUILTIN_DMA_READ] = marked_read,
	[BUILTIN_DMA_WRITE] = marked_write,
	[BUILTIN_READ_VAL] = marked_read,
	[BUILTIN_WRITE_VAL] = marked_write,
	[BUILTIN_COPY_READ] = marked_read,
	[BUILTIN_COPY_WRITE] = marked_write,
	[BUILTIN_COPY_TO_SLICE] = read_slice,
	[BUILTIN_COPY_FROM_SLICE] = write_slice,
	[BUILTIN_LOAD_ACQUIRE] = load_acquire,
	[BUILTIN_STORE_RELEASE] = store_release,
	[BUILTIN_RMW] = call_rmw,
	[BUILTIN_DATA_RACE] = data_race,
	[BUILTIN_MEMSET] = memory_set,
	[BUILTIN_MEMCPY] = memory_copy,
	[BUILTIN_REG_READ] = call_register_read,
	[BUILTIN_REG_WRITE] = call_register_write,
	[BUILTIN_REG_POLL] = call_register_poll,
	[BUILTIN_REG_TRY_READ] = call_register_try_read,
	[BUILTIN_REG_TRY_WRITE] = call_register_try_write,
	[BUILTIN_COPY_TOIO] = write_slice,
	[BUILTIN_COPY_FROMIO] = read_slice,
	[BUILTIN_FENCE] = fence,
	[BUILTIN_COMPILER_BARRIER] = nothing,
	[BUILTIN_PAUSE] = nothing,
	[BUILTIN_INIT_AT] = init_at,
	[BUILTIN_FREE] = free_object,
	[BUILTIN_ERR] = err,
	[BUILTIN_DMA_HANDLE] = dma_handle,
	[BUILTIN_SIZE] = size,
	[BUILTIN_LEN] = len,
	[BUILTIN_END] = end_window,
	[BUILTIN_DEBUGFS_READ] = debugfs_read,
	[BUILTIN_ATTRS_NOT] = attrs_not,
	[BUILTIN_ATTRS_CONTAINS] = attrs_contains,
	[BUILTIN_KFREE] = free_object,
	[BUILTIN_DMA_MAP] = call_map,
	[BUILTIN_DMA_MAP_RESOURCE] = call_map,
	[BUILTIN_DMA_FREE_NONCOHERENT] = call_free_noncoherent,
	[BUILTIN_DMA_UNMAP] = call_unmap,
	[BUILTIN_DMA_SYNC] = call_dma_sync,
	[BUILTIN_DMA_MAPPING_ERROR] = call_mapping_error,
	[BUILTIN_DMA_ASK] = call_dma_ask,
	[BUILTIN_POOL_FREE] = call_pool_free,
	[BUILTIN_POOL_DESTROY] = call_pool_destroy,
	[BUILTIN_SG_SET] = call_sg_set,
	[BUILTIN_SG_MAP] = call_sg,
	[BUILTIN_SG_UNMAP] = call_sg,
	[BUILTIN_SG_SYNC] = call_sg,
	[BUILTIN_SG_ADDRESS] = call_sg_part,
	[BUILTIN_SG_LEN] = call_sg_part,
	[BUILTIN_BIT_MASK] = bit_mask,
	[BUILTIN_MASK_TRY_NEW] = mask_try_new,
	[BUILTIN_SET_MASK] = call_set_mask,
	[BUILTIN_SET_COHERENT_MASK] = call_set_mask,
	[BUILTIN_SET_MASK_AND_COHERENT] = call_set_mask,
	[BUILTIN_SET_MAX_SEG_SIZE] = call_set_mask,
	[BUILTIN_SET_SEG_BOUNDARY] = call_set_mask,
	[BUILTIN_BIND] = call_device,
	[BUILTIN_UNBIND] = call_unbind,
	[BUILTIN_GET_DEVICE] = call_device,
	[BUILTIN_PUT_DEVICE] = call_device,
	[BUILTIN_SET_MASTER] = call_device,
	[BUILTIN_CLEAR_MASTER] = call_device,
	[BUILTIN_ENABLE_DEVICE_MEM] = call_device,
	[BUILTIN_IOMAP] = call_device,
	[BUILTIN_IOUNMAP] = call_device,
	[BUILTIN_REVOCABLE_NEW] = call_revocable,
	[BUILTIN_DEVRES_NEW] = call_revocable,
	[BUILTIN_TRY_ACCESS] = call_revocable,
	[BUILTIN_GUARD_PUT] = call_revocable,
	[BUILTIN_REVOCABLE_ACCESS] = call_revocable,
	[BUILTIN_DEVRES_ACCESS] = call_revocable,
	[BUILTIN_REVOKE] = call_revoke,
	[BUILTIN_REVOKE_NOSYNC] = call_revoke,
	[BUILTIN_DEVRES_FREE] = call_devres_free,
	[BUILTIN_LEASE_BEGIN] = call_lease,
	[BUILTIN_LEASE_END] = call_lease,
	[BUILTIN_SPIN_LOCK] = call_sync,
	[BUILTIN_SPIN_UNLOCK] = call_sync,
	[BUILTIN_TRYLOCK] = call_sync,
	[BUILTIN_IRQS_OFF] = call_irqs,
	[BUILTIN_IRQS_ON] = call_irqs,
	[BUILTIN_COMPLETE] = call_sync,
	[BUILTIN_COMPLETE_ALL] = call_sync,
	[BUILTIN_REINIT] = call_sync,
	[BUILTIN_WAIT_FOR_COMPLETION] = call_sync,
	[BUILTIN_WAIT_TIMEOUT] = call_sync,
	[BUILTIN_TRY_WAIT] = call_sync,
	[BUILTIN_COMPLETION_DONE] = call_sync,
	[BUILTIN_WAIT_EVENT] = call_wait_event,
	[BUILTIN_WAIT_EVENT_TIMEOUT] = call_wait_event,
	[BUILTIN_WAKE_UP] = call_sync,
	[BUILTIN_RCU_LOCK] = call_rcu,
	[BUILTIN_RCU_UNLOCK] = call_rcu,
	[BUILTIN_RCU_SYNC] = call_rcu,
	[BUILTIN_HANDLER] = call_handler,
	[BUILTIN_FLUSH_ALL] = call_flush_all,
	[BUILTIN_ARMED] = call_armed,
	[BUILTIN_POLL_DONE] = call_poll_done,
	[BUILTIN_KTHREAD_STOP] = call_kthread_stop,
	[BUILTIN_SHOULD_STOP] = call_should_stop,
	[BUILTIN_RAISE] = call_raise,
	[BUILTIN_REQUEST_IRQ] = call_request_irq,
	[BUILTIN_LOWER] = call_raise,
	[BUILTIN_SHUTDOWN] = call_shutdown,
	[BUILTIN_ASSERT] = assertion,
	[BUILTIN_WARN_ON] = assertion,
	[BUILTIN_MIN] = least,
	[BUILTIN_MAX] = least,
	[BUILTIN_LOWER_32] = lower,
	[BUILTIN_UPPER_32] = upper,
	[BUILTIN_BITS] = bits,
	[BUILTIN_NATIVE] = call_native,
};

uint16_t builtin_call(struct compile *c, const struct expr *e)
{
	set_site(c, e->span);
	if (gives_object(e)) {
		uint16_t slot = temp_slot(c);

		object_to(c, e, slot);
		return 0;
	}
	emit_might_sleep(c, e);
	return calls[e->builtin->id](c, e);
}
