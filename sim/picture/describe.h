/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_DESCRIBE_H
#define PICTURE_DESCRIBE_H

/*
 * Describe: an event in a few words.
 */

#include <cdma/dep.h>

#include "base/text.h"
#include "log/ctf.h"

/* What events are about goes by names; who has the event knows them. */
struct describe_names {
	/* NULL: it has none. */
	const char *(*name)(void *aux, enum cdma_ctf_table table, uint32_t id);
	/* Add what @size bytes at @offset of the event's memory are called,
	 * "rx[0].len"; false: not known.  NULL: it never is. */
	bool (*place)(void *aux, struct cdma_text *out,
		      const struct cdma_event *ev, uint64_t offset,
		      uint64_t size);
	void *aux; /* borrowed */
};

/* Add "write rx+0x0: 0x40".  @whole: the op and not only this piece of it. */
void describe_event(struct cdma_text *out, const struct describe_names *names,
		    const struct cdma_event *ev, bool whole);

/* Add the line that the kernel would print, were it to happen there; false: it
 * would print none.  @comm: who does it. */
bool describe_printk(struct cdma_text *out, const struct describe_names *names,
		     const struct cdma_event *ev, const char *comm);

/* Add all that describe_event() leaves out. */
void describe_rest(struct cdma_text *out, struct cdma_deps *deps,
		   const struct cdma_event *ev);

#endif /* PICTURE_DESCRIBE_H */
