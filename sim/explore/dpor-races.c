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
 * The steps between @i and @j that do not come after @i, then @last.
 *
 * @needed: only those of them that come before it; NULL: all.
 */
static size_t row_of(struct dpor *dpor, uint32_t i, uint32_t j,
		     const struct step *last, const uint32_t *needed)
{
	const struct step *first = dpor->steps.at[i];

	dpor->row.nr = 0;
	for (uint32_t k = i + 1; k < j; k++) {
		const struct step *step = dpor->steps.at[k];

		if (!is_before(first, step->clock) &&
		    (!needed || is_before(step, needed)))
			*cdma_vec_push(&dpor->row) = (struct wakeup_step){
				step->actor, step->way, step_ways(step),
				&step->fp};
	}
	*cdma_vec_push(&dpor->row) = (struct wakeup_step){
		last->actor, last->own ? DPOR_ANY_WAY : last->way,
		step_ways(last), &last->fp};
	return dpor->row.nr;
}

static bool begins(const struct dpor *dpor, const struct dpor_sleeper *a,
		   uint32_t way)
{
	struct wakeup_step step = {a->actor, way, a->nr_ways, &a->fp};

	return wakeup_is_initial(dpor->row.at, dpor->row.nr, &step);
}

/* Whether all that begins with the row has been tried from what @a did. */
static bool is_tried(const struct dpor *dpor, const struct step *at,
		     const struct dpor_sleeper *a)
{
	uint32_t ways = 0;

	if (begins(dpor, a, a->way))
		return true;
	if (cdma_vec_last(&dpor->row)->way != DPOR_ANY_WAY)
		return false;
	for (size_t i = 0; i < at->sleep.nr; i++)
		if (at->sleep.at[i].actor == a->actor)
			ways += begins(dpor, &at->sleep.at[i], DPOR_ANY_WAY);
	return ways >= a->nr_ways;
}

/* See that the row is tried from the point before step @i. */
static void try_row(struct dpor *dpor, uint32_t i, size_t nr)
{
	struct step *at = dpor->steps.at[i];

	for (size_t s = 0; s < at->sleep.nr; s++)
		if (is_tried(dpor, at, &at->sleep.at[s]))
			return;
	/* Who else adds rows there is not known. */
	if (i < dpor->shared)
		wakeup_collect(&dpor->pool, &at->tree, dpor->row.at, nr);
	else
		wakeup_insert(&dpor->pool, &at->tree, dpor->row.at, nr);
}

/* Step @i and @step, at @j, race: see that they are also tried the other way
 * round. */
static void reverse(struct dpor *dpor, uint32_t i, uint32_t j,
		    const struct step *step)
{
	try_row(dpor, i, row_of(dpor, i, j, step, NULL));
}

/*
 * The same when @wait is a wait that ended, or never did.
 *
 * An actor that waited already at the point before step @i could go on there,
 * or could not, and that is known.  If it could not, or came later, steps that
 * stay in the row may have let it go on.  @clock: what comes before the wait
 * because of what its actor did before.
 */
static void reverse_wait(struct dpor *dpor, uint32_t i, uint32_t j,
			 const struct step *wait, const uint32_t *clock)
{
	const struct step *first = dpor->steps.at[i];
	bool waited = wait->prev <= i;
	bool could = first->who >> wait->actor & 1;

	if (!waited || could)
		try_row(dpor, i, row_of(dpor, i, j, wait, clock));
	if (waited && could)
		return;
	for (uint32_t k = i + 1; k < j; k++)
		if (!is_before(first, dpor->steps.at[k]->clock) &&
		    !is_before(dpor->steps.at[k], clock) &&
		    footprint_conflict(&dpor->steps.at[k]->fp, &wait->fp)) {
			reverse(dpor, i, j, wait);
			return;
		}
}

/* The order of @first and @second is given. */
static bool is_fixed(const struct step *first, const struct step *second)
{
	uint32_t lock = footprint_acquires(&second->fp);

	/* Nobody else could run when a wait ran out. */
	if (first->fp.ran_out)
		return true;
	/* An unlock lets the next one in: it is the two locks that race. */
	return lock && footprint_releases(&first->fp) == lock;
}

/* The last lock of the same lock by somebody else, unless it comes before for
 * another reason than the unlock that followed it. */
static void lock_race(struct dpor *dpor, const struct step *step, uint32_t j,
		      const uint32_t *clock)
{
	uint32_t lock = footprint_acquires(&step->fp);

	for (uint32_t i = j; lock && i-- > 0;) {
		const struct step *before = dpor->steps.at[i];

		if (footprint_acquires(&before->fp) != lock)
			continue;
		if (before->actor != step->actor && !is_before(before, clock))
			reverse(dpor, i, j, step);
		return;
	}
}

/* @clock: what comes before @step, at @j, because of what its actor did before;
 * all that comes before it when this returns, unless it is a wait. */
static void find_races(struct dpor *dpor, const struct step *step, uint32_t j,
		       uint32_t *clock)
{
	lock_race(dpor, step, j, clock);
	for (uint32_t i = j; i-- > 0;) {
		const struct step *before = dpor->steps.at[i];

		if (before->actor == step->actor || is_before(before, clock) ||
		    !footprint_conflict(&before->fp, &step->fp))
			continue;
		if (is_fixed(before, step)) {
			join(dpor, clock, before);
		} else if (step->fp.poll) {
			/* It may be impossible right before the last store
			 * that it depends on, and possible before them all:
			 * look at each of them. */
			reverse_wait(dpor, i, j, step, clock);
		} else {
			reverse(dpor, i, j, step);
			join(dpor, clock, before);
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

/* The rest of what comes before @step, at @j. */
static void order_step(struct dpor *dpor, struct step *step, uint32_t j)
{
	for (uint32_t i = j; i-- > 0;) {
		const struct step *before = dpor->steps.at[i];

		if (!is_before(before, step->clock) &&
		    footprint_conflict(&before->fp, &step->fp))
			join(dpor, step->clock, before);
	}
}

static void settle(struct dpor *dpor, struct step *step, uint32_t j, bool known)
{
	begin_clock(dpor, step, step->clock);
	if (!known)
		find_races(dpor, step, j, step->clock);
	if (known || step->fp.poll)
		order_step(dpor, step, j);
	step->clock[step->actor] = step->nth;
	step->done = true;
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

void dpor_find_races(struct dpor *dpor, uint32_t settled, uint32_t known)
{
	for (uint32_t j = settled; j < dpor->depth; j++)
		settle(dpor, dpor->steps.at[j], j, j < known);
	for (size_t i = 0; i < dpor->waits.nr; i++)
		find_missed(dpor, &dpor->waits.at[i]);
}
