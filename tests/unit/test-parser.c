/* SPDX-License-Identifier: MIT */
#include "messages.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(messages)
{
	messages_check("parser.txt", _i);
}
END_TEST

static void show(struct cdma_text *out, const struct expr *e);

static void show_list(struct cdma_text *out, const char *head,
		      const struct expr *a, const struct expr *b,
		      const struct expr *c)
{
	cdma_text_addf(out, "(%s", head);
	show(out, a);
	show(out, b);
	show(out, c);
	cdma_text_addc(out, ')');
}

static void show_call(struct cdma_text *out, const struct expr *e)
{
	cdma_text_addf(out, "(%s", e->name.text);
	for (const struct expr *a = e->args; a; a = a->next)
		show(out, a);
	cdma_text_addc(out, ')');
}

static void show_init(struct cdma_text *out, const struct expr *e)
{
	cdma_text_add(out, "{");
	for (const struct init *i = e->inits; i; i = i->next) {
		cdma_text_addf(out, " %s%s", i->at ? "@" : ".",
			       i->field.text ? i->field.text : "");
		show(out, i->at);
		show(out, i->value);
	}
	cdma_text_add(out, "}");
}

/* An expression as Lisp would have it. */
static void show(struct cdma_text *out, const struct expr *e)
{
	if (!e)
		return;
	cdma_text_addc(out, ' ');
	switch (e->kind) {
	case EXPR_NUMBER:
		cdma_text_addf(out, "%d", (int)e->value);
		break;
	case EXPR_NAME:
		cdma_text_add(out, e->name.text);
		break;
	case EXPR_CALL:
		show_call(out, e);
		break;
	case EXPR_INIT:
		show_init(out, e);
		break;
	case EXPR_FIELD:
		show_list(out, e->arrow ? "->" : ".", e->a, NULL, NULL);
		cdma_text_add(out, e->name.text);
		break;
	case EXPR_RAW:
	case EXPR_CAST:
		cdma_text_addf(out, "<%s%s>", e->ref->name.text,
			       e->kind == EXPR_RAW ? "*" : "");
		show(out, e->a);
		break;
	case EXPR_TYPE:
		cdma_text_addf(out, "<%s>", e->ref->name.text);
		show(out, e->ref->len);
		break;
	case EXPR_TRY:
		show_list(out, "try", e->a, NULL, NULL);
		break;
	case EXPR_INDEX:
		show_list(out, "[]", e->a, e->b, NULL);
		break;
	case EXPR_RANGE:
		show_list(out, "[..]", e->a, e->b, e->c);
		break;
	case EXPR_COND:
		show_list(out, "?:", e->a, e->b, e->c);
		break;
	case EXPR_SIZEOF:
		if (e->ref)
			cdma_text_addf(out, "sizeof <%s>", e->ref->name.text);
		else
			show_list(out, "sizeof", e->a, NULL, NULL);
		break;
	case EXPR_STEP:
		show_list(out, e->op == OP_ADD ? "++" : "--", e->a, NULL, NULL);
		cdma_text_add(out, e->is_prefix ? "<" : ">");
		break;
	case EXPR_ASSIGN:
		cdma_text_addf(out, "(%s=", op_text(e->op));
		show(out, e->a);
		show(out, e->b);
		cdma_text_addc(out, ')');
		break;
	default:
		show_list(out, op_text(e->op), e->a, e->b, e->c);
	}
}

static const struct {
	const char *text, *want;
} exprs[] = {
	{"1 + 2 * 3", " (+ 1 (* 2 3))"},
	{"1 - 2 - 3", " (- (- 1 2) 3)"},
	{"(1 + 2) * 3", " (* (+ 1 2) 3)"},
	{"1 << 2 + 3", " (<< 1 (+ 2 3))"},
	{"a & b == c", " (& a (== b c))"},
	{"a == b < c", " (== a (< b c))"},
	{"a | b ^ c & d", " (| a (^ b (& c d)))"},
	{"a || b && c || d", " (|| (|| a (&& b c)) d)"},
	{"a ? b : c ? d : e", " (?: a b (?: c d e))"},
	{"a ? b ? c : d : e", " (?: a (?: b c d) e)"},
	{"-a * !b + ~c", " (+ (* (- a) (! b)) (~ c))"},
	{"- -a", " (- (- a))"},
	{"-a[1].b", " (- (. ([] a 1))b)"},
	{"a[1][2..3]", " ([..] ([] a 1) 2 3)"},
	{"f(a, g(), -1)", " (f a (g) (- 1))"},
	{"a->b.c", " (. (-> a)b)c"},
	/* ?: or the ? of an error. */
	{"f()?", " (try (f))"},
	{"f() ? 1 : 2", " (?: (f) 1 2)"},
	{"f()?1:2", " (?: (f) 1 2)"},
	{"f() ? -1 : 2", " (?: (f) (- 1) 2)"},
	{"f()? - 1", " (- (try (f)) 1)"},
	{"f()? + 1", " (+ (try (f)) 1)"},
	{"a[i]?.b", " (. (try ([] a i)))b"},
	{"a[1..2]? == 3", " (== (try ([..] a 1 2)) 3)"},
	{"g(f()?, 1)", " (g (try (f)) 1)"},
	{"f()? ? 1 : 2", " (?: (try (f)) 1 2)"},
	/* Casts and parentheses. */
	{"(u32)a + 1", " (+ <u32> a 1)"},
	{"(a) + 1", " (+ a 1)"},
	{"(a)(1)", " (a 1)"},
	{"(le64 *)a", " <le64*> a"},
	{"*(le64 *)a", " (* <le64*> a)"},
	{"((struct s *)a)->b", " (-> <s*> a)b"},
	{"(s *)a + 1", " (+ <s*> a 1)"},
	{"(a * b)", " (* a b)"},
	{"a * b", " (* a b)"},
	{"&a[1]", " (& ([] a 1))"},
	{"a & &b", " (& a (& b))"},
	{"sizeof(u32) + sizeof(a.b)", " (+ sizeof <u32> (sizeof (. a)b))"},
	{"dma_alloc(d, s[4], A | B)", " (dma_alloc d <s> 4 (| A B))"},
	{"dma_alloc(d, struct s)", " (dma_alloc d <s>)"},
	{"init_at(b, 0, { .a = 1, @2 = 3, 4 })",
	 " (init_at b 0 { .a 1 @ 2 3 . 4})"},
	/* Changes. */
	{"a++ + ++b", " (+ (++ a)> (++ b)<)"},
	{"a - --b", " (- a (-- b)<)"},
	{"-a--", " (- (-- a)>)"},
	{"a[i++].b", " (. ([] a (++ i)>))b"},
	{"(a = b) + 1", " (+ (= a b) 1)"},
	{"(a += b = 1)", " (+= a (= b 1))"},
	/* Types of C. */
	{"(unsigned long)a", " <u64> a"},
	{"(const u8)a", " <u8> a"},
	{"(__le32)a", " <le32> a"},
	{"(unsigned)(a)", " <u32> a"},
	{"sizeof(unsigned char) + sizeof(struct s)",
	 " (+ sizeof <u8> sizeof <s>)"},
	{"min_t(unsigned int, a, b)", " (min_t <u32> a b)"},
	{"max_t(u32, a, b)", " (max_t <u32> a b)"},
	/* Keywords are names. */
	{"poll + len + free + max", " (+ (+ (+ poll len) free) max)"},
	{"on.field.of", " (. (. on)field)of"},
};

static const struct item *find_item(const struct script *script,
				    enum item_kind kind)
{
	for (const struct item *i = script_items(script); i; i = i->next)
		if (i->kind == kind)
			return i;
	return NULL;
}

static struct script *parse(const char *text, size_t len, struct diag *diag)
{
	static const struct script_options options = {.no_includes = true};

	return script_parse("x.dma", text, len, &options, diag);
}

START_TEST(expression_has_shape)
{
	struct diag *diag = diag_new(false);
	struct cdma_text text = {0}, got = {0};
	struct script *script;

	cdma_text_addf(&text, "const A = %s;", exprs[_i].text);
	script = parse(text.at, text.len, diag);
	diag_print(diag, &got);
	ck_assert_msg(script != NULL, "%s", cdma_text_str(&got));
	show(&got, find_item(script, ITEM_CONST)->value);
	ck_assert_str_eq(cdma_text_str(&got), exprs[_i].want);
	cdma_text_fini(&text);
	cdma_text_fini(&got);
	script_free(script);
	diag_free(diag);
}
END_TEST

/* Any word of the grammar is a fine name for a local and for a field. */
START_TEST(keywords_are_contextual)
{
	static const char *const words[] = {
		"scenario",  "device", "on",          "cpu",     "max",
		"of",        "at",     "field",       "packed",  "relaxed",
		"unordered", "split",  "thread",      "irq",     "expect",
		"memory",    "regs",   "msi",         "nothing", "in",
		"box",       "param",  "while",       "do",      "switch",
		"goto",      "static", "fallthrough",
	};
	struct diag *diag = diag_new(false);
	struct cdma_text text = {0};
	struct script *script;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		const char *w = words[i];

		cdma_text_addf(&text,
			       "struct s%zu { u32 %s; };\n"
			       "fn f%zu(%s) { u32 x = %s; %s = x; x = %s; "
			       "x.%s = 1; %s.x = 2; for (%s in 0..2) ; }\n",
			       i, w, i, w, w, w, w, w, w, w);
	}
	script = parse(text.at, text.len, diag);
	cdma_text_cut(&text, 0);
	diag_print(diag, &text);
	ck_assert_msg(script != NULL, "%s", text.at);
	cdma_text_fini(&text);
	script_free(script);
	diag_free(diag);
}
END_TEST

static struct cdma_text repeat(const char *head, const char *again,
			       unsigned int nr, const char *tail)
{
	struct cdma_text text = {0};

	cdma_text_add(&text, head);
	while (nr--)
		cdma_text_add(&text, again);
	cdma_text_add(&text, tail);
	return text;
}

/* Far deeper than any stack, and far longer than any line. */
static const struct {
	const char *head, *again, *tail, *want;
	unsigned int nr;
} extremes[] = {
	{"const A = ", "(", "", "this expression is nested more than 200 deep",
	 100000},
	{"const A = ", "~", "1;", "this expression is nested more than 200",
	 100000},
	{"const A = ", "1 + ", "1;", "this expression is nested more than 200",
	 100000},
	{"const A = ", "f(", "", "this expression is nested more than 200",
	 100000},
	{"const A = a", "[1]", ";", "this expression is nested more than 200",
	 100000},
	{"const A = a", ".b", ";", "this expression is nested more than 200",
	 100000},
	{"const A = ", "1 ? 1 : ", "1;", "this expression is nested more than",
	 100000},
	{"setup ", "{", "", "blocks are nested more than 64 deep", 100000},
	{"setup { ", "if (1) ", ";}", "blocks are nested more than 64 deep",
	 100000},
	{"setup { ", "if (1) ; else ", ";}",
	 "blocks are nested more than 64 deep", 50000},
	{"setup { ", "poll (1) max 1 else ", ";}",
	 "blocks are nested more than 64 deep", 30000},
	{"", "}", "", "expected an item", 100000},
	{"", "x", " y", "unknown item 'xxx", 100000},
	{"setup {", "$", "}", "do not belong here", 100000},
	{"setup {", "a b c\n", "}", "expected ';'", 100000},
	{"scenario t \"", "a", "", "is missing at the end", 100000},
	{"/*", "*", "", "this comment has no end", 100000},
	{"scenario t;", "variant v { }", "",
	 "there are more than 1000 variants", 1001},
	{"scenario t; struct s {", "u8 f;", "};",
	 "'s' has more than 1024 fields", 1025},
	{"scenario t; device d {", "irq i : msi;", "};",
	 "'d' has more than 1024 interrupts", 1025},
	{"scenario t; device d { regs {", "u8 f;", "} };",
	 "'d' has more than 1024 fields", 1025},
	{"setup {", "\xff", "}", "these 100000 bytes do not belong here",
	 100000},
};

START_TEST(extreme_has_message)
{
	struct cdma_text text = repeat(extremes[_i].head, extremes[_i].again,
				       extremes[_i].nr, extremes[_i].tail);
	static const struct script_options options = {.no_includes = true};
	char *got = messages_of("x.dma", text.at, text.len, &options);

	ck_assert_msg(strstr(got, extremes[_i].want) != NULL, "%.*s", 2000,
		      got);
	ck_assert_uint_lt(strlen(got), 20000);
	free(got);
	cdma_text_fini(&text);
}
END_TEST

START_TEST(size_is_limited)
{
	struct diag *diag = diag_new(false);
	struct cdma_text text = {0};

	cdma_text_fill(&text, ' ', 10u << 20);
	ck_assert_ptr_eq(parse(text.at, text.len, diag), NULL);
	cdma_text_cut(&text, 0);
	diag_print(diag, &text);
	ck_assert_str_eq(text.at,
			 "x.dma: error: the file is larger than 1 MiB\n");
	cdma_text_fini(&text);
	diag_free(diag);
}
END_TEST

/* Files for includes, in the build tree. */
static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "wb");

	ck_assert_ptr_ne(file, NULL);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

static char *load(const char *path, const struct script_options *options)
{
	struct diag *diag = diag_new(false);
	struct script *script = script_load(path, options, diag);
	struct cdma_text out = {0};

	for (size_t i = 0; script && i < script_nr_variants(script); i++)
		unit_free(script_resolve(script, i, diag));
	diag_print(diag, &out);
	cdma_text_addn(&out, "", 0);
	script_free(script);
	diag_free(diag);
	return out.at;
}

static const struct {
	const char *name, *text;
} files[] = {
	{"main.dma",
	 "scenario t;\ninclude \"a.dma\";\ninclude \"a.dma\";\n"
	 "include \"sub/b.dma\";\nsetup { u32 x = ALPHA + B + C; }\n"},
	{"a.dma", "const ALPHA = 1;\n"},
	{"sub/b.dma", "include \"c.dma\";\nconst B = C;\n"},
	{"inc/c.dma", "const C = 1;\n"},
	{"ring.dma", "scenario t;\ninclude \"ring1.dma\";\n"},
	{"ring1.dma", "include \"ring2.dma\";\n"},
	{"ring2.dma", "\ninclude \"ring1.dma\";\n"},
	{"self.dma", "scenario t;\ninclude \"self.dma\";\n"},
	{"none.dma", "scenario t;\ninclude \"nowhere.dma\";\n"
		     "include \"sub\";\nconst A = ;\n"},
	{"deep.dma", "scenario t;\ninclude \"bad.dma\";\n"},
	{"bad.dma", "const A = ;\nscenario u;\n"},
	{"late.dma", "scenario t;\ninclude \"a.dma\";\nconst Z = ALHPA;\n"},
	{"up.dma", "scenario t;\ninclude \"sub/up.dma\";\n"},
	{"sub/up.dma", "include \"../a.dma\";\n"},
	{"sub/over.dma", "scenario t;\ninclude \"../a.dma\";\n"
			 "include \"/etc/passwd\";\n"},
	{"peek.dma", "scenario t;\ninclude \"sub/shadow\";\n"
		     "include \"sub/env\";\ninclude \"sub/round\";\n"},
	{"sub/shadow", "/* of root */\nroot:$y$secret:0:0\n"},
	{"sub/env", "KEY=secret\"\n'secret\n"},
	{"sub/round", "include \"shadow\";\nconst A = ALHPA;\n"},
};

#define DIR_ "tests-unit-parser.d/"

static void make_files(void)
{
	ck_assert(!mkdir("tests-unit-parser.d", 0777) || errno == EEXIST);
	ck_assert(!mkdir(DIR_ "sub", 0777) || errno == EEXIST);
	ck_assert(!mkdir(DIR_ "inc", 0777) || errno == EEXIST);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char path[100];

		snprintf(path, sizeof(path), DIR_ "%s", files[i].name);
		write_file(path, files[i].text);
	}
}

static void remove_files(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char path[100];

		snprintf(path, sizeof(path), DIR_ "%s", files[i].name);
		unlink(path);
	}
	rmdir(DIR_ "sub");
	rmdir(DIR_ "inc");
	rmdir(DIR_);
}

static const struct {
	const char *name, *want;
} includes[] = {
	{"main.dma", ""},
	{"ring.dma", DIR_ "ring2.dma:2:1: error: 'ring1.dma' is part of what "
			  "it includes\n"
			  "    2 | include \"ring1.dma\";\n"
			  "      | ^~~~~~~~~~~~~~~~~~~~\n" DIR_
			  "ring1.dma:1:1: note: included from here\n" DIR_
			  "ring.dma:2:1: note: included from here\n"},
	{"self.dma", DIR_ "self.dma:2:1: error: 'self.dma' is part of what it "
			  "includes\n"
			  "    2 | include \"self.dma\";\n"
			  "      | ^~~~~~~~~~~~~~~~~~~\n"},
	{"none.dma",
	 DIR_ "none.dma:2:1: error: there is no file 'nowhere.dma'\n"
	      "    2 | include \"nowhere.dma\";\n"
	      "      | ^~~~~~~~~~~~~~~~~~~~~~\n" DIR_
	      "none.dma:3:1: error: '" DIR_ "sub' is no regular file\n"
	      "    3 | include \"sub\";\n"
	      "      | ^~~~~~~~~~~~~~\n" DIR_
	      "none.dma:4:11: error: expected an expression\n"
	      "    4 | const A = ;\n"
	      "      |           ^\n"},
	{"deep.dma", DIR_ "bad.dma:1:11: error: expected an expression\n"
			  "    1 | const A = ;\n"
			  "      |           ^\n" DIR_
			  "deep.dma:2:1: note: included from here\n"},
	{"late.dma", DIR_ "late.dma:3:11: error: unknown name 'ALHPA'; did you "
			  "mean 'ALPHA'?\n"
			  "    3 | const Z = ALHPA;\n"
			  "      |           ^~~~~\n" DIR_
			  "a.dma:1:7: note: 'ALPHA' is declared here\n"
			  "    1 | const ALPHA = 1;\n"
			  "      |       ^~~~~\n"},
	{"gone.dma", DIR_ "gone.dma: error: cannot read it: No such file or "
			  "directory\n"},
	{"up.dma", ""},
	{"sub/over.dma",
	 DIR_ "sub/over.dma:2:1: error: '../a.dma' is not below the directory "
	      "of the scenario\n"
	      "    2 | include \"../a.dma\";\n"
	      "      | ^~~~~~~~~~~~~~~~~~~\n"
	      "      = note: --include-dir=DIR allows what is below DIR\n" DIR_
	      "sub/over.dma:3:1: error: '/etc/passwd' is not below the "
	      "directory of the scenario\n"
	      "    3 | include \"/etc/passwd\";\n"
	      "      | ^~~~~~~~~~~~~~~~~~~~~~\n"
	      "      = note: --include-dir=DIR allows what is below DIR\n"},
	{"peek.dma", DIR_
	 "peek.dma:2:1: error: '" DIR_ "sub/shadow' is no part of a "
	 "scenario: its line 2 is not\n"
	 "    2 | include \"sub/shadow\";\n"
	 "      | ^~~~~~~~~~~~~~~~~~~~~\n"
	 "      = note: 'cdmasim check " DIR_ "sub/shadow' shows the "
	 "line\n" DIR_ "peek.dma:3:1: error: '" DIR_ "sub/env' is no part of a "
	 "scenario: its line 1 is not\n"
	 "    3 | include \"sub/env\";\n"
	 "      | ^~~~~~~~~~~~~~~~~~\n"
	 "      = note: 'cdmasim check " DIR_ "sub/env' shows the "
	 "line\n"},
	{"sub", DIR_ "sub: error: cannot read it: Is a directory\n"},
};

START_TEST(files_are_included)
{
	static const char *const dirs[] = {DIR_ "inc"};
	struct script_options options = {.include_dirs = dirs,
					 .nr_include_dirs = 1};
	char path[100], *got;

	make_files();
	snprintf(path, sizeof(path), DIR_ "%s", includes[_i].name);
	got = load(path, &options);
	remove_files();
	ck_assert_str_eq(got, includes[_i].want);
	free(got);
}
END_TEST

/* d0.dma includes d1.dma includes ... */
START_TEST(includes_have_a_depth)
{
	struct cdma_text text = {0};
	char path[100], *got;

	make_files();
	for (int i = 0; i < 20; i++) {
		cdma_text_cut(&text, 0);
		cdma_text_addf(&text, "%sinclude \"d%d.dma\";\n",
			       i ? "" : "scenario t;\n", i + 1);
		snprintf(path, sizeof(path), DIR_ "d%d.dma", i);
		write_file(path, text.at);
	}
	got = load(DIR_ "d0.dma", NULL);
	for (int i = 0; i < 20; i++) {
		snprintf(path, sizeof(path), DIR_ "d%d.dma", i);
		unlink(path);
	}
	remove_files();
	ck_assert_ptr_ne(strstr(got, "d16.dma:1:1: error: files are included "
				     "more than 16 deep\n"),
			 NULL);
	free(got);
	cdma_text_fini(&text);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("parser");

	unit_add_rows(suite, messages, messages_nr("parser.txt"));
	unit_add_rows(suite, expression_has_shape, ARRAY_SIZE(exprs));
	unit_add(suite, keywords_are_contextual);
	unit_add_rows(suite, extreme_has_message, ARRAY_SIZE(extremes));
	unit_add(suite, size_is_limited);
	unit_add_rows(suite, files_are_included, ARRAY_SIZE(includes));
	unit_add(suite, includes_have_a_depth);
	return suite;
}
