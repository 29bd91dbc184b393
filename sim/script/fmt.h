/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_FMT_H
#define SCRIPT_FMT_H

/*
 * Fmt: a scenario in the one layout that all of them have.
 *
 * Tabs of 8 columns, braces as in the kernel, labels at the start of the line,
 * at most 100 columns.  What stands on one line and fits there may stay
 * there: `if (!x) return -ENOMEM;`, `teardown { free(rx); }`.  Blank lines are
 * kept, several of them as one; comments are kept where they are, those that
 * follow code on neighbouring lines below each other.
 *
 * No token is added, dropped or moved, so the scenario means the same; and to
 * format the result changes nothing.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct diag;

/*
 * Append the @len bytes at @text, formatted, to @out.  What they include is
 * not looked at.
 *
 * @path: what messages call them.
 *
 * Returns: false when they are no scenario; @diag says why.
 */
bool script_fmt(const char *path, const char *text, size_t len,
		struct diag *diag, struct cdma_text *out);

#endif /* SCRIPT_FMT_H */
