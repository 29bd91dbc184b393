/* SPDX-License-Identifier: MIT */
#ifndef SIM_LOAD_H
#define SIM_LOAD_H

/*
 * Load: the variants of one scenario file, checked and compiled.
 *
 * What is wrong with the file is printed on stderr.  Nothing of a file is run
 * unless all of what was asked for is right.
 */

#include "options.h"
#include "script/program.h"

struct loaded {
	struct program **programs; /* owned; those whose variant was selected */
	size_t nr, room;
};

/*
 * Load the file @path.
 *
 * @set: defines, includes and variant count.
 * @out: any number of programs, also none; loaded_fini() it in any case.
 *
 * Errors: -EINVAL  the file is wrong or cannot be read, and was blamed.
 */
int load_file(const char *path, const struct settings *set, struct loaded *out);
void loaded_fini(struct loaded *loaded);

#endif /* SIM_LOAD_H */
