/* SPDX-License-Identifier: MIT */
#include "log.h"

#include <cdma/order.h>
#include <cdma/world.h>

#include <string.h>

#include "base/macros.h"
#include "run/machine.h"

struct gather {
	struct log *log;
	CDMA_VEC(uint32_t) at;
};

static void add(struct gather *g, uint32_t i)
{
	for (size_t j = 0; j < g->at.nr; j++)
		if (g->at.at[j] == i)
			return;
	*cdma_vec_push(&g->at) = i;
}

static void add_read(void *aux, uint64_t seq, uint8_t bytes)
{
	(void)bytes;
	add(aux, (uint32_t)(seq - 1));
}

static const struct few *gathered(struct gather *g)
{
	struct few *few = NULL;

	if (g->at.nr) {
		few = cdma_arena_alloc(&g->log->arena,
				       sizeof(*few) +
					       g->at.nr * sizeof(few->at[0]));
		few->nr = (uint32_t)g->at.nr;
		memcpy(few->at, g->at.at, g->at.nr * sizeof(few->at[0]));
	}
	cdma_vec_free(&g->at);
	return few;
}

static const struct few *reads_of(struct log *log, struct cdma_deps *deps,
				  cdma_dep_t dep)
{
	struct gather g = {.log = log};

	if (dep & 1)
		add_read(&g, dep >> 1, CDMA_DEP_WHOLE);
	else if (dep)
		cdma_dep_each(deps, dep, add_read, &g);
	return gathered(&g);
}

/* Of each byte the newest store. */
static const struct few *stores_seen(struct log *log, uint32_t i)
{
	const struct entry *e = &log->entries.at[i];
	struct gather g = {.log = log};
	uint64_t left = (UINT64_C(1) << e->ev.size) - 1;

	while (left && i--) {
		const struct entry *s = &log->entries.at[i];
		uint64_t seen = 0;

		if (s->ev.kind != CDMA_EV_WRITE || !entries_meet(s, e))
			continue;
		for (unsigned int b = 0; b < e->ev.size; b++)
			if (e->ev.offset + b >= s->ev.offset &&
			    e->ev.offset + b < s->ev.offset + s->ev.size)
				seen |= UINT64_C(1) << b;
		if (!(seen & left))
			continue;
		left &= ~seen;
		add(&g, i);
	}
	return gathered(&g);
}

static void note_event(void *aux, const struct cdma_event *ev)
{
	struct log *log = aux;

	*cdma_vec_push(&log->entries) = (struct entry){.ev = *ev};
}

static void note_found(void *aux, const struct cdma_finding *f)
{
	struct log *log = aux;

	uint32_t b = (uint32_t)(f->at.seq - 1);
	uint64_t proof = f->proof.seq;

	*cdma_vec_push(&log->found) = (struct found){
		.a = (uint32_t)(f->against.seq - 1),
		.b = b,
		.id = f->id,
		/* Of a race the proof is not what it was judged by. */
		.is_part = f->id != CDMA_FINDING_DATA_RACE && proof &&
			   log->entries.at[proof - 1].ev.op ==
				   log->entries.at[b].ev.op,
	};
}

static void resolve(struct log *log, struct cdma_deps *deps)
{
	for (uint32_t i = 0; i < log->entries.nr; i++) {
		struct entry *e = &log->entries.at[i];

		CDMA_REQUIRE(e->ev.seq == i + 1 && e->ev.actor < LOG_ACTORS);
		e->rmw = NOBODY;
		e->addr = reads_of(log, deps, e->ev.addr_dep);
		e->data = reads_of(log, deps, e->ev.data_dep);
		if (e->ev.kind == CDMA_EV_READ)
			e->saw = stores_seen(log, i);
		if (e->ev.kind == CDMA_EV_WRITE && e->ev.rf)
			e->rmw = (uint32_t)(e->ev.rf - 1);
		if (e->ev.kind != CDMA_EV_START)
			continue;
		log->actor[e->ev.actor].kind = (uint8_t)e->ev.value;
		log->actor[e->ev.actor].device = (cdma_device_id)e->ev.iova;
	}
}

static void judge(struct log *log, struct cdma_deps *deps)
{
	struct cdma_order_config config = {
		.deps = deps,
		.sink = {note_found, log},
	};
	struct cdma_order *order = cdma_order_new(&config);
	struct cdma_observer observer = cdma_order_observer(order);

	for (size_t i = 0; i < log->entries.nr; i++)
		observer.event(observer.aux, &log->entries.at[i].ev);
	cdma_order_free(order);
}

void log_init(struct log *log, const struct program *program)
{
	struct machine_options options = {.memory = MEMORY_STRONG};

	memset(log, 0, sizeof(*log));
	log->machine = machine_new(program, &options);
	machine_observe(log->machine, (struct cdma_observer){note_event, log});
}

void log_fini(struct log *log)
{
	machine_free(log->machine);
	cdma_arena_fini(&log->arena);
	cdma_vec_free(&log->entries);
	cdma_vec_free(&log->found);
}

bool log_run(struct log *log, uint64_t index, size_t most)
{
	struct run_result result;
	struct cdma_deps *deps;

	cdma_arena_reset(&log->arena);
	log->entries.nr = log->found.nr = 0;
	memset(log->actor, 0, sizeof(log->actor));
	machine_run(log->machine, 1, index, &result);
	if (result.end == RUN_ERROR || log->entries.nr > most)
		return false;
	deps = cdma_world_deps(machine_world(log->machine));
	resolve(log, deps);
	judge(log, deps);
	return true;
}
