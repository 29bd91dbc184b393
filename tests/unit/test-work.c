/* SPDX-License-Identifier: MIT */
/*
 * Work in cases: it comes to the same whoever does them and whatever is lost
 * on the way, and nothing of it is done twice.
 */
#include "work/work.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/macros.h"
#include "scene.h"
#include "work-heard.h"
#include "work/journal.h"
#include "work/seeds.h"
#include "work/tally-json.h"

/* A finding that few schedules show, one that all do, and a fault. */
static const char scene[] =
	"scenario t \"t\"; shared u32 x; shared u32 y; device d;\n"
	"setup { coherent c = dma_alloc_coherent(d, u32[1], ZEROED);\n"
	"	if (!c) return -ENOMEM; }\n"
	"thread a on cpu { for (i in 0..6) WRITE_ONCE(x, i); y = 1; }\n"
	"thread b on cpu { assert(READ_ONCE(x) != 4); y = 2; }\n"
	"teardown { free(c); }\n"
	"expect assertion; expect data_race;\n"
	"fail dma_alloc #2;\n";

/* All that a tally says, but for the events of the findings. */
static void same_tally(const struct tally *a, const struct tally *b)
{
	ck_assert_uint_eq(a->runs, b->runs);
	ck_assert_uint_eq(a->bounded, b->bounded);
	ck_assert_uint_eq(a->given_up, b->given_up);
	ck_assert_uint_eq(a->steps, b->steps);
	ck_assert_uint_eq(a->events, b->events);
	ck_assert_uint_eq(a->expects.schedules, b->expects.schedules);
	for (size_t i = 0; i < a->program->expects.nr; i++)
		ck_assert_uint_eq(a->expects.seen[i], b->expects.seen[i]);
	for (size_t i = 0; i < a->program->faults.nr; i++)
		ck_assert_int_eq(a->struck[i], b->struck[i]);
	ck_assert_mem_eq(a->reached, b->reached, a->program->code.nr);
	ck_assert_uint_eq(a->setup_failed, b->setup_failed);
	ck_assert_uint_eq(a->findings.nr, b->findings.nr);
	for (size_t i = 0; i < a->findings.nr; i++) {
		const struct tally_finding *f = &a->findings.at[i];
		const struct tally_finding *g = &b->findings.at[i];

		ck_assert(cdma_finding_same(&f->finding, &g->finding));
		ck_assert_uint_eq(f->first, g->first);
		ck_assert_uint_eq(f->seen, g->seen);
		ck_assert_int_eq(f->expected, g->expected);
		ck_assert_int_eq(f->has_schedule, g->has_schedule);
		ck_assert_uint_eq(f->schedule.steps.nr, g->schedule.steps.nr);
	}
}

static const struct campaign_options campaign = {
	.seed = 7,
	.first = 3,
	.schedules = 4500,
};

/* What one loop without any cases comes to. */
static struct campaign *alone(const struct program *program)
{
	return campaign_run(program, &campaign);
}

static void do_seeds(const struct program *program, struct shard shard,
		     const struct work_options *options, struct tally *out,
		     enum campaign_cut want)
{
	struct seeds *seeds = seeds_new(program, &campaign, shard);
	struct cdma_text err = {0};

	tally_init(out, program);
	ck_assert_int_eq(work_do(&work_seeds, seeds, options, out, &err), want);
	ck_assert_str_eq(cdma_text_str(&err), "");
	seeds_free(seeds);
}

/* Of each number of processes. */
START_TEST(any_number_of_workers)
{
	static const unsigned int jobs[] = {0, 1, 2, 7};
	struct program *program = scene_program(scene, 0);
	struct campaign *whole = alone(program);
	struct heard heard = {0};
	struct work_options options = work_options(&heard, jobs[_i]);
	struct tally tally;

	ck_assert_uint_eq(campaign_tally(whole)->findings.nr, 2);
	do_seeds(program, (struct shard){0}, &options, &tally, CAMPAIGN_WHOLE);
	/* The campaign has made schedules of its findings since. */
	for (size_t i = 0; i < tally.findings.nr; i++)
		schedule_copy(&tally.findings.at[i].schedule,
			      campaign_finding(whole, i)->schedule);
	same_tally(&tally, campaign_tally(whole));
	ck_assert_uint_eq(heard.crashes, 0);
	tally_fini(&tally);
	campaign_free(whole);
	program_free(program);
}
END_TEST

/* For each number of shards: each schedule is in one of them. */
START_TEST(shards)
{
	struct program *program = scene_program(scene, 0);
	uint64_t of = (uint64_t)_i + 1;
	struct heard heard = {0};
	struct work_options options = work_options(&heard, 0);
	struct tally whole, sum, part;

	do_seeds(program, (struct shard){0}, &options, &whole, CAMPAIGN_WHOLE);
	tally_init(&sum, program);
	for (uint64_t nr = 1; nr <= of; nr++) {
		do_seeds(program, (struct shard){nr, of}, &options, &part,
			 CAMPAIGN_WHOLE);
		tally_merge(&sum, &part);
		tally_fini(&part);
	}
	/* Who comes first is another thing. */
	for (size_t i = 0; i < sum.findings.nr; i++)
		sum.findings.at[i].first = whole.findings.at[i].first;
	same_tally(&sum, &whole);
	tally_fini(&sum);
	tally_fini(&whole);
	program_free(program);
}
END_TEST

/* ---- who dies ---- */

struct deadly {
	uint64_t next, all;
	uint64_t mine; /* the case that kills */
	int signal;    /* 0: it just ends */
};

static size_t deadly_next(void *state, uint64_t *cases, size_t max)
{
	struct deadly *d = state;
	size_t nr = 0;

	while (nr < max && nr < 4 && d->next < d->all)
		cases[nr++] = d->next++;
	return nr;
}

static struct json_object *deadly_perform(void *state, uint64_t nr,
					  struct json_object *task,
					  struct tally *tally)
{
	struct deadly *d = state;

	(void)task;
	if (nr == d->mine && !d->signal)
		_exit(3);
	if (nr == d->mine)
		raise(d->signal);
	tally->runs = 1;
	tally->steps = nr;
	return NULL;
}

static const struct work_ops deadly_ops = {
	.next = deadly_next,
	.perform = deadly_perform,
};

START_TEST(a_crash_costs_one_case)
{
	static const int signals[] = {SIGKILL, 0};
	struct program *program = scene_program(scene, 0);
	struct deadly deadly = {.all = 10, .mine = 5, .signal = signals[_i]};
	struct heard heard = {0};
	struct work_options options = work_options(&heard, 2);
	struct cdma_text err = {0};
	struct tally tally;

	tally_init(&tally, program);
	ck_assert_int_eq(work_do(&deadly_ops, &deadly, &options, &tally, &err),
			 CAMPAIGN_CRASH);
	ck_assert_uint_eq(heard.crashes, 1);
	ck_assert_uint_eq(heard.nr, 5);
	ck_assert_int_eq(heard.signal, signals[_i]);
	ck_assert_uint_eq(tally.runs, 9);
	ck_assert_uint_eq(tally.steps, 45 - 5);
	tally_fini(&tally);
	program_free(program);
}
END_TEST

/* ---- journals ---- */

static char path[] = "/tmp/test-work.XXXXXX";

static void new_path(void)
{
	int fd;

	strcpy(path + sizeof(path) - 7, "XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	unlink(path);
}

static struct journal *open_journal(const struct program *program,
				    const char *what, int want)
{
	struct journal *j = journal_new();
	struct json_object *head = json_object_new_object();
	struct cdma_text err = {0};

	json_object_object_add(head, "cdmasim",
			       json_object_new_string(PACKAGE_VERSION));
	json_object_object_add(head, "args", json_object_new_string(what));
	ck_assert_int_eq(journal_open(j, path, head, &err), want);
	ck_assert_int_eq(err.len != 0, want != 0);
	journal_variant(j, "t.dma", program->name, program->variant, 7);
	json_object_put(head);
	cdma_text_fini(&err);
	return j;
}

/* Add to the journal's end, or with @text NULL cut off its last @cut bytes. */
static void spoil(const char *text, long cut)
{
	FILE *file = fopen(path, "r+");

	ck_assert_ptr_nonnull(file);
	fseek(file, text ? 0 : -cut, SEEK_END);
	if (text)
		fputs(text, file);
	else
		ck_assert_int_eq(ftruncate(fileno(file), ftell(file)), 0);
	fclose(file);
}

/* Killed in the middle of a line; then it does what is not there. */
START_TEST(resume)
{
	struct program *program = scene_program(scene, 0);
	struct heard heard = {0};
	struct work_options options = work_options(&heard, 0);
	struct tally whole, again;

	new_path();
	options.journal = open_journal(program, "x", 0);
	do_seeds(program, (struct shard){0}, &options, &whole, CAMPAIGN_WHOLE);
	journal_free(options.journal);
	spoil(NULL, 10);
	options.journal = open_journal(program, "x", 0);
	ck_assert_uint_eq(journal_known(options.journal), 4);
	options.only_known = true;
	do_seeds(program, (struct shard){0}, &options, &again,
		 CAMPAIGN_MISSING);
	ck_assert_uint_eq(heard.missing, 1);
	ck_assert_uint_eq(heard.nr, 4);
	ck_assert_uint_eq(again.runs, 4000);
	tally_fini(&again);
	options.only_known = false;
	do_seeds(program, (struct shard){0}, &options, &again, CAMPAIGN_WHOLE);
	same_tally(&again, &whole);
	tally_fini(&again);
	journal_free(options.journal);
	/* And now all of it is there. */
	options.journal = open_journal(program, "x", 0);
	ck_assert_uint_eq(journal_known(options.journal), 5);
	options.only_known = true;
	do_seeds(program, (struct shard){0}, &options, &again, CAMPAIGN_WHOLE);
	same_tally(&again, &whole);
	tally_fini(&again);
	tally_fini(&whole);
	journal_free(options.journal);
	unlink(path);
	program_free(program);
}
END_TEST

/* A case that crashed is tried again. */
START_TEST(crash_is_tried_again)
{
	struct program *program = scene_program(scene, 0);
	struct deadly deadly = {.all = 3, .mine = 1, .signal = SIGKILL};
	struct heard heard = {0};
	struct work_options options = work_options(&heard, 1);
	struct cdma_text err = {0};
	struct tally tally;

	new_path();
	for (unsigned int i = 0; i < 2; i++) {
		options.journal = open_journal(program, "x", 0);
		tally_init(&tally, program);
		ck_assert_int_eq(
			work_do(&deadly_ops, &deadly, &options, &tally, &err),
			i ? CAMPAIGN_WHOLE : CAMPAIGN_CRASH);
		ck_assert_uint_eq(tally.runs, i ? 3 : 2);
		tally_fini(&tally);
		journal_free(options.journal);
		deadly = (struct deadly){.all = 3, .mine = 99};
	}
	ck_assert_uint_eq(heard.crashes, 1);
	unlink(path);
	program_free(program);
}
END_TEST

static const struct {
	const char *text; /* that is at the end */
	int err;
} spoilt[] = {
	{"", 0},
	{"{\"case\":", 0},
	{"}\n", -EINVAL},
	{"[]\n", -EINVAL},
	{"{} {}\n", -EINVAL},
	{"{\"case\":1}\n", -EINVAL},
	{"{\"file\":\"t.dma\",\"variant\":\"t/default\",\"hash\":\"7\","
	 "\"case\":\"1\"}\n",
	 -EINVAL},
	{"\n", -EINVAL},
};

START_TEST(spoilt_journal)
{
	struct program *program = scene_program(scene, 0);

	new_path();
	journal_free(open_journal(program, "x", 0));
	spoil(spoilt[_i].text, 0);
	journal_free(open_journal(program, "x", spoilt[_i].err));
	unlink(path);
	program_free(program);
}
END_TEST

START_TEST(other_journal)
{
	struct program *program = scene_program(scene, 0);
	struct journal *j;

	new_path();
	j = open_journal(program, "x", 0);
	journal_free(open_journal(program, "x", -EBUSY));
	journal_free(j);
	journal_free(open_journal(program, "y", -EEXIST));
	unlink(path);
	program_free(program);
}
END_TEST

/* ---- what a case is written as ---- */

/* Each a result that is not one; the last is. */
static const struct {
	const char *json;
	int err;
} results[] = {
	{"{}", -EINVAL},
	{"{\"expects\":[0],\"struck\":[0],\"findings\":[]}", -EINVAL},
	{"{\"expects\":[0,0],\"struck\":[],\"findings\":[]}", -EINVAL},
	{"{\"expects\":[0,0],\"struck\":[0]}", -EINVAL},
	{"{\"expects\":[0,0],\"struck\":[0],\"findings\":[{}]}", -EINVAL},
	{"{\"expects\":[0,0],\"struck\":[0],\"findings\":[{\"id\":\"x\"}]}",
	 -EINVAL},
	{"{\"expects\":[0,0],\"struck\":[0],\"findings\":[{\"id\":"
	 "\"leak\",\"at\":[9999,\"\"]}]}",
	 -EINVAL},
	{"{\"expects\":[0,0],\"struck\":[0],\"findings\":[{\"id\":"
	 "\"leak\",\"at\":[-2,\"\"]}]}",
	 -EINVAL},
	{"{\"expects\":[0,0],\"struck\":[0],\"findings\":[{\"id\":"
	 "\"leak\",\"schedule\":\"v1 t/default@0: c\"}]}",
	 -EINVAL},
	{"{\"expects\":[0,0],\"struck\":[0],\"findings\":[],\"error\":\"x\"}",
	 -EINVAL},
	{"{\"runs\":2,\"expects\":[0,3],\"struck\":[0],\"findings\":[]}",
	 -EINVAL},
	{"{\"runs\":2,\"expects\":[0,0],\"struck\":[0],\"findings\":[{\"id\":"
	 "\"leak\",\"at\":[1,\"\"],\"schedule\":\"v1 t/default@0: a b*2\"}]}",
	 -EINVAL},
	{"{\"runs\":2,\"expects\":[0,0],\"struck\":[0],\"findings\":[{\"id\":"
	 "\"leak\",\"at\":[1,\"\"],\"seen\":3,\"schedule\":"
	 "\"v1 t/default@0: a b*2\"}]}",
	 -EINVAL},
	{"{\"runs\":2,\"expects\":[0,2],\"struck\":[0],\"findings\":[{\"id\":"
	 "\"leak\",\"at\":[1,\"\"],\"seen\":2,\"schedule\":"
	 "\"v1 t/default@0: a b*2\"}]}",
	 0},
};

/* Where nothing was reached: a digit for each of @program. */
static void add_reached(struct json_object *json, const struct program *program,
			char digit)
{
	struct cdma_text text = {0};

	cdma_text_fill(&text, '0', program->code.nr - 1);
	cdma_text_addc(&text, digit);
	json_object_object_add(json, "reached",
			       json_object_new_string(text.at));
	cdma_text_fini(&text);
}

START_TEST(result_that_reached_nothing)
{
	struct program *program = scene_program(scene, 0);
	struct json_object *json = json_tokener_parse(
		"{\"expects\":[0,0],\"struck\":[0],\"findings\":[]}");
	struct tally tally;

	tally_init(&tally, program);
	ck_assert_int_eq(tally_from_json(json, &tally), -EINVAL);
	add_reached(json, program, '8');
	ck_assert_int_eq(tally_from_json(json, &tally), -EINVAL);
	json_object_object_add(json, "reached", json_object_new_string("00"));
	ck_assert_int_eq(tally_from_json(json, &tally), -EINVAL);
	add_reached(json, program, '7');
	ck_assert_int_eq(tally_from_json(json, &tally), 0);
	ck_assert_uint_eq(tally.reached[program->code.nr - 1], 7);
	tally_fini(&tally);
	json_object_put(json);
	program_free(program);
}
END_TEST

START_TEST(result)
{
	struct program *program = scene_program(scene, 0);
	struct json_object *json = json_tokener_parse(results[_i].json), *text;
	struct tally tally, again;

	ck_assert_ptr_nonnull(json);
	add_reached(json, program, '0');
	tally_init(&tally, program);
	ck_assert_int_eq(tally_from_json(json, &tally), results[_i].err);
	if (!results[_i].err) {
		text = tally_to_json(&tally);
		tally_init(&again, program);
		ck_assert_int_eq(tally_from_json(text, &again), 0);
		same_tally(&again, &tally);
		ck_assert_uint_eq(again.findings.at[0].schedule.steps.nr, 3);
		json_object_put(text);
		tally_fini(&again);
	}
	tally_fini(&tally);
	json_object_put(json);
	program_free(program);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("work");

	unit_add_rows(suite, any_number_of_workers, 4);
	unit_add_rows(suite, shards, 6);
	unit_add_rows(suite, a_crash_costs_one_case, 2);
	unit_add(suite, resume);
	unit_add(suite, crash_is_tried_again);
	unit_add_rows(suite, spoilt_journal, ARRAY_SIZE(spoilt));
	unit_add(suite, other_journal);
	unit_add_rows(suite, result, ARRAY_SIZE(results));
	unit_add(suite, result_that_reached_nothing);
	return suite;
}
