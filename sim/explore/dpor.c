/* SPDX-License-Identifier: MIT */
#include "explore/dpor-state.h"

#include "base/macros.h"

#include <string.h>

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
		cdma_vec_free(&dpor->steps.at[i]->plain);
		cdma_vec_free(&dpor->steps.at[i]->closed);
		free(dpor->steps.at[i]);
	}
	cdma_vec_free(&dpor->steps);
	cdma_vec_free(&dpor->waits);
	cdma_vec_free(&dpor->words);
	cdma_vec_free(&dpor->row);
	cdma_vec_free(&dpor->initials);
	wakeup_pool_fini(&dpor->pool);
	free(dpor);
}

void dpor_restart(struct dpor *dpor, bool plain)
{
	CDMA_REQUIRE(!dpor->depth);
	dpor->replay = 0;
	dpor->cast.plain = plain;
}

void dpor_set_weak(struct dpor *dpor, bool weak)
{
	dpor->cast.weak = weak;
}

void dpor_set_line(struct dpor *dpor, uint32_t line)
{
	dpor->cast.line = line;
}

bool dpor_met(const struct dpor *dpor)
{
	return dpor->met;
}

void dpor_begin(struct dpor *dpor)
{
	dpor->depth = 0;
	dpor->clocked = 0;
	dpor->exit_at = 0;
	dpor->stopped = dpor->closed = false;
	dpor->waits.nr = 0;
	cast_begin(&dpor->cast);
	memset(dpor->last, 0, sizeof(dpor->last));
	memset(dpor->done, 0, sizeof(dpor->done));
}

static struct step *point(struct dpor *dpor, uint32_t i)
{
	while (dpor->steps.nr <= i)
		*cdma_vec_push(&dpor->steps) =
			cdma_xcalloc(1, sizeof(struct step));
	return dpor->steps.at[i];
}

bool step_is_asleep(const struct step *step, uint32_t actor)
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
	step->sleep.nr = step->nr_inherited = 0;
	step->tree = NULL;
	if (!before)
		return;
	for (size_t i = 0; i < before->sleep.nr; i++) {
		const struct dpor_sleeper *a = &before->sleep.at[i];

		if (a->actor == before->actor ||
		    footprint_conflict(&a->fp, &before->fp))
			continue;
		*cdma_vec_push(&step->sleep) = *a;
		cdma_vec_last(&step->sleep)->foreign |= before->doubt;
	}
	step->nr_inherited = (uint32_t)step->sleep.nr;
	step->tree = before->below;
	before->below = NULL;
}

/* Take the first branch off the tree; what is below goes to the next point. */
static uint32_t follow(struct dpor *dpor, struct step *step)
{
	struct wakeup *node = step->tree;
	uint32_t actor = node->actor;

	step->any = node->way == DPOR_ANY_WAY;
	step->way = step->any ? 0 : node->way;
	step->forced = true;
	step->tree = node->next;
	step->below = node->child;
	step->raced = node->raced;
	step->doubt = node->doubt;
	step->fp = *node->fp;
	node->child = NULL;
	wakeup_free(&dpor->pool, node);
	return actor;
}

static uint32_t any_awake(const struct step *step)
{
	for (uint64_t who = step->who; who; who &= who - 1) {
		uint32_t actor = (uint32_t)__builtin_ctzll(who);

		if (!step_is_asleep(step, actor))
			return actor;
	}
	return DPOR_STOP;
}

void dpor_drop(struct dpor *dpor, struct wakeup **tree)
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

		if (step->any && step_is_asleep(step, actor))
			continue;
		if (step->who >> actor & 1)
			return actor;
		dpor->blocked++;
		dpor_drop(dpor, &step->below);
	}
	return DPOR_STOP;
}

static uint32_t decide(struct dpor *dpor, struct step *step)
{
	uint32_t actor = take_branch(dpor, step);

	if (actor != DPOR_STOP)
		return actor;
	step->forced = step->doubt = false;
	step->way = 0;
	return any_awake(step);
}

static void begin_step(struct dpor *dpor, struct step *step, uint32_t actor,
		       bool fresh)
{
	step->seq = 0;
	step->actor = actor;
	step->prev = dpor->last[actor];
	step->nth = step->prev ? dpor->steps.at[step->prev - 1]->nth + 1 : 1;
	step->nr_asked = 0;
	step->varies = step->own = step->alone = false;
	if (fresh)
		memset(step->asked, 0, sizeof(step->asked));
	dpor->last[actor] = ++dpor->depth;
	if (dpor->actors <= actor)
		dpor->actors = actor + 1;
}

void dpor_acted(struct dpor *dpor, bool opaque)
{
	struct step *step;

	if (!dpor->depth || dpor->closed)
		return;
	step = dpor->steps.at[dpor->depth - 1];
	if (!step->done && (opaque || !step->fp.heard))
		footprint_everything(&step->fp);
}

/* Whether the next step is one of the unit's way. */
static bool is_on_way(const struct dpor *dpor)
{
	return dpor->unit && dpor->depth < dpor->unit->path.nr;
}

uint32_t dpor_next(struct dpor *dpor, uint64_t who)
{
	struct step *step;
	uint32_t actor;

	dpor_acted(dpor, false);
	step = point(dpor, dpor->depth);

	if (dpor->depth < dpor->replay) {
		CDMA_REQUIRE(step->who == who, "step %u of a replay differs",
			     dpor->depth);
		actor = step->actor;
	} else {
		enter(step,
		      dpor->depth ? dpor->steps.at[dpor->depth - 1] : NULL);
		step->who = who;
		actor = is_on_way(dpor) ? dpor_unit_next(dpor, step)
					: decide(dpor, step);
		if (actor == DPOR_STOP) {
			dpor->asleep = is_on_way(dpor);
			dpor->stopped = true;
			return actor;
		}
	}
	/* The last settled step may go another way than it did before. */
	if (dpor->depth + 1 >= dpor->replay) {
		footprint_clear(&step->fp);
		step->plain.nr = step->closed.nr = 0;
		step->done = false;
	}
	begin_step(dpor, step, actor, dpor->depth >= dpor->replay);
	return actor;
}

void dpor_alone(struct dpor *dpor)
{
	struct step *step = dpor->steps.at[dpor->depth - 1];

	step->alone = true;
	footprint_everything(&step->fp);
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

static uint32_t ask(struct step *step, uint32_t nr)
{
	uint32_t i = step->nr_asked++;

	CDMA_REQUIRE(i < QUESTIONS_MAX && nr <= ANSWERS_MAX);
	/* The only question: skip what has been tried. */
	while (!step->forced && step->asked[i] != nr && i == 0 &&
	       answer(step, 0) + 1 < nr &&
	       way_is_asleep(step, step->actor, step->way))
		step->way = answered(step->way, 0, answer(step, 0) + 1);
	step->asked[i] = nr;
	return answer(step, i);
}

uint32_t dpor_value(struct dpor *dpor, uint32_t nr)
{
	struct step *step;

	if (!dpor->depth || dpor->closed)
		return 0;
	step = dpor->steps.at[dpor->depth - 1];
	step->varies = true;
	return ask(step, nr);
}

uint32_t dpor_own_value(struct dpor *dpor, uint32_t nr)
{
	struct step *step;

	if (!dpor->depth || dpor->closed)
		return 0;
	step = dpor->steps.at[dpor->depth - 1];
	step->own |= !step->nr_asked;
	if (step->forced && !step->nr_asked &&
	    (step->raced || answer(step, 0) >= nr)) {
		step->forced = false;
		step->way = step->asked[0] = 0;
	}
	return ask(step, nr);
}

/*
 * The words that @ev is about, when it is an access.
 *
 * That one way of a step has been tried somewhere says nothing of another way
 * that touches something else, and so depends on other steps.  Halves of a word
 * are the same then.
 */
static struct cdma_event words(const struct cdma_event *ev)
{
	struct cdma_event wide = *ev;

	if (ev->kind != CDMA_EV_READ && ev->kind != CDMA_EV_WRITE)
		return wide;
	wide.offset &= ~(uint64_t)7;
	wide.size = ev->offset + ev->size > wide.offset + 8 ? 16 : 8;
	return wide;
}

void dpor_looks(struct dpor *dpor, const struct cdma_event *ev)
{
	struct cdma_event wide;
	struct step *step;

	if (!dpor->depth || dpor->closed)
		return;
	step = dpor->steps.at[dpor->depth - 1];
	if (step->done)
		return;
	if (step->varies) {
		wide = words(ev);
		ev = &wide;
	}
	footprint_add(&step->fp, ev, &dpor->cast, &step->plain);
}

/* Whether it is not the first who ends in this step.  Who is stopped by
 * somebody else has done his plain accesses by then, or has not. */
static bool is_stopped(struct dpor *dpor, const struct cdma_event *ev)
{
	bool again = dpor->exit_at == dpor->depth;

	if (ev->kind != CDMA_EV_EXIT || !dpor->depth || dpor->closed)
		return false;
	dpor->exit_at = dpor->depth;
	return again;
}

static void note_seq(struct dpor *dpor, uint64_t seq)
{
	struct step *step;

	if (!dpor->depth || dpor->closed)
		return;
	step = dpor->steps.at[dpor->depth - 1];
	if (!step->seq)
		step->seq = seq;
}

uint32_t dpor_step_of(const struct dpor *dpor, uint64_t seq)
{
	for (uint32_t i = dpor->depth; i > 0; i--)
		if (dpor->steps.at[i - 1]->seq &&
		    dpor->steps.at[i - 1]->seq <= seq)
			return i;
	return 0;
}

void dpor_waited(struct dpor *dpor, uint64_t seq, bool goes_on)
{
	struct step *step;
	uint32_t at;

	if (!dpor->depth || dpor->closed)
		return;
	step = dpor->steps.at[dpor->depth - 1];
	at = dpor_step_of(dpor, seq);
	if (step->done || !at-- || at == dpor->depth - 1)
		return;
	/* Of several stores in one step the first counts. */
	if (step->closed.nr && *cdma_vec_last(&step->closed) == at)
		step->closed.nr--;
	if (goes_on)
		*cdma_vec_push(&step->closed) = at;
}

void dpor_event(struct dpor *dpor, const struct cdma_event *ev)
{
	note_seq(dpor, ev->seq);
	if (dpor->cast.weak && !dpor->cast.plain && !dpor->met && dpor->depth &&
	    !dpor->closed)
		dpor_note_word(dpor, ev);
	dpor_looks(dpor, ev);
	if (is_stopped(dpor, ev)) {
		footprint_everything(&dpor->steps.at[dpor->depth - 1]->fp);
		dpor->met |= !dpor->cast.plain;
	}
	cast_note(&dpor->cast, ev);
}

void dpor_ran_out(struct dpor *dpor)
{
	struct step *step = dpor->steps.at[dpor->depth - 1];

	if (!step->done)
		step->fp.ran_out = true;
}

void dpor_close(struct dpor *dpor)
{
	dpor_acted(dpor, false);
	dpor->closed = true;
}

bool step_next_way(struct step *step)
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
	*cdma_vec_push(&step->sleep) = (struct dpor_sleeper){
		.actor = step->actor,
		.way = step->way,
		.nr_ways = step_ways(step),
		.fp = step->fp,
	};
}

/* Whether something is left to try at @step, which is then settled.
 *
 * @shared: others try what else there is at its point. */
static bool advance(struct dpor *dpor, struct step *step, bool shared)
{
	uint32_t actor;

	put_to_sleep(step);
	if (step_next_way(step))
		return true;
	if (shared)
		return false;
	actor = take_branch(dpor, step);
	if (actor != DPOR_STOP)
		step->actor = actor;
	return actor != DPOR_STOP;
}

static bool backtrack(struct dpor *dpor)
{
	uint32_t top = dpor->shared ? dpor->shared - 1 : 0;

	while (dpor->depth > top) {
		struct step *step = dpor->steps.at[dpor->depth - 1];

		dpor_drop(dpor, &step->below);
		if (advance(dpor, step, dpor->depth <= dpor->shared)) {
			dpor->replay = dpor->depth;
			return true;
		}
		dpor->depth--;
	}
	return false;
}

void dpor_waits(struct dpor *dpor, uint32_t actor, const struct cdma_event *ev)
{
	struct dpor_sleeper *wait = NULL;

	for (size_t i = 0; i < dpor->waits.nr; i++)
		if (dpor->waits.at[i].actor == actor)
			wait = &dpor->waits.at[i];
	if (!wait) {
		wait = cdma_vec_push(&dpor->waits);
		wait->actor = actor;
		footprint_clear(&wait->fp);
	}
	footprint_add(&wait->fp, ev, &dpor->cast, NULL);
	/* Whoever waits for a plain access meets it. */
	dpor->met |= !dpor->cast.plain && cdma_event_is_access(ev) &&
		     ev->how == CDMA_PLAIN;
	if (dpor->actors <= actor)
		dpor->actors = actor + 1;
}

bool dpor_end(struct dpor *dpor)
{
	if (dpor->stopped)
		dpor->blocked++;
	else
		dpor->executions++;
	if (dpor->asleep)
		return false;
	dpor_find_races(dpor);
	if (!backtrack(dpor))
		return false;
	dpor_unit_go_on(dpor);
	return true;
}

uint64_t dpor_executions(const struct dpor *dpor)
{
	return dpor->executions;
}

uint64_t dpor_blocked(const struct dpor *dpor)
{
	return dpor->blocked;
}
