/* SPDX-License-Identifier: MIT */
#include "script/parse.h"

#include "script/private.h"

#include "base/macros.h"

#include <string.h>

/*
 * Types as they are written: the language's own, and the names that C and the
 * kernel have for the same.
 */

static const struct {
	const char *word, *type;
} aliases[] = {
	{"__u8", "u8"},
	{"__u16", "u16"},
	{"__u32", "u32"},
	{"__u64", "u64"},
	{"__s8", "s8"},
	{"__s16", "s16"},
	{"__s32", "s32"},
	{"__s64", "s64"},
	{"__le16", "le16"},
	{"__le32", "le32"},
	{"__le64", "le64"},
	{"__be16", "u16"},
	{"__be32", "u32"},
	{"__be64", "u64"},
	{"uint8_t", "u8"},
	{"uint16_t", "u16"},
	{"uint32_t", "u32"},
	{"uint64_t", "u64"},
	{"int8_t", "s8"},
	{"int16_t", "s16"},
	{"int32_t", "s32"},
	{"int64_t", "s64"},
	{"uchar", "u8"},
	{"ushort", "u16"},
	{"uint", "u32"},
	{"ulong", "u64"},
	{"uintptr_t", "u64"},
	{"ssize_t", "s64"},
	{"loff_t", "s64"},
	{"phys_addr_t", "u64"},
	{"resource_size_t", "u64"},
	{"gfp_t", "u32"},
	{"atomic_t", "int"},
	{"refcount_t", "int"},
	{"atomic_long_t", "s64"},
	{"atomic64_t", "s64"},
	{"irqreturn_t", "int"},
	{"netdev_tx_t", "int"},
	{"dma_cookie_t", "int"},
};

/* "unsigned long": words that are a type together. */
enum part {
	PART_NONE,
	PART_SIGNED,
	PART_UNSIGNED,
	PART_CHAR,
	PART_SHORT,
	PART_INT,
	PART_LONG
};

static const char *word_at(const struct parser *p, const struct token *t)
{
	return t->kind == TOKEN_NAME ? parse_text(p, t->id) : "";
}

static enum part part_at(const struct parser *p, const struct token *t)
{
	static const char *const parts[] = {
		[PART_NONE] = "",     [PART_SIGNED] = "signed",
		[PART_CHAR] = "char", [PART_UNSIGNED] = "unsigned",
		[PART_INT] = "int",   [PART_SHORT] = "short",
		[PART_LONG] = "long",
	};
	const char *word = word_at(p, t);

	for (size_t i = PART_SIGNED; i < ARRAY_SIZE(parts); i++)
		if (!strcmp(parts[i], word))
			return (enum part)i;
	return PART_NONE;
}

/* Words that say nothing that matters here. */
static bool is_qualifier(const struct parser *p, const struct token *t)
{
	static const char *const words[] = {
		"const",           "volatile",   "__iomem",  "__rcu",
		"__user",          "__force",    "__percpu", "__maybe_unused",
		"__always_unused", "__restrict",
	};
	const char *word = word_at(p, t);

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(words[i], word))
			return true;
	return false;
}

static const char *alias_of(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(aliases); i++)
		if (!strcmp(aliases[i].word, word))
			return aliases[i].type;
	return NULL;
}

static const struct type_ref *typedef_of(const struct parser *p, uint32_t id)
{
	const struct typedef_name *t = p->script->typedefs;

	while (t && t->id != id)
		t = t->next;
	return t ? t->ref : NULL;
}

void parse_add_typedef(struct parser *p, const struct name *name,
		       const struct type_ref *ref)
{
	struct typedef_name *t = parse_new(p, struct typedef_name);

	*t = (struct typedef_name){p->script->typedefs, name->id, ref};
	p->script->typedefs = t;
}

/* "typeof(" */
static bool is_typeof(const struct parser *p, const struct token *t)
{
	static const char *const words[] = {"typeof", "__typeof__", "__typeof",
					    "typeof_unqual"};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(words[i], word_at(p, t)))
			return t[1].kind == TOKEN_LPAREN;
	return false;
}

/* Behind the parentheses that open at @t. */
static const struct token *skip_parens(const struct token *t)
{
	unsigned int open = 0;

	do {
		open += t->kind == TOKEN_LPAREN;
		open -= t->kind == TOKEN_RPAREN;
		if (t->kind != TOKEN_EOF)
			t++;
	} while (open && t->kind != TOKEN_EOF);
	return t;
}

/* Types without a value. */
static bool is_opaque(const char *word)
{
	return !strcmp(word, "void") || !strcmp(word, "spinlock_t") ||
	       !strcmp(word, "raw_spinlock_t") ||
	       !strcmp(word, "wait_queue_head_t");
}

/* "struct", "union", "enum": the name that follows is that of a type. */
static bool is_tag(const struct token *t)
{
	return t->kind == TOKEN_NAME && t[1].kind == TOKEN_NAME &&
	       (t->id == KW_STRUCT || t->id == KW_UNION || t->id == KW_ENUM);
}

const struct token *parse_skip_type(const struct parser *p,
				    const struct token *t, bool *sure)
{
	*sure = false;
	for (; is_qualifier(p, t); t++)
		*sure = true;
	if (is_typeof(p, t)) {
		*sure = true;
		t = skip_parens(t + 1);
	} else if (is_tag(t)) {
		*sure = true;
		t += 2;
	} else if (part_at(p, t)) {
		*sure = true;
		while (part_at(p, t))
			t++;
	} else if (t->kind == TOKEN_NAME) {
		*sure |= keyword_scalar(t->id) || alias_of(word_at(p, t)) ||
			 is_opaque(word_at(p, t)) || typedef_of(p, t->id);
		t++;
	} else {
		return NULL;
	}
	while (is_qualifier(p, t))
		t++;
	return t;
}

static bool is_star(const struct token *t)
{
	return t->kind == TOKEN_OPERATOR && t->op == OP_MUL;
}

const struct token *parse_skip_stars(const struct parser *p,
				     const struct token *t)
{
	while (is_star(t) || is_qualifier(p, t))
		t++;
	return t;
}

static void skip_qualifiers(struct parser *p, struct type_ref *ref)
{
	while (!p->panic && is_qualifier(p, p->tok)) {
		ref->is_iomem |= !strcmp(word_at(p, p->tok), "__iomem");
		ref->is_volatile |= !strcmp(word_at(p, p->tok), "volatile");
		p->tok++;
	}
}

void parse_refuse_volatile(struct parser *p, const struct type_ref *ref)
{
	const struct refusal *refusal = refuse_find(REFUSE_ITEM, "volatile");

	if (ref->is_volatile && !ref->is_iomem)
		parse_refuse(p, ref->span, "", refusal);
}

static void set_name(struct parser *p, struct name *name, const char *text)
{
	name->id = names_intern(&p->script->names, text, strlen(text));
	name->text = parse_text(p, name->id);
}

/* "unsigned long int" */
static void parse_parts(struct parser *p, struct type_ref *ref)
{
	static const char *const names[PART_LONG + 1][2] = {
		[PART_CHAR] = {"u8", "u8"},
		[PART_SHORT] = {"s16", "u16"},
		[PART_INT] = {"int", "u32"},
		[PART_LONG] = {"s64", "u64"},
	};
	enum part part, size = PART_INT;
	bool is_unsigned = false, is_signed = false;

	ref->name.span = parse_span(p);
	for (; (part = part_at(p, p->tok)); p->tok++) {
		is_unsigned |= part == PART_UNSIGNED;
		is_signed |= part == PART_SIGNED;
		if (part >= PART_CHAR && part != PART_INT)
			size = part;
	}
	ref->name.span = parse_since(p, ref->name.span);
	set_name(p, &ref->name,
		 size == PART_CHAR && is_signed ? "s8"
						: names[size][is_unsigned]);
}

static void parse_typeof(struct parser *p, struct type_ref *ref)
{
	set_name(p, &ref->name, "typeof");
	ref->name.span = parse_span(p);
	p->tok[1].role = ROLE_CALL;
	p->tok++;
	parse_want(p, TOKEN_LPAREN, "after 'typeof'");
	ref->of = parse_expr(p);
	parse_want(p, TOKEN_RPAREN, "after the expression");
}

/* The name that a typedef gave to another type. */
static bool take_typedef(struct parser *p, struct type_ref *ref)
{
	const struct type_ref *to =
		parse_is(p, TOKEN_NAME) ? typedef_of(p, p->tok->id) : NULL;
	struct span span = parse_span(p);

	if (!to)
		return false;
	*ref = *to;
	ref->span = ref->name.span = span;
	p->tok++;
	return true;
}

struct type_ref *parse_type_name(struct parser *p)
{
	struct type_ref *ref = parse_new(p, struct type_ref);
	bool is_enum;
	const char *alias;

	ref->span = parse_span(p);
	skip_qualifiers(p, ref);
	if (!p->panic && (is_typeof(p, p->tok) || take_typedef(p, ref))) {
		if (is_typeof(p, p->tok) && !ref->name.text)
			parse_typeof(p, ref);
		skip_qualifiers(p, ref);
		ref->span = parse_since(p, ref->span);
		return ref;
	}
	is_enum = is_tag(p->tok) && p->tok->id == KW_ENUM;
	ref->is_struct = is_tag(p->tok) && !is_enum;
	if (is_tag(p->tok))
		p->tok++;
	if (part_at(p, p->tok) && !ref->is_struct && !is_enum) {
		parse_parts(p, ref);
	} else {
		ref->name = parse_name(p, "a type");
		alias = ref->name.text ? alias_of(ref->name.text) : NULL;
		if (alias || is_enum)
			set_name(p, &ref->name, is_enum ? "int" : alias);
	}
	skip_qualifiers(p, ref);
	ref->span = parse_since(p, ref->span);
	return ref;
}

struct type_ref *parse_stars(struct parser *p, struct type_ref *ref)
{
	struct type_ref *copy;

	if (p->panic || !is_star(p->tok))
		return ref;
	copy = parse_new(p, struct type_ref);
	*copy = *ref;
	while (!p->panic && is_star(p->tok)) {
		p->tok->role = ROLE_STAR;
		p->tok++;
		copy->stars++;
		skip_qualifiers(p, copy);
	}
	copy->span = parse_since(p, copy->span);
	if (copy->stars > 2)
		parse_fail(p, copy->span,
			   "a pointer to a pointer to a pointer "
			   "is not in the language");
	return copy;
}

struct expr *parse_len(struct parser *p)
{
	struct expr *first = NULL, **tail = &first;

	while (parse_take(p, TOKEN_LBRACKET)) {
		if (parse_is(p, TOKEN_RBRACKET)) {
			parse_fail(p, parse_span(p),
				   "expected the number of elements");
			return NULL;
		}
		*tail = parse_expr(p);
		parse_want(p, TOKEN_RBRACKET, "after the number of elements");
		if (!*tail)
			return first;
		tail = &(*tail)->next;
	}
	return first;
}

struct expr *parse_open_len(struct parser *p, bool *is_open)
{
	*is_open = parse_is(p, TOKEN_LBRACKET) &&
		   p->tok[1].kind == TOKEN_RBRACKET &&
		   p->tok[2].kind == TOKEN_ASSIGN;
	if (!*is_open)
		return parse_len(p);
	p->tok += 2;
	return NULL;
}

struct expr *parse_close_len(struct parser *p, const struct expr *init)
{
	struct expr *len;

	if (p->panic)
		return NULL;
	len = parse_new_expr(p, EXPR_NUMBER, init->span);
	len->type = type_scalar(SCALAR_S32);
	len->span = init->span;
	for (const struct init *i = init->inits; i; i = i->next) {
		len->value++;
		if (i->from)
			parse_fail(p, i->span,
				   "say how many elements there are: some are "
				   "named");
	}
	if (init->kind != EXPR_INIT)
		parse_fail(p, init->span, "an array is filled by { ... }");
	return len;
}

struct type_ref *parse_type(struct parser *p)
{
	struct type_ref *ref = parse_stars(p, parse_type_name(p));

	ref->is_array = parse_is(p, TOKEN_LBRACKET);
	ref->len = parse_len(p);
	ref->span = parse_since(p, ref->span);
	return ref;
}
