/* SPDX-License-Identifier: MIT */
/*
 * First: always the first answer.
 *
 * Actors run one after the other in the order of the scenario, each until it
 * has to wait: the schedule that one would think of first.
 */
#include "sched/strategy.h"

static uint32_t first_choose(void *state, const struct choice *choice)
{
	(void)state;
	(void)choice;
	return 0;
}

const struct strategy_ops strategy_first = {
	.name = "first",
	.choose = first_choose,
};
