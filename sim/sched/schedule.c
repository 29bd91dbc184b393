/* SPDX-License-Identifier: MIT */
#include "sched/schedule.h"

#include <string.h>

void schedule_fini(struct schedule *schedule)
{
	cdma_vec_free(&schedule->steps);
}

void schedule_copy(struct schedule *to, const struct schedule *from)
{
	to->steps.nr = 0;
	for (size_t i = 0; i < from->steps.nr; i++)
		*cdma_vec_push(&to->steps) = from->steps.at[i];
}

/* Which of those who can run @actor is; -1: none of them. */
static int64_t rank_of(uint64_t who, uint32_t actor)
{
	if (actor >= 64 || !(who >> actor & 1))
		return -1;
	return __builtin_popcountll(who & (((uint64_t)1 << actor) - 1));
}

static uint32_t actor_of(uint64_t who, uint32_t rank)
{
	while (rank--)
		who &= who - 1;
	return (uint32_t)__builtin_ctzll(who);
}

/* ---- replay ---- */

static void replay_begin(void *state, uint64_t seed, uint64_t index)
{
	struct replay *replay = state;

	replay->diverged = false;
	replay->at = 0;
	replay->question = 0;
	replay->could = 0;
	if (replay->rest)
		strategy_begin(replay->rest, seed, index);
}

static uint32_t diverge(struct replay *replay, const struct choice *choice)
{
	if (!replay->diverged)
		replay->could = choice->who;
	replay->diverged = true;
	if (!replay->rest)
		return choice->kind == CHOICE_ACTOR ? STRATEGY_STOP : 0;
	return choice->nr > 1 ? strategy_choose(replay->rest, choice) : 0;
}

static uint32_t replay_choose(void *state, const struct choice *choice)
{
	struct replay *replay = state;
	const struct schedule *schedule = replay->schedule;
	const struct schedule_step *step;
	int64_t rank;

	if (replay->diverged)
		return diverge(replay, choice);
	if (choice->kind != CHOICE_ACTOR) {
		step = &schedule->steps.at[replay->at - 1];
		return step->way >> (8 * replay->question++) & 0xff;
	}
	if (replay->at == schedule->steps.nr)
		return diverge(replay, choice);
	rank = rank_of(choice->who, schedule->steps.at[replay->at].actor);
	if (rank < 0)
		return diverge(replay, choice);
	replay->at++;
	replay->question = 0;
	return (uint32_t)rank;
}

const struct strategy_ops strategy_replay = {
	.name = "replay",
	.begin = replay_begin,
	.choose = replay_choose,
	.every_step = true,
};

/* ---- record ---- */

static void record_begin(void *state, uint64_t seed, uint64_t index)
{
	struct recorder *recorder = state;

	recorder->schedule.steps.nr = 0;
	recorder->ended = false;
	strategy_begin(recorder->inner, seed, index);
}

static void record_way(struct recorder *recorder, uint32_t answer)
{
	struct schedule_step *step = cdma_vec_last(&recorder->schedule.steps);

	if (step->answers < SCHEDULE_ANSWERS_MAX)
		step->way |= answer << (8 * step->answers++);
}

static uint32_t record_choose(void *state, const struct choice *choice)
{
	struct recorder *recorder = state;
	uint32_t answer = 0;

	if (choice->nr > 1 || recorder->inner->ops->every_step)
		answer = strategy_choose(recorder->inner, choice);
	if (answer == STRATEGY_STOP || recorder->ended)
		return answer;
	if (choice->kind != CHOICE_ACTOR) {
		if (recorder->schedule.steps.nr)
			record_way(recorder, answer);
		return answer;
	}
	*cdma_vec_push(&recorder->schedule.steps) =
		(struct schedule_step){.actor = actor_of(choice->who, answer)};
	return answer;
}

static void record_waits(void *state, uint32_t actor, uint32_t object)
{
	struct recorder *recorder = state;

	if (recorder->inner->ops->waits)
		recorder->inner->ops->waits(recorder->inner->state, actor,
					    object);
}

static void record_end(void *state)
{
	struct recorder *recorder = state;

	recorder->ended = true;
	if (recorder->inner->ops->end)
		recorder->inner->ops->end(recorder->inner->state);
}

const struct strategy_ops strategy_record = {
	.name = "record",
	.begin = record_begin,
	.choose = record_choose,
	.every_step = true,
	.waits = record_waits,
	.end = record_end,
};
