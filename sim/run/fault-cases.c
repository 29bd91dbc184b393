/* SPDX-License-Identifier: MIT */
#include "run/fault-cases.h"

#include "base/text.h"

/* The pass after @point, or the first of the next site when it was not
 * reached; false: there are no more sites. */
static bool advance(struct fault_point *point, bool struck)
{
	if (struck) {
		point->nth++;
		return true;
	}
	*point = (struct fault_point){point->site + 1, 1};
	return point->site < CDMA_FAULT_NR;
}

/* The first fault of the next pair; the second is one that comes after it, so
 * that no pair is tried twice. */
static bool next_first(struct fault_cases *c)
{
	struct fault_point first;

	if (c->mode != FAULTS_PAIRS || c->first >= c->reached.nr)
		return false;
	first = c->reached.at[c->first++];
	c->at = (struct fault_case){
		.at = {first, {first.site, first.nth + 1}},
		.nr = 2,
	};
	return true;
}

bool fault_cases_next(struct fault_cases *c, bool struck)
{
	if (c->mode == FAULTS_AS_SAID)
		return false;
	if (!c->at.nr) {
		c->at = (struct fault_case){.at = {{0, 1}}, .nr = 1};
		return true;
	}
	if (c->at.nr == 1 && struck)
		*cdma_vec_push(&c->reached) = c->at.at[0];
	if (advance(&c->at.at[c->at.nr - 1], struck))
		return true;
	return next_first(c);
}

void fault_cases_fini(struct fault_cases *c)
{
	cdma_vec_free(&c->reached);
}

void fault_case_add(struct cdma_text *out, const struct fault_case *at)
{
	for (unsigned int i = 0; i < at->nr; i++)
		cdma_text_addf(out, "%s%s #%llu", i ? ", " : "",
			       cdma_fault_name(at->at[i].site),
			       (unsigned long long)at->at[i].nth);
}
