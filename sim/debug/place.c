/* SPDX-License-Identifier: MIT */
#include "debug/place.h"

#include "base/suggest.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* More values of one array or struct are not printed. */
#define VALUES_MAX 64

static size_t name_length(const char *s)
{
	size_t len = 0;

	while (isalnum((unsigned char)s[len]) || s[len] == '_')
		len++;
	return len;
}

static bool is_name(const char *name, const char *s, size_t len)
{
	return name && !strncmp(name, s, len) && !name[len];
}

/* ---- from a name to bytes ---- */

/* Whether region @id is or was called @s; *label is what is known of it. */
static bool region_is(const struct machine *machine, cdma_region_id id,
		      const char *s, size_t len, struct region_label *label,
		      struct cdma_suggest *near)
{
	const char *name;
	bool had = false;

	if (machine_region_label(machine, id, UINT64_MAX, label) &&
	    label->name) {
		cdma_suggest_offer(near, label->name);
		had = is_name(label->name, s, len);
	}
	for (size_t i = 0; (name = machine_region_name(machine, id, i)); i++) {
		cdma_suggest_offer(near, name);
		had |= is_name(name, s, len);
	}
	return had;
}

static bool find_region(struct machine *machine, const char *s, size_t len,
			struct place *out, struct cdma_text *err)
{
	const struct cdma_world *world = machine_world(machine);
	char *word = cdma_xstrndup(s, len);
	struct cdma_suggest near = cdma_suggest_for(word);
	struct cdma_region_info info;
	struct region_label label;
	cdma_region_id id = (cdma_region_id)cdma_regions_nr(world);

	while (id && !region_is(machine, id, s, len, &label, &near))
		id--;
	if (id && cdma_region_info(world, id, &info))
		*out = (struct place){
			.region = id,
			.size = info.size,
			.type = label.type ? *label.type : (struct type){0},
		};
	else if (near.best)
		cdma_text_addf(err,
			       "no memory is called '%s'; did you mean %s?",
			       word, near.best);
	else
		cdma_text_addf(err,
			       "no memory of the run up to here is called '%s'",
			       word);
	free(word);
	return id;
}

/* "[3]" */
static const char *take_index(struct place *place, const char *s,
			      struct cdma_text *err)
{
	char *end;
	uint64_t index = strtoull(s + 1, &end, 0);

	if (end == s + 1 || *end != ']') {
		cdma_text_addf(err, "'%s' is no index such as [0]", s);
		return NULL;
	}
	if (!place->type.is_array) {
		cdma_text_add(err, "there is no array before the index");
		return NULL;
	}
	if (index >= place->type.len) {
		cdma_text_addf(err, "[%llu] is outside: there are %llu",
			       (unsigned long long)index,
			       (unsigned long long)place->type.len);
		return NULL;
	}
	place->type = type_element(place->type);
	place->offset += index * place->type.size;
	return end + 1;
}

/* ".len" */
static const char *take_field(struct place *place, const char *s,
			      struct cdma_text *err)
{
	size_t len = name_length(++s);
	char *word = cdma_xstrndup(s, len);
	struct cdma_suggest near = cdma_suggest_for(word);
	const struct layout *layout = place->type.layout;
	const struct field *field = NULL;

	if (layout && !place->type.is_array)
		field = layout_find(layout, word);
	for (size_t i = 0; layout && i < layout->nr_fields; i++)
		cdma_suggest_offer(&near, layout->fields[i].name);
	if (field) {
		place->type = field->type;
		place->offset += field->offset;
	} else if (near.best) {
		cdma_text_addf(err, "there is no field '%s'; did you mean %s?",
			       word, near.best);
	} else {
		cdma_text_addf(err, "there is no field '%s'", word);
	}
	free(word);
	return field ? s + len : NULL;
}

bool place_find(struct machine *machine, const char *text, struct place *out,
		struct cdma_text *err)
{
	size_t len = name_length(text);
	const char *s = text + len;

	if (!find_region(machine, text, len, out, err))
		return false;
	while (s && *s) {
		if (*s == '[')
			s = take_index(out, s, err);
		else if (*s == '.')
			s = take_field(out, s, err);
		else
			break;
		if (s)
			out->size = out->type.size;
	}
	if (s && *s)
		cdma_text_addf(err, "'%s' is no place such as rx[0].len", text);
	return s && !*s;
}

/* ---- values ---- */

bool place_is_scalar(const struct place *place)
{
	return !place->type.is_array && place->type.scalar != SCALAR_STRUCT &&
	       place->type.scalar != SCALAR_NONE && place->size <= 8;
}

void place_add_scalar(struct cdma_text *out, struct type type,
		      const unsigned char *bytes)
{
	const struct scalar_info *info = scalar_info(type.scalar);
	unsigned int size = (unsigned int)type.size;
	uint64_t value = 0;

	for (unsigned int i = 0; i < size; i++)
		value |= (uint64_t)bytes[info->big_endian ? size - 1 - i : i]
			 << (8 * i);
	if (info->is_signed && size < 8 && value >> (8 * size - 1))
		value |= UINT64_MAX << (8 * size);
	if (info->is_signed)
		cdma_text_addf(out, "%lld", (long long)value);
	else
		cdma_text_addf(out, "%llu", (unsigned long long)value);
	if (value > 9)
		cdma_text_addf(out, " (0x%llx)", (unsigned long long)value);
}

/* The names of values are made here, one after the other. */
struct printing {
	struct cdma_text *out;
	const struct machine *machine;
	struct cdma_text name;
	unsigned int left;
};

static void add_value(struct printing *p, const struct place *place)
{
	const struct cdma_world *world = machine_world(p->machine);
	unsigned char bytes[8];

	if (!p->left)
		return;
	if (!--p->left) {
		cdma_text_add(p->out, "...\n");
		return;
	}
	cdma_region_peek(world, place->region, place->offset, bytes,
			 place->size);
	cdma_text_addf(p->out, "%s = ", p->name.at);
	place_add_scalar(p->out, place->type, bytes);
	if (!cdma_region_is_init(world, place->region, place->offset,
				 place->size))
		cdma_text_add(p->out, ", not initialised");
	cdma_text_addc(p->out, '\n');
}

static void add_bytes(struct printing *p, const struct place *place)
{
	unsigned char byte;

	cdma_text_addf(p->out, "%s =", p->name.at);
	for (uint64_t i = 0; i < place->size && i < VALUES_MAX; i++) {
		cdma_region_peek(machine_world(p->machine), place->region,
				 place->offset + i, &byte, 1);
		cdma_text_addf(p->out, " %02x", byte);
	}
	cdma_text_add(p->out, place->size > VALUES_MAX ? " ...\n" : "\n");
}

static void add_values(struct printing *p, const struct place *place);

static void add_part(struct printing *p, const struct place *place,
		     uint64_t offset, struct type type)
{
	const struct place part = {
		.region = place->region,
		.offset = place->offset + offset,
		.size = type.size,
		.type = type,
	};

	add_values(p, &part);
}

static void add_values(struct printing *p, const struct place *place)
{
	const struct layout *layout = place->type.layout;
	size_t len = p->name.len;

	if (place_is_scalar(place)) {
		add_value(p, place);
	} else if (place->type.is_array) {
		struct type type = type_element(place->type);

		for (uint64_t i = 0; i < place->type.len && p->left; i++) {
			cdma_text_addf(&p->name, "[%llu]",
				       (unsigned long long)i);
			add_part(p, place, i * type.size, type);
			cdma_text_cut(&p->name, len);
		}
	} else if (place->type.scalar == SCALAR_STRUCT) {
		for (size_t i = 0; i < layout->nr_fields && p->left; i++) {
			cdma_text_addf(&p->name, ".%s", layout->fields[i].name);
			add_part(p, place, layout->fields[i].offset,
				 layout->fields[i].type);
			cdma_text_cut(&p->name, len);
		}
	} else {
		add_bytes(p, place);
	}
}

void place_add_values(struct cdma_text *out, const struct machine *machine,
		      const struct place *place, const char *name)
{
	struct printing p = {
		.out = out,
		.machine = machine,
		.left = VALUES_MAX + 1,
	};

	cdma_text_add(&p.name, name);
	add_values(&p, place);
	cdma_text_fini(&p.name);
}
