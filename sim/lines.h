/* SPDX-License-Identifier: MIT */
#ifndef SIM_LINES_H
#define SIM_LINES_H

/*
 * Lines: what somebody types, with a history and editing where that is a
 * terminal; else the lines of standard input.
 */

struct lines;

/* Owns: the caller; lines_free(). */
struct lines *lines_new(void);
void lines_free(struct lines *lines);

/*
 * The next line without its end, or NULL when there are no more.
 *
 * @prompt: printed before it on a terminal.
 *
 * Returns: borrowed until the next call.
 */
const char *lines_next(struct lines *lines, const char *prompt);

#endif /* SIM_LINES_H */
