/* SPDX-License-Identifier: MIT */
#include "report/brief.h"

enum brief_end brief_end(const struct report_result *r)
{
	switch (r->verdict) {
	case VERDICT_EXPECTED:
		return BRIEF_PASSED;
	case VERDICT_DIFFERS:
		return BRIEF_FAILED;
	case VERDICT_PART:
		return BRIEF_SKIPPED;
	case VERDICT_INCONCLUSIVE:
	case VERDICT_ERROR:
		break;
	}
	return BRIEF_BROKEN;
}

static bool is_wrong(const struct report_note *n)
{
	switch (n->kind) {
	case REPORT_NOTE_MISSING:
	case REPORT_NOTE_UNEXPECTED:
	case REPORT_NOTE_ERROR:
	case REPORT_NOTE_MISTAKE:
	case REPORT_NOTE_BOUNDED:
	case REPORT_NOTE_VACUOUS:
		return true;
	case REPORT_NOTE_IDLE_FAULT:
	case REPORT_NOTE_NEVER:
		break;
	}
	return false;
}

const char *brief_why(const struct report_result *r)
{
	for (size_t i = 0; i < r->notes.nr; i++)
		if (is_wrong(&r->notes.at[i]))
			return r->notes.at[i].text;
	if (r->verdict == VERDICT_INCONCLUSIVE && r->coverage)
		return r->coverage;
	return r->line ? r->line : report_verdict_name(r->verdict);
}

void brief_add_text(struct cdma_text *out, const struct report_result *r)
{
	struct cdma_text said = {0};
	const struct report_options options = {.detail = REPORT_ALL,
					       .said = &said};

	report_text.result(out, NULL, &options, r);
	for (size_t i = 0; r->kind == REPORT_FILE && i < r->notes.nr; i++) {
		const struct report_note *n = &r->notes.at[i];

		if (n->site)
			cdma_text_addf(out, "%s:%u:%u: ", n->site->file,
				       n->site->line, n->site->col);
		cdma_text_addf(out, "%s\n", n->text);
	}
	cdma_text_fini(&said);
}
