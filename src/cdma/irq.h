/* SPDX-License-Identifier: MIT */
#ifndef CDMA_IRQ_H
#define CDMA_IRQ_H

/*
 * Irq: how a device calls.
 *
 * A message-signalled interrupt (MSI) is a DMA write, and stays behind the
 * ordered ones that its device made before: the handler comes after them.  A
 * wired one (INTx) is ordered with nothing, and a read of a register must
 * follow (R93).  Raising again while a raise is pending merges with it.
 *
 * A scheduler asks is_pending() and lets a handler enter.  A handler is an
 * actor of kind CDMA_IRQ, started where the driver requests the interrupt; it
 * enters and leaves as often as the interrupt comes, one at a time.
 */

#include <cdma/site.h>
#include <cdma/types.h>

struct cdma_actor;
struct cdma_device;
struct cdma_irq;

enum cdma_irq_kind {
	CDMA_IRQ_MSI,
	CDMA_IRQ_INTX,
};

/* @name: for reports; copied.  Owns: the world. */
struct cdma_irq *cdma_irq_new(struct cdma_device *dev, enum cdma_irq_kind kind,
			      const char *name);
cdma_object_id cdma_irq_id(const struct cdma_irq *irq);

/*
 * The engine raises @irq.  After cdma_irq_free() nothing comes of it.
 *
 * Emits: IRQ_RAISE, flagged CDMA_EVF_RELAXED for INTx.
 */
void cdma_irq_raise_at(struct cdma_irq *irq, struct cdma_actor *engine,
		       const struct cdma_site *site);
#define cdma_irq_raise(...) cdma_irq_raise_at(__VA_ARGS__, CDMA_HERE)

/* Whether a handler can enter: it is pending, enabled and nobody handles it. */
bool cdma_irq_is_pending(const struct cdma_irq *irq);
/* Whether a handler has entered and not left. */
bool cdma_irq_is_running(const struct cdma_irq *irq);

/*
 * @handler starts to handle @irq, which is pending.
 *
 * Emits: IRQ_ENTER by @handler; ACQUIRE, after the handler that ran before.
 */
void cdma_irq_enter_at(struct cdma_irq *irq, struct cdma_actor *handler,
		       const struct cdma_site *site);
#define cdma_irq_enter(...) cdma_irq_enter_at(__VA_ARGS__, CDMA_HERE)

/* The handler of @irq returns.  Emits: RELEASE by it. */
void cdma_irq_exit_at(struct cdma_irq *irq, const struct cdma_site *site);
#define cdma_irq_exit(irq) cdma_irq_exit_at(irq, CDMA_HERE)

/*
 * disable_irq_nosync and enable_irq: a raise stays pending in between.  A
 * handler that starts later comes after who enabled it.
 *
 * Emits: enable: RELEASE by the acting actor.
 */
void cdma_irq_disable(struct cdma_irq *irq);
void cdma_irq_enable_at(struct cdma_irq *irq, const struct cdma_site *site);
#define cdma_irq_enable(irq) cdma_irq_enable_at(irq, CDMA_HERE)

/*
 * synchronize_irq: wait until no handler runs; none does, or the caller would
 * have to wait.  free_irq: the same, and no handler will run again.
 *
 * Emits: ACQUIRE by the acting actor.
 */
void cdma_irq_sync_at(struct cdma_irq *irq, const struct cdma_site *site);
#define cdma_irq_sync(irq) cdma_irq_sync_at(irq, CDMA_HERE)
void cdma_irq_free_at(struct cdma_irq *irq, const struct cdma_site *site);
#define cdma_irq_free(irq) cdma_irq_free_at(irq, CDMA_HERE)

#endif /* CDMA_IRQ_H */
