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

void branch_lose(struct branch_pool *pool, struct branch *branch)
{
	branch->state = DPOR_DONE;
	branch->known = true;
	free_below(pool, branch);
}

size_t branch_size(const struct branch *branch, size_t max)
{
	size_t nr = 1;

	for (const struct branch *c = branch->child; c && nr <= max;
	     c = c->next)
		nr += branch_size(c, max - nr);
	return nr;
}

static struct dpor_branch *put(const struct branch *branch, uint32_t level,
			       struct dpor_branch *out)
{
	*out++ = (struct dpor_branch){
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
	for (const struct branch *c = branch->child; c; c = c->next)
		out = put(c, level + 1, out);
	return out;
}

void branch_list(const struct branch *branch, struct dpor_branch *out)
{
	put(branch, 0, out);
}

/* What is left of a list. */
struct rest {
	const struct dpor_branch *at, *end;
};

static struct branch *grow(struct branch_pool *pool, struct branch *up,
			   struct rest *rest, uint32_t level)
{
	struct branch *first = NULL, **link = &first;

	while (rest->at < rest->end && rest->at->level == level) {
		struct branch *branch = branch_new(pool, up, rest->at++);

		branch->child = grow(pool, branch, rest, level + 1);
		*link = branch;
		link = &branch->next;
	}
	return first;
}

struct branch *branch_grow(struct branch_pool *pool, struct branch *up,
			   const struct dpor_branch *list, size_t nr)
{
	struct rest rest = {list, list + nr};
	struct branch *first = grow(pool, up, &rest, 0);

	CDMA_REQUIRE(rest.at == rest.end, "a branch of level %u",
		     rest.at->level);
	return first;
}

void branch_learn(struct branch_pool *pool, struct branch *branch,
		  const struct dpor_done *done)
{
	struct dpor_branch what = {
		.state = DPOR_READY,
		.unforced = true,
		.actor = branch->actor,
		.way = done->next,
		.nr_ways = done->nr_ways,
		.fp = done->fp,
	};
	struct branch *next;

	branch->known = true;
	branch->way = done->way;
	branch->nr_ways = done->nr_ways;
	branch->fp = done->fp;
	if (!done->has_next)
		return;
	next = branch_new(pool, branch->up, &what);
	next->next = branch->next;
	branch->next = next;
}

static bool covers(const struct branch *branch, const struct dpor_row_step *row,
		   size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		if (row[i].actor == branch->actor)
			return row[i].way == branch->way ||
			       branch->way == DPOR_ANY_WAY || branch->unforced;
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

struct branch *branch_add_row(struct branch_pool *pool, struct branch *up,
			      struct dpor_row_step *row, size_t *nr)
{
	struct branch **link = &up->child;

	while (*link && *nr) {
		struct branch *branch = *link;

		if (!covers(branch, row, *nr)) {
			link = &branch->next;
			continue;
		}
		if (branch->state != DPOR_OPEN || !branch->inner)
			return NULL;
		*nr = remove_step(row, *nr, branch->actor);
		if (branch->out)
			return *nr ? branch : NULL;
		up = branch;
		link = &up->child;
	}
	append(pool, up, link, row, *nr);
	for (; *nr && up; up = up->up)
		up->idle = false;
	return NULL;
}

/* Whether @branch is for any way, and each has been tried at its point. */
static bool is_tried(const struct branch *branch)
{
	uint32_t ways = 0, nr_ways = 1;

	if (branch->state != DPOR_READY || branch->way != DPOR_ANY_WAY)
		return false;
	for (const struct branch *b = branch->up->child; b != branch;
	     b = b->next) {
		if (b->actor != branch->actor)
			continue;
		ways++;
		nr_ways = b->nr_ways;
	}
	return ways >= nr_ways;
}

static bool settle_below(struct branch_pool *pool, struct branch *branch,
			 bool closed)
{
	bool explored = true;

	for (struct branch *c = branch->child; c; c = c->next) {
		explored &= branch_settle(pool, c,
					  !c->inner || (explored && closed));
		/* What is to the right has not begun. */
		if (!c->known && !branch_is_explored(c))
			break;
	}
	return explored;
}

bool branch_settle(struct branch_pool *pool, struct branch *branch, bool closed)
{
	if (branch->out)
		return false;
	if (is_tried(branch))
		branch_lose(pool, branch);
	if (branch->state != DPOR_OPEN)
		return branch->state == DPOR_DONE;
	if (!branch->idle && !settle_below(pool, branch, closed))
		return false;
	if (!branch->child && !branch->known) {
		/* Its rows led nowhere.  When no other one can come, any other
		 * way on will do. */
		if (closed)
			branch->state = DPOR_READY;
		return false;
	}
	branch->idle = true;
	if (!closed)
		return true;
	branch->state = DPOR_DONE;
	branch->known = true;
	free_below(pool, branch);
	return true;
}

struct branch *branch_first(struct branch *branch)
{
	struct branch *first = NULL;

	if (branch->out || branch_is_explored(branch))
		return NULL;
	if (branch->state == DPOR_READY)
		return branch;
	for (struct branch *c = branch->child; c && !first; c = c->next) {
		first = branch_first(c);
		if (!c->known && !branch_is_explored(c))
			break;
	}
	return first;
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

void branch_path(const struct branch *branch, struct dpor_unit *unit)
{
	struct dpor_unit_step step = {branch->actor, branch->way, 0};

	if (!branch->up)
		return;
	branch_path(branch->up, unit);
	for (const struct branch *b = branch->up->child; b != branch;
	     b = b->next) {
		*cdma_vec_push(&unit->before) = (struct dpor_sleeper){
			b->actor, b->way, b->nr_ways, b->fp};
		step.nr_before++;
	}
	if (branch->known && unit->first == unit->path.nr)
		unit->first++;
	*cdma_vec_push(&unit->path) = step;
}
