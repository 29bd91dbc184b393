/* SPDX-License-Identifier: MIT */
#include <cdma/finding.h>

#include "base/macros.h"
#include "base/vec.h"

static const struct {
	const char *name, *summary;
	enum cdma_finding_group group;
} kinds[] = {
#define X(name, id, group, summary) {id, summary, CDMA_GROUP_##group},
	CDMA_FINDINGS(X)
#undef X
};

static const char *const group_names[] = {
	[CDMA_GROUP_ORDERING] = "ordering",
	[CDMA_GROUP_OWNERSHIP] = "ownership",
	[CDMA_GROUP_LIFETIME] = "lifetime",
	[CDMA_GROUP_BOUNDS] = "bounds and attributes",
	[CDMA_GROUP_VALUES] = "values",
	[CDMA_GROUP_API] = "API use",
};

const char *cdma_finding_name(enum cdma_finding_id id)
{
	CDMA_REQUIRE(id < CDMA_FINDING_NR);
	return kinds[id].name;
}

const char *cdma_finding_summary(enum cdma_finding_id id)
{
	CDMA_REQUIRE(id < CDMA_FINDING_NR);
	return kinds[id].summary;
}

enum cdma_finding_group cdma_finding_group(enum cdma_finding_id id)
{
	CDMA_REQUIRE(id < CDMA_FINDING_NR);
	return kinds[id].group;
}

const char *cdma_finding_group_name(enum cdma_finding_group group)
{
	CDMA_REQUIRE(group < CDMA_GROUP_NR);
	return group_names[group];
}

struct cdma_party cdma_party_of(const struct cdma_event *ev)
{
	return (struct cdma_party){
		.seq = ev->seq,
		.offset = ev->op_offset,
		.size = ev->op_size,
		.value = ev->value,
		.site = ev->site,
		.ctx = ev->ctx,
		.object = ev->object,
		.actor = ev->actor,
		.kind = ev->kind,
		.how = ev->how,
		.flags = ev->flags,
	};
}

/* A run has few findings, so a list is searched from its end. */
struct cdma_findings {
	CDMA_VEC(struct cdma_finding) list;
	bool is_split; /* by the ctx of their sides */
};

struct cdma_findings *cdma_findings_new(void)
{
	return cdma_xcalloc(1, sizeof(struct cdma_findings));
}

void cdma_findings_free(struct cdma_findings *set)
{
	if (!set)
		return;
	cdma_vec_free(&set->list);
	free(set);
}

void cdma_findings_reset(struct cdma_findings *set)
{
	set->list.nr = 0;
}

bool cdma_finding_same(const struct cdma_finding *a,
		       const struct cdma_finding *b)
{
	if (a->id != b->id)
		return false;
	if (a->at.site == b->at.site && a->against.site == b->against.site)
		return true;
	return a->id == CDMA_FINDING_DATA_RACE &&
	       a->at.site == b->against.site && a->against.site == b->at.site;
}

void cdma_findings_split(struct cdma_findings *set, bool on)
{
	set->is_split = on;
}

static bool is_in(const struct cdma_findings *set,
		  const struct cdma_finding *known,
		  const struct cdma_finding *finding)
{
	return cdma_finding_same(known, finding) &&
	       (!set->is_split || (known->at.ctx == finding->at.ctx &&
				   known->against.ctx == finding->against.ctx));
}

bool cdma_findings_add(struct cdma_findings *set,
		       const struct cdma_finding *finding)
{
	for (size_t i = set->list.nr; i > 0; i--)
		if (is_in(set, &set->list.at[i - 1], finding))
			return false;
	*cdma_vec_push(&set->list) = *finding;
	return true;
}

static void found(void *aux, const struct cdma_finding *finding)
{
	cdma_findings_add(aux, finding);
}

struct cdma_finding_sink cdma_findings_sink(struct cdma_findings *set)
{
	return (struct cdma_finding_sink){.found = found, .aux = set};
}

size_t cdma_findings_nr(const struct cdma_findings *set)
{
	return set->list.nr;
}

const struct cdma_finding *cdma_findings_at(const struct cdma_findings *set,
					    size_t i)
{
	CDMA_REQUIRE(i < set->list.nr);
	return &set->list.at[i];
}
