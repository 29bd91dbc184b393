/* SPDX-License-Identifier: MIT */
#ifndef SIM_SELECT_H
#define SIM_SELECT_H

/*
 * Select: the scenario files that the operands of a command name.
 *
 * A file is itself; a directory is every *.dma below it, in the order of their
 * paths as bytes, which is the same on every machine.
 */

#include <stdbool.h>
#include <stddef.h>

struct paths {
	char **at; /* owned */
	size_t nr, room;
};

/*
 * Add the files that @operand names.
 *
 * Errors: -errno  the directory cannot be read, after a message on stderr.  A
 *                 file is not looked at.
 */
int select_add(struct paths *paths, const char *operand);
/* The same for what is below the directory @dir and ends in @ending. */
int select_add_below(struct paths *paths, const char *dir, const char *ending);

#define LITMUS_ENDING ".litmus" /* no scenario */

bool select_is_dir(const char *operand);
bool select_ends(const char *path, const char *ending);
void select_fini(struct paths *paths);

#endif /* SIM_SELECT_H */
