/* SPDX-License-Identifier: MIT */
#ifndef CDMA_LATE_H
#define CDMA_LATE_H

/*
 * Late: what a broken device does at another time than it should.
 *
 * The rules of a plan (fault.h) that put something off leave it with its
 * device, and a scheduler lets it happen: at any time while it is due.  It is
 * then as if the device's engine did it at that time, so that what it orders
 * is what such a device would order.  What the device does not come to, for it
 * is gone or may not use the bus any more, is lost.
 *
 *	if (cdma_late_is_due(dev, rule))
 *		cdma_late_do(dev, rule);
 *
 * @rule: number of a rule of the plan, from 1.
 *
 * Threads: of one world, one at a time (world.h).
 */

#include <cdma/site.h>

#include <stdbool.h>
#include <stddef.h>

struct cdma_actor;
struct cdma_device;
struct cdma_irq;

/* Whether something that @rule put off can happen now.  What is torn can at
 * once, what is reordered once its engine has made the next write.  What had
 * to happen before another write has, and is still due: nothing comes of it. */
bool cdma_late_is_due(const struct cdma_device *dev, size_t rule);

/* The oldest of it happens.  Emits: as what it is, by its engine. */
void cdma_late_do(struct cdma_device *dev, size_t rule);

/*
 * An interrupt that the device has no reason for; @rule says so.
 *
 * @by: a running engine of the device, or of who shares its line.
 * Emits: FAULT, IRQ_RAISE.
 */
void cdma_irq_spurious_at(struct cdma_irq *irq, struct cdma_actor *by,
			  size_t rule, const struct cdma_site *site);
#define cdma_irq_spurious(...) cdma_irq_spurious_at(__VA_ARGS__, CDMA_HERE)

/*
 * The device is pulled out; @rule says so, or 0.
 *
 * From now on its registers read all ones and take nothing, its engines reach
 * no memory, and it raises no interrupt.  Its driver is still bound.
 *
 * Emits: FAULT, by the acting actor.
 */
void cdma_device_remove_at(struct cdma_device *dev, size_t rule,
			   const struct cdma_site *site);
#define cdma_device_remove(...) cdma_device_remove_at(__VA_ARGS__, CDMA_HERE)
bool cdma_device_is_gone(const struct cdma_device *dev);

/* Whether a CPU's next read of @size bytes at @offset of its registers, in the
 * condition of a wait, gives all ones. */
bool cdma_device_reads_ones(const struct cdma_device *dev, size_t offset,
			    size_t size);

#endif /* CDMA_LATE_H */
