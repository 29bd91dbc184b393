/* SPDX-License-Identifier: MIT */
#include "explore/bounded.h"

#include "base/macros.h"
#include "base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>

#define NOBODY UINT32_MAX

/* A question of a run, and its answer; of ACTOR, who it is. */
struct point {
	uint64_t who; /* of ACTOR: who could do it */
	enum choice_kind kind;
	uint32_t nr;     /* answers; 0: not asked yet */
	uint32_t before; /* of ACTOR: who did the step before, or NOBODY */
	uint32_t answer;
};

/*
 * A run that waits for its preemptions, in a row of numbers: LENGTH FROM and
 * the answers.  Those in front of FROM are seen to elsewhere.  An answer has
 * CAN_PREEMPT where the actor could have been preempted.
 */
#define CAN_PREEMPT 0x8000
#define HEAD        4 /* two numbers of two halves */

typedef CDMA_VEC(uint16_t) put_off;

struct bounded {
	uint64_t max;   /* preemptions */
	uint64_t round; /* all runs have so many */
	uint64_t left;

	CDMA_VEC(struct point) path; /* of the run */
	size_t depth;                /* questions so far */
	size_t settled;              /* so many are answered as the path says */
	size_t from; /* the run before had the same up to here */
	bool closed; /* the threads have ended */

	/* The first point that may be answered otherwise, and whether that is
	 * one where somebody is preempted. */
	size_t first;
	bool preempts;

	put_off now, later; /* runs of the last round, and of this one */
	size_t run;         /* of now, in hand */
	size_t at;          /* the next of its points */

	struct campaign_source source;
	char bound[40]; /* as an option */
};

static uint64_t bit(uint32_t actor)
{
	return actor == NOBODY ? 0 : (uint64_t)1 << actor;
}

static bool can_preempt(const struct point *p)
{
	return p->kind == CHOICE_ACTOR && p->who & bit(p->before) &&
	       p->who != bit(p->before);
}

/* ---- a run ---- */

static void begin(void *state, uint64_t seed, uint64_t index)
{
	struct bounded *b = state;

	(void)seed;
	(void)index;
	b->depth = 0;
	b->closed = false;
}

/* Whether @p is where the preemption is that the runs now differ in. */
static bool is_preemption(const struct bounded *b, size_t i)
{
	return b->preempts && i == b->first;
}

/* Who of @who comes first, from @least on; NOBODY: nobody. */
static uint32_t first_of(uint64_t who, uint32_t least)
{
	who = least < 64 ? who >> least << least : 0;
	return who ? (uint32_t)__builtin_ctzll(who) : NOBODY;
}

/* Who may do the step: whoever did the last one while it can go on, or, to
 * preempt it, anybody else. */
static uint64_t candidates(const struct bounded *b, size_t i)
{
	const struct point *p = &b->path.at[i];
	uint64_t before = bit(p->before);

	if (is_preemption(b, i))
		return p->who & ~before;
	return p->who & before ? before : p->who;
}

static uint32_t last_actor(const struct bounded *b)
{
	for (size_t i = b->depth; i-- > 0;)
		if (b->path.at[i].kind == CHOICE_ACTOR)
			return b->path.at[i].answer;
	return NOBODY;
}

/* The next point of the run; true: it is answered. */
static bool enter(struct bounded *b, const struct choice *choice)
{
	bool settled = b->depth < b->settled;
	struct point *p;

	if (b->depth == b->path.nr)
		*cdma_vec_push(&b->path) = (struct point){0};
	p = &b->path.at[b->depth];
	CDMA_REQUIRE(!settled || !p->nr ||
			     (p->nr == choice->nr && p->kind == choice->kind),
		     "question %zu of a replay differs", b->depth);
	p->kind = choice->kind;
	p->nr = choice->nr;
	p->who = choice->who;
	return settled;
}

static uint32_t choose_actor(struct bounded *b, const struct choice *choice)
{
	uint32_t before = last_actor(b);
	bool settled = enter(b, choice);
	struct point *p = &b->path.at[b->depth];

	p->before = before;
	if (!settled)
		p->answer = first_of(candidates(b, b->depth), 0);
	b->depth++;
	return (uint32_t)__builtin_popcountll(choice->who &
					      (bit(p->answer) - 1));
}

static uint32_t choose(void *state, const struct choice *choice)
{
	struct bounded *b = state;

	if (choice->kind == CHOICE_ACTOR)
		return choose_actor(b, choice);
	/* What is not done by the threads is nobody's to see. */
	if (!b->depth || b->closed)
		return 0;
	if (!enter(b, choice))
		b->path.at[b->depth].answer = 0;
	return b->path.at[b->depth++].answer;
}

static void end(void *state)
{
	struct bounded *b = state;

	b->closed = true;
}

const struct strategy_ops strategy_bounded = {
	.name = "bounded",
	.begin = begin,
	.choose = choose,
	.every_step = true,
	.end = end,
};

/* ---- runs that wait ---- */

static void push_number(put_off *row, size_t nr)
{
	CDMA_REQUIRE(nr <= UINT32_MAX);
	*cdma_vec_push(row) = (uint16_t)(nr & 0xffff);
	*cdma_vec_push(row) = (uint16_t)(nr >> 16);
}

static size_t number_at(const put_off *row, size_t i)
{
	return row->at[i] | (size_t)row->at[i + 1] << 16;
}

/* Keep the run up to the last of its preemptions, that at @last. */
static void keep(struct bounded *b, size_t last)
{
	push_number(&b->later, last + 1);
	push_number(&b->later, b->from);
	for (size_t i = 0; i <= last; i++) {
		const struct point *p = &b->path.at[i];

		*cdma_vec_push(&b->later) =
			(uint16_t)(p->answer |
				   (can_preempt(p) ? CAN_PREEMPT : 0));
	}
}

/* What could be preempted in the run is for the next round. */
static void put_off_preemptions(struct bounded *b)
{
	size_t last = b->depth;
	uint64_t nr = 0;

	for (size_t i = b->from; i < b->depth; i++) {
		const struct point *p = &b->path.at[i];

		if (!can_preempt(p))
			continue;
		nr += (uint64_t)__builtin_popcountll(p->who) - 1;
		last = i;
	}
	if (!nr)
		return;
	if (b->round == b->max)
		b->left += nr;
	else
		keep(b, last);
}

/* Go the way of the run in hand, and preempt at its point @at. */
static void take_up(struct bounded *b, size_t at)
{
	const uint16_t *answers = &b->now.at[b->run + HEAD];

	while (b->path.nr <= at)
		*cdma_vec_push(&b->path) = (struct point){0};
	for (size_t i = 0; i < at; i++)
		b->path.at[i] = (struct point){
			.answer = answers[i] & (CAN_PREEMPT - 1u),
		};
	b->settled = b->first = at;
	b->preempts = true;
	b->from = at + 1;
}

/* The next preemption of the runs that wait; false: none is left. */
static bool next_preemption(struct bounded *b)
{
	while (b->run < b->now.nr) {
		size_t nr = number_at(&b->now, b->run);
		size_t from = number_at(&b->now, b->run + 2);

		if (b->at < from)
			b->at = from;
		while (b->at < nr &&
		       !(b->now.at[b->run + HEAD + b->at] & CAN_PREEMPT))
			b->at++;
		if (b->at < nr) {
			take_up(b, b->at++);
			return true;
		}
		b->run += HEAD + nr;
		b->at = 0;
	}
	return false;
}

static bool next_round(struct bounded *b)
{
	put_off done = b->now;

	if (!b->later.nr)
		return false;
	b->now = b->later;
	b->later = done;
	b->later.nr = 0;
	b->run = b->at = 0;
	b->round++;
	return next_preemption(b);
}

/* ---- the next run ---- */

/* The next answer to point @i that costs no more; false: there is none. */
static bool next_answer(struct bounded *b, size_t i)
{
	struct point *p = &b->path.at[i];
	uint32_t next = p->answer + 1;

	if (p->kind == CHOICE_ACTOR)
		next = first_of(candidates(b, i), next);
	else if (next == p->nr)
		next = NOBODY;
	if (next == NOBODY)
		return false;
	p->answer = next;
	return true;
}

static bool backtrack(struct bounded *b)
{
	for (size_t i = b->depth; i-- > b->first;) {
		if (!next_answer(b, i))
			continue;
		b->settled = b->from = i + 1;
		return true;
	}
	return false;
}

bool bounded_next(struct bounded *b)
{
	put_off_preemptions(b);
	return backtrack(b) || next_preemption(b) || next_round(b);
}

void bounded_schedule(const struct bounded *b, struct schedule *out)
{
	struct schedule_step *step = NULL;

	out->steps.nr = 0;
	for (size_t i = 0; i < b->depth; i++) {
		const struct point *p = &b->path.at[i];

		if (p->kind == CHOICE_ACTOR) {
			step = cdma_vec_push(&out->steps);
			*step = (struct schedule_step){.actor = p->answer};
			continue;
		}
		CDMA_REQUIRE(step->answers < SCHEDULE_ANSWERS_MAX);
		step->way |= p->answer << (8 * step->answers);
		step->kinds |= (uint32_t)p->kind << (8 * step->answers);
		step->answers++;
	}
}

uint64_t bounded_preemptions(const struct bounded *b)
{
	return b->round;
}

uint64_t bounded_left(const struct bounded *b)
{
	return b->left;
}

/* ---- for a campaign ---- */

static void event(void *aux, const struct cdma_event *ev)
{
	(void)aux;
	(void)ev;
}

static bool next(void *aux)
{
	return bounded_next(aux);
}

static void schedule(void *aux, struct schedule *out)
{
	bounded_schedule(aux, out);
}

static uint64_t left(void *aux)
{
	return bounded_left(aux);
}

static enum campaign_cut cut(void *aux)
{
	return bounded_left(aux) ? CAMPAIGN_PREEMPTIONS : CAMPAIGN_WHOLE;
}

const struct campaign_source *bounded_source(struct bounded *b)
{
	return &b->source;
}

struct bounded *bounded_new(uint64_t preemptions)
{
	struct bounded *b = cdma_xcalloc(1, sizeof(*b));

	b->max = preemptions;
	snprintf(b->bound, sizeof(b->bound), "--preemptions=%llu",
		 (unsigned long long)preemptions);
	b->source = (struct campaign_source){
		.strategy = &strategy_bounded,
		.state = b,
		.observer = {.event = event},
		.next = next,
		.schedule = schedule,
		.cut = cut,
		.left = left,
		.bound = b->bound,
		.aux = b,
	};
	return b;
}

void bounded_free(struct bounded *b)
{
	if (!b)
		return;
	cdma_vec_free(&b->path);
	cdma_vec_free(&b->now);
	cdma_vec_free(&b->later);
	free(b);
}
