/* SPDX-License-Identifier: MIT */
#include "report/brief.h"

/*
 * github: workflow commands, which become annotations of the lines.
 *
 *	::error file=x.dma,line=26,col=17,title=unordered_read::message
 *
 * Nothing is said of what is as expected but the sum.
 */

/* @property: commas and colons separate those. */
static void add_escaped(struct cdma_text *out, const char *s, bool property)
{
	for (; *s; s++)
		if (*s == '%' || *s == '\r' || *s == '\n' ||
		    (property && (*s == ':' || *s == ',')))
			cdma_text_addf(out, "%%%02X", (unsigned char)*s);
		else
			cdma_text_addc(out, *s);
}

/* @site: or NULL, and then @file is annotated as a whole. */
static void add_command(struct cdma_text *out, const char *command,
			const char *file, const struct cdma_site *site,
			const char *title, const char *message)
{
	cdma_text_addf(out, "::%s file=", command);
	add_escaped(out, site && site->file ? site->file : file, true);
	if (site && site->line)
		cdma_text_addf(out, ",line=%u", site->line);
	if (site && site->col)
		cdma_text_addf(out, ",col=%u", site->col);
	cdma_text_add(out, ",title=");
	add_escaped(out, title, true);
	cdma_text_add(out, "::");
	add_escaped(out, message, false);
	cdma_text_addc(out, '\n');
}

static void add_place(struct cdma_text *out, const struct cdma_site *site)
{
	if (site && site->file)
		cdma_text_addf(out, " at %s:%u:%u", site->file, site->line,
			       site->col);
}

static void add_finding(struct cdma_text *out, const struct report_result *r,
			const struct report_finding *f)
{
	struct cdma_text text = {0}, title = {0};

	cdma_text_addf(&title, "%s in ", f->id);
	report_result_add_name(&title, r);
	cdma_text_addf(&text, "%s", f->what);
	for (size_t i = 0; i < f->nr_sides; i++) {
		const struct report_side *side = &f->sides[i];

		if (!side->role)
			continue;
		cdma_text_addf(&text, "\n%s%s%s", side->role,
			       *side->role ? " " : "", side->act);
		add_place(&text, side->party->party.site);
	}
	if (f->help)
		cdma_text_addf(&text, "\nhelp: %s", f->help);
	cdma_text_addf(&text, "\nreplay: %s", f->replay);
	add_command(out, "error", r->file, f->from->finding.at.site, title.at,
		    text.at);
	cdma_text_fini(&text);
	cdma_text_fini(&title);
}

static const char *command_of(const struct report_result *r,
			      const struct report_note *n)
{
	switch (n->kind) {
	case REPORT_NOTE_MISSING:
	case REPORT_NOTE_ERROR:
	case REPORT_NOTE_MISTAKE:
		return "error";
	case REPORT_NOTE_BOUNDED:
	case REPORT_NOTE_VACUOUS:
	case REPORT_NOTE_IDLE_FAULT:
		return "warning";
	case REPORT_NOTE_UNEXPECTED: /* the finding itself was said */
		return NULL;
	case REPORT_NOTE_NEVER:
		return r->is_vacuous && n->is_reason ? "warning" : NULL;
	}
	return NULL;
}

static void add_notes(struct cdma_text *out, const struct report_result *r,
		      const char *title)
{
	for (size_t i = 0; i < r->notes.nr; i++) {
		const struct report_note *n = &r->notes.at[i];
		const char *command = command_of(r, n);

		if (command)
			add_command(out, command, r->file, n->site, title,
				    n->text);
	}
}

/* What has neither a note nor a finding that says why. */
static void add_rest(struct cdma_text *out, const struct report_result *r,
		     const char *title)
{
	enum brief_end how = brief_end(r);

	if (r->kind == REPORT_FILE || how == BRIEF_PASSED ||
	    how == BRIEF_SKIPPED)
		return;
	if (r->verdict == VERDICT_INCONCLUSIVE && r->cut)
		add_command(out, "warning", r->file, NULL, title, r->coverage);
	else if (!r->notes.nr && !r->findings.nr)
		add_command(out, how == BRIEF_FAILED ? "error" : "warning",
			    r->file, NULL, title, r->text ? r->text : r->line);
}

static void result(struct cdma_text *out, void *state,
		   const struct report_options *options,
		   const struct report_result *r)
{
	struct cdma_text title = {0};

	(void)state;
	(void)options;
	report_result_add_name(&title, r);
	for (size_t i = 0; i < r->findings.nr; i++)
		if (!r->findings.at[i].from->expected)
			add_finding(out, r, &r->findings.at[i]);
	add_notes(out, r, title.at);
	add_rest(out, r, title.at);
	cdma_text_fini(&title);
}

static void end(struct cdma_text *out, void *state,
		const struct report_options *options,
		const struct report_total *total)
{
	report_text.end(out, state, options, total);
}

const struct report_ops report_github = {
	.name = "github",
	.result = result,
	.end = end,
};
