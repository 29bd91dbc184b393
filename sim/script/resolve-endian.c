/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

/*
 * The order of bytes.
 *
 * Values of be types are turned around when they are read and written, so that
 * a scenario can be written without conversions.  One that has them, as
 * drivers do, means the same: cpu_to_be32(x) in such a field is x, and
 * be32_to_cpu() of what was read from one is what was read.  All other numbers,
 * those of __be32 too, are as they are in memory, and a conversion that is
 * missing is seen by their value.
 */

/* The bytes of the be type that @e was read from; 0: of none. */
static unsigned int read_from(const struct expr *e)
{
	const struct expr *place = NULL;
	const struct scalar_info *info;

	if (e->kind == EXPR_LOAD)
		place = e->a;
	else if (e->kind == EXPR_CALL && e->builtin &&
		 e->builtin->result == RESULT_READ)
		place = e->args;
	if (!place || place->type.is_array)
		return 0;
	info = scalar_info(place->type.scalar);
	return info->big_endian ? info->size : 0;
}

/* The low @bytes of @e, turned around when @turns. */
static struct expr *bytes_of(struct resolver *r, struct expr *call,
			     struct expr *e, bool turns)
{
	static const char *const names[] = {
		[2] = "__builtin_bswap16",
		[4] = "__builtin_bswap32",
		[8] = "__builtin_bswap64",
	};
	unsigned int bytes = call->builtin->width;
	static const enum scalar scalars[] = {
		[2] = SCALAR_U16, [4] = SCALAR_U32, [8] = SCALAR_U64};
	struct type_ref *ref = resolve_new(r, struct type_ref);
	struct expr *cast = resolve_new(r, struct expr);

	if (turns) {
		call->builtin = builtin_find(names[bytes]);
		call->type = type_scalar(SCALAR_U64);
		call->args = e;
		e = fold_call(r, call);
	}
	ref->type = type_scalar(scalars[bytes]);
	*cast = (struct expr){.kind = EXPR_CAST,
			      .span = call->span,
			      .a = e,
			      .ref = ref,
			      .height = (uint16_t)(call->height + 1)};
	return fold_cast(r, cast);
}

struct expr *resolve_endian(struct resolver *r, struct expr *call)
{
	unsigned int how = call->builtin->how, bytes = call->builtin->width;
	struct expr *e = call->args;
	bool is_big = how & HOW_BIG;

	if (!is_big)
		return bytes_of(r, call, e, false);
	if (how & HOW_TO_CPU)
		return bytes_of(r, call, e, read_from(e) != bytes);
	e = bytes_of(r, call, e, true);
	e->big = (uint8_t)bytes;
	return e;
}

/* @e, which cpu_to_be*() gave, as the number that it was. */
static struct expr *turn_back(struct resolver *r, struct expr *e)
{
	struct expr *call = resolve_new(r, struct expr);
	static const char *const names[] = {
		[2] = "cpu_to_be16", [4] = "cpu_to_be32", [8] = "cpu_to_be64"};

	*call = (struct expr){.kind = EXPR_CALL,
			      .span = e->span,
			      .builtin = builtin_find(names[e->big]),
			      .nr_args = 1,
			      .denotes = DENOTES_VALUE,
			      .height = (uint16_t)(e->height + 1)};
	return bytes_of(r, call, e, true);
}

struct expr *resolve_big_stored(struct resolver *r, struct expr *value,
				struct type type)
{
	if (value->big && scalar_info(type.scalar)->big_endian &&
	    scalar_info(type.scalar)->size == value->big)
		return turn_back(r, value);
	return value;
}

void resolve_big_pair(struct resolver *r, struct expr **a, struct expr **b)
{
	if ((*a)->big && read_from(*b) == (*a)->big)
		*a = turn_back(r, *a);
	else if ((*b)->big && read_from(*a) == (*b)->big)
		*b = turn_back(r, *b);
}
