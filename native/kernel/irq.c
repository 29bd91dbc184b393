/* SPDX-License-Identifier: MIT */
/*
 * Irq: request_irq() and its kin.
 *
 * A message-signalled interrupt comes after the DMA writes that its device made
 * before; a wired one after none (cdma/irq.h).  One run of a handler comes
 * before the next; free_irq(), disable_irq() and synchronize_irq() wait for a
 * run, and what it did comes before what follows them; disable_irq_nosync()
 * waits for nobody.
 */
#include <linux/interrupt.h>
#include <linux/preempt.h>

#include <cdma-native.h>
#include <cdma/driver.h>

CDMA_SERVICES;

/* What an irq is bound to. */
struct action {
	struct action *next;
	unsigned int irq;
	irq_handler_t handler, thread;
	void *dev;
};

static struct action *actions;

static int handle(int irq, void *arg)
{
	const struct action *a = arg;
	int done = IRQ_WAKE_THREAD;

	if (a->handler) {
		cdmasim_context_enter(HARDIRQ_OFFSET);
		done = a->handler(irq, a->dev);
		cdmasim_context_leave(HARDIRQ_OFFSET);
	}
	return done;
}

static int handle_in_thread(int irq, void *arg)
{
	const struct action *a = arg;

	return a->thread(irq, a->dev);
}

static struct action *find(unsigned int irq, void *dev)
{
	for (struct action *a = actions; a; a = a->next)
		if (a->irq == irq && a->dev == dev)
			return a;
	return NULL;
}

int request_threaded_irq(unsigned int irq, irq_handler_t handler,
			 irq_handler_t thread, unsigned long flags,
			 const char *name, void *dev)
{
	struct action *a = find(irq, dev);

	cdma_driver_may_sleep();
	if (!a) {
		a = cdma_driver_keep(sizeof(*a));
		a->next = actions;
		actions = a;
	}
	*a = (struct action){a->next, irq, handler, thread, dev};
	return cdma_driver_request_irq(
		irq, handle, thread ? handle_in_thread : NULL, a, name);
}

const void *free_irq(unsigned int irq, void *dev)
{
	cdma_driver_free_irq(irq, find(irq, dev));
	return NULL;
}

struct managed {
	unsigned int irq;
	void *dev;
};

static void release(void *arg)
{
	const struct managed *m = arg;

	free_irq(m->irq, m->dev);
}

int devm_request_threaded_irq(struct device *dev, unsigned int irq,
			      irq_handler_t handler, irq_handler_t thread,
			      unsigned long flags, const char *name, void *id)
{
	int err = request_threaded_irq(irq, handler, thread, flags, name, id);
	struct managed *m;

	if (err)
		return err;
	m = cdma_driver_keep(sizeof(*m));
	*m = (struct managed){irq, id};
	cdmasim_devres_add(dev, release, m);
	return 0;
}

void disable_irq(unsigned int irq)
{
	cdma_driver_disable_irq(irq, 1);
}

void disable_irq_nosync(unsigned int irq)
{
	cdma_driver_disable_irq(irq, 0);
}

void enable_irq(unsigned int irq)
{
	cdma_driver_enable_irq(irq);
}

void synchronize_irq(unsigned int irq)
{
	cdma_driver_sync_irq(irq);
}

int __irq_apply_affinity_hint(unsigned int irq, const struct cpumask *mask,
			      bool set)
{
	return 0;
}
