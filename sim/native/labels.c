/* SPDX-License-Identifier: MIT */
#include "native/labels.h"

#include <string.h>

#include "base/image.h"
#include "base/vec.h"
#include "native/state.h"

#define GRANULE 8u

/* What a cell leads to, by its number less one. */
struct label {
	uint32_t *cell; /* that leads here; NULL: none does any more */
	struct cdma_source from[GRANULE];
	uint8_t owner[GRANULE]; /* of which actor */
};

/* Cells that are odd: a row of them. */
struct row {
	uint32_t *cell;
	size_t nr;
	uint32_t odd;
};

struct data {
	uintptr_t at;
	size_t size;
	uint32_t *cells; /* owned */
};

static CDMA_VEC(struct label) labels;
static CDMA_VEC(struct row) rows; /* later ones win */
static CDMA_VEC(struct data) datas;

uint32_t *native_cell(const void *at)
{
	uintptr_t off = (uintptr_t)at - (uintptr_t)native_heap();

	if (off < native_private_size())
		return &native_cells()[off / GRANULE];
	for (size_t i = 0; i < datas.nr; i++) {
		off = (uintptr_t)at - datas.at[i].at;
		if (off < datas.at[i].size)
			return &datas.at[i].cells[off / GRANULE];
	}
	return NULL;
}

void native_cells_add(const unsigned char *at, size_t size)
{
	uintptr_t from = (uintptr_t)at & ~(uintptr_t)(GRANULE - 1);
	struct data data = {.at = from, .size = (uintptr_t)at + size - from};

	data.cells = cdma_xcalloc(data.size / GRANULE + 1, sizeof(uint32_t));
	*cdma_vec_push(&datas) = data;
}

static struct cdma_deps *deps(void)
{
	return cdma_world_deps(native.world);
}

static uint8_t self(void)
{
	return (uint8_t)(native.running ? native.running - native.tasks : 0);
}

static struct label *label_of(uint32_t cell)
{
	return cell && cell < CELL_ODD ? &labels.at[cell - 1] : NULL;
}

/* How many of @size bytes at @at are in its granule. */
static size_t in_granule(const void *at, size_t size)
{
	size_t room = GRANULE - (uintptr_t)at % GRANULE;

	return size < room ? size : room;
}

/* ---- what is known ---- */

static struct cdma_source source_of(const struct label *label, size_t byte)
{
	if (!label || label->owner[byte] != self())
		return (struct cdma_source){0};
	return label->from[byte];
}

void native_label_sources(const void *at, size_t size, struct cdma_source *out)
{
	const unsigned char *from = at;

	while (size) {
		const uint32_t *cell = native_cell(from);
		size_t nr = in_granule(from, size),
		       first = (uintptr_t)from % GRANULE;

		for (size_t i = 0; i < nr; i++)
			out[i] = source_of(cell ? label_of(*cell) : NULL,
					   first + i);
		from += nr;
		out += nr;
		size -= nr;
	}
}

cdma_dep_t native_label_get(const void *at, size_t size)
{
	struct cdma_source from[GRANULE];
	const unsigned char *next = at;
	cdma_dep_t dep = 0;

	while (size) {
		size_t nr = in_granule(next, size);

		native_label_sources(next, nr, from);
		dep = cdma_dep_join(deps(), dep,
				    cdma_dep_gather(deps(), from, nr));
		next += nr;
		size -= nr;
	}
	return dep;
}

/* ---- what is noted ---- */

static bool are_empty(const struct cdma_source *from, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		if (from[i].dep)
			return false;
	return true;
}

static struct label *label_new(uint32_t *cell)
{
	struct label *label = cdma_vec_push(&labels);

	*label = (struct label){.cell = cell};
	*cell = (uint32_t)labels.nr;
	return label;
}

static void put_granule(void *at, size_t nr, const struct cdma_source *from)
{
	size_t first = (uintptr_t)at % GRANULE;
	uint32_t *cell = native_cell(at);
	struct label *label;

	if (!cell || *cell >= CELL_ODD || (!*cell && are_empty(from, nr)))
		return;
	label = *cell ? label_of(*cell) : label_new(cell);
	memcpy(&label->from[first], from, nr * sizeof(*from));
	memset(&label->owner[first], self(), nr);
	if (are_empty(label->from, GRANULE)) {
		label->cell = NULL;
		*cell = 0;
	}
}

void native_label_put(void *at, size_t size, const struct cdma_source *from)
{
	unsigned char *to = at;

	while (size) {
		size_t nr = in_granule(to, size);

		put_granule(to, nr, from);
		to += nr;
		from += nr;
		size -= nr;
	}
}

void native_label_set(void *at, size_t size, cdma_dep_t dep)
{
	struct cdma_source from[GRANULE];
	unsigned char *to = at;

	for (size_t i = 0; i < GRANULE; i++)
		from[i] = (struct cdma_source){.dep = dep};
	while (size) {
		size_t nr = in_granule(to, size);

		put_granule(to, nr, from);
		to += nr;
		size -= nr;
	}
}

/* The cell leads to its label no more. */
static void cut(uint32_t *cell)
{
	struct label *label = label_of(*cell);

	if (label)
		label->cell = NULL;
	*cell = 0;
}

void native_label_clear(const void *at, size_t size)
{
	uint32_t *cell = size ? native_cell(at) : NULL;
	size_t nr = ((uintptr_t)at % GRANULE + size + GRANULE - 1) / GRANULE;

	for (size_t i = 0; cell && i < nr; i++)
		if (cell[i])
			cut(&cell[i]);
}

void native_cells_mark(const void *at, size_t size, uint32_t odd)
{
	uint32_t *cell = native_cell(at);
	size_t nr = (size + GRANULE - 1) / GRANULE;

	for (size_t i = 0; i < nr; i++) {
		cut(&cell[i]);
		cell[i] = odd;
	}
	*cdma_vec_push(&rows) = (struct row){cell, nr, odd};
}

/* ---- runs ---- */

void native_labels_drop(void)
{
	for (size_t i = 0; i < labels.nr; i++)
		if (labels.at[i].cell)
			*labels.at[i].cell = 0;
	for (size_t i = 0; i < rows.nr; i++)
		memset(rows.at[i].cell, 0,
		       rows.at[i].nr * sizeof(*rows.at[i].cell));
}

void native_labels_again(void)
{
	for (size_t i = 0; i < rows.nr; i++)
		for (size_t k = 0; k < rows.at[i].nr; k++)
			rows.at[i].cell[k] = rows.at[i].odd;
	for (size_t i = 0; i < labels.nr; i++)
		if (labels.at[i].cell)
			*labels.at[i].cell = (uint32_t)i + 1;
}

void native_labels_reset(void)
{
	native_labels_drop();
	labels.nr = 0;
	rows.nr = 0;
}

void native_labels_mark(struct cdma_image *image)
{
	cdma_image_add_vec(image, &labels);
	cdma_image_add_vec(image, &rows);
}
