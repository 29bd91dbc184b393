/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_VALUE_H
#define CDMA_MODEL_VALUE_H

/*
 * Value: up to eight bytes of memory as a number, the first in bits 0 to 7,
 * whatever the host's byte order is.
 */

#include <endian.h>
#include <stdint.h>
#include <string.h>

/* memcpy, for sizes that are known too late for the compiler. */
static inline void cdma_copy_piece(void *dst, const void *src,
				   unsigned int size)
{
	switch (size) {
	case 8:
		memcpy(dst, src, 8);
		break;
	case 4:
		memcpy(dst, src, 4);
		break;
	case 2:
		memcpy(dst, src, 2);
		break;
	default:
		for (unsigned int i = 0; i < size; i++)
			((char *)dst)[i] = ((const char *)src)[i];
	}
}

/* The value of @size bytes, 1 to 8. */
static inline uint64_t cdma_value_get(const unsigned char *bytes,
				      unsigned int size)
{
	uint64_t value = 0;

	cdma_copy_piece(&value, bytes, size);
	return le64toh(value);
}

static inline void cdma_value_put(uint64_t value, unsigned char *bytes,
				  unsigned int size)
{
	value = htole64(value);
	cdma_copy_piece(bytes, &value, size);
}

/* The value of @size bytes that all are @byte. */
static inline uint64_t cdma_value_fill(unsigned char byte, unsigned int size)
{
	return UINT64_C(0x0101010101010101) * byte >> (64 - 8 * size);
}

#endif /* CDMA_MODEL_VALUE_H */
