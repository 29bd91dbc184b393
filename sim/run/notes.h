/* SPDX-License-Identifier: MIT */
#ifndef RUN_NOTES_H
#define RUN_NOTES_H

/*
 * Notes: what else a person asks who reads a report of some kind.
 *
 *	out_of_bounds	which index, of how many; of an address that lost bits,
 *			whose it would be, and where it was made
 *	leak		where its last owner returned, and how many are left
 *	stuck		who could have ended the wait, and why he did not
 *	assertion	the values that it compared
 *	the last two	which reads were late
 *
 * Each is a sentence or two, made from the run while the machine still stands
 * at its end.
 */

#include "base/arena.h"
#include "run/campaign.h"
#include "run/trace.h"

/* Fill in the notes of @out, of the last run of @machine, which was traced and
 * recorded.  All texts come from @arena. */
void notes_fill(struct campaign_finding *out, struct machine *machine,
		const struct trace *trace, struct cdma_arena *arena);

#endif /* RUN_NOTES_H */
