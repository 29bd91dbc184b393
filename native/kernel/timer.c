/* SPDX-License-Identifier: MIT */
/*
 * Timer: struct timer_list.
 *
 * mod_timer() comes before the run that follows it; one run before the next; a
 * run before what follows timer_delete_sync(), which waits for it.
 * timer_delete() waits for nobody (cdma/handler.h).  When a timer runs is a
 * choice: its time is only ever not yet.  It takes a `timer' section of the
 * scenario whose body is `return cdma_driver_run();'.
 */
#include <linux/preempt.h>
#include <linux/timer.h>

#include <cdma-native.h>
#include <cdma/driver.h>

CDMA_SERVICES;

/* timer_pending() is inline, and looks here. */
static void set_pending(struct timer_list *timer, bool is)
{
	WRITE_ONCE(timer->entry.pprev, is ? &timer->entry.next : NULL);
}

static int run(void *arg)
{
	struct timer_list *timer = arg;

	set_pending(timer, false);
	cdmasim_context_enter(SOFTIRQ_OFFSET);
	timer->function(timer);
	cdmasim_context_leave(SOFTIRQ_OFFSET);
	return 0;
}

void init_timer_key(struct timer_list *timer,
		    void (*function)(struct timer_list *), unsigned int flags,
		    const char *name, struct lock_class_key *key)
{
	timer->function = function;
	timer->flags = flags;
	set_pending(timer, false);
}

int mod_timer(struct timer_list *timer, unsigned long expires)
{
	int was;

	if (!timer->function)
		return 0;
	cdma_driver_bind(timer, CDMA_DRIVER_TIMER, NULL, run, timer);
	timer->expires = expires;
	was = !cdma_driver_arm(timer);
	set_pending(timer, true);
	return was;
}

int mod_timer_pending(struct timer_list *timer, unsigned long expires)
{
	return timer_pending(timer) ? mod_timer(timer, expires) : 0;
}

int timer_reduce(struct timer_list *timer, unsigned long expires)
{
	return mod_timer(timer, expires);
}

void add_timer(struct timer_list *timer)
{
	mod_timer(timer, timer->expires);
}

void add_timer_on(struct timer_list *timer, int cpu)
{
	mod_timer(timer, timer->expires);
}

static int end(struct timer_list *timer, unsigned int changes, bool waits)
{
	int was = cdma_driver_change(timer, changes);

	if (waits)
		cdma_driver_wait_idle(timer, CDMA_DRIVER_IDLE, 0,
				      CDMA_DRIVER_CLEAR);
	set_pending(timer, false);
	return was;
}

int timer_delete(struct timer_list *timer)
{
	return end(timer, CDMA_DRIVER_CLEAR, false);
}

/* It waits first: a run may arm the timer again. */
int timer_delete_sync(struct timer_list *timer)
{
	int was = cdma_driver_wait_idle(timer, CDMA_DRIVER_IDLE, 0,
					CDMA_DRIVER_CLEAR);

	set_pending(timer, false);
	return was;
}

int try_to_del_timer_sync(struct timer_list *timer)
{
	return timer_delete_sync(timer);
}

int timer_shutdown(struct timer_list *timer)
{
	timer->function = NULL;
	return end(timer, CDMA_DRIVER_SHUT | CDMA_DRIVER_CLEAR, false);
}

int timer_shutdown_sync(struct timer_list *timer)
{
	timer->function = NULL;
	return end(timer, CDMA_DRIVER_SHUT | CDMA_DRIVER_CLEAR, true);
}
