/* SPDX-License-Identifier: MIT */
#ifndef SCHED_STRATEGY_H
#define SCHED_STRATEGY_H

/*
 * Strategy: decides whatever a run leaves open.
 *
 * A run is a program and the answers to a row of questions: who is next, which
 * half of a store arrives first.  All of them are asked through the one
 * function choose(), so that the answers name the run: whoever gives the same
 * answers gets the same events.
 *
 * Usage
 * -----
 *	struct strategy s = strategy_new(strategy_find("random"), NULL);
 *
 *	strategy_begin(&s, seed, index);
 *	pick = strategy_choose(&s, &(struct choice){.nr = nr, .who = who});
 *	strategy_free(&s);
 *
 * Adding one: a file with a const instance of the ops, and a line in
 * STRATEGIES.
 */

#include <stdbool.h>
#include <stdint.h>

struct cdma_event;
struct cdma_sight;
struct cdma_text;

/* What a question is about: X(name, "word of it in a schedule").
 * ACTOR: which actor does the next step.
 * SPLIT: which half of a split store arrives first.
 * READ: which store a read of weak memory sees; 0: the newest.
 * FAULT: whether something is at fault here; 0: no. */
#define CHOICES(X)                                                             \
	X(ACTOR, "actor")                                                      \
	X(SPLIT, "split")                                                      \
	X(READ, "rf")                                                          \
	X(FAULT, "fault")

enum choice_kind {
#define X(name, word) CHOICE_##name,
	CHOICES(X)
#undef X
		CHOICE_NR,
};

const char *choice_name(enum choice_kind kind);

struct choice {
	enum choice_kind kind;
	uint32_t nr; /* answers, numbered from 0; at least 2, see every_step */
	/* Of ACTOR: nobody can run, and the wait of this one runs out. */
	bool ran_out;
	/* Of ACTOR: bit i is set when actor i of the program can run.  Answer
	 * n is the n-th of them, counted from the lowest. */
	uint64_t who;
	/* Of READ, or NULL: the read, and by answer what it sees. */
	const struct cdma_event *read;
	const struct cdma_sight *sights;
	/* Of ACTOR: it is setup, before there is anybody else. */
	bool alone;
	/* Of two answers: how likely the other one is, in percent; 0: as likely
	 * as the first. */
	uint32_t percent;
};

struct strategy_ops {
	/* What --strategy calls it. */
	const char *name;

	/* Make its state.  NULL when there is none to keep. */
	void *(*state_new)(void);
	void (*state_free)(void *state);

	/* Read what follows "name:" in --strategy.  NULL: nothing may.
	 * Errors: -EINVAL  @err says why. */
	int (*parse)(void *state, const char *arg, struct cdma_text *err);

	/* Before the first run of a program: it has @actors, and its runs have
	 * up to @steps, as far as a few of them show.  Both depend on nothing
	 * but the program.  May be NULL. */
	void (*measured)(void *state, uint32_t actors, uint32_t steps);

	/* Before any run: whether reads may be late; and how many bytes have a
	 * line of the cache in common, where that matters, else 0.  May be
	 * NULL. */
	void (*memory)(void *state, bool weak, uint32_t line);

	/* Start run number @index of @seed.  Depends on nothing else, so that
	 * the two name a run.  May be NULL. */
	void (*begin)(void *state, uint64_t seed, uint64_t index);

	/* Answer @choice: 0 to choice->nr - 1; or STRATEGY_STOP to
	 * CHOICE_ACTOR: what this run leads to is not wanted. */
	uint32_t (*choose)(void *state, const struct choice *choice);

	/* Ask CHOICE_ACTOR before every step, even when one answer is left. */
	bool every_step;

	/* What the current step is about is done; what comes now up to the next
	 * choice is private to its actor.  @opaque: it depends on what no event
	 * tells, or changes it; may be called again for what is private.  May
	 * be NULL. */
	void (*acted)(void *state, bool opaque);

	/* The current step, or the wait that looks() is about, depends on what
	 * @ev would touch, which it did not do.  May be NULL. */
	void (*depends)(void *state, const struct cdma_event *ev);

	/* The current step is a wait for one word, and @seq a store to all of
	 * that: whether it is known that right before that it would have gone
	 * on waiting.  From the newest to the oldest.  May be NULL. */
	void (*waited)(void *state, uint64_t seq, bool goes_on);

	/* No thread can do another step, or the run is given up; @actor, when
	 * it is called for any, waits for what is released to @object.  May be
	 * NULL. */
	void (*waits)(void *state, uint32_t actor, uint32_t object);

	/* The run is given up: the events that come now are what @actor's poll
	 * looks at, which cannot go on.  May be NULL. */
	void (*looks)(void *state, uint32_t actor);

	/* After that: the threads have ended.  Whatever else happens in the
	 * run is not up to a strategy.  May be NULL. */
	void (*end)(void *state);
};

#define STRATEGY_STOP UINT32_MAX

/* The first is what --strategy is when nobody says. */
#define STRATEGIES(X)                                                          \
	X(strategy_mixed)                                                      \
	X(strategy_random)                                                     \
	X(strategy_pct)                                                        \
	X(strategy_first)

#define X(ops) extern const struct strategy_ops ops;
STRATEGIES(X)
#undef X

struct strategy {
	const struct strategy_ops *ops;
	void *state; /* owned, unless borrowed */
	bool borrowed;
};

/* The strategy called @name, or NULL. */
const struct strategy_ops *strategy_find(const char *name);

/* @state: borrowed, to be used instead of one that @ops makes; or NULL.
 * Owns: the caller; strategy_free(). */
struct strategy strategy_new(const struct strategy_ops *ops, void *state);
void strategy_free(struct strategy *strategy);

/*
 * The strategy that --strategy=@word names: "random", "pct:3".
 *
 * @err: what is wrong is added here, without a line end.
 *
 * Errors: -EINVAL  @err says why; there is nothing to free.
 * Owns: the caller; strategy_free().
 */
int strategy_parse(const char *word, struct strategy *out,
		   struct cdma_text *err);

/* An answer by chance, of one draw from @rng; not to ACTOR. */
struct cdma_rng;
uint32_t strategy_draw(struct cdma_rng *rng, const struct choice *choice);

static inline void strategy_begin(struct strategy *strategy, uint64_t seed,
				  uint64_t index)
{
	if (strategy->ops->begin)
		strategy->ops->begin(strategy->state, seed, index);
}

static inline uint32_t strategy_choose(const struct strategy *strategy,
				       const struct choice *choice)
{
	return strategy->ops->choose(strategy->state, choice);
}

#endif /* SCHED_STRATEGY_H */
