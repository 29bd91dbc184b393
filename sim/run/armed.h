/* SPDX-License-Identifier: MIT */
#ifndef RUN_ARMED_H
#define RUN_ARMED_H

/*
 * Armed: what is still alive while teardown runs.
 *
 * The threads have ended.  A timer, a work, a tasklet, NAPI and an interrupt
 * that the program requests go on until somebody stops them, and what teardown
 * arms, or lets in again, runs right away: in nothing but the order of the run,
 * so that what teardown does without having waited for it is found by the
 * clocks, whenever it would have come (world_join()).
 *
 * Nothing is left to choose, so teardown stays one schedule.
 */

#include "run/state.h"

/* All that can run does, as far as it can. */
void armed_run(struct machine *m);

/* Teardown is over.  Returns: whether one of them waits for ever, which is
 * reported. */
bool armed_end(struct machine *m);

#endif /* RUN_ARMED_H */
