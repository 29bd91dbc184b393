/* SPDX-License-Identifier: MIT */
#include "script/resolve.h"

#include "base/suggest.h"
#include "script/refuse.h"

#include <inttypes.h>
#include <string.h>

const char *type_text(struct resolver *r, struct type type)
{
	struct cdma_text text = {0};
	char *copy;

	if (type.scalar == SCALAR_STRUCT)
		cdma_text_addf(&text, "struct %s", type.layout->name);
	else if (type.scalar == SCALAR_POINTER && type.to)
		cdma_text_addf(&text, "%s%s%.*s",
			       type.to->is_struct ? "struct " : "",
			       type.to->name.text, type.to->stars + 1, " **");
	else if (type.scalar == SCALAR_POINTER && type.at)
		cdma_text_addf(&text, "a pointer to %s",
			       type_text(r, *type.at));
	else
		cdma_text_add(&text, scalar_info(type.scalar)->name);
	for (const struct type *t = &type; t; t = t->of)
		if (t->is_array && t->len)
			cdma_text_addf(&text, "[%" PRIu64 "]", t->len);
		else if (t->is_array)
			cdma_text_add(&text, "[]");
	copy = resolve_alloc(r, text.len + 1);
	memcpy(copy, cdma_text_str(&text), text.len + 1);
	cdma_text_fini(&text);
	return copy;
}

static void unknown_type(struct resolver *r, const struct name *name)
{
	const struct refusal *refusal = refuse_find(REFUSE_TYPE, name->text);
	struct cdma_suggest s = cdma_suggest_for(name->text);

	if (refusal) {
		resolve_error(r, name->span, "'%s' %s", refusal->word,
			      refusal->why);
		diag_help(r->diag, "%s", refusal->instead);
		return;
	}
	for (int i = SCALAR_NONE + 1; i < SCALAR_STRUCT; i++)
		cdma_suggest_offer(&s, scalar_info((enum scalar)i)->name);
	/* "retrun x;" looks like a declaration too. */
	cdma_suggest_offer(&s, keyword_text(KW_RETURN));
	if (s.best && s.distance <= 1)
		resolve_error(r, name->span,
			      "unknown type '%s'; did you mean '%s'?",
			      name->text, s.best);
	else
		scope_unknown(r, name, "type", 1u << SYM_STRUCT);
}

bool resolve_is_void(const struct type_ref *ref)
{
	return ref && !ref->stars && ref->name.text &&
	       !strcmp(ref->name.text, "void");
}

bool resolve_type(struct resolver *r, const struct type_ref *ref,
		  struct type *out)
{
	return resolve_type_len(r, ref, ref->len, INT64_MAX, out);
}

static struct type pointer_to(const struct type_ref *ref)
{
	return (struct type){.scalar = SCALAR_POINTER,
			     .len = 1,
			     .size = 8,
			     .to = ref,
			     .is_iomem = ref->is_iomem};
}

/* The type of @of, which is not computed. */
static bool resolve_typeof(struct resolver *r, const struct expr *of,
			   struct type *out)
{
	const struct expr *e = resolve_expr(r, of);

	if (!e)
		return false;
	*out = e->type;
	if (e->type.scalar && e->denotes >= DENOTES_VALUE &&
	    e->denotes <= DENOTES_REG && !is_part(e->type))
		return true;
	resolve_error(r, of->span, "the type of this is not known");
	return false;
}

/* One element of @ref. */
static bool resolve_element(struct resolver *r, const struct type_ref *ref,
			    struct type *out)
{
	const struct sym *sym = ref->is_struct && ref->name.id < r->nr_words
					? r->words[ref->name.id].tag
					: scope_find(r, ref->name.id);
	enum scalar scalar = keyword_scalar(ref->name.id);

	if (ref->stars) {
		*out = pointer_to(ref);
		return true;
	}
	if (ref->of)
		return resolve_typeof(r, ref->of, out);
	if (sym && sym->kind == SYM_STRUCT) {
		*out = (struct type){.scalar = SCALAR_STRUCT,
				     .layout = sym->layout,
				     .len = 1,
				     .size = sym->layout->size};
		return true;
	}
	if (scalar) {
		*out = type_scalar(scalar);
		return true;
	}
	if (sym && sym->span.len) {
		resolve_error(r, ref->name.span, "'%s' is no type",
			      ref->name.text);
		resolve_note(r, sym->span, "it is declared here");
	} else {
		unknown_type(r, &ref->name);
	}
	return false;
}

/* Make @type an array of @len of it; the rows of @len->next inside. */
bool resolve_rows(struct resolver *r, const struct expr *len, uint64_t max,
		  struct type *type)
{
	struct type *row;
	bool overflows;

	if (len->next) {
		if (!resolve_rows(r, len->next, max, type))
			return false;
		row = resolve_new(r, struct type);
		*row = *type;
		type->of = row;
	}
	type->is_array = true;
	if (!resolve_count(r, len, "the number of elements", 0, INT64_MAX,
			   &type->len))
		return false;
	overflows =
		__builtin_mul_overflow(type->size, type->len, &type->size) ||
		type->size > INT64_MAX;
	if (overflows && max == RESOLVE_ANY_SIZE) {
		type->size = INT64_MAX;
		return true;
	}
	if (!overflows)
		return true;
	resolve_error(r, len->span,
		      "%" PRIu64 " elements of %" PRIu64
		      " bytes are more than can be addressed",
		      type->len, type_element(*type).size);
	return false;
}

bool resolve_type_len(struct resolver *r, const struct type_ref *ref,
		      const struct expr *len, uint64_t max, struct type *out)
{
	bool is_known = resolve_element(r, ref, out);

	if (!is_known) {
		/* What is wrong with the length is said all the same. */
		*out = type_scalar(SCALAR_U8);
		if (len)
			resolve_rows(r, len, RESOLVE_ANY_SIZE, out);
		return false;
	}
	if (len && !resolve_rows(r, len, max, out))
		return false;
	if (out->size <= max)
		return true;
	resolve_error(r, len ? len->span : ref->span,
		      "it has %" PRIu64 " bytes; at most %" PRIu64
		      " are possible here",
		      out->size, max);
	return false;
}

static bool is_there(struct resolver *r, const struct layout *layout,
		     const struct name *name)
{
	if (!layout_find(layout, name->text))
		return false;
	resolve_error(r, name->span, "'%s' is there already", name->text);
	return true;
}

static void fill_layout(struct resolver *r, const struct field_ref *fields,
			bool packed, bool is_union, struct layout *layout,
			bool *ok);

/* How many fields there are, with those of structs without a name. */
static size_t count_fields(const struct field_ref *f)
{
	size_t nr = 0;

	for (; f; f = f->next)
		nr += f->fields && !f->name.text ? count_fields(f->fields) : 1;
	return nr;
}

static void init_layout(struct resolver *r, struct layout *layout,
			const char *name, size_t nr)
{
	*layout = (struct layout){.name = name, .align = 1};
	layout->fields = resolve_alloc(r, (nr + 1) * sizeof(struct field));
}

/* The type of a field that is a struct or union without a name. */
static struct type inner_type(struct resolver *r, const struct field_ref *ref,
			      bool packed, bool *ok)
{
	struct layout *layout = resolve_new(r, struct layout);

	init_layout(r, layout, ref->is_union ? "union" : "struct",
		    count_fields(ref->fields));
	fill_layout(r, ref->fields, packed, ref->is_union, layout, ok);
	return (struct type){.scalar = SCALAR_STRUCT,
			     .layout = layout,
			     .len = 1,
			     .size = layout->size};
}

/* Where something of @size and @align goes in @layout; it is as large then. */
static uint64_t take_room(struct layout *layout, uint64_t size, uint32_t align,
			  bool is_union)
{
	uint64_t at = (layout->size + align - 1) / align * align;

	if (is_union)
		at = 0;
	if (at + size > layout->size)
		layout->size = at + size;
	if (align > layout->align)
		layout->align = align;
	return at;
}

/* The fields of a struct without a name are those of what it is in. */
static bool take_fields(struct resolver *r, const struct field_ref *ref,
			const struct type *type, uint64_t at,
			struct layout *layout)
{
	for (size_t i = 0; i < type->layout->nr_fields; i++) {
		const struct field *from = &type->layout->fields[i];
		const struct name name = {.text = from->name,
					  .span = ref->span};

		if (is_there(r, layout, &name))
			return false;
		layout->fields[layout->nr_fields] = *from;
		layout->fields[layout->nr_fields++].offset += at;
	}
	return true;
}

/* What follows is at the offset that is said. */
static bool skip_to(struct resolver *r, const struct field_ref *ref,
		    struct type type, struct layout *layout)
{
	uint64_t at;

	if (!resolve_count(r, ref->at, "an offset", layout->size, 1u << 20,
			   &at))
		return false;
	if (at % type_align(type)) {
		resolve_error(r, ref->at->span, "%s cannot be at %" PRIu64,
			      type_text(r, type), at);
		return false;
	}
	layout->size = at;
	return true;
}

/* Put @ref behind what @layout has so far, or, in a union, beside it. */
static bool place_field(struct resolver *r, const struct field_ref *ref,
			bool packed, bool is_union, struct layout *layout)
{
	struct type type;
	bool ok = true;
	uint64_t at;

	if (ref->name.text && is_there(r, layout, &ref->name))
		return false;
	if (ref->fields)
		type = inner_type(r, ref, packed, &ok);
	else
		ok = resolve_part_type(r, ref, &type) ||
		     resolve_type_len(r, ref->ref, ref->len, INT64_MAX, &type);
	if (ok && (ref->fields || is_part(type)) && ref->len)
		ok = resolve_rows(r, ref->len, INT64_MAX, &type);
	/* Nor is it missed where it is used. */
	if (!ok && ref->name.text)
		resolve_is_first(r, layout, &ref->name);
	if (!ok)
		return false;
	if (ref->at && !skip_to(r, ref, type, layout))
		return false;
	at = take_room(layout, type.size, packed ? 1 : type_align(type),
		       is_union);
	if (layout->size > INT64_MAX) {
		resolve_error(r, ref->name.text ? ref->name.span : ref->span,
			      "the struct is more than can be addressed");
		return false;
	}
	if (!ref->name.text)
		return take_fields(r, ref, &type, at, layout);
	layout->fields[layout->nr_fields++] =
		(struct field){.name = ref->name.text,
			       .offset = at,
			       .type = type,
			       .how = ref->how};
	return true;
}

static void fill_layout(struct resolver *r, const struct field_ref *fields,
			bool packed, bool is_union, struct layout *layout,
			bool *ok)
{
	for (const struct field_ref *f = fields; f; f = f->next)
		*ok &= place_field(r, f, packed, is_union, layout);
	layout->size = (layout->size + layout->align - 1) / layout->align *
		       layout->align;
}

bool resolve_layout(struct resolver *r, const struct item *item, bool is_union,
		    struct layout *layout)
{
	size_t nr = count_fields(item->fields);
	bool ok = true;

	if (nr > RESOLVE_FIELDS_MAX) {
		resolve_error(r, item->name.span,
			      "'%s' has more than %d fields", item->name.text,
			      RESOLVE_FIELDS_MAX);
		init_layout(r, layout, item->name.text, 0);
		return false;
	}
	init_layout(r, layout, item->name.text, nr);
	fill_layout(r, item->fields, item->packed, is_union, layout, &ok);
	return ok;
}

bool resolve_is_first(struct resolver *r, const struct layout *layout,
		      const struct name *name)
{
	struct missing *m;

	for (m = r->missing; m; m = m->next)
		if (m->layout == layout && m->id == name->id &&
		    m->at != name->span.at)
			return false;
	m = resolve_new(r, struct missing);
	*m = (struct missing){r->missing, layout, name->id, name->span.at};
	r->missing = m;
	return true;
}

const struct field *resolve_field(struct resolver *r,
				  const struct layout *layout,
				  const struct name *name)
{
	const struct field *field = layout_find(layout, name->text);
	struct cdma_suggest s = cdma_suggest_for(name->text);

	if (field)
		return field;
	if (!resolve_is_first(r, layout, name))
		return NULL;
	for (size_t i = 0; i < layout->nr_fields; i++)
		if (suggest_means(name->text, layout->fields[i].name))
			cdma_suggest_offer(&s, layout->fields[i].name);
	if (s.best)
		resolve_error(r, name->span,
			      "'%s' has no '%s'; did you mean '%s'?",
			      layout->name, name->text, s.best);
	else
		resolve_error(r, name->span, "'%s' has no '%s'", layout->name,
			      name->text);
	return NULL;
}
