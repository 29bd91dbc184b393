/* SPDX-License-Identifier: MIT */
#ifndef RUN_PORT_H
#define RUN_PORT_H

/*
 * Port: what the registers of a device do, while a CPU is at them.
 *
 * Their code is no section of a thread: it is done, from its first to its last
 * instruction, in the step that touched the register, by an engine of its own
 * that does nothing else (cdma_port_new()).  So there is nothing to schedule,
 * and in a schedule, a trace and a picture it is a part of that step.
 */

#include "run/state.h"

/* In a new machine; at the start of a run, when the devices are there; for the
 * mark. */
void ports_new(struct machine *m);
void ports_begin(struct machine *m, const struct cdma_site *site);
void ports_mark(struct machine *m);
void ports_free(struct machine *m);

#endif /* RUN_PORT_H */
