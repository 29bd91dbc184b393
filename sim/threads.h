/* SPDX-License-Identifier: MIT */
#ifndef SIM_THREADS_H
#define SIM_THREADS_H

/*
 * Threads: the runs of `cdmasim run --threads'.
 *
 * Their schedules are made by the host, and recorded; run/free.h.
 */

#include "cmd.h"

/* Whether the options go together; says what does not. */
bool threads_allowed(const struct settings *set);

const struct search *threads_search(void);

#endif /* SIM_THREADS_H */
