/* SPDX-License-Identifier: MIT */
/*
 * Random: every answer is as likely as any other.
 *
 * A random walk over the schedules.  It knows nothing of the program, needs no
 * training run, and finds what two or three switches at the right place show.
 */
#include "sched/strategy.h"

#include "base/rng.h"
#include "base/xalloc.h"

#include <stdlib.h>

static void *random_new(void)
{
	return cdma_xcalloc(1, sizeof(struct cdma_rng));
}

static void random_begin(void *state, uint64_t seed, uint64_t index)
{
	struct cdma_rng *rng = state;

	*rng = cdma_rng_case(seed, index);
}

static uint32_t random_choose(void *state, const struct choice *choice)
{
	return strategy_draw(state, choice);
}

const struct strategy_ops strategy_random = {
	.name = "random",
	.state_new = random_new,
	.state_free = free,
	.begin = random_begin,
	.choose = random_choose,
};
