/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_ACCESS_H
#define CDMA_MODEL_ACCESS_H

/*
 * Access: the one way to the bytes.
 *
 * Every access of every kind is a struct cdma_bulk, prepared by one of the
 * functions here and made piece by piece by cdma_bulk_step_at(): checked, done
 * and emitted.  One without a buffer reads and writes what is there: it is how
 * a raw pointer is logged.
 */

#include "model/region.h"
#include "model/world.h"

#include <cdma/bulk.h>

/* Prepare an op of the acting actor; uses up what was set for it.
 * @offset, @size: bytes; need not lie inside @region. */
void cdma_op_begin(struct cdma_bulk *op, struct cdma_world *world,
		   struct cdma_region *region, enum cdma_event_kind kind,
		   enum cdma_access how, uint64_t offset, size_t size);

/* The same for all of @view; see cdma_bulk_read_begin() for @how. */
void cdma_op_begin_view(struct cdma_bulk *op, struct cdma_view view,
			enum cdma_event_kind kind, enum cdma_access how);

/* Make all of it.  Errors: as cdma_bulk_end(). */
int cdma_op_run(struct cdma_bulk *op, const struct cdma_site *site);

/* A plain access to a box by its token. */
void cdma_op_box(struct cdma_bulk *op, struct cdma_box *box,
		 enum cdma_event_kind kind, uint64_t offset, size_t size);

/* Whether the device of @engine has the address lines for @addr. */
bool cdma_engine_drives(const struct cdma_actor *engine, cdma_addr_t addr);

/* The value of @size bytes, first in bits 0 to 7; and back. */
uint64_t cdma_value_of(const unsigned char *bytes, unsigned int size);
void cdma_value_put(uint64_t value, unsigned char *bytes, unsigned int size);

#endif /* CDMA_MODEL_ACCESS_H */
