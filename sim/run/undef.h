/* SPDX-License-Identifier: MIT */
#ifndef RUN_UNDEF_H
#define RUN_UNDEF_H

/*
 * Undef: which bytes nobody ever defined.
 *
 * A value has a bit for each of its bytes, and bytes of the frame and of a copy
 * have a cdma_undef_t each, which also says where they come from.  Copying is
 * no use; a branch, an address, an assertion and what a device is given is.
 */

#include <cdma/types.h>

#include "script/insn.h"

struct machine;
struct value;

/* Of a local that was not initialised. */
#define UNDEF_LOCAL ((cdma_undef_t)1)

/* What @dst is, which @in computes of @a and @b, one of which is not defined.
 * @b: may be NULL. */
void undef_join_slow(const struct insn *in, const struct value *a,
		     const struct value *b, struct value *dst);

/* Of the low bytes that @in takes, extended as it does. */
uint8_t undef_extend(uint8_t undef, const struct insn *in);

/* What the bytes that @in reads or writes say of its value, which is defined so
 * far, and back. */
void undef_take_slow(const struct insn *in, const cdma_undef_t *from,
		     struct value *v);
static inline void undef_take(const struct insn *in, const cdma_undef_t *from,
			      struct value *v)
{
	unsigned int any = 0;

	for (unsigned int i = 0; i < in->size; i++)
		any |= from[i];
	if (any)
		undef_take_slow(in, from, v);
}
void undef_give(const struct insn *in, const struct value *v, cdma_undef_t *to);

void undef_fill(cdma_undef_t *to, cdma_undef_t origin, uint64_t size);

/* A value is used that is not defined: report it.  @how: what for. */
void run_use_slow(struct machine *m, const struct insn *in,
		  const struct value *v, const char *how);

#endif /* RUN_UNDEF_H */
