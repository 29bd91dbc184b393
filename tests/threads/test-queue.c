/* SPDX-License-Identifier: MIT */
#include "../unit/unit.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "log/queue.h"

#define PRODUCERS 4
#define EACH      UNIT_SHARE(800)

struct letter {
	unsigned int from;
	uint64_t nr;
	uint64_t copies[6]; /* of nr: a mixture is not one letter */
};

struct producer {
	struct cdma_queue *queue;
	unsigned int number;
	pthread_t id;
};

static void *produce(void *aux)
{
	const struct producer *p = aux;

	for (uint64_t i = 0; i < EACH; i++) {
		struct letter *l = cdma_queue_get(p->queue);

		l->from = p->number;
		l->nr = i;
		for (size_t j = 0; j < ARRAY_SIZE(l->copies); j++)
			l->copies[j] = i;
		cdma_queue_put(p->queue, l);
		if (i % 100 == 0)
			cdma_queue_drain(p->queue);
	}
	return NULL;
}

static void *join_and_close(void *aux)
{
	struct producer *producers = aux;

	for (size_t i = 0; i < PRODUCERS; i++)
		pthread_join(producers[i].id, NULL);
	cdma_queue_close(producers[0].queue);
	return NULL;
}

/* Of many producers each letter comes once and whole, and those of one in the
 * order in which it put them in; however small the queue is. */
static const size_t rooms[] = {1, 2, 7, 64};

START_TEST(all_arrive_in_order)
{
	struct cdma_queue *q = cdma_queue_new(rooms[_i], sizeof(struct letter));
	struct producer producers[PRODUCERS];
	uint64_t next[PRODUCERS] = {0};
	struct letter *l;
	pthread_t closer;

	for (unsigned int i = 0; i < PRODUCERS; i++) {
		producers[i] = (struct producer){.queue = q, .number = i};
		pthread_create(&producers[i].id, NULL, produce, &producers[i]);
	}
	pthread_create(&closer, NULL, join_and_close, producers);
	while ((l = cdma_queue_take(q))) {
		ck_assert_uint_lt(l->from, PRODUCERS);
		ck_assert_uint_eq(l->nr, next[l->from]++);
		for (size_t j = 0; j < ARRAY_SIZE(l->copies); j++)
			ck_assert_uint_eq(l->copies[j], l->nr);
		memset(l, 0xff, sizeof(*l));
		cdma_queue_done(q, l);
	}
	for (size_t i = 0; i < PRODUCERS; i++)
		ck_assert_uint_eq(next[i], EACH);
	pthread_join(closer, NULL);
	cdma_queue_free(q);
}
END_TEST

static void *fill(void *aux)
{
	struct cdma_queue *q = aux;

	for (uint64_t i = 0; i < 3; i++) {
		uint64_t *p = cdma_queue_get(q);

		*p = i;
		cdma_queue_put(q, p);
	}
	return NULL;
}

/* Who finds it full waits, which is counted, and loses nothing. */
START_TEST(full_means_wait)
{
	struct cdma_queue *q = cdma_queue_new(2, sizeof(uint64_t));
	pthread_t producer;
	uint64_t *p;

	ck_assert_uint_eq(cdma_queue_waits(q), 0);
	pthread_create(&producer, NULL, fill, q);
	while (!cdma_queue_waits(q))
		sched_yield();
	for (uint64_t i = 0; i < 3; i++) {
		p = cdma_queue_take(q);
		ck_assert_uint_eq(*p, i);
		cdma_queue_done(q, p);
	}
	pthread_join(producer, NULL);
	ck_assert_uint_eq(cdma_queue_waits(q), 1);
	cdma_queue_close(q);
	ck_assert_ptr_null(cdma_queue_take(q));
	cdma_queue_free(q);
}
END_TEST

static void *take_one(void *aux)
{
	cdma_queue_done(aux, cdma_queue_take(aux));
	return NULL;
}

/* A drain is over when all is done, and at once when there is nothing. */
START_TEST(drains)
{
	struct cdma_queue *q = cdma_queue_new(3, sizeof(uint64_t));
	pthread_t consumer;

	cdma_queue_drain(q);
	cdma_queue_put(q, cdma_queue_get(q));
	pthread_create(&consumer, NULL, take_one, q);
	cdma_queue_drain(q);
	pthread_join(consumer, NULL);
	cdma_queue_free(q);
	cdma_queue_free(NULL);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("queue");

	unit_add_rows(suite, all_arrive_in_order, ARRAY_SIZE(rooms));
	unit_add(suite, full_means_wait);
	unit_add(suite, drains);
	return suite;
}
