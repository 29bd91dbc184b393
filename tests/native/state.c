/* SPDX-License-Identifier: MIT */

/*
 * All that a run has to put back: variables, memory that was allocated before
 * the threads and after, and deep stacks with values on them.  Each thread
 * stores a digest of what it finds, so that a byte that was left behind changes
 * what everybody sees.
 */

#include <cdma/model.h>

#define WORDS 300

struct node {
	struct node *next;
	uint64_t words[WORDS];
};

static uint64_t counters[2] = {1, 2};
static struct node *nodes[2];
static uint64_t zeros[1000];

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

static void add_node(size_t i)
{
	struct node *node = cdma_model_alloc(sizeof(*node));

	for (size_t j = 0; j < WORDS; j++)
		node->words[j] += j + counters[i];
	node->next = nodes[i];
	nodes[i] = node;
}

static uint64_t digest(size_t i)
{
	uint64_t h = counters[i] + zeros[i];

	for (const struct node *n = nodes[i]; n; n = n->next)
		for (size_t j = 0; j < WORDS; j++)
			h = mix(h, n->words[j]);
	return h;
}

int prepare(void)
{
	add_node(0);
	add_node(1);
	return 0;
}

/* Steps are made on the way down, and what is on the stack is used on the way
 * up. */
static uint64_t descend(struct cdma_view slot, size_t i, int depth)
{
	volatile uint64_t here[6];
	uint64_t h = 0;

	for (size_t j = 0; j < 6; j++)
		here[j] = cdma_view_read64(slot) + j + (uint64_t)depth;
	counters[i]++;
	cdma_view_write64(slot, mix(here[3], digest(i)));
	if (depth)
		h = descend(slot, i, depth - 1);
	for (size_t j = 0; j < 6; j++)
		h = mix(h, here[j]);
	return h;
}

int work(uint32_t i)
{
	struct cdma_view slot = cdma_model_shared("slot");

	zeros[i]++;
	for (int turn = 0; turn < 2; turn++) {
		add_node(i);
		cdma_view_write64(slot, mix(descend(slot, i, 2), digest(i)));
		if (cdma_trylock(cdma_model_lock("lock")) == 0)
			cdma_unlock(cdma_model_lock("lock"));
	}
	return 0;
}
