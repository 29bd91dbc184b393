/* SPDX-License-Identifier: MIT */
#ifndef RUN_REACH_H
#define RUN_REACH_H

/*
 * Reach: what of a program its runs came to, and so what a pass does not say.
 *
 * That nothing was found is worth little when the device never started.  So
 * each run notes, for each instruction, that it was done; for a poll, how it
 * ended; for a section, what it returned.  What no run did is then said, and an
 * `expect nothing' that never came to what it is about is vacuous:
 *
 *	a label that an expectation of some variant names is in the code of this
 *	one, and nobody came to it;
 *	setup always returned an error;
 *	a poll always ran out, and a label of its section was not reached; or
 *	no poll ever held, and an access was not reached.
 *
 * Unless that is meant, as `expect unreached' and `expect setup' say, or a
 * fault that the scenario asks for struck: error paths end early.  Of `expect
 * nothing under faults' it is asked of the runs without and with all faults
 * together.
 */

#include <cdma/site.h>

#include "base/vec.h"
#include "script/program.h"

/* What is noted for an instruction, in a byte of its own.  A branch: its
 * condition held, or not.  POLL_END: the condition held, or it ran out.  TRY:
 * the call has not failed, or has.  END: what was returned is no error, or is.
 */
#define REACH_DONE   (1u << 0)
#define REACH_FINE   (1u << 1)
#define REACH_FAILED (1u << 2)

enum reach_kind {
	REACH_SETUP,  /* setup always returned an error */
	REACH_RETURN, /* a section always returned one */
	REACH_POLL,   /* a poll always ran out */
	REACH_LABEL,  /* nobody came to a label that is named */
	REACH_LINE,   /* nobody came to anything of a line */
};

/* Something that never happened. */
struct reach_note {
	enum reach_kind kind;
	const struct cdma_site *site;          /* where; of the program */
	const struct program_section *section; /* who */
	bool is_reason;                        /* a pass is vacuous for it */
};

/* A line that there is a way to. */
struct reach_line {
	const struct cdma_site *site; /* the first of it */
	bool done;
};

/* A branch that there is a way to; ways: REACH_FINE, REACH_FAILED. */
struct reach_branch {
	const struct cdma_site *site;
	unsigned char ways;
};

struct reach {
	CDMA_VEC(struct reach_note) notes; /* by kind, then as in the text */
	CDMA_VEC(struct reach_line) lines; /* as in the text */
	CDMA_VEC(struct reach_branch) branches; /* in the order of the code */
	bool is_vacuous;
};

/*
 * Say what never happened.
 *
 * @seen:   REACH_* of all runs, for each instruction.
 * @failed: setup returned an error in each of them.
 * @meant:  nothing of it is a reason: a fault struck in one of them.
 */
void reach_init(struct reach *reach, const struct program *program,
		const unsigned char *seen, bool failed, bool meant);
void reach_fini(struct reach *reach);

/* Whether some step with that label is done in one of the runs that @seen is
 * about. */
bool reach_label(const struct program *program, const unsigned char *seen,
		 const char *label);

#endif /* RUN_REACH_H */
