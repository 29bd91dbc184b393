/* SPDX-License-Identifier: MIT */
#ifndef NATIVE_NEEDS_H
#define NATIVE_NEEDS_H

/*
 * Needs: what a shared object may take from outside.
 */

#include <stdbool.h>

struct cdma_text;

/* Whether it may need @name; @why says why not, and what does instead. */
bool native_need_is_fine(const char *name, struct cdma_text *why);

#endif /* NATIVE_NEEDS_H */
