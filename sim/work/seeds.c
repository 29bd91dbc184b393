/* SPDX-License-Identifier: MIT */
#include "work/seeds.h"

#include "base/macros.h"
#include "base/xalloc.h"

#include <stdlib.h>

struct seeds {
	const struct program *program;
	const struct campaign_options *options;
	struct shard shard;
	uint64_t next;           /* case */
	struct machine *machine; /* once there is something to run */
};

struct seeds *seeds_new(const struct program *program,
			const struct campaign_options *options,
			struct shard shard)
{
	struct seeds *s = cdma_xcalloc(1, sizeof(*s));

	s->program = program;
	s->options = options;
	s->shard = shard.of ? shard : (struct shard){1, 1};
	CDMA_REQUIRE(s->shard.nr && s->shard.nr <= s->shard.of);
	s->next = s->shard.nr - 1;
	return s;
}

void seeds_free(struct seeds *s)
{
	if (!s)
		return;
	machine_free(s->machine);
	free(s);
}

static size_t seeds_next(void *state, uint64_t *cases, size_t max)
{
	struct seeds *s = state;
	uint64_t schedules = s->options->schedules;
	uint64_t all =
		schedules / SEEDS_A_CASE + (schedules % SEEDS_A_CASE != 0);
	size_t nr = 0;

	for (; nr < max && s->next < all; s->next += s->shard.of)
		cases[nr++] = s->next;
	return nr;
}

static struct json_object *seeds_perform(void *state, uint64_t nr,
					 struct json_object *task,
					 struct tally *tally)
{
	struct seeds *s = state;
	const struct campaign_options *o = s->options;
	uint64_t from = nr * SEEDS_A_CASE, to = from + SEEDS_A_CASE;
	struct run_result result;

	(void)task;
	if (!s->machine)
		s->machine = machine_new(s->program, &o->machine);
	if (to > o->schedules)
		to = o->schedules;
	for (uint64_t i = from; i < to && tally->bounded < CAMPAIGN_BOUNDED_MAX;
	     i++) {
		machine_run(s->machine, o->seed, o->first + i, &result);
		if (!tally_count(tally, s->machine, &result, o->first + i))
			break;
	}
	return NULL;
}

const struct work_ops work_seeds = {
	.next = seeds_next,
	.perform = seeds_perform,
};
