/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include <string.h>

#include "sched/schedule-text.h"

void report_quoted(struct cdma_text *out, const char *s)
{
	size_t plain = strspn(s, "abcdefghijklmnopqrstuvwxyz_-+=./:,@%"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

	if (*s && !s[plain]) {
		cdma_text_add(out, s);
		return;
	}
	cdma_text_addc(out, '\'');
	for (; *s; s++) {
		if (*s == '\'')
			cdma_text_add(out, "'\\'");
		cdma_text_addc(out, *s);
	}
	cdma_text_addc(out, '\'');
}

/* A schedule that is longer is not put into a command line. */
#define LINE_MAX_BYTES 120

static void add_words(struct cdma_text *out, const char *option,
		      const char *const *words, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		cdma_text_add(out, option);
		report_quoted(out, words[i]);
	}
}

void report_settings(struct cdma_text *out, const struct given *given)
{
	add_words(out, " -I ", given->includes, given->nr_includes);
	add_words(out, " -D ", given->defines, given->nr_defines);
	add_words(out, " --fail=", given->faults, given->nr_faults);
	if (given->machine)
		add_words(out, " --machine=", &given->machine, 1);
}

/* @simplified: NULL: what was run. */
static void add_settings(struct cdma_text *out, const struct report_variant *v,
			 const struct simplified *simplified)
{
	static const char *const memory[] = {
		[MEMORY_AUTO] = "",
		[MEMORY_STRONG] = " --memory=strong",
		[MEMORY_WEAK] = " --memory=weak",
	};
	static const char *const contract[] = {
		[CDMA_CONTRACT_CALLS] = "",
		[CDMA_CONTRACT_C] = " --contract=c",
		[CDMA_CONTRACT_RUST] = " --contract=rust",
	};
	const struct machine_options *o = &v->options->machine;

	cdma_text_addf(out, "%s%s%s%s%s", memory[o->memory],
		       contract[o->contract],
		       o->strict_volatile ? " --strict-volatile" : "",
		       o->strict_windows ? " --strict-windows" : "",
		       o->strict_plain ? " --strict-plain" : "");
	if (simplified)
		report_settings(out, &simplified->given);
	else
		cdma_text_add(out, v->settings);
}

/* How many of the runs of an exploration lead to finding it. */
static void add_executions(struct cdma_text *out,
			   const struct campaign_source *source, uint64_t first)
{
	cdma_text_addf(out, "explore%s%s --executions=%llu",
		       source->bound ? " " : "",
		       source->bound ? source->bound : "",
		       (unsigned long long)first + 1);
}

static void add_number(struct cdma_text *out, const struct report_variant *v,
		       uint64_t first)
{
	cdma_text_addf(out, "run --seed=%llu --first=%llu --schedules=1",
		       (unsigned long long)v->options->seed,
		       (unsigned long long)first);
	if (v->strategy)
		cdma_text_addf(out, " --strategy=%s", v->strategy);
}

void report_origin(struct cdma_text *out, const struct report_variant *v,
		   const struct campaign_finding *finding)
{
	if (v->origin) {
		cdma_text_add(out, v->origin);
		return;
	}
	if (v->options->source && v->options->source->threads)
		cdma_text_add(out, "run --threads");
	else if (v->options->source)
		add_executions(out, v->options->source, finding->first);
	else if (v->options->covers)
		/* In cases, they come in another order. */
		cdma_text_add(out, "explore");
	else
		add_number(out, v, finding->first);
	cdma_text_addf(out, " --variant=%s", v->program->variant);
	add_settings(out, v, NULL);
}

/* Whether the schedule is all that leads to the run again. */
static bool is_only_way(const struct report_variant *v)
{
	return v->options->source && v->options->source->threads;
}

/* Add the command with the schedule itself; false: it is too long. */
static bool add_line(struct cdma_text *out, const struct report_variant *v,
		     const struct campaign_finding *finding)
{
	struct cdma_text line = {0};
	bool fits = false;

	if (finding->schedule)
		schedule_text_print_line(&line, finding->program,
					 finding->schedule);
	if (line.len && (line.len <= LINE_MAX_BYTES || is_only_way(v))) {
		fits = true;
		cdma_text_add(out, "replay");
		add_settings(out, v, finding->simplified);
		cdma_text_addf(out, " --schedule='%s'", line.at);
	}
	cdma_text_fini(&line);
	return fits;
}

void report_replay(struct cdma_text *out, const struct report_variant *v,
		   const struct campaign_finding *finding)
{
	cdma_text_add(out, "cdmasim ");
	if (!add_line(out, v, finding))
		report_origin(out, v, finding);
	cdma_text_addc(out, ' ');
	report_quoted(out, v->file);
}
