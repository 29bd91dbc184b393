/* SPDX-License-Identifier: MIT */
#ifndef RUN_MEASURE_H
#define RUN_MEASURE_H

/*
 * Measure: how long the runs of a program are, for strategies that plan ahead.
 *
 * The longest of a few runs whose schedules are always the same: that of
 * strategy first, and random ones.  The answer is a constant of the program,
 * so that a run is named by seed and index, whatever was run before it.
 */

#include "run/state.h"

/* Tell the strategy of @m, if it wants to know.  Before anybody observes. */
void machine_measure(struct machine *m);

#endif /* RUN_MEASURE_H */
