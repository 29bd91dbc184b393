/* SPDX-License-Identifier: MIT */
#ifndef CDMA_BASE_UTF8_H
#define CDMA_BASE_UTF8_H

/*
 * UTF-8: what of a text is characters.
 */

#include <stddef.h>

/* How many bytes at @s, at most @len, are one character; 0: none. */
size_t cdma_utf8_len(const char *s, size_t len);

#endif /* CDMA_BASE_UTF8_H */
