/* SPDX-License-Identifier: MIT */
#ifndef DEBUG_PLACE_H
#define DEBUG_PLACE_H

/*
 * Place: "rx[0].len", "nic.STATUS": bytes that a run has a name for, and what
 * they hold.
 */

#include <cdma/region.h>

#include "base/text.h"
#include "run/machine.h"
#include "script/type.h"

struct place {
	cdma_region_id region;
	uint64_t offset; /* bytes */
	uint64_t size;
	struct type type; /* scalar NONE: not known */
};

/*
 * Find what @text names in the run of @machine: the newest memory that has, or
 * had, that name.
 *
 * @err: what is wrong is added here.
 */
bool place_find(struct machine *machine, const char *text, struct place *out,
		struct cdma_text *err);

/* Add a line for each value at @place: "rx[0].len = 64 (0x40)", @name being
 * what it is called. */
void place_add_values(struct cdma_text *out, const struct machine *machine,
		      const struct place *place, const char *name);

/* Add a scalar as @type has it: "64 (0x40)".  @bytes: as in memory. */
void place_add_scalar(struct cdma_text *out, struct type type,
		      const unsigned char *bytes);

/* Whether it is one value of at most eight bytes. */
bool place_is_scalar(const struct place *place);

#endif /* DEBUG_PLACE_H */
