/* SPDX-License-Identifier: MIT */
#include "bundle.h"
#include "cmd.h"
#include "interrupt.h"
#include "load.h"
#include "parts.h"
#include "report/report.h"
#include "select.h"
#include "terminal.h"
#include "save.h"
#include "timer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct run {
	const struct settings *set;
	const struct search *search;
	struct parts *parts;
	const struct report_ops *ops;
	struct report_options report;
	struct campaign_options campaign;
	struct simplify_options simplify; /* of campaign */
	struct reload reload;             /* of simplify */
	struct report_total total;
	struct cdma_text settings; /* -D and -I, for the line that replays */
	struct cdma_text said;     /* what was reported */
	struct strategy strategy;
	struct progress progress;
	struct interrupt interrupt;
	struct timer timer; /* of all */
	struct timer share; /* of the variant in hand */
	size_t files_left;  /* after the one in hand */
	/* Of the variant in hand. */
	const char *name, *file;
	const struct program *program;
	bool bad_io;
};

static bool has_to_stop(const struct run *run)
{
	return run->bad_io || run->total.interrupted;
}

static enum campaign_cut on_progress(void *aux, uint64_t done)
{
	struct run *run = aux;

	progress_show(&run->progress, run->name, done, run->campaign.schedules);
	if (interrupt_came(&run->interrupt))
		return CAMPAIGN_INTERRUPTED;
	return timer_is_over(&run->share) ? CAMPAIGN_TIME : CAMPAIGN_WHOLE;
}

static enum campaign_cut in_parts(void *aux, struct tally *out)
{
	struct run *run = aux;
	const struct parts_ears ears = {on_progress, run};
	enum campaign_cut cut =
		parts_do(run->parts, run->search->partition, run->file,
			 run->program, &run->campaign, ears, out);

	run->bad_io |= cut == CAMPAIGN_JOURNAL;
	return cut;
}

/* Print a text on stdout, now, and empty it. */
static void say(struct run *run, struct cdma_text *text)
{
	progress_clear(&run->progress);
	if (print_text(text))
		run->bad_io = true;
	cdma_text_fini(text);
}

static void count(struct run *run, const struct campaign *campaign)
{
	struct report_total *total = &run->total;

	switch (campaign_verdict(campaign)) {
	case VERDICT_EXPECTED:
		total->expected++;
		break;
	case VERDICT_DIFFERS:
		total->differs++;
		break;
	case VERDICT_INCONCLUSIVE:
		total->inconclusive++;
		break;
	case VERDICT_PART:
		total->parts++;
		break;
	case VERDICT_ERROR:
		total->wrong++;
		break;
	}
	total->schedules += campaign_tally(campaign)->runs;
	total->findings += campaign_nr_findings(campaign);
	total->interrupted |= campaign_cut(campaign) == CAMPAIGN_INTERRUPTED;
}

/*
 * Log schedule number @index into a directory of its own in that of the log:
 * "scenario.variant", with the @suffix, and a number when there is one already.
 */
static void log_schedule(struct run *run, const struct report_variant *v,
			 uint64_t index, const struct program *program,
			 const struct schedule *schedule, const char *suffix)
{
	struct cdma_text dir = {0};
	int err = -EEXIST;

	for (unsigned int i = 1; err == -EEXIST && i < 1000; i++) {
		cdma_text_cut(&dir, 0);
		cdma_text_addf(&dir, "%s/%s.%s%s", run->set->log,
			       v->program->name, v->program->variant, suffix);
		if (i > 1)
			cdma_text_addf(&dir, ".%u", i);
		err = save_schedule(program, v->file, v->options, index,
				    schedule, dir.at);
	}
	if (err) {
		progress_clear(&run->progress);
		complain("log %s: %s", cdma_text_str(&dir), strerror(-err));
		run->bad_io = true;
	}
	cdma_text_fini(&dir);
}

/* One trace of each finding; of the first schedule when there is none. */
static void log_variant(struct run *run, const struct report_variant *v)
{
	size_t nr = campaign_nr_findings(v->campaign);

	if (!run->search->begin && (nr == 0 || run->campaign.schedules == 1)) {
		log_schedule(run, v, run->campaign.first, v->program, NULL, "");
		return;
	}
	for (size_t i = 0; i < nr && !run->bad_io; i++) {
		const struct campaign_finding *f =
			campaign_finding(v->campaign, i);
		struct cdma_text suffix = {0};

		cdma_text_addf(&suffix, ".%s",
			       cdma_finding_name(f->finding.id));
		log_schedule(run, v, f->first, f->program, f->schedule,
			     suffix.at);
		cdma_text_fini(&suffix);
	}
}

static void save_variant(struct run *run, const struct report_variant *v)
{
	for (size_t i = 0; i < campaign_nr_findings(v->campaign); i++) {
		if (bundle_save(run->set, v, campaign_finding(v->campaign, i)))
			run->bad_io = true;
		if (run->bad_io)
			return;
	}
}

static void run_variant(struct run *run, const char *file,
			const struct program *program)
{
	struct cdma_text text = {0}, name = {0};
	struct campaign *campaign;
	void *state = NULL;
	struct report_variant v = {
		.file = file,
		.program = program,
		.settings = cdma_text_str(&run->settings),
		.strategy = run->set->strategy,
		.options = &run->campaign,
	};

	if (run->search->partition &&
	    !parts_has_variant(run->parts, run->search->partition))
		return;
	cdma_text_addf(&name, "%s/%s", program->name, program->variant);
	run->name = name.at;
	progress_begin(&run->progress);
	run->reload.path = file;
	run->file = file;
	run->program = program;
	if (parts_wanted(run->parts))
		run->campaign.work = in_parts;
	else if (run->search->begin)
		state = run->search->begin(run->set, &run->campaign);
	campaign = campaign_run(program, &run->campaign);
	v.campaign = campaign;
	count(run, campaign);
	run->ops->variant(&text, &run->report, &v);
	say(run, &text);
	/* What was found before an interrupt is not lost. */
	if (run->set->log && !run->bad_io)
		log_variant(run, &v);
	if (run->set->save && !run->bad_io)
		save_variant(run, &v);
	campaign_free(campaign);
	if (state)
		run->search->end(state);
	cdma_text_fini(&name);
}

static void run_file(struct run *run, const char *path)
{
	struct loaded loaded;

	if (load_file(path, run->set, &loaded))
		run->total.wrong++;
	else
		for (size_t i = 0; i < loaded.nr && !has_to_stop(run); i++) {
			/* What one leaves of its share the others have. */
			run->share = timer_part(
				&run->timer, loaded.nr - i + run->files_left);
			run_variant(run, path, loaded.programs[i]);
		}
	loaded_fini(&loaded);
}

/* Who runs one file wants to see what is wrong in it, expected or not. */
static enum report_detail detail(const struct settings *set,
				 const struct paths *paths)
{
	if (set->verbose)
		return REPORT_ALL;
	if (set->quiet || paths->nr != 1 || set->operands.nr != 1 ||
	    strcmp(paths->at[0], set->operands.at[0]))
		return REPORT_UNEXPECTED;
	return REPORT_ONCE;
}

static void init(struct run *run, const struct cmd *cmd,
		 const struct search *search, const struct paths *paths)
{
	const struct settings *set = &cmd->set;

	*run = (struct run){
		.set = set,
		.search = search,
		.ops = &report_text,
		.report =
			{
				.detail = detail(set, paths),
				.quiet = set->quiet,
				.colour = terminal_colour(stdout, set->color),
			},
		.campaign =
			{
				.seed = set->seed ? set->seed : 1,
				.schedules = set->schedules ? set->schedules
							    : search->schedules,
				.covers = search->covers,
				.is_part = set->shard != NULL,
				.first = set->first,
				.machine.memory = (enum run_memory)set->memory,
				.machine.strict_volatile = set->strict_volatile,
				.machine.strict_windows = set->strict_windows,
				.machine.strict_plain = set->strict_plain,
				.machine.contract =
					(enum cdma_contract)set->contract,
				.progress = on_progress,
			},
	};
	run->report.said = &run->said;
	run->campaign.aux = run;
	progress_init(&run->progress);
	run->simplify = (struct simplify_options){
		.compile = reload_program,
		.aux = &run->reload,
		.given = given_by(set),
		.expected =
			run->report.detail != REPORT_UNEXPECTED || set->save,
	};
	run->reload.set = set;
	run->campaign.simplify = &run->simplify;
	report_settings(&run->settings, &run->simplify.given);
}

static int status_of(const struct run *run)
{
	const struct report_total *t = &run->total;

	if (run->bad_io)
		return STATUS_IO;
	if (t->wrong)
		return STATUS_USAGE;
	if (t->differs)
		return STATUS_DIFFERS;
	if (t->inconclusive)
		return STATUS_INCONCLUSIVE;
	/* A shard that is empty is done, too. */
	return t->expected || run->set->shard ? STATUS_OK : STATUS_NOTHING;
}

static int finish(struct run *run)
{
	const struct report_total *t = &run->total;
	struct cdma_text text = {0};
	int status = status_of(run);

	if (status == STATUS_NOTHING)
		complain(run->set->variant ? "no variant is called '%s'"
					   : "there is no scenario%s",
			 run->set->variant ? run->set->variant : "");
	else if (t->expected + t->differs + t->inconclusive + t->wrong +
		 t->parts)
		run->ops->total(&text, &run->report, t);
	say(run, &text);
	progress_end(&run->progress, t->schedules);
	return run->bad_io ? STATUS_IO : status;
}

/* The strategy that was asked for, and the directories to write into. */
static int prepare(struct run *run)
{
	const struct settings *set = run->set;
	struct cdma_text err = {0};
	int status = STATUS_OK;

	if (set->strategy &&
	    strategy_parse(set->strategy, &run->strategy, &err))
		status = STATUS_USAGE;
	if (status)
		complain("--strategy: %s", cdma_text_str(&err));
	cdma_text_fini(&err);
	run->campaign.machine.strategy = run->strategy.ops;
	run->campaign.machine.strategy_state = run->strategy.state;
	if (!status && set->log && mkdir(set->log, 0777)) {
		complain("log %s: %s", set->log, strerror(errno));
		status = STATUS_IO;
	}
	if (!status && set->save && mkdir(set->save, 0777) && errno != EEXIST) {
		complain("save %s: %s", set->save, strerror(errno));
		status = STATUS_IO;
	}
	return status;
}

static void run_all(struct run *run, const struct paths *paths)
{
	interrupt_begin(&run->interrupt);
	timer_begin(&run->timer, run->set->time);
	for (size_t i = 0; i < paths->nr && !has_to_stop(run); i++) {
		run->total.interrupted |= interrupt_came(&run->interrupt);
		run->files_left = paths->nr - i - 1;
		if (!run->total.interrupted)
			run_file(run, paths->at[i]);
	}
}

static int run_paths(const struct cmd *cmd, const struct search *search,
		     struct parts *parts, const struct paths *paths)
{
	struct run run;
	int status;

	init(&run, cmd, search, paths);
	run.parts = parts;
	status = prepare(&run);
	if (!status) {
		run_all(&run, paths);
		status = finish(&run);
		interrupt_end(&run.interrupt);
	}
	strategy_free(&run.strategy);
	cdma_text_fini(&run.settings);
	cdma_text_fini(&run.said);
	return status;
}

static int run_operands(struct cmd *cmd, const struct search *search,
			struct parts *parts)
{
	struct paths paths = {0};
	int status;

	if (parts_wanted(parts) && !search->partition) {
		complain("this search cannot be done in parts: leave out "
			 "--jobs, --journal and --shard");
		return STATUS_USAGE;
	}
	status = operands_select(cmd, &paths);

	if (status == STATUS_OK)
		status = run_paths(cmd, search, parts, &paths);
	select_fini(&paths);
	return status;
}

int run_scenarios(struct cmd *cmd, const struct search *search)
{
	struct parts parts;
	int status =
		parts_init(&parts, cmd->self->name, cmd->self->bit, &cmd->set);

	if (status == STATUS_OK)
		status = run_operands(cmd, search, &parts);
	parts_fini(&parts);
	return status;
}

static const struct search seeds = {
	.partition = &partition_seeds,
	.schedules = CAMPAIGN_SCHEDULES,
};

static int run(struct cmd *cmd)
{
	return run_scenarios(cmd, &seeds);
}

int run_known(struct cmd *cmd, struct parts *parts)
{
	return run_operands(
		cmd, cmd->self == &cmd_explore ? explore_search(cmd) : &seeds,
		parts);
}

static const struct example examples[] = {
	{"run driver.dma",
	 "Run every variant of the scenario and report what is found."},
	{"run -D rmb=1 --variant default driver.dma",
	 "Try a fix without editing the file."},
	{"run scenarios/",
	 "Run all scenarios below a directory; report only what differs from "
	 "what they expect. For CI."},
	{"run --seed=1 --first=17 --schedules=1 --variant=default driver.dma",
	 "Replay one schedule, as the report of a finding says."},
	{"run --log=log driver.dma",
	 "Save every access; then cdmasim show log, or babeltrace2 log."},
	{NULL, NULL},
};

const struct command cmd_run = {
	.name = "run",
	.bit = CMD_RUN,
	.operands = "FILE|DIR...",
	.summary = "run scenarios, report what is wrong, compare with `expect'",
	.about = "Run every variant of the scenarios under many schedules, and "
		 "compare what is found with what the scenario expects."
		 "\n\n"
		 "With one FILE, every finding is reported. With several, or a "
		 "DIR, which is every *.dma below it, only those that nobody "
		 "expected are."
		 "\n\n"
		 "Schedules are drawn, 200 of each variant. \"Nothing found in "
		 "200 schedules\" is a sample: what only a rare order of steps "
		 "shows may be missed. cdmasim explore leaves nothing out.",
	.examples = examples,
	.run = run,
};
