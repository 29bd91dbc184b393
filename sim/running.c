/* SPDX-License-Identifier: MIT */
#include "running.h"

#include "bundle.h"
#include "memory.h"
#include "picture/save.h"

#include <errno.h>
#include <string.h>

enum campaign_cut running_progress(void *aux, uint64_t done)
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
	const struct parts_ears ears = {running_progress, run};
	enum campaign_cut cut =
		parts_do(run->parts, run->search->partition, run->file,
			 run->program, &run->campaign, ears, out);

	run->bad_io |= cut == CAMPAIGN_JOURNAL || cut == CAMPAIGN_MACHINE;
	return cut;
}

void running_say(struct run *run, struct report_result *result)
{
	progress_clear(&run->progress);
	output_result(run->output, result);
	run->bad_io |= run->output->bad_io;
}

static void count_runs(struct run *run, const struct campaign *campaign)
{
	struct report_total *total = run->total;

	total->schedules += campaign_tally(campaign)->runs;
	total->findings += campaign_nr_findings(campaign);
	total->interrupted |= campaign_cut(campaign) == CAMPAIGN_INTERRUPTED;
}

/*
 * A directory for the log of @program in that of all logs:
 * "scenario.variant", with the @suffix, and number @i when that is not the
 * first.
 */
static void add_log_name(struct cdma_text *out, const struct run *run,
			 const struct program *program, const char *suffix,
			 unsigned int i)
{
	cdma_text_cut(out, 0);
	cdma_text_addf(out, "%s/%s.%s%s", run->set->log, program->name,
		       program->variant, suffix);
	if (i > 1)
		cdma_text_addf(out, ".%u", i);
}

static void blame_log(struct run *run, const char *dir, int err)
{
	progress_clear(&run->progress);
	complain("log %s: %s", dir, strerror(-err));
	run->bad_io = true;
}

/* Log schedule number @index into a directory of its own. */
static void log_schedule(struct run *run, const struct report_variant *v,
			 uint64_t index, const struct program *program,
			 const struct schedule *schedule, const char *suffix)
{
	struct cdma_text dir = {0};
	int err = -EEXIST;

	for (unsigned int i = 1; err == -EEXIST && i < 1000; i++) {
		add_log_name(&dir, run, v->program, suffix, i);
		err = save_schedule(program, v->file, v->options, index,
				    schedule, dir.at);
	}
	if (err)
		blame_log(run, cdma_text_str(&dir), err);
	cdma_text_fini(&dir);
}

/* ---- the log of a run that is made once: while it is made ---- */

struct log_watch {
	struct run *run;
	struct campaign_watch watch;
	struct cdma_text dir;
	struct save *save;
};

static bool log_begin(void *aux, struct machine *machine)
{
	struct log_watch *w = aux;
	struct run *run = w->run;
	int err = -EEXIST;

	for (unsigned int i = 1; err == -EEXIST && i < 1000; i++) {
		add_log_name(&w->dir, run, run->program, "", i);
		err = save_begin(machine, run->program, run->file,
				 &run->campaign, run->campaign.first, w->dir.at,
				 &w->save);
	}
	if (err)
		blame_log(run, w->dir.at, err);
	return !err;
}

static void log_end(void *aux)
{
	struct log_watch *w = aux;
	int err = save_end(w->save);

	if (err)
		blame_log(w->run, w->dir.at, err);
}

/* Whether the run is logged that is made anyway. */
static bool logs_at_once(const struct run *run, const char *faults)
{
	return run->set->log && run->campaign.schedules == 1 &&
	       !run->search->begin && !faults && !parts_wanted(run->parts);
}

static void watch_begin(struct log_watch *w, struct run *run,
			const char *faults)
{
	*w = (struct log_watch){
		.run = run,
		.watch = {.begin = log_begin, .end = log_end, .aux = w},
	};
	run->campaign.watch = logs_at_once(run, faults) ? &w->watch : NULL;
}

static void watch_end(struct log_watch *w)
{
	w->run->campaign.watch = NULL;
	cdma_text_fini(&w->dir);
}

/* One trace of each finding; of the first schedule when there is none. */
static void log_variant(struct run *run, const struct report_variant *v)
{
	size_t nr = campaign_nr_findings(v->campaign);

	if (logs_at_once(run, v->faults))
		return;
	if (!run->search->begin && !v->faults &&
	    (nr == 0 || run->campaign.schedules == 1)) {
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

enum verdict running_worse(enum verdict a, enum verdict b)
{
	static const int rank[] = {
		[VERDICT_EXPECTED] = 0,     [VERDICT_PART] = 1,
		[VERDICT_INCONCLUSIVE] = 2, [VERDICT_DIFFERS] = 3,
		[VERDICT_ERROR] = 4,
	};

	return rank[a] < rank[b] ? b : a;
}

void running_tell(struct run *run, const struct report_variant *v)
{
	running_say(run, report_result_of(v));
	/* What was found before an interrupt is not lost. */
	if (run->set->log && !run->bad_io)
		log_variant(run, v);
	if (run->set->save && !run->bad_io)
		save_variant(run, v);
}

struct campaign *running_begin(struct run *run, const struct program *program,
			       void **state)
{
	struct campaign *campaign;

	progress_begin(&run->progress);
	memory_for("%s: %s/%s", run->file, program->name, program->variant);
	run->program = program;
	if (parts_wanted(run->parts))
		run->campaign.work = in_parts;
	else if (run->search->begin)
		*state = run->search->begin(run->set, &run->campaign);
	campaign = campaign_run(program, &run->campaign);
	count_runs(run, campaign);
	return campaign;
}

void running_end(struct run *run, struct campaign *campaign, void *state)
{
	campaign_free(campaign);
	if (state)
		run->search->end(state);
}

enum verdict running_program(struct run *run, const struct program *program,
			     struct faulted *f, const char *faults,
			     bool *struck)
{
	struct campaign *campaign;
	enum verdict verdict;
	void *state = NULL;
	struct log_watch watch;
	struct report_variant v = {
		.file = run->file,
		.program = program,
		.faults = faults,
		.settings = cdma_text_str(&run->settings),
		.strategy = run->set->strategy,
		.no_lines = f->cases.mode != FAULTS_AS_SAID,
		.options = &run->campaign,
	};

	watch_begin(&watch, run, faults);
	campaign = running_begin(run, program, &state);
	watch_end(&watch);
	v.campaign = campaign;
	verdict = campaign_verdict(campaign);
	faulted_count(f, campaign_tally(campaign));
	if (faults)
		*struck = faulted_struck(f, campaign_tally(campaign));
	/* Where nothing failed that is the variant over again. */
	if (faults && !*struck && campaign_cut(campaign) == CAMPAIGN_WHOLE)
		verdict = VERDICT_EXPECTED;
	else
		running_tell(run, &v);
	running_end(run, campaign, state);
	return verdict;
}

bool running_is_ours(struct run *run)
{
	return !run->search->partition ||
	       parts_has_variant(run->parts, run->search->partition);
}

struct program *running_again(struct run *run, struct running_before *before,
			      const char *variant, const struct given *given,
			      const char *how)
{
	*before = (struct running_before){
		.given = run->simplify.given,
		.settings = run->settings,
		.was_called = run->name,
	};
	cdma_text_addf(&before->name, "%s%s", run->name, how);
	run->name = before->name.at;
	run->simplify.given = *given;
	run->settings = (struct cdma_text){0};
	report_settings(&run->settings, given);
	return reload_program(&run->reload, variant, given);
}

void running_back(struct run *run, struct running_before *before)
{
	cdma_text_fini(&run->settings);
	cdma_text_fini(&before->name);
	run->settings = before->settings;
	run->simplify.given = before->given;
	run->name = before->was_called;
}
