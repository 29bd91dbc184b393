/* SPDX-License-Identifier: MIT */

/*
 * A test of one's own: it asks for runs, and looks at what came of them.
 */

#include <cdma/model.h>
#include <cdma/run.h>

#include <errno.h>
#include <string.h>

static int failed;

static void check_at(int holds, const char *text, int line)
{
	if (holds)
		return;
	failed++;
	fprintf(stderr, "asks.c:%d: not so: %s\n", line, text);
}
#define check(cond) check_at(!!(cond), #cond, __LINE__)

/* ---- a flag and what it speaks of, for two CPUs ---- */

static int turns;         /* of this run, whatever came before it */
static int kept = 7;      /* never touched by a run */
static char text[] = "x"; /* the same, after main() has changed it */
static cdma_addr_t ring;

static int writer(void)
{
	turns++;
	cdma_model_assert(turns == 1 && text[0] == 'y');
	cdma_view_write32(cdma_model_shared("data"), 1);
	if (cdma_model_param("wmb"))
		cdma_smp_wmb(cdma_model_world());
	cdma_view_write32(cdma_model_shared("flag"), 1);
	return 0;
}

static int reader(void)
{
	uint32_t flag = cdma_view_read32(cdma_model_shared("flag"));

	cdma_branch(cdma_model_world(), cdma_last_dep(cdma_model_world()));
	cdma_smp_rmb(cdma_model_world());
	if (flag)
		cdma_model_assert(cdma_view_read32(cdma_model_shared("data")));
	return 0;
}

/* Its name is one of the language, and of a keyword at that. */
static int reset(void)
{
	ring = 1;
	return 0;
}

static struct cdma_run *new_run(void)
{
	struct cdma_run *run = cdma_run_new("asks", "a \"test\" of one's own");

	cdma_run_declare(run, "param wmb = 0;");
	cdma_run_declare(run, "shared u32 data; shared u32 flag;");
	cdma_run_declare(run, "variant fixed { wmb = 1; expect nothing; }");
	cdma_run_setup(run, reset);
	cdma_run_thread(run, writer);
	cdma_run_thread(run, reader);
	return run;
}

static size_t lines_of(FILE *file)
{
	size_t nr = 0;
	int c;

	rewind(file);
	while ((c = fgetc(file)) != EOF)
		nr += c == '\n';
	return nr;
}

static void test_explore(struct cdma_run *run)
{
	char schedule[512];

	check(cdma_run_explore(run, 0) == CDMA_RUN_DIFFERS);
	check(cdma_run_nr_findings(run) >= 1);
	check(strstr(cdma_run_report(run), "all that can be told apart"));
	check(strstr(cdma_run_finding_text(run, 0), "asks.c:"));
	check(strstr(cdma_run_finding_text(run, 0), "cdma_run_replay(run, "));
	check(cdma_run_finding(run, 0)->at.site->line > 0);
	snprintf(schedule, sizeof(schedule), "%s", cdma_run_schedule(run, 0));

	check(cdma_run_replay(run, schedule) == CDMA_RUN_DIFFERS);
	check(cdma_run_nr_findings(run) >= 1);
	check(!strcmp(cdma_run_schedule(run, 0), schedule));
	check(cdma_run_replay(run, "nothing") == CDMA_RUN_MISTAKE);
	check(cdma_run_nr_findings(run) == 0);
	check(cdma_run_replay(run, "v1 asks/default@1: writer") ==
	      CDMA_RUN_MISTAKE);
	check(strstr(cdma_run_report(run), "of other code"));
	check(cdma_run_replay(run, "v1 asks/fixed@1: writer") ==
	      CDMA_RUN_MISTAKE);

	cdma_run_param(run, "wmb", 1);
	check(cdma_run_explore(run, 0) == CDMA_RUN_OK);
	check(cdma_run_log(run, 0, "nowhere") == -ENOENT);
	cdma_run_param(run, "wmb", 0);
	check(cdma_run_explore(run, 1) != CDMA_RUN_OK);
}

static void test_schedules(struct cdma_run *run)
{
	check(cdma_run_schedules(run, "random", 1, 50) == CDMA_RUN_DIFFERS);
	check(cdma_run_schedules(run, "pct:2", 1, 50) == CDMA_RUN_DIFFERS);
	check(cdma_run_schedules(run, NULL, 1, 50) == CDMA_RUN_DIFFERS);
	check(cdma_run_schedules(run, "best", 1, 50) == CDMA_RUN_MISTAKE);
	check(strstr(cdma_run_report(run), "there is no strategy 'best'"));
	check(cdma_run_threads(run, 20) == CDMA_RUN_DIFFERS);
	check(strstr(cdma_run_report(run), "on threads: "));
	cdma_run_variant(run, "fixed");
	check(cdma_run_threads(run, 20) == CDMA_RUN_OK);
	check(cdma_run_schedules(run, NULL, 1, 50) == CDMA_RUN_OK);
	cdma_run_variant(run, "none");
	check(cdma_run_schedules(run, NULL, 1, 50) == CDMA_RUN_MISTAKE);
	check(strstr(cdma_run_report(run), "no variant is called 'none'"));
	cdma_run_variant(run, NULL);
	cdma_run_machine(run, "abacus");
	check(cdma_run_schedules(run, NULL, 1, 50) == CDMA_RUN_MISTAKE);
	cdma_run_machine(run, NULL);
}

static void test_log(struct cdma_run *run)
{
	FILE *file = tmpfile();

	check(file != NULL);
	check(cdma_run_schedules(run, NULL, 1, 50) == CDMA_RUN_DIFFERS);
	check(!cdma_run_log_text(run, 0, file));
	check(lines_of(file) > 5);
	check(!cdma_run_log(run, 0, "asks.log"));
	check(cdma_run_log(run, 0, "asks.log") == -EEXIST);
	check(cdma_run_log(run, 99, "asks.99") == -ENOENT);
	cdma_run_variant(run, "fixed");
	check(cdma_run_schedules(run, NULL, 1, 50) == CDMA_RUN_OK);
	check(!cdma_run_log_text(run, 0, file));
	cdma_run_variant(run, NULL);
	fclose(file);
}

static void test_wrong(void)
{
	struct cdma_run *run = cdma_run_new("wrong", NULL);

	cdma_run_declare(run, "device nic { regs { u32 a; } }");
	check(cdma_run_schedules(run, NULL, 1, 1) == CDMA_RUN_MISTAKE);
	check(strstr(cdma_run_report(run), "<wrong>:2:"));
	check(cdma_run_log_text(run, 0, stdout) == -ENOENT);
	cdma_run_free(run);
	cdma_run_free(NULL);
}

int main(void)
{
	static void (*const tests[])(struct cdma_run *) = {
		test_explore,
		test_schedules,
		test_log,
	};

	text[0] = 'y';
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		struct cdma_run *run = new_run();

		tests[i](run);
		cdma_run_free(run);
	}
	test_wrong();
	check(turns == 0 && ring == 0 && kept == 7 && text[0] == 'y');
	return failed ? 1 : 0;
}
