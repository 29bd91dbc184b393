/* SPDX-License-Identifier: MIT */
#include "native/keys.h"

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

struct native_key *native_key_make(const void *at, enum native_kind kind)
{
	struct native_key *key = native_key_find(at, kind);

	if (!key)
		key = cdma_vec_push(&keys);
	*key = (struct native_key){.at = at, .kind = kind};
	return key;
}

void native_key_drop(struct native_key *key)
{
	*key = *cdma_vec_last(&keys);
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
