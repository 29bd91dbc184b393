/* SPDX-License-Identifier: MIT */
#include "script/builtins.h"

/* What calls do with the bits of a number, before the run and in it. */

uint64_t bits_of(enum bits_op op, unsigned int bytes, uint64_t value)
{
	unsigned int unused = 64 - 8 * bytes;

	value = value << unused >> unused;
	switch (op) {
	case BITS_FFS:
		return (uint64_t)__builtin_ffsll((long long)value);
	case BITS_FLS:
		return value ? 64 - (uint64_t)__builtin_clzll(value) : 0;
	case BITS_NR:
		return (uint64_t)__builtin_popcountll(value);
	default:
		return __builtin_bswap64(value) >> unused;
	}
}
