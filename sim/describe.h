/* SPDX-License-Identifier: MIT */
#ifndef SIM_DESCRIBE_H
#define SIM_DESCRIBE_H

/*
 * Describe: an event of a log in a few words.
 */

#include "base/text.h"
#include "log/ctf-reader.h"

/* Add "write rx+0x0: 0x40".  @whole: the op and not only this piece of it. */
void describe_event(struct cdma_text *out, const struct cdma_ctf *ctf,
		    const struct cdma_event *ev, bool whole);

/* Add all that describe_event() leaves out. */
void describe_rest(struct cdma_text *out, struct cdma_ctf *ctf,
		   const struct cdma_event *ev);

#endif /* SIM_DESCRIBE_H */
