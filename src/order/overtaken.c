/* SPDX-License-Identifier: MIT */
#include "order/state.h"

/*
 * What a read tells of its own actor's earlier accesses.
 *
 * An actor has read a word, or stored to it, and another one has stored there
 * since.  A read that hears of that later store comes after the earlier access,
 * which missed it (LKMM: ((overwrite & ext) ; cumul-fence* ; rfe) & int is in
 * hb).  So whoever comes after the read, by an acquire, a dependency or a
 * branch, comes after what the earlier access came after as well.  No barrier
 * between the two is needed.  The same goes for a lock that tells of the store.
 *
 * A device's accesses are in order anyway.
 */

/* How many are looked at, from the newest: who has not come back to a word for
 * that long has passed a barrier since. */
#define LOOK_AT 32

static void note(struct cdma_step *step, struct cdma_order_actor *actor,
		 const struct cdma_record *access,
		 const struct cdma_record *store)
{
	const struct cdma_overtaken *at = actor->overtaken;
	struct cdma_overtaken *note;

	/* Who hears of a store hears of those before it in its lane. */
	for (int i = 0; at && i < LOOK_AT; i++, at = at->older)
		if (at->access == access && at->epoch == access->dot.epoch &&
		    at->store->dot.lane == store->dot.lane)
			return;
	note = cdma_arena_alloc(&step->order->arena, sizeof(*note));
	*note = (struct cdma_overtaken){
		.older = actor->overtaken,
		.access = access,
		.store = store,
		.epoch = access->dot.epoch,
	};
	actor->overtaken = note;
}

/* The reads since @begin.  One that was replaced came after no more, unless it
 * was by its address. */
static void note_reads(struct cdma_step *step, const struct cdma_column *column,
		       uint64_t begin, const struct cdma_record *store)
{
	struct cdma_order_actor *actor = &step->order->actors.at[column->actor];
	const struct cdma_record *read =
		cdma_record_at(column->reads, store->mask);

	while (read && read->seq > begin) {
		const struct cdma_record *before = read->previous;

		note(step, actor, read, store);
		for (int i = 0; i < LOOK_AT && before && before->replaced &&
				before->seq > begin;
		     i++, before = before->previous)
			if (before->by_address)
				note(step, actor, before, store);
		read = cdma_record_at(read->older, store->mask);
	}
}

/* What was accessed up to then was noted when the actor of @store last stored
 * to these bytes: who hears of this one hears of that.  So a ring that goes
 * round does not look at all that was ever read. */
static uint64_t noted_until(const struct cdma_record *store)
{
	const struct cdma_record *before =
		cdma_record_at(store->older, store->mask);

	return before && (before->mask & store->mask) == store->mask
		       ? before->seq
		       : 0;
}

void cdma_order_overtake(struct cdma_step *step,
			 const struct cdma_record *store)
{
	const uint64_t noted = noted_until(store);

	for (const struct cdma_column *column = step->cell->columns; column;
	     column = column->next) {
		struct cdma_order_actor *actor =
			&step->order->actors.at[column->actor];
		const struct cdma_record *last;
		uint64_t begin;

		if (column->actor == store->actor || !cdma_is_cpu(actor))
			continue;
		last = cdma_record_at(column->stores, store->mask);
		begin = last && last->seq > noted ? last->seq : noted;
		if (begin > noted)
			note(step, actor, last, store);
		note_reads(step, column, begin, store);
	}
}

/* A late read is overtaken by what it did not see. */
void cdma_order_overtaken_late(struct cdma_step *step,
			       const struct cdma_record *read)
{
	uint64_t saw = cdma_order_look_of(read, step->mask);
	const struct cdma_record *store = step->cell->newest;

	for (; store && store->seq > saw; store = store->older_store)
		if ((store->mask & step->mask) &&
		    store->actor != step->ev->actor)
			note(step, step->actor, read, store);
}

/* What came before @access, and itself. */
static void add_access(struct cdma_order *order, struct cdma_order_actor *actor,
		       const struct cdma_overtaken *at, struct cdma_past *past)
{
	const struct cdma_record *access = at->access;
	struct cdma_clock *clock;

	if (access->kind == CDMA_EV_READ) {
		cdma_order_add_read(order, actor, access, at->epoch, past);
		return;
	}
	clock = (struct cdma_clock *)past->clock;
	cdma_clock_join(&order->arena, &clock, access->behind);
	cdma_clock_join(&order->arena, &clock, access->after);
	past->clock = clock;
	if (past->own[CDMA_TO_CPU] < access->to_cpu.own_reads)
		past->own[CDMA_TO_CPU] = access->to_cpu.own_reads;
	if (past->own[CDMA_TO_DEV] < access->to_device.own_reads)
		past->own[CDMA_TO_DEV] = access->to_device.own_reads;
}

/* Whether who reads @seen hears of the store @store. */
static bool tells(const struct cdma_order *order,
		  const struct cdma_record *seen,
		  const struct cdma_record *store)
{
	const struct cdma_message *message = &seen->to_cpu;

	if (seen == store)
		return true;
	if (store->dot.lane == order->actors.at[seen->actor].lane &&
	    store->dot.epoch <= message->own_writes)
		return true;
	return cdma_clock_has(message->base, &store->dot) ||
	       (seen->dot.lane == store->dot.lane &&
		seen->dot.place == store->dot.place &&
		seen->dot.epoch > store->dot.epoch);
}

/* Whether what @actor reads now comes after @past anyway. */
static bool is_old(const struct cdma_order_actor *actor,
		   const struct cdma_past *past)
{
	uint32_t own = UINT32_MAX;

	for (int to = 0; to < CDMA_TOWARDS_NR; to++) {
		if (past->own[to] > actor->reads_done[to])
			return false;
		if (own > actor->reads_done[to])
			own = actor->reads_done[to];
	}
	return cdma_clock_covers_but(actor->kr, past->clock, actor->lane, own);
}

/* Of what @seen, or @told, tells.  @is_read: it is a read like others; then
 * what is old by now stays so for all of them. */
static void find(struct cdma_order *order, struct cdma_order_actor *actor,
		 const struct cdma_record *seen, const struct cdma_clock *told,
		 bool is_read, struct cdma_past *past)
{
	struct cdma_overtaken **link = &actor->overtaken, *at;

	for (int i = 0; (at = *link) && i < LOOK_AT; i++) {
		struct cdma_past its = {.clock = NULL};

		if (seen ? tells(order, seen, at->store)
			 : cdma_clock_has(told, &at->store->dot)) {
			add_access(order, actor, at, &its);
			if (is_read && is_old(actor, &its)) {
				*link = at->older;
				at->older = actor->overtaken_old;
				actor->overtaken_old = at;
				continue;
			}
			add_access(order, actor, at, past);
		}
		link = &at->older;
	}
	at = is_read ? NULL : actor->overtaken_old;
	for (int i = 0; at && i < LOOK_AT; i++, at = at->older)
		if (seen ? tells(order, seen, at->store)
			 : cdma_clock_has(told, &at->store->dot))
			add_access(order, actor, at, past);
	cdma_clock_freeze((struct cdma_clock *)past->clock);
}

void cdma_order_overtaken_by(struct cdma_order *order,
			     struct cdma_order_actor *actor,
			     const struct cdma_event *ev,
			     const struct cdma_record *seen,
			     struct cdma_past *past)
{
	find(order, actor, seen, NULL,
	     ev->how != CDMA_MMIO && !(ev->flags & CDMA_EVF_UNSEEN), past);
}

void cdma_order_overtaken_as_told(struct cdma_order *order,
				  struct cdma_order_actor *actor,
				  const struct cdma_clock *told,
				  struct cdma_past *past)
{
	find(order, actor, NULL, told, true, past);
}
