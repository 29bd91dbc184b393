/* SPDX-License-Identifier: MIT */
#include "script/names.h"

#include "base/vec.h"
#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

void names_fini(struct names *names)
{
	for (size_t i = 0; i < names->nr; i++)
		free(names->at[i]);
	free(names->at);
	free(names->table);
	*names = (struct names){0};
}

/* FNV-1a. */
static size_t hash(const char *s, size_t len)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)s[i]) * 0x100000001b3u;
	return (size_t)(h ^ h >> 32);
}

/* Where the word is in the table, or where it would go. */
static uint32_t *find(struct names *names, const char *s, size_t len)
{
	size_t i = hash(s, len) & (names->table_size - 1);

	while (names->table[i]) {
		const char *word = names->at[names->table[i] - 1];

		if (!strncmp(word, s, len) && !word[len])
			break;
		i = (i + 1) & (names->table_size - 1);
	}
	return &names->table[i];
}

static void grow(struct names *names)
{
	names->table_size = names->table_size ? names->table_size * 2 : 256;
	free(names->table);
	names->table = cdma_xcalloc(names->table_size, sizeof(uint32_t));
	for (size_t i = 0; i < names->nr; i++)
		*find(names, names->at[i], strlen(names->at[i])) =
			(uint32_t)i + 1;
}

uint32_t names_intern(struct names *names, const char *s, size_t len)
{
	uint32_t *slot;

	if (names->nr * 2 >= names->table_size)
		grow(names);
	slot = find(names, s, len);
	if (!*slot) {
		*cdma_vec_push(names) = cdma_xstrndup(s, len);
		*slot = (uint32_t)names->nr;
	}
	return *slot - 1;
}
