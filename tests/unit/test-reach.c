/* SPDX-License-Identifier: MIT */
/*
 * What never happened, and when a pass is vacuous for it.
 *
 * A note is a line: the kind, its line in the text, `!' for a reason.
 */
#include "scene.h"

#include "report/report.h"

#define WAITS                                                                  \
	"scenario t \"t\"; device d { regs { u32 go; } }; shared u32 x;\n"     \
	"param p = 0;\n"                                                       \
	"setup { x = 1; }\n"                                                   \
	"thread dev on d {\n"                                                  \
	"	poll (d.go == 1) max 10 else return;\n"                              \
	"	d.go = 2;\n"                                                         \
	"a:	d.go = 3;\n}\n"
#define NOTHING_ "expect nothing;\n"
#define OTHER    "variant v { p = 1; expect leak at a; }\n"
#define OTHER_L  "variant v { p = 1; expect leak at l; }\n"
#define SETUP(body)                                                            \
	"scenario t \"t\"; device d; param p = 0; setup {\n" body "}\n"        \
	"thread t on cpu {\nl: assert(1);\n}\n"

static const struct {
	const char *name, *text, *notes;
	enum verdict verdict;
} rows[] = {
	{"a poll that runs out", WAITS NOTHING_, "poll 5! line 6 line 7",
	 VERDICT_INCONCLUSIVE},
	{"behind it there is no label",
	 "scenario t \"t\"; device d { regs { u32 go; } };\n"
	 "thread dev on d {\n	poll (d.go == 1) max 10 else return;\n"
	 "	d.go = 2;\n}\n" NOTHING_,
	 "poll 3! line 4", VERDICT_INCONCLUSIVE},
	{"... and another poll held",
	 "scenario t \"t\"; device d { regs { u32 go; u32 other; } };\n"
	 "thread dev on d {\n	poll (d.go == 1) max 10 else return;\n"
	 "	d.go = 2;\n}\n"
	 "thread two on d { poll (d.other == 0) max 10; }\n" NOTHING_,
	 "poll 3 line 4", VERDICT_EXPECTED},
	{"behind it there is nothing",
	 "scenario t \"t\"; device d { regs { u32 go; } };\n"
	 "thread dev on d {\n	poll (d.go == 1) max 10;\n}\n" NOTHING_,
	 "poll 3", VERDICT_EXPECTED},
	{"it is named, too", WAITS NOTHING_ OTHER,
	 "poll 5! label 7! line 6 line 7", VERDICT_INCONCLUSIVE},
	{"it is meant", WAITS NOTHING_ "expect unreached a;\n",
	 "poll 5 line 6 line 7", VERDICT_EXPECTED},
	{"alone", WAITS "expect unreached a;\n", "poll 5 line 6 line 7",
	 VERDICT_EXPECTED},
	{"never is vacuous, too", WAITS "expect never leak at a;\n",
	 "poll 5! label 7! line 6 line 7", VERDICT_INCONCLUSIVE},
	{"a promise is missed", WAITS "expect leak at a;\n",
	 "poll 5! label 7! line 6 line 7", VERDICT_DIFFERS},
	{"nothing is asked", WAITS, "poll 5! line 6 line 7", VERDICT_EXPECTED},
	{"somebody ends the wait",
	 WAITS "thread c on cpu { writel(1, d.go); }\n" NOTHING_ OTHER, "",
	 VERDICT_EXPECTED},
	{"one label of two threads that have it in a function",
	 "scenario t \"t\"; shared u32 x; param p = 0;\n"
	 "fn f(v) {\n	if (READ_ONCE(x) == v)\na:	"
	 "	assert(1);\n}\n"
	 "thread one on cpu { f(0); }\nthread two on cpu { "
	 "f(1); }\n" NOTHING_ OTHER,
	 "", VERDICT_EXPECTED},
	{"code of another variant is not there",
	 "scenario t \"t\"; param p = 0; thread c on cpu {\n"
	 "	if (p) {\na:		assert(0);\n	"
	 "}\n}\n" NOTHING_ "variant v { p = 1; expect assertion at a; }\n",
	 "", VERDICT_EXPECTED},
	{"code behind a return is not there",
	 "scenario t \"t\"; param p = 0; thread c on cpu {\n"
	 "	if (!p) return;\na:	"
	 "assert(0);\n}\n" NOTHING_
	 "variant v { p = 1; expect assertion at a; }\n",
	 "", VERDICT_EXPECTED},
	{"a branch that nobody takes",
	 "scenario t \"t\"; param p = 0; shared u32 x; thread "
	 "c on cpu {\n"
	 "	u32 v = READ_ONCE(x);\n	if (v)\na:	"
	 "	assert(0);\n}\n" NOTHING_ OTHER,
	 "label 4! line 4", VERDICT_INCONCLUSIVE},
	{"setup fails", SETUP("	return -EIO;\n") NOTHING_ OTHER_L, "setup 2!",
	 VERDICT_INCONCLUSIVE},
	{"it is meant to",
	 SETUP("	return -EIO;\n") NOTHING_
	 "expect setup -EIO;\n" OTHER_L,
	 "setup 2", VERDICT_EXPECTED},
	{"with another error",
	 SETUP("	return -EIO;\n") NOTHING_ "expect setup -ENOMEM;\n",
	 "setup 2", VERDICT_DIFFERS},
	{"it should, and does not",
	 SETUP("	assert(1);\n") NOTHING_ "expect setup -EIO;\n", "",
	 VERDICT_DIFFERS},
	{"a fault makes it fail",
	 SETUP("	coherent b = dma_alloc_coherent(d, "
	       "u8);\n"
	       "	if (!b) return -ENOMEM;\n	"
	       "free(b);\n") "fail dma_alloc with "
			     "-ENOMEM;\n" NOTHING_ OTHER_L,
	 "setup 3 line 4", VERDICT_EXPECTED},
	{"a thread that fails",
	 "scenario t \"t\"; thread c on cpu {\n	return "
	 "-EIO;\n}\n" NOTHING_,
	 "return 2", VERDICT_EXPECTED},
	{"a handler without interrupts",
	 "scenario t \"t\"; device d { irq i: msi; }; param p "
	 "= 0;\n"
	 "irq h on d.i {\na:	assert(1);\n}\n" NOTHING_ OTHER,
	 "label 3! line 2 line 3", VERDICT_INCONCLUSIVE},
	{"what final looks at",
	 "scenario t \"t\"; param p = 0; final {\na:	"
	 "assert(1);\n}\n" NOTHING_ OTHER,
	 "", VERDICT_EXPECTED},
};

static void add_notes(struct cdma_text *out, const struct reach *reach)
{
	static const char *const kinds[] = {
		[REACH_SETUP] = "setup", [REACH_RETURN] = "return",
		[REACH_POLL] = "poll",   [REACH_LABEL] = "label",
		[REACH_LINE] = "line",
	};

	for (size_t i = 0; i < reach->notes.nr; i++) {
		const struct reach_note *n = &reach->notes.at[i];

		cdma_text_addf(out, "%s%s %u%s", i ? " " : "", kinds[n->kind],
			       n->site->line, n->is_reason ? "!" : "");
	}
}

START_TEST(notes)
{
	struct program *program = scene_program(rows[_i].text, 0);
	struct campaign *c = scene_run(program, 16);
	struct cdma_text out = {0};

	add_notes(&out, campaign_reach(c));
	ck_assert_msg(!strcmp(cdma_text_str(&out), rows[_i].notes), "%s: '%s'",
		      rows[_i].name, cdma_text_str(&out));
	ck_assert_msg(campaign_verdict(c) == rows[_i].verdict, "%s: %d",
		      rows[_i].name, campaign_verdict(c));
	cdma_text_fini(&out);
	campaign_free(c);
	program_free(program);
}
END_TEST

/* A run that is begun at the threads has come to what is before them. */
START_TEST(rewound)
{
	struct program *program = scene_program(
		"scenario t \"t\"; shared u32 x; setup {\na:	x = 1;\n}\n"
		"thread c on cpu {\nb:	x = 2;\n}\n",
		0);
	struct machine_options options = {0};
	struct machine *m = machine_new(program, &options);
	struct run_result result;

	for (uint64_t i = 0; i < 3; i++) {
		machine_run(m, 1, i, &result);
		ck_assert(reach_label(program, machine_reached(m), "a"));
		ck_assert(reach_label(program, machine_reached(m), "b"));
	}
	machine_free(m);
	program_free(program);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("reach");

	unit_add_rows(suite, notes, ARRAY_SIZE(rows));
	unit_add(suite, rewound);
	return suite;
}
