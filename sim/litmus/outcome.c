/* SPDX-License-Identifier: MIT */
#include "litmus/parse.h"

#include <stdlib.h>
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
	size_t nr = p->test->regs.nr, reg = reg_of(p, thread, name);

	if (reg == nr && !p->is_locations)
		parse_fail_at(p, span, "P%u has no register '%s'", thread,
			      name);
	return reg;
}

/* "0:r1"; a name, where "P0" is a thread as well. */
static bool at_reg(const struct parser *p, unsigned int *thread)
{
	const struct lex_token *tok = p->tok;

	if (p->failed || !lex_is(tok + 1, ":"))
		return false;
	if (tok->kind == LEX_NUMBER) {
		*thread = (unsigned int)tok->value;
		return true;
	}
	*thread = (unsigned int)atoi(tok->text + 1);
	return tok->kind == LEX_NAME && tok->text[0] == 'P' && tok->len > 1;
}

/* "0:r1", "x", "*x" or "[x]" */
static struct litmus_shown want_shown(struct parser *p)
{
	const struct lex_token *tok = p->tok;
	struct litmus_shown shown = {0};
	size_t before = p->test->locs.nr;
	bool bracket = take(p, "[");
	unsigned int thread;

	if (!bracket)
		take(p, "*");
	if (at_reg(p, &thread)) {
		p->tok += 2;
		shown.is_reg = true;
		shown.at = want_reg(p, thread, tok->span);
	} else {
		tok = p->tok;
		shown.at = loc_of(p, want_name(p, "a register or a location"));
		if (p->test->locs.nr > before)
			parse_fail_at(p, tok->span,
				      "no location is called '%.*s'",
				      (int)tok->len, tok->text);
	}
	if (bracket)
		want(p, "]");
	if (!shown.is_reg && !p->failed &&
	    p->test->locs.at[shown.at].is_register)
		parse_fail_at(p, tok->span,
			      "'%.*s' is a register, which has no last value",
			      (int)tok->len, tok->text);
	if (!p->failed && !p->is_filter)
		show(p, shown.is_reg, shown.at);
	return shown;
}

static struct litmus_term *either(struct parser *p);

/* "0:r1=1:r2" compares two places; "0:r1=x" with the address of one. */
static void want_right(struct parser *p, struct litmus_term *term)
{
	size_t nr = p->test->locs.nr;
	struct span span = p->tok->span;
	unsigned int thread;

	if (at_reg(p, &thread) || lex_is(p->tok, "[") || lex_is(p->tok, "*")) {
		term->is_other = true;
		term->other = want_shown(p);
		return;
	}
	term->value = want_value(p);
	if (p->test->locs.nr > nr)
		parse_fail_at(p, span, "no location is called '%s'",
			      cdma_vec_last(&p->test->locs)->name);
}

static struct litmus_term *atom(struct parser *p)
{
	struct litmus_term *term = new_term(p, TERM_IS, NULL, NULL);

	if (take(p, "true")) {
		term->kind = TERM_TRUE;
		return term;
	}
	if (take(p, "false")) {
		term->kind = TERM_TRUE;
		return new_term(p, TERM_NOT, term, NULL);
	}
	term->place = want_shown(p);
	term->differs = take(p, "!=");
	if (!term->differs && !take(p, "=="))
		want(p, "=");
	want_right(p, term);
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

static struct litmus_term *any(struct parser *p)
{
	struct litmus_term *term = both(p);

	while (take(p, "\\/"))
		term = new_term(p, TERM_OR, term, both(p));
	return term;
}

static struct litmus_term *either(struct parser *p)
{
	struct litmus_term *term = any(p);

	if (take(p, "=>"))
		term = new_term(p, TERM_IMPLIES, term, either(p));
	return term;
}

static void locations(struct parser *p)
{
	p->is_locations = true;
	want(p, "[");
	while (!p->failed && !take(p, "]")) {
		want_shown(p);
		/* It may say how it is to be printed. */
		take_type(p);
		while (take(p, "*"))
			;
		if (!lex_is(p->tok, "]"))
			want(p, ";");
	}
	p->is_locations = false;
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

/* What it looks at is not shown for that. */
static struct litmus_term *filter(struct parser *p)
{
	struct litmus_term *term;

	p->is_filter = true;
	term = either(p);
	p->is_filter = false;
	return term;
}

/* Whatever stands behind the condition is not for us. */
void parse_outcome(struct parser *p)
{
	struct litmus *test = p->test;

	for (;;)
		if (take(p, "locations"))
			locations(p);
		else if (take(p, "filter"))
			test->filter = filter(p);
		else
			break;
	if (take(p, "forall"))
		test->quantifier = LITMUS_FORALL;
	else if (take(p, "~"))
		test->quantifier = LITMUS_NOT_EXISTS;
	if (test->quantifier != LITMUS_FORALL && !take(p, "exists"))
		parse_fail_at(p, p->tok->span,
			      "expected 'exists', '~exists' or 'forall'");
	test->condition = either(p);
	if (!p->failed && lex_is(p->tok, "/\\"))
		parse_fail_at(p, p->tok->span, "expected the end of the test");
	sort_shown(test);
}

/* ---- of a state ---- */

static enum litmus_truth is(const struct litmus_term *term,
			    litmus_value_fn *value, const void *aux)
{
	int64_t left, right = term->value;

	if (!value(aux, term->place, &left) ||
	    (term->is_other && !value(aux, term->other, &right)))
		return LITMUS_UNKNOWN;
	return (left == right) != term->differs ? LITMUS_TRUE : LITMUS_FALSE;
}

static enum litmus_truth not(enum litmus_truth truth) {
	return (enum litmus_truth)(LITMUS_TRUE - truth);
}

enum litmus_truth litmus_holds(const struct litmus_term *term,
			       litmus_value_fn *value, const void *aux)
{
	enum litmus_truth a, b;

	if (term->kind == TERM_TRUE)
		return LITMUS_TRUE;
	if (term->kind == TERM_IS)
		return is(term, value, aux);
	a = litmus_holds(term->a, value, aux);
	if (term->kind == TERM_NOT)
		return not(a);
	b = litmus_holds(term->b, value, aux);
	if (term->kind == TERM_AND)
		return a < b ? a : b;
	if (term->kind == TERM_IMPLIES)
		a = not(a);
	return a > b ? a : b;
}

/* ---- as text ---- */

void litmus_add_value(struct cdma_text *out, const struct litmus *test,
		      int64_t value)
{
	uint32_t loc;

	if (value == LITMUS_THIN_AIR)
		cdma_text_addc(out, 'S');
	else if (litmus_loc_at(test, value, &loc))
		cdma_text_add(out, test->locs.at[loc].name);
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

static bool is_pair(const struct litmus_term *term)
{
	return term->kind == TERM_AND || term->kind == TERM_OR ||
	       term->kind == TERM_IMPLIES;
}

static void add_term(struct cdma_text *out, const struct litmus *test,
		     const struct litmus_term *term, enum litmus_term_kind in)
{
	static const char *const words[] = {
		[TERM_AND] = " /\\ ",
		[TERM_OR] = " \\/ ",
		[TERM_IMPLIES] = " => ",
	};

	switch (term->kind) {
	case TERM_AND:
	case TERM_OR:
	case TERM_IMPLIES:
		cdma_text_add(out, term->kind == in ? "" : "(");
		add_term(out, test, term->a, term->kind);
		cdma_text_add(out, words[term->kind]);
		add_term(out, test, term->b, term->kind);
		cdma_text_add(out, term->kind == in ? "" : ")");
		break;
	case TERM_NOT:
		cdma_text_add(out, is_pair(term->a) ? "not " : "not (");
		add_term(out, test, term->a, TERM_NOT);
		cdma_text_add(out, is_pair(term->a) ? "" : ")");
		break;
	case TERM_IS:
		litmus_add_shown(out, test, term->place);
		cdma_text_add(out, term->differs ? "!=" : "=");
		if (term->is_other)
			litmus_add_shown(out, test, term->other);
		else
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
	bool pair = is_pair(test->condition);

	cdma_text_addf(out, "%s %s", words[test->quantifier], pair ? "" : "(");
	add_term(out, test, test->condition, TERM_NOT);
	cdma_text_add(out, pair ? "" : ")");
}
