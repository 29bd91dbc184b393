/* SPDX-License-Identifier: MIT */
#include "explore/explore.h"

#include "base/xalloc.h"
#include "explore/dpor-unit.h"

#include <stdlib.h>

struct explorer {
	struct dpor *dpor;
	bool has_unit; /* it explores a unit, and not everything */
	bool looks;    /* what comes is what a poll looks at */
	uint32_t looker;
	CDMA_VEC(struct schedule_step) steps; /* of the execution; owned */
	bool plain; /* the order of plain accesses counts */
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
	cdma_vec_free(&e->steps);
	dpor_free(e->dpor);
	free(e);
}

static void begin(void *state, uint64_t seed, uint64_t index)
{
	struct explorer *e = state;

	(void)seed;
	(void)index;
	e->looks = false;
	e->steps.nr = 0;
	dpor_begin(e->dpor);
}

/* What is asked before the first step is answered alike each time. */
static void note_answer(struct explorer *e, enum choice_kind kind,
			uint32_t answer)
{
	struct schedule_step *step;

	if (!e->steps.nr)
		return;
	step = cdma_vec_last(&e->steps);
	if (step->answers == SCHEDULE_ANSWERS_MAX)
		return;
	step->kinds |= (uint32_t)kind << (8 * step->answers);
	step->way |= answer << (8 * step->answers++);
}

static uint32_t value(const struct explorer *e, const struct choice *choice)
{
	if (choice->read)
		return dpor_read_value(e->dpor, choice->read, choice->sights,
				       choice->nr);
	if (choice->kind == CHOICE_READ || choice->kind == CHOICE_FAULT)
		return dpor_own_value(e->dpor, choice->nr);
	return dpor_value(e->dpor, choice->nr);
}

static uint32_t choose(void *state, const struct choice *choice)
{
	struct explorer *e = state;
	uint32_t answer;

	if (e->looks)
		return 0;
	if (choice->kind != CHOICE_ACTOR) {
		answer = value(e, choice);
		note_answer(e, choice->kind, answer);
		return answer;
	}
	answer = dpor_next(e->dpor, choice->who);
	if (answer == DPOR_STOP)
		return STRATEGY_STOP;
	*cdma_vec_push(&e->steps) = (struct schedule_step){.actor = answer};
	if (choice->ran_out)
		dpor_ran_out(e->dpor);
	if (choice->alone)
		dpor_alone(e->dpor);
	return (uint32_t)__builtin_popcountll(choice->who &
					      (((uint64_t)1 << answer) - 1));
}

static void memory(void *state, bool weak, uint32_t line)
{
	struct explorer *e = state;

	dpor_set_weak(e->dpor, weak);
	dpor_set_line(e->dpor, line);
}

static void acted(void *state, bool opaque)
{
	struct explorer *e = state;

	dpor_acted(e->dpor, opaque);
}

static void depends(void *state, const struct cdma_event *ev)
{
	struct explorer *e = state;

	if (e->looks)
		dpor_waits(e->dpor, e->looker, ev);
	else
		dpor_looks(e->dpor, ev);
}

static void waited(void *state, uint64_t seq, bool goes_on)
{
	struct explorer *e = state;

	if (!e->looks)
		dpor_waited(e->dpor, seq, goes_on);
}

static void waits(void *state, uint32_t actor, uint32_t object)
{
	struct explorer *e = state;
	struct cdma_event ev = {.kind = CDMA_EV_ACQUIRE, .object = object};

	dpor_waits(e->dpor, actor, &ev);
}

static void looks(void *state, uint32_t actor)
{
	struct explorer *e = state;

	e->looks = true;
	e->looker = actor;
}

static void end(void *state)
{
	struct explorer *e = state;

	e->looks = false;
	dpor_close(e->dpor);
}

const struct strategy_ops strategy_explore = {
	.name = "explore",
	.memory = memory,
	.begin = begin,
	.choose = choose,
	.every_step = true,
	.acted = acted,
	.depends = depends,
	.waited = waited,
	.waits = waits,
	.looks = looks,
	.end = end,
};

static void event(void *aux, const struct cdma_event *ev)
{
	struct explorer *e = aux;

	if (e->looks)
		dpor_waits(e->dpor, e->looker, ev);
	else
		dpor_event(e->dpor, ev);
}

struct cdma_observer explorer_observer(struct explorer *e)
{
	return (struct cdma_observer){.event = event, .aux = e};
}

bool explorer_next(struct explorer *e)
{
	if (dpor_end(e->dpor))
		return true;
	if (e->has_unit || !dpor_met(e->dpor) || e->plain)
		return false;
	e->plain = true;
	dpor_restart(e->dpor, true);
	return true;
}

void explorer_unit_begin(struct explorer *e, const struct dpor_unit *unit)
{
	e->has_unit = true;
	dpor_unit_begin(e->dpor, unit);
}

void explorer_unit_end(struct explorer *e, struct dpor_result *out)
{
	dpor_unit_end(e->dpor, out);
	e->has_unit = false;
}

void explorer_schedule(const struct explorer *e, struct schedule *out)
{
	out->steps.nr = 0;
	for (size_t i = 0; i < e->steps.nr; i++)
		*cdma_vec_push(&out->steps) = e->steps.at[i];
}

uint64_t explorer_executions(const struct explorer *e)
{
	return dpor_executions(e->dpor);
}

uint64_t explorer_blocked(const struct explorer *e)
{
	return dpor_blocked(e->dpor);
}
