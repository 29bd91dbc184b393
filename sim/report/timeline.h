/* SPDX-License-Identifier: MIT */
#ifndef REPORT_TIMELINE_H
#define REPORT_TIMELINE_H

/*
 * Timeline: a log as text, one column a thread.
 *
 * Time runs down.  An event is in the column of who did it: what was done,
 * then the line of the source.  A read says whose store it saw: "<-#9" is
 * event number 9.  A finding stands across all columns, below its event.
 *
 *	  #  setup                 dma (nic)              poll
 *	  9                        write rx+0x0: 0x40
 *	                             29 [i=0] rx[i].len = 64 + i;
 */

#include "base/text.h"
#include "log/ctf-reader.h"

struct timeline_options {
	unsigned int width; /* columns of the terminal */
	bool all;           /* every event, with all that is known of it */
	bool colour;
};

/*
 * Add the trace in @dir.
 *
 * Errors: as of cdma_ctf_open() and cdma_ctf_next(); what came before is added.
 */
int timeline_add(struct cdma_text *out, const char *dir,
		 const struct timeline_options *options);

#endif /* REPORT_TIMELINE_H */
