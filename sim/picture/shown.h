/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_SHOWN_H
#define PICTURE_SHOWN_H

/*
 * Shown: which events of a run somebody who looks for a bug wants to see.
 *
 * Threads start and end by releases and acquires like others; which objects
 * those go by is learned from the run.
 *
 * Usage
 * -----
 *	struct shown shown = {0};
 *
 *	for (each event of the run)
 *		shown_learn(&shown, ev);
 *	for (each event of the run)
 *		if (shown_has(&shown, ev)) …
 *	shown_fini(&shown);
 */

#include <cdma/event.h>

#include "base/vec.h"

struct shown {
	CDMA_VEC(uint32_t) threads; /* objects that starts and ends go by */
	bool started;               /* the last event was a start */
};

void shown_fini(struct shown *shown);

/* Call it with all events, in their order, first. */
void shown_learn(struct shown *shown, const struct cdma_event *ev);

/* Of an access that has several pieces, the first one is. */
bool shown_has(const struct shown *shown, const struct cdma_event *ev);

#endif /* PICTURE_SHOWN_H */
