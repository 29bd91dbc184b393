/* SPDX-License-Identifier: MIT */
#ifndef WORK_WORK_H
#define WORK_WORK_H

/*
 * Work: what there is to run of one variant, cut into cases.
 *
 * A case is a part that somebody can do who knows nothing of the others: some
 * schedules of a seed, the executions below some branch of the tree.  Cases are
 * numbered from 0, and the same settings give the same cases, however many
 * workers do them and whoever was killed in between.
 *
 * Several cases can be done at once, and in any order; which come next may
 * depend on what came of those before them, which is said in the order of their
 * numbers.
 *
 * To add a way to cut work up: a file with a const instance of the ops.
 */

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

#include "run/campaign.h"
#include "run/tally.h"

struct journal;

struct work_ops {
	/* More cases that can be done now, at most @max.  Asked at first, and
	 * after each done().  0: none can; if none is left to be done, all has
	 * been. */
	size_t (*next)(void *state, uint64_t *cases, size_t max);

	/* What has to be known to do case @nr besides its number.  Owns: the
	 * caller.  NULL: nothing. */
	struct json_object *(*task)(void *state, uint64_t nr);

	/*
	 * Do case @nr.  It may run in a copy of the process that was made
	 * before: what it needs of this one is in @task.
	 *
	 * @tally: counts the runs.
	 * Returns: what done() needs besides; or NULL.  Owns: the caller.
	 */
	struct json_object *(*perform)(void *state, uint64_t nr,
				       struct json_object *task,
				       struct tally *tally);

	/*
	 * Case @nr was done, and @result is what perform() made of it; NULL: it
	 * is lost.  Called in the order of the numbers.  NULL: nothing depends
	 * on it.
	 *
	 * Errors: -EINVAL  it cannot be such a result
	 */
	int (*done)(void *state, uint64_t nr, struct json_object *result);

	/* There are no more cases: why, when not all has been done.  NULL: it
	 * always has. */
	enum campaign_cut (*cut)(void *state);
};

struct work_options {
	unsigned int jobs; /* processes; 0: this one does it */
	/* What has been done before, and where to write what is.  May be NULL;
	 * borrowed. */
	struct journal *journal;
	bool only_known; /* nothing is run: what the journal has is all */

	/* Called now and then; as in campaign.h. */
	enum campaign_cut (*progress)(void *aux, uint64_t done);
	/* A worker died of @signal, 0: it ended, doing case @nr. */
	void (*crashed)(void *aux, uint64_t nr, int signal);
	/* Processes: there can be no more than @nr, 0: this one, because of
	 * @err.  Once. */
	void (*fewer)(void *aux, unsigned int nr, int err);
	/* A worker ended by itself with @status, which is not 0 and not ours.
	 * NULL: nobody wants to know. */
	void (*exited)(void *aux, int status);
	/* Of only_known: nothing is known of case @nr. */
	void (*missing)(void *aux, uint64_t nr);
	void *aux;
};

/*
 * Do all cases, and count what they showed in @out.
 *
 * @err: what is wrong with the journal, when something is.
 *
 * Returns: what stopped it; CAMPAIGN_WHOLE: nothing.
 */
enum campaign_cut work_do(const struct work_ops *ops, void *state,
			  const struct work_options *options, struct tally *out,
			  struct cdma_text *err);

#endif /* WORK_WORK_H */
