/* SPDX-License-Identifier: MIT */
#ifndef BUILD_MADE_H
#define BUILD_MADE_H

/*
 * Made: what an object was made of, and where it is: a file beside it in the
 * cache, by which it is told whether it has to be made again.
 *
 * A file is the same when its bytes are, whatever its date.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/vec.h"

struct made_input {
	char *path; /* owned, absolute */
	uint64_t size, hash;
	int64_t changed; /* ns */
};

struct made {
	char *object;           /* owned: where it is, absolute */
	char *command;          /* owned: how it was compiled */
	uint64_t hash;          /* of the object */
	CDMA_VEC(char *) roots; /* owned: where files of its places are */
	CDMA_VEC(struct made_input) inputs;
};

/* Errors: -errno; -EINVAL: it is no such file. */
int made_read(const char *path, struct made *out);
int made_write(const char *path, const struct made *made);
void made_fini(struct made *made);

/* Something that it was made of, as it is now.  Errors: -errno. */
int made_add(struct made *made, const char *path);
/* The same of all that the compiler wrote to @path, for make. */
int made_add_depfile(struct made *made, const char *path, const char *dir);

/* What has changed since; NULL: nothing. */
const char *made_is_old(const struct made *made);
/* Whether the object is there, and nobody else has made it. */
bool made_is_there(const struct made *made);
/* Note the object as it is now.  Errors: -errno. */
int made_take_object(struct made *made, const char *path);

#endif /* BUILD_MADE_H */
