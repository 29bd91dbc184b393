/* SPDX-License-Identifier: MIT */
#ifndef CDMA_LOG_QUEUE_H
#define CDMA_LOG_QUEUE_H

/*
 * Queue: from many threads to one, in order, in bounded memory, without a loss.
 *
 * There is a fixed number of parcels.  A producer takes one that is idle, fills
 * it and puts it in; the consumer takes them out, the first that was put in
 * first, and gives each back.  When none is idle a producer waits, and that is
 * counted; the consumer waits when there is nothing to take.
 *
 * Underneath are a wait-free queue and a wait-free stack of liburcu (wfcqueue,
 * wfstack): to put in and to give back take no lock, so that neither side holds
 * up the other as long as there is something for both to do.  Who has to wait
 * sleeps.
 *
 * Usage
 * -----
 *	struct cdma_queue *q = cdma_queue_new(64, sizeof(struct parcel));
 *
 *	p = cdma_queue_get(q); ... fill *p ...; cdma_queue_put(q, p);
 *
 *	while ((p = cdma_queue_take(q))) {      // the consumer
 *		... look at *p ...
 *		cdma_queue_done(q, p);
 *	}
 *
 * Threads
 * -------
 *	           get  put  drain  take  done  close
 *	get         -    -     -     -     -     -
 *	put         -    -     -     -     -     X
 *	drain       -    -     -     -     -     X
 *	take        -    -     -     X     X     -
 *	done        -    -     -     X     X     -
 *	close       -    X     X     -     -     X
 *
 * "X": the caller sees to it that the two do not happen at the same time; "-":
 * they may.  What was written to a parcel before it is put in can be read by
 * who takes it, and so on its way back.
 */

#include <stddef.h>
#include <stdint.h>

struct cdma_queue;

/* @nr: parcels, at least 1; @size: bytes of each, all zero at first.
 * Owns: the caller; cdma_queue_free(), when nobody is in it. */
struct cdma_queue *cdma_queue_new(size_t nr, size_t size);
void cdma_queue_free(struct cdma_queue *queue);

/* A parcel that is idle, as it was left; waits for one.  Owns: the caller. */
void *cdma_queue_get(struct cdma_queue *queue);

/* Put in a parcel that cdma_queue_get() gave. */
void cdma_queue_put(struct cdma_queue *queue, void *parcel);

/* Wait until all that was put in before has been given back. */
void cdma_queue_drain(struct cdma_queue *queue);

/* The parcel that was put in first; waits for one.  NULL: there is none and
 * never will be.  Owns: the caller. */
void *cdma_queue_take(struct cdma_queue *queue);

/* Give back a parcel that cdma_queue_take() gave. */
void cdma_queue_done(struct cdma_queue *queue, void *parcel);

/* Nothing more will be put in. */
void cdma_queue_close(struct cdma_queue *queue);

/* How often a producer had to wait for a parcel. */
uint64_t cdma_queue_waits(const struct cdma_queue *queue);

#endif /* CDMA_LOG_QUEUE_H */
