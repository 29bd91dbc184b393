/* SPDX-License-Identifier: MIT */
#include "native/keys.h"

#include <string.h>

#include "base/image.h"
#include "base/vec.h"

/* A driver has a handful of each. */
static CDMA_VEC(struct native_key) keys;

struct native_key *native_key_find(const void *at, enum native_kind kind)
{
	for (size_t i = keys.nr; i--;)
		if (keys.at[i].at == at && keys.at[i].kind == kind)
			return &keys.at[i];
	return NULL;
}

struct native_key *native_key_next(const struct native_key *last,
				   enum native_kind kind)
{
	size_t i = last ? (size_t)(last - keys.at) + 1 : 0;

	while (i < keys.nr && keys.at[i].kind != kind)
		i++;
	return i < keys.nr ? &keys.at[i] : NULL;
}

struct native_key *native_key_nth(enum native_kind kind, size_t i)
{
	struct native_key *key = native_key_next(NULL, kind);

	while (key && i--)
		key = native_key_next(key, kind);
	return key;
}

struct native_key *native_key_add(const void *at, enum native_kind kind)
{
	struct native_key *key = cdma_vec_push(&keys);

	*key = (struct native_key){.at = at, .kind = kind};
	return key;
}

struct native_key *native_key_make(const void *at, enum native_kind kind)
{
	struct native_key *key = native_key_find(at, kind);

	if (!key)
		return native_key_add(at, kind);
	*key = (struct native_key){.at = at, .kind = kind};
	return key;
}

void native_key_drop(struct native_key *key)
{
	size_t after = (size_t)(cdma_vec_last(&keys) - key);

	memmove(key, key + 1, after * sizeof(*key));
	keys.nr--;
}

void native_keys_reset(void)
{
	keys.nr = 0;
}

void native_keys_mark(struct cdma_image *image)
{
	cdma_image_add_vec(image, &keys);
}
