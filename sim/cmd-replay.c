/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "output.h"
#include "recorded.h"
#include "sched/schedule-text.h"
#include "script/diag.h"
#include "script/source.h"
#include "terminal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* ---- whether it fits ---- */

static const char *name_of(const struct recorded *r, uint32_t actor)
{
	return program_actor_name(r->program, actor);
}

/* "dma and poll can" */
static void add_actors(struct cdma_text *out, const struct recorded *r,
		       uint64_t who)
{
	for (bool first = true; who; who &= who - 1, first = false)
		cdma_text_addf(out, "%s%s",
			       first             ? ""
			       : who & (who - 1) ? ", "
						 : " and ",
			       name_of(r, (uint32_t)__builtin_ctzll(who)));
	cdma_text_add(out, " can");
}

/* Where an actor stands: "'poll' stands at driver.dma:14:2: poll (...)". */
static void note_place(const struct recorded *r, const struct machine *m,
		       uint32_t actor)
{
	const struct cdma_site *site = machine_place(m, actor);
	struct cdma_text line = {0};

	if (site && site->text)
		cdma_text_squeeze(&line, site->text);
	if (!site || !site->file)
		diag_help(r->diag, "'%s' has ended", name_of(r, actor));
	else
		diag_help(r->diag, "'%s' stands at %s:%u:%u: %s",
			  name_of(r, actor), site->file, site->line, site->col,
			  cdma_text_str(&line));
	cdma_text_fini(&line);
}

static void blame_actor(const struct recorded *r, const struct replay *replay,
			const struct machine *m)
{
	uint32_t actor = r->schedule.steps.at[replay->at].actor;
	struct cdma_text who = {0};

	add_actors(&who, r, replay->could);
	diag_error(r->diag, schedule_text_sources(r->text),
		   schedule_text_span(r->text, replay->at),
		   "step %u: '%s' cannot go on here; %s", replay->at + 1,
		   name_of(r, actor), who.at);
	note_place(r, m, actor);
	for (uint64_t w = replay->could; w; w &= w - 1)
		note_place(r, m, (uint32_t)__builtin_ctzll(w));
	cdma_text_fini(&who);
}

/* Say where schedule and program part. */
static void blame_misfit(const struct recorded *r, const struct replay *replay,
			 const struct machine *m)
{
	uint32_t at = replay->at;
	struct span span = schedule_text_span(r->text, at);
	struct sources *sources = schedule_text_sources(r->text);
	const char *name = name_of(r, r->schedule.steps.at[at].actor);

	switch (replay->misfit) {
	case MISFIT_ACTOR:
		blame_actor(r, replay, m);
		break;
	case MISFIT_WAY:
		diag_error(r->diag, sources, span,
			   "step %u: this step of '%s' cannot go that way",
			   at + 1, name);
		break;
	case MISFIT_NONE:
		diag_error(r->diag, sources, span,
			   "step %u: the run is over before this step of '%s'",
			   at + 1, name);
		break;
	}
	if (r->head->hash != program_hash(r->program))
		diag_help(r->diag,
			  "the steps of %s have changed since the schedule was "
			  "recorded",
			  r->path.at);
	recorded_blame(r);
}

static struct strategy rest_of(const struct recorded *r)
{
	return strategy_new(r->set.go_on == GO_ON_RANDOM ? &strategy_random
							 : &strategy_first,
			    NULL);
}

/*
 * Run it, and write down what was done.  @rest: as of struct replay; without
 * one it is said where it does not fit.
 */
static bool run_once(const struct recorded *r, struct strategy *rest,
		     struct schedule *done)
{
	struct replay replay = {.schedule = &r->schedule, .rest = rest};
	struct strategy inner = strategy_new(&strategy_replay, &replay);
	struct recorder recorder = {.inner = &inner};
	struct machine_options options = recorded_options(r);
	struct run_result result;
	struct machine *m;
	bool fits;

	options.strategy = &strategy_record;
	options.strategy_state = &recorder;
	m = machine_new(r->program, &options);
	machine_run(m, r->set.seed ? r->set.seed : 1, 0, &result);
	fits = !replay.diverged && replay.at == r->schedule.steps.nr;
	if (!fits && !rest)
		blame_misfit(r, &replay, m);
	schedule_copy(done, &recorder.schedule);
	schedule_fini(&recorder.schedule);
	machine_free(m);
	return fits;
}

/* When it does not fit and has to go on, what is done is the schedule. */
static bool fits(struct recorded *r)
{
	struct schedule done = {0};
	struct strategy rest;
	bool ok = run_once(r, NULL, &done);

	if (!ok && r->set.go_on) {
		rest = rest_of(r);
		run_once(r, &rest, &done);
		schedule_copy(&r->schedule, &done);
		strategy_free(&rest);
		ok = true;
	}
	schedule_fini(&done);
	return ok;
}

/* ---- what it shows ---- */

/* Of one schedule only what is found says something. */
static enum verdict verdict_of(const struct campaign *c)
{
	if (campaign_error(c))
		return VERDICT_ERROR;
	for (size_t i = 0; i < campaign_nr_findings(c); i++)
		if (!campaign_finding(c, i)->expected)
			return VERDICT_DIFFERS;
	return campaign_tally(c)->bounded ? VERDICT_INCONCLUSIVE
					  : VERDICT_EXPECTED;
}

static int status_of(const struct campaign *c)
{
	static const int status[] = {
		[VERDICT_EXPECTED] = STATUS_OK,
		[VERDICT_DIFFERS] = STATUS_DIFFERS,
		[VERDICT_INCONCLUSIVE] = STATUS_INCONCLUSIVE,
		[VERDICT_ERROR] = STATUS_USAGE,
	};
	const struct run_error *error = campaign_error(c);

	if (error)
		complain("%s:%u:%u: error: %s", error->site->file,
			 error->site->line, error->site->col, error->message);
	return status[verdict_of(c)];
}

/* The command that shows this schedule, when it is too long for one line. */
static void add_origin(struct cdma_text *out, const struct recorded *r)
{
	if (r->head->origin) {
		cdma_text_add(out, r->head->origin);
	} else if (r->set.schedule) {
		cdma_text_add(out, "replay --schedule=");
		report_quoted(out, r->set.schedule);
	} else {
		cdma_text_add(out, "replay ");
		report_quoted(out, r->set.operands.at[0]);
	}
}

static void report(const struct recorded *r, struct output *output,
		   const struct campaign *c,
		   const struct campaign_options *options)
{
	const struct given given = given_by(&r->set);
	struct cdma_text text = {0}, settings = {0}, origin = {0};
	struct report_variant v = {
		.file = r->path.at,
		.program = r->program,
		.options = options,
		.campaign = c,
	};
	size_t nr = campaign_nr_findings(c);
	struct report_result *out =
		report_result_new(REPORT_REPLAY, verdict_of(c), r->path.at);

	report_settings(&settings, &given);
	v.settings = cdma_text_str(&settings);
	add_origin(&origin, r);
	v.origin = origin.at;
	out->scenario = r->program->name;
	out->variant = r->program->variant;
	for (size_t i = 0; i < nr; i++)
		report_result_finding(out, &v, campaign_finding(c, i), false);
	cdma_text_addf(
		&text, "replayed %s/%s: %zu step%s, %zu finding%s",
		r->program->name, r->program->variant, r->schedule.steps.nr,
		r->schedule.steps.nr == 1 ? "" : "s", nr, nr == 1 ? "" : "s");
	out->line = report_keep(&out->arena, &text);
	output_result(output, out);
	cdma_text_fini(&settings);
	cdma_text_fini(&origin);
}

static int show(const struct recorded *r, struct output *output)
{
	struct recorded_run run;
	struct campaign *c = recorded_run(&run, r, &r->schedule);
	int status;

	report(r, output, c, &run.options);
	status = status_of(c);
	campaign_free(c);
	return status;
}

static int replay(struct cmd *cmd)
{
	struct recorded r;
	int status = recorded_open(&r, cmd);

	if (!status)
		status = fits(&r) ? show(&r, cmd->output) : STATUS_DIFFERS;
	recorded_close(&r, cmd);
	return status;
}

static const struct example examples[] = {
	{"replay --schedule='v1 x/default@1a2b3c4d: dma*2 poll*2' x.dma",
	 "Show a finding again, as its report says."},
	{"replay saved/x.default.unordered_read.sched",
	 "Replay what run --save or explore --save has written."},
	{"replay --continue=first x.sched driver.dma",
	 "Replay it in a scenario that has changed; where that does not fit, "
	 "say so and go on."},
	{NULL, NULL},
};

const struct command cmd_replay = {
	.name = "replay",
	.bit = CMD_REPLAY,
	.operands = "[FILE.sched] [FILE.dma]",
	.summary = "run one schedule that was written down",
	.about =
		"Run one schedule of a scenario and report all that it shows: "
		"for the same scenario, the same bytes that reported it first."
		"\n\n"
		"A schedule is a text to read and to change: the scenario, the "
		"variant and a hash of what its steps do; settings; then, "
		"after a colon, who does the next step, or so many in a row. "
		"What comes after the last step is done as strategy first "
		"would: one thread after the other."
		"\n\n"
		"Where the scenario does not fit, because one of the two was "
		"changed, it says at which step, who could have gone on, and "
		"where they stand.",
	.examples = examples,
	.run = replay,
};
