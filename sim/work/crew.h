/* SPDX-License-Identifier: MIT */
#ifndef WORK_CREW_H
#define WORK_CREW_H

/*
 * Crew: processes that do cases, one at a time each.
 *
 * A worker is a copy of this process, made when there is something for it to
 * do.  One that dies costs the case that it was doing, and another takes its
 * place.  None outlives this process.
 *
 * Usage
 * -----
 *	while (there is work or crew_is_busy(crew))
 *		if (there is work && crew_has_room(crew))
 *			crew_give(crew, tag, nr, task);
 *		else if (crew_wait(crew, &end))
 *			take(end.tag, end.result);
 */

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

/* The status of a worker that could not go on and has said why: it is that of
 * the program, too. */
#define CREW_GAVE_UP 4

/* What a worker does.  Owns: the caller. */
typedef struct json_object *crew_fn(void *aux, uint64_t nr,
				    struct json_object *task);

struct crew;

/* @jobs: processes, at least 1.  @aux: borrowed; workers have it as it is when
 * they are made. */
struct crew *crew_new(unsigned int jobs, crew_fn *perform, void *aux);
/*
 * Stops those that are at work.
 *
 * Returns: 0, or the exit status of the first worker that ended by itself with
 * another one: that of a sanitizer, which had something to report in there.
 */
int crew_free(struct crew *crew);

/* Whether a case can be given: somebody is idle, or can be made. */
bool crew_has_room(struct crew *crew);

/* How many processes there can be: fewer than were wanted when one could not be
 * made; then @err says why, a negative errno, and is 0 else.  0: none at all.
 */
unsigned int crew_size(const struct crew *crew, int *err);

bool crew_is_busy(const struct crew *crew);

/* Have case @nr done; there is room.  @tag: comes back with it.  @task: or
 * NULL; borrowed for the call. */
void crew_give(struct crew *crew, uint64_t tag, uint64_t nr,
	       struct json_object *task);

/* A case that has ended. */
struct crew_end {
	uint64_t tag;
	struct json_object
		*result; /* NULL: its worker died.  Owns: the caller. */
	int signal;      /* that it died of; 0: it ended by itself */
	bool gave_up;    /* it could not go on, and has said why */
};

/* Wait a moment, a tenth of a second at most, for a case to end; false: none
 * has. */
bool crew_wait(struct crew *crew, struct crew_end *end);

#endif /* WORK_CREW_H */
