/* SPDX-License-Identifier: MIT */
#ifndef CDMA_MODEL_LATE_H
#define CDMA_MODEL_LATE_H

/* Late: what a broken device does to accesses and interrupts, and what it has
 * put off. */

#include <cdma/bulk.h>
#include <cdma/irq.h>
#include <cdma/late.h>

/*
 * Ask the plan about @op, of which no piece is made: a write of an engine, or
 * an access of a CPU to registers.  It may be over then, without an event but
 * that of the fault.
 */
void cdma_late_access(struct cdma_bulk *op, const struct cdma_site *site);

/* The same of an interrupt that @engine raises.  Whether it is raised. */
bool cdma_late_raise(struct cdma_irq *irq, struct cdma_actor *engine,
		     const struct cdma_site *site);

/* irq.c: raise it, whoever says so; @engine may have ended. */
void cdma_irq_raised(struct cdma_irq *irq, struct cdma_actor *engine,
		     const struct cdma_site *site);
const char *cdma_irq_name(const struct cdma_irq *irq);
struct cdma_device *cdma_irq_device(const struct cdma_irq *irq);

#endif /* CDMA_MODEL_LATE_H */
