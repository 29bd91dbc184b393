/* SPDX-License-Identifier: MIT */
#ifndef SCHED_SCHEDULE_H
#define SCHED_SCHEDULE_H

/*
 * Schedule: the answers that name one run.
 *
 * One entry for each step of the threads: who did it, and which way it went
 * where it could go several. Whoever gives these answers again gets the same
 * events, whatever strategy had found them.
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
	uint8_t answers; /* how many of them */
};

struct schedule {
	CDMA_VEC(struct schedule_step) steps;
};

void schedule_fini(struct schedule *schedule);
void schedule_copy(struct schedule *to, const struct schedule *from);

/* The answers of @schedule, once more. */
struct replay {
	const struct schedule *schedule; /* borrowed */
	/* What to do when the program does not fit: NULL, stop. */
	struct strategy *rest; /* borrowed */

	/* Out: */
	bool diverged;
	uint32_t at;    /* the step that did not fit, from 0 */
	uint64_t could; /* who could have run there */
	/* For the strategy alone: */
	uint32_t question; /* of the current step */
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
