/* SPDX-License-Identifier: MIT */
#ifndef CDMA_SYNC_H
#define CDMA_SYNC_H

/*
 * Sync objects: locks, completions, and what others are made of.
 *
 * What an actor did before a release comes before what another does after it
 * acquired the same object later.  Nobody waits here: a scheduler asks
 * is_free() or is_done() and lets the actor go on when it can.
 *
 * Owns: all of them belong to the world.
 */

#include <cdma/site.h>
#include <cdma/types.h>

struct cdma_completion;
struct cdma_lock;
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

struct cdma_lock *cdma_lock_new(struct cdma_world *world, const char *name);
cdma_object_id cdma_lock_id(const struct cdma_lock *lock);
bool cdma_lock_is_free(const struct cdma_lock *lock);

/* Who holds it; NULL when it is free. */
struct cdma_actor *cdma_lock_owner(const struct cdma_lock *lock);

/* Take @lock, which is free.  Emits: ACQUIRE. */
void cdma_lock_at(struct cdma_lock *lock, const struct cdma_site *site);
#define cdma_lock(lock) cdma_lock_at(lock, CDMA_HERE)

/*
 * Take @lock if it is free.
 *
 * Errors: -EBUSY  somebody holds it.
 */
int cdma_trylock_at(struct cdma_lock *lock, const struct cdma_site *site);
#define cdma_trylock(lock) cdma_trylock_at(lock, CDMA_HERE)

/* Give @lock back.  By another than its owner: `wrong_context`, and it stays
 * as it is.  Emits: RELEASE; NOTE for the finding. */
void cdma_unlock_at(struct cdma_lock *lock, const struct cdma_site *site);
#define cdma_unlock(lock) cdma_unlock_at(lock, CDMA_HERE)

struct cdma_completion *cdma_completion_new(struct cdma_world *world,
					    const char *name);
cdma_object_id cdma_completion_id(const struct cdma_completion *done);

/* Whether a wait would return at once. */
bool cdma_completion_is_done(const struct cdma_completion *done);

/* Let one more waiter go on, or all for good.  Emits: RELEASE. */
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

/* Not done any more. */
void cdma_completion_reinit(struct cdma_completion *done);

/* The name of any sync object, thread or interrupt, for reports.  NULL when
 * there is none of this id. */
const char *cdma_object_name(const struct cdma_world *world, cdma_object_id id);

#endif /* CDMA_SYNC_H */
