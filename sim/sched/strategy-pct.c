/* SPDX-License-Identifier: MIT */
/*
 * Pct: probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi,
 * Nagarakatte: A Randomized Scheduler with Probabilistic Guarantees of Finding
 * Bugs, ASPLOS 2010).
 *
 * Every actor gets a priority, in random order, and the one with the highest
 * that can run does.  At d - 1 of k steps, drawn at random, whoever was about
 *to run becomes the least of all instead.  Only steps count at which two actors
 * or more can run: elsewhere nothing can be changed.
 *
 * The guarantee: a bug that d ordering constraints between steps are enough to
 * show (its depth) is shown by one run of n actors with a probability of at
 * least
 *
 *	1 / (n * k^(d-1))
 *
 * A use before the initialisation has depth 1, a broken "these two together"
 * depth 2; few real bugs need more than 3.  A random walk gives no such bound:
 * to keep one actor waiting for m steps of another it needs m coins that fall
 * alike.
 *
 * What k is: the steps of the longest of a few measuring runs of the program
 * (run/measure.h), before any other run.  So it is a constant of the program,
 * and (seed, index) still names a run.  The bound is that of runs which are no
 * longer.  To questions other than who is next any answer is as likely as any
 * other; a bug that needs w of those, of two answers each, is shown with
 * 1 / 2^w of the probability above.
 */
#include "sched/strategy.h"

#include "base/rng.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <errno.h>
#include <stdlib.h>

#define ACTORS_MAX 64
#define DEPTH_MAX  16

struct pct {
	uint32_t depth, actors, steps; /* d, n, k */
	struct cdma_rng rng;
	uint32_t asked; /* in this run */
	/* Of each actor; all different.  Those below depth are who changed. */
	uint32_t priority[ACTORS_MAX];
	uint32_t change[DEPTH_MAX]; /* the steps, from 1; depth - 1 */
};

static void *pct_new(void)
{
	struct pct *pct = cdma_xcalloc(1, sizeof(*pct));

	pct->depth = 3;
	pct->actors = ACTORS_MAX;
	pct->steps = 1;
	return pct;
}

static int pct_parse(void *state, const char *arg, struct cdma_text *err)
{
	struct pct *pct = state;
	char *end;
	unsigned long depth = strtoul(arg, &end, 10);

	if (*arg < '0' || *arg > '9' || *end || !depth || depth > DEPTH_MAX) {
		cdma_text_addf(err,
			       "pct:%s: the depth is a number from 1 to %d",
			       arg, DEPTH_MAX);
		return -EINVAL;
	}
	pct->depth = (uint32_t)depth;
	return 0;
}

static void pct_measured(void *state, uint32_t actors, uint32_t steps)
{
	struct pct *pct = state;

	pct->actors = actors ? actors : 1;
	pct->steps = steps ? steps : 1;
}

static void pct_begin(void *state, uint64_t seed, uint64_t index)
{
	struct pct *pct = state;

	pct->rng = cdma_rng_case(seed, index);
	pct->asked = 0;
	for (uint32_t i = 0; i < pct->actors; i++) {
		uint32_t j = cdma_rng_below(&pct->rng, i + 1);

		pct->priority[i] = pct->priority[j];
		pct->priority[j] = pct->depth + i;
	}
	for (uint32_t i = 0; i + 1 < pct->depth; i++)
		pct->change[i] = 1 + cdma_rng_below(&pct->rng, pct->steps);
}

static uint32_t highest(const struct pct *pct, uint64_t who)
{
	uint32_t best = (uint32_t)__builtin_ctzll(who);

	for (who &= who - 1; who; who &= who - 1) {
		uint32_t i = (uint32_t)__builtin_ctzll(who);

		if (pct->priority[i] > pct->priority[best])
			best = i;
	}
	return best;
}

static uint32_t pct_choose(void *state, const struct choice *choice)
{
	struct pct *pct = state;
	uint32_t actor;

	if (choice->kind != CHOICE_ACTOR)
		return strategy_draw(&pct->rng, choice);
	if (choice->alone)
		return 0;
	pct->asked++;
	for (uint32_t i = 0; i + 1 < pct->depth; i++)
		if (pct->change[i] == pct->asked)
			pct->priority[highest(pct, choice->who)] = i;
	actor = highest(pct, choice->who);
	return (uint32_t)__builtin_popcountll(choice->who &
					      (((uint64_t)1 << actor) - 1));
}

const struct strategy_ops strategy_pct = {
	.name = "pct",
	.state_new = pct_new,
	.state_free = free,
	.parse = pct_parse,
	.measured = pct_measured,
	.begin = pct_begin,
	.choose = pct_choose,
};
