/* SPDX-License-Identifier: MIT */
#include "order/taint.h"

#include <cdma/use.h>

/*
 * Taint: what a device that is not to be trusted may have written anywhere is
 * used as an index, a length or an address, and nobody looked at it before.
 *
 * That is judged by where the value comes from, not by what it is: each read of
 * memory that such a device can write is a root.  It is carried by values, and
 * through memory by stores of them.  Once a condition has looked at what was
 * read, or the value was kept within bounds, it may be used.
 */

static struct cdma_record *record_of(const struct cdma_step *step, uint64_t seq)
{
	const struct cdma_read *read = cdma_order_actor_read(step->actor, seq);

	return read ? read->record : NULL;
}

/* The root of what @read brought, if nobody has looked at it; or NULL. */
static const struct cdma_record *root_of(const struct cdma_step *step,
					 const struct cdma_record *read,
					 uint8_t bytes)
{
	const struct cdma_record *root = read ? read->taint : NULL;

	if (!root || read->branched & bytes)
		return NULL;
	/* Before it was stored, or since. */
	if (root != read && root->actor == step->ev->actor && root->branched)
		return NULL;
	return root;
}

static void use(void *aux, uint64_t seq, uint8_t bytes)
{
	static const char *const as[] = {
		[CDMA_USE_INDEX] = "it is used as an index",
		[CDMA_USE_LENGTH] = "it is used as a length",
		[CDMA_USE_ADDRESS] = "it is used as an address",
	};
	const struct cdma_step *step = aux;
	const struct cdma_event *ev = step->ev;
	uint64_t how = ev->kind == CDMA_EV_USE ? ev->offset : CDMA_USE_ADDRESS;
	struct cdma_record *read = record_of(step, seq);
	const struct cdma_record *root = root_of(step, read, bytes);
	struct cdma_finding finding;

	/* An index makes an address, of which there is no more to say. */
	if (!root || how >= CDMA_USE_NR ||
	    (read->told && ev->kind != CDMA_EV_USE))
		return;
	read->told = true;
	finding = (struct cdma_finding){
		.id = CDMA_FINDING_UNTRUSTED_VALUE,
		.region = root->object,
		.at = cdma_party_of(ev),
		.against = cdma_record_party(root),
		.detail = as[how],
	};
	cdma_found(&step->order->config.sink, &finding);
}

void cdma_order_check_taint(struct cdma_step *step)
{
	if (cdma_is_cpu(step->actor))
		cdma_order_each_unbounded(step->order, step->ev->addr_dep, use,
					  step);
}

void cdma_order_use(struct cdma_order *order, const struct cdma_event *ev)
{
	struct cdma_step step = {
		.order = order,
		.actor = cdma_order_acting(order, ev),
		.ev = ev,
	};

	cdma_order_each_unbounded(order, ev->addr_dep, use, &step);
}

void cdma_order_taint_read(const struct cdma_step *step,
			   struct cdma_record *record)
{
	const struct cdma_saw *saw = &step->saw;
	const struct cdma_record *store = saw->store;
	bool by_cpu =
		store && cdma_is_cpu(&step->order->actors.at[store->actor]);

	record->taint = NULL;
	record->told = false;
	if (record->flags & CDMA_EVF_TAINTED &&
	    !(record->flags & CDMA_EVF_LENT && by_cpu))
		record->taint = record;
	for (; saw && saw->store && !record->taint; saw = saw->next)
		record->taint = saw->store->taint;
}

static void carry(void *aux, uint64_t seq, uint8_t bytes)
{
	struct cdma_step *step = aux;
	const struct cdma_record *root =
		root_of(step, record_of(step, seq), bytes);

	if (root)
		step->taint = root;
}

void cdma_order_taint_store(struct cdma_step *step, struct cdma_record *record)
{
	step->taint = NULL;
	if (step->ev->data_dep && cdma_is_cpu(step->actor))
		cdma_order_each_unbounded(step->order, step->ev->data_dep,
					  carry, step);
	record->taint = step->taint;
}
