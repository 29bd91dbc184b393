/* SPDX-License-Identifier: MIT */
#include "native/hooks.h"

#include "native/state.h"

/*
 * Functions of C that look at memory: byte by byte, as who wrote them in C
 * would have it.  What they give comes from all that they have looked at.
 */

struct reader {
	const struct cdma_site *site;
	cdma_dep_t dep;
};

static struct reader begin(void)
{
	struct reader r = {.site = native_here()};

	for (size_t i = 0; i < 3; i++)
		r.dep = hooks_join(r.dep, __cdma_arg_deps[i]);
	return r;
}

static unsigned char get(struct reader *r, const void *at)
{
	struct cdma_hooked got = __cdma_ld(at, 1 | CDMA_HOOK_PLAIN, r->site, 0);

	r->dep = hooks_join(r->dep, (cdma_dep_t)got.dep);
	return (unsigned char)got.value;
}

static void put(struct reader *r, void *at, unsigned char byte)
{
	__cdma_st(at, 1 | CDMA_HOOK_PLAIN, r->site, 0, byte, r->dep);
}

static void end(const struct reader *r)
{
	__cdma_result_dep = r->dep;
}

int __cdma_memcmp(const void *a, const void *b, unsigned long size)
{
	const unsigned char *x = a, *y = b;
	struct reader r = begin();
	int diff = 0;

	for (size_t i = 0; i < size && !diff; i++)
		diff = get(&r, x + i) - get(&r, y + i);
	end(&r);
	return diff;
}

int __cdma_bcmp(const void *a, const void *b, unsigned long size)
{
	return __cdma_memcmp(a, b, size);
}

void *__cdma_memchr(const void *at, int byte, unsigned long size)
{
	const unsigned char *from = at, *end_at = from + size;
	struct reader r = begin();

	while (from < end_at && get(&r, from) != (unsigned char)byte)
		from++;
	end(&r);
	return from < end_at ? (void *)from : NULL;
}

unsigned long __cdma_strnlen(const char *s, unsigned long size)
{
	struct reader r = begin();
	unsigned long n = 0;

	while (n < size && get(&r, s + n))
		n++;
	end(&r);
	return n;
}

unsigned long __cdma_strlen(const char *s)
{
	return __cdma_strnlen(s, (unsigned long)-1);
}

int __cdma_strncmp(const char *a, const char *b, unsigned long size)
{
	struct reader r = begin();
	int diff = 0;
	unsigned char c = 1;

	for (size_t i = 0; i < size && !diff && c; i++) {
		c = get(&r, a + i);
		diff = c - get(&r, b + i);
	}
	end(&r);
	return diff;
}

int __cdma_strcmp(const char *a, const char *b)
{
	return __cdma_strncmp(a, b, (unsigned long)-1);
}

char *__cdma_strchr(const char *s, int byte)
{
	struct reader r = begin();
	unsigned char c;

	while ((c = get(&r, s)) && c != (unsigned char)byte)
		s++;
	end(&r);
	return c == (unsigned char)byte ? (char *)s : NULL;
}

char *__cdma_strncpy(char *to, const char *from, unsigned long size)
{
	struct reader r = begin();
	unsigned char c = 1;

	for (unsigned long i = 0; i < size; i++) {
		if (c)
			c = get(&r, from + i);
		put(&r, to + i, c);
	}
	end(&r);
	return to;
}

char *__cdma_strcpy(char *to, const char *from)
{
	struct reader r = begin();
	unsigned long i = 0;
	unsigned char c;

	do {
		c = get(&r, from + i);
		put(&r, to + i, c);
		i++;
	} while (c);
	end(&r);
	return to;
}
