/* SPDX-License-Identifier: MIT */
#include "running.h"

#include "base/macros.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

#define MACHINES_MAX 16

/* What is found on one machine. */
struct place {
	const struct cdma_machine *machine;
	char *kinds; /* owned; NULL: nothing is wrong */
	enum {
		PLACE_OPEN,  /* not all was run */
		PLACE_IDLE,  /* nothing happened */
		PLACE_RIGHT, /* unless there are kinds */
	} state;
};

/* One variant, on all of them. */
struct tour {
	const struct program *program; /* the variant as it is */
	bool is_promised;              /* it expects nothing, anywhere */
	struct place at[MACHINES_MAX];
	size_t nr;
};

/*
 * Whether it is wrong to find something.  A finding that is expected need not
 * be found on each machine, and others may come of the same mistake there. What
 * is expected of one machine is expected of that one.
 */
static bool expects_nothing(const struct program *p)
{
	if (cdma_machine_is_one(&p->machine))
		return false;
	for (size_t i = 0; i < p->expects.nr; i++)
		if (p->expects.at[i].when <= EXPECT_ALWAYS &&
		    !p->expects.at[i].under)
			return false;
	return p->expects.nr;
}

static bool has_kind(const struct campaign *c, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (campaign_finding(c, i)->finding.id ==
		    campaign_finding(c, nr)->finding.id)
			return true;
	return false;
}

/* "missing_sync, shared_line"; NULL: nothing. */
static char *kinds_of(const struct campaign *c)
{
	struct cdma_text out = {0};
	char *kinds = NULL;

	for (size_t i = 0; i < campaign_nr_findings(c); i++)
		if (!has_kind(c, i))
			cdma_text_addf(
				&out, "%s%s", out.len ? ", " : "",
				cdma_finding_name(
					campaign_finding(c, i)->finding.id));
	if (out.len)
		kinds = cdma_xstrdup(out.at);
	cdma_text_fini(&out);
	return kinds;
}

/* What came of it there, besides what is expected elsewhere. */
static enum verdict verdict_of(const struct campaign *c,
			       const struct tour *tour)
{
	enum verdict verdict = campaign_verdict(c);

	if (verdict == VERDICT_ERROR || verdict == VERDICT_PART)
		return verdict;
	if (campaign_nr_findings(c) && tour->is_promised)
		return VERDICT_DIFFERS;
	return campaign_cut(c) == CAMPAIGN_WHOLE && !campaign_tally(c)->bounded
		       ? VERDICT_EXPECTED
		       : VERDICT_INCONCLUSIVE;
}

static enum verdict run_on(struct run *run, const struct tour *tour,
			   const struct program *program, struct place *place)
{
	void *state = NULL;
	struct campaign *c = running_begin(run, program, &state);
	struct report_variant v = {
		.file = run->file,
		.program = program,
		.settings = cdma_text_str(&run->settings),
		.strategy = run->set->strategy,
		.options = &run->campaign,
		.campaign = c,
	};
	enum verdict verdict = verdict_of(c, tour);

	if (verdict == VERDICT_DIFFERS || verdict == VERDICT_ERROR)
		running_tell(run, &v);
	place->kinds = kinds_of(c);
	place->state = verdict == VERDICT_INCONCLUSIVE ? PLACE_OPEN
		       : campaign_is_vacuous(c)        ? PLACE_IDLE
						       : PLACE_RIGHT;
	running_end(run, c, state);
	return verdict;
}

/* The variant again, as it is on the machine of @place. */
static enum verdict try_on(struct run *run, const struct tour *tour,
			   struct place *place)
{
	struct given given = run->simplify.given;
	struct running_before before;
	struct cdma_text how = {0};
	struct program *program;
	enum verdict verdict = VERDICT_EXPECTED;

	given.machine = place->machine->name;
	cdma_text_addf(&how, " on %s", place->machine->name);
	program = running_again(run, &before, tour->program->variant, &given,
				how.at);
	if (program && running_is_ours(run))
		verdict = run_on(run, tour, program, place);
	running_back(run, &before);
	program_free(program);
	cdma_text_fini(&how);
	return verdict;
}

static bool is_alike(const struct place *a, const struct place *b)
{
	if (!a->kinds || !b->kinds)
		return !a->kinds && !b->kinds && a->state == b->state;
	return !strcmp(a->kinds, b->kinds);
}

/* A line for all that are like number @first, which is the first of them. */
static void add_alike(struct cdma_text *out, const struct tour *tour,
		      size_t first)
{
	static const char *const states[] = {
		[PLACE_OPEN] = "not known of",
		[PLACE_IDLE] = "nothing happens on",
		[PLACE_RIGHT] = "right on",
	};
	const struct place *place = &tour->at[first];
	const char *between = "";

	for (size_t i = 0; i < first; i++)
		if (is_alike(&tour->at[i], place))
			return;
	cdma_text_addf(out, "      %s ",
		       place->kinds ? "wrong on" : states[place->state]);
	for (size_t i = first; i < tour->nr; i++) {
		if (!is_alike(&tour->at[i], place))
			continue;
		cdma_text_addf(out, "%s%s", between, tour->at[i].machine->name);
		between = ", ";
	}
	if (place->kinds)
		cdma_text_addf(out, ": %s", place->kinds);
	cdma_text_addc(out, '\n');
}

static void tell_all(struct run *run, const struct tour *tour,
		     enum verdict verdict)
{
	struct report_result *r =
		report_result_new(REPORT_MACHINES, verdict, run->file);
	struct cdma_text text = {0};

	for (size_t i = 0; i < tour->nr; i++)
		add_alike(&text, tour, i);
	r->scenario = tour->program->name;
	r->variant = tour->program->variant;
	r->text = report_keep(&r->arena, &text);
	running_say(run, r);
}

enum verdict running_machines(struct run *run, const struct program *program)
{
	struct tour tour = {
		.program = program,
		.is_promised = expects_nothing(program),
	};
	enum verdict verdict = VERDICT_EXPECTED;
	const struct cdma_machine *machine;

	for (size_t i = 1;
	     (machine = cdma_machine_at(i)) && !running_has_to_stop(run) &&
	     !timer_is_over(&run->share);
	     i++) {
		struct place *place = &tour.at[tour.nr++];

		CDMA_REQUIRE(tour.nr <= MACHINES_MAX);
		place->machine = machine;
		verdict = running_worse(verdict, try_on(run, &tour, place));
	}
	if (machine)
		verdict = running_worse(verdict, VERDICT_INCONCLUSIVE);
	if (!run->campaign.is_part)
		tell_all(run, &tour, verdict);
	for (size_t i = 0; i < tour.nr; i++)
		free(tour.at[i].kinds);
	return verdict;
}
