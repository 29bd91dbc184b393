/* SPDX-License-Identifier: MIT */
#include "sched/strategy.h"

#include "base/macros.h"
#include "base/rng.h"
#include "base/suggest.h"
#include "base/text.h"
#include "base/xalloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *choice_name(enum choice_kind kind)
{
	static const char *const names[] = {
#define X(name, word) word,
		CHOICES(X)
#undef X
	};

	return names[kind];
}

uint32_t strategy_draw(struct cdma_rng *rng, const struct choice *choice)
{
	if (choice->percent)
		return cdma_rng_below(rng, 100) < choice->percent;
	return cdma_rng_below(rng, choice->nr);
}

static const struct strategy_ops *const strategies[] = {
#define X(ops) &ops,
	STRATEGIES(X)
#undef X
};

const struct strategy_ops *strategy_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(strategies); i++)
		if (!strcmp(strategies[i]->name, name))
			return strategies[i];
	return NULL;
}

struct strategy strategy_new(const struct strategy_ops *ops, void *state)
{
	struct strategy strategy = {
		.ops = ops, .state = state, .borrowed = state};

	if (!state && ops->state_new)
		strategy.state = ops->state_new();
	return strategy;
}

void strategy_free(struct strategy *strategy)
{
	if (strategy->ops && strategy->ops->state_free && !strategy->borrowed)
		strategy->ops->state_free(strategy->state);
	*strategy = (struct strategy){0};
}

static int unknown(const char *name, struct cdma_text *err)
{
	struct cdma_suggest near = cdma_suggest_for(name);

	for (size_t i = 0; i < ARRAY_SIZE(strategies); i++)
		cdma_suggest_offer(&near, strategies[i]->name);
	cdma_text_addf(err, "there is no strategy '%s'", name);
	if (near.best)
		cdma_text_addf(err, "; did you mean '%s'?", near.best);
	return -EINVAL;
}

static int parse_arg(struct strategy *strategy, const char *arg,
		     struct cdma_text *err)
{
	if (strategy->ops->parse)
		return strategy->ops->parse(strategy->state, arg, err);
	cdma_text_addf(err, "strategy %s takes no argument",
		       strategy->ops->name);
	return -EINVAL;
}

int strategy_parse(const char *word, struct strategy *out,
		   struct cdma_text *err)
{
	size_t len = strcspn(word, ":");
	char *name = cdma_xstrndup(word, len);
	const struct strategy_ops *ops = strategy_find(name);
	int ret = 0;

	*out = (struct strategy){0};
	if (!ops) {
		ret = unknown(name, err);
	} else {
		*out = strategy_new(ops, NULL);
		if (word[len])
			ret = parse_arg(out, word + len + 1, err);
		if (ret)
			strategy_free(out);
	}
	free(name);
	return ret;
}
