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
	node->doubt = false;
	node->raced = step->raced;
	node->maybe = step->maybe;
	node->actor = step->actor;
	node->way = step->way;
	node->nr_ways = step->nr_ways;
	node->fp = keep(pool, step->fp);
	return node;
}

enum initial wakeup_initial(const struct wakeup_step *row, size_t nr,
			    const struct wakeup_step *step)
{
	for (size_t i = 0; i < nr; i++) {
		if (row[i].actor == step->actor)
			return row[i].way == step->way ||
					       step->way == DPOR_ANY_WAY
				       ? INITIAL_YES
				       : INITIAL_NO;
		if (footprint_conflict(row[i].fp, step->fp))
			return INITIAL_NO;
	}
	return INITIAL_WEAK;
}

static enum initial covers(const struct wakeup *node,
			   const struct wakeup_step *row, size_t nr)
{
	struct wakeup_step step = {
		.actor = node->actor,
		.way = node->way,
		.nr_ways = node->nr_ways,
		.fp = node->fp,
	};

	return wakeup_initial(row, nr, &step);
}

/* Put @row to the right of *@rows.  Returns its last. */
static struct wakeup *append(struct wakeup_pool *pool, struct wakeup **rows,
			     const struct wakeup_step *row, size_t nr)
{
	struct wakeup *last = NULL;

	while (*rows)
		rows = &(*rows)->next;
	for (size_t i = 0; i < nr; i++) {
		last = *rows = take(pool, &row[i]);
		rows = &last->child;
	}
	return last;
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

/*
 * The first of @node and its siblings that covers @row; NULL: none.
 *
 * @how:   it does so.
 * @doubt: set when a wait would, if it can go on there.  In case that it
 *         cannot, the row is tried without it.
 */
static struct wakeup *first_cover(struct wakeup *node,
				  const struct wakeup_step *row, size_t nr,
				  enum initial *how, bool *doubt)
{
	for (; node; node = node->next) {
		*how = covers(node, row, nr);
		if (*how == INITIAL_WEAK && node->maybe)
			*doubt = true;
		else if (*how != INITIAL_NO)
			break;
	}
	return node;
}

bool wakeup_insert(struct wakeup_pool *pool, struct wakeup **children,
		   struct wakeup_step *row, size_t nr, bool whole)
{
	struct wakeup *node, *up = NULL;
	bool doubt = false;
	enum initial how;

	while ((node = first_cover(*children, row, nr, &how, &doubt))) {
		if (how == INITIAL_WEAK && !whole)
			return false;
		nr = remove_step(row, nr, node->actor);
		children = &node->child;
		up = node;
	}
	/* A leaf below the root: everything from here on will be explored as it
	 * comes. */
	if (nr && (!up || up->child))
		append(pool, children, row, nr)->doubt = doubt;
	return true;
}

bool wakeup_has_initial(const struct wakeup *children,
			const struct wakeup_step *row, size_t nr)
{
	for (; children; children = children->next)
		if (covers(children, row, nr) == INITIAL_YES)
			return true;
	return false;
}

void wakeup_add(struct wakeup_pool *pool, struct wakeup **children,
		const struct wakeup_step *step)
{
	append(pool, children, step, 1);
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
