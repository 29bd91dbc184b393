/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MASK_H
#define CDMA_MASK_H

/*
 * Mask: which DMA addresses a device can be given (DmaMask).
 *
 * A plain value.  A mask of n bits allows the addresses 0 to 2^n - 1; the mask
 * of no bits is a legal value that no allocation can meet.
 *
 * Threads: nothing here has a state; any thread, at any time.
 */

#include <stdint.h>

struct cdma_mask {
	uint64_t bits;
};

/* DmaMask::new::<N>(): the mask of @n bits, 0 to 64; a constant expression
 * that does not compile for more. */
#define CDMA_MASK(n)                                                           \
	((struct cdma_mask){                                                   \
		(0 * sizeof(char[(n) <= 64 ? 1 : -1])) +                       \
		((n) == 0 ? 0 : UINT64_MAX >> (64 - ((n) ? (n) : 64)))})

/*
 * The mask of @n bits.
 *
 * Errors: -EINVAL  @n is more than 64.
 */
int cdma_mask_try_new(unsigned int n, struct cdma_mask *out);

/* DmaMask::value(): the highest address that the mask allows. */
static inline uint64_t cdma_mask_value(struct cdma_mask mask)
{
	return mask.bits;
}

#endif /* CDMA_MASK_H */
