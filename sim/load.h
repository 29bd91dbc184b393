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
#include "run/simplify.h"
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

/* A file and how it is loaded, to load it once more with other params and
 * faults; all borrowed. */
struct reload {
	const char *path;
	const struct settings *set;
};

/* What was given with @set. */
struct given given_by(const struct settings *set);

/* Compile a variant once more, with what is @given: for struct
 * simplify_options, where @aux is a struct reload. */
struct program *reload_program(void *aux, const char *variant,
			       const struct given *given);

#endif /* SIM_LOAD_H */
