/* SPDX-License-Identifier: MIT */
#ifndef SIM_TIMER_H
#define SIM_TIMER_H

/*
 * Timer: how long something has taken, and whether that is enough.
 *
 * The time bounds how much is tried and paces what is shown of it on a
 * terminal; no result is made of it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Now, in ns, from some moment on. */
uint64_t timer_now(void);

struct timer {
	uint64_t from, limit; /* ns; limit 0: none */
};

/* @limit: ns; 0: it is never over. */
void timer_begin(struct timer *timer, uint64_t limit);
bool timer_is_over(const struct timer *timer);

/* One of @nr equal parts of what is left, to begin now. */
struct timer timer_part(const struct timer *timer, size_t nr);

#endif /* SIM_TIMER_H */
