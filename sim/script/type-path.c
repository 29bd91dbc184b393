/* SPDX-License-Identifier: MIT */
#include "script/type.h"

/*
 * What bytes of a type are called: "[2].len".
 */

static void add_path(struct cdma_text *out, struct type type, uint64_t offset,
		     uint64_t size);

static unsigned long long ull(uint64_t nr)
{
	return nr;
}

static void add_bytes(struct cdma_text *out, uint64_t offset, uint64_t size)
{
	if (size == 1)
		cdma_text_addf(out, " (byte %llu)", ull(offset));
	else
		cdma_text_addf(out, " (bytes %llu to %llu)", ull(offset),
			       ull(offset + size - 1));
}

static void add_element(struct cdma_text *out, struct type type,
			uint64_t offset, uint64_t size)
{
	struct type element = type_element(type);
	uint64_t first = offset / element.size;
	uint64_t last = (offset + size - 1) / element.size;

	if (first == last) {
		cdma_text_addf(out, "[%llu]", ull(first));
		add_path(out, element, offset % element.size, size);
		return;
	}
	cdma_text_addf(out, "[%llu..%llu]", ull(first), ull(last + 1));
	if (offset % element.size || size % element.size)
		add_bytes(out, offset % element.size, size);
}

static bool is_in(const struct field *f, uint64_t at)
{
	return at >= f->offset && at - f->offset < f->type.size;
}

/* From the field of the first byte to that of the last. */
static void add_fields(struct cdma_text *out, const struct layout *layout,
		       uint64_t offset, uint64_t size)
{
	const struct field *first = NULL, *last = NULL;

	for (size_t i = 0; i < layout->nr_fields; i++) {
		const struct field *f = &layout->fields[i];

		if (is_in(f, offset))
			first = f;
		if (f->offset < offset + size)
			last = f;
	}
	if (!first) {
		add_bytes(out, offset, size); /* it begins in padding */
		return;
	}
	cdma_text_addf(out, ".%s", first->name);
	if (first == last && is_in(first, offset + size - 1))
		add_path(out, first->type, offset - first->offset, size);
	else if (first == last)
		cdma_text_add(out, " and the padding after it");
	else
		cdma_text_addf(out, " to .%s", last->name);
}

static void add_path(struct cdma_text *out, struct type type, uint64_t offset,
		     uint64_t size)
{
	bool is_one = type.scalar == SCALAR_STRUCT && !type.is_array &&
		      type.layout->nr_fields == 1;

	if (!offset && size == type.size && !is_one)
		return;
	if (type.is_array)
		add_element(out, type, offset, size);
	else if (type.scalar == SCALAR_STRUCT)
		add_fields(out, type.layout, offset, size);
	else
		add_bytes(out, offset, size);
}

bool type_add_path(struct cdma_text *out, struct type type, uint64_t offset,
		   uint64_t size)
{
	if (!size || !type.size ||
	    (!type.is_array &&
	     (offset > type.size || size > type.size - offset)))
		return false;
	add_path(out, type, offset, size);
	return true;
}
