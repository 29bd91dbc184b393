/* SPDX-License-Identifier: MIT */
#include "threads.h"

#include "base/macros.h"
#include "run/free-source.h"

static void *begin(const struct settings *set, struct campaign_options *options)
{
	uint64_t most = set->runs       ? set->runs
			: set->duration ? UINT64_MAX
					: CAMPAIGN_SCHEDULES;
	struct campaign_source *source = free_source_new(most);

	source->timed = set->duration;
	options->source = source;
	options->schedules = most;
	return source;
}

static void end(void *state)
{
	free_source_free(state);
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
