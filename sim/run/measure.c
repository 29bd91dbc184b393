/* SPDX-License-Identifier: MIT */
#include "run/measure.h"

#include "run/machine.h"

#define MEASURING_RUNS 8

/* What is longer than that, in all, is long enough. */
#define MEASURING_STEPS 100000

/* Asks somebody else and counts the steps. */
struct counting {
	struct strategy inner; /* owned */
	uint32_t steps;
};

static void counting_begin(void *state, uint64_t seed, uint64_t index)
{
	struct counting *counting = state;

	counting->steps = 0;
	strategy_begin(&counting->inner, seed, index);
}

static uint32_t counting_choose(void *state, const struct choice *choice)
{
	struct counting *counting = state;

	counting->steps += choice->kind == CHOICE_ACTOR;
	return choice->nr > 1 ? strategy_choose(&counting->inner, choice) : 0;
}

static const struct strategy_ops strategy_counting = {
	.name = "counting",
	.begin = counting_begin,
	.choose = counting_choose,
	.every_step = true,
};

static uint32_t measure(struct machine *m, const char *strategy, uint64_t nr)
{
	struct counting counting = {
		.inner = strategy_new(strategy_find(strategy), NULL)};
	struct strategy kept = m->strategy;
	struct run_result result;
	uint32_t most = 0;
	uint64_t sum = 0;

	m->strategy = strategy_new(&strategy_counting, &counting);
	for (uint64_t i = 0; i < nr && sum < MEASURING_STEPS; i++) {
		machine_run(m, 0, i, &result);
		sum += counting.steps;
		if (result.end == RUN_STOPPED)
			break;
		if (counting.steps > most)
			most = counting.steps;
	}
	m->strategy = kept;
	strategy_free(&counting.inner);
	return most;
}

void machine_measure(struct machine *m)
{
	const struct strategy *s = &m->strategy;
	const uint64_t cap = m->cap;
	uint32_t first, random;

	if (!s->ops->measured)
		return;
	if (cap > MEASURING_STEPS)
		m->cap = MEASURING_STEPS;
	first = measure(m, "first", 1);
	random = measure(m, "random", MEASURING_RUNS - 1);
	m->cap = cap;
	s->ops->measured(s->state, (uint32_t)m->program->sections.nr,
			 first > random ? first : random);
}
