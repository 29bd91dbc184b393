/* SPDX-License-Identifier: MIT */
#include "script/refuse.h"

#include <string.h>

/* A letter in place of another is a slip only in a part that is so long: of
 * short ones it makes another word. */
#define PART_LONG 4

static size_t part_len(const char *s)
{
	return strcspn(s, "_");
}

/* Whether @a with one letter more is @b. */
static bool is_longer_by_one(const char *a, size_t na, const char *b, size_t nb)
{
	size_t same = 0;

	if (nb != na + 1)
		return false;
	while (same < na && a[same] == b[same])
		same++;
	return !memcmp(a + same, b + same + 1, na - same);
}

/* Whether one of @a and @b, of @len letters, is a slip for the other. */
static bool is_slip(const char *a, const char *b, size_t len)
{
	size_t first = 0, last = len;

	while (first < len && a[first] == b[first])
		first++;
	while (last > first && a[last - 1] == b[last - 1])
		last--;
	if (last - first == 2)
		return a[first] == b[first + 1] && a[first + 1] == b[first];
	/* The last letter is the width: writel, writeb. */
	return last - first == 1 && len >= PART_LONG && last != len;
}

static bool part_means(const char *a, size_t na, const char *b, size_t nb)
{
	if (na == nb)
		return !memcmp(a, b, na) || is_slip(a, b, na);
	if (na < 3 || nb < 3)
		return false;
	return is_longer_by_one(a, na, b, nb) || is_longer_by_one(b, nb, a, na);
}

bool suggest_means(const char *word, const char *name)
{
	for (;;) {
		size_t na = part_len(word), nb = part_len(name);

		if (!part_means(word, na, name, nb))
			return false;
		word += na;
		name += nb;
		if (!*word || !*name)
			return *word == *name;
		word++;
		name++;
	}
}
