/* SPDX-License-Identifier: MIT */
#include "sched/schedule-text.h"

#include <string.h>

#include "base/text.h"
#include "script/program.h"

#define COLUMNS 76

static void add_target(struct cdma_text *out, const struct program *program,
		       uint32_t hash)
{
	cdma_text_addf(out, "v1 %s/%s@%08x", program->name, program->variant,
		       hash);
}

/* How many answers have to be written: none after the last that is not 0. */
static uint32_t nr_ways(const struct schedule_step *step)
{
	uint32_t nr = step->answers;

	while (nr && !schedule_way(step, nr - 1))
		nr--;
	return nr;
}

/* "dma:split=1*2" */
static void add_run(struct cdma_text *out, const struct program *program,
		    const struct schedule_step *step, size_t nr)
{
	uint32_t ways = nr_ways(step);

	cdma_text_add(out, program_actor_name(program, step->actor));
	for (uint32_t i = 0; i < ways; i++)
		cdma_text_addf(out, "%c%s=%u", i ? ',' : ':',
			       choice_name(schedule_kind(step, i)),
			       schedule_way(step, i));
	if (nr > 1)
		cdma_text_addf(out, "*%zu", nr);
}

/* How many steps from @i on are the same. */
static size_t run_at(const struct schedule *schedule, size_t i)
{
	size_t nr = 1;

	while (i + nr < schedule->steps.nr &&
	       schedule_same_step(&schedule->steps.at[i],
				  &schedule->steps.at[i + nr]))
		nr++;
	return nr;
}

static size_t column(const struct cdma_text *out, size_t start)
{
	size_t at = out->len;

	while (at > start && out->at[at - 1] != '\n')
		at--;
	return out->len - at;
}

/* @columns: where lines are folded; 0: nowhere. */
static void add_runs(struct cdma_text *out, const struct program *program,
		     const struct schedule *schedule, size_t columns)
{
	struct cdma_text run = {0};
	size_t start = out->len, nr;

	for (size_t i = 0; i < schedule->steps.nr; i += nr) {
		nr = run_at(schedule, i);
		cdma_text_cut(&run, 0);
		add_run(&run, program, &schedule->steps.at[i], nr);
		if (columns && column(out, start) &&
		    column(out, start) + 1 + run.len > columns)
			cdma_text_addc(out, '\n');
		else if (i)
			cdma_text_addc(out, ' ');
		cdma_text_addn(out, run.at, run.len);
	}
	cdma_text_fini(&run);
}

/* @key "value", a line. */
static void add_setting(struct cdma_text *out, const char *key,
			const char *value)
{
	if (!value)
		return;
	cdma_text_addf(out, "%s \"", key);
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			cdma_text_addc(out, '\\');
		cdma_text_addc(out, *value);
	}
	cdma_text_add(out, "\"\n");
}

static void add_settings(struct cdma_text *out,
			 const struct schedule_head *head)
{
	add_setting(out, "file", head->file);
	for (size_t i = 0; i < head->includes.nr; i++)
		add_setting(out, "include", head->includes.at[i]);
	for (size_t i = 0; i < head->defines.nr; i++)
		add_setting(out, "define", head->defines.at[i]);
	for (size_t i = 0; i < head->faults.nr; i++)
		add_setting(out, "fail", head->faults.at[i]);
	if (head->strict_volatile)
		cdma_text_add(out, "strict-volatile\n");
	if (head->strict_windows)
		cdma_text_add(out, "strict-windows\n");
	if (head->strict_plain)
		cdma_text_add(out, "strict-plain\n");
	add_setting(out, "memory", head->memory);
	add_setting(out, "contract", head->contract);
	add_setting(out, "machine", head->machine);
	add_setting(out, "origin", head->origin);
}

void schedule_text_print(struct cdma_text *out,
			 const struct schedule_head *head,
			 const struct program *program,
			 const struct schedule *schedule)
{
	add_target(out, program, program_hash(program));
	cdma_text_addc(out, '\n');
	add_settings(out, head);
	cdma_text_add(out, ":\n");
	add_runs(out, program, schedule, COLUMNS);
	if (schedule->steps.nr)
		cdma_text_addc(out, '\n');
}

void schedule_text_print_line(struct cdma_text *out,
			      const struct program *program,
			      const struct schedule *schedule)
{
	add_target(out, program, program_hash(program));
	cdma_text_add(out, ":");
	if (schedule->steps.nr)
		cdma_text_addc(out, ' ');
	add_runs(out, program, schedule, 0);
}
