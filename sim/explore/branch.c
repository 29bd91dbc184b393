/* SPDX-License-Identifier: MIT */
#include "explore/branch.h"

#include "base/macros.h"

#include <string.h>

void branch_pool_fini(struct branch_pool *pool)
{
	cdma_arena_fini(&pool->arena);
	pool->unused = NULL;
	pool->nr = 0;
}

struct branch *branch_new(struct branch_pool *pool, struct branch *up,
			  const struct dpor_branch *what)
{
	struct branch *branch = pool->unused;

	if (branch)
		pool->unused = branch->next;
	else
		branch = cdma_arena_alloc(&pool->arena, sizeof(*branch));
	pool->nr++;
	*branch = (struct branch){
		.up = up,
		.fp = what->fp,
		.actor = what->actor,
		.way = what->way,
		.nr_ways = what->nr_ways,
		.state = what->state,
		.known = what->known,
		.unforced = what->unforced,
		.raced = what->raced,
		.inner = what->inner,
	};
	return branch;
}

struct dpor_branch branch_what(const struct branch *branch, uint32_t level)
{
	return (struct dpor_branch){
		.level = level,
		.state = branch->state,
		.known = branch->known,
		.unforced = branch->unforced,
		.raced = branch->raced,
		.inner = branch->inner,
		.actor = branch->actor,
		.way = branch->way,
		.nr_ways = branch->nr_ways,
		.fp = branch->fp,
	};
}

static void free_below(struct branch_pool *pool, struct branch *branch)
{
	while (branch->child) {
		struct branch *child = branch->child;

		branch->child = child->next;
		branch_free(pool, child);
	}
}

void branch_free(struct branch_pool *pool, struct branch *branch)
{
	CDMA_REQUIRE(!branch->out);
	free_below(pool, branch);
	branch->next = pool->unused;
	pool->unused = branch;
	pool->nr--;
}

void branch_replace(struct branch_pool *pool, struct branch *branch,
		    struct branch *list)
{
	struct branch **link = &branch->up->child;

	while (*link != branch)
		link = &(*link)->next;
	*link = list;
	while (*link)
		link = &(*link)->next;
	*link = branch->next;
	branch_free(pool, branch);
}

void branch_insert_after(struct branch *branch, struct branch *sibling)
{
	sibling->next = branch->next;
	branch->next = sibling;
}

static bool covers(const struct branch *branch, const struct dpor_row_step *row,
		   size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		if (row[i].actor == branch->actor)
			return row[i].way == branch->way;
		if (footprint_conflict(&row[i].fp, &branch->fp))
			return false;
	}
	return true;
}

/* Take the first step of @actor out of @row; it need not be there. */
static size_t remove_step(struct dpor_row_step *row, size_t nr, uint32_t actor)
{
	for (size_t i = 0; i < nr; i++) {
		if (row[i].actor != actor)
			continue;
		memmove(&row[i], &row[i + 1], (nr - i - 1) * sizeof(*row));
		return nr - 1;
	}
	return nr;
}

static void append(struct branch_pool *pool, struct branch *up,
		   struct branch **link, const struct dpor_row_step *row,
		   size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		bool last = i + 1 == nr;
		struct dpor_branch what = {
			.state = last ? DPOR_READY : DPOR_OPEN,
			.raced = last,
			.inner = !last,
			.actor = row[i].actor,
			.way = row[i].way,
			.nr_ways = row[i].nr_ways,
			.fp = row[i].fp,
		};

		up = *link = branch_new(pool, up, &what);
		link = &up->child;
	}
}

void branch_add_row(struct branch_pool *pool, struct branch *up,
		    struct dpor_row_step *row, size_t nr)
{
	struct branch **link = &up->child;

	while (*link && nr) {
		struct branch *branch = *link;

		if (!covers(branch, row, nr)) {
			link = &branch->next;
			continue;
		}
		if (branch->state != DPOR_OPEN || !branch->inner)
			return;
		nr = remove_step(row, nr, branch->actor);
		up = branch;
		link = &up->child;
	}
	append(pool, up, link, row, nr);
}

bool branch_settle(struct branch_pool *pool, struct branch *branch, bool closed)
{
	bool done = true;

	if (branch->state != DPOR_OPEN)
		return branch->state == DPOR_DONE;
	for (struct branch *c = branch->child; c; c = c->next)
		done &= branch_settle(pool, c, !c->inner || (done && closed));
	if (!done || !closed)
		return false;
	if (!branch->child && !branch->known) {
		/* Its rows led nowhere, and any other way on will do. */
		branch->state = DPOR_READY;
		return false;
	}
	branch->state = DPOR_DONE;
	branch->known = true;
	free_below(pool, branch);
	return true;
}

uint32_t branch_depth(const struct branch *branch)
{
	uint32_t depth = 0;

	for (; branch->up; branch = branch->up)
		depth++;
	return depth;
}

struct branch *branch_above(struct branch *branch, uint32_t depth)
{
	for (uint32_t i = branch_depth(branch); i > depth; i--)
		branch = branch->up;
	return branch;
}
