/* SPDX-License-Identifier: MIT */
#include "litmus/parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/macros.h"

/* ---- tokens ---- */

void parse_fail_at(struct parser *p, struct span span, const char *fmt, ...)
{
	char message[256];
	va_list args;

	if (p->failed)
		return;
	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	diag_error(p->diag, &p->sources, span, "%s", message);
	p->failed = true;
}

bool take(struct parser *p, const char *text)
{
	if (p->failed || !lex_is(p->tok, text))
		return false;
	p->tok++;
	return true;
}

bool want(struct parser *p, const char *text)
{
	if (take(p, text))
		return true;
	parse_fail_at(p, p->tok->span, "expected '%s'", text);
	return false;
}

static const char *intern(struct parser *p, const char *text, size_t len)
{
	char *copy = cdma_arena_alloc(&p->test->arena, len + 1);

	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

const char *want_name(struct parser *p, const char *what)
{
	const struct lex_token *tok = p->tok;

	if (p->failed || tok->kind != LEX_NAME) {
		parse_fail_at(p, tok->span, "expected %s", what);
		return "";
	}
	p->tok++;
	return intern(p, tok->text, tok->len);
}

void not_with_device(struct parser *p, struct span span, const char *why)
{
	if (p->not_with)
		return;
	p->not_with = why;
	p->with_span = span;
}

void not_without_device(struct parser *p, struct span span, const char *why)
{
	if (p->not_without)
		return;
	p->not_without = why;
	p->without_span = span;
}

bool take_type(struct parser *p)
{
	static const char *const words[] = {
		"const",     "volatile",   "unsigned", "signed",  "char",
		"int",       "long",       "short",    "void",    "bool",
		"intptr_t",  "uintptr_t",  "int32_t",  "int64_t", "uint32_t",
		"uint64_t",  "atomic_t",   "u8",       "u16",     "u32",
		"u64",       "spinlock_t", "__iomem",  "s32",     "s64",
		"atomic64_t"};
	bool had_one = false, more = !p->failed;

	while (more) {
		more = false;
		for (size_t i = 0; !more && i < ARRAY_SIZE(words); i++)
			more = take(p, words[i]);
		if (!more && take(p, "struct")) {
			want_name(p, "the name of a struct");
			more = !p->failed;
		}
		had_one |= more;
	}
	return had_one;
}

/* ---- locations and registers ---- */

static bool loc_find(const struct parser *p, const char *name, size_t *at)
{
	for (size_t i = 0; i < p->test->locs.nr; i++)
		if (!strcmp(p->test->locs.at[i].name, name)) {
			*at = i;
			return true;
		}
	return false;
}

size_t loc_of(struct parser *p, const char *name)
{
	size_t at;

	if (loc_find(p, name, &at))
		return at;
	*cdma_vec_push(&p->test->locs) = (struct litmus_loc){.name = name};
	return p->test->locs.nr - 1;
}

/* No name of the test is empty. */
size_t interrupt_of(struct parser *p)
{
	size_t at = loc_of(p, "");

	p->test->locs.at[at].is_hidden = true;
	return at;
}

size_t reg_of(struct parser *p, unsigned int thread, const char *name)
{
	struct litmus *test = p->test;

	for (size_t i = 0; i < test->regs.nr; i++)
		if (test->regs.at[i].thread == thread &&
		    !strcmp(test->regs.at[i].name, name))
			return i;
	*cdma_vec_push(&test->regs) =
		(struct litmus_reg){.name = name, .thread = thread};
	return test->regs.nr - 1;
}

int64_t want_value(struct parser *p)
{
	bool minus = take(p, "-"), address = !minus && take(p, "&");
	const struct lex_token *tok = p->tok;
	uint64_t value = (uint64_t)tok->value;

	if (tok->kind == LEX_NUMBER && !address && !p->failed) {
		p->tok++;
		return (int64_t)(minus ? -value : value);
	}
	if (minus || tok->kind == LEX_NO_NUMBER) {
		parse_fail_at(p, tok->span, "expected a number of 64 bits");
		return 0;
	}
	return new_pointer(p,
			   loc_of(p, want_name(p, "a number or a location")));
}

int64_t new_pointer(struct parser *p, size_t loc)
{
	p->test->locs.at[loc].is_pointed = true;
	return litmus_address(loc);
}

/* "0:r1 = 1", when 0 is at hand. */
static void init_reg(struct parser *p)
{
	unsigned int thread = (unsigned int)p->tok->value;
	size_t reg;

	p->tok++;
	want(p, ":");
	reg = reg_of(p, thread, want_name(p, "a register"));
	if (take(p, "=")) {
		int64_t value = want_value(p);

		p->test->regs.at[reg].init = value;
	}
}

/* "int y = 1;", "x = 0;", "[x] = 1;", "int *p = &x;", "0:r1 = x;" */
static void parse_init(struct parser *p)
{
	bool is_lock = lex_is(p->tok, "spinlock_t"), bracket;
	size_t loc;

	take_type(p);
	while (take(p, "*"))
		;
	if (p->tok->kind == LEX_NUMBER && !p->failed) {
		init_reg(p);
		return;
	}
	bracket = take(p, "[");
	loc = loc_of(p, want_name(p, "a location"));
	if (bracket)
		want(p, "]");
	else if (lex_is(p->tok, "["))
		parse_fail_at(p, p->tok->span,
			      "arrays are refused: a location is one word");
	p->test->locs.at[loc].is_lock |= is_lock;
	if (take(p, "=")) {
		bool is_counter = take(p, "ATOMIC_INIT") && want(p, "(");
		int64_t value = want_value(p);

		if (is_counter)
			want(p, ")");
		p->test->locs.at[loc].init = value;
	}
}

static void parse_inits(struct parser *p)
{
	/* What diy and its like note of a test stands before its brace. */
	while (p->tok->kind != LEX_END && !lex_is(p->tok, "{"))
		p->tok++;
	want(p, "{");
	while (!p->failed && !take(p, "}")) {
		if (take(p, ";"))
			continue;
		parse_init(p);
		if (!lex_is(p->tok, "}"))
			want(p, ";");
	}
}

/* ---- threads ---- */

/* A register is one in all functions, and begins as 0. */
static void check_register(struct parser *p, const struct lex_token *tok,
			   size_t at, bool is_register)
{
	struct litmus_loc *loc = &p->test->locs.at[at];

	if (is_register)
		not_without_device(p, tok->span,
				   "a register is one of a device, and there "
				   "is none");
	if (loc->is_known && loc->is_register != is_register)
		parse_fail_at(p, tok->span,
			      "'%s' is a register in one function and memory "
			      "in another",
			      loc->name);
	if (is_register && loc->init)
		parse_fail_at(p, tok->span, "the register '%s' begins as 0",
			      loc->name);
	loc->is_known = true;
	loc->is_register = is_register;
}

static void parse_param(struct parser *p)
{
	bool is_lock = lex_is(p->tok, "spinlock_t"), is_register = false;
	struct local local = {.is_param = true};
	const struct lex_token *tok, *type = p->tok;

	if (!take_type(p))
		parse_fail_at(p, type->span,
			      "expected a type: int, long, intptr_t, atomic_t, "
			      "spinlock_t or a struct");
	for (tok = type; tok < p->tok; tok++)
		is_register |= lex_is(tok, "__iomem");
	if (!p->failed && !lex_is(p->tok, "*"))
		parse_fail_at(p, type->span,
			      "a parameter is a pointer to a location");
	while (take(p, "*") || take(p, "const") || take(p, "volatile"))
		;
	tok = p->tok;
	local.name = want_name(p, "the name of a parameter");
	if (p->failed)
		return;
	local.loc = loc_of(p, local.name);
	check_register(p, tok, local.loc, is_register);
	p->test->locs.at[local.loc].is_lock |= is_lock;
	*cdma_vec_push(&p->locals) = local;
}

static void parse_params(struct parser *p)
{
	want(p, "(");
	if (take(p, ")"))
		return;
	if (lex_is(p->tok, "void") && lex_is(p->tok + 1, ")")) {
		p->tok += 2;
		return;
	}
	do
		parse_param(p);
	while (take(p, ","));
	want(p, ")");
}

/* "device", "msi" or "intx" before the name of a function. */
static void parse_process(struct parser *p)
{
	static const struct {
		const char *word;
		enum litmus_process process;
	} words[] = {
		{"device", LITMUS_ENGINE},
		{"msi", LITMUS_MSI},
		{"intx", LITMUS_INTX},
	};
	const struct lex_token *tok = p->tok;

	p->process = LITMUS_CPU;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (take(p, words[i].word))
			p->process = words[i].process;
	if (p->process == LITMUS_ENGINE)
		p->test->has_device = true;
	if (p->process < LITMUS_MSI)
		return;
	if (p->test->handler)
		parse_fail_at(p, tok->span, "there is another handler");
	not_without_device(p, tok->span,
			   "a handler is that of a device, and there is none");
	p->test->handler = p->process;
}

/* What a handler does, it does where it was raised. */
static const struct litmus_stmt *handled(struct parser *p, struct span span,
					 const struct litmus_stmt *body)
{
	struct litmus_stmt *s;

	if (p->process < LITMUS_MSI)
		return body;
	s = cdma_arena_alloc(&p->test->arena, sizeof(*s));
	*s = (struct litmus_stmt){
		.kind = LITMUS_IF,
		.expr = new_interrupt(p, span),
		.yes = body,
		.span = span,
	};
	return s;
}

static void parse_thread(struct parser *p)
{
	struct litmus_thread *thread;
	const struct lex_token *tok;
	const struct litmus_stmt *body;
	const char *name;
	char right[16];

	parse_process(p);
	take(p, "static");
	take(p, "void");
	tok = p->tok;
	name = want_name(p, "a function 'P0'");
	p->thread = (unsigned int)p->test->threads.nr;
	snprintf(right, sizeof(right), "P%u", p->thread);
	if (strcmp(name, right))
		parse_fail_at(p, tok->span, "expected '%s'", right);
	p->locals.nr = 0;
	parse_params(p);
	want(p, "{");
	body = parse_body(p);
	thread = cdma_vec_push(&p->test->threads);
	*thread = (struct litmus_thread){
		.process = p->process,
		.body = handled(p, tok->span, body),
		.span = tok->span,
	};
}

static bool at_thread(const struct parser *p)
{
	const struct lex_token *tok = p->tok;

	if (lex_is(tok, "device") || lex_is(tok, "msi") || lex_is(tok, "intx"))
		tok++;
	while (lex_is(tok, "static") || lex_is(tok, "void"))
		tok++;
	return tok->kind == LEX_NAME && tok->len > 1 && tok->text[0] == 'P' &&
	       tok->text[1] >= '0' && tok->text[1] <= '9';
}

/* ---- the whole ---- */

/* "C NAME" is the first line. Returns where the next one starts. */
static uint32_t parse_title(struct parser *p)
{
	const struct source *source = &p->sources.at[0];
	uint32_t end = 0, from = source->len > 0;

	while (end < source->len && source->text[end] != '\n')
		end++;
	while (from < end &&
	       (source->text[from] == ' ' || source->text[from] == '\t'))
		from++;
	p->test->name = intern(p, source->text + from,
			       strcspn(source->text + from, " \t\r\n"));
	if (source->len < 2 || source->text[0] != 'C' || from < 2 ||
	    from >= end)
		parse_fail_at(p, (struct span){0, 0, end},
			      "a litmus test begins with 'C' and its name");
	return end;
}

static void check_device(struct parser *p)
{
	if (!p->test->has_device && p->not_without)
		parse_fail_at(p, p->without_span, "%s", p->not_without);
	if (p->test->has_device && p->not_with)
		parse_fail_at(p, p->with_span, "%s", p->not_with);
}

/* Registers that the initial state names belong to threads that there are. */
static void check_regs(struct parser *p)
{
	for (size_t i = 0; i < p->test->regs.nr; i++)
		if (p->test->regs.at[i].thread >= p->test->threads.nr)
			parse_fail_at(p, p->tok->span,
				      "'%s' is of P%u, and there is none",
				      p->test->regs.at[i].name,
				      p->test->regs.at[i].thread);
}

static void parse_file(struct parser *p)
{
	lex_file(&p->lexed, &p->sources, 0, parse_title(p), p->diag);
	p->tok = p->lexed.tokens.at;
	p->failed |= diag_nr_errors(p->diag) > 0;
	memcpy(p->test->result, p->lexed.result, sizeof(p->test->result));
	parse_inits(p);
	if (!p->failed && !at_thread(p))
		parse_fail_at(p, p->tok->span, "expected a function 'P0'");
	while (!p->failed && at_thread(p))
		parse_thread(p);
	check_device(p);
	check_regs(p);
	parse_outcome(p);
}

struct litmus *litmus_parse(const char *path, const char *text, size_t len,
			    struct diag *diag)
{
	struct litmus *test = cdma_xcalloc(1, sizeof(*test));
	struct parser p = {.test = test, .diag = diag};

	sources_add(&p.sources, path, text, len);
	parse_file(&p);
	sources_fini(&p.sources);
	lexed_fini(&p.lexed);
	cdma_vec_free(&p.locals);
	if (!p.failed)
		return test;
	litmus_free(test);
	return NULL;
}

void litmus_free(struct litmus *test)
{
	if (!test)
		return;
	cdma_vec_free(&test->locs);
	cdma_vec_free(&test->regs);
	cdma_vec_free(&test->threads);
	cdma_vec_free(&test->shown);
	cdma_arena_fini(&test->arena);
	free(test);
}

/* ---- addresses ---- */

#define FIRST_ADDRESS ((int64_t)1 << 40)
#define APART         64

int64_t litmus_address(size_t loc)
{
	return FIRST_ADDRESS + APART * (int64_t)loc;
}

bool litmus_loc_at(const struct litmus *test, int64_t address, uint32_t *loc)
{
	int64_t at = address - FIRST_ADDRESS;

	if (address < FIRST_ADDRESS || at % APART ||
	    at / APART >= (int64_t)test->locs.nr)
		return false;
	*loc = (uint32_t)(at / APART);
	return true;
}
