/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

/*
 * What may be the argument of a call.
 */

static bool is_scalar(struct type type)
{
	return type.scalar && type.scalar != SCALAR_STRUCT && !type.is_array;
}

static bool is_sym(const struct expr *e, enum sym_kind kind)
{
	return e->denotes == DENOTES_SYM && e->sym->kind == kind;
}

static bool is_handler(const struct expr *e, enum cdma_handler_kind kind)
{
	return is_sym(e, SYM_HANDLER) && e->sym->handler->kind == kind;
}

/* Whether others can meet an access to it: not that of what is owned, or of
 * what no CPU can reach. */
static bool is_atomic(const struct expr *e)
{
	while (e->kind != EXPR_NAME && e->a)
		e = e->a;
	return !e->object || e->object == OBJECT_COHERENT ||
	       e->object == OBJECT_VIEW || e->object == OBJECT_KMEM;
}

/* Whether @e is what @arg asks for, when it is taken as it stands. */
bool resolve_fits(enum arg arg, const struct expr *e)
{
	bool is_dma = e->denotes == DENOTES_OBJECT && e->object < OBJECT_POOL;
	bool is_memory = is_dma || e->denotes == DENOTES_SHARED;
	bool is_whole = e->object != OBJECT_NONE;

	switch (arg) {
	case ARG_WORD:
		return (is_memory || e->denotes == DENOTES_LOCAL) &&
		       is_scalar(e->type);
	case ARG_SHARED:
		return is_memory && is_scalar(e->type) && is_atomic(e);
	case ARG_DMA:
		return is_dma;
	case ARG_DMA_WORD:
		return is_dma && is_scalar(e->type);
	case ARG_MEMORY:
		return is_memory || e->denotes == DENOTES_RAW ||
		       e->denotes == DENOTES_LOCAL;
	case ARG_BUFFER:
		return e->denotes == DENOTES_LOCAL;
	case ARG_COUNTER:
		return e->denotes == DENOTES_LOCAL && is_scalar(e->type);
	case ARG_REG:
		return e->denotes == DENOTES_REG;
	case ARG_BUS:
		return e->denotes == DENOTES_REG || is_memory;
	case ARG_TOLD:
		return e->denotes >= DENOTES_LOCAL &&
		       e->denotes <= DENOTES_OBJECT && !e->type.is_array &&
		       e->type.size == 8 && !is_whole;
	case ARG_DEVICE:
		return is_sym(e, SYM_DEVICE);
	case ARG_IRQ:
		return is_sym(e, SYM_IRQ);
	case ARG_TIMER:
		return is_handler(e, CDMA_HANDLER_TIMER);
	case ARG_WORK:
		return is_handler(e, CDMA_HANDLER_WORK);
	case ARG_TASKLET:
		return is_handler(e, CDMA_HANDLER_TASKLET);
	case ARG_NAPI:
		return is_handler(e, CDMA_HANDLER_NAPI);
	case ARG_LOCK:
		return is_sym(e, SYM_LOCK);
	case ARG_MUTEX:
		return is_sym(e, SYM_MUTEX);
	case ARG_COMPLETION:
		return is_sym(e, SYM_COMPLETION);
	case ARG_WAITQUEUE:
		return is_sym(e, SYM_WAITQUEUE);
	case ARG_REVOCABLE:
		return is_sym(e, SYM_REVOCABLE) || is_sym(e, SYM_DEVRES);
	case ARG_DEVRES:
		return is_sym(e, SYM_DEVRES);
	case ARG_BOX:
		return e->object == OBJECT_BOX;
	case ARG_COHERENT:
		return e->object == OBJECT_COHERENT;
	case ARG_OWNER:
		return is_whole && e->object <= OBJECT_HANDLE;
	case ARG_OBJECT:
		return is_whole;
	case ARG_WINDOW:
		return e->object == OBJECT_WINDOW;
	case ARG_KMEM:
		return e->object == OBJECT_KMEM;
	case ARG_MAPPED:
		return is_memory || e->denotes == DENOTES_LOCAL;
	case ARG_POOL:
		return e->object == OBJECT_POOL;
	case ARG_SG:
		return e->object == OBJECT_SG && e->kind == EXPR_NAME;
	case ARG_SG_ENTRY:
		return e->object == OBJECT_SG;
	default:
		return false;
	}
}
