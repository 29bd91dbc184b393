/* SPDX-License-Identifier: MIT */
#include "explore/tree.h"

#include "base/arena.h"
#include "base/macros.h"

/*
 * A step at a point of the tree, and what is below it.  Siblings are in the
 * order in which they were asked for; each sleeps while those to its right are
 * explored.  What is below goes when all of it is explored; the branch stays,
 * to sleep, until all of its siblings are done, too.
 */
struct branch {
	struct branch *up;    /* NULL: the root, which is no step */
	struct branch *child; /* the leftmost; only when open */
	struct branch *next;  /* sibling to the right */
	struct footprint fp;
	uint32_t actor, way, nr_ways;
	uint8_t state;        /* enum dpor_branch_state */
	bool unforced, raced; /* as in struct dpor_branch */
	bool out;             /* ready, and somebody explores it */
};

/* A unit that somebody explores. */
struct out {
	uint32_t number;
	struct branch *branch;
};

struct tree {
	struct cdma_arena arena;
	struct branch *unused; /* linked by next */
	size_t nr;             /* branches in use */
	struct branch *root;
	CDMA_VEC(struct out) out;
	uint64_t budget, executions, blocked;
	uint32_t number; /* of the next unit */
	uint32_t nr_lost;
	bool met, plain;
};

/* ---- branches ---- */

static struct branch *branch_new(struct tree *tree, struct branch *up,
				 const struct dpor_branch *what)
{
	struct branch *branch = tree->unused;

	if (branch)
		tree->unused = branch->next;
	else
		branch = cdma_arena_alloc(&tree->arena, sizeof(*branch));
	tree->nr++;
	*branch = (struct branch){
		.up = up,
		.fp = what->fp,
		.actor = what->actor,
		.way = what->way,
		.nr_ways = what->nr_ways,
		.state = what->state,
		.unforced = what->unforced,
		.raced = what->raced,
	};
	return branch;
}

/* All that was below @branch has been explored, or will not be. */
static void close_branch(struct tree *tree, struct branch *branch)
{
	branch->state = DPOR_DONE;
	branch->unforced = false;
	while (branch->child) {
		struct branch *child = branch->child;

		branch->child = child->next;
		close_branch(tree, child);
		child->next = tree->unused;
		tree->unused = child;
		tree->nr--;
	}
}

/* What is left of a list of branches. */
struct rest {
	const struct dpor_branch *at, *end;
};

/* Make those of @level that come next, siblings below @up. */
static struct branch *grow(struct tree *tree, struct branch *up,
			   struct rest *rest, uint32_t level)
{
	struct branch *first = NULL, **link = &first;

	while (rest->at < rest->end && rest->at->level == level) {
		struct branch *branch = branch_new(tree, up, rest->at++);

		branch->child = grow(tree, branch, rest, level + 1);
		*link = branch;
		link = &branch->next;
	}
	return first;
}

/* Whether the step goes further ways, and how many is not known here. */
static bool has_more_ways(const struct branch *branch)
{
	return branch->state == DPOR_READY &&
	       (branch->unforced || branch->way == DPOR_ANY_WAY);
}

/* Whether all that begins with @initial at the point of @siblings is explored
 * below one of them. */
static bool is_there(const struct branch *siblings,
		     const struct dpor_initial *initial)
{
	uint32_t ways = 0;

	for (const struct branch *b = siblings; b; b = b->next) {
		if (b->actor != initial->actor)
			continue;
		if (b->way == initial->way || has_more_ways(b) ||
		    ++ways >= b->nr_ways)
			return true;
	}
	return false;
}

static uint32_t depth_of(const struct branch *branch)
{
	uint32_t depth = 0;

	for (; branch->up; branch = branch->up)
		depth++;
	return depth;
}

/* ---- units ---- */

static void plant(struct tree *tree)
{
	struct dpor_branch root = {.state = DPOR_READY, .nr_ways = 1};

	tree->root = branch_new(tree, NULL, &root);
}

struct tree *tree_new(uint64_t budget)
{
	struct tree *tree = cdma_xcalloc(1, sizeof(*tree));

	tree->budget = budget;
	plant(tree);
	return tree;
}

void tree_free(struct tree *tree)
{
	if (!tree)
		return;
	cdma_arena_fini(&tree->arena);
	cdma_vec_free(&tree->out);
	free(tree);
}

static void add_way(const struct branch *branch, struct dpor_unit *unit)
{
	struct dpor_unit_step step = {branch->actor, branch->way, 0};
	bool left = true;

	if (!branch->up)
		return;
	add_way(branch->up, unit);
	for (const struct branch *b = branch->up->child; b; b = b->next) {
		left &= b != branch;
		if (b == branch)
			continue;
		*cdma_vec_push(&unit->beside) = (struct dpor_beside){
			left, b->actor, b->way, b->nr_ways, b->fp};
		step.nr_beside++;
	}
	*cdma_vec_push(&unit->path) = step;
}

static void give_out(struct tree *tree, struct branch *branch,
		     struct dpor_unit *unit)
{
	*unit = (struct dpor_unit){
		.number = tree->number++,
		.budget = tree->budget,
		.plain = tree->plain,
		.unforced = branch->unforced,
		.raced = branch->raced,
	};
	add_way(branch, unit);
	branch->out = true;
	*cdma_vec_push(&tree->out) = (struct out){unit->number, branch};
}

/* Give out what is ready of @branch and what is below it, up to @max units.
 * Returns how many there are in @out, @nr of them before. */
static size_t deal(struct tree *tree, struct branch *branch,
		   struct dpor_unit *out, size_t nr, size_t max)
{
	if (nr == max || branch->out)
		return nr;
	if (branch->state == DPOR_READY) {
		give_out(tree, branch, &out[nr]);
		return nr + 1;
	}
	for (struct branch *c = branch->child; c; c = c->next) {
		nr = deal(tree, c, out, nr, max);
		/* What is to the right waits until it is known which ways of
		 * this step sleep then. */
		if (has_more_ways(c))
			break;
	}
	return nr;
}

size_t tree_round(struct tree *tree, struct dpor_unit *out, size_t max)
{
	if (tree->root->state == DPOR_DONE && tree->met && !tree->plain) {
		tree->plain = true;
		tree->root->state = DPOR_READY;
	}
	return deal(tree, tree->root, out, 0, max);
}

static struct branch *take_back(struct tree *tree, uint32_t number)
{
	struct branch *branch;

	for (size_t i = 0; i < tree->out.nr; i++) {
		if (tree->out.at[i].number != number)
			continue;
		branch = tree->out.at[i].branch;
		tree->out.at[i] = *cdma_vec_last(&tree->out);
		tree->out.nr--;
		branch->out = false;
		return branch;
	}
	CDMA_REQUIRE(false, "unit %u is not out", number);
}

/* ---- results ---- */

/* Find what has been explored by now, from @branch on upwards. */
static void settle(struct tree *tree, struct branch *branch)
{
	for (; branch; branch = branch->up) {
		for (struct branch *c = branch->child; c; c = c->next)
			if (c->state != DPOR_DONE)
				return;
		close_branch(tree, branch);
	}
}

/* Put what came of @branch in its place.  Returns the first of it. */
static struct branch *replace(struct tree *tree, struct branch *branch,
			      const struct dpor_result *result)
{
	struct rest rest = {result->branches.at,
			    result->branches.at + result->branches.nr};
	struct branch *first = grow(tree, branch->up, &rest, 0), *last = first;

	CDMA_REQUIRE(first && rest.at == rest.end);
	while (last->next)
		last = last->next;
	last->next = branch->next;
	if (branch->up) {
		struct branch **link = &branch->up->child;

		while (*link != branch)
			link = &(*link)->next;
		*link = first;
	} else {
		tree->root = first;
	}
	branch->next = tree->unused;
	tree->unused = branch;
	tree->nr--;
	return first;
}

/* The branch of the way to @branch whose children are at @point. */
static struct branch *at_point(struct branch *branch, uint32_t point)
{
	uint32_t depth = depth_of(branch);

	for (; depth > point; depth--)
		branch = branch->up;
	return branch;
}

/* A branch for the row whose steps begin at @row, at the point below @up. */
static void ask(struct tree *tree, struct branch *up,
		const struct dpor_initial *row)
{
	struct dpor_branch what = {
		.state = DPOR_READY,
		.raced = row->raced,
		.actor = row->actor,
		.way = row->way,
		.nr_ways = row->nr_ways,
		.fp = row->fp,
	};
	struct branch **link = &up->child;

	for (const struct dpor_initial *i = row;; i++) {
		if (is_there(up->child, i))
			return;
		if (i->last)
			break;
	}
	while (*link)
		link = &(*link)->next;
	*link = branch_new(tree, up, &what);
}

/* One at the last of the points that the unit has given away; @branch: its
 * first. */
static struct branch *deepest(struct branch *branch)
{
	for (struct branch *b = branch; b; b = b->next)
		if (b->state == DPOR_OPEN)
			return deepest(b->child ? b->child : b);
	return branch;
}

static void apply(struct tree *tree, struct branch *branch,
		  const struct dpor_result *result)
{
	bool first = true;

	if (!result->branches.nr) {
		close_branch(tree, branch);
		settle(tree, branch->up);
		return;
	}
	branch = deepest(replace(tree, branch, result));
	for (size_t i = 0; i < result->initials.nr; i++) {
		const struct dpor_initial *row = &result->initials.at[i];

		if (first)
			ask(tree, at_point(branch, row->point), row);
		first = row->last;
	}
	settle(tree, branch->up);
}

void tree_apply(struct tree *tree, uint32_t number,
		const struct dpor_result *result)
{
	struct branch *branch = take_back(tree, number);

	tree->executions += result->executions;
	tree->blocked += result->blocked;
	tree->met |= result->met;
	apply(tree, branch, result);
}

void tree_lost(struct tree *tree, uint32_t number)
{
	struct branch *branch = take_back(tree, number);

	tree->nr_lost++;
	close_branch(tree, branch);
	settle(tree, branch->up);
}

uint64_t tree_executions(const struct tree *tree)
{
	return tree->executions;
}

uint64_t tree_blocked(const struct tree *tree)
{
	return tree->blocked;
}

uint32_t tree_nr_lost(const struct tree *tree)
{
	return tree->nr_lost;
}

uint32_t tree_nr_out(const struct tree *tree)
{
	return (uint32_t)tree->out.nr;
}

bool tree_met(const struct tree *tree)
{
	return tree->met;
}

bool tree_plain(const struct tree *tree)
{
	return tree->plain;
}

size_t tree_size(const struct tree *tree)
{
	return tree->nr;
}
