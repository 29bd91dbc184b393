/* SPDX-License-Identifier: MIT */
#ifndef SIM_RECORDED_H
#define SIM_RECORDED_H

/*
 * Recorded: a schedule that was written down, the program that it is of, and
 * what its one run shows.
 */

#include "cmd.h"
#include "load.h"
#include "run/campaign.h"
#include "run/replay-source.h"

struct diag;
struct schedule_text;
struct schedule_head;

struct recorded {
	struct settings set; /* with those of the schedule; owns the lists */
	struct diag *diag;
	struct schedule_text *text;
	const struct schedule_head *head; /* of text */
	struct cdma_text path;            /* of the scenario */
	struct loaded loaded;
	const struct program *program; /* of loaded */
	struct schedule schedule;
};

/*
 * Read the schedule of --schedule, or of the first operand, and the scenario
 * that it is of.
 *
 * Returns: STATUS_OK, or another after a message; recorded_close() it in any
 * case.
 */
int recorded_open(struct recorded *recorded, const struct cmd *cmd);

/* @cmd: gets the lists of its settings back. */
void recorded_close(struct recorded *recorded, struct cmd *cmd);

/* Print what diag has; the status that says so. */
int recorded_blame(const struct recorded *recorded);

/* How its runs are made; without a strategy. */
struct machine_options recorded_options(const struct recorded *recorded);

/* What its campaign borrows. */
struct recorded_run {
	struct replay_source replay;
	struct reload reload;
	struct simplify_options again;
	struct campaign_options options;
};

/*
 * Run @schedule, which fits the program, and tell of all that it shows.
 *
 * @run: must live as long as the campaign.
 * Owns: the caller; campaign_free().
 */
struct campaign *recorded_run(struct recorded_run *run,
			      const struct recorded *recorded,
			      const struct schedule *schedule);

/* A schedule to be written down, and what it was made with. */
struct written {
	const struct program *program;
	const struct schedule *schedule;
	const struct machine_options *machine;
	const struct given *given;
	const struct words *includes; /* NULL: none */
	const char *scenario; /* its file, as seen from that of the schedule */
	const char *origin;   /* the command that showed it first, or NULL */
};

/* Add the file of it. */
void recorded_print(struct cdma_text *out, const struct written *written);

#endif /* SIM_RECORDED_H */
