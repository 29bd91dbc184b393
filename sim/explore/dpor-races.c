/* SPDX-License-Identifier: MIT */
#include "explore/dpor-state.h"

#include <string.h>

/* Whether step @i comes before what @clock stands for. */
static bool is_before(const struct step *i, const uint32_t *clock)
{
	return clock[i->actor] >= i->nth;
}

static void join(const struct dpor *dpor, uint32_t *clock,
		 const struct step *other)
{
	for (uint32_t a = 0; a < dpor->actors; a++)
		if (clock[a] < other->clock[a])
			clock[a] = other->clock[a];
}

/*
 * The steps before one, from the latest backwards, that may not be before what
 * @clock stands for.  Most often those are few, and all others need not be
 * looked at: the walk ends when no actor has any left.  To know that is not
 * worth it where there are few steps anyway.
 */
struct walk {
	const struct dpor *dpor;
	const uint32_t *clock;          /* it may grow: walk_again() */
	uint32_t i, actor;              /* of the step that it is about */
	bool is_short;                  /* what follows is not kept */
	uint64_t open;                  /* actors that may have some */
	uint32_t left[DPOR_ACTORS_MAX]; /* steps of each that are left */
};

#define WALK_SHORT 48

static inline void walk_again(struct walk *w)
{
	if (w->is_short)
		return;
	w->open = 0;
	for (uint32_t a = 0; a < w->dpor->actors; a++)
		if (a != w->actor && w->left[a] > w->clock[a])
			w->open |= (uint64_t)1 << a;
}

static inline void walk_from(struct walk *w, const struct dpor *dpor,
			     uint32_t j, uint32_t actor, const uint32_t *clock)
{
	w->dpor = dpor;
	w->clock = clock;
	w->i = j;
	w->actor = actor;
	w->is_short = j < WALK_SHORT;
	if (w->is_short)
		return;
	memcpy(w->left, dpor->done, dpor->actors * sizeof(w->left[0]));
	walk_again(w);
}

/* The same where all are looked at. */
static inline const struct step *walk_back_short(struct walk *w)
{
	while (w->i) {
		const struct step *step = w->dpor->steps.at[--w->i];

		if (!is_before(step, w->clock) && step->actor != w->actor)
			return step;
	}
	return NULL;
}

/* The next one; NULL: no more. */
static inline const struct step *walk_back(struct walk *w)
{
	if (w->is_short)
		return walk_back_short(w);
	while (w->i && w->open) {
		const struct step *step = w->dpor->steps.at[--w->i];
		uint32_t a = step->actor;
		bool is_open = w->open >> a & 1;

		w->left[a] = step->nth - 1;
		if (w->left[a] <= w->clock[a])
			w->open &= ~((uint64_t)1 << a);
		if (is_open && !is_before(step, w->clock))
			return step;
	}
	return NULL;
}

/* Step @i races with @last, which shall also come before it. */
struct race {
	uint32_t i;
	const struct step *last;
	uint32_t j; /* where that is; dpor->depth: it was never done */
	/* What comes before it because of what its actor did, when the row is
	 * to bring it about with no more than that; NULL: with all that does
	 * not come after step @i. */
	const uint32_t *needed;
	bool maybe; /* it is a wait, which may have to go on waiting there */
};

static void add_step(struct dpor *dpor, const struct step *step)
{
	*cdma_vec_push(&dpor->row) = (struct wakeup_step){
		.actor = step->actor,
		.way = step->way,
		.nr_ways = step_ways(step),
		.fp = &step->fp,
	};
}

/* Add the steps up to @end that do not come after step @i: those before the
 * last, or those after. */
static void add_steps(struct dpor *dpor, const struct race *race, uint32_t end,
		      bool before)
{
	const struct step *first = dpor->steps.at[race->i];

	for (uint32_t k = race->i + 1; k < end; k++) {
		const struct step *step = dpor->steps.at[k];
		bool needed = !race->needed || is_before(step, race->needed);

		if (k != race->j && needed == before &&
		    !is_before(first, step->clock))
			add_step(dpor, step);
	}
}

static void add_last(struct dpor *dpor, const struct race *race)
{
	struct wakeup_step *last;

	add_step(dpor, race->last);
	last = cdma_vec_last(&dpor->row);
	last->raced = true;
	last->maybe = race->maybe;
	if (race->last->own)
		last->way = DPOR_ANY_WAY;
}

/*
 * The row that reverses @race.
 *
 * @whole: with all of the execution that does not come after step @i.  Else
 *         with what was done up to the race, which may go on in many ways.
 */
static void row_of(struct dpor *dpor, const struct race *race, bool whole)
{
	dpor->row.nr = 0;
	add_steps(dpor, race, whole ? dpor->depth : race->j, true);
	add_last(dpor, race);
	if (whole)
		add_steps(dpor, race, dpor->depth, false);
}

static enum initial begins(const struct dpor *dpor,
			   const struct dpor_sleeper *a, uint32_t way)
{
	struct wakeup_step step = {
		.actor = a->actor,
		.way = way,
		.nr_ways = a->nr_ways,
		.fp = &a->fp,
	};

	return wakeup_initial(dpor->row.at, dpor->row.nr, &step);
}

/* Whether the row may begin with @a's actor going any way that it has there,
 * and each has been tried. */
static bool all_ways_are_tried(const struct dpor *dpor, const struct step *at,
			       const struct dpor_sleeper *a)
{
	const struct wakeup_step *step = dpor->row.at;
	uint32_t ways = 0;

	while (step < cdma_vec_last(&dpor->row) && step->actor != a->actor)
		step++;
	if (step->actor != a->actor || step->way != DPOR_ANY_WAY)
		return false;
	for (size_t i = 0; i < at->sleep.nr; i++)
		ways += at->sleep.at[i].actor == a->actor &&
			begins(dpor, &at->sleep.at[i], DPOR_ANY_WAY);
	return ways >= a->nr_ways;
}

/* Whether what begins with the row has been explored after what was tried at
 * @at. */
static enum initial is_tried(const struct dpor *dpor, const struct step *at)
{
	enum initial most = INITIAL_NO;

	for (size_t s = 0; s < at->sleep.nr && most != INITIAL_YES; s++) {
		const struct dpor_sleeper *a = &at->sleep.at[s];
		enum initial one = begins(dpor, a, a->way);

		if (one == INITIAL_WEAK && a->foreign)
			one = INITIAL_NO;
		if (one == INITIAL_NO && all_ways_are_tried(dpor, at, a))
			one = INITIAL_YES;
		most = one > most ? one : most;
	}
	return most;
}

/* See that the row is explored from @at.  False: not known, as it is not
 * whole. */
static bool try_row(struct dpor *dpor, struct step *at, bool whole)
{
	enum initial tried = is_tried(dpor, at);

	if (tried == INITIAL_YES)
		return true;
	if (tried == INITIAL_WEAK)
		return whole;
	return wakeup_insert(&dpor->pool, &at->tree, dpor->row.at, dpor->row.nr,
			     whole);
}

/*
 * See that @race is also tried the other way round.
 *
 * What was tried at the point may cover the row as far as it goes, and not what
 * it goes on with, when that depends on it.  So such a race is looked at again
 * in each execution that has it.
 */
static void reverse(struct dpor *dpor, const struct race *race)
{
	struct step *at = dpor->steps.at[race->i];

	row_of(dpor, race, false);
	if (race->i < dpor->shared) {
		if (is_tried(dpor, at) != INITIAL_YES &&
		    !wakeup_has_initial(at->tree, dpor->row.at, dpor->row.nr))
			dpor_unit_ask(dpor, race->i);
		return;
	}
	if (try_row(dpor, at, false))
		return;
	if (race->j < dpor->depth)
		dpor->steps.at[race->j]->open = true;
	row_of(dpor, race, true);
	try_row(dpor, at, true);
}

/* Whether @wait would have had to go on waiting right before step @i, whatever
 * else the row may bring: step @i stored all of what it waits for, and so was
 * in order with all others who did. */
static bool is_closed(const struct step *wait, uint32_t i)
{
	for (size_t k = 0; k < wait->closed.nr; k++)
		if (wait->closed.at[k] == i)
			return true;
	return false;
}

/*
 * The same when the last is a wait that ended, or never did.
 *
 * An actor that waited already at the point before step @i could go on there,
 * or could not, and that is known.  If it could not, or came later, steps that
 * stay in the row may have let it go on.  If it could, it may come after those
 * that it depends on all the same, and nobody else asks for that where step @i
 * keeps it from going on.  @clock: what comes before the wait because of what
 * its actor did before.
 */
static void reverse_wait(struct dpor *dpor, uint32_t i, uint32_t j,
			 const struct step *wait, const uint32_t *clock)
{
	const struct step *first = dpor->steps.at[i];
	bool waited = wait->prev <= i;
	bool could = first->who >> wait->actor & 1;

	if (is_closed(wait, i))
		return;
	if (!waited || could)
		reverse(dpor, &(struct race){i, wait, j, clock, !waited});
	for (uint32_t k = i + 1; k < j; k++)
		if (!is_before(first, dpor->steps.at[k]->clock) &&
		    !is_before(dpor->steps.at[k], clock) &&
		    footprint_conflict(&dpor->steps.at[k]->fp, &wait->fp)) {
			reverse(dpor, &(struct race){i, wait, j, NULL, true});
			return;
		}
}

/* The lock that @step takes; 0: none.  What a wait acquires is none: there may
 * have been more than one who could let it go on. */
static uint32_t takes(const struct step *step)
{
	return step->fp.poll ? 0 : footprint_acquires(&step->fp);
}

/* The same, when it had to wait until the lock was free. */
static uint32_t acquires(const struct step *step)
{
	return step->fp.tries ? 0 : takes(step);
}

/* The order of @first and @second is given. */
static bool is_fixed(const struct step *first, const struct step *second)
{
	uint32_t lock = acquires(second);

	/* An unlock lets the next one in: it is the two locks that race. */
	return lock && footprint_releases(&first->fp) == lock;
}

/* The last lock of the same lock by somebody else, unless it comes before for
 * another reason than the unlock that followed it. */
static void lock_race(struct dpor *dpor, const struct step *step, uint32_t j,
		      const uint32_t *clock)
{
	uint32_t lock = acquires(step);

	for (uint32_t i = j; lock && i-- > 0;) {
		const struct step *before = dpor->steps.at[i];

		if (takes(before) != lock)
			continue;
		if (before->actor != step->actor && !is_before(before, clock))
			reverse(dpor, &(struct race){i, step, j, NULL, false});
		return;
	}
}

/* @clock: what comes before @step, at @j, because of what its actor did before;
 * all that comes before it when this returns, unless it is a wait. */
static void find_races(struct dpor *dpor, const struct step *step, uint32_t j,
		       uint32_t *clock)
{
	const struct step *before;
	struct walk w;

	walk_from(&w, dpor, j, step->actor, clock);
	lock_race(dpor, step, j, clock);
	while ((before = walk_back(&w))) {
		uint32_t i = w.i;

		if (before->alone || (before->fp.ran_out && !step->fp.poll)) {
			join(dpor, clock, before);
			walk_again(&w);
			continue;
		}
		if (!footprint_conflict(&before->fp, &step->fp))
			continue;
		if (is_fixed(before, step)) {
			join(dpor, clock, before);
			walk_again(&w);
		} else if (step->fp.poll) {
			/* It may be impossible right before the last store
			 * that it depends on, and possible before them all:
			 * look at each of them. */
			reverse_wait(dpor, i, j, step, clock);
		} else {
			reverse(dpor, &(struct race){i, step, j, NULL, false});
			join(dpor, clock, before);
			walk_again(&w);
		}
	}
}

/* What comes before @step because of what its actor did before. */
static void begin_clock(const struct dpor *dpor, const struct step *step,
			uint32_t *clock)
{
	memset(clock, 0, dpor->actors * sizeof(*clock));
	if (step->prev)
		join(dpor, clock, dpor->steps.at[step->prev - 1]);
}

/* The rest of what comes before @step, at @j.  Nobody else could run when a
 * wait ran out: it is in order with all that was done.  Returns whether there
 * may be a race. */
static bool order_step(struct dpor *dpor, struct step *step, uint32_t j)
{
	const struct step *before;
	bool any = false;
	struct walk w;

	walk_from(&w, dpor, j, step->actor, step->clock);
	while ((before = walk_back(&w))) {
		if (before->alone)
			; /* that cannot be otherwise */
		else if (footprint_conflict(&before->fp, &step->fp))
			any = true;
		else if (!before->fp.ran_out && !step->fp.ran_out)
			continue;
		join(dpor, step->clock, before);
		walk_again(&w);
	}
	return any;
}

/* Find out what comes before @step, at @j. */
static void settle(struct dpor *dpor, struct step *step, uint32_t j)
{
	begin_clock(dpor, step, step->clock);
	step->open =
		order_step(dpor, step, j) || step->fp.poll || acquires(step);
	step->clock[step->actor] = step->nth;
	step->done = true;
}

/* Find the races of @step, at @j. */
static void look(struct dpor *dpor, struct step *step, uint32_t j)
{
	uint32_t clock[DPOR_ACTORS_MAX];

	step->open = false;
	begin_clock(dpor, step, clock);
	find_races(dpor, step, j, clock);
}

/* Somebody who waits for ever might have gone on if his step had come before
 * one that was done. */
static void find_missed(struct dpor *dpor, const struct dpor_sleeper *wait)
{
	uint32_t prev = dpor->last[wait->actor];
	struct step step = {
		.actor = wait->actor,
		.fp = wait->fp,
		.prev = prev,
		.nth = prev ? dpor->steps.at[prev - 1]->nth + 1 : 1,
	};

	step.fp.poll = true;
	begin_clock(dpor, &step, step.clock);
	find_races(dpor, &step, dpor->depth, step.clock);
}

/*
 * Whether a step of somebody else before @step, at @j, that is in no order with
 * it touches what it touches plainly, or the other way round.  A wait might
 * have ended before whatever it comes after now.
 */
static bool meets(const struct dpor *dpor, const struct step *step, uint32_t j)
{
	uint32_t before_wait[DPOR_ACTORS_MAX];
	const uint32_t *clock = step->clock;
	const struct step *before;
	struct walk w;

	if (step->fp.poll) {
		begin_clock(dpor, step, before_wait);
		clock = before_wait;
	}
	walk_from(&w, dpor, j, step->actor, clock);
	while ((before = walk_back(&w)))
		if (!before->alone &&
		    (footprint_meets(&before->fp, &before->plain,
				     &step->plain) ||
		     footprint_meets(&step->fp, NULL, &before->plain)))
			return true;
	return false;
}

void dpor_clock(struct dpor *dpor, uint32_t nr)
{
	uint32_t settled = dpor_settled(dpor);

	for (; dpor->clocked < nr; dpor->clocked++) {
		struct step *step = dpor->steps.at[dpor->clocked];

		if (dpor->clocked >= settled)
			settle(dpor, step, dpor->clocked);
		dpor->done[step->actor] = step->nth;
	}
}

void dpor_find_races(struct dpor *dpor)
{
	/* Others have looked at what the way goes through. */
	uint32_t known = dpor->unit && dpor->unit->path.nr
				 ? (uint32_t)dpor->unit->path.nr - 1
				 : 0;
	uint32_t settled = dpor_settled(dpor);
	bool any_plain = false; /* up to here */

	dpor_clock(dpor, dpor->depth);
	memset(dpor->done, 0, sizeof(dpor->done));
	for (uint32_t j = 0; j < dpor->depth; j++) {
		struct step *step = dpor->steps.at[j];

		any_plain |= step->plain.nr > 0;
		if (any_plain && j >= settled && !dpor->cast.plain &&
		    !dpor->met)
			dpor->met = meets(dpor, step, j);
		if (j >= known && step->open)
			look(dpor, step, j);
		dpor->done[step->actor] = step->nth;
	}
	for (size_t i = 0; i < dpor->waits.nr; i++)
		find_missed(dpor, &dpor->waits.at[i]);
}
