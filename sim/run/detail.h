/* SPDX-License-Identifier: MIT */
#ifndef RUN_DETAIL_H
#define RUN_DETAIL_H

/*
 * Detail: all that a report may say of a finding, copied out of the run that
 * shows it, because the next run forgets it.
 */

#include "base/arena.h"
#include "run/campaign.h"
#include "run/trace.h"

/*
 * Fill in the details of @out from the last run of @machine, which was traced
 * and had its frames noted, and which found @finding.
 *
 * Everything that is pointed to comes from @arena.
 */
void detail_fill(struct campaign_finding *out,
		 const struct cdma_finding *finding, struct machine *machine,
		 const struct trace *trace, struct cdma_arena *arena);

#endif /* RUN_DETAIL_H */
