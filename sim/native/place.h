/* SPDX-License-Identifier: MIT */
#ifndef NATIVE_PLACE_H
#define NATIVE_PLACE_H

/*
 * Place: the line of C that an address of code is of.
 *
 * Read from the debugging information of the shared object, by libdw, when
 * something went wrong there; steps carry their places themselves.  Without
 * libdw, or in an object that was built without -g, a place is the name of a
 * function at best.
 */

#include <stdbool.h>
#include <stddef.h>

#include <cdma/site.h>

struct cdma_text;

/*
 * The place of the instruction at @pc, and those where functions that the
 * compiler put into each other are called: the innermost first.
 *
 * Returns: how many, up to @max; 0 when @pc is in no library.  Equal places are
 * equal pointers; they stay.
 */
size_t native_places(const void *pc, const struct cdma_site **out, size_t max);

/* The first line of the function at @pc, into which others may have been put;
 * NULL: none is known. */
const struct cdma_site *native_function(const void *pc);

/* Whether @site is one of native code: of a step, or one of the above. */
bool native_is_place(const struct cdma_site *site);

/*
 * The name of such a place, which is the same in every process that has loaded
 * the same shared object: for files.  And the place of that name; NULL: there
 * is none here.
 */
void native_add_name(struct cdma_text *out, const struct cdma_site *site);
const struct cdma_site *native_find_name(const char *name);

#endif /* NATIVE_PLACE_H */
