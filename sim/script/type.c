/* SPDX-License-Identifier: MIT */
#include "script/type.h"

#include <string.h>

static const struct scalar_info infos[SCALAR_NR] = {
	[SCALAR_NONE] = {"nothing", 0, false, false},
#define X(name, text, size, is_signed, big)                                    \
	[SCALAR_##name] = {text, size, is_signed, big},
	SCALARS(X)
#undef X
		[SCALAR_STRUCT] = {"struct", 0, false, false},
	[SCALAR_POINTER] = {"a pointer", 8, false, false},
	[SCALAR_PART] = {"a lock or the like", 8, false, false},
};

const struct scalar_info *scalar_info(enum scalar scalar)
{
	return &infos[scalar];
}

enum scalar scalar_find(const char *name)
{
	for (int i = SCALAR_NONE + 1; i < SCALAR_STRUCT; i++)
		if (!strcmp(infos[i].name, name))
			return (enum scalar)i;
	return SCALAR_NONE;
}

const struct field *layout_find(const struct layout *layout, const char *name)
{
	for (size_t i = 0; i < layout->nr_fields; i++)
		if (!strcmp(layout->fields[i].name, name))
			return &layout->fields[i];
	return NULL;
}

struct type type_scalar(enum scalar scalar)
{
	return (struct type){
		.scalar = scalar, .len = 1, .size = infos[scalar].size};
}

struct type type_element(struct type type)
{
	if (type.is_array && type.of)
		return *type.of;
	if (type.is_array) {
		type.size = type.scalar == SCALAR_STRUCT
				    ? type.layout->size
				    : infos[type.scalar].size;
		type.is_array = false;
		type.len = 1;
	}
	return type;
}

struct type type_promoted(struct type type)
{
	const struct scalar_info *info = scalar_info(type.scalar);

	if (info->size == 8)
		return type_scalar(info->is_signed ? SCALAR_S64 : SCALAR_U64);
	if (info->size == 4 && !info->is_signed)
		return type_scalar(SCALAR_U32);
	return type_scalar(info->size ? SCALAR_S32 : SCALAR_S64);
}

struct type type_common(struct type a, struct type b)
{
	enum scalar sa = type_promoted(a).scalar, sb = type_promoted(b).scalar;

	if (sa == SCALAR_U64 || sb == SCALAR_U64)
		return type_scalar(SCALAR_U64);
	if (sa == SCALAR_S64 || sb == SCALAR_S64)
		return type_scalar(SCALAR_S64);
	return type_scalar(sa == SCALAR_U32 ? sa : sb);
}

struct type type_wide(struct type type)
{
	if (scalar_info(type.scalar)->size == 8)
		return type;
	return type_scalar(SCALAR_S64);
}

struct type type_of_number(int64_t value)
{
	return type_scalar(value == (int32_t)value ? SCALAR_S32 : SCALAR_S64);
}

uint64_t type_fit(struct type type, uint64_t value)
{
	switch (type.scalar) {
	case SCALAR_U32:
		return (uint32_t)value;
	case SCALAR_S32:
		return (uint64_t)(int64_t)(int32_t)value;
	default:
		return value;
	}
}

bool type_equal(struct type a, struct type b)
{
	if (a.scalar != b.scalar || a.layout != b.layout ||
	    a.is_array != b.is_array || a.len != b.len || !a.of != !b.of)
		return false;
	return !a.of || type_equal(*a.of, *b.of);
}

uint32_t type_align(struct type type)
{
	return type.scalar == SCALAR_STRUCT ? type.layout->align
					    : infos[type.scalar].size;
}
