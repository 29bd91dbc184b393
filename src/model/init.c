/* SPDX-License-Identifier: MIT */
#include "model/slot.h"

#include "model/access.h"
#include "model/step.h"

#include <cdma/call.h>

size_t cdma_slot_size(const struct cdma_slot *slot)
{
	return slot->size;
}

static void write_part(struct cdma_slot *slot, size_t offset, const void *src,
		       size_t size, const struct cdma_site *site)
{
	struct cdma_region *region = slot->region;
	struct cdma_bulk op;

	cdma_step(region->world, site);
	cdma_op_begin(&op, region->world, region, CDMA_EV_WRITE, CDMA_PLAIN,
		      slot->offset + offset, size);
	op.buf = (unsigned char *)src;
	op.stale = slot->stale;
	cdma_op_run(&op, site);
}

/* The planned fault strikes; once. */
static int stop(struct cdma_slot *slot, const struct cdma_site *site)
{
	if (!slot->stopped)
		cdma_world_emit_fault(slot->region->world, slot->fault, false,
				      site);
	slot->stopped = true;
	return slot->err;
}

int cdma_slot_write_at(struct cdma_slot *slot, size_t offset, const void *src,
		       size_t size, const struct cdma_site *site)
{
	size_t inside = 0;

	if (slot->stopped)
		return slot->err;
	if (offset < slot->size)
		inside =
			size < slot->size - offset ? size : slot->size - offset;
	if (slot->err && offset + inside > slot->byte) {
		inside = offset < slot->byte ? slot->byte - offset : 0;
		write_part(slot, offset, src, inside, site);
		return stop(slot, site);
	}
	write_part(slot, offset, src, inside, site);
	if (inside < size)
		cdma_report_note(slot->region->world, CDMA_FINDING_INIT_OUTSIDE,
				 slot->region, &slot->region->alloc, NULL,
				 site);
	return 0;
}

int cdma_slot_fill(struct cdma_region *region, size_t offset, size_t size,
		   bool stale, enum cdma_fault_site fault, cdma_init_fn init,
		   void *arg, const struct cdma_site *site)
{
	struct cdma_slot slot = {
		.region = region,
		.offset = offset,
		.size = size,
		.fault = fault,
		.stale = stale,
	};
	int err;

	slot.err = cdma_fault_hit(region->world->faults, fault, region->name, 1,
				  &slot.byte);
	err = init(&slot, arg);
	/* A fault that was planned comes, be it at the very end. */
	if (slot.err)
		err = stop(&slot, site);
	cdma_called_at(region->world,
		       &(struct cdma_called){
			       .call = fault == CDMA_FAULT_INIT
					       ? CDMA_CALL_COHERENT_INIT
					       : CDMA_CALL_INIT_AT,
			       .region = region->id,
			       .size = size,
			       .result = err,
		       },
		       site);
	return err;
}

int cdma_init_copy(struct cdma_slot *slot, void *arg)
{
	const struct cdma_init_value *value = arg;

	return cdma_slot_write_at(slot, 0, value->src, slot->size, value->site);
}
