/* SPDX-License-Identifier: MIT */
#include "report/report.h"

/*
 * What is said below the report of a finding, since it is not about the
 * schedule that is shown, and so a replay cannot know it.
 */

static const char *plural(uint64_t nr)
{
	return nr == 1 ? "" : "s";
}

static unsigned long long ull(uint64_t nr)
{
	return nr;
}

static void add_schedule(struct cdma_text *out, const struct shrunk *s)
{
	cdma_text_addf(out,
		       " from %llu step%s and %llu switch%s between threads "
		       "to %llu and %llu",
		       ull(s->steps_before), plural(s->steps_before),
		       ull(s->switches_before),
		       s->switches_before == 1 ? "" : "es", ull(s->steps),
		       ull(s->switches));
}

/* @before: the one that was said before, or NULL. */
static void add_change(struct cdma_text *out, const struct simplify_change *c,
		       const struct simplify_change *before)
{
	if (c->to && (!before || !before->to))
		cdma_text_add(out, "with ");
	if (c->param)
		cdma_text_addf(out, "-D %s=%s instead of %s", c->param, c->to,
			       c->from);
	else if (c->to)
		cdma_text_addf(out, "the fault '%s' instead of '%s'", c->to,
			       c->from);
	else
		cdma_text_addf(out, "without the fault '%s'", c->from);
}

static void add_changes(struct cdma_text *out, const struct simplified *s)
{
	for (size_t i = 0; i < s->changes.nr; i++) {
		cdma_text_add(out, i ? ", " : " ");
		add_change(out, &s->changes.at[i],
			   i ? &s->changes.at[i - 1] : NULL);
	}
}

/* "; minimised from 12 steps ... to 4 and 1, without the fault 'x'; shows with
 * -D n=1 instead of 4, too". */
static void add_minimised(struct cdma_text *out,
			  const struct campaign_finding *f)
{
	const struct shrunk *s = &f->shrunk;
	bool shorter = s->steps != s->steps_before ||
		       s->switches != s->switches_before;

	if (shorter || f->simplified)
		cdma_text_add(out, "; minimised");
	if (shorter)
		add_schedule(out, s);
	if (f->simplified) {
		cdma_text_add(out, shorter ? "," : "");
		add_changes(out, f->simplified);
	}
	if (f->smaller) {
		cdma_text_add(out, "; it shows");
		add_changes(out, f->smaller);
		cdma_text_add(out, ", too");
	}
	if (s->capped)
		cdma_text_addf(out, " (stopped after %u runs)", s->runs);
}

void report_seen(struct cdma_text *out, const struct campaign *campaign,
		 const struct campaign_finding *f)
{
	const uint64_t all = campaign_tally(campaign)->runs;

	cdma_text_addf(out, "seen in %llu of %llu schedule%s", ull(f->seen),
		       ull(all), plural(all));
	add_minimised(out, f);
}
