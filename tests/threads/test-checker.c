/* SPDX-License-Identifier: MIT */
#include "../unit/unit.h"

#include <cdma/checker.h>

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "base/vec.h"

/* What the detectors were shown: events by their number, and findings as
 * FINDING plus the number of the event that they are about. */
#define FINDING (UINT64_C(1) << 32)

struct seen {
	CDMA_VEC(uint64_t) what;
	pthread_t by;
	atomic_bool holds_up, may_go_on;
};

static void see_event(void *aux, const struct cdma_event *ev)
{
	struct seen *seen = aux;

	while (atomic_load(&seen->holds_up) && !atomic_load(&seen->may_go_on))
		sched_yield();
	seen->by = pthread_self();
	*cdma_vec_push(&seen->what) = ev->seq;
}

static void see_finding(void *aux, const struct cdma_finding *finding)
{
	struct seen *seen = aux;

	*cdma_vec_push(&seen->what) = FINDING + finding->at.seq;
}

/* A stream, its checker and what that was shown. */
struct desk {
	struct cdma_stream stream;
	struct cdma_checker *checker;
	struct cdma_finding_sink sink; /* of the model */
	struct seen seen;
};

static void desk_init(struct desk *d, size_t room)
{
	*d = (struct desk){.seen = {.by = pthread_self()}};
	d->checker = cdma_checker_new(
		(struct cdma_finding_sink){see_finding, &d->seen}, room);
	d->sink = cdma_checker_sink(d->checker);
	cdma_stream_init(&d->stream);
	cdma_stream_observe(&d->stream, cdma_checker_observer(d->checker));
	cdma_checker_observe(d->checker,
			     (struct cdma_observer){see_event, &d->seen});
}

static void desk_fini(struct desk *d)
{
	cdma_checker_free(d->checker);
	cdma_vec_free(&d->seen.what);
}

static void emit(struct desk *d)
{
	struct cdma_event ev = {.kind = CDMA_EV_NOTE};

	cdma_emit(&d->stream, &ev);
}

/* About the event that comes next, as the model does. */
static void find(struct desk *d)
{
	struct cdma_finding finding = {.at = {.seq = d->stream.seq + 1}};

	cdma_found(&d->sink, &finding);
}

START_TEST(passes_on_at_once)
{
	struct desk d;

	desk_init(&d, 0);
	emit(&d);
	find(&d);
	ck_assert_uint_eq(d.seen.what.nr, 2);
	ck_assert_uint_eq(d.seen.what.at[1], FINDING + 2);
	ck_assert_uint_eq(cdma_checker_stats(d.checker).events, 0);
	desk_fini(&d);
}
END_TEST

/* By another thread, but in the order in which they came, findings too. */
START_TEST(keeps_the_order)
{
	struct desk d;
	size_t at = 0;

	desk_init(&d, 1);
	cdma_checker_begin(d.checker);
	for (uint64_t i = 1; i <= 5000; i++) {
		if (i % 3 == 0)
			find(&d);
		emit(&d);
	}
	cdma_checker_end(d.checker);
	ck_assert(!pthread_equal(d.seen.by, pthread_self()));
	for (uint64_t i = 1; i <= 5000; i++) {
		if (i % 3 == 0)
			ck_assert_uint_eq(d.seen.what.at[at++], FINDING + i);
		ck_assert_uint_eq(d.seen.what.at[at++], i);
	}
	ck_assert_uint_eq(at, d.seen.what.nr);
	ck_assert_uint_eq(cdma_checker_stats(d.checker).events, 5000);
	ck_assert_uint_eq(cdma_checker_stats(d.checker).checked, 5000);
	desk_fini(&d);
}
END_TEST

/* After a sync the detectors know all that was, and it goes on. */
START_TEST(syncs)
{
	struct desk d;

	desk_init(&d, 0);
	cdma_checker_begin(d.checker);
	for (uint64_t i = 1; i <= 100; i++) {
		emit(&d);
		cdma_checker_sync(d.checker);
		ck_assert_uint_eq(d.seen.what.nr, i);
	}
	cdma_checker_sync(d.checker);
	cdma_checker_end(d.checker);
	emit(&d);
	ck_assert_uint_eq(d.seen.what.nr, 101);
	desk_fini(&d);
}
END_TEST

static void *emit_many(void *aux)
{
	struct desk *d = aux;

	for (int i = 0; i < 1000; i++)
		emit(d);
	return NULL;
}

/* A detector that does not come along holds up who makes events, and no event
 * is lost by that. */
START_TEST(slow_detectors_hold_up)
{
	struct desk d;
	pthread_t thread;

	desk_init(&d, 1);
	atomic_store(&d.seen.holds_up, true);
	cdma_checker_begin(d.checker);
	pthread_create(&thread, NULL, emit_many, &d);
	while (!cdma_checker_stats(d.checker).waits)
		sched_yield();
	ck_assert_uint_eq(cdma_checker_stats(d.checker).checked, 0);
	atomic_store(&d.seen.may_go_on, true);
	pthread_join(thread, NULL);
	cdma_checker_end(d.checker);
	ck_assert_uint_eq(d.seen.what.nr, 1000);
	desk_fini(&d);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("checker");

	unit_add(suite, passes_on_at_once);
	unit_add(suite, keeps_the_order);
	unit_add(suite, syncs);
	unit_add(suite, slow_detectors_hold_up);
	return suite;
}
