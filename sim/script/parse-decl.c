/* SPDX-License-Identifier: MIT */
#include "script/parse.h"

/*
 * Declarations in a block: of numbers, structs, pointers, and of objects.
 */

static bool next_is(const struct parser *p, enum token_kind kind)
{
	return p->tok->kind != TOKEN_EOF && p->tok[1].kind == kind;
}

/* "box" and the like, when a name follows: a declaration. */
static enum object object_word(const struct parser *p)
{
	if (!parse_is(p, TOKEN_NAME) || !next_is(p, TOKEN_NAME))
		return OBJECT_NONE;
	switch (p->tok->id) {
	case KW_BOX:
		return OBJECT_BOX;
	case KW_COHERENT:
		return OBJECT_COHERENT;
	case KW_HANDLE:
		return OBJECT_HANDLE;
	case KW_VIEW:
		return OBJECT_VIEW;
	case KW_WINDOW:
		return OBJECT_WINDOW;
	case KW_POOL:
		return OBJECT_POOL;
	case KW_SCATTERLIST:
		return OBJECT_SG;
	case KW_BUFFER:
		return OBJECT_KMEM;
	default:
		return OBJECT_NONE;
	}
}

/* "= value" of a declaration. */
static struct expr *parse_first_value(struct parser *p)
{
	if (!parse_is(p, TOKEN_ASSIGN) || p->tok->op)
		return NULL;
	p->tok++;
	return parse_assigned(p);
}

static struct decl *parse_object_decl(struct parser *p, enum object object)
{
	struct decl *d = parse_new(p, struct decl);

	d->span = parse_span(p);
	d->object = object;
	p->tok++;
	d->name = parse_name(p, "a name");
	d->len = parse_len(p);
	if (parse_take_word(p, KW_OF))
		d->ref = parse_type(p);
	d->init = parse_first_value(p);
	d->span = parse_since(p, d->span);
	return d;
}

/* "= { ... }" */
static struct expr *parse_first_list(struct parser *p)
{
	p->tok++;
	return parse_init(p);
}

static struct decl *parse_local(struct parser *p, struct type_ref *ref)
{
	struct decl *d = parse_new(p, struct decl);
	bool is_open;

	d->ref = parse_stars(p, ref);
	d->span = parse_span(p);
	d->name = parse_name(p, "a name");
	d->len = parse_open_len(p, &is_open);
	d->init = is_open ? parse_first_list(p) : parse_first_value(p);
	if (is_open)
		d->len = parse_close_len(p, d->init);
	d->span = parse_since(p, d->span);
	return d;
}

struct stmt *parse_decl(struct parser *p, struct span start)
{
	struct stmt *s = parse_make_stmt(p, STMT_DECL, start);
	enum object object = object_word(p);
	struct decl **tail = &s->decls;
	struct type_ref *ref;

	if (object) {
		s->decls = parse_object_decl(p, object);
		parse_want_end(p, "the declaration");
		return s;
	}
	ref = parse_type_name(p);
	parse_refuse_volatile(p, ref);
	do {
		*tail = parse_local(p, ref);
		tail = &(*tail)->next;
	} while (parse_take(p, TOKEN_COMMA));
	parse_want_end(p, "the declaration");
	return s;
}

/* Whether "a * b" declares b: else it would do nothing. */
static bool ends_declarator(const struct token *t)
{
	return t->kind == TOKEN_SEMICOLON || t->kind == TOKEN_COMMA ||
	       t->kind == TOKEN_LBRACKET || (t->kind == TOKEN_ASSIGN && !t->op);
}

bool parse_is_decl(const struct parser *p)
{
	const struct token *t, *name;
	bool sure;

	if (!parse_is(p, TOKEN_NAME))
		return false;
	if (object_word(p) || next_is(p, TOKEN_NAME))
		return true;
	t = parse_skip_type(p, p->tok, &sure);
	name = parse_skip_stars(p, t);
	if (name == t)
		return sure && name->kind == TOKEN_NAME;
	return name->kind == TOKEN_NAME ? sure || ends_declarator(name + 1)
					: sure;
}
