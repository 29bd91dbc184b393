/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_NAMING_H
#define PICTURE_NAMING_H

/*
 * Naming: what things of a run are called.  The machine still stands where the
 * run has come to.
 */

#include <cdma/event.h>

#include "base/text.h"
#include "log/ctf.h"
#include "run/machine.h"

struct naming {
	struct machine *machine; /* borrowed */
	struct cdma_text text;   /* of the last answer */
};

void naming_fini(struct naming *naming);

/* The name of a device, region, object or frame; NULL: it has none.  Borrowed
 * until the next call.  @naming: a struct naming. */
const char *naming_name(void *naming, enum cdma_ctf_table table, uint32_t id);

/* Add "rx[0].len": what @size bytes at @offset of the memory that @ev touches
 * were called then.  False: it is no memory that has a name. */
bool naming_place(void *naming, struct cdma_text *out,
		  const struct cdma_event *ev, uint64_t offset, uint64_t size);

#endif /* PICTURE_NAMING_H */
