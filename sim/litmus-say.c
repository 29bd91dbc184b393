/* SPDX-License-Identifier: MIT */
#include "litmus-say.h"

#include "cmd.h"
#include "output.h"

#include <string.h>

static enum verdict verdict_of(int status)
{
	switch (status) {
	case STATUS_OK:
		return VERDICT_EXPECTED;
	case STATUS_DIFFERS:
		return VERDICT_DIFFERS;
	case STATUS_INCONCLUSIVE:
		return VERDICT_INCONCLUSIVE;
	default:
		return VERDICT_ERROR;
	}
}

void litmus_say(struct output *output, const struct litmus_said *said)
{
	enum verdict verdict = verdict_of(said->status);
	struct report_result *r =
		report_result_new(REPORT_LITMUS, verdict, said->file);
	struct cdma_text line = {0}, text = {0};

	cdma_text_add(&line, said->line);
	cdma_text_add(&text, said->text);
	r->scenario = said->name;
	r->line = report_keep(&r->arena, &line);
	r->text = report_keep(&r->arena, &text);
	output->total.litmus[verdict]++;
	output_result(output, r);
}

void litmus_say_mistakes(struct output *output, const char *file,
			 const struct diag *diag)
{
	struct report_result *r =
		report_result_new(REPORT_FILE, VERDICT_ERROR, file);
	CDMA_VEC(struct cdma_site) sites = {0};
	struct diag_error error;

	for (size_t i = 0; diag_at(diag, i, &error); i++)
		*cdma_vec_push(&sites) = (struct cdma_site){.file = error.path,
							    .line = error.line,
							    .col = error.col};
	for (size_t i = 0; diag_at(diag, i, &error); i++)
		report_result_note(r, REPORT_NOTE_MISTAKE, &sites.at[i],
				   error.text);
	output->total.litmus[VERDICT_ERROR]++;
	output_result(output, r);
	cdma_vec_free(&sites);
}

void litmus_say_refused(struct output *output, const char *file,
			const char *why)
{
	struct report_result *r =
		report_result_new(REPORT_FILE, VERDICT_ERROR, file);

	report_result_note(r, REPORT_NOTE_MISTAKE, NULL, why);
	output->total.litmus[VERDICT_ERROR]++;
	output_result(output, r);
}

void litmus_say_sum(struct output *output, struct cdma_text *text)
{
	output_say(output, text);
}

void litmus_say_end(struct output *output, int status)
{
	output->total.interrupted = true;
	output_end(output, status);
}

bool litmus_bad_io(const struct output *output)
{
	return output->bad_io;
}
