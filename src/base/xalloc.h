/* SPDX-License-Identifier: MIT */
#ifndef CDMA_BASE_XALLOC_H
#define CDMA_BASE_XALLOC_H

/*
 * Host memory that cannot fail: the process ends instead.
 *
 * An -ENOMEM in this project always speaks of simulated memory, so there is
 * no error path to write, or to test, for the host's.  All of it is released
 * with free().
 */

#include <stddef.h>

/*
 * There are no @wanted bytes more.  Does not return.
 *
 * Here it aborts.  A program that has something to say then defines its own,
 * in the place of this one.
 */
void cdma_no_memory(size_t wanted) __attribute__((noreturn));

void *cdma_xmalloc(size_t size);
void *cdma_xcalloc(size_t nr, size_t size); /* zeroed */
void *cdma_xrealloc(void *p, size_t nr, size_t size);
char *cdma_xstrdup(const char *s);
char *cdma_xstrndup(const char *s, size_t len);

/*
 * Whole pages, zeroed, that cost nothing until they are written.
 *
 * Owns: the caller; cdma_xunmap() with the same size, not free().
 */
void *cdma_xmap(size_t size);
void cdma_xunmap(void *p, size_t size);

#endif /* CDMA_BASE_XALLOC_H */
