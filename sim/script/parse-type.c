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
	{"__be16", "be16"},
	{"__be32", "be32"},
	{"__be64", "be64"},
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
		"const",          "__iomem",         "__rcu",
		"__user",         "__force",         "__percpu",
		"__maybe_unused", "__always_unused", "__restrict",
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
	if (is_tag(t)) {
		*sure = true;
		t += 2;
	} else if (part_at(p, t)) {
		*sure = true;
		while (part_at(p, t))
			t++;
	} else if (t->kind == TOKEN_NAME) {
		*sure |= keyword_scalar(t->id) || alias_of(word_at(p, t)) ||
			 is_opaque(word_at(p, t));
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
		p->tok++;
	}
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

struct type_ref *parse_type_name(struct parser *p)
{
	struct type_ref *ref = parse_new(p, struct type_ref);
	bool is_enum;
	const char *alias;

	ref->span = parse_span(p);
	skip_qualifiers(p, ref);
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

struct type_ref *parse_type(struct parser *p)
{
	struct type_ref *ref = parse_stars(p, parse_type_name(p));

	ref->is_array = parse_is(p, TOKEN_LBRACKET);
	ref->len = parse_len(p);
	ref->span = parse_since(p, ref->span);
	return ref;
}
