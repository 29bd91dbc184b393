/* SPDX-License-Identifier: MIT */
#ifndef NATIVE_LIBRARY_H
#define NATIVE_LIBRARY_H

/*
 * Library: a shared object with native code.
 *
 * It is loaded once, and stays: places in it are known by their addresses.  Its
 * variables are remembered as they are then, and every run begins with that.
 *
 * What it may need from outside is what keeps nothing: libcdma, and functions
 * that only compute.  Anything else would be left as it is between two runs, so
 * that a schedule would do one thing today and another tomorrow: that is
 * refused when it is loaded, by its name.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cdma_image;
struct cdma_site;
struct cdma_text;
struct native_library;

/*
 * Load the file @path, or give the one that is loaded already.
 *
 * Returns: NULL when it cannot be; @why says so.
 * Owns: the process.
 */
struct native_library *native_library_load(const char *path,
					   struct cdma_text *why);

/*
 * The program itself, which is linked with libcdma-run; see self.h.
 *
 * Returns: NULL when it is no such program; @why says so.
 */
struct native_library *native_library_self(struct cdma_text *why);

/* From now on runs begin with its variables as they are now. */
void native_library_note(struct native_library *library);

/* The function @name; NULL: there is none. */
void *native_library_find(const struct native_library *library,
			  const char *name);

/* A number for what it does: of the bytes of its file. */
uint64_t native_library_hash(const struct native_library *library);

/* The one with that number; NULL: it is not loaded. */
const struct native_library *native_library_of(uint64_t hash);
/* What is at @offset of it, if a place can be there; else NULL. */
const struct cdma_site *native_library_site(const struct native_library *l,
					    uintptr_t offset);

/* The library that has the code, or the variable, at @pc; NULL: none has. */
const struct native_library *native_library_at(const void *pc);
const char *native_library_path(const struct native_library *library);
/* Where it was loaded to. */
uintptr_t native_library_base(const struct native_library *library);

/* The variables of all of them, as they were when they were loaded. */
void native_libraries_reset(void);
/* Add them to @image. */
void native_libraries_mark(struct cdma_image *image);

#endif /* NATIVE_LIBRARY_H */
