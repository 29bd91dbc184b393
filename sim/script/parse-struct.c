/* SPDX-License-Identifier: MIT */
#include "script/parse.h"

#include <string.h>

/*
 * Structs, unions, registers of a device, and names for types.
 */

/* "struct {" or "union {" */
static bool is_inner(const struct parser *p)
{
	return (parse_is_word(p, KW_STRUCT) || parse_is_word(p, KW_UNION)) &&
	       p->tok[1].kind == TOKEN_LBRACE;
}

/* Fields in a struct or union without a name of its own. */
static void parse_inner_fields(struct parser *p, struct field_ref *field)
{
	if (p->blocks >= PARSE_BLOCK_DEPTH) {
		parse_fail(p, parse_span(p),
			   "structs are nested more than %d deep",
			   PARSE_BLOCK_DEPTH);
		return;
	}
	p->blocks++;
	field->is_union = parse_is_word(p, KW_UNION);
	p->tok++;
	field->fields = parse_fields(p, false);
	p->blocks--;
	if (p->panic || !parse_is(p, TOKEN_NAME))
		return;
	field->name = parse_name(p, "the name of the field");
	field->len = parse_len(p);
}

static enum reg_how parse_reg_how(struct parser *p)
{
	if (parse_take_word(p, KW_W1C))
		return REG_W1C;
	if (parse_take_word(p, KW_W1S))
		return REG_W1S;
	return parse_take_word(p, KW_RC) ? REG_RC : REG_PLAIN;
}

/* "u32 a, b[2]": each is a field, of which the first is @field.  They go to
 * *@tail; where the next one goes is returned. */
static struct field_ref **parse_declared(struct parser *p,
					 struct field_ref *field,
					 struct field_ref **tail, bool regs)
{
	struct type_ref *type = parse_type_name(p);

	for (;;) {
		field->ref = parse_stars(p, type);
		field->name = parse_name(p, "the name of the field");
		if (parse_is(p, TOKEN_COLON))
			parse_fail(p, parse_span(p),
				   "there are no bit fields: write the word "
				   "and masks");
		field->len = parse_len(p);
		if (regs)
			field->how = parse_reg_how(p);
		if (parse_take(p, TOKEN_AT))
			field->at = parse_expr(p);
		*tail = field;
		tail = &field->next;
		if (!parse_take(p, TOKEN_COMMA))
			return tail;
		field = parse_new(p, struct field_ref);
		field->span = parse_span(p);
	}
}

struct field_ref *parse_fields(struct parser *p, bool regs)
{
	struct field_ref *first = NULL, **tail = &first;

	parse_want(p, TOKEN_LBRACE, "before the fields");
	while (!p->panic && !parse_is(p, TOKEN_RBRACE)) {
		struct field_ref *field = parse_new(p, struct field_ref);

		field->span = parse_span(p);
		if (is_inner(p)) {
			parse_inner_fields(p, field);
			*tail = field;
			tail = &field->next;
			parse_want_end(p, "the field");
			continue;
		}
		tail = parse_declared(p, field, tail, regs);
		parse_want_end(p, "the field");
	}
	parse_want(p, TOKEN_RBRACE, "after the fields");
	return first;
}

/* "packed", "__packed" */
static bool take_packed(struct parser *p)
{
	if (parse_take_word(p, KW_PACKED))
		return true;
	if (p->panic || !parse_is(p, TOKEN_NAME) ||
	    strcmp(parse_text(p, p->tok->id), "__packed") != 0)
		return false;
	p->tok++;
	return true;
}

void parse_struct(struct parser *p, struct item *item)
{
	item->is_union = p->tok[-1].id == KW_UNION;
	item->name = parse_name(p, "the name of the struct");
	item->fields = parse_fields(p, false);
	item->packed = take_packed(p);
}

/* "typedef struct { ... } name;": a struct of that name, or of its tag. */
static struct type_ref *parse_typedef_struct(struct parser *p, bool has_tag)
{
	struct item *item = parse_new_item(p, ITEM_STRUCT);
	struct type_ref *ref = parse_new(p, struct type_ref);

	item->is_union = p->tok->id == KW_UNION;
	p->tok++;
	if (has_tag)
		item->name = parse_name(p, "the name of the struct");
	item->fields = parse_fields(p, false);
	item->packed = take_packed(p);
	if (!has_tag && parse_is(p, TOKEN_NAME)) {
		item->name.span = parse_span(p);
		item->name.id = p->tok->id;
		item->name.text = parse_text(p, p->tok->id);
	}
	item->span = parse_since(p, item->span);
	parse_add_item(p, item);
	ref->name = item->name;
	ref->span = item->name.span;
	return ref;
}

/* "typedef type name;" */
void parse_typedef(struct parser *p)
{
	struct type_ref *ref;
	struct name name;
	bool is_struct, has_tag;

	p->tok++;
	is_struct = parse_is_word(p, KW_STRUCT) || parse_is_word(p, KW_UNION);
	has_tag = is_struct && p->tok[1].kind == TOKEN_NAME &&
		  p->tok[2].kind == TOKEN_LBRACE;
	if (has_tag || (is_struct && p->tok[1].kind == TOKEN_LBRACE))
		ref = parse_typedef_struct(p, has_tag);
	else
		ref = parse_type_name(p);
	ref = parse_stars(p, ref);
	name = parse_name(p, "a name for the type");
	if (p->panic)
		return;
	if (!parse_is(p, TOKEN_SEMICOLON))
		parse_fail(p, parse_span(p),
			   "a typedef is a name for a type, a struct or a "
			   "pointer here");
	/* "typedef struct a a;" says nothing. */
	if (ref->stars || ref->name.id != name.id)
		parse_add_typedef(p, &name, ref);
	parse_want_end(p, "the typedef");
}
