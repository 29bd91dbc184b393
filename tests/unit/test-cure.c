/* SPDX-License-Identifier: MIT */
/*
 * Cures that are tried, and statements that are put into a scenario.
 *
 * (That each cure of the corpus does in the text what it promises is shown by
 * tests/cli/cures.sh.)
 */
#include "scene.h"

#include "run/simplify.h"
#include "script/edit.h"

#define MEM                                                                    \
	"scenario t \"t\"; struct d { le32 x; le32 f; le32 g; };\n"            \
	"device dev { regs { u32 db; } }; shared u32 s;\n"                     \
	"setup { coherent m = dma_alloc_coherent(dev, d, ZEROED); }\n"         \
	"teardown { free(m); }\n"
#define DEV_WRITES "thread e on dev { m.x = 1; m.f = 1; }\n"
#define DEV_READS                                                              \
	"thread e on dev { poll (m.f) max 9 else return; u32 v = m.x; }\n"

/* The cure of the first finding; NULL: none helps. */
static const struct {
	const char *name, *text, *want;
} rows[] = {
	{"after a poll",
	 MEM DEV_WRITES "thread c on cpu {\n"
			"	poll (READ_ONCE(m.f)) max 9\n"
			"		else return;\n"
			"	u32 v = READ_ONCE(m.x);\n}\n",
	 "add dma_rmb() after test.dma:8"},
	{"after an if that leaves",
	 MEM DEV_WRITES "thread c on cpu {\n"
			"	if (!READ_ONCE(m.f)) return;\n"
			"	u32 v = READ_ONCE(m.x);\n}\n",
	 "add dma_rmb() after test.dma:7"},
	{"in a branch",
	 MEM DEV_WRITES "thread c on cpu {\n"
			"	if (READ_ONCE(m.f)) {\n"
			"		u32 v = READ_ONCE(m.x);\n	}\n}\n",
	 "add dma_rmb() before test.dma:8"},
	{"in the other branch",
	 MEM DEV_WRITES
	 "thread c on cpu { u32 v;\n"
	 "	if (!READ_ONCE(m.f)) {\n		return;\n"
	 "	} else {\n		v = READ_ONCE(m.x);\n	}\n}\n",
	 "add dma_rmb() before test.dma:10"},
	{"in braces",
	 MEM DEV_WRITES "thread c on cpu { u32 v;\n"
			"	if (READ_ONCE(m.f))\n"
			"		v = READ_ONCE(m.x);\n}\n",
	 "add dma_rmb() before test.dma:8, in braces"},
	{"in the middle of a line",
	 MEM DEV_WRITES "thread c on cpu { u32 v = 0;\n"
			"	if (READ_ONCE(m.f)) { v = READ_ONCE(m.x); }\n"
			"}\n",
	 "add dma_rmb() at test.dma:7:24"},
	{"after a call",
	 MEM DEV_WRITES "fn flag() { return READ_ONCE(m.f); }\n"
			"thread c on cpu {\n"
			"	if (!flag()) return;	// a comment\n"
			"	u32 v = READ_ONCE(m.x);\n}\n",
	 "add dma_rmb() after test.dma:8"},
	{"a flag of a device is not for smp_rmb()",
	 MEM DEV_WRITES "thread c on cpu {\n"
			"	if (!READ_ONCE(m.f)) return;\n"
			"	smp_rmb();\n"
			"	u32 v = READ_ONCE(m.x);\n}\n",
	 "add dma_rmb() after test.dma:7"},
	{"before the store that publishes",
	 MEM DEV_READS "thread c on cpu {\n"
		       "	WRITE_ONCE(m.x, 1);\n"
		       "l:	WRITE_ONCE(m.f, 1);\n}\n",
	 "add dma_wmb() before test.dma:8"},
	{"writel()",
	 MEM "thread e on dev {\n"
	     "	poll (dev.db) max 9 else return; u32 v = m.x; }\n"
	     "thread c on cpu {\n	WRITE_ONCE(m.x, 1);\n"
	     "	writel_relaxed(1, dev.db); }\n",
	 "use writel(), not writel_relaxed(), at test.dma:9"},
	{"the other thread lacks it",
	 MEM "thread e on dev { poll (m.g) max 9 else return; u32 v = m.x; }\n"
	     "thread a on cpu {\n	WRITE_ONCE(m.x, 1);\n"
	     "	WRITE_ONCE(s, 1);\n}\n"
	     "thread b on cpu {\n	if (READ_ONCE(s)) {\n"
	     "		dma_mb(Full);\n		WRITE_ONCE(m.g, 1); } }\n",
	 "add smp_wmb() after test.dma:7"},
	{"one for each side",
	 "scenario t \"t\"; shared u32 x; shared u32 f;\n"
	 "thread a on cpu {\n	WRITE_ONCE(x, 1);\n	WRITE_ONCE(f, 1);\n}\n"
	 "thread b on cpu {\n	if (!READ_ONCE(f)) return;\n"
	 "	u32 v = READ_ONCE(x);\n}\n",
	 "add smp_wmb() before test.dma:4, and add smp_rmb() after test.dma:7"},
	{"a read that was not complete",
	 MEM "thread e on dev { poll (m.f) max 9 else return; m.x = 1; }\n"
	     "thread c on cpu {\n	u32 v = READ_ONCE(m.x);\n"
	     "	WRITE_ONCE(m.f, 1);\n}\n",
	 "add dma_mb() before test.dma:8"},
	{"behind a wire",
	 "scenario t \"t\"; struct d { le32 x; };\n"
	 "device dev { regs { u64 a; u32 icr; } irq i: intx; };\n"
	 "setup { coherent m = dma_alloc_coherent(dev, d, ZEROED); }\n"
	 "teardown { free(m); }\n"
	 "thread e on dev { m.x = 1; raise(dev.i); }\n"
	 "irq h on dev.i {\n	u32 v = READ_ONCE(m.x);\n}\n",
	 "add readl(dev.icr) before test.dma:7"},
	{"nobody told the device",
	 "scenario t \"t\"; device dev;\n"
	 "setup { box b = dma_alloc(dev, le32[1], ZEROED); b[0] = 7;\n"
	 "	coherent m = expose(b); }\n"
	 "teardown { free(m); }\n"
	 "thread e on dev { u32 v = m[0]; }\n",
	 NULL},
	{"a device has no barriers",
	 MEM "thread c on cpu { WRITE_ONCE(m.x, 1); WRITE_ONCE(m.f, 1); }\n"
	     "thread e on dev { poll (m.f) max 9 else return; m.g = 1; }\n"
	     "thread o on dev { poll (m.g) max 9 else return; u32 v = m.x; }\n",
	 "add dma_wmb() at test.dma:5:38"},
};

static struct program *compile_text(const char *text, const struct given *given)
{
	const struct script_options options = {
		.edits = given->edits,
		.nr_edits = given->nr_edits,
	};
	struct diag *diag = diag_new(false);
	struct script *script =
		script_parse("test.dma", text, strlen(text), &options, diag);
	struct unit *unit = script ? script_resolve(script, 0, diag) : NULL;
	struct program *program = unit ? program_new(unit, diag) : NULL;

	unit_free(unit);
	script_free(script);
	diag_free(diag);
	return program;
}

/* Compile row number *@aux. */
static struct program *compile(void *aux, const char *variant,
			       const struct given *given)
{
	(void)variant;
	return compile_text(rows[*(const int *)aux].text, given);
}

START_TEST(cure)
{
	struct program *program = scene_program(rows[_i].text, 0);
	const struct simplify_options simplify = {
		.compile = compile,
		.aux = &_i,
		.expected = true,
	};
	const struct campaign_options options = {
		.seed = 1,
		.schedules = 64,
		.simplify = &simplify,
	};
	struct campaign *c = campaign_run(program, &options);
	const struct campaign_finding *f;

	ck_assert_msg(campaign_nr_findings(c), "%s", rows[_i].name);
	f = campaign_finding(c, 0);
	ck_assert_msg(f->cure.is_tried, "%s: %s", rows[_i].name,
		      cdma_finding_name(f->finding.id));
	ck_assert_msg(rows[_i].want ? f->cure.text && !strcmp(f->cure.text,
							      rows[_i].want)
				    : !f->cure.text,
		      "%s: %s: %s", rows[_i].name,
		      cdma_finding_name(f->finding.id), f->cure.text);
	campaign_free(c);
	program_free(program);
}
END_TEST

/* What cannot be put there is refused, and so is what is no statement. */
static const struct edit refused[] = {
	{.file = "no.dma", .line = 6, .col = 18, .text = "mb();"},
	{.file = "test.dma", .line = 1, .col = 1, .text = "mb();"},
	{.file = "test.dma", .line = 600, .col = 1, .text = "mb();"},
	{.file = "test.dma", .line = 6, .col = 18, .text = "mb("},
	{.file = "test.dma", .line = 6, .col = 18, .text = "mbb();"},
	{.file = "test.dma",
	 .line = 6,
	 .col = 18,
	 .where = EDIT_THEN,
	 .text = "mb();"},
	{.file = "test.dma", .line = 6, .col = 18, .where = EDIT_STRICT},
};

START_TEST(no_edit)
{
	struct edit edit = refused[_i];
	const struct given given = {.edits = &edit, .nr_edits = 1};

	ck_assert_ptr_null(compile_text(MEM "thread c on cpu {\n"
					    "	WRITE_ONCE(m.x, 1); }\n",
					&given));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("cure");

	unit_add_rows(suite, cure, ARRAY_SIZE(rows));
	unit_add_rows(suite, no_edit, ARRAY_SIZE(refused));
	return suite;
}
