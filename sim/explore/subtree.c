/* SPDX-License-Identifier: MIT */
#include "explore/subtree.h"

#include "base/macros.h"
#include "explore/branch.h"
#include "explore/dpor-state.h"

#include <stdlib.h>

struct subtree {
	struct dpor *dpor;            /* borrowed */
	const struct dpor_unit *unit; /* borrowed */
	struct branch_pool pool;
	/* The point that the unit's branch is at, as if it were a root; the
	 * branch itself when that is a root. */
	struct branch *top;
	uint32_t base; /* steps from the root to there */

	struct dpor_unit part; /* what the dpor explores; all of what is left */
	struct dpor_result came;
	struct branch *branch; /* that the part is */

	struct dpor_result result;
	/* Rows that begin at the points up to base, as they are collected. */
	struct wakeup **outer; /* owned */
	struct wakeup_pool rows;
	CDMA_VEC(struct dpor_row_step) row;
	CDMA_VEC(struct wakeup_step) outer_row;
};

/* The way to the unit's branch without its own step, and all that sleeps beside
 * it. */
static void begin_path(const struct subtree *s, struct dpor_unit *part)
{
	const struct dpor_unit *unit = s->unit;

	part->path.nr = part->before.nr = part->branches.nr = 0;
	for (uint32_t i = 0; i < s->base; i++)
		*cdma_vec_push(&part->path) = unit->path.at[i];
	for (size_t i = 0; i < unit->before.nr; i++)
		*cdma_vec_push(&part->before) = unit->before.at[i];
	/* Nobody has looked at the path before the first part has. */
	part->first = s->base;
	if (unit->first < s->base && !s->result.done.nr)
		part->first = unit->first;
}

static uint64_t begun(const struct subtree *s)
{
	return s->result.executions + s->result.blocked;
}

static void settle(struct subtree *s)
{
	bool explored = true;

	if (!s->unit->path.nr) {
		branch_settle(&s->pool, s->top, true);
		return;
	}
	for (struct branch *c = s->top->child; c; c = c->next)
		explored &= branch_settle(
			&s->pool, c,
			!c->inner || (explored && s->unit->closed));
}

/* Whether there is something left to explore, which the dpor is then told. */
static bool begin_part(struct subtree *s)
{
	const struct dpor_unit *unit = s->unit;
	struct dpor_unit *part = &s->part;

	settle(s);
	s->branch = branch_first(s->top);
	if (!s->branch || (unit->budget && begun(s) >= unit->budget))
		return false;
	begin_path(s, part);
	branch_path(s->branch, part);
	if (unit->path.nr)
		part->path.at[s->base].nr_before +=
			unit->path.at[s->base].nr_before;
	part->plain = unit->plain;
	part->budget = unit->budget ? unit->budget - begun(s) : 0;
	(void)cdma_vec_push(&part->branches);
	branch_list(s->branch, part->branches.at);
	dpor_unit_begin(s->dpor, part);
	return true;
}

struct subtree *subtree_begin(struct dpor *dpor, const struct dpor_unit *unit)
{
	static const struct dpor_branch point = {
		.state = DPOR_OPEN, .known = true, .nr_ways = 1};
	struct subtree *s = cdma_xcalloc(1, sizeof(*s));

	s->dpor = dpor;
	s->unit = unit;
	s->result.number = unit->number;
	s->result.impossible = DPOR_POSSIBLE;
	if (unit->path.nr) {
		s->base = (uint32_t)unit->path.nr - 1;
		s->top = branch_new(&s->pool, NULL, &point);
		s->top->child = branch_grow(&s->pool, s->top, unit->branches.at,
					    unit->branches.nr);
	} else {
		s->top = branch_grow(&s->pool, NULL, unit->branches.at,
				     unit->branches.nr);
	}
	s->outer = cdma_xcalloc(s->base + 1, sizeof(*s->outer));
	CDMA_REQUIRE(begin_part(s), "unit %u is explored", unit->number);
	return s;
}

/* The row in s->row begins at @point, which is not below the branch. */
static void add_outer_row(struct subtree *s, uint32_t point)
{
	s->outer_row.nr = 0;
	for (size_t i = 0; i < s->row.nr; i++) {
		const struct dpor_row_step *step = &s->row.at[i];

		*cdma_vec_push(&s->outer_row) = (struct wakeup_step){
			.actor = step->actor,
			.way = step->way,
			.nr_ways = step->nr_ways,
			.fp = &step->fp,
		};
	}
	wakeup_collect(&s->rows, &s->outer[point], s->outer_row.at,
		       s->outer_row.nr);
}

/* @up: what the part's branch was a child of; NULL: it was the top. */
static void add_rows(struct subtree *s, struct branch *up)
{
	for (size_t i = 0; i < s->came.rows.nr; i++) {
		const struct dpor_row_step *step = &s->came.rows.at[i];

		*cdma_vec_push(&s->row) = *step;
		if (!step->last)
			continue;
		if (s->unit->path.nr && step->point <= s->base) {
			add_outer_row(s, step->point);
		} else {
			uint32_t depth = step->point - s->base;
			size_t nr = s->row.nr;

			branch_add_row(&s->pool, branch_above(up, depth),
				       s->row.at, &nr);
		}
		s->row.nr = 0;
	}
}

/* What the steps of the part's path did. */
static void learn(struct subtree *s, struct branch *up)
{
	uint32_t i = s->part.first;

	for (size_t k = 0; k < s->came.done.nr; k++, i++) {
		const struct dpor_done *done = &s->came.done.at[k];

		if (i < s->base)
			*cdma_vec_push(&s->result.done) = *done;
		else
			branch_learn(&s->pool,
				     branch_above(up, i - s->base + 1), done);
	}
}

/* The part's branch begins with steps that nobody can do. */
static void cut_off(struct subtree *s)
{
	uint32_t i = s->came.impossible;

	if (s->unit->path.nr && i <= s->base) {
		s->result.impossible = i;
		return;
	}
	branch_replace(&s->pool, branch_above(s->branch, i - s->base + 1),
		       NULL);
}

static void end_part(struct subtree *s)
{
	struct branch *up = s->branch->up, *list;

	dpor_unit_end(s->dpor, &s->came);
	s->result.executions += s->came.executions;
	s->result.blocked += s->came.blocked;
	if (s->came.impossible != DPOR_POSSIBLE) {
		cut_off(s);
		return;
	}
	list = branch_grow(&s->pool, up, s->came.branches.at,
			   s->came.branches.nr);
	if (!up) {
		branch_free(&s->pool, s->branch);
		s->top = list;
		return;
	}
	learn(s, up);
	branch_replace(&s->pool, s->branch, list);
	add_rows(s, up);
}

bool subtree_next(struct subtree *s)
{
	if (dpor_end(s->dpor))
		return true;
	end_part(s);
	return s->result.impossible == DPOR_POSSIBLE && begin_part(s);
}

static void give_branch(struct dpor_result *result, const struct branch *branch)
{
	size_t first = result->branches.nr;
	size_t size = branch_size(branch, SIZE_MAX - 1);

	for (size_t i = 0; i < size; i++)
		(void)cdma_vec_push(&result->branches);
	branch_list(branch, &result->branches.at[first]);
}

void subtree_end(struct subtree *s, struct dpor_result *out)
{
	if (s->result.impossible == DPOR_POSSIBLE) {
		if (s->unit->path.nr)
			for (struct branch *c = s->top->child; c; c = c->next)
				give_branch(&s->result, c);
		else
			give_branch(&s->result, s->top);
		for (uint32_t i = 0; s->unit->path.nr && i <= s->base; i++)
			dpor_give_rows(s->dpor, s->outer[i], i, &s->result);
	}
	dpor_result_fini(out);
	*out = s->result;
	dpor_unit_fini(&s->part);
	dpor_result_fini(&s->came);
	branch_pool_fini(&s->pool);
	wakeup_pool_fini(&s->rows);
	free(s->outer);
	cdma_vec_free(&s->row);
	cdma_vec_free(&s->outer_row);
	free(s);
}
