/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_SPAN_H
#define SCRIPT_SPAN_H

/*
 * Span: a stretch of the text of one source file.
 *
 * What the parser makes carries one, down to single names, so that whatever
 * goes wrong later can be shown in the text.  Line and column are worked out
 * from it only when somebody wants to see them (source.h).
 */

#include <stdint.h>

struct span {
	uint32_t file; /* index into the sources of the script */
	uint32_t at;   /* bytes from the start of the file */
	uint32_t len;  /* bytes; 0: the place before at */
};

/* From the start of @a to the end of @b, which comes later in the same file;
 * just @a when they are in two files. */
static inline struct span span_join(struct span a, struct span b)
{
	if (a.file == b.file && b.at + b.len > a.at)
		a.len = b.at + b.len - a.at;
	return a;
}

/* The place just after @a, where something is missing. */
static inline struct span span_after(struct span a)
{
	a.at += a.len;
	a.len = 0;
	return a;
}

#endif /* SCRIPT_SPAN_H */
