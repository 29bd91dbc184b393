/* SPDX-License-Identifier: MIT */
#ifndef SIM_TERMINAL_H
#define SIM_TERMINAL_H

/*
 * Terminal: what a stream is connected to, and a line of progress on it.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "options.h"

/*
 * Whether to use colour on @out: as @when says, or else NO_COLOR, or else
 * CLICOLOR_FORCE and FORCE_COLOR, or else when it is a terminal that is not
 * dumb.
 */
bool terminal_colour(FILE *out, enum when when);

/* Columns of @out: those of the terminal, or $COLUMNS, or 80. */
unsigned int terminal_width(FILE *out);

/*
 * A line on stderr that says how far something is, when stderr is a terminal;
 * at most ten times a second.
 */
struct progress {
	bool on, shown;
	uint64_t next;  /* when to show it again, ns */
	uint64_t from;  /* when the thing in hand began, ns */
	uint64_t begun; /* when it all did */
};

void progress_init(struct progress *progress);

/* Something else begins. */
void progress_begin(struct progress *progress);

/* @name: of what is being done; @done of @all runs, UINT64_MAX: nobody knows
 * how many there are. */
void progress_show(struct progress *progress, const char *name, uint64_t done,
		   uint64_t all);
/* All is done, @done runs: say how fast that was. */
void progress_end(struct progress *progress, uint64_t done);

/* Before anything else is printed. */
void progress_clear(struct progress *progress);

#endif /* SIM_TERMINAL_H */
