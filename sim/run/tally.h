/* SPDX-License-Identifier: MIT */
#ifndef RUN_TALLY_H
#define RUN_TALLY_H

/*
 * Tally: what a number of runs of one program showed.
 *
 * Counts, and of each distinct finding the first run that showed it.  Tallies
 * of the parts of some work can be made apart, by other processes too, and
 * merged: what comes of it is that of the whole.
 *
 * Two findings are one when their kind and the places of both parties are the
 * same.
 */

#include <cdma/finding.h>

#include "run/expect.h"
#include "run/machine.h"
#include "sched/schedule.h"
#include "script/program.h"

struct tally_finding {
	struct cdma_finding finding; /* of the run that is kept */
	uint64_t first;              /* number of that run */
	uint64_t seen;               /* in how many runs */
	bool expected;               /* some expectation names it, each time */
	bool has_schedule;
	struct schedule schedule; /* of that run, when it is known */
};

struct tally {
	const struct program *program; /* borrowed */
	uint64_t runs;                 /* that came to an end of their own */
	uint64_t bounded;  /* of them, those that hit the step cap */
	uint64_t given_up; /* not counted in runs */
	uint64_t steps, events;
	uint64_t waits; /* of threads, for the detectors */
	struct expects expects;
	bool *struck;           /* owned; by number of the fault */
	unsigned char *reached; /* owned; REACH_*, by instruction; reach.h */
	uint64_t setup_failed;  /* of the runs, those in which it did */
	uint64_t setup_errno;   /* what it returned in the last of them */
	CDMA_VEC(struct tally_finding) findings; /* as first seen */
	bool has_error;
	struct run_error error; /* of has_error: the scenario is wrong */
	char *message;          /* owned; the error's, if it was copied */

	/* Told of each finding that is new, to write down how it came about,
	 * while the machine still stands there.  NULL: nobody. */
	void (*news)(void *aux, struct tally_finding *finding);
	void *aux; /* borrowed */
};

void tally_init(struct tally *tally, const struct program *program);
void tally_fini(struct tally *tally);

/* Forget all that was counted. */
void tally_reset(struct tally *tally);

/* Count the run number @index that @machine has just done.  False: the
 * scenario is wrong, and no more of it should be run. */
bool tally_count(struct tally *tally, const struct machine *machine,
		 const struct run_result *result, uint64_t index);

/* Copy the message of the error. */
void tally_set_message(struct tally *tally, const char *message);

/* Count all of @other, which is of the same program and comes after. */
void tally_merge(struct tally *tally, const struct tally *other);

#endif /* RUN_TALLY_H */
