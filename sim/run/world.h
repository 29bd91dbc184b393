/* SPDX-License-Identifier: MIT */
#ifndef RUN_WORLD_H
#define RUN_WORLD_H

/*
 * World: what a program declares, made new for each run.
 *
 * Devices and their registers, kernel memory, locks, interrupts and actors
 * come from the program alone, in its order, so that a run like another gives
 * the same identifiers.
 */

#include "run/state.h"

/* Forget the last run and make the devices of the next; setup may begin. */
void world_reset(struct machine *m);

/* Setup has returned @err: 0 or -errno.  The probe callbacks end. */
void world_probed(struct machine *m, int64_t err);

/* The main thread makes and starts all threads and handlers. */
void world_start(struct machine *m);

/*
 * Setup has failed: there is no driver, and no thread of a CPU.  The threads of
 * devices go on, since nothing but the driver stops hardware.
 *
 * Returns: false when none does: no device has been told anything.
 */
bool world_leave(struct machine *m);

/*
 * mark.c: the threads are about to begin.  Up to here all runs are alike, so
 * the next begins here, unless somebody watches or there was a finding.
 */
void world_mark(struct machine *m);
/* Go there.  False: there is no mark. */
bool world_rewind(struct machine *m);

/* All threads have ended: the main thread waits for them. */
void world_join(struct machine *m);

/* weak.c: whether reads of @program may be late, and that they ask. */
bool world_is_weak(const struct program *program, enum run_memory memory);
void world_set_memory(struct machine *m);

#endif /* RUN_WORLD_H */
