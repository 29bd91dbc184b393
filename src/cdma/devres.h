/* SPDX-License-Identifier: MIT */
#ifndef CDMA_DEVRES_H
#define CDMA_DEVRES_H

/*
 * Devres: a resource of a device, which does not outlive its binding.
 *
 * Devres of the kernel's Rust: a revocable (revocable.h) that the driver core
 * revokes when the device is unbound, newest first.  The driver may drop it
 * before: whichever comes first drops the data, once.
 *
 *	access with a bound device   no RCU: a device that is bound has its
 *	                             resources.  Of another one: -EINVAL
 *(BIND-6) try_access                   under a guard, as of any revocable
 *	unbind                       revokes: waits for guards
 *	free                         revokes without waiting: it has the only
 *	                             reference, so nobody has a guard (REV-3)
 *
 * Two at once
 * -----------
 * The driver core and a free may meet.  One of them drops the data; the other
 * waits until it has been dropped, by a completion.  In 7.1 or so, before the
 * fix of June 2026, it did not, and what it went on to free was still in use by
 * the drop (rule REV-4): config.devres_returns has that.
 *
 * Order at unbind
 * ---------------
 * remove(), the driver's own data, resources, mappings.  Until 2026 the
 * resources came before the data, whose destructor then met what was gone:
 * config.devres_first.
 *
 * Threads, owns: as of a revocable.
 */

#include <cdma/revocable.h>

struct cdma_device;
struct cdma_devres;

/*
 * Make a resource of @dev.
 *
 * @data, @drop: as of a revocable.
 * @name: for reports; copied.
 * @out:  set when it is made.
 *
 * Errors: -ENODEV  @dev is not bound (`unbound_alloc').
 *         -ENOMEM  a fault was planned at "kmalloc".
 * Nothing is dropped then: the caller still has @data.
 * Emits: STATE.
 */
int cdma_devres_new_at(struct cdma_device *dev, void *data,
		       void (*drop)(void *data), const char *name,
		       struct cdma_devres **out, const struct cdma_site *site);
#define cdma_devres_new(...) cdma_devres_new_at(__VA_ARGS__, CDMA_HERE)

/* The same with nobody to free it: it goes with the binding. */
int cdma_devres_register_at(struct cdma_device *dev, void *data,
			    void (*drop)(void *data), const char *name,
			    const struct cdma_site *site);
#define cdma_devres_register(...)                                              \
	cdma_devres_register_at(__VA_ARGS__, CDMA_HERE)

/* In two steps, for a program that knows its resources from the start.  An add
 * that fails leaves it as it was. */
struct cdma_devres *cdma_devres_make(struct cdma_device *dev, const char *name);
int cdma_devres_add_at(struct cdma_devres *d, void *data,
		       void (*drop)(void *data), const struct cdma_site *site);
#define cdma_devres_add(...) cdma_devres_add_at(__VA_ARGS__, CDMA_HERE)

struct cdma_revocable *cdma_devres_revocable(struct cdma_devres *d);

/* Whether it is among the resources of its device. */
bool cdma_devres_is_added(const struct cdma_devres *d);

/*
 * What it holds, for who knows that @dev is bound.
 *
 * Errors: -EINVAL  it is a resource of another device; *@out is as it was.
 * Findings: revoked_access, when it is.
 * Emits: STATE.
 */
int cdma_devres_access_at(struct cdma_devres *d, const struct cdma_device *dev,
			  void **out, const struct cdma_site *site);
#define cdma_devres_access(...) cdma_devres_access_at(__VA_ARGS__, CDMA_HERE)

struct cdma_guard *cdma_devres_try_access_at(struct cdma_devres *d,
					     const struct cdma_site *site);
#define cdma_devres_try_access(d) cdma_devres_try_access_at(d, CDMA_HERE)

/*
 * Drop it now, or wait until that has been done.  *@d becomes NULL; NULL is
 * ignored.
 *
 * Findings: revoke_in_use, atomic_sleep where it waits.
 * Emits: STATE, RELEASE; or STATE, ACQUIRE.
 */
void cdma_devres_free_at(struct cdma_devres **d, const struct cdma_site *site);
#define cdma_devres_free(d) cdma_devres_free_at(d, CDMA_HERE)

/* devres_release_all(): revoke what @dev has, the newest first.  Part of
 * cdma_device_unbind().  Emits: as revoke, for each. */
void cdma_devres_release_all_at(struct cdma_device *dev,
				const struct cdma_site *site);
#define cdma_devres_release_all(dev) cdma_devres_release_all_at(dev, CDMA_HERE)

/*
 * In parts, for a program whose drops are no C functions.
 *
 * take: the newest of @dev is not among its resources any more, and revoked,
 *       with a grace period begun, when *@won.  NULL: there is none left.
 *       Emits: STATE, and as cdma_revoke_begin().
 * quit: the same of @d for a free, which does not wait for guards.
 * done: the drop is over.  Emits: RELEASE.
 * wait: until it is, which somebody else does.  Emits: ACQUIRE.
 */
struct cdma_devres *cdma_devres_take_at(struct cdma_device *dev, bool *won,
					const struct cdma_site *site);
#define cdma_devres_take(...) cdma_devres_take_at(__VA_ARGS__, CDMA_HERE)
bool cdma_devres_quit_at(struct cdma_devres *d, const struct cdma_site *site);
void cdma_devres_done_at(struct cdma_devres *d, const struct cdma_site *site);
#define cdma_devres_quit(d) cdma_devres_quit_at(d, CDMA_HERE)
#define cdma_devres_done(d) cdma_devres_done_at(d, CDMA_HERE)
bool cdma_devres_is_done(const struct cdma_devres *d);
void cdma_devres_wait_at(struct cdma_devres *d, const struct cdma_site *site);
#define cdma_devres_wait(d) cdma_devres_wait_at(d, CDMA_HERE)

#endif /* CDMA_DEVRES_H */
