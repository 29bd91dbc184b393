/* SPDX-License-Identifier: MIT */
#include "explore/dpor-unit.h"

#include "base/macros.h"
#include "explore/dpor-state.h"

void dpor_unit_fini(struct dpor_unit *unit)
{
	cdma_vec_free(&unit->path);
	cdma_vec_free(&unit->beside);
}

void dpor_result_fini(struct dpor_result *result)
{
	cdma_vec_free(&result->branches);
	cdma_vec_free(&result->initials);
}

/* How much faster than its budget was used up a unit gives points away after
 * that: others may have nothing to do, as what it asks for comes with its
 * result. */
#define HURRY 64

/* A long way is given away in strides of that part of it. */
#define STRIDE 16

/* ---- exploring one ---- */

void dpor_unit_begin(struct dpor *dpor, const struct dpor_unit *unit)
{
	dpor_restart(dpor, unit->plain);
	dpor->met = false;
	dpor->unit = unit;
	dpor->shared = (uint32_t)unit->path.nr;
	dpor->executions_before = dpor->executions;
	dpor->blocked_before = dpor->blocked;
	dpor->budget = unit->budget;
	dpor->initials.nr = 0;
}

/* Who sleeps at @step, which is number @i of the way, and what else is tried
 * there. */
static void add_beside(struct dpor *dpor, uint32_t i, struct step *step)
{
	const struct dpor_unit *unit = dpor->unit;
	const struct dpor_beside *at = unit->beside.at;

	for (uint32_t k = 0; k < i; k++)
		at += unit->path.at[k].nr_beside;
	for (uint32_t k = 0; k < unit->path.at[i].nr_beside; k++) {
		const struct dpor_beside *b = &at[k];

		if (b->sleeps)
			*cdma_vec_push(&step->sleep) = (struct dpor_sleeper){
				b->actor, b->way, b->nr_ways, true, b->fp};
		else
			wakeup_add(&dpor->pool, &step->tree,
				   &(struct wakeup_step){
					   .actor = b->actor,
					   .way = b->way,
					   .nr_ways = b->nr_ways,
					   .fp = &b->fp,
				   });
	}
	step->nr_inherited = (uint32_t)step->sleep.nr;
}

uint32_t dpor_unit_next(struct dpor *dpor, struct step *step)
{
	const struct dpor_unit *unit = dpor->unit;
	const struct dpor_unit_step *want = &unit->path.at[dpor->depth];
	bool end = dpor->depth + 1 == unit->path.nr;

	step->below = NULL;
	step->doubt = false;
	add_beside(dpor, dpor->depth, step);
	step->any = want->way == DPOR_ANY_WAY;
	step->way = step->any ? 0 : want->way;
	step->forced = !end || !unit->unforced;
	step->raced = end && unit->raced;
	CDMA_REQUIRE(step->who >> want->actor & 1,
		     "step %u of a unit cannot be done", dpor->depth);
	return step_is_asleep(step, want->actor) ? DPOR_STOP : want->actor;
}

/* Give away the first point that is not shared. */
static void share(struct dpor *dpor)
{
	struct step *step = dpor->steps.at[dpor->shared++];

	for (struct wakeup *row = step->tree; row; row = row->next)
		dpor_drop(dpor, &row->child);
}

void dpor_unit_go_on(struct dpor *dpor)
{
	uint64_t begun = dpor->executions - dpor->executions_before +
			 dpor->blocked - dpor->blocked_before;
	uint32_t rest = dpor->replay - dpor->shared;

	if (!dpor->budget || begun < dpor->budget ||
	    dpor->replay <= dpor->shared)
		return;
	dpor->budget += dpor->unit->budget / HURRY + 1;
	for (uint32_t i = 0; i <= rest / STRIDE && i < rest; i++)
		share(dpor);
}

/* ---- sources ---- */

/* Whether step @k of the row could be its first. */
static bool is_initial(const struct dpor *dpor, size_t k)
{
	const struct wakeup_step *row = dpor->row.at;

	for (size_t i = 0; i < k; i++)
		if (row[i].actor == row[k].actor ||
		    footprint_conflict(row[i].fp, row[k].fp))
			return false;
	return true;
}

/* Whether each step of the row that begins at @known is in the one that begins
 * at @from, the last. */
static bool is_contained(const struct dpor *dpor, size_t known, size_t from)
{
	for (;; known++) {
		const struct dpor_initial *a = &dpor->initials.at[known];
		bool found = false;

		for (size_t i = from; i < dpor->initials.nr && !found; i++)
			found = dpor->initials.at[i].actor == a->actor &&
				dpor->initials.at[i].way == a->way;
		if (!found)
			return false;
		if (a->last)
			return true;
	}
}

/* Whether a branch for an earlier row would be one for that at @from, too. */
static bool is_asked_for(const struct dpor *dpor, size_t from, uint32_t point)
{
	bool first = true;

	for (size_t i = 0; i < from; i++) {
		if (first && dpor->initials.at[i].point == point &&
		    is_contained(dpor, i, from))
			return true;
		first = dpor->initials.at[i].last;
	}
	return false;
}

void dpor_unit_ask(struct dpor *dpor, uint32_t point)
{
	const struct step *at = dpor->steps.at[point];
	size_t from = dpor->initials.nr;

	for (size_t k = 0; k < dpor->row.nr; k++) {
		const struct wakeup_step *step = &dpor->row.at[k];

		/* Who has to wait there cannot be the first. */
		if (!(at->who >> step->actor & 1) || !is_initial(dpor, k))
			continue;
		*cdma_vec_push(&dpor->initials) = (struct dpor_initial){
			.point = point,
			.raced = step->raced,
			.actor = step->actor,
			.way = step->way,
			.nr_ways = step->nr_ways,
			.fp = *step->fp,
		};
	}
	if (dpor->initials.nr == from)
		return;
	if (is_asked_for(dpor, from, point))
		dpor->initials.nr = from;
	else
		cdma_vec_last(&dpor->initials)->last = true;
}

/* ---- what came of it ---- */

static void give(struct dpor_result *out, uint32_t level, uint8_t state,
		 const struct step *step)
{
	*cdma_vec_push(&out->branches) = (struct dpor_branch){
		.level = level,
		.state = state,
		.unforced = state == DPOR_READY,
		.actor = step->actor,
		.way = step->way,
		.nr_ways = step_ways(step),
		.fp = step->fp,
	};
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
			.actor = a->actor,
			.way = a->way,
			.nr_ways = a->nr_ways,
			.fp = a->fp,
		};
	}
}

/* What was to be tried there. */
static void give_rows(const struct step *step, uint32_t level,
		      struct dpor_result *out)
{
	for (const struct wakeup *row = step->tree; row; row = row->next)
		if (step->who >> row->actor & 1)
			*cdma_vec_push(&out->branches) = (struct dpor_branch){
				.level = level,
				.state = DPOR_READY,
				.raced = row->raced,
				.actor = row->actor,
				.way = row->way,
				.nr_ways = row->nr_ways,
				.fp = *row->fp,
			};
}

/* The points from @i on. */
static void give_points(struct dpor *dpor, uint32_t i, uint32_t level,
			struct dpor_result *out)
{
	struct step *step = dpor->steps.at[i];

	give_tried(step, level, out);
	if (i + 1 < dpor->shared) {
		give(out, level, DPOR_OPEN, step);
		give_points(dpor, i + 1, level + 1, out);
		if (step_next_way(step))
			give(out, level, DPOR_READY, step);
	}
	if (i >= dpor->unit->path.nr)
		give_rows(step, level, out);
}

static void give_branches(struct dpor *dpor, struct dpor_result *out)
{
	uint32_t length = (uint32_t)dpor->unit->path.nr;

	if (!length)
		*cdma_vec_push(&out->branches) = (struct dpor_branch){
			.state = dpor->shared ? DPOR_OPEN : DPOR_DONE,
			.nr_ways = 1,
		};
	if (dpor->shared && !dpor->asleep)
		give_points(dpor, length ? length - 1 : 0, !length, out);
}

void dpor_unit_end(struct dpor *dpor, struct dpor_result *out)
{
	CDMA_REQUIRE(dpor->unit);
	out->number = dpor->unit->number;
	out->executions = dpor->executions - dpor->executions_before;
	out->blocked = dpor->blocked - dpor->blocked_before;
	out->met = dpor->met;
	out->branches.nr = out->initials.nr = 0;
	give_branches(dpor, out);
	for (size_t i = 0; i < dpor->initials.nr; i++)
		*cdma_vec_push(&out->initials) = dpor->initials.at[i];
	for (uint32_t i = 0; i < dpor->shared && i < dpor->steps.nr; i++)
		dpor_drop(dpor, &dpor->steps.at[i]->tree);
	dpor->unit = NULL;
	dpor->asleep = false;
	dpor->shared = dpor->depth = dpor->replay = 0;
}
