/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

size_t cdma_utf8_len(const char *s, size_t len)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t nr = u[0] < 0x80   ? 1
		    : u[0] < 0xc2 ? 0
		    : u[0] < 0xe0 ? 2
		    : u[0] < 0xf0 ? 3
		    : u[0] < 0xf5 ? 4
				  : 0;

	if (nr > len)
		return 0;
	for (size_t i = 1; i < nr; i++)
		if ((u[i] & 0xc0) != 0x80)
			return 0;
	if ((u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xed && u[1] > 0x9f) ||
	    (u[0] == 0xf0 && u[1] < 0x90) || (u[0] == 0xf4 && u[1] > 0x8f))
		return 0;
	return nr;
}
