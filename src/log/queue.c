/* SPDX-License-Identifier: MIT */
#include "log/queue.h"

#include "base/macros.h"
#include "base/xalloc.h"
#include "log/tsan.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

/* Not _LGPL_SOURCE: the inlines would be compiled here, where TSan sees half of
 * what they do. */
#include <urcu/arch.h>
#include <urcu/wfcqueue.h>
#include <urcu/wfstack.h>

struct node {
	struct cds_wfcq_node queued;
	struct cds_wfs_node idle;
	_Alignas(16) unsigned char parcel[];
};

struct cdma_queue {
	struct cds_wfcq_head head;
	struct cds_wfcq_tail tail;
	struct cds_wfs_stack idle;
	unsigned char *nodes; /* owned */

	atomic_uint_fast64_t put, done; /* parcels, since it was made */
	atomic_uint_fast64_t waits;

	/*
	 * Who finds nothing to do says so, looks once more, and sleeps; who
	 * makes something to do looks afterwards whether somebody said so.
	 * Both have a full barrier between, so one of them sees the other.
	 */
	atomic_uint wanting; /* producers that sleep, or are about to */
	atomic_bool hungry;  /* the consumer does */
	pthread_mutex_t lock;
	pthread_cond_t more; /* for the consumer */
	pthread_cond_t less; /* for producers */
	bool closed;
};

static struct node *node_of(void *parcel)
{
	return (struct node *)(void *)((unsigned char *)parcel -
				       offsetof(struct node, parcel));
}

static void rest(struct cdma_queue *q, struct node *node)
{
	cdma_tsan_release(node);
	cds_wfs_node_init(&node->idle);
	cds_wfs_push(&q->idle, &node->idle);
}

struct cdma_queue *cdma_queue_new(size_t nr, size_t size)
{
	struct cdma_queue *q = cdma_xcalloc(1, sizeof(*q));
	size_t step = (sizeof(struct node) + size + 15) & ~(size_t)15;

	CDMA_REQUIRE(nr);
	cds_wfcq_init(&q->head, &q->tail);
	cds_wfs_init(&q->idle);
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->more, NULL);
	pthread_cond_init(&q->less, NULL);
	q->nodes = cdma_xcalloc(nr, step);
	for (size_t i = nr; i-- > 0;)
		rest(q, (struct node *)(void *)(q->nodes + i * step));
	return q;
}

void cdma_queue_free(struct cdma_queue *q)
{
	if (!q)
		return;
	cds_wfcq_destroy(&q->head, &q->tail);
	cds_wfs_destroy(&q->idle);
	pthread_mutex_destroy(&q->lock);
	pthread_cond_destroy(&q->more);
	pthread_cond_destroy(&q->less);
	free(q->nodes);
	free(q);
}

/* ---- producers ---- */

static void wait_for_idle(struct cdma_queue *q)
{
	atomic_fetch_add(&q->waits, 1);
	pthread_mutex_lock(&q->lock);
	atomic_fetch_add(&q->wanting, 1);
	cmm_smp_mb();
	while (cds_wfs_empty(&q->idle))
		pthread_cond_wait(&q->less, &q->lock);
	atomic_fetch_sub(&q->wanting, 1);
	pthread_mutex_unlock(&q->lock);
}

void *cdma_queue_get(struct cdma_queue *q)
{
	struct cds_wfs_node *idle;
	struct node *node;

	/* Another producer may be faster once there is one. */
	while (!(idle = cds_wfs_pop_blocking(&q->idle)))
		wait_for_idle(q);
	node = caa_container_of(idle, struct node, idle);
	cdma_tsan_acquire(node);
	return node->parcel;
}

void cdma_queue_put(struct cdma_queue *q, void *parcel)
{
	struct node *node = node_of(parcel);

	atomic_fetch_add(&q->put, 1);
	cdma_tsan_release(node);
	cds_wfcq_node_init(&node->queued);
	cds_wfcq_enqueue(&q->head, &q->tail, &node->queued);
	cmm_smp_mb();
	if (!atomic_load(&q->hungry))
		return;
	pthread_mutex_lock(&q->lock);
	pthread_cond_signal(&q->more);
	pthread_mutex_unlock(&q->lock);
}

void cdma_queue_drain(struct cdma_queue *q)
{
	uint64_t put = atomic_load(&q->put);

	if (atomic_load(&q->done) >= put)
		return;
	pthread_mutex_lock(&q->lock);
	atomic_fetch_add(&q->wanting, 1);
	cmm_smp_mb();
	while (atomic_load(&q->done) < put)
		pthread_cond_wait(&q->less, &q->lock);
	atomic_fetch_sub(&q->wanting, 1);
	pthread_mutex_unlock(&q->lock);
}

void cdma_queue_close(struct cdma_queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->closed = true;
	pthread_cond_signal(&q->more);
	pthread_mutex_unlock(&q->lock);
}

uint64_t cdma_queue_waits(const struct cdma_queue *q)
{
	return atomic_load(&((struct cdma_queue *)(uintptr_t)q)->waits);
}

/* ---- the consumer ---- */

/* Whether there is something to take, once nobody will put in more. */
static bool wait_for_more(struct cdma_queue *q)
{
	bool some;

	pthread_mutex_lock(&q->lock);
	atomic_store(&q->hungry, true);
	cmm_smp_mb();
	while (cds_wfcq_empty(&q->head, &q->tail) && !q->closed)
		pthread_cond_wait(&q->more, &q->lock);
	atomic_store(&q->hungry, false);
	some = !cds_wfcq_empty(&q->head, &q->tail);
	pthread_mutex_unlock(&q->lock);
	return some;
}

void *cdma_queue_take(struct cdma_queue *q)
{
	struct cds_wfcq_node *queued;
	struct node *node;

	/* No lock of the queue: there is one consumer. */
	while (!(queued = __cds_wfcq_dequeue_blocking(&q->head, &q->tail)))
		if (!wait_for_more(q))
			return NULL;
	node = caa_container_of(queued, struct node, queued);
	cdma_tsan_acquire(node);
	return node->parcel;
}

void cdma_queue_done(struct cdma_queue *q, void *parcel)
{
	rest(q, node_of(parcel));
	atomic_fetch_add(&q->done, 1);
	cmm_smp_mb();
	if (!atomic_load(&q->wanting))
		return;
	pthread_mutex_lock(&q->lock);
	pthread_cond_broadcast(&q->less);
	pthread_mutex_unlock(&q->lock);
}
