/* SPDX-License-Identifier: MIT */
#include "script/parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/*
 * Files of C: what they are made of, which functions of them are called, and
 * how a variant changes them.
 */

/* "pci 0x10ec:0x8139 rev 0x20 on nic" */
static void parse_pci(struct parser *p, struct native_part *part)
{
	part->kind = NATIVE_PCI;
	part->vendor = parse_expr(p);
	if (parse_is(p, TOKEN_COLON))
		p->tok->role = ROLE_PREFIX; /* "1:2" */
	parse_want(p, TOKEN_COLON, "between vendor and device");
	part->device = parse_expr(p);
	if (parse_take_word(p, KW_REV))
		part->rev = parse_expr(p);
	if (parse_take_word(p, KW_ON))
		part->on = parse_name(p, "a device");
}

/* "irq nic.rx" */
static void parse_native_irq(struct parser *p, struct native_part *part)
{
	part->kind = NATIVE_IRQ;
	part->on = parse_name(p, "a device");
	parse_want(p, TOKEN_DOT, "between device and interrupt");
	part->name = parse_name(p, "an interrupt");
}

/* "define RING_SIZE 2", "define DEBUG", "define NAME \"text of C\"" */
static void parse_native_define(struct parser *p, struct native_part *part)
{
	part->kind = NATIVE_DEFINE;
	part->name = parse_name(p, "the name of a macro");
	if (parse_is(p, TOKEN_STRING))
		part->text = parse_string(p, "a text of C");
	else if (!parse_is(p, TOKEN_SEMICOLON))
		part->value = parse_expr(p);
}

static void parse_native_file(struct parser *p, struct native_part *part,
			      enum native_part_kind kind)
{
	part->kind = kind;
	part->text = parse_string(p, "a file of C");
	if (!p->panic)
		part->path = parse_find(p, part->text);
}

static struct native_part *parse_part(struct parser *p, bool is_driver)
{
	struct native_part *part = parse_new(p, struct native_part);

	part->span = parse_span(p);
	if (is_driver && parse_take_word(p, KW_PCI))
		parse_pci(p, part);
	else if (is_driver && parse_take_word(p, KW_IRQ))
		parse_native_irq(p, part);
	else if (parse_take_word(p, KW_DEFINE))
		parse_native_define(p, part);
	else if (parse_take_word(p, KW_SOURCE))
		parse_native_file(p, part, NATIVE_SOURCE);
	else if (parse_take_word(p, KW_LINK))
		parse_native_file(p, part, NATIVE_LINK);
	else
		parse_fail(p, part->span,
			   "expected %s'define', 'source' or "
			   "'link'",
			   is_driver ? "'pci', 'irq', " : "");
	part->span = parse_since(p, part->span);
	parse_want_end(p, "it");
	return part;
}

/* Where it is; of "x.so", also where x.c is. */
static void find_files(struct parser *p, struct item *item)
{
	size_t len = strlen(item->text);
	char *source;

	item->path = parse_find(p, item->text);
	item->made_of = item->path;
	if (len < 4 || strcmp(item->text + len - 3, ".so") != 0)
		return;
	source = cdma_xstrndup(item->text, len - 1);
	source[len - 2] = 'c';
	item->made_of = parse_find(p, source);
	free(source);
}

/* "native "file.c" { ... } f, g;" */
void parse_native(struct parser *p, struct item *item)
{
	const bool is_driver = item->kind == ITEM_DRIVER;
	struct native_part **part = &item->parts;
	struct param **tail = &item->params;

	item->text = parse_string(p, is_driver ? "a file of C"
					       : "a file of C, or a shared "
						 "object");
	if (!p->panic)
		find_files(p, item);
	if (parse_take(p, TOKEN_LBRACE)) {
		while (!p->panic && !parse_is(p, TOKEN_RBRACE)) {
			*part = parse_part(p, is_driver);
			part = &(*part)->next;
		}
		parse_want(p, TOKEN_RBRACE, "after what it is made of");
	}
	do {
		*tail = parse_new(p, struct param);
		(*tail)->name = parse_name(p, "the name of a function");
		tail = &(*tail)->next;
		item->nr_params++;
	} while (parse_take(p, TOKEN_COMMA));
}

/* One text: the next one is another. */
static const char *parse_one_string(struct parser *p, const char *what)
{
	if (!p->panic && !parse_is(p, TOKEN_STRING))
		parse_fail(p, parse_span(p), "expected %s in \"\"", what);
	return p->panic ? NULL : parse_text(p, p->tok++->id);
}

/* "patch after "a" "b" in f;" */
void parse_patch(struct parser *p, struct item *item)
{
	struct patch_ref *patch = parse_new(p, struct patch_ref);

	item->patch = patch;
	patch->with = "";
	if (parse_take_word(p, KW_AFTER))
		patch->how = PATCH_AFTER;
	else if (parse_take_word(p, KW_BEFORE))
		patch->how = PATCH_BEFORE;
	else if (parse_take_word(p, KW_REPLACE))
		patch->how = PATCH_REPLACE;
	else if (parse_take_word(p, KW_REMOVE))
		patch->how = PATCH_REMOVE;
	else
		parse_fail(p, parse_span(p),
			   "expected 'after', 'before', 'replace' or 'remove'");
	patch->at = parse_one_string(p, "a text of the source");
	if (patch->how != PATCH_REMOVE)
		patch->with = parse_one_string(p, "what to write there");
	if (parse_take_word(p, KW_IN))
		patch->in = parse_name(p, "a function");
}
