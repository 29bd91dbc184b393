/* SPDX-License-Identifier: MIT */
#ifndef SIM_LITMUS_SAY_H
#define SIM_LITMUS_SAY_H

/*
 * Litmus say: what came of a litmus test, as a result among others.
 *
 * (A verdict on a test and one on a variant are two things of one name, and no
 * file knows both.)
 */

#include "base/text.h"
#include "script/diag.h"

struct output;

struct litmus_said {
	const char *file, *name;
	int status;       /* STATUS_*, of this test alone */
	const char *line; /* "Sometimes: 1 of 4 executions" */
	const char *text; /* what herd7 prints, or its last lines */
};

/* Print it in all formats, and count it. */
void litmus_say(struct output *output, const struct litmus_said *said);

/* The same of a file that is no test: it has been said what is wrong. */
void litmus_say_mistakes(struct output *output, const char *file,
			 const struct diag *diag);

/* The same in one sentence. */
void litmus_say_refused(struct output *output, const char *file,
			const char *why);

/* The sum, for people. */
void litmus_say_sum(struct output *output, struct cdma_text *text);

/* There will be no more: the process is about to end with a signal. */
void litmus_say_end(struct output *output, int status);

bool litmus_bad_io(const struct output *output);

#endif /* SIM_LITMUS_SAY_H */
