/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

/*
 * Memory as the kernel has it: by size, for a pointer to hold.
 */

bool resolve_is_sized(const struct expr *call)
{
	switch (call->builtin ? call->builtin->id : BUILTIN_NR) {
	case BUILTIN_DMA_ALLOC_COHERENT:
		return call->nr_args == 4;
	case BUILTIN_KMALLOC:
		return call->args->kind != EXPR_TYPE;
	case BUILTIN_DMA_ALLOC_NONCOHERENT:
		return true;
	default:
		return false;
	}
}

/* So many bytes, until a pointer says of what. */
static struct expr *sized(struct expr *call, enum object object,
			  const struct expr *size)
{
	call->denotes = object_denotes(object);
	call->object = object;
	call->type = type_scalar(SCALAR_U8);
	call->type.is_array = true;
	call->type.len = call->type.size = size->is_const ? size->value : 0;
	return call;
}

/* kmalloc(size, flags) */
static struct expr *kmalloc_c(struct resolver *r, struct expr *call)
{
	struct expr *size = resolve_value(r, call->args), *flags = NULL;

	if (call->nr_args > 1)
		flags = resolve_value(r, call->args->next);
	if (!size || (call->nr_args > 1 && !flags))
		return NULL;
	size->next = flags;
	call->args = size;
	return sized(call, OBJECT_KMEM, size);
}

static struct expr *alloc_c(struct resolver *r, struct expr *call)
{
	struct expr *device = resolve_device(r, call->args);
	struct expr *size = resolve_value(r, call->args->next);
	struct expr *handle = resolve_expr(r, call->args->next->next);
	struct expr *flags = resolve_value(r, call->args->next->next->next);

	if (!device) {
		if (!r->failed)
			resolve_error(r, call->args->span,
				      "dma_alloc_coherent() takes a device "
				      "here");
		return NULL;
	}
	if (!size || !handle || !flags || !place_may_write(r, handle))
		return NULL;
	if (handle->denotes < DENOTES_LOCAL ||
	    handle->denotes > DENOTES_OBJECT || handle->type.is_array ||
	    handle->type.size != 8) {
		resolve_error(r, handle->span,
			      "the address goes to a dma_addr_t: write '&x'");
		return NULL;
	}
	device->next = size;
	size->next = handle;
	handle->next = flags;
	call->args = device;
	return sized(call, OBJECT_COHERENT, size);
}

/* free() of what @cpu points to, or of the object that it is. */
static struct expr *freed(struct resolver *r, struct expr *call,
			  struct expr *cpu, const char *builtin)
{
	struct expr *e = resolve_new(r, struct expr), *v;

	*e = *call;
	e->builtin = builtin_find(builtin);
	e->nr_args = 1;
	e->denotes = DENOTES_NOTHING;
	e->next = NULL;
	if (cpu->object) {
		e->args = cpu;
		return e;
	}
	v = resolve_as_pointer(r, cpu, cpu->span,
			       is_pointer(cpu->type)
				       ? cpu->type
				       : resolve_pointer_at(r, cpu->type));
	if (!v)
		return NULL;
	e->args = resolve_new(r, struct expr);
	*e->args = (struct expr){.kind = EXPR_POINTED,
				 .span = cpu->span,
				 .a = v,
				 .height = v->height,
				 .denotes = DENOTES_OBJECT,
				 .type = type_scalar(SCALAR_U8)};
	return e;
}

struct expr *resolve_free_c(struct resolver *r, struct expr *call)
{
	struct expr *device = resolve_device(r, call->args);
	struct expr *size = resolve_value(r, call->args->next);
	struct expr *cpu = resolve_expr(r, call->args->next->next);
	struct expr *handle = resolve_value(r, call->args->next->next->next);
	struct expr *e;

	if (!device) {
		if (!r->failed)
			resolve_error(r, call->args->span,
				      "dma_free_coherent() takes a device "
				      "here");
		return NULL;
	}
	if (!size || !cpu || !handle)
		return NULL;
	e = freed(r, call, cpu, "free");
	if (!e)
		return NULL;
	e->nr_args = 4;
	e->args->next = size;
	size->next = handle;
	handle->next = device;
	device->next = NULL;
	return e;
}

static struct expr *free_of(struct resolver *r, struct expr *call,
			    struct expr *cpu)
{
	return freed(r, call, cpu, call->builtin->name);
}

/* ---- so many bytes of what is there ---- */

/* The memory that the pointer @e points to, whatever it is. */
struct expr *resolve_bytes(struct resolver *r, struct expr *e)
{
	struct expr *v, *place;

	if (resolve_points(r, e->type))
		return resolve_pointed(r, e, NULL);
	v = place_load(r, e);
	if (!v)
		return NULL;
	place = resolve_new(r, struct expr);
	*place = (struct expr){.kind = EXPR_POINTED,
			       .span = e->span,
			       .a = v,
			       .height = v->height,
			       .denotes = DENOTES_OBJECT,
			       .type = type_scalar(SCALAR_U8)};
	return place;
}

/* @size bytes from @e on, which is an array, a pointer, or has a '&'. */
static struct expr *bytes_from(struct resolver *r, const struct expr *written,
			       uint64_t size)
{
	struct expr *e = resolve_expr(r, written);

	if (e && is_pointer(e->type) && !e->is_address)
		e = resolve_bytes(r, e);
	if (!e)
		return NULL;
	if (e->denotes < DENOTES_LOCAL || e->denotes > DENOTES_RAW ||
	    !e->type.scalar) {
		resolve_error(r, written->span, "%s is no memory",
			      place_name(e));
		return NULL;
	}
	if (e->type.size == size && !e->type.is_array)
		return e;
	if (e->denotes == DENOTES_LOCAL && size > e->type.size) {
		resolve_error(
			r, written->span, "%s has %llu bytes, and not %llu",
			type_text(r, e->type), (unsigned long long)e->type.size,
			(unsigned long long)size);
		return NULL;
	}
	e->type = type_scalar(SCALAR_U8);
	e->type.is_array = true;
	e->type.len = e->type.size = size;
	e->object = OBJECT_NONE;
	return e;
}

/* memcpy(to, from, size), memset(to, byte, size) */
static struct expr *sized_copy(struct resolver *r, struct expr *call)
{
	struct expr *last = call->args->next->next, *to, *from;
	uint64_t size;

	if (!resolve_count(r, last, "the number of bytes", 1, INT64_MAX, &size))
		return NULL;
	to = bytes_from(r, call->args, size);
	from = call->builtin->id == BUILTIN_MEMCPY
		       ? bytes_from(r, call->args->next, size)
		       : resolve_value(r, call->args->next);
	if (!to || !from || !place_may_write(r, to) ||
	    (call->builtin->id == BUILTIN_MEMCPY && !place_may_read(r, from)))
		return NULL;
	to->next = from;
	from->next = NULL;
	call->args = to;
	call->nr_args = 2;
	call->denotes = DENOTES_NOTHING;
	return call;
}

/* ---- all of them ---- */

struct expr *resolve_memory_c(struct resolver *r, struct expr *e, bool *is_one)
{
	struct expr *cpu;

	*is_one = true;
	switch (e->builtin->id) {
	case BUILTIN_DMA_ALLOC_COHERENT:
		if (e->nr_args == 4)
			return alloc_c(r, e);
		break;
	case BUILTIN_KMALLOC:
		if (e->args && e->nr_args <= 2 && e->args->kind != EXPR_TYPE)
			return kmalloc_c(r, e);
		break;
	case BUILTIN_FREE:
	case BUILTIN_KFREE:
		cpu = e->nr_args == 1 ? resolve_expr(r, e->args) : NULL;
		if (e->nr_args != 1)
			break;
		if (!cpu)
			return NULL;
		if (is_pointer(cpu->type))
			return free_of(r, e, cpu);
		break;
	case BUILTIN_MEMCPY:
	case BUILTIN_MEMSET:
		if (e->nr_args == 3)
			return sized_copy(r, e);
		break;
	default:
		break;
	}
	*is_one = false;
	return e;
}
