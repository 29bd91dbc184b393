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

void schedule_cut(struct schedule *schedule, size_t nr)
{
	if (nr < schedule->steps.nr)
		schedule->steps.nr = nr;
}

bool schedule_same_step(const struct schedule_step *a,
			const struct schedule_step *b)
{
	return a->actor == b->actor && a->way == b->way;
}

size_t schedule_switches(const struct schedule *schedule)
{
	size_t nr = 0;

	for (size_t i = 1; i < schedule->steps.nr; i++)
		nr += schedule->steps.at[i].actor !=
		      schedule->steps.at[i - 1].actor;
	return nr;
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

	replay->misfit = MISFIT_NONE;
	replay->diverged = false;
	replay->at = 0;
	replay->done = 0;
	replay->question = 0;
	replay->could = 0;
	replay->in_step = false;
	if (replay->rest)
		strategy_begin(replay->rest, seed, index);
}

static void misfit(struct replay *replay, enum misfit misfit, uint64_t could)
{
	replay->misfit = misfit;
	replay->diverged = true;
	replay->could = could;
}

/* The step that was begun cannot go that way. */
static void misfit_way(struct replay *replay)
{
	replay->at--;
	replay->done--;
	misfit(replay, MISFIT_WAY, 0);
}

/* The program and the schedule have parted. */
static uint32_t apart(struct replay *replay, const struct choice *choice)
{
	if (replay->rest)
		return choice->nr > 1 ? strategy_choose(replay->rest, choice)
				      : 0;
	return choice->kind == CHOICE_ACTOR ? STRATEGY_STOP : 0;
}

/* The last step was not asked for all that the schedule says of it. */
static bool was_asked_less(const struct replay *replay)
{
	const struct schedule_step *step =
		&replay->schedule->steps.at[replay->at - 1];

	for (uint32_t i = replay->question; i < step->answers; i++)
		if (schedule_way(step, i))
			return true;
	return false;
}

static void leave_step(struct replay *replay)
{
	if (replay->in_step && !replay->lenient && was_asked_less(replay))
		misfit_way(replay);
	replay->in_step = false;
	replay->question = 0;
}

/* What the schedule does not say of setup goes the first way. */
static bool is_unsaid(const struct replay *replay, const struct choice *choice)
{
	const struct schedule *schedule = replay->schedule;

	return choice->alone &&
	       (replay->at == schedule->steps.nr ||
		rank_of(choice->who, schedule->steps.at[replay->at].actor) < 0);
}

static uint32_t replay_who(struct replay *replay, const struct choice *choice)
{
	const struct schedule *schedule = replay->schedule;
	int64_t rank = -1;

	leave_step(replay);
	if (replay->diverged)
		return apart(replay, choice);
	if (is_unsaid(replay, choice))
		return 0;
	while (rank < 0 && replay->at < schedule->steps.nr) {
		rank = rank_of(choice->who,
			       schedule->steps.at[replay->at].actor);
		if (rank < 0 && !replay->lenient) {
			misfit(replay, MISFIT_ACTOR, choice->who);
			return apart(replay, choice);
		}
		replay->at++;
	}
	replay->in_step = rank >= 0;
	replay->done += replay->in_step;
	return replay->in_step ? (uint32_t)rank : 0;
}

static bool way_fits(const struct schedule_step *step, uint32_t i,
		     const struct choice *choice)
{
	enum choice_kind kind = schedule_kind(step, i);

	return schedule_way(step, i) < choice->nr &&
	       (kind == choice->kind || kind == CHOICE_ACTOR);
}

static uint32_t replay_way(struct replay *replay, const struct choice *choice)
{
	const struct schedule_step *step;
	uint32_t i = replay->question++;

	if (!replay->in_step)
		return 0;
	step = &replay->schedule->steps.at[replay->at - 1];
	if (i >= step->answers)
		return 0;
	if (way_fits(step, i, choice))
		return schedule_way(step, i);
	if (!replay->lenient)
		misfit_way(replay);
	return 0;
}

static uint32_t replay_choose(void *state, const struct choice *choice)
{
	struct replay *replay = state;

	if (replay->diverged)
		return apart(replay, choice);
	return choice->kind == CHOICE_ACTOR ? replay_who(replay, choice)
					    : replay_way(replay, choice);
}

/* What comes after the threads is no part of their last step. */
static void replay_end(void *state)
{
	struct replay *replay = state;

	if (!replay->diverged)
		leave_step(replay);
	if (replay->rest && replay->rest->ops->end)
		replay->rest->ops->end(replay->rest->state);
}

const struct strategy_ops strategy_replay = {
	.name = "replay",
	.begin = replay_begin,
	.choose = replay_choose,
	.every_step = true,
	.end = replay_end,
};

/* ---- record ---- */

static void record_begin(void *state, uint64_t seed, uint64_t index)
{
	struct recorder *recorder = state;

	recorder->schedule.steps.nr = 0;
	recorder->ended = false;
	strategy_begin(recorder->inner, seed, index);
}

static void record_way(struct recorder *recorder, enum choice_kind kind,
		       uint32_t answer)
{
	struct schedule_step *step = cdma_vec_last(&recorder->schedule.steps);

	if (step->answers == SCHEDULE_ANSWERS_MAX)
		return;
	step->way |= answer << (8 * step->answers);
	step->kinds |= (uint32_t)kind << (8 * step->answers++);
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
			record_way(recorder, choice->kind, answer);
		return answer;
	}
	*cdma_vec_push(&recorder->schedule.steps) =
		(struct schedule_step){.actor = actor_of(choice->who, answer)};
	return answer;
}

static void record_measured(void *state, uint32_t actors, uint32_t steps)
{
	struct recorder *recorder = state;

	if (recorder->inner->ops->measured)
		recorder->inner->ops->measured(recorder->inner->state, actors,
					       steps);
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
	.measured = record_measured,
	.begin = record_begin,
	.choose = record_choose,
	.every_step = true,
	.waits = record_waits,
	.end = record_end,
};
