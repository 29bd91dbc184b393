/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_PARSE_H
#define SCRIPT_PARSE_H

/*
 * Parse: hand-written recursive descent, one function a rule of the grammar
 * (doc/scenarios.md).  This header is private to the script directory.
 *
 * Errors: the first that a rule meets is reported and the parser panics; then
 * every function returns at once, whatever it has, until a list of statements
 * or items finds a place where it can go on.  So one mistake is one message,
 * and a rule that fails without taking a token cannot be tried for ever.
 *
 * Depth: blocks and expressions have a limit, so that neither the parser nor
 * anybody who walks the tree afterwards runs out of stack.
 */

#include "script/ast.h"
#include "script/diag.h"
#include "script/keywords.h"
#include "script/lexer.h"
#include "script/refuse.h"

#define PARSE_BLOCK_DEPTH 64
#define PARSE_EXPR_DEPTH  200

struct script;

struct parser {
	struct script *script;
	struct diag *diag;
	struct token *tok; /* the next one; the parser sets roles */
	uint32_t file;
	bool panic;
	bool failed;
	bool is_scenario;    /* there was an item that is one */
	unsigned int blocks; /* that are open */
	unsigned int exprs;
	unsigned int inits; /* open braces of initialisers */
	unsigned int includes;
	struct item **tail; /* where the next item goes */
};

/* A text that is no file, such as an argument: a source of its own. */
struct parse_words {
	struct parser p;
	struct tokens tokens; /* owned */
};

/* @path: what it is called in messages. */
void parse_words_begin(struct parse_words *words, struct script *script,
		       const char *path, const char *text, struct diag *diag);
/* Whether all of it was right. */
bool parse_words_end(struct parse_words *words);

/* Rules. */
void parse_items(struct parser *p);
struct stmt *parse_block(struct parser *p);
/* "{ u32 len; ... }"; @regs: those of a device. */
struct field_ref *parse_fields(struct parser *p, bool regs);
void parse_struct(struct parser *p, struct item *item);
/* parse-reaction.c: "on write REG (v) { ... }" of the device @item. */
bool parse_is_reaction(const struct parser *p);
void parse_reaction(struct parser *p, struct item *item);
struct item *parse_new_item(struct parser *p, enum item_kind kind);
void parse_typedef(struct parser *p);
struct expr *parse_expr(struct parser *p);
struct expr *parse_init(struct parser *p); /* { .f = v } or an expression */
struct type_ref *parse_type(struct parser *p);
/* "[expr]", or NULL when no bracket follows. */
struct expr *parse_len(struct parser *p);
/* The same, or "[]", whose length is that of the first value: then true in
 * *@is_open, and parse_close_len() gives it. */
struct expr *parse_open_len(struct parser *p, bool *is_open);
struct expr *parse_close_len(struct parser *p, const struct expr *init);
/* A type without its array, which may come after the name instead. */
struct type_ref *parse_type_name(struct parser *p);
/* A variable that is volatile is refused: what is read and written so says it
 * where that is done.  Registers always are. */
void parse_refuse_volatile(struct parser *p, const struct type_ref *ref);
/* "typedef @ref @name;" */
void parse_add_typedef(struct parser *p, const struct name *name,
		       const struct type_ref *ref);
/* @ref with the stars that follow, which may be none. */
struct type_ref *parse_stars(struct parser *p, struct type_ref *ref);
/*
 * Behind the type that may begin at @t; NULL: none can.
 *
 * @sure: it can be nothing else.
 */
const struct token *parse_skip_type(const struct parser *p,
				    const struct token *t, bool *sure);
const struct token *parse_skip_stars(const struct parser *p,
				     const struct token *t);

/* Statements: one; what is inside another one, which counts as a block; the
 * condition in parentheses; one without its semicolon. */
struct stmt *parse_stmt(struct parser *p);
struct stmt *parse_inner(struct parser *p);
struct expr *parse_condition(struct parser *p, const char *after);
struct stmt *parse_simple(struct parser *p);
struct stmt *parse_make_stmt(struct parser *p, enum stmt_kind kind,
			     struct span start);

/* parse-decl.c */
bool parse_is_decl(const struct parser *p);
struct stmt *parse_decl(struct parser *p, struct span start);

/* parse-loop.c, parse-jump.c: what their keyword starts. */
/* "list_for_each_entry(...)"; NULL: it is another one. */
struct stmt *parse_list_loop(struct parser *p, struct span start);
struct stmt *parse_for(struct parser *p, struct span start);
struct stmt *parse_while(struct parser *p, struct span start);
struct stmt *parse_do(struct parser *p, struct span start);
struct stmt *parse_switch(struct parser *p, struct span start);
struct stmt *parse_case(struct parser *p, struct span start);
struct stmt *parse_jump(struct parser *p, struct span start);
struct stmt *parse_return(struct parser *p, struct span start);

/* Parts of parse_expr(): a node, whose tree is seen while it grows; an operand
 * with what is before and behind it; the operand alone; what follows it. */
struct expr *parse_new_expr(struct parser *p, enum expr_kind kind,
			    struct span start);
void parse_add_child(struct parser *p, struct expr *e, struct expr *child);
struct expr *parse_unary(struct parser *p);
struct expr *parse_primary(struct parser *p);
struct expr *parse_postfix(struct parser *p, struct expr *e, struct span start);

/* What stands behind "=": a value, or another assignment. */
struct expr *parse_assigned(struct parser *p);

/* Tokens. */
struct span parse_span(const struct parser *p);   /* of the next */
struct span parse_before(const struct parser *p); /* just after the last */
struct span parse_since(const struct parser *p, struct span start);
bool parse_is(const struct parser *p, enum token_kind kind);
bool parse_is_op(const struct parser *p, enum op op);
bool parse_is_word(const struct parser *p, enum keyword keyword);
/* Take the next token if it is that. */
bool parse_take(struct parser *p, enum token_kind kind);
bool parse_take_word(struct parser *p, enum keyword keyword);
/* Take it, or panic: "expected ';' @where". */
bool parse_want(struct parser *p, enum token_kind kind, const char *where);
/* A semicolon; one that is missing at a line end is not worth a panic. */
void parse_want_end(struct parser *p, const char *what);
/* A name, or panic: "expected @what". */
struct name parse_name(struct parser *p, const char *what);

/* Skip to where a statement or an item can start. */
void parse_sync(struct parser *p);

/* Report and panic; nothing when panicking already. */
void parse_fail(struct parser *p, struct span span, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void parse_refuse(struct parser *p, struct span span, const char *prefix,
		  const struct refusal *refusal);
/* Whether the next token is a word that is refused there; then it has. */
bool parse_refused(struct parser *p, enum refuse_where where);

/* A zeroed node. */
void *parse_alloc(struct parser *p, size_t size);
#define parse_new(p, type) ((type *)parse_alloc(p, sizeof(type)))

/* The text of a name. */
const char *parse_text(const struct parser *p, uint32_t id);

/* parse-native.c: files of C, and changes of them. */
void parse_native(struct parser *p, struct item *item);
void parse_patch(struct parser *p, struct item *item);

/* parse-c.c: functions, variables, constants as C has them. */
bool parse_is_c_item(const struct parser *p);
/* Whether @id is a struct that was declared before. */
bool parse_is_struct(const struct parser *p, uint32_t id);
void parse_c_item(struct parser *p);
void parse_hash(struct parser *p);
void parse_enum(struct parser *p, struct item *item);
void parse_add_item(struct parser *p, struct item *item);
/* Whether what comes can only be an item, so that a block before it has not
 * been closed. */
bool parse_begins_item(const struct parser *p);

/* "may fail ERROR", behind the parameters of a function, or nothing. */
void parse_may_fail(struct parser *p, struct item *item);

/* Items with a configuration, after the word that they begin with. */
struct item *parse_new_item(struct parser *p, enum item_kind kind);
/* One or more texts: a long one may be written in parts, as in C. */
const char *parse_string(struct parser *p, const char *what);
void parse_memory(struct parser *p, struct item *item);
void parse_contract(struct parser *p, struct item *item);
void parse_timeouts(struct parser *p, struct item *item);
void parse_machine(struct parser *p, struct item *item);
void parse_expect(struct parser *p, struct item *item);
void parse_failure(struct parser *p, struct item *item);
void parse_device_fault(struct parser *p, struct item *item);

/* A fault, without the word `fail' and the semicolon. */
struct item *parse_fault(struct parser *p);

/* Read what an include asks for; its items follow. */
void parse_include(struct parser *p, const struct item *item);
/* Where the file @text is, which is found as one that is included; NULL:
 * nowhere. */
const char *parse_find(struct parser *p, const char *text);

#endif /* SCRIPT_PARSE_H */
