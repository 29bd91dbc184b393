/* SPDX-License-Identifier: MIT */
#include "explore/tree.h"

#include "base/macros.h"
#include "explore/branch.h"

struct out {
	uint32_t number;
	struct branch *branch;
};

struct tree {
	struct branch_pool pool;
	struct branch *root;
	CDMA_VEC(struct out) out;
	CDMA_VEC(struct dpor_row_step) row;
	uint64_t budget, executions, blocked;
	uint32_t number; /* of the next unit */
	uint32_t nr_lost;
	bool raced, plain;
};

static void plant(struct tree *tree)
{
	struct dpor_branch root = {
		.state = DPOR_READY,
		.known = true,
		.nr_ways = 1,
	};

	tree->root = branch_new(&tree->pool, NULL, &root);
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
	branch_pool_fini(&tree->pool);
	cdma_vec_free(&tree->out);
	cdma_vec_free(&tree->row);
	free(tree);
}

/* The path to @branch, from the root, with what sleeps beside it. */
static void fill_path(struct dpor_unit *unit, const struct branch *branch)
{
	struct dpor_unit_step *step;
	uint32_t i;

	if (!branch->up)
		return;
	fill_path(unit, branch->up);
	i = (uint32_t)unit->path.nr;
	if (branch->known && unit->first == i)
		unit->first = i + 1;
	step = cdma_vec_push(&unit->path);
	*step = (struct dpor_unit_step){branch->actor, branch->way, 0};
	for (const struct branch *b = branch->up->child; b != branch;
	     b = b->next) {
		*cdma_vec_push(&unit->before) = (struct dpor_sleeper){
			b->actor, b->way, b->nr_ways, b->fp};
		step->nr_before++;
	}
}

static void give_out(struct tree *tree, struct branch *branch,
		     struct dpor_unit *unit)
{
	*unit = (struct dpor_unit){
		.number = tree->number++,
		.budget = tree->budget,
		.plain = tree->plain,
	};
	fill_path(unit, branch);
	*cdma_vec_push(&unit->branches) = branch_what(branch, 0);
	branch->out = true;
	*cdma_vec_push(&tree->out) = (struct out){unit->number, branch};
}

/* The next branch that can be explored, at or after @branch in preorder, below
 * @root. */
static struct branch *next_ready(struct branch *branch)
{
	while (branch) {
		if (branch->state == DPOR_READY && !branch->out)
			return branch;
		if (branch->child) {
			branch = branch->child;
			continue;
		}
		/* What is to the right waits for one that is not known, as its
		 * footprint is of another place. */
		while (branch && (!branch->known || !branch->next))
			branch = branch->up;
		if (branch)
			branch = branch->next;
	}
	return NULL;
}

size_t tree_round(struct tree *tree, struct dpor_unit *out, size_t max)
{
	size_t nr = 0;
	struct branch *branch;
	bool done = branch_settle(&tree->pool, tree->root, true);

	if (done && tree->raced && !tree->plain) {
		tree->plain = true;
		tree->root->state = DPOR_READY;
	}
	branch = next_ready(tree->root);
	for (; nr < max && branch; nr++) {
		give_out(tree, branch, &out[nr]);
		branch = next_ready(branch);
	}
	return nr;
}

static struct branch *take_back(struct tree *tree, uint32_t number)
{
	for (size_t i = 0; i < tree->out.nr; i++) {
		struct branch *branch = tree->out.at[i].branch;

		if (tree->out.at[i].number != number)
			continue;
		tree->out.at[i] = *cdma_vec_last(&tree->out);
		tree->out.nr--;
		branch->out = false;
		return branch;
	}
	CDMA_REQUIRE(false, "unit %u is not out", number);
	return NULL;
}

/* The list of siblings at @level from @at on, with what is below. */
static struct branch *grow(struct tree *tree, struct branch *up,
			   const struct dpor_result *result, size_t *at,
			   uint32_t level)
{
	struct branch *first = NULL, **link = &first;

	while (*at < result->branches.nr &&
	       result->branches.at[*at].level == level) {
		struct branch *branch = branch_new(
			&tree->pool, up, &result->branches.at[(*at)++]);

		branch->child = grow(tree, branch, result, at, level + 1);
		*link = branch;
		link = &branch->next;
	}
	return first;
}

static void learn(struct tree *tree, struct branch *branch,
		  const struct dpor_done *done)
{
	struct dpor_branch next = {
		.state = DPOR_READY,
		.unforced = true,
		.actor = branch->actor,
		.way = done->next,
		.nr_ways = done->nr_ways,
		.fp = done->fp,
	};

	branch->known = true;
	branch->way = done->way;
	branch->nr_ways = done->nr_ways;
	branch->fp = done->fp;
	if (done->has_next)
		branch_insert_after(branch,
				    branch_new(&tree->pool, branch->up, &next));
}

/* @up: the last step of the path but one. */
static void add_rows(struct tree *tree, struct branch *up,
		     const struct dpor_result *result)
{
	for (size_t i = 0; i < result->rows.nr; i++) {
		const struct dpor_row_step *step = &result->rows.at[i];

		*cdma_vec_push(&tree->row) = *step;
		if (!step->last)
			continue;
		branch_add_row(&tree->pool, branch_above(up, step->point),
			       tree->row.at, tree->row.nr);
		tree->row.nr = 0;
	}
}

static void learn_all(struct tree *tree, struct branch *up,
		      const struct dpor_result *result)
{
	uint32_t first = branch_depth(up) - (uint32_t)result->done.nr;

	for (uint32_t i = 0; i < result->done.nr; i++)
		learn(tree, branch_above(up, first + i + 1),
		      &result->done.at[i]);
}

void tree_apply(struct tree *tree, uint32_t number,
		const struct dpor_result *result)
{
	struct branch *branch = take_back(tree, number), *up = branch->up;
	struct branch *list;
	size_t at = 0;

	tree->executions += result->executions;
	tree->blocked += result->blocked;
	tree->raced |= result->data_race;
	if (result->impossible != DPOR_POSSIBLE) {
		branch = branch_above(branch, result->impossible + 1);
		branch_replace(&tree->pool, branch, NULL);
		return;
	}
	list = grow(tree, up, result, &at, 0);
	CDMA_REQUIRE(list && at == result->branches.nr);
	if (!up) {
		branch_free(&tree->pool, branch);
		tree->root = list;
		return;
	}
	/* The footprints first, by which rows are compared. */
	learn_all(tree, up, result);
	branch_replace(&tree->pool, branch, list);
	add_rows(tree, up, result);
}

void tree_lost(struct tree *tree, uint32_t number)
{
	struct branch *branch = take_back(tree, number);

	tree->nr_lost++;
	branch->state = DPOR_DONE;
	branch->known = true;
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

bool tree_raced(const struct tree *tree)
{
	return tree->raced;
}

bool tree_plain(const struct tree *tree)
{
	return tree->plain;
}

size_t tree_size(const struct tree *tree)
{
	return tree->pool.nr;
}
