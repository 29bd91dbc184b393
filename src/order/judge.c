/* SPDX-License-Identifier: MIT */
#include "order/state.h"

/*
 * The judgement: doc/memory-model.md, "When it is a finding".
 *
 * The access is held against what every other lane did to the same bytes,
 * newest first.  A record that it is ordered after settles those bytes for its
 * lane, for what is older there comes before it by coherence.  A record that is
 * allowed to race does not settle them: a newer store that nobody was told of
 * must not hide an older one that was published.
 */

enum verdict { SILENT, SETTLED, FOUND };

/* After so many that say nothing it is worth looking for those that may. */
#define MANY_SILENT 2

static struct cdma_order_actor *owner(const struct cdma_step *step,
				      const struct cdma_record *record)
{
	return &step->order->actors.at[record->actor];
}

uint64_t cdma_order_look_of(const struct cdma_record *record, uint8_t mask)
{
	uint64_t oldest = UINT64_MAX;

	if (record->kind == CDMA_EV_WRITE || !record->stale)
		return record->seq;
	/* The chain begins with the oldest: the newest of a byte comes last. */
	for (; mask; mask &= (uint8_t)(mask - 1)) {
		uint8_t byte = (uint8_t)(mask & -mask);
		uint64_t seen = 0;

		for (const struct cdma_saw *saw = &record->saw; saw;
		     saw = saw->next)
			if (saw->store && (saw->store->mask & byte))
				seen = saw->store->seq;
		if (seen < oldest)
			oldest = seen;
	}
	return oldest;
}

/*
 * When the actor of @step last looked at, or wrote, the byte of @mask that it
 * has not looked at for longest; 0 when it never did.
 */
static uint64_t last_look(const struct cdma_step *step, uint8_t mask)
{
	uint64_t oldest = UINT64_MAX, look;
	const struct cdma_column *column =
		cdma_cell_find(step->cell, step->actor->lane);
	const struct cdma_record *read = column ? column->reads : NULL;
	const struct cdma_record *store = column ? column->stores : NULL;

	while (mask) {
		const struct cdma_record *last;

		read = cdma_record_at(read, mask);
		store = cdma_record_at(store, mask);
		if (!read && !store)
			return 0;
		last = !store || (read && read->seq > store->seq) ? read
								  : store;
		/* A look that is meant to race sees what it sees. */
		if (last == store || !(last->flags & CDMA_EVF_RACE_OK)) {
			look = cdma_order_look_of(last, last->mask & mask);
			oldest = look < oldest ? look : oldest;
			mask &= (uint8_t)~last->mask;
		}
		if (last == read)
			read = read->older;
		else
			store = store->older;
	}
	return oldest;
}

/* A read comes after what its address was computed from. */
static bool is_read_ordered(struct cdma_step *step,
			    const struct cdma_record *record)
{
	struct cdma_past past = {.clock = NULL};

	if (!step->ev->addr_dep)
		return false;
	cdma_order_add_past(step->order, step->actor, step->ev->addr_dep,
			    &past);
	return cdma_clock_has(past.clock, &record->dot);
}

/* A release comes after all that its actor has seen, as CPUs see it. */
static bool is_released(const struct cdma_step *step,
			const struct cdma_record *record)
{
	const struct cdma_order_actor *actor = step->actor;

	for (int way = 0; way < CDMA_WAYS_NR; way++)
		if (cdma_clock_has(actor->pending[way], &record->dot))
			return true;
	return cdma_clock_has(actor->kr, &record->dot) ||
	       cdma_clock_has(actor->unseen, &record->dot);
}

/* What orders a write of a CPU depends on whether the other is one, too. */
static bool is_write_ordered(const struct cdma_step *step,
			     const struct cdma_record *record)
{
	const struct cdma_order_actor *actor = step->actor;
	bool to_cpu = cdma_is_cpu(owner(step, record));
	int to = to_cpu ? CDMA_TO_CPU : CDMA_TO_DEV;

	if (cdma_clock_has(step->past.clock, &record->dot) ||
	    cdma_clock_has(actor->late[to], &record->dot))
		return true;
	if (record->kind == CDMA_EV_READ &&
	    cdma_clock_has(actor->publish[to], &record->dot))
		return true;
	if (to_cpu && step->last &&
	    cdma_clock_has(step->last->to_cpu.base, &record->dot))
		return true;
	return to_cpu && (step->ev->flags & CDMA_EVF_RELEASE) &&
	       is_released(step, record);
}

static bool is_ordered(struct cdma_step *step, const struct cdma_record *record)
{
	struct cdma_record read;

	if (cdma_clock_has(step->known, &record->dot))
		return true;
	if (step->ev->kind == CDMA_EV_READ)
		return is_read_ordered(step, record);
	if (is_write_ordered(step, record))
		return true;
	if (record->kind != CDMA_EV_WRITE || !record->modifies)
		return false;
	/* What a read-modify-write does not see comes behind its store, too. */
	read = *record;
	read.kind = CDMA_EV_READ;
	read.modifies = false;
	read.dot.side = CDMA_READS;
	read.dot.epoch--;
	return is_ordered(step, &read);
}

/* Whether the actor of the read @record has stored there later, and the actor
 * of
 * @step has seen that or comes after it. */
static bool is_left(struct cdma_step *step, const struct cdma_record *store,
		    const struct cdma_record *record, uint8_t mask,
		    uint64_t looked)
{
	store = cdma_record_at(store, mask);
	while (store && store->seq > record->seq) {
		if ((store->mask & mask) == mask &&
		    (store->seq <= looked || is_ordered(step, store)))
			return true;
		store = cdma_record_at(store->older, mask);
	}
	return false;
}

/*
 * Coherence.  A store is settled when the actor has itself seen it there, or a
 * newer one.  A read is when its actor stored there later, and that store was
 * seen or comes before: what the read saw is older than it.
 */
static bool is_coherent(struct cdma_step *step,
			const struct cdma_record *record, uint8_t mask)
{
	uint64_t looked = last_look(step, mask);
	const struct cdma_column *column;

	if (record->kind == CDMA_EV_WRITE)
		return record->seq <= looked;
	/* Its unordered ones, too, which have a column of their own. */
	for (column = step->cell->columns; column; column = column->next)
		if (column->actor == record->actor &&
		    is_left(step, column->stores, record, mask, looked))
			return true;
	return false;
}

/* Which bytes the stores after @next, which the step is ordered after, have
 * overwritten: for all records of a list, which are asked from the newest. */
struct overwritten {
	const struct cdma_record *next;
	uint8_t mask;
};

/* A newer store to these bytes, whoever made it, settles an older one for who
 * is ordered after the newer. */
static bool is_overwritten(struct cdma_step *step, struct overwritten *over,
			   const struct cdma_record *record, uint8_t mask)
{
	if (record->kind != CDMA_EV_WRITE)
		return false;
	for (; over->next && over->next->seq > record->seq;
	     over->next = over->next->older_store)
		if ((over->next->mask & step->mask & ~over->mask) &&
		    is_ordered(step, over->next))
			over->mask |= over->next->mask;
	return !(mask & ~over->mask);
}

static bool comes_after(const void *aux, const struct cdma_record *as)
{
	return is_ordered((struct cdma_step *)aux, as);
}

/* A map, an unmap or a sync stands between the two. */
static bool is_handed(struct cdma_step *step, const struct cdma_record *record,
		      uint8_t mask)
{
	return step->cell->handovers &&
	       cdma_order_is_handed(step->order, step->cell, step->ev->actor,
				    record, mask, comes_after, step);
}

static bool is_pending(const struct cdma_step *step,
		       const struct cdma_record *record)
{
	for (int way = 0; way < CDMA_WAYS_NR; way++)
		if (cdma_clock_has(step->actor->pending[way], &record->dot))
			return true;
	return cdma_clock_has(step->actor->unseen, &record->dot);
}

static struct cdma_finding begin(const struct cdma_step *step,
				 const struct cdma_record *record)
{
	struct cdma_finding finding = {
		.region = step->ev->object,
		.at = cdma_party_of(step->ev),
		.against = cdma_record_party(record),
	};
	const struct cdma_gain *gain =
		cdma_order_gain(step->actor, record->actor, record->dot.epoch);

	if (gain) {
		finding.proof = gain->by;
		finding.publish = gain->publish;
	}
	return finding;
}

static enum verdict report(const struct cdma_step *step,
			   struct cdma_finding *finding,
			   enum cdma_finding_id id, enum cdma_cure cure)
{
	finding->id = id;
	finding->cure = cure;
	cdma_found(&step->order->config.sink, finding);
	return FOUND;
}

static enum verdict data_race(const struct cdma_step *step,
			      const struct cdma_record *record)
{
	struct cdma_finding finding = begin(step, record);
	bool device =
		!cdma_is_cpu(step->actor) || !cdma_is_cpu(owner(step, record));

	return report(step, &finding, CDMA_FINDING_DATA_RACE,
		      device ? CDMA_CURE_MARK : CDMA_CURE_LOCK);
}

/* What to do at the end of the one who published. */
static enum cdma_cure publish_cure(const struct cdma_step *step,
				   const struct cdma_record *record,
				   const struct cdma_finding *finding)
{
	const struct cdma_party *publish = &finding->publish;
	bool to_cpu = cdma_is_cpu(step->actor);

	if (!publish->seq || publish->how == CDMA_MMIO)
		return CDMA_CURE_WRITEL;
	if (publish->actor != record->actor)
		return to_cpu ? CDMA_CURE_SMP_MB : CDMA_CURE_DMA_MB;
	return to_cpu ? CDMA_CURE_SMP_WMB : CDMA_CURE_DMA_WMB;
}

/* The reader has what proves that it may, but has not ordered it. */
static enum verdict reader_lacks(const struct cdma_step *step,
				 const struct cdma_record *record,
				 struct cdma_finding *finding)
{
	bool cpus = cdma_is_cpu(owner(step, record));

	if (finding->proof.kind == CDMA_EV_IRQ_ENTER ||
	    finding->proof.how == CDMA_MMIO)
		finding->cure = CDMA_CURE_READL;
	else if (step->ev->kind == CDMA_EV_READ)
		finding->cure = cpus ? CDMA_CURE_SMP_RMB : CDMA_CURE_DMA_RMB;
	else
		finding->cure = cpus ? CDMA_CURE_SMP_MB : CDMA_CURE_DMA_MB;
	return report(step, finding,
		      step->ev->kind == CDMA_EV_READ
			      ? CDMA_FINDING_UNORDERED_READ
			      : CDMA_FINDING_UNORDERED_WRITE,
		      finding->cure);
}

/* A wired interrupt may overtake the writes that it speaks of. */
static bool by_wire(const struct cdma_party *proof)
{
	return proof->kind == CDMA_EV_IRQ_ENTER &&
	       (proof->flags & CDMA_EVF_RELAXED);
}

/* The device may have published it too early: it is an unordered write, or the
 * store that first told of it may have overtaken it. */
static bool is_devices_fault(const struct cdma_step *step,
			     const struct cdma_record *record,
			     const struct cdma_finding *finding)
{
	const struct cdma_party *publish = &finding->publish;
	const struct cdma_gain *gain;

	if (record->kind != CDMA_EV_WRITE || record->how != CDMA_DMA)
		return false;
	if (record->flags & CDMA_EVF_UNORDERED)
		return true;
	/* Back to the one who heard it from the device itself. */
	for (size_t i = 0; i < step->order->actors.nr; i++) {
		if (publish->actor == record->actor)
			return publish->how == CDMA_DMA &&
			       (publish->flags &
				(CDMA_EVF_RELAXED | CDMA_EVF_UNORDERED));
		if (!publish->seq)
			return false;
		gain = cdma_order_gain(&step->order->actors.at[publish->actor],
				       record->actor, record->dot.epoch);
		if (!gain)
			return false;
		publish = &gain->publish;
	}
	return false;
}

void cdma_order_writer_lacks(const struct cdma_step *step,
			     const struct cdma_record *record,
			     struct cdma_finding *finding)
{
	if (is_devices_fault(step, record, finding))
		report(step, finding, CDMA_FINDING_DEVICE_ORDER,
		       CDMA_CURE_SENTINEL);
	else if (record->kind == CDMA_EV_READ)
		report(step, finding, CDMA_FINDING_UNORDERED_GIVEBACK,
		       cdma_is_cpu(step->actor) ? CDMA_CURE_SMP_MB
						: CDMA_CURE_DMA_MB);
	else
		report(step, finding, CDMA_FINDING_UNORDERED_PUBLISH,
		       publish_cure(step, record, finding));
}

/* Case 3: the actor believes that it comes after @record. */
static enum verdict believed(const struct cdma_step *step,
			     const struct cdma_record *record)
{
	struct cdma_finding finding = begin(step, record);

	if (is_pending(step, record) || by_wire(&finding.proof))
		return reader_lacks(step, record, &finding);
	cdma_order_writer_lacks(step, record, &finding);
	return FOUND;
}

static bool is_plain(uint8_t how, uint32_t flags, bool other_is_device)
{
	/* Nobody else could see the box when it was written: a device that
	 * reads it is judged like one that reads a marked store. */
	return how == CDMA_PLAIN &&
	       !(other_is_device && (flags & CDMA_EVF_BOX));
}

/* Cases 1 and 2. */
bool cdma_order_may_not_race(const struct cdma_step *step,
			     const struct cdma_record *record)
{
	const struct cdma_event *ev = step->ev;
	bool is_cpu = cdma_is_cpu(step->actor);
	bool other_is_cpu = cdma_is_cpu(owner(step, record));

	if (is_plain(ev->how, ev->flags, !other_is_cpu) ||
	    is_plain(record->how, record->flags, !is_cpu))
		return true;
	if (!is_cpu || !other_is_cpu)
		return false;
	return ev->how == CDMA_BULK || record->how == CDMA_BULK ||
	       (ev->flags | record->flags) & CDMA_EVF_PLAIN ||
	       step->order->config.strict_volatile;
}

/* A poll that sees too old a value looks again, unless that ends it; what
 * nobody gets, or uses, misses nothing. */
static bool is_excused(const struct cdma_event *ev,
		       const struct cdma_record *record)
{
	if (ev->flags & CDMA_EVF_POLL)
		return !ev->ends || ev->ends >= record->seq;
	return ev->flags & (CDMA_EVF_UNSEEN | CDMA_EVF_UNUSED);
}

static enum verdict judge_record(struct cdma_step *step,
				 struct overwritten *over,
				 const struct cdma_record *record, uint8_t mask)
{
	const struct cdma_event *ev = step->ev;
	bool believes, races;

	/* Its own store comes right behind it, and is judged. */
	if (record->kind == CDMA_EV_READ && (record->flags & CDMA_EVF_UNSEEN))
		return SILENT;
	if ((record->flags & (CDMA_EVF_RACE_OK | CDMA_EVF_REPORTED)) ||
	    is_ordered(step, record) || is_coherent(step, record, mask) ||
	    is_overwritten(step, over, record, mask) ||
	    is_handed(step, record, mask))
		return SETTLED;
	believes =
		cdma_belief_has(step->belief, record->actor, record->dot.epoch);
	races = cdma_order_may_not_race(step, record);
	/* Who relied on an order lacks a barrier, and no lock. */
	if (races && (!believes ||
		      (ev->flags & CDMA_EVF_POLL && is_excused(ev, record))))
		return data_race(step, record);
	if (is_excused(ev, record))
		return SILENT;
	if (believes)
		return believed(step, record);
	if ((record->flags & CDMA_EVF_BOX) && record->kind == CDMA_EV_WRITE &&
	    ev->kind == CDMA_EV_READ && ev->how == CDMA_DMA) {
		struct cdma_finding finding = begin(step, record);

		return report(step, &finding, CDMA_FINDING_UNORDERED_PUBLISH,
			      CDMA_CURE_WRITEL);
	}
	return SILENT;
}

static void judge_list(struct cdma_step *step, const struct cdma_record *record)
{
	struct overwritten over = {.next = step->cell->newest};
	uint8_t left = step->mask;
	unsigned int silent = 0;

	while ((record = cdma_record_at(record, left)) != NULL) {
		uint8_t mask = record->mask & left;

		if (judge_record(step, &over, record, mask) != SILENT)
			left &= (uint8_t)~mask;
		else
			silent++;
		record = record->older;
		if (record && silent == MANY_SILENT)
			record = cdma_order_pass_news(step, record);
	}
}

/* A store that the read sees by a race, whether or not that was said before,
 * proves nothing to it. */
static void judge_proof(struct cdma_step *step, const struct cdma_record *store)
{
	struct cdma_saw *raced;

	if (!store || store->actor == step->ev->actor ||
	    (store->flags & (CDMA_EVF_RACE_OK | CDMA_EVF_REPORTED)) ||
	    !cdma_order_may_not_race(step, store) || is_ordered(step, store) ||
	    is_handed(step, store, store->mask & step->mask))
		return;
	raced = cdma_arena_alloc(&step->order->arena, sizeof(*raced));
	*raced = (struct cdma_saw){store, step->raced};
	step->raced = raced;
}

void cdma_order_judge(struct cdma_step *step)
{
	const struct cdma_column *column;

	for (column = step->cell->columns; column; column = column->next) {
		if (column->actor == step->ev->actor)
			continue;
		judge_list(step, column->stores);
		if (step->ev->kind == CDMA_EV_WRITE)
			judge_list(step, column->reads);
	}
	if (step->ev->kind != CDMA_EV_READ)
		return;
	for (const struct cdma_saw *saw = &step->saw; saw; saw = saw->next)
		judge_proof(step, saw->store);
}
