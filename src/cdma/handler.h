/* SPDX-License-Identifier: MIT */
#ifndef CDMA_HANDLER_H
#define CDMA_HANDLER_H

/*
 * Handler: what runs later, because somebody asked for it.
 *
 * A timer, a work, a tasklet, a NAPI instance, the handler of an interrupt and
 * its thread are one thing with other names: it is armed, runs once for that
 * and never beside itself, can be disarmed, held back, and waited for.  What
 * tells the kinds apart is one line each of a table (handler.c).
 *
 * What is ordered
 * ---------------
 *	arming → the run that follows      mod_timer: the lock of the base;
 *	                                   queue_work: kernel/workqueue.c, "all
 *	                                   stores preceding the call … will be
 *	                                   visible"; tasklet_schedule,
 *	                                   napi_schedule: a full atomic
 *	                                   operation on the state that the run
 *	                                   takes; also when it was armed before
 *	one run → the next                 the lock of the base or of the pool,
 *	                                   TASKLET_STATE_RUN, NAPI_STATE_SCHED,
 *	                                   the lock of the interrupt
 *	a run → who has waited for its end timer_delete_sync, cancel_work_sync,
 *	                                   flush_work, tasklet_kill,
 *napi_disable, synchronize_irq, disable_irq, free_irq arming → who disarms it
 *the same lock; one that was not armed may be looked at without it, which
 *	                                   orders nothing; nor does a message
 *	                                   that nobody has handled
 *	letting go → the run that follows  enable_irq, tasklet_enable,
 *	                                   napi_enable, enable_work
 *	a NAPI poll up to where it says    after napi_complete_done() it is not
 *	that it is done → napi_disable     waited for any more
 *
 * Who only disarms has not waited: a run may be under way.
 *
 * A scheduler asks can_run() and lets an actor enter; the same actor leaves.
 *
 * Owns: the world.
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/site.h>
#include <cdma/types.h>

struct cdma_actor;
struct cdma_handler;
struct cdma_world;

/* What holding back does: an interrupt or a tasklet stays armed and runs when
 * it is let go; a work or NAPI is not armed while it is held. */
enum cdma_handler_kind {
	CDMA_HANDLER_IRQ,
	CDMA_HANDLER_THREAD, /* of an interrupt */
	CDMA_HANDLER_TIMER,
	CDMA_HANDLER_WORK,
	CDMA_HANDLER_TASKLET,
	CDMA_HANDLER_NAPI,
	CDMA_HANDLER_NR,
};

/* What the actors of this kind may do: IRQ, SOFTIRQ or CPU. */
enum cdma_actor_kind cdma_handler_context(enum cdma_handler_kind kind);

/* How often what arms itself runs, in a row that nobody else began; 0: that is
 * what a new handler has.  Later its time does not come any more, though it is
 * armed, unless somebody waits for it. */
#define CDMA_HANDLER_RUNS 3

/* @name: for reports; copied.  @runs: CDMA_HANDLER_RUNS, or another bound. */
struct cdma_handler *cdma_handler_new(struct cdma_world *world,
				      enum cdma_handler_kind kind,
				      const char *name, uint32_t runs);
cdma_object_id cdma_handler_id(const struct cdma_handler *handler);

/* ---- arming ---- */

/*
 * The acting actor arms @handler: mod_timer, queue_work, tasklet_schedule,
 * napi_schedule.
 *
 * Returns: whether it was not armed before.
 * Emits: RELEASE; STATE when it is held and cannot be armed, or shut down.
 */
bool cdma_handler_arm_at(struct cdma_handler *handler,
			 const struct cdma_site *site);
#define cdma_handler_arm(handler) cdma_handler_arm_at(handler, CDMA_HERE)

/* Whether it is armed, and has not run since. */
bool cdma_handler_is_armed(const struct cdma_handler *handler);

/* The same for a program that asks: timer_pending().  Orders nothing.
 * @flags: CDMA_EVF_POLL in the condition of a wait.  Emits: STATE. */
bool cdma_handler_armed_at(struct cdma_handler *handler, uint32_t flags,
			   const struct cdma_site *site);

/* ---- disarming, holding, waiting ---- */

/* What is done to a handler at once. */
#define CDMA_HANDLER_CLEAR (1u << 0) /* disarm it */
#define CDMA_HANDLER_HOLD  (1u << 1) /* hold it back; nests */
#define CDMA_HANDLER_LET   (1u << 2) /* let it go again */
#define CDMA_HANDLER_SHUT  (1u << 3) /* it is never armed again */
#define CDMA_HANDLER_WANT  (1u << 4) /* somebody waits for what is armed */
#define CDMA_HANDLER_CLOSE (1u << 5) /* it cannot be armed; nests */
#define CDMA_HANDLER_OPEN  (1u << 6) /* the end of that */

/*
 * The acting actor does @changes.
 *
 * Returns: whether it was armed, or ran.
 * Emits: ACQUIRE, flagged CDMA_EVF_TRY, when it is disarmed; RELEASE when it is
 * let go; else STATE.
 */
bool cdma_handler_change_at(struct cdma_handler *handler, unsigned int changes,
			    const struct cdma_site *site);
#define cdma_handler_change(handler, changes)                                  \
	cdma_handler_change_at(handler, changes, CDMA_HERE)

/* What somebody waits for. */
enum cdma_handler_wait {
	CDMA_HANDLER_IDLE, /* it does not run: timer_delete_sync */
	CDMA_HANDLER_REST, /* it is not armed either: tasklet_kill */
	CDMA_HANDLER_FREE, /* ... nor held: napi_disable */
	CDMA_HANDLER_OVER, /* what was armed by then has run: flush_work */
};

/* Armings so far, for OVER. */
uint64_t cdma_handler_armings(const struct cdma_handler *handler);

/* @upto: of OVER, the armings that there were. */
bool cdma_handler_is(const struct cdma_handler *handler,
		     enum cdma_handler_wait wait, uint64_t upto);

/* The acting actor has waited, and does @changes.  Returns: whether that has
 * disarmed it.  Emits: ACQUIRE. */
bool cdma_handler_waited_at(struct cdma_handler *handler, unsigned int changes,
			    const struct cdma_site *site);
#define cdma_handler_waited(handler, changes)                                  \
	cdma_handler_waited_at(handler, changes, CDMA_HERE)

/* ---- running ---- */

/* Whether a run can begin: it is armed, not held, and does not run. */
bool cdma_handler_can_run(const struct cdma_handler *handler);

/* @actor begins a run.  Emits: ACQUIRE by it; of an interrupt IRQ_ENTER before
 * that. */
void cdma_handler_enter_at(struct cdma_handler *handler,
			   struct cdma_actor *actor,
			   const struct cdma_site *site);
#define cdma_handler_enter(...) cdma_handler_enter_at(__VA_ARGS__, CDMA_HERE)

/* NAPI: the poll that runs has found less than its budget, and is done, unless
 * it was scheduled again meanwhile: false, and it runs again.  By another actor
 * than that of the run: `wrong_context`.  Emits: RELEASE; NOTE. */
bool cdma_handler_complete_at(struct cdma_handler *handler,
			      const struct cdma_site *site);
#define cdma_handler_complete(handler)                                         \
	cdma_handler_complete_at(handler, CDMA_HERE)

/*
 * NAPI in two halves, so that its caller can do something in between that the
 * poll must not meet: he takes it, masks the interrupt, and lets it poll.
 *
 * Returns: whether it was free.  When it was not, it polls once more, as when
 * it is armed again; held or closed, it does not.
 * Emits: RELEASE; STATE when it is held or closed.
 */
bool cdma_handler_prepare_at(struct cdma_handler *handler,
			     const struct cdma_site *site);
#define cdma_handler_prepare(handler)                                          \
	cdma_handler_prepare_at(handler, CDMA_HERE)

/* Let it poll, by who has prepared it.  When nobody has, it is
 * `wrong_context`: he puts a NAPI into a list in which it may be already.
 * Emits: RELEASE; NOTE. */
void cdma_handler_queue_at(struct cdma_handler *handler,
			   const struct cdma_site *site);
#define cdma_handler_queue(handler) cdma_handler_queue_at(handler, CDMA_HERE)

/* Whether it was prepared, and nobody has let it poll. */
bool cdma_handler_is_prepared(const struct cdma_handler *handler);

/* A NAPI poll that did this much has more to do, and runs again. */
#define CDMA_NAPI_WEIGHT 64

/* Whether it is a NAPI whose poll has ended in neither way: it stays scheduled,
 * nobody polls it again, and napi_disable() waits for ever. */
bool cdma_handler_is_forgotten(const struct cdma_handler *handler);

/*
 * The run ends.  @result: what it returned.  A NAPI poll that did less than its
 * weight and has not said that it is done is never polled again, and never done
 * (net/core/dev.c).
 *
 * Emits: RELEASE by its actor; STATE after a poll that was done before.
 */
void cdma_handler_exit_at(struct cdma_handler *handler, uint64_t result,
			  const struct cdma_site *site);
#define cdma_handler_exit(handler) cdma_handler_exit_at(handler, 0, CDMA_HERE)

/*
 * The driver is gone, and nothing of it may run any more: report `left_active`
 * for each handler that is armed, and each interrupt that was requested and not
 * freed, at where that was done last.  Nothing after cdma_world_shutdown().
 */
void cdma_handlers_finish(struct cdma_world *world);

#endif /* CDMA_HANDLER_H */
