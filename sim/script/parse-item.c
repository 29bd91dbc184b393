/* SPDX-License-Identifier: MIT */
#include "script/parse.h"

#include "script/private.h"

#include "base/macros.h"
#include "base/suggest.h"

#include <string.h>

struct item *parse_new_item(struct parser *p, enum item_kind kind)
{
	struct item *item = parse_new(p, struct item);

	item->kind = kind;
	item->span = parse_span(p);
	return item;
}

/* "= expr" */
static struct expr *parse_value(struct parser *p)
{
	if (p->panic)
		return NULL;
	if (!parse_is(p, TOKEN_ASSIGN) || p->tok->op) {
		parse_fail(p, parse_span(p), "expected '='");
		return NULL;
	}
	p->tok++;
	return parse_expr(p);
}

const char *parse_string(struct parser *p, const char *what)
{
	struct cdma_text all = {0};
	const char *text;

	if (p->panic)
		return NULL;
	if (!parse_is(p, TOKEN_STRING)) {
		parse_fail(p, parse_span(p), "expected %s in \"\"", what);
		return NULL;
	}
	for (; parse_is(p, TOKEN_STRING); p->tok++)
		cdma_text_add(&all, parse_text(p, p->tok->id));
	text = parse_text(p, names_intern(&p->script->names,
					  cdma_text_str(&all), all.len));
	cdma_text_fini(&all);
	return text;
}

static void parse_scenario(struct parser *p, struct item *item)
{
	item->name = parse_name(p, "the name of the scenario");
	if (parse_is(p, TOKEN_STRING))
		item->text = parse_string(p, "a title");
}

static void parse_source(struct parser *p, struct item *item)
{
	item->text = parse_string(p, "the place where the bug comes from");
}

static void parse_include_item(struct parser *p, struct item *item)
{
	if (parse_is_op(p, OP_LT)) {
		parse_fail(p, parse_span(p), "write 'include \"file.dma\";'");
		return;
	}
	item->text = parse_string(p, "a file");
}

static void parse_param(struct parser *p, struct item *item)
{
	item->name = parse_name(p, "the name of the param");
	item->value = parse_value(p);
}

/* One item a name: those before the last go to the list at once. */
static void parse_const(struct parser *p, struct item *item)
{
	parse_param(p, item);
	while (parse_take(p, TOKEN_COMMA)) {
		struct item *done = parse_new_item(p, ITEM_CONST);

		*done = *item;
		done->span = parse_since(p, item->span);
		*p->tail = done;
		p->tail = &done->next;
		item->span = parse_span(p);
		parse_param(p, item);
	}
}

static struct irq_ref *parse_irq_ref(struct parser *p)
{
	struct irq_ref *irq = parse_new(p, struct irq_ref);

	irq->name = parse_name(p, "the name of the interrupt");
	parse_want(p, TOKEN_COLON, "after the name of the interrupt");
	irq->level = parse_is_word(p, KW_LEVEL);
	irq->wire = irq->level || parse_is_word(p, KW_INTX);
	if (!parse_take_word(p, KW_INTX) && !parse_take_word(p, KW_MSI) &&
	    !parse_take_word(p, KW_LEVEL))
		parse_fail(p, parse_span(p),
			   "expected 'msi', 'intx' or 'level'");
	return irq;
}

static void parse_device_part(struct parser *p, struct item *item)
{
	struct option **opt = &item->opts;
	struct irq_ref **irq = &item->irqs;

	if (parse_is_word(p, KW_REGS) && p->tok[1].kind == TOKEN_LBRACE) {
		if (item->fields)
			parse_fail(p, parse_span(p),
				   "a device has one list of registers");
		p->tok++;
		item->fields = parse_fields(p, true);
		parse_take(p, TOKEN_SEMICOLON);
		return;
	}
	if (parse_is_reaction(p)) {
		parse_reaction(p, item);
		return;
	}
	if (parse_is_word(p, KW_IRQ) && p->tok[1].kind == TOKEN_NAME) {
		while (*irq)
			irq = &(*irq)->next;
		p->tok++;
		*irq = parse_irq_ref(p);
	} else {
		while (*opt)
			opt = &(*opt)->next;
		*opt = parse_new(p, struct option);
		(*opt)->name = parse_name(p, "an option of the device");
		(*opt)->value = parse_value(p);
	}
	parse_want_end(p, "the option");
}

static void parse_device(struct parser *p, struct item *item)
{
	item->name = parse_name(p, "the name of the device");
	if (!parse_take(p, TOKEN_LBRACE))
		return;
	while (!p->panic && !parse_is(p, TOKEN_RBRACE))
		parse_device_part(p, item);
	parse_want(p, TOKEN_RBRACE, "after the device");
}

static void parse_shared(struct parser *p, struct item *item)
{
	item->ref = parse_stars(p, parse_type_name(p));
	item->name = parse_name(p, "a name");
	item->len = parse_len(p);
	if (parse_is(p, TOKEN_ASSIGN))
		item->value = parse_value(p);
}

static void parse_named(struct parser *p, struct item *item)
{
	item->name = parse_name(p, "a name");
}

void parse_may_fail(struct parser *p, struct item *item)
{
	if (!parse_take_word(p, KW_MAY))
		return;
	if (!p->panic && !parse_take_word(p, KW_FAIL))
		parse_fail(p, parse_span(p), "expected 'fail'");
	item->may_fail = parse_expr(p);
}

static void parse_fn(struct parser *p, struct item *item)
{
	struct param **tail = &item->params;

	item->name = parse_name(p, "the name of the function");
	p->tok->role = ROLE_CALL;
	parse_want(p, TOKEN_LPAREN, "after the name of the function");
	while (!p->panic && !parse_is(p, TOKEN_RPAREN)) {
		*tail = parse_new(p, struct param);
		(*tail)->name = parse_name(p, "the name of a parameter");
		tail = &(*tail)->next;
		item->nr_params++;
		if (parse_is(p, TOKEN_NAME) || parse_is_op(p, OP_MUL)) {
			parse_fail(p, parse_span(p),
				   "a parameter is a name without a type");
			return;
		}
		if (!parse_take(p, TOKEN_COMMA))
			break;
	}
	parse_want(p, TOKEN_RPAREN, "after the parameters");
	parse_may_fail(p, item);
	item->body = parse_block(p);
}

static void parse_section(struct parser *p, struct item *item)
{
	item->body = parse_block(p);
}

static void want_on(struct parser *p)
{
	if (!p->panic && !parse_take_word(p, KW_ON))
		parse_fail(p, parse_span(p), "expected 'on'");
}

static void parse_thread(struct parser *p, struct item *item)
{
	item->name = parse_name(p, "the name of the thread");
	want_on(p);
	item->on = parse_name(p, "'cpu' or a device");
	if (parse_take_word(p, KW_CORE))
		item->core = parse_name(p, "a device");
	item->body = parse_block(p);
}

static void parse_irq(struct parser *p, struct item *item)
{
	item->name = parse_name(p, "the name of the handler");
	want_on(p);
	item->on = parse_name(p, "a device");
	parse_want(p, TOKEN_DOT, "between device and interrupt");
	item->irq = parse_name(p, "an interrupt");
	item->body = parse_block(p);
}

static void parse_handler(struct parser *p, struct item *item)
{
	item->name = parse_name(p, "the name of the handler");
	if (parse_take_word(p, KW_MAX))
		item->value = parse_expr(p);
	item->body = parse_block(p);
}

static void parse_revocable(struct parser *p, struct item *item)
{
	item->name = parse_name(p, "the name of what is revoked");
	item->body = parse_block(p);
}

static void parse_devres(struct parser *p, struct item *item)
{
	item->name = parse_name(p, "the name of the resource");
	want_on(p);
	item->on = parse_name(p, "a device");
	item->body = parse_block(p);
}

/* It goes by the word that it begins with. */
static void parse_drvdata(struct parser *p, struct item *item)
{
	p->tok--;
	item->name = parse_name(p, "'drvdata'");
	want_on(p);
	item->on = parse_name(p, "a device");
	item->body = parse_block(p);
}

static void parse_variant(struct parser *p, struct item *item);

/* One line a kind of item. */
static const struct item_rule {
	uint32_t keyword;
	enum item_kind kind;
	bool semicolon; /* ends in one */
	bool in_variant;
	const char *what; /* "expected ';' after ..." */
	void (*parse)(struct parser *p, struct item *item);
} rules[] = {
	{KW_SCENARIO, ITEM_SCENARIO, true, false, "the title", parse_scenario},
	{KW_SOURCE, ITEM_SOURCE, true, false, "the source", parse_source},
	{KW_INCLUDE, ITEM_INCLUDE, true, false, "the file", parse_include_item},
	{KW_PARAM, ITEM_PARAM, true, false, "the param", parse_param},
	{KW_CONST, ITEM_CONST, true, false, "the constant", parse_const},
	{KW_ENUM, ITEM_ENUM, true, false, "the enum", parse_enum},
	{KW_STRUCT, ITEM_STRUCT, true, false, "the struct", parse_struct},
	{KW_UNION, ITEM_STRUCT, true, false, "the union", parse_struct},
	{KW_DEVICE, ITEM_DEVICE, true, false, "the device", parse_device},
	{KW_SHARED, ITEM_SHARED, true, false, "the declaration", parse_shared},
	{KW_SPINLOCK, ITEM_SPINLOCK, true, false, "the lock", parse_named},
	{KW_MUTEX, ITEM_MUTEX, true, false, "the mutex", parse_named},
	{KW_COMPLETION, ITEM_COMPLETION, true, false, "the completion",
	 parse_named},
	{KW_WAITQUEUE, ITEM_WAITQUEUE, true, false, "the wait queue",
	 parse_named},
	{KW_NATIVE, ITEM_NATIVE, true, false, "the functions", parse_native},
	{KW_DRIVER, ITEM_DRIVER, true, false, "the functions", parse_native},
	{KW_PATCH, ITEM_PATCH, true, true, "the patch", parse_patch},
	{KW_FN, ITEM_FN, false, false, NULL, parse_fn},
	{KW_SETUP, ITEM_SETUP, false, false, NULL, parse_section},
	{KW_TEARDOWN, ITEM_TEARDOWN, false, false, NULL, parse_section},
	{KW_FINAL, ITEM_FINAL, false, false, NULL, parse_section},
	{KW_THREAD, ITEM_THREAD, false, false, NULL, parse_thread},
	{KW_IRQ, ITEM_IRQ, false, false, NULL, parse_irq},
	{KW_IRQ_THREAD, ITEM_IRQ_THREAD, false, false, NULL, parse_irq},
	{KW_TIMER, ITEM_TIMER, false, false, NULL, parse_handler},
	{KW_WORK, ITEM_WORK, false, false, NULL, parse_handler},
	{KW_TASKLET, ITEM_TASKLET, false, false, NULL, parse_handler},
	{KW_NAPI, ITEM_NAPI, false, false, NULL, parse_handler},
	{KW_REVOCABLE, ITEM_REVOCABLE, false, false, NULL, parse_revocable},
	{KW_DEVRES, ITEM_DEVRES, false, false, NULL, parse_devres},
	{KW_DRVDATA, ITEM_DRVDATA, false, false, NULL, parse_drvdata},
	{KW_MEMORY, ITEM_MEMORY, true, true, "the memory", parse_memory},
	{KW_CONTRACT, ITEM_CONTRACT, true, true, "the contract",
	 parse_contract},
	{KW_TIMEOUTS, ITEM_TIMEOUTS, true, true, "the timeouts",
	 parse_timeouts},
	{KW_MACHINE, ITEM_MACHINE, true, true, "the machine", parse_machine},
	{KW_EXPECT, ITEM_EXPECT, true, true, "the expectation", parse_expect},
	{KW_FAIL, ITEM_FAIL, true, true, "the fault", parse_failure},
	{KW_FAULT, ITEM_FAIL, true, true, "the fault", parse_device_fault},
	{KW_VARIANT, ITEM_VARIANT, false, false, NULL, parse_variant},
};

/* Words that begin an item of C, too: "struct s x;". */
static bool is_of_c(const struct item_rule *rule)
{
	return rule->keyword == KW_STRUCT || rule->keyword == KW_UNION ||
	       rule->keyword == KW_CONST || rule->keyword == KW_ENUM;
}

static const struct item_rule *find_rule(const struct parser *p)
{
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (parse_is_word(p, (enum keyword)rules[i].keyword))
			return &rules[i];
	return NULL;
}

static void parse_set(struct parser *p, struct item *item)
{
	item->name = parse_name(p, "a param, 'expect', 'fail', 'fault', "
				   "'patch', 'memory', 'contract', 'timeouts' "
				   "or 'machine'");
	item->value = parse_value(p);
	parse_want_end(p, "the value");
}

/* Whether the param of that name is set, and no item starts here. */
static bool is_set(const struct parser *p)
{
	return p->tok[0].kind == TOKEN_NAME && p->tok[1].kind == TOKEN_ASSIGN &&
	       p->tok->id != KW_MEMORY && p->tok->id != KW_CONTRACT &&
	       p->tok->id != KW_TIMEOUTS && p->tok->id != KW_MACHINE;
}

static struct item *parse_variant_part(struct parser *p)
{
	const struct item_rule *rule = find_rule(p);
	struct item *item = parse_new_item(p, ITEM_SET);

	if (is_set(p) || !rule) {
		parse_set(p, item);
	} else if (!rule->in_variant) {
		parse_fail(p, item->span, "'%s' has no place in a variant",
			   keyword_text((enum keyword)rule->keyword));
		diag_help(p->diag, "a variant sets params, faults, "
				   "patches, expectations, the memory, the "
				   "contract, the timeouts and the machine");
	} else {
		item->kind = rule->kind;
		p->tok++;
		rule->parse(p, item);
		parse_want_end(p, rule->what);
	}
	item->span = parse_since(p, item->span);
	return item;
}

static void parse_variant(struct parser *p, struct item *item)
{
	struct item **tail = &item->items;
	struct span open;

	item->name = parse_name(p, "the name of the variant");
	if (parse_is(p, TOKEN_STRING))
		item->text = parse_string(p, "a title");
	open = parse_span(p);
	if (!parse_want(p, TOKEN_LBRACE, "after the name of the variant"))
		return;
	while (!parse_is(p, TOKEN_RBRACE) && !parse_is(p, TOKEN_EOF) &&
	       !diag_is_full(p->diag)) {
		*tail = parse_variant_part(p);
		tail = &(*tail)->next;
		if (p->panic)
			parse_sync(p);
	}
	if (!parse_take(p, TOKEN_RBRACE)) {
		parse_fail(p, parse_before(p), "expected '}'");
		diag_note(p->diag, &p->script->sources, open,
			  "the block opened here");
	}
}

/* A function or variable of C, or a word that is misspelt. */
static void unknown_item(struct parser *p)
{
	struct cdma_suggest s;

	if (parse_is(p, TOKEN_SEMICOLON)) {
		parse_fail(p, parse_span(p), "this ';' ends nothing");
		return;
	}
	if (!parse_is(p, TOKEN_NAME)) {
		parse_fail(p, parse_span(p), "expected an item");
		diag_help(p->diag, "an item starts with a word such as "
				   "'device', 'setup', 'thread', 'expect'");
		return;
	}
	if (parse_refused(p, REFUSE_ITEM))
		return;
	s = cdma_suggest_for(parse_text(p, p->tok->id));
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		cdma_suggest_offer(
			&s, keyword_text((enum keyword)rules[i].keyword));
	if (s.best)
		parse_fail(p, parse_span(p),
			   "unknown item '%s'; did you mean '%s'?", s.word,
			   s.best);
	else
		parse_fail(p, parse_span(p), "unknown item '%s'", s.word);
	if (!s.best && p->tok[1].kind == TOKEN_NAME)
		diag_help(p->diag,
			  "a function is 'fn name(args) { }', memory of the "
			  "kernel is 'shared type name;', or as in C");
}

/* To a line that starts with the word of an item, or is not indented. */
static void sync_item(struct parser *p)
{
	const char *text = p->script->sources.at[p->file].text;

	p->panic = false;
	if (parse_begins_item(p))
		return;
	do {
		parse_sync(p);
		if (parse_is(p, TOKEN_RBRACE))
			p->tok++;
	} while (!parse_is(p, TOKEN_EOF) &&
		 !(p->tok->first && (find_rule(p) || !p->tok->at ||
				     text[p->tok->at - 1] == '\n')));
}

/* Those of an enum, the last of which is the first of its list. */
static void add_names(struct parser *p, struct item *item)
{
	struct item *first = NULL;

	if (item->kind != ITEM_ENUM)
		return;
	while (item->items) {
		struct item *c = item->items;

		item->items = c->next;
		c->next = first;
		first = c;
	}
	for (; first; first = first->next)
		parse_add_item(p, first);
}

static void parse_item(struct parser *p)
{
	const struct item_rule *rule = find_rule(p);
	struct item *item;

	if (parse_is(p, TOKEN_HASH)) {
		parse_hash(p);
		return;
	}
	if (parse_is(p, TOKEN_NAME) && p->tok[1].kind == TOKEN_NAME &&
	    !strcmp(parse_text(p, p->tok->id), "typedef")) {
		parse_typedef(p);
		return;
	}
	if ((!rule || is_of_c(rule)) && parse_is_c_item(p)) {
		parse_c_item(p);
		return;
	}
	if (!rule) {
		unknown_item(p);
		return;
	}
	item = parse_new_item(p, rule->kind);
	p->tok++;
	rule->parse(p, item);
	if (rule->semicolon)
		parse_want_end(p, rule->what);
	else
		parse_take(p, TOKEN_SEMICOLON);
	item->span = parse_since(p, item->span);
	parse_add_item(p, item);
	add_names(p, item);
	p->is_scenario |= !p->panic;
	if (item->kind == ITEM_INCLUDE && !p->panic)
		parse_include(p, item);
}

void parse_items(struct parser *p)
{
	while (!parse_is(p, TOKEN_EOF) && !diag_is_full(p->diag)) {
		parse_item(p);
		p->is_scenario |= !p->failed;
		if (p->panic)
			sync_item(p);
	}
}
