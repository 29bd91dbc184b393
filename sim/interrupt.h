/* SPDX-License-Identifier: MIT */
#ifndef SIM_INTERRUPT_H
#define SIM_INTERRUPT_H

/*
 * Interrupt: lets a command finish what it is at when the user says stop.
 *
 * Between begin and end, SIGINT, SIGTERM and SIGHUP wait: there is no handler,
 * the command asks.  At the end a signal that came does what it always did, so
 * the shell learns that cdmasim was killed by it.  Signals that were ignored
 * before stay ignored.
 */

#include <signal.h>
#include <stdbool.h>

struct interrupt {
	sigset_t watched, before;
};

void interrupt_begin(struct interrupt *interrupt);

/* Whether one of the signals has come. */
bool interrupt_came(const struct interrupt *interrupt);

/* Does not return when one has come. */
void interrupt_end(struct interrupt *interrupt);

#endif /* SIM_INTERRUPT_H */
