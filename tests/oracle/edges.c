/* SPDX-License-Identifier: MIT */
#include "edges.h"

#include <stdlib.h>
#include <string.h>

#include "actor.h"
#include "fiber.h"

/* The questions of one entry: those where it is @a, and where it is @b. */
struct asked {
	uint32_t first_a, first_b; /* from 1; 0: none */
};

struct sheet {
	struct question *questions;
	struct asked *of;          /* by entry */
	uint32_t *next_a, *next_b; /* by question; from 1 */
};

static void sheet_fill(struct sheet *sheet, size_t entries,
		       struct question *from, uint32_t nr)
{
	sheet->questions = from;
	sheet->of = cdma_xcalloc(entries, sizeof(*sheet->of));
	sheet->next_a = cdma_xcalloc(nr, sizeof(*sheet->next_a));
	sheet->next_b = cdma_xcalloc(nr, sizeof(*sheet->next_b));
	for (uint32_t k = 0; k < nr; k++) {
		struct asked *a = &sheet->of[from[k].a];
		struct asked *b = &sheet->of[from[k].b];

		sheet->next_a[k] = a->first_a;
		a->first_a = k + 1;
		sheet->next_b[k] = b->first_b;
		b->first_b = k + 1;
	}
}

static void sheet_fini(struct sheet *sheet)
{
	free(sheet->of);
	free(sheet->next_a);
	free(sheet->next_b);
}

/* The later accesses: one fiber for each kind of those that are met, since what
 * a CPU's store comes after depends on who looks. */
static void ask(struct walk *w, const struct sheet *sheet, uint32_t i)
{
	int fibers[2] = {-1, -1};

	for (uint32_t k = sheet->of[i].first_b; k; k = sheet->next_b[k - 1]) {
		const struct question *q = &sheet->questions[k - 1];
		int kind = log_is_device(w->log,
					 w->log->entries.at[q->a].ev.actor);

		if (fibers[kind] < 0)
			fibers[kind] = known_fiber(before_access(w, i, q->a));
		if (fibers[kind] < 0)
			return;
		fiber_access(fibers[kind], k - 1, q->how_b);
	}
}

/* The earlier access, by a fiber that knows nothing else. */
static void answer(struct walk *w, const struct sheet *sheet, uint32_t i)
{
	const struct entry *e = &w->log->entries.at[i];
	int fiber;

	if (w->travels == WRITES && e->ev.kind == CDMA_EV_WRITE)
		w->made[i].dot = w->made[i].mark = known_mark();
	if (!sheet->of[i].first_a)
		return;
	fiber = known_fiber(NULL);
	if (fiber < 0)
		return;
	for (uint32_t k = sheet->of[i].first_a; k; k = sheet->next_a[k - 1])
		fiber_access(fiber, k - 1, sheet->questions[k - 1].how_a);
	w->made[i].dot = tales(tell_of(fiber), w->made[i].mark);
}

static void walk(struct walk *w, const struct sheet *sheet)
{
	for (uint32_t i = 0; i < w->log->entries.nr && !known_is_lost(); i++) {
		ask(w, sheet, i);
		answer(w, sheet, i);
		if (entry_is_access(&w->log->entries.at[i]))
			do_access(w, i);
		else
			do_other(w, i);
	}
}

/* Who has heard of what is found out when writes travel. */
static void walk_writes(struct walk *w, enum travels travels)
{
	struct asked *none = cdma_xcalloc(w->log->entries.nr, sizeof(*none));
	struct sheet sheet = {.of = none};

	w->travels = WRITES;
	walk(w, &sheet);
	free(none);
	memset(w->actor, 0, sizeof(w->actor));
	memset(&w->graces, 0, sizeof(w->graces));
	memset(w->made, 0, w->log->entries.nr * sizeof(*w->made));
	w->objects.nr = w->sections.nr = 0;
	w->next = 0;
	w->travels = travels;
	known_begin();
}

bool edges_ask(const struct log *log, enum travels travels,
	       struct question *from, struct question *to,
	       bool (*proves)(void *aux, uint32_t read, uint32_t store),
	       void *aux)
{
	struct walk *w = cdma_xcalloc(1, sizeof(*w));
	struct sheet sheet;

	w->log = log;
	w->travels = travels;
	w->proves = proves;
	w->aux = aux;
	w->made = cdma_xcalloc(log->entries.nr, sizeof(*w->made));
	known_begin();
	sheet_fill(&sheet, log->entries.nr, from, (uint32_t)(to - from));
	if (travels == READS)
		walk_writes(w, travels);
	walk(w, &sheet);
	for (struct question *q = from; q < to; q++)
		q->raced[travels] = fiber_raced((uint32_t)(q - from));
	sheet_fini(&sheet);
	cdma_vec_free(&w->objects);
	cdma_vec_free(&w->sections);
	cdma_vec_free(&w->overtaken);
	cdma_vec_free(&w->follows);
	free(w->made);
	free(w);
	return !known_is_lost();
}
