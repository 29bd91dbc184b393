/* SPDX-License-Identifier: MIT */
#include "axiom/prune.h"

/* What may be read at a location. */
struct stored {
	CDMA_VEC(int64_t) values;
	bool is_any; /* something is computed */
};

static bool has(const struct stored *at, int64_t value)
{
	for (size_t i = 0; i < at->values.nr; i++)
		if (at->values.at[i] == value)
			return true;
	return at->is_any;
}

static void add_path(struct stored *stored, const struct path *path)
{
	for (unsigned int i = 0; i < path->nr_events; i++) {
		const struct path_event *ev = &path->events[i];
		struct stored *at;

		if (!ev->writes || !ev->stored || ev->loc == NO_LOC)
			continue;
		at = &stored[ev->loc];
		if (ev->stored->kind != VALUE_NUMBER)
			at->is_any = true;
		else if (!has(at, ev->stored->number))
			*cdma_vec_push(&at->values) = ev->stored->number;
	}
}

static void gather(struct stored *stored, const struct path_list *lists,
		   const struct litmus *test)
{
	for (size_t i = 0; i < test->locs.nr; i++) {
		stored[i].values.nr = 0;
		stored[i].is_any = false;
		*cdma_vec_push(&stored[i].values) = test->locs.at[i].init;
	}
	for (size_t t = 0; t < test->threads.nr; t++)
		for (size_t i = 0; i < lists[t].all.nr; i++)
			add_path(stored, &lists[t].all.at[i]);
}

static bool is_possible(const struct stored *stored, const struct path *path)
{
	for (unsigned int i = 0; i < path->nr_demands; i++) {
		const struct demand *d = &path->demands[i];
		const struct path_event *read;

		if (d->differs || d->value->kind != VALUE_READ)
			continue;
		read = &path->events[d->value->read];
		if (read->loc != NO_LOC && !has(&stored[read->loc], d->number))
			return false;
	}
	return true;
}

static bool prune_list(struct path_list *list, const struct stored *stored)
{
	size_t nr = 0, before = list->all.nr;

	for (size_t i = 0; i < before; i++)
		if (is_possible(stored, &list->all.at[i]))
			list->all.at[nr++] = list->all.at[i];
	list->all.nr = nr;
	return nr < before;
}

/* What is taken away stores nothing any more. */
void paths_prune(struct path_list *lists, const struct litmus *test)
{
	struct stored *stored =
		cdma_xcalloc(test->locs.nr + 1, sizeof(*stored));
	bool more = true;

	while (more) {
		more = false;
		gather(stored, lists, test);
		for (size_t t = 0; t < test->threads.nr; t++)
			more |= prune_list(&lists[t], stored);
	}
	for (size_t i = 0; i < test->locs.nr; i++)
		cdma_vec_free(&stored[i].values);
	free(stored);
}
