/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_SAVE_H
#define PICTURE_SAVE_H

/*
 * Save: logs all that happens in a run, while it happens.
 */

#include "run/campaign.h"

struct save;

/*
 * Log the next run of @machine, which is schedule number @index, into the new
 * directory @dir (log/ctf-writer.h): what is killed meanwhile leaves a log up
 * to its last event.
 *
 * @out: NULL on failure.  The machine is for this run only.
 *
 * Errors: -errno  the log cannot be begun.
 * Owns: the caller; save_end(), before machine_free().
 */
int save_begin(struct machine *machine, const struct program *program,
	       const char *file, const struct campaign_options *options,
	       uint64_t index, const char *dir, struct save **out);

/*
 * The run is over.  NULL is ignored.
 *
 * Errors: -errno  not all of it could be written.
 */
int save_end(struct save *save);

/* Run schedule number @index and log it.  Errors: those of both. */
int save_schedule(const struct program *program, const char *file,
		  const struct campaign_options *options, uint64_t index,
		  const struct schedule *schedule, const char *dir);

#endif /* PICTURE_SAVE_H */
