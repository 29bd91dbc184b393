/* SPDX-License-Identifier: MIT */
#ifndef SIM_LOAD_H
#define SIM_LOAD_H

/*
 * Load: the variants of one scenario file, checked and compiled.
 *
 * What is wrong with the file is printed on stderr.  Nothing of a file is run
 * unless all of what was asked for is right.
 */

#include "base/vec.h"
#include "options.h"
#include "run/simplify.h"
#include "script/program.h"

struct diag;
struct unit;

/* Something that is wrong with a file. */
struct mistake {
	struct cdma_site site; /* its file is owned; line 0: all of it */
	char *text;            /* owned */
};

struct loaded {
	struct program **programs; /* owned; those whose variant was selected */
	size_t nr, room;
	CDMA_VEC(struct mistake) mistakes;
};

/*
 * Load the file @path.
 *
 * @path: "-": what load_input() has read.
 * @set: defines, includes and variant count.
 * @out: any number of programs, also none; loaded_fini() it in any case.
 *
 * Errors: -EINVAL  the file is wrong or cannot be read, and was blamed; @out
 *                  has its mistakes.
 */
int load_file(const char *path, const struct settings *set, struct loaded *out);
void loaded_fini(struct loaded *loaded);

/* Call @fn for each selected variant of the file @path, which is checked and no
 * more.  Errors: as load_file(). */
int load_units(const char *path, const struct settings *set,
	       void (*fn)(void *aux, const struct unit *unit,
			  struct diag *diag),
	       void *aux);

/* Read standard input, if one of the operands is "-": the text of a scenario.
 * Errors: -errno, after a message. */
int load_input(struct settings *set);

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
