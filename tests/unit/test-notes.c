/* SPDX-License-Identifier: MIT */
/*
 * What a report says besides: names of fields, and the notes of some kinds.
 */
#include "scene.h"

#include "report/report.h"

#define NIC                                                                    \
	"scenario t \"t\"; struct in { u8 a[4]; le16 b; };\n"                  \
	"struct d { le32 x; struct in y; le64 z; };\n"                         \
	"device dev { regs { u32 r; u32 v[2]; u64 addr; } };\n"
#define TWO                                                                    \
	NIC "setup { coherent m = dma_alloc_coherent(dev, d[2], ZEROED); }\n"  \
	    "teardown { free(m); }\n"

/* What a line of the first report of that kind is. */
static const struct {
	enum cdma_finding_id id;
	const char *name, *text, *want;
} rows[] = {
	{CDMA_FINDING_DATA_RACE, "an element of an array in a struct",
	 "scenario t \"t\"; struct in { u8 a[4]; u16 b; };\n"
	 "struct d { u32 x; struct in y; }; shared struct d s[2];\n"
	 "thread a on cpu { s[1].y.a[2] = 1; }\n"
	 "thread b on cpu { s[1].y.a[2] = 2; }\n",
	 "plain write of 1 byte at s[1].y.a[2] by CPU thread "},
	{CDMA_FINDING_DATA_RACE, "the bytes of both sides",
	 TWO "thread a on cpu { struct d v; copy_write(m[1], v); }\n"
	     "thread b on cpu { struct in v; copy_write(m[1].y, v); }\n",
	 "both touch 6 bytes at m[1].y\n"},
	{CDMA_FINDING_DATA_RACE, "several fields",
	 TWO "thread a on cpu { struct d v; copy_write(m[1], v); }\n"
	     "thread b on cpu { le64 v = 1; view w = m[1].z; "
	     "copy_write(m[1].z, v); }\n",
	 "both touch 8 bytes at m[1].z\n"},
	{CDMA_FINDING_OUT_OF_BOUNDS, "an index",
	 TWO "thread a on cpu { for (i in 0..3) WRITE_ONCE(m[i].x, 1); }\n",
	 "The index is 2, and there are 2 elements.\n"},
	{CDMA_FINDING_OUT_OF_BOUNDS, "one that is below 0",
	 "scenario t \"t\"; shared u32 s[3]; shared u32 n;\n"
	 "thread a on cpu { s64 i = READ_ONCE(n); s[i - 1] = 1; }\n",
	 "The index is -1, and there are 3 elements.\n"},
	{CDMA_FINDING_OUT_OF_BOUNDS, "an address without its upper half",
	 NIC "device far { iova_base = 0x2_0000_1000; regs { u32 a; } };\n"
	     "setup { coherent m = dma_alloc_coherent(far, d[2], ZEROED);\n"
	     "	writel(dma_handle(m[1].z), far.a); }\n"
	     "teardown { free(m); }\n"
	     "thread e on far { dma_addr_t a = far.a; *(le64 *)a = 1; }\n",
	 "With the upper bits that it lost it would be 0x200001028, byte 40 of "
	 "m. The\naddress was made at test.dma:6.\n"},
	{CDMA_FINDING_LEAK, "a return",
	 NIC "setup { box b = dma_alloc(dev, u8); if (b)\n"
	     "	return -EIO; }\n",
	 "setup returned -EIO at test.dma:5, and nobody had freed it.\n"},
	{CDMA_FINDING_LEAK, "the end of a thread",
	 NIC "thread a on cpu { box b = dma_alloc(dev, u8); }\n",
	 "a ended, and nobody had freed it.\n"},
	{CDMA_FINDING_LEAK, "teardown",
	 NIC "setup { box b = dma_alloc(dev, u8); } teardown { assert(1); }\n",
	 "teardown ended, and nobody had freed it.\n"},
	{CDMA_FINDING_LEAK, "some",
	 NIC "thread a on cpu { for (i in 0..3) {\n"
	     "	box b = dma_alloc(dev, u32); if (i == 1) free(b); } }\n",
	 "2 allocations of this place are left, 8 bytes together.\n"},
	{CDMA_FINDING_STUCK, "nobody can",
	 "scenario t \"t\"; completion k;\n"
	 "thread a on cpu { wait_for_completion(k); }\n",
	 "There is no complete(k) in any thread.\n"},
	{CDMA_FINDING_STUCK, "somebody returned before",
	 "scenario t \"t\"; completion k; shared u32 x;\n"
	 "thread a on cpu { wait_for_completion(k); }\n"
	 "thread b on cpu {\n	if (!READ_ONCE(x)) return -EIO;\n"
	 "	complete(k); }\n",
	 "complete(k) at test.dma:5 was not reached: b returned -EIO at "
	 "test.dma:4.\n"},
	{CDMA_FINDING_STUCK, "somebody else took it",
	 "scenario t \"t\"; completion k;\n"
	 "thread a on cpu { wait_for_completion(k);\n"
	 "	wait_for_completion(k); }\n"
	 "thread b on cpu { complete(k); }\n",
	 "complete(k) at test.dma:4 was done, and that was used up; b ended."},
	{CDMA_FINDING_STUCK, "somebody waits himself",
	 "scenario t \"t\"; completion k; completion l;\n"
	 "thread a on cpu { wait_for_completion(k); complete(l); }\n"
	 "thread b on cpu { wait_for_completion(l);\n	complete(k); }\n",
	 "complete(k) at test.dma:4 was not reached: b is waiting itself at "
	 "test.dma:3.\n"},
	{CDMA_FINDING_STUCK, "a handler without an interrupt",
	 "scenario t \"t\"; completion k; device d { irq i: msi; };\n"
	 "irq h on d.i { complete(k); }\n"
	 "thread b on cpu { wait_for_completion(k); }\n",
	 "complete(k) at test.dma:2 was not reached: nothing is left for h "
	 "to do.\n"},
	{CDMA_FINDING_STUCK, "a poll of NAPI that did not say that it was done",
	 "scenario t \"t\"; device d { irq i: msi; };\n"
	 "thread e on d { raise(d.i); } irq h on d.i { napi_schedule(&np); }\n"
	 "napi np { return 2; }\n"
	 "teardown { free_irq(d.i); napi_disable(&np); }\n",
	 "The last poll of np neither called napi_complete_done() nor "
	 "returned\n"
	 "NAPI_POLL_WEIGHT (64), "},
	{CDMA_FINDING_STUCK, "a level that is not lowered",
	 "scenario t \"t\"; device d { irq i: level; };\n"
	 "thread e on d { raise(d.i); } irq h on d.i { }\n",
	 "d.i is still raised: the handler has run as often in a row as it "
	 "may, "
	 "and d has\nnot lowered it.\n"},
	{CDMA_FINDING_UNORDERED_GIVEBACK, "setup by its name, from a function",
	 "scenario t \"t\"; shared u32 x; shared u32 f; fn put() { x = 3; }\n"
	 "setup { put(); } thread a on cpu { u32 v = x; WRITE_ONCE(f, 1); }\n"
	 "thread b on cpu { poll (READ_ONCE(f)) max 9 else return; x = 4; }\n",
	 "it read 0x3, written by setup at test.dma:1:"},
	{CDMA_FINDING_STUCK, "a lock",
	 "scenario t \"t\"; spinlock l; shared u32 x;\n"
	 "thread a on cpu { spin_lock(l); WRITE_ONCE(x, 1); return; }\n"
	 "thread b on cpu { poll (READ_ONCE(x)) max 9; spin_lock(l); }\n",
	 "'l' is held: a returned at test.dma:2.\n"},
	{CDMA_FINDING_ASSERTION, "values",
	 NIC "setup { writel(3, dev.v[1]); }\n"
	     "final { assert(dev.r == dev.v[1] || dev.r > 4); }\n",
	 "dev.r is 0x0, dev.v[1] is 0x3.\n"},
	{CDMA_FINDING_ASSERTION, "final is not where the last thread was",
	 "scenario t \"t\"; shared u32 x;\n"
	 "thread a on cpu { for (i in 0..2) WRITE_ONCE(x, i); }\n"
	 "final { assert(x == 2); }\n",
	 "call by final (#"},
	{CDMA_FINDING_ASSERTION, "nor in its loop",
	 "scenario t \"t\"; shared u32 x;\n"
	 "thread a on cpu { for (i in 0..2) WRITE_ONCE(x, i); }\n"
	 "final { assert(x == 2); }\n",
	 " #0 final test.dma:3:9\n"},
	{CDMA_FINDING_ASSERTION, "an error",
	 NIC "thread a on cpu { box b = dma_alloc(dev, u8);\n"
	     "	assert(err(b) == 0); }\nfail dma_alloc;\n",
	 "err(b) is -ENOMEM.\n"},
	{CDMA_FINDING_ASSERTION, "what was not looked at is not shown",
	 NIC "shared u32 x; thread a on cpu {\n"
	     "	assert(READ_ONCE(x) == 1 && x == 2); }\n",
	 "READ_ONCE(x) is 0x0.\n"},
	{CDMA_FINDING_ASSERTION, "a late read",
	 "scenario t \"t\"; memory = weak; shared u32 x; shared u32 y;\n"
	 "thread a on cpu {\n	WRITE_ONCE(x, 1);\n	WRITE_ONCE(y, 1); }\n"
	 "thread b on cpu { poll (READ_ONCE(y)) max 9 else return;\n"
	 "	assert(READ_ONCE(x)); }\n",
	 " was late: it got 0x0, and missed the write at\ntest.dma:3 (#"},
};

START_TEST(says)
{
	static const struct report_options options = {.detail = REPORT_ALL};
	struct program *program = scene_program(rows[_i].text, 0);
	const struct campaign_options how = {.seed = 1, .schedules = 64};
	struct campaign *c = campaign_run(program, &how);
	const struct report_variant variant = {
		.file = "test.dma",
		.program = program,
		.settings = "",
		.options = &how,
		.campaign = c,
	};
	struct cdma_text out = {0};

	for (size_t i = 0; i < campaign_nr_findings(c) && !out.len; i++)
		if (campaign_finding(c, i)->finding.id == rows[_i].id)
			report_finding(&out, &options, &variant,
				       campaign_finding(c, i));
	ck_assert_msg(out.len && strstr(out.at, rows[_i].want), "%s:\n%s",
		      rows[_i].name, cdma_text_str(&out));
	cdma_text_fini(&out);
	campaign_free(c);
	program_free(program);
}
END_TEST

/* The name that memory had then, not the last one. */
START_TEST(old_name)
{
	struct program *program =
		scene_program("scenario t \"t\"; device d;\n"
			      "setup { box raw = dma_alloc(d, le32[4]); }\n"
			      "thread e on d { raw[2] = 1; }\n"
			      "teardown { coherent ring = expose(raw); "
			      "free(ring); }\n",
			      0);
	struct campaign *c = scene_run(program, 1);
	const struct campaign_finding *f = NULL;

	for (size_t i = 0; i < campaign_nr_findings(c); i++)
		if (campaign_finding(c, i)->finding.id ==
		    CDMA_FINDING_UNEXPOSED_ACCESS)
			f = campaign_finding(c, i);
	ck_assert_ptr_nonnull(f);
	ck_assert_str_eq(f->at.place, "raw[2]");
	campaign_free(c);
	program_free(program);
}
END_TEST

static const struct {
	uint64_t offset, size;
	const char *want; /* NULL: it is not inside */
} paths[] = {
	{0, 32, ""},
	{0, 16, "[0]"},
	{16, 4, "[1].a"},
	{20, 2, "[1].b[0]"},
	{22, 2, "[1].b[1]"},
	{20, 4, "[1].b"},
	{17, 1, "[1].a (byte 1)"},
	{17, 2, "[1].a (bytes 1 to 2)"},
	{16, 8, "[1].a to .b"},
	{24, 1, "[1].c"},
	{25, 2, "[1] (bytes 9 to 10)"},
	{24, 4, "[1].c and the padding after it"},
	{8, 16, "[0..2] (bytes 8 to 23)"},
	{48, 16, "[3]"},
	{0, 0, NULL},
};

START_TEST(path)
{
	static struct field fields[] = {
		{.name = "a",
		 .type = {.scalar = SCALAR_U32, .len = 1, .size = 4}},
		{.name = "b",
		 .offset = 4,
		 .type = {.scalar = SCALAR_U16,
			  .is_array = true,
			  .len = 2,
			  .size = 4}},
		{.name = "c",
		 .offset = 8,
		 .type = {.scalar = SCALAR_U8, .len = 1, .size = 1}},
	};
	static const struct layout layout = {"s", fields, 3, 16, 4};
	const struct type type = {.scalar = SCALAR_STRUCT,
				  .is_array = true,
				  .layout = &layout,
				  .len = 2,
				  .size = 32};
	struct cdma_text out = {0};
	bool inside =
		type_add_path(&out, type, paths[_i].offset, paths[_i].size);

	ck_assert_int_eq(inside, paths[_i].want != NULL);
	if (inside)
		ck_assert_str_eq(cdma_text_str(&out), paths[_i].want);
	cdma_text_fini(&out);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("notes");

	unit_add_rows(suite, says, ARRAY_SIZE(rows));
	unit_add(suite, old_name);
	unit_add_rows(suite, path, ARRAY_SIZE(paths));
	return suite;
}
