/* SPDX-License-Identifier: MIT */
#ifndef RUN_REPLAY_SOURCE_H
#define RUN_REPLAY_SOURCE_H

/*
 * Replay-source: a campaign of one run, whose schedule is known.
 */

#include "run/campaign.h"

struct replay_source {
	struct replay replay;
	struct campaign_source source;
};

/* @schedule: borrowed, and @out stays where it is, until campaign_free(). */
void replay_source_init(struct replay_source *out,
			const struct schedule *schedule);

#endif /* RUN_REPLAY_SOURCE_H */
