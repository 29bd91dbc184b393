/* SPDX-License-Identifier: MIT */
#ifndef CDMASIM_ASM_BITOPS_H
#define CDMASIM_ASM_BITOPS_H

/*
 * Bits: the kernel's own, made of atomic_long_t and so of asm/atomic.h.
 *
 * set_bit() and its kin are relaxed; test_and_set_bit() is a full barrier;
 * test_and_set_bit_lock() acquires, clear_bit_unlock() releases.
 */

#include <asm-generic/bitops.h>

#endif /* CDMASIM_ASM_BITOPS_H */
