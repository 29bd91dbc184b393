/* SPDX-License-Identifier: MIT */
#include "model/lock.h"

#include "model/actor.h"
#include "model/handler.h"
#include "model/step.h"
#include "model/world.h"

#include <cdma/context.h>

#include <errno.h>

static struct cdma_lock *make(struct cdma_world *world, const char *name,
			      bool sleeps)
{
	struct cdma_lock *lock = cdma_world_zalloc(world, sizeof(*lock));

	lock->world = world;
	lock->id = cdma_world_object(world, cdma_world_strdup(world, name));
	lock->sleeps = sleeps;
	return lock;
}

struct cdma_lock *cdma_lock_new(struct cdma_world *world, const char *name)
{
	return make(world, name, false);
}

struct cdma_lock *cdma_mutex_new(struct cdma_world *world, const char *name)
{
	return make(world, name, true);
}

cdma_object_id cdma_lock_id(const struct cdma_lock *lock)
{
	return lock->id;
}

bool cdma_lock_is_free(const struct cdma_lock *lock)
{
	return !lock->owner;
}

struct cdma_actor *cdma_lock_owner(const struct cdma_lock *lock)
{
	return lock->owner;
}

static struct cdma_party emit(struct cdma_lock *lock, enum cdma_event_kind kind,
			      uint32_t flags, const struct cdma_site *site)
{
	struct cdma_event ev = cdma_event_new(lock->world, kind, site);

	ev.object = lock->id;
	ev.flags = flags;
	cdma_world_emit(lock->world, &ev);
	return cdma_party_of(&ev);
}

/* ---- handlers that take it ---- */

/* Handlers as bits; one that has none is not looked at. */
static uint64_t bit_of(const struct cdma_handler *h)
{
	return h && h->nr < 64 ? (uint64_t)1 << h->nr : 0;
}

/* Whether @h may stop @actor, where it is. */
static bool may_come(const struct cdma_handler *h,
		     const struct cdma_actor *actor)
{
	if (h->held || h->shut)
		return false;
	switch (cdma_handler_context(h->kind)) {
	case CDMA_IRQ:
		return actor->kind != CDMA_IRQ;
	case CDMA_SOFTIRQ:
		return actor->kind == CDMA_CPU && !actor->bhs_off;
	default:
		return false;
	}
}

static uint64_t open_to(const struct cdma_actor *actor)
{
	uint64_t open = 0;

	if (actor->irqs_off)
		return 0;
	for (const struct cdma_handler *h = actor->world->handlers; h;
	     h = h->older)
		if (may_come(h, actor))
			open |= bit_of(h);
	return open;
}

static void report(struct cdma_lock *lock, const struct cdma_lock_use *a,
		   const struct cdma_lock_use *b)
{
	const struct cdma_lock_use *taker = a->by & b->open ? a : b;
	struct cdma_finding finding = {
		.id = CDMA_FINDING_IRQ_UNSAFE_LOCK,
		.at = taker == a ? b->at : a->at,
		.against = taker->at,
	};

	cdma_found(&lock->world->sink, &finding);
}

static bool is_known(const struct cdma_lock *lock,
		     const struct cdma_lock_use *use)
{
	for (const struct cdma_lock_use *u = lock->uses; u; u = u->next)
		if (u->by == use->by && u->open == use->open &&
		    u->at.site == use->at.site)
			return true;
	return false;
}

/* It was taken.  @waits: its taker would have waited for it. */
static void note_use(struct cdma_lock *lock, bool waits, unsigned int how)
{
	const struct cdma_actor *actor = lock->owner;
	bool handles = waits && actor->kind != CDMA_CPU;
	struct cdma_lock_use *kept,
		use = {
			.by = handles ? bit_of(actor->runs) : 0,
			.open = how & CDMA_LOCK_ALONE ? 0 : open_to(actor),
			.at = lock->taken,
		};

	if ((!use.by && !use.open) || is_known(lock, &use))
		return;
	for (const struct cdma_lock_use *u = lock->uses; u; u = u->next)
		if ((u->by & use.open) || (use.by & u->open))
			report(lock, u, &use);
	kept = cdma_world_zalloc(lock->world, sizeof(*kept));
	*kept = use;
	kept->next = lock->uses;
	lock->uses = kept;
}

/* ---- taking it, and giving it back ---- */

static void take(struct cdma_lock *lock, unsigned int how, uint32_t flags,
		 const struct cdma_site *site)
{
	struct cdma_actor *actor = lock->world->actor;

	lock->owner = actor;
	lock->taken = emit(lock, CDMA_EV_ACQUIRE, flags, site);
	lock->next = actor->holds;
	actor->holds = lock;
	cdma_context_off(lock->world, how);
	if (lock->sleeps)
		return;
	actor->spins++;
	note_use(lock, !flags, how);
}

static bool lock_is_free(const void *lock)
{
	return cdma_lock_is_free(lock);
}

void cdma_lock_as_at(struct cdma_lock *lock, unsigned int how,
		     const struct cdma_site *site)
{
	cdma_step_until(lock->world, lock_is_free, lock, lock->id, site);
	CDMA_REQUIRE(!lock->owner, "the lock is held by %s", lock->owner->name);
	take(lock, how, 0, site);
}

void cdma_lock_at(struct cdma_lock *lock, const struct cdma_site *site)
{
	cdma_lock_as_at(lock, 0, site);
}

int cdma_trylock_as_at(struct cdma_lock *lock, unsigned int how,
		       const struct cdma_site *site)
{
	cdma_step(lock->world, site);
	if (lock->owner) {
		emit(lock, CDMA_EV_STATE, 0, site);
		return -EBUSY;
	}
	take(lock, how, CDMA_EVF_TRY, site);
	return 0;
}

int cdma_trylock_at(struct cdma_lock *lock, const struct cdma_site *site)
{
	return cdma_trylock_as_at(lock, 0, site);
}

static void let_go(struct cdma_lock *lock)
{
	struct cdma_lock **at = &lock->owner->holds;

	while (*at != lock)
		at = &(*at)->next;
	*at = lock->next;
	if (!lock->sleeps)
		lock->owner->spins--;
	lock->owner = NULL;
}

void cdma_unlock_as_at(struct cdma_lock *lock, unsigned int how,
		       const struct cdma_site *site)
{
	struct cdma_world *world = lock->world;

	cdma_step(world, site);
	if (lock->owner != world->actor) {
		cdma_report_note(world, CDMA_FINDING_WRONG_CONTEXT, NULL,
				 lock->owner ? &lock->taken : NULL,
				 "a lock is given back by its owner", site);
		return;
	}
	let_go(lock);
	cdma_context_on(world, how);
	emit(lock, CDMA_EV_RELEASE, 0, site);
}

void cdma_unlock_at(struct cdma_lock *lock, const struct cdma_site *site)
{
	cdma_unlock_as_at(lock, 0, site);
}
