/* SPDX-License-Identifier: MIT */
#include "explore/wakeup.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "explore/dpor.h"

void wakeup_pool_fini(struct wakeup_pool *pool)
{
	cdma_arena_fini(&pool->arena);
	free(pool->known);
	*pool = (struct wakeup_pool){0};
}

/* Where @fp is among those that are known, or belongs. */
static const struct footprint **find(const struct wakeup_pool *pool,
				     const struct footprint *fp)
{
	for (uint32_t i = footprint_hash(fp);; i++) {
		const struct footprint **at =
			&pool->known[i & (pool->room - 1)];

		if (!*at || footprint_same(*at, fp))
			return at;
	}
}

static void grow(struct wakeup_pool *pool)
{
	struct wakeup_pool old = *pool;

	pool->room = old.room ? 2 * old.room : 64;
	pool->known = cdma_xcalloc(pool->room, sizeof(struct footprint *));
	for (uint32_t i = 0; i < old.room; i++)
		if (old.known[i])
			*find(pool, old.known[i]) = old.known[i];
	free(old.known);
}

/* @fp, to be kept. */
static const struct footprint *keep(struct wakeup_pool *pool,
				    const struct footprint *fp)
{
	const struct footprint **at;
	struct footprint *copy;

	if (pool->nr >= pool->room / 2)
		grow(pool);
	at = find(pool, fp);
	if (!*at) {
		copy = cdma_arena_alloc(&pool->arena, sizeof(*copy));
		*copy = *fp;
		*at = copy;
		pool->nr++;
	}
	return *at;
}

static struct wakeup *take(struct wakeup_pool *pool,
			   const struct wakeup_step *step)
{
	struct wakeup *node = pool->unused;

	if (node)
		pool->unused = node->next;
	else
		node = cdma_arena_alloc(&pool->arena, sizeof(*node));
	node->child = node->next = NULL;
	node->ends = false;
	node->actor = step->actor;
	node->way = step->way;
	node->nr_ways = step->nr_ways;
	node->fp = keep(pool, step->fp);
	return node;
}

bool wakeup_is_initial(const struct wakeup_step *row, size_t nr,
		       const struct wakeup_step *step)
{
	for (size_t i = 0; i < nr; i++) {
		if (row[i].actor == step->actor)
			return row[i].way == step->way ||
			       step->way == DPOR_ANY_WAY;
		if (footprint_conflict(row[i].fp, step->fp))
			return false;
	}
	return true;
}

static bool covers(const struct wakeup *node, const struct wakeup_step *row,
		   size_t nr)
{
	struct wakeup_step step = {node->actor, node->way, node->nr_ways,
				   node->fp};

	return wakeup_is_initial(row, nr, &step);
}

/* Take the first step of @actor out of @row; it need not be there. */
static size_t remove_step(struct wakeup_step *row, size_t nr, uint32_t actor)
{
	for (size_t i = 0; i < nr; i++) {
		if (row[i].actor != actor)
			continue;
		memmove(&row[i], &row[i + 1], (nr - i - 1) * sizeof(*row));
		return nr - 1;
	}
	return nr;
}

/* The first of @node and its siblings that covers @row; NULL: none. */
static struct wakeup *first_cover(struct wakeup *node,
				  const struct wakeup_step *row, size_t nr)
{
	while (node && !covers(node, row, nr))
		node = node->next;
	return node;
}

/* Put @row to the right of *@children.  Returns its last. */
static struct wakeup *append(struct wakeup_pool *pool, struct wakeup **children,
			     const struct wakeup_step *row, size_t nr)
{
	struct wakeup *last = NULL;

	while (*children)
		children = &(*children)->next;
	for (size_t i = 0; i < nr; i++) {
		last = *children = take(pool, &row[i]);
		children = &last->child;
	}
	return last;
}

bool wakeup_insert(struct wakeup_pool *pool, struct wakeup **children,
		   struct wakeup_step *row, size_t nr)
{
	bool at_root = true;

	for (;;) {
		struct wakeup *node = first_cover(*children, row, nr);

		/* A leaf below the root: everything from here on will be
		 * explored as it comes. */
		if (!*children && !at_root)
			return false;
		if (!node)
			break;
		nr = remove_step(row, nr, node->actor);
		children = &node->child;
		at_root = false;
	}
	append(pool, children, row, nr);
	return nr > 0;
}

void wakeup_collect(struct wakeup_pool *pool, struct wakeup **children,
		    struct wakeup_step *row, size_t nr)
{
	struct wakeup *node;

	while (nr && (node = first_cover(*children, row, nr))) {
		nr = remove_step(row, nr, node->actor);
		children = &node->child;
	}
	if (nr)
		append(pool, children, row, nr)->ends = true;
}

void wakeup_free(struct wakeup_pool *pool, struct wakeup *node)
{
	while (node->child) {
		struct wakeup *child = node->child;

		node->child = child->next;
		wakeup_free(pool, child);
	}
	node->next = pool->unused;
	pool->unused = node;
}
