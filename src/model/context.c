/* SPDX-License-Identifier: MIT */
#include <cdma/context.h>

#include "model/actor.h"
#include "model/lock.h"
#include "model/world.h"

bool cdma_irqs_are_off(const struct cdma_actor *actor)
{
	return actor->kind == CDMA_IRQ || actor->irqs_off;
}

/* ---- sleeping ---- */

/* The spinlock that was taken last. */
static const struct cdma_lock *spinlock_of(const struct cdma_actor *actor)
{
	const struct cdma_lock *lock = actor->holds;

	while (lock && lock->sleeps)
		lock = lock->next;
	return lock;
}

/* Why @actor must not sleep; NULL: it may. */
static const char *why_atomic(const struct cdma_actor *actor)
{
	if (actor->kind == CDMA_IRQ)
		return "it is in the handler of an interrupt";
	if (actor->kind == CDMA_SOFTIRQ)
		return "it is in a softirq: a timer, a tasklet or NAPI";
	if (actor->spins)
		return "it holds a spinlock";
	if (actor->irqs_off)
		return "interrupts are off";
	if (actor->bhs_off)
		return "softirqs are off";
	if (actor->sections)
		return "it is between rcu_read_lock() and rcu_read_unlock()";
	return NULL;
}

void cdma_might_sleep_at(struct cdma_world *world, const struct cdma_site *site)
{
	const struct cdma_actor *actor = world->actor;
	const char *why = why_atomic(actor);
	const struct cdma_lock *lock;

	if (!why)
		return;
	lock = actor->kind == CDMA_CPU ? spinlock_of(actor) : NULL;
	cdma_report_note(world, CDMA_FINDING_ATOMIC_SLEEP, NULL,
			 lock ? &lock->taken : NULL, why, site);
}

/* ---- interrupts and softirqs of the own CPU ---- */

void cdma_context_off(struct cdma_world *world, unsigned int how)
{
	world->actor->irqs_off += (how & CDMA_LOCK_IRQ) != 0;
	world->actor->bhs_off += (how & CDMA_LOCK_BH) != 0;
}

void cdma_context_on(struct cdma_world *world, unsigned int how)
{
	struct cdma_actor *actor = world->actor;

	if (how & CDMA_LOCK_IRQ && actor->irqs_off)
		actor->irqs_off--;
	if (how & CDMA_LOCK_BH && actor->bhs_off)
		actor->bhs_off--;
}

/* ---- the end ---- */

static void still(struct cdma_world *world, const struct cdma_party *since,
		  const char *what, const struct cdma_site *site)
{
	cdma_report_note(world, CDMA_FINDING_LOCK_HELD, NULL, since, what,
			 site);
}

void cdma_context_end_at(struct cdma_world *world, const struct cdma_site *site)
{
	struct cdma_actor *actor = world->actor;

	for (const struct cdma_lock *lock = actor->holds; lock;
	     lock = lock->next)
		still(world, &lock->taken, NULL, site);
	if (!actor->holds && actor->irqs_off)
		still(world, NULL, "interrupts are still off", site);
	if (!actor->holds && actor->bhs_off)
		still(world, NULL, "softirqs are still off", site);
	if (actor->sections)
		still(world, NULL, "rcu_read_unlock() was not called", site);
	actor->irqs_off = actor->bhs_off = 0;
}
