/* SPDX-License-Identifier: MIT */
#include <cdma/driver.h>

#include <cdma/coherent.h>
#include <cdma/context.h>
#include <cdma/lock.h>
#include <cdma/pool.h>
#include <cdma/sync.h>

#include "native/hooks.h"
#include "native/keys.h"
#include "native/state.h"
#include "native/window.h"

/*
 * Services: locks, completions, wait queues and pools, by address.
 */

/* What a call gives that comes from no read. */
static void from_nothing(void)
{
	__cdma_result_dep = 0;
}

/* ---- locks ---- */

static struct cdma_lock *lock_make(const void *key, unsigned int how,
				   const char *name)
{
	struct native_key *k = native_key_make(key, KEY_LOCK);

	k->object = how & CDMA_DRIVER_MUTEX ? cdma_mutex_new(native.world, name)
					    : cdma_lock_new(native.world, name);
	return k->object;
}

static struct cdma_lock *lock_of(const void *key, unsigned int how)
{
	const struct native_key *k = native_key_find(key, KEY_LOCK);

	return k ? k->object
		 : lock_make(key, how,
			     how & CDMA_DRIVER_MUTEX ? "mutex" : "lock");
}

static unsigned int how_of(unsigned int how)
{
	return (how & CDMA_DRIVER_IRQ ? CDMA_LOCK_IRQ : 0) |
	       (how & CDMA_DRIVER_BH ? CDMA_LOCK_BH : 0);
}

void cdma_driver_lock_init(const void *key, unsigned int how, const char *name)
{
	lock_make(key, how, name ? name : "lock");
}

void cdma_driver_lock(const void *key, unsigned int how)
{
	if (how & CDMA_DRIVER_MUTEX)
		cdma_might_sleep_at(native.world, native_here());
	cdma_lock_as_at(lock_of(key, how), how_of(how), native_here());
}

int cdma_driver_trylock(const void *key, unsigned int how)
{
	bool taken = !cdma_trylock_as_at(lock_of(key, how), how_of(how),
					 native_here());

	from_nothing();
	return taken;
}

void cdma_driver_unlock(const void *key, unsigned int how)
{
	cdma_unlock_as_at(lock_of(key, how), how_of(how), native_here());
}

int cdma_driver_is_locked(const void *key)
{
	from_nothing();
	return !cdma_lock_is_free(lock_of(key, 0));
}

/* ---- completions ---- */

static struct cdma_completion *completion_make(const void *key,
					       const char *name)
{
	struct native_key *k = native_key_make(key, KEY_COMPLETION);

	k->object = cdma_completion_new(native.world, name);
	return k->object;
}

static struct cdma_completion *completion_of(const void *key)
{
	const struct native_key *k = native_key_find(key, KEY_COMPLETION);

	return k ? k->object : completion_make(key, "completion");
}

void cdma_driver_completion_init(const void *key, const char *name)
{
	completion_make(key, name ? name : "completion");
}

void cdma_driver_completion_reinit(const void *key)
{
	cdma_completion_reinit_at(completion_of(key), native_here());
}

void cdma_driver_complete(const void *key, int all)
{
	if (all)
		cdma_complete_all_at(completion_of(key), native_here());
	else
		cdma_complete_at(completion_of(key), native_here());
}

static bool is_done(const void *done)
{
	return cdma_completion_is_done(done);
}

int cdma_driver_wait_done(const void *key, int timeout)
{
	struct cdma_completion *done = completion_of(key);
	const struct cdma_site *site = native_here();
	bool in_time = true;

	cdma_might_sleep_at(native.world, site);
	if (timeout) {
		in_time = native_announce_until_or_never(
			is_done, done, cdma_completion_id(done), site);
		native.is_within = true;
	}
	if (in_time)
		cdma_wait_for_completion_at(done, site);
	else
		cdma_completion_timed_out_at(done, site);
	native.is_within = false;
	from_nothing();
	return in_time;
}

int cdma_driver_try_wait_done(const void *key)
{
	bool done = cdma_try_wait_for_completion_at(completion_of(key),
						    native_here());

	from_nothing();
	return done;
}

int cdma_driver_is_done(const void *key)
{
	bool done =
		cdma_completion_done_at(completion_of(key), 0, native_here());

	from_nothing();
	return done;
}

/* ---- wait queues ---- */

static struct native_key *waitqueue_of(const void *key)
{
	struct native_key *k = native_key_find(key, KEY_WAITQUEUE);

	if (!k) {
		k = native_key_make(key, KEY_WAITQUEUE);
		k->object = cdma_waitqueue_new(native.world, "waitqueue");
	}
	return k;
}

void cdma_driver_wake_up(const void *key)
{
	cdma_wake_up_at(waitqueue_of(key)->object, native_here());
}

/* Who sleeps is the only one of its task: what it had seen is kept there. */
void cdma_driver_prepare_wait(const void *key)
{
	struct cdma_waitqueue *wq = waitqueue_of(key)->object;

	cdma_wait_look_at(wq, 0, native_here());
	native.running->wakes = cdma_waitqueue_wakes(wq);
}

static bool was_woken(const void *arg)
{
	const struct native_task *t = arg;

	return cdma_waitqueue_wakes(t->wq) > t->wakes;
}

int cdma_driver_sleep(const void *key, int timeout)
{
	struct native_task *t = native.running;
	struct cdma_waitqueue *wq = waitqueue_of(key)->object;
	const struct cdma_site *site = native_here();
	bool woken = true;

	cdma_might_sleep_at(native.world, site);
	t->wq = wq;
	if (timeout)
		woken = native_announce_until_or_never(
			was_woken, t, cdma_waitqueue_id(wq), site);
	else
		native_announce_until(was_woken, t, cdma_waitqueue_id(wq),
				      site);
	native.is_within = true;
	cdma_wait_look_at(wq, CDMA_EVF_POLL, site);
	native.is_within = false;
	from_nothing();
	return woken;
}

/* ---- pools ---- */

static struct cdma_pool *pool_of(const void *key)
{
	const struct native_key *k = native_key_find(key, KEY_POOL);

	if (!k)
		native_panic("this is no DMA pool", native_here());
	return k->object;
}

int cdma_driver_pool_new(const void *key, struct cdma_device *dev,
			 const char *name, unsigned long size,
			 unsigned long align, unsigned long boundary)
{
	const struct cdma_site *site = native_here();
	struct cdma_pool *pool;

	from_nothing();
	cdma_set_name(native.world, name);
	pool = cdma_pool_create_at(dev, size, align, boundary, site);
	if (!pool)
		return -1;
	native_key_make(key, KEY_POOL)->object = pool;
	return 0;
}

void cdma_driver_pool_destroy(const void *key)
{
	cdma_pool_destroy_at(pool_of(key), native_here());
}

void *cdma_driver_pool_alloc(const void *key, unsigned int how,
			     cdma_driver_u64 *addr)
{
	const struct cdma_site *site = native_here();
	cdma_gfp_t gfp =
		how & CDMA_DRIVER_ATOMIC ? CDMA_GFP_ATOMIC : CDMA_GFP_KERNEL;
	struct cdma_coherent *block;
	struct native_window *w;

	if (how & CDMA_DRIVER_ZERO)
		gfp |= CDMA_GFP_ZERO;
	if (cdma_pool_alloc_at(pool_of(key), gfp, &block, site))
		return NULL;
	w = native_window_open(cdma_coherent_view(block), block, false);
	if (!w)
		native_wrong("256 MiB of DMA memory are used up", site);
	__cdma_st(addr, sizeof(*addr) | CDMA_HOOK_PLAIN, site, 0,
		  cdma_coherent_dma_handle(block), 0);
	from_nothing();
	return w->at;
}

void cdma_driver_pool_free(const void *key, void *at, cdma_driver_u64 addr)
{
	const struct cdma_site *site = native_here();
	const struct native_window *w =
		native_is_window(at) ? native_window_at(at) : NULL;
	struct cdma_coherent *block;

	(void)addr;
	if (!w || w->at != at || w->is_registers)
		native_panic("it frees DMA memory that was never allocated",
			     site);
	block = w->owner;
	cdma_pool_free_at(pool_of(key), &block, site);
}
