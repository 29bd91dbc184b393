/* SPDX-License-Identifier: MIT */
#include "script/parse.h"

/*
 * What registers do: "on write REG (v) { ... }", "on read REG { ... }".
 */

bool parse_is_reaction(const struct parser *p)
{
	return parse_is_word(p, KW_ON) && p->tok[1].kind == TOKEN_NAME;
}

/* "REG" or "REG[i]" */
static void parse_register(struct parser *p, struct item *item)
{
	item->name = parse_name(p, "a register");
	if (!parse_take(p, TOKEN_LBRACKET))
		return;
	item->irq = parse_name(p, "a name for which one it is");
	parse_want(p, TOKEN_RBRACKET, "after the name");
}

void parse_reaction(struct parser *p, struct item *device)
{
	struct item *item = parse_new_item(p, ITEM_REACTION);
	struct item **tail = &device->items;

	p->tok++;
	item->is_read = parse_is_word(p, KW_READ);
	if (!parse_take_word(p, KW_READ) && !parse_take_word(p, KW_WRITE))
		parse_fail(p, parse_span(p), "expected 'write' or 'read'");
	parse_register(p, item);
	if (!item->is_read && parse_take(p, TOKEN_LPAREN)) {
		item->core = parse_name(p, "a name for what is written");
		parse_want(p, TOKEN_RPAREN, "after the name");
	}
	if (!p->panic)
		item->body = parse_block(p);
	parse_take(p, TOKEN_SEMICOLON);
	item->span = parse_since(p, item->span);
	while (*tail)
		tail = &(*tail)->next;
	*tail = item;
}
