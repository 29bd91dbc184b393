/* SPDX-License-Identifier: MIT */
#include "run/expect.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "run/reach.h"
#include "run/source-line.h"

#define SPACE " \t\n"

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

/* A place in C has no label, but a function. */
static bool has_label(const struct cdma_party *party, const char *label)
{
	const char *name;

	if (!label)
		return true;
	if (!party->seq)
		return false;
	name = party->site->label ? party->site->label : party->site->func;
	return name && !strcmp(name, label);
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

/* Whether a loop that @party is in is in that turn. */
static bool has_turn(const struct machine *machine,
		     const struct cdma_party *party,
		     const struct expect_turn *turn)
{
	const struct frame *f;

	for (uint32_t ctx = party->ctx; (f = machine_frame(machine, ctx));
	     ctx = f->parent)
		if (f->name && !strcmp(f->name, turn->name))
			return f->index == turn->value;
	return false;
}

/* Whether @text stands in @line, where space is as good as any other. */
static bool has_text(const char *line, const char *text)
{
	const char *l, *t;

	for (; line && *line; line++) {
		for (l = line, t = text;
		     *t &&
		     (isspace((unsigned char)*t) ? isspace((unsigned char)*l)
						 : *l == *t);)
			if (isspace((unsigned char)*t)) {
				l += strspn(l, SPACE);
				t += strspn(t, SPACE);
			} else {
				l++;
				t++;
			}
		if (!*t)
			return true;
	}
	return false;
}

static bool is_side(const struct machine *machine,
		    const struct cdma_party *party, const char *label,
		    const struct expect_turns *turns, const char *text)
{
	if (!has_label(party, label))
		return false;
	if (text && !has_text(run_source_line(party->site), text))
		return false;
	for (size_t i = 0; i < turns->nr; i++)
		if (!has_turn(machine, party, &turns->at[i]))
			return false;
	return true;
}

static bool has_sides(const struct program_expect *e,
		      const struct machine *machine,
		      const struct cdma_party *at,
		      const struct cdma_party *against)
{
	return is_side(machine, at, e->at, &e->at_turns, e->at_text) &&
	       is_side(machine, against, e->against, &e->against_turns,
		       e->against_text);
}

bool expect_names(const struct program_expect *expect,
		  const struct machine *machine,
		  const struct cdma_finding *finding)
{
	if (expect->when == EXPECT_NOTHING)
		return true;
	if (!expect_is_finding(expect) || expect->finding != finding->id ||
	    !has_name(machine, finding->region, expect->of))
		return false;
	if (has_sides(expect, machine, &finding->at, &finding->against))
		return true;
	/* A race has no sides. */
	return finding->id == CDMA_FINDING_DATA_RACE &&
	       has_sides(expect, machine, &finding->against, &finding->at);
}

static bool is_promise(const struct program_expect *expect)
{
	return expect->when == EXPECT_SOME || expect->when == EXPECT_ALWAYS;
}

bool expect_is_finding(const struct program_expect *expect)
{
	return is_promise(expect) || expect->when == EXPECT_NEVER;
}

/* Whether @e takes all that comes after what it names, and that came before
 * @finding in this run. */
static bool takes_after(const struct program_expect *e,
			const struct machine *machine,
			const struct cdma_finding *finding)
{
	const struct cdma_findings *found = machine_findings(machine);

	for (size_t i = 0; e->then_anything && i < cdma_findings_nr(found);
	     i++) {
		const struct cdma_finding *f = cdma_findings_at(found, i);

		if (f == finding)
			return false;
		if (expect_names(e, machine, f))
			return true;
	}
	return false;
}

bool expects_allow(const struct program *program, const struct machine *machine,
		   const struct cdma_finding *finding)
{
	const bool is_case = machine_is_fault_case(machine);

	for (size_t i = 0; i < program->expects.nr; i++) {
		const struct program_expect *e = &program->expects.at[i];

		if (is_promise(e) && (!e->under || is_case) &&
		    (expect_names(e, machine, finding) ||
		     takes_after(e, machine, finding)))
			return true;
	}
	return false;
}

/* Whether the last run has what @e is about. */
static bool has(const struct expects *expects, const struct program_expect *e,
		const struct machine *machine, int setup)
{
	const struct cdma_findings *found = machine_findings(machine);

	if (e->when == EXPECT_SETUP)
		return setup == e->error;
	if (e->when == EXPECT_UNREACHED)
		return reach_label(expects->program, machine_reached(machine),
				   e->at);
	for (size_t i = 0; i < cdma_findings_nr(found); i++)
		if (expect_names(e, machine, cdma_findings_at(found, i)))
			return true;
	return false;
}

void expects_count(struct expects *expects, const struct machine *machine,
		   int setup)
{
	expects->schedules++;
	for (size_t i = 0; i < expects->program->expects.nr; i++)
		expects->seen[i] +=
			has(expects, &expects->program->expects.at[i], machine,
			    setup);
}

bool expects_met(const struct expects *expects, size_t i, bool is_search)
{
	const struct program_expect *e = &expects->program->expects.at[i];

	switch (e->when) {
	case EXPECT_SOME:
		return expects->seen[i] > 0 || (e->in_explore && !is_search);
	case EXPECT_ALWAYS:
	case EXPECT_SETUP:
		return expects->seen[i] == expects->schedules;
	default:
		return expects->seen[i] == 0;
	}
}
