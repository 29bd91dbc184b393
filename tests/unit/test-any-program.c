/* SPDX-License-Identifier: MIT */
/*
 * That any-program.h draws the whole language: every builtin, word, form of a
 * statement or expression, kind of section, and instruction.  What is new and
 * is not drawn fails here.
 */
#include "any-program.h"
#include "scene.h"
#include "script/keywords.h"

#define DRAWN 4000

static void draw_program(uint64_t nr, struct cdma_text *text)
{
	struct cdma_rng rng = cdma_rng_case(2, nr);

	any_program(&rng, text);
}

static void draw_all(struct cdma_text *out)
{
	for (uint64_t i = 0; i < DRAWN; i++)
		draw_program(i, out);
}

static bool is_letter(char c)
{
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* Whether the word @name stands in @text. */
static bool has_word(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = text; (at = strstr(at, name)); at++)
		if ((at == text || !is_letter(at[-1])) &&
		    (at[len - 1] == '(' || !is_letter(at[len])))
			return true;
	return false;
}

static bool has_call(const char *text, const struct builtin *b)
{
	static const char *const variants[] = {"", "_relaxed", "_acquire",
					       "_release"};
	char name[64];

	for (size_t i = 0; i < ARRAY_SIZE(variants); i++) {
		snprintf(name, sizeof(name), "%s%s(", b->name, variants[i]);
		if (has_word(text, name))
			return true;
	}
	return false;
}

START_TEST(every_builtin)
{
	struct cdma_text all = {0};

	draw_all(&all);
	for (size_t i = 0; i < nr_builtins; i++)
		ck_assert_msg(has_call(all.at, &builtins[i]),
			      "%s() is never drawn", builtins[i].name);
	cdma_text_fini(&all);
}
END_TEST

/* Words that say nothing to a run: what a file is called and made of, what is
 * expected of it, and what a variant may be told.  What is in C is not drawn.
 */
static bool is_silent(enum keyword word)
{
	static const enum keyword silent[] = {
		KW_SOURCE,   KW_INCLUDE, KW_PARAM,  KW_CONST,     KW_UNDER,
		KW_FAULTS,   KW_EACH,    KW_PAIRS,  KW_VARIANT,   KW_ALWAYS,
		KW_NEVER,    KW_AGAINST, KW_NONE,   KW_UNREACHED, KW_THEN,
		KW_ANYTHING, KW_EXPLORE, KW_NATIVE, KW_DRIVER,    KW_PATCH,
		KW_PCI,      KW_REV,     KW_DEFINE, KW_LINK,      KW_BEFORE,
		KW_REPLACE,  KW_REMOVE,
	};

	for (size_t i = 0; i < ARRAY_SIZE(silent); i++)
		if (word == silent[i])
			return true;
	return false;
}

static void drawn(const char *text, enum keyword word)
{
	ck_assert_msg(has_word(text, keyword_text(word)), "'%s' is never drawn",
		      keyword_text(word));
}

START_TEST(every_word)
{
	struct cdma_text all = {0};

	draw_all(&all);
	for (enum keyword word = 0; word < KW_NR; word++)
		if (!is_silent(word))
			drawn(all.at, word);
	cdma_text_fini(&all);
}
END_TEST

START_TEST(every_instruction)
{
	static const char *const names[] = {
#define X(name, text, visible) text,
		INSNS(X)
#undef X
	};
	bool seen[INSN_NR] = {0};

	for (uint64_t i = 0; i < DRAWN / 2; i++) {
		struct cdma_text text = {0};
		struct program *program;

		draw_program(i, &text);
		program = scene_program(text.at, 0);
		for (size_t pc = 0; pc < program->code.nr; pc++)
			seen[program->code.at[pc].op] = true;
		program_free(program);
		cdma_text_fini(&text);
	}
	for (size_t i = 0; i < INSN_NR; i++)
		ck_assert_msg(seen[i] || i == INSN_NATIVE ||
				      i == INSN_NATIVE_MORE,
			      "%s is never drawn", names[i]);
}
END_TEST

/* ---- forms ---- */

/* What the trees are made of.  No default, here and below: the compiler says
 * what is new. */
static const char *stmt_form(enum stmt_kind kind)
{
	switch (kind) {
	case STMT_BLOCK:
		return "a block";
	case STMT_EMPTY:
		return "an empty statement";
	case STMT_DECL:
		return "a declaration";
	case STMT_ASSIGN:
		return "an assignment";
	case STMT_STEP:
		return "a ++ or --";
	case STMT_CALL:
		return "a call";
	case STMT_IF:
		return "an if";
	case STMT_FOR:
		return "a for";
	case STMT_POLL:
		return "a poll";
	case STMT_LOOP:
		return "a loop of C";
	case STMT_SWITCH:
		return "a switch";
	case STMT_CASE:
		return "a case";
	case STMT_GOTO:
		return "a goto";
	case STMT_BREAK:
		return "a break";
	case STMT_CONTINUE:
		return "a continue";
	case STMT_RETURN:
		return "a return";
	}
	return NULL;
}

static const char *expr_form(enum expr_kind kind)
{
	switch (kind) {
	case EXPR_NUMBER:
		return "a number";
	case EXPR_NAME:
		return "a name";
	case EXPR_UNARY:
		return "an operator before";
	case EXPR_BINARY:
		return "an operator between";
	case EXPR_COND:
		return "a ?:";
	case EXPR_COMMA:
		return "a comma";
	case EXPR_INDEX:
		return "an index";
	case EXPR_RANGE:
		return "a range";
	case EXPR_FIELD:
		return "a field";
	case EXPR_RAW:
		return "memory at an address";
	case EXPR_CAST:
		return "a cast";
	case EXPR_CALL:
		return "a call in an expression";
	case EXPR_TRY:
		return "a ? behind a call";
	case EXPR_INIT:
		return "an initialiser";
	case EXPR_TYPE:
		return "a type";
	case EXPR_SIZEOF:
		return "a sizeof";
	case EXPR_OFFSETOF:
		return "an offsetof";
	case EXPR_ASSIGN:
		return "an assignment in an expression";
	case EXPR_STEP:
		return "a ++ or -- in an expression";
	case EXPR_LOAD: /* the parser makes none of these */
	case EXPR_ADDRESS:
	case EXPR_POINTED:
	case EXPR_MMIO:
	case EXPR_FAILS:
		break;
	}
	return NULL;
}

static const char *item_form(enum item_kind kind)
{
	switch (kind) {
	case ITEM_SCENARIO:
		return "a scenario";
	case ITEM_STRUCT:
		return "a struct";
	case ITEM_DEVICE:
		return "a device";
	case ITEM_SHARED:
		return "a shared variable";
	case ITEM_SPINLOCK:
		return "a lock";
	case ITEM_COMPLETION:
		return "a completion";
	case ITEM_MUTEX:
		return "a mutex";
	case ITEM_WAITQUEUE:
		return "a wait queue";
	case ITEM_TIMEOUTS:
		return "when polls run out";
	case ITEM_MACHINE:
		return "a machine";
	case ITEM_FN:
		return "a function";
	case ITEM_ENUM:
		return "an enum";
	case ITEM_MACRO:
		return "a macro with parameters";
	case ITEM_PROTOTYPE: /* says nothing to a run */
	case ITEM_NATIVE:    /* what is in C is not made here */
	case ITEM_DRIVER:
	case ITEM_PATCH:
		break;
	case ITEM_SETUP:
		return "a setup";
	case ITEM_TEARDOWN:
		return "a teardown";
	case ITEM_FINAL:
		return "a final";
	case ITEM_THREAD:
		return "a thread";
	case ITEM_IRQ:
		return "a handler";
	case ITEM_IRQ_THREAD:
		return "the thread of an interrupt";
	case ITEM_TIMER:
		return "a timer";
	case ITEM_WORK:
		return "a work item";
	case ITEM_TASKLET:
		return "a tasklet";
	case ITEM_NAPI:
		return "a NAPI poll";
	case ITEM_REACTION:
		return "a register that does something";
	case ITEM_REVOCABLE:
		return "something revocable";
	case ITEM_DEVRES:
		return "a resource of a device";
	case ITEM_DRVDATA:
		return "the data of a driver";
	case ITEM_MEMORY:
		return "a memory";
	case ITEM_CONTRACT:
		return "a contract";
	case ITEM_EXPECT:
		return "an expectation";
	case ITEM_FAIL:
		return "a fault";
	case ITEM_SOURCE: /* these say nothing to a run */
	case ITEM_INCLUDE:
	case ITEM_PARAM:
	case ITEM_CONST:
	case ITEM_VARIANT:
	case ITEM_SET:
		break;
	}
	return NULL;
}

#define FORMS 64

struct forms {
	bool items[FORMS], stmts[FORMS], exprs[FORMS];
	bool ops[OP_NR], stores[STORE_NR], objects[OBJECT_NR];
	bool core, on_device, may_fail;
	bool fail[FORMS], fail_of, fail_field, fail_byte, fail_bit, fail_with;
	bool fail_at, fail_in, fail_after, fail_attrs;
};

static void note_expr(struct forms *f, const struct expr *e)
{
	for (; e; e = e->next) {
		f->exprs[e->kind] = true;
		if (e->kind == EXPR_UNARY || e->kind == EXPR_BINARY)
			f->ops[e->op] = true;
		note_expr(f, e->a);
		note_expr(f, e->b);
		note_expr(f, e->c);
		note_expr(f, e->args);
		for (const struct init *i = e->inits; i; i = i->next)
			note_expr(f, i->value);
	}
}

static void note_stmt(struct forms *f, const struct stmt *s)
{
	for (; s; s = s->next) {
		f->stmts[s->kind] = true;
		f->stores[s->how] = true;
		note_expr(f, s->lhs);
		note_expr(f, s->rhs);
		note_expr(f, s->cond);
		for (const struct decl *d = s->decls; d; d = d->next) {
			f->objects[d->object] = true;
			note_expr(f, d->init);
		}
		note_stmt(f, s->list);
		note_stmt(f, s->then);
		note_stmt(f, s->other);
	}
}

static void note_item(struct forms *f, const struct item *item)
{
	f->items[item->kind] = true;
	f->core |= item->core.text != NULL;
	f->on_device |= item->kind == ITEM_THREAD &&
			strcmp(item->on.text, keyword_text(KW_CPU)) != 0;
	f->may_fail |= item->may_fail != NULL;
	note_stmt(f, item->body);
	for (const struct item *i = item->items; i; i = i->next)
		note_item(f, i);
	if (!item->fail)
		return;
	f->fail[item->fail->when] = true;
	f->fail_of |= item->fail->of.text != NULL;
	f->fail_field |= item->fail->field.text != NULL;
	f->fail_byte |= item->fail->byte != NULL;
	f->fail_bit |= item->fail->bit != NULL;
	f->fail_with |= item->fail->with != NULL;
	f->fail_at |= item->fail->label.text != NULL;
	f->fail_in |= item->fail->in.text != NULL;
	f->fail_after |= item->fail->after.text != NULL;
	f->fail_attrs |= item->fail->attrs != NULL;
}

static void note_program(struct forms *f, uint64_t nr)
{
	struct script_options options = {0};
	struct diag *diag = diag_new(false);
	struct cdma_text text = {0};
	struct script *script;

	draw_program(nr, &text);
	script = script_parse("test.dma", text.at, text.len, &options, diag);
	for (const struct item *i = script_items(script); i; i = i->next)
		note_item(f, i);
	script_free(script);
	cdma_text_fini(&text);
	diag_free(diag);
}

static void check_forms(const char *(*form)(int), const bool *seen)
{
	for (int kind = 0; kind < FORMS; kind++)
		ck_assert_msg(!form(kind) || seen[kind], "%s is never drawn",
			      form(kind));
}

static const char *stmt_of(int kind)
{
	return stmt_form((enum stmt_kind)kind);
}

static const char *expr_of(int kind)
{
	return expr_form((enum expr_kind)kind);
}

static const char *item_of(int kind)
{
	return item_form((enum item_kind)kind);
}

START_TEST(every_form)
{
	static struct forms f;

	for (uint64_t i = 0; i < DRAWN / 2; i++)
		note_program(&f, i);
	check_forms(stmt_of, f.stmts);
	check_forms(expr_of, f.exprs);
	check_forms(item_of, f.items);
	for (enum op op = OP_ADD; op < OP_NR; op++)
		ck_assert_msg(f.ops[op], "%s is never drawn", op_text(op));
	for (enum store how = 0; how < STORE_NR; how++)
		ck_assert_msg(f.stores[how], "store %d is never drawn", how);
	for (enum object o = 0; o < OBJECT_NR; o++)
		ck_assert_msg(f.objects[o], "object %d is never drawn", o);
	for (enum fail_when when = 0; when <= FAIL_EVERY; when++)
		ck_assert_msg(f.fail[when], "fail %d is never drawn", when);
	ck_assert(f.core && f.on_device && f.may_fail);
	ck_assert(f.fail_of && f.fail_field && f.fail_byte && f.fail_bit);
	ck_assert(f.fail_with);
	ck_assert(f.fail_at && f.fail_in && f.fail_after && f.fail_attrs);
}
END_TEST

START_TEST(every_fault)
{
	struct cdma_text all = {0};

	draw_all(&all);
	for (enum cdma_fault_site site = 0; site < CDMA_FAULT_NR; site++)
		ck_assert_msg(has_word(all.at, cdma_fault_name(site)),
			      "no %s fails", cdma_fault_name(site));
	cdma_text_fini(&all);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("any-program");

	unit_add(suite, every_builtin);
	unit_add(suite, every_word);
	unit_add(suite, every_form);
	unit_add(suite, every_fault);
	unit_add(suite, every_instruction);
	return suite;
}
