/* SPDX-License-Identifier: MIT */
#include "running.h"
#include "select.h"
#include "threads.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static void count_variant(struct run *run, enum verdict verdict)
{
	struct report_total *total = run->total;

	if (run->set->fail_fast &&
	    (verdict == VERDICT_DIFFERS || verdict == VERDICT_ERROR))
		total->failed_fast = true;
	switch (verdict) {
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
}

/* Who says himself what shall fail gets that. */
static enum fault_mode mode_of(const struct run *run,
			       const struct program *program)
{
	const struct settings *set = run->set;

	if (set->fault_mode || set->faults.nr)
		return (enum fault_mode)set->fault_mode;
	return program->under;
}

static void run_variant(struct run *run, const char *file,
			const struct program *program)
{
	enum fault_mode mode = mode_of(run, program);
	enum verdict verdict = VERDICT_PART;
	struct cdma_text name = {0};
	struct faulted f;
	bool ours = running_is_ours(run);

	if (!ours && !mode && !settings_on_each(run->set))
		return;
	cdma_text_addf(&name, "%s/%s", program->name, program->variant);
	run->name = name.at;
	run->file = file;
	run->reload.path = file;
	faulted_begin(&f, program, mode);
	if (ours)
		verdict = running_program(run, program, &f, NULL, NULL);
	if (mode && verdict != VERDICT_ERROR)
		verdict = running_worse(verdict, running_cases(run, &f));
	if (settings_on_each(run->set) && verdict != VERDICT_ERROR)
		verdict =
			running_worse(verdict, running_machines(run, program));
	count_variant(run, verdict);
	faulted_end(&f);
	cdma_text_fini(&name);
}

/* What is wrong with a file was said; for other formats it is a result. */
static void blame(struct run *run, const char *path,
		  const struct loaded *loaded)
{
	run->total->wrong++;
	run->total->failed_fast |= run->set->fail_fast;
	running_say(run, mistakes_result(path, loaded));
}

static void run_file(struct run *run, const char *path)
{
	struct loaded loaded;

	if (load_file(path, run->set, &loaded))
		blame(run, path, &loaded);
	else
		for (size_t i = 0; i < loaded.nr && !running_has_to_stop(run);
		     i++) {
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
		.output = cmd->output,
		.total = &cmd->output->total,
		.detail = detail(set, paths),
		.campaign =
			{
				.seed = set->seed ? set->seed : 1,
				.schedules = set->schedules ? set->schedules
							    : search->schedules,
				.covers = search->covers,
				.is_part = set->shard != NULL,
				.first = set->first,
				.machine.memory = (enum run_memory)set->memory,
				.machine.step_cap = set->steps,
				.machine.strict_volatile = set->strict_volatile,
				.machine.strict_windows = set->strict_windows,
				.machine.strict_plain = set->strict_plain,
				.machine.contract =
					(enum cdma_contract)set->contract,
				.progress = running_progress,
			},
	};
	output_detail(run->output, run->detail);
	run->campaign.aux = run;
	progress_init(&run->progress);
	run->simplify = (struct simplify_options){
		.compile = reload_program,
		.aux = &run->reload,
		.given = given_by(set),
		.expected = run->detail != REPORT_UNEXPECTED || set->save ||
			    output_tells_all(run->output),
	};
	run->reload.set = set;
	run->campaign.simplify = &run->simplify;
	report_settings(&run->settings, &run->simplify.given);
}

static int status_of(const struct run *run)
{
	const struct report_total *t = run->total;

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
	int status = status_of(run);

	if (status == STATUS_NOTHING)
		complain(run->set->variant ? "no variant is called '%s'"
					   : "there is no scenario%s",
			 run->set->variant ? run->set->variant : "");
	progress_end(&run->progress, run->total->schedules);
	return status;
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
		complain(errno == EEXIST
				 ? "log %s: %s; say a new directory, since "
				   "what is in a log is not overwritten"
				 : "log %s: %s",
			 set->log, strerror(errno));
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
	timer_begin(&run->timer,
		    run->set->time ? run->set->time : run->set->duration);
	for (size_t i = 0; i < paths->nr && !running_has_to_stop(run); i++) {
		run->total->interrupted |= interrupt_came(&run->interrupt);
		run->files_left = paths->nr - i - 1;
		if (!run->total->interrupted)
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
		/* With what has come it ends here. */
		if (run.total->interrupted)
			status = output_end(run.output, status);
		interrupt_end(&run.interrupt);
	}
	strategy_free(&run.strategy);
	cdma_text_fini(&run.settings);
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
	if (parts.exited)
		status = parts.exited;
	parts_fini(&parts);
	return status;
}

static const struct search seeds = {
	.partition = &partition_seeds,
	.schedules = CAMPAIGN_SCHEDULES,
};

static int run(struct cmd *cmd)
{
	if (!threads_allowed(&cmd->set))
		return STATUS_USAGE;
	return run_scenarios(cmd, cmd->set.threads ? threads_search() : &seeds);
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
	{"run --html=report.html driver.dma",
	 "A page with a picture of each finding."},
	{"run --format=junit:out.xml scenarios/",
	 "Results for a CI system, and text on standard output."},
	{"run --threads --duration=10s driver.dma",
	 "Run it on real threads for ten seconds."},
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
		 "With one FILE, each kind of finding is reported, once for "
		 "each place where it shows, also what the scenario expects; "
		 "-v reports it in each variant. With several, or a DIR, which "
		 "is every *.dma below it, only what nobody expected is."
		 "\n\n"
		 "Schedules are drawn, 200 of each variant. \"Nothing found in "
		 "200 schedules\" is a sample: what only a rare order of steps "
		 "shows may be missed. cdmasim explore leaves nothing out.",
	.examples = examples,
	.run = run,
};
