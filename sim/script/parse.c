/* SPDX-License-Identifier: MIT */
#include "script/parse.h"

#include "script/private.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const keyword_texts[] = {
#define X(name, text) text,
	KEYWORDS(X)
#undef X
};

const char *keyword_text(enum keyword keyword)
{
	return keyword_texts[keyword];
}

const char *parse_text(const struct parser *p, uint32_t id)
{
	return names_text(&p->script->names, id);
}

void *parse_alloc(struct parser *p, size_t size)
{
	return arena_zalloc(&p->script->arena, size);
}

struct span parse_span(const struct parser *p)
{
	return (struct span){p->file, p->tok->at, p->tok->len};
}

/* The first token has no one before it: then where it starts. */
struct span parse_before(const struct parser *p)
{
	struct span span = parse_span(p);

	span.len = 0;
	if (p->tok->at && p->tok[-1].at < p->tok->at)
		span.at = p->tok[-1].at + p->tok[-1].len;
	return span;
}

struct span parse_since(const struct parser *p, struct span start)
{
	uint32_t end = parse_before(p).at;

	if (end > start.at)
		start.len = end - start.at;
	return start;
}

bool parse_is(const struct parser *p, enum token_kind kind)
{
	return p->tok->kind == kind;
}

bool parse_is_op(const struct parser *p, enum op op)
{
	return p->tok->kind == TOKEN_OPERATOR && p->tok->op == op;
}

bool parse_is_word(const struct parser *p, enum keyword keyword)
{
	return p->tok->kind == TOKEN_NAME && p->tok->id == keyword;
}

bool parse_take(struct parser *p, enum token_kind kind)
{
	if (p->panic || p->tok->kind != kind)
		return false;
	if (kind != TOKEN_EOF)
		p->tok++;
	return true;
}

bool parse_take_word(struct parser *p, enum keyword keyword)
{
	if (p->panic || !parse_is_word(p, keyword))
		return false;
	p->tok++;
	return true;
}

void parse_fail(struct parser *p, struct span span, const char *fmt, ...)
{
	va_list ap;
	char *text;

	if (p->panic)
		return;
	p->panic = p->failed = true;
	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) >= 0) {
		diag_error(p->diag, &p->script->sources, span, "%s", text);
		free(text);
	}
	va_end(ap);
}

void parse_refuse(struct parser *p, struct span span, const char *prefix,
		  const struct refusal *refusal)
{
	if (p->panic)
		return;
	parse_fail(p, span, "'%s%s' %s", prefix, refusal->word, refusal->why);
	if (refusal->instead)
		diag_help(p->diag, "%s", refusal->instead);
}

bool parse_refused(struct parser *p, enum refuse_where where)
{
	const struct refusal *refusal;

	if (p->panic || !parse_is(p, TOKEN_NAME))
		return p->panic;
	refusal = refuse_find(where, parse_text(p, p->tok->id));
	if (refusal)
		parse_refuse(p, parse_span(p), "", refusal);
	return refusal != NULL;
}

static const char *token_text(enum token_kind kind)
{
	static const char *const texts[] = {
		[TOKEN_EOF] = "the end of the file",
		[TOKEN_NAME] = "a name",
		[TOKEN_NUMBER] = "a number",
		[TOKEN_STRING] = "a text in \"\"",
		[TOKEN_LPAREN] = "'('",
		[TOKEN_RPAREN] = "')'",
		[TOKEN_LBRACE] = "'{'",
		[TOKEN_RBRACE] = "'}'",
		[TOKEN_LBRACKET] = "'['",
		[TOKEN_RBRACKET] = "']'",
		[TOKEN_SEMICOLON] = "';'",
		[TOKEN_COLON] = "':'",
		[TOKEN_COMMA] = "','",
		[TOKEN_DOTDOT] = "'..'",
		[TOKEN_DOT] = "'.'",
		[TOKEN_ASSIGN] = "'='",
	};

	return texts[kind];
}

bool parse_want(struct parser *p, enum token_kind kind, const char *where)
{
	if (parse_take(p, kind))
		return true;
	parse_fail(p, parse_is(p, TOKEN_EOF) ? parse_before(p) : parse_span(p),
		   "expected %s %s", token_text(kind), where);
	return false;
}

void parse_want_end(struct parser *p, const char *what)
{
	if (p->panic || parse_take(p, TOKEN_SEMICOLON))
		return;
	if (parse_is(p, TOKEN_COMMA)) {
		parse_fail(p, parse_span(p),
			   "',' does not join statements: end the first with "
			   "';'");
		return;
	}
	parse_fail(p, parse_before(p), "expected ';' after %s", what);
	if (p->tok->first || parse_is(p, TOKEN_RBRACE))
		p->panic = false;
}

struct name parse_name(struct parser *p, const char *what)
{
	struct name name = {.span = parse_span(p)};

	if (p->panic)
		return name;
	if (!parse_is(p, TOKEN_NAME)) {
		parse_fail(p,
			   parse_is(p, TOKEN_EOF) ? parse_before(p) : name.span,
			   "expected %s", what);
		return name;
	}
	name.id = p->tok->id;
	name.text = parse_text(p, name.id);
	p->tok++;
	return name;
}

/* Whether what follows a skipped block belongs to the same statement. */
static bool goes_on(const struct parser *p)
{
	return parse_is_word(p, KW_ELSE) || parse_is(p, TOKEN_SEMICOLON) ||
	       (parse_is(p, TOKEN_NAME) && p->tok[1].kind == TOKEN_LPAREN &&
		!strcmp(parse_text(p, p->tok->id), "while"));
}

/*
 * Behind the next ';' or before the '}' that closes the block we are in;
 * blocks on the way are skipped as a whole.
 */
void parse_sync(struct parser *p)
{
	unsigned int open = 0;

	p->panic = false;
	while (!parse_is(p, TOKEN_EOF)) {
		if (parse_is(p, TOKEN_RBRACE) && p->inits && !open) {
			p->inits--;
			p->tok++;
			continue;
		}
		if (parse_is(p, TOKEN_RBRACE) && !open)
			return;
		if (parse_is(p, TOKEN_LBRACE)) {
			open++;
		} else if (parse_is(p, TOKEN_RBRACE) && !--open) {
			p->tok++;
			if (!goes_on(p))
				return;
			continue;
		} else if (parse_is(p, TOKEN_SEMICOLON) && !open) {
			p->inits = 0; /* they hold no statements */
			p->tok++;
			return;
		}
		p->tok++;
	}
}
