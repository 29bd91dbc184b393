/* SPDX-License-Identifier: MIT */
#include "timer.h"

#include <time.h>

uint64_t timer_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void timer_begin(struct timer *timer, uint64_t limit)
{
	*timer = (struct timer){.from = timer_now(), .limit = limit};
}

bool timer_is_over(const struct timer *timer)
{
	return timer->limit && timer_now() - timer->from >= timer->limit;
}

struct timer timer_part(const struct timer *timer, size_t nr)
{
	uint64_t now = timer_now(), gone = now - timer->from;
	struct timer part = {.from = now};

	if (timer->limit)
		part.limit =
			gone < timer->limit ? (timer->limit - gone) / nr : 0;
	/* None is another thing than no limit. */
	if (timer->limit && !part.limit)
		part.limit = 1;
	return part;
}
