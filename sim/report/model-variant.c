/* SPDX-License-Identifier: MIT */
#include "report/model.h"
#include "report/report.h"

#include "base/macros.h"

#include <stdarg.h>
#include <stdio.h>

/*
 * The result of a variant, in words.
 */

static unsigned long long ull(uint64_t nr)
{
	return nr;
}

static const char *plural(uint64_t nr)
{
	return nr == 1 ? "" : "s";
}

/* ---- in one line ---- */

/* What was found, of which is asked elsewhere: of all runs with a fault. */
static void add_found(struct cdma_text *out, const struct campaign *campaign)
{
	size_t nr = campaign_nr_findings(campaign);

	for (size_t i = 0; i < nr; i++) {
		const struct campaign_finding *f =
			campaign_finding(campaign, i);

		cdma_text_addf(out, "%s%s", i ? ", " : "",
			       cdma_finding_name(f->finding.id));
	}
}

/* What was expected and came. */
static void add_met(struct cdma_text *out, const struct report_variant *v,
		    enum verdict verdict)
{
	const struct campaign *campaign = v->campaign;
	const uint64_t all = campaign_tally(campaign)->runs;
	const char *between = "";
	bool has_finding = false;

	for (size_t i = 0; i < campaign_nr_expects(campaign); i++) {
		const struct campaign_expect *e = campaign_expect(campaign, i);

		if (!e->asked || !e->met || e->expect->when == EXPECT_NOTHING)
			continue;
		cdma_text_add(out, between);
		report_expect(out, e->expect);
		between = "; ";
		if (!expect_is_finding(e->expect))
			continue;
		has_finding = true;
		if (e->expect->when != EXPECT_NEVER)
			cdma_text_addf(out, ", in %llu of %llu schedule%s",
				       ull(e->seen), ull(all), plural(all));
	}
	if (has_finding)
		return;
	cdma_text_add(out, between);
	if (!campaign_nr_findings(campaign))
		cdma_text_add(out, "nothing found");
	else if (verdict == VERDICT_EXPECTED)
		add_found(out, campaign);
	else
		cdma_text_add(out, "not as expected");
	cdma_text_addf(out, " in %llu schedule%s", ull(all), plural(all));
}

/* What a part of the work found, which says nothing of the whole. */
static void add_part(struct cdma_text *out, const struct campaign *campaign)
{
	uint64_t runs = campaign_tally(campaign)->runs;
	size_t nr = campaign_nr_findings(campaign);

	cdma_text_addf(out, "%zu finding%s in %llu schedule%s of this shard",
		       nr, plural(nr), ull(runs), plural(runs));
}

static void add_line(struct report_result *r, const struct report_variant *v)
{
	struct cdma_text out = {0};

	if (r->verdict == VERDICT_ERROR)
		cdma_text_add(&out, "given up, the scenario has a mistake");
	else if (v->options->is_part)
		add_part(&out, v->campaign);
	else
		add_met(&out, v, r->verdict);
	r->line = report_keep(&r->arena, &out);
}

/* ---- what was covered ---- */

/* What stopped the runs: as the user calls it. */
static const char *cut_name(enum campaign_cut cut)
{
	static const char *const names[] = {
#define X(name, text) [CAMPAIGN_##name] = (text),
		CAMPAIGN_CUTS(X)
#undef X
	};

	return names[cut];
}

/* What stopped a search; of a bound of its own, what that left out. */
static void add_cut(struct cdma_text *out, const struct report_variant *v)
{
	const struct campaign_source *source = v->options->source;
	enum campaign_cut cut = campaign_cut(v->campaign);
	uint64_t left;

	if (!source || !source->bound || cut != CAMPAIGN_PREEMPTIONS) {
		cdma_text_addf(out, "stopped by %s", cut_name(cut));
		return;
	}
	left = source->left(source->aux);
	cdma_text_addf(out,
		       "stopped by %s: at least %llu execution%s with more "
		       "not tried",
		       source->bound, ull(left), plural(left));
}

static bool is_free(const struct report_variant *v)
{
	return v->options->source && v->options->source->threads;
}

/* What threads did. */
static void add_threads(struct report_result *r, const struct report_variant *v)
{
	const struct tally *t = campaign_tally(v->campaign);
	struct cdma_text out = {0};

	cdma_text_addf(&out,
		       "on threads: %llu event%s, all checked; %llu wait%s for "
		       "the detectors",
		       ull(t->events), plural(t->events), ull(t->waits),
		       plural(t->waits));
	if (r->cut) {
		cdma_text_add(&out, "; ");
		add_cut(&out, v);
	}
	r->coverage = report_keep(&r->arena, &out);
}

/* What a search that leaves nothing out has covered. */
static void add_coverage(struct report_result *r,
			 const struct report_variant *v)
{
	const struct tally *t = campaign_tally(v->campaign);
	enum campaign_cut cut = campaign_cut(v->campaign);
	struct cdma_text out = {0};

	if (campaign_error(v->campaign))
		return;
	r->cut = cut ? cut_name(cut) : NULL;
	if (is_free(v)) {
		add_threads(r, v);
		return;
	}
	if (!cut && !v->options->covers)
		return;
	if (v->options->covers && !cut)
		cdma_text_addf(&out,
			       "covered: %llu execution%s, all that can be "
			       "told apart; %llu blocked",
			       ull(t->runs), plural(t->runs), ull(t->given_up));
	else if (v->options->covers)
		cdma_text_addf(&out,
			       "not covered: %llu execution%s tried, %llu "
			       "blocked; ",
			       ull(t->runs), plural(t->runs), ull(t->given_up));
	else
		cdma_text_addf(&out, "%llu schedule%s tried; ", ull(t->runs),
			       plural(t->runs));
	if (cut)
		add_cut(&out, v);
	r->coverage = report_keep(&r->arena, &out);
}

/* ---- notes ---- */

static void __attribute__((format(printf, 4, 5)))
note(struct report_result *r, enum report_note_kind kind,
     const struct cdma_site *site, const char *fmt, ...)
{
	va_list args;
	char *text;
	int len;

	va_start(args, fmt);
	len = vasprintf(&text, fmt, args);
	va_end(args);
	CDMA_REQUIRE(len >= 0);
	report_result_note(r, kind, site, text);
	free(text);
}

static void add_missing(struct report_result *r, const struct campaign *c)
{
	for (size_t i = 0; i < campaign_nr_expects(c); i++) {
		const struct campaign_expect *e = campaign_expect(c, i);
		struct cdma_text text = {0};

		if (e->met || e->expect->when == EXPECT_NOTHING)
			continue;
		report_expect(&text, e->expect);
		note(r, REPORT_NOTE_MISSING, &e->expect->site,
		     "expected %s: it was in %llu of %llu schedules",
		     cdma_text_str(&text), ull(e->seen),
		     ull(campaign_tally(c)->runs));
		cdma_text_fini(&text);
	}
}

static void add_unexpected(struct report_result *r, const struct campaign *c)
{
	for (size_t i = 0; i < campaign_nr_findings(c); i++) {
		const struct campaign_finding *f = campaign_finding(c, i);
		const struct cdma_site *against = f->finding.against.site;

		if (f->expected)
			continue;
		if (f->finding.against.seq)
			note(r, REPORT_NOTE_UNEXPECTED, f->finding.at.site,
			     "not expected: %s against %s:%u:%u",
			     cdma_finding_name(f->finding.id), against->file,
			     against->line, against->col);
		else
			note(r, REPORT_NOTE_UNEXPECTED, f->finding.at.site,
			     "not expected: %s",
			     cdma_finding_name(f->finding.id));
	}
}

/* A rule of faults that never struck is most likely a mistake. */
static void add_idle_faults(struct report_result *r,
			    const struct report_variant *v)
{
	for (size_t i = 0; i < v->program->faults.nr; i++) {
		const struct program_fault *fault = &v->program->faults.at[i];
		struct cdma_text text = {0};

		if (campaign_tally(v->campaign)->struck[i])
			continue;
		program_add_fault(&text, fault);
		note(r, REPORT_NOTE_IDLE_FAULT, &fault->where,
		     "warning: %s never %s", text.at,
		     fault->device ? "came" : "failed");
		cdma_text_fini(&text);
	}
}

static void add_never(struct report_result *r, const struct report_variant *v)
{
	const struct reach *reach = campaign_reach(v->campaign);
	int setup = -(int)campaign_tally(v->campaign)->setup_errno;

	if (r->is_vacuous)
		report_result_note(r, REPORT_NOTE_VACUOUS, NULL,
				   REPORT_VACUOUS);
	for (size_t i = 0; i < reach->notes.nr; i++) {
		const struct reach_note *n = &reach->notes.at[i];
		struct cdma_text text = {0};

		if (n->kind == REACH_LINE)
			continue;
		report_add_never(&text, v->program, setup, n);
		report_result_note(r, REPORT_NOTE_NEVER, n->site,
				   cdma_text_str(&text));
		cdma_vec_last(&r->notes)->is_reason = n->is_reason;
		cdma_text_fini(&text);
	}
}

static void add_notes(struct report_result *r, const struct report_variant *v)
{
	const struct run_error *error = campaign_error(v->campaign);
	uint64_t bounded = campaign_tally(v->campaign)->bounded;
	uint64_t cap = v->options->machine.step_cap;

	if (r->verdict == VERDICT_DIFFERS) {
		add_missing(r, v->campaign);
		add_unexpected(r, v->campaign);
	}
	if (r->verdict == VERDICT_INCONCLUSIVE && is_free(v))
		add_missing(r, v->campaign);
	if (error)
		note(r, REPORT_NOTE_ERROR, error->site, "error: %s",
		     error->message);
	if (bounded)
		note(r, REPORT_NOTE_BOUNDED, NULL,
		     "given up: %llu schedule%s did not end within %llu "
		     "steps; --steps allows more",
		     ull(bounded), plural(bounded),
		     ull(cap ? cap : MACHINE_STEP_CAP));
	if (!v->options->is_part)
		add_idle_faults(r, v);
	add_never(r, v);
}

static void add_expects(struct report_result *r, const struct campaign *c)
{
	for (size_t i = 0; i < campaign_nr_expects(c); i++) {
		const struct campaign_expect *e = campaign_expect(c, i);
		struct cdma_text text = {0};

		if (!e->asked)
			continue;
		report_expect(&text, e->expect);
		*cdma_vec_push(&r->expects) = (struct report_expectation){
			.from = e,
			.text = report_keep(&r->arena, &text),
		};
	}
}

static void add_lines(struct report_result *r, const struct campaign *c)
{
	struct cdma_text text = {0};

	report_add_lines(&text, campaign_reach(c));
	r->never_lines = text.len ? report_keep(&r->arena, &text) : NULL;
	cdma_text_fini(&text);
}

struct report_result *report_result_of(const struct report_variant *v)
{
	const struct tally *t = campaign_tally(v->campaign);
	struct report_result *r =
		report_result_new(v->faults ? REPORT_CASE : REPORT_VARIANT,
				  campaign_verdict(v->campaign), v->file);

	r->scenario = v->program->name;
	r->variant = v->program->variant;
	r->faults = v->faults;
	r->machine = v->program->machine.name;
	r->runs = t->runs;
	r->blocked = t->given_up;
	r->is_vacuous = campaign_is_vacuous(v->campaign);
	r->reach = campaign_reach(v->campaign);
	add_line(r, v);
	add_notes(r, v);
	add_coverage(r, v);
	add_expects(r, v->campaign);
	if (!v->no_lines)
		add_lines(r, v->campaign);
	for (size_t i = 0; i < campaign_nr_findings(v->campaign); i++)
		report_result_finding(r, v, campaign_finding(v->campaign, i),
				      true);
	return r;
}
