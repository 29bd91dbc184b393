/* SPDX-License-Identifier: MIT */
#include "cmd.h"

#include "explore/bounded.h"
#include "explore/explore.h"
#include "parts.h"
#include "run/campaign.h"

static void *begin(const struct settings *set, struct campaign_options *options)
{
	(void)set;
	options->source = explorer_source_new();
	return (void *)options->source;
}

static void end(void *state)
{
	explorer_source_free(state);
}

static void *begin_bounded(const struct settings *set,
			   struct campaign_options *options)
{
	struct bounded *b = bounded_new(set->preemptions.nr);

	options->source = bounded_source(b);
	return b;
}

static void end_bounded(void *state)
{
	bounded_free(state);
}

const struct search *explore_search(const struct cmd *cmd)
{
	static const struct search whole = {
		.begin = begin,
		.end = end,
		.partition = &partition_branches,
		.covers = true,
		.schedules = UINT64_MAX,
	};
	static const struct search bounded = {
		.begin = begin_bounded,
		.end = end_bounded,
		.covers = true,
		.schedules = UINT64_MAX,
	};

	return cmd->set.preemptions.is_set ? &bounded : &whole;
}

static int explore(struct cmd *cmd)
{
	bool more;
	int status = litmus_explore(cmd, &more);

	if (!more)
		return status;
	return litmus_worse(status, run_scenarios(cmd, explore_search(cmd)));
}

static const struct example examples[] = {
	{"explore driver.dma",
	 "Show a failing schedule of each variant, or that there is none."},
	{"explore --variant=fixed --executions=100000 driver.dma",
	 "Give up after so many executions and say so (exit status 3)."},
	{"explore --preemptions=2 driver.dma",
	 "Try all schedules with at most two preemptions, simple ones first, "
	 "of a scenario with too many of them."},
	{"explore -j 8 --journal=driver.jsonl driver.dma",
	 "Explore with eight processes, and go on from the journal when it was "
	 "killed."},
	{"explore MP+wmb+rmb.litmus", "Explore a litmus test."},
	{"explore --dot=mp.dot MP.litmus",
	 "The same, and draw the executions that satisfy its condition."},
	{"explore scenarios/litmus",
	 "Explore all litmus tests of a directory."},
	{NULL, NULL},
};

const struct command cmd_explore = {
	.name = "explore",
	.bit = CMD_EXPLORE,
	.operands = "FILE|DIR...",
	.summary = "try every schedule that can be told apart from the others",
	.about =
		"Run every variant of the scenarios under all schedules that "
		"differ in something that a thread could notice, each once, "
		"and compare what is found with what the scenario expects."
		"\n\n"
		"Two schedules are the same when they order all steps that "
		"depend on each other alike: accesses to the same bytes of "
		"which one is a store, and uses of the same lock or interrupt. "
		"A wait counts once, however often it would turn."
		"\n\n"
		"An execution that is called blocked was begun and given up, "
		"since all that it could still show others show; it is "
		"missing nowhere."
		"\n\n"
		"A FILE that ends in .litmus is a litmus test in herd7's C for "
		"Linux. What is printed is what herd7 prints, and compared "
		"with "
		"the Result: in its comment. Where the memory model of Linux "
		"allows executions that cannot be shown, a note says so (exit "
		"status 3). Of those in a DIR, unless an option is for "
		"scenarios only, the last lines are shown, all with -v, and "
		"a sum; the other commands leave them out.",
	.examples = examples,
	.run = explore,
};
