/* SPDX-License-Identifier: MIT */
#ifndef TESTS_KERNEL_C_VALUES_H
#define TESTS_KERNEL_C_VALUES_H

/* What C computes, as a compiler has it: in a thread all of it holds. */
static const struct computed {
	const char *name, *body, *items;
} computed[] = {
	{"integers become one another",
	 "u32 a = 0, head = 2, tail = 0xfffffffe; int i = -1; u8 b = 0;"
	 "u64 q; s64 l = -1;"
	 "assert(a - 1 > 5); assert(head - tail == 4); assert(-a == 0);"
	 "assert(~a == 0xffffffff); assert(a - 1 >> 4 == 0x0fffffff);"
	 "assert(b - 1 == -1); assert(i > a); assert(l < a);"
	 "assert(i == 0xffffffff); assert((a - 1) / 2 == 0x7fffffff);"
	 "assert(-1 > 1u); assert(!(-1 < sizeof(a)));"
	 "assert(tail * 3 == 0xfffffffa); assert(tail << 4 == 0xffffffe0);"
	 "assert((a ? i : 1u) == 1); assert((a ? 1u : i) > 5);"
	 "assert(min(head - tail, a + 9) == 4);"
	 "q = 1 << 31; assert(q == 0xffffffff80000000ULL);"
	 "q = 0x80000000; assert(q == 0x80000000ULL);"
	 "q = tail + 2; assert(!q); q = tail + 2ULL; assert(q >> 32);"
	 "i = 0x7fffffff; i = i + 1 < i; assert(i == 1);",
	 ""},
	{"errors, assignments and cases of unsigned",
	 "u32 a = -EIO; int i = 1; bool b = true;"
	 "assert(a == -EIO); assert(a / 2 > 5);"
	 "i += 0xfffffffe; assert(i == -1); i /= 2u; assert(i > 5);"
	 "b += 0xffffffff; assert(!b); i = b -= 1u; assert(i == 1);"
	 "a = 0xfffffffe;"
	 "switch (a) { case -2: break; default: assert(0); }",
	 ""},
	{"constants have types, too",
	 "u32 a = HALF; assert(a == HALF); assert(a - TOP == 0);"
	 "assert(ALL + 2 == 1); assert(FIRST - 1 < 0); assert(BIG >> 36 == 1);"
	 "assert(HIGH >> 32 == 3);",
	 "#define HALF 0x80000000\n#define TOP (1 << 31)\n"
	 "#define ALL 0xffffffff\n#define BIG (64 * 1024 * 1024 * 1024)\n"
	 "#define HIGH (3u << 32)\nenum { FIRST };\n"},
	{"first values are of their type",
	 "assert(yes == 1); assert(low == -1); assert(big == 0xfffffffe);",
	 "static bool yes = 5; static s8 low = 255; static u32 big = -2;\n"},
	{"a macro in its own argument, and one in a text",
	 "u32 a = 2; assert(MORE(MORE(a, 1), MORE(3, a)) == 8);"
	 "assert(LEAST(LEAST(a, 1), 5) == 1); assert(TWO(TWO(a)) == 8);",
	 "#define MORE(a, b) ((a) + (b))\n#define TWO(a) MORE(a, a)\n"
	 "#define LEAST(a, b) ((a) < (b) ? (a) : (b))\n"},
	{"fields of one name, of two things",
	 "l0.next = l1.next = 3; assert(l0.next == 3 && l1.next == 3);"
	 "l0.next = l1.next++ + 1; assert(l0.next == 4);"
	 "l0.next += l0.x.next = l1.next--; assert(l0.next == 8);",
	 "struct in { u32 next; };\n"
	 "struct list { u32 next; struct in x; };\n"
	 "static struct list l0, l1;\n"},
	{"the first element of what points to one thing",
	 "u32 a = 2; set(&a); assert(a == 3);",
	 "static void set(u32 *p) { p[0] += 1; }\n"},
	{"what is not used",
	 "u32 a = 1; (void)a; (void)step(&a); assert(a == 2);",
	 "static u32 step(u32 *p) { return ++*p; }\n"},
	{"initialisers in initialisers",
	 "u16 w[2][3] = { { 1, 2, 3 }, { 4 } }; struct in s = { .x = 3 };"
	 "struct out o = { .k = 1, .a = { .y = 7 }, .m = { { 1 }, { 2, 3 } },"
	 " .v = { { .x = 9 }, { .y = 8, }, } };"
	 "assert(w[0][2] == 3 && w[1][0] == 4 && !w[1][1]);"
	 "assert(o.k == 1 && !o.a.x && o.a.y == 7 && o.m[1][1] == 3);"
	 "assert(o.v[0].x == 9 && !o.v[1].x && o.v[1].y == 8 && s.x == 3);",
	 "struct in { u32 x; u8 y; };\n"
	 "struct out { u8 k; struct in a; u16 m[2][3]; struct in v[2]; };\n"},
	{"a struct in an initialiser",
	 "struct in s = { .x = 4 }; struct out o = { .k = 1, .a = s };"
	 "struct out p = { .a = *at(&kept.a) }, q = { .v = { kept.a, s } };"
	 "assert(o.a.x == 4 && !p.a.x && q.v[1].x == 4 && !q.v[0].x);",
	 "struct in { u32 x; u8 y; };\n"
	 "struct out { u8 k; struct in a; struct in v[2]; };\n"
	 "static struct out kept;\n"
	 "static struct in *at(struct in *p) { return p; }\n"},
};

#endif /* TESTS_KERNEL_C_VALUES_H */
