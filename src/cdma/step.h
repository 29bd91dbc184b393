/* SPDX-License-Identifier: MIT */
#ifndef CDMA_STEP_H
#define CDMA_STEP_H

/*
 * Step: who lets several actors written in C take turns.
 *
 * The library calls a stepper just before anything that others can tell from
 * its absence: an access, a lock, an interrupt, an allocation, a full barrier.
 * A stepper that runs each actor on a stack of its own goes to another one
 * there, and comes back when this one is to go on.  cdmasim has one, which lets
 * a strategy say who is next (model.h); without any, calls are made as they
 * come.
 *
 * What a call needs is a part of the step: that of a lock can be done when the
 * lock is free.  A stepper does not come back before.
 *
 * Read and write barriers, branches and what is set for the next access are no
 * steps: they stand with the one before them.
 *
 * Threads: step() is called by the thread that is in the world, within the
 * call that is about to be made.
 */

#include <cdma/site.h>
#include <cdma/types.h>

struct cdma_world;

struct cdma_step {
	const struct cdma_site *site; /* where it is made */
	/* Whether it can be done now; NULL: at any time. */
	bool (*ready)(const void *arg);
	const void *arg;
	cdma_object_id object; /* that it waits for; 0: none */
	bool looks;            /* it changes nothing: a read */
};

/* What comes of it. */
enum cdma_stepping {
	CDMA_STEP_DO,   /* make the call */
	CDMA_STEP_POLL, /* the same, in the condition of a wait */
	CDMA_STEP_PEEK, /* only look, without a trace; for one that looks */
};

/* What a peek finds at a place of memory instead of what is there. */
struct cdma_assumed {
	cdma_region_id region;
	uint64_t offset, value;
	size_t size; /* 0: nothing is assumed */
};

struct cdma_stepper {
	/* NULL: nobody steps. */
	enum cdma_stepping (*step)(void *aux, const struct cdma_step *step);
	void *aux;                          /* borrowed */
	const struct cdma_assumed *assumed; /* borrowed; not NULL with step */
};

/* Who is asked from now on; it stays when the world is reset. */
void cdma_world_set_stepper(struct cdma_world *world,
			    struct cdma_stepper stepper);

#endif /* CDMA_STEP_H */
