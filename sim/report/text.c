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

/* ---- findings ---- */

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
		     const struct report_result *r,
		     const struct campaign_finding *f)
{
	if (options->detail == REPORT_ALL || r->kind == REPORT_REPLAY ||
	    (!f->expected && r->kind != REPORT_CASE))
		return true;
	if (f->expected && options->detail != REPORT_ONCE)
		return false;
	return is_news(options, f);
}

static void add_findings(struct cdma_text *out,
			 const struct report_options *options,
			 const struct report_result *r)
{
	for (size_t i = 0; i < r->findings.nr; i++) {
		const struct report_finding *f = &r->findings.at[i];

		if (!is_shown(options, r, f->from))
			continue;
		report_print_finding(out, options->colour, f);
		if (f->seen)
			cdma_text_addf(out, "%s\n", f->seen);
	}
}

/* ---- what is below the line of a variant ---- */

static void add_note(struct cdma_text *out, const struct report_note *n)
{
	cdma_text_add(out, "      ");
	if (n->site)
		cdma_text_addf(out, "%s:%u:%u: ", n->site->file, n->site->line,
			       n->site->col);
	cdma_text_addf(out, "%s\n", n->text);
	if (n->kind == REPORT_NOTE_ERROR && n->site->text)
		cdma_text_addf(out, "        %s\n", n->site->text);
}

static void add_notes(struct cdma_text *out,
		      const struct report_options *options,
		      const struct report_result *r)
{
	const bool all = options->detail != REPORT_UNEXPECTED;

	for (size_t i = 0; i < r->notes.nr; i++) {
		const struct report_note *n = &r->notes.at[i];

		if (n->kind != REPORT_NOTE_NEVER || all ||
		    (r->is_vacuous && n->is_reason))
			add_note(out, n);
	}
	if (all && r->never_lines)
		cdma_text_addf(out, "      lines never reached: %s\n",
			       r->never_lines);
	if (r->coverage)
		cdma_text_addf(out, "      %s\n", r->coverage);
}

/* Where most are as expected, only those that are not have a line. */
static bool has_line(const struct report_options *options,
		     const struct report_result *r)
{
	bool quiet = options->quiet ||
		     (r->kind == REPORT_CASE && options->detail != REPORT_ALL);

	return !quiet || r->verdict != VERDICT_EXPECTED;
}

static void add_variant(struct cdma_text *out,
			const struct report_options *options,
			const struct report_result *r)
{
	add_findings(out, options, r);
	if (!has_line(options, r))
		return;
	cdma_text_addf(out, "%s%-5s%s ",
		       paint(options->colour, verdicts[r->verdict].colour),
		       verdicts[r->verdict].word,
		       paint(options->colour, PAINT_RESET));
	report_result_add_name(out, r);
	cdma_text_addf(out, ": %s\n", r->line);
	add_notes(out, options, r);
}

static void result(struct cdma_text *out, void *state,
		   const struct report_options *options,
		   const struct report_result *r)
{
	(void)state;
	switch (r->kind) {
	case REPORT_VARIANT:
	case REPORT_CASE:
		add_variant(out, options, r);
		break;
	case REPORT_FAULTS:
	case REPORT_MACHINES:
	case REPORT_LITMUS:
		if (has_line(options, r))
			cdma_text_add(out, r->text);
		break;
	case REPORT_REPLAY:
		add_findings(out, options, r);
		cdma_text_addf(out, "%s\n", r->line);
		break;
	case REPORT_FILE:
		/* What is wrong with it was said when it was read. */
		break;
	}
}

/* ---- the sum ---- */

static void add_sum(struct cdma_text *out, const struct report_options *options,
		    const struct report_total *t, uint64_t nr)
{
	if (t->interrupted)
		cdma_text_add(out, "interrupted; so far: ");
	else if (t->failed_fast)
		cdma_text_add(out, "stopped by --fail-fast; so far: ");
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

static void end(struct cdma_text *out, void *state,
		const struct report_options *options,
		const struct report_total *t)
{
	uint64_t nr = t->expected + t->differs + t->inconclusive + t->parts;
	bool is_fine = nr == t->expected && !t->wrong && !t->interrupted;

	(void)state;
	if (nr + t->wrong && !t->files && !(options->quiet && is_fine))
		add_sum(out, options, t, nr);
}

const struct report_ops report_text = {
	.name = "text",
	.result = result,
	.end = end,
};
