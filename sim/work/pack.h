/* SPDX-License-Identifier: MIT */
#ifndef WORK_PACK_H
#define WORK_PACK_H

/*
 * Pack: rows of numbers as one word of text, for a JSON string.
 *
 * What workers tell of branches is thousands of small numbers a case, which as
 * JSON would take longer to write and read than the case itself.  A number is
 * one byte for each seven bits, the lowest first, with the high bit set in all
 * but the last (LEB128); the bytes are base64 (RFC 4648).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "base/vec.h"

struct bytes {
	unsigned char *at; /* owned; cdma_vec_free() */
	size_t nr, room;
};

/* Add @nr to @bytes. */
static inline void pack_put(struct bytes *bytes, uint64_t nr)
{
	for (; nr >= 0x80; nr >>= 7)
		*cdma_vec_push(bytes) = (unsigned char)(nr | 0x80);
	*cdma_vec_push(bytes) = (unsigned char)nr;
}

/* Add @bytes to @out as a word of text. */
void pack_word(struct cdma_text *out, const struct bytes *bytes);

/* What is being read; the first mistake ends it. */
struct unpack {
	const unsigned char *at, *end;
	bool bad;
};

/* Add the bytes of the word @text of @len characters; false: it is none. */
bool unpack_word(const char *text, size_t len, struct bytes *bytes);

static inline struct unpack unpack_begin(const struct bytes *bytes)
{
	return (struct unpack){
		.at = bytes->at,
		.end = bytes->nr ? bytes->at + bytes->nr : bytes->at,
	};
}

/* The next number, at most @max. */
uint64_t unpack_get(struct unpack *u, uint64_t max);

#endif /* WORK_PACK_H */
