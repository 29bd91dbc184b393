/* SPDX-License-Identifier: MIT */
#include "explore/dpor-unit.h"

#include "base/macros.h"
#include "explore/dpor-state.h"

#include <string.h>

void dpor_unit_fini(struct dpor_unit *unit)
{
	cdma_vec_free(&unit->path);
	cdma_vec_free(&unit->before);
	cdma_vec_free(&unit->branches);
}

void dpor_result_fini(struct dpor_result *result)
{
	cdma_vec_free(&result->done);
	cdma_vec_free(&result->branches);
	cdma_vec_free(&result->rows);
}

void dpor_unit_begin(struct dpor *dpor, const struct dpor_unit *unit)
{
	dpor_restart(dpor, unit->plain);
	dpor->unit = unit;
	dpor->shared = (uint32_t)unit->path.nr;
	dpor->executions_before = dpor->executions;
	dpor->blocked_before = dpor->blocked;
}

/* Those who sleep at @step because of what was tried there before. */
static void add_before(const struct dpor_unit *unit, uint32_t i,
		       struct step *step)
{
	size_t at = 0;

	for (uint32_t k = 0; k < i; k++)
		at += unit->path.at[k].nr_before;
	for (uint32_t k = 0; k < unit->path.at[i].nr_before; k++)
		*cdma_vec_push(&step->sleep) = unit->before.at[at + k];
	step->nr_inherited = (uint32_t)step->sleep.nr;
}

uint32_t dpor_unit_next(struct dpor *dpor, struct step *step)
{
	const struct dpor_unit *unit = dpor->unit;
	const struct dpor_unit_step *want = &unit->path.at[dpor->depth];
	bool end = dpor->depth + 1 == dpor->shared;

	add_before(unit, dpor->depth, step);
	step->below = NULL;
	step->way = want->way == DPOR_ANY_WAY ? 0 : want->way;
	step->forced = !end || !unit->branches.at[0].unforced;
	step->raced = end && unit->branches.at[0].raced;
	if (step->who >> want->actor & 1 &&
	    !(want->way == DPOR_ANY_WAY && step_is_asleep(step, want->actor)))
		return want->actor;
	dpor->impossible = dpor->depth;
	return DPOR_STOP;
}

bool dpor_unit_is_spent(const struct dpor *dpor)
{
	uint64_t begun = dpor->executions - dpor->executions_before +
			 dpor->blocked - dpor->blocked_before;

	return dpor->unit && dpor->unit->budget && begun >= dpor->unit->budget;
}

/* Each way from the root to where a row of @tree ends is one that begins at
 * @point, with what is in dpor->row already before it. */
static void give_rows(struct dpor *dpor, const struct wakeup *tree,
		      uint32_t point, struct dpor_result *out)
{
	for (; tree; tree = tree->next) {
		*cdma_vec_push(&dpor->row) = (struct wakeup_step){
			.actor = tree->actor,
			.way = tree->way,
			.nr_ways = tree->nr_ways,
			.fp = tree->fp,
		};
		for (size_t i = 0; tree->ends && i < dpor->row.nr; i++) {
			const struct wakeup_step *step = &dpor->row.at[i];

			*cdma_vec_push(&out->rows) = (struct dpor_row_step){
				.point = point,
				.last = i + 1 == dpor->row.nr,
				.actor = step->actor,
				.way = step->way,
				.nr_ways = step->nr_ways,
				.fp = *step->fp,
			};
		}
		/* What goes on comes next: it is covered if this is added. */
		give_rows(dpor, tree->child, point, out);
		dpor->row.nr--;
	}
}

void dpor_give_rows(struct dpor *dpor, const struct wakeup *tree,
		    uint32_t point, struct dpor_result *out)
{
	dpor->row.nr = 0;
	give_rows(dpor, tree, point, out);
}

/* What @step of the path did.  It is settled for its next way by that. */
static struct dpor_done what_it_did(struct step *step)
{
	struct dpor_done done = {
		.way = step->way,
		.nr_ways = step_ways(step),
		.fp = step->fp,
	};

	done.has_next = step_next_way(step);
	if (done.has_next)
		done.next = step->way;
	return done;
}

static void give_tree(const struct wakeup *tree, uint32_t level,
		      struct dpor_result *out)
{
	for (; tree; tree = tree->next) {
		*cdma_vec_push(&out->branches) = (struct dpor_branch){
			.level = level,
			.state = tree->child ? DPOR_OPEN : DPOR_READY,
			.raced = !tree->child,
			.inner = tree->child,
			.actor = tree->actor,
			.way = tree->way,
			.nr_ways = tree->nr_ways,
			.fp = *tree->fp,
		};
		give_tree(tree->child, level + 1, out);
	}
}

/* What has been tried at the point of @step. */
static void give_tried(const struct step *step, uint32_t level,
		       struct dpor_result *out)
{
	for (size_t i = step->nr_inherited; i < step->sleep.nr; i++) {
		const struct dpor_sleeper *a = &step->sleep.at[i];

		*cdma_vec_push(&out->branches) = (struct dpor_branch){
			.level = level,
			.state = DPOR_DONE,
			.known = true,
			.actor = a->actor,
			.way = a->way,
			.nr_ways = a->nr_ways,
			.fp = a->fp,
		};
	}
}

/* The step that @step is settled for.  @last: it has not been done. */
static void give_current(const struct step *step, uint32_t level, bool last,
			 struct dpor_result *out)
{
	*cdma_vec_push(&out->branches) = (struct dpor_branch){
		.level = level,
		.state = last && !step->below ? DPOR_READY : DPOR_OPEN,
		.known = !last,
		.unforced = last && !step->forced,
		.raced = last && step->forced,
		.inner = last && step->below,
		.actor = step->actor,
		.way = step->way,
		.nr_ways =
			last && step->forced ? step->row_ways : step_ways(step),
		.fp = step->fp,
	};
}

/* The further ways of @step, which has been done. */
static void give_next_way(struct step *step, uint32_t level,
			  struct dpor_result *out)
{
	if (!step_next_way(step))
		return;
	give_current(step, level, true, out);
}

/* What is left at the points from @i on. */
static void give_points(struct dpor *dpor, uint32_t i, uint32_t level,
			struct dpor_result *out)
{
	struct step *step = dpor->steps.at[i];
	bool last = i + 1 == dpor->depth;

	give_tried(step, level, out);
	give_current(step, level, last, out);
	if (last) {
		give_tree(step->below, level + 1, out);
	} else {
		give_points(dpor, i + 1, level + 1, out);
		give_next_way(step, level, out);
	}
	dpor_drop(dpor, &step->below);
	if (i < dpor->shared)
		return;
	give_tree(step->tree, level, out);
	dpor_drop(dpor, &step->tree);
}

static void give_branches(struct dpor *dpor, struct dpor_result *out)
{
	uint32_t top = dpor->shared ? dpor->shared - 1 : 0;
	bool rest = dpor->depth > top;

	if (!dpor->shared)
		*cdma_vec_push(&out->branches) = (struct dpor_branch){
			.state = rest ? DPOR_OPEN : DPOR_DONE,
			.known = true,
			.nr_ways = 1,
		};
	if (rest)
		give_points(dpor, top, !dpor->shared, out);
	else if (dpor->shared)
		give_tried(dpor->steps.at[top], 0, out);
}

static void give_all(struct dpor *dpor, struct dpor_result *out)
{
	for (uint32_t i = dpor->unit->first; i + 1 < dpor->shared; i++)
		*cdma_vec_push(&out->done) = what_it_did(dpor->steps.at[i]);
	give_branches(dpor, out);
	for (uint32_t i = 0; i < dpor->shared; i++) {
		struct step *step = dpor->steps.at[i];

		dpor_give_rows(dpor, step->tree, i, out);
		dpor_drop(dpor, &step->tree);
	}
}

void dpor_unit_end(struct dpor *dpor, struct dpor_result *out)
{
	CDMA_REQUIRE(dpor->unit);
	out->number = dpor->unit->number;
	out->impossible = dpor->impossible;
	out->executions = dpor->executions - dpor->executions_before;
	out->blocked = dpor->blocked - dpor->blocked_before;
	out->data_race = false;
	out->done.nr = out->branches.nr = out->rows.nr = 0;
	if (dpor->impossible == DPOR_POSSIBLE)
		give_all(dpor, out);
	dpor->unit = NULL;
	dpor->shared = dpor->depth = dpor->replay = 0;
	dpor->impossible = DPOR_POSSIBLE;
}
