/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_DIAG_H
#define SCRIPT_DIAG_H

/*
 * Diag: what is wrong with a script, in the shape that compilers use.
 *
 *	e1.dma:36:23: error: unknown call 'READ_ONSE'; did you mean 'READ_ONCE'?
 *	   36 |         poll (READ_ONSE(rx[i].status) == DONE) max 1000;
 *	      |               ^~~~~~~~~
 *
 * Errors are collected while a script is read, and shown together: in the
 * order of the text, each once, at most 20.  A note belongs to the error
 * before it and says what is at another place, or what to write.
 *
 * Lifetime: messages are made at once, so they outlive the sources.
 */

#include <stdbool.h>

#include "base/text.h"
#include "script/source.h"

#define DIAG_ERRORS_MAX 20

struct diag;

struct diag *diag_new(bool colour);
void diag_free(struct diag *diag);

/* @fmt: without a full stop. */
void diag_error(struct diag *diag, struct sources *sources, struct span span,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void diag_note(struct diag *diag, struct sources *sources, struct span span,
	       const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* A note without a place. */
void diag_help(struct diag *diag, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* An error of a whole file that could not be read. */
void diag_error_file(struct diag *diag, const char *path, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* How many errors there are, repetitions left out. */
size_t diag_nr_errors(const struct diag *diag);

/* Whether so many errors were seen that it is no use to look for more. */
bool diag_is_full(const struct diag *diag);

/* An error without its notes; borrowed from the diag. */
struct diag_error {
	const char *path;
	uint32_t line, col; /* 0: it is of the whole file */
	const char *text;
};

/* Error number @i, from 0, as they are shown; false after the last. */
bool diag_at(const struct diag *diag, size_t i, struct diag_error *out);

/* The same in the order in which they came. */
bool diag_as_said(const struct diag *diag, size_t i, struct diag_error *out);

/* Take back all errors but the first @nr that came. */
void diag_forget(struct diag *diag, size_t nr);

/* Append the messages to @out. */
void diag_print(const struct diag *diag, struct cdma_text *out);

#endif /* SCRIPT_DIAG_H */
