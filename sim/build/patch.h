/* SPDX-License-Identifier: MIT */
#ifndef BUILD_PATCH_H
#define BUILD_PATCH_H

/*
 * Patch: sources of C, changed as the scenario says.
 *
 * A patch names a text, which has to stand once in all of them together, or in
 * the one function that it names; space in it stands for any space.  A macro
 * that is defined anew is changed where a source defines it, be it by #define
 * or in an enum.
 */

#include <stdbool.h>

#include "build/source.h"
#include "script/unit.h"

/* Returns: false when it does not fit; @why says why. */
bool patch_apply(struct c_sources *sources, const struct native_patch *patch,
		 struct cdma_text *why);

/* What became of a macro. */
enum patch_defined {
	PATCH_NOWHERE, /* no source has its name */
	PATCH_NAMED,   /* it is for the compiler to define */
	PATCH_DEFINED, /* a source does, now so */
};

enum patch_defined patch_define(struct c_sources *sources,
				const struct native_define *define);

/* Whether @source defines the function @name. */
bool patch_has_function(struct c_source *source, const char *name);

#endif /* BUILD_PATCH_H */
