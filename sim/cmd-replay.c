/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "base/vec.h"
#include "load.h"
#include "output.h"
#include "sched/schedule-text.h"
#include "script/diag.h"
#include "script/source.h"
#include "terminal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct replaying {
	struct settings set; /* with those of the schedule; owns the lists */
	struct output *output;
	struct diag *diag;
	struct schedule_text *text;
	const struct schedule_head *head; /* of text */
	struct cdma_text path;            /* of the scenario */
	struct loaded loaded;
	const struct program *program; /* of loaded */
	struct schedule schedule;
};

/* ---- what to replay ---- */

/* Print what is wrong with the schedule; the status that says so. */
static int blame(const struct replaying *r)
{
	struct cdma_text text = {0};

	diag_print(r->diag, &text);
	fflush(stdout);
	fputs(cdma_text_str(&text), stderr);
	cdma_text_fini(&text);
	return STATUS_USAGE;
}

static int read_text(struct replaying *r, const char *path)
{
	struct sources sources = {0};
	uint32_t file;
	int err = 0;

	if (r->set.schedule)
		r->text = schedule_text_parse("--schedule", r->set.schedule,
					      strlen(r->set.schedule), r->diag);
	else
		err = sources_read(&sources, path, &file);
	if (err)
		complain("%s: %s", path, strerror(-err));
	else if (!r->set.schedule)
		r->text = schedule_text_parse(path, sources.at[file].text,
					      sources.at[file].len, r->diag);
	sources_fini(&sources);
	if (!r->text)
		return err ? STATUS_USAGE : blame(r);
	r->head = schedule_text_head(r->text);
	return STATUS_OK;
}

/* The last one that sets a param counts: that of the command line. */
static void take_defines(struct words *out, const struct schedule_head *head)
{
	struct words given = *out;

	*out = (struct words){0};
	for (size_t i = 0; i < head->defines.nr; i++)
		*cdma_vec_push(out) = head->defines.at[i];
	for (size_t i = 0; i < given.nr; i++)
		*cdma_vec_push(out) = given.at[i];
	cdma_vec_free(&given);
}

/* What the schedule says where the command line says nothing. */
static void take_settings(struct replaying *r)
{
	struct settings *set = &r->set;
	const struct schedule_head *head = r->head;
	const bool has_faults = set->faults.nr;

	set->variant = head->variant;
	take_defines(&set->defines, head);
	for (size_t i = 0; i < head->faults.nr && !has_faults; i++)
		*cdma_vec_push(&set->faults) = head->faults.at[i];
	for (size_t i = 0; i < head->includes.nr; i++)
		*cdma_vec_push(&set->includes) = head->includes.at[i];
	set->strict_volatile |= head->strict_volatile;
	set->strict_windows |= head->strict_windows;
	set->strict_plain |= head->strict_plain;
	if (head->contract && set->contract == CDMA_CONTRACT_CALLS)
		set->contract = strcmp(head->contract, "c") ? CDMA_CONTRACT_RUST
							    : CDMA_CONTRACT_C;
	if (head->memory && set->memory == MEMORY_AUTO)
		set->memory = strcmp(head->memory, "weak") ? MEMORY_STRONG
							   : MEMORY_WEAK;
}

/* The scenario: that of the operand, or beside the schedule. */
static int find_scenario(struct replaying *r)
{
	const struct words *words = &r->set.operands;
	size_t nr = r->set.schedule ? 0 : 1;
	const char *slash;

	if (words->nr > nr) {
		cdma_text_add(&r->path, words->at[nr]);
		return STATUS_OK;
	}
	if (!r->head->file) {
		complain("the schedule does not name its file: say which "
			 "scenario to replay");
		return STATUS_USAGE;
	}
	slash = nr ? strrchr(words->at[0], '/') : NULL;
	if (slash && r->head->file[0] != '/')
		cdma_text_addn(&r->path, words->at[0],
			       (size_t)(slash + 1 - words->at[0]));
	cdma_text_add(&r->path, r->head->file);
	return STATUS_OK;
}

static int load_program(struct replaying *r)
{
	const struct schedule_head *head = r->head;

	if (load_file(r->path.at, &r->set, &r->loaded))
		return STATUS_USAGE;
	if (!r->loaded.nr) {
		complain("%s has no variant '%s'", r->path.at, head->variant);
		return STATUS_USAGE;
	}
	r->program = r->loaded.programs[0];
	if (strcmp(r->program->name, head->scenario)) {
		complain("%s is scenario '%s', and the schedule is of '%s'",
			 r->path.at, r->program->name, head->scenario);
		return STATUS_USAGE;
	}
	if (!schedule_text_resolve(r->text, r->program, r->diag, &r->schedule))
		return blame(r);
	return STATUS_OK;
}

static int prepare(struct replaying *r)
{
	const struct words *words = &r->set.operands;
	size_t most = r->set.schedule ? 1 : 2;
	int status;

	if (!words->nr || words->nr > most) {
		complain("replay what? say FILE.sched [FILE.dma], or "
			 "--schedule=TEXT FILE.dma");
		return STATUS_USAGE;
	}
	status = read_text(r, words->at[0]);
	if (status)
		return status;
	take_settings(r);
	status = find_scenario(r);
	return status ? status : load_program(r);
}

/* ---- whether it fits ---- */

static const char *name_of(const struct replaying *r, uint32_t actor)
{
	return r->program->sections.at[actor].name;
}

/* "dma and poll can" */
static void add_actors(struct cdma_text *out, const struct replaying *r,
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

/* A line of source, with one blank for each row of blanks. */
static struct cdma_text squeezed(const char *s)
{
	struct cdma_text out = {0};

	for (; s && *s; s++)
		if (*s != ' ' && *s != '\t')
			cdma_text_addc(&out, *s);
		else if (out.len && out.at[out.len - 1] != ' ')
			cdma_text_addc(&out, ' ');
	return out;
}

/* Where an actor stands: "'poll' stands at driver.dma:14:2: poll (...)". */
static void note_place(const struct replaying *r, const struct machine *m,
		       uint32_t actor)
{
	const struct cdma_site *site = machine_place(m, actor);
	struct cdma_text line = squeezed(site ? site->text : NULL);

	if (!site || !site->file)
		diag_help(r->diag, "'%s' has ended", name_of(r, actor));
	else
		diag_help(r->diag, "'%s' stands at %s:%u:%u: %s",
			  name_of(r, actor), site->file, site->line, site->col,
			  cdma_text_str(&line));
	cdma_text_fini(&line);
}

static void blame_actor(const struct replaying *r, const struct replay *replay,
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
static void blame_misfit(const struct replaying *r, const struct replay *replay,
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
	blame(r);
}

static struct machine_options machine_options(const struct replaying *r)
{
	return (struct machine_options){
		.memory = (enum run_memory)r->set.memory,
		.strict_volatile = r->set.strict_volatile,
		.strict_windows = r->set.strict_windows,
		.strict_plain = r->set.strict_plain,
		.contract = (enum cdma_contract)r->set.contract,
	};
}

static struct strategy rest_of(const struct replaying *r)
{
	return strategy_new(r->set.go_on == GO_ON_RANDOM ? &strategy_random
							 : &strategy_first,
			    NULL);
}

/*
 * Run it, and write down what was done.  @rest: as of struct replay; without
 * one it is said where it does not fit.
 */
static bool run_once(const struct replaying *r, struct strategy *rest,
		     struct schedule *done)
{
	struct replay replay = {.schedule = &r->schedule, .rest = rest};
	struct strategy inner = strategy_new(&strategy_replay, &replay);
	struct recorder recorder = {.inner = &inner};
	struct machine_options options = machine_options(r);
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
static bool fits(struct replaying *r)
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

static bool no_more(void *aux)
{
	(void)aux;
	return false;
}

static void give_schedule(void *aux, struct schedule *out)
{
	const struct replaying *r = aux;

	schedule_copy(out, &r->schedule);
}

static void not_seen(void *aux, const struct cdma_event *ev)
{
	(void)aux;
	(void)ev;
}

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
static void add_origin(struct cdma_text *out, const struct replaying *r)
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

static void report(const struct replaying *r, const struct campaign *c,
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
	output_result(r->output, out);
	cdma_text_fini(&settings);
	cdma_text_fini(&origin);
}

static int show(struct replaying *r)
{
	struct replay replay = {.schedule = &r->schedule};
	const struct campaign_source source = {
		.strategy = &strategy_replay,
		.state = &replay,
		.observer = {.event = not_seen},
		.next = no_more,
		.schedule = give_schedule,
		.aux = r,
	};
	struct reload reload = {r->path.at, &r->set};
	const struct simplify_options again = {
		.compile = reload_program,
		.aux = &reload,
		.given = given_by(&r->set),
		.expected = true,
	};
	const struct campaign_options options = {
		.schedules = 1,
		.simplify = &again,
		.source = &source,
		.as_is = true,
		.machine = machine_options(r),
	};
	struct campaign *c = campaign_run(r->program, &options);
	int status;

	report(r, c, &options);
	status = status_of(c);
	campaign_free(c);
	return status;
}

static int replay(struct cmd *cmd)
{
	struct replaying r = {
		.set = cmd->set,
		.output = cmd->output,
		.diag = diag_new(
			terminal_colour(stderr, (enum when)cmd->set.color)),
	};
	int status;

	status = prepare(&r);
	if (!status)
		status = fits(&r) ? show(&r) : STATUS_DIFFERS;
	/* The lists have grown: they are what cmd has to free. */
	cmd->set = r.set;
	loaded_fini(&r.loaded);
	schedule_fini(&r.schedule);
	schedule_text_free(r.text);
	cdma_text_fini(&r.path);
	diag_free(r.diag);
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
