/* SPDX-License-Identifier: MIT */
#ifndef TESTS_KERNEL_C_VALUES_H
#define TESTS_KERNEL_C_VALUES_H

/* What C computes, as a compiler has it: in a thread all of it holds. */
static const struct computed {
	const char *name, *body, *items;
} computed[] = {
	{"initialisers in order, by index, and of a literal",
	 "struct in v = { 1, 2 }, w = { .b = 3, 4 }, x; int a[5] = { 1, [3] = "
	 "7, "
	 "8 }, r[4] = { [1 ... 2] = 5 };"
	 "assert(v.a == 1 && v.b == 2 && !v.c); assert(!w.a && w.c == 4);"
	 "x = (struct in){ 9, .c = 6 }; assert(x.a == 9 && !x.b && x.c == 6);"
	 "assert(a[0] == 1 && !a[1] && a[3] == 7 && a[4] == 8);"
	 "assert(!r[0] && r[1] == 5 && r[2] == 5 && !r[3]);"
	 "assert(g.b == 2 && t[1].c == 3 && t[0].a == 1 && k[2] == 30);"
	 "assert(*p == 2);",
	 "struct in { int a; u16 b; u8 c; };\nstatic struct in g = { 1, 2 };\n"
	 "static struct in t[2] = { { 1 }, { .c = 3 } };\n"
	 "static int k[] = { 10, 20, 30 };\nstatic u16 *p = &g.b;\n"},
	{"names for types",
	 "word_t a = -1; in_t b = { 1 }; in_p p = &g; typeof(a) c = 300;"
	 "typeof(b.x) d = 300; assert(a == 0xffffffff); assert(c == 300);"
	 "assert(d == 44 && sizeof(d) == 1 && sizeof b == 8);"
	 "p->y = 5; assert(g.y == 5 && b.x == 1); assert(sizeof(*p) == 8);"
	 "typeof(*p) e = { .y = 2 }; assert(e.y == 2); both_t u = { .w = 258 };"
	 "assert(u.h[0] == 258);",
	 "typedef u32 word_t;\ntypedef struct { u8 x; u32 y; } in_t;\n"
	 "typedef in_t *in_p;\nstatic in_t g;\n"
	 "typedef union both { u32 w; u16 h[2]; } both_t;\n"},
	{"a ?: b once, commas, plus, sizeof",
	 "int n = 0; u8 b = 200; s8 s = -3;"
	 "assert((n++ ?: 7) == 7 && n == 1); assert((n++ ?: 7) == 1 && n == 2);"
	 "assert((n = 5, n + 1) == 6); assert(+b + 100 == 300);"
	 "assert(sizeof n + sizeof(b) == 5); assert((s ?: 1u) == 0xfffffffd);"
	 "assert((b ?: -1) == 200);",
	 ""},
	{"what the kernel's headers have",
	 "u32 v = 0x00120000; u64 w = 1ULL << 40;"
	 "assert(ffs(v) == 18 && __ffs(v) == 17 && fls(v) == 21 && !ffs(n));"
	 "assert(ilog2(v) == 20 && fls64(w) == 41 && hweight32(v) == 2);"
	 "assert(is_power_of_2(w) && !is_power_of_2(v));"
	 "assert(roundup_pow_of_two(v) == 0x200000);"
	 "assert(swab32(v) == 0x1200 && swab16(v + 0x1234) == 0x3412);"
	 "assert(U8_MAX + 1 == 256 && S32_MIN < 0 && U32_MAX + 1u == 0);"
	 "assert(max3(1, 2, 3) == 3);"
	 "assert(clamp_t(u8, 300, 1, 99) == 44 && round_up(5, 4) == 8);"
	 "assert(upper_16_bits(v) == 0x12 && IS_ALIGNED(v, 16));"
	 "void *e = ERR_PTR(-ENOMEM); assert(IS_ERR(e) && PTR_ERR(e) == "
	 "-ENOMEM);"
	 "u32 *p = NULL; assert(!IS_ERR(p) && IS_ERR_OR_NULL(p));"
	 "assert(PTR_ERR_OR_ZERO(p) == 0 && PTR_ERR_OR_ZERO(e) == -12);"
	 "__set_bit(3, &n); assert(n == 8); __clear_bit(3, &n); assert(!n);",
	 "static u32 n;\n"},
	{"the order of bytes is that of the type",
	 "h.p = cpu_to_be16(80); assert(h.p == 0x5000 && be16_to_cpu(h.p) == "
	 "80);"
	 "assert(h.p == htons(80) && ntohs(h.p) == 80);"
	 "h.l = cpu_to_be32(1); assert(h.l == 0x01000000);"
	 "h.q = cpu_to_be64(1); assert(be64_to_cpu(h.q) == 1 && h.q != 1);"
	 "h.own = 80; assert(h.own == 80 && be16_to_cpu(h.own) == 80);"
	 "h.own = cpu_to_be16(81); assert(h.own == 81);"
	 "assert(h.own == cpu_to_be16(81) && cpu_to_be16(81) != h.p);"
	 "h.le = cpu_to_le32(5); assert(h.le == 5 && le32_to_cpu(h.le) == 5);"
	 "WRITE_ONCE(h.own, cpu_to_be16(7));"
	 "assert(be16_to_cpu(READ_ONCE(h.own)) == 7);",
	 "struct hdr { __be16 p; __be32 l; __be64 q; be16 own; __le32 le; };\n"
	 "static struct hdr h;\n"},
	{"loops that nobody has given a max",
	 "int n = 4, k = 0; while (n--) k++; assert(k == 4); n = 0;"
	 "for (;;) { if (++n > 20) break; } assert(n == 21);"
	 "do k += 2; while (k < 9); assert(k == 10);",
	 ""},
	{"lists",
	 "struct node a = { 1 }, *m, *t; int s = 0;"
	 "assert(list_empty(&q)); list_add_tail(&x.l, &q); list_add(&y.l, &q);"
	 "x.v = 1; y.v = 2; assert(!list_empty(&q) && a.v == 1);"
	 "list_for_each_entry(m, &q, l) s = s * 10 + m->v;"
	 "assert(s == 21); assert(list_first_entry(&q, struct node, l) == &y);"
	 "list_for_each_entry_reverse(m, &q, l) { s = s * 10 + m->v; }"
	 "assert(s == 2112); list_move_tail(&y.l, &q); s = 0;"
	 "list_for_each_entry_safe(m, t, &q, l) { s = s * 10 + m->v;"
	 " list_del(&m->l); } assert(s == 12 && list_empty(&q));",
	 "struct node { u32 v; struct list_head l; };\n"
	 "static LIST_HEAD(q);\nstatic struct node x, y;\n"},
	{"references are counted",
	 "refcount_set(&r, 1); refcount_inc(&r);"
	 "assert(!refcount_dec_and_test(&r) && refcount_dec_and_test(&r));"
	 "assert(!refcount_inc_not_zero(&r)); kref_init(&o.k); kref_get(&o.k);"
	 "assert(!kref_put(&o.k, rel) && !gone && kref_put(&o.k, rel) && "
	 "gone);",
	 "static refcount_t r;\nstruct o { struct kref k; };\n"
	 "static struct o o;\nstatic u32 gone;\n"
	 "static void rel(struct kref *k) { gone = 1; }\n"},
	{"parameters of C",
	 "u32 v[3] = { 1, 2, 3 }; fill(v); assert(v[1] == 9); touch(&g);"
	 "assert(g == 4);",
	 "static u32 g;\nstatic void fill(u32 a[3]) { a[1] = 9; }\n"
	 "static void touch(volatile u32 *p) { *p = 4; }\n"},
	{"a function in a condition",
	 "poll (is_even(4)) max 3 else assert(0); while (!is_even(2)) ;"
	 "poll (!is_even(g + 1)) max 3 else assert(0);",
	 "static u32 g;\nstatic int half(int n) { return n / 2; }\n"
	 "static bool is_even(int n) { int h = half(n); if (h * 2 == n) return "
	 "true; return g; }\n"},
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
