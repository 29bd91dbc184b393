/* SPDX-License-Identifier: MIT */
/*
 * Expectations against what was found, and the verdicts that they give.
 *
 * `a` races with `b`: a finding in every schedule, at one of two places.  The
 * assertion `c` fails in some schedules, `d` in all, `e` in none.
 */
#include "scene.h"

#define TEXT(expects)                                                          \
	"scenario t \"t\"; device dev; shared u32 x; shared u32 y;\n"          \
	"setup { box old = dma_alloc(dev, u8, ZEROED);\n"                      \
	"	coherent mem = expose(old); coherent same = mem;\n"                  \
	"	coherent other = dma_alloc_coherent(dev, u8); free(other); "         \
	"}\n"                                                                  \
	"thread one on cpu {\n"                                                \
	"a:	x = 1;\n"                                                          \
	"	WRITE_ONCE(y, 1); }\n"                                               \
	"thread two on cpu {\n"                                                \
	"b:	u32 v = x;\n"                                                      \
	"c:	assert(READ_ONCE(y));\n"                                           \
	"d:	assert(0);\n"                                                      \
	"e:	assert(1);\n"                                                      \
	"	if (READ_ONCE(y) == 2)\n"                                            \
	"z:		assert(1);\n"                                                     \
	"	for (i in 0..2)\n"                                                   \
	"f:		assert(1);\n"                                                     \
	"}\n" expects

/* All that is there, so that one row is about one expectation. */
#define RACES                                                                  \
	"expect data_race at a against b; expect data_race at b against a;\n"
#define FAILS "expect assertion at c; expect assertion at d;\n"
#define LEAK  "expect leak;\n"

static const struct {
	const char *name, *text;
	enum verdict verdict;
} rows[] = {
	{"all", TEXT(RACES FAILS LEAK), VERDICT_EXPECTED},
	{"none is nothing", TEXT(""), VERDICT_DIFFERS},
	{"a finding too many", TEXT(RACES FAILS), VERDICT_DIFFERS},
	{"nothing", TEXT("expect nothing;\n"), VERDICT_DIFFERS},
	{"one that is missing", TEXT(RACES FAILS LEAK "expect stuck;\n"),
	 VERDICT_DIFFERS},
	{"some", TEXT(RACES FAILS LEAK "expect assertion at c;\n"),
	 VERDICT_EXPECTED},
	{"some of none", TEXT(RACES FAILS LEAK "expect assertion at e;\n"),
	 VERDICT_DIFFERS},
	{"always", TEXT(RACES FAILS LEAK "expect always assertion at d;\n"),
	 VERDICT_EXPECTED},
	{"always of some",
	 TEXT(RACES FAILS LEAK "expect always assertion at c;\n"),
	 VERDICT_DIFFERS},
	{"always of either",
	 TEXT(RACES FAILS LEAK "expect always data_race;\n"), VERDICT_EXPECTED},
	{"never", TEXT(RACES FAILS LEAK "expect never assertion at e;\n"),
	 VERDICT_EXPECTED},
	{"never of some",
	 TEXT(RACES FAILS LEAK "expect never assertion at c;\n"),
	 VERDICT_DIFFERS},
	{"by kind", TEXT("expect data_race; expect assertion; expect leak;\n"),
	 VERDICT_EXPECTED},
	{"at the wrong label", TEXT("expect data_race at e; " FAILS LEAK),
	 VERDICT_DIFFERS},
	{"against the wrong label",
	 TEXT("expect data_race against e; " FAILS LEAK), VERDICT_DIFFERS},
	{"by its first name", TEXT(RACES FAILS "expect leak of old;\n"),
	 VERDICT_EXPECTED},
	{"by its second name", TEXT(RACES FAILS "expect leak of mem;\n"),
	 VERDICT_EXPECTED},
	{"by its alias", TEXT(RACES FAILS "expect leak of same;\n"),
	 VERDICT_EXPECTED},
	{"of a run: nobody comes there",
	 TEXT(RACES FAILS LEAK "expect unreached z;\n"), VERDICT_EXPECTED},
	{"of a run: somebody does",
	 TEXT(RACES FAILS LEAK "expect unreached c;\n"), VERDICT_DIFFERS},
	{"of setup", TEXT(RACES FAILS LEAK "expect setup -EIO;\n"),
	 VERDICT_DIFFERS},
	{"in explore", TEXT(RACES FAILS LEAK "expect stuck in explore;\n"),
	 VERDICT_EXPECTED},
	{"in explore, and it is found",
	 TEXT(RACES FAILS "expect leak in explore;\n"), VERDICT_EXPECTED},
	{"always, in explore",
	 TEXT(RACES FAILS LEAK "expect always assertion at c in explore;\n"),
	 VERDICT_DIFFERS},
	{"then anything",
	 TEXT("expect assertion at d, then anything;\n" RACES
	      "expect assertion at c;\n"),
	 VERDICT_EXPECTED},
	{"anything, but what comes before",
	 TEXT("expect assertion at d, then anything;\n" RACES),
	 VERDICT_DIFFERS},
	{"anything after what never comes",
	 TEXT("expect never stuck, then anything;\n" RACES FAILS),
	 VERDICT_DIFFERS},
	{"a turn", TEXT(RACES FAILS LEAK "expect assertion at f[i=2];\n"),
	 VERDICT_DIFFERS},
	{"by the wrong name", TEXT(RACES FAILS "expect leak of other;\n"),
	 VERDICT_DIFFERS},
};

/* The assertion fails in two turns of three, called twice. */
#define TURNS(expects)                                                         \
	"scenario t \"t\"; device d; shared u32 x[3];\n"                       \
	"fn look(i) {\n"                                                       \
	"f:	assert(READ_ONCE(x[i]) == 0);\n}\n"                                \
	"thread one on cpu {\n"                                                \
	"	for (i in 1..3) WRITE_ONCE(x[i], 1);\n"                              \
	"	for (j in 0..2) {\n"                                                 \
	"		for (i in 0..3) look(i);\n"                                         \
	"	}\n}\n" expects

static const struct {
	const char *text;
	enum verdict verdict;
} turns[] = {
	{TURNS("expect assertion at f;\n"), VERDICT_EXPECTED},
	{TURNS("expect assertion at f[i=1];\n"), VERDICT_DIFFERS},
	{TURNS("expect assertion at f[i=1]; expect assertion at f[i=2];\n"),
	 VERDICT_EXPECTED},
	{TURNS("expect assertion at f[i=1 + 1]; expect assertion at f[i=1];\n"
	       "expect never assertion at f[i=0];\n"),
	 VERDICT_EXPECTED},
	{TURNS("expect assertion at f[j=0]; expect assertion at f[j=1];\n"),
	 VERDICT_EXPECTED},
	{TURNS("expect assertion at f[j=0]; expect assertion at f[j=2];\n"),
	 VERDICT_DIFFERS},
	{TURNS("expect always assertion at f[i=1][j=1];\n"
	       "expect always assertion at f[j=0][i=1];\n"
	       "expect always assertion at f[i=2];\n"),
	 VERDICT_EXPECTED},
	{TURNS("expect assertion at f[j=0][i=1], then anything;\n"),
	 VERDICT_EXPECTED},
	{TURNS("expect assertion at f[j=1], then anything;\n"),
	 VERDICT_DIFFERS},
};

START_TEST(turn)
{
	struct program *program = scene_program(turns[_i].text, 0);
	struct campaign *c = scene_run(program, 16);

	ck_assert_msg(campaign_verdict(c) == turns[_i].verdict, "%s: %d",
		      turns[_i].text, campaign_verdict(c));
	for (size_t i = 0; i < campaign_nr_findings(c); i++)
		ck_assert_uint_eq(campaign_finding(c, i)->seen, 16);
	campaign_free(c);
	program_free(program);
}
END_TEST

START_TEST(verdicts)
{
	struct program *program = scene_program(rows[_i].text, 0);
	struct campaign *c = scene_run(program, 64);
	struct cdma_text out = {0};

	scene_say(c, &out);
	ck_assert_msg(campaign_verdict(c) == rows[_i].verdict, "%s: %d\n%s",
		      rows[_i].name, campaign_verdict(c), out.at ? out.at : "");
	cdma_text_fini(&out);
	campaign_free(c);
	program_free(program);
}
END_TEST

/* A variant's expectations stand for the file's. */
START_TEST(variant)
{
	static const char text[] =
		"scenario t \"t\"; param p = 1; shared u32 x;\n"
		"setup { x = p; assert(!x); }\n"
		"expect assertion;\n"
		"variant fixed { p = 0; expect nothing; }\n"
		"variant same { p = 2; }\n";

	for (size_t i = 0; i < 3; i++) {
		struct program *program = scene_program(text, i);
		struct campaign *c = scene_run(program, 4);

		ck_assert_int_eq(campaign_verdict(c), VERDICT_EXPECTED);
		campaign_free(c);
		program_free(program);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("expect");

	unit_add_rows(suite, verdicts, ARRAY_SIZE(rows));
	unit_add(suite, variant);
	unit_add_rows(suite, turn, ARRAY_SIZE(turns));
	return suite;
}
