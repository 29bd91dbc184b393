/* SPDX-License-Identifier: MIT */
#ifndef CDMA_LOCK_H
#define CDMA_LOCK_H

/*
 * Lock: a spinlock or a mutex.
 *
 * What its owner did before it gave the lock back comes before what the next
 * owner does.  Nobody waits here: a scheduler asks is_free() and lets the actor
 * go on when it can.
 *
 * Handlers run beside all others, as if on a CPU of their own.  On one CPU an
 * interrupt stops whoever is there, and a handler that then waits for a lock
 * which that one holds waits for ever.  So a lock that a handler takes must be
 * held by others only where that handler cannot come: `irq_unsafe_lock`.  It is
 * the rule of lockdep (Documentation/locking/lockdep-design.rst, "irq-safe"),
 * but for one thing: a handler that is not requested, or is disabled while the
 * lock is held, does not count.
 *
 * Owns: all of them belong to the world.
 *
 * Threads: of one world, one at a time (world.h). A lock is one of the
 * simulated machine: no thread of the host waits for it.
 */

#include <cdma/site.h>
#include <cdma/types.h>

struct cdma_actor;
struct cdma_lock;
struct cdma_world;

/* @name: for reports; copied. */
struct cdma_lock *cdma_lock_new(struct cdma_world *world, const char *name);

/* The same: one that is waited for asleep. */
struct cdma_lock *cdma_mutex_new(struct cdma_world *world, const char *name);

cdma_object_id cdma_lock_id(const struct cdma_lock *lock);
bool cdma_lock_is_free(const struct cdma_lock *lock);

/* Who holds it; NULL when it is free. */
struct cdma_actor *cdma_lock_owner(const struct cdma_lock *lock);

/* What else a call does, on the CPU of the acting actor. */
#define CDMA_LOCK_IRQ   (1u << 0) /* interrupts off, or on again */
#define CDMA_LOCK_BH    (1u << 1) /* softirqs off, or on again */
#define CDMA_LOCK_ALONE (1u << 2) /* no handler can come here: probe() */

/*
 * Take @lock, which is free.
 *
 * @how: CDMA_LOCK_*, joined by |.
 * Emits: ACQUIRE.
 * Findings: irq_unsafe_lock, at whoever holds it with the handler let in.
 */
void cdma_lock_as_at(struct cdma_lock *lock, unsigned int how,
		     const struct cdma_site *site);
#define cdma_lock_as(lock, how) cdma_lock_as_at(lock, how, CDMA_HERE)
void cdma_lock_at(struct cdma_lock *lock, const struct cdma_site *site);
#define cdma_lock(lock) cdma_lock_at(lock, CDMA_HERE)

/*
 * Take @lock if it is free.  One that is not taken orders nothing
 * (Documentation/memory-barriers.txt, "LOCK ACQUISITION FUNCTIONS"), and who
 * only tries waits for nobody.
 *
 * Errors: -EBUSY  somebody holds it; @how is not done.
 * Emits: ACQUIRE, flagged CDMA_EVF_TRY; or STATE.
 * Findings: irq_unsafe_lock
 */
int cdma_trylock_as_at(struct cdma_lock *lock, unsigned int how,
		       const struct cdma_site *site);
#define cdma_trylock_as(lock, how) cdma_trylock_as_at(lock, how, CDMA_HERE)
int cdma_trylock_at(struct cdma_lock *lock, const struct cdma_site *site);
#define cdma_trylock(lock) cdma_trylock_at(lock, CDMA_HERE)

/* Give @lock back, and undo @how.  By another than its owner: `wrong_context`,
 * and it stays as it is.  Emits: RELEASE; NOTE for the finding. */
void cdma_unlock_as_at(struct cdma_lock *lock, unsigned int how,
		       const struct cdma_site *site);
#define cdma_unlock_as(lock, how) cdma_unlock_as_at(lock, how, CDMA_HERE)
void cdma_unlock_at(struct cdma_lock *lock, const struct cdma_site *site);
#define cdma_unlock(lock) cdma_unlock_at(lock, CDMA_HERE)

#endif /* CDMA_LOCK_H */
