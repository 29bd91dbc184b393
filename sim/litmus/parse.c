/* SPDX-License-Identifier: MIT */
#include "litmus/parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

static bool is_lock_type(const struct parser *p)
{
	return lex_is(p->tok, "spinlock_t");
}

bool is_type(const struct parser *p)
{
	static const char *const types[] = {"int", "long", "intptr_t",
					    "atomic_t"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (lex_is(p->tok, types[i]))
			return true;
	return false;
}

void skip_type(struct parser *p)
{
	if (!is_type(p))
		parse_fail_at(
			p, p->tok->span,
			"expected a type: int, long, intptr_t or atomic_t");
	else
		p->tok++;
	while (take(p, "*"))
		;
}

/* ---- locations ---- */

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

int64_t want_value(struct parser *p)
{
	bool minus = take(p, "-"), address = !minus && take(p, "&");
	const struct lex_token *tok = p->tok;
	int64_t sign = minus ? -1 : 1;

	if (tok->kind == LEX_NUMBER && !address && !p->failed) {
		p->tok++;
		return sign * tok->value;
	}
	if (minus) {
		parse_fail_at(p, tok->span, "expected a number");
		return 0;
	}
	return LITMUS_ADDRESS +
	       2 * (int64_t)loc_of(p, want_name(p, "a number or a location"));
}

/* "int y = 1;", "x = 0;", "int *p = &x;" */
static void parse_init(struct parser *p)
{
	bool is_lock = is_lock_type(p);
	size_t loc;

	if (is_lock)
		p->tok++;
	else if (is_type(p))
		skip_type(p);
	if (p->tok->kind == LEX_NUMBER)
		parse_fail_at(p, p->tok->span,
			      "registers cannot be initialised");
	take(p, "*");
	loc = loc_of(p, want_name(p, "a location"));
	p->test->locs.at[loc].is_lock |= is_lock;
	if (take(p, "=")) {
		bool is_counter = take(p, "ATOMIC_INIT") && want(p, "(");
		int64_t value = want_value(p);

		if (is_counter)
			want(p, ")");
		p->test->locs.at[loc].init = value;
	}
	want(p, ";");
}

static void parse_inits(struct parser *p)
{
	want(p, "{");
	while (!p->failed && !take(p, "}"))
		parse_init(p);
}

/* ---- threads ---- */

static void parse_param(struct parser *p)
{
	bool is_lock = is_lock_type(p);
	struct local local = {.is_param = true};

	if (is_lock) {
		p->tok++;
		want(p, "*");
	} else {
		const struct lex_token *type = p->tok;

		skip_type(p);
		if (!p->failed && !lex_is(p->tok - 1, "*"))
			parse_fail_at(p, type->span,
				      "a parameter is a pointer to a location");
	}
	local.name = want_name(p, "the name of a parameter");
	local.loc = loc_of(p, local.name);
	if (is_lock)
		p->test->locs.at[local.loc].is_lock = true;
	*cdma_vec_push(&p->locals) = local;
}

static void parse_params(struct parser *p)
{
	want(p, "(");
	if (take(p, ")"))
		return;
	do
		parse_param(p);
	while (take(p, ","));
	want(p, ")");
}

/* The registers are there from the start, as 0, and are told at the end. */
static void add_thread(struct parser *p)
{
	struct litmus *test = p->test;
	struct cdma_text *out = &test->text;

	cdma_text_addf(out, "thread P%u on cpu {\n", test->nr_threads);
	for (size_t i = 0; i < p->locals.nr; i++)
		if (!p->locals.at[i].is_param)
			cdma_text_addf(out, "s32 r_%s = 0;\n",
				       p->locals.at[i].name);
	cdma_text_add(out, cdma_text_str(&p->body));
	for (size_t i = 0; i < p->locals.nr; i++)
		if (!p->locals.at[i].is_param)
			cdma_text_addf(out, "WRITE_ONCE(fin[%zu], r_%s);\n",
				       2 * p->locals.at[i].reg,
				       p->locals.at[i].name);
	cdma_text_add(out, "}\n");
}

static void parse_thread(struct parser *p)
{
	const struct lex_token *tok = p->tok;
	const char *name = want_name(p, "a function 'P0'");
	char right[16];

	snprintf(right, sizeof(right), "P%u", p->test->nr_threads);
	if (strcmp(name, right))
		parse_fail_at(p, tok->span, "expected '%s'", right);
	if (p->test->nr_threads == REORDER_THREADS_MAX)
		parse_fail_at(p, tok->span, "too many functions");
	p->locals.nr = 0;
	p->control = 0;
	p->sections = 0;
	p->side = p->nr_sides = 0;
	p->first_event = p->test->reorder.events.nr;
	cdma_text_cut(&p->body, 0);
	parse_params(p);
	want(p, "{");
	while (!p->failed && !take(p, "}"))
		parse_statement(p);
	if (p->wants_atomic)
		parse_fail_at(p, tok->span,
			      "smp_mb__before_atomic() stands before nothing");
	if (p->sections)
		parse_fail_at(p, tok->span,
			      "rcu_read_lock() without rcu_read_unlock()");
	add_thread(p);
	p->test->nr_threads++;
}

static bool at_thread(const struct parser *p)
{
	return p->tok->kind == LEX_NAME && p->tok->len > 1 &&
	       p->tok->text[0] == 'P' && p->tok->text[1] >= '0' &&
	       p->tok->text[1] <= '9';
}

/* ---- the whole ---- */

/* "C NAME" is the first line. Returns where the next one starts. */
static uint32_t parse_title(struct parser *p)
{
	const struct source *source = &p->sources.at[0];
	uint32_t end = 0, from = source->len > 0;

	while (end < source->len && source->text[end] != '\n')
		end++;
	while (from < end && source->text[from] == ' ')
		from++;
	p->test->name = intern(p, source->text + from,
			       strcspn(source->text + from, " \t\r\n"));
	if (source->len < 2 || source->text[0] != 'C' || from < 2 ||
	    from >= end)
		parse_fail_at(p, (struct span){0, 0, end},
			      "a litmus test begins with 'C' and its name");
	return end;
}

static void add_head(struct litmus *test)
{
	struct cdma_text body = test->text;
	struct cdma_text *out = &test->text;

	*out = (struct cdma_text){0};
	cdma_text_add(out, "scenario litmus;\nmemory = weak;\n");
	cdma_text_addf(out, "shared s32 mem[%zu];\nshared s32 fin[%zu];\n",
		       2 * test->locs.nr + 1, 2 * test->regs.nr + 1);
	for (size_t i = 0; i < test->locs.nr; i++)
		if (test->locs.at[i].is_lock)
			cdma_text_addf(out, "spinlock lock_%zu;\n", i);
	cdma_text_add(out, "setup {\n");
	for (size_t i = 0; i < test->locs.nr; i++)
		if (test->locs.at[i].init)
			cdma_text_addf(out, "mem[%zu] = %lld;\n", 2 * i,
				       (long long)test->locs.at[i].init);
	cdma_text_add(out, "}\n");
	cdma_text_add(out, cdma_text_str(&body));
	cdma_text_fini(&body);
}

static void parse_file(struct parser *p)
{
	lex_file(&p->lexed, &p->sources, 0, parse_title(p), p->diag);
	p->tok = p->lexed.tokens.at;
	p->failed |= diag_nr_errors(p->diag) > 0;
	memcpy(p->test->result, p->lexed.result, sizeof(p->test->result));
	memcpy(p->test->here, p->lexed.here, sizeof(p->test->here));
	parse_inits(p);
	if (!p->failed && !at_thread(p))
		parse_fail_at(p, p->tok->span, "expected a function 'P0'");
	while (!p->failed && at_thread(p))
		parse_thread(p);
	p->test->reorder.nr_threads = p->test->nr_threads;
	parse_outcome(p);
	add_head(p->test);
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
	cdma_text_fini(&p.body);
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
	cdma_vec_free(&test->shown);
	cdma_vec_free(&test->reorder.events);
	cdma_text_fini(&test->text);
	cdma_arena_fini(&test->arena);
	free(test);
}
