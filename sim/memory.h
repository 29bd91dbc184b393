/* SPDX-License-Identifier: MIT */
#ifndef SIM_MEMORY_H
#define SIM_MEMORY_H

/*
 * Memory of the host: how much of it may be used, and what is said when it is
 * not enough.
 *
 * Whoever needs memory that is not there ends the process, wherever he stands:
 * one line on stderr says what wanted how much and what to do, and the status
 * is STATUS_IO.  A process that was forked says the line, and whoever forked it
 * finds the status.
 *
 * There is one memory in a process, so this is one thing, and nobody hands it
 * around.
 */

#include <stdint.h>

#include "options.h"

/* From now on.  @set: --memory-limit, and among how many processes it is
 * shared; borrowed until the process ends.
 *
 * Errors: -errno  the limit cannot be set. */
int memory_begin(unsigned int command, const struct settings *set);

/* What memory is needed for from now on, as printf() has it. */
void memory_for(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Called before the end, once, to take back what must not be left half done;
 * it must not need memory.  @aux: borrowed. */
void memory_at_end(void (*fn)(void *aux), void *aux);

#endif /* SIM_MEMORY_H */
