/* SPDX-License-Identifier: MIT */
#include "messages.h"

#include <inttypes.h>

#include "script/refuse.h"

START_TEST(messages)
{
	messages_check("resolve.txt", _i);
}
END_TEST

/* Each word of C where it would stand. */
static const char *const refused_at[] = {
	[REFUSE_STMT] = "scenario t;\nsetup { %s x; }",
	[REFUSE_NAME] = "scenario t;\nsetup { u32 x = %s; }",
	[REFUSE_CALL] = "scenario t;\nsetup { u32 x = %s(1); }",
	[REFUSE_TYPE] = "scenario t;\nsetup { %s x; }",
	[REFUSE_ITEM] = "scenario t;\n%s x;",
	[REFUSE_HASH] = "scenario t;\n#%s x\n",
};

START_TEST(word_of_c_is_refused)
{
	const struct refusal *refusal = &refusals[_i];
	struct cdma_text text = {0}, want = {0};
	const char *at = refused_at[refusal->where], *blank = strchr(at, '%');
	char *got;

	cdma_text_addn(&text, at, (size_t)(blank - at));
	cdma_text_add(&text, refusal->word);
	cdma_text_add(&text, blank + 2);
	got = messages_of("x.dma", text.at, text.len, NULL);
	cdma_text_addf(&want, " error: '%s%s' %s\n",
		       refusal->where == REFUSE_HASH ? "#" : "", refusal->word,
		       refusal->why);
	ck_assert_msg(strstr(got, want.at) != NULL, "%s", got);
	cdma_text_cut(&want, 0);
	cdma_text_addf(&want, "      = note: %s\n", refusal->instead);
	ck_assert_msg(strstr(got, want.at) != NULL, "%s", got);
	free(got);
	cdma_text_fini(&text);
	cdma_text_fini(&want);
}
END_TEST

/* A script and one of its variants, resolved without error. */
struct loaded {
	struct diag *diag;
	struct script *script;
	struct unit *unit;
};

static struct loaded load_with(const char *text, size_t variant,
			       const struct script_options *options)
{
	struct loaded l = {.diag = diag_new(false)};
	struct cdma_text out = {0};

	l.script = script_parse("x.dma", text, strlen(text), options, l.diag);
	if (l.script)
		l.unit = script_resolve(l.script, variant, l.diag);
	diag_print(l.diag, &out);
	ck_assert_msg(l.unit != NULL, "%s", cdma_text_str(&out));
	cdma_text_fini(&out);
	return l;
}

static struct loaded load(const char *text)
{
	return load_with(text, 0, NULL);
}

static void unload(struct loaded *l)
{
	unit_free(l->unit);
	script_free(l->script);
	diag_free(l->diag);
}

static const struct stmt *nth(const struct stmt *list, unsigned int n)
{
	while (n--)
		list = list->next;
	return list;
}

/* The value of a constant expression, as the first value of a local. */
static const struct {
	const char *text;
	uint64_t value;
} constants[] = {
	{"1 + 2 * 3 - 4 / 2 % 3", 5},
	{"-7 / 2", (uint64_t)-3},
	{"-7 % 2", (uint64_t)-1},
	{"-1 >> 1", (uint64_t)-1},
	{"0xffff_ffff_ffff_ffff >> 63", 1},
	{"-1 < 1", 1},
	{"0xffff_ffff_ffff_ffff < 1", 0},
	{"sizeof(u8) > -1", 0}, /* unsigned, as in C */
	{"0 ? 1 : 2", 2},
	{"0 && 1 / 1", 0},
	{"!5 + !0", 1},
	{"~0", UINT64_MAX},
	{"6 & 3 | 8 ^ 1", 2 | 9},
	{"'a' == 97", 1},
	{"-ENOMEM", (uint64_t)-12},
	{"ZEROED | WEAK_ORDERING", 0x100 | (uint64_t)2 << 32},
	{"DMA_BIT_MASK(64)", UINT64_MAX},
	{"DMA_BIT_MASK(43)", ((uint64_t)1 << 43) - 1},
	{"DMA_BIT_MASK(0)", 0},
	{"min(3, -1)", (uint64_t)-1},
	{"max(3, -1)", 3},
	{"lower_32_bits(0x1234_5678_9abc_def0)", 0x9abcdef0},
	{"upper_32_bits(0x1234_5678_9abc_def0)", 0x12345678},
	{"cpu_to_be32(5)", 0x5000000},
	{"be16_to_cpu(cpu_to_be16(0x1234))", 0x1234},
	{"cpu_to_le16(0x12345)", 0x2345},
	{"ffs(8) + fls(8) + ilog2(8)", 11},
	{"hweight32(-1) + is_power_of_2(64)", 33},
	{"roundup_pow_of_two(5)", 8},
	{"U32_MAX", 0xffffffff},
	{"(2 ?: 3) + (0 ?: 4)", 6},
	{"+5 + (1, 4)", 9},
	{"attrs_contains(WEAK_ORDERING | NO_WARN, NO_WARN)", 1},
	{"attrs_contains(WEAK_ORDERING, NO_WARN)", 0},
	{"(u8)0x1ff", 0xff},
	{"(s8)0xff", (uint64_t)-1},
	{"(bool)8", 1},
	{"(u32)0x1_0000_0001", 1},
	{"sizeof(nat)", 24},
	{"sizeof(struct pack)", 11},
	{"sizeof(nat[3])", 72}, /* an array of structs, not an index */
	{"sizeof(u16[3])", 6},
	{"offsetof(nat, c)", 8},
	{"offsetof(nat, d[1])", 18},
	{"offsetof(outer, in.d[1])", 26},
	{"LATER * 2", 8},
};

START_TEST(constant_has_value)
{
	struct cdma_text text = {0};
	struct loaded l;
	const struct expr *init;

	cdma_text_addf(&text,
		       "scenario t;\n"
		       "struct nat { u8 a; u32 b; u64 c; be16 d[3]; };\n"
		       "struct pack { u8 a; u64 b; be16 c; } packed;\n"
		       "struct outer { u8 x; nat in; };\n"
		       "const VALUE = %s, LATER = 4;\n"
		       "setup { u64 x = VALUE; }",
		       constants[_i].text);
	l = load(text.at);
	init = l.unit->setup->body->list->decls->init;
	ck_assert_int_eq(init->kind, EXPR_NUMBER);
	ck_assert_msg(init->value == constants[_i].value, "%s is %" PRIx64,
		      constants[_i].text, init->value);
	unload(&l);
	cdma_text_fini(&text);
}
END_TEST

/* Layouts that gcc gives the same structs: offsets, then the size. */
static const struct {
	const char *fields;
	bool packed;
	uint64_t offsets[4], size;
	uint32_t align;
} layouts[] = {
	{"u8 a; u16 b; u32 c; u64 d;", false, {0, 2, 4, 8}, 16, 8},
	{"u64 d; u8 a;", false, {0, 8}, 16, 8},
	{"u8 a; u16 b; u32 c; u64 d;", true, {0, 1, 3, 7}, 15, 1},
	{"u8 a[3]; le32 b[2]; u8 c;", false, {0, 4, 12}, 16, 4},
	{"u8 a; two b[2]; u8 c;", false, {0, 2, 10}, 12, 2},
	{"u8 a; two b; u8 c;", true, {0, 1, 5}, 6, 1},
	{"bool a; int b; size_t c; dma_addr_t d;", false, {0, 4, 8, 16}, 24, 8},
	{"u8 a; u64 b[0]; u8 c;", false, {0, 8, 8}, 16, 8},
};

START_TEST(layout_is_that_of_c)
{
	struct cdma_text text = {0};
	const struct layout *layout;
	struct loaded l;

	cdma_text_addf(&text,
		       "scenario t;\nstruct two { u16 x; u8 y; };\n"
		       "struct s { %s }%s;\nsetup { s x; }",
		       layouts[_i].fields, layouts[_i].packed ? " packed" : "");
	l = load(text.at);
	layout = l.unit->setup->body->list->decls->sym->type.layout;
	ck_assert_uint_eq(layout->size, layouts[_i].size);
	ck_assert_uint_eq(layout->align, layouts[_i].align);
	for (size_t i = 0; i < layout->nr_fields; i++)
		ck_assert_uint_eq(layout->fields[i].offset,
				  layouts[_i].offsets[i]);
	unload(&l);
	cdma_text_fini(&text);
}
END_TEST

START_TEST(variants_are_apart)
{
	static const char text[] =
		"scenario t \"title\";\nsource \"here\";\n"
		"param n = 2;\nparam m = n * 2;\n"
		"device d { };\n"
		"setup { box b = dma_alloc(d, u8[n]); free(b); u32 x = m; }\n"
		"memory = weak;\n"
		"expect leak of b;\nfail dma_alloc #2;\n"
		"variant big \"more\" { n = 8; memory = strong; }\n"
		"variant quiet { m = 1; expect nothing; fail dma_alloc; }\n";
	static const uint64_t sizes[] = {2, 8, 2}, xs[] = {4, 16, 1};
	struct diag *diag = diag_new(false);
	struct script *script =
		script_parse("x.dma", text, strlen(text), NULL, diag);
	struct unit *units[3];

	ck_assert_uint_eq(script_nr_variants(script), 3);
	ck_assert_str_eq(script_variant_name(script, 0), "default");
	ck_assert_str_eq(script_variant_name(script, 2), "quiet");
	/* All of them at the same time. */
	for (size_t i = 0; i < 3; i++)
		units[i] = script_resolve(script, i, diag);
	for (size_t i = 0; i < 3; i++) {
		const struct stmt *list = units[i]->setup->body->list;

		ck_assert_uint_eq(list->decls->sym->type.len, sizes[i]);
		ck_assert_uint_eq(nth(list, 2)->decls->init->value, xs[i]);
		ck_assert(units[i]->weak == (i != 1));
		ck_assert_str_eq(units[i]->title, "title");
		ck_assert_str_eq(units[i]->source, "here");
		ck_assert_uint_eq(units[i]->nr_expects, 1);
		ck_assert_uint_eq(units[i]->nr_faults, 1);
	}
	ck_assert_int_eq(units[0]->expects[0].finding, CDMA_FINDING_LEAK);
	ck_assert_int_eq(units[1]->expects[0].finding, CDMA_FINDING_LEAK);
	ck_assert_int_eq(units[2]->expects[0].when, EXPECT_NOTHING);
	ck_assert_uint_eq(units[0]->faults[0].nr, 2);
	ck_assert_int_eq(units[2]->faults[0].when, FAIL_FIRST);
	ck_assert_str_eq(units[1]->variant_title, "more");
	for (size_t i = 0; i < 3; i++)
		unit_free(units[i]);
	script_free(script);
	diag_free(diag);
}
END_TEST

START_TEST(command_line_beats_variant)
{
	static const struct script_define defines[] = {{"n", "K + 1"}};
	static const struct script_options options = {.defines = defines,
						      .nr_defines = 1};
	static const char text[] = "scenario t;\nconst K = 4;\nparam n = 1;\n"
				   "setup { u32 x = n; }\n"
				   "variant v { n = 2; }\n";
	struct loaded l = load_with(text, 1, &options);

	ck_assert_uint_eq(l.unit->setup->body->list->decls->init->value, 5);
	unload(&l);
}
END_TEST

static const struct {
	const char *name, *value, *want;
} defines[] = {
	{"m", "1",
	 "-D:1:1: error: unknown param 'm'\n"
	 "    1 | m=1\n      | ^\n"},
	{"n", "",
	 "-D n:1:1: error: expected an expression\n"
	 "    1 | \n      | ^\n"},
	{"n", "1 2",
	 "-D n:1:3: error: expected the end\n"
	 "    1 | 1 2\n      |   ^\n"},
	{"n", "1 / 0",
	 "-D n:1:1: error: division by zero\n"
	 "    1 | 1 / 0\n      | ^~~~~\n"},
	{"n", "x",
	 "-D n:1:1: error: unknown name 'x'\n"
	 "    1 | x\n      | ^\n"},
	{"n", "0x10", ""},
};

START_TEST(define_is_checked)
{
	const struct script_define define = {defines[_i].name,
					     defines[_i].value};
	const struct script_options options = {.defines = &define,
					       .nr_defines = 1};
	static const char text[] = "scenario t;\nparam n = 1;\n";
	char *got = messages_of("x.dma", text, strlen(text), &options);

	ck_assert_str_eq(got, defines[_i].want);
	free(got);
}
END_TEST

START_TEST(function_is_copied_for_each_call)
{
	static const char text[] =
		"scenario t;\nstruct a { le32 x; };\nstruct b { le64 y; le32 "
		"x; };\n"
		"device d { };\n"
		"fn get(p) { here: return READ_ONCE(p[0].x); }\n"
		"setup {\n"
		"	coherent ca = dma_alloc_coherent(d, a[2]);\n"
		"	coherent cb = dma_alloc_coherent(d, b[2]);\n"
		"	u32 x = get(ca);\n"
		"	u32 y = get(cb);\n"
		"}\n"
		"expect data_race at here;\n";
	struct loaded l = load(text);
	const struct stmt *list = l.unit->setup->body->list;
	const struct expr *first = nth(list, 2)->decls->init;
	const struct expr *second = nth(list, 3)->decls->init;
	const struct expr *field;

	ck_assert_ptr_ne(first->body, second->body);
	ck_assert_ptr_eq(first->params[0], NULL); /* another name for it */
	ck_assert_str_eq(first->body->list->label.text, "here");
	field = first->body->list->rhs->args;
	ck_assert_uint_eq(field->offset, 0);
	ck_assert_str_eq(field->a->a->sym->name, "ca");
	field = second->body->list->rhs->args;
	ck_assert_uint_eq(field->offset, 8);
	ck_assert_str_eq(field->a->a->sym->name, "cb");
	unload(&l);
}
END_TEST

START_TEST(reads_are_marked)
{
	static const char text[] =
		"scenario t;\nshared u32 s;\ndevice d { regs { u32 r; }; };\n"
		"setup { box b = dma_alloc(d, le64[2]);\n"
		"	u32 x = s + 1; x = b[1]; x += x; }\n"
		"thread e on d { u32 x = d.r; x = b[0]; }\n";
	struct loaded l = load(text);
	const struct stmt *list = l.unit->setup->body->list;
	const struct expr *e = nth(list, 1)->decls->init;

	ck_assert_int_eq(e->kind, EXPR_BINARY);
	ck_assert_int_eq(e->a->kind, EXPR_LOAD);
	ck_assert_int_eq(e->a->a->denotes, DENOTES_SHARED);
	e = nth(list, 2)->rhs;
	ck_assert_int_eq(e->kind, EXPR_LOAD);
	ck_assert_int_eq(e->a->denotes, DENOTES_OBJECT);
	ck_assert_int_eq(e->type.scalar, SCALAR_U64); /* le64 has no sign */
	ck_assert_int_eq(nth(list, 2)->lhs->kind, EXPR_NAME);
	e = l.unit->sections[1].body->list->decls->init;
	ck_assert_int_eq(e->a->denotes, DENOTES_REG);
	ck_assert_ptr_eq(e->a->sym->device, &l.unit->devices[0]);
	unload(&l);
}
END_TEST

START_TEST(names_of_setup_are_seen)
{
	static const char text[] = "scenario t;\ndevice d { };\n"
				   "thread a on cpu { u32 y = n; free(b); }\n"
				   "final { assert(n == 1); }\n"
				   "teardown { free(b); }\n"
				   "setup { u32 n = 1; box b = dma_alloc(d, "
				   "u8); { u32 in = 2; } }\n";
	struct loaded l = load(text);
	const struct section *thread = &l.unit->sections[0];

	ck_assert_uint_eq(l.unit->nr_sections, 4);
	ck_assert_str_eq(thread->name, "a");
	ck_assert(thread->body->list->decls->init->a->sym->is_setup);
	ck_assert(!thread->body->list->decls->sym->is_setup);
	ck_assert_ptr_eq(l.unit->setup, &l.unit->sections[3]);
	unload(&l);
}
END_TEST

/* A function that is called 2^40 times over must not be expanded so often. */
START_TEST(expansion_is_limited)
{
	struct cdma_text text = {0};
	char *got;

	cdma_text_add(&text, "scenario t;\nfn f0() { u32 x = 1; }\n");
	for (int i = 1; i < 30; i++)
		cdma_text_addf(&text, "fn f%d() { f%d(); f%d(); }\n", i, i - 1,
			       i - 1);
	cdma_text_add(&text, "setup { f29(); }\n");
	got = messages_of("x.dma", text.at, text.len, NULL);
	ck_assert_ptr_ne(strstr(got, "there are more than 262144 statements"),
			 NULL);
	free(got);
	cdma_text_fini(&text);
}
END_TEST

/* A chain of @nr functions, or of constants, each made of the next. */
static char *chain(const char *first, const char *link, unsigned int nr,
		   const char *last)
{
	struct cdma_text text = {0};
	char *got;

	cdma_text_addf(&text, "scenario t;\n%s\n", first);
	for (unsigned int i = 0; i < nr; i++) {
		cdma_text_addf(&text, "%s%u", link, i);
		if (link[0] == 'f')
			cdma_text_addf(&text, "() { f%u(); }\n", i + 1);
		else
			cdma_text_addf(&text, " = C%u;\n", i + 1);
	}
	cdma_text_add(&text, last);
	got = messages_of("x.dma", text.at, text.len, NULL);
	cdma_text_fini(&text);
	return got;
}

START_TEST(depth_is_limited)
{
	char *got = chain("setup { f0(); }", "fn f", 31, "fn f31() { }\n");

	ck_assert_str_eq(got, "");
	free(got);
	got = chain("setup { f0(); }", "fn f", 5000, "fn f5000() { }\n");
	ck_assert_ptr_ne(strstr(got, "calls are nested more than 32 deep"),
			 NULL);
	free(got);
	got = chain("", "const C", 5000, "const C5000 = 1;\n");
	ck_assert_ptr_ne(strstr(got, "nested more than 1000 deep"), NULL);
	free(got);
	got = chain("", "const C", 500, "const C500 = 1;\n");
	ck_assert_str_eq(got, "");
	free(got);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("resolve");

	unit_add_rows(suite, messages, messages_nr("resolve.txt"));
	unit_add_rows(suite, word_of_c_is_refused, nr_refusals);
	unit_add_rows(suite, constant_has_value, ARRAY_SIZE(constants));
	unit_add_rows(suite, layout_is_that_of_c, ARRAY_SIZE(layouts));
	unit_add(suite, variants_are_apart);
	unit_add(suite, command_line_beats_variant);
	unit_add_rows(suite, define_is_checked, ARRAY_SIZE(defines));
	unit_add(suite, function_is_copied_for_each_call);
	unit_add(suite, reads_are_marked);
	unit_add(suite, names_of_setup_are_seen);
	unit_add(suite, expansion_is_limited);
	unit_add(suite, depth_is_limited);
	return suite;
}
