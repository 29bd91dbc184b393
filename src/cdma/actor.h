/* SPDX-License-Identifier: MIT */
#ifndef CDMA_ACTOR_H
#define CDMA_ACTOR_H

/*
 * Actor: what executes.
 *
 * A CPU thread, an interrupt handler or a device engine.  An actor is not an
 * OS thread: it is a name under which things are done (world.h).
 *
 * What starting and joining order
 * -------------------------------
 * A CPU thread begins after all that its creator did before starting it, and
 * who joins it comes after all that it did.  The same holds for a handler,
 * which is started where the driver requests the interrupt.  A device engine
 * is not told anything by being started, and tells nothing by ending: it
 * learns by doorbells, and is heard by barriers and interrupts.  Who joins it
 * knows that it is at rest, so that memory can be freed.
 *
 * Threads: of one world, one at a time (world.h). Which one makes a call says
 * nothing: who acts is the actor that was entered.
 */

#include <cdma/site.h>
#include <cdma/types.h>

struct cdma_actor;
struct cdma_device;
struct cdma_world;

/*
 * Make an actor that has not started yet.
 *
 * @kind: CDMA_CPU, CDMA_IRQ or CDMA_SOFTIRQ; an engine is made by
 * cdma_engine_new().
 * @name: for reports; copied.
 * Owns: the world.
 */
struct cdma_actor *cdma_actor_new(struct cdma_world *world,
				  enum cdma_actor_kind kind, const char *name);

/* The main CPU thread, id 1.  It has always been running: no START. */
struct cdma_actor *cdma_world_main(const struct cdma_world *world);

/*
 * Start @actor; the acting actor is its creator and stays the acting one.
 *
 * @actor: not started yet.
 * Emits: CPU, IRQ: RELEASE by the creator, START, ACQUIRE by @actor.
 *        Engine: START.
 */
void cdma_actor_start_at(struct cdma_actor *actor,
			 const struct cdma_site *site);
#define cdma_actor_start(actor) cdma_actor_start_at(actor, CDMA_HERE)

/*
 * End @actor.  It must not do anything afterwards.
 *
 * @actor: running; the main thread does not end.
 * Emits: CPU, IRQ: RELEASE by @actor, EXIT.  Engine: EXIT.
 */
void cdma_actor_exit_at(struct cdma_actor *actor, const struct cdma_site *site);
#define cdma_actor_exit(actor) cdma_actor_exit_at(actor, CDMA_HERE)

/*
 * Wait for the end of @actor; it has ended, or the caller would have to wait.
 *
 * Emits: CPU, IRQ: ACQUIRE by the acting actor.  Engine: JOIN.
 */
void cdma_actor_join_at(struct cdma_actor *actor, const struct cdma_site *site);
#define cdma_actor_join(actor) cdma_actor_join_at(actor, CDMA_HERE)

bool cdma_actor_is_running(const struct cdma_actor *actor);
bool cdma_actor_is_done(const struct cdma_actor *actor);

/* The same for the CPU thread @actor, by a thread that kthread_stop() made wait
 * for it.  Emits: ACQUIRE, flagged CDMA_EVF_POLL. */
void cdma_actor_wait_at(struct cdma_actor *actor, const struct cdma_site *site);
#define cdma_actor_wait(actor) cdma_actor_wait_at(actor, CDMA_HERE)

/*
 * kthread_stop() and kthread_should_stop(): a bit of the thread's own is set,
 * or looked at by the thread.  Both are atomic operations that order nothing;
 * what does is the thread's end (kernel/kthread.c).
 *
 * @flags: CDMA_EVF_POLL in the condition of a wait.
 * Emits: STATE.
 */
void cdma_actor_tell_at(struct cdma_actor *actor, const struct cdma_site *site);
#define cdma_actor_tell(actor) cdma_actor_tell_at(actor, CDMA_HERE)
bool cdma_actor_told_at(struct cdma_actor *actor, uint32_t flags,
			const struct cdma_site *site);
#define cdma_actor_told(actor) cdma_actor_told_at(actor, 0, CDMA_HERE)
/* The same without a trace. */
bool cdma_actor_is_told(const struct cdma_actor *actor);

/* What its start and its end go through. */
cdma_object_id cdma_actor_object(const struct cdma_actor *actor);

cdma_actor_id cdma_actor_id_of(const struct cdma_actor *actor);
enum cdma_actor_kind cdma_actor_kind_of(const struct cdma_actor *actor);
const char *cdma_actor_name(const struct cdma_actor *actor); /* borrowed */
/* The device of an engine; NULL for the others. */
struct cdma_device *cdma_actor_device(const struct cdma_actor *actor);

/* Actors by id, for reports.  NULL when there is none of this id. */
struct cdma_actor *cdma_actor_find(const struct cdma_world *world,
				   cdma_actor_id id);

/* The CPU thread @actor is a callback of @dev's driver: it may make the calls
 * of the driver core from its start to its end. */
void cdma_actor_set_core(struct cdma_actor *actor, struct cdma_device *dev);

#endif /* CDMA_ACTOR_H */
