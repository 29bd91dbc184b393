/* SPDX-License-Identifier: MIT */
#include "script/parse.h"

#include <string.h>

/*
 * Items that a variant can have, too: the memory, the contract, the timeouts,
 * the machine, expectations, faults.
 */

static void want_assign(struct parser *p)
{
	if (!parse_is(p, TOKEN_ASSIGN) || p->tok->op)
		parse_fail(p, parse_span(p), "expected '='");
	parse_take(p, TOKEN_ASSIGN);
}

void parse_memory(struct parser *p, struct item *item)
{
	want_assign(p);
	item->weak = parse_is_word(p, KW_WEAK);
	if (!parse_take_word(p, KW_WEAK) && !parse_take_word(p, KW_STRONG))
		parse_fail(p, parse_span(p), "expected 'strong' or 'weak'");
}

void parse_contract(struct parser *p, struct item *item)
{
	want_assign(p);
	item->contract =
		parse_is_word(p, KW_C) ? CDMA_CONTRACT_C : CDMA_CONTRACT_RUST;
	if (!parse_take_word(p, KW_C) && !parse_take_word(p, KW_RUST))
		parse_fail(p, parse_span(p), "expected 'c' or 'rust'");
}

void parse_timeouts(struct parser *p, struct item *item)
{
	want_assign(p);
	item->early = parse_is_word(p, KW_EARLY);
	if (!parse_take_word(p, KW_EARLY) && !parse_take_word(p, KW_LATE))
		parse_fail(p, parse_span(p), "expected 'early' or 'late'");
}

/* A name, or a text with more. */
void parse_machine(struct parser *p, struct item *item)
{
	want_assign(p);
	item->name.span = parse_span(p);
	if (parse_is(p, TOKEN_STRING)) {
		item->text = parse_string(p, "a machine");
		return;
	}
	item->name = parse_name(p, "a machine");
	item->text = item->name.text;
}

/* "[i=2]": turns of the loops that a label is in. */
static struct turn_ref *parse_turns(struct parser *p)
{
	struct turn_ref *first = NULL, **tail = &first;

	while (parse_take(p, TOKEN_LBRACKET)) {
		*tail = parse_new(p, struct turn_ref);
		(*tail)->name = parse_name(p, "the variable of a loop");
		if (!p->panic && (!parse_is(p, TOKEN_ASSIGN) || p->tok->op))
			parse_fail(p, parse_span(p), "expected '='");
		parse_take(p, TOKEN_ASSIGN);
		(*tail)->value = parse_expr(p);
		parse_want(p, TOKEN_RBRACKET, "after the turn of the loop");
		tail = &(*tail)->next;
	}
	return first;
}

static void want_word(struct parser *p, enum keyword keyword)
{
	if (!p->panic && !parse_take_word(p, keyword))
		parse_fail(p, parse_span(p), "expected '%s'",
			   keyword_text(keyword));
}

/* "under faults each": whatever fails. */
static enum fault_mode parse_under(struct parser *p)
{
	if (!parse_take_word(p, KW_UNDER))
		return FAULTS_AS_SAID;
	want_word(p, KW_FAULTS);
	if (parse_take_word(p, KW_EACH))
		return FAULTS_EACH;
	if (!p->panic && !parse_take_word(p, KW_PAIRS))
		parse_fail(p, parse_span(p), "expected 'each' or 'pairs'");
	return FAULTS_PAIRS;
}

/* What is expected of the run, not of the findings; false: neither. */
static bool parse_state(struct parser *p, struct expect_ref *e)
{
	if (parse_take_word(p, KW_NOTHING)) {
		e->when = EXPECT_NOTHING;
		e->under = parse_under(p);
		return true;
	}
	if (parse_take_word(p, KW_UNREACHED)) {
		e->when = EXPECT_UNREACHED;
		e->at = parse_name(p, "a label");
		return true;
	}
	if (parse_take_word(p, KW_SETUP)) {
		e->when = EXPECT_SETUP;
		e->error = parse_expr(p);
		return true;
	}
	return false;
}

/* "in cp_rx_skb", and not "in explore". */
static bool take_in(struct parser *p)
{
	return p->tok[1].id != KW_EXPLORE && parse_take_word(p, KW_IN);
}

/* Behind a function of C: what stands in the line. */
static const char *parse_line_text(struct parser *p)
{
	return parse_is(p, TOKEN_STRING) ? parse_string(p, "a line") : NULL;
}

void parse_expect(struct parser *p, struct item *item)
{
	struct expect_ref *e = parse_new(p, struct expect_ref);

	item->expect = e;
	if (parse_state(p, e))
		return;
	if (parse_take_word(p, KW_ALWAYS))
		e->when = EXPECT_ALWAYS;
	else if (parse_take_word(p, KW_NEVER))
		e->when = EXPECT_NEVER;
	e->finding = parse_name(p, "a finding or 'nothing'");
	if (parse_take_word(p, KW_OF))
		e->of = parse_name(p, "the name of a buffer");
	if (parse_take_word(p, KW_AT) || take_in(p)) {
		e->at = parse_name(p, "a label");
		e->at_turns = parse_turns(p);
		e->at_text = parse_line_text(p);
	}
	if (parse_take_word(p, KW_AGAINST)) {
		e->against = parse_name(p, "a label");
		e->against_turns = parse_turns(p);
		e->against_text = parse_line_text(p);
	}
	if (parse_take_word(p, KW_IN)) {
		e->in_explore = true;
		want_word(p, KW_EXPLORE);
	}
	e->under = parse_under(p);
	if (parse_take(p, TOKEN_COMMA)) {
		e->then_anything = true;
		want_word(p, KW_THEN);
		want_word(p, KW_ANYTHING);
	}
}

/* Whether a name comes that is no word of a fault. */
static bool is_more_of_it(const struct parser *p)
{
	return parse_is(p, TOKEN_NAME) && !parse_is_word(p, KW_OF) &&
	       !parse_is_word(p, KW_EVERY) && !parse_is_word(p, KW_AT) &&
	       !parse_is_word(p, KW_WITH) && !parse_is_word(p, KW_IN) &&
	       !parse_is_word(p, KW_AFTER);
}

/* "nic drop write", or "dma_alloc". */
static void parse_site(struct parser *p, struct fail_ref *f)
{
	f->site = parse_name(p, "what shall fail");
	if (!is_more_of_it(p))
		return;
	f->device = f->site;
	f->site = parse_name(p, "what the device does");
	if (is_more_of_it(p))
		f->what = parse_name(p, "what it does that to");
}

/* "at field len", or "at" and a label. */
static void parse_place(struct parser *p, struct fail_ref *f)
{
	if (parse_take_word(p, KW_BYTE))
		f->byte = parse_expr(p);
	else if (parse_take_word(p, KW_BIT))
		f->bit = parse_expr(p);
	else if (parse_take_word(p, KW_FIELD))
		f->field = parse_name(p, "the name of a field");
	else
		f->label = parse_name(p, "'field', 'byte', 'bit' or a label");
}

/* "fail-nth", as the kernel has it, is two names and a minus. */
static struct name parse_attr_name(struct parser *p)
{
	struct name name = parse_name(p, "an attribute, as in "
					 "'probability=10'");
	struct name nth;

	if (p->panic || name.id != KW_FAIL || !parse_is_op(p, OP_SUB))
		return name;
	parse_take(p, TOKEN_OPERATOR);
	nth = parse_name(p, "'nth'");
	name.span = span_join(name.span, nth.span);
	if (!p->panic)
		name.text = strcmp(nth.text, "nth") ? "fail-" : "fail_nth";
	return name;
}

/* ", probability=10, times=-1". */
static void parse_attrs(struct parser *p, struct fail_ref *f)
{
	struct attr_ref **tail = &f->attrs;

	while (!p->panic && parse_take(p, TOKEN_COMMA)) {
		*tail = parse_new(p, struct attr_ref);
		(*tail)->name = parse_attr_name(p);
		want_assign(p);
		(*tail)->value = parse_expr(p);
		tail = &(*tail)->next;
	}
}

/* What may be said of a fault after its name; false: nothing more. */
static bool parse_clause(struct parser *p, struct fail_ref *f)
{
	if (parse_take_word(p, KW_AT))
		parse_place(p, f);
	else if (parse_take_word(p, KW_IN))
		f->in = parse_name(p, "the name of a thread");
	else if (parse_take_word(p, KW_AFTER))
		f->after = parse_name(p, "a label");
	else
		return false;
	return !p->panic;
}

static struct fail_ref *parse_any_fault(struct parser *p, struct item *item)
{
	struct fail_ref *f = parse_new(p, struct fail_ref);

	item->fail = f;
	parse_site(p, f);
	if (parse_take_word(p, KW_OF))
		f->of = parse_name(p, "the name of a buffer");
	if (parse_take(p, TOKEN_HASH))
		f->when = FAIL_NTH;
	else if (parse_take_word(p, KW_EVERY))
		f->when = FAIL_EVERY;
	if (f->when)
		f->nr = parse_expr(p);
	while (parse_clause(p, f))
		;
	if (parse_take_word(p, KW_WITH))
		f->with = parse_expr(p);
	parse_attrs(p, f);
	return f;
}

void parse_failure(struct parser *p, struct item *item)
{
	const struct fail_ref *f = parse_any_fault(p, item);

	if (!p->panic && f->device.text)
		parse_fail(p, f->device.span,
			   "calls fail; of a device write 'fault %s %s%s%s'",
			   f->device.text, f->site.text,
			   f->what.text ? " " : "",
			   f->what.text ? f->what.text : "");
}

void parse_device_fault(struct parser *p, struct item *item)
{
	const struct fail_ref *f = parse_any_fault(p, item);

	if (!p->panic && !f->device.text)
		parse_fail(p, f->site.span,
			   "a fault is of a device, as in 'fault nic drop "
			   "write'; calls fail: 'fail dma_alloc'");
}

struct item *parse_fault(struct parser *p)
{
	struct item *item = parse_new_item(p, ITEM_FAIL);
	const struct fail_ref *f = parse_any_fault(p, item);

	if (!p->panic && f->device.id == KW_FAULT && f->what.text &&
	    parse_is(p, TOKEN_NAME))
		parse_fail(p, f->device.span,
			   "leave out the word 'fault': what follows it is "
			   "enough here");
	item->span = parse_since(p, item->span);
	return item;
}
