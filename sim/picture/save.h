/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_SAVE_H
#define PICTURE_SAVE_H

/*
 * Save: runs one schedule once more with the log on.
 */

#include "run/campaign.h"

/*
 * Run schedule number @index, and write all that happens into the new
 * directory @dir (log/ctf-writer.h).
 *
 * Errors: -errno  the trace could not be written, or not all of it.
 */
int save_schedule(const struct program *program, const char *file,
		  const struct campaign_options *options, uint64_t index,
		  const struct schedule *schedule, const char *dir);

#endif /* PICTURE_SAVE_H */
