/* SPDX-License-Identifier: MIT */
#include "explore/dpor-state.h"

/*
 * Reads of weak memory: what one need not see, because it sees it elsewhere.
 *
 * A read that misses a store is as good as one that came before that store,
 * when it can come before it: nobody can tell the two apart, since the read
 * tells of nothing, and whoever comes after it has seen the same.  Both orders
 * of the two are explored anyway.  So of all that a read may see, it is only
 * asked about the newest, and about what it would see nowhere else: where
 * something that it comes after has itself come after a store that it misses.
 */

static bool is_word(const struct touch *t)
{
	return t->space == SPACE_MEMORY || t->space == SPACE_OP;
}

/* Whether the two touch the same, in one of the spaces for which @in_word. */
static bool meet(const struct footprint *read, const struct footprint *other,
		 bool in_word)
{
	for (uint8_t i = 0; i < read->nr; i++)
		for (uint8_t j = 0; j < other->nr; j++)
			if (is_word(&read->at[i]) == in_word &&
			    touch_conflict(&read->at[i], &other->at[j]))
				return true;
	return false;
}

/* Whether @other, which meets @read, is one store to the word, and no more. */
static bool is_store(const struct footprint *read,
		     const struct footprint *other)
{
	if (other->all || meet(read, other, false))
		return false;
	/* A store in pieces has begun, or not. */
	for (uint8_t j = 0; j < other->nr; j++)
		if (other->at[j].space == SPACE_OP &&
		    other->at[j].mode == TOUCH_WRITE)
			return false;
	return true;
}

static void join(const struct dpor *dpor, uint32_t *clock,
		 const struct step *other)
{
	for (uint32_t a = 0; a < dpor->actors; a++)
		if (clock[a] < other->clock[a])
			clock[a] = other->clock[a];
}

/*
 * Whether the current step, when it misses all stores behind step @first, may
 * as well come before them.  @read: what it touches; @first: one more than the
 * number of a step, 0 when the store is of none.
 */
static bool may_come_before(const struct dpor *dpor,
			    const struct footprint *read, uint32_t first)
{
	const struct step *step = dpor->steps.at[dpor->depth - 1], *other;
	uint32_t clock[DPOR_ACTORS_MAX] = {0};

	if (step->prev)
		join(dpor, clock, dpor->steps.at[step->prev - 1]);
	/* Plain stores that do not count are not tried in both orders. */
	for (uint32_t i = 0; i < dpor->depth - 1; i++)
		if (footprint_meets(read, NULL, &dpor->steps.at[i]->plain))
			return false;
	for (uint32_t i = 0; i < first; i++) {
		other = dpor->steps.at[i];
		if (other->actor != step->actor &&
		    footprint_conflict(read, &other->fp))
			join(dpor, clock, other);
	}
	for (uint32_t i = first; i < dpor->depth - 1; i++) {
		other = dpor->steps.at[i];
		if (!footprint_conflict(read, &other->fp))
			continue;
		if (other->actor == step->actor ||
		    clock[other->actor] >= other->nth ||
		    !is_store(read, &other->fp))
			return false;
	}
	return true;
}

uint32_t dpor_read_value(struct dpor *dpor, const struct cdma_event *ev,
			 const struct cdma_sight *sights, uint32_t nr)
{
	uint32_t kept[CDMA_SIGHTS_MAX] = {0}, nr_kept = 1;
	const struct step *step;
	struct footprint read;

	if (!dpor->depth || dpor->closed)
		return 0;
	step = dpor->steps.at[dpor->depth - 1];
	/* A part of an access, or what comes after something else. */
	if (ev->op_size > ev->size || step->nr_asked || step->seq)
		return dpor_own_value(dpor, nr);
	footprint_clear(&read);
	footprint_add(&read, ev, &dpor->cast, NULL);
	dpor_clock(dpor, dpor->depth - 1);
	for (uint32_t i = 1; i < nr; i++)
		if (!may_come_before(dpor, &read,
				     dpor_step_of(dpor, sights[i].rf)))
			kept[nr_kept++] = i;
	return nr_kept > 1 ? kept[dpor_own_value(dpor, nr_kept)] : 0;
}

/* ---- stores that are read in part ---- */

/* Whether a read of @read may see, of a store of @store, a part, and beside it
 * what another has stored. */
static bool is_in_part(uint8_t read, uint8_t store)
{
	return (read & store) && (read & ~store);
}

void dpor_note_word(struct dpor *dpor, const struct cdma_event *ev)
{
	struct dpor_word word = {
		.granule = ev->offset >> 3,
		.object = ev->object,
		.is_store = ev->kind == CDMA_EV_WRITE,
	};

	if (!cdma_event_is_access(ev) || ev->how == CDMA_MMIO)
		return;
	word.mask = (uint8_t)(((1u << ev->size) - 1) << (ev->offset & 7));
	for (size_t i = dpor->words.nr; i-- > 0;) {
		const struct dpor_word *w = &dpor->words.at[i];

		if (w->granule != word.granule || w->object != word.object)
			continue;
		if (w->is_store == word.is_store && w->mask == word.mask)
			return;
		if (w->is_store != word.is_store)
			dpor->met |= word.is_store
					     ? is_in_part(w->mask, word.mask)
					     : is_in_part(word.mask, w->mask);
	}
	*cdma_vec_push(&dpor->words) = word;
}
