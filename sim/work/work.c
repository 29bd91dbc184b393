/* SPDX-License-Identifier: MIT */
#include "work/work.h"

#include "base/text.h"
#include "json/must.h"
#include "work/crew.h"
#include "work/journal.h"
#include "work/tally-json.h"

#include <errno.h>
#include <string.h>

/* Cases at hand, at most. */
#define CASES_MAX 64

enum stage {
	CASE_WAITS,
	CASE_GIVEN, /* somebody does it */
	CASE_OVER
};

/* A case at hand. */
struct work_case {
	uint64_t nr;
	enum stage stage;
	struct json_object *result; /* of one that is over; NULL: lost */
};

struct doing {
	const struct work_ops *ops;
	void *state;
	const struct work_options *options;
	struct tally *out;
	struct cdma_text *err;
	struct crew *crew; /* NULL: this process does it */
	enum campaign_cut cut;
	uint64_t done; /* runs, for the progress */
	bool lost;     /* some case has no result */
	bool is_told;  /* that there are few processes */

	struct work_case cases[CASES_MAX]; /* by number */
	size_t nr;
	uint64_t settled; /* cases that were at hand before */
};

/* Something is wrong with a journal, and no more is done. */
static void blame(struct doing *d, uint64_t nr, int err)
{
	cdma_text_addf(d->err, "journal: case %llu: %s", (unsigned long long)nr,
		       err == -EINVAL ? "this is not what a case shows"
				      : strerror(-err));
	d->cut = CAMPAIGN_JOURNAL;
}

static enum campaign_cut progress(void *aux, uint64_t runs)
{
	struct doing *d = aux;
	const struct work_options *o = d->options;

	return o->progress ? o->progress(o->aux, d->done + runs)
			   : CAMPAIGN_WHOLE;
}

/* Do a case here.  NULL: it was not done to its end. */
static struct json_object *perform(const struct work_ops *ops, void *state,
				   uint64_t nr, struct json_object *task,
				   const struct program *program)
{
	struct json_object *result, *rest;
	struct tally tally;

	tally_init(&tally, program);
	rest = ops->perform(state, nr, task, &tally);
	result = tally_to_json(&tally);
	if (rest)
		must_add(result, "rest", rest);
	tally_fini(&tally);
	return result;
}

static struct json_object *perform_for_crew(void *aux, uint64_t nr,
					    struct json_object *task)
{
	struct doing *d = aux;

	return perform(d->ops, d->state, nr, task, d->out->program);
}

static uint64_t runs_of(struct json_object *result)
{
	struct json_object *runs = NULL;

	json_object_object_get_ex(result, "runs", &runs);
	return json_object_get_uint64(runs);
}

/* The result of @c has come. */
static void take(struct doing *d, struct work_case *c,
		 struct json_object *result)
{
	int err;

	c->stage = CASE_OVER;
	c->result = result;
	d->done += runs_of(result);
	if (!d->options->journal)
		return;
	err = journal_add(d->options->journal, c->nr, json_object_get(result));
	if (err)
		blame(d, c->nr, err);
}

static void lose(struct doing *d, struct work_case *c, int signal)
{
	struct json_object *line = must_object();
	int err = 0;

	c->stage = CASE_OVER;
	must_add(line, "crash", must_int(signal));
	if (d->options->journal)
		err = journal_add(d->options->journal, c->nr, line);
	else
		json_object_put(line);
	d->options->crashed(d->options->aux, c->nr, signal);
	if (err)
		blame(d, c->nr, err);
}

/* Who did @c could not go on, and has said why. */
static void give_up(struct doing *d, struct work_case *c)
{
	c->stage = CASE_OVER;
	d->cut = CAMPAIGN_MACHINE;
}

/* ---- cases at hand ---- */

/* Take in those that can be done by now. */
static void refill(struct doing *d)
{
	uint64_t nrs[CASES_MAX];
	size_t more = d->ops->next(d->state, nrs, CASES_MAX - d->nr);

	for (size_t i = 0; i < more; i++) {
		struct work_case *c = &d->cases[d->nr++];
		struct json_object *known = NULL;

		if (d->options->journal)
			known = journal_find(d->options->journal, nrs[i]);
		*c = (struct work_case){nrs[i], CASE_WAITS, NULL};
		if (known) {
			c->result = json_object_get(known);
			d->done += runs_of(known);
		}
		if (known || d->options->only_known)
			c->stage = CASE_OVER;
	}
}

static struct json_object *task_of(struct doing *d, const struct work_case *c)
{
	return d->ops->task ? d->ops->task(d->state, c->nr) : NULL;
}

/* The first is done here. */
static void do_alone(struct doing *d)
{
	struct work_case *c = &d->cases[0];
	struct json_object *task = task_of(d, c);

	take(d, c, perform(d->ops, d->state, c->nr, task, d->out->program));
	json_object_put(task);
	d->cut = progress(d, 0);
}

/* Give the crew what it has room for. */
static void give(struct doing *d)
{
	for (size_t i = 0; i < d->nr; i++) {
		struct work_case *c = &d->cases[i];
		struct json_object *task;

		if (c->stage != CASE_WAITS)
			continue;
		if (!crew_has_room(d->crew))
			break;
		task = task_of(d, c);
		crew_give(d->crew, d->settled + i, c->nr, task);
		json_object_put(task);
		c->stage = CASE_GIVEN;
	}
}

/* Whether there is anybody; that there are fewer than were wanted is told. */
static bool has_crew(struct doing *d)
{
	int err;
	unsigned int nr = crew_size(d->crew, &err);

	if (err && !d->is_told)
		d->options->fewer(d->options->aux, nr, err);
	d->is_told |= err != 0;
	return nr;
}

/* All that there is room for is done, until the first is. */
static void do_together(struct doing *d)
{
	struct crew_end end;

	while (!d->cut && d->cases[0].stage != CASE_OVER) {
		give(d);
		if (!has_crew(d)) {
			do_alone(d);
			return;
		}
		if (crew_wait(d->crew, &end)) {
			struct work_case *c = &d->cases[end.tag - d->settled];

			if (end.result)
				take(d, c, end.result);
			else if (end.gave_up)
				give_up(d, c);
			else
				lose(d, c, end.signal);
		}
		if (!d->cut)
			d->cut = progress(d, 0);
	}
}

/* Count a result. */
static int count(struct doing *d, struct json_object *result)
{
	struct tally tally;
	int err;

	tally_init(&tally, d->out->program);
	err = tally_from_json(result, &tally);
	if (!err)
		tally_merge(d->out, &tally);
	tally_fini(&tally);
	return err;
}

/* The first case at hand has its turn. */
static void settle(struct doing *d)
{
	struct work_case c = d->cases[0];
	struct json_object *rest = NULL;
	int err = c.result ? count(d, c.result) : 0;

	d->nr--;
	d->settled++;
	memmove(d->cases, d->cases + 1, d->nr * sizeof(*d->cases));
	d->lost |= !c.result;
	if (!c.result && d->options->only_known)
		d->options->missing(d->options->aux, c.nr);
	if (c.result)
		json_object_object_get_ex(c.result, "rest", &rest);
	/* Who stops has no other case to prepare. */
	if (!err && !d->cut && d->ops->done)
		err = d->ops->done(d->state, c.nr, rest);
	if (err)
		blame(d, c.nr, err);
	json_object_put(c.result);
}

static bool has_to_end(const struct doing *d)
{
	return d->cut || d->out->has_error ||
	       d->out->bounded >= CAMPAIGN_BOUNDED_MAX;
}

enum campaign_cut work_do(const struct work_ops *ops, void *state,
			  const struct work_options *options, struct tally *out,
			  struct cdma_text *err)
{
	struct doing d = {
		.ops = ops,
		.state = state,
		.options = options,
		.out = out,
		.err = err,
	};
	int status;

	if (options->jobs && !options->only_known)
		d.crew = crew_new(options->jobs, perform_for_crew, &d);
	while (!has_to_end(&d)) {
		refill(&d);
		if (!d.nr)
			break;
		if (d.crew)
			do_together(&d);
		else if (d.cases[0].stage != CASE_OVER)
			do_alone(&d);
		settle(&d);
	}
	status = crew_free(d.crew);
	if (status && options->exited)
		options->exited(options->aux, status);
	/* What was done beyond the end of a search that was cut counts, too. */
	while (d.nr) {
		if (!d.cut)
			json_object_put(d.cases[--d.nr].result);
		else
			settle(&d);
	}
	if (!d.cut && ops->cut)
		d.cut = ops->cut(state);
	if (d.lost && !d.cut)
		d.cut = options->only_known ? CAMPAIGN_MISSING : CAMPAIGN_CRASH;
	return d.cut;
}
