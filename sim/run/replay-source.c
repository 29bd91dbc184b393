/* SPDX-License-Identifier: MIT */
#include "run/replay-source.h"

static bool no_more(void *aux)
{
	(void)aux;
	return false;
}

static void give_schedule(void *aux, struct schedule *out)
{
	const struct replay_source *r = aux;

	schedule_copy(out, r->replay.schedule);
}

static void not_seen(void *aux, const struct cdma_event *ev)
{
	(void)aux;
	(void)ev;
}

void replay_source_init(struct replay_source *out,
			const struct schedule *schedule)
{
	*out = (struct replay_source){
		.replay = {.schedule = schedule},
		.source =
			{
				.strategy = &strategy_replay,
				.state = &out->replay,
				.observer = {.event = not_seen},
				.next = no_more,
				.schedule = give_schedule,
				.aux = out,
			},
	};
}
