/* SPDX-License-Identifier: MIT */
#ifndef SCHED_SCHEDULE_TEXT_H
#define SCHED_SCHEDULE_TEXT_H

/*
 * Schedule-text: a schedule as a person reads and edits it.
 *
 *	# anything up to the end of the line is a comment
 *	v1 nic_rx_rmb/default@3fa29c1e
 *	file "nic_rx.dma"
 *	define "rmb=0"
 *	:
 *	dma*4 poll dma:split=1 poll*3
 *
 * First what is run, all of it: version of this text, scenario, variant, and
 * a hash of what the steps do (program_hash()), then settings, a line each.
 * After the colon the schedule: who does a step, or so many steps in a row.
 * "split=1" says which way a step went where it could go several, when that
 * is not the first; several are separated by commas, in the order in which
 * they are asked.  What comes after the last step is done as strategy first
 * would.
 *
 *	schedule = "v1" NAME "/" NAME "@" HASH { setting } ":" { run }
 *	setting  = ( "file" | "define" | "fail" | "include" | "memory"
 *	           | "contract" | "machine" | "origin" ) STRING
 *	         | "strict-volatile" | "strict-windows" | "strict-plain"
 *	run      = NAME [ ":" way { "," way } ] [ "*" NUMBER ]
 *	way      = KIND "=" NUMBER
 *
 * Blanks and line ends mean nothing, so that a short schedule fits a command
 * line: 'v1 nic_rx_rmb/default@3fa29c1e: dma*4 poll'.
 *
 * Reading is in two parts, since the text says which program it is for.
 *
 * Usage
 * -----
 *	struct schedule_text *text = schedule_text_parse(path, s, len, diag);
 *	const struct schedule_head *head = schedule_text_head(text);
 *	... compile head->scenario in head->file ...
 *	if (schedule_text_resolve(text, program, diag, &schedule))
 *		... replay it ...
 *	schedule_text_free(text);
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"
#include "sched/schedule.h"
#include "script/span.h"

struct cdma_text;
struct diag;
struct program;
struct sources;

typedef CDMA_VEC(const char *) schedule_words;

/* What a schedule is a schedule of; all texts are borrowed. */
struct schedule_head {
	const char *scenario, *variant;
	uint32_t hash;
	const char *file;   /* as seen from where the schedule is; NULL: none */
	const char *origin; /* the command that showed it first, or NULL */
	schedule_words defines, faults, includes; /* -D, --fail, -I */
	bool strict_volatile, strict_windows, strict_plain;
	const char *memory; /* "strong" or "weak"; NULL: as the scenario says */
	const char *contract; /* "c" or "rust"; NULL: the same */
	const char *machine;  /* its name; NULL: the same */
};

/* More steps than that are refused. */
#define SCHEDULE_STEPS_MAX (1u << 20)

/* Add the text of @schedule of @program, with all of @head, as a file. */
void schedule_text_print(struct cdma_text *out,
			 const struct schedule_head *head,
			 const struct program *program,
			 const struct schedule *schedule);

/* Add it as one line without its end, without the settings. */
void schedule_text_print_line(struct cdma_text *out,
			      const struct program *program,
			      const struct schedule *schedule);

struct schedule_text;

/*
 * Parse @len bytes at @text that are called @path in messages.
 *
 * Returns: NULL when there was an error; @diag has it.
 * Owns: the caller; schedule_text_free().
 */
struct schedule_text *schedule_text_parse(const char *path, const char *text,
					  size_t len, struct diag *diag);
void schedule_text_free(struct schedule_text *text);

/* Borrowed until schedule_text_free(). */
const struct schedule_head *
schedule_text_head(const struct schedule_text *text);

/*
 * Find the names of @text in @program.
 *
 * @out: all zero; schedule_fini() it in any case.
 *
 * Returns: false when there was an error; @diag has it.
 */
bool schedule_text_resolve(struct schedule_text *text,
			   const struct program *program, struct diag *diag,
			   struct schedule *out);

/* Where step number @step, from 0, is written; after the last one, the end. */
struct span schedule_text_span(const struct schedule_text *text, size_t step);
struct sources *schedule_text_sources(struct schedule_text *text);

#endif /* SCHED_SCHEDULE_TEXT_H */
