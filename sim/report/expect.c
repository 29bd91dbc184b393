/* SPDX-License-Identifier: MIT */
#include "report/report.h"

/*
 * An expectation as it stands in the scenario.
 */

static void add_side(struct cdma_text *out, const char *before,
		     const char *label, const struct expect_turns *turns,
		     const char *text)
{
	if (!label)
		return;
	cdma_text_addf(out, "%s%s", before, label);
	for (size_t i = 0; i < turns->nr; i++)
		cdma_text_addf(out, "[%s=%llu]", turns->at[i].name,
			       (unsigned long long)turns->at[i].value);
	if (text)
		cdma_text_addf(out, " \"%s\"", text);
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
	add_side(out, " at ", e->at, &e->at_turns, e->at_text);
	add_side(out, " against ", e->against, &e->against_turns,
		 e->against_text);
	if (e->in_explore)
		cdma_text_add(out, " in explore");
	add_under(out, e);
	if (e->then_anything)
		cdma_text_add(out, ", then anything");
}
