/* SPDX-License-Identifier: MIT */
#ifndef NATIVE_SELF_H
#define NATIVE_SELF_H

/*
 * Self: which variables of a program are the author's, when the simulator is
 * linked into it.
 *
 * Not his are those of the simulator, which libcdma-run.a keeps in sections of
 * their own, and copies of those of shared objects, stdout, say, which the
 * linker puts among the variables of a program.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct link_map;
struct cdma_text;

/* Bytes that are not his. */
struct native_hole {
	uintptr_t at, end;
};

#define NATIVE_HOLES_MAX 64

/*
 * Find the holes of the program itself, in ascending order.
 *
 * Returns: how many; 0: it is no program that can be run like that, and @why
 * says so.
 */
size_t native_self_holes(const struct link_map *map,
			 struct native_hole out[static NATIVE_HOLES_MAX],
			 struct cdma_text *why);

#endif /* NATIVE_SELF_H */
