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
 * What runs then is a handler (handler.h), whose actor is started where the
 * driver requests the interrupt.
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/site.h>
#include <cdma/types.h>

struct cdma_actor;
struct cdma_device;
struct cdma_irq;

enum cdma_irq_kind {
	CDMA_IRQ_MSI,
	CDMA_IRQ_INTX,
	CDMA_IRQ_LEVEL, /* a wire that stays as it is until it is lowered */
};

/* @name: for reports; copied.  Owns: the world. */
struct cdma_irq *cdma_irq_new(struct cdma_device *dev, enum cdma_irq_kind kind,
			      const char *name);
cdma_object_id cdma_irq_id(const struct cdma_irq *irq);

/*
 * The engine raises @irq.  When its handler is shut, as free_irq() does,
 * nothing comes of it.
 *
 * Emits: IRQ_RAISE, flagged CDMA_EVF_RELAXED for INTx.
 */
void cdma_irq_raise_at(struct cdma_irq *irq, struct cdma_actor *engine,
		       const struct cdma_site *site);
#define cdma_irq_raise(...) cdma_irq_raise_at(__VA_ARGS__, CDMA_HERE)

/*
 * The engine lowers @irq, which is a LEVEL.  As long as it is raised its
 * handler runs again when it has returned, or is let go; up to the bound of
 * what arms itself (handler.h), for a driver that does not make the device
 * lower it never comes to an end.
 *
 * Emits: STATE.
 */
void cdma_irq_lower_at(struct cdma_irq *irq, struct cdma_actor *engine,
		       const struct cdma_site *site);
#define cdma_irq_lower(...) cdma_irq_lower_at(__VA_ARGS__, CDMA_HERE)

/* Whether it is a LEVEL that is raised, and has run up to its bound: a storm.
 */
bool cdma_irq_is_storm(const struct cdma_irq *irq);

/* The handler of @irq: enter, leave, hold back, wait for it there (handler.h).
 * A raise arms it. */
struct cdma_handler *cdma_irq_handler(struct cdma_irq *irq);

/*
 * request_irq: from now on a raise is not lost.  An irq is requested when it is
 * made, unless somebody says that it is not yet.
 *
 * Emits: STATE and RELEASE by the acting actor.
 * Errors: what the plan says.
 */
int cdma_irq_request_at(struct cdma_irq *irq, const struct cdma_site *site);
#define cdma_irq_request(irq) cdma_irq_request_at(irq, CDMA_HERE)
void cdma_irq_unrequest(struct cdma_irq *irq);
/* Whether a raise comes to a handler. */
bool cdma_irq_is_requested(const struct cdma_irq *irq);

#endif /* CDMA_IRQ_H */
