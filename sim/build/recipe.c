/* SPDX-License-Identifier: MIT */
#include "build/recipe.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One more when the same recipe gives another object. */
#define RECIPE_VERSION 1

uint64_t recipe_hash(uint64_t hash, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	uint64_t word;

	hash ^= len;
	while (len) {
		size_t n = len < sizeof(word) ? len : sizeof(word);

		word = 0;
		memcpy(&word, at, n);
		hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
		hash ^= hash >> 29;
		at += n;
		len -= n;
	}
	return hash;
}

static uint64_t mix_text(uint64_t h, const char *text)
{
	return text ? recipe_hash(h, text, strlen(text)) : h * 31 + 1;
}

static uint64_t mix(uint64_t h, uint64_t value)
{
	return recipe_hash(h, &value, sizeof(value));
}

/* Where it is, wherever one stands; else what it is called. */
static uint64_t mix_file(uint64_t h, const struct native_file *file)
{
	char *path = file->path ? realpath(file->path, NULL) : NULL;

	h = mix_text(h, path ? path : file->text);
	free(path);
	return h;
}

static uint64_t mix_files(uint64_t h, const struct native_file *files,
			  size_t nr)
{
	h = mix(h, nr);
	for (size_t i = 0; i < nr; i++)
		h = mix_file(h, &files[i]);
	return h;
}

static uint64_t mix_pci(uint64_t h, const struct native_pci *pci)
{
	h = mix(mix(mix(h, pci->vendor), pci->id), pci->rev);
	h = mix_text(h, pci->device ? pci->device->name : NULL);
	return mix_text(h, pci->irq ? pci->irq->name : NULL);
}

static uint64_t mix_all(const struct recipe *r)
{
	const struct native_object *o = r->object;
	uint64_t h = mix_text(RECIPE_VERSION, PACKAGE_VERSION);

	struct native_file main = {o->file.text, o->source, o->file.span};

	h = mix_file(mix(h, o->is_driver), &main);
	h = mix_files(h, o->sources, o->nr_sources);
	h = mix_files(h, o->links, o->nr_links);
	h = mix_pci(mix(h, o->has_pci), &o->pci);
	for (size_t i = 0; i < o->nr_defines; i++)
		h = mix_text(mix_text(h, o->defines[i].name),
			     o->defines[i].text);
	for (size_t i = 0; i < r->nr_patches; i++) {
		h = mix_text(mix(h, r->patches[i].how), r->patches[i].at);
		h = mix_text(mix_text(h, r->patches[i].with), r->patches[i].in);
	}
	/* Of a shared object that somebody names, whatever is called of it. */
	for (size_t i = 0; o->is_source && i < r->wanted.nr; i++)
		h = mix_text(h, r->wanted.at[i]);
	return h;
}

void recipe_init(struct recipe *r, const struct unit *unit, size_t i)
{
	*r = (struct recipe){
		.unit = unit,
		.object = &unit->objects[i],
	};
	if (r->object->is_source) {
		r->patches = unit->patches;
		r->nr_patches = unit->nr_patches;
	}
	for (size_t n = 0; n < unit->nr_natives; n++)
		if (unit->natives[n].object == i)
			*cdma_vec_push(&r->wanted) = unit->natives[n].name;
	snprintf(r->key, sizeof(r->key), "%016" PRIx64, mix_all(r));
}

void recipe_fini(struct recipe *r)
{
	cdma_vec_free(&r->wanted);
}
