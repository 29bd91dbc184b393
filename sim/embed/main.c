/* SPDX-License-Identifier: MIT */
#include "embed/embed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/macros.h"

/*
 * The words of a command line: those of cdmasim, as far as they are about one
 * model.
 */

#define USAGE 2
#define IO    4

enum what { RUN, EXPLORE, REPLAY };

struct words {
	enum what what;
	bool threads;
	uint64_t schedules, seed, executions;
	const char *strategy, *schedule, *log;
};

static const char help[] =
	"usage: %s [run|explore|replay] [OPTION...]\n"
	"\n"
	"run                 under schedules that are drawn\n"
	"  --schedules=N     so many; 200\n"
	"  --seed=N          of the drawing; 1\n"
	"  --strategy=NAME   random, pct, pct:D, mixed\n"
	"  --threads         on real threads, N times\n"
	"explore             under every schedule that can be told apart\n"
	"  --executions=N    at most so many\n"
	"replay              one schedule\n"
	"  --schedule=TEXT   that of a report\n"
	"\n"
	"with each:\n"
	"  -D NAME=VALUE     what a param is\n"
	"  --fail=RULE       what fails: 'dma_alloc #2'\n"
	"  --machine=NAME    what stands between devices and memory\n"
	"  --memory=weak     a read may be late; or strong\n"
	"  --variant=NAME    which one\n"
	"  --log=DIR         a trace of each finding, for cdmasim show\n";

static int wrong(const struct cdma_run *run, const char *word, const char *why)
{
	fprintf(stderr, "%s: %s: %s; see --help\n", run->self, word, why);
	return USAGE;
}

/* "--seed=7" is the option "--seed" with the value "7". */
static const char *value_of(const char *word, const char *option)
{
	size_t len = strlen(option);

	return !strncmp(word, option, len) && word[len] == '=' ? word + len + 1
							       : NULL;
}

static bool read_number(const char *text, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(text, &end, 0);
	return !errno && end != text && !*end && *text != '-';
}

static bool take_define(struct cdma_run *run, const char *text)
{
	const char *is = strchr(text, '=');
	char *name, *end;
	long long value;

	if (!is || is == text)
		return false;
	errno = 0;
	value = strtoll(is + 1, &end, 0);
	if (errno || end == is + 1 || *end)
		return false;
	name = strndup(text, (size_t)(is - text));
	CDMA_REQUIRE(name);
	cdma_run_param(run, name, value);
	free(name);
	return true;
}

static int take_memory(struct cdma_run *run, const char *word, const char *name)
{
	if (strcmp(name, "weak") != 0 && strcmp(name, "strong") != 0)
		return wrong(run, word, "say weak or strong");
	cdma_run_weak(run, !strcmp(name, "weak"));
	return 0;
}

/* Options that take a number; false: it is none of them. */
static bool take_number(struct words *w, const char *word, bool *is_wrong)
{
	const struct {
		const char *name;
		uint64_t *at;
	} numbers[] = {
		{"--schedules", &w->schedules},
		{"--runs", &w->schedules},
		{"--seed", &w->seed},
		{"--executions", &w->executions},
	};

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		const char *value = value_of(word, numbers[i].name);

		if (!value)
			continue;
		*is_wrong = !read_number(value, numbers[i].at);
		return true;
	}
	return false;
}

static int take_option(struct cdma_run *run, struct words *w, const char *word)
{
	const char *value;
	bool is_wrong;

	if (take_number(w, word, &is_wrong))
		return is_wrong ? wrong(run, word, "say a number") : 0;
	if (!strcmp(word, "--threads"))
		w->threads = true;
	else if ((value = value_of(word, "--strategy")))
		w->strategy = value;
	else if ((value = value_of(word, "--schedule")))
		w->schedule = value;
	else if ((value = value_of(word, "--log")))
		w->log = value;
	else if ((value = value_of(word, "--fail")))
		cdma_run_fail(run, value);
	else if ((value = value_of(word, "--machine")))
		cdma_run_machine(run, value);
	else if ((value = value_of(word, "--variant")))
		cdma_run_variant(run, value);
	else if ((value = value_of(word, "--memory")))
		return take_memory(run, word, value);
	else
		return wrong(run, word, "there is no such option");
	return 0;
}

static int take_word(struct cdma_run *run, struct words *w, const char *word)
{
	static const char *const whats[] = {"run", "explore", "replay"};

	if (!strncmp(word, "--", 2))
		return take_option(run, w, word);
	for (size_t i = 0; i < ARRAY_SIZE(whats); i++)
		if (!strcmp(word, whats[i])) {
			w->what = (enum what)i;
			return 0;
		}
	return wrong(run, word, "say run, explore or replay");
}

static int take_words(struct cdma_run *run, struct words *w, char **argv)
{
	int err = 0;

	for (; !err && *argv; argv++) {
		const char *word = *argv, *text = word + 2;

		if (strncmp(word, "-D", 2) != 0) {
			err = take_word(run, w, word);
			continue;
		}
		if (!*text && argv[1])
			text = *++argv;
		if (!take_define(run, text))
			err = wrong(run, text, "say -D NAME=VALUE");
	}
	if (!err && w->what == REPLAY && !w->schedule)
		err = wrong(run, "replay", "say --schedule=TEXT");
	return err;
}

static int do_it(struct cdma_run *run, const struct words *w)
{
	switch (w->what) {
	case EXPLORE:
		return cdma_run_explore(run, w->executions);
	case REPLAY:
		return cdma_run_replay(run, w->schedule);
	case RUN:
		break;
	}
	if (w->threads)
		return cdma_run_threads(run, w->schedules);
	return cdma_run_schedules(run, w->strategy, w->seed, w->schedules);
}

/* DIR/SCENARIO.VARIANT.FINDING, as run --log. */
static int log_all(struct cdma_run *run, const char *dir)
{
	struct cdma_text path = {0};
	int err = mkdir(dir, 0777) ? -errno : 0;

	for (size_t i = 0; !err && i < cdma_run_nr_findings(run); i++) {
		cdma_text_cut(&path, 0);
		cdma_text_addf(&path, "%s/%s.%s.%zu", dir, run->name,
			       cdma_finding_name(cdma_run_finding(run, i)->id),
			       i);
		err = cdma_run_log(run, i, path.at);
	}
	cdma_text_fini(&path);
	if (err)
		fprintf(stderr, "%s: %s: %s\n", run->self, dir, strerror(-err));
	return err ? IO : 0;
}

static int print(const struct cdma_run *run, int status)
{
	FILE *to = status == CDMA_RUN_MISTAKE ? stderr : stdout;

	if (fputs(cdma_run_report(run), to) >= 0 && !fflush(to))
		return status;
	fprintf(stderr, "%s: standard output: %s\n", run->self,
		strerror(errno));
	return IO;
}

int cdma_run_main(struct cdma_run *run, int argc, char **argv)
{
	struct words w = {.schedules = CAMPAIGN_SCHEDULES, .seed = 1};
	int status, bad;

	run->self = argc ? argv[0] : "model";
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
			printf(help, run->self);
			return 0;
		}
	status = take_words(run, &w, argv + (argc ? 1 : 0));
	if (status)
		return status;
	status = print(run, do_it(run, &w));
	bad = w.log && run->campaign ? log_all(run, w.log) : 0;
	return bad ? bad : status;
}
