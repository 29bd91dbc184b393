/* SPDX-License-Identifier: MIT */
#include "sched/strategy.h"

#include "base/macros.h"

#include <string.h>

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
