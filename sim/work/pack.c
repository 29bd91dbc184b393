/* SPDX-License-Identifier: MIT */
#include "work/pack.h"

#include <string.h>

uint64_t unpack_get(struct unpack *u, uint64_t max)
{
	uint64_t nr = 0;

	for (unsigned int shift = 0; shift < 64 && u->at < u->end; shift += 7) {
		uint64_t byte = *u->at++;

		if (shift == 63 && byte > 1)
			break;
		nr |= (byte & 0x7f) << shift;
		if (byte & 0x80)
			continue;
		if (nr > max)
			break;
		return nr;
	}
	u->bad = true;
	u->at = u->end;
	return 0;
}

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789+/";

/* Up to three bytes are four digits. */
static void put_group(char *out, const unsigned char *at, size_t len)
{
	uint32_t bits = (uint32_t)at[0] << 16;

	bits |= len > 1 ? (uint32_t)at[1] << 8 : 0;
	bits |= len > 2 ? at[2] : 0;
	for (size_t i = 0; i < 4; i++)
		out[i] = i <= len ? digits[bits >> (18 - 6 * i) & 63] : '=';
}

void pack_word(struct cdma_text *out, const struct bytes *bytes)
{
	size_t from = out->len;

	cdma_text_fill(out, '=', (bytes->nr + 2) / 3 * 4);
	for (size_t i = 0; i < bytes->nr; i += 3)
		put_group(out->at + from + i / 3 * 4, bytes->at + i,
			  bytes->nr - i < 3 ? bytes->nr - i : 3);
}

/* What each character stands for; 64: nothing. */
static void fill_values(unsigned char values[256])
{
	memset(values, 64, 256);
	for (unsigned int i = 0; i < 64; i++)
		values[(unsigned char)digits[i]] = (unsigned char)i;
}

bool unpack_word(const char *text, size_t len, struct bytes *bytes)
{
	unsigned char values[256];
	size_t pad = 0;

	fill_values(values);
	while (pad < 2 && pad < len && text[len - 1 - pad] == '=')
		pad++;
	if (len % 4)
		return false;
	for (size_t i = 0; i < len; i += 4) {
		size_t nr = i + 4 == len ? 4 - pad : 4;
		uint32_t bits = 0;

		for (size_t j = 0; j < nr; j++) {
			unsigned char v = values[(unsigned char)text[i + j]];

			if (v == 64)
				return false;
			bits |= (uint32_t)v << (18 - 6 * j);
		}
		for (size_t j = 1; j < nr; j++)
			*cdma_vec_push(bytes) =
				(unsigned char)(bits >> (24 - 8 * j));
	}
	return true;
}
