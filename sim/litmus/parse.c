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
	take(p, "__iomem");
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
	bool is_lock = is_lock_type(p), is_register = false;
	struct local local = {.is_param = true};
	const struct lex_token *tok;

	if (is_lock) {
		p->tok++;
		want(p, "*");
	} else {
		const struct lex_token *type = p->tok;

		is_register = lex_is(type + 1, "__iomem");
		skip_type(p);
		if (!p->failed && !lex_is(p->tok - 1, "*"))
			parse_fail_at(p, type->span,
				      "a parameter is a pointer to a location");
	}
	tok = p->tok;
	local.name = want_name(p, "the name of a parameter");
	local.loc = loc_of(p, local.name);
	check_register(p, tok, local.loc, is_register);
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

/* The registers are there from the start, as 0, and are told at the end.  An
 * engine begins when setup rings for it, so it comes after the first values. */
static void add_thread(struct parser *p)
{
	static const char *const on[] = {
		[LITMUS_CPU] = "cpu",
		[LITMUS_ENGINE] = "dev",
		[LITMUS_MSI] = "dev.line",
		[LITMUS_INTX] = "dev.line",
	};
	bool is_engine = p->process == LITMUS_ENGINE;
	struct litmus *test = p->test;
	struct cdma_text *out = &test->text;

	cdma_text_addf(out, "%s P%u on %s {\n",
		       p->process < LITMUS_MSI ? "thread" : "irq",
		       test->nr_threads, on[p->process]);
	for (size_t i = 0; i < p->locals.nr; i++)
		if (!p->locals.at[i].is_param)
			cdma_text_addf(out, "s32 r_%s = 0;\n",
				       p->locals.at[i].name);
	if (is_engine)
		cdma_text_add(out, "poll (dev.go) max 1000 else return;\n");
	cdma_text_add(out, cdma_text_str(&p->body));
	for (size_t i = 0; i < p->locals.nr; i++)
		if (!p->locals.at[i].is_param)
			cdma_text_addf(
				out,
				is_engine ? "told[%zu] = r_%s;\n"
					  : "WRITE_ONCE(fin[%zu], r_%s);\n",
				2 * p->locals.at[i].reg, p->locals.at[i].name);
	cdma_text_add(out, "}\n");
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
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
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
	add_event(p, (struct reorder_event){
			     .kind = p->process == LITMUS_MSI ? REORDER_LOCK
							      : REORDER_READ,
			     .loc = REORDER_LOC_IRQ,
			     .span = tok->span,
		     });
}

static void parse_thread(struct parser *p)
{
	const struct lex_token *tok;
	const char *name;
	char right[16];

	p->control = 0;
	p->sections = 0;
	p->side = p->nr_sides = 0;
	p->first_event = p->test->reorder.events.nr;
	parse_process(p);
	tok = p->tok;
	name = want_name(p, "a function 'P0'");
	snprintf(right, sizeof(right), "P%u", p->test->nr_threads);
	if (strcmp(name, right))
		parse_fail_at(p, tok->span, "expected '%s'", right);
	if (p->test->nr_threads == REORDER_THREADS_MAX)
		parse_fail_at(p, tok->span, "too many functions");
	p->locals.nr = 0;
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
	const struct lex_token *tok = p->tok;

	if (lex_is(tok, "device") || lex_is(tok, "msi") || lex_is(tok, "intx"))
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

static void add_memory(const struct litmus *test, struct cdma_text *out)
{
	cdma_text_addf(out, "shared s32 fin[%zu];\n", 2 * test->regs.nr + 1);
	if (!test->has_device) {
		cdma_text_addf(out, "shared s32 mem[%zu];\n",
			       2 * test->locs.nr + 1);
		return;
	}
	cdma_text_add(out, "device dev {\nregs { u32 go;");
	for (size_t i = 0; i < test->locs.nr; i++)
		if (test->locs.at[i].is_register)
			cdma_text_addf(out, " u32 reg_%zu;", i);
	cdma_text_addf(out, " }\nirq line: %s;\n};\n",
		       test->handler == LITMUS_INTX ? "intx" : "msi");
}

static void add_setup(const struct litmus *test, struct cdma_text *out)
{
	cdma_text_add(out, "setup {\n");
	if (test->has_device)
		cdma_text_addf(
			out,
			"coherent mem = dma_alloc_coherent(dev, s32[%zu], "
			"ZEROED);\n"
			"coherent told = dma_alloc_coherent(dev, s32[%zu], "
			"ZEROED);\n",
			2 * test->locs.nr + 1, 2 * test->regs.nr + 1);
	for (size_t i = 0; i < test->locs.nr; i++)
		if (test->locs.at[i].init)
			cdma_text_addf(out,
				       test->has_device
					       ? "WRITE_ONCE(mem[%zu], %lld);\n"
					       : "mem[%zu] = %lld;\n",
				       2 * i, (long long)test->locs.at[i].init);
	if (test->has_device)
		cdma_text_add(out, "writel(1, dev.go);\n");
	cdma_text_add(out, "}\n");
}

static void add_head(struct litmus *test)
{
	struct cdma_text body = test->text;
	struct cdma_text *out = &test->text;

	*out = (struct cdma_text){0};
	cdma_text_add(out, "scenario litmus;\nmemory = weak;\n");
	add_memory(test, out);
	for (size_t i = 0; i < test->locs.nr; i++)
		if (test->locs.at[i].is_lock)
			cdma_text_addf(out, "spinlock lock_%zu;\n", i);
	add_setup(test, out);
	cdma_text_add(out, cdma_text_str(&body));
	cdma_text_fini(&body);
}

/* What orders towards CPUs alone is not counted where there is a device. */
static void forget_smp(struct reorder *reorder)
{
	for (size_t i = 0; i < reorder->events.nr; i++) {
		struct reorder_event *ev = &reorder->events.at[i];

		if (!ev->is_smp)
			continue;
		ev->ordered = false;
		if (ev->kind >= REORDER_MB)
			ev->kind = REORDER_RMB;
	}
}

static void check_device(struct parser *p)
{
	if (!p->test->has_device && p->not_without)
		parse_fail_at(p, p->without_span, "%s", p->not_without);
	if (!p->test->has_device)
		return;
	if (p->not_with)
		parse_fail_at(p, p->with_span, "%s", p->not_with);
	forget_smp(&p->test->reorder);
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
	check_device(p);
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
