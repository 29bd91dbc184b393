/* SPDX-License-Identifier: MIT */
/*
 * String: what C has no name for.
 *
 * Orders nothing.  memcpy() and its kin are the simulator's: of memory that a
 * device uses they are copies, piece by piece.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <cdma/driver.h>

CDMA_SERVICES;

ssize_t strscpy(char *to, const char *from, size_t size)
{
	size_t i;

	if (!size)
		return -E2BIG;
	for (i = 0; i + 1 < size && from[i]; i++)
		to[i] = from[i];
	to[i] = '\0';
	return from[i] ? -E2BIG : (ssize_t)i;
}

ssize_t strscpy_pad(char *to, const char *from, size_t size)
{
	ssize_t n = strscpy(to, from, size);

	if (n >= 0)
		memset(to + n, 0, size - n);
	return n;
}

size_t strlcpy(char *to, const char *from, size_t size)
{
	if (size)
		strscpy(to, from, size);
	return strlen(from);
}

void *memchr_inv(const void *at, int c, size_t size)
{
	const u8 *p = at;

	for (; size; p++, size--)
		if (*p != (u8)c)
			return (void *)p;
	return NULL;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, size, fmt, args);
	va_end(args);
	if (n < (int)size)
		return n;
	return size ? size - 1 : 0;
}
