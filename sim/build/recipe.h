/* SPDX-License-Identifier: MIT */
#ifndef BUILD_RECIPE_H
#define BUILD_RECIPE_H

/*
 * Recipe: what an object of a variant is made of, as the scenario says it.
 *
 * Two variants that say the same have one object.  Its key is a hash of all
 * that they say; whether the files have changed since is another question
 * (made.h).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "script/unit.h"

struct recipe {
	const struct unit *unit; /* borrowed */
	const struct native_object *object;
	const struct native_patch *patches;
	size_t nr_patches;
	CDMA_VEC(const char *) wanted; /* functions that are called */
	char key[17];
};

/* Of object number @i of @unit. */
void recipe_init(struct recipe *recipe, const struct unit *unit, size_t i);
void recipe_fini(struct recipe *recipe);

/* A number for @len bytes, after others whose number is @hash; 0: none. */
uint64_t recipe_hash(uint64_t hash, const void *bytes, size_t len);

#endif /* BUILD_RECIPE_H */
