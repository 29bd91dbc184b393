/* SPDX-License-Identifier: MIT */
#ifndef TESTS_DROPPED_H
#define TESTS_DROPPED_H

/*
 * Dropped: what was, and in which order.  The data of each thing is a letter.
 */

#include "rig.h"

static char dropped[16];
static char a_[] = "a", b_[] = "b";

static inline void drop(void *data)
{
	strcat(dropped, data);
}

static inline void rig_of(struct rig *rig)
{
	dropped[0] = '\0';
	rig_new(rig);
}

static inline struct cdma_actor *reader_of(struct rig *rig)
{
	struct cdma_actor *reader =
		cdma_actor_new(rig->world, CDMA_CPU, "reader");

	cdma_actor_start(reader);
	return reader;
}

#endif /* TESTS_DROPPED_H */
