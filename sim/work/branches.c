/* SPDX-License-Identifier: MIT */
#include "work/branches.h"

#include "base/macros.h"
#include "base/xalloc.h"
#include "explore/explore.h"
#include "explore/tree.h"
#include "json/must.h"
#include "work/unit-text.h"

#include <errno.h>
#include <stdlib.h>

struct branches {
	const struct program *program;
	const struct campaign_options *options;
	struct tree *tree;
	struct dpor_unit units[BRANCHES_OUT]; /* that are out */
	size_t nr;
	uint64_t most[BRANCHES_OUT]; /* runs that each of them may make */
	bool cut; /* there are more executions than may be tried */

	/* Of a worker, once there is something to run. */
	struct explorer *explorer;
	struct machine *machine;
};

struct branches *branches_new(const struct program *program,
			      const struct campaign_options *options)
{
	struct branches *b = cdma_xcalloc(1, sizeof(*b));

	b->program = program;
	b->options = options;
	b->tree = tree_new(BRANCHES_MANY);
	return b;
}

void branches_free(struct branches *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->nr; i++)
		dpor_unit_fini(&b->units[i]);
	tree_free(b->tree);
	machine_free(b->machine);
	explorer_free(b->explorer);
	free(b);
}

/* ---- who deals them out ---- */

/* After how many executions a unit gives something away: few at first, when
 * nobody else has anything to do, and the more the more there have been, since
 * what is given away costs more than what is not (explore/dpor-unit.h). */
static uint64_t choose_budget(uint64_t done)
{
	uint64_t budget = done / 8;

	if (budget < BRANCHES_FEW)
		return BRANCHES_FEW;
	return budget < BRANCHES_MANY ? budget : BRANCHES_MANY;
}

/* Whether no unit that is out can use up what may still be tried. */
static bool is_plenty(uint64_t left, uint64_t budget)
{
	return left / BRANCHES_OUT / BRANCHES_LONGEST >= budget;
}

static size_t branches_next(void *state, uint64_t *cases, size_t max)
{
	struct branches *b = state;
	uint64_t done = tree_executions(b->tree);
	uint64_t left = b->options->schedules - done;
	uint64_t budget = choose_budget(done);
	size_t nr;

	if (max > BRANCHES_OUT - b->nr)
		max = BRANCHES_OUT - b->nr;
	/* When not many may be tried there is one unit at a time, so that there
	 * is not one execution too many. */
	if (!is_plenty(left, budget))
		max = b->nr ? 0 : 1;
	if (b->cut || !max)
		return 0;
	nr = tree_round(b->tree, &b->units[b->nr], max);
	for (size_t i = 0; i < nr; i++, b->nr++) {
		b->units[b->nr].budget = budget;
		b->most[b->nr] = is_plenty(left, budget)
					 ? budget * BRANCHES_LONGEST
					 : left;
		cases[i] = b->units[b->nr].number;
	}
	b->cut = nr && !left;
	return b->cut ? 0 : nr;
}

/* Unit number @nr is not out any longer. */
static void forget_unit(struct branches *b, uint64_t nr)
{
	for (size_t i = 0; i < b->nr; i++) {
		if (b->units[i].number != nr)
			continue;
		dpor_unit_fini(&b->units[i]);
		b->nr--;
		b->units[i] = b->units[b->nr];
		b->most[i] = b->most[b->nr];
		return;
	}
}

static struct json_object *branches_task(void *state, uint64_t nr)
{
	struct branches *b = state;
	struct json_object *json = must_object();
	struct cdma_text text = {0};
	size_t i = 0;

	while (b->units[i].number != nr)
		i++;
	unit_to_text(&text, &b->units[i]);
	must_add(json, "unit", must_string(text.at));
	must_add(json, "most", must_uint64(b->most[i]));
	cdma_text_fini(&text);
	return json;
}

static int branches_done(void *state, uint64_t nr, struct json_object *json)
{
	struct branches *b = state;
	struct dpor_result result = {0};
	int err = 0;

	forget_unit(b, nr);
	/* It was lost, or has made as many runs as it may. */
	if (!json_object_get_string_len(json)) {
		b->cut |= json != NULL;
		tree_lost(b->tree, (uint32_t)nr);
		return 0;
	}
	err = result_from_text(json_object_get_string(json),
			       (size_t)json_object_get_string_len(json),
			       &result);
	if (!err && result.number != nr)
		err = -EINVAL;
	if (!err)
		tree_apply(b->tree, (uint32_t)nr, &result);
	dpor_result_fini(&result);
	return err;
}

static enum campaign_cut branches_cut(void *state)
{
	const struct branches *b = state;

	return b->cut ? CAMPAIGN_COUNT : CAMPAIGN_WHOLE;
}

/* ---- who explores one ---- */

static void note_schedule(void *aux, struct tally_finding *found)
{
	const struct branches *b = aux;

	explorer_schedule(b->explorer, &found->schedule);
	found->has_schedule = true;
}

static void set_up(struct branches *b)
{
	struct machine_options options = b->options->machine;

	if (b->machine)
		return;
	b->explorer = explorer_new();
	options.strategy = &strategy_explore;
	options.strategy_state = b->explorer;
	b->machine = machine_new(b->program, &options);
	machine_observe(b->machine, explorer_observer(b->explorer));
}

static void read_task(struct json_object *task, struct dpor_unit *unit,
		      uint64_t *most)
{
	struct json_object *text = json_object_object_get(task, "unit");

	CDMA_REQUIRE(!unit_from_text(json_object_get_string(text),
				     (size_t)json_object_get_string_len(text),
				     unit));
	*most = json_object_get_uint64(json_object_object_get(task, "most"));
}

static struct json_object *end_unit(struct branches *b)
{
	struct dpor_result out = {0};
	struct cdma_text text = {0};
	struct json_object *json;

	explorer_unit_end(b->explorer, &out);
	result_to_text(&text, &out);
	json = must_string(text.at);
	cdma_text_fini(&text);
	dpor_result_fini(&out);
	return json;
}

/* Who gives up in the middle has no result, and nobody goes on. */
static struct json_object *branches_perform(void *state, uint64_t nr,
					    struct json_object *task,
					    struct tally *tally)
{
	struct branches *b = state;
	struct dpor_unit unit = {0};
	struct json_object *json = NULL;
	struct run_result result;
	uint64_t most;
	bool more = true;

	(void)nr;
	read_task(task, &unit, &most);
	set_up(b);
	tally->news = note_schedule;
	tally->aux = b;
	explorer_unit_begin(b->explorer, &unit);
	while (more && tally->runs < most &&
	       tally->bounded < CAMPAIGN_BOUNDED_MAX) {
		machine_run(b->machine, 0, 0, &result);
		if (!tally_count(tally, b->machine, &result, tally->runs))
			break;
		more = explorer_next(b->explorer);
	}
	if (!more)
		json = end_unit(b);
	else if (tally->runs == most)
		json = must_string("");
	dpor_unit_fini(&unit);
	return json;
}

const struct work_ops work_branches = {
	.next = branches_next,
	.task = branches_task,
	.perform = branches_perform,
	.done = branches_done,
	.cut = branches_cut,
};
