/* SPDX-License-Identifier: MIT */
#ifndef SIM_REPLACE_H
#define SIM_REPLACE_H

/*
 * Replace: a file gets a new content, all of it or none.
 */

#include <stddef.h>

/*
 * Let the file @path contain the @size bytes at @text, and keep its mode.  A
 * link stays a link.  When this fails, or the machine does, it has the old
 * content.
 *
 * Errors: -errno  as of open(2), write(2), rename(2).
 */
int replace_file(const char *path, const char *text, size_t size);

#endif /* SIM_REPLACE_H */
