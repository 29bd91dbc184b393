/* SPDX-License-Identifier: MIT */
#include "work/work.h"

#include "base/text.h"
#include "work/crew.h"
#include "work/journal.h"
#include "work/tally-json.h"

#include <errno.h>
#include <string.h>

/* At most so many cases a round. */
#define ROUND_MAX 64

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

	/* The round. */
	uint64_t cases[ROUND_MAX];
	struct json_object *results[ROUND_MAX];
	size_t nr;
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
		json_object_object_add(result, "rest", rest);
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

/* A result of number @i of the round has come. */
static void take(struct doing *d, size_t i, struct json_object *result)
{
	int err;

	d->results[i] = result;
	d->done += runs_of(result);
	if (!d->options->journal)
		return;
	err = journal_add(d->options->journal, d->cases[i],
			  json_object_get(result));
	if (err)
		blame(d, d->cases[i], err);
}

static void lose(struct doing *d, size_t i, int signal)
{
	struct json_object *line = json_object_new_object();

	json_object_object_add(line, "crash", json_object_new_int(signal));
	if (d->options->journal)
		journal_add(d->options->journal, d->cases[i], line);
	else
		json_object_put(line);
	d->options->crashed(d->options->aux, d->cases[i], signal);
}

/* ---- a round ---- */

static void find_known(struct doing *d)
{
	for (size_t i = 0; i < d->nr; i++) {
		struct json_object *known = NULL;

		if (d->options->journal)
			known = journal_find(d->options->journal, d->cases[i]);
		d->results[i] = json_object_get(known);
		d->done += known ? runs_of(known) : 0;
	}
}

static struct json_object *task_of(struct doing *d, size_t i)
{
	return d->ops->task ? d->ops->task(d->state, d->cases[i]) : NULL;
}

static void do_alone(struct doing *d)
{
	for (size_t i = 0; i < d->nr && !d->cut; i++) {
		struct json_object *task;

		if (d->results[i])
			continue;
		task = task_of(d, i);
		take(d, i,
		     perform(d->ops, d->state, d->cases[i], task,
			     d->out->program));
		json_object_put(task);
		d->cut = progress(d, 0);
	}
}

static void do_together(struct doing *d)
{
	size_t next = 0, i;
	struct crew_end end;

	while (!d->cut) {
		while (next < d->nr && d->results[next])
			next++;
		if (next < d->nr && crew_has_room(d->crew)) {
			struct json_object *task = task_of(d, next);

			crew_give(d->crew, next, d->cases[next], task);
			json_object_put(task);
			next++;
			continue;
		}
		if (!crew_is_busy(d->crew))
			return;
		if (crew_wait(d->crew, &end)) {
			i = (size_t)end.tag;
			if (end.result)
				take(d, i, end.result);
			else
				lose(d, i, end.signal);
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

/* Case number @i of the round has its turn. */
static void settle(struct doing *d, size_t i)
{
	struct json_object *result = d->results[i], *rest = NULL;
	int err = result ? count(d, result) : 0;

	d->lost |= !result;
	if (!result && d->options->only_known)
		d->options->missing(d->options->aux, d->cases[i]);
	if (result)
		json_object_object_get_ex(result, "rest", &rest);
	/* Who stops in a round has no next one to prepare. */
	if (!err && !d->cut && d->ops->done)
		err = d->ops->done(d->state, d->cases[i], rest);
	if (err)
		blame(d, d->cases[i], err);
	json_object_put(result);
}

static void do_round(struct doing *d)
{
	find_known(d);
	if (!d->options->only_known) {
		if (d->crew)
			do_together(d);
		else
			do_alone(d);
	}
	for (size_t i = 0; i < d->nr; i++)
		settle(d, i);
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

	if (options->jobs && !options->only_known)
		d.crew = crew_new(options->jobs, perform_for_crew, &d);
	while (!d.cut && !out->has_error &&
	       out->bounded < CAMPAIGN_BOUNDED_MAX &&
	       (d.nr = ops->round(state, d.cases, ROUND_MAX)) > 0)
		do_round(&d);
	crew_free(d.crew);
	if (!d.cut && ops->cut)
		d.cut = ops->cut(state);
	if (d.lost && !d.cut)
		d.cut = options->only_known ? CAMPAIGN_MISSING : CAMPAIGN_CRASH;
	return d.cut;
}
