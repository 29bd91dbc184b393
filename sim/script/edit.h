/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_EDIT_H
#define SCRIPT_EDIT_H

/*
 * Edit: a scenario with one statement more, to see whether that helps.
 *
 * The text stays as it is, and so do all places in it: the statement is put
 * into the tree, beside one that is found by its place, and belongs to a
 * source of its own.  What has to be written into the text to get the same is
 * told, for whoever reads it.
 */

#include <stdbool.h>
#include <stdint.h>

struct script;
struct diag;

/* What the source of the new statement is called. */
#define EDIT_PATH "(tried)"

enum edit_where {
	EDIT_BEFORE, /* the statement that the place is in */
	EDIT_AFTER,
	EDIT_THEN,   /* first in the branch of an `if' that is taken */
	EDIT_OTHER,  /* ... that is taken otherwise */
	EDIT_STRICT, /* no new one: the call there without its _relaxed */
};

/* Where to write it. */
struct edit_place {
	uint32_t line;
	uint32_t col;  /* 0: on a line of its own; else right before that */
	bool is_after; /* the line; else before it */
	bool braces;   /* and both need braces around them */
};

struct edit {
	const char *file; /* as sites have it; this and all texts: borrowed */
	uint32_t line, col;
	enum edit_where where;
	const char *text; /* "dma_rmb();"; not of STRICT */

	struct edit_place place; /* out */
	char call[32];           /* out, of STRICT: "writel" */
};

/*
 * Do it.
 *
 * Returns: false when there is no such statement, or @text is wrong; then
 * @script may have been changed, and is of no use.
 */
bool edit_apply(struct script *script, struct edit *edit, struct diag *diag);

#endif /* SCRIPT_EDIT_H */
