/* SPDX-License-Identifier: MIT */
#ifndef NATIVE_KEYS_H
#define NATIVE_KEYS_H

/*
 * Keys: the objects that a driver knows by the address of a struct of its own.
 *
 * All of it is put back when a run begins.
 */

#include <stddef.h>
#include <stdint.h>

struct cdma_image;

enum native_kind {
	KEY_LOCK,
	KEY_COMPLETION,
	KEY_WAITQUEUE,
	KEY_POOL,
	KEY_HANDLER,
	KEY_GRACE,
};

struct native_key {
	const void *at;
	enum native_kind kind;
	void *object;
	uint64_t number; /* of whoever has it */
};

/* The one that was made last; NULL: none. */
struct native_key *native_key_find(const void *at, enum native_kind kind);
/* A new one, or the same with nothing in it. */
struct native_key *native_key_make(const void *at, enum native_kind kind);
void native_key_drop(struct native_key *key);

void native_keys_reset(void);
void native_keys_mark(struct cdma_image *image);

#endif /* NATIVE_KEYS_H */
