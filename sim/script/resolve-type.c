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
	else
		cdma_text_add(&text, scalar_info(type.scalar)->name);
	if (type.is_array && type.len)
		cdma_text_addf(&text, "[%" PRIu64 "]", type.len);
	else if (type.is_array)
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

bool resolve_type(struct resolver *r, const struct type_ref *ref,
		  struct type *out)
{
	return resolve_type_len(r, ref, ref->len, INT64_MAX, out);
}

/* One element of @ref. */
static bool resolve_element(struct resolver *r, const struct type_ref *ref,
			    struct type *out)
{
	const struct sym *sym = scope_find(r, ref->name.id);
	enum scalar scalar = keyword_scalar(ref->name.id);

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

bool resolve_type_len(struct resolver *r, const struct type_ref *ref,
		      const struct expr *len, uint64_t max, struct type *out)
{
	struct span span = len ? len->span : ref->span;
	bool is_known = resolve_element(r, ref, out), overflows;

	if (len) {
		out->is_array = true;
		is_known &= resolve_count(r, len, "the number of elements", 0,
					  INT64_MAX, &out->len);
	}
	if (!is_known)
		return false;
	overflows = __builtin_mul_overflow(out->size, out->len, &out->size) ||
		    out->size > INT64_MAX;
	if (overflows && max == RESOLVE_ANY_SIZE) {
		out->size = INT64_MAX;
		return true;
	}
	if (overflows)
		resolve_error(r, span,
			      "%" PRIu64 " elements of %" PRIu64
			      " bytes are more than can be addressed",
			      out->len, type_element(*out).size);
	else if (out->size > max)
		resolve_error(r, span,
			      "it has %" PRIu64 " bytes; at most %" PRIu64
			      " are possible here",
			      out->size, max);
	else
		return true;
	return false;
}

/* Put @field behind what @layout has so far. */
static bool place_field(struct resolver *r, const struct field_ref *ref,
			bool packed, struct layout *layout)
{
	struct field *field = &layout->fields[layout->nr_fields];
	uint32_t align;

	for (size_t i = 0; i < layout->nr_fields; i++)
		if (layout->fields[i].name == ref->name.text) {
			resolve_error(r, ref->name.span,
				      "'%s' is there already", ref->name.text);
			return false;
		}
	field->name = ref->name.text;
	if (!resolve_type_len(r, ref->ref, ref->len, INT64_MAX, &field->type))
		return false;
	align = packed ? 1 : type_align(field->type);
	field->offset = (layout->size + align - 1) / align * align;
	layout->size = field->offset + field->type.size;
	if (layout->size > INT64_MAX) {
		resolve_error(r, ref->name.span,
			      "the struct is more than can be addressed");
		return false;
	}
	if (align > layout->align)
		layout->align = align;
	layout->nr_fields++;
	return true;
}

bool resolve_layout(struct resolver *r, const struct name *name,
		    const struct field_ref *fields, bool packed,
		    struct layout *layout)
{
	size_t nr = 0;
	bool ok = true;

	for (const struct field_ref *f = fields; f; f = f->next)
		nr++;
	layout->name = name->text;
	layout->align = 1;
	if (nr > RESOLVE_FIELDS_MAX) {
		resolve_error(r, name->span, "'%s' has more than %d fields",
			      name->text, RESOLVE_FIELDS_MAX);
		return false;
	}
	layout->fields = resolve_alloc(r, (nr + 1) * sizeof(struct field));
	layout->nr_fields = 0;
	layout->size = 0;
	for (const struct field_ref *f = fields; f; f = f->next)
		ok &= place_field(r, f, packed, layout);
	layout->size = (layout->size + layout->align - 1) / layout->align *
		       layout->align;
	return ok;
}

const struct field *resolve_field(struct resolver *r,
				  const struct layout *layout,
				  const struct name *name)
{
	const struct field *field = layout_find(layout, name->text);
	struct cdma_suggest s = cdma_suggest_for(name->text);

	if (field)
		return field;
	for (size_t i = 0; i < layout->nr_fields; i++)
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
