/* SPDX-License-Identifier: MIT */
#include "base/xalloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* A symbol that another of the name replaces, so that nothing here has to be
 * set by anybody. */
__attribute__((weak)) void cdma_no_memory(size_t wanted)
{
	(void)wanted;
	abort();
}

/* Bytes of so many things: all that there could be when it is too much. */
static size_t product(size_t nr, size_t size)
{
	return size && nr > SIZE_MAX / size ? SIZE_MAX : nr * size;
}

void *cdma_xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		cdma_no_memory(size);
	return p;
}

void *cdma_xcalloc(size_t nr, size_t size)
{
	void *p = calloc(nr ? nr : 1, size ? size : 1);

	if (!p)
		cdma_no_memory(product(nr, size));
	return p;
}

void *cdma_xrealloc(void *p, size_t nr, size_t size)
{
	if (size && nr > SIZE_MAX / size)
		cdma_no_memory(SIZE_MAX);
	p = realloc(p, nr && size ? nr * size : 1);
	if (!p)
		cdma_no_memory(nr * size);
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
		cdma_no_memory(size);
	return p;
}

void cdma_xunmap(void *p, size_t size)
{
	munmap(p, size);
}
