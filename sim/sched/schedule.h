/* SPDX-License-Identifier: MIT */
#ifndef SCHED_SCHEDULE_H
#define SCHED_SCHEDULE_H

/*
 * Schedule: the answers that name one run.
 *
 * One entry for each step of the threads: who did it, and which way it went
 * where it could go several. Whoever gives these answers again gets the same
 * events, whatever strategy had found them.  Setup, which is alone, has an
 *entry in front of them wherever it could go several ways: its actor is the one
 * behind those of the threads.
 *
 * Usage
 * -----
 *	struct replay replay = {.schedule = &schedule};
 *	struct machine_options options = {
 *		.strategy = &strategy_replay, .strategy_state = &replay,
 *	};
 *
 *	machine_run(machine_new(program, &options), 0, 0, &result);
 *	if (replay.diverged) …
 *
 * Any strategy's answers can be recorded: &strategy_record with a struct
 * recorder that names the strategy to ask.
 */

#include "base/vec.h"
#include "sched/strategy.h"

/* Answers of one step to questions other than who, a byte each, the first in
 * the lowest. */
#define SCHEDULE_ANSWERS_MAX 4

struct schedule_step {
	uint32_t actor;  /* number in the program */
	uint32_t way;    /* its other answers */
	uint32_t kinds;  /* what was asked, as enum choice_kind; 0: not known */
	uint8_t answers; /* how many of them */
};

struct schedule {
	CDMA_VEC(struct schedule_step) steps;
};

void schedule_fini(struct schedule *schedule);
void schedule_copy(struct schedule *to, const struct schedule *from);

/* Cut off what is after the first @nr steps. */
void schedule_cut(struct schedule *schedule, size_t nr);

/* Answer number @i of a step and what it answers. */
static inline uint32_t schedule_way(const struct schedule_step *step,
				    uint32_t i)
{
	return step->way >> (8 * i) & 0xff;
}

static inline enum choice_kind schedule_kind(const struct schedule_step *step,
					     uint32_t i)
{
	return (enum choice_kind)(step->kinds >> (8 * i) & 0xff);
}

/* Whether both do the same, and in the same way. */
bool schedule_same_step(const struct schedule_step *a,
			const struct schedule_step *b);

/* How often a step is done by somebody else than the one before it. */
size_t schedule_switches(const struct schedule *schedule);

/* How a program can differ from its schedule. */
enum misfit {
	MISFIT_NONE,
	MISFIT_ACTOR, /* who should do the step cannot */
	MISFIT_WAY,   /* the step was not asked that, or not so many ways */
};

/*
 * The answers of @schedule, once more.
 *
 * A schedule may end before the run: what it does not say, neither who nor
 * which way, is answered as strategy first would, which always takes the first
 * answer.  So a schedule can be cut after the step that matters, and the empty
 * one is that of strategy first.
 */
struct replay {
	const struct schedule *schedule; /* borrowed */
	/* Who answers when the program does not fit: NULL, the run is given
	 * up. */
	struct strategy *rest; /* borrowed */
	/* Leave out the steps that do not fit, instead. */
	bool lenient;

	/* Out: */
	enum misfit misfit; /* the first that was met */
	bool diverged;      /* misfit is not NONE */
	uint32_t at;        /* the step that did not fit, from 0; else how many
			       were done */
	uint64_t could;     /* of ACTOR: who could have done it */
	uint32_t done;      /* steps that were done as the schedule says */

	/* For the strategy alone: */
	uint32_t question; /* of the current step */
	bool in_step;      /* the current step is one of the schedule */
};

extern const struct strategy_ops strategy_replay;

/* Whatever @inner answers, written down. */
struct recorder {
	struct strategy *inner;   /* borrowed */
	struct schedule schedule; /* of the last run; owned */
	bool ended;
};

extern const struct strategy_ops strategy_record;

#endif /* SCHED_SCHEDULE_H */
