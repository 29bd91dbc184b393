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
	{"by the wrong name", TEXT(RACES FAILS "expect leak of other;\n"),
	 VERDICT_DIFFERS},
};

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
	return suite;
}
