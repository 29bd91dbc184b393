/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include <string.h>

/*
 * What never happened: below the line of a variant, a line each.  Lines of the
 * text that nobody came to are one line together.
 */

static void add_place(struct cdma_text *out, const struct cdma_site *site)
{
	cdma_text_addf(out, "      %s:%u:%u: ", site->file, site->line,
		       site->col);
}

/* "thread dma", "setup". */
static void add_who(struct cdma_text *out, const struct program *program,
		    const struct program_section *s)
{
	if (s->kind == SECTION_THREAD && s->device >= 0)
		cdma_text_addf(out, "device %s, ",
			       program->devices.at[s->device].name);
	if (s->kind == SECTION_THREAD)
		cdma_text_addf(out, "thread %s", s->name);
	else if (s->kind == SECTION_HANDLER)
		cdma_text_addf(out, "handler %s", s->name);
	else
		cdma_text_add(out, s->name);
}

void report_add_never(struct cdma_text *out, const struct program *program,
		      int setup, const struct reach_note *note)
{
	switch (note->kind) {
	case REACH_SETUP:
		cdma_text_add(out, "setup always returned ");
		program_add_error(out, setup);
		cdma_text_add(out, ": no thread ran");
		break;
	case REACH_RETURN:
		add_who(out, program, note->section);
		cdma_text_add(out, " always returned an error");
		break;
	case REACH_POLL:
		add_who(out, program, note->section);
		cdma_text_add(out, ": this poll always ran out");
		break;
	case REACH_LABEL:
		cdma_text_addf(out, "'%s' was never reached",
			       note->site->label);
		break;
	case REACH_LINE:
		break;
	}
}

/* Lines that follow each other in the list and in the text are a range. */
void report_add_lines(struct cdma_text *out, const struct reach *reach)
{
	const struct cdma_site *first = NULL, *last = NULL;

	for (size_t i = 0; i <= reach->notes.nr; i++) {
		const struct reach_note *n =
			i < reach->notes.nr ? &reach->notes.at[i] : NULL;

		if (n && n->kind != REACH_LINE)
			continue;
		if (n && last && n->site->line == last->line + 1 &&
		    !strcmp(n->site->file, last->file)) {
			last = n->site;
			continue;
		}
		if (last && last != first)
			cdma_text_addf(out, "-%u", last->line);
		if (!n)
			break;
		if (!first || strcmp(first->file, n->site->file))
			cdma_text_addf(out, "%s%s:%u", first ? ", " : "",
				       n->site->file, n->site->line);
		else
			cdma_text_addf(out, ", %u", n->site->line);
		first = last = n->site;
	}
}

void report_lines(struct cdma_text *out, const struct reach *reach)
{
	struct cdma_text lines = {0};

	report_add_lines(&lines, reach);
	if (lines.len)
		cdma_text_addf(out, "      lines never reached: %s\n",
			       lines.at);
	cdma_text_fini(&lines);
}

void report_never(struct cdma_text *out, const struct program *program,
		  const struct reach *reach, int setup, bool is_vacuous,
		  bool all)
{
	if (is_vacuous)
		cdma_text_add(out, "      " REPORT_VACUOUS "\n");
	for (size_t i = 0; i < reach->notes.nr; i++) {
		const struct reach_note *n = &reach->notes.at[i];

		if (n->kind != REACH_LINE &&
		    (all || (is_vacuous && n->is_reason))) {
			add_place(out, n->site);
			report_add_never(out, program, setup, n);
			cdma_text_addc(out, '\n');
		}
	}
}
