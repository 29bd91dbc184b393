/* SPDX-License-Identifier: MIT */
#include "../unit/unit.h"

#include "base/macros.h"
#include "native/sanitize.h"
#include "work/crew.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * The exit status of a worker: ThreadSanitizer says it only when that ends.
 */

static struct json_object *work(void *aux, uint64_t nr,
				struct json_object *task)
{
	(void)aux;
	(void)task;
	return json_object_new_int64((int64_t)nr);
}

static struct json_object *leave(void *aux, uint64_t nr,
				 struct json_object *task)
{
	(void)aux;
	(void)task;
	_exit((int)nr);
}

static int shared;

static void *touch(void *aux)
{
	shared++;
	return aux;
}

/* What a sanitizer would report. */
static struct json_object *race(void *aux, uint64_t nr,
				struct json_object *task)
{
	pthread_t other;

	pthread_create(&other, NULL, touch, NULL);
	shared++;
	pthread_join(other, NULL);
	return work(aux, nr, task);
}

static const struct {
	crew_fn *perform;
	uint64_t nr;
	bool dies;
	int status; /* of the crew */
} rows[] = {
	{work, 7, false, 0},
	{leave, 66, true, 66},
	{leave, 0, true, 0},
	/* The worker does all that it is asked, and ends with the crew. */
	{race, 7, false, NATIVE_TSAN ? 66 : 0},
};

START_TEST(says_what_its_workers_ended_with)
{
	struct crew *crew = crew_new(3, rows[_i].perform, NULL);
	struct crew_end end;

	for (int i = 0; i < 2; i++) {
		ck_assert(crew_has_room(crew));
		crew_give(crew, 0, rows[_i].nr, NULL);
	}
	for (int left = 2; left;)
		if (crew_wait(crew, &end)) {
			ck_assert(!end.result == rows[_i].dies);
			json_object_put(end.result);
			left--;
		}
	ck_assert_int_eq(crew_free(crew), rows[_i].status);
}
END_TEST

/* Those that are at work are stopped, which is no status. */
static struct json_object *sleep_on(void *aux, uint64_t nr,
				    struct json_object *task)
{
	pause();
	return work(aux, nr, task);
}

START_TEST(stops_who_is_at_work)
{
	struct crew *crew = crew_new(2, sleep_on, NULL);

	ck_assert(crew_has_room(crew));
	crew_give(crew, 0, 0, NULL);
	ck_assert_int_eq(crew_free(crew), 0);
	ck_assert_int_eq(crew_free(NULL), 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("crew");

	unit_add_rows(suite, says_what_its_workers_ended_with,
		      ARRAY_SIZE(rows));
	unit_add(suite, stops_who_is_at_work);
	return suite;
}
