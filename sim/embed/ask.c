/* SPDX-License-Identifier: MIT */
#include "embed/embed.h"

#include <string.h>

#include "explore/explore.h"
#include "native/library.h"
#include "run/free-source.h"
#include "sched/schedule-text.h"
#include "script/diag.h"

bool embed_enter(struct cdma_text *why)
{
	struct native_library *self = native_library_self(why);

	if (self)
		native_library_note(self);
	return self;
}

void embed_leave(void)
{
	native_libraries_reset();
}

static struct program *compile(void *aux, const char *variant,
			       const struct given *given)
{
	struct diag *diag = diag_new(false);
	struct program *program = embed_compile(aux, variant, given, diag);

	diag_free(diag);
	return program;
}

/* It cannot be run. */
static enum cdma_run_verdict mistake(struct cdma_run *run, const char *why)
{
	cdma_text_add(&run->report, why);
	return CDMA_RUN_MISTAKE;
}

static enum cdma_run_verdict blame(struct cdma_run *run,
				   const struct diag *diag)
{
	diag_print(diag, &run->report);
	return CDMA_RUN_MISTAKE;
}

static bool is_machine(struct cdma_run *run)
{
	struct cdma_machine machine;
	const char *wrong;
	size_t at = 0;

	if (!run->machine)
		return true;
	wrong = cdma_machine_parse(run->machine, &machine, &at);
	if (wrong)
		cdma_text_addf(&run->report, "machine %s: %s, at '%s'\n",
			       run->machine, wrong, run->machine + at);
	return !wrong;
}

static bool prepare(struct cdma_run *run)
{
	struct given given = embed_given(run);
	struct diag *diag = diag_new(false);

	if (is_machine(run))
		run->program = embed_compile(
			run, run->variant ? run->variant : "default", &given,
			diag);
	if (diag_nr_errors(diag))
		blame(run, diag);
	diag_free(diag);
	run->simplify = (struct simplify_options){
		.compile = compile,
		.aux = run,
		.given = given,
		.expected = true,
	};
	run->options = (struct campaign_options){
		.seed = 1,
		.schedules = CAMPAIGN_SCHEDULES,
		.simplify = &run->simplify,
		.machine.memory = run->weak ? MEMORY_WEAK : MEMORY_AUTO,
	};
	return run->program;
}

static enum cdma_run_verdict verdict(const struct cdma_run *run)
{
	static const enum cdma_run_verdict verdicts[] = {
		[VERDICT_EXPECTED] = CDMA_RUN_OK,
		[VERDICT_DIFFERS] = CDMA_RUN_DIFFERS,
		[VERDICT_INCONCLUSIVE] = CDMA_RUN_OPEN,
		[VERDICT_PART] = CDMA_RUN_OPEN,
		[VERDICT_ERROR] = CDMA_RUN_MISTAKE,
	};

	return verdicts[campaign_verdict(run->campaign)];
}

/* All is said but where schedules come from. */
static enum cdma_run_verdict go(struct cdma_run *run)
{
	run->campaign = campaign_run(run->program, &run->options);
	embed_tell(run);
	return verdict(run);
}

static enum cdma_run_verdict enter(struct cdma_run *run)
{
	struct cdma_text why = {0};
	enum cdma_run_verdict status = CDMA_RUN_OK;
	bool can = embed_enter(&why);

	embed_forget(run);
	if (!can)
		cdma_text_add(&why, "\n");
	if (!can || !prepare(run))
		status = mistake(run, cdma_text_str(&why));
	cdma_text_fini(&why);
	return status;
}

enum cdma_run_verdict cdma_run_schedules(struct cdma_run *run,
					 const char *strategy, uint64_t seed,
					 uint64_t nr)
{
	enum cdma_run_verdict status = enter(run);

	run->options.seed = seed;
	run->options.schedules = nr ? nr : 1;
	if (!status && strategy &&
	    strategy_parse(strategy, &run->strategy, &run->report)) {
		status = mistake(run, "\n");
	} else if (!status) {
		run->options.machine.strategy = run->strategy.ops;
		run->options.machine.strategy_state = run->strategy.state;
		status = go(run);
	}
	embed_leave();
	return status;
}

/* @source: owned. */
static enum cdma_run_verdict search(struct cdma_run *run,
				    struct campaign_source *source,
				    uint64_t most, bool covers)
{
	enum cdma_run_verdict status = enter(run);

	run->options.source = source;
	run->options.schedules = most;
	run->options.covers = covers;
	if (!status)
		status = go(run);
	embed_leave();
	return status;
}

enum cdma_run_verdict cdma_run_explore(struct cdma_run *run, uint64_t max)
{
	struct campaign_source *source = explorer_source_new();
	enum cdma_run_verdict status =
		search(run, source, max ? max : UINT64_MAX, true);

	run->options.source = NULL;
	explorer_source_free(source);
	return status;
}

enum cdma_run_verdict cdma_run_threads(struct cdma_run *run, uint64_t nr)
{
	struct campaign_source *source = free_source_new(nr);
	enum cdma_run_verdict status = search(run, source, nr ? nr : 1, false);

	run->options.source = NULL;
	free_source_free(source);
	return status;
}

/* ---- one that is known ---- */

static bool read_schedule(struct cdma_run *run, const char *text,
			  struct diag *diag)
{
	const struct schedule_head *head;

	run->schedule_text =
		schedule_text_parse("schedule", text, strlen(text), diag);
	if (!run->schedule_text)
		return false;
	head = schedule_text_head(run->schedule_text);
	if (strcmp(head->scenario, run->program->name) != 0 ||
	    strcmp(head->variant, run->program->variant) != 0) {
		cdma_text_addf(&run->report,
			       "the schedule is of %s/%s, and this is %s/%s\n",
			       head->scenario, head->variant,
			       run->program->name, run->program->variant);
		return false;
	}
	if (head->hash != program_hash(run->program)) {
		cdma_text_add(&run->report,
			      "the schedule is of other code than this\n");
		return false;
	}
	return schedule_text_resolve(run->schedule_text, run->program, diag,
				     &run->schedule);
}

/* Of one schedule only what is found says something. */
static enum cdma_run_verdict replayed(const struct cdma_run *run)
{
	if (campaign_error(run->campaign))
		return CDMA_RUN_MISTAKE;
	for (size_t i = 0; i < campaign_nr_findings(run->campaign); i++)
		if (!campaign_finding(run->campaign, i)->expected)
			return CDMA_RUN_DIFFERS;
	return CDMA_RUN_OK;
}

enum cdma_run_verdict cdma_run_replay(struct cdma_run *run,
				      const char *schedule)
{
	enum cdma_run_verdict status = enter(run);
	struct diag *diag = diag_new(false);

	if (!status && !read_schedule(run, schedule, diag)) {
		status = blame(run, diag);
	} else if (!status) {
		replay_source_init(&run->replay, &run->schedule);
		run->options.source = &run->replay.source;
		run->options.schedules = 1;
		run->options.as_is = true;
		go(run);
		status = replayed(run);
		run->options.source = NULL;
	}
	diag_free(diag);
	embed_leave();
	return status;
}
