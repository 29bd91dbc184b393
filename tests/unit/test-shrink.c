/* SPDX-License-Identifier: MIT */
/*
 * Shrinking: the same finding, in a simpler schedule.
 */
#include "corpus.h"
#include "scene.h"

#include "sched/schedule-text.h"

/* Whether a strict replay of @schedule shows @finding. */
static bool shows(const struct program *program,
		  const struct schedule *schedule,
		  const struct cdma_finding *finding, enum run_memory memory)
{
	struct replay replay = {.schedule = schedule};
	struct machine_options options = {
		.strategy = &strategy_replay,
		.strategy_state = &replay,
		.memory = memory,
	};
	struct machine *m = machine_new(program, &options);
	const struct cdma_findings *all = machine_findings(m);
	struct run_result result;
	bool found = false;

	machine_run(m, 0, 0, &result);
	for (size_t i = 0; i < cdma_findings_nr(all); i++)
		found |= cdma_finding_same(cdma_findings_at(all, i), finding);
	ck_assert(!replay.diverged);
	ck_assert_uint_eq(replay.at, schedule->steps.nr);
	machine_free(m);
	return found;
}

static void check_finding(const struct program *p,
			  const struct campaign_finding *f,
			  enum run_memory memory)
{
	const struct shrunk *s = &f->shrunk;

	ck_assert_msg(f->is_shrunk, "%s/%s", p->name, p->variant);
	ck_assert_uint_le(s->switches, s->switches_before);
	if (s->switches == s->switches_before)
		ck_assert_uint_le(s->steps, s->steps_before);
	ck_assert_uint_eq(s->steps, f->schedule->steps.nr);
	ck_assert_uint_eq(s->switches, schedule_switches(f->schedule));
	ck_assert_uint_le(s->runs, SHRINK_RUNS + 1);
	ck_assert_msg(shows(p, f->schedule, &f->finding, memory), "%s/%s",
		      p->name, p->variant);
}

static void check_program(const struct program *p, void *aux)
{
	enum run_memory memory = *(enum run_memory *)aux;
	const struct campaign_options options = {
		.seed = 3, .schedules = 50, .machine.memory = memory};
	struct campaign *c = campaign_run(p, &options);

	for (size_t i = 0; i < campaign_nr_findings(c); i++)
		check_finding(p, campaign_finding(c, i), memory);
	campaign_free(c);
}

START_TEST(corpus)
{
	enum run_memory memory = _i ? MEMORY_WEAK : MEMORY_STRONG;

	corpus_each(check_program, &memory);
}
END_TEST

/*
 * The simplest schedule is known: what is printed of it, and how many switches
 * and steps it has.
 */
#define VARS  "scenario t \"t\"; shared u32 x; shared u32 y; shared u32 z;\n"
#define NOISE "for (i in 0..20) WRITE_ONCE(z, i);\n"

static const struct {
	const char *text, *want;
} rows[] = {
	/* One switch, and no step of c. */
	{VARS "thread a on cpu { " NOISE "WRITE_ONCE(x, 1); " NOISE
	      "WRITE_ONCE(x, 0); " NOISE "}\n"
	      "thread b on cpu { assert(!READ_ONCE(x)); }\n"
	      "thread c on cpu { " NOISE "}\n",
	 "a*21 b"},
	/* b first, which needs no switch. */
	{VARS "thread a on cpu { " NOISE "WRITE_ONCE(x, 1); " NOISE "}\n"
	      "thread b on cpu { assert(READ_ONCE(x)); }\n"
	      "thread c on cpu { " NOISE "}\n",
	 "b"},
	/* Two, the first anywhere after the store. */
	{VARS "thread a on cpu { " NOISE "WRITE_ONCE(x, 1); " NOISE
	      "u32 v = READ_ONCE(x); assert(v == 1); }\n"
	      "thread c on cpu { " NOISE "}\n"
	      "thread b on cpu { WRITE_ONCE(x, 2); " NOISE "}\n",
	 "a*21 b a*21"},
	/* Only the end shows it; nobody has to be told anything. */
	{VARS "thread a on cpu { " NOISE "}\nthread b on cpu { " NOISE "}\n"
	      "final { assert(0); }\n",
	 ""},
};

static struct campaign *run_pct(const struct program *program, bool as_is)
{
	const struct campaign_options options = {
		.seed = 1,
		.schedules = 500,
		.as_is = as_is,
		.machine.strategy = &strategy_pct,
	};

	return campaign_run(program, &options);
}

START_TEST(known)
{
	struct program *program = scene_program(rows[_i].text, 0);
	struct campaign *c = run_pct(program, false);
	const struct campaign_finding *f;
	struct cdma_text out = {0};

	ck_assert_uint_eq(campaign_nr_findings(c), 1);
	f = campaign_finding(c, 0);
	schedule_text_print_line(&out, program, f->schedule);
	ck_assert_str_eq(strchr(out.at, ':') + 1 + (*rows[_i].want != 0),
			 rows[_i].want);
	ck_assert(!f->shrunk.capped);
	cdma_text_fini(&out);
	campaign_free(c);
	program_free(program);
}
END_TEST

/* What takes too long is cut off, says so, and still shows the finding. */
START_TEST(capped)
{
	struct program *program = scene_program(
		VARS
		"thread a on cpu { for (i in 0..3000) WRITE_ONCE(x, i); }\n"
		"thread b on cpu { for (i in 0..3000) {\n"
		"u32 v = READ_ONCE(x); if (v > 1500) assert(v % 7); } }\n",
		0);
	struct campaign *c = scene_run(program, 3);

	ck_assert_uint_ge(campaign_nr_findings(c), 1);
	ck_assert(campaign_finding(c, 0)->shrunk.capped);
	check_finding(program, campaign_finding(c, 0), MEMORY_STRONG);
	campaign_free(c);
	program_free(program);
}
END_TEST

/* Without shrinking, the schedule is the one that found it. */
START_TEST(as_is)
{
	struct program *program = scene_program(rows[0].text, 0);
	struct campaign *c = run_pct(program, true);
	const struct campaign_finding *f = campaign_finding(c, 0);

	ck_assert(!f->is_shrunk);
	ck_assert_uint_eq(f->schedule->steps.nr, 62 + 1 + 20);
	ck_assert(shows(program, f->schedule, &f->finding, MEMORY_STRONG));
	campaign_free(c);
	program_free(program);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("shrink");

	unit_add_rows(suite, corpus, 2);
	unit_add_rows(suite, known, ARRAY_SIZE(rows));
	unit_add(suite, capped);
	unit_add(suite, as_is);
	return suite;
}
