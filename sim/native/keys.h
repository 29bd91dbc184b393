/* SPDX-License-Identifier: MIT */
#ifndef NATIVE_KEYS_H
#define NATIVE_KEYS_H

/*
 * Keys: the objects that a driver knows by the address of a struct of its own.
 *
 * All of it is put back when a run begins.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cdma_image;

enum native_kind {
	KEY_LOCK,
	KEY_COMPLETION,
	KEY_WAITQUEUE,
	KEY_POOL,
	KEY_HANDLER,
	KEY_IRQ,
};

struct native_key {
	const void *at;
	enum native_kind kind;
	void *object;
	uint64_t number; /* of whoever has it */
	/* What a handler or a thread does. */
	int (*fn)(void *arg);
	int (*irq_fn)(int irq, void *arg), (*irq_thread)(int irq, void *arg);
	void *arg;
	bool is_armed;
};

/* The one that was made last; NULL: none. */
struct native_key *native_key_find(const void *at, enum native_kind kind);
/* Number @i of that kind, by age; the next one after @last, or the first. */
struct native_key *native_key_nth(enum native_kind kind, size_t i);
struct native_key *native_key_next(const struct native_key *last,
				   enum native_kind kind);
/* A new one; or the same with nothing in it. */
struct native_key *native_key_add(const void *at, enum native_kind kind);
struct native_key *native_key_make(const void *at, enum native_kind kind);
void native_key_drop(struct native_key *key);

void native_keys_reset(void);
void native_keys_mark(struct cdma_image *image);

#endif /* NATIVE_KEYS_H */
