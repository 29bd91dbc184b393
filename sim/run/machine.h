/* SPDX-License-Identifier: MIT */
#ifndef RUN_MACHINE_H
#define RUN_MACHINE_H

/*
 * Machine: runs a program, one schedule at a time.
 *
 * The actors of a program are stepped by one OS thread.  A step is one visible
 * instruction, one that others can tell from its absence, and all the private
 * ones up to the next; before each, the strategy is asked who does it.  Or each
 * actor is a thread, and the host decides; see free.h.
 *
 * Usage
 * -----
 *	struct machine *m = machine_new(program, &options);
 *	struct run_result result;
 *
 *	for (index = 0; index < 200; index++)
 *		machine_run(m, seed, index, &result);
 *	machine_free(m);
 *
 * Between one run and the next the machine can be looked at: its findings, its
 * world, the names of its memory.  The next run forgets all that.
 *
 * Speed: a run asks the host for no memory once one like it has been made.
 *
 * Threads: a machine belongs to one thread; it borrows its program, which
 * nobody changes, so machines can share one.
 */

#include <cdma/event.h>
#include <cdma/finding.h>
#include <cdma/memory.h>
#include <cdma/world.h>

#include "sched/strategy.h"
#include "script/program.h"

/* In the order of --memory: auto is as the program says. */
enum run_memory { MEMORY_AUTO, MEMORY_STRONG, MEMORY_WEAK };

struct machine_options {
	const struct strategy_ops *strategy; /* NULL: mixed */
	void *strategy_state; /* borrowed; NULL: the strategy makes its own */
	uint64_t step_cap;    /* steps of a run; 0: MACHINE_STEP_CAP */
	enum run_memory memory;
	enum cdma_contract contract; /* CALLS: as the program says */
	/* Asked now and then within a run: true ends it.  NULL: never. */
	bool (*stops)(void *aux);
	void *aux;            /* of it; borrowed */
	bool threads;         /* each actor is a thread of the host: free.h */
	bool is_fault_case;   /* for expectations under faults */
	bool keeps_sights;    /* machine_sees() will be asked */
	bool strict_volatile; /* see cdma/order.h */
	bool strict_windows;  /* see cdma/world.h */
	bool strict_plain;    /* see cdma/world.h */
	bool seed_compat;     /* see cdma/world.h */
};

#define MACHINE_STEP_CAP 1000000

enum run_end {
	RUN_DONE,
	RUN_STUCK,    /* somebody waits for what never comes; a finding */
	RUN_BOUNDED,  /* the step cap was hit */
	RUN_GIVEN_UP, /* by the strategy: STRATEGY_STOP */
	RUN_STOPPED,  /* by stops() of the options: it is no run */
	RUN_ERROR,    /* the scenario did what no scenario may */
};

/* What a scenario did that no scenario may, and where. */
struct run_error {
	const struct cdma_site *site;
	const char *message; /* static: "division by zero" */
};

struct run_result {
	enum run_end end;
	int setup; /* what setup returned: 0 or -errno */
	uint64_t steps;
	uint64_t events;
	uint64_t waits;         /* of threads, for the detectors */
	struct run_error error; /* of RUN_ERROR */
};

struct machine;

/* Owns: the caller.  @program: borrowed. */
struct machine *machine_new(const struct program *program,
			    const struct machine_options *options);
void machine_free(struct machine *machine);

/* Show all events of later runs to @observer too, after the rules. */
void machine_observe(struct machine *machine, struct cdma_observer observer);

/* The same, but for what comes before the threads, which may be left out: it is
 * alike in all runs. */
void machine_observe_threads(struct machine *machine,
			     struct cdma_observer observer);

/* Whether later runs note the loops and calls of each event, at a cost. */
void machine_record_frames(struct machine *machine, bool on);

/* Run schedule number @index of @seed. */
void machine_run(struct machine *machine, uint64_t seed, uint64_t index,
		 struct run_result *out);

/* What the last run came to: REACH_* for each instruction; see reach.h. */
const unsigned char *machine_reached(const struct machine *machine);

/* Which sites of calls, as bits, instructions of @program may pass: those that
 * were done, as @reached has them, or, NULL, any. */
uint32_t machine_sites(const struct program *program,
		       const unsigned char *reached);

/* Whether it was made for a case of faults: its options say so. */
bool machine_is_fault_case(const struct machine *machine);

/* What the last run found. */
const struct cdma_findings *machine_findings(const struct machine *machine);

/* The world of the last run; to be looked at only. */
struct cdma_world *machine_world(const struct machine *machine);

/* Steps done so far; for an observer, the number of the current one. */
uint64_t machine_step(const struct machine *machine);

/* Where actor number @actor of the program, or setup behind them all, stands
 * after a run that was given up: at its next step.  NULL: it has ended, or
 * never began. */
const struct cdma_site *machine_place(const struct machine *machine,
				      uint32_t actor);

/*
 * What a read of @size bytes at @offset of @region could see, if @actor made
 * it now: with weak memory and no barrier before it, whatever memory the run
 * has.
 *
 * @size: at most eight, and within eight aligned ones.
 * @out: room for CDMA_SIGHTS_MAX; the first is the newest, and what the memory
 *       held from the start has the number of its ALLOC and value 0.
 *
 * Returns: how many; 0: @actor has not begun in this run.
 */
size_t machine_sees(struct machine *machine, uint32_t actor,
		    cdma_region_id region, uint64_t offset, uint8_t size,
		    struct cdma_sight *out);

/* All names that a region had, oldest first; NULL after the last. */
const char *machine_region_name(const struct machine *machine,
				cdma_region_id region, size_t i);

/* What a region was called at event number @seq, and what it holds; false: it
 * has no name. */
struct region_label {
	const char *name;
	const struct type *type; /* or NULL */
};

bool machine_region_label(const struct machine *machine, cdma_region_id region,
			  uint64_t seq, struct region_label *out);

/* A loop or call that was noted; ctx is that of an event, 0 for none. */
struct frame {
	const struct cdma_site *site;
	const char *name; /* the loop variable; NULL for a call */
	uint64_t index;   /* its value */
	uint32_t parent;  /* ctx of what it is in */
};

const struct frame *machine_frame(const struct machine *machine, uint32_t ctx);

#endif /* RUN_MACHINE_H */
