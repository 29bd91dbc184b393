/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "debug/debug.h"
#include "lines.h"
#include "recorded.h"
#include "report/report.h"
#include "sched/schedule-text.h"
#include "select.h"
#include "terminal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct debugging {
	struct recorded r;
	struct lines *lines;
	bool colour, bad_io;
};

/* ---- which schedule ---- */

/* Schedule number --first of --seed, as run would draw it. */
static int draw(struct recorded *r)
{
	struct cdma_text err = {0};
	const char *word = r->set.strategy ? r->set.strategy : "mixed";
	struct machine_options options = recorded_options(r);
	struct strategy inner;
	struct recorder recorder = {.inner = &inner};
	struct run_result result;
	struct machine *m;

	if (strategy_parse(word, &inner, &err)) {
		complain("--strategy: %s", cdma_text_str(&err));
		cdma_text_fini(&err);
		return STATUS_USAGE;
	}
	options.strategy = &strategy_record;
	options.strategy_state = &recorder;
	m = machine_new(r->program, &options);
	machine_run(m, r->set.seed ? r->set.seed : 1, r->set.first, &result);
	schedule_copy(&r->schedule, &recorder.schedule);
	schedule_fini(&recorder.schedule);
	machine_free(m);
	strategy_free(&inner);
	return STATUS_OK;
}

/* The simplest schedule of what run would find first.  False: it finds
 * nothing. */
static bool find(struct recorded *r)
{
	const struct campaign_options options = {
		.seed = 1,
		.schedules = CAMPAIGN_SCHEDULES,
		.machine = recorded_options(r),
	};
	struct campaign *c = campaign_run(r->program, &options);
	const struct campaign_finding *f;
	bool found = campaign_nr_findings(c) && !campaign_error(c);

	if (found) {
		f = campaign_finding(c, 0);
		schedule_copy(&r->schedule, f->schedule);
		printf("%s/%s: a schedule that shows %s; 'break finding' and "
		       "'continue' go there\n",
		       r->program->name, r->program->variant,
		       cdma_finding_name(f->finding.id));
	} else {
		printf("%s/%s: nothing is found in %d schedules; this is the "
		       "first of them\n",
		       r->program->name, r->program->variant,
		       CAMPAIGN_SCHEDULES);
	}
	campaign_free(c);
	return found;
}

static int open_scenario(struct recorded *r, const struct cmd *cmd)
{
	const struct settings *set = &cmd->set;
	bool is_said = set->seed || set->first || set->strategy;

	*r = (struct recorded){.set = cmd->set};
	cdma_text_add(&r->path, set->operands.at[0]);
	if (load_file(r->path.at, set, &r->loaded))
		return STATUS_USAGE;
	if (!r->loaded.nr) {
		complain("%s has no variant '%s'", r->path.at, set->variant);
		return STATUS_USAGE;
	}
	r->program = r->loaded.programs[0];
	if (!is_said && find(r))
		return STATUS_OK;
	return draw(r);
}

/* A schedule, and maybe its scenario; else a scenario. */
static int open_operands(struct debugging *d, const struct cmd *cmd)
{
	const struct words *words = &cmd->set.operands;

	if (cmd->set.schedule || words->nr > 1 ||
	    (words->nr && select_ends(words->at[0], ".sched")))
		return recorded_open(&d->r, cmd);
	if (words->nr)
		return open_scenario(&d->r, cmd);
	d->r.set = cmd->set;
	complain("debug what? say FILE.dma or FILE.sched");
	return STATUS_USAGE;
}

/* ---- what it is asked for ---- */

static const char *next_line(void *aux, const char *prompt)
{
	struct debugging *d = aux;

	return d->bad_io ? NULL : lines_next(d->lines, prompt);
}

static void print(void *aux, const char *text)
{
	struct debugging *d = aux;
	struct cdma_text out = {0};

	cdma_text_add(&out, text);
	d->bad_io |= print_text(&out) != STATUS_OK;
	cdma_text_fini(&out);
}

static void explain(void *aux, struct cdma_text *out,
		    const struct schedule *schedule,
		    const struct cdma_finding *finding)
{
	struct debugging *d = aux;
	const struct given given = given_by(&d->r.set);
	const struct report_options options = {.colour = d->colour};
	struct cdma_text settings = {0};
	struct recorded_run run;
	struct campaign *c = recorded_run(&run, &d->r, schedule);
	const struct report_variant v = {
		.file = d->r.path.at,
		.program = d->r.program,
		.options = &run.options,
		.campaign = c,
		.settings = (report_settings(&settings, &given),
			     cdma_text_str(&settings)),
	};

	for (size_t i = 0; i < campaign_nr_findings(c); i++) {
		const struct campaign_finding *f = campaign_finding(c, i);

		if (cdma_finding_same(&f->finding, finding))
			report_finding(out, &options, &v, f);
	}
	campaign_free(c);
	cdma_text_fini(&settings);
}

/* A path of the scenario that is right wherever the schedule @path is. */
static char *scenario_of(const struct debugging *d, const char *path)
{
	char *whole = strchr(path, '/') ? realpath(d->r.path.at, NULL) : NULL;

	return whole ? whole : cdma_xstrdup(d->r.path.at);
}

static int write_file(const char *path, const struct cdma_text *text)
{
	FILE *file = fopen(path, "wx");
	int err = file ? 0 : errno;

	if (!file)
		return -err;
	fwrite(text->at, 1, text->len, file);
	err = ferror(file) ? EIO : 0;
	return fclose(file) ? -errno : -err;
}

static int save(void *aux, const struct schedule *schedule, const char *path)
{
	struct debugging *d = aux;
	const struct machine_options machine = recorded_options(&d->r);
	const struct given given = given_by(&d->r.set);
	char *scenario = scenario_of(d, path);
	struct cdma_text text = {0};
	int err;

	recorded_print(&text, &(struct written){
				      .program = d->r.program,
				      .schedule = schedule,
				      .machine = &machine,
				      .given = &given,
				      .includes = &d->r.set.includes,
				      .scenario = scenario,
			      });
	err = write_file(path, &text);
	cdma_text_fini(&text);
	free(scenario);
	return err;
}

static int converse(struct debugging *d)
{
	const struct machine_options machine = recorded_options(&d->r);
	const struct debug_config config = {
		.program = d->r.program,
		.machine = &machine,
		.colour = d->colour,
		.line = next_line,
		.print = print,
		.explain = explain,
		.save = save,
		.aux = d,
	};
	int err;

	d->lines = lines_new();
	err = debug_run(&config, &d->r.schedule);
	lines_free(d->lines);
	return d->bad_io ? STATUS_IO : err ? STATUS_USAGE : STATUS_OK;
}

static int debug(struct cmd *cmd)
{
	struct debugging d = {
		.colour = terminal_colour(stdout, (enum when)cmd->set.color),
	};
	int status = open_operands(&d, cmd);

	if (!status)
		status = converse(&d);
	recorded_close(&d.r, cmd);
	return status;
}

static const struct example examples[] = {
	{"debug driver.dma",
	 "The simplest schedule of what run would find, step by step."},
	{"debug --variant=fixed --first=17 driver.dma",
	 "Schedule number 17 of seed 1 of a variant."},
	{"debug saved/x.default.unordered_read.sched",
	 "What run --save or explore --save has written."},
	{"debug --schedule='v1 x/default@1a2b3c4d: dma*2 poll*2' x.dma",
	 "The schedule of a report."},
	{"debug driver.dma <steps.txt", "As a script says."},
	{NULL, NULL},
};

const struct command cmd_debug = {
	.name = "debug",
	.bit = CMD_DEBUG,
	.operands = "FILE.dma | FILE.sched [FILE.dma]",
	.summary = "step through one schedule, forwards and backwards",
	.about =
		"Step through one schedule of a scenario: what each step did, "
		"what is next, who else could go on, what memory holds, what a "
		"thread is sure to see of it, and the report of what is found. "
		"Steps are the visible ones: what others can tell from their "
		"absence."
		"\n\n"
		"A run is a function of its schedule, so it can be walked both "
		"ways. 'do' chooses by hand who does the next steps; what "
		"comes "
		"after them is done as strategy first would. 'save' writes the "
		"schedule down, for cdmasim replay and --html."
		"\n\n"
		"'help' lists the commands; each may be cut short. Lines come "
		"from standard input, so a file of them is a script: one that "
		"could not be carried out makes the exit code 2.",
	.examples = examples,
	.run = debug,
};
