/* SPDX-License-Identifier: MIT */
#ifndef SIM_RUNNING_H
#define SIM_RUNNING_H

/*
 * Running: what `cdmasim run' and `explore' have in hand.
 *
 *	cmd-run.c         the command line, the files, the sum of all
 *	running.c         one program: run it, report it, keep it
 *	running-faults.c  the cases of faults of one variant
 *	running-machines.c  one variant on all machines
 */

#include "cmd.h"
#include "faulted.h"
#include "interrupt.h"
#include "load.h"
#include "output.h"
#include "parts.h"
#include "report/report.h"
#include "terminal.h"
#include "timer.h"

struct run {
	const struct settings *set;
	const struct search *search;
	struct parts *parts;
	struct output *output;
	enum report_detail detail; /* of output */
	struct campaign_options campaign;
	struct simplify_options simplify; /* of campaign */
	struct reload reload;             /* of simplify */
	struct report_total *total;       /* of output */
	struct cdma_text settings; /* -D and -I, for the line that replays */
	struct strategy strategy;
	struct progress progress;
	struct interrupt interrupt;
	struct timer timer; /* of all */
	struct timer share; /* of the variant in hand */
	size_t files_left;  /* after the one in hand */
	/* Of the variant in hand. */
	const char *name, *file;
	const struct program *program;
	bool bad_io;
};

/* Whether no more should be begun. */
static inline bool running_has_to_stop(const struct run *run)
{
	return run->bad_io || run->total->interrupted ||
	       run->total->failed_fast;
}

/* Whether this shard has the program that comes next. */
bool running_is_ours(struct run *run);

/* Print @result, now, and free it. */
void running_say(struct run *run, struct report_result *result);

/* For campaign_options. */
enum campaign_cut running_progress(void *aux, uint64_t done);

/*
 * Run @program, report it, and keep what was asked for.
 *
 * @f:       counts it.
 * @faults:  of which case it is; NULL: of none.
 * @struck:  of a case: whether its last fault did.
 */
enum verdict running_program(struct run *run, const struct program *program,
			     struct faulted *f, const char *faults,
			     bool *struck);

/* Run all cases of @f, whose variant is in hand, and say what came of them. */
enum verdict running_cases(struct run *run, struct faulted *f);

/* What @run was about before running_again(). */
struct running_before {
	struct given given;
	struct cdma_text settings, name; /* name: owned, of the run again */
	const char *was_called;
};

/*
 * The variant in hand once more, with what is @given, and called by its name
 * and what @how says, " on sev"; until running_back().
 *
 * Returns: the program, the caller's; NULL: the scenario is wrong, which has
 * been said.
 */
struct program *running_again(struct run *run, struct running_before *before,
			      const char *variant, const struct given *given,
			      const char *how);
void running_back(struct run *run, struct running_before *before);

/* Run the campaign of @program, which is then what is in hand; end it. */
struct campaign *running_begin(struct run *run, const struct program *program,
			       void **state);
void running_end(struct run *run, struct campaign *campaign, void *state);

/* Keep what was asked for of what was found: logs, schedules. */
void running_tell(struct run *run, const struct report_variant *v);

/* Run the variant that is in hand on each machine, and say where it is wrong.
 */
enum verdict running_machines(struct run *run, const struct program *program);

/* The worse of two verdicts on one variant. */
enum verdict running_worse(enum verdict a, enum verdict b);

#endif /* SIM_RUNNING_H */
