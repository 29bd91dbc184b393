/* SPDX-License-Identifier: MIT */
#include "run/compare.h"

#include <string.h>

#include "native/place.h"

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_place(const struct cdma_site *a, const struct cdma_site *b)
{
	return a->line == b->line && a->col == b->col &&
	       same_text(a->file, b->file);
}

bool compare_code(const struct program *a, const struct program *b)
{
	if (a->sections.nr != b->sections.nr || a->code.nr != b->code.nr)
		return false;
	for (size_t i = 0; i < a->code.nr; i++) {
		const struct insn *x = &a->code.at[i], *y = &b->code.at[i];

		if (x->op != y->op ||
		    !same_place(a->sites.at[x->site], b->sites.at[y->site]))
			return false;
	}
	return true;
}

static bool move_site(const struct cdma_site **site, const struct program *to)
{
	for (size_t i = 0; i < to->sites.nr && *site; i++)
		if (same_place(*site, to->sites.at[i])) {
			*site = to->sites.at[i];
			return true;
		}
	/* Code in C is the same, whatever is written in the scenario. */
	return !*site || (to->natives.nr && native_is_place(*site));
}

bool compare_finding(const struct cdma_finding *from, const struct program *to,
		     struct cdma_finding *out)
{
	*out = (struct cdma_finding){
		.id = from->id,
		.at.site = from->at.site,
		.against.site = from->against.site,
	};
	return move_site(&out->at.site, to) &&
	       move_site(&out->against.site, to);
}

static bool same_side(const struct cdma_site *a, const struct cdma_site *b)
{
	return a == b || (a && b && same_place(a, b));
}

bool compare_same(const struct cdma_finding *a, const struct cdma_finding *b)
{
	if (a->id != b->id)
		return false;
	if (same_side(a->at.site, b->at.site) &&
	    same_side(a->against.site, b->against.site))
		return true;
	return a->id == CDMA_FINDING_DATA_RACE &&
	       same_side(a->at.site, b->against.site) &&
	       same_side(a->against.site, b->at.site);
}

static bool has_place(const shrinker_sites *sites, const struct cdma_site *site)
{
	for (size_t i = 0; i < sites->nr; i++)
		if (same_place(sites->at[i], site))
			return true;
	return false;
}

bool compare_places(const shrinker_sites *all, const shrinker_sites *some)
{
	for (size_t i = 0; i < some->nr; i++)
		if (!has_place(all, some->at[i]))
			return false;
	return true;
}
