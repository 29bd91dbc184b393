/* SPDX-License-Identifier: MIT */

/*
 * What is written as C has it is judged as what says the same in the words of
 * the language: the same findings at the same labels, in random runs and when
 * all is explored, and as many executions that can be told apart.
 */

#include <stdlib.h>

#include "search.h"

#define PAIR_HEAD                                                              \
	"scenario t \"t\";\n"                                                  \
	"struct desc { le32 len; le32 status; le32 next; };\n"                 \
	"device nic { regs { u32 go; u32 stat; } };\n"                         \
	"static u32 flag; static u32 data; static u32 n;\n"                    \
	"setup { coherent rx = dma_alloc_coherent(nic, desc[2], ZEROED); "     \
	"if (!rx) return -ENOMEM; }\n"                                         \
	"teardown { free(rx); }\nexpect nothing;\n"
/* A device that fills both descriptors. */
#define PAIR_FILL                                                              \
	"thread dma on nic { for (k in 0..2) { w_len: rx[k].len = 64; "        \
	"rx[k].status = 1 + k; } }\n"
#define FILLED(body) PAIR_HEAD PAIR_FILL "thread cpu on cpu {\n" body "}\n"

static const struct pair {
	const char *name, *c, *own;
} pairs[] = {
	{"a loop that waits",
	 FILLED("while (!READ_ONCE(rx[0].status)) cpu_relax();"
		"r_len: u32 len = READ_ONCE(rx[0].len);"),
	 FILLED("poll (READ_ONCE(rx[0].status)) max 9 else return;"
		"r_len: u32 len = READ_ONCE(rx[0].len);")},
	{"a loop that counts",
	 FILLED("int i; for (i = 0; i < 2; i++) {"
		" if (!READ_ONCE(rx[i].status)) break;"
		" r_len: u32 len = READ_ONCE(rx[i].len);"
		" w_len2: WRITE_ONCE(rx[i].next, len); }"),
	 FILLED("for (i in 0..2) {"
		" if (!READ_ONCE(rx[i].status)) break;"
		" r_len: u32 len = READ_ONCE(rx[i].len);"
		" w_len2: WRITE_ONCE(rx[i].next, len); }")},
	{"while, with a step in an index",
	 FILLED("u32 i = 0; while (i < 2) max 4 {"
		" if (!READ_ONCE(rx[i].status)) return;"
		" r_len: u32 len = READ_ONCE(rx[i++].len); }"),
	 FILLED("for (i in 0..2) {"
		" if (!READ_ONCE(rx[i].status)) return;"
		" r_len: u32 len = READ_ONCE(rx[i].len); }")},
	{"do, and continue",
	 FILLED("u32 i = 0; do {"
		" if (!READ_ONCE(rx[i].status)) continue;"
		" r_len: u32 len = READ_ONCE(rx[i].len);"
		" } while (++i < 2) max 4;"),
	 FILLED("for (i in 0..2) {"
		" if (READ_ONCE(rx[i].status)) {"
		" r_len: u32 len = READ_ONCE(rx[i].len); } }")},
	{"switch: which case holds back later stores",
	 FILLED("switch (READ_ONCE(rx[1].status)) {"
		" case 0: return;"
		" case 2: w_n: WRITE_ONCE(rx[1].len, 1);"
		"  r_len: u32 len = READ_ONCE(rx[0].len); break;"
		" default: WRITE_ONCE(rx[0].len, 2); }"),
	 FILLED("u32 s = READ_ONCE(rx[1].status);"
		"if (s == 0) return;"
		"else if (s == 2) { w_n: WRITE_ONCE(rx[1].len, 1);"
		"  r_len: u32 len = READ_ONCE(rx[0].len); }"
		"else { WRITE_ONCE(rx[0].len, 2); }")},
	{"switch: falling through, and a range",
	 FILLED("u32 i = 0; switch (READ_ONCE(rx[1].status)) {"
		" case 1 ... 2: i = 1; fallthrough;"
		" default: r_len: u32 len = READ_ONCE(rx[i].len); }"),
	 FILLED("u32 i = 0; u32 s = READ_ONCE(rx[1].status);"
		"if (s >= 1 && s <= 2) i = 1;"
		"r_len: u32 len = READ_ONCE(rx[i].len);")},
	{"switch: one that decides nothing",
	 FILLED("switch (READ_ONCE(rx[0].status)) { case 1: case 2: }"
		"w_n: WRITE_ONCE(rx[0].len, 1);"),
	 FILLED("if (READ_ONCE(rx[0].status) == 1) { }"
		"w_n: WRITE_ONCE(rx[0].len, 1);")},
	{"goto",
	 FILLED("u32 s = READ_ONCE(rx[0].status);"
		"if (!s) goto out;"
		"r_len: u32 len = READ_ONCE(rx[0].len);"
		"if (len) goto out;"
		"WRITE_ONCE(n, 1);"
		"out: WRITE_ONCE(data, 1);"),
	 FILLED("u32 s = READ_ONCE(rx[0].status);"
		"if (s) { r_len: u32 len = READ_ONCE(rx[0].len);"
		" if (!len) WRITE_ONCE(n, 1); }"
		"out: WRITE_ONCE(data, 1);")},
	{"an assignment in a condition",
	 FILLED("u32 s; if ((s = READ_ONCE(rx[0].status)) == 1) {"
		" r_len: u32 len = READ_ONCE(rx[0].len); }"),
	 FILLED("u32 s = READ_ONCE(rx[0].status); if (s == 1) {"
		" r_len: u32 len = READ_ONCE(rx[0].len); }")},
	{"steps of what others see",
	 FILLED("if (READ_ONCE(rx[0].status)) w_n: n++;"
		"w_d: data = flag = n;") "thread other on cpu { o_n: n = 5; "
					 "o_f: flag = 2; }\n",
	 FILLED("if (READ_ONCE(rx[0].status)) w_n: n = n + 1;"
		"w_d: { u32 v = n; flag = v; data = v; }") "thread other on "
							   "cpu { o_n: n = 5; "
							   "o_f: flag = 2; "
							   "}\n"},
	{"likely, and a short circuit that is not looked at",
	 FILLED("if (likely(READ_ONCE(rx[0].status) == 1 && "
		"READ_ONCE(rx[1].status)))"
		" { r_len: u32 len = READ_ONCE(rx[0].len);"
		"   r_len2: len = READ_ONCE(rx[1].len); }"),
	 FILLED("if (READ_ONCE(rx[0].status) == 1 && "
		"READ_ONCE(rx[1].status))"
		" { r_len: u32 len = READ_ONCE(rx[0].len);"
		"   r_len2: len = READ_ONCE(rx[1].len); }")},
	{"a function with types",
	 FILLED("if (status_of(256, 1))"
		" r_len: u32 len = READ_ONCE(rx[0].len);") "static u32 "
							   "status_of(u8 i, "
							   "u32 bits)"
							   "{ u32 s = "
							   "READ_ONCE(rx[i]."
							   "status); if (s & "
							   "bits) return s; "
							   "return "
							   "0; }\n",
	 FILLED("if (status_of(0, 1))"
		" r_len: u32 len = READ_ONCE(rx[0].len);") "fn status_of(i, "
							   "bits)"
							   "{ u32 s = "
							   "READ_ONCE(rx[i]."
							   "status); if (s & "
							   "bits) return s; "
							   "return "
							   "0; }\n"},
	{"a pointer to a descriptor",
	 FILLED("struct desc *d = &rx[1]; u32 s = READ_ONCE(d->status);"
		"if (s) r_len: u32 len = READ_ONCE(d->len);"),
	 FILLED("view d = rx[1]; u32 s = READ_ONCE(d.status);"
		"if (s) r_len: u32 len = READ_ONCE(d.len);")},
	{"silent: a pointer from what was read: an address that depends",
	 FILLED("u32 i = READ_ONCE(rx[0].status); struct desc *d = rx;"
		"if (i < 2) { r_len: u32 len = READ_ONCE(d[i].len); }"),
	 FILLED("u32 i = READ_ONCE(rx[0].status);"
		"if (i < 2) { r_len: u32 len = READ_ONCE(rx[i].len); }")},
	{"pointers that functions pass on, and steps of them",
	 FILLED("u32 s; if (look(rx, &s)) {"
		" struct desc *d = rx; d++;"
		" r_len: u32 len = READ_ONCE((d - 1)->len); }") "static bool "
								"look(struct "
								"desc *d, u32 "
								"*out)"
								"{ *out = "
								"READ_ONCE(d->"
								"status); "
								"return *out & "
								"1; }\n",
	 FILLED("u32 s = READ_ONCE(rx[0].status); if (s & 1) {"
		" r_len: u32 len = READ_ONCE(rx[0].len); }")},
	{"silent: a pointer in memory that others set: it is published",
	 FILLED("struct box *b = READ_ONCE(shown);"
		"if (b) { r_v: data = b->v; }") "struct box { u32 v; };\n"
						"static struct box box; static "
						"struct box *shown;\n"
						"thread other on cpu { w_v: "
						"box.v = 1;"
						" smp_store_release(&shown, "
						"&box); }\n",
	 FILLED("u32 b = READ_ONCE(shown);"
		"if (b) { r_v: data = box[b - 1].v; }") "struct box { u32 v; "
							"};\n"
							"static struct box "
							"box[1]; static u32 "
							"shown;\n"
							"thread other on cpu { "
							"w_v: box[0].v = 1;"
							" smp_store_release(&"
							"shown, 1); }\n"},
	{"... and one that is not",
	 FILLED("struct box *b = READ_ONCE(shown);"
		"if (b) { r_v: data = b->v; }") "struct box { u32 v; };\n"
						"static struct box box; static "
						"struct box *shown;\n"
						"thread other on cpu { w_v: "
						"box.v = 1;"
						" WRITE_ONCE(shown, &box); }\n",
	 FILLED("u32 b = READ_ONCE(shown);"
		"if (b) { r_v: data = box[b - 1].v; }") "struct box { u32 v; "
							"};\n"
							"static struct box "
							"box[1]; static u32 "
							"shown;\n"
							"thread other on cpu { "
							"w_v: box[0].v = 1;"
							" WRITE_ONCE(shown, "
							"1); }\n"},
	{"registers at an offset, and memory as the kernel allocates it",
	 PAIR_HEAD
	 "static struct desc *ring; static dma_addr_t at;\n"
	 "thread cpu on cpu { void __iomem *base = ioremap(nic);"
	 " ring = dma_alloc_coherent(nic, 2 * sizeof(*ring), &at, GFP_KERNEL);"
	 " if (!ring) return;"
	 " w_len: WRITE_ONCE(ring->len, 5);"
	 " writel_relaxed(lower_32_bits(at), base + 4);"
	 " writel_relaxed(1, base); }\n"
	 "thread dma on nic { poll (nic.go) max 9 else return;"
	 " r_len: u32 len = ((struct desc *)nic.stat)->len; }\n",
	 PAIR_HEAD
	 "thread cpu on cpu {"
	 " coherent ring = dma_alloc_coherent(nic, desc[2], GFP_KERNEL);"
	 " if (!ring) return; u64 at = dma_handle(ring);"
	 " w_len: WRITE_ONCE(ring[0].len, 5);"
	 " writel_relaxed(lower_32_bits(at), nic.stat);"
	 " writel_relaxed(1, nic.go); }\n"
	 "thread dma on nic { poll (nic.go) max 9 else return;"
	 " r_len: u32 len = ((struct desc *)nic.stat)->len; }\n"},
	{"silent: bits of a flag, with the barrier that they need",
	 FILLED("WRITE_ONCE(data, 1); smp_mb__before_atomic();"
		"set_bit(3, &flag);"
		"w_st: WRITE_ONCE(rx[0].next, FIELD_PREP(GENMASK(7, 4), 3));"),
	 FILLED("WRITE_ONCE(data, 1); smp_mb();"
		"atomic_or(8, flag);"
		"w_st: WRITE_ONCE(rx[0].next, 0x30);")},
};

static const char *label_of(const struct cdma_site *site)
{
	return site && site->label ? site->label : "-";
}

#define LINES_MAX 64

/* Kinds and labels of what was found, each once, and how many executions. */
struct found {
	char *lines[LINES_MAX]; /* owned */
	size_t nr;
	uint64_t executions;
};

static void add_line(struct found *found, const char *line)
{
	for (size_t i = 0; i < found->nr; i++)
		if (!strcmp(found->lines[i], line))
			return;
	ck_assert_uint_lt(found->nr, LINES_MAX);
	found->lines[found->nr++] = cdma_xstrdup(line);
}

static void add_findings(struct found *found, struct machine *m)
{
	const struct cdma_findings *all = machine_findings(m);

	for (size_t i = 0; i < cdma_findings_nr(all); i++) {
		const struct cdma_finding *f = cdma_findings_at(all, i);
		struct cdma_text line = {0};

		cdma_text_addf(&line, "%s at %s against %s\n",
			       cdma_finding_name(f->id), label_of(f->at.site),
			       label_of(f->against.site));
		add_line(found, cdma_text_str(&line));
		cdma_text_fini(&line);
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void finish(struct found *found, struct cdma_text *out)
{
	qsort(found->lines, found->nr, sizeof(found->lines[0]), by_text);
	for (size_t i = 0; i < found->nr; i++) {
		cdma_text_add(out, found->lines[i]);
		free(found->lines[i]);
	}
	cdma_text_addf(out, "%llu executions\n",
		       (unsigned long long)found->executions);
}

static struct cdma_text explored(const char *text)
{
	struct program *program = scene_program(text, 0);
	struct explorer *e = explorer_new();
	struct machine_options options = {
		.strategy = &strategy_explore,
		.strategy_state = e,
	};
	struct machine *m = machine_new(program, &options);
	struct found found = {0};
	struct cdma_text out = {0};
	struct run_result result;

	machine_observe(m, explorer_observer(e));
	do {
		machine_run(m, 0, 0, &result);
		ck_assert_msg(result.end != RUN_ERROR, "%s", text);
		if (result.end != RUN_GIVEN_UP)
			add_findings(&found, m);
	} while (explorer_next(e));
	found.executions = explorer_executions(e);
	machine_free(m);
	explorer_free(e);
	program_free(program);
	finish(&found, &out);
	return out;
}

static struct cdma_text run(const char *text)
{
	struct program *program = scene_program(text, 0);
	struct machine_options options = {.strategy = strategy_find("random")};
	struct machine *m = machine_new(program, &options);
	struct found found = {0};
	struct cdma_text out = {0};
	struct run_result result;

	for (uint64_t i = 0; i < 300; i++) {
		machine_run(m, 1, i, &result);
		add_findings(&found, m);
	}
	machine_free(m);
	program_free(program);
	finish(&found, &out);
	return out;
}

START_TEST(verdicts_are_the_same)
{
	const struct pair *pair = &pairs[_i];
	struct cdma_text c = explored(pair->c), own = explored(pair->own);

	ck_assert_msg(!strcmp(c.at, own.at), "%s: explored:\n%snot\n%s",
		      pair->name, c.at, own.at);
	/* Not a pair of nothing. */
	ck_assert_msg(strstr(c.at, " at ") ||
			      !strncmp(pair->name, "silent: ", 8),
		      "%s", pair->name);
	cdma_text_fini(&c);
	cdma_text_fini(&own);
	c = run(pair->c);
	own = run(pair->own);
	ck_assert_msg(!strcmp(c.at, own.at), "%s: run:\n%snot\n%s", pair->name,
		      c.at, own.at);
	cdma_text_fini(&c);
	cdma_text_fini(&own);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("kernel-c");

	unit_add_rows(suite, verdicts_are_the_same, ARRAY_SIZE(pairs));
	return suite;
}
