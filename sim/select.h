/* SPDX-License-Identifier: MIT */
#ifndef SIM_SELECT_H
#define SIM_SELECT_H

/*
 * Select: the scenario files that the operands of a command name.
 *
 * A file is itself; a directory is every *.dma below it, in the order of their
 * paths as bytes, which is the same on every machine.
 */

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
void select_fini(struct paths *paths);

#endif /* SIM_SELECT_H */
