/* SPDX-License-Identifier: MIT */
#ifndef RUN_SOURCE_LINE_H
#define RUN_SOURCE_LINE_H

/*
 * Source line: what stands where something is.
 *
 * A place in a scenario brings its line with it.  One in C has the name of its
 * file, as it was compiled; where that can be read from here, the line is taken
 * from there.
 */

#include <cdma/site.h>

/* Look for files below @dir, too. */
void run_source_root(const char *dir);

/* The line of @site without its indent; NULL: it is not known.  It stays. */
const char *run_source_line(const struct cdma_site *site);

#endif /* RUN_SOURCE_LINE_H */
