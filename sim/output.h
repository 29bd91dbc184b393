/* SPDX-License-Identifier: MIT */
#ifndef SIM_OUTPUT_H
#define SIM_OUTPUT_H

/*
 * Output: where the results of a command go, in which formats.
 *
 * A command gives it each result as soon as there is one, and adds to the sum;
 * main() opens it before and closes it after.  Without --format it is text on
 * standard output.
 */

#include "load.h"
#include "report/report.h"

#include <stdio.h>

struct cmd;

/* One format, in one place. */
struct output_to {
	const struct report_ops *ops;
	void *state;
	struct report_options options;
	struct cdma_text said; /* of options */
	const char *path;      /* borrowed; NULL: standard output */
	FILE *file;            /* of path */
	bool is_open;
};

struct output {
	CDMA_VEC(struct output_to) to;
	struct report_total total; /* the commands add to it */
	bool bad_io;               /* something was not written */
};

/*
 * Open what --format says.
 *
 * Returns: STATUS_OK, or another after a message; output_end() it in any case.
 */
int output_begin(struct output *output, const struct cmd *cmd);

/* Say how much of a finding that is expected is worth reading. */
void output_detail(struct output *output, enum report_detail detail);

/* Whether some format tells all of findings that are expected. */
bool output_tells_all(const struct output *output);

/* Print @result in all formats, and free it. */
void output_result(struct output *output, struct report_result *result);

/* The result of a file that is wrong: its mistakes.  Owns: the caller. */
struct report_result *mistakes_result(const char *path,
				      const struct loaded *loaded);

/* Print a line that is for people alone, and empty @text. */
void output_say(struct output *output, struct cdma_text *text);

/* Print the ends, close all; once, whoever calls it again.  Returns: @status,
 * or STATUS_IO after a message. */
int output_end(struct output *output, int status);

#endif /* SIM_OUTPUT_H */
