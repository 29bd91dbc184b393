/* SPDX-License-Identifier: MIT */
#include "order/state.h"

/*
 * Parts of one access: a copy, or the read of a struct.
 *
 * Nothing says in which order they are read, so none of them relies on another
 * when it is read: what an earlier piece has heard is no belief of a later one,
 * and no order.  It is relied on when it is used.  A part that is used behind a
 * condition which has looked at another part of the same access, where that
 * one tells of a store which the first need not have seen, is unordered_read.
 *
 * What is dropped because its valid bit is 0 is none, then, and neither is a
 * part that nobody looks at.
 */

/* Bytes of a piece that a condition has looked at. */
struct cdma_looked {
	struct cdma_looked *next;
	const struct cdma_record *read;
	uint64_t access; /* see access_of() */
	uint64_t branch; /* seq of the condition */
	uint8_t bytes;
};

/* How many looks back one can be and still prove something. */
#define LOOKS_BACK 64

void cdma_order_piece(struct cdma_step *step)
{
	struct cdma_order_actor *actor = step->actor;
	const struct cdma_event *ev = step->ev;

	if (ev->op == ev->seq) {
		actor->op = ev->op;
		actor->op_known = cdma_clock_freeze(actor->kr);
		actor->op_belief = cdma_belief_freeze(actor->belief);
	}
	if (actor->op != ev->op)
		return;
	step->belief = actor->op_belief;
	/* For reads of a device are complete as soon as they are made. */
	if (!cdma_is_cpu(actor))
		step->known = step->past.clock = actor->op_known;
}

/* The access that read number @seq, for which @read stands, belongs to: one
 * that is a single piece may stand for several. */
static uint64_t access_of(const struct cdma_record *read, uint64_t seq)
{
	return read->op == read->seq ? seq : read->op;
}

/* The first piece of the access that @read is of; it may be the only one. */
static struct cdma_record *first_of(struct cdma_order_actor *actor,
				    struct cdma_record *read)
{
	const struct cdma_read *first =
		read->op == read->seq ? NULL
				      : cdma_order_actor_read(actor, read->op);

	return first ? first->record : read;
}

/* Whether @bytes of @read are not all that its access read.  A number is one
 * value, in however many pieces it was read. */
static bool is_part(const struct cdma_record *read, uint8_t bytes)
{
	if (bytes == CDMA_DEP_WHOLE && read->op_size <= 8)
		return false;
	return read->op_size >
	       (unsigned int)__builtin_popcount(read->mask & bytes);
}

void cdma_order_look(struct cdma_order *order, struct cdma_order_actor *actor,
		     const struct cdma_read *look, uint8_t bytes,
		     uint64_t branch)
{
	struct cdma_record *read = look->record, *first;
	struct cdma_looked *looked;

	bytes &= read->mask;
	if ((bytes & ~read->branched) && is_part(read, bytes)) {
		first = first_of(actor, read);
		looked = cdma_arena_alloc(&order->arena, sizeof(*looked));
		*looked = (struct cdma_looked){
			.next = first->looked,
			.read = read,
			.access = access_of(read, look->seq),
			.branch = branch,
			.bytes = bytes & (uint8_t)~read->branched,
		};
		first->looked = looked;
	}
	read->branched |= bytes;
}

/* One part of a read, which is used behind another. */
struct part {
	struct cdma_step step; /* the read as if it were made now */
	const struct cdma_record *read;
	const struct cdma_looked *proof;
	uint64_t access;
	uint8_t proved; /* bytes of the proof */
};

/* The store that the proof saw and that tells of @store: the author goes by
 * it. */
static const struct cdma_record *told_by(const struct part *part,
					 const struct cdma_record *store)
{
	const struct cdma_saw *saw = &part->proof->read->saw;

	for (; saw; saw = saw->next) {
		const struct cdma_record *s = saw->store;

		if (!s || !(s->mask & part->proved) ||
		    s->actor == part->read->actor)
			continue;
		if (s->actor == store->actor
			    ? s->dot.epoch > store->dot.epoch
			    : cdma_belief_has(s->belief, store->actor,
					      store->dot.epoch))
			return s;
	}
	return NULL;
}

/* How far back a read can be for which the same record stands. */
#define READS_BACK 64

/* When the actor saw, before the access, just what the part saw; 0: never. */
static uint64_t seen_before(const struct part *part)
{
	const struct cdma_order_actor *actor = part->step.actor;
	size_t i = actor->reads.nr;

	for (int left = READS_BACK; i && left; i--, left--)
		if (actor->reads.at[i - 1].record == part->read &&
		    actor->reads.at[i - 1].seq < part->access)
			return actor->reads.at[i - 1].seq;
	return 0;
}

/* When the actor had looked at @byte last, or stored it, before the access. */
static uint64_t looked_before(const struct part *part, uint8_t byte)
{
	const struct cdma_column *column =
		cdma_cell_find(part->step.cell, part->step.actor->lane);
	const struct cdma_record *read = column ? column->reads : NULL;
	const struct cdma_record *store = column ? column->stores : NULL;
	uint64_t looked = seen_before(part);

	for (; read; read = read->older) {
		const struct cdma_record *before = read;

		/* One that was replaced since is not in the list any more. */
		while (before && before->seq >= part->access)
			before = before->previous;
		if (!before || !(before->mask & byte) ||
		    before->flags & CDMA_EVF_RACE_OK)
			continue;
		if (cdma_order_look_of(before, byte) > looked)
			looked = cdma_order_look_of(before, byte);
		if (before == read)
			break;
	}
	while (store && (store->seq >= part->access || !(store->mask & byte)))
		store = store->older;
	return store && store->seq > looked ? store->seq : looked;
}

/* Whether the part comes after @store, or a newer one to @byte, for certain. */
static bool is_settled(const struct part *part, const struct cdma_record *store,
		       uint8_t byte)
{
	const struct cdma_record *newer = part->step.cell->newest;

	for (; newer && newer->seq >= store->seq; newer = newer->older_store)
		if (newer->mask & byte &&
		    cdma_clock_has(part->read->before, &newer->dot))
			return true;
	return store->seq <= looked_before(part, byte);
}

/* Whether who sees @publish sees @store, if he looks later: else it would be no
 * use to read in the right order. */
static bool is_told(const struct part *part, const struct cdma_record *store,
		    const struct cdma_record *publish)
{
	struct cdma_clock *told = NULL;

	cdma_order_join_message(part->step.order, &told, publish,
				cdma_is_cpu(part->step.actor) ? CDMA_TO_CPU
							      : CDMA_TO_DEV);
	return cdma_clock_has(told, &store->dot);
}

/* The record as a side of a finding, with no more of it than @bytes. */
static struct cdma_party party_of(const struct cdma_record *record,
				  uint8_t bytes)
{
	struct cdma_party party = cdma_record_party(record);
	unsigned int first = (unsigned int)__builtin_ctz(bytes);
	unsigned int end = 32 - (unsigned int)__builtin_clz(bytes);

	party.offset = (cdma_place_granule(record->dot.place) << 3) + first;
	party.size = end - first;
	party.value >>= 8 * (first - (unsigned int)__builtin_ctz(record->mask));
	if (party.size < 8)
		party.value &= ((uint64_t)1 << 8 * party.size) - 1;
	return party;
}

static void report(const struct part *part, const struct cdma_record *store,
		   const struct cdma_record *publish)
{
	struct cdma_finding finding = {
		.id = CDMA_FINDING_UNORDERED_READ,
		.cure = CDMA_CURE_APART,
		.region = part->read->object,
		.at = party_of(part->read, part->step.mask),
		.against = cdma_record_party(store),
		.proof = party_of(part->proof->read, part->proved),
		.publish = cdma_record_party(publish),
	};

	if (is_told(part, store, publish))
		cdma_found(&part->step.order->config.sink, &finding);
	else
		cdma_order_writer_lacks(&part->step, store, &finding);
}

/* Hold @byte of the part against the newest store to it of which the proof
 * tells; returns that one if the part may miss it. */
static const struct cdma_record *hold(const struct part *part, uint8_t byte)
{
	const struct cdma_record *store = part->step.cell->newest;
	const struct cdma_record *publish = NULL;

	for (; store; store = store->older_store) {
		if (!(store->mask & byte) || store->actor == part->read->actor)
			continue;
		publish = told_by(part, store);
		if (publish)
			break;
	}
	if (!publish ||
	    (store->flags & (CDMA_EVF_RACE_OK | CDMA_EVF_REPORTED)) ||
	    cdma_order_may_not_race(&part->step, store) ||
	    is_settled(part, store, byte))
		return NULL;
	return store;
}

static void hold_all(const struct part *part)
{
	const struct cdma_record *last = NULL;

	for (uint8_t left = part->step.mask; left;
	     left &= (uint8_t)(left - 1)) {
		uint8_t byte = (uint8_t)(left & -left);
		const struct cdma_record *store = hold(part, byte);

		if (store && store != last)
			report(part, store, told_by(part, store));
		last = store;
	}
}

/* Whether one condition looked at @bytes of @read together with the proof. */
static bool looked_together(const struct cdma_looked *looked,
			    const struct part *part)
{
	for (; looked; looked = looked->next)
		if (looked->branch == part->proof->branch &&
		    looked->read == part->read &&
		    looked->bytes & part->step.mask)
			return true;
	return false;
}

/* The event that @read was, as far as it is judged. */
static struct cdma_event event_of(const struct cdma_record *read)
{
	return (struct cdma_event){
		.seq = read->seq,
		.op = read->op,
		.flags = read->flags,
		.object = read->object,
		.actor = read->actor,
		.kind = read->kind,
		.how = read->how,
	};
}

static void check_part(struct cdma_order *order, struct cdma_order_actor *actor,
		       const struct cdma_read *use, uint8_t bytes,
		       const struct cdma_looked *looked)
{
	const struct cdma_record *read = use->record;
	const struct cdma_event ev = event_of(read);
	struct part part = {
		.step = {.order = order,
			 .actor = actor,
			 .ev = &ev,
			 .mask = read->mask & bytes},
		.read = read,
		.proof = looked,
		.access = access_of(read, use->seq),
	};

	part.step.cell = cdma_shadow_cell(&order->shadow, read->object,
					  cdma_place_granule(read->dot.place));
	for (int left = LOOKS_BACK; part.proof && left;
	     part.proof = part.proof->next, left--) {
		part.proved = part.proof->bytes;
		if (part.proof->access != part.access)
			continue;
		if (part.proof->read == read)
			part.proved &= (uint8_t)~bytes;
		if (part.proved && !looked_together(looked, &part))
			hold_all(&part);
	}
}

struct use {
	struct cdma_order *order;
	struct cdma_order_actor *actor;
};

static void check(void *aux, uint64_t seq, uint8_t bytes)
{
	const struct use *use = aux;
	const struct cdma_read *read = cdma_order_actor_read(use->actor, seq);
	const struct cdma_looked *looked;

	if (!read || !is_part(read->record, bytes) ||
	    read->record->how == CDMA_MMIO ||
	    (read->record->flags & (CDMA_EVF_RACE_OK | CDMA_EVF_REPORTED)))
		return;
	looked = first_of(use->actor, read->record)->looked;
	if (looked)
		check_part(use->order, use->actor, read, bytes, looked);
}

void cdma_order_check_parts(struct cdma_order *order,
			    struct cdma_order_actor *actor,
			    const struct cdma_event *ev)
{
	struct use use = {order, actor};

	cdma_order_each_read(order, ev->addr_dep, check, &use);
	cdma_order_each_read(order, ev->data_dep, check, &use);
}
