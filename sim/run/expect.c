/* SPDX-License-Identifier: MIT */
#include "run/expect.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void expects_init(struct expects *expects, const struct program *program)
{
	*expects = (struct expects){
		.program = program,
		.seen = cdma_xcalloc(program->expects.nr + 1,
				     sizeof(*expects->seen)),
	};
}

void expects_fini(struct expects *expects)
{
	free(expects->seen);
	*expects = (struct expects){0};
}

static bool has_label(const struct cdma_party *party, const char *label)
{
	if (!label)
		return true;
	return party->seq && party->site->label &&
	       !strcmp(party->site->label, label);
}

static bool has_name(const struct machine *machine, cdma_region_id region,
		     const char *name)
{
	const char *had;

	if (!name)
		return true;
	if (!region)
		return false;
	for (size_t i = 0; (had = machine_region_name(machine, region, i)); i++)
		if (!strcmp(had, name))
			return true;
	return false;
}

bool expect_names(const struct program_expect *expect,
		  const struct machine *machine,
		  const struct cdma_finding *finding)
{
	if (expect->when == EXPECT_NOTHING)
		return true;
	if (expect->finding != finding->id ||
	    !has_name(machine, finding->region, expect->of))
		return false;
	if (has_label(&finding->at, expect->at) &&
	    has_label(&finding->against, expect->against))
		return true;
	/* A race has no sides. */
	return finding->id == CDMA_FINDING_DATA_RACE &&
	       has_label(&finding->against, expect->at) &&
	       has_label(&finding->at, expect->against);
}

static bool is_promise(const struct program_expect *expect)
{
	return expect->when == EXPECT_SOME || expect->when == EXPECT_ALWAYS;
}

bool expects_allow(const struct program *program, const struct machine *machine,
		   const struct cdma_finding *finding)
{
	for (size_t i = 0; i < program->expects.nr; i++) {
		const struct program_expect *e = &program->expects.at[i];

		if (is_promise(e) && expect_names(e, machine, finding))
			return true;
	}
	return false;
}

void expects_count(struct expects *expects, const struct machine *machine)
{
	const struct cdma_findings *found = machine_findings(machine);

	expects->schedules++;
	if (!cdma_findings_nr(found))
		return;
	for (size_t i = 0; i < expects->program->expects.nr; i++) {
		const struct program_expect *e =
			&expects->program->expects.at[i];

		for (size_t j = 0; j < cdma_findings_nr(found); j++) {
			if (!expect_names(e, machine,
					  cdma_findings_at(found, j)))
				continue;
			expects->seen[i]++;
			break;
		}
	}
}

bool expects_met(const struct expects *expects, size_t i)
{
	switch (expects->program->expects.at[i].when) {
	case EXPECT_SOME:
		return expects->seen[i] > 0;
	case EXPECT_ALWAYS:
		return expects->seen[i] == expects->schedules;
	default:
		return expects->seen[i] == 0;
	}
}
