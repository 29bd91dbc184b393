/* SPDX-License-Identifier: MIT */
#ifndef RUN_FREE_SOURCE_H
#define RUN_FREE_SOURCE_H

/*
 * Free-source: the runs of a campaign on real threads (free.h), and the
 * schedules that happened.
 */

#include "run/campaign.h"

/* @most: so many runs.  Owns: the caller; free_source_free(), after the
 * campaign. */
struct campaign_source *free_source_new(uint64_t most);
void free_source_free(struct campaign_source *source);

#endif /* RUN_FREE_SOURCE_H */
