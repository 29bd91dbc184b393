/* SPDX-License-Identifier: MIT */
#include "explore/explore.h"

#include "base/xalloc.h"
#include "explore/subtree.h"

#include <stdlib.h>

struct explorer {
	struct dpor *dpor;
	struct subtree *unit; /* NULL: it explores everything */
	bool raced;           /* there is a data race */
	bool plain;           /* the order of plain accesses counts */
};

struct explorer *explorer_new(void)
{
	struct explorer *e = cdma_xcalloc(1, sizeof(*e));

	e->dpor = dpor_new();
	return e;
}

void explorer_free(struct explorer *e)
{
	if (!e)
		return;
	dpor_free(e->dpor);
	free(e);
}

static void begin(void *state, uint64_t seed, uint64_t index)
{
	struct explorer *e = state;

	(void)seed;
	(void)index;
	dpor_begin(e->dpor);
}

static uint32_t choose(void *state, const struct choice *choice)
{
	struct explorer *e = state;
	uint32_t actor;

	if (choice->kind == CHOICE_READ)
		return dpor_own_value(e->dpor, choice->nr);
	if (choice->kind != CHOICE_ACTOR)
		return dpor_value(e->dpor, choice->nr);
	actor = dpor_next(e->dpor, choice->who);
	if (actor == DPOR_STOP)
		return STRATEGY_STOP;
	if (choice->ran_out)
		dpor_ran_out(e->dpor);
	return (uint32_t)__builtin_popcountll(choice->who &
					      (((uint64_t)1 << actor) - 1));
}

static void waits(void *state, uint32_t actor, uint32_t object)
{
	struct explorer *e = state;
	struct cdma_event ev = {.kind = CDMA_EV_ACQUIRE, .object = object};

	dpor_waits(e->dpor, actor, &ev);
}

static void end(void *state)
{
	struct explorer *e = state;

	dpor_close(e->dpor);
}

const struct strategy_ops strategy_explore = {
	.name = "explore",
	.begin = begin,
	.choose = choose,
	.every_step = true,
	.waits = waits,
	.end = end,
};

static void event(void *aux, const struct cdma_event *ev)
{
	struct explorer *e = aux;

	dpor_event(e->dpor, ev);
}

struct cdma_observer explorer_observer(struct explorer *e)
{
	return (struct cdma_observer){.event = event, .aux = e};
}

void explorer_found(struct explorer *e, const struct cdma_finding *finding)
{
	e->raced |= finding->id == CDMA_FINDING_DATA_RACE;
}

bool explorer_next(struct explorer *e)
{
	if (e->unit)
		return subtree_next(e->unit);
	if (dpor_end(e->dpor))
		return true;
	if (!e->raced || e->plain)
		return false;
	e->plain = true;
	dpor_restart(e->dpor, true);
	return true;
}

void explorer_unit_begin(struct explorer *e, const struct dpor_unit *unit)
{
	e->raced = false;
	e->unit = subtree_begin(e->dpor, unit);
}

void explorer_unit_end(struct explorer *e, struct dpor_result *out)
{
	subtree_end(e->unit, out);
	e->unit = NULL;
	out->data_race = e->raced;
}

void explorer_schedule(const struct explorer *e, struct schedule *out)
{
	uint32_t nr = dpor_depth(e->dpor);

	out->steps.nr = 0;
	for (uint32_t i = 0; i < nr; i++) {
		struct schedule_step *step = cdma_vec_push(&out->steps);
		uint32_t answers;

		*step = (struct schedule_step){0};
		dpor_step(e->dpor, i, &step->actor, &step->way, &answers);
		step->answers = (uint8_t)answers;
	}
}

uint64_t explorer_executions(const struct explorer *e)
{
	return dpor_executions(e->dpor);
}

uint64_t explorer_blocked(const struct explorer *e)
{
	return dpor_blocked(e->dpor);
}
