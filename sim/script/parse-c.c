/* SPDX-License-Identifier: MIT */
#include "script/parse.h"

#include "script/private.h"

#include "base/macros.h"

#include <string.h>

/*
 * Items as C has them: "#define", "enum", functions and variables outside of
 * any block.  They become the items that the language has for the same.
 */

static const char *word_at(const struct parser *p, const struct token *t)
{
	return t->kind == TOKEN_NAME ? parse_text(p, t->id) : "";
}

static bool is_one_of(const char *word, const char *const *words, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (!strcmp(words[i], word))
			return true;
	return false;
}

/* What says where a function or variable is kept. */
static bool is_storage(const struct parser *p, const struct token *t)
{
	static const char *const words[] = {
		"static", "inline", "__always_inline", "noinline",
		"__init", "__exit", "__maybe_unused",
	};

	return is_one_of(word_at(p, t), words, ARRAY_SIZE(words));
}

/* DEFINE_SPINLOCK(l), DECLARE_COMPLETION(c). */
static const struct {
	const char *word;
	enum item_kind kind;
} makers[] = {
	{"DEFINE_SPINLOCK", ITEM_SPINLOCK},
	{"DEFINE_RAW_SPINLOCK", ITEM_SPINLOCK},
	{"DECLARE_COMPLETION", ITEM_COMPLETION},
	{"DEFINE_MUTEX", ITEM_MUTEX},
	{"DECLARE_WAIT_QUEUE_HEAD", ITEM_WAITQUEUE},
	{"LIST_HEAD", ITEM_SHARED},
};

static size_t maker_at(const struct parser *p, const struct token *t)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(makers) &&
	       strcmp(makers[i].word, word_at(p, t)) != 0)
		i++;
	return i;
}

bool parse_is_struct(const struct parser *p, uint32_t id)
{
	for (const struct item *i = p->script->items; i; i = i->next)
		if (i->kind == ITEM_STRUCT && i->name.id == id)
			return true;
	return false;
}

bool parse_is_c_item(const struct parser *p)
{
	const struct token *t = p->tok, *type, *name;
	bool sure;

	if (!parse_is(p, TOKEN_NAME))
		return false;
	if (is_storage(p, t) || maker_at(p, t) < ARRAY_SIZE(makers))
		return t->id != KW_STATIC || t[1].kind == TOKEN_NAME;
	type = parse_skip_type(p, t, &sure);
	name = parse_skip_stars(p, type);
	if (name->kind != TOKEN_NAME)
		return false;
	switch (name[1].kind) {
	case TOKEN_LPAREN:
		return true;
	case TOKEN_SEMICOLON:
	case TOKEN_ASSIGN:
	case TOKEN_LBRACKET:
	case TOKEN_COMMA:
		return sure || parse_is_struct(p, t->id);
	default:
		return false;
	}
}

/* "static int f(" */
static bool is_function(const struct parser *p)
{
	const struct token *t = p->tok;

	if (!is_storage(p, t))
		return false;
	while (t->kind == TOKEN_NAME || t->kind == TOKEN_OPERATOR)
		t++;
	return t->kind == TOKEN_LPAREN && t[-1].kind == TOKEN_NAME &&
	       t > p->tok + 2;
}

bool parse_begins_item(const struct parser *p)
{
	const struct token *t = p->tok;

	if (!parse_is(p, TOKEN_NAME) || !t->first || !t->at ||
	    p->script->sources.at[p->file].text[t->at - 1] != '\n')
		return false;
	switch (t->id) {
	case KW_SETUP:
	case KW_TEARDOWN:
	case KW_FINAL:
		return t[1].kind == TOKEN_LBRACE;
	case KW_THREAD:
	case KW_IRQ:
	case KW_IRQ_THREAD:
	case KW_DEVRES:
		return t[1].kind == TOKEN_NAME && t[2].kind == TOKEN_NAME &&
		       t[2].id == KW_ON;
	case KW_TIMER:
	case KW_WORK:
	case KW_TASKLET:
	case KW_NAPI:
	case KW_REVOCABLE:
	case KW_VARIANT:
		return t[1].kind == TOKEN_NAME && t[2].kind == TOKEN_LBRACE;
	case KW_EXPECT:
		return t[1].kind == TOKEN_NAME;
	default:
		return is_function(p);
	}
}

void parse_add_item(struct parser *p, struct item *item)
{
	*p->tail = item;
	p->tail = &item->next;
}

/* An array is passed as a pointer to its first element, of "a[4]" or "a[]". */
static void pass_pointer(struct parser *p, struct param *param)
{
	struct type_ref *ref = parse_new(p, struct type_ref);

	*ref = *param->ref;
	ref->stars++;
	param->ref = ref;
	p->tok++;
	if (!parse_is(p, TOKEN_RBRACKET))
		parse_expr(p);
	parse_want(p, TOKEN_RBRACKET, "after the number of elements");
	if (!p->panic && parse_is(p, TOKEN_LBRACKET))
		parse_fail(p, parse_span(p),
			   "a row of arrays is no parameter here");
}

static struct param *parse_param(struct parser *p)
{
	struct param *param = parse_new(p, struct param);

	param->ref = parse_stars(p, parse_type_name(p));
	/* A prototype may leave the name out. */
	if (p->panic || parse_is(p, TOKEN_COMMA) || parse_is(p, TOKEN_RPAREN))
		return param;
	param->name = parse_name(p, "the name of a parameter");
	if (!p->panic && parse_is(p, TOKEN_LBRACKET))
		pass_pointer(p, param);
	return param;
}

static void parse_params(struct parser *p, struct item *item)
{
	struct param **tail = &item->params;

	p->tok->role = ROLE_CALL;
	parse_want(p, TOKEN_LPAREN, "after the name of the function");
	if (!p->panic && !strcmp(word_at(p, p->tok), "void") &&
	    p->tok[1].kind == TOKEN_RPAREN)
		p->tok++;
	while (!p->panic && !parse_is(p, TOKEN_RPAREN)) {
		*tail = parse_param(p);
		tail = &(*tail)->next;
		item->nr_params++;
		if (!parse_take(p, TOKEN_COMMA))
			break;
	}
	parse_want(p, TOKEN_RPAREN, "after the parameters");
}

static void want_names(struct parser *p, const struct item *item)
{
	for (const struct param *a = item->params; a; a = a->next)
		if (!p->panic && !a->name.text)
			parse_fail(p, a->ref->span,
				   "this parameter has no "
				   "name");
}

/* A prototype says nothing that is not known. */
static void parse_function(struct parser *p, struct item *item)
{
	item->kind = ITEM_FN;
	parse_params(p, item);
	if (parse_take(p, TOKEN_SEMICOLON)) {
		item->kind = ITEM_PROTOTYPE;
	} else {
		want_names(p, item);
		parse_may_fail(p, item);
		item->body = parse_block(p);
		parse_take(p, TOKEN_SEMICOLON);
	}
	item->span = parse_since(p, item->span);
	parse_add_item(p, item);
}

/* What a variable of that type is. */
static enum item_kind kind_of(const struct type_ref *ref)
{
	static const char *const locks[] = {"spinlock_t", "raw_spinlock_t"};

	if (ref->stars || !ref->name.text)
		return ITEM_SHARED;
	if (is_one_of(ref->name.text, locks, ARRAY_SIZE(locks)))
		return ITEM_SPINLOCK;
	if (ref->is_struct && !strcmp(ref->name.text, "completion"))
		return ITEM_COMPLETION;
	if (ref->is_struct && !strcmp(ref->name.text, "mutex"))
		return ITEM_MUTEX;
	if (!strcmp(ref->name.text, "wait_queue_head_t"))
		return ITEM_WAITQUEUE;
	return ITEM_SHARED;
}

/* One item a name, of which the first is @item. */
static void parse_variables(struct parser *p, struct item *item,
			    struct type_ref *type)
{
	bool is_open;

	parse_refuse_volatile(p, type);
	for (;;) {
		item->kind = kind_of(item->ref);
		item->len = parse_open_len(p, &is_open);
		if (!p->panic && parse_is(p, TOKEN_ASSIGN) && !p->tok->op) {
			p->tok++;
			item->value = parse_init(p);
		}
		if (is_open)
			item->len = parse_close_len(p, item->value);
		item->span = parse_since(p, item->span);
		parse_add_item(p, item);
		if (!parse_take(p, TOKEN_COMMA))
			break;
		item = parse_new_item(p, ITEM_SHARED);
		item->ref = parse_stars(p, type);
		item->name = parse_name(p, "a name");
	}
	parse_want_end(p, "the declaration");
	item->span = parse_since(p, item->span);
}

/* "&name", as a part of an initialiser. */
static struct init *own_address(struct parser *p, const struct name *name)
{
	struct init *init = parse_new(p, struct init);
	struct expr *at = parse_new_expr(p, EXPR_NAME, name->span);

	at->name = *name;
	init->span = name->span;
	init->value = parse_new_expr(p, EXPR_UNARY, name->span);
	init->value->op = OP_ADDR;
	init->value->a = at;
	parse_add_child(p, init->value, at);
	return init;
}

/* An empty list is its own neighbour. */
static void make_list_head(struct parser *p, struct item *item)
{
	struct type_ref *ref = parse_new(p, struct type_ref);

	ref->name.id = names_intern(&p->script->names, "list_head",
				    strlen("list_head"));
	ref->name.text = parse_text(p, ref->name.id);
	ref->name.span = ref->span = item->name.span;
	ref->is_struct = true;
	item->ref = ref;
	item->value = parse_new_expr(p, EXPR_INIT, item->name.span);
	item->value->inits = own_address(p, &item->name);
	item->value->inits->next = own_address(p, &item->name);
}

/* "DEFINE_SPINLOCK(l);" */
static void parse_maker(struct parser *p, struct item *item)
{
	item->kind = makers[maker_at(p, p->tok)].kind;
	p->tok[1].role = ROLE_CALL;
	p->tok++;
	parse_want(p, TOKEN_LPAREN, "here");
	item->name = parse_name(p, "a name");
	parse_want(p, TOKEN_RPAREN, "after the name");
	parse_want_end(p, "the declaration");
	if (item->kind == ITEM_SHARED && !p->panic)
		make_list_head(p, item);
	item->span = parse_since(p, item->span);
	parse_add_item(p, item);
}

void parse_c_item(struct parser *p)
{
	struct item *item = parse_new_item(p, ITEM_SHARED);
	struct type_ref *type;

	while (is_storage(p, p->tok))
		p->tok++;
	if (maker_at(p, p->tok) < ARRAY_SIZE(makers)) {
		parse_maker(p, item);
		return;
	}
	type = parse_type_name(p);
	while (is_storage(p, p->tok)) /* "int __init f(void)" */
		p->tok++;
	item->ref = parse_stars(p, type);
	if (!p->panic && parse_is(p, TOKEN_LPAREN)) {
		parse_fail(p, type->span, "this function has no type");
		diag_help(p->diag, "write 'static void %s(...)'",
			  type->name.text);
	}
	item->name = parse_name(p, "a name");
	if (p->panic)
		return;
	if (parse_is(p, TOKEN_LPAREN))
		parse_function(p, item);
	else
		parse_variables(p, item, type);
}

/* ---- enum ---- */

/* One more than the name before it. */
static struct expr *one_more(struct parser *p, const struct item *before)
{
	struct expr *sum = parse_new(p, struct expr);
	struct expr *name = parse_new(p, struct expr);
	struct expr *one = parse_new(p, struct expr);

	*name = (struct expr){.kind = EXPR_NAME, .height = 1};
	*one = (struct expr){.kind = EXPR_NUMBER, .height = 1};
	*sum = (struct expr){.kind = EXPR_BINARY, .op = OP_ADD, .height = 2};
	name->name = before->name;
	name->span = one->span = sum->span = before->name.span;
	one->value = 1;
	one->type = type_scalar(SCALAR_S32);
	sum->a = name;
	sum->b = one;
	return sum;
}

static struct expr *zero(struct parser *p, struct span span)
{
	struct expr *e = parse_new(p, struct expr);

	*e = (struct expr){.kind = EXPR_NUMBER, .height = 1, .span = span};
	e->type = type_scalar(SCALAR_S32);
	return e;
}

/* Its names are constants, which follow it in the list. */
void parse_enum(struct parser *p, struct item *item)
{
	struct item *before = NULL;

	if (parse_is(p, TOKEN_NAME))
		item->name = parse_name(p, "the name of the enum");
	parse_want(p, TOKEN_LBRACE, "before the names");
	while (!p->panic && !parse_is(p, TOKEN_RBRACE)) {
		struct item *c = parse_new_item(p, ITEM_CONST);

		c->name = parse_name(p, "a name");
		if (p->panic)
			return;
		if (parse_is(p, TOKEN_ASSIGN) && !p->tok->op) {
			p->tok++;
			c->value = parse_expr(p);
		} else {
			c->value = before ? one_more(p, before)
					  : zero(p, c->name.span);
		}
		c->span = parse_since(p, c->span);
		c->next = item->items;
		item->items = before = c;
		if (!parse_take(p, TOKEN_COMMA))
			break;
	}
	parse_want(p, TOKEN_RBRACE, "after the names");
}

/* ---- # ---- */

/* All that is left of the line. */
static void skip_line(struct parser *p)
{
	while (!parse_is(p, TOKEN_EOF) && !p->tok->first)
		p->tok++;
}

static bool is_line_end(const struct parser *p)
{
	return parse_is(p, TOKEN_EOF) || p->tok->first;
}

/* "do { ... } while (0)", "{ ... }", "({ ... })" */
static bool is_statement(const struct parser *p)
{
	return !is_line_end(p) &&
	       (parse_is_word(p, KW_DO) || parse_is_word(p, KW_IF) ||
		parse_is(p, TOKEN_LBRACE) ||
		(parse_is(p, TOKEN_LPAREN) && p->tok[1].kind == TOKEN_LBRACE));
}

/* "(a, b) value" */
static void parse_macro_params(struct parser *p, struct item *item)
{
	struct param **tail = &item->params;

	item->kind = ITEM_MACRO;
	p->tok->role = ROLE_CALL;
	p->tok++;
	while (!p->panic && !is_line_end(p) && !parse_is(p, TOKEN_RPAREN)) {
		*tail = parse_new(p, struct param);
		(*tail)->name = parse_name(p, "the name of a parameter");
		tail = &(*tail)->next;
		item->nr_params++;
		if (!parse_take(p, TOKEN_COMMA))
			break;
	}
	if (!p->panic && is_line_end(p))
		parse_fail(p, parse_before(p),
			   "expected ')' after the parameters");
	parse_want(p, TOKEN_RPAREN, "after the parameters");
}

/* "#define NAME value": to the end of the line. */
static void parse_define_line(struct parser *p, struct item *item)
{
	bool is_macro;

	p->tok++;
	if (is_line_end(p)) {
		parse_fail(p, parse_before(p), "expected a name");
		return;
	}
	item->name = parse_name(p, "a name");
	is_macro = parse_is(p, TOKEN_LPAREN) && !p->tok->first &&
		   p->tok->at == p->tok[-1].at + p->tok[-1].len;
	if (is_macro)
		parse_macro_params(p, item);
	if (!p->panic && is_macro && is_statement(p)) {
		parse_fail(p, item->name.span,
			   "a macro stands for a value here");
		diag_help(p->diag, "write a function: 'fn %s(...) { ... }'",
			  item->name.text);
		return;
	}
	if (is_macro && is_line_end(p))
		goto out;
	if (!p->panic && is_line_end(p)) {
		parse_fail(p, parse_before(p), "expected a value after '%s'",
			   item->name.text);
		return;
	}
	item->value = parse_expr(p);
	if (!p->panic && !is_line_end(p)) {
		parse_fail(p, parse_span(p), "expected the end of the line");
		diag_help(p->diag, "'#define' is for values here: what is "
				   "done is a function");
	}
out:
	item->span = parse_since(p, item->span);
}

static void refuse_hash(struct parser *p, struct span start)
{
	struct span span = span_join(start, parse_span(p));
	const struct refusal *refusal =
		parse_is(p, TOKEN_NAME)
			? refuse_find(REFUSE_HASH, parse_text(p, p->tok->id))
			: NULL;

	if (refusal)
		parse_refuse(p, span, "#", refusal);
	else
		parse_fail(p, span, "there is no preprocessor");
}

void parse_hash(struct parser *p)
{
	struct item *item = parse_new_item(p, ITEM_CONST);

	p->tok++;
	if (!p->tok->first && !strcmp(word_at(p, p->tok), "define")) {
		parse_define_line(p, item);
		if (!p->panic)
			parse_add_item(p, item);
	} else {
		refuse_hash(p, item->span);
	}
	/* Such a line ends without a semicolon. */
	if (p->panic)
		skip_line(p);
	p->panic = false;
}
