/* SPDX-License-Identifier: MIT */
#ifndef CDMA_INIT_H
#define CDMA_INIT_H

/*
 * Initialiser: what fills memory while nobody else can see it (pin_init::Init).
 *
 * The kernel gives an initialiser a raw pointer.  Here it gets a slot that it
 * writes through, so that it can be stopped at a chosen byte, and so that a
 * write outside the slot is seen (INIT-2).  Bytes that it does not write keep
 * what they had: with cdma_coherent_init() that is memory nobody wrote.
 *
 *	static int fill(struct cdma_slot *slot, void *arg)
 *	{
 *		uint32_t len = 64, status = 0;
 *		int err;
 *
 *		err = cdma_slot_write(slot, offsetof(struct desc, len),
 *				      &len, sizeof(len));
 *		if (err)
 *			return err;
 *		return cdma_slot_write(slot, offsetof(struct desc, status),
 *				       &status, sizeof(status));
 *	}
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/site.h>

#include <stddef.h>

struct cdma_slot;

/* Fill @slot.  Returns 0, or the -errno that the allocation or init_at then
 * fails with; what was written by then stays written. */
typedef int (*cdma_init_fn)(struct cdma_slot *slot, void *arg);

/* Bytes of the slot. */
size_t cdma_slot_size(const struct cdma_slot *slot);

/*
 * Write a part of the slot, in ascending order of bytes.
 *
 * @offset: bytes from the start of the slot.
 *
 * A byte outside the slot is `init_outside` and is not written.
 *
 * Errors: any  a fault was planned for this initialiser at a byte that this
 *              call would write; those before it are written.
 * Emits:  WRITE, plain.
 */
int cdma_slot_write_at(struct cdma_slot *slot, size_t offset, const void *src,
		       size_t size, const struct cdma_site *site);
#define cdma_slot_write(...) cdma_slot_write_at(__VA_ARGS__, CDMA_HERE)

/* An initialiser that copies a value; @arg: a struct cdma_init_value. */
struct cdma_init_value {
	const void *src; /* borrowed; as many bytes as the slot has */
	const struct cdma_site *site;
};

int cdma_init_copy(struct cdma_slot *slot, void *arg);

#endif /* CDMA_INIT_H */
