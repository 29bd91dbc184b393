/* SPDX-License-Identifier: MIT */
#include "script/parse.h"

/*
 * Switches, and what goes elsewhere: goto, break, continue, return.
 */

struct stmt *parse_switch(struct parser *p, struct span start)
{
	struct stmt *s = parse_make_stmt(p, STMT_SWITCH, start);

	p->tok++;
	s->cond = parse_condition(p, "after 'switch'");
	s->then = parse_block(p);
	return s;
}

/* "case 1:", "case 1 ... 3:", "default:" */
struct stmt *parse_case(struct parser *p, struct span start)
{
	struct stmt *s = parse_make_stmt(p, STMT_CASE, start);
	bool is_default = parse_is_word(p, KW_DEFAULT);

	p->tok++;
	if (!is_default)
		s->from = parse_expr(p);
	if (!is_default && parse_take(p, TOKEN_ELLIPSIS))
		s->to = parse_expr(p);
	parse_want(p, TOKEN_COLON,
		   is_default ? "after 'default'"
			      : "after the value of the case");
	return s;
}

struct stmt *parse_jump(struct parser *p, struct span start)
{
	static const struct {
		enum keyword keyword;
		enum stmt_kind kind;
		const char *what;
	} jumps[] = {
		{KW_BREAK, STMT_BREAK, "'break'"},
		{KW_CONTINUE, STMT_CONTINUE, "'continue'"},
		{KW_FALLTHROUGH, STMT_EMPTY, "'fallthrough'"},
		{KW_GOTO, STMT_GOTO, "the label"},
	};
	struct stmt *s;
	size_t i = 0;

	while (!parse_is_word(p, jumps[i].keyword))
		i++;
	p->tok++;
	s = parse_make_stmt(p, jumps[i].kind, start);
	if (s->kind == STMT_GOTO)
		s->name = parse_name(p, "a label after 'goto'");
	parse_want_end(p, jumps[i].what);
	return s;
}

struct stmt *parse_return(struct parser *p, struct span start)
{
	struct stmt *s = parse_make_stmt(p, STMT_RETURN, start);

	p->tok++;
	if (!parse_is(p, TOKEN_SEMICOLON) && !parse_is(p, TOKEN_RBRACE))
		s->rhs = parse_expr(p);
	parse_want_end(p, "the return");
	return s;
}
