/* SPDX-License-Identifier: MIT */
#include "explore/explore.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "run/campaign.h"

static bool next(void *aux)
{
	return explorer_next(aux);
}

static void schedule(void *aux, struct schedule *out)
{
	explorer_schedule(aux, out);
}

struct campaign_source *explorer_source_new(void)
{
	struct explorer *explorer = explorer_new();
	struct campaign_source *source = cdma_xcalloc(1, sizeof(*source));

	*source = (struct campaign_source){
		.strategy = &strategy_explore,
		.state = explorer,
		.observer = explorer_observer(explorer),
		.next = next,
		.schedule = schedule,
		.aux = explorer,
	};
	return source;
}

void explorer_source_free(struct campaign_source *source)
{
	if (!source)
		return;
	explorer_free(source->state);
	free(source);
}
