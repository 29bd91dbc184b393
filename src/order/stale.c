/* SPDX-License-Identifier: MIT */
#include "order/state.h"

/*
 * stale_value: a value is used behind the read that proves ownership, but was
 * fetched before that read, and a device has since overwritten it.
 *
 * The read that proves is one of the same memory at which a condition has
 * looked, and whose store came after the device's.  A value that was looked at
 * before is no victim: a driver that takes a snapshot of an index, and goes by
 * it, does so knowing that the device goes on.  Nor is one that was given back
 * in between: the device has heard of the fetch then.
 */

/* How far back a read can be and still be the proof. */
#define READS_BACK 64

struct use {
	struct cdma_order *order;
	struct cdma_order_actor *actor;
	const struct cdma_event *ev;
};

static bool is_device(const struct cdma_order *order, cdma_actor_id id)
{
	return !cdma_is_cpu(&order->actors.at[id]);
}

/* The newest store that @record saw. */
static uint64_t seen_at(const struct cdma_record *record)
{
	uint64_t newest = 0;

	for (const struct cdma_saw *saw = &record->saw; saw; saw = saw->next)
		if (saw->store && saw->store->seq > newest)
			newest = saw->store->seq;
	return newest;
}

/* Whether @flag was stored by somebody who knew of @store. */
static bool came_after(const struct cdma_record *flag,
		       const struct cdma_record *store)
{
	if (flag->actor == store->actor)
		return flag->dot.epoch > store->dot.epoch;
	return cdma_belief_has(flag->belief, store->actor, store->dot.epoch);
}

static bool tells_of(const struct cdma_record *read,
		     const struct cdma_record *store)
{
	for (const struct cdma_saw *saw = &read->saw; saw; saw = saw->next)
		if (saw->store && came_after(saw->store, store))
			return true;
	return false;
}

/* The read after @fetch, number @seq, that proved that @store was over, or
 * NULL.  Whether parts of one access prove each other is for parts.c. */
static const struct cdma_record *proof_of(const struct cdma_order_actor *actor,
					  const struct cdma_record *fetch,
					  uint64_t seq,
					  const struct cdma_record *store)
{
	size_t i = actor->reads.nr;

	for (size_t left = READS_BACK; i && left; i--, left--) {
		const struct cdma_read *read = &actor->reads.at[i - 1];

		if (read->seq <= seq)
			return NULL;
		if (read->record->branched && read->record->op != fetch->op &&
		    read->record->object == store->object &&
		    tells_of(read->record, store))
			return read->record;
	}
	return NULL;
}

static void report(const struct use *use, const struct cdma_record *fetch,
		   const struct cdma_record *store,
		   const struct cdma_record *proof)
{
	struct cdma_finding finding = {
		.id = CDMA_FINDING_STALE_VALUE,
		.region = fetch->object,
		.at = cdma_party_of(use->ev),
		.against = cdma_record_party(store),
		.proof = cdma_record_party(proof),
		.publish = cdma_record_party(fetch),
	};

	cdma_found(&use->order->config.sink, &finding);
}

static void check(void *aux, uint64_t seq, uint8_t bytes)
{
	const struct use *use = aux;
	const struct cdma_read *read = cdma_order_actor_read(use->actor, seq);
	const struct cdma_record *fetch = read ? read->record : NULL;
	const struct cdma_record *store, *proof;
	uint64_t since;

	if (!fetch || fetch->branched & bytes || fetch->how == CDMA_MMIO ||
	    (fetch->flags & (CDMA_EVF_RACE_OK | CDMA_EVF_UNSEEN)) ||
	    use->actor->branched <= seq)
		return;
	since = fetch->stale ? seen_at(fetch) : seq;
	store = cdma_shadow_cell(&use->order->shadow, fetch->object,
				 cdma_place_granule(fetch->dot.place))
			->newest;
	for (; store && store->seq > since; store = store->older_store) {
		if (!(store->mask & fetch->mask & bytes) ||
		    !is_device(use->order, store->actor) ||
		    cdma_belief_has(store->belief, use->ev->actor, read->epoch))
			continue;
		proof = proof_of(use->actor, fetch, seq, store);
		if (proof) {
			report(use, fetch, store, proof);
			return;
		}
	}
}

void cdma_order_check_stale(struct cdma_order *order,
			    struct cdma_order_actor *actor,
			    const struct cdma_event *ev)
{
	struct use use = {order, actor, ev};

	if (!cdma_is_cpu(actor))
		return;
	cdma_order_each_read(order, ev->addr_dep, check, &use);
	cdma_order_each_read(order, ev->data_dep, check, &use);
}
