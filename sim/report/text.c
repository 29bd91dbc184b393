/* SPDX-License-Identifier: MIT */
#include "report/paint.h"
#include "report/report.h"

#include <string.h>

/*
 * The format for people: the reports of findings, a line for each variant with
 * what was wrong with it below, and a line of sums.
 */

/* Indexed by enum verdict. */
static const struct {
	const char *word;
	enum paint_colour colour;
} verdicts[] = {
	[VERDICT_EXPECTED] = {"ok", PAINT_GOOD},
	[VERDICT_DIFFERS] = {"FAIL", PAINT_BAD},
	[VERDICT_INCONCLUSIVE] = {"OPEN", PAINT_PLACE},
	[VERDICT_PART] = {"part", PAINT_PLACE},
	[VERDICT_ERROR] = {"ERROR", PAINT_BAD},
};

static unsigned long long ull(uint64_t nr)
{
	return nr;
}

static const char *plural(uint64_t nr)
{
	return nr == 1 ? "" : "s";
}

static void add_side(struct cdma_text *out, const char *before,
		     const char *label, const struct expect_turns *turns)
{
	if (!label)
		return;
	cdma_text_addf(out, "%s%s", before, label);
	for (size_t i = 0; i < turns->nr; i++)
		cdma_text_addf(out, "[%s=%llu]", turns->at[i].name,
			       ull(turns->at[i].value));
}

static void add_under(struct cdma_text *out, const struct program_expect *e)
{
	if (e->under)
		cdma_text_addf(out, " under faults %s",
			       e->under == FAULTS_PAIRS ? "pairs" : "each");
}

/* What it says of the run, not of the findings. */
static void add_state(struct cdma_text *out, const struct program_expect *e)
{
	if (e->when == EXPECT_NOTHING)
		cdma_text_add(out, "nothing");
	else if (e->when == EXPECT_UNREACHED)
		cdma_text_addf(out, "unreached %s", e->at);
	else
		cdma_text_add(out, "setup ");
	if (e->when == EXPECT_SETUP)
		program_add_error(out, e->error);
}

void report_expect(struct cdma_text *out, const struct program_expect *e)
{
	if (!expect_is_finding(e)) {
		add_state(out, e);
		return;
	}
	if (e->when == EXPECT_ALWAYS)
		cdma_text_add(out, "always ");
	if (e->when == EXPECT_NEVER)
		cdma_text_add(out, "never ");
	cdma_text_add(out, cdma_finding_name(e->finding));
	if (e->of)
		cdma_text_addf(out, " of %s", e->of);
	add_side(out, " at ", e->at, &e->at_turns);
	add_side(out, " against ", e->against, &e->against_turns);
	if (e->in_explore)
		cdma_text_add(out, " in explore");
	add_under(out, e);
	if (e->then_anything)
		cdma_text_add(out, ", then anything");
}

static void add_site(struct cdma_text *out, const struct cdma_site *site)
{
	if (site && site->file)
		cdma_text_addf(out, "%s:%u:%u: ", site->file, site->line,
			       site->col);
}

/* What was expected and came, after the name of the variant. */
static void add_met(struct cdma_text *out, const struct campaign *campaign)
{
	const uint64_t all = campaign_tally(campaign)->runs;
	const char *between = ": ";
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
	if (!has_finding)
		cdma_text_addf(out, "%s%s in %llu schedule%s", between,
			       campaign_nr_findings(campaign)
				       ? "not as expected"
				       : "nothing found",
			       ull(all), plural(all));
	cdma_text_addc(out, '\n');
}

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
		cdma_text_addf(out, "stopped by %s\n", cut_name(cut));
		return;
	}
	left = source->left(source->aux);
	cdma_text_addf(out,
		       "stopped by %s: at least %llu execution%s with more "
		       "not tried\n",
		       source->bound, ull(left), plural(left));
}

/* What a search that leaves nothing out has covered. */
static void add_coverage(struct cdma_text *out, const struct report_variant *v)
{
	const struct tally *t = campaign_tally(v->campaign);
	enum campaign_cut cut = campaign_cut(v->campaign);

	if (campaign_error(v->campaign))
		return;
	if (v->options->covers && !cut)
		cdma_text_addf(out,
			       "      covered: %llu execution%s, all that "
			       "can be told apart; %llu blocked\n",
			       ull(t->runs), plural(t->runs), ull(t->given_up));
	else if (v->options->covers)
		cdma_text_addf(out,
			       "      not covered: %llu execution%s tried, "
			       "%llu blocked; ",
			       ull(t->runs), plural(t->runs), ull(t->given_up));
	else if (cut)
		cdma_text_addf(out, "      %llu schedule%s tried; ",
			       ull(t->runs), plural(t->runs));
	if (cut)
		add_cut(out, v);
}

/* What a part of the work found, which says nothing of the whole. */
static void add_part(struct cdma_text *out, const struct campaign *campaign)
{
	uint64_t runs = campaign_tally(campaign)->runs;
	size_t nr = campaign_nr_findings(campaign);

	cdma_text_addf(out,
		       ": %zu finding%s in %llu schedule%s of this shard\n", nr,
		       plural(nr), ull(runs), plural(runs));
}

static void add_missing(struct cdma_text *out, const struct campaign *campaign)
{
	for (size_t i = 0; i < campaign_nr_expects(campaign); i++) {
		const struct campaign_expect *e = campaign_expect(campaign, i);

		if (e->met || e->expect->when == EXPECT_NOTHING)
			continue;
		cdma_text_add(out, "      ");
		add_site(out, &e->expect->site);
		cdma_text_add(out, "expected ");
		report_expect(out, e->expect);
		cdma_text_addf(out, ": it was in %llu of %llu schedules\n",
			       ull(e->seen),
			       ull(campaign_tally(campaign)->runs));
	}
}

static void add_unexpected(struct cdma_text *out,
			   const struct campaign *campaign)
{
	for (size_t i = 0; i < campaign_nr_findings(campaign); i++) {
		const struct campaign_finding *f =
			campaign_finding(campaign, i);

		if (f->expected)
			continue;
		cdma_text_add(out, "      ");
		add_site(out, f->finding.at.site);
		cdma_text_addf(out, "not expected: %s",
			       cdma_finding_name(f->finding.id));
		if (f->finding.against.seq)
			cdma_text_addf(out, " against %s:%u:%u",
				       f->finding.against.site->file,
				       f->finding.against.site->line,
				       f->finding.against.site->col);
		cdma_text_addc(out, '\n');
	}
}

/* A rule of faults that never struck is most likely a mistake. */
static void add_idle_faults(struct cdma_text *out,
			    const struct report_variant *v)
{
	for (size_t i = 0; i < v->program->faults.nr; i++) {
		const struct program_fault *fault = &v->program->faults.at[i];

		if (campaign_tally(v->campaign)->struck[i])
			continue;
		cdma_text_add(out, "      ");
		add_site(out, &fault->where);
		cdma_text_addf(out, "warning: %s never failed\n", fault->site);
	}
}

static void add_details(struct cdma_text *out,
			const struct report_options *options,
			const struct report_variant *v, enum verdict verdict)
{
	const struct run_error *error = campaign_error(v->campaign);

	if (verdict == VERDICT_DIFFERS) {
		add_missing(out, v->campaign);
		add_unexpected(out, v->campaign);
	}
	if (error) {
		cdma_text_add(out, "      ");
		add_site(out, error->site);
		cdma_text_addf(out, "error: %s\n", error->message);
		if (error->site->text)
			cdma_text_addf(out, "        %s\n", error->site->text);
	}
	if (campaign_tally(v->campaign)->bounded)
		cdma_text_addf(out,
			       "      given up: %llu schedule%s did not end "
			       "within %d steps\n",
			       ull(campaign_tally(v->campaign)->bounded),
			       plural(campaign_tally(v->campaign)->bounded),
			       MACHINE_STEP_CAP);
	if (!v->options->is_part)
		add_idle_faults(out, v);
	report_reach(out, options, v);
}

static void add_key(struct cdma_text *out, const struct cdma_party *party)
{
	if (party->site)
		cdma_text_addf(out, " %s:%u:%u", party->site->file,
			       party->site->line, party->site->col);
}

/* Whether the same finding at the same places was not reported before. */
static bool is_news(const struct report_options *options,
		    const struct campaign_finding *f)
{
	struct cdma_text key = {0};
	bool news;

	cdma_text_addf(&key, "\n%s", cdma_finding_name(f->finding.id));
	add_key(&key, &f->finding.at);
	add_key(&key, &f->finding.against);
	cdma_text_addc(&key, '\n');
	news = !strstr(cdma_text_str(options->said), key.at);
	cdma_text_add(options->said, key.at);
	cdma_text_fini(&key);
	return news;
}

/* Most faults show the same leak: one report is enough. */
static bool is_shown(const struct report_options *options,
		     const struct report_variant *v,
		     const struct campaign_finding *f)
{
	if (options->detail == REPORT_ALL || (!f->expected && !v->faults))
		return true;
	if (f->expected && options->detail != REPORT_ONCE)
		return false;
	return is_news(options, f);
}

static void variant(struct cdma_text *out, const struct report_options *options,
		    const struct report_variant *v)
{
	enum verdict verdict = campaign_verdict(v->campaign);

	for (size_t i = 0; i < campaign_nr_findings(v->campaign); i++) {
		const struct campaign_finding *f =
			campaign_finding(v->campaign, i);

		if (is_shown(options, v, f)) {
			report_finding(out, options, v, f);
			report_seen(out, v->campaign, f);
		}
	}
	if (options->quiet && verdict == VERDICT_EXPECTED)
		return;
	cdma_text_addf(out, "%s%-5s%s %s/%s%s%s",
		       paint(options->colour, verdicts[verdict].colour),
		       verdicts[verdict].word,
		       paint(options->colour, PAINT_RESET), v->program->name,
		       v->program->variant, v->faults ? " with " : "",
		       v->faults ? v->faults : "");
	if (verdict == VERDICT_ERROR)
		cdma_text_add(out, ": given up, the scenario has a mistake\n");
	else if (v->options->is_part)
		add_part(out, v->campaign);
	else
		add_met(out, v->campaign);
	add_details(out, options, v, verdict);
	add_coverage(out, v);
}

static void total(struct cdma_text *out, const struct report_options *options,
		  const struct report_total *t)
{
	uint64_t nr = t->expected + t->differs + t->inconclusive + t->parts;

	if (t->interrupted)
		cdma_text_add(out, "interrupted; so far: ");
	cdma_text_addf(out, "%llu variant%s: %llu as expected", ull(nr),
		       plural(nr), ull(t->expected));
	if (t->differs)
		cdma_text_addf(out, ", %s%llu not as expected%s",
			       paint(options->colour, PAINT_BAD),
			       ull(t->differs),
			       paint(options->colour, PAINT_RESET));
	if (t->inconclusive)
		cdma_text_addf(out, ", %llu inconclusive",
			       ull(t->inconclusive));
	if (t->parts)
		cdma_text_addf(out, ", %llu in part, for 'cdmasim merge'",
			       ull(t->parts));
	cdma_text_addf(out, "; %llu finding%s in %llu schedule%s\n",
		       ull(t->findings), plural(t->findings), ull(t->schedules),
		       plural(t->schedules));
	if (t->wrong)
		cdma_text_addf(out,
			       "%s%llu with mistakes in the scenario%s: see "
			       "above\n",
			       paint(options->colour, PAINT_BAD), ull(t->wrong),
			       paint(options->colour, PAINT_RESET));
}

const struct report_ops report_text = {
	.name = "text",
	.variant = variant,
	.total = total,
};
