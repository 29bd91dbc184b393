/* SPDX-License-Identifier: MIT */
#include "run/free-source.h"

#include <stdlib.h>

#include "base/xalloc.h"

struct free_source {
	struct campaign_source source;
	struct strategy inner; /* what the host does not decide */
	struct recorder recorder;
	uint64_t runs, most;
};

static bool next(void *aux)
{
	struct free_source *f = aux;

	return ++f->runs < f->most;
}

static void schedule(void *aux, struct schedule *out)
{
	const struct free_source *f = aux;

	schedule_copy(out, &f->recorder.schedule);
}

struct campaign_source *free_source_new(uint64_t most)
{
	struct free_source *f = cdma_xcalloc(1, sizeof(*f));

	f->inner = strategy_new(&strategy_random, NULL);
	f->recorder.inner = &f->inner;
	f->most = most;
	f->source = (struct campaign_source){
		.strategy = &strategy_record,
		.state = &f->recorder,
		.next = next,
		.schedule = schedule,
		.aux = f,
		.threads = true,
	};
	return &f->source;
}

void free_source_free(struct campaign_source *source)
{
	struct free_source *f = source ? source->aux : NULL;

	if (!f)
		return;
	schedule_fini(&f->recorder.schedule);
	strategy_free(&f->inner);
	free(f);
}
