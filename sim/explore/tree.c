/* SPDX-License-Identifier: MIT */
#include "explore/tree.h"

#include "base/macros.h"
#include "explore/branch.h"

/* A unit that somebody explores. */
struct out {
	uint32_t number;
	struct branch *branch;
	/* Rows that belong below the branch, one after the other. */
	CDMA_VEC(struct dpor_row_step) rows; /* owned */
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

/* What can be given out. */
struct cut {
	struct branch **at; /* room for max; NULL: they are only counted */
	bool *closed;       /* likewise */
	size_t nr, max;
	size_t size; /* of branches in one, at most */
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
	for (size_t i = 0; i < tree->out.nr; i++)
		cdma_vec_free(&tree->out.at[i].rows);
	branch_pool_fini(&tree->pool);
	cdma_vec_free(&tree->out);
	cdma_vec_free(&tree->row);
	free(tree);
}

static bool holds_out(const struct branch *branch)
{
	if (branch->out)
		return true;
	for (const struct branch *c = branch->child; c; c = c->next)
		if (holds_out(c))
			return true;
	return false;
}

/* Whether @branch goes as it is. */
static bool is_whole(const struct cut *cut, struct branch *branch)
{
	if (branch->state == DPOR_READY)
		return true;
	return branch_size(branch, cut->size) <= cut->size &&
	       !holds_out(branch) && branch_first(branch);
}

static void cut_up(struct cut *cut, struct branch *branch, bool closed)
{
	bool explored = true;

	if (branch->out || branch_is_explored(branch) || cut->nr == cut->max)
		return;
	if (is_whole(cut, branch)) {
		if (cut->at) {
			cut->at[cut->nr] = branch;
			cut->closed[cut->nr] = closed;
		}
		cut->nr++;
		return;
	}
	for (struct branch *c = branch->child; c; c = c->next) {
		cut_up(cut, c, !c->inner || (explored && closed));
		explored &= branch_is_explored(c);
		/* What is to the right waits until the step has been done
		 * here, for what it touched. */
		if (!c->known && !branch_is_explored(c))
			break;
	}
}

/* The largest parts that there are enough of. */
static size_t choose_size(struct tree *tree, size_t max)
{
	size_t size = tree->budget;

	for (; size; size /= 2) {
		struct cut cut = {.max = max, .size = size};

		cut_up(&cut, tree->root, true);
		if (cut.nr == max)
			break;
	}
	return size;
}

static void give_out(struct tree *tree, struct branch *branch, bool closed,
		     struct dpor_unit *unit)
{
	size_t size = branch_size(branch, SIZE_MAX - 1);

	*unit = (struct dpor_unit){
		.number = tree->number++,
		.budget = tree->budget,
		.plain = tree->plain,
		.closed = closed,
	};
	branch_path(branch, unit);
	for (size_t i = 0; i < size; i++)
		(void)cdma_vec_push(&unit->branches);
	branch_list(branch, unit->branches.at);
	branch->out = true;
	*cdma_vec_push(&tree->out) = (struct out){unit->number, branch, {0}};
}

size_t tree_round(struct tree *tree, struct dpor_unit *out, size_t max)
{
	bool done = branch_settle(&tree->pool, tree->root, true);
	struct cut cut = {.max = max};

	if (done && tree->raced && !tree->plain) {
		tree->plain = true;
		tree->root->state = DPOR_READY;
		tree->root->idle = false;
	}
	cut.size = choose_size(tree, max);
	cut.at = cdma_xcalloc(max, sizeof(*cut.at));
	cut.closed = cdma_xcalloc(max, sizeof(*cut.closed));
	cut_up(&cut, tree->root, true);
	for (size_t i = 0; i < cut.nr; i++)
		give_out(tree, cut.at[i], cut.closed[i], &out[i]);
	free(cut.at);
	free(cut.closed);
	return cut.nr;
}

static struct out take_back(struct tree *tree, uint32_t number)
{
	struct out out;

	for (size_t i = 0; i < tree->out.nr; i++) {
		if (tree->out.at[i].number != number)
			continue;
		out = tree->out.at[i];
		tree->out.at[i] = *cdma_vec_last(&tree->out);
		tree->out.nr--;
		out.branch->out = false;
		return out;
	}
	CDMA_REQUIRE(false, "unit %u is not out", number);
}

/* The row in tree->row belongs below @up. */
static void add_row(struct tree *tree, struct branch *up)
{
	size_t nr = tree->row.nr;
	struct branch *busy =
		branch_add_row(&tree->pool, up, tree->row.at, &nr);

	tree->row.nr = 0;
	for (size_t i = 0; busy && i < tree->out.nr; i++) {
		struct out *out = &tree->out.at[i];

		if (out->branch != busy)
			continue;
		for (size_t k = 0; k < nr; k++) {
			struct dpor_row_step *step = cdma_vec_push(&out->rows);

			*step = tree->row.at[k];
			step->last = k + 1 == nr;
		}
	}
}

/* What came for @branch while it was out. */
static void add_late_rows(struct tree *tree, struct branch *branch,
			  const struct out *out)
{
	for (size_t i = 0; i < out->rows.nr; i++) {
		*cdma_vec_push(&tree->row) = out->rows.at[i];
		if (out->rows.at[i].last)
			add_row(tree, branch);
	}
}

/* @up: the last step of the path but one. */
static void add_rows(struct tree *tree, struct branch *up,
		     const struct dpor_result *result)
{
	for (size_t i = 0; i < result->rows.nr; i++) {
		const struct dpor_row_step *step = &result->rows.at[i];

		*cdma_vec_push(&tree->row) = *step;
		if (step->last)
			add_row(tree, branch_above(up, step->point));
	}
}

static void learn(struct tree *tree, struct branch *up,
		  const struct dpor_result *result)
{
	uint32_t first = branch_depth(up) - (uint32_t)result->done.nr;

	for (uint32_t i = 0; i < result->done.nr; i++)
		branch_learn(&tree->pool, branch_above(up, first + i + 1),
			     &result->done.at[i]);
}

static void apply(struct tree *tree, const struct out *out,
		  const struct dpor_result *result)
{
	struct branch *branch = out->branch, *up = branch->up, *list;

	if (result->impossible != DPOR_POSSIBLE) {
		branch = branch_above(branch, result->impossible + 1);
		branch_replace(&tree->pool, branch, NULL);
		return;
	}
	list = branch_grow(&tree->pool, up, result->branches.at,
			   result->branches.nr);
	CDMA_REQUIRE(list, "unit %u came to nothing", result->number);
	if (!up) {
		branch_free(&tree->pool, branch);
		tree->root = list;
		return;
	}
	/* The footprints first, by which rows are compared. */
	learn(tree, up, result);
	branch_replace(&tree->pool, branch, list);
	add_rows(tree, up, result);
	add_late_rows(tree, list, out);
}

void tree_apply(struct tree *tree, uint32_t number,
		const struct dpor_result *result)
{
	struct out out = take_back(tree, number);

	tree->executions += result->executions;
	tree->blocked += result->blocked;
	tree->raced |= result->data_race;
	apply(tree, &out, result);
	cdma_vec_free(&out.rows);
}

void tree_lost(struct tree *tree, uint32_t number)
{
	struct out out = take_back(tree, number);

	tree->nr_lost++;
	branch_lose(&tree->pool, out.branch);
	cdma_vec_free(&out.rows);
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
