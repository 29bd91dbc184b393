/* SPDX-License-Identifier: MIT */
#ifndef RUN_CAMPAIGN_H
#define RUN_CAMPAIGN_H

/*
 * Campaign: one variant under many schedules, and what came of it.
 *
 * Usage
 * -----
 *	struct campaign_options options = {.seed = 1, .schedules = 200};
 *	struct campaign *c = campaign_run(program, &options);
 *
 *	for (size_t i = 0; i < campaign_nr_findings(c); i++)
 *		report(campaign_finding(c, i));
 *	status = campaign_verdict(c);
 *	campaign_free(c);
 *
 * The schedules of seed S are numbered from 0, and (S, number) names one: it
 * gives the same events in any campaign, however long.  They are run without
 * notes.  Then, for each distinct finding, the first schedule that showed it
 * is simplified (shrink.h, simplify.h), run once more, and everything that a
 * report may want is written down: where exactly both parties were, what was
 * read and from whom, the history of the memory.
 *
 * Two findings are one when their kind and the places of both parties are the
 * same.
 *
 * Threads: a campaign belongs to one thread; programs can be shared.
 */

#include <cdma/event.h>
#include <cdma/finding.h>
#include <cdma/region.h>

#include "run/machine.h"
#include "run/reach.h"
#include "run/shrink.h"
#include "run/simplify.h"
#include "run/tally.h"
#include "sched/schedule.h"
#include "script/program.h"

/* Why not all was run that should have been.  X(name, "what stopped it"). */
#define CAMPAIGN_CUTS(X)                                                       \
	X(WHOLE, "nothing")                                                    \
	X(INTERRUPTED, "an interrupt")                                         \
	X(COUNT, "--executions")                                               \
	X(TIME, "--time")                                                      \
	X(PREEMPTIONS, "--preemptions")                                        \
	X(CRASH, "a crash of cdmasim")                                         \
	X(MISSING, "cases that are in no journal")                             \
	X(JOURNAL, "its journal")                                              \
	X(MACHINE, "want of memory")

enum campaign_cut {
#define X(name, text) CAMPAIGN_##name,
	CAMPAIGN_CUTS(X)
#undef X
};

/*
 * Where schedules come from when no seed numbers them: a search that decides
 * by what a run did which one is next.
 */
struct campaign_source {
	const struct strategy_ops *strategy;
	void *state;                   /* of the strategy; borrowed */
	struct cdma_observer observer; /* of all events of its runs */

	/* A run is over.  False: there are no more. */
	bool (*next)(void *aux);
	/* The schedule of that run; before next(). */
	void (*schedule)(void *aux, struct schedule *out);
	/* What it left out, once there are no more.  NULL: nothing. */
	enum campaign_cut (*cut)(void *aux);
	/* Then, how many runs at least; and the option that is to blame, as
	 * on a command line: "--preemptions=2". */
	uint64_t (*left)(void *aux);
	const char *bound; /* NULL: it has none */
	void *aux;         /* borrowed */

	/* Its runs are made by threads of the host, which search nothing: see
	 * run/free.h.  What they show is chance, and so is what they do not. */
	bool threads;
	/* They go on until time is over; that is no cut, then. */
	bool timed;
};

/* Somebody who looks on while the only run of a campaign is made. */
struct campaign_watch {
	/* The machine is about to run, and has run.  False: it had better not,
	 * as it cannot be looked on. */
	bool (*begin)(void *aux, struct machine *machine);
	void (*end)(void *aux);
	void *aux; /* borrowed */
};

struct campaign_options {
	uint64_t seed;
	/* At least 1.  With a source, a bound: reaching it leaves the verdict
	 * inconclusive. */
	uint64_t schedules;
	const struct campaign_source *source; /* borrowed; NULL: the seed */
	/* Only schedule number @first, and those after it: to run one that was
	 * reported, first is its number and schedules is 1. */
	uint64_t first;
	/* Show findings in the schedule that found them, instead of looking
	 * for a simpler one. */
	bool as_is;
	/* How to look for smaller params and fewer faults, and for cures;
	 * borrowed until campaign_free().  NULL: they stay as they are, and
	 * nothing is tried. */
	const struct simplify_options *simplify;
	struct machine_options machine;

	/* Called now and then with the number of schedules that are done, to
	 * say why to stop, or CAMPAIGN_WHOLE.  May be NULL. */
	enum campaign_cut (*progress)(void *aux, uint64_t done);
	/* Does all the runs instead, as others have done them, or let them do;
	 * source, schedules and progress are not looked at.  NULL: the campaign
	 * does them. */
	enum campaign_cut (*work)(void *aux, struct tally *out);
	void *aux; /* of both; borrowed */

	/* Where schedules is 1 and there is neither source nor work; NULL:
	 * nobody does.  Borrowed. */
	const struct campaign_watch *watch;

	bool covers; /* when whole, nothing that can be told apart is left out
		      */

	/* This is some part of the work: whether the variant is as expected
	 * cannot be said. */
	bool is_part;
};

/* How many schedules may hit the step cap before no more are tried: each takes
 * as long as a thousand others, and the verdict is inconclusive already. */
#define CAMPAIGN_BOUNDED_MAX 4

#define CAMPAIGN_SCHEDULES 200 /* when nobody says how many */

enum verdict {
	VERDICT_EXPECTED,
	VERDICT_DIFFERS, /* a finding too many, or an expected one missing */
	VERDICT_INCONCLUSIVE, /* a bound was hit, it was interrupted, or what
				 it is about never happened */
	VERDICT_PART,         /* all that was asked for, see is_part */
	VERDICT_ERROR,        /* the scenario is wrong: see campaign_error() */
};

/* A loop or a call that an event was in. */
struct campaign_frame {
	const struct cdma_site *site; /* the loop or the call */
	const char *name; /* of the loop variable; NULL for a call */
	uint64_t index;   /* of the loop variable */
};

/* One side of a finding. */
struct campaign_party {
	bool present;
	struct cdma_party party;
	const char *actor; /* "poll" */
	enum cdma_actor_kind kind;
	const char *device; /* of an engine, or NULL */
	const char *place;  /* what it touched, as it was called: "rx[0].len";
			       or NULL */
	uint64_t step;      /* when, counted in steps of the run, from 1 */
	size_t nr_frames;   /* innermost first */
	const struct campaign_frame *frames;

	/* Of a read: the last store to any of its bytes that it saw.
	 * saw.seq 0: what the memory held from the start. */
	struct cdma_party saw;
	const char *saw_actor; /* or NULL */
	uint64_t saw_step;
};

/* The memory that a finding is about. */
struct campaign_buffer {
	struct cdma_region_info info; /* at the end of the run */
	const char *const *names;     /* all that it had, oldest first */
	size_t nr_names;
	const char *device; /* or NULL */
};

/* A statement of a cure, and where. */
struct cure_place {
	const char *file; /* as sites have it */
	uint32_t line;
	bool is_after;    /* the line; else before it */
	const char *text; /* "dma_rmb()" */
};

#define CURE_PLACES_MAX 2

/* What cures a finding: see cure.h. */
struct cure {
	bool is_tried;
	const char *text; /* "add dma_rmb() after x.dma:50"; NULL: nothing that
			     was tried does */
	uint64_t schedules; /* at random, in which it was tried */
	bool is_clean;      /* nothing else is found in them either */
	struct cure_place places[CURE_PLACES_MAX];
	size_t nr_places;
};

struct campaign_finding {
	struct cdma_finding finding;
	/* Number of the first schedule that shows it: with a source, in the
	 * order in which it gave them. */
	uint64_t first;
	uint64_t seen; /* in how many schedules */
	bool expected; /* some expectation names it */
	bool is_shrunk;
	/* Its schedule does not show it again, which is a mistake here. */
	bool is_lost;
	struct shrunk shrunk;                /* of is_shrunk */
	const struct program *program;       /* in which it is shown */
	const struct schedule *schedule;     /* of that, in which it is shown */
	const struct simplified *simplified; /* NULL: all faults are needed */
	const struct simplified *smaller;    /* smaller params show it, too;
						NULL: not known */
	struct campaign_party at, against, proof, publish;
	const struct campaign_buffer *buffer; /* NULL: none */
	const char *object; /* name of a sync object it is about, or NULL */
	const char *wire;   /* of the wired interrupt that it relied on */
	const char *common; /* the bytes that both sides touched, where one
			       touched more; or NULL */
	uint64_t common_size;
	const char *const *notes; /* sentences that belong to its kind */
	size_t nr_notes;
	struct cure cure;
};

/* What became of one expectation of the variant. */
struct campaign_expect {
	const struct program_expect *expect;
	bool asked;    /* of these runs: some are of fault cases, or of none */
	bool met;      /* or not asked */
	uint64_t seen; /* in how many schedules there was such a finding */
};

struct campaign;

/*
 * Run @program.
 *
 * @program: borrowed until campaign_free().
 * Owns: the caller; campaign_free().
 */
struct campaign *campaign_run(const struct program *program,
			      const struct campaign_options *options);
void campaign_free(struct campaign *campaign);

enum verdict campaign_verdict(const struct campaign *campaign);

/* What never happened; nothing when that cannot be said. */
const struct reach *campaign_reach(const struct campaign *campaign);

/* Whether nothing is expected and nothing was found, but that says nothing:
 * see reach.h.  The verdict is inconclusive, then. */
bool campaign_is_vacuous(const struct campaign *campaign);

/* All that was counted. */
const struct tally *campaign_tally(const struct campaign *campaign);

/* Why not all was run. */
enum campaign_cut campaign_cut(const struct campaign *campaign);

/* The distinct findings, in the order in which they were first seen. */
size_t campaign_nr_findings(const struct campaign *campaign);
const struct campaign_finding *campaign_finding(const struct campaign *campaign,
						size_t i);

/* The expectations, in the order of the text. */
size_t campaign_nr_expects(const struct campaign *campaign);
const struct campaign_expect *campaign_expect(const struct campaign *campaign,
					      size_t i);

/* Why the verdict is ERROR; NULL when it is not.  Borrowed. */
const struct run_error *campaign_error(const struct campaign *campaign);

#endif /* RUN_CAMPAIGN_H */
