/* SPDX-License-Identifier: MIT */
/*
 * Simplifying: the same finding, with smaller params and fewer faults.
 */
#include "scene.h"

#include "report/report.h"
#include "run/simplify.h"

#define HEAD_X "scenario t \"t\"; shared u32 x; shared u32 y; device d;\n"

/* What is said to get the smaller case; "" when there is none. */
static const struct {
	const char *text, *want;
	size_t variant;
} rows[] = {
	/* A size, with which nothing is too small. */
	{HEAD_X "param n = 40;\n"
		"thread a on cpu { for (i in 0..n) {\n"
		"	WRITE_ONCE(x, i); assert(0); } }\n",
	 " -D n=1", 0},
	/* The third turn is needed. */
	{HEAD_X "param n = 40;\n"
		"thread a on cpu { for (i in 0..n) {\n"
		"	if (i == 2) assert(0); WRITE_ONCE(x, i); } }\n",
	 " -D n=3", 0},
	/* One in between of two threads. */
	{HEAD_X "param n = 40;\n"
		"thread a on cpu { for (i in 0..n) WRITE_ONCE(x, i + 1); }\n"
		"thread b on cpu { assert(!READ_ONCE(x)); }\n",
	 " -D n=1", 0},
	/* Too late to matter; a loop is entered as before, though. */
	{HEAD_X "param n = 40;\n"
		"thread a on cpu { assert(0);\n"
		"	for (i in 0..n) WRITE_ONCE(x, i); }\n",
	 " -D n=1", 0},
	/* Two of them, one of which is computed from the other. */
	{HEAD_X "param n = 6; param m = n * 8;\n"
		"thread a on cpu { for (i in 0..n) WRITE_ONCE(x, i);\n"
		"	for (i in 0..m) WRITE_ONCE(x, i); assert(0); }\n",
	 " -D n=1 -D m=1", 0},
	/* What is refused when it is compiled is not tried any further. */
	{HEAD_X "param n = 4;\n"
		"thread a on cpu { u32 t[n]; t[0] = n; WRITE_ONCE(x, t[0]);\n"
		"	assert(0); }\n",
	 " -D n=1", 0},
	/* Of large ones, only halves. */
	{HEAD_X "param n = 40;\n"
		"thread a on cpu { for (i in 0..n) {\n"
		"	if (i == 6) assert(0); WRITE_ONCE(x, i); } }\n",
	 " -D n=7", 0},
	{HEAD_X "param n = 80;\n"
		"thread a on cpu { for (i in 0..n) {\n"
		"	if (i == 18) assert(0); WRITE_ONCE(x, i); } }\n",
	 " -D n=20", 0},
	/* One that chooses what is done stays; so does one of no use. */
	{HEAD_X "param rmb = 1;\n"
		"thread a on cpu { WRITE_ONCE(x, 1); if (rmb) dma_rmb();\n"
		"	assert(0); }\n",
	 "", 0},
	{HEAD_X "param rmb = 1;\n"
		"fn f(which) { for (i in 0..which max 8) dma_rmb(); }\n"
		"thread a on cpu { WRITE_ONCE(x, 1); f(rmb); assert(0); }\n",
	 "", 0},
	{HEAD_X "param n = 5; thread a on cpu { assert(0); }\n", "", 0},
	{HEAD_X "param n = ~0;\n"
		"thread a on cpu { WRITE_ONCE(x, n); assert(0); }\n",
	 "", 0},
	{HEAD_X "param n = -5;\n"
		"thread a on cpu { WRITE_ONCE(x, n); assert(0); }\n",
	 "", 0},
	/* A variant sets it; its neighbour is of no importance. */
	{HEAD_X "param n = 5; param k = 2;\n"
		"thread a on cpu { for (i in 0..n) WRITE_ONCE(x, k);\n"
		"	assert(0); }\n"
		"variant more { n = 9; }\n",
	 " -D n=1 -D k=1", 1},
	/* With less than 5, somebody else has to write first. */
	{HEAD_X "param k = 9;\n"
		"thread a on cpu { u32 v = READ_ONCE(x); assert(v + k < 5); }\n"
		"thread b on cpu { WRITE_ONCE(x, 5); }\n",
	 " -D k=5", 0},
	/* With less than 3, there is another finding. */
	{HEAD_X "param k = 9;\n"
		"thread a on cpu { u32 v = k; WRITE_ONCE(x, v); assert(0);\n"
		"	assert(v >= 3); }\n",
	 " -D k=3", 0},
	/* With less than 4, the corrected one has it as well. */
	{HEAD_X "param k = 9; param fixed = 0;\n"
		"thread a on cpu { u32 v = k; WRITE_ONCE(x, v);\n"
		"	if (!fixed) v = 0; assert(v >= 4); }\n"
		"variant corrected { fixed = 1; }\n",
	 " -D k=4", 0},
	/* With less than 4, it is one that is not expected. */
	{HEAD_X "param k = 9; fn get() { return dma_alloc(d, u8); }\n"
		"setup { box b = get(); box c = get();\n"
		"	u32 v = k; if (v < 4) free(c); else free(b); }\n"
		"expect leak of c;\n",
	 " -D k=4", 0},
	/* A fault that has nothing to do with it. */
	{HEAD_X "setup { box b = dma_alloc(d, u8); if (b) free(b); }\n"
		"thread a on cpu { assert(0); }\n"
		"fail dma_alloc with -ENOMEM;\n",
	 " --fail=none", 0},
	/* One of two. */
	{HEAD_X "setup { box b = dma_alloc(d, u8); box c = dma_alloc(d, u8);\n"
		"	assert(c); if (b) free(b); if (c) free(c); }\n"
		"fail dma_alloc of b; fail dma_alloc of c with -ENOMEM;\n",
	 " --fail='dma_alloc of c with -ENOMEM'", 0},
	/* Not every time. */
	{HEAD_X "thread a on cpu { for (i in 0..6) {\n"
		"	box b = dma_alloc(d, u8); assert(b); free(b); } }\n"
		"fail dma_alloc every 2;\n",
	 " --fail='dma_alloc #2'", 0},
	/* Without the fault, the corrected one leaks as well. */
	{HEAD_X "param fixed = 0;\n"
		"setup { box b = dma_alloc(d, u8); box c = dma_alloc(d, u8);\n"
		"	if (!c && fixed) free(b); if (c) free(c); }\n"
		"fail dma_alloc #2;\n"
		"variant corrected { fixed = 1; fail dma_alloc #2; }\n",
	 "", 0},
};

static struct program *compile_text(const char *text, const char *variant,
				    const struct given *given)
{
	struct script_define defines[4];
	char names[4][8];
	struct script_options options = {
		.defines = defines,
		.nr_defines = given->nr_defines,
		.faults = given->faults,
		.nr_faults = given->nr_faults,
	};
	struct diag *diag = diag_new(false);
	struct program *program = NULL;
	struct script *script;

	for (size_t i = 0; i < given->nr_defines; i++) {
		const char *word = given->defines[i];
		size_t len = strcspn(word, "=");

		memcpy(names[i], word, len);
		names[i][len] = '\0';
		defines[i] = (struct script_define){names[i], word + len + 1};
	}
	script = script_parse("test.dma", text, strlen(text), &options, diag);
	for (size_t i = 0; script && i < script_nr_variants(script); i++) {
		struct unit *unit = NULL;

		if (!strcmp(script_variant_name(script, i), variant))
			unit = script_resolve(script, i, diag);
		if (unit)
			program = program_new(unit, diag);
		unit_free(unit);
	}
	script_free(script);
	diag_free(diag);
	return program;
}

/* Compile row number *@aux. */
static struct program *compile(void *aux, const char *variant,
			       const struct given *given)
{
	return compile_text(rows[*(const int *)aux].text, variant, given);
}

/* Many params, none of which can be smaller. */
static struct program *compile_many(void *aux, const char *variant,
				    const struct given *given)
{
	struct cdma_text text = {0};
	struct program *program;

	(void)aux;
	cdma_text_add(&text, HEAD_X);
	for (int i = 0; i < 40; i++)
		cdma_text_addf(&text, "param p%d = 9;\n", i);
	cdma_text_add(&text, "thread a on cpu { u32 v = 0;\n");
	for (int i = 0; i < 40; i++)
		cdma_text_addf(&text, "v += p%d;\n", i);
	cdma_text_add(&text, "WRITE_ONCE(x, v); assert(v < 360); }\n");
	program = compile_text(text.at, variant, given);
	cdma_text_fini(&text);
	return program;
}

/* A strict replay of what is shown shows it in that program. */
static void check_shown(const struct campaign_finding *f)
{
	struct replay replay = {.schedule = f->schedule};
	struct machine_options options = {
		.strategy = &strategy_replay,
		.strategy_state = &replay,
	};
	struct machine *m = machine_new(f->program, &options);
	const struct cdma_findings *all = machine_findings(m);
	struct run_result result;
	bool found = false;

	machine_run(m, 0, 0, &result);
	for (size_t i = 0; i < cdma_findings_nr(all); i++)
		found |= cdma_finding_same(cdma_findings_at(all, i),
					   &f->finding);
	ck_assert(found);
	ck_assert(!replay.diverged);
	ck_assert_uint_eq(replay.at, f->schedule->steps.nr);
	ck_assert_uint_eq(f->shrunk.steps, f->schedule->steps.nr);
	ck_assert(f->at.present);
	machine_free(m);
}

static struct campaign *simplified(struct program *program,
				   const struct simplify_options *simplify)
{
	const struct campaign_options options = {
		.seed = 1,
		.schedules = 50,
		.simplify = simplify,
	};

	return campaign_run(program, &options);
}

START_TEST(known)
{
	struct program *program =
		scene_program(rows[_i].text, rows[_i].variant);
	const struct simplify_options simplify = {
		.compile = compile,
		.aux = &_i,
		.expected = true,
	};
	struct campaign *c = simplified(program, &simplify);
	const struct campaign_finding *f;
	struct cdma_text settings = {0};

	ck_assert_uint_ge(campaign_nr_findings(c), 1);
	f = campaign_finding(c, 0);
	if (f->smaller)
		report_settings(&settings, &f->smaller->given);
	else if (f->simplified)
		report_settings(&settings, &f->simplified->given);
	ck_assert_str_eq(cdma_text_str(&settings), rows[_i].want);
	ck_assert(!f->shrunk.capped);
	check_shown(f);
	cdma_text_fini(&settings);
	campaign_free(c);
	program_free(program);
}
END_TEST

/* What was given stays, but for what is smaller now; what it was is known. */
START_TEST(given)
{
	static const char *const defines[] = {"n=40", "k=1"};
	int row = 13;
	const struct simplify_options simplify = {
		.compile = compile,
		.aux = &row,
		.given = {.defines = defines, .nr_defines = 2},
	};
	struct program *program = compile(&row, "default", &simplify.given);
	struct campaign *c = simplified(program, &simplify);
	const struct campaign_finding *f = campaign_finding(c, 0);
	const struct simplify_change *change;

	ck_assert(!f->simplified);
	ck_assert_ptr_eq(f->program, program);
	ck_assert(f->smaller);
	ck_assert_uint_eq(f->smaller->given.nr_defines, 2);
	ck_assert_str_eq(f->smaller->given.defines[0], "k=1");
	ck_assert_str_eq(f->smaller->given.defines[1], "n=1");
	ck_assert_uint_eq(f->smaller->changes.nr, 1);
	change = &f->smaller->changes.at[0];
	ck_assert_str_eq(change->param, "n");
	ck_assert_str_eq(change->from, "40");
	ck_assert_str_eq(change->to, "1");
	campaign_free(c);
	program_free(program);
}
END_TEST

/* What is expected is left alone unless somebody wants to see it. */
START_TEST(unwanted)
{
	int row = 17;
	const struct simplify_options simplify = {
		.compile = compile,
		.aux = &row,
	};
	struct program *program = scene_program(rows[row].text, 0);
	struct campaign *c = simplified(program, &simplify);

	ck_assert(campaign_finding(c, 0)->expected);
	ck_assert(!campaign_finding(c, 0)->simplified);
	ck_assert_ptr_eq(campaign_finding(c, 0)->program, program);
	campaign_free(c);
	program_free(program);
}
END_TEST

/* What takes too many programs is cut off, and says so. */
START_TEST(capped)
{
	const struct simplify_options simplify = {.compile = compile_many};
	struct program *program =
		compile_many(NULL, "default", &simplify.given);
	struct campaign *c = simplified(program, &simplify);
	const struct campaign_finding *f = campaign_finding(c, 0);
	struct cdma_text out = {0};

	ck_assert(!f->simplified);
	ck_assert(f->shrunk.capped);
	ck_assert_uint_lt(f->shrunk.runs, SHRINK_RUNS);
	report_seen(&out, c, f);
	ck_assert_ptr_nonnull(strstr(out.at, " (stopped after "));
	cdma_text_fini(&out);
	campaign_free(c);
	program_free(program);
}
END_TEST

/* A rule is written as it is read. */
static const char *const faults[] = {
	"dma_alloc",
	"dma_alloc #3",
	"dma_alloc of b every 2 with -ENOMEM",
	"init_at of b #2 at field len with -EINVAL",
	"set_mask with -EIO",
	"enable_device with -4000",
};

START_TEST(fault_text)
{
	static const char text[] =
		HEAD_X "struct desc { le32 flags; le32 len; };\n"
		       "setup { box b = dma_alloc(d, desc[2]); }\n";
	const struct script_options options = {
		.faults = &faults[_i],
		.nr_faults = 1,
	};
	struct diag *diag = diag_new(false);
	struct script *script =
		script_parse("t", text, strlen(text), &options, diag);
	struct unit *unit = script_resolve(script, 0, diag);
	struct program *program = program_new(unit, diag);
	struct cdma_text out = {0};

	ck_assert_uint_eq(program->faults.nr, 1);
	program_add_fault(&out, &program->faults.at[0]);
	ck_assert_str_eq(out.at, faults[_i]);
	cdma_text_fini(&out);
	program_free(program);
	unit_free(unit);
	script_free(script);
	diag_free(diag);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("simplify");

	unit_add_rows(suite, known, ARRAY_SIZE(rows));
	unit_add(suite, given);
	unit_add_rows(suite, fault_text, ARRAY_SIZE(faults));
	unit_add(suite, unwanted);
	unit_add(suite, capped);
	return suite;
}
