/* SPDX-License-Identifier: MIT */
#include "threads.h"

#include "base/macros.h"
#include "base/xalloc.h"
#include "run/campaign.h"

#include <stdlib.h>

struct threads {
	struct strategy inner; /* what the host does not decide */
	struct recorder recorder;
	struct campaign_source source;
	uint64_t runs, most;
};

static bool next(void *aux)
{
	struct threads *t = aux;

	return ++t->runs < t->most;
}

static void schedule(void *aux, struct schedule *out)
{
	struct threads *t = aux;

	schedule_copy(out, &t->recorder.schedule);
}

static void *begin(const struct settings *set, struct campaign_options *options)
{
	struct threads *t = cdma_xcalloc(1, sizeof(*t));

	t->inner = strategy_new(&strategy_random, NULL);
	t->recorder.inner = &t->inner;
	t->most = set->runs       ? set->runs
		  : set->duration ? UINT64_MAX
				  : CAMPAIGN_SCHEDULES;
	t->source = (struct campaign_source){
		.strategy = &strategy_record,
		.state = &t->recorder,
		.next = next,
		.schedule = schedule,
		.aux = t,
		.threads = true,
		.timed = set->duration,
	};
	options->source = &t->source;
	options->schedules = t->most;
	return t;
}

static void end(void *state)
{
	struct threads *t = state;

	schedule_fini(&t->recorder.schedule);
	strategy_free(&t->inner);
	free(t);
}

const struct search *threads_search(void)
{
	static const struct search search = {
		.begin = begin,
		.end = end,
		.schedules = CAMPAIGN_SCHEDULES,
	};

	return &search;
}

bool threads_allowed(const struct settings *set)
{
	/* What there is in lockstep only: the host decides, and can be asked
	 * for nothing. */
	const struct {
		const char *name;
		bool said;
	} lockstep[] = {
		{"--seed", set->seed},         {"--first", set->first},
		{"--strategy", set->strategy}, {"--schedules", set->schedules},
		{"--jobs", set->jobs},         {"--journal", set->journal},
		{"--shard", set->shard},
	};

	for (size_t i = 0; i < ARRAY_SIZE(lockstep); i++)
		if (set->threads && lockstep[i].said) {
			complain("%s is for lockstep; with --threads the host "
				 "decides who is next, and --runs or "
				 "--duration how often",
				 lockstep[i].name);
			return false;
		}
	if (!set->threads && (set->runs || set->duration)) {
		complain("%s is for --threads; in lockstep, see --schedules "
			 "and --time",
			 set->runs ? "--runs" : "--duration");
		return false;
	}
	if (set->time && set->duration) {
		complain("--duration and --time: say one of them");
		return false;
	}
	return true;
}
