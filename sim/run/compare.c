/* SPDX-License-Identifier: MIT */
#include "run/compare.h"

#include <string.h>

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_place(const struct cdma_site *a, const struct cdma_site *b)
{
	return a->line == b->line && a->col == b->col &&
	       same_text(a->file, b->file);
}

/* The next instruction from *@at on that is no test before a loop: whether one
 * is needed depends on how often it turns. */
static const struct insn *next_insn(const struct program *p, size_t *at)
{
	while (*at < p->code.nr && p->code.at[*at].op == INSN_JUMP_Z)
		++*at;
	return *at < p->code.nr ? &p->code.at[(*at)++] : NULL;
}

bool compare_code(const struct program *a, const struct program *b)
{
	const struct insn *x, *y;
	size_t i = 0, j = 0;

	if (a->sections.nr != b->sections.nr)
		return false;
	do {
		x = next_insn(a, &i);
		y = next_insn(b, &j);
		if (x && y &&
		    (x->op != y->op ||
		     !same_place(a->sites.at[x->site], b->sites.at[y->site])))
			return false;
	} while (x && y);
	return !x && !y;
}

static bool move_site(const struct cdma_site **site, const struct program *to)
{
	for (size_t i = 0; i < to->sites.nr && *site; i++)
		if (same_place(*site, to->sites.at[i])) {
			*site = to->sites.at[i];
			return true;
		}
	return !*site;
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
