/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_SOURCE_H
#define SCRIPT_SOURCE_H

/*
 * Source: the text of one file, and where in it something is.
 *
 * Texts are bytes: nothing is assumed of their encoding, and a NUL is a byte
 * like any other.  Lines end in LF; a CR before it belongs to the line end.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "script/span.h"

/* A larger file is refused.  So is a script of more than so many tokens, all
 * that it includes counted, or of files included in each other more deeply. */
#define SOURCE_SIZE_MAX    (1u << 20)
#define SOURCE_TOKENS_MAX  (1u << 20)
#define SOURCE_INCLUDE_MAX 16

struct source {
	char *path;   /* owned; as the user, or the include, named it */
	char *text;   /* owned; a NUL follows it */
	uint32_t len; /* bytes */
	bool is_included;
	struct span included; /* the include that asked for it */
	uint32_t
		*lines; /* owned; where each line starts; NULL: not asked yet */
	uint32_t nr_lines;
};

struct sources {
	struct source *at; /* owned */
	size_t nr, room;
};

/* Files that are all zero bytes are none. */
void sources_fini(struct sources *sources);

/* Add a file.  Keeps copies of both texts; returns its number. */
uint32_t sources_add(struct sources *sources, const char *path,
		     const char *text, size_t len);

/*
 * Add the file at @path.
 *
 * Errors: -errno of reading it; -EFBIG when it is too large.
 */
int sources_read(struct sources *sources, const char *path, uint32_t *out);

/* Line and column of byte @at, both from 1.  A column is one byte. */
void source_place(struct source *source, uint32_t at, uint32_t *line,
		  uint32_t *col);

/* The text of @line without its line end; its length in *@len. */
const char *source_line(struct source *source, uint32_t line, size_t *len);

#endif /* SCRIPT_SOURCE_H */
