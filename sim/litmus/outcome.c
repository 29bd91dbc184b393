/* SPDX-License-Identifier: MIT */
#include "litmus/parse.h"

#include <string.h>

/*
 * What is asked of the final states: filter, locations, and the condition.
 */

static struct litmus_term *new_term(struct parser *p,
				    enum litmus_term_kind kind,
				    struct litmus_term *a,
				    struct litmus_term *b)
{
	struct litmus_term *term =
		cdma_arena_alloc(&p->test->arena, sizeof(*term));

	*term = (struct litmus_term){.kind = kind, .a = a, .b = b};
	return term;
}

static void show(struct parser *p, bool is_reg, size_t at)
{
	struct litmus *test = p->test;

	for (size_t i = 0; i < test->shown.nr; i++)
		if (test->shown.at[i].is_reg == is_reg &&
		    test->shown.at[i].at == at)
			return;
	*cdma_vec_push(&test->shown) = (struct litmus_shown){is_reg, at};
}

static size_t want_reg(struct parser *p, unsigned int thread, struct span span)
{
	const char *name = want_name(p, "a register");
	const struct litmus *test = p->test;

	for (size_t i = 0; i < test->regs.nr; i++)
		if (test->regs.at[i].thread == thread &&
		    !strcmp(test->regs.at[i].name, name))
			return i;
	parse_fail_at(p, span, "P%u has no register '%s'", thread, name);
	return 0;
}

/* "0:r1", "x", "*x" or "[x]" */
static struct litmus_shown want_shown(struct parser *p)
{
	const struct lex_token *tok = p->tok;
	struct litmus_shown shown = {0};
	size_t before = p->test->locs.nr;
	bool bracket;

	if (tok->kind == LEX_NUMBER && !p->failed) {
		p->tok++;
		want(p, ":");
		shown.is_reg = true;
		shown.at = want_reg(p, (unsigned int)tok->value, tok->span);
	} else {
		bracket = take(p, "[");
		if (!bracket)
			take(p, "*");
		tok = p->tok;
		shown.at = loc_of(p, want_name(p, "a register or a location"));
		if (bracket)
			want(p, "]");
		if (p->test->locs.nr > before)
			parse_fail_at(p, tok->span,
				      "no location is called '%.*s'",
				      (int)tok->len, tok->text);
	}
	if (!shown.is_reg && !p->failed &&
	    p->test->locs.at[shown.at].is_register)
		parse_fail_at(p, tok->span,
			      "'%.*s' is a register, which has no last value",
			      (int)tok->len, tok->text);
	if (!p->failed)
		show(p, shown.is_reg, shown.at);
	return shown;
}

static struct litmus_term *either(struct parser *p);

static struct litmus_term *atom(struct parser *p)
{
	struct litmus_term *term = new_term(p, TERM_IS, NULL, NULL);
	struct litmus_shown shown;
	size_t nr;
	struct span span;

	if (take(p, "true")) {
		term->kind = TERM_TRUE;
		return term;
	}
	shown = want_shown(p);
	term->differs = take(p, "!=");
	if (!term->differs && !take(p, "=="))
		want(p, "=");
	nr = p->test->locs.nr;
	span = p->tok->span;
	term->is_reg = shown.is_reg;
	term->at = shown.at;
	term->value = want_value(p);
	if (p->test->locs.nr > nr)
		parse_fail_at(p, span, "no location is called '%s'",
			      cdma_vec_last(&p->test->locs)->name);
	return term;
}

static struct litmus_term *one(struct parser *p)
{
	struct litmus_term *term;

	if (p->failed || ++p->depth > PARSE_DEPTH_MAX) {
		parse_fail_at(p, p->tok->span, "too deep");
		return new_term(p, TERM_TRUE, NULL, NULL);
	}
	if (take(p, "~") || take(p, "not")) {
		term = new_term(p, TERM_NOT, one(p), NULL);
	} else if (take(p, "(")) {
		term = either(p);
		want(p, ")");
	} else {
		term = atom(p);
	}
	p->depth--;
	return term;
}

static struct litmus_term *both(struct parser *p)
{
	struct litmus_term *term = one(p);

	while (take(p, "/\\"))
		term = new_term(p, TERM_AND, term, one(p));
	return term;
}

static struct litmus_term *either(struct parser *p)
{
	struct litmus_term *term = both(p);

	while (take(p, "\\/"))
		term = new_term(p, TERM_OR, term, both(p));
	return term;
}

static void locations(struct parser *p)
{
	want(p, "[");
	while (!p->failed && !take(p, "]")) {
		want_shown(p);
		if (!lex_is(p->tok, "]"))
			want(p, ";");
	}
}

static int compare(const struct litmus *test, struct litmus_shown a,
		   struct litmus_shown b)
{
	const struct litmus_reg *ra, *rb;

	if (a.is_reg != b.is_reg)
		return a.is_reg ? -1 : 1;
	if (!a.is_reg)
		return strcmp(test->locs.at[a.at].name,
			      test->locs.at[b.at].name);
	ra = &test->regs.at[a.at];
	rb = &test->regs.at[b.at];
	if (ra->thread != rb->thread)
		return ra->thread < rb->thread ? -1 : 1;
	return strcmp(ra->name, rb->name);
}

static void sort_shown(struct litmus *test)
{
	for (size_t i = 1; i < test->shown.nr; i++)
		for (size_t j = i; j > 0; j--) {
			struct litmus_shown *at = &test->shown.at[j];
			struct litmus_shown swap = *at;

			if (compare(test, at[-1], swap) <= 0)
				break;
			*at = at[-1];
			at[-1] = swap;
		}
}

void parse_outcome(struct parser *p)
{
	struct litmus *test = p->test;

	for (;;)
		if (take(p, "locations"))
			locations(p);
		else if (take(p, "filter"))
			test->filter = one(p);
		else
			break;
	if (take(p, "forall"))
		test->quantifier = LITMUS_FORALL;
	else if (take(p, "~"))
		test->quantifier = LITMUS_NOT_EXISTS;
	if (test->quantifier != LITMUS_FORALL && !take(p, "exists"))
		parse_fail_at(p, p->tok->span,
			      "expected 'exists', '~exists' or 'forall'");
	test->condition = one(p);
	if (!p->failed && p->tok->kind != LEX_END)
		parse_fail_at(p, p->tok->span, "expected the end of the test");
	sort_shown(test);
}

/* ---- as text ---- */

void litmus_add_value(struct cdma_text *out, const struct litmus *test,
		      int64_t value)
{
	int64_t at = value - LITMUS_ADDRESS;

	if (at >= 0 && at % 2 == 0 && at / 2 < (int64_t)test->locs.nr)
		cdma_text_add(out, test->locs.at[at / 2].name);
	else
		cdma_text_addf(out, "%lld", (long long)value);
}

void litmus_add_shown(struct cdma_text *out, const struct litmus *test,
		      struct litmus_shown shown)
{
	if (shown.is_reg)
		cdma_text_addf(out, "%u:%s", test->regs.at[shown.at].thread,
			       test->regs.at[shown.at].name);
	else
		cdma_text_addf(out, "[%s]", test->locs.at[shown.at].name);
}

static void add_term(struct cdma_text *out, const struct litmus *test,
		     const struct litmus_term *term, enum litmus_term_kind in)
{
	bool pair = term->kind == TERM_AND || term->kind == TERM_OR;

	switch (term->kind) {
	case TERM_AND:
	case TERM_OR:
		cdma_text_add(out, term->kind == in ? "" : "(");
		add_term(out, test, term->a, term->kind);
		cdma_text_add(out, term->kind == TERM_AND ? " /\\ " : " \\/ ");
		add_term(out, test, term->b, term->kind);
		cdma_text_add(out, term->kind == in ? "" : ")");
		break;
	case TERM_NOT:
		pair = term->a->kind == TERM_AND || term->a->kind == TERM_OR;
		cdma_text_add(out, pair ? "not " : "not (");
		add_term(out, test, term->a, TERM_NOT);
		cdma_text_add(out, pair ? "" : ")");
		break;
	case TERM_IS:
		litmus_add_shown(out, test,
				 (struct litmus_shown){term->is_reg, term->at});
		cdma_text_add(out, term->differs ? "!=" : "=");
		litmus_add_value(out, test, term->value);
		break;
	case TERM_TRUE:
		cdma_text_add(out, "true");
		break;
	}
}

void litmus_add_condition(struct cdma_text *out, const struct litmus *test)
{
	static const char *const words[] = {"exists", "~exists", "forall"};
	bool pair = test->condition->kind == TERM_AND ||
		    test->condition->kind == TERM_OR;

	cdma_text_addf(out, "%s %s", words[test->quantifier], pair ? "" : "(");
	add_term(out, test, test->condition, TERM_NOT);
	cdma_text_add(out, pair ? "" : ")");
}
