/* SPDX-License-Identifier: MIT */
#ifndef CDMA_REVOCABLE_H
#define CDMA_REVOCABLE_H

/*
 * Revocable: something that can be taken away while others use it.
 *
 * Revocable of the kernel's Rust: data, and whether it is still available.  Who
 * wants to use it asks for a guard; as long as he has it, the data is there.
 * Who revokes it lets nobody in any more, waits for the guards that there are,
 * and drops the data.
 *
 * What is ordered
 * ---------------
 * A guard is a read-side section of RCU (rcu.h), and to revoke is a grace
 * period: all that was done under a guard comes before the drop.  The flag
 * itself is read and exchanged without any order (Ordering::Relaxed), so who
 * finds it revoked knows nothing of what the revoker has done, and who loses
 * the race to revoke does not know whether the data is dropped: it may be about
 * to be (rule REV-4).  Two who revoke need something else between them.
 *
 * A grace period waits for all sections that had begun, guards of others and
 * plain rcu_read_lock() included, and for those of the revoker itself: that one
 * waits for ever.
 *
 * Findings
 * --------
 *	revoked_access    a guard that was put, or access() when it is revoked
 *	revoke_in_use     revoke_nosync() or the end of it, with a guard out
 *	atomic_sleep      revoke() under a guard, or where nobody sleeps
 *
 * Threads: as all of a world; in `run --threads' a revoker waits as here.
 * Owns: all of them belong to the world.
 */

#include <cdma/finding.h>
#include <cdma/site.h>
#include <cdma/types.h>

struct cdma_guard;
struct cdma_revocable;
struct cdma_world;

/*
 * Make one that is available.
 *
 * @data: borrowed; what a guard gives.
 * @drop: called once with @data, by whoever revokes; NULL: nothing to do.
 * @name: for reports; copied.
 */
struct cdma_revocable *cdma_revocable_new(struct cdma_world *world, void *data,
					  void (*drop)(void *data),
					  const char *name);

/* The same in two steps, when what it holds comes later: it is as revoked until
 * it is set, which nobody else may do or see at the time.  Emits: STATE. */
struct cdma_revocable *cdma_revocable_make(struct cdma_world *world,
					   const char *name);
void cdma_revocable_set_at(struct cdma_revocable *r, void *data,
			   void (*drop)(void *data),
			   const struct cdma_site *site);
#define cdma_revocable_set(...) cdma_revocable_set_at(__VA_ARGS__, CDMA_HERE)

cdma_object_id cdma_revocable_id(const struct cdma_revocable *r);

/*
 * Begin to use it: rcu_read_lock(), and a look at the flag.
 *
 * Returns: a guard, to be put by the same actor; NULL when it is revoked, and
 * the section is over then.
 * Emits: SECTION_BEGIN (unless it is in one), STATE; SECTION_END.
 */
struct cdma_guard *cdma_revocable_try_access_at(struct cdma_revocable *r,
						const struct cdma_site *site);
#define cdma_revocable_try_access(r) cdma_revocable_try_access_at(r, CDMA_HERE)

/* What it holds.  A guard that was put: `revoked_access', and the same. */
void *cdma_guard_data_at(struct cdma_guard *guard,
			 const struct cdma_site *site);
#define cdma_guard_data(guard) cdma_guard_data_at(guard, CDMA_HERE)

/* The end of it.  *@guard becomes NULL; NULL is ignored.
 * Emits: STATE, SECTION_END. */
void cdma_guard_put_at(struct cdma_guard **guard, const struct cdma_site *site);
#define cdma_guard_put(guard) cdma_guard_put_at(guard, CDMA_HERE)

/* The newest guard of the acting actor; NULL: it has none. */
struct cdma_guard *cdma_revocable_guard(const struct cdma_revocable *r);

/*
 * access(): without a guard.  The caller knows that it is not revoked, and will
 * not be while it uses what it gets (rule REV-2).
 *
 * Findings: revoked_access, when it is.
 * Emits: STATE.
 */
void *cdma_revocable_access_at(struct cdma_revocable *r,
			       const struct cdma_site *site);
#define cdma_revocable_access(r) cdma_revocable_access_at(r, CDMA_HERE)

/*
 * Take it away: nobody gets a guard any more; wait for those that there are;
 * drop the data.
 *
 * Returns: true when this call did so; false, at once, when it was revoked
 * already, or is being.
 * Findings: atomic_sleep.
 * Emits: STATE, then BARRIER, GRACE_BEGIN, GRACE_END, BARRIER.
 */
bool cdma_revocable_revoke_at(struct cdma_revocable *r,
			      const struct cdma_site *site);
#define cdma_revocable_revoke(r) cdma_revocable_revoke_at(r, CDMA_HERE)

/*
 * The same without waiting: the caller knows that there are no guards.
 *
 * Findings: revoke_in_use, when there is one, at this call against where the
 * oldest was taken (rule REV-3).
 */
bool cdma_revocable_revoke_nosync_at(struct cdma_revocable *r,
				     const struct cdma_site *site);
#define cdma_revocable_revoke_nosync(r)                                        \
	cdma_revocable_revoke_nosync_at(r, CDMA_HERE)

/*
 * The first half of both, for a program whose drop is no C function: whether it
 * was available.  With @sync, if so, cdma_grace_end() stands between this and
 * the drop.
 */
bool cdma_revoke_begin_at(struct cdma_revocable *r, bool sync,
			  const struct cdma_site *site);
#define cdma_revoke_begin(...) cdma_revoke_begin_at(__VA_ARGS__, CDMA_HERE)

/* Where it was revoked; an event of no number when it never was. */
struct cdma_party cdma_revocable_revoked(const struct cdma_revocable *r);
bool cdma_revocable_is_available(const struct cdma_revocable *r);

/* The end of it: what is still available is dropped.  *@r becomes NULL; NULL is
 * ignored.  Findings: revoke_in_use. */
void cdma_revocable_free_at(struct cdma_revocable **r,
			    const struct cdma_site *site);
#define cdma_revocable_free(r) cdma_revocable_free_at(r, CDMA_HERE)

#endif /* CDMA_REVOCABLE_H */
