/* SPDX-License-Identifier: MIT */
#ifndef RUN_SIMPLIFY_H
#define RUN_SIMPLIFY_H

/*
 * Simplify: the same finding in a smaller case of the scenario.
 *
 * Whoever reads a report has to think of each fault that is injected and of
 * each element of the ring.  So when the schedule has been simplified
 * (shrink.h), rules of faults are left out, or made to strike once, as long as
 * the finding stays: the same kind, at the same places of the text, expected
 * or not as before, after no more switches between threads.  Then params are
 * made smaller, too.  They are the reader's own, so the report stays with those
 * that he gave; that smaller ones would do is said below it.
 *
 * A param says how many or how much, or it chooses what the driver does:
 * `rmb = 1'.  What was chosen stays, since a report that hides it would be
 * about another driver; and so would be one that is 0.  So a smaller param has
 * to leave all code as it is, and all places that are passed on the way to the
 * finding have to be passed in the smaller case, too.
 *
 * A finding can have another cause in the smaller case.  So a variant that does
 * not show it, because it is the corrected one, say, may not show it with the
 * same params and faults either; and the run may not show more findings than it
 * did.
 *
 * A smaller case is a program of its own; who calls compiles it.  The finding
 * is looked for in the schedule that showed it, as far as that fits, then in
 * simple ones, then in some at random.  What came of it depends on nothing but
 * the program, the finding and the schedule; it is limited in runs and steps,
 * as shrinking is, and in programs.
 *
 * Threads: all of it belongs to one thread.
 */

#include <cdma/finding.h>

#include "base/arena.h"
#include "base/vec.h"
#include "run/machine.h"
#include "run/shrink.h"
#include "sched/schedule.h"
#include "script/program.h"

#define SIMPLIFY_PROGRAMS 64

/* What is said beside the scenario: -I, -D, --fail and --machine, in the words
 * of the command line. */
struct given {
	const char *const *includes, *const *defines, *const *faults;
	size_t nr_includes, nr_defines, nr_faults;
	const char *machine; /* NULL: as the scenario says */
	struct edit *edits;  /* see script/edit.h; no word of them */
	size_t nr_edits;
};

struct simplify_options {
	/*
	 * Compile a variant of the scenario once more, with what is @given.
	 *
	 * Returns: NULL when it would be wrong; nothing is printed.
	 * Owns: who calls; program_free().
	 */
	struct program *(*compile)(void *aux, const char *variant,
				   const struct given *given);
	void *aux;
	struct given given; /* all borrowed: what the program came from */
	bool expected;      /* simplify also what some expectation names */
};

/* One thing that is smaller. */
struct simplify_change {
	const char *param; /* its name; NULL: this is about a fault */
	const char *from;
	const char *to; /* NULL: the fault is left out */
};

/* A smaller case. */
struct simplified {
	struct program *program;
	struct cdma_finding finding; /* with the sites of program */
	struct given given;          /* what program comes from */
	CDMA_VEC(struct simplify_change) changes;
	struct cdma_arena arena; /* of all texts */
};

/*
 * Look for a smaller case in which @finding shows.
 *
 * @steps:  of all that is tried, SHRINK_STEPS or less.
 * @params: make params smaller, not only leave out faults.
 * @schedule: shows it in @program, as shrinker_run() left it; then that of the
 *            smaller case.
 * @shrunk:   what shrinker_run() said of it; what it says about runs is about
 *            all of them, then.
 *
 * Returns: NULL when there is none.
 * Owns: the caller; simplified_free(), after which @finding is gone.
 */
struct simplified *simplify(const struct program *program,
			    const struct machine_options *machine,
			    const struct simplify_options *options,
			    uint64_t steps, const struct cdma_finding *finding,
			    bool params, struct schedule *schedule,
			    struct shrunk *shrunk);
void simplified_free(struct simplified *simplified);

#endif /* RUN_SIMPLIFY_H */
