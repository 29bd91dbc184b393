/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_NAMES_H
#define SCRIPT_NAMES_H

/*
 * Names: each different word of a script, once.
 *
 * The same word is the same pointer and the same small number, so that a
 * scope is an array and comparing is cheap however many names there are.
 */

#include <stddef.h>
#include <stdint.h>

struct names {
	char **at; /* owned, each and all */
	size_t nr, room;
	uint32_t *table; /* owned; number + 1, 0: free; a power of two */
	size_t table_size;
};

/* All zero bytes: no names. */
void names_fini(struct names *names);

/* The number of the @len bytes at @s, from 0; a new one for a new word. */
uint32_t names_intern(struct names *names, const char *s, size_t len);

/* The word with that number, as a C string.  Borrowed; does not move. */
static inline const char *names_text(const struct names *names, uint32_t id)
{
	return names->at[id];
}

#endif /* SCRIPT_NAMES_H */
