/* SPDX-License-Identifier: MIT */
#ifndef EXPLORE_DPOR_STATE_H
#define EXPLORE_DPOR_STATE_H

/*
 * The state behind dpor.h: dpor.c walks through the tree of executions,
 * dpor-races.c finds in an execution what must be tried the other way round.
 */

#include "base/vec.h"
#include "explore/dpor-unit.h"
#include "explore/wakeup.h"

/*
 * The ways that one step goes, one for each question it asks: a byte each, the
 * first lowest.  A step that asks nothing goes way 0.
 */
#define QUESTIONS_MAX 4
#define ANSWERS_MAX   256

/* Bytes of a granule that one access read, or stored. */
struct dpor_word {
	uint64_t granule;
	uint32_t object;
	uint8_t mask;
	bool is_store;
};

/* One step of the current execution, and the point before it. */
struct step {
	uint64_t who;   /* could run at this point */
	uint32_t actor; /* who did */
	uint32_t way;   /* how */
	bool forced;    /* way was given by a wakeup tree */
	bool any;       /* forced, but to no way of its own ones */
	bool own;       /* its ways are those of the point */
	bool varies;    /* what it does depends on an answer */
	bool alone;     /* nobody else was there */
	bool raced;     /* it was tried for a race that it is the end of */
	bool doubt;     /* who sleeps beside it may not be woken by it */
	uint32_t nth;   /* of its actor's steps, from 1 */
	uint32_t prev;  /* its actor's step before, plus 1; 0: none */
	bool done;      /* its clock is known */
	bool open;      /* its races are to be looked at */
	struct footprint fp;
	uint64_t seq;    /* of its first event; 0: it has none */
	touches_t plain; /* that do not count; owned */
	/* Of a wait: steps right before which it is known to go on waiting. */
	CDMA_VEC(uint32_t) closed; /* owned */
	struct wakeup *tree;  /* still to be tried from this point; owned */
	struct wakeup *below; /* handed to the next point; owned */
	CDMA_VEC(struct dpor_sleeper) sleep;
	uint32_t nr_inherited; /* of the sleepers; the others were tried here */
	uint32_t nr_asked;     /* questions, in this execution */
	uint32_t asked[QUESTIONS_MAX];   /* how many answers each has */
	uint32_t clock[DPOR_ACTORS_MAX]; /* steps of each that come before */
};

struct dpor {
	/* All points ever needed; those up to depth are this execution's. */
	CDMA_VEC(struct step *) steps;
	uint32_t depth;  /* steps that have begun */
	uint32_t replay; /* steps whose actor is settled already */
	uint32_t actors; /* one more than the highest seen */
	bool stopped, closed;
	struct cast cast;
	uint32_t exit_at; /* the step in which somebody ended last */
	bool met;         /* plain accesses did, which do not count */
	/* Weak memory: what was accessed in any execution, each once. */
	CDMA_VEC(struct dpor_word) words;
	uint32_t last[DPOR_ACTORS_MAX]; /* latest step of each, plus 1 */
	/* Steps of each before the one whose clock is worked out next, and
	 * later before the one whose races are looked for. */
	uint32_t done[DPOR_ACTORS_MAX];
	uint32_t clocked; /* steps of this execution whose clocks are known */
	CDMA_VEC(struct dpor_sleeper) waits; /* at the end, for ever */
	CDMA_VEC(struct wakeup_step) row;
	struct wakeup_pool pool;
	uint64_t executions, blocked;

	/* A part of the tree: what happens at its points before `shared' is for
	 * others as well. */
	const struct dpor_unit *unit; /* NULL: none; borrowed */
	uint32_t shared;
	bool asleep;     /* the way could not be gone, as a step of it sleeps */
	uint64_t budget; /* when the next point is given away */
	uint64_t executions_before, blocked_before;
	CDMA_VEC(struct dpor_initial) initials; /* that were asked for */
};

/* Weak memory: keep what @ev accesses, and see whether a store is read in part.
 */
void dpor_note_word(struct dpor *dpor, const struct cdma_event *ev);

/* Work out the clocks of the first @nr steps. */
void dpor_clock(struct dpor *dpor, uint32_t nr);

/* The steps that were as they are in the execution before. */
static inline uint32_t dpor_settled(const struct dpor *dpor)
{
	return dpor->replay ? dpor->replay - 1 : 0;
}

/* Find the races of the execution that has ended, and put what reverses them
 * into the trees of the points before them. */
void dpor_find_races(struct dpor *dpor);

/* One more than the number of the step that event @seq is of; 0: none. */
uint32_t dpor_step_of(const struct dpor *dpor, uint64_t seq);

/* In how many ways the step could go. */
static inline uint32_t step_ways(const struct step *step)
{
	uint32_t nr = 1;

	for (uint32_t i = 0; i < step->nr_asked; i++)
		nr *= step->asked[i];
	return nr;
}

/* Settle for the next way of a step that was not forced to one; false: none is
 * left. */
bool step_next_way(struct step *step);

/* Whether all that @actor can do next need not be tried. */
bool step_is_asleep(const struct step *step, uint32_t actor);

/* Free @tree. */
void dpor_drop(struct dpor *dpor, struct wakeup **tree);

/* Who does the next step of the unit's way; DPOR_STOP: he sleeps. */
uint32_t dpor_unit_next(struct dpor *dpor, struct step *step);

/* The row is to be tried from @point, which is shared. */
void dpor_unit_ask(struct dpor *dpor, uint32_t point);

/* There is more to explore: give away what may be too much. */
void dpor_unit_go_on(struct dpor *dpor);

#endif /* EXPLORE_DPOR_STATE_H */
