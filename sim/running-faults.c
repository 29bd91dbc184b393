/* SPDX-License-Identifier: MIT */
#include "running.h"

/* Whether the last fault of a case that another shard has strikes: some random
 * schedules tell, wherever they are run. */
static bool scout(struct run *run, struct faulted *f,
		  const struct program *program)
{
	struct campaign_options options = {
		.seed = 1,
		.schedules = CAMPAIGN_SCHEDULES,
		.machine = run->campaign.machine,
		.as_is = true,
	};
	struct campaign *c = campaign_run(program, &options);
	bool struck = faulted_struck(f, campaign_tally(c));

	campaign_free(c);
	return struck;
}

/* The case in hand. */
static enum verdict run_case(struct run *run, struct faulted *f, bool *struck)
{
	struct cdma_arena arena = {0};
	struct given given = faulted_given(f, &run->simplify.given, &arena);
	struct running_before before;
	struct cdma_text faults = {0}, how = {0};
	struct program *program;
	enum verdict verdict = VERDICT_EXPECTED;

	*struck = false;
	fault_cases_add(&faults, &f->cases);
	cdma_text_addf(&how, " with %s", faults.at);
	program = running_again(run, &before, f->program->variant, &given,
				how.at);
	if (program && running_is_ours(run))
		verdict = running_program(run, program, f, faults.at, struck);
	else if (program)
		*struck = scout(run, f, program);
	running_back(run, &before);
	program_free(program);
	cdma_text_fini(&how);
	cdma_text_fini(&faults);
	cdma_arena_fini(&arena);
	return verdict;
}

static bool is_late(const struct run *run)
{
	return running_has_to_stop(run) || timer_is_over(&run->share);
}

/* What all cases came to; empties @text. */
static void tell_all(struct run *run, const struct faulted *f,
		     enum verdict verdict, struct cdma_text *text)
{
	struct report_result *r =
		report_result_new(REPORT_FAULTS, verdict, run->file);

	r->scenario = f->program->name;
	r->variant = f->program->variant;
	r->text = report_keep(&r->arena, text);
	running_say(run, r);
}

enum verdict running_cases(struct run *run, struct faulted *f)
{
	enum verdict verdict = VERDICT_EXPECTED;
	struct cdma_text text = {0};
	bool struck = false, late = false;

	f->cases.sites = machine_sites(f->program, NULL);
	/* A shard has seen some of the runs only. */
	f->cases.passed =
		machine_sites(f->program, run->set->shard ? NULL : f->reached);
	run->campaign.machine.is_fault_case = true;
	while (!(late = is_late(run)) && fault_cases_next(&f->cases, struck))
		verdict = running_worse(verdict, run_case(run, f, &struck));
	run->campaign.machine.is_fault_case = false;
	f->is_whole = !late;
	if (run->campaign.is_part)
		return verdict;
	if (late)
		verdict = running_worse(verdict, VERDICT_INCONCLUSIVE);
	/* What threads have not shown they may show next time. */
	if (faulted_lacks(f))
		verdict = running_worse(verdict, run->set->threads
							 ? VERDICT_INCONCLUSIVE
							 : VERDICT_DIFFERS);
	if (faulted_is_vacuous(f))
		verdict = running_worse(verdict, VERDICT_INCONCLUSIVE);
	faulted_report(&text, f, run->detail != REPORT_UNEXPECTED);
	tell_all(run, f, verdict, &text);
	return verdict;
}
