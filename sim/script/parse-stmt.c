/* SPDX-License-Identifier: MIT */
#include "script/parse.h"

#include "script/private.h"

static struct stmt *parse_stmt(struct parser *p);

static struct stmt *new_stmt(struct parser *p, enum stmt_kind kind,
			     struct span start)
{
	struct stmt *s = parse_new(p, struct stmt);

	s->kind = kind;
	s->span = start;
	return s;
}

static bool next_is(const struct parser *p, int n, enum token_kind kind)
{
	return p->tok->kind != TOKEN_EOF && p->tok[n].kind == kind;
}

/* "box" and the like, when a name follows: a declaration. */
static enum object object_word(const struct parser *p)
{
	if (!parse_is(p, TOKEN_NAME) || !next_is(p, 1, TOKEN_NAME))
		return OBJECT_NONE;
	switch (p->tok->id) {
	case KW_BOX:
		return OBJECT_BOX;
	case KW_COHERENT:
		return OBJECT_COHERENT;
	case KW_HANDLE:
		return OBJECT_HANDLE;
	case KW_VIEW:
		return OBJECT_VIEW;
	case KW_WINDOW:
		return OBJECT_WINDOW;
	case KW_POOL:
		return OBJECT_POOL;
	case KW_SCATTERLIST:
		return OBJECT_SG;
	case KW_BUFFER:
		return OBJECT_KMEM;
	default:
		return OBJECT_NONE;
	}
}

/* "= value" of a declaration. */
static struct expr *parse_first_value(struct parser *p)
{
	if (!parse_is(p, TOKEN_ASSIGN) || p->tok->op)
		return NULL;
	p->tok++;
	return parse_init(p);
}

static struct decl *parse_object_decl(struct parser *p, enum object object)
{
	struct decl *d = parse_new(p, struct decl);

	d->span = parse_span(p);
	d->object = object;
	p->tok++;
	d->name = parse_name(p, "a name");
	d->len = parse_len(p);
	if (parse_take_word(p, KW_OF))
		d->ref = parse_type(p);
	d->init = parse_first_value(p);
	d->span = parse_since(p, d->span);
	return d;
}

static void refuse_pointer(struct parser *p)
{
	if (!parse_is_op(p, OP_MUL))
		return;
	parse_fail(p, parse_span(p), "there are no pointers in the language");
	diag_help(p->diag, "write 'view v = x[i];' to name a part of a buffer, "
			   "'dma_addr_t a = dma_handle(x);' for its address");
}

static struct decl *parse_local(struct parser *p, struct type_ref *ref)
{
	struct decl *d = parse_new(p, struct decl);

	refuse_pointer(p);
	d->ref = ref;
	d->span = parse_span(p);
	d->name = parse_name(p, "a name");
	d->len = parse_len(p);
	d->init = parse_first_value(p);
	d->span = parse_since(p, d->span);
	return d;
}

static struct stmt *parse_decl(struct parser *p, struct span start)
{
	struct stmt *s = new_stmt(p, STMT_DECL, start);
	enum object object = object_word(p);
	struct decl **tail = &s->decls;
	struct type_ref *ref;

	if (object) {
		s->decls = parse_object_decl(p, object);
		parse_want_end(p, "the declaration");
		return s;
	}
	ref = parse_type_name(p);
	do {
		*tail = parse_local(p, ref);
		tail = &(*tail)->next;
	} while (parse_take(p, TOKEN_COMMA));
	parse_want_end(p, "the declaration");
	return s;
}

/* What else but a number could be declared by "u32" or "struct". */
static bool is_decl(const struct parser *p)
{
	if (!parse_is(p, TOKEN_NAME))
		return false;
	if (next_is(p, 1, TOKEN_NAME))
		return true;
	return keyword_scalar(p->tok->id) && next_is(p, 1, TOKEN_OPERATOR) &&
	       p->tok[1].op == OP_MUL;
}

static const enum keyword store_words[STORE_NR] = {
	[STORE_RELAXED] = KW_RELAXED,
	[STORE_UNORDERED] = KW_UNORDERED,
	[STORE_SPLIT] = KW_SPLIT,
};

const char *store_name(enum store how)
{
	return keyword_text(store_words[how]);
}

/* "relaxed" and its like before an lvalue. */
static enum store store_word(const struct parser *p)
{
	const struct token *next = p->tok + 1;
	int how = STORE_NR;

	while (--how && !parse_is_word(p, store_words[how]))
		;
	if (next->kind != TOKEN_NAME &&
	    !(next->kind == TOKEN_OPERATOR && next->op == OP_MUL) &&
	    !(next->kind == TOKEN_LPAREN && next[1].kind == TOKEN_LPAREN))
		return STORE_NORMAL;
	return (enum store)how;
}

static bool is_call(const struct expr *e)
{
	return e->kind == EXPR_CALL ||
	       (e->kind == EXPR_TRY && e->a->kind == EXPR_CALL);
}

/* What follows the first expression of a statement. */
static void parse_effect(struct parser *p, struct stmt *s)
{
	if (parse_is(p, TOKEN_ASSIGN)) {
		s->kind = STMT_ASSIGN;
		s->op = p->tok->op;
		p->tok++;
		s->rhs = parse_init(p);
		if (parse_is(p, TOKEN_ASSIGN))
			parse_fail(p, parse_span(p),
				   "one assignment a statement");
	} else if (parse_is(p, TOKEN_INC) || parse_is(p, TOKEN_DEC)) {
		s->kind = STMT_STEP;
		s->op = parse_is(p, TOKEN_INC) ? OP_ADD : OP_SUB;
		p->tok++;
	} else if (is_call(s->lhs)) {
		s->rhs = s->lhs;
		s->lhs = NULL;
	} else if (parse_is(p, TOKEN_SEMICOLON)) {
		parse_fail(p, s->lhs->span, "this statement does nothing");
	}
}

static struct stmt *parse_simple(struct parser *p, struct span start)
{
	struct stmt *s = new_stmt(p, STMT_CALL, start);

	s->how = store_word(p);
	if (s->how)
		p->tok++;
	if (parse_is(p, TOKEN_INC) || parse_is(p, TOKEN_DEC))
		parse_fail(p, parse_span(p), "write 'x++;' and 'x--;'");
	s->lhs = parse_expr(p);
	if (p->panic)
		return s;
	parse_effect(p, s);
	if (s->how && s->kind == STMT_CALL)
		parse_fail(p, start, "'%s' is for a store: write '%s lv = v;'",
			   store_name(s->how), store_name(s->how));
	parse_want_end(p, "the statement");
	return s;
}

/* Go one block deeper, or panic. */
static bool enter(struct parser *p)
{
	if (p->panic)
		return false;
	if (p->blocks >= PARSE_BLOCK_DEPTH) {
		parse_fail(p, parse_span(p),
			   "blocks are nested more than %d deep",
			   PARSE_BLOCK_DEPTH);
		return false;
	}
	p->blocks++;
	return true;
}

/* The statement that belongs to another one; without braces too it counts
 * as a block. */
static struct stmt *parse_body(struct parser *p)
{
	struct stmt *s;

	if (parse_is(p, TOKEN_LBRACE))
		return parse_stmt(p);
	if (!enter(p))
		return NULL;
	s = parse_stmt(p);
	p->blocks--;
	return s;
}

static struct expr *parse_condition(struct parser *p, const char *after)
{
	struct expr *e;

	parse_want(p, TOKEN_LPAREN, after);
	e = parse_expr(p);
	if (parse_is(p, TOKEN_ASSIGN))
		parse_fail(p, parse_span(p),
			   "an assignment is a statement of its own; to "
			   "compare, write '=='");
	parse_want(p, TOKEN_RPAREN, "after the condition");
	return e;
}

static struct stmt *parse_if(struct parser *p, struct span start)
{
	struct stmt *s = new_stmt(p, STMT_IF, start);

	p->tok++;
	s->cond = parse_condition(p, "after 'if'");
	s->then = parse_body(p);
	if (parse_take_word(p, KW_ELSE))
		s->other = parse_body(p);
	return s;
}

/* "for (i = 0; ...)" and "for (int i = 0; ...)" */
static bool is_c_for(const struct parser *p)
{
	const struct token *t = p->tok;

	return t->kind == TOKEN_SEMICOLON ||
	       (t->kind == TOKEN_NAME && t[1].kind == TOKEN_ASSIGN) ||
	       (t->kind == TOKEN_NAME && t[1].kind == TOKEN_NAME &&
		t[2].kind == TOKEN_ASSIGN);
}

/* Skip its semicolons, so that they do not end the statement. */
static void refuse_c_for(struct parser *p)
{
	unsigned int open = 1;

	parse_fail(p, parse_span(p), "'for' counts from a to b");
	diag_help(p->diag, "write 'for (i in 0..n)', with 'max N' when n is "
			   "not constant");
	for (; open && !parse_is(p, TOKEN_EOF); p->tok++) {
		open += parse_is(p, TOKEN_LPAREN);
		open -= parse_is(p, TOKEN_RPAREN);
	}
}

static struct stmt *parse_for(struct parser *p, struct span start)
{
	struct stmt *s = new_stmt(p, STMT_FOR, start);

	p->tok++;
	parse_want(p, TOKEN_LPAREN, "after 'for'");
	if (!p->panic && is_c_for(p))
		refuse_c_for(p);
	s->name = parse_name(p, "the name of the variable");
	if (!p->panic && !parse_take_word(p, KW_IN))
		parse_fail(p, parse_span(p), "expected 'in'");
	s->from = parse_expr(p);
	parse_want(p, TOKEN_DOTDOT, "between the bounds");
	s->to = parse_expr(p);
	if (parse_take_word(p, KW_MAX))
		s->max = parse_expr(p);
	parse_want(p, TOKEN_RPAREN, "after the bounds");
	s->then = parse_body(p);
	return s;
}

static struct stmt *parse_poll(struct parser *p, struct span start)
{
	struct stmt *s = new_stmt(p, STMT_POLL, start);

	p->tok++;
	s->cond = parse_condition(p, "after 'poll'");
	s->span = parse_since(p, start);
	if (!p->panic && !parse_take_word(p, KW_MAX)) {
		parse_fail(p, parse_before(p), "'poll' needs a bound");
		diag_help(p->diag, "write 'poll (cond) max N else stmt;'");
	}
	s->max = parse_expr(p);
	if (parse_take_word(p, KW_ELSE))
		s->other = parse_body(p);
	else
		parse_want_end(p, "the poll");
	return s;
}

static struct stmt *parse_return(struct parser *p, struct span start)
{
	struct stmt *s = new_stmt(p, STMT_RETURN, start);

	p->tok++;
	if (!parse_is(p, TOKEN_SEMICOLON) && !parse_is(p, TOKEN_RBRACE))
		s->rhs = parse_expr(p);
	parse_want_end(p, "the return");
	return s;
}

static struct stmt *parse_jump(struct parser *p, enum stmt_kind kind,
			       struct span start)
{
	struct stmt *s = new_stmt(p, kind, start);

	p->tok++;
	parse_want_end(p, kind == STMT_BREAK ? "'break'" : "'continue'");
	return s;
}

/* A statement that a keyword starts; NULL: it is another one. */
static struct stmt *parse_keyword(struct parser *p, struct span start)
{
	bool called = next_is(p, 1, TOKEN_LPAREN);

	if (!parse_is(p, TOKEN_NAME))
		return NULL;
	switch (p->tok->id) {
	case KW_IF:
		return parse_if(p, start);
	case KW_FOR:
		return parse_for(p, start);
	case KW_POLL:
		return called || next_is(p, 1, TOKEN_NAME)
			       ? parse_poll(p, start)
			       : NULL;
	case KW_BREAK:
		return parse_jump(p, STMT_BREAK, start);
	case KW_CONTINUE:
		return parse_jump(p, STMT_CONTINUE, start);
	case KW_RETURN:
		return parse_return(p, start);
	case KW_ELSE:
		parse_fail(p, start, "'else' without an 'if'");
		return new_stmt(p, STMT_EMPTY, start);
	default:
		return NULL;
	}
}

static struct name parse_label(struct parser *p)
{
	struct name label = {0};

	if (!parse_is(p, TOKEN_NAME) || !next_is(p, 1, TOKEN_COLON) ||
	    p->tok->id == KW_ELSE)
		return label;
	label = parse_name(p, "a label");
	p->tok++;
	if (parse_is(p, TOKEN_NAME) && next_is(p, 1, TOKEN_COLON))
		parse_fail(p, parse_span(p), "one label a statement");
	return label;
}

/* What of C would be misread: "while (x)" looks like a call. */
static bool is_refused(struct parser *p)
{
	const struct token *next = p->tok + 1;

	if (!parse_is(p, TOKEN_NAME))
		return false;
	return next->kind != TOKEN_ASSIGN && next->kind != TOKEN_LBRACKET &&
	       next->kind != TOKEN_DOT && parse_refused(p, REFUSE_STMT);
}

static struct stmt *parse_unlabelled(struct parser *p)
{
	struct span start = parse_span(p);
	struct stmt *s;

	if (parse_is(p, TOKEN_LBRACE))
		return parse_block(p);
	if (parse_take(p, TOKEN_SEMICOLON))
		return new_stmt(p, STMT_EMPTY, start);
	if (is_refused(p))
		return new_stmt(p, STMT_EMPTY, start);
	s = parse_keyword(p, start);
	if (s)
		return s;
	if (!store_word(p) && (object_word(p) || is_decl(p)))
		return parse_decl(p, start);
	return parse_simple(p, start);
}

static struct stmt *parse_stmt(struct parser *p)
{
	struct span start = parse_span(p);
	struct name label;
	struct stmt *s;

	if (p->panic)
		return NULL;
	if (parse_is(p, TOKEN_RBRACE) || parse_is(p, TOKEN_EOF)) {
		parse_fail(p, parse_before(p), "expected a statement");
		return NULL;
	}
	label = parse_is_word(p, KW_FOR) ? (struct name){0} : parse_label(p);
	s = parse_unlabelled(p);
	s->label = label;
	s->span = parse_since(p, start);
	return s;
}

static struct stmt *parse_list(struct parser *p)
{
	struct stmt *first = NULL, **tail = &first;

	while (!parse_is(p, TOKEN_RBRACE) && !parse_is(p, TOKEN_EOF) &&
	       !diag_is_full(p->diag)) {
		*tail = parse_stmt(p);
		if (*tail)
			tail = &(*tail)->next;
		if (p->panic)
			parse_sync(p);
	}
	return first;
}

struct stmt *parse_block(struct parser *p)
{
	struct span start = parse_span(p);
	struct stmt *block = new_stmt(p, STMT_BLOCK, start);

	if (!enter(p))
		return block;
	if (parse_want(p, TOKEN_LBRACE, "here"))
		block->list = parse_list(p);
	p->blocks--;
	if (!p->panic && !parse_take(p, TOKEN_RBRACE)) {
		parse_fail(p, parse_before(p), "expected '}'");
		diag_note(p->diag, &p->script->sources, start,
			  "the block opened here");
	}
	block->span = parse_since(p, start);
	return block;
}
