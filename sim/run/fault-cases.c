/* SPDX-License-Identifier: MIT */
#include "run/fault-cases.h"

#include "base/text.h"

/* The first site from that of @point on that may be passed. */
static bool find_site(const struct fault_cases *c, struct fault_point *point)
{
	uint32_t sites = c->at.nr == 1 ? c->passed : c->sites;

	while (point->site < CDMA_FAULT_CALLS && !(sites >> point->site & 1))
		point->site++;
	return point->site < CDMA_FAULT_CALLS;
}

/* The next stop of @point's pass, the pass after it, or the first of the next
 * site when it was not reached; false: there are no more sites. */
static bool advance(const struct fault_cases *c, struct fault_point *point,
		    bool struck)
{
	if (point->site >= CDMA_FAULT_CALLS)
		return false;
	if (struck && point->stop < c->stops[point->site].nr) {
		point->stop++;
		return true;
	}
	if (struck) {
		point->stop = 0;
		point->nth++;
		return true;
	}
	*point = (struct fault_point){point->site + 1, 1, 0};
	return find_site(c, point);
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
		.at = {first, {first.site, first.nth + 1, 0}},
		.nr = 2,
	};
	return true;
}

bool fault_cases_next(struct fault_cases *c, bool struck)
{
	if (c->mode == FAULTS_AS_SAID)
		return false;
	if (!c->at.nr) {
		c->at = (struct fault_case){.at = {{0, 1, 0}}, .nr = 1};
		return find_site(c, &c->at.at[0]);
	}
	if (c->at.nr == 1 && struck)
		*cdma_vec_push(&c->reached) = c->at.at[0];
	if (advance(c, &c->at.at[c->at.nr - 1], struck))
		return true;
	return next_first(c);
}

void fault_cases_fini(struct fault_cases *c)
{
	cdma_vec_free(&c->reached);
	for (int site = 0; site < CDMA_FAULT_CALLS; site++)
		cdma_vec_free(&c->stops[site]);
}

void fault_point_add(struct cdma_text *out, const struct fault_cases *c,
		     const struct fault_point *at)
{
	const struct fault_stop *stop =
		at->stop ? &c->stops[at->site].at[at->stop - 1] : NULL;

	cdma_text_addf(out, "%s #%llu", cdma_fault_name(at->site),
		       (unsigned long long)at->nth);
	if (stop && stop->field)
		cdma_text_addf(out, " at field %s", stop->field);
	else if (stop)
		cdma_text_addf(out, " at byte %llu",
			       (unsigned long long)stop->byte);
}

void fault_cases_add(struct cdma_text *out, const struct fault_cases *c)
{
	for (unsigned int i = 0; i < c->at.nr; i++) {
		cdma_text_add(out, i ? ", " : "");
		fault_point_add(out, c, &c->at.at[i]);
	}
}
