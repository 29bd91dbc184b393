/* SPDX-License-Identifier: MIT */
#ifndef BUILD_CACHE_H
#define BUILD_CACHE_H

/*
 * Cache: a directory for what has been made.
 *
 *	objects/KEY/	made of a recipe: "made" says of what
 *	kernel/KEY/	a prepared build directory of a kernel
 *	kernel/last	the tree that was used last
 */

#include <stdbool.h>

struct cdma_text;

/*
 * Which it is: @given, else $XDG_CACHE_HOME/cdmasim, else ~/.cache/cdmasim.
 *
 * Returns: false when there is nothing to go by.
 */
bool cache_dir(const char *given, struct cdma_text *out);

/* Make @path and all above it.  Errors: -errno. */
int cache_make_dir(const char *path);

/* Wait until nobody else works in @dir, which is there; then it is ours.
 * Returns: what to give to cache_unlock(); -errno. */
int cache_lock(const char *dir);
void cache_unlock(int lock);

#endif /* BUILD_CACHE_H */
