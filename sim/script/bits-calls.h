/* SPDX-License-Identifier: MIT */
#ifndef SCRIPT_BITS_CALLS_H
#define SCRIPT_BITS_CALLS_H

/*
 * Bits calls: the rows of the table of builtins that are about the bytes and
 * bits of a number.  The words are those of builtins.c.
 */

#define ENDIAN(fn, bits, hows, text)                                           \
	{                                                                      \
		ROW(fn, "(value)", ENDIAN,                                     \
		    (bits) == 64   ? RESULT_U64                                \
		    : (bits) == 32 ? RESULT_U32                                \
				   : RESULT_S32,                               \
		    ANY | PURE, 1, text),                                      \
			.args = {ARG_VALUE}, .width = (bits) / 8,              \
			.how = (hows)                                          \
	}
#define AS_IT_IS "the value as it is, of that many bits"
#define TURNED   "its bytes the other way round; be types do so by themselves"
#define ENDIANS(text, bits)                                                    \
	ENDIAN("cpu_to_le" text, bits, 0, AS_IT_IS),                           \
		ENDIAN("le" text "_to_cpu", bits, HOW_TO_CPU, AS_IT_IS),       \
		ENDIAN("cpu_to_be" text, bits, HOW_BIG, TURNED),               \
		ENDIAN("be" text "_to_cpu", bits, HOW_BIG | HOW_TO_CPU,        \
		       TURNED)
#define BITS(fn, op, bytes, text)                                              \
	{                                                                      \
		ROW(fn, "(value)", BITS, RESULT_U64, ANY | PURE, 1, text),     \
			.args = {ARG_VALUE}, .width = (bytes),                 \
			.how = BITS_##op                                       \
	}

#define BITS_CALLS                                                             \
	ENDIANS("16", 16), ENDIANS("32", 32), ENDIANS("64", 64),               \
		BITS("__builtin_ffs", FFS, 8,                                  \
		     "the lowest bit that is set, from 1; or 0"),              \
		BITS("__builtin_fls", FLS, 8,                                  \
		     "the highest bit that is set, from 1; or 0"),             \
		BITS("__builtin_popcount", NR, 8, "how many bits are set"),    \
		BITS("__builtin_bswap16", SWAP, 2,                             \
		     "2 bytes the other way round"),                           \
		BITS("__builtin_bswap32", SWAP, 4,                             \
		     "4 bytes the other way round"),                           \
		BITS("__builtin_bswap64", SWAP, 8,                             \
		     "8 bytes the other way round")

#endif /* SCRIPT_BITS_CALLS_H */
