/* SPDX-License-Identifier: MIT */
#include "order/state.h"

/*
 * Which stores a read may see: doc/memory-model.md, "Weak values".
 *
 * The stores to a granule are walked from the newest.  One that the reader is
 * bound to see, or has seen, hides all that is older of its bytes; the others
 * may not have reached the reader yet.  What is left is a row of moments: the
 * read sees memory as it was at one of them, but for the bytes that are settled
 * by a store which it cannot miss.
 *
 * A store is seen as a whole.  Its pieces, when it has several, are stores.
 */

/* A read, and what it comes after. */
struct cdma_gaze {
	const struct cdma_order *order;
	const struct cdma_order_actor *actor;
	const struct cdma_cell *cell;
	const struct cdma_clock *address; /* by its address; or NULL */
	cdma_actor_id id;
	uint8_t mask;
	uint64_t looked[8]; /* what its actor last saw at each byte */
};

static unsigned int first_byte(uint8_t mask)
{
	return (unsigned int)__builtin_ctz(mask);
}

static void note_look(uint64_t looked[8], uint8_t mask, uint64_t seq)
{
	for (; mask; mask &= (uint8_t)(mask - 1))
		if (looked[first_byte(mask)] < seq)
			looked[first_byte(mask)] = seq;
}

/*
 * What the actor's reads saw; those that saw the newest store count as they
 * were made.  The newest read of a byte says it: no read sees less than one
 * before it did.
 */
static void note_reads(struct cdma_gaze *gaze)
{
	const struct cdma_column *column =
		cdma_cell_find(gaze->cell, gaze->actor->lane);
	const struct cdma_record *read = column ? column->reads : NULL;
	uint8_t left = gaze->mask;

	for (; (read = cdma_record_at(read, left)); read = read->older) {
		uint8_t mask = read->mask & left;

		left &= (uint8_t)~mask;
		if (!read->stale) {
			note_look(gaze->looked, mask, read->seq);
			continue;
		}
		for (const struct cdma_saw *saw = &read->saw; saw;
		     saw = saw->next)
			if (saw->store)
				note_look(gaze->looked, mask & saw->store->mask,
					  saw->store->seq);
	}
}

/* What a read comes after whose address was computed from the reads @dep. */
static const struct cdma_clock *by_address(struct cdma_order *order,
					   struct cdma_order_actor *actor,
					   cdma_dep_t dep)
{
	struct cdma_past past = {.clock = NULL};
	struct cdma_clock *clock;

	cdma_order_add_past(order, actor, dep, &past);
	clock = (struct cdma_clock *)past.clock;
	cdma_order_landed_seen(order, actor, dep,
			       cdma_is_cpu(actor) ? CDMA_TO_CPU : CDMA_TO_DEV,
			       &clock);
	return clock;
}

static struct cdma_gaze gaze_at(struct cdma_order *order,
				struct cdma_order_actor *actor,
				const struct cdma_cell *cell,
				const struct cdma_event *ev, uint8_t mask)
{
	struct cdma_gaze gaze = {
		.order = order,
		.actor = actor,
		.cell = cell,
		.id = ev->actor,
		.mask = mask,
	};

	if (ev->addr_dep)
		gaze.address = by_address(order, actor, ev->addr_dep);
	note_reads(&gaze);
	return gaze;
}

static bool reaches(const struct cdma_clock *clock,
		    const struct cdma_record *store)
{
	return cdma_clock_has(clock, &store->dot);
}

static bool comes_after(const void *aux, const struct cdma_record *as)
{
	const struct cdma_gaze *gaze = aux;

	return reaches(gaze->actor->kr, as) ||
	       reaches(gaze->actor->pulled, as) || reaches(gaze->address, as);
}

/* Whether the reader can see nothing older than @store where that stored. */
static bool hides(const struct cdma_gaze *gaze, const struct cdma_record *store)
{
	const struct cdma_order_actor *actor = gaze->actor;

	if (store->actor == gaze->id || reaches(actor->kr, store) ||
	    reaches(actor->pulled, store) ||
	    reaches(actor->landed.floor[cdma_is_cpu(actor) ? CDMA_TO_CPU
							   : CDMA_TO_DEV],
		    store) ||
	    reaches(gaze->address, store))
		return true;
	/* A device reads when it reads: what has landed, it sees. */
	if (!cdma_is_cpu(actor) &&
	    reaches(gaze->order->landed[CDMA_TO_DEV], store))
		return true;
	if (gaze->cell->handovers &&
	    cdma_order_is_handed(gaze->order, gaze->cell, gaze->id, store,
				 store->mask & gaze->mask, comes_after, gaze))
		return true;
	for (uint8_t m = store->mask & gaze->mask; m; m &= (uint8_t)(m - 1))
		if (store->seq <= gaze->looked[first_byte(m)])
			return true;
	return false;
}

/* Whether @store changed any of these bytes: one that reached no memory, since
 * its device may not use the bus or the memory was gone, changed nothing. */
static bool changes(const struct cdma_record *store, uint8_t mask)
{
	return (store->mask & mask) && !(store->flags & CDMA_EVF_MISSED);
}

void cdma_order_find_stale(struct cdma_step *step)
{
	const struct cdma_record *store = step->cell->newest;
	struct cdma_gaze gaze = gaze_at(step->order, step->actor, step->cell,
					step->ev, step->mask);
	uint8_t left = step->mask;

	for (; store && left; store = store->older_store) {
		if (!changes(store, left) ||
		    (store->seq > step->ev->rf && !hides(&gaze, store)))
			continue;
		left &= (uint8_t)~store->mask;
		cdma_order_add_saw(step, store);
	}
}

/* The bytes @mask of @store, put where they are in the granule. */
static uint64_t bytes_of(const struct cdma_record *store, uint8_t mask,
			 uint64_t value)
{
	for (; mask; mask &= (uint8_t)(mask - 1)) {
		unsigned int at = first_byte(mask);
		uint64_t byte =
			store->value >> 8 * (at - first_byte(store->mask));

		value &= ~((uint64_t)0xff << 8 * at);
		value |= (byte & 0xff) << 8 * at;
	}
	return value;
}

/* @value, with the bytes @open as they were after @store. */
static uint64_t value_at(const struct cdma_record *store, uint8_t open,
			 uint64_t value)
{
	for (; store && open; store = store->older_store) {
		if (!changes(store, open))
			continue;
		value = bytes_of(store, store->mask & open, value);
		open &= (uint8_t)~store->mask;
	}
	return value;
}

static uint64_t cut(uint64_t value, unsigned int shift, unsigned int size)
{
	return value >> 8 * shift << (64 - 8 * size) >> (64 - 8 * size);
}

/* The moments, from the newest; how many there are. */
static size_t list(const struct cdma_gaze *gaze, const struct cdma_event *ev,
		   const struct cdma_sight *first, struct cdma_sight *out)
{
	const struct cdma_record *store = gaze->cell->newest;
	unsigned int shift = first_byte(gaze->mask);
	uint64_t settled = first->value << 8 * shift;
	uint8_t open = gaze->mask;
	bool differs = true; /* from the moment before */
	size_t nr = 0;

	for (; store && open && nr < CDMA_SIGHTS_MAX;
	     store = store->older_store) {
		if (!changes(store, open))
			continue;
		if (differs)
			out[nr++] = (struct cdma_sight){
				.rf = store->seq,
				.value = cut(value_at(store, open, settled),
					     shift, ev->size),
			};
		differs = !hides(gaze, store);
		if (!differs) {
			settled = bytes_of(store, store->mask & open, settled);
			open &= (uint8_t)~store->mask;
		}
	}
	if (open && differs && nr < CDMA_SIGHTS_MAX)
		out[nr++] = (struct cdma_sight){
			.rf = first->rf,
			.value = cut(settled, shift, ev->size),
		};
	return nr;
}

size_t cdma_order_visible(struct cdma_order *order, const struct cdma_event *ev,
			  const struct cdma_sight *first,
			  struct cdma_sight *out)
{
	struct cdma_order_actor *actor = cdma_order_actor_of(order, ev);
	const struct cdma_cell *cell =
		cdma_shadow_cell(&order->shadow, ev->object, ev->offset >> 3);
	struct cdma_gaze gaze;
	size_t nr = 0;

	/* A plain read that could be late is a race. */
	if (cell->newest && ev->how != CDMA_PLAIN && ev->how != CDMA_MMIO) {
		cdma_order_landed_settle(order, actor);
		gaze = gaze_at(order, actor, cell, ev,
			       cdma_access_mask(ev->offset, ev->size));
		nr = list(&gaze, ev, first, out);
	}
	out[0] = (struct cdma_sight){.rf = 0, .value = ev->value};
	return nr ? nr : 1;
}

size_t cdma_order_history(const struct cdma_order *order,
			  const struct cdma_event *ev, struct cdma_sight *out,
			  bool *whole)
{
	const struct cdma_cell *cell =
		cdma_shadow_find(&order->shadow, ev->object, ev->offset >> 3);
	const struct cdma_record *store = cell ? cell->newest : NULL;
	uint8_t mask = cdma_access_mask(ev->offset, ev->size);
	size_t nr = 0;

	for (; store && nr < CDMA_SIGHTS_MAX; store = store->older_store) {
		if (!(store->mask & mask))
			continue;
		if ((store->mask & mask) != mask)
			break;
		out[nr++] = (struct cdma_sight){
			.rf = store->seq,
			.value = cut(bytes_of(store, mask, 0), first_byte(mask),
				     ev->size),
		};
	}
	*whole = !store;
	return nr;
}
