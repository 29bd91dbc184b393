/* SPDX-License-Identifier: MIT */
#ifndef CDMA_CONTEXT_H
#define CDMA_CONTEXT_H

/*
 * Context: what an actor may do where it is.
 *
 * Nobody sleeps in the handler of an interrupt, in a softirq (a timer, a
 * tasklet, NAPI), while he holds a spinlock, with interrupts or softirqs off,
 * or in a read-side section of RCU.  The kernel says so where it is built with
 * CONFIG_DEBUG_ATOMIC_SLEEP, and then only if it comes there.
 *
 * All of it is state of the acting actor alone, so that it is found in every
 * schedule or in none.
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/site.h>
#include <cdma/types.h>

struct cdma_actor;
struct cdma_world;

/* might_sleep(): the acting actor calls what may sleep.
 * Findings: atomic_sleep.  Emits: NOTE for the finding. */
void cdma_might_sleep_at(struct cdma_world *world,
			 const struct cdma_site *site);
#define cdma_might_sleep(world) cdma_might_sleep_at(world, CDMA_HERE)

/* local_irq_disable(), local_bh_disable() and their ends, which nest: @how is
 * CDMA_LOCK_IRQ or CDMA_LOCK_BH. */
void cdma_context_off(struct cdma_world *world, unsigned int how);
void cdma_context_on(struct cdma_world *world, unsigned int how);

/* Whether interrupts are off where @actor is. */
bool cdma_irqs_are_off(const struct cdma_actor *actor);

/* The acting actor returns from where it began: a thread from its function, a
 * handler to whoever it stopped.
 * Findings: lock_held, for each lock that it holds, and when interrupts or
 * softirqs are still off, or a section of RCU is open.  Emits: NOTE for them.
 */
void cdma_context_end_at(struct cdma_world *world,
			 const struct cdma_site *site);
#define cdma_context_end(world) cdma_context_end_at(world, CDMA_HERE)

#endif /* CDMA_CONTEXT_H */
