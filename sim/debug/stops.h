/* SPDX-License-Identifier: MIT */
#ifndef DEBUG_STOPS_H
#define DEBUG_STOPS_H

/*
 * Stops: where a walk that goes on does stop.
 *
 *	31, x.dma:31       before a step that does something in that line
 *	w_len              ... that has that label
 *	in poll            ... of that thread
 *	write rx[0].len    after a step that writes to any of these bytes
 *	read rx[0].len
 *	access rx[0].len
 *	finding            after a step at which something is found
 *	unordered_read     ... that
 *
 * They are kept as texts: what they name is looked up when it is asked for,
 * since another schedule may have other memory.
 */

#include "base/text.h"
#include "base/vec.h"
#include "debug/walk.h"

struct stop {
	unsigned int nr; /* from 1; never used again */
	char *text;      /* owned */
};

struct stops {
	CDMA_VEC(struct stop) at;
	unsigned int last; /* number that was given */
};

void stops_fini(struct stops *stops);

/* Add @text.  Returns NULL when it says nothing that can be stopped at: @err
 * has why. */
const struct stop *stops_add(struct stops *stops, const struct walk *walk,
			     const char *text, struct cdma_text *err);

/* False: there is no such number. */
bool stops_delete(struct stops *stops, unsigned int nr);

/*
 * The stop nearest to where @walk stands, after it or before it.
 *
 * @place: out: where; the end or the beginning when there is none.
 * Returns: NULL when there is none.
 */
const struct stop *stops_next(const struct stops *stops,
			      const struct walk *walk, bool is_back,
			      size_t *place);

#endif /* DEBUG_STOPS_H */
