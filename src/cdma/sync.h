/* SPDX-License-Identifier: MIT */
#ifndef CDMA_SYNC_H
#define CDMA_SYNC_H

/*
 * Sync objects: completions, wait queues, and what others are made of.  Locks
 * have a header of their own (lock.h).
 *
 * What an actor did before a release comes before what another does after it
 * acquired the same object later.  Nobody waits here: a scheduler asks
 * is_free() or is_done() and lets the actor go on when it can.
 *
 * Owns: all of them belong to the world.
 *
 * Threads: of one world, one at a time (world.h). Nothing here makes a thread
 * of the host wait.
 */

#include <cdma/site.h>
#include <cdma/types.h>

struct cdma_completion;
struct cdma_sync;
struct cdma_world;

/* The bare object, to build others with: a grace period, a work queue.
 * @name: for reports; copied. */
struct cdma_sync *cdma_sync_new(struct cdma_world *world, const char *name);
cdma_object_id cdma_sync_id(const struct cdma_sync *sync);

/* The acting actor releases, or acquires, @sync.  Emits: RELEASE, ACQUIRE. */
void cdma_sync_release_at(struct cdma_sync *sync, const struct cdma_site *site);
#define cdma_sync_release(sync) cdma_sync_release_at(sync, CDMA_HERE)
void cdma_sync_acquire_at(struct cdma_sync *sync, const struct cdma_site *site);
#define cdma_sync_acquire(sync) cdma_sync_acquire_at(sync, CDMA_HERE)

struct cdma_completion *cdma_completion_new(struct cdma_world *world,
					    const char *name);
cdma_object_id cdma_completion_id(const struct cdma_completion *done);

/* Whether a wait would return at once. */
bool cdma_completion_is_done(const struct cdma_completion *done);

/*
 * complete(), complete_all(): let one more waiter go on, or all for good.
 * What comes before is seen by whoever goes on (kernel/sched/completion.c: "an
 * implied (smp) full barrier ... before accessing the task state", and the
 * lock of the wait queue, which both sides take).
 *
 * Emits: RELEASE.
 */
void cdma_complete_at(struct cdma_completion *done,
		      const struct cdma_site *site);
#define cdma_complete(done) cdma_complete_at(done, CDMA_HERE)
void cdma_complete_all_at(struct cdma_completion *done,
			  const struct cdma_site *site);
#define cdma_complete_all(done) cdma_complete_all_at(done, CDMA_HERE)

/* Wait for @done, which is done.  Emits: ACQUIRE. */
void cdma_wait_for_completion_at(struct cdma_completion *done,
				 const struct cdma_site *site);
#define cdma_wait_for_completion(done)                                         \
	cdma_wait_for_completion_at(done, CDMA_HERE)

/*
 * Those that do not wait.  Where they are true the lock of the wait queue was
 * taken after complete() had given it back; where they are false they have
 * read a counter, and order nothing (kernel/sched/completion.c).
 *
 * completion_done() leaves @done as it is.  @flags: CDMA_EVF_POLL in the
 * condition of a wait, else 0.
 *
 * Emits: ACQUIRE, flagged CDMA_EVF_TRY; or STATE.
 */
bool cdma_try_wait_for_completion_at(struct cdma_completion *done,
				     const struct cdma_site *site);
#define cdma_try_wait_for_completion(done)                                     \
	cdma_try_wait_for_completion_at(done, CDMA_HERE)
bool cdma_completion_done_at(struct cdma_completion *done, uint32_t flags,
			     const struct cdma_site *site);
#define cdma_completion_done(done) cdma_completion_done_at(done, 0, CDMA_HERE)

/* The time of a wait for @done is over, and it is not done: nothing is ordered.
 * Emits: STATE, flagged CDMA_EVF_POLL. */
void cdma_completion_timed_out_at(struct cdma_completion *done,
				  const struct cdma_site *site);
#define cdma_completion_timed_out(done)                                        \
	cdma_completion_timed_out_at(done, CDMA_HERE)

/* reinit_completion(): not done any more.  A plain store to a counter, which
 * orders nothing (include/linux/completion.h).  Emits: STATE. */
void cdma_completion_reinit_at(struct cdma_completion *done,
			       const struct cdma_site *site);
#define cdma_completion_reinit(done) cdma_completion_reinit_at(done, CDMA_HERE)

/*
 * Wait queues: wait_event() looks at a condition, sleeps when it does not hold,
 * and looks again when somebody wakes it.
 *
 * Neither side orders what the condition speaks of: who looks and finds it true
 * has met nobody, so a flag and what lies behind it need barriers of their own
 * (Documentation/memory-barriers.txt, "SLEEP AND WAKE-UP FUNCTIONS").  What
 * they do guarantee is that no wake-up is lost: one that comes after a look
 * ends the sleep that follows it.
 *
 * A scheduler keeps the number of wake-ups that a waiter had seen when it
 * looked, and lets it go on when there are more.
 */
struct cdma_waitqueue;

struct cdma_waitqueue *cdma_waitqueue_new(struct cdma_world *world,
					  const char *name);
cdma_object_id cdma_waitqueue_id(const struct cdma_waitqueue *wq);

/* Wake-ups so far. */
uint64_t cdma_waitqueue_wakes(const struct cdma_waitqueue *wq);

/* wake_up(): whoever sleeps looks again.  Emits: STATE. */
void cdma_wake_up_at(struct cdma_waitqueue *wq, const struct cdma_site *site);
#define cdma_wake_up(wq) cdma_wake_up_at(wq, CDMA_HERE)

/* The acting actor looks at its condition, before it may sleep; it was woken.
 * @flags: CDMA_EVF_POLL where it could have waited on.  Emits: STATE. */
void cdma_wait_look_at(struct cdma_waitqueue *wq, uint32_t flags,
		       const struct cdma_site *site);
#define cdma_wait_look(wq) cdma_wait_look_at(wq, 0, CDMA_HERE)

/* The name of any sync object, thread or interrupt, for reports.  NULL when
 * there is none of this id. */
const char *cdma_object_name(const struct cdma_world *world, cdma_object_id id);

#endif /* CDMA_SYNC_H */
