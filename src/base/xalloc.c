/* SPDX-License-Identifier: MIT */
#include "base/xalloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

void *cdma_xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		abort();
	return p;
}

void *cdma_xcalloc(size_t nr, size_t size)
{
	void *p = calloc(nr ? nr : 1, size ? size : 1);

	if (!p)
		abort();
	return p;
}

void *cdma_xrealloc(void *p, size_t nr, size_t size)
{
	if (size && nr > SIZE_MAX / size)
		abort();
	p = realloc(p, nr && size ? nr * size : 1);
	if (!p)
		abort();
	return p;
}

char *cdma_xstrdup(const char *s)
{
	return cdma_xstrndup(s, strlen(s));
}

char *cdma_xstrndup(const char *s, size_t len)
{
	char *copy = cdma_xmalloc(len + 1);

	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

void *cdma_xmap(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		abort();
	return p;
}

void cdma_xunmap(void *p, size_t size)
{
	munmap(p, size);
}
