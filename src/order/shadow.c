/* SPDX-License-Identifier: MIT */
#include "order/shadow.h"

#include <string.h>

#define FIRST_ROOM 256

void cdma_shadow_init(struct cdma_shadow *shadow, struct cdma_arena *arena)
{
	shadow->arena = arena;
	shadow->room = FIRST_ROOM;
	shadow->used = 0;
	shadow->generation = 1;
	shadow->cells = cdma_xcalloc(shadow->room, sizeof(*shadow->cells));
}

void cdma_shadow_fini(struct cdma_shadow *shadow)
{
	free(shadow->cells);
	shadow->cells = NULL;
	cdma_vec_free(&shadow->marked);
}

void cdma_shadow_reset(struct cdma_shadow *shadow)
{
	shadow->used = 0;
	if (++shadow->generation)
		return;
	/* After 2^32 runs old cells would come alive again. */
	memset(shadow->cells, 0, shadow->room * sizeof(*shadow->cells));
	shadow->generation = 1;
}

static struct cdma_cell *slot(const struct cdma_shadow *shadow, uint64_t key)
{
	uint32_t at = (uint32_t)((key * 0x9e3779b97f4a7c15u) >> 32);

	for (;; at++) {
		struct cdma_cell *cell =
			&shadow->cells[at & (shadow->room - 1)];

		if (cell->generation != shadow->generation || cell->key == key)
			return cell;
	}
}

static void grow(struct cdma_shadow *shadow)
{
	struct cdma_shadow old = *shadow;

	shadow->room *= 2;
	shadow->cells = cdma_xcalloc(shadow->room, sizeof(*shadow->cells));
	for (uint32_t i = 0; i < old.room; i++)
		if (old.cells[i].generation == old.generation)
			*slot(shadow, old.cells[i].key) = old.cells[i];
	free(old.cells);
}

static bool is_used(const struct cdma_shadow *shadow,
		    const struct cdma_cell *cell)
{
	return cell->generation == shadow->generation;
}

void cdma_shadow_mark(struct cdma_shadow *shadow)
{
	shadow->marked.nr = 0;
	for (uint32_t i = 0; i < shadow->room; i++)
		if (is_used(shadow, &shadow->cells[i]))
			*cdma_vec_push(&shadow->marked) = shadow->cells[i];
}

void cdma_shadow_rewind(struct cdma_shadow *shadow)
{
	cdma_shadow_reset(shadow);
	for (size_t i = 0; i < shadow->marked.nr; i++) {
		struct cdma_cell *cell = &shadow->marked.at[i];

		cell->generation = shadow->generation;
		*slot(shadow, cell->key) = *cell;
	}
	shadow->used = (uint32_t)shadow->marked.nr;
}

struct cdma_cell *cdma_shadow_cell(struct cdma_shadow *shadow, uint32_t region,
				   uint64_t granule)
{
	uint64_t key = (uint64_t)region << 40 | granule;
	struct cdma_cell *cell = slot(shadow, key);

	if (cell->generation == shadow->generation)
		return cell;
	if (shadow->used >= shadow->room / 2) {
		grow(shadow);
		cell = slot(shadow, key);
	}
	shadow->used++;
	*cell = (struct cdma_cell){.key = key,
				   .generation = shadow->generation};
	return cell;
}

struct cdma_cell *cdma_shadow_find(const struct cdma_shadow *shadow,
				   uint32_t region, uint64_t granule)
{
	struct cdma_cell *cell = slot(shadow, (uint64_t)region << 40 | granule);

	return is_used(shadow, cell) ? cell : NULL;
}

struct cdma_column *cdma_cell_find(const struct cdma_cell *cell, uint16_t lane)
{
	struct cdma_column *column = cell->columns;

	while (column && column->lane != lane)
		column = column->next;
	return column;
}

struct cdma_column *cdma_cell_column(struct cdma_shadow *shadow,
				     struct cdma_cell *cell, uint16_t lane,
				     cdma_actor_id actor)
{
	struct cdma_column **link = &cell->columns;

	while (*link && (*link)->lane != lane)
		link = &(*link)->next;
	if (!*link) {
		*link = cdma_arena_alloc(shadow->arena, sizeof(**link));
		**link = (struct cdma_column){.lane = lane, .actor = actor};
	}
	return *link;
}

struct cdma_record *cdma_shadow_store(struct cdma_shadow *shadow,
				      struct cdma_cell *cell,
				      struct cdma_column *column)
{
	struct cdma_record *record =
		cdma_arena_alloc(shadow->arena, sizeof(*record));

	record->older = column->stores;
	record->older_store = cell->newest;
	column->stores = record;
	cell->newest = record;
	return record;
}

/* Judged alike by everybody who comes later. */
static bool replaces(const struct cdma_record *new,
		     const struct cdma_record *old)
{
	return old->segment == new->segment && old->mask == new->mask &&
	       old->how == new->how && old->flags == new->flags;
}

struct cdma_record *cdma_shadow_read(struct cdma_shadow *shadow,
				     struct cdma_column *column,
				     const struct cdma_event *ev, uint8_t mask,
				     uint32_t segment)
{
	struct cdma_record *record =
		cdma_arena_alloc(shadow->arena, sizeof(*record));
	struct cdma_record **link = &column->reads;

	cdma_record_fill(record, ev);
	record->mask = mask;
	record->segment = segment;
	record->branched = 0;
	record->stale = ev->rf != 0;
	record->replaced = false;
	record->previous = NULL;
	record->floor = NULL;
	record->looked = NULL;
	for (; *link; link = &(*link)->older) {
		if (!record->previous && (*link)->mask == mask)
			record->previous = *link;
		if ((*link)->segment != segment && record->previous)
			break;
		if (replaces(record, *link)) {
			(*link)->replaced = true;
			*link = (*link)->older;
			break;
		}
	}
	record->older = column->reads;
	record->older_store = NULL;
	column->reads = record;
	return record;
}

void cdma_record_fill(struct cdma_record *record, const struct cdma_event *ev)
{
	record->seq = ev->seq;
	record->op = ev->op;
	record->op_offset = ev->op_offset;
	record->op_size = ev->op_size;
	record->value = ev->value;
	record->site = ev->site;
	record->ctx = ev->ctx;
	record->object = ev->object;
	record->flags = ev->flags;
	record->actor = ev->actor;
	record->kind = ev->kind;
	record->how = ev->how;
}

struct cdma_party cdma_record_party(const struct cdma_record *record)
{
	return (struct cdma_party){
		.seq = record->seq,
		.offset = record->op_offset,
		.size = record->op_size,
		.value = record->value,
		.site = record->site,
		.ctx = record->ctx,
		.object = record->object,
		.actor = record->actor,
		.kind = record->kind,
		.how = record->how,
		.flags = record->flags,
	};
}
