/* SPDX-License-Identifier: MIT */
#ifndef BUILD_SOURCE_H
#define BUILD_SOURCE_H

/*
 * Source: a file of C that an object is made of, as it is compiled.
 *
 * A variant may change its text.  Lines stay what they are: what is written
 * into one belongs to it, so that a place means the same in all variants.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "base/vec.h"

enum source_role {
	SOURCE_MAIN,
	SOURCE_BEHIND, /* in one unit with the main one, after it */
	SOURCE_BESIDE, /* a unit of its own */
};

struct c_source {
	enum source_role role;
	char *path;            /* owned */
	char *name;            /* owned; as places have it */
	struct cdma_text text; /* owned */
	bool is_changed;       /* other than the file's */
};

struct c_sources {
	CDMA_VEC(struct c_source) list;
};

/* Read @path.  Errors: -errno, and the list is as it was. */
int c_sources_read(struct c_sources *sources, enum source_role role,
		   const char *path, const char *name);
void c_sources_fini(struct c_sources *sources);

/* The last part of a path, and all before it, "." if that is nothing. */
const char *path_base(const char *path);
void path_dir(const char *path, struct cdma_text *out);

#endif /* BUILD_SOURCE_H */
