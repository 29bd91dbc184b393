/* SPDX-License-Identifier: MIT */
#include "litmus/parse.h"

#include <string.h>

/*
 * The body of a thread: expressions and statements.
 *
 * A dependency is only counted where every way through the thread has it: what
 * is assigned under a condition depends on what both values depend on.
 */

struct local *local_find(struct parser *p, const char *name)
{
	for (size_t i = 0; i < p->locals.nr; i++)
		if (!strcmp(p->locals.at[i].name, name))
			return &p->locals.at[i];
	return NULL;
}

/* smp_mb__before_atomic() is smp_mb() where an atomic operation is next. */
static void check_next(struct parser *p, const struct reorder_event *event)
{
	if (!p->wants_atomic)
		return;
	if (!event->is_atomic ||
	    p->side != cdma_vec_last(&p->test->reorder.events)->side)
		parse_fail_at(p, event->span,
			      "smp_mb__before_atomic() is refused unless what "
			      "follows is an atomic operation");
	p->wants_atomic = false;
}

uint64_t add_event(struct parser *p, struct reorder_event event)
{
	size_t nr = p->test->reorder.events.nr - p->first_event;

	if (nr == REORDER_EVENTS_MAX) {
		parse_fail_at(p, event.span, "too many accesses in one thread");
		return 0;
	}
	check_next(p, &event);
	event.side = p->side;
	event.thread = p->test->nr_threads;
	event.is_data = event.after != 0;
	event.after |= p->control;
	*cdma_vec_push(&p->test->reorder.events) = event;
	return event.kind == REORDER_READ ? (uint64_t)1 << nr : 0;
}

/* herd7 knows r0, r1 and so on undeclared. */
static bool is_register(const char *name)
{
	return name[0] == 'r' && name[1] &&
	       !name[1 + strspn(name + 1, "0123456789")];
}

static struct local *add_register(struct parser *p, const char *name)
{
	struct litmus *test = p->test;

	*cdma_vec_push(&p->locals) =
		(struct local){.name = name, .reg = test->regs.nr};
	*cdma_vec_push(&test->regs) = (struct litmus_reg){
		name, test->nr_threads, p->process == LITMUS_ENGINE};
	return cdma_vec_last(&p->locals);
}

struct local *want_local(struct parser *p)
{
	const struct lex_token *tok = p->tok;
	const char *name;
	struct local *local;

	if (refused(p))
		return NULL;
	if (tok->kind == LEX_NAME && lex_is(tok + 1, "(")) {
		parse_fail_at(p, tok->span, "unknown call '%.*s'",
			      (int)tok->len, tok->text);
		return NULL;
	}
	name = want_name(p, "a register or a parameter");
	local = local_find(p, name);
	if (!local && is_register(name))
		local = add_register(p, name);
	if (!local)
		parse_fail_at(p, tok->span,
			      "no register or parameter is called '%s'", name);
	return local;
}

/* ---- places ---- */

static void pointer(struct parser *p, uint32_t *loc, uint64_t *after)
{
	const struct lex_token *tok;
	struct local *local;

	if (take(p, "(")) {
		if (is_type(p)) {
			skip_type(p);
			want(p, ")");
			pointer(p, loc, after);
			return;
		}
		pointer(p, loc, after);
		want(p, ")");
		return;
	}
	tok = p->tok;
	local = want_local(p);
	if (!local)
		return;
	if (local->is_param && p->test->locs.at[local->loc].is_lock) {
		parse_fail_at(p, tok->span, "'%s' is a lock", local->name);
	} else if (local->is_param &&
		   p->test->locs.at[local->loc].is_register) {
		*loc = (uint32_t)local->loc;
		cdma_text_addf(&p->body, "dev.reg_%zu", local->loc);
		if (p->process != LITMUS_ENGINE)
			parse_fail_at(p, tok->span,
				      "'%s' is a register: a CPU has readl() "
				      "and writel() for it",
				      local->name);
	} else if (local->is_param) {
		*loc = (uint32_t)local->loc;
		cdma_text_addf(&p->body, "mem[%zu]", 2 * local->loc);
	} else {
		*after |= local->after;
		cdma_text_addf(&p->body, "mem[r_%s - %d]", local->name,
			       LITMUS_ADDRESS);
	}
}

void parse_place(struct parser *p, bool is_lvalue, uint32_t *loc,
		 uint64_t *after)
{
	*loc = REORDER_LOC_ANY;
	if (!is_lvalue || want(p, "*"))
		pointer(p, loc, after);
}

/* ---- expressions ---- */

static const char plain[] =
	"a plain access to memory that a device has is not in the language";

/* A device reads and writes what it names, its accesses stay in order. */
static const struct {
	const char *name, *as;
	bool is_lvalue, ordered, by_device;
} reads[] = {
	{"READ_ONCE", "READ_ONCE", true, false, true},
	{"dma_read", "READ_ONCE", true, false, true},
	{"rcu_dereference", "READ_ONCE", true, false, false},
	{"smp_load_acquire", "smp_load_acquire", false, true, false},
	{"atomic_read", "READ_ONCE", false, false, false},
	{"atomic_read_acquire", "smp_load_acquire", false, true, false},
};

static void check_engine(struct parser *p, struct span span, const char *name,
			 bool by_device)
{
	if (p->process == LITMUS_ENGINE && !by_device)
		parse_fail_at(p, span, "'%s' is for CPUs, and this is a device",
			      name);
	if (!strncmp(name, "dma_", 4))
		not_without_device(p, span,
				   "this is a call for memory that a device "
				   "has, and there is no device");
}

static bool marked_read(struct parser *p, uint64_t *after)
{
	struct reorder_event ev = {.kind = REORDER_READ};
	bool is_engine = p->process == LITMUS_ENGINE;
	struct span span = p->tok->span;

	for (size_t i = 0; i < sizeof(reads) / sizeof(reads[0]); i++) {
		if (!take(p, reads[i].name))
			continue;
		want(p, "(");
		check_engine(p, span, reads[i].name, reads[i].by_device);
		if (!is_engine)
			cdma_text_add(&p->body, reads[i].as);
		cdma_text_add(&p->body, "(");
		parse_place(p, reads[i].is_lvalue, &ev.loc, &ev.after);
		want(p, ")");
		cdma_text_add(&p->body, ")");
		ev.ordered = reads[i].ordered || is_engine;
		ev.is_smp = reads[i].ordered;
		ev.span = span;
		*after |= add_event(p, ev);
		return true;
	}
	return false;
}

static void plain_read(struct parser *p, uint64_t *after)
{
	struct reorder_event ev = {
		.kind = REORDER_READ,
		.is_plain = true,
		.span = p->tok->span,
	};

	not_with_device(p, ev.span, plain);
	parse_place(p, true, &ev.loc, &ev.after);
	*after |= add_event(p, ev);
}

static void name(struct parser *p, uint64_t *after)
{
	struct local *local = want_local(p);

	if (!local)
		return;
	if (local->is_param)
		cdma_text_addf(&p->body, "%zu",
			       LITMUS_ADDRESS + 2 * local->loc);
	else
		cdma_text_addf(&p->body, "r_%s", local->name);
	*after |= local->after;
}

static void unary(struct parser *p, uint64_t *after)
{
	static const char *const ops[] = {"-", "!", "~"};

	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (take(p, ops[i])) {
			cdma_text_addf(&p->body, "%s(", ops[i]);
			unary(p, after);
			cdma_text_add(&p->body, ")");
			return;
		}
	if (take(p, "(")) {
		if (is_type(p)) {
			skip_type(p);
			want(p, ")");
			unary(p, after);
			return;
		}
		parse_expression(p, after);
		want(p, ")");
	} else if (p->tok->kind == LEX_NUMBER) {
		cdma_text_addf(&p->body, "%lld", (long long)p->tok->value);
		p->tok++;
	} else if (lex_is(p->tok, "*")) {
		plain_read(p, after);
	} else if (!marked_read(p, after) && !parse_register_read(p, after) &&
		   !parse_atomic(p, after)) {
		name(p, after);
	}
}

static int precedence(const struct lex_token *tok)
{
	static const char *const levels[][4] = {
		{"||"},
		{"&&"},
		{"|"},
		{"^"},
		{"&"},
		{"==", "!="},
		{"<", ">", "<=", ">="},
		{"<<", ">>"},
		{"+", "-"},
		{"*"},
	};

	for (int i = 0; i < (int)(sizeof(levels) / sizeof(levels[0])); i++)
		for (int j = 0; j < 4 && levels[i][j]; j++)
			if (lex_is(tok, levels[i][j]))
				return i;
	return -1;
}

/*
 * Each operation is put in parentheses where it begins, since its left side has
 * been written by then.
 */
static void binary(struct parser *p, int least, uint64_t *after)
{
	size_t start = p->body.len;
	int level;

	unary(p, after);
	while (!p->failed && (level = precedence(p->tok)) >= least) {
		struct cdma_text left = {0};

		cdma_text_add(&left, cdma_text_str(&p->body) + start);
		cdma_text_cut(&p->body, start);
		cdma_text_addf(&p->body, "(%s %.*s ", cdma_text_str(&left),
			       (int)p->tok->len, p->tok->text);
		cdma_text_fini(&left);
		p->tok++;
		binary(p, level + 1, after);
		cdma_text_add(&p->body, ")");
	}
}

void parse_expression(struct parser *p, uint64_t *after)
{
	if (p->failed)
		return;
	if (++p->depth > PARSE_DEPTH_MAX)
		parse_fail_at(p, p->tok->span, "too deep");
	else
		binary(p, 0, after);
	p->depth--;
}

/* ---- statements ---- */

static void assign(struct parser *p, size_t at)
{
	uint64_t after = 0;

	cdma_text_addf(&p->body, "r_%s = ", p->locals.at[at].name);
	parse_expression(p, &after);
	cdma_text_add(&p->body, ";\n");
	p->locals.at[at].after =
		p->ifs ? p->locals.at[at].after & after : after;
}

static void declare(struct parser *p)
{
	do {
		const struct lex_token *tok;
		const char *name;

		while (take(p, "*"))
			;
		tok = p->tok;
		name = want_name(p, "the name of a register");
		if (local_find(p, name))
			parse_fail_at(p, tok->span,
				      "there is another '%s' in this function",
				      name);
		add_register(p, name);
		if (take(p, "="))
			assign(p, p->locals.nr - 1);
	} while (take(p, ","));
	want(p, ";");
}

static const struct {
	const char *name, *as;
	bool is_lvalue, ordered, full;
	const char *by_device; /* NULL: a device cannot */
} writes[] = {
	{"WRITE_ONCE", "WRITE_ONCE", true, false, false, ""},
	{"dma_write", "WRITE_ONCE", true, false, false, ""},
	{"dma_write_relaxed", NULL, true, false, false, "relaxed "},
	{"smp_store_release", "smp_store_release", false, true, false, NULL},
	{"rcu_assign_pointer", "smp_store_release", true, true, false, NULL},
	{"smp_store_mb", "WRITE_ONCE", true, false, true, NULL},
	{"atomic_set", "WRITE_ONCE", false, false, false, NULL},
	{"atomic_set_release", "smp_store_release", false, true, false, NULL},
};

static bool marked_write(struct parser *p)
{
	struct reorder_event ev = {.kind = REORDER_WRITE};
	bool is_engine = p->process == LITMUS_ENGINE;
	struct span span = p->tok->span;

	for (size_t i = 0; i < sizeof(writes) / sizeof(writes[0]); i++) {
		if (!take(p, writes[i].name))
			continue;
		want(p, "(");
		check_engine(p, span, writes[i].name, writes[i].by_device);
		if (!is_engine && !writes[i].as)
			parse_fail_at(p, span, "'%s' is for devices",
				      writes[i].name);
		cdma_text_addf(&p->body, is_engine ? "%s" : "%s(",
			       is_engine ? writes[i].by_device : writes[i].as);
		parse_place(p, writes[i].is_lvalue, &ev.loc, &ev.after);
		want(p, ",");
		cdma_text_add(&p->body, is_engine ? " = " : ", ");
		parse_expression(p, &ev.after);
		want(p, ")");
		cdma_text_add(&p->body, is_engine ? ";\n" : ");\n");
		ev.ordered = writes[i].ordered ||
			     (is_engine && !*writes[i].by_device);
		ev.is_smp = writes[i].ordered;
		ev.span = span;
		add_event(p, ev);
		if (writes[i].full) {
			cdma_text_add(&p->body, "smp_mb();\n");
			add_event(p, (struct reorder_event){.kind = REORDER_MB,
							    .is_smp = true,
							    .span = span});
		}
		return true;
	}
	return false;
}

/* One side of a condition. */
static void side(struct parser *p)
{
	unsigned int sections = p->sections, outer = p->side;
	struct span span = p->tok->span;

	p->side = ++p->nr_sides;
	cdma_text_add(&p->body, "{\n");
	parse_statement(p);
	p->side = outer;
	cdma_text_add(&p->body, "}");
	if (p->sections != sections)
		parse_fail_at(p, span,
			      "a read-side section that a condition opens or "
			      "closes is refused");
}

static void branch(struct parser *p)
{
	uint64_t outer = p->control, after = 0;

	want(p, "(");
	cdma_text_add(&p->body, "if (");
	parse_expression(p, &after);
	want(p, ")");
	cdma_text_add(&p->body, ") ");
	p->control |= after;
	p->ifs++;
	side(p);
	if (take(p, "else")) {
		cdma_text_add(&p->body, " else ");
		side(p);
	}
	cdma_text_add(&p->body, "\n");
	p->ifs--;
	p->control = outer;
}

static void plain_write(struct parser *p)
{
	struct reorder_event ev = {
		.kind = REORDER_WRITE,
		.is_plain = true,
		.span = p->tok->span,
	};

	not_with_device(p, ev.span, plain);
	parse_place(p, true, &ev.loc, &ev.after);
	want(p, "=");
	cdma_text_add(&p->body, " = ");
	parse_expression(p, &ev.after);
	cdma_text_add(&p->body, ";\n");
	add_event(p, ev);
}

static void assignment(struct parser *p)
{
	const struct lex_token *tok = p->tok;
	struct local *local = want_local(p);

	if (!local)
		return;
	if (local->is_param)
		parse_fail_at(p, tok->span, "'%s' is a parameter: write *%s",
			      local->name, local->name);
	if (want(p, "="))
		assign(p, (size_t)(local - p->locals.at));
}

static void block(struct parser *p)
{
	while (!p->failed && !take(p, "}"))
		parse_statement(p);
}

void parse_statement(struct parser *p)
{
	if (p->failed)
		return;
	if (++p->depth > PARSE_DEPTH_MAX) {
		parse_fail_at(p, p->tok->span, "too deep");
	} else if (take(p, "{")) {
		block(p);
	} else if (take(p, "if")) {
		branch(p);
	} else if (is_type(p)) {
		p->tok++;
		declare(p);
	} else if (!take(p, ";")) {
		if (lex_is(p->tok, "*"))
			plain_write(p);
		else if (!marked_write(p) && !parse_call(p))
			assignment(p);
		want(p, ";");
	}
	p->depth--;
}
