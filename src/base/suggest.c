/* SPDX-License-Identifier: MIT */
#include "base/suggest.h"

#include <string.h>

/* Longer words are not spelt by hand. */
#define LEN_MAX 48

struct cdma_suggest cdma_suggest_for(const char *word)
{
	size_t len = strlen(word);

	return (struct cdma_suggest){
		.word = word,
		.distance = len > LEN_MAX ? 0 : (len < 3 ? 1 : len / 3) + 1,
	};
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static int letter(const char *s, size_t i)
{
	return s[i] == '-' ? '_' : s[i];
}

/*
 * How many edits make @a of @b (optimal string alignment): three rows of the
 * usual table, of which row i is the distance of a's first i letters from
 * each prefix of b.
 */
static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
	size_t rows[3][LEN_MAX + 1];

	for (size_t j = 0; j <= nb; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t *row = rows[i % 3], *up = rows[(i + 2) % 3];
		const size_t *up2 = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			int x = letter(a, i - 1), y = letter(b, j - 1);

			row[j] = least(up[j - 1] + (x != y),
				       least(up[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && x == letter(b, j - 2) &&
			    letter(a, i - 2) == y)
				row[j] = least(row[j], up2[j - 2] + 1);
		}
	}
	return rows[na % 3][nb];
}

void cdma_suggest_offer(struct cdma_suggest *s, const char *name)
{
	size_t len = strlen(s->word), nr = strlen(name), d;

	if (len > LEN_MAX || nr > LEN_MAX)
		return;
	d = distance(s->word, len, name, nr);
	if (d >= s->distance || d >= nr)
		return;
	s->distance = d;
	s->best = name;
}
