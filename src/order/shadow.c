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
	cdma_vec_free(&shadow->made);
	cdma_vec_free(&shadow->last_made);
}

static uint32_t region_of(uint64_t key)
{
	return (uint32_t)(key >> CDMA_GRANULE_BITS);
}

/* Cells number @nr and on were not made. */
static void unmake(struct cdma_shadow *shadow, size_t nr)
{
	while (shadow->made.nr > nr) {
		const struct cdma_made *made =
			&shadow->made.at[--shadow->made.nr];

		shadow->last_made.at[region_of(made->key)] = made->before;
	}
}

static void make(struct cdma_shadow *shadow, uint64_t key)
{
	uint32_t region = region_of(key);

	while (shadow->last_made.nr <= region)
		*cdma_vec_push(&shadow->last_made) = 0;
	*cdma_vec_push(&shadow->made) = (struct cdma_made){
		.key = key,
		.before = shadow->last_made.at[region],
	};
	shadow->last_made.at[region] = (uint32_t)shadow->made.nr;
}

static void forget(struct cdma_shadow *shadow)
{
	shadow->used = 0;
	if (++shadow->generation)
		return;
	/* After 2^32 runs old cells would come alive again. */
	memset(shadow->cells, 0, shadow->room * sizeof(*shadow->cells));
	shadow->generation = 1;
}

void cdma_shadow_reset(struct cdma_shadow *shadow)
{
	forget(shadow);
	unmake(shadow, 0);
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
	for (size_t i = 0; i < shadow->made.nr; i++)
		*cdma_vec_push(&shadow->marked) =
			*slot(shadow, shadow->made.at[i].key);
}

void cdma_shadow_rewind(struct cdma_shadow *shadow)
{
	forget(shadow);
	unmake(shadow, shadow->marked.nr);
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
	uint64_t key = (uint64_t)region << CDMA_GRANULE_BITS | granule;
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
	make(shadow, key);
	return cell;
}

struct cdma_cell *cdma_shadow_find(const struct cdma_shadow *shadow,
				   uint32_t region, uint64_t granule)
{
	struct cdma_cell *cell =
		slot(shadow, (uint64_t)region << CDMA_GRANULE_BITS | granule);

	return is_used(shadow, cell) ? cell : NULL;
}

void cdma_shadow_each(struct cdma_shadow *shadow, uint32_t region,
		      void (*fn)(void *aux, struct cdma_cell *cell), void *aux)
{
	uint32_t i = 0;

	if (!region)
		i = (uint32_t)shadow->made.nr;
	else if (region < shadow->last_made.nr)
		i = shadow->last_made.at[region];
	while (i) {
		const struct cdma_made *made = &shadow->made.at[i - 1];

		fn(aux, slot(shadow, made->key));
		i = region ? made->before : i - 1;
	}
}

/* What is looked up; more is walked through. */
#define FEW_CELLS 64

void cdma_shadow_each_in(struct cdma_shadow *shadow, uint32_t region,
			 uint64_t first, uint64_t end,
			 void (*fn)(void *aux, struct cdma_cell *cell),
			 void *aux)
{
	uint64_t granule = first >> 3;
	struct cdma_cell *cell;
	uint32_t i = 0;

	if (first >= end)
		return;
	if (((end - 1) >> 3) - granule < FEW_CELLS) {
		for (; granule <= (end - 1) >> 3; granule++)
			if ((cell = cdma_shadow_find(shadow, region, granule)))
				fn(aux, cell);
		return;
	}
	if (region < shadow->last_made.nr)
		i = shadow->last_made.at[region];
	for (; i; i = shadow->made.at[i - 1].before) {
		cell = slot(shadow, shadow->made.at[i - 1].key);
		if (cdma_cell_offset(cell) < end &&
		    cdma_cell_offset(cell) + 8 > first)
			fn(aux, cell);
	}
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

/*
 * Put @record before what is in @list.  Two jumps of one length become one of
 * twice the length, so that a jump is never far (Myers, An Applicative
 * Random-Access Stack, 1983).
 */
static void push(struct cdma_record **list, struct cdma_record *record)
{
	struct cdma_record *older = *list;
	struct cdma_record *jump = older ? older->jump : NULL;

	record->older = record->jump = older;
	record->span = record->mask;
	record->length = 1;
	if (jump && jump->length == older->length) {
		record->jump = jump->jump;
		record->span |= older->span | jump->span;
		record->length += older->length + jump->length;
	}
	*list = record;
}

/* Take @record out of @list: the jumps of those before it are made anew. */
static void take_out(struct cdma_record **list, struct cdma_record *record)
{
	struct cdma_record *newer = NULL, *next;

	for (; *list != record; *list = next) {
		next = (*list)->older;
		(*list)->older = newer;
		newer = *list;
	}
	*list = record->older;
	for (; newer; newer = next) {
		next = newer->older;
		push(list, newer);
	}
}

struct cdma_record *cdma_shadow_store(struct cdma_shadow *shadow,
				      struct cdma_cell *cell,
				      struct cdma_column *column, uint8_t mask)
{
	struct cdma_record *record =
		cdma_arena_alloc(shadow->arena, sizeof(*record));

	record->mask = mask;
	record->older_store = cell->newest;
	push(&column->stores, record);
	cell->newest = record;
	return record;
}

static bool is_unseen(const struct cdma_record *read)
{
	return read->flags & CDMA_EVF_UNSEEN;
}

/* Judged alike by everybody who comes later. */
static bool replaces(const struct cdma_record *new,
		     const struct cdma_record *old)
{
	return (old->segment == new->segment ||
		(is_unseen(old) && is_unseen(new))) &&
	       old->mask == new->mask && old->how == new->how &&
	       old->flags == new->flags;
}

/* The newest read of just the bytes @mask. */
static struct cdma_record *last_read(const struct cdma_column *column,
				     uint8_t mask)
{
	const struct cdma_record *read = cdma_record_at(column->reads, mask);

	while (read && read->mask != mask)
		read = cdma_record_at(read->older, mask);
	return (struct cdma_record *)read;
}

struct cdma_record *cdma_shadow_read(struct cdma_shadow *shadow,
				     struct cdma_column *column,
				     const struct cdma_event *ev, uint8_t mask,
				     uint32_t segment)
{
	struct cdma_record *record =
		cdma_arena_alloc(shadow->arena, sizeof(*record));
	struct cdma_record *last = last_read(column, mask);

	cdma_record_fill(record, ev);
	record->mask = mask;
	record->segment = segment;
	record->branched = 0;
	record->stale = ev->rf != 0;
	record->replaced = false;
	record->previous = last;
	record->floor = NULL;
	record->looked = NULL;
	record->older_store = NULL;
	while (last && last->segment == segment && !replaces(record, last))
		last = last->older;
	if (last && replaces(record, last)) {
		last->replaced = true;
		take_out(&column->reads, last);
	}
	push(&column->reads, record);
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
