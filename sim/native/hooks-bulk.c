/* SPDX-License-Identifier: MIT */
#include "native/hooks.h"

#include <cdma/bulk.h>
#include <cdma/call.h>

#include "native/state.h"

/*
 * What is longer than a word, or no word: copies and fills, vectors, numbers of
 * 24 or of 128 bits.  In memory that others use it is made of pieces, a step
 * for each, as a copy is.
 */

/* So much at once. */
#define CHUNK ((size_t)256)

static struct cdma_deps *deps(void)
{
	return cdma_world_deps(native.world);
}

/* The bytes from @at on that are of one kind, up to @size. */
static size_t run_of(const void *at, size_t size, struct target *out,
		     const struct cdma_site *site)
{
	const unsigned char *from = at;
	size_t nr = 8 - (uintptr_t)from % 8;

	if (nr > size)
		nr = size;
	*out = hooks_target(from, nr, false, site);
	while (nr < size && nr < CHUNK) {
		size_t more = size - nr < 8 ? size - nr : 8;
		struct target next = hooks_target(from + nr, more, false, site);

		if (next.is_private != out->is_private ||
		    next.is_both != out->is_both ||
		    (!next.is_private &&
		     (next.view.region != out->view.region ||
		      next.view.offset != out->view.offset + nr)))
			break;
		nr += more;
	}
	out->view.size = out->view.elem_size = nr;
	return nr;
}

/* All pieces of @bulk; others may come in between. */
static void make_pieces(struct cdma_bulk *bulk, bool looks,
			const struct cdma_site *site)
{
	while (cdma_bulk_step_at(bulk, site))
		native_announce(site, looks);
	cdma_bulk_end(bulk);
}

static enum cdma_access access_of(const struct target *t, bool plain)
{
	return plain && !t->registers ? CDMA_PLAIN : CDMA_BULK;
}

/* @buf and @from: of @t's size. */
static void read_view(const struct target *t, bool plain, void *buf,
		      struct cdma_source *from, uint32_t addr_dep,
		      const struct cdma_site *site)
{
	enum cdma_stepping how = native_announce(site, true);
	struct cdma_bulk bulk;

	if (how == CDMA_STEP_PEEK) {
		cdma_peek(t->view, buf);
		memset(from, 0, t->view.size * sizeof(*from));
		return;
	}
	if (addr_dep)
		cdma_set_deps(native.world, addr_dep, 0);
	if (how == CDMA_STEP_POLL)
		cdma_set_flags(native.world, CDMA_EVF_POLL);
	cdma_set_sources(native.world, from);
	cdma_bulk_read_begin(&bulk, t->view, access_of(t, plain), buf);
	make_pieces(&bulk, true, site);
}

static void write_view(const struct target *t, bool plain, const void *buf,
		       struct cdma_source *from, uint32_t addr_dep,
		       const struct cdma_site *site)
{
	struct cdma_bulk bulk;

	native_announce(site, false);
	if (addr_dep)
		cdma_set_deps(native.world, addr_dep, 0);
	cdma_set_sources(native.world, from);
	cdma_bulk_write_begin(&bulk, t->view, access_of(t, plain), buf);
	make_pieces(&bulk, false, site);
}

/* Up to a CHUNK: how much it was. */
static size_t get(const void *at, size_t size, bool plain, void *buf,
		  struct cdma_source *from, uint32_t addr_dep,
		  const struct cdma_site *site)
{
	struct target t;
	size_t nr = run_of(at, size < CHUNK ? size : CHUNK, &t, site);

	memset(from, 0, nr * sizeof(*from));
	if (!t.is_private) {
		read_view(&t, plain, buf, from, addr_dep, site);
		return nr;
	}
	memcpy(buf, at, nr);
	native_label_sources(at, nr, from);
	for (size_t i = 0; addr_dep && i < nr; i++)
		from[i] = (struct cdma_source){
			.dep = hooks_join(cdma_dep_gather(deps(), &from[i], 1),
					  addr_dep)};
	return nr;
}

static void put(void *at, size_t size, bool plain, const void *buf,
		struct cdma_source *from, uint32_t addr_dep,
		const struct cdma_site *site)
{
	unsigned char *to = at;
	const unsigned char *bytes = buf;

	while (size) {
		struct target t;
		size_t nr = run_of(to, size, &t, site);

		if (!t.is_private)
			write_view(&t, plain, bytes, from, addr_dep, site);
		if (t.is_private || t.is_both)
			memcpy(to, bytes, nr);
		if (t.is_private)
			native_label_put(to, nr, from);
		to += nr;
		bytes += nr;
		from += nr;
		size -= nr;
	}
}

/* ---- values that are no word ---- */

uint32_t __cdma_load(void *to, const void *at, unsigned long size,
		     const struct cdma_site *site, uint32_t addr_dep)
{
	struct cdma_source from[CHUNK];
	unsigned char *out = to;
	const unsigned char *in = at;
	uint32_t dep = 0;

	hooks_at = site;
	while (size) {
		size_t nr = get(in, size, true, out, from, addr_dep, site);

		for (size_t i = 0; i < nr; i += 8)
			dep = hooks_join(
				dep, cdma_dep_gather(deps(), from + i,
						     nr - i < 8 ? nr - i : 8));
		in += nr;
		out += nr;
		size -= nr;
	}
	return dep;
}

void __cdma_store(void *at, const void *from, unsigned long size,
		  const struct cdma_site *site, uint32_t addr_dep, uint32_t dep)
{
	struct cdma_source sources[CHUNK];
	const unsigned char *in = from;
	unsigned char *to = at;

	hooks_at = site;
	for (size_t i = 0; i < CHUNK; i++)
		sources[i] = (struct cdma_source){.dep = dep};
	while (size) {
		size_t nr = size < CHUNK ? size : CHUNK;

		put(to, nr, true, in, sources, addr_dep, site);
		to += nr;
		in += nr;
		size -= nr;
	}
}

/* ---- copies ---- */

static void copy_up(unsigned char *to, const unsigned char *from, size_t size,
		    const struct cdma_site *site, uint32_t to_dep,
		    uint32_t from_dep)
{
	struct cdma_source sources[CHUNK];
	unsigned char buf[CHUNK];

	while (size) {
		size_t nr = size < CHUNK ? size : CHUNK;

		/* All of it, before any of it is overwritten. */
		for (size_t i = 0; i < nr;)
			i += get(from + i, nr - i, false, buf + i, sources + i,
				 from_dep, site);
		put(to, nr, false, buf, sources, to_dep, site);
		to += nr;
		from += nr;
		size -= nr;
	}
}

/* The end first, for what overlaps. */
static void copy_down(unsigned char *to, const unsigned char *from, size_t size,
		      const struct cdma_site *site, uint32_t to_dep,
		      uint32_t from_dep)
{
	while (size) {
		size_t nr = size < CHUNK ? size : CHUNK;

		size -= nr;
		copy_up(to + size, from + size, nr, site, to_dep, from_dep);
	}
}

void __cdma_copy(void *to, const void *from, unsigned long size,
		 const struct cdma_site *site, uint32_t to_dep,
		 uint32_t from_dep)
{
	hooks_at = site;
	if ((uintptr_t)to - (uintptr_t)from < size)
		copy_down(to, from, size, site, to_dep, from_dep);
	else
		copy_up(to, from, size, site, to_dep, from_dep);
}

void __cdma_fill(void *to, int byte, unsigned long size,
		 const struct cdma_site *site, uint32_t to_dep, uint32_t dep)
{
	struct cdma_source sources[CHUNK];
	unsigned char buf[CHUNK], *at = to;

	hooks_at = site;
	memset(buf, byte, size < CHUNK ? size : CHUNK);
	for (size_t i = 0; i < CHUNK; i++)
		sources[i] = (struct cdma_source){.dep = dep};
	while (size) {
		size_t nr = size < CHUNK ? size : CHUNK;

		put(at, nr, false, buf, sources, to_dep, site);
		at += nr;
		size -= nr;
	}
}
