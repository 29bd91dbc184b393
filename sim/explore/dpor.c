/* SPDX-License-Identifier: MIT */
#include "explore/dpor.h"

#include "base/macros.h"
#include "base/vec.h"
#include "explore/wakeup.h"

#include <string.h>

/*
 * The ways that one step goes, one for each question it asks: a byte each, the
 * first lowest.  A step that asks nothing goes way 0.
 */
#define QUESTIONS_MAX 4
#define ANSWERS_MAX   256

/* The next step of an actor, in the way that need not be tried here again. */
struct asleep {
	uint32_t actor, way;
	uint32_t nr_ways; /* in which the step can go */
	struct footprint fp;
};

/* One step of the current execution, and the point before it. */
struct step {
	uint64_t who;   /* could run at this point */
	uint32_t actor; /* who did */
	uint32_t way;   /* how */
	bool forced;    /* way was given by a wakeup tree */
	uint32_t nth;   /* of its actor's steps, from 1 */
	uint32_t prev;  /* its actor's step before, plus 1; 0: none */
	bool done;      /* its clock is known */
	struct footprint fp;
	struct wakeup *tree;  /* still to be tried from this point; owned */
	struct wakeup *below; /* handed to the next point; owned */
	CDMA_VEC(struct asleep) sleep;
	uint32_t nr_asked;               /* questions, in this execution */
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
	bool plain;                     /* plain accesses count */
	uint32_t last[DPOR_ACTORS_MAX]; /* latest step of each, plus 1 */
	CDMA_VEC(struct asleep) waits;  /* at the end, for ever */
	CDMA_VEC(struct wakeup_step) row;
	struct wakeup_pool pool;
	uint64_t executions, blocked;
};

struct dpor *dpor_new(void)
{
	return cdma_xcalloc(1, sizeof(struct dpor));
}

void dpor_free(struct dpor *dpor)
{
	if (!dpor)
		return;
	for (size_t i = 0; i < dpor->steps.nr; i++) {
		cdma_vec_free(&dpor->steps.at[i]->sleep);
		free(dpor->steps.at[i]);
	}
	cdma_vec_free(&dpor->steps);
	cdma_vec_free(&dpor->waits);
	cdma_vec_free(&dpor->row);
	wakeup_pool_fini(&dpor->pool);
	free(dpor);
}

void dpor_restart(struct dpor *dpor, bool plain)
{
	CDMA_REQUIRE(!dpor->depth);
	dpor->replay = 0;
	dpor->plain = plain;
}

void dpor_begin(struct dpor *dpor)
{
	dpor->depth = 0;
	dpor->stopped = dpor->closed = false;
	dpor->waits.nr = 0;
	memset(dpor->last, 0, sizeof(dpor->last));
}

static struct step *point(struct dpor *dpor, uint32_t i)
{
	while (dpor->steps.nr <= i)
		*cdma_vec_push(&dpor->steps) =
			cdma_xcalloc(1, sizeof(struct step));
	return dpor->steps.at[i];
}

/* Whether all that @actor can do next need not be tried. */
static bool is_asleep(const struct step *step, uint32_t actor)
{
	uint32_t ways = 0, nr_ways = 1;

	for (size_t i = 0; i < step->sleep.nr; i++) {
		if (step->sleep.at[i].actor != actor)
			continue;
		ways++;
		nr_ways = step->sleep.at[i].nr_ways;
	}
	return ways >= nr_ways;
}

/* Whether it need not be tried that @actor goes @way. */
static bool way_is_asleep(const struct step *step, uint32_t actor, uint32_t way)
{
	for (size_t i = 0; i < step->sleep.nr; i++)
		if (step->sleep.at[i].actor == actor &&
		    step->sleep.at[i].way == way)
			return true;
	return false;
}

/* A new point: who sleeps there, and what must be tried. */
static void enter(struct step *step, struct step *before)
{
	step->sleep.nr = 0;
	step->tree = NULL;
	if (!before)
		return;
	for (size_t i = 0; i < before->sleep.nr; i++) {
		const struct asleep *a = &before->sleep.at[i];

		if (a->actor != before->actor &&
		    !footprint_conflict(&a->fp, &before->fp))
			*cdma_vec_push(&step->sleep) = *a;
	}
	step->tree = before->below;
	before->below = NULL;
}

/* Take the first branch off the tree; what is below goes to the next point. */
static uint32_t follow(struct dpor *dpor, struct step *step)
{
	struct wakeup *node = step->tree;
	uint32_t actor = node->actor;

	step->way = node->way;
	step->forced = true;
	step->tree = node->next;
	step->below = node->child;
	node->child = NULL;
	wakeup_free(&dpor->pool, node);
	return actor;
}

static uint32_t any_awake(const struct step *step)
{
	for (uint64_t who = step->who; who; who &= who - 1) {
		uint32_t actor = (uint32_t)__builtin_ctzll(who);

		if (!is_asleep(step, actor))
			return actor;
	}
	return DPOR_STOP;
}

static void drop(struct dpor *dpor, struct wakeup **tree)
{
	while (*tree) {
		struct wakeup *node = *tree;

		*tree = node->next;
		wakeup_free(&dpor->pool, node);
	}
}

/* The first branch that can be taken; one whose actor waits cannot. */
static uint32_t take_branch(struct dpor *dpor, struct step *step)
{
	while (step->tree) {
		uint32_t actor = follow(dpor, step);

		if (step->who >> actor & 1)
			return actor;
		dpor->blocked++;
		drop(dpor, &step->below);
	}
	return DPOR_STOP;
}

static uint32_t decide(struct dpor *dpor, struct step *step)
{
	uint32_t actor = take_branch(dpor, step);

	if (actor != DPOR_STOP)
		return actor;
	step->forced = false;
	step->way = 0;
	return any_awake(step);
}

static void begin_step(struct dpor *dpor, struct step *step, uint32_t actor,
		       bool fresh)
{
	step->actor = actor;
	step->prev = dpor->last[actor];
	step->nth = step->prev ? dpor->steps.at[step->prev - 1]->nth + 1 : 1;
	step->nr_asked = 0;
	if (fresh)
		memset(step->asked, 0, sizeof(step->asked));
	dpor->last[actor] = ++dpor->depth;
	if (dpor->actors <= actor)
		dpor->actors = actor + 1;
}

/* A step that said nothing of what it did may have done anything. */
static void end_step(struct dpor *dpor)
{
	struct step *step;

	if (!dpor->depth)
		return;
	step = dpor->steps.at[dpor->depth - 1];
	if (!step->done && !step->fp.heard)
		footprint_everything(&step->fp);
}

uint32_t dpor_next(struct dpor *dpor, uint64_t who)
{
	struct step *step;
	uint32_t actor;

	end_step(dpor);
	step = point(dpor, dpor->depth);

	if (dpor->depth < dpor->replay) {
		CDMA_REQUIRE(step->who == who, "step %u of a replay differs",
			     dpor->depth);
		actor = step->actor;
	} else {
		enter(step,
		      dpor->depth ? dpor->steps.at[dpor->depth - 1] : NULL);
		step->who = who;
		actor = decide(dpor, step);
		if (actor == DPOR_STOP) {
			dpor->stopped = true;
			return actor;
		}
	}
	/* The last settled step may go another way than it did before. */
	if (dpor->depth + 1 >= dpor->replay) {
		footprint_clear(&step->fp);
		step->done = false;
	}
	begin_step(dpor, step, actor, dpor->depth >= dpor->replay);
	return actor;
}

static uint32_t answer(const struct step *step, uint32_t question)
{
	return step->way >> (8 * question) & (ANSWERS_MAX - 1);
}

static uint32_t answered(uint32_t way, uint32_t question, uint32_t answer)
{
	return (way & ~((ANSWERS_MAX - 1u) << (8 * question))) |
	       answer << (8 * question);
}

uint32_t dpor_value(struct dpor *dpor, uint32_t nr)
{
	struct step *step;
	uint32_t i;

	if (!dpor->depth || dpor->closed)
		return 0;
	step = dpor->steps.at[dpor->depth - 1];
	i = step->nr_asked++;
	CDMA_REQUIRE(i < QUESTIONS_MAX && nr <= ANSWERS_MAX);
	/* The only question: skip what has been tried. */
	while (!step->forced && step->asked[i] != nr && i == 0 &&
	       answer(step, 0) + 1 < nr &&
	       way_is_asleep(step, step->actor, step->way))
		step->way = answered(step->way, 0, answer(step, 0) + 1);
	step->asked[i] = nr;
	return answer(step, i);
}

void dpor_event(struct dpor *dpor, const struct cdma_event *ev)
{
	struct step *step;

	if (!dpor->depth || dpor->closed)
		return;
	step = dpor->steps.at[dpor->depth - 1];
	if (!step->done)
		footprint_add(&step->fp, ev, dpor->plain);
}

void dpor_ran_out(struct dpor *dpor)
{
	struct step *step = dpor->steps.at[dpor->depth - 1];

	if (!step->done)
		step->fp.ran_out = true;
}

void dpor_close(struct dpor *dpor)
{
	end_step(dpor);
	dpor->closed = true;
}

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
				step->actor, step->way, &step->fp};
	}
	*cdma_vec_push(&dpor->row) =
		(struct wakeup_step){last->actor, last->way, &last->fp};
	return dpor->row.nr;
}

/* See that the row is tried from the point before step @i. */
static void try_row(struct dpor *dpor, uint32_t i, size_t nr)
{
	struct step *at = dpor->steps.at[i];

	for (size_t s = 0; s < at->sleep.nr; s++) {
		const struct asleep *a = &at->sleep.at[s];
		struct wakeup_step other = {a->actor, a->way, &a->fp};

		if (wakeup_is_initial(dpor->row.at, nr, &other))
			return;
	}
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

/* What comes before @step, at @j. */
static void order_step(struct dpor *dpor, struct step *step, uint32_t j)
{
	memset(step->clock, 0, dpor->actors * sizeof(step->clock[0]));
	if (step->prev)
		join(dpor, step->clock, dpor->steps.at[step->prev - 1]);
	for (uint32_t i = j; i-- > 0;) {
		const struct step *before = dpor->steps.at[i];

		if (!is_before(before, step->clock) &&
		    footprint_conflict(&before->fp, &step->fp))
			join(dpor, step->clock, before);
	}
	step->clock[step->actor] = step->nth;
	step->done = true;
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

static void find_races(struct dpor *dpor, const struct step *step, uint32_t j)
{
	uint32_t clock[DPOR_ACTORS_MAX] = {0};

	if (step->prev)
		join(dpor, clock, dpor->steps.at[step->prev - 1]);
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

/* The next way for a step that was not forced to one; false: none is left. */
static bool next_way(struct step *step)
{
	for (uint32_t i = step->nr_asked; !step->forced && i-- > 0;) {
		uint32_t next = answer(step, i) + 1;

		if (next < step->asked[i]) {
			step->way = answered(step->way, i, next);
			if (step->nr_asked > 1 ||
			    !way_is_asleep(step, step->actor, step->way))
				return true;
			i++;
			continue;
		}
		step->way = answered(step->way, i, 0);
	}
	return false;
}

static void put_to_sleep(struct step *step)
{
	uint32_t nr_ways = 1;

	for (uint32_t i = 0; i < step->nr_asked; i++)
		nr_ways *= step->asked[i];
	*cdma_vec_push(&step->sleep) = (struct asleep){
		.actor = step->actor,
		.way = step->way,
		.nr_ways = nr_ways,
		.fp = step->fp,
	};
}

/* Whether something is left to try at @step, which is then settled. */
static bool advance(struct dpor *dpor, struct step *step)
{
	uint32_t actor;

	put_to_sleep(step);
	if (next_way(step))
		return true;
	actor = take_branch(dpor, step);
	if (actor != DPOR_STOP)
		step->actor = actor;
	return actor != DPOR_STOP;
}

static bool backtrack(struct dpor *dpor)
{
	while (dpor->depth) {
		struct step *step = dpor->steps.at[dpor->depth - 1];

		drop(dpor, &step->below);
		if (advance(dpor, step)) {
			dpor->replay = dpor->depth;
			return true;
		}
		dpor->depth--;
	}
	return false;
}

void dpor_waits(struct dpor *dpor, uint32_t actor, const struct cdma_event *ev)
{
	struct asleep *wait = NULL;

	for (size_t i = 0; i < dpor->waits.nr; i++)
		if (dpor->waits.at[i].actor == actor)
			wait = &dpor->waits.at[i];
	if (!wait) {
		wait = cdma_vec_push(&dpor->waits);
		wait->actor = actor;
		footprint_clear(&wait->fp);
	}
	footprint_add(&wait->fp, ev, dpor->plain);
	if (dpor->actors <= actor)
		dpor->actors = actor + 1;
}

/* Somebody who waits for ever might have gone on if his step had come before
 * one that was done. */
static void find_missed(struct dpor *dpor, const struct asleep *wait)
{
	uint32_t prev = dpor->last[wait->actor];
	struct step step = {
		.actor = wait->actor,
		.fp = wait->fp,
		.prev = prev,
		.nth = prev ? dpor->steps.at[prev - 1]->nth + 1 : 1,
	};

	step.fp.poll = true;
	find_races(dpor, &step, dpor->depth);
}

bool dpor_end(struct dpor *dpor)
{
	uint32_t first = dpor->replay ? dpor->replay - 1 : 0;

	/* Clocks first: a row is made of all steps. */
	for (uint32_t j = first; j < dpor->depth; j++)
		order_step(dpor, dpor->steps.at[j], j);
	for (uint32_t j = first; j < dpor->depth; j++)
		find_races(dpor, dpor->steps.at[j], j);
	for (size_t i = 0; i < dpor->waits.nr; i++)
		find_missed(dpor, &dpor->waits.at[i]);
	if (dpor->stopped)
		dpor->blocked++;
	else
		dpor->executions++;
	return backtrack(dpor);
}

uint32_t dpor_depth(const struct dpor *dpor)
{
	return dpor->depth;
}

void dpor_step(const struct dpor *dpor, uint32_t i, uint32_t *actor,
	       uint32_t *way, uint32_t *questions)
{
	const struct step *step = dpor->steps.at[i];

	*actor = step->actor;
	*way = step->way;
	*questions = step->nr_asked;
}

uint64_t dpor_executions(const struct dpor *dpor)
{
	return dpor->executions;
}

uint64_t dpor_blocked(const struct dpor *dpor)
{
	return dpor->blocked;
}
