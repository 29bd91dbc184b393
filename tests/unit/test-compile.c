/* SPDX-License-Identifier: MIT */
/*
 * What an expression, a type and a statement come to.
 *
 * Numbers come from kernel memory that is written first, so that resolve
 * cannot work them out before there is any code.
 */
#include "scene.h"

/* Each holds; its opposite, asserted too, must be reported. */
static const char *const expressions[] = {
	/* Operators, with operands that are not constants. */
	"a + b == 10",
	"a - b == 4",
	"b - a == -4",
	"a * b == 21",
	"a / b == 2",
	"-a / b == -2",
	"a % b == 1",
	"-a % b == -1",
	"(a & b) == 3",
	"(a | 8) == 15",
	"(a ^ b) == 4",
	"a << b == 56",
	"a >> 1 == 3",
	"-a >> 1 == -4",
	"-a == 0 - 7",
	"~a == -8",
	"!a == 0",
	"!z == 1",
	"a > b",
	"a >= 7",
	"b < a",
	"b <= 3",
	"a != b",
	"-a < b",
	/* Without sign when one side is u64. */
	"big > 1",
	"big / 2 == 0x7fff_ffff_ffff_ffff",
	"big >> 63 == 1",
	"big % 10 == 5",
	"!(-a < big - big + 1)",
	/* A shift by all bits or more. */
	"a << (z + 64) == 0",
	"big >> (z + 64) == 0",
	/* The sign of a shift is that of what is shifted, known or not. */
	"-a >> (big - big + 1) == -4",
	"-a >> (u64)1 == -4",
	"(0 - 8) >> (u64)1 == -4",
	"(a - big - 2) >> 63 == 0",
	/* Short circuit and choice. */
	"(0 && word / z) == 0",
	"(1 || word / z) == 1",
	"(1 && a) == 1",
	"(0 || z) == 0",
	"(a && 0) == 0",
	"(z || 1) == 1",
	"(a && 2) == 1",
	"(a || 0) == 1",
	"a % 1 == 0",
	"(a & 0) == 0",
	"0 * a == 0",
	"(1 ? a : word / z) == 7",
	"(z ? word / z : b) == 3",
	"a && b",
	"(a && z) == 0",
	"z || b",
	"(z || z) == 0",
	"(z ? 5 : 6) == 6",
	"(a ? 5 : 6) == 5",
	"(a ? word : z) == 0x1234_5678",
	"(z && word / z) == 0",
	"(a || word / z) == 1",
	/* Casts and builtins of numbers. */
	"(u8)word == 0x78",
	"(s8)(word + 0x10) == -120",
	"(u16)word == 0x5678",
	"min(a, b) == 3",
	"max(a, b) == 7",
	"min(-a, b) == -7",
	"max(big, b) == big",
	"lower_32_bits(wide) == 0x9abc_def0",
	"upper_32_bits(wide) == 0x1234_5678",
	"cpu_to_be32(a) == 0x0700_0000",
	"be32_to_cpu(be32s) == 0x1234_5678",
	"be32s == cpu_to_be32(word)",
	"be16_to_cpu(word) == 0x7856",
	"__builtin_bswap32(word) == 0x7856_3412",
	"__builtin_popcount(a) + __builtin_fls(a) + __builtin_ffs(z) == 6",
	"(a ?: b) == 7 && (z ?: b) == 3",
	"(z, b) == 3 && +s8n == -1",
	"DMA_BIT_MASK(a) == 127",
	"DMA_BIT_MASK(z + 64) == 0xffff_ffff_ffff_ffff",
	"mask_try_new(a) == 127",
	"mask_try_new(z + 65) == -EINVAL",
	"attrs_contains(WEAK_ORDERING | NO_WARN, a ? NO_WARN : MMIO)",
	"!attrs_contains(WEAK_ORDERING, a ? NO_WARN : MMIO)",
	"attrs_contains(attrs_not(a ? NO_WARN : MMIO), MMIO)",
	"!attrs_contains(attrs_not(a ? NO_WARN : MMIO), NO_WARN)",
	/* Types of memory: what was written comes back as it was cut off. */
	"le16s == 0x5678",
	"be32s == 0x1234_5678",
	"be16s == 0x5678",
	"s8s == 0x78",
	"s8n == -1",
	"bools == 1",
	"arr[1] == 8 && arr[0] == 0",
	"arr[z + 2] == 9",
	"init3 == 0x102",
	/* A struct in the frame: layout, endian types, copies. */
	"l.len == 0x1234_5678",
	"l.port == 0x5678",
	"l.sub[1] == 4 && l.sub[0] == 0",
	"l.neg == -2",
	"copy.sub[1] == 4 && copy.len == l.len",
	"other.sub[1] == 5",
	"bytes[1] == 2 && bytes[0] == 1 && bytes[3] == 0",
	"(bytes[a - 6] == 2)",
	"sizeof(l) == 12",
	"t8 == 0x78",
	"i8 == 120",
	/* Functions. */
	"twice(a) == 14",
	"twice(twice(b)) == 12",
	"sum(4) == 6",
	"early(a) == 1 && early(z) == 2",
	"none(a) == 0",
};

static const char preface[] =
	"scenario t \"t\";\n"
	"struct inner { be32 len; be16 port; s8 neg; u8 sub[2]; };\n"
	"shared u64 wide; shared u32 word; shared s64 a; shared s64 b;\n"
	"shared s64 z; shared u64 big; shared le16 le16s; shared be32 be32s;\n"
	"shared be16 be16s; shared s8 s8s; shared s8 s8n; shared bool bools;\n"
	"shared u8 arr[3]; shared be16 init3 = 0x102;\n"
	"fn twice(x) { return x * 2; }\n"
	"fn sum(n) { s64 s = 0; for (i in 0..n max 10) s += i; return s; }\n"
	"fn early(x) { if (x) return 1; return 2; }\n"
	"fn none(x) { if (x > 100) return 5; return 0; }\n"
	"setup {\n"
	"	wide = 0x1234_5678_9abc_def0; word = 0x1234_5678; a = 7; b = "
	"3;\n"
	"	z = 0; big = 0xffff_ffff_ffff_ffff; le16s = word; be32s = "
	"word;\n"
	"	be16s = word; s8s = word; s8n = 0xff; bools = 0x100;\n"
	"	arr[1] = 7; arr[1]++; arr[2] = 10; arr[2]--;\n"
	"	struct inner l = {.neg = 0}; l.len = word; l.port = word; "
	"l.neg = -2;\n"
	"	l.sub[z + 1] = 4;\n"
	"	struct inner copy = l; struct inner other = copy;\n"
	"	other.sub[1] = 5;\n"
	"	u8 bytes[4] = {0}; bytes[0] = 1; bytes[b - 2] = 2;\n"
	"	u8 t8 = word; s8 i8 = word; i8 |= 0; t8 ^= 0;\n";

START_TEST(expression)
{
	struct cdma_text text = {0};

	cdma_text_addf(&text,
		       "%sgood: assert(%s);\nbad: assert(!(%s));\n}\n"
		       "expect assertion at bad;\n",
		       preface, expressions[_i], expressions[_i]);
	scene_check(expressions[_i], text.at);
	cdma_text_fini(&text);
}
END_TEST

/* Statements: each ends in one assertion that fails at `end`. */
static const struct {
	const char *name, *body;
} statements[] = {
	{"if", "if (a) x = 1; assert(x == 1);"},
	{"if not", "if (z) x = 1; assert(x == 0);"},
	{"else", "if (z) x = 1; else x = 2; assert(x == 2);"},
	{"else if", "if (z) x = 1; else if (a) x = 3; assert(x == 3);"},
	{"for", "for (i in 0..4) x += i; assert(x == 6);"},
	{"for from", "for (i in 2..4) x += i; assert(x == 5);"},
	{"for nothing", "for (i in 4..4) x++; assert(x == 0);"},
	{"for computed", "for (i in z..a max 7) x++; assert(x == 7);"},
	{"for below", "for (i in a..z max 7) x++; assert(x == 0);"},
	{"break", "for (i in 0..9) { if (i == 3) break; x++; } "
		  "assert(x == 3);"},
	{"continue", "for (i in 0..4) { if (i == 1) continue; x += i; } "
		     "assert(x == 5);"},
	{"inner break", "for (i in 0..3) { for (j in 0..3) { if (j) break; "
			"x++; } } assert(x == 3);"},
	{"op=", "x = 12; x += 4; x -= 1; x |= 16; x &= 30; x ^= 2; x <<= 2; "
		"x >>= 1; assert(x == 56);"},
	{"steps", "x++; x++; x--; assert(x == 1);"},
	{"scope", "{ s64 y = 5; x = y; } { s64 y = 0; assert(y == 0); } "
		  "assert(x == 5);"},
	{"declared again",
	 "for (i in 0..2) { s64 y = 0; assert(y == 0); y = 1; }"},
	{"poll", "poll (a == 7) max 10 else x = 1; assert(x == 0);"},
	{"poll runs out", "poll (a == 8) max 10 else x = 1; assert(x == 1);"},
	{"fill", "u8 m[4]; memset(m, 0x5a); assert(m[3] == 0x5a);"},
	{"memcpy", "u8 m[4] = {0}; u8 n[4]; m[2] = 3; memcpy(n, m); "
		   "assert(n[2] == 3 && n[1] == 0);"},
	{"fill a word", "u32 m; memset(m, 1); assert(m == 0x0101_0101);"},
};

START_TEST(statement)
{
	struct cdma_text text = {0};

	cdma_text_addf(&text,
		       "%ss64 x = 0;\n%s\nend: assert(0);\n}\n"
		       "expect always assertion at end;\n",
		       preface, statements[_i].body);
	scene_check(statements[_i].name, text.at);
	cdma_text_fini(&text);
}
END_TEST

/* One site for each place in the text, however often it is expanded. */
START_TEST(sites)
{
	struct program *p = scene_program("scenario t \"t\";\nshared u32 x;\n"
					  "fn f() {\nl:	x = 1;\n}\n"
					  "setup { f(); f(); }\n"
					  "thread t on cpu { f(); }\n",
					  0);
	const struct cdma_site *found = NULL;
	size_t stores = 0;

	for (size_t i = 0; i < p->code.nr; i++) {
		const struct cdma_site *site = p->sites.at[p->code.at[i].site];

		if (p->code.at[i].op != INSN_STORE)
			continue;
		ck_assert(!found || found == site);
		found = site;
		stores++;
	}
	ck_assert_uint_eq(stores, 3);
	ck_assert_str_eq(found->text, "l:	x = 1;");
	ck_assert_str_eq(found->func, "f");
	ck_assert_str_eq(found->label, "l");
	ck_assert_uint_eq(found->line, 4);
	program_free(p);
}
END_TEST

/* What a constant decides leaves no code. */
START_TEST(dead_code)
{
	static const char text[] = "scenario t \"t\"; param p = 0;\n"
				   "shared u32 x;\n"
				   "setup { if (p) x = 1; }\n"
				   "variant on { p = 1; }\n";
	struct program *off = scene_program(text, 0);
	struct program *on = scene_program(text, 1);

	ck_assert_uint_eq(off->code.nr + 1, on->code.nr);
	program_free(off);
	program_free(on);
}
END_TEST

/*
 * Code does not depend on the order in which a C compiler evaluates the
 * arguments of a call: what is loaded gets its register before the constant
 * that it meets.
 */
START_TEST(same_from_any_compiler)
{
	static const char *const bodies[] = {
		"x++;",
		"x--;",
		"u32 v = upper_32_bits(x);",
	};
	struct cdma_text text = {0};
	struct program *p;
	size_t i = 0;

	cdma_text_addf(&text, "scenario t \"t\"; shared u32 x; setup { %s }\n",
		       bodies[_i]);
	p = scene_program(text.at, 0);
	while (i < p->code.nr && p->code.at[i].op != INSN_LOAD)
		i++;
	ck_assert_uint_lt(i, p->code.nr);
	ck_assert_uint_eq(p->consts.nr, 1);
	ck_assert_uint_lt(p->code.at[i].dst, p->consts.at[0].reg);
	program_free(p);
	cdma_text_fini(&text);
}
END_TEST

/* Too much of something: a message, and no program. */
static const char *const refused[] = {
	"scenario t \"t\"; device d;\n"
	"setup { coherent c[70000]; }\n",
};

START_TEST(refusal)
{
	struct script_options options = {0};
	struct diag *diag = diag_new(false);
	struct script *script = script_parse(
		"test.dma", refused[_i], strlen(refused[_i]), &options, diag);
	struct unit *unit = script ? script_resolve(script, 0, diag) : NULL;

	ck_assert_ptr_null(unit ? program_new(unit, diag) : NULL);
	ck_assert_uint_gt(diag_nr_errors(diag), 0);
	unit_free(unit);
	script_free(script);
	diag_free(diag);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("compile");

	unit_add_rows(suite, expression, ARRAY_SIZE(expressions));
	unit_add_rows(suite, statement, ARRAY_SIZE(statements));
	unit_add(suite, sites);
	unit_add(suite, dead_code);
	unit_add_rows(suite, same_from_any_compiler, 3);
	unit_add_rows(suite, refusal, ARRAY_SIZE(refused));
	return suite;
}
