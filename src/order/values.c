/* SPDX-License-Identifier: MIT */
#include "order/state.h"

/*
 * Torn reads and double fetches: a value is not what one moment of memory held.
 *
 * torn_read     a read saw one piece of a store while another piece of the same
 *               store had not landed.  Within one access that is reported at
 *               once.  Over two reads it is reported when the value is used: a
 *               driver may well look at a half-written status and put it off.
 * double_fetch  a value was checked by a condition, the device changed it
 *               without having been given anything back, and the value that
 *               was then fetched again is used as an address, unchecked: no
 *               condition looked at it, and it is not within bounds anyway.
 */

static bool overlap(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
	return a < b + b_size && b < a + a_size;
}

/* Whether @store belongs to a larger store that also covers these bytes. */
static bool op_covers(const struct cdma_record *store, uint64_t offset,
		      uint64_t size)
{
	return overlap(store->op_offset, store->op_size, offset, size);
}

static void report_torn(const struct cdma_step *step, struct cdma_party at,
			const struct cdma_record *store)
{
	struct cdma_finding finding = {
		.id = CDMA_FINDING_TORN_READ,
		.region = at.object,
		.at = at,
		.against = cdma_record_party(store),
	};

	cdma_found(&step->order->config.sink, &finding);
}

/* Of the stores that one piece saw, the one whose op began last. */
static const struct cdma_record *newest_seen(const struct cdma_saw *saw)
{
	const struct cdma_record *newest = NULL;

	for (; saw && saw->store; saw = saw->next)
		if (!newest || saw->store->op > newest->op)
			newest = saw->store;
	return newest;
}

/* Which bytes of the granule at @base the whole op of @store wrote. */
static uint8_t op_mask(const struct cdma_record *store, uint64_t base)
{
	uint8_t mask = 0;

	for (unsigned int i = 0; i < 8; i++)
		if (op_covers(store, base + i, 1))
			mask |= (uint8_t)(1u << i);
	return mask;
}

/* One access of at most eight bytes that saw two stores, and the newer of them
 * also wrote bytes for which it saw the older one, or nothing at all. */
static const struct cdma_record *torn_within(const struct cdma_step *step,
					     const struct cdma_record *newest)
{
	uint8_t missed = step->mask;

	for (const struct cdma_saw *saw = &step->saw; saw; saw = saw->next)
		if (saw->store && saw->store->op == newest->op)
			missed &= (uint8_t)~saw->store->mask;
	if (missed && missed & op_mask(newest, step->ev->offset & ~(uint64_t)7))
		return newest;
	return NULL;
}

/* Two neighbouring pieces of one bulk read: the newer of the stores that they
 * saw also wrote the bytes of the other piece. */
static const struct cdma_record *torn_across(struct cdma_step *step,
					     const struct cdma_record *newest)
{
	struct cdma_order_actor *actor = step->actor;
	const struct cdma_event *ev = step->ev;
	const struct cdma_record *before = actor->bulk_store;
	const struct cdma_record *torn = NULL;

	if (ev->op == ev->seq)
		actor->bulk_op = ev->op;
	else if (actor->bulk_op != ev->op)
		return NULL;
	else if (newest && (!before || before->op < newest->op) &&
		 op_covers(newest, actor->bulk_offset, actor->bulk_size))
		torn = newest;
	else if (before && (!newest || newest->op < before->op) &&
		 op_covers(before, ev->offset, ev->size))
		torn = before;
	actor->bulk_store = newest;
	actor->bulk_offset = ev->offset;
	actor->bulk_size = ev->size;
	return torn;
}

/* How far back a read can be and still be about the same store. */
#define READS_BACK 64

/* Whether an earlier read of the actor saw a piece of the op. */
static const struct cdma_record *saw_piece(const struct cdma_step *step,
					   uint64_t op)
{
	const struct cdma_order_actor *actor = step->actor;
	size_t end =
		actor->reads.nr > READS_BACK ? actor->reads.nr - READS_BACK : 0;

	for (size_t i = actor->reads.nr; i > end; i--) {
		const struct cdma_saw *saw =
			&actor->reads.at[i - 1].record->saw;

		for (; saw && saw->store; saw = saw->next)
			if (saw->store->op == op)
				return saw->store;
	}
	return NULL;
}

/* A separate read of bytes whose piece of a store has not landed, after a read
 * that saw another piece of it. */
static const struct cdma_record *torn_apart(const struct cdma_step *step,
					    const struct cdma_record *newest)
{
	const struct cdma_order *order = step->order;
	const struct cdma_event *ev = step->ev;

	for (size_t i = 0; i < order->partials.nr; i++) {
		const struct cdma_partial *partial = &order->partials.at[i];
		const struct cdma_record *piece;

		if (partial->region != ev->object ||
		    !overlap(partial->offset, partial->size, ev->offset,
			     ev->size) ||
		    (newest && newest->op >= partial->op))
			continue;
		piece = saw_piece(step, partial->op);
		if (piece)
			return piece;
	}
	return NULL;
}

void cdma_order_check_torn(struct cdma_step *step)
{
	const struct cdma_record *newest = newest_seen(&step->saw);
	const struct cdma_record *torn = NULL;
	const struct cdma_event *ev = step->ev;

	if (ev->flags & (CDMA_EVF_RACE_OK | CDMA_EVF_REPORTED))
		return;
	if (newest)
		torn = torn_within(step, newest);
	if (ev->op_size > ev->size) {
		const struct cdma_record *across = torn_across(step, newest);

		torn = torn ? torn : across;
	}
	if (torn)
		report_torn(step, cdma_party_of(ev), torn);
	else if (step->order->partials.nr)
		step->torn_by = torn_apart(step, newest);
}

void cdma_order_note_piece(struct cdma_step *step)
{
	const struct cdma_event *ev = step->ev;
	struct cdma_order *order = step->order;
	bool last = ev->flags & CDMA_EVF_LAST;

	if (ev->op == ev->seq && !last)
		*cdma_vec_push(&order->partials) = (struct cdma_partial){
			.op = ev->op,
			.offset = ev->op_offset,
			.size = ev->op_size,
			.region = ev->object,
		};
	for (size_t i = 0; last && i < order->partials.nr; i++)
		if (order->partials.at[i].op == ev->op) {
			order->partials.at[i] =
				*cdma_vec_last(&order->partials);
			order->partials.nr--;
			break;
		}
}

/* Whether the device had heard of @read when it made @store. */
static bool knew_of(const struct cdma_record *store, cdma_actor_id actor,
		    const struct cdma_record *read)
{
	return cdma_belief_has(store->belief, actor, read->dot.epoch);
}

/* The read before @read of the same bytes that was checked and saw another
 * store, when nothing told the device in between that it may change them. */
static const struct cdma_record *checked_before(const struct cdma_step *step,
						const struct cdma_record *read,
						uint8_t bytes,
						const struct cdma_record *store)
{
	const struct cdma_record *before = read->previous;

	for (; before; before = before->previous) {
		if (knew_of(store, step->ev->actor, before))
			return NULL;
		if (before->branched & bytes &&
		    newest_seen(&before->saw) != store)
			return before;
	}
	return NULL;
}

static void check_fetch(const struct cdma_step *step,
			const struct cdma_record *read, uint8_t bytes)
{
	const struct cdma_record *store = newest_seen(&read->saw);
	const struct cdma_record *before;
	struct cdma_finding finding;

	/* The register that told of it says what it likes, each time. */
	if (read->branched & bytes || !store || read->flags & CDMA_EVF_TOLD ||
	    cdma_is_cpu(&step->order->actors.at[store->actor]))
		return;
	before = checked_before(step, read, bytes, store);
	if (!before)
		return;
	finding = (struct cdma_finding){
		.id = CDMA_FINDING_DOUBLE_FETCH,
		.region = read->object,
		.at = cdma_record_party(read),
		.against = cdma_record_party(before),
		.publish = cdma_record_party(store),
	};
	cdma_found(&step->order->config.sink, &finding);
}

/* What was checked is an address, and the compiler may read it once more. */
static void check_refetch(const struct cdma_step *step,
			  const struct cdma_record *read, uint8_t bytes)
{
	struct cdma_finding finding = {
		.id = CDMA_FINDING_EXPOSED_ACCESS,
		.region = read->object,
		.at = cdma_record_party(read),
		.detail = "the compiler may read it again, after the check",
	};

	if (step->order->config.strict_plain && read->branched & bytes &&
	    read->flags & CDMA_EVF_PLAIN &&
	    !(read->flags & (CDMA_EVF_RACE_OK | CDMA_EVF_REPORTED)))
		cdma_found(&step->order->config.sink, &finding);
}

static const struct cdma_record *record_of(const struct cdma_step *step,
					   uint64_t seq)
{
	const struct cdma_read *read = cdma_order_actor_read(step->actor, seq);

	return read ? read->record : NULL;
}

static void use_address(void *aux, uint64_t seq, uint8_t bytes)
{
	const struct cdma_step *step = aux;
	const struct cdma_record *read = record_of(step, seq);

	if (!read)
		return;
	check_fetch(step, read, bytes);
	check_refetch(step, read, bytes);
}

static void use_value(void *aux, uint64_t seq, uint8_t bytes)
{
	struct cdma_step *step = aux;
	const struct cdma_record *read = record_of(step, seq);

	(void)bytes;
	if (read && read->torn_by)
		report_torn(step, cdma_record_party(read), read->torn_by);
}

void cdma_order_check_use(struct cdma_step *step)
{
	if (!cdma_is_cpu(step->actor))
		return;
	cdma_order_each_unbounded(step->order, step->ev->addr_dep, use_address,
				  step);
	cdma_order_each_read(step->order, step->ev->addr_dep, use_value, step);
	cdma_order_each_read(step->order, step->ev->data_dep, use_value, step);
}
