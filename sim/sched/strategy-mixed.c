/* SPDX-License-Identifier: MIT */
/*
 * Mixed: every other run at random, the others with priorities.
 *
 * No one way to draw schedules finds all.  A random walk (random) switches all
 * the time, and finds what a few switches close together show.  It all but
 * never keeps one actor waiting while another does a long row of steps, which
 * is what priorities (pct) do; those of depth 1 have no switch but where
 * somebody waits, those of depth 2 and 3 one and two more.
 *
 * Run number i: random when i is even, else pct of depth 1, 2 and 3 in turns.
 * So (seed, index) still names a run.
 */
#include "sched/strategy.h"

#include "base/macros.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <stdlib.h>

static const char *const parts[] = {"random", "pct:1", "pct:2", "pct:3"};

struct mixed {
	struct strategy parts[ARRAY_SIZE(parts)]; /* owned */
	struct strategy *now;                     /* the one of this run */
};

static void *mixed_new(void)
{
	struct mixed *mixed = cdma_xcalloc(1, sizeof(*mixed));
	struct cdma_text err = {0};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		CDMA_REQUIRE(!strategy_parse(parts[i], &mixed->parts[i], &err));
	mixed->now = mixed->parts;
	return mixed;
}

static void mixed_free(void *state)
{
	struct mixed *mixed = state;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		strategy_free(&mixed->parts[i]);
	free(mixed);
}

static void mixed_measured(void *state, uint32_t actors, uint32_t steps)
{
	struct mixed *mixed = state;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const struct strategy *part = &mixed->parts[i];

		if (part->ops->measured)
			part->ops->measured(part->state, actors, steps);
	}
}

static void mixed_begin(void *state, uint64_t seed, uint64_t index)
{
	struct mixed *mixed = state;
	uint64_t depths = ARRAY_SIZE(parts) - 1;

	mixed->now = &mixed->parts[index % 2 ? 1 + index / 2 % depths : 0];
	strategy_begin(mixed->now, seed, index);
}

static uint32_t mixed_choose(void *state, const struct choice *choice)
{
	struct mixed *mixed = state;

	return strategy_choose(mixed->now, choice);
}

const struct strategy_ops strategy_mixed = {
	.name = "mixed",
	.state_new = mixed_new,
	.state_free = mixed_free,
	.measured = mixed_measured,
	.begin = mixed_begin,
	.choose = mixed_choose,
};
